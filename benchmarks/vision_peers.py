"""Four general blob detectors, each given what it needs: absolute contrast, the range of sizes, a tuned threshold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import feature

from benchmarks.render.strata.camera import log_light
from benchmarks.render.truth import Scene
from benchmarks.vision_scenes import Score, Shot, f1, render, score
from benchmarks.vision_show import Workers

Plane = NDArray[np.float32]
Numbers = NDArray[np.float64]
Peer = Callable[[Plane, float, float], Numbers]
"""Absorbance above its surroundings, pixels a millimetre and threshold, to rows of x, y and diameter in pixels."""

_FEATURE: Any = feature
_CV: Any = cv2
"""Neither's types say all that it has."""
SMALLEST_MM, LARGEST_MM = 0.09, 0.62
_SIGMA = 2 * np.sqrt(2)
"""Diameter of a disc over the scale at which a Laplacian answers most to it."""
_SCALES = 9
"""Three an octave."""
_LEVELS = 200.0
"""Grey levels for one unit of log light."""


def channel(pixels: NDArray[np.uint8], px_per_mm: float) -> Plane:
    """Absorbance above the mean of its surroundings, the channel that the product looks at too."""
    dark = -log_light(pixels)
    return np.asarray(dark - cv2.GaussianBlur(dark, (0, 0), px_per_mm))


def _sigmas(px_per_mm: float) -> tuple[float, float]:
    return max(0.7, SMALLEST_MM * px_per_mm / _SIGMA), LARGEST_MM * px_per_mm / _SIGMA


def log_blobs(dark: Plane, px_per_mm: float, threshold: float) -> Numbers:
    """scikit-image's Laplacian of Gaussian."""
    low, high = _sigmas(px_per_mm)
    return _rows(_FEATURE.blob_log(dark, low, high, _SCALES, threshold=threshold, overlap=0.3, log_scale=True))


def _dog_blobs(dark: Plane, px_per_mm: float, threshold: float) -> Numbers:
    low, high = _sigmas(px_per_mm)
    return _rows(_FEATURE.blob_dog(dark, low, high, sigma_ratio=2 ** (1 / 3), threshold=threshold, overlap=0.3))


def _doh_blobs(dark: Plane, px_per_mm: float, threshold: float) -> Numbers:
    low, high = _sigmas(px_per_mm)
    floor = threshold * 0.1  # its answers are of the order of contrast squared
    return _rows(
        _FEATURE.blob_doh(dark.astype(np.float64), low, high, _SCALES, threshold=floor, overlap=0.3, log_scale=True)
    )


def _rows(blobs: Numbers) -> Numbers:
    return np.column_stack([blobs[:, 1], blobs[:, 0], blobs[:, 2] * _SIGMA]) if len(blobs) else np.zeros((0, 3))


def _simple_blobs(dark: Plane, px_per_mm: float, threshold: float) -> Numbers:
    smooth = cv2.GaussianBlur(dark, (0, 0), max(0.7, SMALLEST_MM * px_per_mm / _SIGMA / 2))
    levels = np.clip(180 - _LEVELS * smooth, 0, 255).astype(np.uint8)
    wanted = _CV.SimpleBlobDetector_Params()
    wanted.minThreshold, wanted.maxThreshold, wanted.thresholdStep = 60.0, 180 - _LEVELS * threshold, 2.0
    wanted.minRepeatability, wanted.minDistBetweenBlobs = 2, SMALLEST_MM * px_per_mm
    wanted.filterByArea = True
    wanted.minArea, wanted.maxArea = (np.pi / 4 * (each * px_per_mm) ** 2 for each in (SMALLEST_MM * 0.7, LARGEST_MM))
    wanted.filterByCircularity, wanted.filterByConvexity = False, False
    wanted.filterByInertia, wanted.minInertiaRatio = True, 0.2
    found = _CV.SimpleBlobDetector_create(wanted).detect(levels)
    return np.array([(*each.pt, each.size) for each in found], float).reshape(-1, 3)


PEERS: Final[Mapping[str, Peer]] = {
    "blob_log": log_blobs,
    "blob_dog": _dog_blobs,
    "blob_doh": _doh_blobs,
    "SimpleBlobDetector": _simple_blobs,
}
_TRIED = (0.012, 0.02, 0.03, 0.045, 0.065, 0.1)
"""Thresholds; below the first all of them drown in finds."""


def peer_score(name: str, scene: Scene, threshold: float, *, snr: float = 2.0) -> Score:
    """How one of them does on a photo."""
    rows = PEERS[name](channel(scene.pixels, scene.px_per_mm), scene.px_per_mm, threshold)
    return score(rows[:, :2], rows[:, 2] / scene.px_per_mm, scene, snr=snr)


def _tried(task: tuple[str, Shot]) -> list[Score]:
    name, shot = task
    scene = render(shot)
    return [peer_score(name, scene, each) for each in _TRIED]


def tuned(workers: Workers, some: Sequence[Shot]) -> dict[str, float]:
    """Each peer's threshold with the best F1 on photos of the judging family itself, which favours the peer."""
    best = {}
    for name in PEERS:
        scores = workers.map(_tried, [(name, shot) for shot in some])
        values = [np.nan_to_num(f1([each[at] for each in scores])) for at in range(len(_TRIED))]
        best[name] = _TRIED[int(np.argmax(values))]
    return best
