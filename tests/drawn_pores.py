"""Pores drawn exactly, for tests of what is measured on them: sharp or soft ellipses, sampled finely, then blurred.

Written apart from the model that is fitted: nothing here is a sum of Gaussians.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from pellucid.vision.detect import Found
from pellucid.vision.photo import Field

Floats = NDArray[np.float64]
FINE = 5
"""Samples to a pixel, each way."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Skin with pores on a grid."""

    field: Field
    x_px: Floats
    y_px: Floats
    angle_deg: Floats


def draw(
    diameter_px: float,
    *,
    count: int = 25,
    aspect: float = 1.0,
    taper: float = 0.0,
    softness: float = 0.0,
    depth: float = 0.15,
    blur: float = 1.0,
    noise: float = 0.0,
    grain: float = 0.0,
    seed: int = 1,
) -> Drawn:
    """Draw pores of one kind, each a fraction of a pixel off the grid and turned its own way.

    Args:
        diameter_px: of the circle with the mouth's area.
        count: how many.
        aspect: long over short axis.
        taper: part by which the width falls over the long half axis.
        softness: width of the edge, as a part of the radius.
        depth: log of light.
        blur: of the lens, pixels.
        noise: of a pixel.
        grain: blur of the noise, pixels; its standard deviation stays ``noise``.
        seed: of places and noise.
    """
    rng = np.random.default_rng(seed)
    cell, across = int(max(26, 4.5 * diameter_px)), int(np.ceil(count**0.5))
    plane = np.zeros((across * cell, across * cell))
    places = cell * np.stack(np.divmod(np.arange(count), across), axis=1)
    offsets = (cell - 1) / 2 + rng.uniform(-0.5, 0.5, (count, 2))
    angles = rng.uniform(0, np.pi, count)
    for (row, column), (down, right), angle in zip(places, offsets, angles, strict=True):
        mouth = _mouth(cell, (right, down), diameter_px / 2, (aspect, taper, softness), float(angle))
        plane[row : row + cell, column : column + cell] = _seen(mouth, blur)
    plane *= depth
    if noise:
        drawn = gaussian_filter(rng.normal(size=plane.shape), grain)
        plane += noise * drawn / drawn.std()
    values = plane.astype(np.float32)
    field = Field(values, np.zeros_like(values), np.ones(values.shape, bool), 20.0, blur, noise)
    return Drawn(field, places[:, 1] + offsets[:, 1], places[:, 0] + offsets[:, 0], np.degrees(angles))


def _mouth(
    cell: int, middle: tuple[float, float], radius: float, form: tuple[float, float, float], angle: float
) -> Floats:
    aspect, taper, softness = form
    steps = (np.arange(cell * FINE) - (FINE - 1) / 2) / FINE
    x, y = np.meshgrid(steps - middle[0], steps - middle[1])
    along, aside = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    long = radius * aspect**0.5
    width = radius / aspect**0.5 * np.clip(1 - taper * along / long, 0.1, 2)
    rho = np.hypot(along / long, aside / width)
    if not softness:
        return np.asarray(rho < 1, float)
    return np.asarray(1 / (1 + np.exp(np.clip((rho - 1) * 1.7 / softness, -40, 40))))


def _seen(mouth: Floats, blur: float) -> Floats:
    cell = len(mouth) // FINE
    blurred = gaussian_filter(mouth, blur * FINE, mode="constant")
    return np.asarray(blurred.reshape(cell, FINE, cell, FINE).mean(axis=(1, 3)))


def found(drawn: Drawn, diameter_px: float, *, seed: int = 2, off_px: float = 0.3, off_size: float = 0.2) -> Found:
    """What a finder would say of them: places and sizes a bit off."""
    rng = np.random.default_rng(seed)
    count = len(drawn.x_px)
    return Found(
        x_px=drawn.x_px + rng.normal(0, off_px, count),
        y_px=drawn.y_px + rng.normal(0, off_px, count),
        diameter_px=diameter_px * np.exp(rng.normal(0, off_size, count)),
        confidence=np.ones(count),
        lighter=np.zeros(count, bool),
    )
