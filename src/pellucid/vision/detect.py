"""Where the pores of a photo are, and how sure each one is. Their size and shape are measured by ``fit``."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import expit

from pellucid.vision.candidates import CONTRAST_FLOOR, measure_spots
from pellucid.vision.network import answer, sheet
from pellucid.vision.photo import Field
from pellucid.vision.raster import Raster, make_raster

Floats = NDArray[np.float64]

FEATURES = ("logit", "log_contrast", "size_gap", "lighter")
"""What a candidate's confidence is made of; the weights stand with the network. The photo's noise is not among them:
more of it must never make a pore likelier."""
APART = 0.8
"""Two spots nearer than this part of the sum of their radii are one pore."""
_LEAST_APART_PX = 1.5
_LEAST_LOGIT = -6.0
"""What the network thinks less likely than this is not looked at further."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Pores of one photo, as arrays of one length, most certain first."""

    x_px: Floats
    y_px: Floats
    diameter_px: Floats
    """Rough, to start a fit from."""
    confidence: Floats
    """Probability of being a pore, 0 to 1, calibrated on rendered skin."""
    lighter: NDArray[np.bool_]
    """Lighter than the skin around: a whitish plug."""

    def where(self, which: NDArray[np.bool_]) -> "Found":
        """Some of them."""
        return Found(*(getattr(self, one.name)[which] for one in fields(self)))

    def __len__(self) -> int:
        """Count the pores."""
        return len(self.x_px)


def find_pores(field: Field, least: float | None = None) -> Found:
    """Find the pores of a photo.

    Args:
        field: with a scale; its skin mask says where to look.
        least: the confidence from which a place is told; None for that from which it is called a pore.

    Returns:
        each pore once, in pixels of the photo.
    """
    raster = make_raster(field)
    spots = judge(raster)
    kept = one_each(spots, threshold() if least is None else least)
    x_px, y_px = raster.to_photo(spots.x[kept], spots.y[kept])
    return Found(
        x_px=x_px,
        y_px=y_px,
        diameter_px=spots.diameter[kept] * field.px_per_mm / raster.px_per_mm,
        confidence=spots.confidence[kept],
        lighter=spots.contrast[kept] < 0,
    )


def threshold() -> float:
    """The confidence from which a place is called a pore."""
    return float(sheet()["threshold"])


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Candidates with what the network makes of them, as arrays of one length, in raster pixels."""

    x: Floats
    y: Floats
    diameter: Floats
    contrast: Floats
    features: Floats
    """(n, len(FEATURES))."""
    confidence: Floats


def judge(raster: Raster) -> Judged:
    """Weigh each candidate of a raster."""
    x, y, logit, log_diameter = answer(raster).peaks(_LEAST_LOGIT)
    spots = measure_spots(raster, x, y, np.exp(log_diameter))
    features = np.column_stack(
        [
            logit,
            np.log(np.abs(spots.contrast) + CONTRAST_FLOOR),
            np.abs(log_diameter - np.log(spots.diameter)),
            spots.contrast < 0,
        ]
    )
    height, width = raster.skin.shape
    row, column = np.rint(y).astype(int).clip(0, height - 1), np.rint(x).astype(int).clip(0, width - 1)
    kept = spots.stand_out & raster.skin[row, column]
    total = features @ np.array([sheet()["weights"][name] for name in FEATURES]) + sheet()["weights"]["constant"]
    whole = Judged(x, y, np.exp(log_diameter), spots.contrast, features, expit(total))
    return Judged(*(getattr(whole, column.name)[kept] for column in fields(Judged)))


def one_each(spots: Judged, least: float) -> NDArray[np.intp]:
    """Choose, of spots that are the same pore, the most certain one.

    Returns:
        indices of those at or above ``least``, most certain first.
    """
    order = np.flatnonzero(spots.confidence >= least)
    order = order[np.argsort(-spots.confidence[order], kind="stable")]
    places, radius = np.column_stack([spots.x, spots.y])[order], spots.diameter[order] / 2
    if not len(order):
        return order
    pairs = cKDTree(places).query_pairs(2 * float(radius.max()) * APART, output_type="ndarray")
    gaps = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    close = np.sort(
        pairs[gaps < np.maximum(APART * (radius[pairs[:, 0]] + radius[pairs[:, 1]]), _LEAST_APART_PX)], axis=1
    )
    dropped = np.zeros(len(order), bool)
    for first, second in close[np.lexsort((close[:, 1], close[:, 0]))].tolist():
        if not dropped[first]:
            dropped[second] = True
    return order[~dropped]
