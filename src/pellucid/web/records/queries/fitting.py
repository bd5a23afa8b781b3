"""Whether a visit fits one client: their newest answers, papers and overrides, and their other visits, read once.

What decides is in ``plan.fit``. A consultation fits anybody who isn't archived; for everything else there have to be
answers that were handed in, that don't contradict each other and that still count.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level, Status
from pellucid.model.slot import Visit
from pellucid.plan.fit import Beside, Fit, Suiting, Why
from pellucid.web.records.models import Appointment, Client, Consultation, Part, Review
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.queries.ages import is_under_age
from pellucid.web.records.queries.calendar import level_of, visit_of
from pellucid.web.records.queries.consultations import knowledge_for, ours
from pellucid.web.records.queries.today import newest
from pellucid.web.records.questionnaire import Answers, Standing, flat, fresh, nested
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import CONSULTATION, Service

__all__ = ["ASKED_AGAIN", "Beside", "Fit", "Fitting", "fit_of", "visit_of"]

BORN, AGE = "person.birth_date", "person.age"

ASKED_AGAIN = timedelta(days=7)
"""So long before a visit that is booked, answers are asked again that will be too old on its day. Until then they
count as they were given: the answers that grow old fastest last as long."""


class Fitting:
    """One client, with what is known of them read when it is first needed: nine queries, however much is asked."""

    def __init__(
        self,
        client: Client,
        *,
        now: datetime,
        but: Appointment | None = None,
        beside: Sequence[Visit] = (),
        booked_on: date | None = None,
    ) -> None:
        """Take who it is.

        Args:
            client: whose visits.
            now: when this is asked. Answers that are too old by then don't count.
            but: a visit of theirs that doesn't count, because it is the one that is asked about.
            beside: visits that are to be booked together with the one that is asked about.
            booked_on: where that one is booked already, its day: see ``ASKED_AGAIN``.
        """
        self.client = client
        self.today = day(now, client.location.zone)
        self._but = but
        self._beside = beside
        self._booked_on = booked_on

    def of(self, treatments: Sequence[str], *, on: date, performer: Level) -> Fit:
        """Whether a visit fits on a day.

        Args:
            treatments: what would be done in it; ``CONSULTATION`` may be among them.
            on: by the clock of its location.
            performer: the level of whoever would do it.
        """
        screened = tuple(each for each in treatments if each != CONSULTATION)
        if self.client.archived_at is not None:
            return _unfit("archived")
        if not screened:
            return Fit(None, bookable=True, tentative=False, until=None, reasons=(), why="")
        if self.consultation is None:
            return _unfit("no_screening")
        if self._standing.problems or not all(each in self.knowledge.of(Treatment) for each in screened):
            return _unfit("incomplete")
        return self._suiting.of(screened, on=on, performer=performer)

    def of_visit(self, visit: Visit) -> Fit:
        """Whether a visit of the calendar fits."""
        return self.of(visit.treatments, on=visit.day, performer=visit.level)

    @cached_property
    def consultation(self) -> Consultation | None:
        """The client's newest answers that were handed in."""
        return newest(self.client)

    @cached_property
    def knowledge(self) -> Knowledge:
        """The clinic's, with what was signed for this client."""
        return knowledge_for(self.client)

    @cached_property
    def _given(self) -> Answers:
        """All that was answered, by path; whom the clinic knows to be under age, no answer makes older."""
        given = flat(self.consultation.answers, self.knowledge) if self.consultation else {}
        born = self.client.birth_date
        if born is None or not is_under_age(born, self.today):
            return given
        others = {path: value for path, value in given.items() if path != AGE}
        return {**others, BORN: max(given.get(BORN) or "", born.isoformat())}

    @cached_property
    def _counting(self) -> Answers:
        """The answers that count: those that aren't too old today, or on the day of a visit that is booked."""
        on = self.today
        if self._booked_on is not None:
            if self._booked_on > self.today + ASKED_AGAIN:
                return self._given
            on = max(self._booked_on, self.today)
        answered_on = self.consultation.answered_on if self.consultation else {}
        return fresh(self._given, answered_on, today=on, knowledge=self.knowledge)

    @cached_property
    def _standing(self) -> Standing:
        answers = self.consultation.answers if self.consultation else {}
        return Standing(
            {**nested(self._counting), "unsure": answers.get("unsure", [])},
            answered_on={},
            ours=ours(self.client, today=self.today, knowledge=self.knowledge),
            today=self.today,
            knowledge=self.knowledge,
        )

    @cached_property
    def _suiting(self) -> Suiting:
        return Suiting(
            self._standing.profile,
            self.knowledge,
            beside=tuple(each for each in self._sessions() if each.treatment in self.knowledge.of(Treatment)),
            held_back=self._held_back(),
            levels=dict(_levels()),
            stale=frozenset(self._given) - frozenset(self._counting),
            fresh_until=dict(self._fresh_until()),
        )

    def _sessions(self) -> Iterator[Beside]:
        """What else the client has had here or has a visit for."""
        parts = Part.objects.filter(appointment__client=self.client, appointment__state__in=(*STANDING, State.DONE))
        parts = parts.exclude(appointment=self._but.pk if self._but else None).order_by("starts", "pk")
        rows = parts.values_list(
            "treatment", "starts", "appointment__location__zone", "appointment__practitioner__level"
        )
        for treatment, starts, zone, level in rows:
            yield Beside(treatment, day(starts, zone), Level(level or Level.L0))
        for visit in self._beside:
            yield from (Beside(each, visit.day, visit.level) for each in visit.treatments)

    def _held_back(self) -> Mapping[str, Status]:
        """What a practitioner made stricter; it holds until newer answers are signed."""
        review = Review.objects.filter(consultation__client=self.client).order_by("-at", "-pk").first()
        return {
            each["what"].removeprefix("treatment."): Status[each["status"].upper()]
            for each in (review.adjustments if review else ())
        }

    def _fresh_until(self) -> Iterator[tuple[str, date]]:
        answered_on = self.consultation.answered_on if self.consultation else {}
        questions = self.knowledge.of(Question)
        for path in self._counting:
            days = questions[path].fresh_days
            if days is not None and path in answered_on:
                yield path, date.fromisoformat(answered_on[path]) + timedelta(days=days)


def fit_of(
    client: Client, visit: Visit, *, now: datetime, but: Appointment | None = None, beside: Sequence[Visit] = ()
) -> Fit:
    """Whether one visit fits a client; see ``Fitting``."""
    return Fitting(client, now=now, but=but, beside=beside).of_visit(visit)


def _levels() -> Iterator[tuple[str, Level]]:
    """What the clinic says of who does its treatments."""
    for each in Service.objects.filter(level__isnull=False):
        yield each.treatment, level_of(each)


def _unfit(why: Why) -> Fit:
    return Fit(None, bookable=False, tentative=False, until=None, reasons=(), why=why)
