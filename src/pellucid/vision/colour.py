"""The colour of skin, and in what kind of light a photo was taken, so that photos in different light aren't compared.

Colours are told in log space, where a light's brightness is a shift along (1, 1, 1) and pigments add up. Melanin
absorbs as wavelength to the power -3.33 (Jacques 1998, Optical Absorption of Melanin), blood as Prahl tabulated
haemoglobin (1999), here 70 % oxygenated; both are taken at 610, 540 and 460 nm, where the red, green and blue of sRGB
have their weight. That gives two fixed directions. They are no concentrations: skin scatters, cameras differ, and
without a colour card the light's own colour is part of both.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.model.photo import SkinColour
from pellucid.vision.card_find import CardFound
from pellucid.vision.light import DARKEST, corrected, decode
from pellucid.vision.photo import Field, Mask, Photo, Plane

MELANIN: Final = (0.319, 0.479, 0.817)
"""Unit vector of (610, 540, 460) ** -3.33."""
HAEMOGLOBIN: Final = (0.061, 0.801, 0.596)
"""Unit vector of 0.7 * (1506, 53236, 44480) + 0.3 * (9444, 46592, 23389), molar extinction per cm."""
_UNMIX: Final = np.linalg.pinv(np.array([MELANIN, HAEMOGLOBIN]).T)
"""The two amounts that come nearest to a colour's absorbances. Brightness counts as pigment: compare in one light."""
SAMPLED: Final = 60_000
"""Pixels at most that medians are taken of."""
SEEN_PX_PER_MM: Final = 8.0
"""Highlights and relief are told at this scale, so that two photos from different distances agree."""
HIGHLIGHT_BRIGHTER: Final = 0.12
HIGHLIGHT_PALER: Final = 0.03
"""A highlight is this much brighter, and nearer to the light's own colour, than the skin within half a millimetre."""
LEAST_HIGHLIGHTS: Final = 0.001
"""Share of the skin. With fewer, matt skin and soft light look the same, and shine can't be told."""
LIGHT_COLOUR: Final = 0.45
"""Change of log of red over green, or of green over blue, that is the light's: skin itself changes by 0.2 at most."""
LIGHT_HARDNESS: Final = 0.55
"""Change of the log of how strongly fine relief shows: from soft to hard light it doubles to triples."""
MIRRORING: Final = 0.012
"""Change of the share of highlights: none with crossed polarisers, some percent in direct light."""
ONE_SIDED: Final = 0.18
"""Skewness of slopes from which light comes from one side."""
LEAST_SLOPES: Final = 100
OPPOSITE_DEG: Final = 110.0


@dataclass(frozen=True, slots=True)
class LightSignature:
    """What tells one kind of light from another, on the skin of one photo."""

    red_green: float
    """Median log of red over green, as the camera gave it."""
    green_blue: float
    highlights: float
    """Share of the skin with small highlights."""
    relief: float
    """Standard deviation of log light over 0.1 to 0.5 mm."""
    lit_from: tuple[float, float]
    """Skewness of the slope of log light along x and y: it points away from the light, 0 where that has no side."""


def skin_colour(photo: Photo, field: Field, card: CardFound | None) -> SkinColour | None:
    """Tell the colour of the skin that can be read.

    Args:
        photo: upright.
        field: of the same photo.
        card: without its colours, ITA and a* are None.

    Returns:
        None where there is no skin.
    """
    light = _sampled(photo, field.skin)
    if not len(light):
        return None
    matrix = card.matrix if card else None
    seen = corrected(light[None], matrix)[0]
    middle = np.median(np.maximum(seen, DARKEST), axis=0)
    melanin, blood = (_UNMIX @ -np.log(middle)).tolist()
    lab = cv2.cvtColor(middle.astype(np.float32).reshape(1, 1, 3), cv2.COLOR_LRGB2Lab)[0, 0].astype(float)
    known = matrix is not None
    return SkinColour(
        ita_deg=math.degrees(math.atan2(lab[0] - 50, lab[2])) if known else None,
        a_star=float(lab[1]) if known else None,
        redness=float(np.log(middle[0] / middle[1])),
        melanin=melanin,
        haemoglobin=blood,
        shine_share=_shine(field),
    )


