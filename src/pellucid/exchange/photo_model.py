"""The shape of what ``pellucid measure --json`` and ``pellucid compare --json`` print: published as JSON Schemas.

One object a photo, or one a comparison. Codes are for machines; every ``why``, ``text`` and ``sentence`` is in the
language that was asked for. Pixels are counted in the upright photo, x to the right and y down, from the middle of the
first pixel. Intervals hold 95 %. What isn't known is null, and no number is infinite or not a number.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from pellucid.exchange.parts import Part
from pellucid.model.change import Direction
from pellucid.model.photo import Plug, ScaleMethod, Shape, Side

SCHEMA_VERSION: Literal[1] = 1

ZoneWord = Literal["forehead", "nose", "cheeks", "chin", "jaw"]
Share = Annotated[float, Field(ge=0, le=1)]
Correlation = Annotated[float, Field(ge=-1, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]


class Measured(Part):
    """A part of what was measured; read as strictly as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class IntervalOut(Measured):
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


class NamedPhotoOut(Measured):
    """A photo of a comparison."""

    side: Side
    file: str


class WithheldOut(Measured):
    """Something that the photo can't carry."""

    what: str
    """``pores``, ``size``, ``shape``, ``plug``, ``colour``, ``density``, ``change``."""
    code: str
    why: str
    photos: tuple[NamedPhotoOut, ...] = ()
    """Of a comparison whose photos differ: the one that the others were held against, and those that differ from it in
    the first way found."""


class AdviceOut(Measured):
    """What would make the next photo better."""

    id: str
    text: str


class PhotoQualityOut(Measured):
    """What the photo can carry."""

    scale_method: ScaleMethod | None
    scale_se: NotNegative | None
    """Relative standard error of a length."""
    tilt_deg: NotNegative | None
    psf_sigma_px: NotNegative | None
    """Blur, as standard deviation of a Gaussian; null where it can't be told."""
    noise: NotNegative
    """Standard deviation of a pixel, as log of a ratio of light."""
    clipped_share: Share
    glare_share: Share
    skin_share: Share
    smallest_presence_mm: NotNegative | None
    """Diameter from which a pore can be found."""
    smallest_size_mm: NotNegative | None
    """Diameter from which its size can be told, with the error that stands beside it."""


class PoreOut(Measured):
    """One pore.

    A covariance is a correlation times both standard errors, in millimetres, degrees and parts of one. Errors of places
    and correlations are null in what versions before them printed.
    """

    x_px: float
    y_px: float
    x_se_px: NotNegative | None = None
    y_se_px: NotNegative | None = None
    corr_x_y: Correlation | None = None
    diameter_mm: Positive
    """Of the circle with the mouth's area."""
    diameter_se_mm: NotNegative
    aspect: Annotated[float, Field(ge=1)]
    """Long axis over short axis."""
    aspect_se: NotNegative
    angle_deg: Annotated[float, Field(ge=0, le=180)]
    angle_se_deg: NotNegative
    corr_diameter_aspect: Correlation | None = None
    corr_diameter_angle: Correlation | None = None
    corr_aspect_angle: Correlation | None = None
    shape: Shape
    plug: Plug
    confidence: Share
    contrast: float
    """How much darker its middle is than the skin around it, as log of a ratio of light."""
    presence_only: bool
    """Too few pixels across: that it's there can be told, its size can't."""
    zone: ZoneWord | None


class SkinColourOut(Measured):
    """Colour of the measured skin."""

    ita_deg: float | None
    a_star: float | None
    redness: float
    melanin: float
    haemoglobin: float
    shine_share: Share | None


class ZoneOut(Measured):
    """What was measured on one zone of the face; shares are parts of one of the pores that could be told."""

    pores_per_cm2: NotNegative | None
    mean_diameter_mm: NotNegative | None
    shape_share: dict[Literal["round", "oval", "teardrop"], Share]
    dark_plug_share: Share | None
    light_plug_share: Share | None
    red_rim_share: Share | None
    pores_250_per_cm2: IntervalOut | None
    """Of pores of 0.25 mm and more; null where the photo can't show all of them, or too little of the zone."""
    shapes_told: Count | None
    plugs_told: Count | None


class PhotoReport(Measured):
    """Everything that was measured on one photo; one line of ``pellucid measure --json``."""

    schema_version: Literal[1]
    file: str
    language: Literal["en", "zh_hant"]
    px_per_mm: Positive | None
    quality: PhotoQualityOut
    pores: list[PoreOut]
    density_per_cm2: IntervalOut | None
    """Corrected for pores that are missed and for false alarms."""
    density_from_mm: NotNegative | None
    """The diameter from which that density counts."""
    density_250_per_cm2: IntervalOut | None
    """Of pores of 0.25 mm and more; null where this photo can't show all of them."""
    mean_diameter_mm: IntervalOut | None
    """Of the pores of ``mean_from_mm`` and more."""
    mean_from_mm: NotNegative | None
    sampled_cm2: NotNegative | None
    """Skin that was looked at, without a margin along its edges."""
    colour: SkinColourOut | None
    zones: dict[ZoneWord, ZoneOut]
    refused: WithheldOut | None
    """Why no pores were measured at all."""
    withheld: list[WithheldOut]
    """What else is left out, and why."""
    advice: list[AdviceOut]
    """What would make the next photo better, most telling first."""


class EffectOut(Measured):
    """How much one quantity changed; -0.1 is a tenth less."""

    change: IntervalOut
    smallest_detectable: NotNegative
    """The least change that these photos would have shown, whichever way."""
    direction: Direction
    sentence: str


class PorePairOut(Measured):
    """One pore seen at both visits, in the first photo of each."""

    x_before_px: float
    y_before_px: float
    diameter_before_px: NotNegative
    x_after_px: float
    y_after_px: float
    diameter_after_px: NotNegative


class ChangeReport(Measured):
    """Two visits compared; what ``pellucid compare --json`` prints."""

    schema_version: Literal[1]
    language: Literal["en", "zh_hant"]
    before: list[PhotoReport]
    after: list[PhotoReport]
    common_cm2: NotNegative | None
    """Skin that every photo shows."""
    diameter: EffectOut | None
    """Of the mean diameter of the pores that were found at both visits, each beside itself."""
    compared_pores: Count
    density: EffectOut | None
    """Of the number of pores on the common skin."""
    relative_scale: IntervalOut | None
    pairs: list[PorePairOut]
    refused: WithheldOut | None
    withheld: list[WithheldOut]
