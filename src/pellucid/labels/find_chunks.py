"""A text cut where lists and sentences are, each stretch with how much it looks like the name of an ingredient."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from pellucid.labels.find_edges import EDGE_SIGNS, WIDEST_BRACKETS, Edge, edges
from pellucid.labels.find_words import (
    GARBLED,
    KITCHEN,
    MEASURE,
    SHAPE,
    STOP_WORDS,
    WEAK_WORDS,
    Heading,
    heading,
    is_worded,
    mentions_colours,
)
from pellucid.labels.vocabulary import Vocabulary, key


class Look(IntEnum):
    """What a stretch looks like."""

    EMPTY = 0
    KNOWN = 1
    """A known name, or several."""
    SHAPED = 2
    """Ends like names do."""
    SHORT = 3
    """Could be a name."""
    PROSE = 4
    FOOTNOTE = 5
    GARBLED = 6
    """Digits and signs stand inside its words, as where a photo was misread."""


SCORES = {
    Look.EMPTY: 0.0,
    Look.KNOWN: 1.0,
    Look.SHAPED: 0.2,
    Look.SHORT: -0.5,
    Look.PROSE: -4.0,
    Look.FOOTNOTE: -0.1,
    Look.GARBLED: -0.5,
}
"""How much a stretch speaks for a list."""


class Seen(NamedTuple):
    """A stretch by itself."""

    look: Look
    known: int = 0
    """How many known names it holds."""
    kitchen: bool = False
    """Whether food holds it as well."""
    plain: bool = False
    """Whether nothing in it but a name, known or not, can be the end of one list or the start of another."""


@dataclass(slots=True)
class Chunk:
    """A stretch of the text between two edges."""

    start: int
    end: int
    edge: Edge
    look: Look
    known: int = 0
    """How many known names it holds."""
    kitchen: bool = False
    """Whether food holds it as well."""
    heading: Heading | None = None
    """The heading it starts with; ``start`` is behind it, and ``top`` before."""
    top: int = 0
    strength: bool = False
    """Whether a strength is printed with it."""


_BRACKETS = re.compile(r"[ ]?[(\[][^()\[\]]{0,240}[)\]]?")
_STRENGTH_ENDS_LINE = re.compile(r"%[^\n,]{0,8}\n")
_STRENGTH = re.compile(r"[(\[]?(?<![\w.,])[0-9]{1,3}(?:[.,][0-9]{1,4})?[ ]?\+?%\+?(?:[ ]?\(?[wvm]/[wvm]\)?)?[)\]]?")
_WORDS = re.compile(r"[^\s,;/()\[\]]+")
_TAIL_WORD = re.compile(r"\S+")
_SLASHES = re.compile(r"[ ]?/[ ]?")
_FOOTNOTE = re.compile(r"[\s.(]{0,4}(?:\*[ ]?){1,6}[ ]?[:=\-]?[ ]{0,2}[^\W_][^,]{1,200}$")
_AND = re.compile(r"^(?:and|et|und|y|e|&)[ ]+", re.IGNORECASE)
_COLOUR = re.compile(r"\bc\.? ?i\.? ?[0-9]{5}\b", re.IGNORECASE)
_LONGEST_NAME = 12
"""How many words of a text are tried as one name."""
_WORDY = 14
"""More words without a separator are no single unknown name."""
_COVER = 0.6
"""The share of letters that known names must cover where several follow each other."""
_BLEND = 2
"""So many known names in brackets make a blend."""
BULLETS = frozenset("-•")
_WRAPPED = (Edge.COMMA, Edge.BLANK)
"""A list goes on behind a comma, even after a blank line."""
_CUTS = (": ", ". ", ".*", "\n", " -", "•", "|", ";")
"""Signs that are edges, or nearly."""
_NAMES = frozenset({Look.KNOWN, Look.SHAPED, Look.SHORT})
_FULL = 0.8
"""The share of known names in a text that is nothing but a list."""
_PLAIN_ENOUGH = 8
"""So many names are in it."""
_REMEMBERED, _LONGEST_REMEMBERED = 100_000, 100


class Chunker:
    """Cuts texts with one vocabulary; remembers stretches, which repeat from label to label."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Start with an empty memory."""
        self._vocabulary = vocabulary
        self._looks: dict[str, Seen] = {}

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Chunker":
        """The one of a vocabulary, with all it remembers."""
        if cls not in vocabulary.memo:
            vocabulary.memo[cls] = cls(vocabulary)
        return vocabulary.memo[cls]  # type: ignore[no-any-return]

    def chunks(self, text: str) -> list[Chunk]:
        """The whole text as stretches, in order; empty ones only where a heading is."""
        made: list[Chunk] = []
        for start, end, edge in edges(text):
            before = made[-1].edge if made else Edge.END
            if text.find("\n", start, end) < 0:
                _add(made, self._chunk(text, start, end, edge, before))
                continue
            for chunk in self._lines(text, start, end, edge, before):
                _add(made, chunk)
        return made

    def _lines(self, text: str, start: int, end: int, edge: Edge, before: Edge) -> Iterator[Chunk]:
        """One stretch, or one for each of its lines where they aren't one name that was wrapped."""
        stretch = text[start:end].strip()
        if "\n" not in stretch or self._is_wrapped(stretch):
            yield self._chunk(text, start, end, edge, before)
            return
        while start <= end:
            stop = text.find("\n", start, end)
            stop = end if stop < 0 else stop
            chunk = self._chunk(text, start, stop, edge if stop == end else Edge.LINE, before)
            start = stop + 1
            if chunk.look is not Look.EMPTY or chunk.heading:
                before = Edge.LINE
                yield chunk

    def _is_wrapped(self, stretch: str) -> bool:
        if len(stretch) > WIDEST_BRACKETS or _STRENGTH_ENDS_LINE.search(stretch):
            return False
        return self.look(stretch)[:2] == (Look.KNOWN, 1)

    def _chunk(self, text: str, start: int, end: int, edge: Edge, before: Edge) -> Chunk:
        inside = before is Edge.COMMA and edge is not Edge.COLON
        headed = heading(text, start, end + (edge is Edge.COLON), inside=inside)
        begin = min(headed.end, end) if headed else start
        piece = text[begin:end]
        seen = self.look(piece)
        strength = "%" in piece and bool(_STRENGTH.search(piece))
        return Chunk(begin, end, edge, seen.look, seen.known, seen.kitchen, headed, start, strength)

    def look(self, piece: str) -> Seen:
        """What a stretch is by itself."""
        found = self._looks.get(piece)
        if found is None:
            found = self._looked(piece)
            if len(piece) <= _LONGEST_REMEMBERED:
                if len(self._looks) >= _REMEMBERED:
                    self._looks.clear()
                self._looks[piece] = found
        return found

    def _looked(self, piece: str) -> Seen:
        core = piece.strip(EDGE_SIGNS)
        if not core or not is_worded(core):
            return Seen(Look.EMPTY, plain="\n" not in piece)
        known = self._one(_readings(core)) if len(core) <= self._vocabulary.longest * 3 else None
        if known:
            return Seen(Look.KNOWN, 1, known in KITCHEN, plain=not mentions_colours(piece))
        if _FOOTNOTE.match(piece):
            return Seen(Look.FOOTNOTE)
        look, count, kitchen = self._unknown(core)
        plain = look in _NAMES and not any(sign in piece for sign in _CUTS) and not mentions_colours(piece)
        return Seen(look, count, kitchen, plain)

    def _unknown(self, core: str) -> tuple[Look, int, bool]:
        """What a stretch looks like that isn't one known name as it stands."""
        bare = _BRACKETS.sub(" ", core) if "(" in core or "[" in core else core
        words = _WORDS.findall(bare)
        if MEASURE.match(core) or _is_prose(words):
            return Look.PROSE, 0, False
        known = self._one(_translations(core)) if len(words) <= _WORDY else None
        if known:
            return Look.KNOWN, 1, known in KITCHEN
        count, share = self.cover(words)
        if count > 1 and share >= _COVER:
            return Look.KNOWN, count, False
        count = self._blended(core) if "," in core else 0
        if count:
            return Look.KNOWN, count, False
        if len(words) > _WORDY:
            return Look.PROSE, 0, False
        if _COLOUR.search(core):
            return Look.KNOWN, 1, False
        return _shape(core, bare), 0, any(word.lower() in KITCHEN for word in words)

    def _blended(self, core: str) -> int:
        """How many known names a blend's brackets list; 0 if they are less than half of what is there."""
        listed = [one for group in _BRACKETS.findall(core) if "," in group for one in group.split(",")]
        count = sum(1 for one in listed if self._one(_readings(one.strip(EDGE_SIGNS + "()"))))
        return count if count >= _BLEND and 2 * count >= len(listed) else 0

    def _one(self, readings: Iterator[str]) -> str | None:
        """The key of the first reading that is a known name."""
        keys = self._vocabulary.keys
        for name in readings:
            shape = key(name)
            if shape in keys:
                return shape
        return None

    def is_plain_list(self, text: str) -> bool:
        """Whether the text is nothing but a list between commas: most are, and need no search."""
        if text[:1] in BULLETS:
            return False
        known, remembered = 0, self._looks
        pieces = text.split(",")
        for piece in pieces:
            _, count, _, plain = remembered.get(piece) or self.look(piece)
            if not plain:
                return False
            known += count
        return known >= _PLAIN_ENOUGH and known >= _FULL * len(pieces)

    def cover(self, words: list[str]) -> tuple[int, float]:
        """How many known names follow each other in a text, the longest first, and the share of letters in them."""
        at, count, letters, inside = 0, 0, 0, 0
        while at < len(words):
            until = self.name_at(words, at)
            size = sum(map(len, words[at : until or at + 1]))
            letters += size
            if until:
                count, inside = count + 1, inside + size
            at = until or at + 1
        return count, inside / max(1, letters)

    def name_at(self, words: list[str], at: int) -> int:
        """Behind the longest known name that starts at a word; 0 if none does."""
        best, keys, starts = 0, self._vocabulary.keys, self._vocabulary.starts
        for until in range(at + 1, min(len(words), at + _LONGEST_NAME) + 1):
            shape = key(" ".join(words[at:until]))
            if shape in keys:
                best = until
            if shape not in starts:
                break
        return best

    def known_tail(self, text: str, start: int, end: int) -> int | None:
        """Where the longest known name starts that a stretch ends with."""
        words = [found.start() for found in _TAIL_WORD.finditer(text, start, end)][-_LONGEST_NAME:]
        words = [place for place in words if text[place].isalnum() and not _STRENGTH.match(text, place, end)]
        return next((place for place in words if self.is_name(text[place:end])), None)

    def known_head(self, text: str, start: int, end: int) -> int | None:
        """Where the longest known name ends that a stretch starts with."""
        end = min(end, start + WIDEST_BRACKETS)
        words = [found.end() for found in _TAIL_WORD.finditer(text, start, end)][:_LONGEST_NAME]
        return next((place for place in reversed(words) if self.is_name(text[start:place])), None)

    def is_name(self, piece: str) -> bool:
        """Whether a stretch is one known name from its start on."""
        core = piece.strip(EDGE_SIGNS)
        if self._one(_readings(core)):
            return True
        first, slash, _ = core.partition("/")
        return bool(slash and self._one(_readings(first.strip(EDGE_SIGNS))))


