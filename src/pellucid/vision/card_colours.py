"""The colours of the card in a photo, and what they say of the camera's: uneven light, tone curve, colour matrix.

The reference is the patches as they were designed. What a home printer makes of them differs, often by several units
of colour difference, so the matrix takes out a cast and the camera's mixing of colours, and ``delta_e`` says how far
the card's own colours stay apart. No matrix undoes a tone curve or a shadow: ``trusted`` says whether these are small
enough. Where the card lies is not found here.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.card_layout import NEUTRAL, PATCHES, WHITES, WINDOW, Box, linear_colours
from pellucid.vision.card_marks import Points, projected
from pellucid.vision.light import clipped, decode
from pellucid.vision.photo import Photo

Rows = NDArray[np.float64]
"""(n, 3): red, green, blue, linear light."""
Flags = NDArray[np.bool_]

LEAST_PATCHES: Final = 12
LEAST_NEUTRAL: Final = 3
LEAST_WHITES: Final = 6
"""Of readable paper, spread round the ring, for a slope of the light."""
LARGEST_DELTA_E: Final = 10.0
"""Median over the patches: beyond it this is not the card's printing, or the light has more than one colour."""
LARGEST_TONE: Final = 0.15
"""Of the tone slope off 1: beyond it, skin comes out too light or too dark by several units of L*, whatever the
matrix."""
LARGEST_FALL: Final = 0.7
"""Of the light across the ring, in log units: at one end twice as bright as at the other, so that one colour for the
skin in the window says little."""
CLIPPED_SHARE: Final = 0.05
"""Of a patch: more makes its mean wrong."""
UNEVEN: Final = 0.2
"""Difference between the quarters of a patch, as a part of its level: more is a shadow's edge, a reflection or a
finger."""
WIDE_MM: Final = 15.0
"""Between pieces of paper, in both directions: nearer together they tell no slope."""
EVEN_LOG: Final = 0.03
"""Paper in even light differs by no more than this."""
LOTS: Final = 300
"""Draws of patches: with a third of them covered, some twenty draws hold none of those."""
DRAWN: Final = 6
"""Patches a draw: twice what a matrix needs."""
OUTLIER: Final = 5.0
"""Times the usual colour difference after the fit, from which a patch is not what it should be."""
OUTLIER_DELTA_E: Final = 10.0
"""No patch is left out for less."""
_INSET_MM: Final = 0.6
"""From a patch's edge, so that blur brings nothing of its neighbours in."""
_PER_MM: Final = 6
"""Samples a millimetre."""
_PULL: Final = 0.002
"""Of the matrix towards plain gains, as a part of the patches' own weight."""


@dataclass(frozen=True, slots=True, eq=False)
class CardColours:
    """How this photo's colours become the card's."""

    matrix: NDArray[np.float64]
    """3 x 3, from the photo's linear light to linear sRGB under the card's own white (new = matrix @ old)."""
    delta_e: float
    """Median difference (CIE 1976) between the patches after the matrix and as designed, each patch left out of the
    fit that it is judged by."""
    tone_slope: float
    """Of log light over the greys' log reflectance: 1 where the photo is really encoded as sRGB; phones that lift
    shadows or deepen contrast differ."""
    light_slope: float
    """How much the log of the light differs between the ends of the ring; 0 where too little paper is seen."""
    patches: int
    """How many could be read."""

    @property
    def trusted(self) -> bool:
        """Whether the matrix gives the skin's own colour: ordinary tone, fairly even light, the card's printing."""
        return (
            self.delta_e <= LARGEST_DELTA_E
            and abs(self.tone_slope - 1) <= LARGEST_TONE
            and self.light_slope <= LARGEST_FALL
        )


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What stands on the card in the photo's linear light."""

    patches: Rows
    usable: Flags
    """Seen whole, even and not clipped."""
    whites: Rows
    whites_usable: Flags


def read_colours(photo: Photo, mm_to_px: NDArray[np.float64]) -> Readings:
    """Read every patch and the bare paper; ``mm_to_px`` is that of the card as designed."""
    patches, usable = _read(photo, mm_to_px, [patch.box for patch in PATCHES], _INSET_MM)
    whites, whites_usable = _read(photo, mm_to_px, list(WHITES), 0.2)
    return Readings(patches, usable, whites, whites_usable)


