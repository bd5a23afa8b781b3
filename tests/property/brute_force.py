"""The planner's problem solved a second time, by trying everything: slow, for small problems, and easy to check by eye.

The rules and goals are read again from the values in ``plan.problem``, as its docstrings and the goals of
``planning.toml`` say them; nothing of the solver's models is used. Where the two differ, one of them is wrong. Here are
sessions, single products and what begins; whole days at home are in ``brute_force_home``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, product

from pellucid.model.plan import Standing
from pellucid.plan.problem import ONE_ONLY, WEEK, Item, Problem, Rate

Days = frozenset[int]
NONE: Days = frozenset()


# --- sessions -----------------------------------------------------------------------------------------------


def best_visits(problem: Problem, *, costs: bool) -> int:
    """The most that any choice of openings brings before care at home is looked at."""
    every = (alone_points(problem, taken, costs=costs) for taken in choices(problem))
    return max(points for points in every if points is not None)


def choices(problem: Problem) -> Iterator[Days]:
    """Every set of openings."""
    return subsets(range(len(problem.openings)))


def subsets(of: Iterable[int]) -> Iterator[Days]:
    """Every subset."""
    every = list(of)
    return map(frozenset, chain.from_iterable(combinations(every, count) for count in range(len(every) + 1)))


def standing(problem: Problem, taken: Days) -> Days:
    """The openings around which all else is laid out: an appointment that nothing rules out counts until it is off."""
    booked = [number for number, each in enumerate(problem.openings) if each.standing is Standing.BOOKED]
    return taken | {number for number in booked if not problem.openings[number].against}


def visit_points(problem: Problem, taken: Days) -> int | None:
    """What a choice of openings brings; None where a rule forbids it."""
    if not may_visit(problem, taken):
        return None
    mine, weights = [problem.openings[number] for number in sorted(taken)], problem.weights
    names = [opening.treatment for opening in mine]
    booked = [each for each in problem.openings if each.standing is Standing.BOOKED]
    before = problem.former.sessions if problem.former else dict.fromkeys(names, len(names))
    return (
        sum(opening.value for opening in mine)
        + weights["changed_session"] * sum(opening.was is not None for opening in mine)
        - weights["changed_session"] * sum(max(0, names.count(name) - before.get(name, 0)) for name in set(names))
        - weights["visit"] * sum(range(len(mine) + 1))
        - weights["wish"] * sum(name not in names for name in problem.wanted)
        - weights["booked"] * sum(opening not in mine for opening in booked)
    )


def may_visit(problem: Problem, taken: Days) -> bool:
    """Whether every rule between sessions is kept."""
    openings, mine = problem.openings, [problem.openings[number] for number in sorted(taken)]
    proposed = [number for number in taken if openings[number].standing is Standing.PROPOSED]
    for conflict in problem.conflicts:
        for one, other in ((conflict.first, conflict.second), (conflict.second, conflict.first)):
            if one in taken and (other in taken or (one in proposed and other in standing(problem, taken))):
                return False
    if any(opening.against or opening.virtual for opening in mine):
        return False
    if any(openings[number].day in problem.away for number in proposed):
        return False
    names = [opening.treatment for opening in mine]
    if any(names.count(name) > most for name, most in problem.most.items()):
        return False
    return problem.budget is None or sum(openings[number].cents for number in proposed) <= problem.budget


def alone_points(problem: Problem, taken: Days, *, costs: bool) -> int | None:
    """What a choice of openings is worth with the room for pinned uses, and less what it roughly costs care at home."""
    points = visit_points(problem, taken)
    if points is None:
        return None
    if costs:
        points -= sum(_most_lost(problem, problem.openings[number].treatment) for number in taken)
    room = sum(
        number is not None and problem.today <= day < problem.length and day not in barred(problem, taken, number)
        for number, day in pinned(problem)
    )
    return points + problem.weights["pin"] * room


def _most_lost(problem: Problem, treatment: str) -> int:
    openings = enumerate(problem.openings)
    return max(_lost_at_home(problem, number) for number, each in openings if each.treatment == treatment)


def _lost_at_home(problem: Problem, opening: int) -> int:
    """Uses that an opening rules out, as often as each product is used; of what is new, of the best few alone."""
    items, lost = problem.home.items, 0.0
    new = sorted((-item.fit, number) for number, item in enumerate(items) if item.new)
    best = [number for _, number in new[: problem.home.most_new]]
    for number, days in problem.bars.get(opening, {}).items():
        item = items[number]
        if number in best if item.new else not item.daily:
            often = min(1, item.rate.uses / item.rate.days)
            lost += worth(problem, item) * often * len(days.keys() - item.closed.keys())
    return round(lost)


# --- one product --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """One way to use a product: from which day on where it is new, and on which days that are still ahead."""

    first: int | None
    days: Days
    points: int


def history(problem: Problem, number: int) -> Days:
    """The days that are over on which an item was used."""
    used = problem.former.used if problem.former else {}
    return frozenset(day for (item, day), was in used.items() if item == number and was and day < problem.today)


def begun(problem: Problem, number: int) -> int | None:
    """The first use of an item, where it is over."""
    first = problem.former.first_use.get(number) if problem.former else None
    return first if first is not None and first < problem.today else None


def barred(problem: Problem, taken: Days, number: int) -> Days:
    """The days that sessions close for an item."""
    return frozenset(day for opening in taken for day in problem.bars.get(opening, {}).get(number, {}))


def may_begin(problem: Problem, taken: Days, number: int, first: int) -> bool:
    """Whether a new product may be used for the first time on a day, and tried before it."""
    home = problem.home
    tested = first - home.test_days
    planned = problem.former.first_use.get(number) if problem.former else None
    in_time = tested >= problem.today or (planned is not None and tested >= planned - home.test_days)
    quiet = {day for opening in taken for day in problem.hush.get(opening, ())}
    shut = quiet | home.items[number].closed.keys() | barred(problem, taken, number)
    free = not shut & set(range(max(problem.today, tested), first + 1))
    return in_time and free and not {first, tested} & home.unstartable.keys()


def rate_on(item: Item, first: int | None, day: int) -> Rate:
    """How often: as the stage in which the day lies says, else the item's own."""
    reached = [stage.rate for stage in item.stages if first is not None and day - first >= stage.after]
    return reached[-1] if reached else item.rate


