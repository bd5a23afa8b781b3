"""From what the solver found to the days and sessions of a care plan, every step in its layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pellucid.consult.dated import own_cosmetic
from pellucid.consult.prepare import aftercare, preparation
from pellucid.consult.routine import kept
from pellucid.consult.screen import Screening
from pellucid.consult.suppose import suppose
from pellucid.knowledge.schema import home
from pellucid.model.levels import Status
from pellucid.model.plan import Day, Introduction, Part, Session, Standing, Step
from pellucid.model.routine import RampStage
from pellucid.model.slot import Slot
from pellucid.plan.aside import Keeps, left, near
from pellucid.plan.bars import past_sessions
from pellucid.plan.pose import Asked
from pellucid.plan.problem import WEEK, Item, Problem, Rate
from pellucid.plan.rates import RESTING
from pellucid.plan.session_keys import session_keys
from pellucid.plan.solve import Solution

CLEANSE = "cleanse"

BARE_OF_BASICS = frozenset({"dc_steam"})


@dataclass(frozen=True)
class Layout:
    """A solved problem, ready to be written out."""

    asked: Asked
    problem: Problem
    solution: Solution

    def sessions(self) -> tuple[Session, ...]:
        """The visits in order, those that are over or were missed included."""
        slots = [(slot, Standing.DONE) for slot in self.asked.done]
        for number in self.solution.taken:
            opening = self.problem.openings[number]
            slots.append((opening.slot, opening.standing))
        made = self._sessions(sorted(slots, key=lambda each: each[0].starts))
        return tuple(sorted((*self.asked.missed, *made), key=lambda each: each.slot.starts))

    def _sessions(self, slots: list[tuple[Slot, Standing]]) -> Iterator[Session]:
        missed = (each.key for each in self.asked.missed)
        keys = session_keys((slot for slot, _ in slots), self.asked.keys, missed)
        for slot, standing in slots:
            others = [other for other, _ in slots if other.id != slot.id]
            yield self._session(keys[slot.id], slot, standing, others)

    def _session(self, key: str, slot: Slot, standing: Standing, others: list[Slot]) -> Session:
        profile, knowledge, day = self.asked.profile, self.asked.knowledge, slot.day
        exposures = [(f"procedure.{other.treatment}", other.day) for other in others]
        exposures += self._used_until(day)
        supposed = Screening(suppose(profile, exposures, knowledge=knowledge), knowledge)
        decision = supposed.decide(slot.treatment, on=day, performer=slot.level)
        return Session(
            key=key,
            slot=slot,
            standing=standing,
            status=Status.ALLOWED if standing is Standing.DONE else decision.status,
            preparation=preparation(profile, slot.treatment, on=day, knowledge=knowledge),
            aftercare=aftercare(profile, slot.treatment, on=day, knowledge=knowledge),
            confirm=profile.to_confirm(day) if standing is not Standing.DONE else (),
        )

    def _used_until(self, day: date) -> list[tuple[str, date]]:
        """What the plan has used up to a day, as conditions name it."""
        products = self.asked.knowledge.of(home.Product)
        return [
            (f"active.{active}", each.on)
            for each in self.days()
            if each.on <= day
            for name in sorted(each.used)
            for active in products[name].actives
        ]

    # --- days ------------------------------------------------------------------------------------------------

    def days(self) -> tuple[Day, ...]:
        """Every day of the plan."""
        tests = self._tests()
        missed = {each.on for each in self.asked.log if each.what == "missed"}
        return tuple(self._day(number, on, tests, missed) for number, on in self.asked.person.days.items())

    def _day(self, number: int, on: date, tests: dict[int, tuple[str, ...]], missed: set[date]) -> Day:
        deep = number in self.solution.evenings
        over = number < self.problem.today
        standing = Standing.MISSED if on in missed else Standing.DONE if over else Standing.PROPOSED
        evening = self._steps("deep_clean" if deep else "evening", number)
        return Day(
            on=on,
            morning=left(self._steps("morning", number), self._keeps.get((number, Part.MORNING), ())),
            evening=left(evening, self._keeps.get((number, Part.EVENING), ())),
            deep_clean=deep,
            tests=tests.get(number, ()),
            standing=standing,
        )

    @cached_property
    def _keeps(self) -> Mapping[tuple[int, Part], Keeps]:
        """Halves of days on which layers stand aside, because of sessions, appointments and what was done elsewhere."""
        start = self.problem.start
        sessions = {
            (opening.treatment, opening.day)
            for number, opening in enumerate(self.problem.openings)
            if number in self.solution.taken or opening.standing is Standing.BOOKED
        }
        sessions |= {(treatment, on - start) for treatment, on in past_sessions(self.asked.person.evidence)}
        found: dict[tuple[int, Part], Keeps] = {}
        for treatment, day in sorted(sessions):
            for (offset, part), keeps in near(treatment, self.asked.knowledge).items():
                half = day + offset, part
                found[half] = (*found.get(half, ()), *keeps)
        return found

    def _steps(self, routine: str, day: int) -> tuple[Step, ...]:
        steps: list[Step] = []
        for layer in self.asked.person.layers.values():
            if layer.routine == routine:
                steps += self._layer(layer, day)
        has_mask = any(step.layer == "dc_mask" for step in steps)
        return tuple(step for step in steps if has_mask or step.layer != "dc_rinse")

    def _layer(self, layer: home.Layer, day: int) -> list[Step]:
        """A layer's products: what is planned for it, and the basics where there is room."""
        planned = [
            item.product
            for number, item in enumerate(self.problem.home.items)
            if layer.id in getattr(item, layer.routine) and self._uses(number, item, layer, day)
        ]
        cleanses = layer.id.endswith("cleanse")
        if cleanses and not self._cleanses(layer, day):
            return []
        basic = [each.id for each in self.asked.person.basics if layer.id in each.layers]
        if layer.id in BARE_OF_BASICS or (planned and cleanses):
            basic = []
        products = [*planned, *basic]
        if products or layer.optional or layer.id == "dc_mask":
            return [Step(layer.id, product) for product in products]
        return [Step(layer.id, "")]

    def _uses(self, number: int, item: Item, layer: home.Layer, day: int) -> bool:
        if item.daily:
            return number in self.solution.daily and day not in item.closed
        used = (number, day) in self.solution.used
        if layer.routine == "deep_clean":
            return used and ((number, day) in self.solution.deep or not item.deep_clean or not item.evening)
        if layer.routine == "evening":
            return used and day not in self.solution.evenings
        return used

    def _cleanses(self, layer: home.Layer, day: int) -> bool:
        """Skin that is cleansed once a day is cleansed in the evening; in the morning it is rinsed with water."""
        skin = RESTING if day in self.problem.home.rest else self.asked.person.skin
        often = self.asked.knowledge.get(home.Cap, CLEANSE).for_skin(skin).default
        return layer.routine != "morning" or often > 1

    def _tests(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for item, first in self.solution.first.items():
            product = self.problem.home.items[item].product
            for day in range(max(0, first - self.problem.home.test_days), first):
                found[day] = (*found.get(day, ()), product)
        return found

    # --- what is new, what is left out -----------------------------------------------------------------------

    def introductions(self) -> tuple[Introduction, ...]:
        """New products in the order in which they begin."""
        ordered = sorted(self.solution.first.items(), key=lambda each: each[1])
        return tuple(self._introduction(self.problem.home.items[item], day) for item, day in ordered)

    def _introduction(self, item: Item, day: int) -> Introduction:
        first = self.asked.start + timedelta(days=day)
        stages = tuple(RampStage(first + timedelta(days=stage.after), _per_week(stage.rate)) for stage in item.stages)
        tested = first - timedelta(days=self.problem.home.test_days)
        return Introduction(item.product, tested, first, item.ramp, stages)

    def set_aside(self) -> tuple[str, ...]:
        """The person's own products that the plan leaves out from now on: those with an active that needs care."""
        used = {item for item, day in self.solution.used if day >= self.problem.today} | self.solution.daily
        going_on = {(name, self._washed_off(item)) for item in used for name in self.problem.home.items[item].names}
        gentle = self._gentle()
        return tuple(
            dict.fromkeys(
                fact.name
                for fact in self.asked.profile.dated
                if own_cosmetic(fact, self.asked.knowledge)
                and not gentle & set(fact.classes)
                and (fact.classes[0], fact.detail.get("form") == "rinse_off") not in going_on
            )
        )

    def _washed_off(self, item: int) -> bool:
        return self.asked.knowledge.get(home.Product, self.problem.home.items[item].product).rinse_off

    def _gentle(self) -> set[str]:
        products = self.asked.knowledge.of(home.Product).values()
        plain = {
            f"active.{active}" for each in products if not (each.cap or each.patch_test) for active in each.actives
        }
        return plain | {"active.plain_care"}

    def keep(self) -> tuple[str, ...]:
        """What a prescriber gave: it goes on as they said."""
        return kept(self.asked.person.evidence)


def _per_week(rate: Rate) -> float:
    return round(rate.uses * WEEK / rate.days, 2)