def _add(made: list[Chunk], chunk: Chunk) -> None:
    if chunk.look is not Look.EMPTY or chunk.heading or not made:
        made.append(chunk)
    elif chunk.edge > made[-1].edge and chunk.edge is not Edge.COLON and (made[-1].edge, chunk.edge) != _WRAPPED:
        made[-1].edge = chunk.edge


def _readings(core: str) -> Iterator[str]:
    """Ways to read a stretch as one name, the plainest first."""
    yield core
    bare = core
    if "%" in bare:
        bare = _STRENGTH.sub(" ", bare).strip(EDGE_SIGNS)
        yield bare
    if "(" in bare or "[" in bare:
        bare = _BRACKETS.sub(" ", bare).strip(EDGE_SIGNS)
        yield bare
    without = _AND.sub("", bare)
    if without != bare:
        yield without


def _translations(core: str) -> Iterator[str]:
    """Names that a stretch gives beside each other for one ingredient."""
    strength = _STRENGTH.search(core) if "%" in core else None
    if strength:
        yield core[: strength.start()]
    yield from (one.strip("()[] ") for one in _BRACKETS.findall(core))
    if "/" in core:
        yield from (one for one in _SLASHES.split(_BRACKETS.sub(" ", core)) if len(one) > 2)  # noqa: PLR2004 - no name is shorter
    if "*" in core:
        yield from core.split("*")


def _shape(core: str, bare: str) -> Look:
    if SHAPE.search(bare):
        return Look.SHAPED
    return Look.GARBLED if GARBLED.search(core) else Look.SHORT


def _is_prose(words: list[str]) -> bool:
    """Whether words of sentences stand in it: two, or one in few words that isn't in names too."""
    count = 0.0
    for word in words:
        small = word.strip("'\"!?.:").lower()
        if small in STOP_WORDS:
            count += 0.5 if small in WEAK_WORDS else 1.0
    return count >= 1 and count * 12 >= len(words)
