"""A photo and the fields made of it, as the parts of ``vision`` pass them on; nothing the camera wrote is kept."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""One number a pixel, (height, width)."""
Mask = NDArray[np.bool_]
"""Yes or no a pixel, (height, width)."""
Pixels = NDArray[np.uint8] | NDArray[np.uint16]
"""(height, width, 3), red, green, blue, encoded as sRGB over the whole range of the type."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An upright photo."""

    name: str
    """As the person named the file, for messages; no path above it."""
    pixels: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Skin as numbers that don't depend on how bright the light or the skin is."""

    absorbance: Plane
    """-log of linear light, weighted over the colours: higher is darker."""
    redness: Plane
    """log of linear red over linear green."""
    skin: Mask
    """Where it is skin that can be read: no background, hair, card, glare or clipping."""
    px_per_mm: float
    psf_sigma_px: float
    noise: float
    """Standard deviation of a pixel of ``absorbance``."""
    px_per_mm_map: Plane | None = None
    """Where the scale differs over the photo (tilt); else None."""
