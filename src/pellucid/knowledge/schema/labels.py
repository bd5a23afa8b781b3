"""Records with which an ingredient list is judged: kinds of product, the 1 % line, medicines, and the verdict's words.

What is known of the ingredients themselves stands in ``ingredient_limits.toml`` and the tables.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from pellucid.knowledge.schema.base import Id, Record
from pellucid.knowledge.schema.ingredients import Inci, OfIngredients, Percent


class ProductKind(Record):
    """A kind of product that a person would name."""

    kind: ClassVar[str] = "product_kind"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    rinse_off: bool | None = None
    """None where both are sold."""
    scopes: tuple[Id, ...] = ()
    """What limits take it for, beside leave-on and rinse-off."""
    layers: tuple[Id, ...] = ()
    """Where it goes at home; empty for what has no place in care of the face."""
    words: tuple[str, ...] = ()
    """How it is called near a list, lower case; longer ones count more."""
    exposures: tuple[str, ...] = ()
    """Dated facts that it counts as whatever is in it, such as an oil cleanser."""
    stands_for: Id | None = None
    """The home product whose rules hold where no active decides."""
    whatever_is_in_it: bool = False
    """Whether no active makes another home product of it."""
    windows: tuple[Id, ...] = ()
    """Advice around a session that is about this kind of product."""
    off_face: bool = False
    """Whether it never touches the face: nothing of care there, nor of a session, is about it."""
    untold: tuple[Id, ...] = ()
    """``ingredient_note`` records that don't hold for it, such as how to begin with what is used every day."""


class KindCue(Record):
    """Something in a list that speaks for a kind of product."""

    kind: ClassVar[str] = "kind_cue"

    suggests: Id
    also: tuple[Id, ...] = ()
    """Kinds that such a list fits as well: where the words name one of them, it speaks for that."""
    roles: tuple[Id, ...] = ()
    ingredients: tuple[Inci, ...] = ()
    main: bool = True
    """Only where the role is the ingredient's main one."""
    within: Annotated[int, Field(ge=1)] | None = None
    """Only among so many from the top."""
    least: Annotated[int, Field(ge=1)] = 1
    """So many ingredients of it at least."""
    without: tuple[Id, ...] = ()
    """Not where an ingredient among the first ten has one of these main roles."""
    weight: Annotated[float, Field(gt=0, le=10)]

    @model_validator(mode="after")
    def _looks_for_something(self) -> "KindCue":
        if not (self.roles or self.ingredients or self.without):
            raise ValueError("name roles or ingredients, or what must be missing")
        return self


class LineMarker(OfIngredients):
    """Ingredients of which a product hardly holds more than 1 %."""

    kind: ClassVar[str] = "line_marker"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    basis: Literal["law", "usual"]
    high: Percent
    from_position: Annotated[int, Field(ge=2)] = 2
    """It counts from this place on only: nearer the top there can be more of it after all."""


class ByAmount(Record):
    """Roles and classes of actives that need an amount: low in a list they don't count as what the product does."""

    kind: ClassVar[str] = "by_amount"

    roles: tuple[Id, ...] = ()
    """Where such a role isn't the main one, it counts only above the 1 % line."""
    exposures: tuple[str, ...] = ()


class LabelMedicine(Record):
    """An ingredient that is a medicine in many places, by the names under which a list has it."""

    kind: ClassVar[str] = "label_medicine"

    ingredients: Annotated[tuple[Inci, ...], Field(min_length=1)]
    exposures: tuple[str, ...] = ()
    """What it counts as: ``medicine.tretinoin`` where it is usually prescribed, an active where it is sold freely;
    empty where no rule about dated facts knows it."""
    sold_freely: bool = False
    """Whether it is sold without prescription in many places though it counts as no active."""
    prescribed_as: tuple[str, ...] = ()
    """What it is when a prescriber gave it, where that differs."""
    from_percent: Percent = 0
    """Below this share, where one is printed, it is a cosmetic."""

    @property
    def prescription(self) -> bool:
        """Whether it is usually prescribed."""
        medicine = not self.exposures or any(name.startswith("medicine.") for name in self.exposures)
        return medicine and not self.sold_freely


class VerdictSection(Record):
    """A heading of a verdict; the order of the file is the order in which people read it."""

    kind: ClassVar[str] = "verdict_section"
    texts: ClassVar[tuple[str, ...]] = ("name",)


class VerdictNote(Record):
    """One kind of note: where it stands, how it is meant and the words that begin it."""

    kind: ClassVar[str] = "verdict_note"
    texts: ClassVar[tuple[str, ...]] = ("say",)

    under: Id
    """Its section."""
    tone: Literal["avoid", "ask", "care", "tell", "good"]
