"""What one photo shows, in millimetres, with its errors; found by ``vision``, passed on as plain values.

Pixels are counted in the upright photo: x to the right, y down, and the middle of the first pixel is (0, 0). Angles
are those of the long axis in the same directions, in degrees from 0 up to 180. Intervals hold 95 %.
"""

from dataclasses import dataclass
from typing import Literal

Shape = Literal["round", "oval", "teardrop", "undetermined"]
Plug = Literal["dark", "light", "open", "uncertain"]
ScaleMethod = Literal["card", "profile", "given", "iris"]
Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number and the 95 % interval around it, in the number's own unit."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PoreErrors:
    """How sure the place of a pore is, and how the errors of its figures go together.

    The covariance of two figures is their correlation times both standard errors; those of diameter, aspect and angle
    stand with the pore. Correlations are from -1 to 1.
    """

    x_se_px: float
    y_se_px: float
    corr_x_y: float
    corr_diameter_aspect: float
    corr_diameter_angle: float
    corr_aspect_angle: float


@dataclass(frozen=True, slots=True)
class Pore:
    """One pore: where it lies, how large its mouth is, and how sure that is."""

    x_px: float
    y_px: float
    diameter_mm: float
    """Of the circle with the mouth's area."""
    diameter_se_mm: float
    aspect: float
    """Long axis over short axis, 1 or more."""
    aspect_se: float
    angle_deg: float
    angle_se_deg: float
    shape: Shape
    plug: Plug
    confidence: float
    """How likely this is a pore, 0 to 1."""
    contrast: float
    """How much darker its middle is than the skin around it, as log of a ratio of light; below 0 where lighter."""
    presence_only: bool = False
    """Too few pixels across: that it's there can be told, its size can't."""
    zone: str | None = None
    errors: PoreErrors | None = None


@dataclass(frozen=True, slots=True)
class PhotoQuality:
    """What the photo can carry."""

    px_per_mm: float | None
    """In the middle of the skin that was measured; None where no scale is known."""
    scale_method: ScaleMethod | None
    scale_se: float | None
    """Relative standard error of a length."""
    tilt_deg: float | None
    """Between the skin (by the card) and the sensor; None where it isn't known."""
    psf_sigma_px: float | None
    """Blur, as standard deviation of a Gaussian; None where the skin shows nothing fine enough to tell it."""
    noise: float
    """Standard deviation of a pixel, as log of a ratio of light."""
    clipped_share: float
    """Of the skin: too bright or too dark to be read."""
    glare_share: float
    skin_share: float
    """Of the photo."""
    smallest_presence_mm: float | None
    """Diameter from which a pore can be found; None without a scale, and where the blur can't be told."""
    smallest_size_mm: float | None
    """Diameter from which its size can be told, with the error that stands beside it."""
    advice: tuple[str, ...] = ()
    """What would make the next photo better, as ids, most telling first."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something that this photo can't carry."""

    what: str
    """``pores``, ``size``, ``shape``, ``plug``, ``colour``, ``density``, ``scale``; of a comparison also ``change``."""
    code: str
    """Why, as an id."""
    numbers: tuple[tuple[str, float], ...] = ()
    """What the sentence of the id needs, by name."""
    photos: tuple[tuple[Side, str], ...] = ()
    """Of a comparison, by their files' names: the photo that others were held against, and those that differ."""


@dataclass(frozen=True, slots=True)
class SkinColour:
    """Colour of the measured skin. Figures that need a known light are None without a colour card."""

    ita_deg: float | None
    """Individual typology angle."""
    a_star: float | None
    redness: float
    """Median log of red over green; compare it in one light only."""
    melanin: float
    """Along a fixed axis in log space; arbitrary unit."""
    haemoglobin: float
    """As melanin."""
    shine_share: float | None
    """Share of the skin that mirrors the light; None where the light doesn't allow it."""


@dataclass(frozen=True, slots=True)
class PhotoMeasurement:
    """Everything that was measured on one photo."""

    file: str
    quality: PhotoQuality
    pores: tuple[Pore, ...] = ()
    sampled_cm2: float | None = None
    """Skin that was looked at, without a margin along its edges."""
    density_per_cm2: Interval | None = None
    """Corrected for pores that are missed and for false alarms, of the sizes that this photo can carry."""
    density_from_mm: float | None = None
    """The diameter from which that density counts."""
    density_250_per_cm2: Interval | None = None
    """Of pores of 0.25 mm and more; None where this photo can't show all of them."""
    mean_diameter_mm: Interval | None = None
    """Of the pores of ``mean_from_mm`` and more."""
    mean_from_mm: float | None = None
    """0.25 mm, or ``smallest_size_mm`` where that is more; compare means from one diameter on only."""
    colour: SkinColour | None = None
    refused: Withheld | None = None
    """Why no pores were measured at all."""
    withheld: tuple[Withheld, ...] = ()
    """What else is left out, and why."""
