"""Care at home in the solver's words: how often, in which layer, what must not meet, and which evenings go deep."""

from collections.abc import Iterator, Mapping

from ortools.sat.python import cp_model

from pellucid.plan.encode import Encoder, Expr, IntVar
from pellucid.plan.encode_minutes import minutes
from pellucid.plan.encode_new import introductions
from pellucid.plan.encode_visits import Visits
from pellucid.plan.encode_wishes import home_wishes, pins
from pellucid.plan.home_vars import AtHome, HomeModel
from pellucid.plan.problem import MASKS, ONE_ONLY, WEEK, Apart, Item
from pellucid.plan.starts import worth

PATTERNED = 4
"""A product used up to so often a week has its days of the week; one used more often has no pattern to keep."""


def encode_home(
    encoder: Encoder, visits: Visits, taken: frozenset[int] | None, begins: Mapping[int, int] | None = None
) -> AtHome:
    """Everything that holds at home.

    ``taken`` are the openings that are settled, ``begins`` gives each new item that is settled the day of its first
    use; None leaves them open, so that they are found together with the days.
    """
    part = HomeModel(encoder, visits, taken, begins)
    part.variables()
    for number, item in enumerate(encoder.problem.home.items):
        if not item.daily:
            _item(part, number, item)
    _layers(part)
    _shared(part)
    _apart(part)
    _deep_evenings(part)
    introductions(part)
    for number, item in enumerate(encoder.problem.home.items):
        _evenly(part, number, item)
    home_wishes(part)
    pins(part)
    minutes(part)
    return part.home


def _item(part: HomeModel, number: int, item: Item) -> None:
    """How often it may be used, where on a deep-clean evening, and how evenly it should be."""
    uses = part.home.uses(number)
    name = f"product.{item.product}"
    if not item.stages:
        part.encoder.at_most(uses, item.rate, part.today, name, len(part.days))
    for day in sorted(part.care.rest):
        if day >= part.today:
            part.encoder.no_more(uses, day, item.resting, "home_number.rest_after_irritation")
    for day in range(part.today, len(part.days)):
        _on_a_deep_evening(part, number, item, day)
    _as_before(part, number, uses)


def _on_a_deep_evening(part: HomeModel, number: int, item: Item, day: int) -> None:
    used, evening = part.home.used.get((number, day)), part.home.evenings.get(day)
    if used is None:
        return
    model, deep = part.encoder.model, part.home.deep.get((number, day))
    if deep is not None:
        if evening is None:
            model.add(deep == 0)
        else:
            model.add_implication(deep, evening)
    if item.morning:
        return
    if deep is None:
        if evening is not None:
            model.add_at_most_one(used, evening)
    elif not item.evening:
        model.add(deep == used)
    elif evening is not None:
        model.add_bool_or([used.negated(), deep, evening.negated()])


def _evenly(part: HomeModel, number: int, item: Item) -> None:
    """Two uses closer together than an even week has them, and another day of the week than the week before."""
    weights, use = part.problem.weights, worth(part.problem, item)
    if item.daily or item.rate.days != WEEK or not 1 <= item.rate.uses <= PATTERNED:
        return
    uses = part.home.uses(number)
    even = WEEK // item.rate.uses
    for day in [each for each in uses if each >= part.today]:
        for wait in range(1, even if item.rate.uses > 1 else 1):
            if day + wait in uses:
                close = part.encoder.var("")
                part.encoder.model.add(close >= uses[day] + uses[day + wait] - 1)
                part.encoder.aim(-round(use * weights["crowded"] / 100), close)
        if day + WEEK in uses and weights["other_pattern"]:
            moved = part.encoder.var("")
            part.encoder.model.add(moved >= uses[day + WEEK] - uses[day] - _could_not(part, number, day))
            part.encoder.aim(-round(use * weights["other_pattern"] / 100), moved)


