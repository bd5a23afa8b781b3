"""What stands around names: edges, brackets, strengths, headings inside a list, footnotes and their legend."""

import re
from typing import NamedTuple

from pellucid.labels.vocabulary import key

NOTE = "*"
SIGNS = "*†‡§"
"""Footnote signs that are told apart; ``normalise`` makes a star of every other."""
ACTIVE, FAIR_TRADE, FOOTNOTE, MAY_CONTAIN, NANO, ORGANIC = (
    "active",
    "fair_trade",
    "footnote",
    "may_contain",
    "nano",
    "organic",
)
PLAIN: frozenset[str] = frozenset()
HOLE = "\x00"
"""Stands for a character of a remark in brackets."""

_EDGE = " \n\t.•*,;:-_'\"|<>=!?~^#+/&$@`" + SIGNS[1:]
_OPEN, _CLOSE = "([{", ")]}"
_BRACKET = re.compile(r"[()\[\]{}]")
_REMARKS = {
    "nano": NANO,
    "nanoparticles": NANO,
    "organic": ORGANIC,
    "certifiedorganic": ORGANIC,
    "organicallygrown": ORGANIC,
    "bio": ORGANIC,
    "fairtrade": FAIR_TRADE,
}
_BEFORE = re.compile(
    r"(?P<organic>(?:certified )?organic |bio |co )|(?P<fair_trade>fair[ -]?trade )|(?P<nano>nano[ -])", re.IGNORECASE
)
_BEHIND = re.compile(r"[ -](?:nano|organic|bio)$", re.IGNORECASE)
PERCENT = re.compile(
    r"[(\[]?[ ]{0,3}(?<![\w.,])(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,4})?)[ ]{0,3}%"
    r"(?:[ ]?\(?[wv]/[wv]\)?)?[ ]{0,3}[)\]]?",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"[\s.\[(•*\-]{0,8}(?:"
    r"(?P<may_contain>(?:may(?: also)? contain|peut contenir|kann enthalten)s?\b[\s\[(]{0,3}(?:\+ ?/ ?-|±)?"
    r"|\+ ?/ ?-|±(?![)\]] ?[0-9]))"
    r"|(?P<active>active ingredients?\b|actives?(?= ?:))"
    r"|(?P<other>division ?: ?\w{1,20} ?\([^()]{1,40}\)(?=\w)"
    r"|(?:(?:inactive|other|full|key|all) )?ingredients?(?: list)?\b|inactives?(?= ?:))"
    r")[\])\s]{0,4}[:\-]?",
    re.IGNORECASE,
)
_LEGEND = re.compile(r"[\s.]{0,8}(?P<sign>[*†‡§]{1,6})[ ]{0,3}[:=\-]?[ ]{0,3}(?P<words>[^\W_].{2,200})", re.DOTALL)
_LEGEND_WORDS = (
    (ORGANIC, re.compile(r"organic|biolog|ecocert|\bbio\b", re.IGNORECASE)),
    (FAIR_TRADE, re.compile(r"fair[ -]?trade", re.IGNORECASE)),
    (
        FOOTNOTE,
        re.compile(
            r"\b(?:natural|naturally|plant|vegetable|origin|derived|source|farming|agriculture|components?|wild"
            r"|essential oils?|constituents?|ingredients?|biodynamic|certified|flavou?r|upcycled|vegan|recycled)\b",
            re.IGNORECASE,
        ),
    ),
)


class Core(NamedTuple):
    """A name inside its furniture."""

    start: int
    end: int
    sign: str
    """Its footnote sign."""


def trim(text: str) -> Core:
    """Where the name starts and ends: without punctuation, footnote signs and brackets that open or close nothing."""
    start, end = _without_edge(text, 0, len(text))
    for _ in range(3 if _BRACKET.search(text) else 0):
        spare = spare_brackets(text[start:end])
        if start < end and text[start] in _CLOSE:
            start = end - len(text[start:end].lstrip(_CLOSE))
        elif start < end and text[end - 1] in _OPEN:
            end = start + len(text[start:end].rstrip(_OPEN))
        elif spare > 0 and text[start] in _OPEN:
            start += min(spare, end - start - len(text[start:end].lstrip(_OPEN)))
        elif spare < 0 and text[end - 1] in _CLOSE:
            end -= min(-spare, len(text[start:end]) - len(text[start:end].rstrip(_CLOSE)))
        elif spare == 0 and start < end and text[start] in _OPEN and closing(text, start) == end - 1:
            start, end = start + 1, end - 1
        else:
            break
        start, end = _without_edge(text, start, end)
    if text.isascii() and NOTE not in text:
        return Core(start, end, "")
    return Core(start, end, "".join(one for one in text[:start] + text[end:] if one in SIGNS))


def _without_edge(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip(_EDGE))
    return start, max(start, end - len(inside) + len(inside.rstrip(_EDGE)))


def closing(text: str, start: int) -> int | None:
    """Where the bracket that opens at ``start`` closes."""
    depth = 0
    for place in range(start, len(text)):
        if text[place] in _OPEN:
            depth += 1
        elif text[place] in _CLOSE:
            depth -= 1
            if not depth:
                return place
    return None


def spare_brackets(text: str) -> int:
    """How many brackets open and don't close."""
    return sum(map(text.count, _OPEN)) - sum(map(text.count, _CLOSE)) if _BRACKET.search(text) else 0


class Masked(NamedTuple):
    """A name with what is in brackets blanked out."""

    outer: str
    """Of the same length."""
    groups: tuple[tuple[int, int], ...]
    """Each remark, with its brackets."""

    @property
    def bare(self) -> str:
        """The name without its remarks."""
        return " ".join(self.outer.replace(HOLE, " ").split())


def mask(text: str) -> Masked:
    """Blank what is in brackets; a bracket that never closes is left."""
    if not _BRACKET.search(text):
        return Masked(text, ())
    groups: list[tuple[int, int]] = []
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        place = found.start()
        if found[0] in _OPEN:
            opened.append(place)
        elif opened:
            start = opened.pop()
            while groups and groups[-1][0] > start:
                groups.pop()
            groups.append((start, place + 1))
    made, last = [], 0
    for start, end in groups:
        made += [text[last:start], HOLE * (end - start)]
        last = end
    return Masked("".join([*made, text[last:]]), tuple(groups))


def remark(text: str) -> str | None:
    """The mark that a remark in brackets stands for."""
    return _REMARKS.get(key(text)) if len(text) < 40 else None  # noqa: PLR2004 - no such remark is longer


def unmarked(name: str) -> tuple[str, frozenset[str]]:
    """A name without "organic" and the like before or behind it."""
    before = _BEFORE.match(name)
    if before:
        return name[before.end() :], frozenset({str(before.lastgroup)})
    behind = _BEHIND.search(name[-10:])
    if behind:
        return name[: len(name) - len(behind[0])], frozenset({_REMARKS[key(behind[0])]})
    return name, PLAIN


def heading(text: str, start: int = 0) -> tuple[int, str | None] | None:
    """Where a heading ends that starts here, and what it says of what follows."""
    found = _HEADING.match(text, start)
    if not found:
        return None
    return found.end(), None if found.lastgroup == "other" else found.lastgroup


def legend(text: str) -> tuple[str, str] | None:
    """The sign and the mark that a footnote explains."""
    found = _LEGEND.match(text)
    if not found or len(text) > 300:  # noqa: PLR2004 - a footnote is a line
        return None
    words, _, _ = found["words"].partition(found["sign"][0])  # the next sign has a footnote of its own
    for mark, known in _LEGEND_WORDS:
        if known.search(words):
            return found["sign"], mark
    return None
