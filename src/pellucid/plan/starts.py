"""When something new could begin, and what it would bring if it began on a day. No solver here."""

from collections.abc import Mapping

from pellucid.plan.problem import WEEK, Item, Problem, Rate, Rules


def begun(problem: Problem, number: int) -> int | None:
    """The day of an item's first use, where that day is over."""
    day = problem.former.first_use.get(number) if problem.former else None
    return day if day is not None and day < problem.today else None


def unstartable(problem: Problem, number: int, day: int) -> Rules:
    """What stands against a first use on a day: it, or the test before it, would fall where nothing new is begun."""
    home = problem.home
    tested = day - home.test_days
    against = (*home.unstartable.get(day, ()), *home.unstartable.get(tested, ()))
    planned = problem.former.first_use.get(number) if problem.former else None
    under_way = planned is not None and tested >= planned - home.test_days
    if tested < problem.today and not under_way:
        against = (*against, "home_number.use_test")
    return against


def worth(problem: Problem, item: Item) -> int:
    """What one use brings: a product meant for once a week brings as much in that week as one for every day."""
    return round(problem.weights["use"] * item.fit * WEEK / max(1.0, item.rate.per_week))


def started(
    problem: Problem, number: int, barred: Mapping[int, Rules], hush: frozenset[int] = frozenset()
) -> dict[int, int]:
    """Day of a first use to what the item would bring on its own from then on, a later start costing a little.

    Days on which it can't begin are left out. What else the plan holds is not looked at: only how often the item may
    be used, and the days on which it can't be, whether by itself or because of a settled session. ``hush`` are days
    on which nothing new is tried or begun.
    """
    item = problem.home.items[number]
    if begun(problem, number) is not None:
        return {}
    days = range(problem.today, problem.length)
    free = [day for day in days if day not in item.closed and day not in barred]
    if not item.new:
        return {problem.today: worth(problem, item) * _uses_from(item, problem.today, free)} if free else {}
    return {
        first: worth(problem, item) * _uses_from(item, first, free) - later_start(problem, item, first)
        for first in free
        if not unstartable(problem, number, first)
        and not any(day in hush or day in item.closed or day in barred for day in _ahead(problem, first))
    }


def _ahead(problem: Problem, first: int) -> range:
    """The days of a test that are still ahead, and the first use."""
    return range(max(problem.today, first - problem.home.test_days), first + 1)


def later_start(problem: Problem, item: Item, day: int) -> int:
    """What it costs to begin something new on a day instead of at once."""
    return round(problem.weights["use"] * item.fit * problem.weights["later_start"] / 100 * day)


def _uses_from(item: Item, first: int, free: list[int]) -> int:
    """The most uses from a day on: each as soon as the rate allows it, which never costs a later one."""
    used: list[int] = []
    for day in free:
        if day >= first and _may(used, day, rate_on(item, first, day)):
            used.append(day)
    return len(used)


def rate_on(item: Item, first: int, day: int) -> Rate:
    """How often the item may be used on a day, if its first use was on another."""
    reached = [stage.rate for stage in item.stages if stage.after <= day - first]
    return reached[-1] if reached else item.rate


def _may(used: list[int], day: int, rate: Rate) -> bool:
    recent = 0
    for each in reversed(used):
        if each <= day - rate.days:
            break
        recent += 1
    return recent < rate.uses


def lost_at_home(problem: Problem) -> dict[str, int]:
    """About what a session of each treatment costs care at home: the uses that it rules out, at each product's rate.

    Of what would be new, the best few count that a plan may bring in. The same wherever in the plan it lies: a pause
    costs as much when it runs on beyond the last day.
    """
    home = problem.home
    new = sorted((n for n, item in enumerate(home.items) if item.new), key=lambda n: (-home.items[n].fit, n))
    counted = {n for n, item in enumerate(home.items) if not (item.new or item.daily)} | set(new[: home.most_new])
    found: dict[str, int] = {}
    for number, opening in enumerate(problem.openings):
        lost = 0.0
        for place, days in problem.bars.get(number, {}).items():
            item = home.items[place]
            if place in counted:
                share = min(1.0, item.rate.per_week / WEEK)
                lost += worth(problem, item) * share * sum(day not in item.closed for day in days)
        found[opening.treatment] = max(found.get(opening.treatment, 0), round(lost))
    return found
