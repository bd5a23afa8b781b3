"""The skin that every photo of a comparison shows, as a grid in the reference photo's millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.photo import Field, Mask
from pellucid.vision.register import Points, mapped

STEP_MM = 0.25
MARGIN_MM = 0.5
"""Nearer to the rim of what a photo shows, pores can't be told as well as elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """Where all photos show skin."""

    common: Mask
    """(rows, columns), one cell each ``STEP_MM``."""

    @property
    def cm2(self) -> float:
        """The common area."""
        return float(np.count_nonzero(self.common)) * STEP_MM**2 / 100

    def holds(self, places_mm: Points) -> Mask:
        """Which of (n, 2) places in the reference's millimetres lie on it."""
        cells = np.rint(places_mm / STEP_MM).astype(int)
        height, width = self.common.shape
        inside = (cells[:, 0] >= 0) & (cells[:, 1] >= 0) & (cells[:, 0] < width) & (cells[:, 1] < height)
        return np.asarray(inside & self.common[np.clip(cells[:, 1], 0, height - 1), np.clip(cells[:, 0], 0, width - 1)])


def overlap(reference: Field, others: Sequence[tuple[Field, NDArray[np.float64]]]) -> Overlap:
    """What the reference and every other photo show.

    Args:
        reference: its field.
        others: fields, each with the affine map from the reference's millimetres to its own.
    """
    height, width = (side / reference.px_per_mm for side in reference.skin.shape)
    x, y = np.meshgrid(np.arange(0, width, STEP_MM), np.arange(0, height, STEP_MM))
    grid = np.column_stack([x.ravel(), y.ravel()])
    common = _on_skin(reference, grid)
    for field, affine in others:
        common &= _on_skin(field, mapped(affine, grid))
    mask = common.reshape(x.shape).astype(np.uint8)
    side = 2 * round(MARGIN_MM / STEP_MM) + 1
    # Outside the grid there is no skin: the rim of the reference is a rim too.
    worn = cv2.erode(mask, np.ones((side, side), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return Overlap(worn > 0)


def _on_skin(field: Field, places_mm: Points) -> Mask:
    pixels = np.rint(places_mm * field.px_per_mm - 0.5).astype(int)
    height, width = field.skin.shape
    inside = (pixels[:, 0] >= 0) & (pixels[:, 1] >= 0) & (pixels[:, 0] < width) & (pixels[:, 1] < height)
    return np.asarray(inside & field.skin[np.clip(pixels[:, 1], 0, height - 1), np.clip(pixels[:, 0], 0, width - 1)])
