"""The marks of the card in a photo: which are seen, and where their corners lie to a small part of a pixel.

A mark is first found by OpenCV's detector on a reduced photo. Its corners are then measured at full size in linear
light, from lines through its four edges: a blurred corner is rounded, a blurred edge stays where it was. What the
corners mean for scale and tilt stands in ``card_find``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.card_layout import CARD_TARGET, Mark, Target
from pellucid.vision.light import decode
from pellucid.vision.photo import Photo

Points = NDArray[np.float64]
"""(n, 2): x and y."""
Matrix = NDArray[np.float64]

FIRST_LOOK: Final = (1400, 2800)
"""Longest sides, in pixels, to which a photo is reduced to look for marks: the small one first, as most are found."""
LEAST_MARKS: Final = 2
"""Two marks have eight corners and some fifty cells that must all be right, which no chance makes; one alone has too
short a baseline for a scale."""
CELLS_RIGHT: Final = 0.9
"""Of the cells of a mark: what lies where a mark should be is that mark."""
LEAST_CONTRAST: Final = 0.35
"""Of black against white, as a part of white, in linear light: ink under a reflection has less."""

EDGE_SEEN: Final = 0.8
"""Of an edge: its ends, where the corners are, must not be guessed from its middle."""
ROUGHLY: Final = 0.07
"""Of a mark's side: so far off can a corner be at first sight."""
OUTLIER: Final = 3.0
"""Times better without it do the other marks fit, if a mark is measured wrong; at most a third of them go."""
OUTLIER_PX: Final = 0.3
"""Marks that fit as well as this are all right."""

_ALONG: Final = np.linspace(0.1, 0.9, 33)
"""Places along a mark's edge, as a part of it."""
_REACH: Final = 0.7
"""To either side of an edge, in cells: less than the black border and the white margin are wide."""
_STEPS: Final = 49
"""Places looked at across an edge."""
_ROUNDS: Final = 2
"""Of measuring edges: the first brings the places that the second looks at within a tenth of a pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class MarksSeen:
    """Corners of the marks that are seen, four a mark from its top left on clockwise."""

    ids: tuple[int, ...]
    card_mm: Points
    photo_px: Points


def projected(homography: Matrix, points: Points) -> Points:
    """Points moved by a 3 x 3 homography."""
    there = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return np.asarray(there[:, :2] / there[:, 2:])


def fit_homography(card_mm: Points, photo_px: Points, reach_px: float = 0.0) -> tuple[Matrix, int] | None:
    """Millimetres to pixels by least squares, and how many points agree with it.

    Args:
        card_mm: (n, 2), n of 4 or more.
        photo_px: the same points in the photo.
        reach_px: above 0, points farther off than this are left out.

    Returns:
        None where the points don't determine it.
    """
    try:
        found, agree = cv2.findHomography(card_mm, photo_px, cv2.RANSAC if reach_px > 0 else 0, max(reach_px, 1.0))
    except cv2.error:
        return None
    matrix: Any = found  # None where it isn't determined, which OpenCV's types don't say
    return None if matrix is None else (np.asarray(matrix, float), int(agree.sum()))


def find_marks(photo: Photo, target: Target = CARD_TARGET) -> MarksSeen | None:
    """Every mark of a target that can be read.

    Args:
        photo: upright; a mirrored one will do.
        target: whose marks.

    Returns:
        None where fewer than ``LEAST_MARKS`` are seen, or they don't lie as on one flat piece of paper.
    """
    for found in _first_sight(photo, target):
        rough = _rough(*_corners(target, found))
        seen = None if rough is None else _measured(photo, target, rough)
        if seen and _elsewhere(target, found, seen) <= len(seen.ids) / 2:
            return seen
    return None


def _elsewhere(target: Target, found: Mapping[int, Points], seen: MarksSeen) -> int:
    """How many of the marks found at first sight don't lie where those that were measured say: paper that is bent."""
    fitted = fit_homography(seen.card_mm, seen.photo_px)
    if fitted is None:
        return len(found)
    card_mm, photo_px = _corners(target, found)
    off = np.linalg.norm(projected(fitted[0], card_mm) - photo_px, axis=1).reshape(-1, 4)
    sides = np.linalg.norm(np.roll(photo_px.reshape(-1, 4, 2), 1, axis=1) - photo_px.reshape(-1, 4, 2), axis=2)
    return int((off.mean(axis=1) > ROUGHLY * sides.mean(axis=1)).sum())


