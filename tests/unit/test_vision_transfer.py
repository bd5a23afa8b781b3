"""How much more blurred one photo is than another, by the texture between the pores."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pellucid.vision.photo import Field, Plane
from pellucid.vision.transfer import blurrier

STAY = np.eye(2, 3)
NOWHERE = np.empty((0, 2))


def texture(seed: int, side: int = 384) -> Plane:
    """Skin-like waves of all lengths from two pixels on."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    height = np.where(frequency > 0, np.maximum(frequency, 0.01) ** -1.5, 0)
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((side, side))) * height, s=(side, side))
    return np.asarray(0.05 * field / field.std(), np.float32)


def field(plane: Plane, sigma: float, seed: int, noise: float = 0.004) -> Field:
    grain = np.random.default_rng(seed).normal(0, noise, plane.shape)
    seen = (cv2.GaussianBlur(plane, (0, 0), sigma) + grain).astype(np.float32)
    return Field(seen, np.zeros_like(seen), np.ones(seen.shape, bool), 20.0, 1.0, noise)


def told(first: Field, second: Field, map_: NDArray[np.float64] = STAY) -> float:
    found = blurrier(first, second, map_, NOWHERE, np.empty(0))
    assert found is not None
    assert found.se < 0.2
    return found.variance_px2


@pytest.mark.parametrize(("one", "other"), [(0.8, 0.8), (0.8, 1.3), (1.5, 0.9), (1.0, 2.0)])
def test_the_difference_of_variances_is_told(one: float, other: float) -> None:
    skin = texture(1)
    assert told(field(skin, one, 2), field(skin, other, 3)) == pytest.approx(other**2 - one**2, abs=0.12)


def test_noise_is_no_sharpness() -> None:
    skin = texture(4)
    assert told(field(skin, 1, 5), field(skin, 1, 6, noise=0.012)) == pytest.approx(0, abs=0.25)


def test_more_contrast_is_no_sharpness() -> None:
    skin = texture(7)
    assert told(field(skin, 1, 8), field(1.3 * skin, 1, 9)) == pytest.approx(0, abs=0.1)


def test_a_photo_from_elsewhere_is_laid_over() -> None:
    skin = texture(10)
    shift = np.array([[1.0, 0.0, 7.3], [0.0, 1.0, -4.6]])
    moved = cv2.warpAffine(skin, shift, skin.shape[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    assert told(field(skin, 1, 11), field(np.asarray(moved, np.float32), 1.4, 12), shift) == pytest.approx(
        0.96, abs=0.25
    )


def test_pores_that_look_smaller_are_no_blur() -> None:
    rng = np.random.default_rng(13)
    places = rng.uniform(10, 374, (150, 2))
    grid = np.stack(np.meshgrid(np.arange(384), np.arange(384)), axis=-1)
    skins = []
    for radius in (4.0, 3.4):
        skin = texture(14).copy()
        for place in places:
            skin += 0.3 * np.exp(-((np.linalg.norm(grid - place, axis=-1) / radius) ** 4)).astype(np.float32)
        skins.append(skin)
    found = blurrier(field(skins[0], 1, 15), field(skins[1], 1, 16), STAY, places, np.full(150, 4.0))
    assert found is not None
    assert found.variance_px2 == pytest.approx(0, abs=0.15)


def test_smooth_skin_tells_nothing() -> None:
    flat = np.zeros((384, 384), np.float32)
    assert blurrier(field(flat, 1, 17), field(flat, 1, 18), STAY, NOWHERE, np.empty(0)) is None


def test_little_skin_tells_nothing() -> None:
    skin = texture(19, side=100)
    assert blurrier(field(skin, 1, 20), field(skin, 1, 21), STAY, NOWHERE, np.empty(0)) is None
