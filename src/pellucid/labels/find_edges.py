"""Where a text is cut: separators of lists, ends of sentences and blank lines, titles before a colon."""

import re
from collections.abc import Iterator
from enum import IntEnum

from pellucid.labels.find_words import colours_below, heading, mentions_list, opens_may_contain


class Edge(IntEnum):
    """What a stretch ends with, the weakest first."""

    COMMA = 0
    DASH = 1
    BULLET = 2
    LINE = 3
    SENTENCE = 4
    BLANK = 5
    COLON = 6
    """The stretch is a title."""
    END = 7


WIDEST_BRACKETS = 240
"""Brackets that close later are no remark."""
EDGE_SIGNS = " \n\t.•*,;:-_'\"|<>=!?~^#+/&$@`[]{}"
"""What can stand around a name."""

_SIGNS = re.compile(
    r"[(\[),;|•\n:.!?\-]|(?<=[ \n])(?P<words>(?:in)?active ingredients?\b|free (?:of|from)\b|frei von\b|libre de\b"
    r"|(?:made|formulated|created) without\b|(?-i:M(?:ay|AY)) contain\b|(?-i:P(?:eut|EUT)) contenir\b"
    r"|(?-i:K(?:ann|ANN)) enthalten\b|(?:\+ ?/ ?-|±)(?=[ ]?[:(\[]?[ ]?[^\W\d]))",
    re.IGNORECASE,
)
"""Signs that can be edges, and words that start something else wherever they stand."""
_BRACKET = re.compile("[()]")
_STRENGTH = re.compile(r"[ ]{0,3}[0-9]{1,3}(?:[.,][0-9]{1,4})?[ ]?%[ ]?(?=[,;.\n]|$)")
_BLANK = re.compile(r"\n[ \n]*\n")
_ABBREVIATED = re.compile(r"(?:^|[^a-z])(?:denat|no|nr|var|spp?|ssp|subsp|vit|dr|st|l|approx|max|min)$", re.IGNORECASE)
_WORD = re.compile(r"(?:(?<!\S)|(?<=[%)\]]))(?=\S)")
_HEADING_ROOM = 50
"""In so many characters before a colon a heading is looked for."""
_SHORTEST = 4
"""No shorter stretch holds a heading with something before it."""
_SIGNS_OF_NAMES = "%*)."
"""Words that start so go with what is before them."""
_BEFORE_CAPITAL = re.compile("[a-z)*]")


def edges(text: str) -> Iterator[tuple[int, int, Edge]]:
    """Stretches of the text and what each ends with. Inside short round brackets only a blank line is an edge."""
    closing = _closing(text)
    start = depth = opened = 0
    for found in _SIGNS.finditer(text):
        at, sign = found.start(), found[0]
        if at < start:
            continue
        if depth and at - opened > WIDEST_BRACKETS:
            depth = 0
        if sign == ")":
            depth = max(0, depth - 1)
            continue
        opens = sign in {"(", "["}
        if opens and not _opens_list(text, start, at):
            if at in closing:
                depth, opened = depth + 1, opened if depth else at
            continue
        edge = Edge.COMMA if opens else _edge(text, start, at, sign)
        if edge is None or (depth and edge is not Edge.BLANK and not opens):
            continue
        if edge is Edge.COLON and (inner := _heading_at_end(text, start, at)) is not None:
            yield start, inner, Edge.SENTENCE
            start = inner
        yield start, at, edge
        start, depth = at if len(sign) > 1 else _behind(text, at, edge), 0
    yield start, len(text), Edge.END


def _closing(text: str) -> set[int]:
    """The places of round brackets that close before long; a remark that was never closed ends at the next edge."""
    opened: list[int] = []
    closing = set()
    for found in _BRACKET.finditer(text):
        if found[0] == "(":
            opened.append(found.start())
        elif opened and found.start() - (first := opened.pop()) <= WIDEST_BRACKETS:
            closing.add(first)
    return closing


def _opens_list(text: str, start: int, at: int) -> bool:
    """Whether a bracket holds what the product may contain, and is no part of a heading for that."""
    return opens_may_contain(text, at + 1) and colours_below(text, start) <= at


def _behind(text: str, at: int, edge: Edge) -> int:
    gap = _BLANK.match(text, at) if edge is Edge.BLANK else None
    return gap.end() if gap else at + 1


def _edge(text: str, start: int, at: int, sign: str) -> Edge | None:
    """What a sign is, where it is no part of a name."""
    if len(sign) > 1:
        own = at > start and heading(text, at, at + _HEADING_ROOM) and colours_below(text, start) <= at
        return Edge.SENTENCE if own else None
    after = text[at + 1 : at + 2]
    before = text[at - 1 : at] if at else ""
    if sign == ",":
        return None if before.isdigit() and after.isdigit() else Edge.COMMA
    if sign in ".!?":
        ends = _ends_sentence(text, at, before, after) and not _is_abbreviated(text, start, at)
        return Edge.SENTENCE if ends else None
    if sign == "-":
        return _dash(text, at, before, after)
    if sign == "\n":
        return Edge.BLANK if _BLANK.match(text, at) else None
    if sign == ":":
        title = not after or after.isspace() or after.isupper() or not after.isascii()
        return Edge.COLON if title and not _is_no_title(text, start, at, before) else None
    return Edge.BULLET if sign == "•" else Edge.COMMA


def _dash(text: str, at: int, before: str, after: str) -> Edge | None:
    if not before.isspace():
        return None
    if after.isupper() or after.isdigit():
        return Edge.BULLET
    spaced = before == after == " " and not text[at + 2 : at + 3].isdigit()
    return Edge.DASH if spaced else None


def _ends_sentence(text: str, at: int, before: str, after: str) -> bool:
    if not after or after.isspace() or after in "*•[" or not after.isascii():
        return True
    if after == "-":
        return text[at + 2 : at + 3].isupper() or text[at + 2 : at + 3].isdigit()
    return after.isupper() and bool(_BEFORE_CAPITAL.match(before))


def _is_abbreviated(text: str, start: int, at: int) -> bool:
    return text[at] == "." and bool(_ABBREVIATED.search(text[max(start, at - 8) : at]))


def _is_no_title(text: str, start: int, at: int, before: str) -> bool:
    """Whether a colon stands in front of a strength, behind a footnote sign or in a colour's number."""
    if _STRENGTH.match(text, at + 1):
        return True
    if before.isalpha() and before not in "Ii":
        return False
    return text[max(start, at - 2) : at].upper() in {"CI", "I."} or (
        at - start < _HEADING_ROOM and not text[start:at].strip(" *\n")
    )


def _heading_at_end(text: str, start: int, colon: int) -> int | None:
    """Where a heading starts that the words before a colon end with, where others stand before it."""
    first = max(start, colon - _HEADING_ROOM)
    if colon - start < _SHORTEST or not mentions_list(text, first, colon):
        return None
    for word in _WORD.finditer(text, first, colon):
        found = heading(text, word.start(), colon + 1) if text[word.start()] not in _SIGNS_OF_NAMES else None
        if found and found.end >= colon:
            return word.start() if text[start : word.start()].strip(EDGE_SIGNS) else None
    return None