def _first_sight(photo: Photo, target: Target) -> Iterator[Mapping[int, Points]]:
    """Corners by id, in pixels of the whole photo, from ever larger copies of it, as it is and mirrored."""
    longest = max(photo.pixels.shape[:2])
    sizes = [size for size in FIRST_LOOK if size < longest] + [longest] * (longest < FIRST_LOOK[-1])
    detector = cv2.aruco.ArucoDetector(target.code_book(), _generous())
    for size in sizes:
        grey = _reduced(photo, size / longest)
        scale = np.array(grey.shape[::-1]) / photo.pixels.shape[1::-1]
        for mirrored in (False, True):
            found = _detected(detector, np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey)
            there = {each: corners for each, corners in found.items() if each in {mark.id for mark in target.marks}}
            if mirrored:
                there = {each: corners * (-1, 1) + (grey.shape[1] - 1, 0) for each, corners in there.items()}
            if len(there) >= LEAST_MARKS:
                yield {each: (corners + 0.5) / scale - 0.5 for each, corners in there.items()}


def _generous() -> cv2.aruco.DetectorParameters:
    """Settings that find marks in blurred photos: what is found by mistake doesn't fit the others, and falls out."""
    settings = cv2.aruco.DetectorParameters()
    settings.polygonalApproxAccuracyRate = 0.06  # blur rounds corners
    settings.perspectiveRemovePixelPerCell = 8
    settings.perspectiveRemoveIgnoredMarginPerCell = 0.3  # blur mixes neighbouring cells at their edges
    settings.errorCorrectionRate = 1.0
    return settings


def _reduced(photo: Photo, factor: float) -> NDArray[np.uint8]:
    grey = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY))
    if factor < 1:
        grey = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    return np.asarray(grey if grey.dtype == np.uint8 else grey // 256, np.uint8)


def _detected(detector: cv2.aruco.ArucoDetector, grey: NDArray[np.uint8]) -> Mapping[int, Points]:
    """Corners of marks by id; an id that is seen twice is left out."""
    corners, ids, _ = detector.detectMarkers(grey)
    listed = [int(each) for each in np.asarray(ids if len(corners) else ()).ravel()]
    pairs = zip(listed, corners, strict=True)
    return {each: np.array(quad, float).reshape(4, 2) for each, quad in pairs if listed.count(each) == 1}


def _corners(target: Target, found: Mapping[int, Points]) -> tuple[Points, Points]:
    """Where the corners of marks lie on the paper and in the photo."""
    boxes = {mark.id: mark.box for mark in target.marks}
    return np.vstack([boxes[each].corners() for each in found]), np.vstack([*found.values()])


def _rough(card_mm: Points, photo_px: Points) -> Matrix | None:
    """Millimetres to pixels from corners as the detector gives them; None where too few agree."""
    side = float(np.linalg.norm(photo_px[1] - photo_px[0]))
    found = fit_homography(card_mm, photo_px, max(2.0, ROUGHLY * side))
    return found[0] if found and found[1] >= 4 * LEAST_MARKS else None


def _measured(photo: Photo, target: Target, homography: Matrix) -> MarksSeen | None:
    """The marks that really stand where they should, with measured corners."""
    light = _Light(photo)
    seen = None
    for _ in range(_ROUNDS):
        quads = {mark.id: _corners_of(light, homography, target, mark) for mark in target.marks}
        fitted = _agreeing(target, {each: quad for each, quad in quads.items() if quad is not None})
        if fitted is None:
            return None
        homography, seen = fitted
    return seen


def _agreeing(target: Target, found: Mapping[int, Points]) -> tuple[Matrix, MarksSeen] | None:
    """The homography of marks that lie as on one plane, and those marks.

    One that a finger half covers pulls all others off; without it they fit several times better, and it is left out.
    """
    kept = dict(found)
    fitted = _fit(target, kept)
    while fitted and fitted[1] > OUTLIER_PX and len(kept) > max(LEAST_MARKS, 2 * len(found) / 3):
        without = {each: _fit(target, {other: kept[other] for other in kept if other != each}) for each in kept}
        better = {each: fit for each, fit in without.items() if fit}
        worst = min(better, key=lambda each: better[each][1], default=None)
        if worst is None or better[worst][1] > fitted[1] / OUTLIER:
            break
        fitted = better[worst]
        del kept[worst]
    return (fitted[0], MarksSeen(tuple(kept), *_corners(target, kept))) if fitted else None


def _fit(target: Target, found: Mapping[int, Points]) -> tuple[Matrix, float] | None:
    """Millimetres to pixels by these marks, and the root mean square of their corners off it."""
    if len(found) < LEAST_MARKS:
        return None
    card_mm, photo_px = _corners(target, found)
    fitted = fit_homography(card_mm, photo_px)
    if fitted is None:
        return None
    return fitted[0], float(np.sqrt(((projected(fitted[0], card_mm) - photo_px) ** 2).sum(axis=1).mean()))


_MEAN: Final = np.full((1, 3), 1 / 3, np.float32)


class _Light:
    """Linear light of a photo wherever it is asked for, so that a large one is not decoded as a whole."""

    def __init__(self, photo: Photo) -> None:
        self._pixels = photo.pixels

    def at(self, points: Points) -> NDArray[np.float64] | None:
        """Mean of the three colours at points, (n,); None where one lies outside the photo."""
        height, width = self._pixels.shape[:2]
        low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int) + 1
        if min(low) < 0 or high[0] > width or high[1] > height:
            return None
        part = cv2.transform(decode(self._pixels[low[1] : high[1], low[0] : high[0]]), _MEAN)
        where = (points - low).astype(np.float32)
        return np.asarray(cv2.remap(part, where[None, :, 0], where[None, :, 1], cv2.INTER_LINEAR)[0], float)


