"""What the rules of a care plan look at: its sessions and days as they can be read, and what the records say of them.

Nothing is judged here; ``plan.check`` says which rules there are. Days are numbers (``date.toordinal()``) wherever
they are added to, so that no date of a plan edited by hand can run off the calendar.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from pellucid.consult.evidence import Evidence, evidence_of
from pellucid.consult.screen import Screening
from pellucid.consult.suppose import suppose
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Cap, HomeNumber, Layer, Product, Ramp
from pellucid.knowledge.schema.people import Exposure
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.dates import FIRST, LAST
from pellucid.model.decision import Reason
from pellucid.model.levels import Status
from pellucid.model.plan import CarePlan, Day, Detail, Introduction, Named, Part, Session, Standing, Step, detail
from pellucid.model.profile import DatedFact, Profile
from pellucid.model.slot import Slot
from pellucid.model.spans import Run

MOST_WEEKS = 156
"""Three years, as far as screening looks ahead."""

OVER = frozenset({Standing.DONE, Standing.MISSED})


class Visit(NamedTuple):
    """A session whose day and treatment can be read."""

    session: Session
    on: date
    treatment: Treatment

    @property
    def key(self) -> str:
        """The session's own."""
        return self.session.key


class Use(NamedTuple):
    """One product put on once."""

    on: date
    part: Part
    layer: str
    product: str


@dataclass(frozen=True)
class View:
    """One plan, the person it is for and the knowledge it is judged by."""

    plan: CarePlan
    profile: Profile
    knowledge: Knowledge
    right_skin: str
    """The column of caps that the assessment gives."""

    # --- the plan's days ---

    @property
    def stretch(self) -> Run:
        """The plan's first day and the day after its last, as numbers; empty where they can't be read."""
        first = self.plan.start.toordinal()
        readable = FIRST <= self.plan.start <= LAST and 0 < self.plan.weeks <= MOST_WEEKS
        return first, first + (7 * self.plan.weeks if readable else 0)

    def in_plan(self, day: date) -> bool:
        """Whether the plan lays out this day."""
        first, end = self.stretch
        return first <= day.toordinal() < end

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """What is laid out for the plan's days, over or not."""
        return tuple(day for day in self.plan.days if self.in_plan(day.on))

    @cached_property
    def planned(self) -> tuple[Day, ...]:
        """The days that are judged: those of the plan that aren't over."""
        return tuple(day for day in self.days if not self.is_over(day))

    def is_over(self, entry: Day | Visit) -> bool:
        """Whether it is history: done or missed, and not ahead of the day of planning."""
        standing = entry.standing if isinstance(entry, Day) else entry.session.standing
        return standing in OVER and entry.on <= self.profile.today

    @cached_property
    def history(self) -> frozenset[date]:
        """The days that are over and stay as they are."""
        return frozenset(day.on for day in self.plan.days if self.is_over(day))

    def resting(self, day: date) -> bool:
        """Whether the skin has its rest after an irritation: on the day itself and those that follow."""
        rest = self.number("rest_after_irritation")
        return any(entry.what == "irritation" and 0 <= (day - entry.on).days < rest for entry in self.plan.log)

    def is_away(self, day: date) -> bool:
        """Whether the person can't come."""
        return any(away.since <= day <= away.until for away in self.plan.preferences.away)

    @property
    def skin(self) -> str:
        """The plan's column of caps; the assessed one where the plan names none that there is."""
        return self.plan.skin if self.plan.skin in COLUMNS else self.right_skin

    def column(self, day: date) -> str:
        """The column of caps that holds on a day."""
        return "sensitive" if self.resting(day) else self.skin

    # --- sessions ---

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """Every session that was or will be, in the order of their days; those that were missed are left out."""
        found = [
            Visit(session, day, treatment)
            for session in self.plan.sessions
            if (day := day_of(session.slot)) and (treatment := self.knowledge.of(Treatment).get(session.slot.treatment))
        ]
        kept = [visit for visit in found if visit.session.standing is not Standing.MISSED or not self.is_over(visit)]
        return tuple(sorted(kept, key=lambda visit: (visit.on, visit.session.slot.starts, visit.key)))

    @cached_property
    def ahead(self) -> tuple[Visit, ...]:
        """The sessions that are judged: those that aren't over."""
        return tuple(visit for visit in self.visits if not self.is_over(visit))

    @cached_property
    def unkept(self) -> tuple[Visit, ...]:
        """Appointments ahead that the plan has no session for: until people move them, they may take place."""
        there = {session.slot.id for session in self.plan.sessions}
        return tuple(
            Visit(Session(slot.id, slot, Standing.BOOKED, Status.BLOCKED), day, treatment)
            for slot in self.plan.preferences.booked
            if (day := day_of(slot)) and (treatment := self.knowledge.of(Treatment).get(slot.treatment))
            if self.in_plan(day) and day >= self.profile.today and slot.id not in there
        )

    @cached_property
    def with_sessions(self) -> Screening:
        """Screening of the person as they would be with every session and appointment done on its day."""
        done = [(f"procedure.{visit.treatment.id}", visit.on) for visit in (*self.visits, *self.unkept)]
        return Screening(suppose(self.profile, done, knowledge=self.knowledge), self.knowledge)

    # --- products and layers ---

    def product(self, name: str) -> Product | None:
        """The record of a product, if there is one."""
        return self.knowledge.of(Product).get(name)

    def layer(self, name: str) -> Layer | None:
        """The record of a layer, if there is one."""
        return self.knowledge.of(Layer).get(name)

    @cached_property
    def actives(self) -> dict[str, frozenset[str]]:
        """For each product the names of its actives and of their groups, as conditions write them."""
        found = {}
        for product in self.knowledge.of(Product).values():
            names = {f"active.{active}" for active in product.actives}
            for active in product.actives:
                record = self.knowledge.of(Exposure).get(f"active.{active}")
                names.update(f"active.{group}" for group in (record.groups if record else ()))
            found[product.id] = frozenset(names)
        return found

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every use of a product that there is, on all days of the plan, over or not."""
        return tuple(use for day in self.days for use in uses_on(day) if self.product(use.product))

    @cached_property
    def used_on(self) -> dict[str, Counter[date]]:
        """For each product on which days it is used, and how often on each."""
        found: dict[str, Counter[date]] = {}
        for use in self.uses:
            found.setdefault(use.product, Counter())[use.on] += 1
        return found

    def first_use(self, product: str) -> date:
        """From when on a used product is used: as its introduction says, else from the first day on which it is."""
        told = [each.first_use for each in self.plan.introductions if each.product == product]
        return max(told) if told else min(self.used_on[product])

    # --- the person ---

    @property
    def evidence(self) -> Evidence:
        """What the person has told, as conditions read it."""
        return evidence_of(self.profile, self.knowledge)

    def own(self, product: Product) -> list[DatedFact]:
        """What the person uses now with one of the product's actives; washed off counts for a wash alone."""
        names = {f"active.{active}" for active in product.actives}
        today = self.profile.today.toordinal()
        return [
            fact
            for fact in self.profile.dated
            if fact.ongoing
            and names & set(fact.classes)
            and (product.rinse_off or fact.record != "active" or fact.detail.get("form") == "leave_on")
            and any(start <= today for start, _ in (*fact.days.yes, *fact.days.unknown))
        ]

    def is_new(self, product: Product) -> bool:
        """Whether the person doesn't use it yet."""
        return not self.own(product)

    def ramp(self, product: Product) -> Ramp | None:
        """How it is brought in on the plan's kind of skin, if by steps."""
        ramps = [self.knowledge.get(Ramp, name) for name in product.ramps]
        return next((ramp for ramp in ramps if self.skin in ramp.for_skin), None)

    def number(self, name: str) -> int:
        """A number of days that home care goes by."""
        return self.knowledge.get(HomeNumber, name).days

    def caps(self, product: Product) -> Iterator[Cap]:
        """The caps that a use counts in: the product's own, and the one whose budget that shares."""
        own = self.knowledge.get(Cap, product.cap) if product.cap else None
        if own:
            yield own
        if own and own.shares:
            yield self.knowledge.get(Cap, own.shares)

    def introduced(self) -> list[Introduction]:
        """The introductions in the order of their tests."""
        return sorted(self.plan.introductions, key=lambda each: (each.tested_from, each.product))


