"""What a rendered photo is known to show, and when a pore in it counts as visible. Shared by both families.

Positions, angles and units as in ``pellucid.model.photo``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

VISIBLE_MM = 0.1
VISIBLE_PX = 2.5
VISIBLE_CONTRAST = 0.03
VISIBLE_SNR = 2.0


@dataclass(frozen=True, slots=True)
class TruePore:
    """One pore as it was put into the skin."""

    x_px: float
    y_px: float
    diameter_mm: float
    """Of the circle with the mouth's area, at the surface of the skin."""
    aspect: float
    angle_deg: float
    shape: str
    """round, oval, teardrop."""
    plug: str
    """dark, light, open."""
    contrast: float
    """Largest |log| change of weighted linear light (.15 R + .65 G + .20 B) that it makes, after blur, before noise."""
    snr: float
    """Of a matched filter: root of the sum of squares of that change over the standard deviation of a pixel's noise
    (everything that sensor, sharpening and JPEG add, in the same log unit, measured near the pore)."""

    def visible(self, px_per_mm: float, *, snr: float = VISIBLE_SNR) -> bool:
        """Whether someone could be expected to find it."""
        return (
            self.diameter_mm >= VISIBLE_MM
            and self.diameter_mm * px_per_mm >= VISIBLE_PX
            and self.contrast >= VISIBLE_CONTRAST
            and self.snr >= snr
        )


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A rendered photo and all that is known about it."""

    pixels: NDArray[np.uint8]
    """(height, width, 3), sRGB."""
    px_per_mm: float
    """In the middle of the photo."""
    pores: tuple[TruePore, ...]
    skin: NDArray[np.bool_]
    """(height, width): skin that is not covered."""
    psf_sigma_px: float
    phototype: int
    """1 to 6."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """How it was drawn: seed, light, camera, guided or not, what stands in it."""
    card_corners_px: NDArray[np.float64] | None = None
    """(4, 2): where the corners of the card lie, from its top left on clockwise; None without a card."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Which of what was found is which true pore: by position, nearest first, within half a diameter."""

    pairs: tuple[tuple[int, int], ...]
    """(found, true) indices."""
    alarms: tuple[int, ...]
    """Found, with no true pore, visible or not."""
    missed: tuple[int, ...]
    """True and visible, not found."""


def match(found_xy: NDArray[np.float64], scene: Scene, *, snr: float = VISIBLE_SNR) -> Matches:
    """Match what was found to the truth, each at most once.

    A find on a true pore that is not visible is neither right nor an alarm. Visible pores are matched first.

    Args:
        found_xy: (n, 2) pixels.
        scene: the truth.
        snr: the least of a pore that counts as visible.
    """
    true_xy = np.array([(pore.x_px, pore.y_px) for pore in scene.pores], float).reshape(-1, 2)
    reach = np.array([max(pore.diameter_mm * scene.px_per_mm / 2, 1.0) for pore in scene.pores])
    visible = np.array([pore.visible(scene.px_per_mm, snr=snr) for pore in scene.pores], bool)
    gaps = np.linalg.norm(found_xy.reshape(-1, 1, 2) - true_xy, axis=2)
    near = np.argwhere(gaps <= reach)
    order = np.lexsort((gaps[near[:, 0], near[:, 1]], ~visible[near[:, 1]]))
    of_found: dict[int, int] = {}
    taken: set[int] = set()
    for one, other in near[order].tolist():
        if one not in of_found and other not in taken:
            of_found[one] = other
            taken.add(other)
    return Matches(
        pairs=tuple(sorted(of_found.items())),
        alarms=tuple(one for one in range(len(found_xy)) if one not in of_found),
        missed=tuple(other for other in np.flatnonzero(visible).tolist() if other not in taken),
    )
