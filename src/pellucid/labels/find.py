"""Where the ingredient lists are in a text: among marketing copy, directions, warnings and other products' lists.

The text is cut into stretches (``find_chunks``), those are put below their headings (``find_regions``), and each speaks
for a list or against one: a list is a run of stretches with a large sum (``find_runs``). Headings say what a list is,
and that names below "key ingredients" or behind "free of" are none. Linear in the length of the text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pellucid.labels.find_chunks import Chunker, Look
from pellucid.labels.find_edges import Edge
from pellucid.labels.find_regions import regions
from pellucid.labels.find_runs import Run, doubtful, runs
from pellucid.labels.find_words import GARBLED, Sense, heading
from pellucid.labels.normalise import Normal
from pellucid.labels.vocabulary import Vocabulary
from pellucid.model.label import Ingredient, Kind, LabelState, Part

READABLE = 1 / 3
"""The share of letters that must be recognised for a list to count as read."""

_FEWEST = 3
"""So many known names make a list without a heading."""
_FEWEST_INSIDE = 6
"""So many if it starts or ends in a sentence."""
_DENSITY = 0.35
"""The share of stretches that hold known names in a list without a heading."""
_MENTION = 5
"""A list of so many names is a mention where another one is several times as long."""
_SEVERAL = 3
_SAMPLE = 20_000
"""So many characters are looked at for garbage."""
_WORDS_SHARE = 0.5
"""The share of letters in a text of words."""


def find_parts(normal: Normal, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """The ingredient lists in a text, in order; places are in the normalised text. Never raises; linear.

    A list that seems to be there although few of its names are known is among them: whether it can be read is decided
    by ``state_of`` when spelling has been corrected.
    """
    text = normal.text
    chunker = Chunker.of(vocabulary)
    if chunker.is_plain_list(text):
        return (Part(Kind.INGREDIENTS, 0, len(text)),)
    every = regions(text, chunker.chunks(text), chunker)
    listed = [region for region in every if region.chunks and region.sense is not Sense.NO_LIST]
    found = [run for region in listed for run in runs(text, region, chunker)]
    return _parts(normal, _accepted(found) or [run for region in listed for run in doubtful(text, region, chunker)])


def state_of(normal: Normal, parts: Sequence[Part], ingredients: Sequence[Ingredient]) -> LabelState:
    """Whether what was read in the parts is a list that can be read, seems to be one that can't, or is none.

    Args:
        normal: the whole text.
        parts: what ``find_parts`` gave.
        ingredients: all that was read in them; where the state is ``no_list`` they are words of a text and no names.
    """
    letters = known = 0
    for _, start, end, inci, *_ in ingredients:
        letters += end - start
        if inci is not None:
            known += end - start
    if letters and known >= READABLE * letters:
        return LabelState.READ
    if letters:
        return LabelState.NO_LIST if _is_everyday(parts, ingredients) else LabelState.UNREADABLE
    return LabelState.UNREADABLE if parts or _is_garbage(normal.text) else LabelState.NO_LIST


def _is_everyday(parts: Sequence[Part], ingredients: Iterable[Ingredient]) -> bool:
    """Whether what isn't recognised are single words, as of any text, that no heading calls ingredients."""
    headings = (heading(f"{part.heading}:", 0, len(part.heading) + 1) for part in parts if part.heading)
    if any(found and found.sense is Sense.LIST for found in headings):
        return False
    return all(one.text.isalpha() for one in ingredients)


def _is_garbage(text: str) -> bool:
    """Whether a text is of signs rather than words."""
    signs = "".join(text[:_SAMPLE].split())
    words = sum(map(str.isalpha, signs))
    garbled = sum(1 for word in text[:_SAMPLE].split() if GARBLED.search(word))
    return bool(signs) and (words < _WORDS_SHARE * len(signs) or 2 * garbled > len(text[:_SAMPLE].split()))


def _accepted(found: Sequence[Run]) -> list[Run]:
    """Those that are lists."""
    taken = [run for run in found if _is_list(run)]
    longest = max((run.known for run in taken), default=0)
    if not all(run.at_top and run.title for run in taken):
        taken = [run for run in taken if not _is_mention(run, longest)]
    return taken or [run for run in found[-1:] if _is_sole(run)]


def _is_mention(run: Run, longest: int) -> bool:
    """Whether it is a sentence of names in front of the list, rather than a list on lines of its own."""
    if run.is_headed or run.has_colours or run.known > _MENTION or run.known * _SEVERAL > longest:
        return False
    lined = run.chunks[-1].edge in {Edge.LINE, Edge.BLANK} and all(chunk.known for chunk in run.chunks)
    return not lined and not all(chunk.strength for chunk in run.chunks)


def _is_list(run: Run) -> bool:
    if run.is_kitchen:
        return False
    known = run.known
    if run.is_headed or (run.has_colours and run.whole and known):
        return True
    enough = _FEWEST if run.whole else _FEWEST_INSIDE
    dense = sum(1 for chunk in run.chunks if chunk.known) >= _DENSITY * len(run.chunks)
    return known >= enough and dense


def _is_sole(run: Run) -> bool:
    """Whether a text ends in a sentence of nothing but known names: the list of a product of one or two."""
    chunks, below = run.chunks, run.region.chunks
    alone = len(below) == 1 and run.region.title is None
    ends = run.whole and chunks[-1] is below[-1] and all(chunk.look in {Look.KNOWN, Look.FOOTNOTE} for chunk in chunks)
    return ends and (alone or not run.is_kitchen)


def _parts(normal: Normal, found: Sequence[Run]) -> tuple[Part, ...]:
    parts: list[tuple[Run, Part]] = []
    product, seen = 0, set[Kind]()
    kinds = [run.region.kind if run.is_headed else _own_kind(run, last=run is found[-1]) for run in found]
    for run, kind, after in zip(found, kinds, [*kinds[1:], None], strict=False):
        # active ingredients between two lists belong to the second
        between = kind is Kind.ACTIVE and Kind.INGREDIENTS in seen and after is Kind.INGREDIENTS
        again = between or (kind in seen and kind is not Kind.MAY_CONTAIN)
        if again and (run.at_top or run.title or run.anew):
            product, seen = product + 1, set()
        seen.add(kind)
        start, end = _trimmed(normal.text, run.start, run.end)
        if start < end:
            parts.append((run, Part(kind, start, end, None, product)))
    return tuple(replace(part, heading=_heading(normal, run, several=product > 0)) for run, part in parts)


def _heading(normal: Normal, run: Run, *, several: bool) -> str | None:
    """What stands above a list, as it was printed: of several products each one's name, where it has one."""
    name = run.region.name if run.at_top else None
    span = (name if several else None) or run.title or name
    return normal.printed(*span) if span else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without spaces at its ends, and without a bracket that closes what was opened before it."""
    inside = text[start:end].rstrip()
    if inside.endswith(("]", ")")) and inside.count("(") + inside.count("[") < inside.count(")") + inside.count("]"):
        inside = inside[:-1].rstrip()
    return end - len(text[start:end].lstrip(" \n*")), start + len(inside)


def _own_kind(run: Run, *, last: bool) -> Kind:
    """What a list without a heading lists: with strengths all along it and another one behind it, active ones."""
    every = all(chunk.strength for chunk in run.chunks if chunk.known)
    return Kind.ACTIVE if every and run.known and not last else Kind.INGREDIENTS
