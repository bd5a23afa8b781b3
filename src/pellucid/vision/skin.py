"""Where a photo shows skin that can be read, by colour relative to the photo's own skin, and by brightness and texture.

Nothing here is learned from photos, and no phototype or white balance is assumed: skin of all tones takes up more green
and blue than red, so it lies in one broad region of colour ratios, and within one photo it lies close together. Work is
done on a small copy, a few pixels a millimetre. Hair as fine as single strands, pimples and moles stay in.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.light import absorbance, corrected, decode, redness, unreadable
from pellucid.vision.photo import Mask, Photo, Pixels, Plane

COARSE_PX_PER_MM: Final = 3.0
LARGEST_SIDE: Final = 640
"""Pixels of the small copy at most: of a whole face still two to three a millimetre."""
FACE_MM: Final = 250.0
"""What the longer side of a photo shows at most, where no scale is known: a face with some hair and neck."""
USUAL: Final = (0.65, 0.35)
"""Log of red over green and of green over blue of skin, where the white balance is about right."""
USUAL_SPREAD: Final = (0.45, 0.40)
"""White balance and phototype together move them by about this much."""
LEAST_RED: Final = 0.04
"""Log of red over green below which nothing is taken for skin, in any light that cameras still balance."""
LEAST_RED_ALONE: Final = -0.25
ONE_COLOUR: Final = 0.2
"""Where both ratios vary by less than this over the whole photo, it is a close-up, and less red will do."""
NEAR_NEUTRAL: Final = 0.12
"""Below the usual skin's red over green, where that is itself hardly above the background's."""
DARKEST_SKIN: Final = -math.log(1 / 500)
BRIGHTEST_SKIN: Final = -math.log(0.97)
HAIR: Final = 4.0
"""Hair and skin may have the same ratios; each step of this much in log light makes e times less of a dark pixel."""
BRIGHT_SIDE: Final = 30
"""Percentile of absorbance that is the usual skin's: hair and shade are on the dark side."""
NEAREST: Final = 0.2
"""Around the commonest ratios: what the usual skin is the median of."""
NEAR_RED: Final = (-0.32, 0.55)
NEAR_BLUE: Final = (-0.38, 0.60)
"""How far skin lies from the photo's usual skin in the two ratios. Shade and folds are redder and yellower."""
BRIGHTER: Final = 1.2
DARKER: Final = 1.6
"""Log of light between the photo's usual skin and the brightest and darkest that is still read."""
LIPS: Final = 0.42
"""More red over green, without more green over blue, than the usual skin: lips, wounds, dyed cloth."""
ROUGH: Final = 0.38
"""Standard deviation of log light within 2 mm: brows, beards, lashes, edges of things."""
GLARE_BRIGHTER: Final = 0.30
GLARE_PALER: Final = 0.10
"""A mirror image of the light is brighter than the skin around it and nearer to the light's own colour."""
MARGIN_MM: Final = 0.7
"""Left out along everything that is no skin: blur and half-tones."""
SMALLEST_CM2: Final = 0.15
"""Separate pieces of skin below this are left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """Skin in a photo, on a small copy."""

    surface: Mask
    """Whatever is skin, with what can't be read of it."""
    glare: Mask
    px_per_mm: float
    """Of the small copy, along its width."""


