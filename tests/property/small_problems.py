"""Small planning problems, put together or drawn from a seed: a few days, products and openings, no person behind them.

A drawn problem holds whatever may stand between them: conflicts, bars, closed days, ramps, shared budgets, minutes and
pins, and some have days that are over. What is over kept its own rules there; where it didn't is tested by hand.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.property import brute_force as naive
from tests.sample_plan import START, slot

from pellucid.model.plan import Pin, Standing
from pellucid.plan.problem import (
    DAILY,
    Apart,
    Conflict,
    Former,
    Home,
    Item,
    Minutes,
    Opening,
    Problem,
    Rate,
    Rules,
    Shared,
    Stage,
)

RULE: Rules = ("house.rule",)

WEIGHTS: Mapping[str, int] = {
    "treatment_value": 200,
    "sooner": 40,
    "use": 10,
    "deep_clean": 60,
    "later_start": 20,
    "visit": 100,
    "cost": 120,
    "other_weekday": 25,
    "caution": 150,
    "crowded": 50,
    "other_pattern": 4,
    "wish": 20000,
    "pin": 40000,
    "booked": 100000,
    "changed_session": 3000,
    "changed_use": 80,
}

# --- put together by hand -----------------------------------------------------------------------------------


def item(product: str = "mask", **fields: Any) -> Item:
    """A product for the evening, used already, every day where nothing else is said."""
    plain: Mapping[str, Any] = {
        "fit": 4,
        "names": frozenset(),
        "morning": (),
        "evening": ("pm_active",),
        "deep_clean": (),
        "closed": {},
        "elected": fields.get("new", False),
    }
    return Item(product=product, **{**plain, **fields})


def opening(day: int, treatment: str = "facial", **fields: Any) -> Opening:
    """A time for a session that is worth its visit."""
    place = slot(treatment, START + timedelta(days=day))
    return Opening(**{"slot": place, "day": day, "value": 500, "cents": 6000, **fields})


def home(*items: Item, **fields: Any) -> Home:
    """Care at home with these products and nothing between them."""
    plain: Mapping[str, Any] = {
        "shared": (),
        "apart": (),
        "deep_closed": {},
        "deep_rate": Rate(1, 7),
        "test_days": 2,
        "unstartable": {},
        "rest": frozenset(),
        "most_new": 2,
        "new_window": 84,
    }
    return Home(items=items, **{**plain, **fields})


def problem(length: int, at_home: Home, *openings: Opening, **fields: Any) -> Problem:
    """So many days with these openings and products."""
    plain: Mapping[str, Any] = {"conflicts": (), "most": {}, "wanted": (), "bars": {}, "deep_bars": {}}
    plan = {**plain, **fields}
    return Problem(START.toordinal(), length, openings=openings, home=at_home, **{"weights": WEIGHTS, **plan})


# --- drawn problems -----------------------------------------------------------------------------------------

RATES = (Rate(1, 7), Rate(2, 7), Rate(3, 7), Rate(5, 7), Rate(1, 3), Rate(1, 2), DAILY)

RAMPS = (
    (Stage(0, Rate(1, 7)), Stage(4, Rate(2, 7))),
    (Stage(0, Rate(1, 3)), Stage(3, Rate(1, 2)), Stage(6, DAILY)),
    (Stage(0, Rate(2, 7)), Stage(3, Rate(3, 7)), Stage(6, Rate(4, 7))),
)

KINDS: tuple[Mapping[str, Any], ...] = (
    {"morning": (), "evening": ("pm_active",), "deep_clean": ()},
    {"morning": (), "evening": ("pm_active",), "deep_clean": ("dc_exfoliate",)},
    {"morning": (), "evening": ("pm_active",), "deep_clean": ("dc_mask",)},
    {"morning": (), "evening": (), "deep_clean": ("dc_exfoliate",)},
    {"morning": (), "evening": (), "deep_clean": ("dc_steam",)},
    {"morning": ("am_serum",), "evening": (), "deep_clean": ()},
    {"morning": ("am_treatment",), "evening": (), "deep_clean": ()},
    {"morning": ("am_serum",), "evening": ("pm_serum",), "deep_clean": ()},
)

LAYER_MINUTES: Mapping[str, float] = {
    "am_cleanse": 1,
    "am_toner": 0.5,
    "am_serum": 0.5,
    "am_treatment": 0.5,
    "pm_cleanse": 1,
    "pm_active": 0.5,
    "pm_serum": 0.5,
    "dc_cleanse": 1,
    "dc_steam": 8,
    "dc_exfoliate": 2,
    "dc_mask": 13,
    "dc_toner": 0.5,
}


def random_problem(seed: int) -> Problem:
    """A small problem: a few days, products and openings, with whatever stands between them."""
    choose = random.Random(seed)  # noqa: S311 - cases to try, not secrets
    few = choose.random() < 0.5
    length, count = (choose.randint(7, 10), choose.randint(1, 2)) if few else (choose.randint(4, 7), 3)
    items = tuple(_item(choose, number, length) for number in range(count))
    ways = tuple(number for number, each in enumerate(items) if not each.daily) if choose.random() < 0.25 else ()
    items = tuple(
        replace(each, elected=each.new or (number in ways and choose.random() < 0.5))
        for number, each in enumerate(items)
    )
    today = choose.randint(1, 3) if choose.random() < 0.25 else 0
    openings = tuple(sorted(_openings(choose, today, length), key=lambda each: each.day))
    pins = tuple(_pin(choose, items, length) for _ in range(choose.choice((0, 0, 1, 2))))
    drawn = Problem(
        start=START.toordinal(),
        length=length,
        weights={**WEIGHTS, "deep_clean": choose.choice((0, 6, 60)), "later_start": choose.choice((0, 20, 80))},
        openings=openings,
        conflicts=tuple(_conflicts(choose, openings)),
        most={"facial": 1} if choose.random() < 0.3 else {},
        wanted=choose.choice(((), ("facial",), ("facial", "peel"))),
        home=replace(_home(choose, items, length, today), one_way=ways),
        bars={number: _barred(choose, items, each.day, length) for number, each in enumerate(openings)},
        deep_bars={number: _around(choose, each.day, length) for number, each in enumerate(openings)},
        hush={number: frozenset(_around(choose, each.day, length)) for number, each in enumerate(openings)},
        pins=pins,
        budget=choose.choice((None, None, 10000, 5000, 0)),
        away=dict.fromkeys(_some(choose, length, 0.15), "away.2026-11-23"),
        former=_former(choose, items, today, length) if today else None,
    )
    begun = {number: day for number in range(count) if (day := naive.begun(drawn, number)) is not None}
    kept_rules = naive.spaced(replace(drawn, former=None), begun) and naive.one_of_a_kind(drawn, begun)
    return drawn if kept_rules else replace(drawn, former=None)


def _some(choose: random.Random, length: int, chance: float) -> list[int]:
    return [day for day in range(length) if choose.random() < chance]


def _around(choose: random.Random, day: int, length: int) -> dict[int, Rules]:
    reach = choose.randint(0, 2)
    return dict.fromkeys((each for each in range(day - reach, day + reach + 1) if 0 <= each < length), RULE)


def _item(choose: random.Random, number: int, length: int) -> Item:
    closed = dict.fromkeys(_some(choose, length, choose.choice((0, 0.2, 0.5))), RULE)
    fit = choose.choice((1, 2.5, 4, 9))
    if choose.random() < 0.12:
        layers: Mapping[str, Any] = {"morning": ("am_toner",), "evening": (), "deep_clean": ("dc_toner",)}
        return item(f"daily_{number}", fit=fit, **layers, closed=closed, daily=True)
    kind = choose.choice(KINDS)
    new = choose.random() < 0.5
    stages = choose.choice(RAMPS) if new and choose.random() < 0.7 else ()
    return item(
        product=f"product_{number}",
        fit=fit,
        **kind,
        closed=closed,
        rate=stages[-1].rate if stages else choose.choice(RATES),
        resting=choose.choice((Rate(0, 7), Rate(1, 7), Rate(1, 3))),
        new=new,
        ramp="ramp" if stages else None,
        stages=stages,
        minutes=choose.choice((0, 13)) if "pm_active" in kind["evening"] else 0,
        gap=choose.choice((2, 3, 5)) if new else 0,
    )


def _openings(choose: random.Random, today: int, length: int) -> Iterator[Opening]:
    for number in range(choose.randint(0, 4)):
        treatment, day = choose.choice(("facial", "peel")), choose.randrange(today, length)
        booked = choose.random() < 0.2
        yield Opening(
            slot=slot(treatment, START + timedelta(days=day), hour=8 + number),
            day=day,
            value=choose.choice((-200, 90, 150, 600, 900)),
            cents=choose.choice((0, 3000, 6000)),
            standing=Standing.BOOKED if booked else Standing.PROPOSED,
            against=RULE if booked and choose.random() < 0.3 else (),
            was=f"{treatment}-{number}" if today and choose.random() < 0.3 else None,
        )


def _conflicts(choose: random.Random, openings: tuple[Opening, ...]) -> Iterator[Conflict]:
    for first, one in enumerate(openings):
        for second, other in enumerate(openings[:first]):
            apart = one.day - other.day
            if not apart or (one.treatment == other.treatment and apart < 4) or choose.random() < 0.15:
                yield Conflict(second, first, RULE)


def _barred(choose: random.Random, items: tuple[Item, ...], day: int, length: int) -> Mapping[int, Mapping[int, Rules]]:
    return {number: _around(choose, day, length) for number in range(len(items)) if choose.random() < 0.5}


def _pin(choose: random.Random, items: tuple[Item, ...], length: int) -> Pin:
    names = [*(each.product for each in items), *(["product_9"] if choose.random() < 0.2 else [])]
    return Pin(choose.choice(names), START + timedelta(days=choose.randint(-1, length)))


def _home(choose: random.Random, items: tuple[Item, ...], length: int, today: int) -> Home:
    pairs = [(one, two) for two in range(len(items)) for one in range(two)]
    apart = tuple(
        Apart("pair.some", *pair, choose.choice(("evening", "half", "day")))
        for pair in pairs
        if choose.random() < 0.4 and not any(_everywhere(items[each]) for each in pair)
    )
    shares = choose.random() < 0.3 and not today
    every = tuple(number for number, each in enumerate(items) if not each.daily)
    minutes = Minutes(
        limit=choose.choice((3, 10, 17, 25)),
        of_layer=LAYER_MINUTES,
        morning=frozenset({"am_cleanse"}),
        evening=frozenset({"pm_cleanse"}),
        deep_clean=frozenset({"dc_cleanse"}),
    )
    return Home(
        items=items,
        shared=(Shared("budget", choose.choice((Rate(1, 7), Rate(2, 7))), Rate(0, 7), every),) if shares else (),
        apart=apart,
        deep_closed=dict.fromkeys(_some(choose, length, choose.choice((0, 0.3, 1))), RULE),
        deep_rate=choose.choice((Rate(1, 7), Rate(1, 7), Rate(2, 7), Rate(1, 14))),
        test_days=choose.choice((1, 2)),
        unstartable=dict.fromkeys(_some(choose, length, 0.15), RULE),
        rest=frozenset(range(today, today + 2)) if choose.random() < 0.2 else frozenset(),
        most_new=choose.choice((1, 2)),
        new_window=choose.choice((6, 84)),
        minutes=minutes if choose.random() < 0.3 else None,
    )


def _everywhere(one: Item) -> bool:
    """What stands in both halves of a day, or on every day: a pair would leave it no place at all."""
    return one.daily or bool(one.morning and one.evening)


def _former(choose: random.Random, items: tuple[Item, ...], today: int, length: int) -> Former:
    """A plan before that kept its own rates, as far as they go."""
    used, first_use = {}, {}
    for number, each in enumerate(items):
        if each.daily:
            continue
        since = choose.randrange(length) if each.new else 0
        days: frozenset[int] = frozenset()
        for day in range(since, length):
            rate = naive.rate_on(each, since, day)
            more = days | {day}
            if day == since or (choose.random() < 0.6 and naive.keeps(more, day, rate)):
                days = more
        used.update({(number, day): True for day in days})
        if each.new:
            first_use[number] = since
    sessions = {treatment: choose.randint(0, 2) for treatment in ("facial", "peel")}
    return Former(today=today, used=used, deep={}, first_use=first_use, sessions=sessions)
