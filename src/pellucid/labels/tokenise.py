"""One list, from its first to its last separator, into ingredients.

The list is cut at commas. Names that hold commas, and brackets that do, are put together again with the help of the
vocabulary; what stands between two commas is read by ``entry``, once for each text that is met.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pellucid.labels.entry import BRACKETED, LONGEST_NAME, Found, Notes, Reader
from pellucid.labels.link import Linker
from pellucid.labels.marks import ACTIVE, FOOTNOTE, PLAIN, SIGNS, heading, spare_brackets, trim
from pellucid.labels.vocabulary import UNKNOWN, key
from pellucid.model.label import Ingredient, Method

REMEMBERED = 200_000
"""How many entries are remembered, about 100 MB; then the memory starts anew."""
LONGEST_REMEMBERED = 200
MOST_MET = 3_000
"""So many entries of one list are cut where they aren't known as a whole; no label has a tenth of that."""
WIDEST = 60
"""How many pieces one pair of brackets can hold."""
_LOCANTS = 16
"""How many pieces the commas of one chemical name can make."""

_RARE = ";•|"
"""Separators beside the comma."""
_ANY_SEPARATOR = re.compile("[,;•|]")
_SAME_SIGN = re.compile(r"(.)\1*")
_AROUND_COMMA = 5
_FIRST_WORD = re.compile(r"[^\W_]+")
_LOCANT_END = re.compile(r"(?:^|[\s(\[])(?:[0-9]{1,2}'?|[NOS]|alpha|beta)$", re.IGNORECASE)
_LOCANT = re.compile(r"(?:[0-9]{1,2}[a-z]?'?|[NOS])(?:-|$)|[0-9]{1,4}[ ]?%", re.IGNORECASE)


class Entry(NamedTuple):
    """What stands between two separators."""

    ingredients: tuple[Ingredient, ...]
    """With places from the start of the entry."""
    notes: Notes | None
    """What it says of other entries, where it does."""


