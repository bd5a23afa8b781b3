"""A cosmetic's ingredient text as it was read: which part of it is a list, and what each ingredient in it is.

Places are offsets in code points into the text exactly as it was given; every stretch is half open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Method(StrEnum):
    """How a name was recognised, the surest way first."""

    EXACT = "exact"
    """Letter by letter, but for capitals."""
    KEY = "key"
    """But for spaces, punctuation, accents, and remarks such as a common name in brackets."""
    SYNONYM = "synonym"
    """By another name for the same ingredient."""
    MISSPELLING = "misspelling"
    """By the one known name that it can be a slip of."""
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a stretch of the text lists."""

    INGREDIENTS = "ingredients"
    ACTIVE = "active"
    """Active ingredients of a medicine sold without prescription, printed apart."""
    INACTIVE = "inactive"
    """What else such a medicine holds."""
    MAY_CONTAIN = "may_contain"
    """Colours of which only some are in each shade."""


class LabelState(StrEnum):
    """Whether the text can answer what is in the bottle."""

    READ = "read"
    NO_LIST = "no_list"
    """The text can be read and holds no ingredient list."""
    UNREADABLE = "unreadable"
    """A list seems to be there, but too little of it can be recognised."""


class Ingredient(NamedTuple):
    """One entry of a list. A named tuple, because labels are read by the hundred thousand."""

    text: str
    """Exactly ``label.text[start:end]``."""
    start: int
    end: int
    inci: str | None
    """The canonical INCI name in capitals; None for what isn't known."""
    method: Method
    confidence: float
    """How sure the link is, 0 to 1; 0 for what isn't known."""
    percent: float | None = None
    """The strength printed beside it."""
    marks: frozenset[str] = frozenset()
    """Remarks printed with it: ``active``, ``fair_trade``, ``footnote``, ``may_contain``, ``nano``, ``organic``."""


@dataclass(frozen=True, slots=True)
class Part:
    """One list inside the text."""

    kind: Kind
    start: int
    end: int
    heading: str | None = None
    """What stands above it: a heading or the product's name."""
    product: int = 0
    """Which product the list belongs to where the text holds several, counted from 0."""

    def holds(self, ingredient: Ingredient) -> bool:
        """Whether the ingredient stands in this list."""
        return self.start <= ingredient.start and ingredient.end <= self.end


@dataclass(frozen=True)
class Label:
    """A text with what was recognised in it."""

    text: str
    parts: tuple[Part, ...] = ()
    """In order of the text; they don't overlap."""
    ingredients: tuple[Ingredient, ...] = ()
    """In order of the text; they don't overlap."""
    state: LabelState = LabelState.READ
    notes: tuple[str, ...] = ()
    """Codes of what a reader of the result should know."""

    def has(self, inci: str) -> bool | None:
        """Whether the ingredient is on the list.

        Returns:
            False if it is not among the names that were recognised; ``unknown`` holds the entries of which nobody can
            say. None where there is no list, or none that can be read.
        """
        if inci in self.names:
            return True
        return False if self.state is LabelState.READ else None

    @cached_property
    def names(self) -> frozenset[str]:
        """Every INCI name that was recognised."""
        return frozenset(ingredient.inci for ingredient in self.ingredients if ingredient.inci)

    @cached_property
    def unknown(self) -> tuple[Ingredient, ...]:
        """The entries that were not recognised."""
        return tuple(ingredient for ingredient in self.ingredients if ingredient.inci is None)

    def of(self, part: Part) -> Iterator[Ingredient]:
        """The ingredients of one of the lists."""
        return (ingredient for ingredient in self.ingredients if part.holds(ingredient))
