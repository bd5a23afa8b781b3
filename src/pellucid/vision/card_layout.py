"""The printable card, in millimetres: what lies where and in which colour, drawn as an image for whoever needs one.

The PDF, the search for the card in a photo and the rendered scenes all read this one description. Lengths are counted
from the top left corner of the card, x to the right and y down. The words on the card are not here: only the PDF has
them, in places that nothing reads.

The card has the size of a credit card. Marks and colour patches stand in one ring around the window, 40 mm across, so
that a close-up sees them all. A mark's id is 16 times the version of the card plus the mark's place in ``MARKS``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.light import decode, encoded

VERSION: Final = 1
NAME: Final = f"card-{VERSION}"
WIDTH_MM: Final = 86.0
HEIGHT_MM: Final = 54.0

IDS_A_CARD: Final = 16
MARK_MM: Final = 6.0

Colour = tuple[int, int, int]
"""sRGB, 0 to 255."""
PAPER: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (0, 0, 0)
CUT_LINE: Final[Colour] = (150, 150, 150)
CUT_LINE_MM: Final = 0.12


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle along the card's edges."""

    x: float
    y: float
    width: float
    height: float

    def corners(self, inset: float = 0.0) -> NDArray[np.float64]:
        """(4, 2): from the top left on clockwise, moved inwards by ``inset`` millimetres."""
        left, top = self.x + inset, self.y + inset
        right, bottom = self.x + self.width - inset, self.y + self.height - inset
        return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


@dataclass(frozen=True, slots=True)
class Mark:
    """One ArUco mark."""

    id: int
    box: Box


