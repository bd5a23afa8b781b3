"""Openings for sessions, which of them can't go together, and what each would rule out at home.

What a session means for everything else is asked of screening itself: the person is supposed to have had it on that
day, and whatever closes beyond what was closed before is its doing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pellucid.consult.dated import classes_of
from pellucid.consult.screen import Screening
from pellucid.consult.suppose import suppose
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.decision import Decision
from pellucid.model.levels import Level
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.model.spans import Spans
from pellucid.plan.problem import Conflict, Opening, Rules

USUAL_SERIES = 6
"""Sessions of a series where knowledge names none: the most that any gives for a facial."""


@dataclass
class Supposed:
    """Screening of one person as if a session had been or would be on a day, worked out once for each."""

    profile: Profile
    knowledge: Knowledge
    _kept: dict[tuple[str, date] | None, Screening] = field(default_factory=dict)
    _touched: dict[tuple[str, date], Screening] = field(default_factory=dict)
    _newly: dict[tuple[str, date, str, Level], Spans] = field(default_factory=dict)
    _because: dict[tuple[str, int, str, Level], Rules] = field(default_factory=dict)

    @cached_property
    def base(self) -> Screening:
        """Screening with nothing supposed."""
        return self._with(None)

    def after(self, treatment: str, day: date) -> Screening:
        """Screening with one session more."""
        return self._with((treatment, day))

    def _with(self, session: tuple[str, date] | None) -> Screening:
        if session not in self._kept:
            self._kept[session] = Screening(self._supposing(session), self.knowledge)
        return self._kept[session]

    def _supposing(self, session: tuple[str, date] | None) -> Profile:
        if session is None:
            return self.profile
        treatment, day = session
        return suppose(self.profile, [(f"procedure.{treatment}", day)], knowledge=self.knowledge)

    def newly_closed(self, session: tuple[str, date], treatment: str, level: Level) -> Spans:
        """The days that are closed for a treatment only because of a session."""
        key = (*session, treatment, level)
        if key not in self._newly:
            after = self._effects(session).closed(treatment, level)
            self._newly[key] = spans.difference(after, self.base.closed(treatment, level))
        return self._newly[key]

    def _effects(self, session: tuple[str, date]) -> Screening:
        """Only the rules that a session can touch: the others close what they closed before."""
        if session not in self._touched:
            treatment, _ = session
            about = frozenset(classes_of(f"procedure.{treatment}", self.knowledge))
            self._touched[session] = Screening(self._supposing(session), self.knowledge, about)
        return self._touched[session]

    def because(self, session: tuple[str, date], treatment: str, day: date, level: Level) -> Rules:
        """The rules that close a day only because of a session; they hang on how many days lie between."""
        key = (session[0], (day - session[1]).days, treatment, level)
        if key not in self._because:
            self._because[key] = self._rules_for(session, treatment, day, level)
        return self._because[key]

    def _rules_for(self, session: tuple[str, date], treatment: str, day: date, level: Level) -> Rules:
        before = {
            (reason.rule, reason.status)
            for reason in self.base.decide(treatment, on=day, performer=level).reasons
            if not reason.status.bookable
        }
        decision = self.after(*session).decide(treatment, on=day, performer=level)
        return rules_of(decision, leave_out=before)


def rules_of(decision: Decision, *, leave_out: Iterable[tuple[str, object]] = ()) -> Rules:
    """The rules that make a decision more than a caution, each once, in order."""
    left_out = set(leave_out)
    found = (
        reason.rule
        for reason in decision.reasons
        if not reason.status.bookable and (reason.rule, reason.status) not in left_out
    )
    return tuple(dict.fromkeys(found))


def fewest(slots: Iterable[Slot], keep: Iterable[str] = ()) -> tuple[Slot, ...]:
    """Of slots on one day for one treatment and level, the cheapest and then the earliest: the plan sees no more.

    Only day, level and price matter to a plan, so that this loses nothing. ``keep`` names slots that stay as well.
    """
    kept = set(keep)
    best: dict[tuple[str, date, Level], Slot] = {}
    stay: list[Slot] = []
    for slot in sorted(slots, key=lambda each: (each.price or 0, each.starts, each.practitioner, each.room)):
        key = slot.treatment, slot.day, slot.level
        if slot.id in kept:
            stay.append(slot)
        elif key not in best:
            best[key] = slot
    return tuple(sorted((*best.values(), *stay), key=lambda each: (each.starts, each.id)))


def interval(treatment: str, knowledge: Knowledge) -> int:
    """Days between two sessions of one treatment."""
    span = knowledge.get(Treatment, treatment).interval_days
    return int(span.high) if span else 0


def series(treatment: str, knowledge: Knowledge) -> int:
    """How many sessions a usual series has at most."""
    span = knowledge.get(Treatment, treatment).sessions
    return int(span.high) if span else USUAL_SERIES


ONE_A_DAY = "plan.one_a_day"
"""A person comes once a day; what belongs together is one treatment."""


def conflicts(openings: tuple[Opening, ...], supposed: Supposed, *, named: bool) -> tuple[Conflict, ...]:
    """Every two openings that can't both be taken; with the rules that say so, where they are to be ``named``."""
    on: dict[int, list[int]] = {}
    for number, opening in enumerate(openings):
        on.setdefault(opening.day, []).append(number)
    kinds = sorted({(each.treatment, each.slot.level) for each in openings})
    pairs: set[tuple[int, int]] = set()
    for number, opening in enumerate(openings):
        pairs.update((min(number, other), max(number, other)) for other in on[opening.day] if other != number)
        for kind, days in _closed_for(opening, kinds, on, supposed):
            pairs.update(
                (min(number, other), max(number, other))
                for day in days
                for other in on[day]
                if other != number and (openings[other].treatment, openings[other].slot.level) == kind
            )
    return tuple(
        Conflict(first, second, _rules(openings[first], openings[second], supposed) if named else ("screening",))
        for first, second in sorted(pairs)
        if not _both_elsewhere(openings[first], openings[second])
    )


