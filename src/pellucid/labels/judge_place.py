"""Which home product a bottle stands for, where it goes in the order of layers, and on which evenings it does not."""

from collections.abc import Iterator

from pellucid.consult.products import ramp_for
from pellucid.knowledge.schema import home
from pellucid.labels.bottle import Bottle
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person, classes
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, Text

EXFOLIATING = "active.exfoliating_acid"
BROAD = frozenset({"active.strong_active", EXFOLIATING})
"""Groups of products that are not alike enough to stand for one another."""


def stands_for(bottle: Bottle) -> tuple[home.Product, ...]:
    """The home products whose rules hold, the one that it goes by first; several where several strong actives are in.

    By a strong active first, then by the kind, then by any active. Where the kind isn't known, by a strong active only.
    """
    if bottle.sure and bottle.kind and not bottle.kind.layers:
        return ()
    products = bottle.knowledge.of(home.Product)
    alike = sorted(
        (each for each in products.values() if _alike(each, bottle)),
        key=lambda each: -len(_shared(each, bottle)),
    )
    strong = tuple(each for each in alike if each.ramps or each.cap) or _any_acid(bottle)
    if bottle.kind is None:
        return strong
    own = products.get(bottle.kind.stands_for or "")
    if own and (bottle.kind.whatever_is_in_it or not strong):
        return (own,) if bottle.daily else (own, *(each for each in strong if each is not own))
    return strong or tuple(alike[:1])


def _any_acid(bottle: Bottle) -> tuple[home.Product, ...]:
    """An acid that stays on and is like no home product goes by the rules of the first that holds an acid."""
    if bottle.product.rinse_off or not bottle.counted.get(EXFOLIATING):
        return ()
    products = bottle.knowledge.of(home.Product).values()
    acids = (each for each in products if each.ramps and EXFOLIATING in classes(each, bottle.knowledge))
    return tuple(each for each in acids if not each.rinse_off)[:1]


def _alike(product: home.Product, bottle: Bottle) -> bool:
    """Shares an active, and goes where the bottle goes or, left on, is strong enough to decide where that is."""
    if not _shared(product, bottle):
        return False
    if bottle.kind and set(product.layers) & set(bottle.kind.layers):
        return bool(bottle.product.rinse_off) or not product.rinse_off
    return not bottle.product.rinse_off and not product.rinse_off and bool(product.ramps)


def _shared(product: home.Product, bottle: Bottle) -> frozenset[str]:
    """What both count as; the exact ingredient, or the narrow group of it."""
    return frozenset(name for name in classes(product, bottle.knowledge) - BROAD if bottle.counted.get(name))


def layers(bottle: Bottle, product: home.Product | None) -> tuple[str, ...]:
    """Where it goes, best first: as the product it stands for where an active decides, else as its kind."""
    own = bottle.kind.layers if bottle.kind else ()
    if product is None:
        return own
    shared = tuple(layer for layer in product.layers if layer in own)
    return product.layers if product.ramps or not shared else shared


def place(bottle: Bottle, product: home.Product | None, person: Person) -> Iterator[Note]:
    """Where it goes and how to begin."""
    knowledge = bottle.knowledge
    if bottle.kind is None:
        if bottle.products == 1:
            yield write("place_unknown", None, knowledge)
        return
    if bottle.sure:
        yield _where(bottle, product, person)
    else:
        yield write("place_unsure", bottle.kind, knowledge, values={"kind": Named("product_kind", bottle.kind.id)})
    if product and product.patch_test and not _known_to(product, person):
        yield write("place_test", product, knowledge)
        if person.skin and (ramp := ramp_for(product, person.skin, knowledge)):
            yield write("place_ramp", ramp, knowledge, more=(Text(ramp.ref, "how"),), personal=True)


def _where(bottle: Bottle, product: home.Product | None, person: Person) -> Note:
    knowledge, kind = bottle.knowledge, bottle.kind
    where = layers(bottle, product)
    if kind and not where:
        return write("place_none", kind, knowledge, values={"kind": Named("product_kind", kind.id)})
    rule = product or kind
    main = knowledge.get(home.Layer, where[0])
    values: Values = {"layers": tuple(Named("layer", each) for each in where)}
    told = person.profile is not None or person.plan is not None
    how = (Text(main.ref, "how"),) if told else ()
    return write("place", rule, knowledge, values=values, more=how, personal=told)


def _known_to(product: home.Product, person: Person) -> bool:
    return any(person.own(f"active.{active}") for active in product.actives)
