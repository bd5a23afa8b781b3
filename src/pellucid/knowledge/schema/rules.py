"""Records that decide: contraindications, windows, ages, scope of practice, disagreements."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from pellucid.knowledge.schema.base import (
    Column,
    Days,
    Id,
    LevelName,
    Piece,
    Record,
    Sourced,
    Sources,
    StatusWord,
    Wait,
)

Override = Literal["none", "L1", "L2", "L3", "L4"]
Authority = Literal["law", "label", "guideline", "house"]
Clearance = Literal["physician_letter", "prescriber_letter", "test_spot", "guardian_consent"]


class Then(Piece):
    """What still holds after the cause has ended: a wait of days or calendar months."""

    effect: StatusWord = "defer"
    days: Days | None = None
    months: Annotated[int, Field(ge=1, le=60)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> "Then":
        if (self.days is None) == (self.months is None):
            raise ValueError("give either days or months")
        return self


class Rule(Record):
    """A condition and what it means for treatments; see docs/adr for how the parts combine."""

    when: str
    applies: Annotated[tuple[str, ...], Field(min_length=1)]
    """Treatment ids, families of treatments, or ``all``."""
    excepting: tuple[str, ...] = ()
    effect: StatusWord
    """While the condition holds."""
    then: Then | None = None
    """After it has ended."""
    before_days: Days = 0
    """How long before a dated thing that lies ahead the effect starts."""
    by_level: dict[LevelName, StatusWord] = Field(default_factory=dict)
    """A milder effect from a licence level on."""
    override: Override = "L3"
    """The lowest level that may override with a recorded reason; ``none`` allows no override."""
    lifted_by: tuple[Clearance, ...] = ()
    authority: Authority = "house"
    disagreement: Id | None = None
    regions: tuple[str, ...] = ()
    """Where it holds; empty means everywhere."""
    starts: date | None = None
    ends: date | None = None


class Contraindication(Rule):
    """Why a treatment is not for this person, not now, or only with care."""

    kind: ClassVar[str] = "contraindication"
    texts: ClassVar[tuple[str, ...]] = ("name", "reason", "next")

    evidence: str | None = None
    """Row of the table of general contraindications, such as GX10."""


class Age(Rule):
    """An age limit; ``when`` compares person.age."""

    kind: ClassVar[str] = "age"
    texts: ClassVar[tuple[str, ...]] = ("name", "reason", "next")


class ExtraWait(Wait):
    """A longer wait for some people."""

    when: str


class Cell(Wait):
    """One window for one column of treatments."""

    extra: tuple[ExtraWait, ...] = ()


class Window(Record):
    """Days around a session in which something must or must not happen.

    ``use``: a cosmetic product the client can pause; ``prescribed``: only the prescriber can agree to a pause;
    ``done``: something that was or will be done on a date; ``advice``: told, not screened; ``interval``: time
    since an earlier clinic treatment.
    """

    kind: ClassVar[str] = "window"
    texts: ClassVar[tuple[str, ...]] = ("name", "reason", "do")

    side: Literal["before", "after"]
    type: Literal["use", "prescribed", "done", "advice", "interval"]
    match: str | None = None
    """Dated facts that the window is about, as a condition."""
    pair: Id | None = None
    """For an ``after`` window: the ``before`` window of the same item, if any."""
    override: Override = "L3"
    authority: Authority = "house"
    disagreement: Id | None = None
    columns: dict[Column, Cell]

    @model_validator(mode="after")
    def _match_where_screened(self) -> "Window":
        if (self.type != "advice") != (self.match is not None):
            raise ValueError("match is needed for every type but advice")
        return self


class Scope(Record):
    """Which licence level a region's rules ask for. ``in_force`` is false for proposals: shown, not applied."""

    kind: ClassVar[str] = "scope"
    texts: ClassVar[tuple[str, ...]] = ("note",)

    region: str
    applies: Annotated[tuple[str, ...], Field(min_length=1)]
    min_level: LevelName
    authority: Authority = "law"
    in_force: bool = True
    starts: date | None = None
    ends: date | None = None


class Region(Record):
    """A region with its own rules; ``within`` is a wider region whose rules hold here too."""

    kind: ClassVar[str] = "region"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    within: Id | None = None
    scope_known: bool = False
    """Whether this base holds the region's licence rules; where not, the clinic must confirm them."""


class Position(Sourced):
    """One side of a disagreement; its words are texts named position_<id>."""

    id: Id


class Disagreement(Record):
    """Sources that contradict each other: both positions, and what the product does."""

    kind: ClassVar[str] = "disagreement"
    texts: ClassVar[tuple[str, ...]] = ("name", "resolution")

    seed: str | None = None
    """Row of the seeds' table of contradictions, such as K1."""
    positions: Annotated[tuple[Position, ...], Field(min_length=2)]
    resolution: Sources
    carried_by: Annotated[tuple[str, ...], Field(min_length=1)]
    """The records that put the resolution into effect, as kind.id."""

    def nested_texts(self) -> dict[str, tuple[str, ...]]:
        """One text a position."""
        return {"positions": tuple(position.id for position in self.positions)}


class Signal(Record):
    """A named condition used by several rules."""

    kind: ClassVar[str] = "signal"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    when: str
