"""How many pores a square centimetre of skin has, and how large they are on average, each with a 95 % interval.

What was found is neither all nor only pores: each find counts by how likely it is a pore, times one factor for all
photos, which stands for the pores that escape. How many really escape differs by skin, light and size; the interval
says so, the factor doesn't know. The rest of the interval comes from the photo's own unevenness, patch by patch, as
pores stand neither evenly nor independently.
"""

import math
from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

from pellucid.model.photo import Interval
from pellucid.vision.fit_model import Floats
from pellucid.vision.photo import Field, Mask

MARGIN_MM = 0.3
"""Left out along the edges of the skin, where pores are cut and filters see beyond."""
PATCHES = 40
"""Into about so many patches the skin is cut to see how uneven it is."""
PATCH_MM = (1.5, 6.0)
"""Sides of a patch at least and at most."""
DRAWS = 500
SEED = 20_011
"""Of the bootstrap's draws, so that a photo always gives the same interval."""
FOUND_TO_ALL = 1.22
"""Pores that can be seen over the sum of all confidences: half-way, in logs, between 1.5 on guided photos of the
training family and 1, which a finder has that misses and adds alike. Photos differ widely in it, and nothing in them
was found to tell how: a line in the mean confidence fits the training family, and misleads where skin is kinder."""
MOST_TO_ALL = 5.7
"""The same on the least clear rendered skin; it bounds how many there may be where none is found."""
CORRECTION_SE = 0.5
"""Relative error of what corrects for missed pores and false alarms, from skin to skin, on rendered skin."""
SIZES_SE = 0.05
"""Relative error that all sizes of a photo share, as its blur and how soft mouths are is known only roughly."""
FEWEST = 5
"""Pores from which a mean is told."""
NORMAL_95 = 1.96
MM2_PER_CM2 = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The skin that counts are taken on."""

    inside: Mask
    """(height, width): skin, without the margin."""
    cm2: float
    patch_px: float
    """Side of a patch."""
    patch_cm2: Floats
    """(rows, columns): skin on each patch."""

    def holds(self, x_px: Floats, y_px: Floats) -> NDArray[np.bool_]:
        """Which places lie on it."""
        height, width = self.inside.shape
        column, row = np.rint(x_px).astype(int), np.rint(y_px).astype(int)
        there = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        return np.asarray(there & self.inside[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)])

    def spread(self, finds: "Finds", weights: Floats) -> Floats:
        """(rows x columns,) weights of finds, added up by patch."""
        rows, columns = self.patch_cm2.shape
        column = np.clip(((finds.x_px + 0.5) / self.patch_px).astype(int), 0, columns - 1)
        row = np.clip(((finds.y_px + 0.5) / self.patch_px).astype(int), 0, rows - 1)
        return np.asarray(np.bincount(row * columns + column, weights, rows * columns), float)


@dataclass(frozen=True, slots=True, eq=False)
class Finds:
    """Finds on the ground; (n,) each."""

    x_px: Floats
    y_px: Floats
    diameter_mm: Floats
    worth: Floats
    """For how many pores each stands."""
    sized: NDArray[np.bool_]
    """Whether its size was fitted."""

    def where(self, which: NDArray[np.bool_]) -> "Finds":
        """Some of them."""
        return Finds(*(getattr(self, one.name)[which] for one in fields(self)))


def ground(field: Field, where: Mask | None = None) -> Ground:
    """Lay out the skin that counts are taken on.

    Args:
        field: the skin, with its scale.
        where: only this part of it.
    """
    margin = max(round(MARGIN_MM * field.px_per_mm), 1)
    whole = field.skin.astype(np.uint8)
    # Beyond the photo there is no skin, so that its rim is an edge too.
    worn = cv2.erode(whole, np.ones((2 * margin + 1,) * 2, np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    inside = worn.astype(bool) if where is None else worn.astype(bool) & where
    pixel_cm2 = 1 / field.px_per_mm**2 / MM2_PER_CM2
    rough = np.count_nonzero(inside) * pixel_cm2 * MM2_PER_CM2
    patch_px = float(np.clip(math.sqrt(rough / PATCHES), *PATCH_MM)) * field.px_per_mm
    weights = inside * np.float32(pixel_cm2)
    if field.px_per_mm_map is not None:
        weights = inside / (field.px_per_mm_map**2 * np.float32(MM2_PER_CM2))
    patch_cm2 = _summed(weights, patch_px)
    return Ground(inside, float(patch_cm2.sum()), patch_px, patch_cm2)


def _summed(plane: NDArray[np.float32], side: float) -> Floats:
    """Sums of a plane over square patches; the last ones of a row or column may be narrower."""
    starts = [np.unique((np.arange(math.ceil(length / side)) * side).astype(int)) for length in plane.shape]
    # In float64: millions of small numbers are added.
    by_row = np.add.reduceat(plane, starts[0], axis=0, dtype=np.float64)
    return np.asarray(np.add.reduceat(by_row, starts[1], axis=1))


def worth(confidence: Floats) -> Floats:
    """For how many pores each find of a photo stands; (n,)."""
    return confidence * FOUND_TO_ALL


def density(there: Ground, finds: Finds, *, scale_se: float) -> Interval | None:
    """Pores a square centimetre.

    Args:
        there: the skin they were looked for on.
        finds: on that skin.
        scale_se: relative standard error of a length.

    Returns:
        None where there is no skin.
    """
    if there.cm2 <= 0:
        return None
    counts, areas = there.spread(finds, finds.worth), there.patch_cm2.ravel()
    value = float(finds.worth.sum()) / there.cm2
    # Few patches can look more even than chance allows: never less than the spread of independent counts.
    chance = float((finds.worth**2).sum()) / there.cm2**2
    variance = max(float(_draws(counts[areas > 0], areas[areas > 0]).var()), chance)
    relative = math.hypot(CORRECTION_SE, 2 * scale_se)
    most = _unseen(relative) / there.cm2
    return _counted(value, variance + (relative * value) ** 2, most) if value > 0 else Interval(0.0, 0.0, most)


def _unseen(relative: float) -> float:
    """How many pores may be there at most, to 97.5 %, where none is found.

    Of n pores as many are found as a Poisson count of mean n / factor. Where the share that is found is unsure by a
    relative error, as a gamma distribution is, none is found with the chance (1 + error² n / factor) ** (-1 / error²).
    """
    return MOST_TO_ALL * math.expm1(-math.log(0.025) * relative**2) / relative**2


def _draws(tops: Floats, bottoms: Floats) -> Floats:
    """(DRAWS,) ratios of sums over patches that are drawn with replacement."""
    rng = np.random.default_rng(SEED)
    times = rng.multinomial(len(bottoms), np.full(len(bottoms), 1 / len(bottoms)), DRAWS)
    return np.asarray((times @ tops) / np.maximum(times @ bottoms, np.finfo(float).tiny))


def _counted(value: float, variance: float, least_high: float) -> Interval:
    """An interval as for a count: Garwood's for Poisson's, with as many counts as the variance is worth.

    Finds of next to no worth tell no more than none at all: it reaches up to ``least_high`` at least.
    """
    worth = value**2 / variance
    unit = value / worth
    high = float(gamma.ppf(0.975, worth + 1)) * unit
    return Interval(value, float(gamma.ppf(0.025, worth)) * unit, max(high, least_high))


def mean_diameter(there: Ground, finds: Finds, *, scale_se: float) -> Interval | None:
    """Mean diameter of some pores.

    Args:
        there: the skin they were looked for on.
        finds: on that skin.
        scale_se: relative standard error of a length.

    Returns:
        None where there are too few to tell how much they differ.
    """
    if len(finds.worth) < FEWEST:
        return None
    tops, bottoms = there.spread(finds, finds.worth * finds.diameter_mm), there.spread(finds, finds.worth)
    draws = _draws(tops[bottoms > 0], bottoms[bottoms > 0])
    value = float(np.average(finds.diameter_mm, weights=finds.worth))
    half = NORMAL_95 * math.hypot(float(draws.std()), value * scale_se, value * SIZES_SE)
    return Interval(value, value - half, value + half)