def _corners_of(light: _Light, homography: Matrix, target: Target, mark: Mark) -> Points | None:
    """The four corners of one mark in the photo, or None where it can't be read.

    Lengths are in sides of the mark, from its top left corner on.
    """
    box = mark.box
    to_px = homography @ np.array([[box.width, 0, box.x], [0, box.height, box.y], [0, 0, 1.0]])
    if not _reads(light, to_px, target.mark_cells(mark.id)):
        return None
    across = np.linspace(-_REACH, _REACH, _STEPS) / target.cells
    levels = light.at(projected(to_px, np.vstack(_sides(across))))
    if levels is None:
        return None
    lines = [_line(profiles, across) for profiles in levels.reshape(4, len(_ALONG), _STEPS)]
    found = [line for line in lines if line]
    return projected(to_px, _crossings(found)) if len(found) == len(lines) else None


def _reads(light: _Light, to_px: Matrix, white: NDArray[np.bool_]) -> bool:
    """Whether the cells of a mark are black and white as they should be."""
    middles = (np.arange(len(white)) + 0.5) / len(white)
    x, y = np.meshgrid(middles, middles)
    levels = light.at(projected(to_px, np.column_stack([x.ravel(), y.ravel()])))
    if levels is None:
        return False
    wanted = white.ravel()
    bright, dark = float(np.median(levels[wanted])), float(np.median(levels[~wanted]))
    right = float(np.mean((levels > (bright + dark) / 2) == wanted))
    return bright - dark > LEAST_CONTRAST * bright and right >= CELLS_RIGHT


def _sides(across: NDArray[np.float64]) -> tuple[Points, Points, Points, Points]:
    """Points across each side, from inside the mark outwards; the sides clockwise from the top."""
    along, out = (each.ravel() for each in np.meshgrid(_ALONG, across, indexing="ij"))
    pairs = ((along, -out), (1 + out, along), (along, 1 + out), (-out, along))
    top, right, bottom, left = (np.column_stack(pair) for pair in pairs)
    return top, right, bottom, left


def _line(profiles: NDArray[np.float64], across: NDArray[np.float64]) -> tuple[float, float] | None:
    """How far outside its place an edge lies at the beginning of its side, and how much more at the side's end.

    Each profile goes from black to white. The edge is where a sharp step would leave as much light, which no
    symmetric blur moves.
    """
    black, white = profiles[:, :4].mean(axis=1), profiles[:, -4:].mean(axis=1)
    rise = white - black
    usable = rise > LEAST_CONTRAST * np.maximum(white, 1e-4)
    if usable.mean() < EDGE_SEEN:
        return None
    shade = (white[:, None] - profiles)[usable] / rise[usable, None]
    outside = np.trapezoid(shade, across, axis=1) + across[0]
    off = np.abs(outside - np.median(outside))
    near = off <= 3 * 1.4826 * np.median(off) + 1e-3
    if near.sum() < EDGE_SEEN * len(_ALONG):
        return None
    slope, start = np.polyfit(_ALONG[usable][near], outside[near], 1)
    return float(start), float(slope)


def _crossings(lines: list[tuple[float, float]]) -> Points:
    """(4, 2): where neighbouring edges meet, in sides of the mark, from the top left on clockwise."""
    (top, top_slope), (right, right_slope), (bottom, bottom_slope), (left, left_slope) = lines
    # y of the horizontal edges and x of the vertical ones, each as (value at 0, slope along the side).
    rows = ((-top, -top_slope), (1 + bottom, bottom_slope))
    columns = ((-left, -left_slope), (1 + right, right_slope))
    corners = []
    for row, column in ((0, 0), (0, 1), (1, 1), (1, 0)):
        (y0, y1), (x0, x1) = rows[row], columns[column]
        x = (x0 + x1 * y0) / (1 - x1 * y1)
        corners.append((x, y0 + y1 * x))
    return np.array(corners)
