"""Two visits side by side: the same skin, turned and sized alike, with the pores that were compared marked in both."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.model.change import Change, PorePair
from pellucid.vision import drawing
from pellucid.vision.drawing import Colour, Fonts, Pen, Picture
from pellucid.vision.overlay import LEAST_RING_PX
from pellucid.vision.photo import Photo

SIDE_PX = 1100
"""Longest side of each of the two pictures."""
MARGIN_MM = 1.0
"""Skin shown around the outermost pores that were compared."""
MOST_ENLARGED = 4.0
LEAST_PAIRS = 3
"""Fewer places don't say how one photo lies on the other."""
NUMBERED = 9
"""Pores that get a number, for the eye to go to and fro."""
MARK: Colour = (77, 225, 232)


@dataclass(frozen=True, slots=True)
class StripWords:
    """What is written on the picture, in one language."""

    before: str
    after: str
    scale_bar: str
    """With ``{n}`` for the millimetres."""
    pairs: str
    """What the marks are."""
    lines: tuple[str, ...] = ()
    """What changed, or why nothing was compared."""


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """One of the two pictures, and where the pores lie in it."""

    picture: Picture
    places: NDArray[np.float64]
    """(n, 2), x and y."""
    halves: NDArray[np.float64]
    """(n,) half diameters."""
    px_per_mm: float | None


def strip(before: Photo, after: Photo, change: Change, words: StripWords, fonts: Fonts) -> Picture:
    """Draw two visits.

    Args:
        before: the first photo before.
        after: the first photo after; it is turned and sized to lie as the one before.
        change: what was found when the two were compared.
        words: all that is written.
        fonts: files that can draw these words.
    """
    pairs = change.pairs if len(change.pairs) >= LEAST_PAIRS else ()
    panels = _aligned(before, after, change) if pairs else (_whole(before), _whole(after))
    unit = max(max(panel.picture.shape[1] for panel in panels) // 45, 16)
    numbered = _spread(panels[0].places)
    sides = []
    for panel, title in zip(panels, (words.before, words.after), strict=True):
        _mark(panel, numbered, unit, fonts)
        if panel.px_per_mm:
            drawing.marked_scale(panel.picture, panel.px_per_mm, words.scale_bar, unit, fonts)
        head = drawing.paragraph([title], panel.picture.shape[1], round(1.2 * unit), fonts)
        sides.append(drawing.column([head, panel.picture], unit // 3))
    body = drawing.row(sides, unit)
    told = drawing.paragraph(words.lines, body.shape[1], unit, fonts)
    marks = drawing.paragraph([words.pairs] if pairs else [], body.shape[1], unit, fonts, colour=drawing.SOFT)
    return drawing.framed(drawing.column([body, told, marks], unit // 2), unit)


# --- the two pictures -------------------------------------------------------------------------------------


def _whole(photo: Photo) -> _Panel:
    height, width = photo.pixels.shape[:2]
    factor = min(SIDE_PX / max(height, width), MOST_ENLARGED)
    picture = drawing.seen(photo, max(round(width * factor), 1), max(round(height * factor), 1))
    return _Panel(picture, np.empty((0, 2)), np.empty(0), None)


def _window(
    photo: Photo, pairs: Sequence[PorePair], scale: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first corner, and width and height, of the part of the photo before that holds the compared pores."""
    places = np.array([(pair.x_before_px, pair.y_before_px) for pair in pairs])
    margin = MARGIN_MM * (scale or 0.0)
    ends = np.array(photo.pixels.shape[1::-1], float) - 1
    first, last = np.maximum(places.min(axis=0) - margin, 0), np.minimum(places.max(axis=0) + margin, ends)
    return first, np.maximum(last - first, 1)


def _aligned(before: Photo, after: Photo, change: Change) -> tuple[_Panel, _Panel]:
    """The same window of skin in both photos."""
    pairs, scale = change.pairs, change.before[0].quality.px_per_mm
    first, size = _window(before, pairs, scale)
    factor = min(SIDE_PX / float(size.max()), MOST_ENLARGED)
    width, height = (max(round(each * factor), 1) for each in size.tolist())
    window = np.array([[factor, 0, -first[0] * factor], [0, factor, -first[1] * factor], [0, 0, 1]])
    here = np.array([(pair.x_before_px, pair.y_before_px) for pair in pairs])
    there = np.array([(pair.x_after_px, pair.y_after_px) for pair in pairs])
    onto = np.vstack([_affine(there, here), (0, 0, 1)])
    stretch = float(np.sqrt(abs(np.linalg.det(onto[:2, :2]))))
    sizes = np.array([(pair.diameter_before_px, pair.diameter_after_px * stretch) for pair in pairs]) * factor / 2
    enlarged = scale * factor if scale else None
    return (
        _Panel(_warped(before, window, (width, height)), _placed(window, here), sizes[:, 0], enlarged),
        _Panel(_warped(after, window @ onto, (width, height)), _placed(window @ onto, there), sizes[:, 1], enlarged),
    )


def _affine(there: NDArray[np.float64], here: NDArray[np.float64]) -> NDArray[np.float64]:
    """(2, 3): least squares from places in one photo to those in the other."""
    known = np.column_stack([there, np.ones(len(there))])
    return np.asarray(np.linalg.lstsq(known, here, rcond=None)[0].T, float)


def _warped(photo: Photo, matrix: NDArray[np.float64], shape: tuple[int, int]) -> Picture:
    whole = drawing.seen(photo, photo.pixels.shape[1], photo.pixels.shape[0])
    shrunk = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if shrunk < 1:  # a warp reads single pixels, so what it would step over is averaged before
        whole = np.asarray(cv2.GaussianBlur(whole, (0, 0), 0.4 / shrunk), np.uint8)
    return np.asarray(
        cv2.warpAffine(whole, matrix[:2], shape, flags=cv2.INTER_CUBIC, borderValue=drawing.GROUND), np.uint8
    )


def _placed(matrix: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(places @ matrix[:2, :2].T + matrix[:2, 2], float)


# --- marks ------------------------------------------------------------------------------------------------


def _mark(panel: _Panel, numbered: Sequence[int], unit: int, fonts: Fonts) -> None:
    """Dim the picture, ring the pores, and number some."""
    panel.picture[:] = drawing.dimmed(panel.picture)
    thick = drawing.line_width(panel.picture)
    for (x, y), half in zip(panel.places.tolist(), panel.halves.tolist(), strict=True):
        reach = max(half, LEAST_RING_PX) + thick
        drawing.ring(panel.picture, (x, y), (reach, reach), 0, MARK, thick=thick)
    pen = Pen(panel.picture, fonts)
    for number, index in enumerate(numbered, 1):
        x, y = panel.places[index]
        beside = panel.halves[index] + 0.4 * unit
        pen.on_photo(str(number), (x + beside, max(y - beside, 0.6 * unit)), round(0.9 * unit), anchor="lm")
    pen.done()


def _spread(places: NDArray[np.float64]) -> list[int]:
    """A few pores far from one another: each the farthest from those chosen before."""
    if not len(places):
        return []
    chosen = [int(np.argmin(places.sum(axis=1)))]
    apart = np.linalg.norm(places - places[chosen[0]], axis=1)
    while len(chosen) < min(NUMBERED, len(places)):
        chosen.append(int(np.argmax(apart)))
        apart = np.minimum(apart, np.linalg.norm(places - places[chosen[-1]], axis=1))
    return chosen
