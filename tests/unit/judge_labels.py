"""Labels of the tests' own, written as lists, and a short way to judge them."""

import re
from datetime import date
from typing import Any

from pellucid.knowledge.base import Knowledge
from pellucid.labels.judge import judge
from pellucid.model.label import Ingredient, Kind, Label, LabelState, Method, Part
from pellucid.model.verdict import Note, Verdict

TODAY = date(2026, 11, 23)

ACID_SERUM = "Aqua, Glycerin, Salicylic Acid, Propanediol, Phenoxyethanol, Parfum, Limonene"
RETINOL_CREAM = "Aqua, Glycerin, Caprylic/Capric Triglyceride, Cetearyl Alcohol, Retinol, Phenoxyethanol"
GLYCOLIC_TONER = "Aqua, Glycolic Acid, Glycerin, Phenoxyethanol"
ACID_WASH = "Water, Sodium Laureth Sulfate, Cocamidopropyl Betaine, Salicylic Acid, Glycerin, Phenoxyethanol"
PLAIN_CREAM = "Aqua, Glycerin, Squalane, Cetearyl Alcohol, Phenoxyethanol"
CLAY_MASK = "Aqua, Kaolin, Bentonite, Glycerin, Phenoxyethanol"


def label(names: str, knowledge: Knowledge, *, title: str = "") -> Label:
    """A label of names separated by a comma and a space, each spelled as it is known; a share may follow a name."""
    text = f"{title}{'. ' if title else ''}{names}"
    found, start = [], len(text) - len(names)
    for name in names.split(", "):
        share = re.search(r" ([\d.]+) %$", name)
        bare = name[: share.start()] if share else name
        facts = knowledge.ingredients.find(bare)
        method = Method.EXACT if facts else Method.UNKNOWN
        end = start + len(bare)
        inci = facts.inci if facts else None
        found.append(Ingredient(bare, start, end, inci, method, 1.0, float(share[1]) if share else None))
        start += len(name) + 2
    part = Part(Kind.INGREDIENTS, len(text) - len(names), len(text))
    return Label(text, (part,), tuple(found), LabelState.READ)


def verdict(names: str, knowledge: Knowledge, *, title: str = "", **asked: Any) -> Verdict:
    """What ``judge`` says of a list of names."""
    return judge(label(names, knowledge, title=title), knowledge=knowledge, today=TODAY, **asked)


def codes(found: Verdict, section: str | None = None) -> set[str]:
    """The notes' codes, of one section or of all."""
    return {note.code for note in found.notes if section in {None, note.section}}


def rules(found: Verdict, section: str) -> set[str]:
    """The records behind the notes of a section."""
    return {note.rule for note in found.of(section)}


def note(found: Verdict, code: str, rule: str | None = None) -> Note:
    """The one note of a code."""
    (only,) = [each for each in found.notes if each.code == code and rule in {None, each.rule}]
    return only


def printed(one: Note) -> tuple[str, ...]:
    """The names that a note is about."""
    return tuple(mention.text for mention in one.about)
