"""How much a spot of a pore's size stands out: differences of Gaussians, with scales in millimetres.

Darker and lighter spots are told by the sign. The floor is absolute, in log contrast and in the photo's noise; nothing
is compared with the photo's own texture. Whether a spot is a pore is for the network to say.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.photo import Plane
from pellucid.vision.raster import Raster

Floats = NDArray[np.float64]

SMALLEST_MM, LARGEST_MM = 0.09, 0.62
STEP = 2 ** (1 / 3)
"""Three scales an octave (Lowe 2004, section 3.1)."""
DIAMETER_OF_SIGMA = 2.83
"""A disc answers strongest where sigma is its radius over the root of 2."""
CONTRAST_FLOOR = 0.012
"""As log of a ratio of light. Visible pores have 0.03 and more at their deepest, less of it as a filter sees them."""
NOISE_FLOOR = 2.0
"""In standard deviations of what the photo's noise alone makes of the answer."""
_SCALES_EACH_WAY = 1.6
"""Scales about the supposed one that are looked at."""
_SHARPEST_PX = 0.6
"""Smallest standard deviation, in pixels, that a Gaussian on a grid still has."""
_COARSEN_AT_PX = 1.7
"""From this standard deviation on the picture can be halved with nothing lost."""
_DISC = np.log(STEP) * 2 / np.e
"""What the filter answers, in its middle, to a disc of its own size and of contrast 1."""
_NOISE = 0.4 / (2 / np.e)
"""Standard deviation of the contrast read from white noise of 1, times sigma in pixels: the norm of the Laplacian."""


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Spots of a raster, as arrays of one length."""

    contrast: Floats
    """Of a disc that would answer like this; above 0 where darker, below where lighter."""
    snr: Floats
    """Size of ``contrast`` over what noise alone makes of it."""
    diameter: Floats
    """In raster pixels: of the scale that answers strongest."""

    @property
    def stand_out(self) -> NDArray[np.bool_]:
        """Those above the floor."""
        return np.asarray((np.abs(self.contrast) >= CONTRAST_FLOOR) & (self.snr >= NOISE_FLOOR))


def measure_spots(raster: Raster, x: Floats, y: Floats, diameter: Floats) -> Spots:
    """Measure how much each place stands out, at the scales about its supposed diameter.

    Args:
        raster: as ``make_raster`` gives it.
        x: places in raster pixels, (n,).
        y: likewise.
        diameter: in raster pixels, (n,).
    """
    spots = Spots(np.zeros(len(x)), np.zeros(len(x)), np.array(diameter))
    answers = _answers(raster.absorbance, raster.px_per_mm)
    sizes = np.array([sigma * DIAMETER_OF_SIGMA for _, sigma in answers])
    supposed = np.clip(diameter, sizes[0], sizes[-1])
    for (answer, sigma), size in zip(answers, sizes, strict=True):
        near = np.flatnonzero(np.abs(np.log(supposed / size)) < _SCALES_EACH_WAY * np.log(STEP))
        contrast = _nearest(answer, x[near], y[near], raster.skin.shape)
        stronger = np.abs(contrast) > np.abs(spots.contrast[near])
        changed = near[stronger]
        spots.contrast[changed] = contrast[stronger]
        spots.snr[changed] = np.abs(contrast[stronger]) * sigma / (_NOISE * max(raster.noise, 1e-9))
        spots.diameter[changed] = size
    return spots


def _nearest(answer: Plane, x: Floats, y: Floats, shape: tuple[int, ...]) -> Floats:
    """Read a plane that may be coarser than the raster."""
    rows, columns = answer.shape
    row = np.clip(np.rint((y + 0.5) * rows / shape[0] - 0.5).astype(int), 0, rows - 1)
    column = np.clip(np.rint((x + 0.5) * columns / shape[1] - 0.5).astype(int), 0, columns - 1)
    return np.asarray(answer[row, column], float)


def _answers(plane: Plane, px_per_mm: float) -> list[tuple[Plane, float]]:
    """Contrast at each scale, on a grid as coarse as it allows, with the scale's sigma in pixels of ``plane``."""
    count = 1 + int(np.ceil(np.log(LARGEST_MM / SMALLEST_MM) / np.log(STEP)))
    sigmas = [SMALLEST_MM / DIAMETER_OF_SIGMA * px_per_mm * STEP**level for level in range(count)]
    answers = []
    grid, blurred, upto, step = plane, plane, 0.0, 0
    for sigma in sigmas:
        low, high = sigma / STEP**0.5, sigma * STEP**0.5
        if low < _SHARPEST_PX:
            continue
        wanted = 2 ** max(0, int(np.log2(sigma / _COARSEN_AT_PX)) + 1) if sigma >= _COARSEN_AT_PX else 1
        if wanted != step or upto != low:
            grid, step = _coarsened(plane, wanted), wanted
            blurred = _blurred(grid, low, step)
        wider = _blurred(grid, high, step)
        answers.append(((blurred - wider) / np.float32(_DISC), sigma))
        blurred, upto = wider, high
    return answers


def _coarsened(plane: Plane, step: int) -> Plane:
    if step == 1:
        return plane
    height, width = plane.shape
    size = (max(1, round(width / step)), max(1, round(height / step)))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)


def _blurred(grid: Plane, sigma: float, step: int) -> Plane:
    """Blur by ``sigma`` fine pixels, less what averaging over ``step`` pixels has done already."""
    left = np.sqrt(max(sigma**2 - (step**2 - 1) / 12, _SHARPEST_PX**2)) / step
    return np.asarray(cv2.GaussianBlur(grid, (0, 0), left, borderType=cv2.BORDER_REFLECT), np.float32)
