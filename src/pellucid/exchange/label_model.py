"""The shape of what ``pellucid label --json`` prints: published as a JSON Schema, and what the terminal view shows.

Places are offsets in code points into ``text``; ids and dates are for machines, every ``name`` or ``said`` is in the
language of the file.
"""

from datetime import date
from typing import Literal

from pellucid.exchange.model import DisagreementOut
from pellucid.exchange.parts import Part, SourceOut

SCHEMA_VERSION = 1

MethodWord = Literal["exact", "key", "synonym", "misspelling", "unknown"]
StateWord = Literal["read", "no_list", "unreadable"]
ToneWord = Literal["avoid", "ask", "care", "tell", "good"]
KindWord = Literal["ingredients", "active", "inactive", "may_contain"]


class ListOut(Part):
    """One list inside the text."""

    kind: KindWord
    start: int
    end: int
    heading: str | None
    product: int
    """Which product the list belongs to where the text holds several, counted from 0."""


class IngredientOut(Part):
    """One entry of a list, as printed and as recognised."""

    text: str
    start: int
    end: int
    inci: str | None
    """The INCI name; null for what isn't known, which is never left out."""
    method: MethodWord
    confidence: float
    percent: float | None
    marks: list[str]


class MentionOut(Part):
    """An ingredient that a note is about."""

    index: int
    """Its place in ``ingredients``, from 0."""
    position: int | None
    """Its place in its own list, from 1; null in a list without an order."""
    text: str
    inci: str | None
    percent: float | None
    low: bool | None
    """Whether it stands where there is about 1 % or less; null where the list doesn't tell."""


class OnePercentOut(Part):
    """From which place on there is about 1 % or less of each."""

    product: int
    position: int
    marker: MentionOut
    basis: Literal["law", "usual"]
    rule: str
    sources: list[str]


class ProductOut(Part):
    """What kind of product it is."""

    kind: str | None
    name: str
    confidence: float
    confidence_text: str
    given: bool
    because: list[tuple[str, str]]
    rinse_off: bool | None


class NoteOut(Part):
    """One thing to know; a note that isn't ``personal`` would be the same for everyone."""

    section: str
    section_text: str
    code: str
    tone: ToneWord
    said: list[str]
    """Its own sentence first, then the words of what is behind it."""
    rule: str
    sources: list[str]
    about: list[MentionOut]
    personal: bool
    unknown: bool
    """Whether it is told only because an answer is missing; ``asks`` says which."""
    asks: list[str]
    since: date | None
    until: date | None
    days: list[date]
    strength: str | None
    verified: bool
    disagreement: str | None


class VerdictOut(Part):
    """What the label means; there is no score."""

    state: StateWord
    today: date
    product: ProductOut
    lines: list[OnePercentOut]
    notes: list[NoteOut]
    """What touches safety first."""
    unknown: list[MentionOut]
    layers: list[str]
    stands_for: str | None
    names: str
    """Hash of the ingredients that were known."""
    knowledge: str


class LabelReport(Part):
    """One label, read and judged."""

    schema_version: int
    product: str
    version: str
    language: str
    intended_use: str
    text: str
    """The text that was read; of a photo, what was seen in it."""
    imported_names: int
    """How many names of an imported inventory were in use."""
    state: StateWord
    notes: list[str]
    """Codes of what limits the reading."""
    lists: list[ListOut]
    ingredients: list[IngredientOut]
    """In the order of the text."""
    verdict: VerdictOut
    disagreements: list[DisagreementOut]
    sources: list[SourceOut]
