"""Whether a visit fits one person on a day, among the visits that they have or have had: what booking asks.

Screening decides. What stands beside it are the waits between visits, in both directions: what is booked has to stay
fitting too. What a practitioner holds back, the caller brings along.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from pellucid.consult.permissions import LEVEL
from pellucid.consult.screen import WAITS, Screening, first_open
from pellucid.consult.suppose import with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.decision import Reason
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.profile import Profile
from pellucid.model.spans import ALWAYS, FUTURE, Run, Spans
from pellucid.plan.visits import Supposed, interval

Why = Literal[
    "",
    "archived",
    "no_screening",
    "incomplete",
    "expired",
    "guardian",
    "waits",
    "interval",
    "visits",
    "together",
    "adjusted",
    "level",
    "refer",
    "blocked",
]
"""What mainly stands against a visit. ``archived``: nothing is booked for this client. ``no_screening``: they handed in
no answers. ``incomplete``: an answer is missing, or some contradict each other. ``expired``: answers are too old.
``guardian``: a guardian hasn't agreed. ``waits``: a later day will do. ``interval``: too close to the same treatment.
``visits``: it and another visit rule each other out. ``together``: its own services do. ``adjusted``: a practitioner
holds it back. ``level``: a practitioner of a higher level may do it. ``refer``, ``blocked``: as screening says."""

ADJUSTED = "review.adjusted"
"""The rule of what a practitioner holds back."""

GUARDIAN = "guardian_consent"
"""The paper that lifts a rule which asks for a guardian's word."""

SIGNED_FROM = Level.L2
"""From this level on a visit waits for a practitioner's signature."""

MOST_TRIED = 62
"""Days on which it is looked whether a visit would leave the others alone, before none is named."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a visit can be booked."""

    status: Status | None
    """What screening says, the strictest of all services; None where nothing was screened."""
    bookable: bool
    tentative: bool
    """Bookable, and waits for a practitioner's signature."""
    until: date | None
    """Where it only has to wait: the first later day on which it is bookable; None where none is known."""
    reasons: tuple[Reason, ...]
    """Worst first; health data."""
    why: Why
    confirm: tuple[AnswerPath, ...] = ()
    """Answers that will be too old on the day, so that they are asked again before it."""
    knowledge: str = ""
    """Hash of the knowledge that decided; empty where nothing was screened."""


class Beside(NamedTuple):
    """Another session of the same person, had or to come."""

    treatment: str
    day: date
    level: Level
    """Of whoever does it."""


class Found(NamedTuple):
    """Something that stands against a visit, or calls for caution."""

    reason: Reason
    why: Why


