"""Fragrance allergens that the EU wants printed by name: ``allergens.csv``, one entry of its list a row.

How to use it: ``allergens.of(inci)`` says which entry an ingredient belongs to, ``Allergen.stage(today)`` since when
it must be printed; from which share on is ``AllergenRule``. A row's ``label`` is the name a product has to print;
``inci`` are ingredient names that fall under it, ``other`` further names of the same thing. CAS numbers are for
reference: no text is searched for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from pellucid.knowledge.schema.base import Id, Piece, Sources
from pellucid.knowledge.schema.ingredients import Inci, Stage, stage
from pellucid.knowledge.tables import Row, make, read_table
from pellucid.model.errors import Problem

COLUMNS = ("entry", "reference", "label", "plant", "roles", "inci", "other", "cas", "new_from", "all_from", "source")
SEVERAL = ("roles", "inci", "other", "cas", "source")

Cas = Annotated[str, StringConstraints(pattern=r"^\d{2,7}-\d{2}-\d$")]
Name = Annotated[str, StringConstraints(min_length=1)]


class Allergen(Piece):
    """One entry of the EU's list."""

    entry: Id
    reference: Annotated[str, Field(pattern=r"^\d+[a-z]?$")]
    """Its number in Annex III."""
    label: Inci
    plant: bool
    """An oil or extract of a plant, which holds other allergens as well."""
    roles: Annotated[tuple[Id, ...], Field(min_length=1)]
    """What it is in a product for, where ``ingredients.csv`` has no line for it."""
    inci: tuple[Inci, ...] = ()
    other: tuple[Name, ...] = ()
    cas: tuple[Cas, ...] = ()
    new_from: date | None = None
    """First day on which products new on the market must print it; None: it has had to be printed for long."""
    all_from: date | None = None
    """First day on which every product on sale must."""
    source: Sources

    @model_validator(mode="after")
    def _both_dates_in_order(self) -> "Allergen":
        if (self.new_from is None) != (self.all_from is None):
            raise ValueError("give both dates or none")
        if self.new_from and self.all_from and self.new_from > self.all_from:
            raise ValueError("all_from is before new_from")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it may stand on a label, the one to print first."""
        return (self.label, *self.inci, *self.other)

    @property
    def recent(self) -> bool:
        """Whether it joined the list after the first 24."""
        return self.new_from is not None

    def stage(self, today: date) -> Stage:
        """Whether it must be printed on a day: not yet, on products new on the market, or on all."""
        return stage(self.new_from, self.all_from, today)


@dataclass(frozen=True)
class Allergens:
    """All entries, in the order of the list."""

    entries: Mapping[str, Allergen]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every listed name in capitals to its entry."""
        return {name.upper(): entry.entry for entry in self.entries.values() for name in entry.names}

    def of(self, name: str) -> Allergen | None:
        """The entry of an ingredient, by any of its listed names; capitals don't matter."""
        entry = self.names.get(name.upper())
        return self.entries[entry] if entry else None


def read_allergens(folder: Traversable, problems: list[Problem]) -> tuple[Allergens, bytes]:
    """The table and its bytes; what is wrong is added to ``problems``."""
    rows, raw = read_table(folder / "allergens.csv", COLUMNS, problems)
    entries: dict[str, Allergen] = {}
    taken: dict[str, str] = {}
    for row in rows:
        made = make(Allergen, row, _given(row), problems)
        if made is None:
            continue
        if made.entry in entries:
            problems.append(Problem(row.where("entry"), "this entry is there twice"))
        entries[made.entry] = made
        problems += _shared_names(row, made, taken)
    return Allergens(MappingProxyType(entries)), raw


def _shared_names(row: Row, made: Allergen, taken: dict[str, str]) -> Iterator[Problem]:
    for name in made.names:
        first = taken.setdefault(name.upper(), made.entry)
        if first != made.entry:
            yield Problem(row.where(), f"{name} is a name of {first} already")


def _given(row: Row) -> dict[str, object]:
    several = {column: row.values(column) for column in SEVERAL}
    dates = {column: row.cells[column] or None for column in ("new_from", "all_from")}
    return {**row.cells, **several, **dates}