def skin_mask(photo: Photo, coarse: Skin) -> Mask:
    """Tell where skin can be read: neither clipped nor mirroring the light.

    Args:
        photo: upright.
        coarse: its skin on a small copy.

    Returns:
        (height, width).
    """
    height, width = photo.pixels.shape[:2]
    small = (coarse.surface & ~coarse.glare).astype(np.float32)
    near = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR) > 1 / 2
    spoilt = cv2.dilate(unreadable(photo.pixels).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(near & (spoilt == 0))


def find_skin(photo: Photo, px_per_mm: float | None, matrix: NDArray[np.float64] | None = None) -> Skin:
    """Find skin on a small copy of a photo.

    Args:
        photo: upright.
        px_per_mm: None where it isn't known.
        matrix: of a colour card, 3 x 3; None without one.
    """
    height, width = photo.pixels.shape[:2]
    longer = max(height, width)
    known = px_per_mm or longer / FACE_MM
    factor = min(1.0, COARSE_PX_PER_MM / known, LARGEST_SIDE / longer)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    light = corrected(decode(_reduced(photo.pixels, size)), matrix)
    scale = known * size[0] / width
    dark, red = absorbance(light), redness(light)
    blue = redness(light[..., 1:])
    usual = _usual(dark, red, blue)
    if usual is None:
        nothing = np.zeros(dark.shape, bool)
        return Skin(nothing, nothing, scale)
    alike = _alike(dark, red, blue, usual)
    surface = _cleaned(alike & ~_rough(dark, alike, scale), scale)
    return Skin(surface, _glare(dark, red, surface, scale), scale)


def _reduced(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _usual(dark: Plane, red: Plane, blue: Plane) -> tuple[float, float, float] | None:
    """Absorbance and the two ratios of the photo's usual skin: the colour that most of what may be skin has."""
    lit = (dark < DARKEST_SKIN) & (dark > BRIGHTEST_SKIN)
    able = lit & (red > LEAST_RED)
    if able.sum() < lit.sum() / 2 and _of_one_colour(red[lit], blue[lit]):
        return float(np.median(dark[lit])), float(np.median(red[lit])), float(np.median(blue[lit]))
    if not able.any():
        return None
    counts, red_edges, blue_edges = np.histogram2d(
        red[able],
        blue[able],
        bins=48,
        range=((-0.2, 2.2), (-0.8, 1.6)),
        weights=(_central(dark.shape) * np.exp(-dark / HAIR))[able],
    )
    # A plain background fills more of the photo than skin does, often in one colour: colour counts for more than area.
    reds, blues = (edges[:-1] + np.diff(edges) / 2 for edges in (red_edges, blue_edges))
    fit = ((reds[:, None] - USUAL[0]) / USUAL_SPREAD[0]) ** 2 + ((blues[None, :] - USUAL[1]) / USUAL_SPREAD[1]) ** 2
    votes = np.sqrt(cv2.GaussianBlur(counts, (0, 0), 2.0)) * np.exp(-fit / 2)
    if not votes.any():
        return None
    row, column = np.unravel_index(int(votes.argmax()), votes.shape)
    red_peak, blue_peak = reds[row], blues[column]
    near = able & (np.abs(red - red_peak) < NEAREST) & (np.abs(blue - blue_peak) < NEAREST)
    return float(np.percentile(dark[near], BRIGHT_SIDE)), float(np.median(red[near])), float(np.median(blue[near]))


def _of_one_colour(red: NDArray[np.float32], blue: NDArray[np.float32]) -> bool:
    """Whether hardly anything but skin can be in the photo; its white balance may then be far off."""
    if red.size == 0:
        return False
    (low, red_middle, high), (low_blue, _, high_blue) = (
        np.percentile(red, [5, 50, 95]),
        np.percentile(blue, [5, 50, 95]),
    )
    return bool(red_middle > LEAST_RED_ALONE and high - low < ONE_COLOUR and high_blue - low_blue < ONE_COLOUR)


def _central(shape: tuple[int, ...]) -> Plane:
    """Weights that fall to a third at the corners: people put what they photograph in the middle."""
    height, width = shape
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    return np.asarray(np.exp(-(x**2 + y**2) * 0.55), np.float32)


def _alike(dark: Plane, red: Plane, blue: Plane, usual: tuple[float, float, float]) -> Mask:
    """Where colour and brightness are near the usual skin's."""
    darker, redder, yellower = dark - usual[0], red - usual[1], blue - usual[2]
    return np.asarray(
        (red > min(LEAST_RED / 2, usual[1] - NEAR_NEUTRAL))
        & (redder > NEAR_RED[0])
        & (redder < NEAR_RED[1])
        & (yellower > NEAR_BLUE[0])
        & (yellower < NEAR_BLUE[1])
        & (darker > -BRIGHTER)
        & (darker < DARKER)
        & ~((redder > LIPS) & (redder - yellower > LIPS))
    )


def _rough(dark: Plane, alike: Mask, scale: float) -> Mask:
    """Where log light varies more, within 2 mm, than skin does; what is no skin anyhow doesn't count."""
    mean = _around(dark, alike, scale)
    return np.asarray(_around((dark - mean) ** 2, alike, scale) > ROUGH**2)


def _cleaned(mask: Mask, scale: float) -> Mask:
    """Without specks and thin bridges, without a margin, and without small separate pieces."""
    share = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(0.7 * scale, 0.7), borderType=cv2.BORDER_REPLICATE)
    solid = (share > 1 / 2).astype(np.uint8)
    reach = 2 * round(MARGIN_MM * scale) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    # Beyond the edge of the photo the skin goes on.
    inner = cv2.erode(solid, disc, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inner)
    areas = stats[:, cv2.CC_STAT_AREA] if count > 1 else np.zeros(1)
    keep = areas >= SMALLEST_CM2 * 100 * scale**2
    keep |= areas >= np.max(areas[1:], initial=1)
    keep[0] = False
    return np.asarray(keep[labels])


def _glare(dark: Plane, red: Plane, surface: Mask, scale: float) -> Mask:
    """Where a wide piece of the skin mirrors the light; single glints between pores are too small to be seen here."""
    brighter = _around(dark, surface, 5 * scale) - dark
    paler = _around(red, surface, 5 * scale) - red
    mirror = surface & (brighter > GLARE_BRIGHTER) & (paler > GLARE_PALER)
    wider = cv2.dilate(mirror.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(wider & surface)


def _around(plane: Plane, surface: Mask, sigma: float) -> Plane:
    """Mean of the skin round about."""
    weight = surface.astype(np.float32)
    blur = max(sigma, 1.0)
    total = cv2.GaussianBlur(plane * weight, (0, 0), blur)
    return np.asarray(total / np.maximum(cv2.GaussianBlur(weight, (0, 0), blur), 1e-3), np.float32)
