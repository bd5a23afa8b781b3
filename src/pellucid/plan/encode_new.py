"""Something new in the solver's words: tried first, begun on one day, then ever more often, one new thing at a time."""

from collections.abc import Iterable, Mapping

from ortools.sat.python import cp_model

from pellucid.plan.encode import Expr, IntVar
from pellucid.plan.home_vars import HomeModel
from pellucid.plan.problem import Item, Rate
from pellucid.plan.starts import begun, later_start, unstartable


def introductions(part: HomeModel) -> None:
    """Something new is tried first, begins on one day, follows its ramp, and leaves the others time."""
    new = [number for number, item in enumerate(part.care.items) if item.new]
    for number in new:
        _first_use(part, number, part.care.items[number])
        _ramp(part, number, part.care.items[number])
    if part.begins is not None:
        return  # what begins when was settled before
    for number in new:
        _one_at_a_time(part, number, [other for other in new if other != number])
    _few_in_all(part)


def _few_in_all(part: HomeModel) -> None:
    """Few new products in any window; what began on days that are over counts, and is not undone."""
    for begin in range(max(1, len(part.days) - part.care.new_window + 1)):
        window = range(begin, begin + part.care.new_window)
        over = sum(day in window and day < part.today for _, day in part.home.first)
        ahead = [first for (_, day), first in part.home.first.items() if day in window and day >= part.today]
        room = max(0, part.care.most_new - over)
        if len(ahead) > room:
            part.encoder.require(_sum(ahead) <= room, "home_number.between_new_actives")


def _first_use(part: HomeModel, number: int, item: Item) -> None:
    settled = begun(part.problem, number)
    if part.begins is not None:
        settled = part.begins.get(number)
    for day in part.days:
        used = part.home.used.get((number, day))
        if used is None or (settled is not None and day != settled):
            continue
        against = unstartable(part.problem, number, day) if settled is None else ()
        if against and not part.encoder.explains:
            continue
        first = part.home.first[number, day] = part.encoder.var(f"first {item.product} {day}")
        if day < part.today:
            part.encoder.model.add(first == 1)
        if against:
            part.encoder.forbid((first,), against)
        _kept_from(part, number, item, day, first)
        part.encoder.aim(-later_start(part.problem, item, day), first)
        if day >= part.today:
            part.encoder.model.add_implication(first, used)
    _not_before(part, number)


def _kept_from(part: HomeModel, number: int, item: Item, day: int, first: IntVar) -> None:
    """No test and no first use on days that are closed for the product, or hushed because of a visit."""
    if part.begins is not None or day < part.today:
        return
    days = range(max(part.today, day - part.care.test_days), day + 1)
    closed = dict.fromkeys(rule for each in days for rule in item.closed.get(each, ()))
    if closed:
        part.encoder.forbid((first,), tuple(closed))
    for opening in (*part.settled, *part.open):
        bars = part.problem.bars.get(opening, {}).get(number, {})
        hush = part.problem.hush.get(opening, frozenset())
        rules = dict.fromkeys(rule for each in days for rule in bars.get(each, ()))
        if any(each in hush for each in days):
            rules["precare.nothing_harsh"] = None
        if rules:
            together = (first,) if opening in part.settled else (first, part.visits.taken[opening])
            part.encoder.forbid(together, tuple(rules))


def _not_before(part: HomeModel, number: int) -> None:
    """Nothing new is used before its first use, and there is one first use at most."""
    mine = {day: first for (each, day), first in part.home.first.items() if each == number}
    if mine:
        part.encoder.model.add_at_most_one(mine.values())
    so_far: list[Expr] = []
    for day in part.days:
        so_far += [mine[day]] if day in mine else []
        used = part.home.used.get((number, day))
        if used is not None and day >= part.today:
            part.encoder.model.add(used <= sum(so_far))


def _ramp(part: HomeModel, number: int, item: Item) -> None:
    uses = part.home.uses(number)
    firsts = {day: first for (each, day), first in part.home.first.items() if each == number}
    for place, stage in enumerate(item.stages):
        if stage.rate.uses >= stage.rate.days:
            continue
        for last in range(part.today, len(part.days)):
            if last not in uses:
                continue
            stretch = range(max(0, last - stage.rate.days + 1), last + 1)
            if stretch.start < part.today:
                constraint = _no_more(uses, stretch, item, place, firsts)
            else:
                constraint = _within(uses, stretch, item, place, firsts)
            part.encoder.require(constraint, f"ramp.{item.ramp}")


def _within(
    uses: Mapping[int, Expr], stretch: range, item: Item, place: int, firsts: Mapping[int, IntVar]
) -> cp_model.BoundedLinearExpression | bool:
    """A stretch keeps this stage's rate; where its last day is in a later stage, it may hold as many as that allows."""
    rate = item.stages[place].rate
    room: list[Expr] = []
    for other in range(len(item.stages)):
        count = rate.uses if other <= place else min(rate.days, _most_in(rate.days, item.stages[other].rate))
        room += [count * first for first in _in_stage(item, other, stretch[-1], firsts)]
    return _sum(uses[day] for day in stretch if day in uses) <= _sum(room)


def _no_more(
    uses: Mapping[int, Expr], stretch: range, item: Item, place: int, firsts: Mapping[int, IntVar]
) -> cp_model.BoundedLinearExpression | bool:
    """A stretch that reaches back into days that are over: no further use, where the product is in this stage."""
    rate = item.stages[place].rate
    here = _sum(_in_stage(item, place, stretch[-1], firsts))
    before = _sum(uses[day] for day in stretch[:-1] if day in uses)
    return before <= rate.uses - 1 + rate.days * (2 - uses[stretch[-1]] - here)


def _sum(parts: Iterable[Expr]) -> Expr:
    return cp_model.LinearExpr.sum(list(parts))


def _one_at_a_time(part: HomeModel, number: int, others: Iterable[int]) -> None:
    """While a product is new, no other begins before its gap is over."""
    gap = part.care.items[number].gap
    for (each, day), first in part.home.first.items():
        if each != number:
            continue
        for other in others:
            # Two that both began on days that are over may stand as close together as they do.
            reach = range(max(day, part.today), day + gap)
            soon = [part.home.first[other, later] for later in reach if (other, later) in part.home.first]
            if soon and part.encoder.explains:
                for one in soon:
                    part.encoder.forbid((first, one), ("home_number.between_new_actives",))
            elif soon:
                part.encoder.model.add_at_most_one([first, *soon])


def _in_stage(item: Item, place: int, day: int, firsts: Mapping[int, IntVar]) -> list[IntVar]:
    """The first uses with which an item would be in one stage of its ramp on a day."""
    begin = item.stages[place].after
    end = item.stages[place + 1].after if place + 1 < len(item.stages) else None
    return [first for on, first in firsts.items() if day - on >= begin and (end is None or day - on < end)]


def _most_in(days: int, rate: Rate) -> int:
    """The most uses that a rate allows in a stretch of so many days."""
    return -(-days // rate.days) * rate.uses
