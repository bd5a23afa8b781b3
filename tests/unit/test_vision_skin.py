"""Where a photo shows skin."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.vision_skins import skin, stored, tone

from pellucid.vision.photo import Mask, Photo
from pellucid.vision.skin import find_skin, skin_mask

DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))
FACES = DATA / "faces" / "faces.json"


def readable(photo: Photo, px_per_mm: float | None) -> Mask:
    return skin_mask(photo, find_skin(photo, px_per_mm))


@pytest.mark.parametrize("phototype", range(1, 7))
@pytest.mark.parametrize("gains", [(1.0, 1.0, 1.0), (1.25, 1.0, 0.6), (0.85, 1.0, 1.3)], ids=["white", "warm", "cool"])
def test_a_close_up_is_all_skin(phototype: int, gains: tuple[float, float, float]) -> None:
    light = skin(phototype) * gains * (0.35 / tone(phototype)[1]) ** 0.5

    assert readable(stored(light, noise=0.004), 12.0).mean() > 0.95


def test_a_strong_cast_over_a_whole_close_up_doesnt_hide_its_skin() -> None:
    green = skin(1) * (0.62, 1.0, 0.95)

    assert readable(stored(green, noise=0.003), 12.0).mean() > 0.9


@pytest.mark.parametrize("around", [(0.0, 0.0, 0.0), (0.9, 0.9, 0.9), (0.3, 0.3, 0.3), (0.1, 0.3, 0.6)])
@pytest.mark.parametrize("phototype", [1, 3, 6])
def test_the_background_is_no_skin(phototype: int, around: tuple[float, float, float]) -> None:
    light = skin(phototype)
    outside = np.ones((240, 240), bool)
    outside[60:180, 60:180] = False
    light[outside] = around
    mask = readable(stored(light), 6.0)

    assert mask[outside].mean() < 0.01
    assert mask[80:160, 80:160].mean() > 0.95


def test_dark_coarse_hair_is_no_skin() -> None:
    light = skin(2, size=(300, 300))
    for x in range(0, 150, 4):
        cv2.line(light, (x, 0), (x + 20, 299), (0.012, 0.009, 0.007), 2)
    mask = readable(stored(light), 10.0)

    assert mask[:, 20:130].mean() < 0.1
    assert mask[:, 200:].mean() > 0.95


def test_what_is_burnt_out_or_mirrors_the_light_is_left_out() -> None:
    light = skin(3)
    light[100:140, 100:140] = 1.0
    light[20:60, 20:60] = 0.6 * np.array([1.0, 0.97, 0.94])
    mask = readable(stored(light), 6.0)

    assert not mask[105:135, 105:135].any()
    assert mask[25:55, 25:55].mean() < 0.1
    assert mask[180:, 180:].mean() > 0.95


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_photos_have_no_skin(level: int) -> None:
    assert not readable(Photo("plain.png", np.full((80, 90, 3), level, np.uint8)), 10.0).any()


def test_one_pixel_has_a_mask() -> None:
    assert readable(Photo("dot.png", np.full((1, 1, 3), 90, np.uint8)), None).shape == (1, 1)


@pytest.mark.skipif(not FACES.exists(), reason="the photos of faces are not on this machine")
def test_cheeks_of_every_group_are_skin_and_the_corners_arent() -> None:
    for face in json.loads(FACES.read_text("utf-8"))[::2]:
        if not {"left_iris_outline_px", "right_iris_outline_px"} <= set(face) or "smiling" in face["file"]:
            continue
        pixels = np.asarray(Image.open(FACES.parent / face["file"]))
        mask = readable(Photo(face["file"], pixels), 3.3)
        eyes = [np.mean(face[f"{side}_iris_outline_px"], axis=0) for side in ("left", "right")]
        apart = np.linalg.norm(eyes[1] - eyes[0])
        for x, y in eyes:
            # Cheeks lie half the distance between the eyes below them.
            rows, columns = (slice(int(at - 12), int(at + 12)) for at in (y + 0.55 * apart, x))
            assert mask[rows, columns].mean() > 0.5, face["file"]
            assert mask[int(y) - 6 : int(y) + 6, int(x) - 6 : int(x) + 6].mean() < 0.2, face["file"]
        assert mask[:100, :100].mean() < 0.01
        assert mask[:100, -100:].mean() < 0.01
