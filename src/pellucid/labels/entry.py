"""One entry of a list, as it stands between two separators: mostly one name with remarks, sometimes several.

What is known as a whole stays whole, whatever it holds; only then is it cut, at the surest separator first.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pellucid.labels.link import Linker
from pellucid.labels.marks import (
    PERCENT,
    PLAIN,
    Masked,
    heading,
    legend,
    mask,
    remark,
    trim,
    unmarked,
)
from pellucid.labels.segment import Run, segment
from pellucid.labels.vocabulary import UNKNOWN, Link, key
from pellucid.model.label import Ingredient, Method

BRACKETED = 0.95
"""How sure a link is that leaves a remark in brackets out."""
TRANSLATED = 0.9
"""How sure a link is that leaves translations, or a trade name before brackets, out."""
DEEPEST = 6
"""How often an entry is cut again."""
LANGUAGES = 12
"""Names between more slashes are none."""
WORDIEST = 6
"""No translated name has more words."""
SENTENCES = 500
"""So many are looked at to see whether stops stand between names."""
LONGEST_NAME = 1200
"""No name is longer; such an entry is cut without being looked up."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9' \-]+")
_LINE = re.compile("\n")
_DOTS = re.compile(
    r"(?<!\b[Ee]xt)(?<!\bEXT)\.[ ]+(?!\x00)|[ ]-[ ]|:[ ]|\.?[ ]{0,3}(?<![*†‡§])(?=[*†‡§]{1,6}[ ]?[A-Za-z])"
)
_AND = re.compile(r"[ ](?:and|et|und)[ ]|[ ]?&[ ]|[ ]&|[ ]\+[ ]|^(?:and|&|et)[ ]", re.IGNORECASE)
_BRACKETED_AND = re.compile(r"[(\[](and|&)[)\]]", re.IGNORECASE)
_LISTED = re.compile("[,;]")
_COLOUR = re.compile(r"\bC\.? ?I\.? ?[0-9]{5}", re.IGNORECASE)
_GLOSS = re.compile("[a-z]+ extract", re.IGNORECASE)
"""What a substance is taken from, in brackets behind it: Sericin (Silk Extract)."""
_COMPOSED = re.compile(r"\b(?:ferment(?: [a-z]+){0,2}|(?:cross|co|ter)?polymer)\W*$", re.IGNORECASE)
"""Ends a name of which what stands between slashes is a part."""
_SLASH = re.compile("/")
_FRENCH = re.compile(
    r"\b(?:d'|l'|de |du |des |la |le )|\b(?:extrait|huile|eau|beurre|cire|jus|proteines?|acide|sel|lait)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Notes:
    """What an entry says about others."""

    mode: str | None = None
    """The mark of what follows; empty where a heading ends one."""
    signs: dict[str, str] = field(default_factory=dict)
    """Footnote signs and the marks they stand for."""
    starred: bool = False
    """Whether a name has a footnote sign."""

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return self.mode is not None or bool(self.signs) or self.starred


Found = list[Ingredient]


class _Here(NamedTuple):
    """Where a text stands and what holds for it."""

    notes: Notes
    at: int
    depth: int
    marks: frozenset[str]


class Piece(NamedTuple):
    """A stretch of an entry that is read by itself, and the strength printed beside it."""

    start: int
    end: int
    percent: float | None = None


class Reader:
    """Reads entries with one linker. Places are relative to the text given, moved on by ``at``."""

    def __init__(self, linker: Linker, inner: Callable[[str, Notes, int, int], Found]) -> None:
        """``inner`` reads a list inside brackets or between other separators than commas."""
        self.linker = linker
        self._inner = inner

    def read(self, text: str, notes: Notes, at: int = 0, depth: int = 0) -> Found:
        """Every ingredient in an entry; nothing where it holds no letter or digit, or only a heading or a footnote."""
        behind = 0
        while headed := heading(text, behind):
            behind, mark = headed
            notes.mode = mark or ""
        text, at = text[behind:], at + behind
        start, end, sign = trim(text)
        core = text[start:end]
        if not core:
            return []
        link = self.linker.known(core) if len(core) <= LONGEST_NAME else None
        if link and len(_COLOUR.findall(core)) > 1:
            link = None  # each number that is printed is an ingredient
        if text[end : end + 1] == ".":
            dotted = self.linker.vocabulary.exact.get(text[start : end + 1].upper())
            core, link = (text[start : end + 1], dotted) if dotted else (core, link)
        footnote = None if link else legend(text)
        if footnote and not self.sure(core) and not self.sure(core.partition(footnote[0][0])[0]):
            notes.signs[footnote[0]] = footnote[1]
            return []
        marks = frozenset({sign}) if sign else PLAIN
        notes.starred = notes.starred or bool(sign)
        here = _Here(notes, at + start, depth, marks)
        if link:
            return [_made(core, 0, link, here)]
        return self._cut(core, here)

    # --- pieces -------------------------------------------------------------------------------------------------

    def _cut(self, core: str, here: _Here) -> Found:
        if here.depth > DEEPEST or not key(core):
            return [_made(core, 0, UNKNOWN, here)] if key(core) else []
        name, more = unmarked(core)
        link = self.linker.known(name) if more else None
        if link:
            return [_made(core, 0, link, here._replace(marks=here.marks | more))]
        if more and core.endswith(name):
            found = self._cut(name, here._replace(at=here.at + len(core) - len(name), depth=here.depth + 1))
            if any(one.inci for one in found):
                return [one._replace(marks=one.marks | more) for one in found]
        if _PLAIN_NAME.fullmatch(core) and not _AND.search(core):
            return self._worded(core, Masked(core, ()), here)
        plain = _BRACKETED_AND.sub(lambda found: "&".center(len(found[0])), core)
        found = self._in_pieces(plain, here)
        at = here.at
        return found if plain == core else [one._replace(text=core[one.start - at : one.end - at]) for one in found]

    def _in_pieces(self, core: str, here: _Here) -> Found:
        masked = mask(core)
        for way in (self._lines, self._with_strengths, self._sentences, self._paired):
            pieces = way(core, masked.outer)
            if pieces:
                return self._each(core, pieces, here)
        return (
            self._bracketed(core, masked, here) or self._slashed(core, masked, here) or self._worded(core, masked, here)
        )

    def _each(self, core: str, pieces: list[Piece], here: _Here) -> Found:
        every: Found = []
        for start, end, percent in pieces:
            found = self._again(core, start, end, here)
            if found and percent is not None:
                found[-1] = found[-1]._replace(percent=percent)
            every += found
        if every and here.marks:
            every[-1] = every[-1]._replace(marks=every[-1].marks | here.marks)
        return every

    def _again(self, core: str, start: int, end: int, here: _Here) -> Found:
        return self.read(core[start:end], here.notes, here.at + start, here.depth + 1)

    def _lines(self, core: str, outer: str) -> list[Piece]:
        """At the ends of lines, where one of the lines is a name; elsewhere a long name is wrapped."""
        if "\n" not in outer:
            return []
        pieces = _at(_LINE, outer)
        if not any(self.sure(core[one.start : one.end]) for one in pieces):
            return []
        lines = list(self._unwrapped(core, pieces))
        return lines if len(lines) > 1 else []

    def _unwrapped(self, core: str, lines: list[Piece]) -> Iterator[Piece]:
        """The lines, with two that are one name put together."""
        index = 0
        while index < len(lines):
            line = lines[index]
            if index + 1 < len(lines) and self.sure(core[line.start : lines[index + 1].end]):
                index += 1
                line = Piece(line.start, lines[index].end)
            yield line
            index += 1

    @staticmethod
    def _with_strengths(core: str, _outer: str) -> list[Piece]:
        """At strengths: each belongs to the name before it, the first one to what follows where nothing is before."""
        if "%" not in core:
            return []
        found = list(PERCENT.finditer(core))
        edges = [0, *(one.end() for one in found)]
        strengths = [float(one["number"].replace(",", ".")) for one in found]
        pieces = [
            Piece(edge, one.start(), strength) for edge, one, strength in zip(edges, found, strengths, strict=False)
        ]
        rest = Piece(edges[-1], len(core))
        if pieces and not key(core[: pieces[0].end]):
            pieces = [
                Piece(left.start, left.end, right.percent)
                for left, right in zip([*pieces[1:], rest], pieces, strict=True)
            ]
        elif pieces:
            pieces.append(rest)
        return [one for one in pieces if core[one.start : one.end].strip()] or pieces[:1]

    def _sentences(self, core: str, outer: str) -> list[Piece]:
        """At full stops, colons and spaced dashes, where that leaves a name, a heading or a footnote by itself."""
        pieces = _at(_DOTS, outer)
        texts = (core[one.start : one.end] for one in pieces[:SENTENCES])
        return pieces if len(pieces) > 1 and any(heading(one) or legend(one) or self.sure(one) for one in texts) else []

    def _paired(self, core: str, outer: str) -> list[Piece]:
        """At "and", where that leaves nothing but names."""
        pieces = [one for one in _at(_AND, outer) if key(core[one.start : one.end])]
        if "  &  " in outer or (len(pieces) == 1 and _AND.search(outer)):
            return pieces
        return pieces if len(pieces) > 1 and all(self.sure(core[one.start : one.end]) for one in pieces) else []

    def sure(self, text: str) -> Link | None:
        """The link of a text that is one name, spelled right, with remarks at most."""
        start, end, _ = trim(text)
        if not 0 < end - start <= LONGEST_NAME:
            return None
        core = text[start:end]
        return self.linker.known(core) or next(filter(None, map(self.linker.known, _plainer(core))), None)

    # --- one name -----------------------------------------------------------------------------------------------

    def _bracketed(self, core: str, masked: Masked, here: _Here) -> Found:
        """A name with remarks: a common name, a colour number, "nano", another name, or what it is made of."""
        if not masked.groups:
            return []
        remarks = [core[start + 1 : end - 1] for start, end in masked.groups]
        here = here._replace(marks=here.marks | {mark for one in remarks if (mark := remark(one))})
        link = self.sure(masked.bare)
        start, end = masked.groups[-1]
        if core[end : end + 1].isalpha() and self.sure(core[end:]):
            return [*self._again(core, 0, end, here), *self._again(core, end, len(core), here)]
        if key(core[end:]):
            less = _less(link or self._with_part(core, masked), BRACKETED)
            return [_made(core, 0, less, here)] if less else []
        opened = self._opened(core, start, remarks[-1], link, here)
        if opened:
            return opened
        other = None if remark(remarks[-1]) else self.sure(remarks[-1])
        if link and other and other.inci != link.inci and _is_colour(link) and _is_colour(other):
            link = other
        if (
            link
            and other
            and other.inci != link.inci
            and other.method is not Method.SYNONYM
            and not _COLOUR.search(core)
        ):
            if link.method is not Method.SYNONYM and not _GLOSS.fullmatch(remarks[-1]):
                return [*self._again(core, 0, start, here), *self._again(core, start, end, here)]
            link = other if link.method is Method.SYNONYM else link
        if not link and segment(masked.outer, self.linker.vocabulary):
            return []
        link = _less(link, BRACKETED) or _less(other, TRANSLATED)
        return [_made(core, 0, link, here)] if link else []

    def _with_part(self, core: str, masked: Masked) -> Link | None:
        """The link of a name whose plant part stands in the remark: Sesamum Indicum (Sesame Seed) Oil."""
        start, end = masked.groups[-1]
        words = core[start + 1 : end - 1].split()[1:]
        readings = (" ".join([core[:start], *words[-count:], core[end:]]) for count in range(1, len(words[-2:]) + 1))
        return next(filter(None, map(self.linker.known, readings)), None)

    def _opened(self, core: str, start: int, inside: str, link: Link | None, here: _Here) -> Found:
        """A name and what its brackets list, where that is more than other names for it."""
        if not _LISTED.search(inside):
            return []
        inner = self._inner(inside, here.notes, here.at + start + 1, here.depth + 1)
        if not any(one.inci and (link is None or one.inci != link.inci) for one in inner):
            return []
        return [*self._again(core, 0, start, here), *inner]

    def _slashed(self, core: str, masked: Masked, here: _Here) -> Found:
        """Names for one ingredient in several languages, or several ingredients."""
        if "/" not in masked.outer:
            return []
        pieces = _at(_SLASH, masked.outer)
        links = [self.sure(core[one.start : one.end]) for one in pieces] if 1 < len(pieces) <= LANGUAGES else []
        names = {link.inci for link in links if link}
        unknown = [core[one.start : one.end] for one, link in zip(pieces, links, strict=False) if not link]
        if len(names) == 1 and (not unknown or self._translates(len(links) - len(unknown), unknown, masked)):
            link = _less(next(filter(None, links)), TRANSLATED if unknown else BRACKETED)
            return [_made(core, 0, link or UNKNOWN, here)]
        if len(names) < 2 or unknown:  # noqa: PLR2004 - there is nothing to choose between
            return []
        one = _translated(core, pieces, links)
        if one:
            return [_made(core, 0, _less(one, TRANSLATED) or UNKNOWN, here)]
        if _COMPOSED.search(core) and " /" not in core and "/ " not in core:
            return [_made(core, 0, self.linker.guess(masked.bare), here)]
        return self._each(core, pieces, here)

    def _translates(self, known: int, unknown: list[str], masked: Masked) -> bool:
        """Whether texts between slashes are other names for the known one: two are known, or one looks French."""
        if any(len(one.split()) > WORDIEST for one in unknown) or segment(masked.outer, self.linker.vocabulary):
            return False
        return known > 1 or any(map(_FRENCH.search, unknown))

    def _worded(self, core: str, masked: Masked, here: _Here) -> Found:
        """Names with no separator between them, or one that is misspelled or unknown."""
        runs = segment(masked.outer, self.linker.vocabulary)
        if not runs:
            return [_made(core, 0, self.linker.guess(masked.bare if masked.groups else core), here)]
        found = []
        for run in _with_remarks(runs, masked) if masked.groups else runs:
            text = core[run.start : run.end]
            found.append(_made(text, run.start, run.link or self.linker.guess(text), here))
        return found


def _translated(core: str, pieces: list[Piece], links: list[Link | None]) -> Link | None:
    """The one ingredient that names between slashes are names for: it stands there twice, once in French."""
    count = Counter(link.inci for link in links if link)
    twice = [inci for inci, times in count.items() if times > 1]
    for link, piece in zip(links, pieces, strict=True):
        if link and [link.inci] == twice and _FRENCH.search(core[piece.start : piece.end]):
            return link
    return None


def _is_colour(link: Link) -> bool:
    return bool(link.inci and _COLOUR.fullmatch(link.inci))


def _made(text: str, start: int, link: Link, here: _Here) -> Ingredient:
    marks = here.marks | {here.notes.mode} if here.notes.mode else here.marks
    start += here.at
    return Ingredient(text, start, start + len(text), link.inci, link.method, link.confidence, None, marks)


def _with_remarks(runs: Iterable[Run], masked: Masked) -> Iterator[Run]:
    """Each name with the remarks behind it."""
    groups = iter(masked.groups)
    group = next(groups, None)
    last = None
    for run in runs:
        while group and group[1] <= run.start:
            if last:
                last = last._replace(end=group[1])
            group = next(groups, None)
        if last:
            yield last
        last = run
        while group and group[1] <= run.end:
            group = next(groups, None)
    if last:
        yield last._replace(end=max([last.end, *(end for _, end in masked.groups[-1:])]))


def _plainer(core: str) -> Iterator[str]:
    """A name without its remarks, where it has any."""
    masked = mask(core)
    if masked.groups:
        yield masked.bare
    name, marks = unmarked(core)
    if marks:
        yield name


def _at(pattern: re.Pattern[str], outer: str) -> list[Piece]:
    """The pieces between what the pattern finds."""
    found = list(pattern.finditer(outer))
    if not found:
        return [Piece(0, len(outer))]
    starts = [0, *(one.end() for one in found)]
    ends = [*(one.start() for one in found), len(outer)]
    return [Piece(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _less(link: Link | None, confidence: float) -> Link | None:
    return link and Link(
        link.inci, Method.KEY if link.method is Method.EXACT else link.method, min(link.confidence, confidence)
    )