@dataclass(frozen=True)
class Suiting:
    """One person's answers on one day, worked out once; any visit on any day asked about."""

    profile: Profile
    knowledge: Knowledge
    beside: Sequence[Beside] = ()
    held_back: Mapping[str, Status] = field(default_factory=lambda: MappingProxyType({}))
    """Treatment to what a practitioner made of it; only what is stricter than screening counts."""
    levels: Mapping[str, Level] = field(default_factory=lambda: MappingProxyType({}))
    """Treatment to the lowest level that does it at the clinic, where that differs from the knowledge's."""
    stale: frozenset[str] = frozenset()
    """Questions whose answers are too old to count."""
    fresh_until: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """Question to the last day on which its answer counts."""
    _fits: dict[tuple[tuple[str, ...], date, Level], Fit] = field(default_factory=dict)
    _closed: dict[tuple[str, Level], Spans] = field(default_factory=dict)
    _moved: dict[tuple[tuple[str, ...], date, Level], tuple[Found, ...]] = field(default_factory=dict)

    def of(self, treatments: Sequence[str], *, on: date, performer: Level) -> Fit:
        """Whether a visit fits.

        Args:
            treatments: what would be done in it; at least one.
            on: its day.
            performer: the level of whoever would do it.

        Raises:
            UnknownIdError: there is no such treatment.
        """
        key = tuple(treatments), on, performer
        if key not in self._fits:
            self._fits[key] = self._fit(*key)
        return self._fits[key]

    def _fit(self, treatments: tuple[str, ...], on: date, performer: Level) -> Fit:
        found = [each for name in dict.fromkeys(treatments) for each in self._against(name, on, performer)]
        found += self._around(treatments, on, performer)
        found = sorted(dict.fromkeys(found), key=_worst_first)
        status = found[0].reason.status if found else Status.ALLOWED
        signed = any(self._needed(each) >= SIGNED_FROM for each in treatments)
        until = self._until(treatments, on, performer) if status in WAITS else None
        return Fit(
            status=status,
            bookable=status.bookable,
            tentative=status.bookable and (signed or status is Status.CAUTION),
            until=until,
            reasons=tuple(each.reason for each in found),
            why="" if status.bookable else _mainly(found, until).why,
            confirm=tuple(AnswerPath(path) for path, last in sorted(self.fresh_until.items()) if last < on),
            knowledge=self.knowledge.digest,
        )

    @cached_property
    def _supposed(self) -> Supposed:
        """Screening of somebody who has, or has had, the visits beside."""
        visits = [(each.treatment, each.day) for each in self.beside]
        return Supposed(with_visits(self.profile, visits, knowledge=self.knowledge), self.knowledge)

    @cached_property
    def _alone(self) -> Screening:
        """Screening by the answers alone."""
        return Screening(self.profile, self.knowledge)

    def _needed(self, treatment: str) -> Level:
        own = Level[self.knowledge.get(Treatment, treatment).level.level]
        return max(own, self.levels.get(treatment, own))

    def _against(self, treatment: str, on: date, performer: Level) -> Iterator[Found]:
        """What screening, the practitioner and the wait after the same treatment say on a day."""
        decision = self._supposed.base.decide(treatment, on=on, performer=performer)
        for reason in decision.reasons:
            yield Found(reason, self._why(reason, treatment, on, performer))
        held_back = self.held_back.get(treatment, Status.ALLOWED)
        if held_back > decision.status:
            yield Found(Reason(ADJUSTED, held_back, None, None, ()), "adjusted")
        for run in self._intervals(treatment):
            if run[0] <= on.toordinal() < run[1]:
                yield Found(self._interval(treatment, run), "interval")

    def _why(self, reason: Reason, treatment: str, on: date, performer: Level) -> Why:
        if reason.status is Status.BLOCKED:
            return "blocked"
        if reason.status is Status.REFER:
            return "level" if reason.rule == LEVEL or reason.rule.startswith("scope.") else "refer"
        if reason.status is Status.DEFER:
            return "waits" if not self.beside or reason in self._told_alone(treatment, on, performer) else "visits"
        if GUARDIAN in reason.lifted_by:
            return "guardian"
        return "expired" if self.stale.intersection(reason.asks) else "incomplete"

    def _told_alone(self, treatment: str, on: date, performer: Level) -> tuple[Reason, ...]:
        return self._alone.decide(treatment, on=on, performer=performer).reasons

    def _intervals(self, treatment: str) -> Iterator[Run]:
        """The days that are too close to another session of the same treatment."""
        days = interval(treatment, self.knowledge)
        for each in self.beside:
            if each.treatment == treatment and days:
                yield each.day.toordinal() - days + 1, each.day.toordinal() + days

    def _interval(self, treatment: str, run: Run) -> Reason:
        span = self.knowledge.get(Treatment, treatment).interval_days
        since, until = (date.fromordinal(day) for day in run)
        return Reason(f"treatment.{treatment}", Status.DEFER, since, until, span.source if span else ())

    def _around(self, treatments: tuple[str, ...], on: date, performer: Level) -> tuple[Found, ...]:
        """What of the visit would rule out another one of its services, or a visit that is still to come."""
        key = treatments, on, performer
        if key not in self._moved:
            self._moved[key] = tuple(self._clashes(*key))
        return self._moved[key]

    def _clashes(self, treatments: tuple[str, ...], on: date, performer: Level) -> Iterator[Found]:
        for name in sorted({each for each in treatments if treatments.count(each) > 1}):
            yield Found(Reason(f"treatment.{name}", Status.DEFER, None, None, ()), "together")
        coming = [each for each in self.beside if each.day >= self.profile.today]
        for name in dict.fromkeys(treatments):
            same = [Beside(other, on, performer) for other in dict.fromkeys(treatments) if other != name]
            for each in (*same, *coming):
                why: Why = "together" if each in same else "visits"
                for rule in self._ruled_out(each, (name, on)):
                    yield Found(Reason(rule, Status.DEFER, None, None, ()), why)

    def _ruled_out(self, other: Beside, session: tuple[str, date]) -> tuple[str, ...]:
        """The rules by which a session would rule out another one."""
        supposed = self._supposed
        if not spans.contains(supposed.newly_closed(session, other.treatment, other.level), other.day.toordinal()):
            return ()
        return supposed.because(session, other.treatment, other.day, other.level) or (f"treatment.{other.treatment}",)

    def _until(self, treatments: tuple[str, ...], on: date, performer: Level) -> date | None:
        """The first later day that nothing closes."""
        closed = spans.normalise(run for each in treatments for run in self._closed_for(each, performer))
        day: date | None = on
        for _ in range(MOST_TRIED):
            day = first_open(closed, day) if day else None
            found = self._around(treatments, day, performer) if day else ()
            if day is None or not found:
                return day
            if any(each.why == "together" for each in found):
                return None
            day += timedelta(days=1)
        return None

    def _closed_for(self, treatment: str, performer: Level) -> Spans:
        """Days on which a treatment can't be booked, whatever else is done in the visit."""
        key = treatment, performer
        if key not in self._closed:
            held_back = not self.held_back.get(treatment, Status.ALLOWED).bookable
            closed = (*self._supposed.base.closed(treatment, performer), *self._intervals(treatment))
            self._closed[key] = ALWAYS if held_back else spans.normalise(closed)
        return self._closed[key]


def _mainly(found: Sequence[Found], until: date | None) -> Found:
    """The worst; where that one ends and the visit is still not bookable then, the question that stays open."""
    worst = found[0]
    if until is not None or worst.reason.until is None:
        return worst
    return next((each for each in found if each.reason.status is Status.ASK), worst)


def _worst_first(found: Found) -> tuple[int, int, str]:
    """By status; of equal ones, the one that lasts longest first."""
    reason = found.reason
    lasts = reason.until.toordinal() if reason.until else FUTURE
    return -reason.status, -lasts, reason.rule
