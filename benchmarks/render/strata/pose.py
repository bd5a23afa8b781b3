"""Where the camera stands: places on the skin to places in the photo and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One stand of the camera."""

    mm_to_px: Numbers
    """(3, 3)."""
    shape: tuple[int, int]
    """Height and width in pixels."""
    px_per_mm: float
    tilt_deg: float

    def finer(self, times: float) -> "Pose":
        """The same photo with more pixels."""
        enlarge = np.array([[times, 0, (times - 1) / 2], [0, times, (times - 1) / 2], [0, 0, 1]])
        shape = round(self.shape[0] * times), round(self.shape[1] * times)
        return Pose(enlarge @ self.mm_to_px, shape, self.px_per_mm * times, self.tilt_deg)

    def places(self) -> tuple[Plane, Plane]:
        """Where on the skin, x and y in mm, every pixel looks."""
        back = np.linalg.inv(self.mm_to_px)
        x = np.arange(self.shape[1], dtype=np.float64)[None]
        y = np.arange(self.shape[0], dtype=np.float64)[:, None]
        depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
        return (
            ((back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth).astype(np.float32),
            ((back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth).astype(np.float32),
        )

    def project(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Places on the skin in the photo."""
        rows = self.mm_to_px
        depth = rows[2, 0] * x + rows[2, 1] * y + rows[2, 2]
        across = (rows[0, 0] * x + rows[0, 1] * y + rows[0, 2]) / depth
        return across, (rows[1, 0] * x + rows[1, 1] * y + rows[1, 2]) / depth

    def frames(self, x: Numbers, y: Numbers) -> Numbers:
        """(n, 2, 2): how far in the photo a millimetre of skin reaches about each place."""
        step = 1e-3
        here = np.stack(self.project(x, y), axis=1)
        right = np.stack(self.project(x + step, y), axis=1)
        down = np.stack(self.project(x, y + step), axis=1)
        return np.stack([(right - here) / step, (down - here) / step], axis=2)


def stand(
    px_per_mm: float,
    shape: tuple[int, int],
    *,
    centre_mm: tuple[float, float],
    roll_deg: float,
    tilt_deg: float,
    tilt_towards_deg: float,
    distance_mm: float,
) -> Pose:
    """A pinhole camera above a place on the skin.

    Args:
        px_per_mm: in the middle of the photo, along the axis of the tilt.
        shape: height and width of the photo.
        centre_mm: the place in the middle of the photo.
        roll_deg: turn about the line of sight.
        tilt_deg: between the skin and the sensor.
        tilt_towards_deg: direction of the slope, in the photo.
        distance_mm: from the lens to the skin.
    """
    roll, tilt, towards = np.radians([roll_deg, tilt_deg, tilt_towards_deg])
    turned = _about_z(towards) @ _about_x(tilt) @ _about_z(roll - towards)
    move = np.array([[1, 0, -centre_mm[0]], [0, 1, -centre_mm[1]], [0, 0, 1]])
    flat = np.column_stack([turned[:, 0], turned[:, 1], [0, 0, distance_mm]])
    focal = px_per_mm * distance_mm
    lens = np.array([[focal, 0, (shape[1] - 1) / 2], [0, focal, (shape[0] - 1) / 2], [0, 0, 1]])
    whole = lens @ flat @ move
    return Pose(whole / whole[2, 2], shape, px_per_mm, tilt_deg)


def _about_x(angle: float) -> Numbers:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def _about_z(angle: float) -> Numbers:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
