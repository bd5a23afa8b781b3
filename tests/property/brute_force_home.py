"""Days at home by trying everything: every way to use each product, on every set of deep-clean evenings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.property.brute_force import (
    NONE,
    Days,
    Way,
    choices,
    history,
    keeps,
    pinned,
    spaced,
    subsets,
    visit_points,
    ways,
    worth,
)

from pellucid.plan.problem import ONE_ONLY, Item, Problem

MASKS = {"dc_mask", "dc_exfoliate"}
"""Layers without which an evening is no deep-clean evening."""


@dataclass(frozen=True)
class AtHome:
    """Everything that the days ahead hold at home."""

    first: Mapping[int, int]
    used: Mapping[int, Days]
    evenings: Days
    """Deep-clean evenings."""
    daily: frozenset[int]

    def on(self, day: int) -> frozenset[int]:
        """The items that are used on a day, without those for every day."""
        return frozenset(number for number, days in self.used.items() if day in days)


def home_points(problem: Problem, taken: Days, begins: Mapping[int, int] | None, plan: AtHome) -> int | None:
    """What days at home bring; None where a rule forbids them."""
    if plan.evenings not in evening_sets(problem, taken) or not together(problem, plan):
        return None
    points = _whole_points(problem, plan)
    for number, item in enumerate(problem.home.items):
        if not item.daily:
            first, days = plan.first.get(number), plan.used.get(number, NONE)
            mine = [way for way in ways(problem, taken, number, begins) if (way.first, way.days) == (first, days)]
            if not mine or not _fits_evenings(item, days, plan.evenings):
                return None
            points += mine[0].points
    return points


def best_home(problem: Problem, taken: Days, begins: Mapping[int, int] | None, least: int | None = None) -> int | None:
    """The most that any days at home bring; None where none bring more than ``least``.

    ``begins`` gives what is new its first day, or leaves it out; where it is None any first day will do.
    """
    items = problem.home.items
    every = {number: ways(problem, taken, number, begins) for number, item in enumerate(items) if not item.daily}
    search = _Search(problem, least)
    for evenings in evening_sets(problem, taken):
        fitting = {
            number: [way for way in mine if _fits_evenings(items[number], way.days, evenings)]
            for number, mine in every.items()
        }
        for daily in subsets(number for number, item in enumerate(items) if item.daily):
            search.extend(AtHome({}, {}, evenings, daily), fitting, 0)
    return None if search.best == least else search.best


class _Search:
    """One item after the other, each in every way; only what can no longer beat the best is passed over."""

    def __init__(self, problem: Problem, least: int | None) -> None:
        self.problem = problem
        self.best = least

    def extend(self, plan: AtHome, left: Mapping[int, list[Way]], points: int) -> None:
        if not left:
            total = points + _whole_points(self.problem, plan)
            if (self.best is None or total > self.best) and together(self.problem, plan):
                self.best = total
            return
        number, *others = left
        most = _most(self.problem, plan) + sum(left[other][0].points for other in others)
        for way in left[number]:
            if self.best is not None and points + way.points + most <= self.best:
                return
            if self._goes_with(plan, number, way.days):
                first = {**plan.first, **({} if way.first is None else {number: way.first})}
                used = {**plan.used, number: way.days}
                rest = {other: left[other] for other in others}
                self.extend(AtHome(first, used, plan.evenings, plan.daily), rest, points + way.points)

    def _goes_with(self, plan: AtHome, number: int, days: Days) -> bool:
        """Whether nothing that is in the plan so far stands in its way on one of the days."""
        return all(
            goes_together(self.problem, {*plan.on(day), number}, deep=day in plan.evenings)
            for day in days
            if plan.on(day)
        )


def _whole_points(problem: Problem, plan: AtHome) -> int:
    """What no single item brings: deep-clean evenings, products for every day, and choices that could not stay."""
    lost = 0
    for number, day in pinned(problem):
        if problem.today <= day < problem.length:
            item = None if number is None else problem.home.items[number]
            daily = item is not None and number in plan.daily and day not in item.closed
            lost += not (daily or (number is not None and day in plan.used.get(number, NONE)))
    return _most(problem, plan) - problem.weights["pin"] * lost


def _most(problem: Problem, plan: AtHome) -> int:
    daily = [problem.home.items[number] for number in plan.daily]
    ahead = range(problem.today, problem.length)
    each_day = sum(worth(problem, item) * sum(day not in item.closed for day in ahead) for item in daily)
    return problem.weights["deep_clean"] * len(plan.evenings) + each_day


def evening_sets(problem: Problem, taken: Days) -> list[Days]:
    """Every set of evenings ahead that may be deep-clean evenings."""
    former = problem.former.deep if problem.former else {}
    past = frozenset(day for day, was in former.items() if was and day < problem.today)
    shut = problem.home.deep_closed.keys() | {day for each in taken for day in problem.deep_bars.get(each, {})}
    found: list[Days] = [NONE]
    for day in range(problem.today, problem.length):
        if day not in shut:
            found += [more for each in found if keeps(past | (more := each | {day}), day, problem.home.deep_rate)]
    return found


def _fits_evenings(item: Item, days: Days, evenings: Days) -> bool:
    """On a deep-clean evening only what has a place in it (or in the morning); what is for it alone, on no other."""
    if item.morning:
        return True
    return (bool(item.deep_clean) or not days & evenings) and (bool(item.evening) or days <= evenings)


def layers(item: Item, *, deep: bool) -> tuple[str, ...]:
    """The layers that an item fills on a day on which it is used."""
    return (*item.morning, *(item.deep_clean if deep else item.evening))


def goes_together(problem: Problem, there: Iterable[int], *, deep: bool) -> bool:
    """Whether items may be used on one day: a place for each, and no two that must not meet."""
    here = [problem.home.items[number] for number in sorted(there)]
    filled = [layer for item in here for layer in layers(item, deep=deep)]
    if any(filled.count(layer) > 1 for layer in ONE_ONLY):
        return False
    names = set(there)
    return not any(
        {each.first, each.second} <= names
        and _meet(problem.home.items[each.first], problem.home.items[each.second], each.where, deep=deep)
        for each in problem.home.apart
    )


def _meet(one: Item, other: Item, where: str, *, deep: bool) -> bool:
    morning = bool(one.morning and other.morning)
    evening = all(item.deep_clean if deep else item.evening for item in (one, other))
    return {"day": True, "evening": evening, "morning": morning, "half": morning or evening}[where]


def together(problem: Problem, plan: AtHome) -> bool:
    """Every rule that is about more than one item, or about a whole day."""
    days = range(problem.today, problem.length)
    ways_used = sum(bool(plan.used.get(number)) for number in problem.home.one_way)
    return (
        spaced(problem, plan.first)
        and ways_used <= 1
        and _shares(problem, plan)
        and all(goes_together(problem, plan.on(day), deep=day in plan.evenings) for day in days)
        and all(_has_mask(problem, plan.on(day)) for day in plan.evenings)
        and all(in_time(problem, plan, day) for day in days)
    )


def _has_mask(problem: Problem, there: Iterable[int]) -> bool:
    return any(MASKS & set(problem.home.items[number].deep_clean) for number in there)


def _shares(problem: Problem, plan: AtHome) -> bool:
    for shared in problem.home.shared:
        uses = [day for item in shared.items for day in (*history(problem, item), *plan.used.get(item, NONE))]
        for day in set(uses):
            for rate in (shared.rate, *([shared.resting] if day in problem.home.rest else [])):
                if day >= problem.today and sum(day - rate.days < each <= day for each in uses) > rate.uses:
                    return False
    return True


def in_time(problem: Problem, plan: AtHome, day: int) -> bool:
    """Whether a day with more than the basics takes no longer than the person has."""
    minutes, items, deep = problem.home.minutes, problem.home.items, day in plan.evenings
    there = [items[number] for number in (*plan.on(day), *plan.daily)]
    there = [item for item in there if day not in item.closed]
    if minutes is None or not there:
        return True
    filled = dict.fromkeys((*minutes.morning, *(minutes.deep_clean if deep else minutes.evening)), 0.0)
    for item in there:
        for layer in layers(item, deep=deep):
            filled[layer] = max(filled.get(layer, 0.0), item.minutes)
    return sum(max(minutes.of_layer[layer], longer) for layer, longer in filled.items()) <= minutes.limit


# --- all at once --------------------------------------------------------------------------------------------


def best_at_once(problem: Problem) -> int:
    """The most that sessions and days at home bring together."""
    best: int | None = None
    allowed = [(points, taken) for taken in choices(problem) if (points := visit_points(problem, taken)) is not None]
    for points, taken in sorted(allowed, key=lambda each: -each[0]):
        home = best_home(problem, taken, None, None if best is None else best - points)
        best = best if home is None else points + home
    assert best is not None
    return best
