"""The scale of a photo of a face, from how wide its irises are. Nothing else in a face is looked at.

Face and eyes are found with the cascades inside OpenCV (docs/adr/0014-face-scale.md). Where the iris meets the white
of the eye is then found by an integro-differential operator (after Daugman, IEEE Trans. Pattern Analysis and Machine
Intelligence 15, 1993, 1148-1161), of the left and right arcs alone: lids and lashes cover the others.
"""

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from pellucid.vision.photo import Photo, Pixels, Plane
from pellucid.vision.scale import Scale

IRIS_MM = 11.7
"""How wide the visible iris is from left to right; it hardly grows after childhood."""
IRIS_SD_MM = 0.5
"""Between people (Rüfer, Schröder and Erb, Cornea 24, 2005, 259-261: 11.71 and 0.42 mm), rounded up."""
READING_SE = 0.02
"""Relative, of the width in one photo: the median difference from outlines drawn by hand."""
MOST_APART = 0.06
"""By how much both widths may differ, relative. A head turned by 10 degrees, 20 cm away, makes it 5 %."""
WIDTH_RANGE = (0.14, 0.25)
"""Of an iris, by the distance between both: from grown people with far eyes to children (54 to 74 mm in most)."""
BETWEEN_RANGE = (0.85, 1.06)
"""Distance between both irises by that between the boxes around the eyes, whose middles lie a little outwards."""

SMALL_PX = 1200
"""The longer side to which the photo is reduced before anything is looked for."""
LOOKED_AT_PX = 600
"""The longer side in which a face is looked for."""
LEAST_FACE_PX = 80
"""Of that side; the irises of a smaller face have too few pixels."""
FACE_PX = 400
"""Width of a face in which its eyes are looked for."""
EYE_PX = (50, 150)
"""Width that a box around an eye may have there."""
HALVES = ((0, 220), (180, FACE_PX))
"""Where in it each eye is."""
EYES_ABOVE = 0.6
"""Share of a face's height above which they are."""
NEIGHBOURS = 3
"""How many hits that overlap make a find."""

RADIUS_PX = 24.0
"""What the radius of an iris is brought to, roughly, in the patch that is cut out around an eye."""
RADIUS = 0.092
"""Of an iris, as a part of the distance between the eyes of a grown person."""
RADIUS_SPREAD = 0.2
"""Standard deviation of its logarithm. Wide: children's eyes are closer, and the boxes around eyes are rough."""
RADII_PX = np.arange(16.0, 34.0)
MIDDLE_PX = (80, 62)
"""The middle of a patch; it is twice as large."""
REACH_PX = (34, 24)
"""How far from there the middle of an iris is looked for."""
BLUR_PX = 1.2
ARC_DEG = np.linspace(-25.0, 42.0, 25)
"""Directions from the middle in which an edge is looked for, downwards; the upper lid covers more."""
BESIDE_PX = 4.0
"""How far from the edge the brightness beside it is read."""
UNEVEN = 0.35
"""How much the brightness beside both arcs may differ, as a standard deviation, by the range in the patch."""
SPANS_PX = (7.0, 5.0, 4.0, 4.0)
"""How far from the last circle the edge is looked for, round by round."""
STEP_PX = 0.25
FIT_ROUNDS = 8
LEAST_CONTRAST = 0.12
"""Between white and iris, as their difference by their sum; on skin and hair it stays below that in one eye or both."""
MOST_ROUGH = 0.05
"""Root mean square of the edge's distance from the circle, by the radius."""


class Eye(NamedTuple):
    """Where an eye is, roughly."""

    x_px: float
    y_px: float
    between_px: float
    """Distance between both eyes."""
    tilt_rad: float
    """Of the line through both eyes, clockwise."""


@dataclass(frozen=True, slots=True)
class Iris:
    """The visible iris of one eye."""

    x_px: float
    y_px: float
    width_px: float
    contrast: float
    """Of its edge, as the difference between both sides by their sum."""