def keeps(used: Days, day: int, rate: Rate) -> bool:
    """Whether the days up to this one hold no more uses than the rate allows."""
    return sum(each in used for each in range(day - rate.days + 1, day + 1)) <= rate.uses


def day_sets(problem: Problem, number: int, first: int | None, free: Iterable[int], *, alone: bool) -> Iterator[Days]:
    """Every set of free days that an item's rate allows; ``alone`` leaves out what was before and the skin's rest."""
    item, past = problem.home.items[number], NONE if alone else history(problem, number)
    found: list[Days] = [NONE]
    for day in sorted(free):
        rates = [rate_on(item, first, day), *([item.resting] if day in problem.home.rest and not alone else [])]
        found += [
            with_it for each in found if all(keeps(past | (with_it := each | {day}), day, rate) for rate in rates)
        ]
    return iter(found)


def firsts(problem: Problem, taken: Days, number: int) -> list[int | None]:
    """From when on an elected item may be used, never included; a first use that is over stays."""
    over = begun(problem, number)
    if over is not None:
        return [over]
    if not problem.home.items[number].new:
        return [None, problem.today]
    return [None, *(day for day in range(problem.today, problem.length) if may_begin(problem, taken, number, day))]


def ways(problem: Problem, taken: Days, number: int, begins: Mapping[int, int] | None) -> list[Way]:
    """Every way to use an item that its own rules allow, what brings most first."""
    item = problem.home.items[number]
    shut = item.closed.keys() | barred(problem, taken, number)
    begin = _begin(problem, taken, number, begins)
    found = []
    for first in begin:
        since = problem.today if first is None else max(first, problem.today)
        left_out = item.elected and first is None and (item.new or (begins is not None and number not in begins))
        free = [] if left_out else [day for day in range(since, problem.length) if day not in shut]
        for days in day_sets(problem, number, first, free, alone=False):
            if first is None or first < problem.today or first in days:
                could = _could(problem, item, shut, first)
                found.append(Way(first, days, item_points(problem, number, first, days, could)))
    return sorted(found, key=lambda way: -way.points)


def _begin(problem: Problem, taken: Days, number: int, begins: Mapping[int, int] | None) -> list[int | None]:
    item = problem.home.items[number]
    if not item.new:
        return [None]
    if begins is None or begun(problem, number) is not None:
        return firsts(problem, taken, number)
    return [None, begins[number]] if number in begins else [None]


def _could(problem: Problem, item: Item, shut: Collection[int], first: int | None) -> Days:
    """Days on which it could be used: a week in which it could not be is no habit to keep."""
    since = first if item.new and first is not None else 0
    return frozenset(day for day in range(problem.today, problem.length) if day not in shut and day >= since)


def worth(problem: Problem, item: Item) -> int:
    """One use: as much in a week for a product meant for some days of it as for one for every day."""
    return round(problem.weights["use"] * item.fit * WEEK / max(1, item.rate.uses * WEEK / item.rate.days))


def later_start(problem: Problem, item: Item, first: int) -> int:
    """What it costs to begin on a day instead of at once."""
    return round(problem.weights["use"] * item.fit * first * problem.weights["later_start"] / 100)