def _could_not(part: HomeModel, number: int, day: int) -> Expr:
    """At least 1 where the product could not be used on a day for the plan's own reasons: a visit, or not yet begun."""
    bars = part.problem.bars
    visits = [part.visits.taken[each] for each in part.open if day in bars.get(each, {}).get(number, {})]
    if part.begins is not None or not part.care.items[number].new:
        return cp_model.LinearExpr.sum(visits)
    begun = [first for (each, on), first in part.home.first.items() if each == number and on <= day]
    return cp_model.LinearExpr.sum(visits) + 1 - cp_model.LinearExpr.sum(begun)


def _as_before(part: HomeModel, number: int, uses: Mapping[int, Expr]) -> None:
    """Where this plan replaces another, every use that moves costs."""
    former = part.problem.former
    if former is None:
        return
    change = round(worth(part.problem, part.care.items[number]) * part.problem.weights["changed_use"] / 100)
    for day, used in uses.items():
        if day >= part.today:
            was = former.used.get((number, day), False)
            part.encoder.aim(change if was else -change, used)


def _layers(part: HomeModel) -> None:
    """Layers with room for one product; a deep-clean evening takes the place of the evening's active."""
    for layer in ONE_ONLY:
        for day in range(part.today, len(part.days)):
            there = [
                each for number, item in enumerate(part.care.items) for each in part.in_layer(layer, number, item, day)
            ]
            if layer == "pm_active" and day in part.home.evenings:
                there.append(part.home.evenings[day])
            if len(there) > 1:
                part.encoder.require(sum(there) <= 1)


def _shared(part: HomeModel) -> None:
    """Budgets that several products share, such as the one for everything that exfoliates."""
    for shared in part.care.shared:
        uses: dict[int, Expr] = {}
        for number in shared.items:
            for day, used in part.home.uses(number).items():
                uses[day] = uses[day] + used if day in uses else used
        name = f"cap.{shared.cap}"
        part.encoder.at_most(uses, shared.rate, part.today, name, len(part.days))
        for day in sorted(part.care.rest):
            if day >= part.today:
                part.encoder.no_more(uses, day, shared.resting, name)
    chosen = []
    for number in part.care.one_way:
        there = [used for day, used in part.home.uses(number).items() if day >= part.today]
        chosen.append(part.encoder.var(f"one way {number}"))
        part.encoder.model.add_max_equality(chosen[-1], [*there, 0])
    if len(chosen) > 1:
        part.encoder.require(sum(chosen) <= 1, "cap.exfoliation")


def _apart(part: HomeModel) -> None:
    """Pairs that must not meet."""
    for each in part.care.apart:
        for day in range(part.today, len(part.days)):
            for together in _meetings(part, each, day):
                part.encoder.forbid(together, (each.pair,))


def _meetings(part: HomeModel, each: Apart, day: int) -> Iterator[tuple[IntVar, ...]]:
    one, other = part.care.items[each.first], part.care.items[each.second]
    if one.daily or other.daily:
        return
    first, second = part.home.used.get((each.first, day)), part.home.used.get((each.second, day))
    if first is None or second is None:
        return
    in_morning = bool(one.morning and other.morning)
    in_evening = bool((one.evening or one.deep_clean) and (other.evening or other.deep_clean))
    if (
        each.where == "day"
        or (each.where in {"evening", "half"} and in_evening)
        or (each.where == "half" and in_morning)
    ):
        yield first, second


def _deep_evenings(part: HomeModel) -> None:
    """A deep-clean evening has a mask or an exfoliating step, and comes no more often than its cap."""
    evenings = part.home.evenings
    part.encoder.at_most(dict(evenings), part.care.deep_rate, part.today, "cap.deep_clean", len(part.days))
    for day, evening in evenings.items():
        if day < part.today:
            continue
        reasons = [
            part.home.deep[number, day]
            for number, item in enumerate(part.care.items)
            if MASKS & set(item.deep_clean) and (number, day) in part.home.deep
        ]
        part.encoder.model.add_bool_or([*reasons, evening.negated()])
