"""Printed text made plain: widths, dashes, quotes, spaces, HTML and invisible characters folded, every place kept.

Case, accents and punctuation stay; ``vocabulary.key`` folds those. Every step is linear in the length of the text.
"""

# ruff: noqa: RUF001 - characters that look alike are what this is about

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

BULLET = "•"
NOTE = "*"
"""What any footnote sign becomes."""

DAGGERS = frozenset("†‡§")
"""Signs that labels print beside stars, each for a footnote of its own."""

_FOLDS = {
    "-": "‐‑‒–—―−⁃﹘﹣－",
    "'": "‘’‚‛ʹʼ´′＇",
    '"': "“”„‟«»″＂",
    " ": "\t\x0b\x0c\x85\u00a0\u1680\u202f\u205f\u3000™®©℠" + "".join(map(chr, range(0x2000, 0x200B))),
    "\n": "\r\u2028\u2029",
    BULLET: "·▪●◦∙■□○‣⁌⁍・◆◇►▶★☆✓✔➤⦁\uf0b7",
    ",": "，、﹐﹑，،",
    ";": "；﹔؛",
    ":": "：﹕",
    "/": "／⁄∕\\",
    "%": "％﹪",
    "(": "（﹙",
    ")": "）﹚",
    "[": "［【",
    "]": "］】",
    ".": "．。｡",
    "+": "＋",
    NOTE: "＊∗⁎†‡§¶⁑¹²³⁴⁵⁶⁷⁸⁹⁰ªº°",
}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\u061c]")
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|h[1-6])\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"(?P<tag></?[A-Za-z][^<>]{0,200}>)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<wrap>(?<=-)[ ]?\r?\n[ ]{0,20}(?=\w))"
    r"|(?P<crlf>\r(?=\n))"
    "|(?P<hidden>" + _INVISIBLE.pattern + ")"
    "|(?P<soft>¬[‐-]?)"
)


@dataclass(frozen=True, slots=True)
class Normal:
    """Plain text and where each of its characters stood."""

    text: str
    starts: "array[int] | None" = None
    """The place of each character in the text that was given; None where nothing moved."""
    ends: "array[int] | None" = None
    """The place behind each character."""
    given: str | None = None
    """The text that was given; None where nothing changed."""

    def printed(self, start: int, end: int) -> str:
        """What was printed where a stretch of the plain text stands; ``start < end``."""
        first, last = self.original(start, end)
        return (self.text if self.given is None else self.given)[first:last]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the plain text as a stretch of the text that was given; ``start < end``."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def with_signs(normal: Normal, text: str) -> str:
    """The plain text with footnote signs told apart that stand for one each, as ``NOTE`` doesn't."""
    if text.isascii() or DAGGERS.isdisjoint(text):
        return normal.text
    made = list(normal.text)
    for place, character in enumerate(made):
        printed = text[normal.starts[place] if normal.starts else place]
        if character == NOTE and printed in DAGGERS:
            made[place] = printed
    return "".join(made)


class _Folds(dict[int, str]):
    """One character to what it becomes, never to nothing; worked out when it is first met."""

    def __init__(self) -> None:
        super().__init__({ord(odd): plain for plain, odds in _FOLDS.items() for odd in odds})

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = character
        if unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}:
            folded = character if character == "\n" else " "
        elif code > 127:  # noqa: PLR2004 - beyond ASCII
            compatible = unicodedata.normalize("NFKC", character)
            # a fraction or a word in one sign would put separators inside one character
            if compatible.isalnum():
                folded = compatible
        self[code] = folded
        return folded


_folds = _Folds()


def normalise(text: str) -> Normal:
    """Fold what looks alike; places in the result can be traced back with ``Normal.original``."""
    if text.isascii() and text.isprintable() and "<" not in text and "&" not in text and "\\" not in text:
        return Normal(text)
    folded = text.translate(_folds)
    if len(folded) == len(text) and not _MARKUP.search(text):
        return Normal(folded, given=text)
    return _with_places(text)


def _with_places(text: str) -> Normal:
    starts, ends = array("q"), array("q")
    made: list[str] = []
    for start, end, plain in _stretches(text):
        if plain is None:
            grown = [_folds[ord(character)] for character in text[start:end]]
            made += grown
            at = [place for place, folded in enumerate(grown, start) for _ in folded]
            starts.extend(at)
            ends.extend([place + 1 for place in at])
            continue
        made.append(plain)
        if len(plain) == end - start:
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            starts.extend([start] * len(plain))
            ends.extend([end] * len(plain))
    return Normal("".join(made), starts, ends, text)


def _stretches(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Stretches of the text, each with what it becomes: as many characters as it has, or one thing for the whole.

    None where single characters become several.
    """
    last = 0
    for found in _MARKUP.finditer(text):
        yield from _folded(text, last, found.start())
        last = found.end()
        plain = _plain(found)
        if plain:
            yield found.start(), last, plain
    yield from _folded(text, last, len(text))


def _plain(found: re.Match[str]) -> str:
    if found["tag"]:
        return "\n" if _BREAKING.match(found["tag"]) else ""
    if found["entity"]:
        return _entity(found["entity"])
    return ""


def _entity(entity: str) -> str:
    """One character for an HTML entity, or the entity itself where there is no such thing."""
    name = entity[1:]
    if not name.startswith("#"):
        return html5.get(name, entity)[:1].translate(_folds)[:1]
    digits = name[1:-1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return chr(code).translate(_folds)[:1] if code < 0x110000 else "&"  # noqa: PLR2004 - the end of Unicode


def _folded(text: str, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
    if start == end:
        return
    stretch = text[start:end]
    folded = stretch.translate(_folds)
    yield start, end, folded if len(folded) == len(stretch) else None