def _read(photo: Photo, mm_to_px: NDArray[np.float64], boxes: list[Box], inset: float) -> tuple[Rows, Flags]:
    levels, usable = np.zeros((len(boxes), 3)), np.zeros(len(boxes), bool)
    for place, box in enumerate(boxes):
        read = _read_one(photo, mm_to_px, box, inset)
        if read:
            levels[place], usable[place] = read
    return levels, usable


def _read_one(
    photo: Photo, mm_to_px: NDArray[np.float64], box: Box, inset: float
) -> tuple[NDArray[np.float64], bool] | None:
    """Median light of one box and whether it can be trusted; None where it isn't wholly in the photo."""
    (left, top), (right, bottom) = box.corners(inset)[[0, 2]]
    x, y = np.meshgrid(
        np.linspace(left, right, max(2, round((right - left) * _PER_MM))),
        np.linspace(top, bottom, max(2, round((bottom - top) * _PER_MM))),
    )
    where = projected(mm_to_px, np.column_stack([x.ravel(), y.ravel()]))
    low, high = np.floor(where.min(axis=0)).astype(int), np.ceil(where.max(axis=0)).astype(int) + 1
    if min(low) < 0 or high[0] > photo.pixels.shape[1] or high[1] > photo.pixels.shape[0]:
        return None
    stored = photo.pixels[low[1] : high[1], low[0] : high[0]]
    at = (where - low).astype(np.float32)
    light = cv2.remap(decode(stored), at[None, :, 0], at[None, :, 1], cv2.INTER_LINEAR)[0]
    middle = np.median(light, axis=0).astype(float)
    quarters = [half for rows in np.array_split(light.mean(axis=1).reshape(x.shape), 2) for half in _halves(rows)]
    even = np.ptp([np.median(quarter) for quarter in quarters]) <= UNEVEN * (middle.mean() + 0.02)
    return middle, bool(even and clipped(stored).mean() <= CLIPPED_SHARE)