@dataclass(frozen=True, slots=True)
class Target:
    """Marks of one code book on one flat piece of paper."""

    name: str
    marks: tuple[Mark, ...]
    dictionary: int
    """OpenCV's number of the code book."""
    cells: int
    """Across a mark, with its black border."""

    def code_book(self) -> cv2.aruco.Dictionary:
        """The code book itself."""
        return cv2.aruco.getPredefinedDictionary(self.dictionary)

    def mark_cells(self, mark_id: int) -> NDArray[np.bool_]:
        """(cells, cells): which cells of a mark are white, its black border included."""
        return np.asarray(cv2.aruco.generateImageMarker(self.code_book(), mark_id, self.cells) > 0)


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch of colour."""

    name: str
    box: Box
    colour: Colour


CARD: Final = Box(0.0, 0.0, WIDTH_MM, HEIGHT_MM)
WINDOW: Final = Box(14.5, 14.5, 25.0, 25.0)
"""Cut out; the skin shows through it."""

_MARK_CORNERS = (
    *((x, y) for y in (7.0, 41.0) for x in (7.0, 24.0, 41.0)),
    *((7.0, 24.0), (41.0, 24.0)),
    *((77.0, y) for y in (3.0, 24.0, 45.0)),
    (53.0, 3.0),
)
MARKS: Final = tuple(
    Mark(VERSION * IDS_A_CARD + place, Box(x, y, MARK_MM, MARK_MM)) for place, (x, y) in enumerate(_MARK_CORNERS)
)
CARD_TARGET: Final = Target(NAME, MARKS, cv2.aruco.DICT_5X5_100, 7)
"""25 bits a mark: few enough to stay large in the photo, enough not to be found in printed text."""


def _tile_box(place: int) -> Box:
    row, column = divmod(place, 12)
    return Box(1.25 + 2.5 * column, 1.25 + 2.5 * row, 2.0, 2.0)


TILE: Final = Box(0.0, 0.0, 32.0, 22.0)
"""A piece of its own beside the card: for a dermatoscope, which sees too little of the card. Counted from its own
top left corner."""
TILE_TARGET: Final = Target(
    f"tile-{VERSION}",
    tuple(Mark(place, _tile_box(place)) for place in range(12 * 8)),
    cv2.aruco.DICT_4X4_100,
    6,
)

_GREYS: Final = {f"grey_{light}": light for light in (92, 78, 63, 48, 34, 20)}
"""By their CIE L*."""
_COLOURS: Final[dict[str, Colour]] = {
    "skin_1": (243, 215, 199),
    "skin_2": (229, 190, 164),
    "skin_3": (207, 160, 128),
    "skin_4": (176, 126, 95),
    "skin_5": (134, 90, 65),
    "skin_6": (86, 58, 44),
    "flush": (214, 120, 112),
    "red": (168, 62, 60),
    "orange": (219, 138, 60),
    "yellow": (226, 196, 72),
    "lime": (150, 178, 76),
    "green": (74, 140, 84),
    "teal": (60, 140, 136),
    "sky": (108, 160, 204),
    "blue": (58, 84, 150),
    "violet": (112, 84, 148),
    "magenta": (178, 84, 130),
    "pink": (228, 160, 178),
}
_ORDER: Final = (
    *("grey_92", "skin_5", "sky", "red", "grey_34", "skin_2"),  # along the top
    *("lime", "grey_63", "skin_6", "pink", "blue", "skin_3"),  # down the right side
    *("skin_1", "grey_20", "orange", "skin_4", "teal", "grey_78"),  # along the bottom
    *("violet", "yellow", "grey_48", "magenta", "flush", "green"),  # down the left side
)
"""Light and dark, grey and skin on every side, so that neither uneven light nor a covered side takes one kind away."""
_STEPS: Final = (14.0, 17.0, 20.0, 31.0, 34.0, 37.0)
"""Where patches begin along a side: three on either side of the mark in its middle."""
PATCH_MM: Final = 3.0
"""Along the side; across it a patch is as wide as a mark."""


_FINE: Final = 1 << 16
"""Steps of light in the table of levels."""


def _encoded(light: NDArray[Any]) -> NDArray[np.uint8]:
    """The nearest sRGB level, of 8 bits, of linear light from 0 to 1."""
    levels = encoded(np.arange(_FINE + 1) / _FINE)
    return np.asarray(np.rint(255 * levels).astype(np.uint8)[np.rint(light * _FINE).astype(np.int32)])


def _grey(light: float) -> int:
    """The sRGB level of a neutral patch; for L* above 8, from CIE 15 and IEC 61966-2-1."""
    return int(_encoded(np.array(((light + 16) / 116) ** 3)))


def _patches() -> Iterator[Patch]:
    colours = {name: (_grey(light),) * 3 for name, light in _GREYS.items()} | _COLOURS
    boxes = (
        *(Box(at, 7.0, PATCH_MM, MARK_MM) for at in _STEPS),
        *(Box(41.0, at, MARK_MM, PATCH_MM) for at in _STEPS),
        *(Box(at, 41.0, PATCH_MM, MARK_MM) for at in _STEPS),
        *(Box(7.0, at, MARK_MM, PATCH_MM) for at in _STEPS),
    )
    for name, box in zip(_ORDER, boxes, strict=True):
        yield Patch(name, box, colours[name])


PATCHES: Final = tuple(_patches())
NEUTRAL: Final = tuple(place for place, patch in enumerate(PATCHES) if patch.name in _GREYS)

WHITES: Final = (
    *(Box(at, 4.6, PATCH_MM, 1.6) for at in (8.5, 15.5, 22.5, 29.5, 36.5, 42.5)),
    *(Box(at, 47.5, PATCH_MM, 1.4) for at in (8.5, 15.5, 22.5, 29.5, 36.5, 42.5)),
    *(Box(4.6, at, 1.6, PATCH_MM) for at in (11.0, 18.0, 25.5, 33.0, 40.0)),
    *(Box(47.8, at, 1.6, PATCH_MM) for at in (11.0, 18.0, 25.5, 33.0, 40.0)),
)
"""Bare paper round the ring: there the light that falls on the card is read."""

RULER_MM: Final = 50.0
RULER: Final = Box(7.0, 49.4, RULER_MM, 0.2)
"""The line whose length tells whether the print has its size."""
_TICK_MM: Final = 0.15

STAR_CENTRE: Final = (60.5, 21.0)
STAR_RADIUS_MM: Final = 7.0
STAR_SPOKES: Final = 24
SLANTED: Final = (60.5, 37.5, 7.0, 5.0)
"""A black square: its middle, its side in millimetres, and its slant in degrees."""


def bars() -> Iterator[tuple[Box, Colour]]:
    """Every rectangle that isn't part of a mark, in the order in which they are drawn."""
    for patch in PATCHES:
        yield patch.box, patch.colour
    for box in (CARD, WINDOW):
        yield from frame(box)
    yield RULER, INK
    for tick in range(int(RULER_MM) + 1):
        length = 1.6 if tick % 10 == 0 else 1.1 if tick % 5 == 0 else 0.7
        yield Box(RULER.x + tick - _TICK_MM / 2, RULER.y, _TICK_MM, length), INK


def frame(box: Box) -> Iterator[tuple[Box, Colour]]:
    """The thin line inside the edge of a box along which it is cut."""
    across, down = box.x + box.width - CUT_LINE_MM, box.y + box.height - CUT_LINE_MM
    for line in (
        Box(box.x, box.y, box.width, CUT_LINE_MM),
        Box(box.x, down, box.width, CUT_LINE_MM),
        Box(box.x, box.y, CUT_LINE_MM, box.height),
        Box(across, box.y, CUT_LINE_MM, box.height),
    ):
        yield line, CUT_LINE


