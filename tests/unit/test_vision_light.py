"""From stored numbers to light, blur and noise."""

import math

import cv2
import numpy as np
import pytest
from tests.card_photos import shoot
from tests.vision_skins import skin, stored

from pellucid.vision.card_find import find_card
from pellucid.vision.field import make_field
from pellucid.vision.light import (
    DARKEST,
    absorbance,
    blacked_out,
    burnt_out,
    clipped,
    linear,
    redness,
    unreadable,
)
from pellucid.vision.photo import Photo
from pellucid.vision.psf import BLURRIEST_MM, BLURRIEST_PX, finest_period_px, noise_of, psf_of_card, psf_of_skin
from pellucid.vision.scale import Scale

SCALE = Scale(12.0, 0.01, "given")


def _of_numbers(*numbers: tuple[int, int, int], kind: type = np.uint8) -> Photo:
    return Photo("numbers.png", np.array([numbers], kind))


def test_srgb_is_undone_as_the_standard_says() -> None:
    light = linear(_of_numbers((0, 128, 255)))

    assert light.dtype == np.float32
    np.testing.assert_allclose(light[0, 0], (0, 0.21586, 1), atol=1e-5)


def test_sixteen_bits_say_the_same_as_eight() -> None:
    eight = _of_numbers(*((v, v, v) for v in range(256)))
    sixteen = Photo("sixteen.png", eight.pixels.astype(np.uint16) * 257)

    np.testing.assert_allclose(linear(sixteen), linear(eight), atol=1e-6)


def test_absorbance_doubles_where_light_is_squared() -> None:
    light = np.full((1, 2, 3), 0.5, np.float32)
    light[0, 1] = 0.25

    once, twice = absorbance(light)[0].tolist()
    assert once == pytest.approx(math.log(2), rel=1e-5)
    assert twice == pytest.approx(2 * once, rel=1e-5)


def test_black_has_a_finite_absorbance() -> None:
    black = np.zeros((1, 1, 3), np.float32)

    assert absorbance(black)[0, 0] == pytest.approx(-math.log(DARKEST))
    assert redness(black)[0, 0] == 0


def test_brightness_leaves_redness_as_it_is() -> None:
    light = skin(4).astype(np.float32)

    np.testing.assert_allclose(redness(light * np.float32(0.6)), redness(light), atol=1e-5)


def test_one_bright_colour_is_clipped_but_skin_can_still_be_read() -> None:
    photo = _of_numbers((255, 180, 150), (255, 254, 150), (0, 0, 0), (90, 0, 0))

    assert clipped(photo.pixels)[0].tolist() == [True, True, True, False]
    assert unreadable(photo.pixels)[0].tolist() == [False, True, True, False]
    assert burnt_out(photo.pixels)[0].tolist() == [False, True, False, False]
    assert blacked_out(photo.pixels)[0].tolist() == [False, False, True, False]


def test_noise_is_that_of_a_pixel() -> None:
    rng = np.random.default_rng(4)
    plane = (1 + 0.02 * rng.standard_normal((300, 500))).astype(np.float32)

    assert noise_of(plane, np.ones(plane.shape, bool)) == pytest.approx(0.02, rel=0.03)


@pytest.mark.parametrize("shape", [(1, 1), (2, 700), (4, 4)])
def test_a_tiny_photo_has_a_blur_and_a_noise(shape: tuple[int, int]) -> None:
    plane, everywhere = np.ones(shape, np.float32), np.ones(shape, bool)

    assert noise_of(plane, everywhere) == 0
    assert 0.4 <= psf_of_skin(plane, everywhere, 12.0, 0.0) <= 8


@pytest.mark.parametrize("px_per_mm", [10.0, 20.0])
def test_the_cards_edges_tell_blur_within_a_tenth(px_per_mm: float) -> None:
    photo = shoot(px_per_mm).photo
    card = find_card(photo)
    assert card is not None

    # Drawn with 0.08 mm of blur; sampling adds that of a pixel.
    measured = psf_of_card(absorbance(linear(photo)), card)
    assert measured == pytest.approx(math.hypot(0.08 * px_per_mm, 0.29), rel=0.1)


def test_more_blur_is_told_from_less_on_skin() -> None:
    light = skin(size=(420, 420))
    sigmas = (1.0, 1.6, 2.8)
    told = [make_field(stored(light, sigma_px=sigma, noise=0.002), SCALE, None).psf_sigma_px for sigma in sigmas]

    assert told == sorted(told)
    np.testing.assert_allclose(np.log(told), np.log(sigmas), atol=0.7)


@pytest.mark.parametrize("extra", [3.0, 5.0, 8.0, 14.0])
def test_a_blurred_file_is_never_told_as_sharp(extra: float) -> None:
    """Blurred skin is stored in steps, which are as fine as the finest texture."""
    sharp = stored(skin(size=(420, 420)), sigma_px=1.0, noise=0.003)
    soft = Photo("soft.png", np.asarray(cv2.GaussianBlur(sharp.pixels, (0, 0), extra), np.uint8))

    assert make_field(soft, SCALE, None).psf_sigma_px > min(extra, BLURRIEST_PX) / 1.6


def test_skin_without_any_texture_cant_tell_its_blur() -> None:
    plain = Photo("plain.png", np.full((200, 200, 3), (198, 150, 130), np.uint8))

    assert make_field(plain, SCALE, None).psf_sigma_px == BLURRIEST_PX
    assert make_field(plain, Scale(60.0, 0.01, "given"), None).psf_sigma_px == 60 * BLURRIEST_MM


def test_an_enlarged_photo_holds_no_finer_waves_than_before() -> None:
    small = stored(skin(size=(200, 200)), sigma_px=0.5, noise=0.01).pixels
    large = Photo(
        "large.png", np.asarray(cv2.resize(small, None, fx=4.0, fy=4.0, interpolation=cv2.INTER_CUBIC), np.uint8)
    )
    usual, enlarged = (absorbance(linear(photo)) for photo in (Photo("small.png", small), large))

    assert finest_period_px(usual, np.ones(usual.shape, bool)) == 2
    assert finest_period_px(enlarged, np.ones(enlarged.shape, bool)) == pytest.approx(8, rel=0.3)


def test_a_tilted_plane_has_its_scale_at_every_pixel() -> None:
    mm_to_px = np.array([[10.0, 0, 5], [0, 10, 5], [1e-3, 0, 1]])
    field = make_field(stored(skin()), Scale(9.9, 0.01, "card", mm_to_px=mm_to_px), None)

    assert field.px_per_mm_map is not None
    # Of a step of a millimetre along x and along y at the place of the pixel (5, 5), which is 0 mm, 0 mm.
    assert field.px_per_mm_map[5, 5] == pytest.approx(math.sqrt(9.995 * 10), rel=1e-3)
    assert field.px_per_mm_map[5, 200] < field.px_per_mm_map[5, 5]


def test_without_a_scale_the_field_says_so() -> None:
    field = make_field(stored(skin()), None, None)

    assert math.isnan(field.px_per_mm)
    assert field.skin.mean() > 0.9
