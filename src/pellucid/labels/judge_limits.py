"""Printed shares above what a region allows or advises, and what it allows in no such product."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pellucid.knowledge.schema.ingredients import Bound, IngredientLimit, IngredientStatement
from pellucid.labels.bottle import Bottle, Item
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person
from pellucid.model.plan import Named, Value
from pellucid.model.verdict import Note, Text

CODES_AT = {"ahead": "limit_ahead", "new_products": "{}_new", "in_force": "{}"}
"""Stage of a dated limit to the code of its note."""
DIGITS = 3
"""A share that was worked out is told with so many digits behind the point."""


class Share(NamedTuple):
    """What a label prints of one ingredient, or of several that a limit counts as one; in percent."""

    items: tuple[Item, ...]
    printed: float
    counted: float
    """As the limit reckons it."""


def limits(bottle: Bottle, person: Person) -> Iterator[Note]:
    """Where a printed share is above what a region allows or advises, or where it allows none."""
    for record in bottle.knowledge.of(IngredientLimit).values():
        items = bottle.under(record)
        bound = record.bound(bottle.scopes) if items else None
        if bound is None:
            continue
        if bound.prohibited:
            if _sure(record, bound, bottle):
                printed = max((item.mention.percent or 0 for item in items), default=0)
                yield _limit("limit_prohibited", record, bound, Share(items, printed, printed), person)
            continue
        for share in _shares(record, items):
            if share.counted > _most(record, bound, bottle):
                yield _limit("limit_over", record, bound, share, person)


def _shares(record: IngredientLimit, items: tuple[Item, ...]) -> Iterator[Share]:
    """Each printed share, or their sum for each product where the limit counts its ingredients together."""
    shares = [share for item in items for share in _share(record, item)]
    if not record.together:
        yield from shares
        return
    for product in dict.fromkeys(share.items[0].product for share in shares):
        own = [share for share in shares if share.items[0].product == product]
        printed, counted = sum(share.printed for share in own), sum(share.counted for share in own)
        yield Share(tuple(share.items[0] for share in own), round(printed, DIGITS), round(counted, DIGITS))


def _share(record: IngredientLimit, item: Item) -> Iterator[Share]:
    percent = item.mention.percent
    counted = None if percent is None else record.reckoned(item.inci, percent)
    if percent is not None and counted is not None:
        yield Share((item,), percent, round(counted, DIGITS))


def _sure(record: IngredientLimit, bound: Bound, bottle: Bottle) -> bool:
    """Whether no other kind of product could be meant: a bound for some kinds counts only where the kind is known."""
    whatever = record.bounds == (bound,) and "any" in bound.scopes
    return whatever or (bottle.sure and bottle.product.rinse_off is not None)


def _most(record: IngredientLimit, bound: Bound, bottle: Bottle) -> float:
    """The highest share that is kept to for certain; where the kind isn't known, the highest that any kind may hold."""
    bounds = (bound,) if _sure(record, bound, bottle) else record.bounds
    return max(each.high for each in bounds if each.high is not None)


def _limit(code: str, record: IngredientLimit, bound: Bound, share: Share, person: Person) -> Note:
    ahead = record.before(bound)
    values: Values = {
        "region": Named("region", record.region),
        "where": _products((bound,)),
        "other": _products(ahead),
        "only": _products(each for each in ahead if not each.prohibited),
        "percent": share.printed,
        "amount": share.counted,
        "reckoned": (record.reckoned_as or "").lower(),
    }
    given: dict[str, Value | None] = {"high": bound.high, "low": bound.low, "ph": bound.ph_low}
    given |= {"new_from": record.new_from, "all_from": record.all_from}
    values |= {name: value for name, value in given.items() if value is not None}
    code = CODES_AT[record.stage(person.today)].format(code) if record.binding else "limit_advised"
    more = tuple(_more(record, bound, share, person))
    return write(
        code, record, person.knowledge, items=share.items, more=more, values=values, disagreement=record.disagreement
    )


def _products(bounds: Iterable[Bound]) -> tuple[Named, ...]:
    return tuple(Named("product_scope", scope) for bound in bounds for scope in bound.scopes)


def _more(record: IngredientLimit, bound: Bound, share: Share, person: Person) -> Iterator[Text]:
    """The bound, how the share was counted, what else the record says, and whom limits bind."""
    yield Text(f"limit_wording.{bound.wording}", "say")
    if share.counted != share.printed:
        yield Text("limit_wording.reckoned", "say")
    elif len(share.items) > 1 and not bound.prohibited:
        yield Text("limit_wording.together", "say")
    if person.knowledge.texts("en").has(record.ref, "note"):
        yield Text(record.ref, "note")
    statement = person.knowledge.of(IngredientStatement).get("limits_are_for_makers")
    if statement and record.binding:
        yield Text(statement.ref, "say")
