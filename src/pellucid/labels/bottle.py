"""A label as it is judged: each ingredient with what is known of it, its place, and what the product counts as.

Nothing here knows a person. Roles and classes that need an amount count only where the list doesn't show that there is
little of it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.ingredients import IngredientFacts
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.ingredients import OfIngredients, words_in
from pellucid.knowledge.schema.labels import ByAmount, LabelMedicine, ProductKind
from pellucid.knowledge.schema.people import Exposure
from pellucid.labels.judge_outside import may_name_medicines, medicine_outside
from pellucid.labels.kind import SURE
from pellucid.model.label import Kind, Label
from pellucid.model.plan import Named
from pellucid.model.verdict import Line, Mention, ProductGuess


class Item(NamedTuple):
    """One ingredient with what is known of it."""

    mention: Mention
    facts: IngredientFacts | None
    """None where its name, or what it does, isn't known."""
    roles: frozenset[str]
    """Those that count at its place."""
    product: int = 0
    """Which product of the text it belongs to."""

    @property
    def inci(self) -> str:
        """Its canonical name; empty where it isn't known."""
        return self.mention.inci or ""

    def under(self, record: OfIngredients) -> bool:
        """Whether a record speaks of it."""
        return bool(self.inci) and record.concerns(self.inci, self.roles)


