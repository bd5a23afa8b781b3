"""The variables of care at home, and what they need to know of each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pellucid.plan.encode import Encoder, Expr, IntVar
from pellucid.plan.encode_visits import Visits
from pellucid.plan.problem import Item, Rules
from pellucid.plan.starts import worth


@dataclass
class AtHome:
    """The variables of care at home."""

    used: dict[tuple[int, int], IntVar] = field(default_factory=dict)
    """(item, day) to whether it is used; a pair that isn't there is never used."""
    deep: dict[tuple[int, int], IntVar] = field(default_factory=dict)
    """(item, day) to whether it is used on a deep-clean evening."""
    evenings: dict[int, IntVar] = field(default_factory=dict)
    """Day to whether its evening is a deep-clean evening."""
    first: dict[tuple[int, int], IntVar] = field(default_factory=dict)
    """(new item, day) to whether it is used for the first time."""
    daily: dict[int, IntVar] = field(default_factory=dict)
    """Item for every day to whether the plan has it."""
    dropped: dict[str, IntVar] = field(default_factory=dict)

    def uses(self, item: int) -> dict[int, Expr]:
        """The days on which an item can be used."""
        return {day: used for (each, day), used in self.used.items() if each == item}


class HomeModel:
    """Care at home under construction: its variables, and which sessions are settled."""

    def __init__(
        self, encoder: Encoder, visits: Visits, taken: frozenset[int] | None, begins: Mapping[int, int] | None
    ) -> None:
        """``taken`` are the openings that are settled, ``begins`` the first uses; None leaves them open."""
        self.begins = begins
        self.encoder = encoder
        self.visits = visits
        self.problem = encoder.problem
        self.care = encoder.problem.home
        self.today = encoder.problem.today
        self.days = range(encoder.problem.length)
        self.home = AtHome()
        numbers = range(len(self.problem.openings))
        self.settled = [number for number in numbers if taken is not None and number in taken]
        self.open = [number for number in numbers if taken is None]

    def variables(self) -> None:
        """A variable for whatever may happen; what is over is what it was."""
        barred = self._barred()
        for number, item in enumerate(self.care.items):
            if item.daily:
                self.home.daily[number] = self.encoder.var(f"daily {item.product}")
                days = [day for day in self.days if day >= self.today and day not in item.closed]
                self.encoder.aim(worth(self.problem, item) * len(days), self.home.daily[number])
                continue
            for day in self.days:
                self._use(number, item, day, barred.get(number, {}).get(day, ()))
        for day in self.days:
            self._evening(day)

    def _use(self, number: int, item: Item, day: int, barred: Rules) -> None:
        if day < self.today:
            self.home.used[number, day] = self._was((number, day))
            return
        if self.begins is not None and item.elected and day < self.begins.get(number, len(self.days)):
            return
        against = (*item.closed.get(day, ()), *barred)
        if against and not self.encoder.explains:
            return
        used = self.home.used[number, day] = self.encoder.var(f"use {item.product} {day}")
        self.encoder.aim(worth(self.problem, item), used)
        if against:
            self.encoder.forbid((used,), against)
        if item.deep_clean:
            self.home.deep[number, day] = self.encoder.var(f"deep {item.product} {day}")
            self.encoder.model.add_implication(self.home.deep[number, day], used)
        for opening in self.open:
            rules = self.problem.bars.get(opening, {}).get(number, {}).get(day)
            if rules:
                self.encoder.forbid((used, self.visits.taken[opening]), rules)

    def _evening(self, day: int) -> None:
        former = self.problem.former
        if day < self.today:
            if former and former.deep.get(day):
                self.home.evenings[day] = self.encoder.model.new_constant(1)
            return
        against = self.care.deep_closed.get(day, ())
        for opening in self.settled:
            against = (*against, *self.problem.deep_bars.get(opening, {}).get(day, ()))
        if against and not self.encoder.explains:
            return
        evening = self.home.evenings[day] = self.encoder.var(f"deep clean {day}")
        self.encoder.aim(self.problem.weights["deep_clean"], evening)
        if against:
            self.encoder.forbid((evening,), against)
        for opening in self.open:
            rules = self.problem.deep_bars.get(opening, {}).get(day)
            if rules:
                self.encoder.forbid((evening, self.visits.taken[opening]), rules)

    def _was(self, key: tuple[int, int]) -> IntVar:
        former = self.problem.former
        return self.encoder.model.new_constant(int(bool(former and former.used.get(key))))

    def _barred(self) -> Mapping[int, Mapping[int, Rules]]:
        """Item to the days that the settled sessions rule out."""
        found: dict[int, dict[int, Rules]] = {}
        for opening in self.settled:
            for item, days in self.problem.bars.get(opening, {}).items():
                for day, rules in days.items():
                    here = found.setdefault(item, {})
                    here[day] = (*here.get(day, ()), *rules)
        return found

    def nowhere(self, product: str) -> IntVar:
        """A use for which the plan has no place, behind what leaves the product out; only there to tell why not."""
        use = self.encoder.var(f"no place for {product}")
        rules = self.care.left_out.get(product)
        if rules:
            self.encoder.forbid((use,), rules)
        else:
            self.encoder.model.add(use == 0)
        return use

    def in_layer(self, layer: str, number: int, item: Item, day: int) -> Iterator[Expr]:
        """Whether an item stands in a layer on a day: nothing where it never does."""
        used, deep = self.home.used.get((number, day)), self.home.deep.get((number, day))
        if used is None:
            return
        if layer in item.deep_clean and deep is not None:
            yield deep
        elif layer in item.evening:
            yield used if deep is None else used - deep
        elif layer in item.morning:
            yield used