def _sampled(photo: Photo, skin: Mask) -> NDArray[np.float32]:
    """Linear light of readable skin, (n, 3), evenly spread."""
    step = max(1, math.isqrt(int(skin.sum()) // SAMPLED))
    stored = photo.pixels[::step, ::step][skin[::step, ::step]]
    if not len(stored):
        return np.empty((0, 3), np.float32)
    return np.asarray(decode(stored[None])[0], np.float32)


def _shine(field: Field) -> float | None:
    if math.isnan(field.px_per_mm):
        return None
    share = _highlights(*_seen_near(field))
    return share if share >= LEAST_HIGHLIGHTS else None


def light_signature(photo: Photo, field: Field) -> LightSignature | None:
    """Tell in what kind of light a photo was taken; None where there is no skin or no scale."""
    light = _sampled(photo, field.skin)
    if not len(light) or math.isnan(field.px_per_mm):
        return None
    red, green, blue = np.log(np.median(np.maximum(light, DARKEST), axis=0)).tolist()
    dark, redness, skin = _seen_near(field)
    if not skin.any():
        return None
    brighter = -_band(dark)
    return LightSignature(
        red_green=red - green,
        green_blue=green - blue,
        highlights=_highlights(dark, redness, skin),
        relief=1.4826 * float(np.median(np.abs(brighter[skin]))),
        lit_from=(_skewness(np.diff(brighter, axis=1)[skin[:, 1:]]), _skewness(np.diff(brighter, axis=0)[skin[1:]])),
    )


def differs(a: LightSignature | None, b: LightSignature | None) -> str | None:
    """Say in what two photos' light differs too much to compare what they show.

    Returns:
        ``light_colour``, ``light_mirrored`` (highlights in one alone: flash, or crossed polarisers), ``light_hardness``
        or ``light_side``; None where it doesn't, or can't be told.
    """
    if a is None or b is None:
        return None
    if max(abs(a.red_green - b.red_green), abs(a.green_blue - b.green_blue)) > LIGHT_COLOUR:
        return "light_colour"
    if abs(a.highlights - b.highlights) > MIRRORING + 0.5 * max(a.highlights, b.highlights):
        return "light_mirrored"
    if abs(math.log(max(a.relief, 1e-4) / max(b.relief, 1e-4))) > LIGHT_HARDNESS:
        return "light_hardness"
    sides = np.array([a.lit_from, b.lit_from])
    lengths = np.linalg.norm(sides, axis=1)
    if lengths.min() > ONE_SIDED:
        apart = math.degrees(math.acos(float(np.clip(sides[0] @ sides[1] / lengths.prod(), -1, 1))))
        return "light_side" if apart > OPPOSITE_DEG else None
    return None


def _seen_near(field: Field) -> tuple[Plane, Plane, Mask]:
    """Absorbance, redness and skin at one scale for all photos."""
    factor = SEEN_PX_PER_MM / field.px_per_mm
    if factor >= 1:
        return field.absorbance, field.redness, field.skin
    height, width = field.skin.shape
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    dark, red = (cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (field.absorbance, field.redness))
    skin = cv2.resize(field.skin.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 1 - 1e-3
    return np.asarray(dark, np.float32), np.asarray(red, np.float32), np.asarray(skin)


def _band(plane: Plane) -> Plane:
    fine = cv2.GaussianBlur(plane, (0, 0), 0.1 * SEEN_PX_PER_MM)
    return np.asarray(fine - cv2.GaussianBlur(plane, (0, 0), 0.5 * SEEN_PX_PER_MM), np.float32)


def _highlights(dark: Plane, redness: Plane, skin: Mask) -> float:
    """Share of the skin that mirrors the light."""
    mirror = (_band(dark) < -HIGHLIGHT_BRIGHTER) & (_band(redness) < -HIGHLIGHT_PALER)
    return float(mirror[skin].mean()) if skin.any() else 0.0


def _skewness(values: NDArray[np.float32]) -> float:
    """Third standardised moment, with the outermost tails drawn in so that no single hair decides."""
    if values.size < LEAST_SLOPES:
        return 0.0
    reach = float(np.percentile(np.abs(values), 99.5))
    held = np.clip(values.astype(float), -reach, reach)
    spread = held.std()
    return float(((held - held.mean()) ** 3).mean() / spread**3) if spread > 0 else 0.0
