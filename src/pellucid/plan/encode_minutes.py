"""Minutes a day in the solver's words: which layers a day fills, and how long they take together."""

from collections.abc import Iterable, Iterator

from ortools.sat.python import cp_model

from pellucid.plan.encode import MINUTE_PARTS, Expr, IntVar
from pellucid.plan.home_vars import HomeModel
from pellucid.plan.problem import ONE_ONLY


def minutes(part: HomeModel) -> None:
    """On a day with more than the basics, all layers together take no longer than the person has."""
    minutes = part.care.minutes
    if minutes is None:
        return
    for day in range(part.today, len(part.days)):
        there = [used for (_, each), used in part.home.used.items() if each == day]
        there += [daily for number, daily in part.home.daily.items() if day not in part.care.items[number].closed]
        if not there:
            continue
        more = part.encoder.var(f"more than the basics {day}")
        for each in there:
            part.encoder.model.add_implication(each, more)
        limit = _tenths(minutes.limit)
        added = part.encoder.model.add(_taken(part, day) <= limit)
        added.only_enforce_if([more, *part.encoder.under("minutes.day")])


def _taken(part: HomeModel, day: int) -> Expr:
    """Tenths of minutes that a day's layers take."""
    minutes = part.care.minutes
    assert minutes is not None  # noqa: S101 - told by the caller, and mypy can't see it
    evening = part.home.evenings.get(day, 0)

    def tenths(names: Iterable[str]) -> int:
        return sum(_tenths(minutes.of_layer[name]) for name in names)

    total: Expr = cp_model.LinearExpr.sum([]) + tenths(minutes.morning) + tenths(minutes.evening) * (1 - evening)
    total += tenths(minutes.deep_clean) * evening
    basic = minutes.morning | minutes.evening | minutes.deep_clean
    for layer, length in minutes.of_layer.items():
        filled = list(_fillers(part, layer, day)) if layer not in basic else []
        if layer in ONE_ONLY:
            total += cp_model.LinearExpr.sum([_tenths(max(length, longer)) * each for longer, each in filled])
        elif filled:
            total += _tenths(length) * _any(part, [each for _, each in filled])
    return total


def _tenths(minutes: float) -> int:
    return round(minutes * MINUTE_PARTS)


def _fillers(part: HomeModel, layer: str, day: int) -> Iterator[tuple[float, Expr]]:
    """What may fill a layer on a day, with the minutes that it takes where they are more than the layer's."""
    evening = part.home.evenings.get(day)
    for number, item in enumerate(part.care.items):
        yield from ((item.minutes, each) for each in part.in_layer(layer, number, item, day))
        daily = part.home.daily.get(number)
        if daily is None or day in item.closed:
            continue
        if layer in item.morning or (layer in item.evening and evening is None):
            yield item.minutes, daily
        elif evening is not None and layer in item.evening:
            yield item.minutes, _only_if(part, daily - evening)
        elif evening is not None and layer in item.deep_clean:
            yield item.minutes, _only_if(part, daily + evening - 1)


def _only_if(part: HomeModel, least: Expr) -> IntVar:
    """Whether two things come together, as a variable that is at least so much."""
    found = part.encoder.var("")
    part.encoder.model.add(found >= least)
    return found


def _any(part: HomeModel, filled: list[Expr]) -> IntVar:
    found = part.encoder.var("")
    for each in filled:
        part.encoder.model.add(found >= each)
    return found