def wedges() -> Iterator[NDArray[np.float64]]:
    """The black polygons of the focus target, (corners, 2) each: the spokes of the star and the slanted square."""
    for spoke in range(STAR_SPOKES):
        turns = (np.linspace(0, 0.5, 9) + spoke) / STAR_SPOKES
        rim = np.stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)], axis=1)
        yield np.vstack([(0.0, 0.0), rim]) * STAR_RADIUS_MM + STAR_CENTRE
    x, y, side, slant = SLANTED
    turns = np.radians(slant + np.array([45, 135, 225, 315]))
    yield np.stack([np.cos(turns), np.sin(turns)], axis=1) * side / np.sqrt(2) + (x, y)


def card_raster(dots_per_mm: float) -> NDArray[np.uint8]:
    """The card as it would be scanned: each pixel the mean, in linear light, of what it covers.

    The window is filled with paper; ``card_cover`` says where it is.

    Args:
        dots_per_mm: more than 0. The middle of pixel (0, 0) lies half a dot from the card's edges.

    Returns:
        (height, width, 3), red, green, blue, sRGB.
    """
    light = np.ones((*_shape(dots_per_mm), 3), np.float32)
    for box, colour in bars():
        _paint(light, dots_per_mm, box, decode(np.array([[colour]], np.uint8)).astype(float))
    for mark in MARKS:
        _paint(
            light, dots_per_mm, mark.box, np.repeat(CARD_TARGET.mark_cells(mark.id)[..., None], 3, axis=2).astype(float)
        )
    for polygon in wedges():
        _stencil(light, dots_per_mm, polygon)
    return _encoded(light)


def card_cover(dots_per_mm: float) -> NDArray[np.float32]:
    """(height, width) of the same pixels as ``card_raster``: the part of each that is card, 0 in the window."""
    rows, columns = _shape(dots_per_mm)
    down, across = (
        _coverage(count, dots_per_mm, np.array([start, start + length]))[:, 0]
        for count, start, length in ((rows, WINDOW.y, WINDOW.height), (columns, WINDOW.x, WINDOW.width))
    )
    return np.asarray(1 - np.outer(down, across), np.float32)


def _shape(dots_per_mm: float) -> tuple[int, int]:
    return round(HEIGHT_MM * dots_per_mm), round(WIDTH_MM * dots_per_mm)


def linear_colours() -> NDArray[np.float64]:
    """(24, 3): linear sRGB of the patches as they were designed, 0 to 1."""
    return np.asarray(decode(np.array([[patch.colour for patch in PATCHES]], np.uint8))[0], float)


def _coverage(count: int, dots_per_mm: float, edges_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    """(count, cells): which part of each pixel lies in each cell between two edges."""
    edges = edges_mm * dots_per_mm
    pixels = np.arange(count)[:, None]
    part = np.minimum(pixels + 1, edges[1:]) - np.maximum(pixels, edges[:-1])
    return np.asarray(np.clip(part, 0, 1))


def _paint(light: NDArray[np.float32], dots_per_mm: float, box: Box, cells: NDArray[np.float64]) -> None:
    """Fill a box with a grid of cells, (rows, columns, 3) in linear light."""
    first = int(box.y * dots_per_mm), int(box.x * dots_per_mm)
    last = int((box.y + box.height) * dots_per_mm) + 1, int((box.x + box.width) * dots_per_mm) + 1
    part = light[first[0] : last[0], first[1] : last[1]]
    down, across = (
        _coverage(count, dots_per_mm, start + length * np.linspace(0, 1, number + 1) - at / dots_per_mm)
        for count, start, length, number, at in (
            (part.shape[0], box.y, box.height, cells.shape[0], first[0]),
            (part.shape[1], box.x, box.width, cells.shape[1], first[1]),
        )
    )
    covered = np.outer(down.sum(axis=1), across.sum(axis=1))[..., None]
    part[:] = part * (1 - covered) + np.einsum("yi,ijc,xj->yxc", down, cells, across, optimize=True)


def _stencil(light: NDArray[np.float32], dots_per_mm: float, polygon: NDArray[np.float64], finer: int = 8) -> None:
    """Blacken a polygon, by counting finer dots."""
    dots = polygon * dots_per_mm
    (left, top), (right, bottom) = np.floor(dots.min(axis=0)).astype(int), np.ceil(dots.max(axis=0)).astype(int)
    fine = np.zeros(((bottom - top) * finer, (right - left) * finer), np.uint8)
    corners = (dots - (left, top)) * finer - 0.5
    cv2.fillPoly(fine, [np.rint(corners * 256).astype(np.int32)], 1, shift=8)
    covered = fine.reshape(bottom - top, finer, right - left, finer).mean(axis=(1, 3))
    light[top:bottom, left:right] *= (1 - covered)[..., None].astype(np.float32)
