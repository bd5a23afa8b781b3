"""Where the camera stands: from millimetres on the skin to pixels and back."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A pinhole camera before a plane of skin."""

    side: int
    """Pixels of the square picture's side."""
    px_per_mm: float
    """In the middle of the picture, along the axis of the tilt."""
    to_picture: Floats
    """(3, 3): the homography from millimetres to pixels."""

    def to_px(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Places on the skin as pixels."""
        right, down, deep = self.to_picture @ np.stack([x, y, np.ones_like(x)])
        return right / deep, down / deep

    def grid(self) -> tuple[Plane, Plane]:
        """Millimetres of each pixel's middle."""
        back = np.linalg.inv(self.to_picture).astype(np.float32)
        axis = np.arange(self.side, dtype=np.float32)
        right, down = axis[np.newaxis], axis[:, np.newaxis]
        x, y, deep = (row[0] * right + row[1] * down + row[2] for row in back)
        return x / deep, y / deep

    def stretch(self, x: Floats, y: Floats) -> Floats:
        """Pixels a millimetre around places, as (n, 2, 2): what a small step on the skin is in the picture."""
        right, down, deep = self.to_picture @ np.stack([x, y, np.ones_like(x)])
        first = self.to_picture[:2, :2] / deep[:, np.newaxis, np.newaxis]
        second = np.stack([right, down], axis=1)[:, :, np.newaxis] * self.to_picture[2, :2]
        return np.asarray(first - second / (deep**2)[:, np.newaxis, np.newaxis])


def stand(
    side: int, px_per_mm: float, *, turn: float, shift: tuple[float, float], tilt: float, axis: float, away_mm: float
) -> View:
    """Place a camera.

    Args:
        side: pixels.
        px_per_mm: in the middle.
        turn: radians about the line of sight.
        shift: millimetres on the skin of the picture's middle.
        tilt: radians between skin and sensor.
        axis: radians, direction on the skin about which it is tilted.
        away_mm: from the lens to the skin.
    """
    cos, sin = np.cos(axis), np.sin(axis)
    along = np.array([[cos, sin], [-sin, cos]])
    tilted = along.T @ np.diag([1.0, np.cos(tilt)]) @ along
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    near = np.eye(3)
    near[:2, :2] = px_per_mm * turned @ tilted
    near[2, :2] = along[1] * np.sin(tilt) / away_mm
    moved = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]], [0, 0, 1.0]])
    centred = np.array([[1, 0, (side - 1) / 2], [0, 1, (side - 1) / 2], [0, 0, 1.0]])
    return View(side, px_per_mm, centred @ near @ moved)


def placed(plane: Plane, x: float, y: float, reach: float) -> tuple[slice, slice]:
    """Rows and columns of a plane within reach of a place; empty where it lies outside."""
    rows = slice(max(int(y - reach), 0), max(min(int(y + reach) + 2, plane.shape[0]), 0))
    columns = slice(max(int(x - reach), 0), max(min(int(x + reach) + 2, plane.shape[1]), 0))
    return rows, columns


def softened(plane: Plane, sigma: float) -> Plane:
    """Blur by a Gaussian, on a smaller copy where the blur is wide."""
    step = int(sigma // 3)
    if step < 2:  # noqa: PLR2004 - nothing to gain
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), max(sigma, 0.1)), np.float32)
    height, width = plane.shape[:2]
    small = cv2.resize(plane, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma / step)
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
