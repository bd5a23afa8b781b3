"""The second stage: which new products begin, and on which day, given the sessions.

Each product is worth what it would bring on its own; a small model then finds the days that leave each the time it
needs. With these settled, the days themselves are found at once.
"""

from collections.abc import Collection

from pellucid.plan.encode import Encoder, IntVar
from pellucid.plan.problem import MASKS, ONE_ONLY, Item, Problem, Rules
from pellucid.plan.starts import begun, rate_on, started


def encode_introductions(
    encoder: Encoder, taken: frozenset[int], without: frozenset[int] = frozenset()
) -> dict[tuple[int, int], IntVar]:
    """(elected item, day) to whether it is used from that day on; ``without`` are items that are left out.

    What is not new needs no test and no gap: it is used from the first day that can still change, or not at all.
    """
    problem = encoder.problem
    firsts: dict[tuple[int, int], IntVar] = {}
    for number, item in enumerate(problem.home.items):
        if not item.elected or number in without:
            continue
        settled = begun(problem, number)
        if settled is not None:
            firsts[number, settled] = encoder.model.new_constant(1)
        hush = frozenset(day for opening in sorted(taken) for day in problem.hush.get(opening, ()))
        for day, value in started(problem, number, barred(problem, taken, number), hush).items():
            firsts[number, day] = encoder.var(f"first {item.product} {day}")
            encoder.aim(value + _as_before(problem, number, day), firsts[number, day])
        encoder.model.add_at_most_one(first for (each, _), first in firsts.items() if each == number)
    _spaced(encoder, firsts)
    _one_way(encoder, firsts)
    _no_rivals(encoder, firsts)
    _pinned(encoder, firsts)
    _wished(encoder, firsts)
    return firsts


def barred(problem: Problem, taken: frozenset[int], item: int) -> dict[int, Rules]:
    """The days that settled sessions rule out for an item."""
    found: dict[int, Rules] = {}
    for opening in sorted(taken):
        for day, rules in problem.bars.get(opening, {}).get(item, {}).items():
            found[day] = (*found.get(day, ()), *rules)
    return found


def _allows(item: Item, first: int, day: int) -> bool:
    """Whether a product begun on one day can be used on another, as far as its own rate goes."""
    rate = rate_on(item, first, day)
    return day == first or (day > first and (rate.uses > 1 or day - first >= rate.days))


def _as_before(problem: Problem, number: int, day: int) -> int:
    """Where this plan replaces another, it keeps its products, and each its first day, if it can."""
    planned = problem.former.first_use.get(number) if problem.former else None
    return problem.weights["changed_session"] * ((planned is not None) + (planned == day))


def _spaced(encoder: Encoder, firsts: dict[tuple[int, int], IntVar]) -> None:
    """One new thing at a time, and few in all."""
    home = encoder.problem.home
    new = {key: first for key, first in firsts.items() if home.items[key[0]].new}
    for (number, day), first in new.items():
        reach = range(day, day + home.items[number].gap)
        for other in sorted({item for item, _ in new} - {number}):
            soon = [new[other, later] for later in reach if (other, later) in new and later >= encoder.problem.today]
            if soon:
                encoder.model.add_at_most_one([first, *soon])
    for begin in range(max(1, encoder.problem.length - home.new_window + 1)):
        window = range(begin, begin + home.new_window)
        over = sum(day in window and day < encoder.problem.today for _, day in new)
        most = max(home.most_new, over)
        encoder.model.add(sum(first for (_, day), first in new.items() if day in window) <= most)


def _one_way(encoder: Encoder, firsts: dict[tuple[int, int], IntVar]) -> None:
    """One way to exfoliate: what the person already uses stays, and nothing joins it."""
    _one_of(encoder, firsts, encoder.problem.home.one_way)


def _no_rivals(encoder: Encoder, firsts: dict[tuple[int, int], IntVar]) -> None:
    """Nothing is brought in only to give way: of two for every day in a layer with room for one, one at most."""
    items = encoder.problem.home.items
    for layer in ONE_ONLY:
        rivals = [
            number
            for number, item in enumerate(items)
            if layer in (*item.morning, *item.evening) and not item.daily and not item.scarce
        ]
        if len(rivals) > 1:
            _one_of(encoder, firsts, rivals)
    for each in encoder.problem.home.apart:
        if each.where in {"half", "day"} and not (items[each.first].scarce or items[each.second].scarce):
            _one_of(encoder, firsts, (each.first, each.second))


def _one_of(encoder: Encoder, firsts: dict[tuple[int, int], IntVar], rivals: Collection[int]) -> None:
    """One of these is brought in at most, and none where the person has one; what was begun before stays."""
    problem = encoder.problem
    own = any(not problem.home.items[number].elected and _open(problem, number) for number in rivals)
    mine = {key: first for key, first in firsts.items() if key[0] in rivals}
    begun_before = any(day < problem.today for _, day in mine)
    ahead = [first for (_, day), first in mine.items() if day >= problem.today]
    encoder.model.add(sum(ahead) <= (0 if own or begun_before else 1))


def _open(problem: Problem, number: int) -> bool:
    closed = problem.home.items[number].closed
    return any(day not in closed for day in range(problem.today, problem.length))


def _pinned(encoder: Encoder, firsts: dict[tuple[int, int], IntVar]) -> None:
    """A pinned use of something new needs its first use by then, if that can be had."""
    problem = encoder.problem
    products = {item.product: number for number, item in enumerate(problem.home.items) if item.elected}
    for pin in problem.pins:
        number, day = products.get(pin.product), pin.on.toordinal() - problem.start
        if number is not None and problem.today <= day < problem.length:
            item = problem.home.items[number]
            by_then = [first for (each, on), first in firsts.items() if each == number and _allows(item, on, day)]
            kept = encoder.var(f"kept {pin.product} {pin.on}")
            encoder.model.add(sum(by_then) >= kept)
            encoder.aim(problem.weights["pin"], kept)


def _wished(encoder: Encoder, firsts: dict[tuple[int, int], IntVar]) -> None:
    """A treatment at home that was asked for needs something that does it, if that can be had."""
    problem = encoder.problem
    for wish in problem.home.wished:
        doing = wish.items
        if wish.evenings:
            doing = tuple(number for number, item in enumerate(problem.home.items) if MASKS & set(item.deep_clean))
        if wish.basics or any(not problem.home.items[number].elected and _open(problem, number) for number in doing):
            continue
        kept = encoder.var(f"kept {wish.treatment}")
        encoder.model.add(sum(first for (number, _), first in firsts.items() if number in doing) >= kept)
        encoder.aim(problem.weights["wish"], kept)
