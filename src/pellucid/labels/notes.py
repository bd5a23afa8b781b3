"""Writing the notes of a verdict: section, tone and first words come from the knowledge, and so do the sources."""

from collections.abc import Iterable
from typing import Any

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.labels import VerdictNote, VerdictSection
from pellucid.labels.bottle import Item, mentions
from pellucid.model.plan import Value
from pellucid.model.verdict import Note, Text, Tone

TONES = tuple(Tone)

Values = dict[str, Value]
"""What goes into the words of a note."""


def write(  # noqa: PLR0913 - a note has that many sides, and all but three are named where they are used
    code: str,
    rule: Record | None,
    knowledge: Knowledge,
    *,
    items: Iterable[Item] = (),
    more: tuple[Text, ...] = (),
    values: Values | None = None,
    **fields: Any,
) -> Note:
    """One note.

    Args:
        code: the ``verdict_note`` whose words begin it.
        rule: the record behind it; None where the note is a rule of the verdict itself.
        knowledge: for the note's section, tone and sources.
        items: the ingredients that it is about; their names go into the words as ``what``.
        more: texts that follow.
        values: what else goes into the words.
        fields: any other fields of the note.
    """
    record = knowledge.get(VerdictNote, code)
    behind: Record = rule or record
    about = mentions(items)
    what = tuple(dict.fromkeys(mention.text for mention in about))
    into = {"what": what, "n": len(what), **(values or {})}
    return Note(
        section=record.under,
        code=code,
        tone=Tone(record.tone),
        rule=behind.ref,
        sources=fields.pop("sources", behind.source),
        about=about,
        values=tuple(into.items()),
        more=more,
        verified=fields.pop("verified", behind.verified),
        **fields,
    )


def in_order(notes: Iterable[Note], knowledge: Knowledge) -> tuple[Note, ...]:
    """The notes as people read them: by section, then the most serious first, then by kind, rule, date and place."""
    sections = {name: number for number, name in enumerate(knowledge.of(VerdictSection))}
    codes = {name: number for number, name in enumerate(knowledge.of(VerdictNote))}

    def weight(note: Note) -> tuple[Any, ...]:
        first = min((mention.index for mention in note.about), default=0)
        since = note.since.toordinal() if note.since else 0
        tone = TONES.index(note.tone)
        dated = note.rule if note.since else ""
        return sections[note.section], tone, note.unknown, codes[note.code], dated, since, first, note.rule

    return tuple(sorted(dict.fromkeys(notes), key=weight))
