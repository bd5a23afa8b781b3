"""Photos of the printed card as a pinhole camera would take them, with the truth beside them; for tests only."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.vision.card_layout import card_cover, card_raster
from pellucid.vision.light import decode
from pellucid.vision.photo import Photo

Matrix = NDArray[np.float64]
SKIN = (0.52, 0.30, 0.20)
"""Linear light."""
DOTS_PER_MM = 15.0
"""Of the card's picture; finer photos are blurred more than this anyway."""
WINDOW_MIDDLE = (27.0, 27.0)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A photo of the card, and how it was taken."""

    photo: Photo
    mm_to_px: Matrix
    tilt_deg: float

    @property
    def px_per_mm(self) -> float:
        """In the middle of the photo."""
        middle = self.to_mm(self.middle)
        x, y, away = self.mm_to_px @ (*middle, 1.0)
        slopes = (self.mm_to_px[:2, :2] - np.outer((x / away, y / away), self.mm_to_px[2, :2])) / away
        return float(np.sqrt(abs(np.linalg.det(slopes))))

    @property
    def middle(self) -> tuple[float, float]:
        height, width = self.photo.pixels.shape[:2]
        return (width - 1) / 2, (height - 1) / 2

    def to_mm(self, point: tuple[float, float]) -> tuple[float, float]:
        """The place on the card that a pixel shows."""
        x, y, away = np.linalg.inv(self.mm_to_px) @ (*point, 1.0)
        return float(x / away), float(y / away)


def shoot(
    px_per_mm: float = 12.0,
    *,
    tilt_deg: float = 0.0,
    size_mm: tuple[float, float] = (52.0, 48.0),
    turn_deg: float = 7.0,
    distance_mm: float = 140.0,
    middle_mm: tuple[float, float] = WINDOW_MIDDLE,
    covered_mm: tuple[float, float, float, float] | None = None,
    camera: Matrix | None = None,
    uneven: float = 0.0,
    bend_mm: float = 0.0,
) -> Shot:
    """Photograph the card lying on skin; blurred by 0.08 mm, noisy, and saved as a JPEG of quality 88."""
    width, height = (round(side * px_per_mm) for side in size_mm)
    plane = _pinhole(px_per_mm, tilt_deg, turn_deg, distance_mm, middle_mm, (width, height))
    light = _laid(plane, (width, height), bend_mm)
    if covered_mm is not None:
        left, top, right, bottom = (round(side * px_per_mm) for side in covered_mm)
        light[top:bottom, left:right] = SKIN
    fall = 1 + uneven * (np.arange(width) / width - 0.5)[None, :, None]
    seen = fall * (light @ (0.75 * np.eye(3) if camera is None else camera).T)
    blurred = np.asarray(cv2.GaussianBlur(seen, (0, 0), 0.08 * px_per_mm), float)
    noise = np.random.default_rng(round(1000 * px_per_mm + tilt_deg)).standard_normal(light.shape)
    return Shot(Photo("card.jpg", _saved(blurred + 0.01 * noise)), plane, tilt_deg)


def _pinhole(
    px_per_mm: float,
    tilt_deg: float,
    turn_deg: float,
    distance_mm: float,
    middle_mm: tuple[float, float],
    size: tuple[int, int],
) -> Matrix:
    """Millimetres to pixels for a card that is turned, then tilted about an axis that lies askew in the photo."""
    askew, tilt, turn = np.radians([33.0, tilt_deg, turn_deg])
    nod = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    turned = _turned(askew) @ nod @ _turned(-askew) @ _turned(turn)
    focal = px_per_mm * distance_mm
    lens = np.array([[focal, 0, (size[0] - 1) / 2], [0, focal, (size[1] - 1) / 2], [0, 0, 1]])
    away = np.array([0, 0, distance_mm]) - turned[:, :2] @ middle_mm
    return np.asarray(lens @ np.column_stack([turned[:, :2], away]))


def _turned(angle: float) -> Matrix:
    return np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])


@cache
def _card() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return decode(card_raster(DOTS_PER_MM)), card_cover(DOTS_PER_MM)


def _laid(plane: Matrix, size: tuple[int, int], bend_mm: float) -> NDArray[np.float32]:
    """Linear light of the card on skin; a bent card is shifted by a parabola across its height."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    there = np.stack([x, y, np.ones_like(x)], axis=-1) @ np.linalg.inv(plane).T
    mm = there[..., :2] / there[..., 2:]
    mm[..., 0] += bend_mm * ((mm[..., 1] - WINDOW_MIDDLE[1]) / 20) ** 2
    dots = (mm * DOTS_PER_MM - 0.5).astype(np.float32)
    card, cover = (cv2.remap(each, dots[..., 0], dots[..., 1], cv2.INTER_LINEAR) for each in _card())
    return np.asarray(card * cover[..., None] + (1 - cover[..., None]) * np.array(SKIN, np.float32), np.float32)


def _saved(light: NDArray[np.float64]) -> NDArray[np.uint8]:
    bright = np.clip(light, 0, 1)
    levels = np.where(bright <= 0.0031308, 12.92 * bright, 1.055 * bright ** (1 / 2.4) - 0.055)
    stored = np.rint(255 * levels).astype(np.uint8)
    _, file = cv2.imencode(".jpg", stored[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])
