"""Plain pieces of skin, drawn for tests of light, skin, blur and colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.photo import Photo

MELANIN = np.array([0.42, 0.75, 1.15])
BLOOD = np.array([0.06, 0.55, 0.40])
OF_TYPE = (0.2, 0.4, 0.7, 1.1, 1.7, 2.4)
"""Melanin by phototype, I to VI."""
Light = NDArray[np.float64]


def tone(phototype: int, *, blood: float = 0.45) -> NDArray[np.float64]:
    """Linear light of skin of a phototype under white light, (3,)."""
    return np.asarray(0.85 * np.exp(-OF_TYPE[phototype - 1] * MELANIN - blood * BLOOD))


def skin(
    phototype: int = 3, *, size: tuple[int, int] = (240, 240), px_per_mm: float = 12.0, seed: int = 1, spots: int = 60
) -> Light:
    """Linear light of skin with round dark spots of sharp outline, (height, width, 3)."""
    rng = np.random.default_rng(seed)
    height, width = size
    fine = 4
    dark = np.zeros((height * fine, width * fine), np.float32)
    for _ in range(spots):
        x, y = rng.uniform(0, width * fine), rng.uniform(0, height * fine)
        radius = rng.uniform(0.08, 0.2) * px_per_mm * fine
        cv2.circle(dark, (int(x), int(y)), int(radius), float(rng.uniform(0.2, 0.7)), -1)
    shade = cv2.resize(dark, (width, height), interpolation=cv2.INTER_AREA).astype(float)
    grain = cv2.GaussianBlur(rng.standard_normal(size), (0, 0), 0.3 * px_per_mm) * 0.1
    return np.asarray(tone(phototype) * np.exp(-shade - grain)[..., None])


def stored(light: Light, *, sigma_px: float = 0.0, noise: float = 0.0, seed: int = 2) -> Photo:
    """Blur light, add noise, and store it as 8-bit sRGB."""
    seen = cv2.GaussianBlur(light, (0, 0), sigma_px) if sigma_px else light
    seen = np.clip(seen + noise * np.random.default_rng(seed).standard_normal(light.shape), 0, 1)
    code = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    return Photo("skin.png", np.rint(255 * code).astype(np.uint8))