class Tokeniser:
    """Reads lists with one linker; remembers entries, which repeat from label to label."""

    def __init__(self, linker: Linker) -> None:
        """Start with an empty memory."""
        self._linker = linker
        self._reader = Reader(linker, self._inner)
        self._whole: dict[str, Entry | None] = {}
        """By text; None for what has to be put together with what follows."""
        self._alone: dict[str, Entry] = {}
        self._met = 0
        """How many entries of this list were not met before."""

    def tokens(self, text: str, mark: str | None = None, base: int = 0) -> list[Ingredient]:
        """The ingredients of a list.

        Args:
            text: the list.
            mark: is on all of them until a heading inside the list says otherwise.
            base: where the list starts, for their places.
        """
        found: list[Ingredient] = []
        append, make = found.append, tuple.__new__
        notes = Notes(mode=mark)
        self._met = 0
        quiet = not mark
        for at, entry in self._entries(text, base):
            ingredients, said = entry
            if said is not None or not quiet:
                _add(found, at, entry, notes)
                quiet = not notes.mode
                continue
            for word, start, end, inci, method, confidence, percent, marks in ingredients:
                append(make(Ingredient, (word, start + at, end + at, inci, method, confidence, percent, marks)))
        if notes.starred:
            meanings = {marks: _meant(marks, notes.signs) for marks in {one.marks for one in found}}
            found = [one if one[7] is PLAIN else make(Ingredient, (*one[:-1], meanings[one[7]])) for one in found]
        return self._rejoined(text, found, base)

    def _entries(self, text: str, base: int) -> Iterator[tuple[int, Entry]]:
        """Each entry with its place."""
        remembered = self._whole
        pieces = _ANY_SEPARATOR.split(text) if any(sign in text for sign in _RARE) else text.split(",")
        brackets: _Brackets | None = None
        at, behind = base, 0
        for index, piece in enumerate(pieces):
            if index < behind:
                continue
            entry, length = remembered.get(piece, _NEW), len(piece)
            if entry is _NEW:
                entry = self._meet(piece)
            if entry is None:
                brackets = brackets or _Brackets(pieces)
                together = self._together(pieces, index, brackets)
                behind = index + together
                length = sum(map(len, pieces[index:behind])) + together - 1
                entry = self._by_itself(text[at - base : at - base + length])
            yield at, entry
            at += length + 1

    def _meet(self, piece: str) -> Entry | None:
        entry = self._plain(piece) or (None if self._may_go_on(piece) else self._by_itself(piece))
        if len(piece) <= LONGEST_REMEMBERED and self._met <= MOST_MET:
            if len(self._whole) >= REMEMBERED:
                self._whole.clear()
            self._whole[piece] = entry
        return entry

    def _plain(self, piece: str) -> Entry | None:
        """A known name with nothing but spaces around it, the usual case."""
        core = piece.strip()
        whole = core and core[0].isalnum() and core[-1].isalnum() and not spare_brackets(core)
        link = self._linker.known(core) if whole else None
        if not link or key(core) in self._linker.vocabulary.heads:
            return None
        start = piece.index(core)
        return Entry((Ingredient(core, start, start + len(core), *link),), None)

    def _by_itself(self, piece: str) -> Entry:
        entry = self._alone.get(piece)
        if entry is None:
            self._met += 1
            if self._met > MOST_MET:
                return self._whole_or_unknown(piece)
            notes = Notes()
            ingredients = tuple(self._reader.read(piece, notes))
            entry = Entry(ingredients, notes or None)
            if len(piece) <= LONGEST_REMEMBERED:
                if len(self._alone) >= REMEMBERED:
                    self._alone.clear()
                self._alone[piece] = entry
        return entry

    def _whole_or_unknown(self, piece: str) -> Entry:
        """An entry of a text that is no label: one name, known or not; not remembered."""
        start, end, sign = trim(piece)
        core = piece[start:end]
        if not key(core):
            return _NEW
        link = self._reader.sure(core) or UNKNOWN
        marks = frozenset({sign}) if sign else PLAIN
        return Entry((Ingredient(core, start, end, *link, None, marks),), Notes(starred=True) if sign else None)

    def _rejoined(self, text: str, found: list[Ingredient], base: int) -> list[Ingredient]:
        """The same with two fragments as one where a stray comma parts a known name: Hexylene, Glycol."""
        if None not in [one[3] for one in found]:
            return found
        made: list[Ingredient] = []
        for one in found:
            last = made[-1] if made else None
            if last and not (last.inci and one.inci) and self._may_join(text, last, one, base):
                whole = text[last.start - base : one.end - base]
                link = self._reader.sure(whole.replace(",", " "))
                if link and one.percent is last.percent is None:
                    made[-1] = last._replace(text=whole, end=one.end, inci=link.inci, method=Method.KEY)
                    made[-1] = made[-1]._replace(
                        confidence=min(link.confidence, BRACKETED), marks=last.marks | one.marks
                    )
                    continue
            made.append(one)
        return made

    def _may_join(self, text: str, last: Ingredient, one: Ingredient, base: int) -> bool:
        """Whether nothing but a comma parts two fragments that start with words of names."""
        between = text[last.end - base : one.start - base]
        if len(between) > _AROUND_COMMA or between.strip() != ",":
            return False
        firsts = _FIRST_WORD.search(last.text), _FIRST_WORD.search(one.text)
        return all(first and key(first[0]) in self._linker.vocabulary.words for first in firsts)

    # --- names and brackets that hold commas --------------------------------------------------------------------

    def _may_go_on(self, piece: str) -> bool:
        if heading(piece):
            return False
        if spare_brackets(piece) > 0:
            return True
        start, end, _ = trim(piece)
        core = piece[start:end]
        if not core:
            return False
        if key(core[:LONGEST_NAME]) in self._linker.vocabulary.heads:
            return True
        return bool(_LOCANT_END.search(core[-12:])) and not self._linker.known(core)

    def _together(self, pieces: list[str], index: int, brackets: "_Brackets") -> int:
        """How many pieces belong together, from this one on."""
        count = self._to_name(pieces, index) or brackets.closing(index)
        return count or (1 if self._linker.known(pieces[index].strip()) else _to_locant(pieces, index))

    def _to_name(self, pieces: list[str], index: int) -> int:
        """How many pieces the longest known name takes that starts here and holds commas; 0 if there is none."""
        longest = 0
        for count in range(2, min(_LOCANTS, len(pieces) - index) + 1):
            head = ",".join(pieces[index : index + count - 1])
            if len(head) > LONGEST_NAME or key(head) not in self._linker.vocabulary.heads:
                break
            text = head + "," + pieces[index + count - 1]
            start, end, _ = trim(text)
            if end - start <= LONGEST_NAME and self._linker.known(text[start:end]):
                longest = count
        return longest

    def _inner(self, text: str, notes: Notes, at: int, depth: int) -> Found:
        """A list inside brackets: read without memory, for it may be deep inside others."""
        found: Found = []
        pieces = _ANY_SEPARATOR.split(text)
        brackets = _Brackets(pieces)
        place = index = 0
        while index < len(pieces):
            together = self._together(pieces, index, brackets) if self._may_go_on(pieces[index]) else 1
            length = sum(map(len, pieces[index : index + together])) + together - 1
            found += self._reader.read(text[place : place + length], notes, at + place, depth)
            place += length + 1
            index += together
        return found


