"""A medicine that a text names beside its lists: in the title, or with a strength, as packs of medicines print it."""

import re
from collections.abc import Iterable, Iterator

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.labels import LabelMedicine
from pellucid.model.label import Label

TITLE_LENGTH = 160
"""So many characters before the first list are its title."""
STRENGTH = r"(\d+(?:[.,]\d+)?)\s*%"
BEFORE = re.compile(rf"{STRENGTH}\s*(?:w/w\s*)?$")
AFTER = re.compile(rf"\s*(?:\w+\s+)?\(?{STRENGTH}")
"""A strength right before or after a name; a word such as the form may stand between."""
DENIED_BEFORE = re.compile(r"\b(?:free (?:from|of)|without|no|not|instead of|alternative to|like)\s*$", re.IGNORECASE)
DENIED_AFTER = re.compile(r"[-\s]*(?:free|alternative)\b", re.IGNORECASE)
"""What says of a name beside it that it is not in the product."""


def may_name_medicines(text: str, knowledge: Knowledge) -> bool:
    """Whether a text can name a medicine at all: most don't, and labels are judged by the thousand."""
    names: tuple[str, ...] | None = knowledge.memo.get("medicine_words")
    if names is None:
        records = knowledge.of(LabelMedicine).values()
        names = knowledge.memo["medicine_words"] = tuple(name for each in records for name in each.ingredients)
    printed = text.upper()
    return any(name in printed for name in names)


def _words(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)


def medicine_outside(record: LabelMedicine, label: Label) -> str | None:
    """The medicine's name as it is printed outside of the lists; None where it is not, or is said to be missing.

    In the title and in headings the name alone is enough; elsewhere only one with a strength is the product's own.
    """
    for text, is_title in _stretches(label):
        for found in _words(record.ingredients).finditer(text):
            before, after = text[max(found.start() - 40, 0) : found.start()], text[found.end() :]
            if DENIED_BEFORE.search(before) or DENIED_AFTER.match(after):
                continue
            share = AFTER.match(after) or BEFORE.search(before)
            percent = float(share[1].replace(",", ".")) if share else None
            if (percent or 0) >= record.from_percent and (is_title or percent is not None):
                return found.group()
    return None


def _stretches(label: Label) -> Iterator[tuple[str, bool]]:
    """What stands outside the lists, and whether it is a title."""
    end = 0
    for part in label.parts:
        yield part.heading or "", True
        if not end:
            yield label.text[max(part.start - TITLE_LENGTH, 0) : part.start], True
        yield label.text[end : part.start], False
        end = part.end
    yield label.text[end:], False
