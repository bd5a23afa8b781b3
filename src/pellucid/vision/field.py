"""The photo as fields to measure on: linear light in log space, corrected by the card, with skin, blur and noise."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.card_find import CardFound
from pellucid.vision.light import absorbance, corrected, decode, redness
from pellucid.vision.photo import Field, Mask, Photo, Plane
from pellucid.vision.psf import noise_of, psf_of_card, psf_of_skin
from pellucid.vision.scale import Scale
from pellucid.vision.skin import Skin, find_skin, skin_mask

LEAST_IN_WINDOW = 0.3
"""Of the card's window that has to be skin; otherwise it isn't cut out, or the card isn't on the skin."""
_ROWS = 256
"""Rows worked on at a time, so that no third full plane of colours is held."""
_GRID = 32
"""Pixels between the points where the scale of a tilted photo is worked out."""


def skin_of(photo: Photo, scale: Scale | None, card: CardFound | None) -> Skin:
    """Find the skin on a small copy of a photo, in the light that the card tells."""
    return find_skin(photo, scale.px_per_mm if scale else None, card.matrix if card else None)


def make_field(photo: Photo, scale: Scale | None, card: CardFound | None, coarse: Skin | None = None) -> Field:
    """Turn a photo into the fields that pores are looked for in.

    Args:
        photo: upright, sRGB.
        scale: None where it isn't known; ``px_per_mm`` is then NaN, and only light and colour can be used.
        card: the colour card in the photo.
        coarse: the skin on a small copy, where that was found already.
    """
    dark, red = _log_planes(photo, card.matrix if card else None)
    skin = skin_mask(photo, coarse or skin_of(photo, scale, card))
    if card:
        skin = _with_card(skin, card)
    px_per_mm = scale.px_per_mm if scale else math.nan
    noise = noise_of(dark, skin)
    sharp = (psf_of_card(dark, card) if card else None) or (scale.psf_sigma_px if scale else None)
    return Field(
        absorbance=dark,
        redness=red,
        skin=skin,
        px_per_mm=px_per_mm,
        psf_sigma_px=sharp or psf_of_skin(dark, skin, px_per_mm, noise),
        noise=noise,
        px_per_mm_map=_scale_map(scale, dark.shape),
    )


def _with_card(skin: Mask, card: CardFound) -> Mask:
    """The skin in the card's window; where nobody cut the window out, the skin beside the card."""
    framed = skin & card.window
    enough = LEAST_IN_WINDOW * np.count_nonzero(card.window)
    return framed if np.count_nonzero(framed) >= enough else skin & ~card.mask & ~card.window


def _log_planes(photo: Photo, matrix: NDArray[np.float64] | None) -> tuple[Plane, Plane]:
    shape = photo.pixels.shape[:2]
    dark, red = np.empty(shape, np.float32), np.empty(shape, np.float32)
    for start in range(0, shape[0], _ROWS):
        rows = slice(start, start + _ROWS)
        light = corrected(decode(photo.pixels[rows]), matrix)
        dark[rows], red[rows] = absorbance(light), redness(light)
    return dark, red


def _scale_map(scale: Scale | None, shape: tuple[int, ...]) -> Plane | None:
    """Pixels a millimetre at each pixel: root of the area that a square millimetre of the card's plane takes up."""
    if scale is None or scale.mm_to_px is None:
        return None
    height, width = shape
    to_mm = np.linalg.inv(scale.mm_to_px)
    x, y = np.meshgrid(np.arange(0, width + _GRID, _GRID), np.arange(0, height + _GRID, _GRID))
    away = to_mm[2, 0] * x + to_mm[2, 1] * y + to_mm[2, 2]
    # The determinant of a homography's Jacobian is det(H) / w^3.
    mm_per_px = np.sqrt(np.abs(np.linalg.det(to_mm) / away**3))
    fine = np.mgrid[0:height, 0:width].astype(np.float32) / _GRID
    return np.asarray(cv2.remap((1 / mm_per_px).astype(np.float32), fine[1], fine[0], cv2.INTER_LINEAR), np.float32)
