"""Laws of measuring a photo, whatever it shows."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.drawn_skin import PX_PER_MM, skin

from pellucid.model.photo import PhotoMeasurement
from pellucid.vision.measure import look, measure
from pellucid.vision.photo import Photo
from pellucid.vision.quality import LEAST_BLURS

Pixels = NDArray[Any]
SEEDS = st.integers(0, 50)
ALARMS_PER_CM2 = 8.0
"""False alarms that are stated for skin without pores."""


def measured(pixels: Pixels) -> PhotoMeasurement:
    """A photo as it comes, at a scale that is known."""
    return measure(Photo("photo.png", np.ascontiguousarray(pixels)), scale=PX_PER_MM).photos[0]


def places(told: PhotoMeasurement) -> NDArray[np.float64]:
    return np.array([(pore.x_px, pore.y_px, pore.diameter_mm) for pore in told.pores]).reshape(-1, 3)


@given(st.tuples(*[st.integers(0, 255)] * 3))
@example((0, 0, 0))
@example((255, 255, 255))
@example((198, 150, 130))
@settings(max_examples=6)
def test_a_photo_of_one_colour_has_no_pores(colour: tuple[int, int, int]) -> None:
    assert measured(np.full((120, 160, 3), colour, np.uint8)).pores == ()


@given(SEEDS, st.floats(0.5, 3))
@settings(max_examples=4)
def test_blur_adds_no_pores(seed: int, sigma: float) -> None:
    pixels = skin(seed).photo.pixels
    _adds_none(pixels, cv2.GaussianBlur(pixels, (0, 0), sigma))


@given(SEEDS, st.floats(3, 14))
@example(1, 5.0)
@example(1, 14.0)
@settings(max_examples=10)
def test_a_blurred_photo_promises_no_finer_pores_than_its_blur_allows(seed: int, extra: float) -> None:
    drawn = skin(seed, pores=60, side=400)
    soft = np.asarray(cv2.GaussianBlur(drawn.photo.pixels, (0, 0), extra), np.uint8)
    seen = look(Photo("soft.png", soft), scale=PX_PER_MM)
    least_mm = LEAST_BLURS * np.hypot(extra, 1.0) / PX_PER_MM
    assert seen.judged.refused is not None or (seen.judged.quality.smallest_presence_mm or 0) > least_mm / 1.5


@given(SEEDS, st.floats(0.005, 0.05), st.sampled_from([0, 30]))
@settings(max_examples=4)
def test_noise_adds_no_pores(seed: int, noise: float, pores: int) -> None:
    _adds_none(skin(seed, pores=pores, noise=0.002).photo.pixels, skin(seed, pores=pores, noise=noise).photo.pixels)


@given(SEEDS, st.floats(0.1, 0.9))
@settings(max_examples=4)
def test_darkening_adds_no_pores(seed: int, bright: float) -> None:
    _adds_none(skin(seed).photo.pixels, skin(seed, bright=bright).photo.pixels)


def _adds_none(before: NDArray[Any], after: Pixels) -> None:
    """Beyond the alarms that are stated, as chance spreads them."""
    cm2 = before.shape[0] * before.shape[1] / PX_PER_MM**2 / 100
    alarms = ALARMS_PER_CM2 * cm2
    assert len(measured(after).pores) <= len(measured(before).pores) + alarms + 2 * alarms**0.5


TURNS: dict[str, tuple[Callable[[Pixels], Pixels], Callable[[float, float, int], tuple[float, float]]]] = {
    "mirrored": (lambda pixels: pixels[:, ::-1], lambda x, y, side: (side - 1 - x, y)),
    "upside down": (lambda pixels: pixels[::-1], lambda x, y, side: (x, side - 1 - y)),
    "turned by a quarter": (np.rot90, lambda x, y, side: (y, side - 1 - x)),
    "turned by half": (lambda pixels: pixels[::-1, ::-1], lambda x, y, side: (side - 1 - x, side - 1 - y)),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_photo_has_the_same_pores_turned(turn: str) -> None:
    pixels, (turned, where) = skin(3).photo.pixels, TURNS[turn]
    before, after = places(measured(pixels)), places(measured(turned(pixels)))
    there = np.array([where(x, y, len(pixels)) for x, y, _ in before])
    gaps = np.linalg.norm(there[:, None] - after[None, :, :2], axis=2)
    same = gaps.min(axis=1) < 1
    assert np.mean(same) > 0.9
    assert abs(len(before) - len(after)) <= 0.1 * len(before)
    sizes = after[gaps.argmin(axis=1), 2][same] / before[same, 2]
    assert np.median(sizes) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("bright", [0.7, 1.3])
def test_brightness_moves_the_mean_diameter_by_less_than_two_per_cent(bright: float) -> None:
    before, after = (places(measured(skin(5, bright=level).photo.pixels)) for level in (1.0, bright))
    gaps = np.linalg.norm(before[:, None, :2] - after[None, :, :2], axis=2)
    same = gaps.min(axis=1) < 1
    assert np.mean(same) > 0.8
    mean = after[gaps.argmin(axis=1), 2][same].mean() / before[same, 2].mean()
    assert mean == pytest.approx(1, abs=0.02)
