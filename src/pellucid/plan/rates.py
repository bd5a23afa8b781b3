"""How often, as knowledge says it (times a week, or in two weeks), turned into uses within a number of days."""

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.plan.problem import DAILY, WEEK, Rate, Stage

RESTING = "sensitive"
"""The column of caps that holds while the skin rests."""


def rate(per_week: float) -> Rate:
    """A whole number of times holds in any seven days; "every third day" (2.33) is once in any three.

    >>> rate(2), rate(2.33), rate(3.5), rate(0.5), rate(7)
    (Rate(uses=2, days=7), Rate(uses=1, days=3), Rate(uses=1, days=2), Rate(uses=1, days=14), Rate(uses=1, days=1))
    """
    if per_week <= 0:
        return Rate(0, WEEK)
    if per_week >= WEEK:
        return DAILY
    if per_week == int(per_week):
        return Rate(int(per_week), WEEK)
    return Rate(1, round(WEEK / per_week))


def lower(*rates: Rate) -> Rate:
    """The one that allows least in a week."""
    return min(rates, key=lambda each: (each.per_week, -each.days))


def cap_rate(cap: home.Cap, skin: str, *, most: bool = False) -> Rate:
    """What a cap allows one kind of skin: its default, or the most of its range."""
    value = cap.for_skin(skin)
    times = value.range[1] if most and value.range else value.default
    return Rate(int(times), 2 * WEEK) if cap.unit == "per_two_weeks" else rate(times)


def product_rate(product: home.Product, skin: str, told: float | None, *, new: bool, knowledge: Knowledge) -> Rate:
    """How often a product may be used once it has been brought in.

    ``told`` is how often a week the person uses it already. Where a cap lets a ramp-up lead on, the ramp (or what the
    person is used to) may go beyond the cap's default, up to the top of its range.
    """
    if product.cap is None:
        return DAILY
    cap = knowledge.get(home.Cap, product.cap)
    if not cap.leads:
        return cap_rate(cap, skin)
    most = cap_rate(cap, skin, most=True)
    if new:
        return most
    usual = rate(told) if told else cap_rate(cap, skin)
    return lower(most, max(cap_rate(cap, skin), usual, key=lambda each: each.per_week))


def stages(ramp: home.Ramp | None, allowed: Rate) -> tuple[Stage, ...]:
    """The steps of a ramp-up, none of them above what is allowed at all; the last one goes on."""
    found = []
    day = 0
    for step in ramp.steps if ramp else ():
        found.append(Stage(day, lower(rate(step.per_week), allowed)))
        day += step.weeks * WEEK
    return tuple(found)
