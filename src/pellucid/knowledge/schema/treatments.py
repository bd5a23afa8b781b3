"""Records about treatments: the catalogue, session protocols, after-care and stop signs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from pellucid.knowledge.schema.base import Column, Days, Id, LevelName, Piece, Record, Ref, Sourced, Span, Strength


class LowestLevel(Sourced):
    """The lowest licence level proposed; a region's scope rules can ask for more."""

    level: LevelName


class Suit(Sourced):
    """How far a treatment fits a finding (``pore_type.oily``, ``cause.excess_sebum``, ``goal.blackheads``)."""

    what: Ref
    weight: Annotated[float, Field(ge=-5, le=5)]


class Part(Piece):
    """A treatment inside another, such as steam in a facial; an optional part can be left out."""

    treatment: Id
    optional: bool = False


class Grade(Sourced):
    """How strong the evidence is that it helps pores."""

    strength: Strength


class Treatment(Record):
    """Something that can be done to the skin, at home or in a clinic. No price: price can't touch the ranking."""

    kind: ClassVar[str] = "treatment"
    texts: ClassVar[tuple[str, ...]] = ("name", "short", "how", "suits", "feels", "evidence", "result")

    families: Annotated[tuple[Id, ...], Field(min_length=1)]
    setting: Literal["home", "clinic", "medical"]
    level: LowestLevel
    licence_varies: bool = False
    """Whether regions differ in who may do it, so that an unlisted region must be confirmed."""
    offered: bool = True
    """Whether it is ranked as an option; advice and referral entries are not."""
    minutes: Span | None = None
    interval_days: Span | None = None
    sessions: Span | None = None
    downtime_hours: Span | None = None
    benefit: Grade
    columns: tuple[Column, ...] = ()
    """Columns of the windows table that hold for it; the strictest counts."""
    suits_what: tuple[Suit, ...] = ()
    parts: tuple[Part, ...] = ()
    instead: tuple[Id, ...] = ()
    """Gentler treatments to look at when this one is ruled out."""


class Step(Sourced):
    """One step of a session, with its time and the signs on which to stop."""

    id: Id
    minutes: tuple[float, float]
    optional: bool = False
    skip_when: str | None = None
    """A condition under which the step is left out or replaced."""
    stop: tuple[Id, ...] = ()
    part: Id | None = None
    """The treatment this step is."""


class Protocol(Record):
    """How a session runs, step by step."""

    kind: ClassVar[str] = "protocol"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    treatment: Id
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    def nested_texts(self) -> dict[str, tuple[str, ...]]:
        """What to do in each step."""
        return {"steps": tuple(step.id for step in self.steps)}


class StopSign(Record):
    """A sign on which a session stops, or after which the client seeks care."""

    kind: ClassVar[str] = "stop_sign"
    texts: ClassVar[tuple[str, ...]] = ("sign", "do")

    phase: tuple[Literal["during", "after"], ...]
    urgency: Literal["pause", "stop", "same_day", "emergency"]


class Aside(Piece):
    """Halves of days near a session on which care at home keeps to a few layers, and all others stand aside."""

    days: tuple[Days, Days]
    """The first and the last, counted away from the session's day, which is 0: ahead before it, on after it."""
    half: Literal["morning", "evening"] | None = None
    """Where one half alone is meant."""
    stays: tuple[Id, ...] = ()
    """Layers that stay; empty where none does."""
    shows: Id | None = None
    """A layer that is only something to do, and stands there for those that do not stay."""

    @model_validator(mode="after")
    def _ordered(self) -> "Aside":
        if self.days[0] > self.days[1]:
            raise ValueError("days run backwards")
        return self


class Aftercare(Record):
    """Something to do or leave after a session; dated limits are in the windows."""

    kind: ClassVar[str] = "aftercare"
    texts: ClassVar[tuple[str, ...]] = ("do",)

    applies: Annotated[tuple[str, ...], Field(min_length=1)]
    excepting: tuple[str, ...] = ()
    from_hours: Annotated[int, Field(ge=0)] = 0
    to_hours: Annotated[int, Field(ge=0)]
    aside: tuple[Aside, ...] = ()
    """What that means for care at home."""

    @model_validator(mode="after")
    def _within(self) -> "Aftercare":
        first, last = self.from_hours // 24, -(-self.to_hours // 24)
        if any(not first <= day <= last for each in self.aside for day in each.days):
            raise ValueError("aside has days on which the line does not hold")
        return self


class Precare(Record):
    """Something to do before a session, told and not screened."""

    kind: ClassVar[str] = "precare"
    texts: ClassVar[tuple[str, ...]] = ("do",)

    applies: Annotated[tuple[str, ...], Field(min_length=1)]
    excepting: tuple[str, ...] = ()
    from_days: Annotated[int, Field(ge=0)]
    to_days: Annotated[int, Field(ge=0)] = 0
    aside: tuple[Aside, ...] = ()
    """What that means for care at home."""

    @model_validator(mode="after")
    def _within(self) -> "Precare":
        if any(not self.to_days <= day <= self.from_days for each in self.aside for day in each.days):
            raise ValueError("aside has days on which the line does not hold")
        return self
