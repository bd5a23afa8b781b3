"""How many pixels a millimetre has, and how surely. Where it comes from is settled in ``scale_of``."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pellucid.model.photo import ScaleMethod


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The scale of a photo."""

    px_per_mm: float
    """In the middle of the photo."""
    relative_se: float
    """Standard error of a length, as a part of it."""
    method: ScaleMethod
    tilt_deg: float | None = None
    """Between card and sensor; None where it isn't known."""
    mm_to_px: NDArray[np.float64] | None = None
    """3 x 3 homography of the plane of the card, in millimetres, to the photo; None where there is no card."""
    psf_sigma_px: float | None = None
    """Blur that the device's profile foretells, as standard deviation of a Gaussian; None where none does."""
    set_aside: float | None = None
    """Pixels a millimetre as the person gave them, where the card in the photo contradicts them and was used."""
