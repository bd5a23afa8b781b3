"""Treatments at home that were asked for: what does them, on which days they can't be, and what has no place at all."""

from collections.abc import Iterator
from dataclasses import replace

from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.plan.home import DEEP_CLEAN, Person, left_out, screened
from pellucid.plan.problem import MASKS, Home, HomeWish, Rules


def with_wishes(at_home: Home, person: Person, *, named: bool) -> Home:
    """Care at home with what was wished of it; where ``named``, also with what leaves a product out."""
    products = person.knowledge.of(home.Product).values() if named else ()
    without = {product.id: left_out(product, person) or _no_layer(product, person) for product in products}
    without = {name: rules for name, rules in without.items() if rules}
    at_home = replace(at_home, left_out=without)
    return replace(at_home, wished=tuple(_wished(at_home, person, named=named)))


def _no_layer(product: home.Product, person: Person) -> Rules:
    """The layers of a product of which this person's days have none."""
    if any(layer in person.layers for layer in product.layers):
        return ()
    return tuple(f"layer.{layer}" for layer in product.layers)


def _wished(at_home: Home, person: Person, *, named: bool) -> Iterator[HomeWish]:
    products = person.knowledge.of(home.Product)
    for name in wished_at_home(person):
        evenings = name == DEEP_CLEAN
        doing = {
            product.id
            for product in products.values()
            if (MASKS & set(product.layers) if evenings else product.screened_as == name)
        }
        items = (number for number, item in enumerate(at_home.items) if item.product in doing and not item.daily)
        yield HomeWish(
            treatment=name,
            items=() if evenings else tuple(items),
            evenings=evenings,
            basics=not doing,
            closed=at_home.deep_closed if evenings else screened(name, person, named=named),
            without=tuple(sorted(doing & at_home.left_out.keys())),
        )


def wished_at_home(person: Person) -> tuple[str, ...]:
    """The treatments asked for that people do themselves at home."""
    records = person.knowledge.of(Treatment)
    asked_for = (records[name] for name in dict.fromkeys(person.preferences.wanted) if name in records)
    return tuple(record.id for record in asked_for if record.offered and record.setting == "home")