COLUMNS = ("sensitive", "dry", "normal", "combination", "oily")


def day_of(slot: Slot) -> date | None:
    """The clinic's day of a slot; None where its times make no sense."""
    if slot.starts.tzinfo is None or slot.ends.tzinfo is None or slot.starts >= slot.ends:
        return None
    try:
        day = slot.day
    except (ValueError, KeyError, OSError, OverflowError):  # a zone that nobody knows, or a day off the calendar
        return None
    return day if FIRST <= day <= LAST else None


def screened_as(reason: Reason) -> Detail:
    """What screening says, and until when."""
    status = Named("status", reason.status.word)
    return detail("until", what=status, day=reason.until) if reason.until else detail("word", what=status)


def halves(day: Day) -> tuple[tuple[Part, tuple[Step, ...]], ...]:
    """Morning and evening with their steps."""
    return (Part.MORNING, day.morning), (Part.EVENING, day.evening)


def uses_on(day: Day) -> Iterator[Use]:
    """Every product put on on one day."""
    for part, steps in halves(day):
        yield from (Use(day.on, part, step.layer, step.product) for step in steps if step.product)


class Procedure(NamedTuple):
    """Something done at a clinic on one known day."""

    name: str
    on: date
    treatment: Treatment


def procedures(view: View) -> Iterator[Procedure]:
    """The plan's sessions, appointments, and what the person has had done, or will, on one known day."""
    for visit in (*view.visits, *view.unkept):
        yield Procedure(visit.key, visit.on, visit.treatment)
    for fact in view.profile.dated:
        days = fact.days.yes
        if fact.record == "procedure" and len(days) == 1 and days[0][1] - days[0][0] == 1 and not fact.days.unknown:
            for treatment in view.knowledge.of(Treatment).values():
                if f"procedure.{treatment.id}" in fact.classes:
                    yield Procedure(fact.name, date.fromordinal(days[0][0]), treatment)
