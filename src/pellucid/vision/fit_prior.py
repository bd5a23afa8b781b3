"""What is expected of a pore before its pixels are looked at, and what the larger pores of the same photo teach of it.

Pores of few pixels can't tell how soft their mouths are nor, alone, how large: they lean on the finder's size, and on
the pores of the photo that can. How the two are weighed against the pixels is ``fit``'s matter.
"""

from dataclasses import dataclass

import numpy as np

from pellucid.vision.fit_model import LOG_SOFTNESS, PARAMETERS, Floats, mouth

TELLING_PX = 5.0
"""Diameter from which pores teach what to expect of the others."""
MOST_TELLING = 256
"""Pores that are asked; the finder's surest come first."""
FEWEST_TELLING = 8
SIZE_SPREAD, FREE_SIZE_SPREAD = 0.2, 0.45
"""The size is expected within this of the finder's, as log; the latter for the pores that teach, which shall not repeat
the finder."""
SHEAR_SPREAD = 0.12
"""Stretch that is expected: an aspect of exp(2 x 0.12) = 1.27 is one standard deviation."""
PLACE_SPREAD = 0.15
"""The middle is expected within this many radii of the finder's,"""
PLACE_SPREAD_PX = 0.5
"""and within this many pixels of the photo."""
SOFTNESS, SOFTNESS_SPREAD = -1.4, 0.4
"""Of any skin in any light: from a punched hole to a bowl; on rendered skin."""
SOFTNESS_SPREADS = (0.15, 0.3)
"""From pore to pore of one photo, at least and at most."""
SHIFT_SPREAD = 0.2
"""The finder may misjudge all sizes of a photo by about this, as log."""
MIDDLE_PX, UNTAUGHT_PX = 6.0, 3.0
"""Larger pores teach nothing of those that are smaller than the latter."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of the pores of one photo, in logs."""

    softness: float = SOFTNESS
    """Of the edge, as part of the radius; log."""
    softness_spread: float = SOFTNESS_SPREAD
    size_spread: float = FREE_SIZE_SPREAD
    shift: float = 0.0
    """By how much pores of ``MIDDLE_PX`` are larger than the finder says."""
    shift_slope: float = 0.0
    """How that grows with the log of the diameter."""

    def start(self, diameter: Floats, coarseness: float) -> tuple[Floats, Floats]:
        """Parameters that are expected, places at 0, and their standard deviations; (n, 6) each.

        Args:
            diameter: (n,) the finder's, in pixels of the patch.
            coarseness: pixels of the photo to one of the patch.
        """
        at, spread = np.zeros((2, len(diameter), PARAMETERS))
        logs = np.log(diameter / 2)
        beyond = np.log(diameter * coarseness / MIDDLE_PX)
        taught = np.clip(1 + beyond / np.log(MIDDLE_PX / UNTAUGHT_PX), 0, 1)
        at[:, 2] = logs + taught * (self.shift + self.shift_slope * beyond) - mouth(np.array([self.softness]))[0]
        at[:, LOG_SOFTNESS] = self.softness
        spread[:, :2] = np.hypot(PLACE_SPREAD * diameter / 2, PLACE_SPREAD_PX / coarseness)[:, None]
        spread[:, 2:] = self.size_spread, SHEAR_SPREAD, SHEAR_SPREAD, self.softness_spread
        return at, spread


def learned(finder_px: Floats, fitted_px: Floats, fitted_se: Floats, log_softness: Floats) -> Expected:
    """What pores that were fitted freely teach of the others of their photo.

    Args:
        finder_px: (n,) diameters as the finder said.
        fitted_px: as fitted.
        fitted_se: standard errors of those.
        log_softness: as fitted.
    """
    if len(finder_px) < FEWEST_TELLING:
        return Expected(size_spread=SIZE_SPREAD)
    middle = float(np.median(log_softness))
    spread = float(np.clip(1.4826 * np.median(np.abs(log_softness - middle)), *SOFTNESS_SPREADS))
    shift, slope = _line(np.log(finder_px / MIDDLE_PX), np.log(fitted_px / finder_px), fitted_se / fitted_px)
    return Expected(middle, spread, SIZE_SPREAD, shift, slope)


def _line(x: Floats, y: Floats, se: Floats) -> tuple[float, float]:
    """A robust straight line, both of whose numbers are small unless the points insist."""
    design = np.column_stack([np.ones(len(x)), x])
    line: Floats = np.zeros(2)
    for _ in range(5):
        off = (y - design @ line) / np.hypot(se, SIZE_SPREAD)
        weights = 1 / ((1 + off**2) * (se**2 + SIZE_SPREAD**2))
        normal = design.T @ (design * weights[:, None]) + np.eye(2) / SHIFT_SPREAD**2
        line = np.asarray(np.linalg.solve(normal, design.T @ (weights * y)), float)
    return float(line[0]), float(line[1])
