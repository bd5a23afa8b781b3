"""The printable card as a PDF: vector shapes at their exact size, and how to use it in both languages.

``templates/card.typ`` lays out the page; what lies where on the card is ``vision.card_layout``.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import numpy as np
import typst

from pellucid.exchange.pdf import ACCESSIBLE, PLACES
from pellucid.exchange.printable import FONTS
from pellucid.knowledge.texts import Texts
from pellucid.vision.card_layout import (
    CARD,
    CARD_TARGET,
    INK,
    NAME,
    RULER,
    TILE,
    TILE_TARGET,
    Box,
    Colour,
    Mark,
    Target,
    bars,
    frame,
    wedges,
)
from pellucid.vision.card_marks import Points

Paper = Literal["a4", "letter"]

TEMPLATE: Final = Path(__file__).parent / "templates" / "card.typ"
PAPERS: Final = {"a4": "a4", "letter": "us-letter"}
"""As the typesetter calls them."""
STEPS: Final = ("print", "measure", "cut", "hold", "take", "tile", "colours")
"""Of the how-to, in the order in which they are done."""
LABELS: Final = ("title", "line", "picture", "tile_picture")


def card_pdf(*, paper: Paper, texts: Texts, other: Texts) -> bytes:
    """The page with the card and the tile.

    Args:
        paper: its size; the card has the same on both.
        texts: the words that come first, and the document's language.
        other: the words that come second.

    Returns:
        a PDF, tagged for screen readers; the same bytes for the same words.
    """
    data = {
        "paper": PAPERS[paper],
        "name": NAME,
        "card": _svg(CARD, CARD_TARGET, bars(), wedges()),
        "size": [CARD.width, CARD.height],
        "ruler_end": [RULER.x + RULER.width, RULER.y],
        "tile": _svg(TILE, TILE_TARGET, frame(TILE), ()),
        "tile_size": [TILE.width, TILE.height],
        "languages": [_words(each) for each in (texts, other)],
    }
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=ACCESSIBLE,
    )


def _words(texts: Texts) -> dict[str, object]:
    language, region = PLACES[texts.language]
    return {
        "language": language,
        "region": region,
        "steps": [texts.phrase(f"photo.card.{step}") for step in STEPS],
        **{label: texts.phrase(f"photo.card.{label}") for label in LABELS},
    }


def _svg(piece: Box, target: Target, boxes: Iterable[tuple[Box, Colour]], polygons: Iterable[Points]) -> str:
    """A piece of paper as SVG, in millimetres."""
    paths = [(_closed(box.corners()), colour) for box, colour in boxes]
    paths += [(_closed(polygon), INK) for polygon in polygons]
    paths += [("".join(_black(target, mark)), INK) for mark in target.marks]
    drawn = "".join(f'<path d="{path}" fill="#{bytes(colour).hex()}"/>' for path, colour in paths)
    size = f'width="{piece.width:g}mm" height="{piece.height:g}mm" viewBox="0 0 {piece.width:g} {piece.height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>'


def _black(target: Target, mark: Mark) -> Iterator[str]:
    """The black cells of a mark, a run of each row at a time; in one path, so that no seam shows between them."""
    box, side = mark.box, mark.box.width / target.cells
    for row, white in enumerate(target.mark_cells(mark.id)):
        edges = np.flatnonzero(np.diff(np.concatenate([[True], white, [True]]).astype(int)))
        for start, end in edges.reshape(-1, 2).tolist():
            run = Box(box.x + start * side, box.y + row * side, (end - start) * side, side)
            yield _closed(run.corners())


def _closed(points: Points) -> str:
    return "M" + "L".join(f"{x:.5f} {y:.5f}" for x, y in points.tolist()) + "Z"
