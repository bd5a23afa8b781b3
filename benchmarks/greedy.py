"""A planner without a solver, to measure ours against, and the points that any plan of a problem gets.

It plans as a careful person with a diary does: the session that brings most first, then product by product in order of
fit, each as soon and as often as it may be used. It keeps every hard rule and takes nothing back. Both functions are
for a plan that replaces no other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pellucid.model.plan import Standing
from pellucid.plan.encode import MINUTE_PARTS
from pellucid.plan.encode_home import PATTERNED
from pellucid.plan.introduce import barred
from pellucid.plan.problem import MASKS, ONE_ONLY, WEEK, Apart, HomeWish, Item, Minutes, Opening, Problem, Rate
from pellucid.plan.solve import Solution
from pellucid.plan.starts import later_start, rate_on, unstartable, worth

# --- points ---------------------------------------------------------------------------------------------------


def score(problem: Problem, solution: Solution) -> int:
    """What a plan comes to, read from the plan itself; ``problem`` must replace no other plan."""
    assert problem.former is None
    lost = sum(problem.weights[goal_of(name)] for name in dropped(problem, solution))
    visits = len(solution.taken)
    gained = sum(problem.openings[number].value for number in solution.taken)
    at_home = sum(_item_points(problem, solution, number) for number in range(len(problem.home.items)))
    evenings = problem.weights["deep_clean"] * len(solution.evenings)
    return gained - problem.weights["visit"] * visits * (visits + 1) // 2 - lost + at_home + evenings


def dropped(problem: Problem, solution: Solution) -> Iterator[str]:
    """Wishes, appointments and pins that a plan does without, by name."""
    taken = [problem.openings[number] for number in sorted(solution.taken)]
    yield from (f"want.{name}" for name in problem.wanted if name not in {each.treatment for each in taken})
    yield from (f"want.{wish.treatment}" for wish in problem.home.wished if not _is_done(wish, problem, solution))
    booked = [each for each in problem.openings if each.standing is Standing.BOOKED]
    yield from (f"booked.{each.slot.id}" for each in booked if each not in taken)
    used = {(problem.home.items[number].product, day) for number, day in solution.used}
    daily = {problem.home.items[number].product for number in solution.daily}
    for pin in problem.pins:
        day = pin.on.toordinal() - problem.start
        if 0 <= day < problem.length and pin.product not in daily and (pin.product, day) not in used:
            yield f"pin.{pin.product}@{pin.on}"


def _is_done(wish: HomeWish, problem: Problem, solution: Solution) -> bool:
    """Whether some day holds a treatment at home that was asked for."""
    if wish.basics:
        return any(day not in wish.closed for day in range(problem.today, problem.length))
    return bool(solution.evenings) if wish.evenings else any(number in wish.items for number, _ in solution.used)


def goal_of(name: str) -> str:
    """The goal against which a dropped requirement counts."""
    kind = name.partition(".")[0]
    return "wish" if kind == "want" else kind


def _item_points(problem: Problem, solution: Solution, number: int) -> int:
    item, weights = problem.home.items[number], problem.weights
    use = worth(problem, item)
    if item.daily:
        days = sum(day not in item.closed for day in range(problem.today, problem.length))
        return use * days if number in solution.daily else 0
    used = {day for each, day in solution.used if each == number}
    points = use * len(used)
    if number in solution.first:
        points -= later_start(problem, item, solution.first[number])
    if item.rate.days == WEEK and 1 <= item.rate.uses <= PATTERNED:
        points -= round(use * weights["crowded"] / 100) * _crowded(item.rate, used)
        points -= round(use * weights["other_pattern"] / 100) * _moved(problem, solution, number, used)
    return points


def _crowded(rate: Rate, used: set[int]) -> int:
    """Pairs of uses that are closer together than an even week has them."""
    near = range(1, WEEK // rate.uses) if rate.uses > 1 else ()
    return sum(day + wait in used for day in used for wait in near)


def _moved(problem: Problem, solution: Solution, number: int, used: set[int]) -> int:
    """Uses on another day of the week than the week before, where that day was open."""
    item = problem.home.items[number]
    closed = item.closed.keys() | barred(problem, solution.taken, number).keys()
    since = solution.first.get(number, problem.length) if item.new else 0
    before = [day - WEEK for day in used]
    return sum(day >= since and day not in closed and day not in used for day in before)


# --- the planner ----------------------------------------------------------------------------------------------


def greedy(problem: Problem) -> Solution:
    """A plan that keeps every hard rule; its ``objective`` is its points, and nobody knows how far it is from the best.

    Appointments and wishes come first, pins are not looked at. ``problem`` must replace no other plan.
    """
    diary = Diary(problem, frozenset(_sessions(problem)))
    for number in sorted(range(len(problem.home.items)), key=lambda each: (-problem.home.items[each].fit, each)):
        diary.place(number)
    solution = diary.solution()
    points = score(problem, solution)
    return replace(solution, dropped=tuple(dropped(problem, solution)), objective=points, bound=points)


def _sessions(problem: Problem) -> list[int]:
    """What stands, then one session for each wish, then whatever is worth its visit; each time the best one first."""
    taken: list[int] = []
    openings = problem.openings
    order = sorted(range(len(openings)), key=lambda each: (-openings[each].value, openings[each].day, each))
    for number in order:
        if openings[number].standing is Standing.BOOKED and _may_take(problem, taken, number):
            taken.append(number)
    for name in problem.wanted:
        free = (each for each in order if openings[each].treatment == name and _may_take(problem, taken, each))
        if name not in {openings[each].treatment for each in taken}:
            taken += [number for number, _ in zip(free, range(1), strict=False)]
    for number in order:
        costs = problem.weights["visit"] * (len(taken) + 1)
        if openings[number].value > costs and _may_take(problem, taken, number):
            taken.append(number)
    return taken


def _may_take(problem: Problem, taken: list[int], number: int) -> bool:
    opening = problem.openings[number]
    chosen = [problem.openings[each] for each in taken]
    if number in taken or opening.against or (opening.standing is not Standing.BOOKED and opening.day in problem.away):
        return False
    if any({each.first, each.second} <= {number, *taken} for each in problem.conflicts if number in each[:2]):
        return False
    most = problem.most.get(opening.treatment, len(problem.openings))
    if [each.treatment for each in chosen].count(opening.treatment) >= most:
        return False
    return problem.budget is None or _cents([*chosen, opening]) <= problem.budget


def _cents(openings: Iterable[Opening]) -> int:
    return sum(opening.cents for opening in openings)


@dataclass
class Diary:
    """Care at home while it is being planned."""

    problem: Problem
    taken: frozenset[int]
    """Openings that have a session."""
    used: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Item to the days on which it is used."""
    deep: set[tuple[int, int]] = field(default_factory=set)
    """(item, day), on a deep-clean evening."""
    evenings: set[int] = field(default_factory=set)
    first: dict[int, int] = field(default_factory=dict)
    daily: set[int] = field(default_factory=set)

    def solution(self) -> Solution:
        """What was planned, with no points yet."""
        return Solution(
            taken=self.taken,
            used=frozenset((number, day) for number, days in self.used.items() for day in days),
            deep=frozenset(self.deep),
            evenings=frozenset(self.evenings),
            first=self.first,
            daily=frozenset(self.daily),
            dropped=(),
            objective=0,
            bound=0,
            proven=False,
        )

    def place(self, number: int) -> None:
        """Use an item as soon and as often as it may be."""
        item, one_way = self.problem.home.items[number], self.problem.home.one_way
        if number in one_way and any(self.used[each] for each in one_way):
            return
        if item.daily:
            open_days = [day for day in range(self.problem.length) if day not in item.closed]
            if all(self._in_time(day, number, deep=day in self.evenings) for day in open_days):
                self.daily.add(number)
            return
        since = self._start(number) if item.new else 0
        if since is None:
            return
        if item.new:
            self.first[number] = since
        for day in range(since, self.problem.length):
            deep = self._way(number, day)
            if deep is not None:
                self._use(number, day, deep=deep)

    def _use(self, number: int, day: int, *, deep: bool) -> None:
        self.used[number].add(day)
        if deep:
            self.deep.add((number, day))
            self.evenings.add(day)

    # --- when --------------------------------------------------------------------------------------------------

    def _start(self, number: int) -> int | None:
        """The first day on which something new may begin."""
        home = self.problem.home
        for day in range(self.problem.length):
            gaps = all(
                day - other >= home.items[each].gap if other <= day else other - day >= home.items[number].gap
                for each, other in self.first.items()
            )
            windows = (range(begin, begin + home.new_window) for begin in range(day - home.new_window + 1, day + 1))
            few = all(sum(other in each for other in self.first.values()) < home.most_new for each in windows)
            can = not unstartable(self.problem, number, day) and self._calm(number, day)
            if gaps and few and can and self._way(number, day) is not None:
                return day
        return None

    def _calm(self, number: int, day: int) -> bool:
        """Whether nothing stands in the way of the test before a first use: a visit soon, or days that are closed."""
        hush = {each for opening in self.taken for each in self.problem.hush.get(opening, ())}
        closed = self.problem.home.items[number].closed.keys() | self._barred[number]
        return not (hush | closed) & set(range(max(0, day - self.problem.home.test_days), day + 1))

    def _way(self, number: int, day: int) -> bool | None:
        """Whether a use would be part of a deep-clean evening; None where there can be none."""
        item = self.problem.home.items[number]
        if day in item.closed or day in self._barred[number] or not self._seldom_enough(number, day):
            return None
        if any(self._meets(each, number, day) for each in self.problem.home.apart):
            return None
        ways = [deep for deep in self._evenings_for(item, day) if self._has_room(number, day, deep=deep)]
        return next((deep for deep in ways if self._in_time(day, number, deep=deep)), None)

    @cached_property
    def _barred(self) -> Mapping[int, frozenset[int]]:
        """Item to the days that sessions rule out."""
        numbers = range(len(self.problem.home.items))
        return {number: frozenset(barred(self.problem, self.taken, number)) for number in numbers}

    @cached_property
    def _no_deep_evening(self) -> frozenset[int]:
        by_session = (day for opening in self.taken for day in self.problem.deep_bars.get(opening, {}))
        return frozenset((*self.problem.home.deep_closed, *by_session))

    def _seldom_enough(self, number: int, day: int) -> bool:
        item = self.problem.home.items[number]
        if not _fits(self.used[number], day, rate_on(item, self.first.get(number, day), day)):
            return False
        shared = [each for each in self.problem.home.shared if number in each.items]
        return all(_fits([used for item in each.items for used in self.used[item]], day, each.rate) for each in shared)

    def _meets(self, each: Apart, number: int, day: int) -> bool:
        """Whether a pair keeps an item away from what is used on the day already."""
        if number not in {each.first, each.second}:
            return False
        other = each.second if each.first == number else each.first
        if day not in self.used[other]:
            return False
        one, two = self.problem.home.items[number], self.problem.home.items[other]
        in_evening = bool((one.evening or one.deep_clean) and (two.evening or two.deep_clean))
        in_morning = bool(one.morning and two.morning)
        return {"day": True, "evening": in_evening, "half": in_evening or in_morning}.get(each.where, False)

    # --- where -------------------------------------------------------------------------------------------------

    def _evenings_for(self, item: Item, day: int) -> tuple[bool, ...]:
        """Ways to use it on a day, the better one first: with a deep-clean evening or without."""
        if day in self.evenings:
            return (True,) if item.deep_clean else (False,) if item.morning else ()
        ordinary = (False,) if item.morning or item.evening else ()
        return (True, *ordinary) if self._may_open(item, day) else ordinary

    def _may_open(self, item: Item, day: int) -> bool:
        """Whether a deep-clean evening can begin with this item: what is planned for the evening stays as it is."""
        if not MASKS & set(item.deep_clean) or day in self._no_deep_evening:
            return False
        items = self.problem.home.items
        there = [items[number] for number, days in self.used.items() if day in days]
        return not any(each.evening for each in there) and _fits(self.evenings, day, self.problem.home.deep_rate)

    def _has_room(self, number: int, day: int, *, deep: bool) -> bool:
        filled = set(ONE_ONLY).intersection(_layers(self.problem.home.items[number], deep=deep))
        others = [each for each, days in self.used.items() if day in days]
        there = {layer for each in others for layer in self._filled(each, day)}
        if day in self.evenings:
            there.add("pm_active")
        return not filled & there

    def _filled(self, number: int, day: int) -> tuple[str, ...]:
        return _layers(self.problem.home.items[number], deep=(number, day) in self.deep)

    # --- how long ----------------------------------------------------------------------------------------------

    def _in_time(self, day: int, number: int, *, deep: bool) -> bool:
        """Whether a day with one more item takes no longer than the person has."""
        minutes, items = self.problem.home.minutes, self.problem.home.items
        if minutes is None:
            return True
        deep_evening = deep or day in self.evenings
        layers = {each: self._filled(each, day) for each, days in self.used.items() if day in days}
        for each in self.daily | ({number} if items[number].daily else set()):
            layers[each] = _layers(items[each], deep=deep_evening) if day not in items[each].closed else ()
        layers.setdefault(number, _layers(items[number], deep=deep))
        longest: dict[str, float] = {}
        for each, filled in layers.items():
            for layer in filled:
                longest[layer] = max(longest.get(layer, 0), items[each].minutes)
        return _tenths_of(minutes, longest, deep_evening=deep_evening) <= round(minutes.limit * MINUTE_PARTS)


def _layers(item: Item, *, deep: bool) -> tuple[str, ...]:
    """The layers that an item fills on a day."""
    return (*item.morning, *(item.deep_clean if deep else item.evening))


def _tenths_of(minutes: Minutes, longest: Mapping[str, float], *, deep_evening: bool) -> int:
    """Tenths of minutes of a day: the basics, and each further layer for as long as the slowest product in it."""
    basics = (*minutes.morning, *(minutes.deep_clean if deep_evening else minutes.evening))
    more = longest.keys() - {*minutes.morning, *minutes.evening, *minutes.deep_clean}
    lengths = [minutes.of_layer[layer] for layer in basics]
    lengths += [max(minutes.of_layer[layer], longest[layer] if layer in ONE_ONLY else 0) for layer in more]
    return sum(round(length * MINUTE_PARTS) for length in lengths)


def _fits(used: Iterable[int], day: int, rate: Rate) -> bool:
    """Whether one use more keeps the rate in every stretch that holds the day."""
    if rate.uses >= rate.days:
        return True
    near = [each for each in used if abs(each - day) < rate.days]
    lasts = range(day, day + rate.days)
    return all(sum(last - rate.days < each <= last for each in near) < rate.uses for last in lasts)
