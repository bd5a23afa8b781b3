"""The colour of skin, and whether two photos were taken in the same light."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from tests.card_photos import SKIN, shoot
from tests.vision_skins import Light, skin, stored, tone

from pellucid.model.photo import SkinColour
from pellucid.vision.card_find import find_card
from pellucid.vision.colour import HAEMOGLOBIN, MELANIN, LightSignature, differs, light_signature, skin_colour
from pellucid.vision.field import make_field
from pellucid.vision.photo import Photo
from pellucid.vision.scale import Scale

SCALE = Scale(12.0, 0.01, "given")


def _colour(light: Light) -> SkinColour:
    photo = stored(light)
    found = skin_colour(photo, make_field(photo, SCALE, None), None)
    assert found is not None
    return found


def _signature(light: Light, *, noise: float = 0.003, sigma_px: float = 0.7) -> LightSignature:
    photo = stored(light, noise=noise, sigma_px=sigma_px)
    found = light_signature(photo, make_field(photo, SCALE, None))
    assert found is not None
    return found


def _relief(side: float, *, strength: float = 0.5, seed: int = 5) -> Light:
    """Skin with pits, lit from the left (1) or the right (-1)."""
    rng = np.random.default_rng(seed)
    height = np.zeros((300, 300), np.float32)
    for x, y in rng.uniform(5, 295, (160, 2)):
        cv2.circle(height, (int(x), int(y)), int(rng.uniform(2, 4)), -1.0, -1)
    soft = np.asarray(cv2.GaussianBlur(height, (0, 0), 1.5), float)
    slope = np.asarray(np.gradient(soft, axis=1))
    return np.asarray(tone(3) * np.exp(-side * strength * 2 * slope)[..., None])


def test_the_axes_are_unit_vectors() -> None:
    assert np.linalg.norm(MELANIN) == pytest.approx(1, abs=2e-3)
    assert np.linalg.norm(HAEMOGLOBIN) == pytest.approx(1, abs=2e-3)


def test_more_pigment_is_more_melanin_and_more_blood_more_redness() -> None:
    melanin = [_colour(skin(phototype)).melanin for phototype in range(1, 7)]
    pale, flushed = (_colour(np.broadcast_to(tone(3, blood=blood), (90, 90, 3))) for blood in (0.3, 0.8))

    assert melanin == sorted(melanin)
    assert flushed.haemoglobin > pale.haemoglobin
    assert flushed.redness > pale.redness


def test_brightness_leaves_redness_as_it_is() -> None:
    assert _colour(skin(2) * 0.7).redness == pytest.approx(_colour(skin(2)).redness, abs=0.02)


def test_without_a_card_nothing_is_told_that_needs_a_known_light() -> None:
    colour = _colour(skin())

    assert colour.ita_deg is None
    assert colour.a_star is None


def test_a_card_gives_the_skins_own_colour_in_any_light() -> None:
    warm = np.diag([0.9, 0.7, 0.42])
    told = []
    for camera in (None, warm):
        photo = shoot(12.0, camera=camera).photo
        card = find_card(photo)
        assert card is not None
        colour = skin_colour(photo, make_field(photo, SCALE, card), card)
        assert colour is not None
        told.append((colour.ita_deg or 0.0, colour.a_star or 0.0))

    lab = cv2.cvtColor(np.array([[SKIN]], np.float32), cv2.COLOR_LRGB2Lab)[0, 0]
    expected = np.degrees(np.arctan2(lab[0] - 50, lab[2])), lab[1]
    np.testing.assert_allclose(told, [expected, expected], atol=3)


def test_shine_is_told_only_where_there_are_highlights() -> None:
    matt, oily = skin(), skin()
    rng = np.random.default_rng(3)
    for x, y in rng.uniform(0, 240, (150, 2)).astype(int):
        cv2.circle(oily, (int(x), int(y)), 2, (0.62, 0.6, 0.58), -1)

    assert _colour(matt).shine_share is None
    assert _colour(oily).shine_share == pytest.approx(150 * 13 / 240**2, rel=0.6)


def test_no_skin_has_no_colour() -> None:
    photo = Photo("black.png", np.zeros((50, 50, 3), np.uint8))
    field = make_field(photo, SCALE, None)

    assert skin_colour(photo, field, None) is None
    assert light_signature(photo, field) is None


def test_the_same_light_again_is_the_same() -> None:
    again = _signature(skin(seed=8) * 0.85, noise=0.005, sigma_px=0.9)

    assert differs(_signature(skin(seed=1)), again) is None
    assert differs(_signature(_relief(1)), _signature(_relief(1, seed=6) * 0.9)) is None


def test_another_colour_of_light_differs() -> None:
    assert differs(_signature(skin()), _signature(skin() * (1.2, 0.9, 0.45))) == "light_colour"


def test_light_from_the_other_side_differs() -> None:
    assert differs(_signature(_relief(1)), _signature(_relief(-1))) == "light_side"


def test_hard_light_differs_from_soft() -> None:
    assert differs(_signature(_relief(1, strength=0.15)), _signature(_relief(1))) == "light_hardness"


def test_highlights_in_one_photo_alone_differ() -> None:
    matt = _signature(skin())

    assert differs(matt, replace(matt, highlights=0.04)) == "light_mirrored"


def test_what_is_unknown_doesnt_differ() -> None:
    assert differs(None, _signature(skin())) is None