@dataclass(frozen=True)
class Bottle:
    """Everything that is known of a product from its label."""

    label: Label
    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    product: ProductGuess
    knowledge: Knowledge

    @cached_property
    def kind(self) -> ProductKind | None:
        """The record of its kind."""
        return self.knowledge.get(ProductKind, self.product.kind) if self.product.kind else None

    @property
    def sure(self) -> bool:
        """Whether its kind is given, or quite sure."""
        return self.kind is not None and (self.product.given or self.product.confidence >= SURE)

    @property
    def off_face(self) -> bool:
        """Whether it surely never touches the face."""
        return self.sure and self.kind is not None and self.kind.off_face

    @cached_property
    def daily(self) -> bool:
        """Whether it is used every day whatever is in it, such as sunscreen: nobody begins it, nor goes without."""
        kind = self.kind
        if not self.sure or kind is None or kind.stands_for is None or not kind.whatever_is_in_it:
            return False
        return self.knowledge.get(home.Product, kind.stands_for).basic

    @property
    def mornings_only(self) -> bool:
        """Whether it surely goes on in the morning and at no other time."""
        layers = self.kind.layers if self.sure and self.kind else ()
        return bool(layers) and all(self.knowledge.get(home.Layer, each).routine == "morning" for each in layers)

    @cached_property
    def products(self) -> int:
        """How many products the text has lists of."""
        return len({item.product for item in self.items})

    @cached_property
    def scopes(self) -> frozenset[str]:
        """What limits take it for."""
        stays = {True: {"rinse_off"}, False: {"leave_on"}, None: set()}[self.product.rinse_off]
        return frozenset(stays | set(self.kind.scopes if self.kind else ()))

    def may_be(self, use: str) -> bool:
        """Whether something told for products that stay on, or are rinsed off, may be about this one."""
        return use == "any" or self.product.rinse_off is None or (use == "rinse_off") == self.product.rinse_off

    def under(self, record: OfIngredients) -> tuple[Item, ...]:
        """The ingredients of which a record speaks."""
        found = [item for name in record.ingredients for item in self._by_name.get(name, ())]
        found += [item for word in record.words for item in self._worded(word, record)]
        found += [item for role in record.roles for item in self._by_role.get(role, ())]
        return tuple(sorted(dict.fromkeys(found), key=lambda item: item.mention.index))

    def _worded(self, word: str, record: OfIngredients) -> Iterator[Item]:
        """By a word of the name; of what is printed where the name is not known."""
        for item in self._by_word.get(word.partition(" ")[0], ()):
            if " " not in word or record.worded(item.inci or item.mention.text):
                yield item

    @cached_property
    def _by_word(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            for word in dict.fromkeys(words_in(item.inci or item.mention.text)):
                found.setdefault(word, []).append(item)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.inci, []).append(item)
        found.pop("", None)
        return found

    @cached_property
    def _by_role(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            for role in item.roles:
                found.setdefault(role, []).append(item)
        return found

    @cached_property
    def medicines(self) -> tuple[tuple[LabelMedicine, tuple[Item, ...]], ...]:
        """Medicines on the list, with the ingredients that are them."""
        records = self.knowledge.of(LabelMedicine).values()
        found = ((record, tuple(dict.fromkeys(self._as_medicine(record)))) for record in records)
        return tuple((record, items) for record, items in found if items)

    def _as_medicine(self, record: LabelMedicine) -> Iterator[Item]:
        """By INCI name, or by a word of what is printed where that is not known: most medicines have no INCI name."""
        for name in record.ingredients:
            for item in (*self._by_name.get(name, ()), *(each for each in self._unknown if _has_word(each, name))):
                if not record.from_percent or (item.mention.percent or 0) >= record.from_percent:
                    yield item

    @cached_property
    def outside(self) -> tuple[tuple[LabelMedicine, str], ...]:
        """Medicines that the text names beside its lists only, with the word that is printed."""
        if not may_name_medicines(self.label.text, self.knowledge):
            return ()
        listed = {record.id for record, _ in self.medicines}
        records = (each for each in self.knowledge.of(LabelMedicine).values() if each.id not in listed)
        found = ((record, medicine_outside(record, self.label)) for record in records)
        return tuple((record, word) for record, word in found if word)

    @cached_property
    def active_missing(self) -> bool:
        """Whether only the inactive ingredients of a medicine could be read."""
        kinds = {part.kind for part in self.label.parts}
        return Kind.INACTIVE in kinds and Kind.ACTIVE not in kinds

    def instead_of_items(self, name: str) -> tuple[str | Named, ...]:
        """What is named where no ingredient counts as a class: the medicine beside the list, or the kind of product."""
        words = tuple(
            word
            for record, word in self.outside
            if any(name in with_groups(each, self.knowledge) for each in record.exposures)
        )
        return words or ((Named("product_kind", self.kind.id),) if self.kind else ())

    @cached_property
    def _unknown(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.inci)

    @cached_property
    def prescription(self) -> frozenset[Item]:
        """What is usually prescribed; it counts as the medicine only."""
        return frozenset(item for record, items in self.medicines if record.prescription for item in items)

    @cached_property
    def present(self) -> dict[str, tuple[Item, ...]]:
        """Classes of dated facts, as conditions name them, of everything in it, however little."""
        return self._classes(enough_only=False)

    @cached_property
    def counted(self) -> dict[str, tuple[Item, ...]]:
        """Classes of dated facts that the product counts as; with no ingredient for what its kind alone brings."""
        return self._classes(enough_only=True)

    def _classes(self, *, enough_only: bool) -> dict[str, tuple[Item, ...]]:
        found: dict[str, dict[Item, None]] = {}
        for name, item in self._exposures(enough_only=enough_only):
            for each in with_groups(name, self.knowledge):
                found.setdefault(each, {}).update({item: None} if item else {})
        return {name: tuple(items) for name, items in found.items()}

    def _exposures(self, *, enough_only: bool) -> Iterator[tuple[str, Item | None]]:
        needing = {name for record in self.knowledge.of(ByAmount).values() for name in record.exposures}
        for item in self.items:
            active = item.facts.active if item.facts else None
            if (
                active
                and item not in self.prescription
                and not (enough_only and active in needing and item.mention.low)
            ):
                yield active, item
        for record, items in self.medicines:
            yield from ((name, item) for name in record.exposures for item in items)
        yield from ((name, None) for record, _ in self.outside for name in record.exposures)
        yield from ((name, None) for name in (self.kind.exposures if self.kind else ()))


def _has_word(item: Item, name: str) -> bool:
    printed = item.mention.text.upper()
    return name in printed and re.search(rf"\b{re.escape(name)}\b", printed) is not None


def with_groups(name: str, knowledge: Knowledge) -> tuple[str, ...]:
    """A class of dated facts and the groups that it belongs to, as conditions name them."""
    exposure = knowledge.of(Exposure).get(name)
    record = name.partition(".")[0]
    return (name, *(f"{record}.{group}" for group in (exposure.groups if exposure else ())))


def counting_roles(facts: IngredientFacts | None, *, low: bool | None, knowledge: Knowledge) -> frozenset[str]:
    """The roles of an ingredient at its place: the main one, and others where they need no amount or have it."""
    if facts is None:
        return frozenset()
    needing = {role for record in knowledge.of(ByAmount).values() for role in record.roles}
    main, *others = facts.roles
    return frozenset((main, *(role for role in others if role not in needing or low is False)))


def mentions(items: Iterable[Item]) -> tuple[Mention, ...]:
    """The places of ingredients."""
    return tuple(item.mention for item in items)
