"""Which characters the bundled fonts can draw, and text made of these alone: what people typed must never stop a page.

The fonts hold Latin, Greek, Cyrillic, kana and the Han characters of Taiwan, Hong Kong, China and Japan that have a
place in their standards. For the rest, such as emoji, Arabic or a very rare Han character, a white square stands in.
"""

import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

WHITE_SQUARE = "\u25a1"

INVISIBLE = frozenset({"Cf", "Mn", "Me"})
"""Joiners, direction marks and variation selectors, and accents without a glyph: left out without a trace."""

BLANK = frozenset({"Cc", "Zs", "Zl", "Zp"})

GROUPS = 12
"""The format of a character map in groups of code points; docs/cut_font.py writes no other one."""

WORD = re.compile(r"[!-,.0-\u2e7f]+")
"""Characters between which no line ends by itself: no blank, hyphen or slash, and none of Chinese or Japanese."""

ZERO_WIDTH_SPACE = "\u200b"


def printable(text: str) -> str:
    """The text with what the fonts can draw: anything else becomes U+25A1, and what is invisible anyway is dropped."""
    return "".join(_drawn(char) for char in unicodedata.normalize("NFC", text))


def breakable(text: str, longest: int) -> str:
    """The text with places to end a line in words of more letters than ``longest``, every half of that."""
    return WORD.sub(lambda word: _broken(word.group(), longest), text)


def _broken(word: str, longest: int) -> str:
    step = len(word) if len(word) <= longest else longest // 2
    return ZERO_WIDTH_SPACE.join(word[at : at + step] for at in range(0, len(word), step))


def shortened(text: str, room: int) -> str:
    """The text cut to so many half-widths, of which a Han character takes two; an ellipsis stands for the rest."""
    if sum(map(_width, text)) <= room:
        return text
    kept, left = [], room - 1
    for char in text:
        left -= _width(char)
        if left < 0:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "\u2026"


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _drawn(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in BLANK:
        return " "
    if ord(char) in drawable() and kind != "Cf":
        return char
    if kind in INVISIBLE:
        return ""
    plain = unicodedata.normalize("NFKC", char)  # a ligature or a letter of mathematics in plain letters
    return plain if plain != char and all(ord(each) in drawable() for each in plain) else WHITE_SQUARE


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """Code points that at least one of the regular fonts has."""
    return frozenset().union(*(_code_points(path) for path in sorted(FONTS.glob("*-Regular.?tf"))))


def _code_points(path: Path) -> set[int]:
    """The code points of a font's character map: table ``cmap``, format 12, as in the OpenType specification."""
    font = path.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    directory = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    cmap = directory[b"cmap"]
    (maps,) = struct.unpack_from(">H", font, cmap + 2)
    offsets = (struct.unpack_from(">I", font, cmap + 8 + 8 * number)[0] for number in range(maps))
    found: set[int] = set()
    for at in (cmap + offset for offset in offsets):
        form, _, _, _, groups = struct.unpack_from(">HHIII", font, at)
        if form == GROUPS:
            for first, last, _ in struct.iter_unpack(">III", font[at + 16 : at + 16 + 12 * groups]):
                found.update(range(first, last + 1))
    return found
