"""The picture that the detector looks at: skin in absolute contrast, at no more pixels a millimetre than it needs.

Contrast is log of a ratio of light and is never divided by the photo's own texture: on smooth skin little stands out
because little is there. Which of it is a pore is not decided here.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from pellucid.vision.photo import Field, Mask, Plane

FINEST_PX_PER_MM = 20.0
"""Finer photos are reduced to this: a pore of 0.1 mm still has two pixels."""
COARSEST_PX_PER_MM = 8.0
"""Coarser photos are enlarged to this, so that what the network sees is of a size that it knows."""
SURROUNDINGS_MM = 1.0
"""Standard deviation of the window whose mean is taken off: shading and patches go, the largest pore stays."""


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A field, high-passed and brought to the detector's scale."""

    absorbance: Plane
    """Above the mean of its surroundings; higher is darker; 0 where it is no skin."""
    redness: Plane
    """As absorbance, of ``Field.redness``."""
    skin: Mask
    px_per_mm: float
    scale: tuple[float, float]
    """Pixels of the raster for one of the photo, along x and along y."""
    noise: float
    """Standard deviation of a pixel of ``absorbance``."""

    def to_photo(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions on the raster as positions in the photo."""
        return (x + 0.5) / self.scale[0] - 0.5, (y + 0.5) / self.scale[1] - 0.5


def make_raster(field: Field) -> Raster:
    """Bring a field to the detector's scale and take the mean of the surroundings off.

    Args:
        field: the whole photo's.

    Returns:
        planes of one size, at ``COARSEST_PX_PER_MM`` to ``FINEST_PX_PER_MM``.
    """
    height, width = field.skin.shape
    wanted = min(max(field.px_per_mm, COARSEST_PX_PER_MM), FINEST_PX_PER_MM) / field.px_per_mm
    size = (_even(width * wanted, width), _even(height * wanted, height))
    scale = (size[0] / width, size[1] / height)
    px_per_mm = field.px_per_mm * float(np.sqrt(scale[0] * scale[1]))
    weight = _resized(field.skin.astype(np.float32), size)
    skin = weight > 1 / 2
    around = _Surroundings(weight, SURROUNDINGS_MM * px_per_mm)
    return Raster(
        absorbance=around.taken_off(_resized_skin(field.absorbance, field.skin, weight, size), skin),
        redness=around.taken_off(_resized_skin(field.redness, field.skin, weight, size), skin),
        skin=skin,
        px_per_mm=px_per_mm,
        scale=scale,
        noise=field.noise * min(1.0, float(np.sqrt(scale[0] * scale[1]))),
    )


def _even(length: float, full: int) -> int:
    """Round to an even number of pixels, so that a mirrored photo is cut into the same pairs; whole if unchanged."""
    return full if round(length) == full else max(2 * round(length / 2), 1)


def _resized(plane: Plane, size: tuple[int, int]) -> Plane:
    if plane.shape[::-1] == size:
        return plane
    smaller = size[0] < plane.shape[1]
    return np.asarray(
        cv2.resize(plane, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR), np.float32
    )


def _resized_skin(plane: Plane, skin: Mask, weight: Plane, size: tuple[int, int]) -> Plane:
    """Resize what is skin alone: hair or background beside it must not bleed into its edge."""
    if plane.shape[::-1] == size:
        return plane
    part = _resized(np.where(skin, plane, np.float32(0)), size)
    return np.asarray(part / np.maximum(weight, np.float32(1e-6)), np.float32)


class _Surroundings:
    """Means over a wide Gaussian window, of skin alone; taken on a coarse grid, which such a window allows."""

    def __init__(self, weight: Plane, sigma: float) -> None:
        step = max(1, int(sigma / 4))
        height, width = weight.shape
        self._weight = weight
        self._grid = (max(1, round(width / step)), max(1, round(height / step)))
        self._sigma = sigma / step
        self._mass = self._blurred(weight)

    def _blurred(self, plane: Plane) -> Plane:
        coarse = cv2.resize(plane, self._grid, interpolation=cv2.INTER_AREA)
        blurred = cv2.GaussianBlur(coarse, (0, 0), self._sigma, borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred, np.float32)

    def taken_off(self, plane: Plane, skin: Mask) -> Plane:
        mean = self._blurred(plane * self._weight) / np.maximum(self._mass, np.float32(1e-6))
        whole = cv2.resize(mean, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
        return np.where(skin, plane - whole, np.float32(0))
