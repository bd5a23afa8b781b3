"""Cuts the fonts of the printed plan out of Noto Sans and Noto Sans CJK: ``cut_font.py FOLDER``.

FOLDER holds NotoSans-*.ttf and NotoSansCJK-*.ttc, in it or below it; Debian's packages fonts-noto-core and
fonts-noto-cjk install them below /usr/share/fonts. The same sources give the same bytes. What is kept, and under which
licence, is told in src/pellucid/exchange/fonts/README.txt.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped] # fontTools ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # as above
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable  # type: ignore[import-untyped] # as above

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "src" / "pellucid" / "exchange" / "fonts"
TEXTS = ROOT / "src" / "pellucid" / "knowledge" / "data" / "text"

LATIN = ((0x0020, 0x052F), (0x1E00, 0x1FFF), (0x2000, 0x26FF))
"""Latin with every accent, Greek, Cyrillic; punctuation, currencies, arrows, signs."""

CHINESE = ((0x0020, 0x00FF), (0x2000, 0x26FF), (0x3000, 0x312F), (0xFF00, 0xFFEF))
"""Beside the Han characters: signs as wide as they are, kana, bopomofo, full-width forms."""

EVERY_HAN = ("big5", "big5hkscs", "gb2312", "shift_jis")
"""Taiwan, Hong Kong, and the names that come from China and Japan."""

EVERY_LEAD = range(0x81, 0xFF)
"""First bytes of two in any of these codecs."""

COMMON_LEAD = range(0xA4, 0xC7)
"""Those of Big5's first level: the 5,401 characters in common use, in which headings are written."""

FEATURES = ("kern", "mark", "mkmk", "ccmp")
"""Spacing and accents. Shapes of other regions, small and vertical forms are left out with their glyphs."""

TABLES = ("BASE", "DSIG", "VORG", "vhea", "vmtx")
"""Vertical lines, and a signature that the cut would break."""

LICENCE_NAMES = (0, 7, 8, 9, 11, 12, 13, 14)
"""Copyright, trademark, makers and licence, as they were."""

ENGLISH = 0x409
"""The language of names in Windows' count; the platform is 3, the encoding 1."""


class Cut(NamedTuple):
    """One font to make."""

    source: str
    face: int
    """Which one of a collection; -1 where the file holds only one."""
    family: str
    """A name of our own: what is cut is no longer the font that its makers published."""
    style: str
    characters: set[int]


def main() -> None:
    """Write every font, and say how large it is."""
    folder = Path(sys.argv[1])
    for each in _cuts():
        (source,) = folder.rglob(each.source)
        font = cut(source, each)
        path = FONTS / f"{each.family.replace(' ', '')}-{each.style}{'.otf' if 'CFF ' in font else '.ttf'}"
        font.save(path)
        print(f"{path.name}: {len(font.getBestCmap())} characters, {path.stat().st_size} bytes")


def _cuts() -> Iterator[Cut]:
    latin, chinese, own = _blocks(LATIN), _blocks(CHINESE), _own_texts()
    every = chinese.union(*(_characters(codec, EVERY_LEAD) for codec in EVERY_HAN), own)
    common = chinese | _characters("big5", COMMON_LEAD) | own
    for style, characters in (("Regular", every), ("Bold", common)):
        yield Cut(f"NotoSans-{style}.ttf", -1, "Pellucid Sans", style, latin)
        yield Cut(f"NotoSansCJK-{style}.ttc", 3, "Pellucid Sans TC", style, characters)  # 3 has Taiwan's shapes


def cut(source: Path, wanted: Cut) -> TTFont:
    """One face with the wanted characters alone, under our name."""
    font = TTFont(source, fontNumber=wanted.face, recalcTimestamp=False)
    # Subroutines are small themselves, but keep the outlines from being compressed with the wheel.
    options = Options(hinting=False, desubroutinize=True, notdef_outline=True, name_IDs=["*"])
    options.layout_features = list(FEATURES)
    options.drop_tables += TABLES
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted.characters)
    subsetter.subset(font)
    font["cmap"].tables = [_character_map(font.getBestCmap())]
    _rename(font, wanted.family, wanted.style)
    return font


def _character_map(glyphs: dict[int, str]) -> CmapSubtable:
    """The one map of format 12 that pellucid.exchange.printable reads as well."""
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, glyphs
    return table


def _rename(font: TTFont, family: str, style: str) -> None:
    """Our family name in every place that has one; who made it and its licence stay."""
    names, made = font["name"], font["name"].getDebugName(3)
    names.names = [each for each in names.names if each.nameID in LICENCE_NAMES and each.langID == ENGLISH]
    full, postscript = f"{family} {style}", f"{family.replace(' ', '')}-{style}"
    version = f"Version {font['head'].fontRevision:.3f}"
    own = {1: family, 2: style, 3: postscript, 4: full, 5: version, 6: postscript, 10: f"Cut from {made}"}
    for number, text in own.items():
        names.setName(text, number, 3, 1, ENGLISH)
    if "CFF " in font:
        outlines = font["CFF "].cff
        outlines.fontNames = [postscript]
        outlines[0].FullName, outlines[0].FamilyName = full, family


def _blocks(blocks: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, last in blocks for code in range(first, last + 1)}


def _characters(codec: str, leads: Iterable[int]) -> set[int]:
    """Every character that two bytes of a codec stand for."""
    found: set[int] = set()
    for lead in leads:
        for trail in range(0x40, 0xFF):
            text = bytes((lead, trail)).decode(codec, errors="ignore")
            found.update(map(ord, text))
    return found


def _own_texts() -> set[int]:
    """Every character of the words that come with the project."""
    return {ord(char) for path in TEXTS.rglob("*.toml") for char in path.read_text("utf-8") if char >= " "}


if __name__ == "__main__":
    main()
