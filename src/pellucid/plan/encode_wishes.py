"""What people ask of care at home, in the solver's words: treatments done at home, and choices that stay."""

from collections.abc import Iterator

from pellucid.plan.encode import IntVar
from pellucid.plan.home_vars import HomeModel
from pellucid.plan.problem import HomeWish


def home_wishes(part: HomeModel) -> None:
    """Each treatment at home that was asked for is done on some day, if it can be."""
    for wish in part.care.wished:
        name = f"want.{wish.treatment}"
        ways = list(_ways(part, wish))
        if part.encoder.explains:
            part.encoder.model.add_bool_or(ways).only_enforce_if(part.encoder.switch(name))
            continue
        part.home.dropped[name] = part.encoder.var(f"drop {name}")
        part.encoder.aim(-part.problem.weights["wish"], part.home.dropped[name])
        part.encoder.model.add_bool_or([*ways, part.home.dropped[name]])


def _ways(part: HomeModel, wish: HomeWish) -> Iterator[IntVar]:
    """Whatever would do; where this explains, also what is ruled out, each behind what rules it out."""
    if wish.evenings:
        yield from part.home.evenings.values()
    for number in wish.items:
        yield from (used for (each, _), used in part.home.used.items() if each == number)
    others = ("the basics",) if wish.basics else wish.without if part.encoder.explains else ()
    for other in others:
        for day in range(part.today, len(part.days)):
            closed = wish.closed.get(day, ())
            if not closed or part.encoder.explains:
                way = part.nowhere(other) if not wish.basics else part.encoder.var(f"{wish.treatment} {day}")
                if closed:
                    part.encoder.forbid((way,), closed)
                yield way


def pins(part: HomeModel) -> None:
    """Choices that stay, unless a rule stands against them."""
    products = {item.product: number for number, item in enumerate(part.care.items)}
    for pin in part.problem.pins:
        day = pin.on.toordinal() - part.problem.start
        if not part.today <= day < len(part.days):
            continue
        name = f"pin.{pin.product}@{pin.on}"
        used = _shown(part, pin.product, products.get(pin.product), day)
        if part.encoder.explains:
            part.encoder.require((used if used is not None else part.encoder.model.new_constant(0)) == 1, name)
            continue
        part.home.dropped[name] = part.encoder.var(f"drop {name}")
        part.encoder.aim(-part.problem.weights["pin"], part.home.dropped[name])
        kept = [used] if used is not None else []
        part.encoder.model.add_bool_or([*kept, part.home.dropped[name]])


def _shown(part: HomeModel, product: str, number: int | None, day: int) -> IntVar | None:
    """Whether a day holds a product; None where it can't, and nothing is to be explained."""
    if number is None:
        return part.nowhere(product) if part.encoder.explains else None
    if number not in part.home.daily:
        return part.home.used.get((number, day))
    item = part.care.items[number]
    if not (item.morning or item.evening or item.deep_clean):
        return part.nowhere(product) if part.encoder.explains else None
    closed = item.closed.get(day, ())
    if closed and not part.encoder.explains:
        return None
    shown = part.encoder.var(f"shown {product} {day}")
    part.encoder.model.add_implication(shown, part.home.daily[number])
    if closed:
        part.encoder.forbid((shown,), closed)
    _beside_sessions(part, number, day, shown)
    _in_its_layers(part, number, day, shown)
    return shown


def _beside_sessions(part: HomeModel, number: int, day: int, shown: IntVar) -> None:
    """What is used every day still stands aside on the days that a session rules out for it."""
    for opening in (*part.settled, *part.open):
        rules = part.problem.bars.get(opening, {}).get(number, {}).get(day)
        if rules:
            together = (shown,) if opening in part.settled else (shown, part.visits.taken[opening])
            part.encoder.forbid(together, rules)


def _in_its_layers(part: HomeModel, number: int, day: int, shown: IntVar) -> None:
    """What is used every day stands on a day only where one of its layers does: some have none but on one evening."""
    item, evening = part.care.items[number], part.home.evenings.get(day)
    if item.morning or (item.evening and item.deep_clean):
        return
    if item.evening and evening is not None:
        part.encoder.model.add_implication(shown, evening.negated())
    elif item.deep_clean and evening is not None:
        part.encoder.model.add_implication(shown, evening)
    elif not item.evening:
        part.encoder.model.add(shown == 0)  # on a day without a deep-clean evening