def _both_elsewhere(one: Opening, other: Opening) -> bool:
    """Two times for one treatment that the clinic does not offer: one is enough to show whether another would help."""
    return one.virtual and other.virtual and one.treatment == other.treatment


def _closed_for(
    opening: Opening, kinds: list[tuple[str, Level]], on: Mapping[int, list[int]], supposed: Supposed
) -> Iterator[tuple[tuple[str, Level], list[int]]]:
    """For each kind of opening, the days (of those that have any) on which a session here leaves no room for it."""
    session = opening.treatment, opening.slot.day
    start = opening.slot.day.toordinal() - opening.day
    for treatment, level in kinds:
        newly = supposed.newly_closed(session, treatment, level)
        near = interval(treatment, supposed.knowledge) if treatment == opening.treatment else 0
        yield (
            (treatment, level),
            [day for day in on if abs(day - opening.day) < near or spans.contains(newly, start + day)],
        )


def _rules_out(taken: Opening, other: Opening, supposed: Supposed) -> bool:
    newly = supposed.newly_closed((taken.treatment, taken.slot.day), other.treatment, other.slot.level)
    return spans.contains(newly, other.slot.day.toordinal())


def _rules(one: Opening, other: Opening, supposed: Supposed) -> Rules:
    if one.day == other.day:
        return (ONE_A_DAY,)
    rules: list[str] = []
    if one.treatment == other.treatment and abs(one.day - other.day) < interval(one.treatment, supposed.knowledge):
        rules.append(f"treatment.{one.treatment}")
    for taken, held in ((one, other), (other, one)):
        if _rules_out(taken, held, supposed):
            session = taken.treatment, taken.slot.day
            rules += supposed.because(session, held.treatment, held.slot.day, held.slot.level)
    return tuple(dict.fromkeys(rules))


def closes_at_home(
    opening: Opening, treatment: str, days: Mapping[int, date], supposed: Supposed, *, named: bool
) -> dict[int, Rules]:
    """The plan's days (by number) that a session closes for a treatment at home; with the rules where ``named``."""
    session = opening.treatment, opening.slot.day
    newly = supposed.newly_closed(session, treatment, Level.L0)
    if not newly:
        return {}
    return {
        number: supposed.because(session, treatment, day, Level.L0) if named else ("screening",)
        for number, day in days.items()
        if spans.contains(newly, day.toordinal())
    }
