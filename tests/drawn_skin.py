"""A small photo of skin with pores, drawn simply: for laws that hold on any photo, not for how good a figure is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from pellucid.vision.photo import Photo

Floats = NDArray[np.float64]
TONE = (0.62, 0.36, 0.26)
"""Linear light of the skin: red, green, blue."""
PX_PER_MM = 20.0


@dataclass(frozen=True, slots=True)
class Skin:
    """A photo and where its pores are."""

    photo: Photo
    x_px: Floats
    y_px: Floats
    diameter_px: Floats


def skin(
    seed: int,
    *,
    side: int = 320,
    pores: int = 30,
    blur: float = 1.0,
    noise: float = 0.008,
    bright: float = 1.0,
) -> Skin:
    """Draw it.

    Args:
        seed: of everything that chance decides.
        side: pixels.
        pores: how many, nowhere overlapping.
        blur: of the lens, pixels.
        noise: of a pixel, log of light.
        bright: by what the light is multiplied.
    """
    rng = np.random.default_rng(seed)
    places = _apart(rng, side, pores)
    sizes = rng.uniform(4, 9, len(places))
    rows, columns = np.mgrid[0:side, 0:side].astype(float)
    dark = 0.04 * _smooth(rng, side, 40) + 0.006 * _smooth(rng, side, 3)
    for (x, y), size in zip(places, sizes, strict=True):
        rho = np.hypot(columns - x, rows - y) / (size / 2)
        dark += rng.uniform(0.12, 0.3) / (1 + np.exp(np.clip(9 * (rho - 1), -40, 40)))
    dark = gaussian_filter(dark, blur)
    light = bright * np.array(TONE) * np.exp(-dark[..., None] * np.array([0.8, 1.0, 1.1]))
    light *= np.exp(noise * rng.normal(size=light.shape))
    return Skin(Photo("skin.png", encoded(light)), places[:, 0], places[:, 1], sizes)


def encoded(light: Floats) -> NDArray[np.uint8]:
    """Linear light, 0 to 1, as sRGB of 8 bits."""
    light = np.clip(light, 0, 1)
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * curve), np.uint8)


def _apart(rng: np.random.Generator, side: int, count: int) -> Floats:
    kept: list[Floats] = []
    for place in rng.uniform(25, side - 25, (40 * count, 2)):
        if len(kept) < count and all(np.hypot(*(place - other)) > 20 for other in kept):
            kept.append(place)
    return np.array(kept).reshape(-1, 2)


def _smooth(rng: np.random.Generator, side: int, sigma: float) -> Floats:
    plane = gaussian_filter(rng.normal(size=(side, side)), sigma, mode="wrap")
    return np.asarray(plane / plane.std())
