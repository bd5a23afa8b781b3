"""What an ingredient list means: the kind of product, and notes in order of weight, what touches safety first.

A verdict holds no words: each note names the texts that say it and what goes into them. There is no score. A note
without ``personal`` would be the same for everyone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pellucid.model.ids import AnswerPath
from pellucid.model.label import LabelState
from pellucid.model.plan import Value


class Tone(StrEnum):
    """How a note is meant, the most serious first."""

    AVOID = "avoid"
    """Better not for this person, or not in these days."""
    ASK = "ask"
    """Someone has to be asked: the person, a prescriber, a pharmacist."""
    CARE = "care"
    GOOD = "good"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Mention:
    """An ingredient that a note is about, and where it stands."""

    index: int
    """Its place in ``label.ingredients``."""
    position: int | None
    """Its place in its own list, from 1; None in a list without an order (colours of which only some are in)."""
    text: str
    """As printed."""
    inci: str | None
    percent: float | None
    low: bool | None
    """Whether it stands where there is about 1 % or less; None where the list doesn't tell."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where one list passes about 1 %: from that position on there is no more than that of anything."""

    product: int
    position: int
    """Of the first name that is not used above 1 %."""
    marker: Mention
    basis: str
    """``law`` where the law allows no more of it, ``usual`` where more is hardly ever used."""
    rule: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductGuess:
    """What kind of product it is."""

    kind: str | None
    """A ``product_kind``; None where nothing tells."""
    confidence: float
    """0 to 1: the share of what was found that speaks for it. A working figure, no probability."""
    given: bool
    because: tuple[tuple[str, str], ...]
    """(``words``, the word found) or (``cue``, the rule), what counts most first."""
    rinse_off: bool | None
    """None where it can't be told; it is then judged as one that stays on."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text by record and field, such as ``pair.retinoid_acid`` and ``rule``."""

    ref: str
    field: str


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know."""

    section: str
    """A ``verdict_section``; their order is the order of the notes."""
    code: str
    """The ``verdict_note`` whose words begin it."""
    tone: Tone
    rule: str
    """The knowledge record behind it."""
    sources: tuple[str, ...]
    about: tuple[Mention, ...] = ()
    values: tuple[tuple[str, Value], ...] = ()
    """What goes into the words of ``code``."""
    more: tuple[Text, ...] = ()
    """Texts that follow, word by word from the knowledge."""
    personal: bool = False
    """Whether it comes from what the person told or planned."""
    unknown: bool = False
    """Whether it is told only because the person has not answered; ``asks`` says what."""
    asks: tuple[AnswerPath, ...] = ()
    since: date | None = None
    until: date | None = None
    """The last day on which it holds."""
    days: tuple[date, ...] = ()
    """Single days that it is about, such as evenings on which it must not be used."""
    strength: str | None = None
    """How strong the evidence is, A to N; None where it is a rule and no finding."""
    verified: bool = True
    """False where the text of a source was not seen."""
    disagreement: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that can be said of one label for one person, or for nobody in particular."""

    state: LabelState
    """``no_list`` and ``unreadable`` are different answers, and neither says that something is not in it."""
    today: date
    product: ProductGuess
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    """What touches safety first."""
    unknown: tuple[Mention, ...]
    """Names that nobody here knows; what they do is not judged."""
    layers: tuple[str, ...]
    """Where it goes in the order of care at home, best first; empty where it has no place on a face."""
    stands_for: str | None
    """The home product (``product.<id>``) whose rules were used for it."""
    names: str
    """Hash of the ingredients that were known."""
    knowledge: str
    """Hash of the knowledge that it was made with."""

    def of(self, section: str) -> Iterator[Note]:
        """The notes of one section, in order."""
        return (note for note in self.notes if note.section == section)
