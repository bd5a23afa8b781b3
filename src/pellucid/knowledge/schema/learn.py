"""Records to read: sources, facts, myths, instruments, lifestyle, questions people ask."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pellucid.knowledge.schema.base import Record, Ref, Sources, Strength


class Source(Record):
    """Where something is known from; ``verified`` says whether its text was seen when it was entered."""

    kind: ClassVar[str] = "source"

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
    title: str
    type: Literal[
        "guideline",
        "trial",
        "society",
        "regulator",
        "law",
        "label",
        "manual",
        "study",
        "review",
        "textbook",
        "practice",
        "seed",
        "house",
    ]
    strength: Strength
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    seen: Literal["full", "part", "abstract", "quoted", "no"]
    url: str | None = None
    note: str | None = None
    source: Sources = ("self",)


class Fact(Record):
    """Something known about skin, pores or care."""

    kind: ClassVar[str] = "fact"
    texts: ClassVar[tuple[str, ...]] = ("title", "body")

    topic: Literal[
        "anatomy",
        "function",
        "lesion",
        "aim",
        "technique",
        "ingredient",
        "consultation",
        "evidence",
        "safety",
    ]


class Myth(Record):
    """Often said, not supported: the claim, and what can be said instead."""

    kind: ClassVar[str] = "myth"
    texts: ClassVar[tuple[str, ...]] = ("claim", "answer")

    verdict: Literal["not_supported", "weak", "metaphor", "appearance_only", "advertising"]
    claimed_by: Sources


class Instrument(Record):
    """A questionnaire, scale or device reading, and whether the product may use it."""

    kind: ClassVar[str] = "instrument"
    texts: ClassVar[tuple[str, ...]] = ("name", "use")

    licence: Literal["free", "free_cite", "ask", "not_bundled"]
    used: bool


class Advice(Record):
    """Hygiene and lifestyle, worded as weakly as its evidence."""

    kind: ClassVar[str] = "advice"
    texts: ClassVar[tuple[str, ...]] = ("do", "why")

    when: str | None = None
    """Shown first to people for whom this holds."""


class Faq(Record):
    """A question people ask."""

    kind: ClassVar[str] = "faq"
    texts: ClassVar[tuple[str, ...]] = ("question", "answer")

    see: tuple[Ref, ...] = ()


class Group(Record):
    """A family of treatments that rules can name, so that a misspelt one is an error."""

    kind: ClassVar[str] = "family"
    texts: ClassVar[tuple[str, ...]] = ("name",)
