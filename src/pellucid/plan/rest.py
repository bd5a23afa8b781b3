"""What a plan that is made again does not do while the skin rests after irritation."""

from dataclasses import replace

from pellucid.plan.problem import Former, Home


def no_more_in_rest(at_home: Home, former: Former | None) -> Home:
    """While the skin rests, a new plan uses nothing on a day that the plan before left free of it."""
    if former is None:
        return at_home
    rule = ("home_number.rest_after_irritation",)
    rest = sorted(day for day in at_home.rest if day >= former.today)
    items = []
    for number, item in enumerate(at_home.items):
        free = [] if item.daily else [day for day in rest if not former.used.get((number, day))]
        closed = {day: (*item.closed.get(day, ()), *rule) for day in free}
        items.append(replace(item, closed={**item.closed, **closed}))
    return replace(at_home, items=tuple(items))
