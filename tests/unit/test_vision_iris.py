"""Eyes in a photo and the width of their irises: on drawn faces, and on real ones where these are at hand."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pellucid.vision import iris
from pellucid.vision.iris import IRIS_MM, Eye, find_eyes, find_iris_scale, measure_iris
from pellucid.vision.load import load
from pellucid.vision.photo import Photo, Pixels

FACES = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data")) / "faces"
BETWEEN = 5.4
"""Distance between the eyes that are drawn here, in widths of an iris."""
FINE = 4
"""How much finer than the photo the eyes are drawn."""
LIGHT, MIDDLE, DARK = (224, 182, 160), (172, 120, 92), (84, 56, 44)
BROWN, BLACK, BLUE, GREEN = (70, 42, 26), (34, 24, 20), (104, 134, 160), (112, 116, 84)


def draw_eye(
    face: NDArray[np.float32],
    at: tuple[float, float],
    width: float,
    *,
    colour: tuple[int, int, int] = BROWN,
    opened: float = 1.0,
) -> None:
    """Paint an invented eye into a finely drawn face: lids, white, iris with its pupil, glint and lashes."""
    y, x = np.mgrid[: face.shape[0], : face.shape[1]].astype(np.float32)
    x, y, radius = (x + 0.5) / FINE - 0.5 - at[0], (y + 0.5) / FINE - 0.5 - at[1], width / 2
    half, above, below = 2.4 * radius, 1.0 * radius * opened, 1.1 * radius * opened
    lids = (y > -above * (1 - (x / half) ** 2)) & (y < below * (1 - (x / half) ** 2)) & (np.abs(x) < half)
    crease = np.abs(y + 1.5 * above * (1 - (x / half / 1.1) ** 2)) < 0.06 * radius
    lashes = np.abs(y + above * (1 - (x / half) ** 2)) < 0.12 * radius * (np.abs(x) < half)
    face[crease | lashes] *= 0.45
    away = np.hypot(x, y)
    face[lids] = (196, 178, 170) - 30 * (np.abs(x[lids]) / half)[:, None]
    face[lids & (away < radius)] = colour
    face[lids & (away < radius) & (away > 0.88 * radius)] *= 0.8
    face[lids & (away < 0.35 * radius)] = (12, 10, 10)
    face[lids & (np.hypot(x - 0.2 * radius, y + 0.3 * radius) < 0.12 * radius)] = 250


def photo_of(face: NDArray[np.float32], *, blur: float = 0.7, noise: float = 0.0, seed: int = 0) -> Photo:
    """The face as a camera sees it: blurred (standard deviation in pixels), sampled and noisy."""
    seen = cv2.GaussianBlur(face, (0, 0), blur * FINE)
    seen = cv2.resize(seen, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    seen = seen + np.random.default_rng(seed).normal(0, noise, seen.shape)
    return Photo("drawn", np.clip(np.rint(seen), 0, 255).astype(np.uint8))


def skin(width: float, colour: tuple[int, int, int]) -> NDArray[np.float32]:
    side = int(3.5 * width) * FINE
    return np.full((side, int(1.4 * side), 3), colour, np.float32)


def one_eye(
    width: float,
    *,
    tone: tuple[int, int, int] = LIGHT,
    colour: tuple[int, int, int] = BROWN,
    opened: float = 1.0,
    blur: float = 0.7,
    noise: float = 2.0,
    seed: int = 0,
) -> tuple[Pixels, Eye]:
    """A drawn eye not quite where the box around it says."""
    face = skin(width, tone)
    at = (face.shape[1] / FINE / 2 + 0.37, face.shape[0] / FINE / 2 - 0.21)
    draw_eye(face, at, width, colour=colour, opened=opened)
    box = Eye(at[0] + 0.15 * width, at[1] - 0.1 * width, BETWEEN * width, 0.0)
    return photo_of(face, blur=blur, noise=noise, seed=seed).pixels, box


@pytest.mark.parametrize("width", [14.0, 21.5, 43.3])
@pytest.mark.parametrize("colour", [BLACK, BROWN, BLUE, GREEN])
@pytest.mark.parametrize("tone", [LIGHT, MIDDLE, DARK])
def test_the_width_of_an_iris_is_read_to_a_fiftieth(
    width: float, colour: tuple[int, int, int], tone: tuple[int, int, int]
) -> None:
    found = measure_iris(*one_eye(width, colour=colour, tone=tone))
    assert found is not None
    assert found.width_px == pytest.approx(width, rel=0.02)


def test_so_is_that_of_one_in_a_very_large_photo() -> None:
    found = measure_iris(*one_eye(150.0, blur=2.0))
    assert found is not None
    assert found.width_px == pytest.approx(150.0, rel=0.02)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("blur", "noise"), [(0.4, 0.0), (2.0, 3.0), (1.0, 12.0)])
def test_blur_and_noise_move_it_little(blur: float, noise: float, seed: int) -> None:
    found = measure_iris(*one_eye(40.0, blur=blur, noise=noise, seed=seed))
    assert found is not None
    assert found.width_px == pytest.approx(40.0, rel=0.03)


@pytest.mark.parametrize("opened", [0.7, 0.85, 1.2])
def test_lids_that_cover_part_of_it_or_none_do_not_change_its_width(opened: float) -> None:
    found = measure_iris(*one_eye(40.0, opened=opened))
    assert found is not None
    assert found.width_px == pytest.approx(40.0, rel=0.03)


@pytest.mark.parametrize("degrees", [-12, 12])
def test_a_tilted_head_does_not_change_its_width(degrees: float) -> None:
    pixels, eye = one_eye(40.0)
    turn = cv2.getRotationMatrix2D((eye.x_px, eye.y_px), -degrees, 1.0)
    turned = cv2.warpAffine(pixels, turn, pixels.shape[1::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    found = measure_iris(turned.astype(np.uint8), eye._replace(tilt_rad=np.deg2rad(degrees)))
    assert found is not None
    assert found.width_px == pytest.approx(40.0, rel=0.02)


def test_it_is_found_where_it_is_in_8_bits_and_in_16() -> None:
    pixels, eye = one_eye(40.0)
    found, finer = measure_iris(pixels, eye), measure_iris(pixels.astype(np.uint16) * np.uint16(257), eye)
    assert found is not None
    assert finer is not None
    assert found.width_px == pytest.approx(finer.width_px, abs=0.01)
    assert (found.x_px, found.y_px) == pytest.approx((eye.x_px - 6.0, eye.y_px + 4.0), abs=0.5)


def test_closed_eyes_skin_and_noise_have_no_iris() -> None:
    assert measure_iris(*one_eye(40.0, opened=0.05)) is None
    assert measure_iris(skin(40.0, MIDDLE).astype(np.uint8), Eye(250.0, 250.0, 216.0, 0.0)) is None
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    assert measure_iris(noise, Eye(200.0, 150.0, 216.0, 0.0)) is None


def test_an_eye_at_the_edge_of_the_photo_is_no_fault() -> None:
    pixels, _ = one_eye(40.0)
    for x, y in ((0.0, 0.0), (pixels.shape[1] - 1.0, pixels.shape[0] - 1.0)):
        assert measure_iris(pixels, Eye(x, y, 216.0, 0.0)) is None


def two_eyes(left: float, right: float, *, apart: float = BETWEEN) -> tuple[Photo, tuple[Eye, Eye]]:
    """A drawn pair of eyes with irises of these widths, and the boxes around them."""
    between = apart * (left + right) / 2
    face = np.full((int(between) * FINE, int(2 * between) * FINE, 3), MIDDLE, np.float32)
    places = [((0.5 + side) * between, 0.5 * between) for side in (0, 1)]
    for at, width in zip(places, (left, right), strict=True):
        draw_eye(face, at, width)
    first, second = (Eye(*at, between, 0.0) for at in places)
    return photo_of(face), (first, second)


def test_the_scale_comes_from_both_irises_with_what_people_differ_by(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, eyes = two_eyes(46.0, 47.6)
    monkeypatch.setattr(iris, "find_eyes", lambda _: eyes)
    scale = find_iris_scale(photo)
    assert scale is not None
    assert scale.method == "iris"
    assert scale.px_per_mm == pytest.approx(46.8 / IRIS_MM, rel=0.01)
    assert 0.043 < scale.relative_se < 0.06
    assert (scale.tilt_deg, scale.mm_to_px) == (None, None)


@pytest.mark.parametrize(("left", "right", "apart"), [(46.0, 50.5, BETWEEN), (46.0, 46.0, 8.0), (46.0, 46.0, 3.6)])
def test_irises_that_differ_or_are_too_small_or_large_for_the_face_give_no_scale(
    left: float, right: float, apart: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, eyes = two_eyes(left, right, apart=apart)
    monkeypatch.setattr(iris, "find_eyes", lambda _: eyes)
    assert find_iris_scale(photo) is None


def test_what_is_no_face_has_no_scale() -> None:
    random = np.random.default_rng(3)
    pictures: list[Pixels] = [np.zeros((height, width, 3), np.uint8) for height, width in ((1, 1), (1, 900), (900, 2))]
    pictures.append(random.integers(0, 256, (500, 700, 3), dtype=np.uint8))
    pictures.append(random.integers(0, 65536, (300, 400, 3)).astype(np.uint16))
    spots = np.full((600, 800, 3), LIGHT, np.uint8)
    for x, y, radius in random.integers((0, 0, 4), (800, 600, 40), (90, 3)).tolist():
        cv2.circle(spots, (x, y), radius, BLACK, -1, cv2.LINE_AA)
    pictures.append(spots)
    assert [find_iris_scale(Photo("none", pixels)) for pixels in pictures] == [None] * len(pictures)


@pytest.fixture(scope="module")
def outlined() -> list[tuple[Photo, list[float]]]:
    """Photographs with the widths of the left and right iris outlined by hand, where they are at hand."""
    if not (FACES / "faces.json").is_file():
        pytest.skip(f"there are no photographs of faces in {FACES}; the data is not part of the repository")
    outlines = json.loads((FACES / "faces.json").read_text())
    sides = ("left_iris_outline_px", "right_iris_outline_px")
    return [
        (load(FACES / face["file"]), [float(np.ptp([x for x, _ in face[side]])) for side in sides])
        for face in outlines
        if sides[0] in face
    ]


def test_widths_agree_with_outlines_drawn_by_hand(outlined: list[tuple[Photo, list[float]]]) -> None:
    errors = []
    for photo, widths in outlined:
        eyes = find_eyes(photo.pixels)
        for eye, width in zip(eyes or (), widths, strict=False):
            found = measure_iris(photo.pixels, eye)
            if found is not None:
                errors.append(abs(found.width_px / width - 1))
    assert len(errors) >= 0.95 * 2 * len(outlined)
    assert np.median(errors) < 0.025
    assert np.percentile(errors, 90) < 0.05
    assert max(errors) < 0.1


def test_scale_of_photographs_is_the_same_mirrored_in_threads_and_nowhere_without_eyes(
    outlined: list[tuple[Photo, list[float]]],
) -> None:
    photos = [photo for photo, _ in outlined[::6]]
    with ThreadPoolExecutor(3) as pool:
        scales = list(pool.map(find_iris_scale, photos))
    for photo, scale in zip(photos, scales, strict=True):
        mirrored = find_iris_scale(Photo("mirrored", photo.pixels[:, ::-1].copy()))
        assert scale is not None
        assert mirrored is not None
        assert mirrored.px_per_mm == pytest.approx(scale.px_per_mm, rel=0.015)
        assert find_iris_scale(Photo("without eyes", photo.pixels[photo.pixels.shape[0] // 2 :])) is None
