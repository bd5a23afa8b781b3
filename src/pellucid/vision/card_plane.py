"""How a flat target lies in a photo: its scale with an error, and its tilt, from the corners of its marks.

Nothing here needs a focal length. Where the lens looks straight ahead, a plane tilted by t is shortened by cos t in one
direction and not at all in the other; in an uncropped photo that is its middle. In a photo that was cropped to one
side, the tilt is wrong by up to about the angle under which the lens saw its new middle.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pellucid.model.errors import InputError, Problem
from pellucid.vision.card_layout import RULER_MM, Box
from pellucid.vision.card_marks import MarksSeen, Matrix, Points, fit_homography, projected
from pellucid.vision.photo import Photo

Point = NDArray[np.float64]
"""(2,): x and y."""

PRINT_SE: Final = 0.01
"""Of the length of a print that nobody measured: printers differ by about a percent from what they are told."""
RULER_SE: Final = 0.005
"""Of a print whose 50 mm line was measured: a quarter of a millimetre."""
RULER_LIMITS: Final = (0.8, 1.25)
"""What the measured line can be as a part of 50 mm; beyond that the number is no measurement of this line."""
BENT_MM: Final = 0.3
"""Root mean square of the corners off one plane: beyond that the card is bent too far to say anything."""
FAR_MM: Final = 60.0
"""From the window: farther off, the card says little of the photo's middle, and its own middle counts instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Lie:
    """How a target lies in one photo."""

    designed_to_px: Matrix
    """3 x 3 homography, from millimetres as designed."""
    print_size: float
    """True millimetres for one as designed."""
    px_per_mm: float
    """Pixels for a true millimetre, in the middle of the photo; where the target is far from there, in its own."""
    relative_se: float
    """Standard error of that, of corners and print."""
    tilt_deg: float
    residual_px: float
    """Root mean square of the corners off one plane."""

    @property
    def mm_to_px(self) -> Matrix:
        """3 x 3 homography, from true millimetres."""
        return self.designed_to_px @ np.diag([1 / self.print_size, 1 / self.print_size, 1.0])


def lie_of(seen: MarksSeen, home: Box, photo: Photo, ruler_mm: float | None) -> Lie | None:
    """How the target lies whose marks are seen.

    Args:
        seen: its marks.
        home: the part of the target that matters most.
        photo: where they are seen.
        ruler_mm: how long the printed line of 50 mm really is, if someone measured it.

    Returns:
        None where the marks don't lie as on one plane.

    Raises:
        InputError: ``ruler_mm`` can't be the length of that line.
    """
    size = _print_size(ruler_mm)
    fitted = _fitted(seen)
    if fitted is None:
        return None
    homography, cov, residual = fitted
    ahead = _ahead(homography, photo)
    middle = np.asarray(home.corners().mean(axis=0))
    where = ahead if np.hypot(*(ahead - middle)) <= FAR_MM else middle
    scale_se = _scale_se(homography, cov, where)
    return Lie(
        designed_to_px=homography,
        print_size=size,
        px_per_mm=_px_per_mm(homography, where) / size,
        relative_se=float(np.hypot(scale_se, PRINT_SE if ruler_mm is None else RULER_SE)),
        tilt_deg=_tilt_deg(homography, ahead),
        residual_px=residual,
    )


def _print_size(ruler_mm: float | None) -> float:
    """How large the print is, as a part of what it should be."""
    if ruler_mm is None:
        return 1.0
    size = ruler_mm / RULER_MM
    low, high = RULER_LIMITS
    if not low <= size <= high:
        message = (
            f"the printed line is meant to be {RULER_MM:g} mm long, and {ruler_mm:g} mm can't be right; measure it "
            f"again, or print the card at its actual size"
        )
        raise InputError([Problem("card ruler", message)])
    return size


def _fitted(seen: MarksSeen) -> tuple[Matrix, Matrix, float] | None:
    """Homography, scaled so that its ninth number is 1; covariance of the other eight; residual in px."""
    found = fit_homography(seen.card_mm, seen.photo_px)
    if found is None:
        return None
    homography = found[0] / found[0][2, 2]
    off = projected(homography, seen.card_mm) - seen.photo_px
    residual = float(np.sqrt((off**2).sum(axis=1).mean()))
    if residual > BENT_MM * _px_per_mm(homography, np.asarray(seen.card_mm.mean(axis=0))):
        return None
    slopes = _slopes(homography, seen.card_mm)
    spread = (off**2).sum() / max(off.size - 8, 1)
    return homography, np.linalg.pinv(slopes.T @ slopes, hermitian=True) * spread, residual


def _slopes(homography: Matrix, points: Points) -> Matrix:
    """(2 n, 8): how projected points move with the first eight numbers of the homography."""
    there = projected(homography, points)
    away = points @ homography[2, :2] + 1
    rows = np.column_stack([points, np.ones(len(points))]) / away[:, None]
    nothing = np.zeros_like(rows)
    x = np.hstack([rows, nothing, -rows[:, :2] * there[:, :1]])
    y = np.hstack([nothing, rows, -rows[:, :2] * there[:, 1:]])
    return np.vstack([x, y])


def _jacobian(homography: Matrix, point: Point) -> Matrix:
    """2 x 2: pixels for a millimetre along x and along y of the target, at a point of it."""
    away = homography[2, :2] @ point + homography[2, 2]
    return np.asarray((homography[:2, :2] - np.outer(projected(homography, point[None]), homography[2, :2])) / away)


def _ahead(homography: Matrix, photo: Photo) -> Point:
    """The place on the target's plane, in mm, that the middle of the photo shows."""
    middle = (np.array([photo.pixels.shape[1::-1]], float) - 1) / 2
    return np.asarray(projected(np.asarray(np.linalg.inv(homography), float), np.asarray(middle))[0])


def _px_per_mm(homography: Matrix, where: Point) -> float:
    """Pixels a millimetre at a place of the target."""
    return float(np.sqrt(abs(np.linalg.det(_jacobian(homography, where)))))


def _scale_se(homography: Matrix, cov: Matrix, where: Point) -> float:
    """Standard error of the log of the scale, from those of the corners."""
    here = np.log(_px_per_mm(homography, where))
    steps = np.sqrt(np.diag(cov)) + 1e-12
    moved = (homography + (np.arange(9) == place).reshape(3, 3) * step for place, step in enumerate(steps))
    slopes = np.array([np.log(_px_per_mm(each, where)) - here for each in moved]) / steps
    return float(np.sqrt(slopes @ cov @ slopes))


def _tilt_deg(homography: Matrix, ahead: Point) -> float:
    """Between target and sensor, told where the lens looks straight ahead."""
    longest, shortest = np.linalg.svd(_jacobian(homography, ahead), compute_uv=False)
    return float(np.degrees(np.arccos(shortest / longest)))
