"""What a photo can carry, and why it is refused."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.card_photos import shoot
from tests.vision_skins import skin, stored

from pellucid.vision.card_find import find_card
from pellucid.vision.field import make_field
from pellucid.vision.photo import Photo
from pellucid.vision.quality import Judged, judge
from pellucid.vision.scale import Scale

DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))
FACES = DATA / "faces" / "faces.json"


def _judged(photo: Photo, px_per_mm: float | None = 12.0) -> Judged:
    scale = None if px_per_mm is None else Scale(px_per_mm, 0.01, "given")
    return judge(photo, scale, make_field(photo, scale, None), None)


def _code(photo: Photo, px_per_mm: float | None = 12.0) -> str | None:
    refused = _judged(photo, px_per_mm).refused
    return refused.code if refused else None


def test_a_good_close_up_is_not_refused() -> None:
    judged = _judged(stored(skin(), sigma_px=0.7, noise=0.003))

    assert judged.refused is None
    assert judged.quality.skin_share > 0.95
    assert judged.quality.clipped_share == 0
    assert judged.quality.smallest_presence_mm == pytest.approx(0.25, abs=0.04)
    assert judged.quality.smallest_size_mm == pytest.approx(0.33, abs=0.06)


@pytest.mark.parametrize("phototype", range(1, 7))
def test_no_phototype_is_refused(phototype: int) -> None:
    assert _code(stored(skin(phototype), sigma_px=0.7, noise=0.002)) is None


@pytest.mark.parametrize("sigma_px", [0.8, 1.2, 1.6])
def test_nine_pixels_a_millimetre_with_moderate_blur_are_enough(sigma_px: float) -> None:
    light = skin(size=(300, 300), px_per_mm=9.0)

    assert _code(stored(light, sigma_px=sigma_px, noise=0.004), 9.0) is None


def test_without_a_scale_nothing_is_told_in_millimetres() -> None:
    judged = _judged(stored(skin()), None)

    assert judged.refused is not None
    assert judged.refused.code == "no_scale"
    assert judged.quality.smallest_presence_mm is None
    assert judged.quality.advice[0] == "include_card"


@pytest.mark.parametrize(
    ("photo", "px_per_mm", "code"),
    [
        (stored(skin(px_per_mm=5.9)), 5.9, "too_coarse"),
        (stored(skin(6) * 0.015), 12.0, "too_dark"),
        (stored(skin(1) * 2.2), 12.0, "clipped"),
        (stored(skin(size=(60, 60), spots=5)), 14.0, "too_little_skin"),
        (stored(skin(size=(500, 500), px_per_mm=12.0, spots=300), sigma_px=7.0, noise=0.003), 12.0, "too_blurred"),
        (stored(skin(3), noise=0.12), 12.0, "too_noisy"),
        (Photo("white.png", np.full((200, 200, 3), 255, np.uint8)), 12.0, "clipped"),
        (Photo("black.png", np.zeros((200, 200, 3), np.uint8)), 12.0, "too_dark"),
        (Photo("dot.png", np.full((1, 1, 3), 90, np.uint8)), 12.0, "too_little_skin"),
    ],
    ids=["coarse", "dark", "burnt", "small", "blurred", "noisy", "white", "black", "one pixel"],
)
def test_a_photo_that_carries_nothing_says_why(photo: Photo, px_per_mm: float, code: str) -> None:
    assert _code(photo, px_per_mm) == code


def test_a_black_photo_needs_light_and_a_white_one_has_too_much() -> None:
    dark, white = (_judged(Photo("plain.png", np.full((200, 200, 3), level, np.uint8))) for level in (0, 255))

    assert "more_light" in dark.quality.advice
    assert "less_light" not in dark.quality.advice
    assert "less_light" in white.quality.advice
    assert "more_light" not in white.quality.advice


@pytest.mark.parametrize("level", [0, 90, 255])
def test_where_no_skin_can_be_read_no_smallest_pore_is_told(level: int) -> None:
    told = _judged(Photo("dot.png", np.full((1, 1, 3), level, np.uint8))).quality

    assert told.smallest_presence_mm is None
    assert told.smallest_size_mm is None
    assert "sharper" not in told.advice


def test_too_little_skin_asks_for_more() -> None:
    advice = _judged(stored(skin(size=(60, 60), spots=5)), 14.0).quality.advice

    assert {"closer", "whole_frame_skin"} <= set(advice)


def test_skin_too_smooth_to_tell_its_blur_is_refused_with_advice() -> None:
    judged = _judged(stored(np.broadcast_to(skin(spots=0).mean(axis=(0, 1)), (240, 240, 3))))

    assert judged.refused is not None
    assert judged.refused.code == "too_blurred"
    assert {"closer", "sharper"} <= set(judged.quality.advice)


def test_more_blur_raises_both_limits() -> None:
    light = skin(size=(420, 420))
    limits = [_judged(stored(light, sigma_px=sigma, noise=0.003)).quality for sigma in (1.0, 2.0, 3.5)]

    assert sorted({each.smallest_presence_mm or 0 for each in limits}) == [each.smallest_presence_mm for each in limits]
    assert all((each.smallest_size_mm or 0) > (each.smallest_presence_mm or 9) for each in limits)


def test_a_steep_photo_tells_no_shapes() -> None:
    scale = Scale(12.0, 0.01, "card", tilt_deg=31.0)
    photo = stored(skin())
    judged = judge(photo, scale, make_field(photo, scale, None), None)

    assert ("shape", "tilted") in {(each.what, each.code) for each in judged.withheld}
    assert "hold_card_flat" in judged.quality.advice


def test_a_scale_that_the_card_contradicts_is_told() -> None:
    scale = Scale(12.0, 0.01, "card", set_aside=16.0)
    photo = stored(skin())
    (told,) = [
        each for each in judge(photo, scale, make_field(photo, scale, None), None).withheld if each.what == "scale"
    ]

    assert dict(told.numbers) == {"given": 16.0, "card": 12.0}


def test_with_a_card_colours_are_not_withheld() -> None:
    photo = shoot(12.0).photo
    card = find_card(photo)
    assert card is not None
    scale = Scale(card.px_per_mm, card.relative_se, "card", tilt_deg=card.tilt_deg)
    judged = judge(photo, scale, make_field(photo, scale, card), card)

    assert judged.refused is None
    assert "colour" not in {each.what for each in judged.withheld}


def test_uneven_light_is_advised_against() -> None:
    light = skin() * np.exp(-2.2 * np.linspace(0, 1, 240))[None, :, None]

    assert "even_light" in _judged(stored(light)).quality.advice
    assert "even_light" not in _judged(stored(skin())).quality.advice


@pytest.mark.skipif(not FACES.exists(), reason="the photos of faces are not on this machine")
def test_whole_faces_are_refused_also_when_enlarged() -> None:
    for face in json.loads(FACES.read_text("utf-8"))[::9]:
        if face["file"].startswith("distance"):
            continue
        px_per_mm = face.get("px_per_mm_approx", 3.3)
        pixels = np.asarray(Image.open(FACES.parent / face["file"]))
        assert _code(Photo(face["file"], pixels), px_per_mm) == "too_coarse", face["file"]
        height, width = pixels.shape[:2]
        middle = pixels[int(0.4 * height) : int(0.7 * height), int(0.3 * width) : int(0.7 * width)]
        large = np.asarray(cv2.resize(middle, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
        assert _code(Photo(face["file"], large), 3 * px_per_mm) in ("enlarged", "too_blurred"), face["file"]


def test_a_blur_that_is_beyond_telling_is_no_number() -> None:
    judged = _judged(stored(np.broadcast_to(skin(spots=0).mean(axis=(0, 1)), (240, 240, 3))))

    assert judged.quality.psf_sigma_px is None
    assert judged.quality.smallest_presence_mm is None
    assert judged.refused is not None
    assert {name for name, _ in judged.refused.numbers} == {"least_mm"}
    assert _judged(stored(skin(), sigma_px=2.0, noise=0.003)).quality.psf_sigma_px is not None


def test_a_coarse_photo_with_a_blur_beyond_telling_is_told_by_its_scale_alone() -> None:
    judged = _judged(stored(np.broadcast_to(skin(spots=0).mean(axis=(0, 1)), (240, 240, 3))), 5.0)

    assert judged.refused is not None
    assert judged.refused.code == "too_coarse"
    assert dict(judged.refused.numbers)["mm"] == pytest.approx(3 / 5)
