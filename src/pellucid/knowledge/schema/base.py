"""What every knowledge record has in common: an id, at least one source, frozen, no unknown keys."""

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
DottedId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]
Ref = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z][a-z0-9_.]*$")]
"""Another record, as ``kind.id``: ``treatment.aha_peel``."""

Sources = Annotated[tuple[str, ...], Field(min_length=1)]
Strength = Literal["A", "B", "C", "D", "S", "N"]
StatusWord = Literal["caution", "ask", "defer", "refer", "blocked"]
Column = Literal["extraction", "aha_peel", "carbon_laser", "microneedling", "radiofrequency", "microdermabrasion"]
"""A column of the windows table; a treatment names the ones that hold for it."""
LevelName = Literal["L0", "L1", "L2", "L3", "L4"]
Days = Annotated[int, Field(ge=0, le=3660)]


class Piece(BaseModel):
    """A part of a record: frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Sourced(Piece):
    """A value that carries its own source; ``verified`` is false where the source's text was not seen."""

    source: Sources
    verified: bool = True


class Record(Sourced):
    """One thing that is known, with an id unique among its kind."""

    kind: ClassVar[str]
    texts: ClassVar[tuple[str, ...]] = ()
    optional_texts: ClassVar[tuple[str, ...]] = ()

    id: Id

    def nested_texts(self) -> dict[str, tuple[str, ...]]:
        """Groups of texts below this record's own, such as one for each option of a question."""
        return {}

    @property
    def ref(self) -> str:
        """How other records point here."""
        return f"{self.kind}.{self.id}"


class Span(Sourced):
    """A low and a high number, such as minutes, days or sessions; equal where one number is known."""

    low: Annotated[float, Field(ge=0)]
    high: Annotated[float, Field(ge=0)]

    @model_validator(mode="after")
    def _ordered(self) -> "Span":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Weight(Sourced):
    """Evidence for a category: points that count when the condition holds. One question a condition."""

    when: str
    weight: Annotated[float, Field(ge=-5, le=5)]


class Wait(Sourced):
    """A stretch of time beside a session: the product's default, and the range that sources give."""

    days: Days | None = None
    hours: Annotated[int, Field(ge=0, le=24 * 60)] | None = None
    range: tuple[Days, Days] | None = None
    """Shortest and longest seen, in days."""

    @model_validator(mode="after")
    def _one_unit(self) -> "Wait":
        if (self.days is None) == (self.hours is None):
            raise ValueError("give either days or hours")
        if self.range and self.range[0] > self.range[1]:
            raise ValueError("range runs backwards")
        return self

    @property
    def whole_days(self) -> int:
        """The wait in whole days; a started day counts in full, which is the stricter reading."""
        return self.days if self.days is not None else math.ceil((self.hours or 0) / 24)


def values(piece: BaseModel, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Every string in a record, as (path, field name, value)."""
    for field in type(piece).model_fields:
        yield from _strings(getattr(piece, field), f"{prefix}.{field}", field)


def _strings(value: object, path: str, field: str) -> Iterator[tuple[str, str, str]]:
    match value:
        case str():
            yield path, field, value
        case BaseModel():
            yield from values(value, path)
        case tuple():
            for number, item in enumerate(value):
                yield from _strings(item, f"{path}[{number}]" if isinstance(item, BaseModel) else path, field)
        case dict():
            for key, item in value.items():
                yield from _strings(item, f"{path}.{key}", field)
