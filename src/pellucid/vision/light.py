"""From stored numbers to light: linear intensities and the two log planes that everything else is measured on.

What counts as skin, blur and colour stand in their own modules.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.photo import Mask, Photo, Pixels, Plane

Light = NDArray[np.float32]
"""Linear light, (height, width, 3), red, green, blue; 1 is the brightest that the file can hold."""
WEIGHTS = (0.15, 0.65, 0.20)
"""Of red, green and blue light. Blood and pigment take up green and blue, where pores stand out; a camera's green has
the least noise."""
DARKEST = 1 / 4096
"""Light below this is read as this, so that every log is finite; about the first step above black of an 8-bit file."""
SRGB_POWER, SRGB_OFFSET, SRGB_SLOPE = 2.4, 0.055, 12.92
"""The sRGB curve (IEC 61966-2-1)."""
LINEAR_UP_TO = 0.04045
"""Stored numbers, as a part of the largest, up to which sRGB is a straight line,"""
LINEAR_UP_TO_LIGHT = 0.0031308
"""and the light that this is."""
_WHITE, _BLACK = 250 / 255, 3 / 255
"""A stored number from the one on, or up to the other, is clipped or nearly: JPEG spreads clipped values a little."""


def linear(photo: Photo) -> Light:
    """Undo the sRGB curve.

    Returns:
        (height, width, 3), 0 to 1.
    """
    return decode(photo.pixels)


def decode(pixels: Pixels) -> Light:
    """Undo the sRGB curve of (rows, columns, 3) stored numbers."""
    table = _curve(np.iinfo(pixels.dtype).max + 1)
    return cv2.LUT(pixels, table) if pixels.dtype == np.uint8 else table[pixels]  # type: ignore[return-value]


@cache
def _curve(steps: int) -> NDArray[np.float32]:
    """Light for each stored number."""
    return decoded(np.linspace(0.0, 1.0, steps)).astype(np.float32)


def decoded(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light, from 0 to 1, of the sRGB number as a part of the largest; ``encoded`` goes back."""
    curved = ((share + SRGB_OFFSET) / (1 + SRGB_OFFSET)) ** SRGB_POWER
    return np.where(share <= LINEAR_UP_TO, share / SRGB_SLOPE, curved)


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sRGB number, as a part of the largest, of linear light from 0 to 1."""
    curved = (1 + SRGB_OFFSET) * light ** (1 / SRGB_POWER) - SRGB_OFFSET
    return np.where(light <= LINEAR_UP_TO_LIGHT, SRGB_SLOPE * light, curved)


def corrected(light: Light, matrix: NDArray[np.float64] | None) -> Light:
    """Apply a colour card's 3 x 3 matrix (new = matrix @ old for each pixel); without one the light stays as it is."""
    return light if matrix is None else cv2.transform(light, matrix).astype(np.float32, copy=False)


def absorbance(light: Light) -> Plane:
    """-log of the weighted light: (height, width), higher is darker."""
    dimmed = cv2.transform(light, np.array([WEIGHTS], np.float32))
    return -_log(np.asarray(dimmed, np.float32))


def redness(light: Light) -> Plane:
    """Log of red over green light: (height, width)."""
    return _log(light[..., 0]) - _log(light[..., 1])


def _log(plane: Plane) -> Plane:
    return np.asarray(cv2.log(np.maximum(plane, np.float32(DARKEST))), np.float32)


def clipped(pixels: Pixels) -> Mask:
    """Where the stored numbers hit an end of their range: any colour too bright, or all of them black.

    One black colour alone is common in saturated but readable skin in warm light.
    """
    top = np.iinfo(pixels.dtype).max
    brightest = _brightest(pixels)
    return np.asarray((brightest >= _WHITE * top) | (brightest <= _BLACK * top))


def unreadable(pixels: Pixels) -> Mask:
    """Where skin can't be read: green, which tells most, is too bright, or all colours are black."""
    return burnt_out(pixels) | blacked_out(pixels)


def burnt_out(pixels: Pixels) -> Mask:
    """Where green is too bright. Cameras clip the red of fair skin first; its pores still show in green and blue."""
    return np.asarray(pixels[..., 1] >= _WHITE * np.iinfo(pixels.dtype).max)


def blacked_out(pixels: Pixels) -> Mask:
    """Where all colours are black."""
    return np.asarray(_brightest(pixels) <= _BLACK * np.iinfo(pixels.dtype).max)


def _brightest(pixels: Pixels) -> NDArray[np.integer]:
    """The largest of the three numbers, many times faster than ``max`` along so short an axis."""
    return np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