def _halves(rows: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return np.array_split(rows, 2, axis=1)


def fit_colours(readings: Readings) -> CardColours | None:
    """How the photo's colours become the card's.

    Returns:
        None where too few patches can be read.
    """
    usable = readings.usable & (readings.patches.min(axis=1) > 0)
    if usable.sum() < LEAST_PATCHES:
        return None
    light, slope = _evened(readings)
    kept = _fitting(light, linear_colours(), usable)
    neutral = [place for place in NEUTRAL if kept[place]]
    if kept.sum() < LEAST_PATCHES or len(neutral) < LEAST_NEUTRAL:
        return None
    seen, wanted = light[kept], linear_colours()[kept]
    matrix, apart = _matrix(seen, wanted), _left_out(seen, wanted)
    if np.linalg.det(matrix) <= 0:
        return None
    return CardColours(
        matrix=matrix,
        delta_e=float(np.median(apart)),
        tone_slope=_tone_slope(light[neutral], linear_colours()[neutral]),
        light_slope=slope,
        patches=int(kept.sum()),
    )


def _fitting(light: Rows, wanted: Rows, usable: Flags) -> Flags:
    """Which patches look as most others make one expect; what lies under a finger doesn't.

    Of the matrices that a few patches drawn by lot give, the one that most of the others agree with is the judge.
    """
    lots = np.random.default_rng(LOTS).permuted(np.tile(np.flatnonzero(usable), (LOTS, 1)), axis=1)[:, :DRAWN]
    weight = _weight(wanted)[:, None]
    seen, meant = (light * weight)[lots], (wanted * weight)[lots]
    across = seen.transpose(0, 2, 1)
    pull = _PULL * np.eye(3) * np.trace(across @ seen, axis1=1, axis2=2)[:, None, None]
    matrices = np.linalg.solve(across @ seen + pull, across @ meant)
    off = np.linalg.norm((light @ matrices - wanted) * weight, axis=2)
    judge = matrices[np.median(off[:, usable], axis=1).argmin()]
    apart = np.linalg.norm(_lab(light @ judge) - _lab(wanted), axis=1)
    return np.asarray(usable & (apart <= max(OUTLIER * float(np.median(apart[usable])), OUTLIER_DELTA_E)))


def _weight(wanted: Rows) -> NDArray[np.float64]:
    """Of a patch's difference in linear light: the eye sees ratios."""
    return np.asarray(1 / (wanted.mean(axis=1) + 0.05))


def _evened(readings: Readings) -> tuple[Rows, float]:
    """The patches as under the light in the middle of the ring, and how uneven that light is."""
    at = _middles(list(WHITES))[readings.whites_usable]
    if len(at) < LEAST_WHITES or np.ptp(at, axis=0).min() < WIDE_MM:
        return readings.patches, 0.0
    fall = _plane(at, np.log(readings.whites[readings.whites_usable].mean(axis=1)))
    reach = float(np.ptp(at, axis=0).max())
    falls = _middles([patch.box for patch in PATCHES]) @ fall
    return readings.patches / np.exp(falls)[:, None], float(np.hypot(*fall) * reach)


def _plane(at: Points, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope of the levels along x and y: of the plane through any three of them that most of the others lie near.

    Half of the paper may be covered.
    """
    plane = np.column_stack([at, np.ones(len(at))])
    threes = np.array(list(combinations(range(len(at)), 3)))
    wide = np.abs(np.linalg.det(plane[threes])) > WIDE_MM**2
    if not wide.any():
        return np.zeros(2)
    fits = np.linalg.solve(plane[threes[wide]], levels[threes[wide]][..., None])[..., 0]
    off = np.abs(fits @ plane.T - levels)
    best = int(np.median(off, axis=1).argmin())
    near = off[best] <= max(3 * float(np.median(off[best])), EVEN_LOG)
    return np.asarray(np.linalg.lstsq(plane[near], levels[near], rcond=None)[0][:2])


def _middles(boxes: list[Box]) -> NDArray[np.float64]:
    """(n, 2): in mm from the middle of the window."""
    middles = [box.corners().mean(axis=0) - WINDOW.corners().mean(axis=0) for box in boxes]
    return np.asarray(middles, float)


def _matrix(seen: Rows, wanted: Rows) -> NDArray[np.float64]:
    """3 x 3 by weighted least squares, drawn towards plain gains, with patches that don't fit counting less."""
    gains = np.diag(np.median(wanted / seen, axis=0))
    scale = _weight(wanted)
    matrix, trust = gains, np.ones(len(seen))
    for _ in range(8):
        weight = trust * scale**2
        gram = (seen * weight[:, None]).T @ seen
        pull = _PULL * np.diag(gram).mean() * np.eye(3)
        matrix = np.linalg.solve(gram + pull, (seen * weight[:, None]).T @ wanted + pull @ gains.T).T
        apart = np.linalg.norm(seen @ matrix.T - wanted, axis=1) * scale
        spread = 1.4826 * float(np.median(apart)) + 1e-6
        trust = 1 / (1 + (apart / (2 * spread)) ** 2)
    return np.asarray(matrix)


def _left_out(seen: Rows, wanted: Rows) -> NDArray[np.float64]:
    """Colour difference of each patch after the matrix that the others give."""
    others = ~np.eye(len(seen), dtype=bool)
    matrices = [_matrix(seen[keep], wanted[keep]) for keep in others]
    there = np.stack([matrix @ row for matrix, row in zip(matrices, seen, strict=True)])
    return np.asarray(np.linalg.norm(_lab(there) - _lab(wanted), axis=1))


def _lab(light: Rows) -> NDArray[np.float64]:
    """CIE L*a*b* under D65 of linear sRGB."""
    scaled = np.clip(light, 0, None).astype(np.float32).reshape(1, -1, 3)
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_LRGB2Lab)[0], float)


def _tone_slope(seen: Rows, wanted: Rows) -> float:
    """Median of the slopes between any two greys, which one wrong grey doesn't move."""
    rise, run = (np.log(each.mean(axis=1)) for each in (seen, wanted))
    first, second = np.triu_indices(len(seen), 1)
    return float(np.median((rise[first] - rise[second]) / (run[first] - run[second])))
