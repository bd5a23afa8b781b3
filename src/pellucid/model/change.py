"""What changed on the same skin between two visits, with its error; found by ``vision``, passed on as plain values.

Changes are parts of what was there before: -0.1 is a tenth less. Intervals hold 95 %.
"""

from dataclasses import dataclass
from typing import Literal

from pellucid.model.photo import Interval, PhotoMeasurement, Withheld

Direction = Literal["no_detectable_change", "less", "more"]


@dataclass(frozen=True, slots=True)
class Effect:
    """How much one quantity changed."""

    change: Interval
    smallest_detectable: float
    """How far the interval reaches upward from no change. The least growth that these photos would have shown; downward
    they would have shown a little less than that."""
    direction: Direction
    """``no_detectable_change`` where the interval spans zero."""


@dataclass(frozen=True, slots=True)
class PorePair:
    """One pore seen at both visits, in the first photo of each, in that photo's own pixels."""

    x_before_px: float
    y_before_px: float
    diameter_before_px: float
    x_after_px: float
    y_after_px: float
    diameter_after_px: float


@dataclass(frozen=True, slots=True)
class Change:
    """Two visits compared on the skin that both show, as sharp as the least sharp photo."""

    before: tuple[PhotoMeasurement, ...]
    """Each photo as measured by itself."""
    after: tuple[PhotoMeasurement, ...]
    common_cm2: float | None = None
    """Skin that every photo shows."""
    diameter: Effect | None = None
    """Of the mean diameter of the pores that were found at both visits, each beside itself."""
    compared_pores: int = 0
    """How many these are."""
    density: Effect | None = None
    """Of the number of pores on the common skin."""
    relative_scale: Interval | None = None
    """Pixels a millimetre after over before, from where the same pores lie, beside what the photos' scales say: 1 where
    these agree."""
    pairs: tuple[PorePair, ...] = ()
    refused: Withheld | None = None
    """Why nothing was compared."""
    withheld: tuple[Withheld, ...] = ()