class _Finders(threading.local):
    """The cascades of one thread; they keep notes while they run."""

    def __init__(self) -> None:
        folder = Path(cv2.__file__).parent / "data"
        self.face = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_alt2.xml"))
        self.eye = cv2.CascadeClassifier(str(folder / "haarcascade_eye.xml"))


@cache
def _finders() -> _Finders:
    return _Finders()


def find_iris_scale(photo: Photo) -> Scale | None:
    """The scale at the eyes of the largest face that looks at the camera. Skin that is nearer to it has a larger one.

    Returns:
        The scale, with the spread of irises between people and that of the reading; None where no face with two open
        eyes is found whose irises are sharp enough and about equally wide.
    """
    eyes = find_eyes(photo.pixels)
    if eyes is None:
        return None
    left, right = (measure_iris(photo.pixels, eye) for eye in eyes)
    if left is None or right is None:
        return None
    width = (left.width_px + right.width_px) / 2
    apart = abs(left.width_px - right.width_px) / width
    between = float(np.hypot(left.x_px - right.x_px, left.y_px - right.y_px))
    as_found = between / eyes[0].between_px
    if apart > MOST_APART or not _within(as_found, BETWEEN_RANGE) or not _within(width / between, WIDTH_RANGE):
        return None
    relative_se = float(np.hypot(IRIS_SD_MM / IRIS_MM, max(READING_SE, apart / 2)))
    return Scale(px_per_mm=width / IRIS_MM, relative_se=relative_se, method="iris")


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def find_eyes(pixels: Pixels) -> tuple[Eye, Eye] | None:
    """Both eyes of the largest upright face, the one on the left of the photo first.

    Args:
        pixels: (height, width, 3), red, green, blue.

    Returns:
        The eyes, within about a tenth of their distance; None where there is no face or not one box an eye.
    """
    shrink = max(1.0, max(pixels.shape[:2]) / SMALL_PX)
    small = _resized(pixels, 1 / shrink)
    grey = cv2.cvtColor((small // 257 if small.dtype == np.uint16 else small).astype(np.uint8), cv2.COLOR_RGB2GRAY)
    zoom = min(1.0, LOOKED_AT_PX / max(grey.shape))
    least = (LEAST_FACE_PX, LEAST_FACE_PX)
    faces = _finders().face.detectMultiScale(_resized(grey, zoom), 1.1, NEIGHBOURS, minSize=least)
    if not len(faces):
        return None
    left, top, width, height = (max(faces, key=lambda face: face[2]) / zoom).astype(int)
    upper = grey[top : top + int(EYES_ABOVE * height), left : left + width]
    zoom = FACE_PX / width
    found = []
    for box_x, box_y in _eye_boxes(_resized(upper, zoom)):
        found.append(((left + box_x / zoom) * shrink, (top + box_y / zoom) * shrink))
    if len(found) < len(HALVES):
        return None
    across, down = np.subtract(found[1], found[0])
    between, tilt = float(np.hypot(across, down)), float(np.arctan2(down, across))
    return Eye(*found[0], between, tilt), Eye(*found[1], between, tilt)


def _eye_boxes(upper: MatLike) -> list[tuple[float, float]]:
    """The middle of the surest box around an eye in each half of the upper part of a face."""
    least, most = ((side, side) for side in EYE_PX)
    middles = []
    for start, end in HALVES:
        boxes, _, weights = _finders().eye.detectMultiScale3(
            upper[:, start:end], 1.1, NEIGHBOURS, minSize=least, maxSize=most, outputRejectLevels=True
        )
        if len(boxes):
            x, y, width, height = boxes[int(np.argmax(weights))]
            middles.append((start + x + width / 2, y + height / 2))
    return middles


def _resized(image: MatLike, zoom: float) -> MatLike:
    size = (max(1, round(image.shape[1] * zoom)), max(1, round(image.shape[0] * zoom)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR)


def measure_iris(pixels: Pixels, eye: Eye) -> Iris | None:
    """How wide an iris is along the line through both eyes, to a fraction of a pixel.

    In red light irises of every colour are darker than the white of the eye.

    Args:
        pixels: (height, width, 3), red, green, blue.
        eye: Where it is, within a third of the distance between both eyes sideways and a quarter up and down.

    Returns:
        The iris; None where no dark disc has an edge left and right that is sharp and round.
    """
    patch, to_photo = _patch(pixels, eye)
    circle = _refined(patch, _coarse(patch))
    x, y, radius = circle.x, circle.y, circle.radius
    contrast = _contrast(patch, circle)
    if contrast < LEAST_CONTRAST or circle.rough > MOST_ROUGH or not RADII_PX[0] <= radius <= RADII_PX[-1]:
        return None
    x_px, y_px = to_photo @ (x, y, 1.0)
    per_patch_px = float(np.hypot(*to_photo[:, 0]))
    return Iris(float(x_px), float(y_px), 2 * radius * per_patch_px, contrast)


class _Circle(NamedTuple):
    """A circle in a patch."""

    x: float
    y: float
    radius: float
    rough: float = 0.0
    """Root mean square of the edge's distance from it, by the radius."""


def _patch(pixels: Pixels, eye: Eye) -> tuple[Plane, NDArray[np.float64]]:
    """The red around an eye, 0 to 1, upright and in the size in which irises are looked for; and its way back."""
    scale = RADIUS_PX / (RADIUS * eye.between_px)
    half = 1.6 * MIDDLE_PX[0] / scale
    left, top = (max(0, int(at - half)) for at in (eye.x_px, eye.y_px))
    cut = pixels[top : int(eye.y_px + half) + 1, left : int(eye.x_px + half) + 1, 0]
    shrink = min(1.0, scale)
    size = (round(cut.shape[1] * shrink), round(cut.shape[0] * shrink))
    red = cv2.resize(cut, size, interpolation=cv2.INTER_AREA).astype(np.float32) / np.iinfo(cut.dtype).max
    cos, sin = np.cos(eye.tilt_rad) / scale, np.sin(eye.tilt_rad) / scale
    turn = np.array([[cos, -sin], [sin, cos]])
    to_photo = np.c_[turn, (eye.x_px, eye.y_px) - turn @ MIDDLE_PX]
    ratio = np.divide(size, cut.shape[::-1])[:, np.newaxis]
    to_red = to_photo * ratio
    to_red[:, 2:] += (0.5 - np.array([[left], [top]])) * ratio - 0.5
    whole = (2 * MIDDLE_PX[0] + 1, 2 * MIDDLE_PX[1] + 1)
    patch = cv2.warpAffine(
        red, to_red, whole, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    return cv2.GaussianBlur(patch, (0, 0), BLUR_PX).astype(np.float32), to_photo


def _directions(every: int = 1) -> NDArray[np.float64]:
    """Unit vectors to the right arc and then to the left one, (2, directions)."""
    right = np.deg2rad(ARC_DEG[::every])
    both = np.concatenate([right, np.pi - right])
    return np.stack([np.cos(both), np.sin(both)])


def _coarse(patch: Plane) -> _Circle:
    """The circle across whose left and right arc it becomes brighter most, both of them alike."""
    height, width = patch.shape
    towards = _directions(every=2)
    middles = [np.arange(at - reach, at + reach + 1, 2) for at, reach in zip(MIDDLE_PX, REACH_PX, strict=True)]

    def along(image: Plane, beside: float = 0.0) -> NDArray[np.floating]:
        """The image at all points of all arcs: (down, across, radius, right or left, direction)."""
        steps = np.rint((RADII_PX[:, np.newaxis] + beside) * towards[:, np.newaxis, :]).astype(int)
        x = np.clip(middles[0][:, np.newaxis, np.newaxis] + steps[0], 0, width - 1)
        y = np.clip(middles[1][:, np.newaxis, np.newaxis] + steps[1], 0, height - 1)
        taken: NDArray[np.floating] = image.ravel()[y[:, np.newaxis] * width + x]
        return taken.reshape(*taken.shape[:3], 2, -1)

    across, down = (
        cv2.Sobel(patch, cv2.CV_32F, *order, scale=1 / 8).astype(np.float32, copy=False) for order in ((1, 0), (0, 1))
    )
    most = float(np.percentile(np.hypot(across, down), 97))
    cos, sin = towards.astype(np.float32).reshape(2, 2, -1)
    rise = np.clip(along(across) * cos + along(down) * sin, -most, most).mean(axis=-1)
    score = np.sqrt(np.maximum(rise, 0).prod(axis=-1))
    uneven = UNEVEN * float(np.subtract(*np.percentile(patch, (95, 5))))
    for beside in (BESIDE_PX, -BESIDE_PX):  # else half of an iris and its pupil's edge may win over the whole
        apart = np.diff(along(patch, beside).mean(axis=-1), axis=-1)[..., 0]
        score = score * np.exp(-0.5 * (apart / max(uneven, 1e-6)) ** 2)
    score = score * np.exp(-0.5 * (np.log(RADII_PX / RADIUS_PX) / RADIUS_SPREAD) ** 2)
    y, x, radius = np.unravel_index(int(score.argmax()), score.shape)
    return _Circle(float(middles[0][x]), float(middles[1][y]), float(RADII_PX[radius]))


def _read(patch: Plane, circle: _Circle, radii: NDArray[np.float64]) -> Plane:
    """The patch at these distances from the middle of the circle, (directions, radii)."""
    towards = _directions()[:, :, np.newaxis]
    x, y = ((at + radii * unit).astype(np.float32) for at, unit in zip((circle.x, circle.y), towards, strict=True))
    return cv2.remap(patch, x, y, cv2.INTER_LINEAR).astype(np.float32, copy=False)


def _refined(patch: Plane, circle: _Circle) -> _Circle:
    """The circle through the steepest points of the edge, each to a fraction of a pixel, outliers aside."""
    for span in SPANS_PX:
        away = np.arange(-span, span + STEP_PX / 2, STEP_PX)
        rise = np.maximum(np.gradient(_read(patch, circle, circle.radius + away), axis=1), 0)
        steepest = np.clip((rise * np.exp(-0.5 * (1.5 * away / span) ** 2)).argmax(axis=1), 1, len(away) - 2)
        before, at, after = (np.take_along_axis(rise, steepest[:, np.newaxis] + k, axis=1)[:, 0] for k in (-1, 0, 1))
        bend = before - 2 * at + after
        between = np.clip(0.5 * (before - after) / np.where(bend < 0, bend, np.inf), -1, 1)
        edge = circle.radius + away[steepest] + STEP_PX * between
        points = np.array([[circle.x], [circle.y]]) + edge * _directions()
        circle = _circle_through(points, np.minimum(at, np.percentile(at, 75)))
    return circle


def _circle_through(points: NDArray[np.float64], weights: NDArray[np.float32]) -> _Circle:
    """The circle that most points are near to, by least squares with Cauchy weights squared."""
    x, y = points
    weight = weights
    circle = _Circle(0.0, 0.0, 0.0)
    for _ in range(FIT_ROUNDS):
        root = np.sqrt(weight + 1e-9)  # never all 0
        a, b, c = np.linalg.lstsq(np.c_[2 * x, 2 * y, np.ones_like(x)] * root[:, np.newaxis], (x**2 + y**2) * root)[0]
        radius = float(np.sqrt(max(c + a**2 + b**2, 1e-9)))
        residual = np.hypot(x - a, y - b) - radius
        rough = float(np.sqrt(np.mean(np.clip(residual, -3, 3) ** 2))) / radius
        circle = _Circle(float(a), float(b), radius, rough)
        typical = max(1.4826 * float(np.median(np.abs(residual))), 0.3)
        weight = weights / (1 + (residual / (1.5 * typical)) ** 2) ** 2
    return circle


def _contrast(patch: Plane, circle: _Circle) -> float:
    """The lesser of both arcs' steps from iris to white, as difference by sum; below 0 where it gets darker."""
    white, iris = (
        np.median(np.median(_read(patch, circle, circle.radius * np.array(at)), axis=1).reshape(2, -1), axis=1)
        for at in ((1.2, 1.3), (0.65, 0.8))
    )
    return float((white - iris).min() / max(float(np.median(white + iris)), 1e-6))