def item_points(problem: Problem, number: int, first: int | None, days: Days, could: Days) -> int:
    """What the uses of one item bring, a late start, uses close together and a change of habit taken off."""
    item, weights, use = problem.home.items[number], problem.weights, worth(problem, problem.home.items[number])
    points = use * len(days)
    if first is not None:
        points -= later_start(problem, item, first)
    if item.rate.days == WEEK and 1 <= item.rate.uses <= 4:
        even = WEEK // item.rate.uses if item.rate.uses > 1 else 0
        close = sum(other - day < even for day, other in combinations(sorted(days), 2))
        moved = sum(day - WEEK in could and day - WEEK not in days for day in days)
        points -= close * round(use * weights["crowded"] / 100) + moved * round(use * weights["other_pattern"] / 100)
    if problem.former:
        was = [problem.former.used.get((number, day), False) for day in days]
        points += round(use * weights["changed_use"] / 100) * (sum(was) - (len(was) - sum(was)))
    return points


# --- what begins --------------------------------------------------------------------------------------------


def best_starts(problem: Problem, taken: Days, without: frozenset[int]) -> int:
    """The most that any choice of what to begin brings, each product taken on its own."""
    new = [number for number, item in enumerate(problem.home.items) if item.elected and number not in without]
    options = [
        [(first, start_points(problem, taken, number, first)) for first in firsts(problem, taken, number)]
        for number in new
    ]
    best = None
    for chosen in product(*options):
        begins = {number: first for number, (first, _) in zip(new, chosen, strict=True) if first is not None}
        if spaced(problem, begins) and one_of_a_kind(problem, begins):
            points = sum(value for _, value in chosen) + problem.weights["pin"] * _pins_begun(problem, begins)
            best = points if best is None else max(best, points)
    assert best is not None
    return best


def start_points(problem: Problem, taken: Days, number: int, first: int | None) -> int:
    """What a product would bring on its own from a day on."""
    item = problem.home.items[number]
    if first is None or first < problem.today:
        return 0
    shut = item.closed.keys() | barred(problem, taken, number)
    free = [day for day in range(first, problem.length) if day not in shut]
    sets = day_sets(problem, number, first, free, alone=True)
    most = max(len(days) for days in sets if first in days or not item.new)
    planned = problem.former.first_use.get(number) if problem.former else None
    kept = (planned is not None) + (planned == first)
    later = later_start(problem, item, first) if item.new else 0
    return worth(problem, item) * most - later + problem.weights["changed_session"] * kept


def spaced(problem: Problem, begins: Mapping[int, int]) -> bool:
    """One new product at a time, and few in all; what is over stays as it was."""
    home, today = problem.home, problem.today
    new = sorted((day, number) for number, day in begins.items() if home.items[number].new)
    for (first, one), (second, other) in combinations(new, 2):
        gap = max(home.items[one].gap, home.items[other].gap if first == second else 0)
        if second >= today and second - first < gap:
            return False
    for begin, _ in new:
        window = [day for day, _ in new if begin <= day < begin + home.new_window]
        if len(window) > home.most_new and max(window) >= today:
            return False
    return True


def one_of_a_kind(problem: Problem, begins: Mapping[int, int]) -> bool:
    """One way to exfoliate, nothing for every day beside another in a place for one; the person's own comes first."""
    items = problem.home.items

    def at_most_one(rivals: Iterable[int]) -> bool:
        own = any(not items[number].elected and _ever_open(problem, number) for number in rivals)
        begun_before = [number for number in begins if number in rivals and begins[number] < problem.today]
        ahead = [number for number in begins if number in rivals and begins[number] >= problem.today]
        return len(ahead) <= (0 if own or begun_before else 1)

    often = [number for number, item in enumerate(items) if not item.daily and item.rate.uses >= item.rate.days]
    places = [
        [number for number in often if layer in (*items[number].morning, *items[number].evening)] for layer in ONE_ONLY
    ]
    pairs = [{each.first, each.second} for each in problem.home.apart if each.where in {"half", "day"}]
    return (
        at_most_one(problem.home.one_way)
        and all(at_most_one(place) for place in places if len(place) > 1)
        and all(at_most_one(pair) for pair in pairs if pair <= set(often))
    )


def _ever_open(problem: Problem, number: int) -> bool:
    return any(day not in problem.home.items[number].closed for day in range(problem.today, problem.length))


def _pins_begun(problem: Problem, begins: Mapping[int, int]) -> int:
    """The pinned uses for which the first use comes in time, and not so shortly before that the rate forbids them."""
    found = 0
    for number, day in pinned(problem):
        if number is not None and number in begins and problem.today <= day < problem.length and begins[number] <= day:
            item, first = problem.home.items[number], begins[number]
            found += keeps(frozenset({first, day}), day, rate_on(item, first, day))
    return found


def pinned(problem: Problem) -> list[tuple[int | None, int]]:
    """The item (None where it is none) and the day of every choice that stays."""
    names = [item.product for item in problem.home.items]
    return [
        (names.index(pin.product) if pin.product in names else None, pin.on.toordinal() - problem.start)
        for pin in problem.pins
    ]
