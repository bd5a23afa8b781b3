"""What a product may do for pores and skin, how strong the evidence is, and how it fits this person."""

from collections.abc import Iterator

from pellucid.consult.products import DAYS_A_MONTH, product_fit, ruled_out
from pellucid.consult.routine import ruled_out_by
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.ingredients import IngredientNote, UsefulStrength
from pellucid.labels.bottle import Bottle, Item
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person
from pellucid.model import spans
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, Text


def benefits(bottle: Bottle, person: Person) -> Iterator[Note]:
    """What is in it that may do something, pores first; and that nothing known is, where that is so."""
    pores = False
    for record in bottle.knowledge.of(IngredientNote).values():
        items = _doing(record, bottle) if record.tone == "benefit" and bottle.may_be(record.use) else ()
        about_you = _for_you(record, person)
        if not items or about_you is False:
            continue
        pores = pores or record.for_pores
        yield write(
            "pores_may" if record.for_pores else "skin_may",
            record,
            bottle.knowledge,
            items=items,
            values={"strength": Named("strength", record.strength)},
            more=(Text(record.ref, "say"),),
            strength=record.strength,
            personal=not record.for_everyone,
        )
    if not pores:
        yield write("pores_none", None, bottle.knowledge)
    yield from strengths(bottle)


def _doing(record: IngredientNote, bottle: Bottle) -> tuple[Item, ...]:
    items = bottle.under(record)
    return tuple(item for item in items if not (record.above_one_percent and item.mention.low))


def _for_you(record: IngredientNote, person: Person) -> bool:
    if record.for_everyone:
        return True
    return bool(person.findings.intersection(record.what)) or bool(record.when and person.holds(record.when))


def strengths(bottle: Bottle) -> Iterator[Note]:
    """Shares at which something was found to work, beside the one that is printed, if any."""
    for record in bottle.knowledge.of(UsefulStrength).values():
        by_share: dict[float | None, list[Item]] = {}
        for item in bottle.under(record) if bottle.may_be(record.use) else ():
            by_share.setdefault(item.mention.percent, []).append(item)
        for printed, items in by_share.items():
            less = printed is not None and printed < record.low
            code = "strength_unprinted" if printed is None else "strength_less" if less else "strength_printed"
            yield write(
                code,
                record,
                bottle.knowledge,
                items=items,
                values={"low": record.low, "high": record.high, "percent": printed or 0},
                more=(Text(record.ref, "say"),),
                strength=record.strength,
            )


def fit(bottle: Bottle, products: tuple[home.Product, ...], person: Person) -> Iterator[Note]:
    """How such a product suits the findings and wishes, and whether something rules it out or is still open."""
    if not products or person.profile is None or person.assessment is None:
        return
    for each in products:
        yield from _ruled_out(each, Named("product", each.id), person)
    product = products[0]
    named = Named("product", product.id)
    total, because = product_fit(product, person.assessment)
    good = tuple(Named("name", what) for what, weight, _ in because if weight > 0)
    bad = tuple(Named("name", what) for what, weight, _ in because if weight < 0)
    sources = tuple(dict.fromkeys(source for *_, each in because for source in each)) or product.source
    for code, why in (("fit_for", good), ("fit_against", bad)):
        if why:
            values: Values = {"product": named, "why": why, "points": total}
            yield write(code, product, bottle.knowledge, values=values, sources=sources, personal=True)


def _named(name: str, product: home.Product, person: Person) -> tuple[str | Named, ...]:
    """What someone told under a name: their own medicines and products, not every one of the group."""
    lasting = DAYS_A_MONTH * product.lately.months if product.lately and product.lately.when == name else 0
    own = tuple(fact.name for fact in person.told(name, lasting=lasting))
    return own or (Named("name", name),)


def _ruled_out(product: home.Product, named: Named, person: Person) -> Iterator[Note]:
    truth = ruled_out(product, person.evidence)
    today = person.today.toordinal()
    when = product.not_when or "medicine.unrecognised"
    if spans.contains(truth.yes, today):
        why = dict.fromkeys(
            each for name in ruled_out_by(product, person.evidence) for each in _named(name, product, person)
        )
        values: Values = {"product": named, "why": tuple(why)}
        yield write("fit_ruled_out", product, person.knowledge, values=values, personal=True)
    elif spans.contains(truth.unknown, today):
        yield write(
            "fit_open",
            product,
            person.knowledge,
            values={"product": named},
            personal=True,
            unknown=True,
            asks=person.open(when),
        )
