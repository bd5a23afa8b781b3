"""A verdict on a label in words: each note's own sentence, and after it what the knowledge says, with its sources."""

from datetime import date

from pellucid.exchange.build_routine import frequency, half_of_cap
from pellucid.exchange.wording import Wording, day, number
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Cap
from pellucid.knowledge.texts import Texts
from pellucid.model.plan import Named, Value
from pellucid.model.verdict import Note, ProductGuess

PHRASES = {"column": "detail.column.{}", "strength": "strength.{}", "verdict": "pair.{}"}
"""What is told by a phrase of its own."""
STRONGER = {", ": "; ", "、": "\uff1b"}
FIRST = 6
"""So many single days are named; then how many more there are."""


class VerdictWords:
    """The notes of verdicts in one language."""

    def __init__(self, knowledge: Knowledge, texts: Texts) -> None:
        """Remember where words come from."""
        self.knowledge = knowledge
        self.texts = texts
        self.wording = Wording(knowledge, texts)

    def section(self, section: str) -> str:
        """The heading of a section."""
        return self.texts.get(f"verdict_section.{section}", "name")

    def note(self, note: Note) -> tuple[str, ...]:
        """One note: its own sentence, then the words of the records behind it, then single evenings.

        Around a session its own sentence names the days.
        """
        values = {name: self._value(value) for name, value in note.values}
        values |= {name: day(on, self.texts) for name, on in (("since", note.since), ("until", note.until)) if on}
        values |= {"days": self._joined([day(on, self.texts) for on in note.days])}
        said = [self.texts.get(f"verdict_note.{note.code}", "say", **values)]
        said += [self.texts.get(text.ref, text.field, **values) for text in note.more]
        said += [self._evenings(note.days)] if note.days and not note.since else []
        return tuple(said)

    def product(self, guess: ProductGuess) -> str:
        """The kind of product; empty where nothing tells."""
        return self.texts.get(f"product_kind.{guess.kind}", "name") if guess.kind else ""

    def _evenings(self, days: tuple[date, ...]) -> str:
        named = self.texts.phrase("words.list").join(day(on, self.texts) for on in days[:FIRST])
        more = len(days) - FIRST
        return self.texts.phrase("verdict.evenings_more" if more > 0 else "verdict.evenings", days=named, more=more)

    def _how_often(self, cap: str, skin: str) -> str:
        """A cap of one column: how often at most."""
        record = self.knowledge.get(Cap, cap)
        return frequency(record.unit, record.for_skin(skin).default, half_of_cap(cap, self.knowledge), self)

    def _joined(self, names: list[str]) -> str:
        """A list of names; of names that hold the sign between them, with a stronger one."""
        between = self.texts.phrase("words.list")
        return (STRONGER[between] if any(between.strip() in name for name in names) else between).join(names)

    def _value(self, value: Value) -> str:
        match value:
            case Named(kind="how_often", id=name):
                return self._how_often(*name.split("."))
            case Named(kind="name", id=name):
                return self.wording.condition(name)
            case Named(kind=kind, id=name) if kind in PHRASES:
                return self.texts.phrase(PHRASES[kind].format(name))
            case Named(kind=kind, id=name):
                return self.texts.get(f"{kind}.{name}", "name")
            case tuple():
                return self._joined(list(dict.fromkeys(map(self._value, value))))
            case date():
                return day(value, self.texts)
            case float():
                return number(value)
        return str(value)
