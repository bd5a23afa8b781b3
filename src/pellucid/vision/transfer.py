"""How much more blurred one photo of a piece of skin is than another, told by the texture that both show.

Skin between the pores doesn't change its texture with the size of its pores, so that what one photo shows less of at
fine scales is blur. Both photos are laid over each other and cut into tiles; pores are taken out of them. Noise is in
neither photo's share of what they have in common, which is what tells it from texture.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.photo import Field, Mask, Plane
from pellucid.vision.register import Points

Floats = NDArray[np.float64]

TILE = 64
"""Pixels of a tile's side."""
LEAST_TILES = 6
LEAST_SKIN = 0.9
"""Of a tile."""
WAVES = (0.04, 0.30)
"""Cycles a pixel between which blur is told: below, shading differs; above, there is mostly noise."""
LEAST_SHARED = 0.15
"""Of the power at some frequency that both photos must share for it to count."""
PORE_RADII = 1.6
"""Around each pore's middle that is taken out."""
LEAST_FREQUENCIES = 4


class Blurrier(NamedTuple):
    """By how much the second photo is more blurred."""

    variance_px2: float
    """Of the Gaussian by which the first would become like the second; below 0 if the first is the more blurred."""
    se: float


def blurrier(first: Field, second: Field, to_second_px: Floats, pores_px: Points, radii_px: Floats) -> Blurrier | None:
    """Tell the difference of blur between two photos of one scale; None where they share too little texture.

    Args:
        first: one photo.
        second: the other, with about as many pixels a millimetre.
        to_second_px: (2, 3) affine map from the first's pixels to the second's.
        pores_px: (n, 2) pores of either, in the first's pixels.
        radii_px: (n,) of their mouths.
    """
    size = (first.skin.shape[1], first.skin.shape[0])
    how = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(second.absorbance, to_second_px, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    there = cv2.warpAffine(second.skin.astype(np.float32), to_second_px, size, flags=how)
    skin: Mask = first.skin & np.asarray(there > LEAST_SKIN)
    holes = _holes(pores_px, radii_px, skin.shape)
    planes = [_without(plane, holes, first.px_per_mm) for plane in (first.absorbance, np.asarray(moved, np.float32))]
    powers = _powers(planes[0], planes[1], skin)
    # Laying a photo over another one smooths its noise, so that how much there is was told before.
    ratio = max(second.noise / max(first.noise, 1e-9), 1e-3) ** 2
    return None if powers is None else _fitted(*powers, ratio)


def _holes(pores_px: Points, radii_px: Floats, shape: tuple[int, ...]) -> Mask:
    holes = np.zeros(shape, np.uint8)
    for (x, y), radius in zip(np.rint(pores_px).astype(int).tolist(), radii_px.tolist(), strict=True):
        cv2.circle(holes, (x, y), round(PORE_RADII * radius) + 1, 1, cv2.FILLED)
    return np.asarray(holes > 0)


def _without(plane: Plane, holes: Mask, px_per_mm: float) -> Plane:
    """The plane less its surroundings, with pores filled by nothing."""
    sigma = max(0.5 * px_per_mm, 3.0)
    kept = (~holes).astype(np.float32)
    weight = cv2.GaussianBlur(kept, (0, 0), sigma) + np.float32(1e-3)
    around = cv2.GaussianBlur(plane * kept, (0, 0), sigma) / weight
    return np.asarray((plane - around) * kept, np.float32)


def _powers(first: Plane, second: Plane, skin: Mask) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Frequencies, and at each the power of either photo and what they share, over all tiles of skin."""
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    found = []
    for top in range(0, skin.shape[0] - TILE + 1, TILE // 2):
        for left in range(0, skin.shape[1] - TILE + 1, TILE // 2):
            place = np.s_[top : top + TILE, left : left + TILE]
            if skin[place].mean() >= LEAST_SKIN:
                one, other = (np.fft.rfft2(plane[place] * window) for plane in (first, second))
                found.append((np.abs(one) ** 2, np.abs(other) ** 2, (one * np.conj(other)).real))
    if len(found) < LEAST_TILES:
        return None
    frequency = np.hypot(np.fft.fftfreq(TILE)[:, None], np.fft.rfftfreq(TILE))
    ring = np.rint(frequency * TILE).astype(int).ravel()
    counts = np.maximum(np.bincount(ring), 1)
    sums = [np.bincount(ring, power.ravel()) / counts for power in np.mean(found, axis=0)]
    return np.arange(len(counts)) / TILE, sums[0], sums[1], sums[2]


def _fitted(frequency: Floats, first: Floats, second: Floats, shared: Floats, ratio: float) -> Blurrier | None:
    """The blur that makes one spectrum of texture into the other; the second has ``ratio`` times the first's noise."""
    one, other = _without_noise(first, second, shared, ratio)
    told = (frequency >= WAVES[0]) & (frequency <= WAVES[1])
    told &= (shared > LEAST_SHARED * np.sqrt(first * second)) & (one > 0) & (other > 0)
    if np.count_nonzero(told) < LEAST_FREQUENCIES:
        return None
    # log of power: -4 pi^2 variance f^2, and a constant for what contrast the camera added.
    design = np.column_stack([np.ones(np.count_nonzero(told)), -4 * np.pi**2 * frequency[told] ** 2])
    weight = np.sqrt(frequency[told] * (shared / np.sqrt(first * second))[told])
    gap = np.log(other[told] / one[told])
    terms, *_ = np.linalg.lstsq(weight[:, None] * design, weight * gap, rcond=None)
    left = weight * (gap - design @ terms)
    scatter = float(left @ left) / max(len(left) - 2, 1)
    inverse = np.linalg.inv((weight[:, None] * design).T @ (weight[:, None] * design))
    return Blurrier(float(terms[1]), float(np.sqrt(scatter * inverse[1, 1])))


def _without_noise(first: Floats, second: Floats, shared: Floats, ratio: float) -> tuple[Floats, Floats]:
    """The powers of the texture alone: noise n off the first and ratio n off the second.

    That noise is taken for which their product is what both share, squared.
    """
    middle = (ratio * first + second) / 2
    root = np.sqrt(np.maximum(middle**2 - ratio * (first * second - shared**2), 0))
    noise = np.maximum((middle - root) / ratio, 0)
    return first - noise, second - ratio * noise