class _Brackets:
    """Where brackets close that open in one piece of a list; worked out for the whole list at once."""

    def __init__(self, pieces: list[str]) -> None:
        self._closing: dict[int, int] = {}
        opened: list[tuple[int, int]] = []
        depth = 0
        for index, piece in enumerate(pieces):
            spare = spare_brackets(piece)
            if spare > 0:
                opened.append((depth, index))
            depth += spare
            while opened and depth <= opened[-1][0]:
                self._closing[opened[-1][1]] = index
                opened.pop()

    def closing(self, index: int) -> int:
        """How many pieces the brackets span that open in this one; 0 if they don't close, or far behind."""
        count = self._closing.get(index, index - 1) - index + 1
        return count if count <= WIDEST else 0


_NEW = Entry((), None)


def _to_locant(pieces: list[str], index: int) -> int:
    """How many pieces look like the places in a chemical name, or a strength with a decimal comma."""
    count = 1
    while (
        index + count < len(pieces)
        and count < _LOCANTS
        and _LOCANT_END.search(pieces[index + count - 1][-12:])
        and _LOCANT.match(pieces[index + count])
    ):
        count += 1
    return count


def _add(found: list[Ingredient], at: int, entry: Entry, notes: Notes) -> None:
    """Add an entry that says something of others, or of which others said something."""
    for one in entry.ingredients:
        marks = one.marks
        if notes.mode and not {ACTIVE, "may_contain"} & marks and not (entry.notes and entry.notes.mode is not None):
            marks |= {notes.mode}
        found.append(one._replace(start=one.start + at, end=one.end + at, marks=marks))
    if entry.notes:
        notes.signs |= entry.notes.signs
        notes.starred = notes.starred or entry.notes.starred
        if entry.notes.mode is not None:
            notes.mode = entry.notes.mode or None


def _meant(marks: frozenset[str], signs: dict[str, str]) -> frozenset[str]:
    """The same with what a footnote sign stands for: several signs as one, or each kind by itself."""
    sign = next((mark for mark in marks if mark[0] in SIGNS), None)
    if not sign:
        return marks
    meant = {signs[sign]} if sign in signs else {signs.get(same[0], FOOTNOTE) for same in _SAME_SIGN.finditer(sign)}
    return marks - {sign} | meant
