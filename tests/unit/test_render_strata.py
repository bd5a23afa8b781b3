"""The judging family of rendered skin: what it is asked for is there, and its truth fits its pixels."""

from typing import Any

import numpy as np
import pytest
from benchmarks.render.strata import Skin, draw_skin, take
from benchmarks.render.strata.camera import log_light
from benchmarks.render.strata.optics import MELANIN, colour
from benchmarks.render.truth import Scene

SIDE = 256
PLAIN: dict[str, Any] = {"light": "diffuse", "size_px": SIDE, "tilt_deg": 0.0, "centre_mm": (0.0, 0.0), "roll_deg": 0.0}


@pytest.fixture(scope="module")
def skin() -> Skin:
    return draw_skin(5, phototype=2, density=60, size_mm=0.25, distractors=False, furrows=False)


@pytest.fixture(scope="module")
def scene(skin: Skin) -> Scene:
    return take(skin, 1, px_per_mm=20, **PLAIN)


def test_same_seeds_give_the_same_photo(skin: Skin, scene: Scene) -> None:
    again = take(skin, 1, px_per_mm=20, **PLAIN)
    assert np.array_equal(again.pixels, scene.pixels)
    assert again.pores == scene.pores


def test_darker_skin_has_more_melanin_and_sends_back_less() -> None:
    blood = np.full((1, 6), 0.02, np.float32)
    sent = colour(np.array([MELANIN], np.float32), blood)[0]
    assert (np.diff(sent, axis=0) < 0).all()
    assert (sent[:, 0] > sent[:, 1]).all()
    assert (sent[:, 1] > sent[:, 2]).all()


def test_more_blood_takes_most_from_green() -> None:
    melanin = np.full((1, 2), 0.03, np.float32)
    little, much = np.log(colour(melanin, np.array([[0.01, 0.05]], np.float32))[0])
    assert (little - much)[1] > 1.6 * (little - much)[0]


def test_open_pores_are_darker_than_their_surroundings_where_the_truth_says_they_are(scene: Scene) -> None:
    light = log_light(scene.pixels)
    clear = [p for p in scene.pores if p.plug == "open" and p.contrast > 0.1 and min(p.x_px, p.y_px) > 10]
    clear = [p for p in clear if max(p.x_px, p.y_px) < SIDE - 10]
    assert len(clear) > 12
    inside = np.array([light[round(p.y_px), round(p.x_px)] for p in clear])
    around = np.array(
        [np.median(light[round(p.y_px) - 9 : round(p.y_px) + 10, round(p.x_px) - 9 :][:, :19]) for p in clear]
    )
    assert np.mean(inside < around) > 0.95
    assert np.corrcoef(around - inside, [p.contrast for p in clear])[0, 1] > 0.7


def test_pale_plugs_are_brighter_than_dark_ones() -> None:
    light, dark = (
        take(draw_skin(6, phototype=4, plugs=shares, distractors=False), 2, px_per_mm=24, **PLAIN)
        for shares in ((0, 0, 1), (0, 1, 0))
    )
    in_pores = [
        np.mean([log_light(scene.pixels)[round(p.y_px), round(p.x_px)] for p in scene.pores]) for scene in (light, dark)
    ]
    assert in_pores[0] > in_pores[1] + 0.1


def test_a_pore_free_skin_has_none_and_differs_from_the_same_skin_only_by_them(skin: Skin) -> None:
    bare = take(
        draw_skin(5, phototype=2, density=60, size_mm=0.25, distractors=False, furrows=False, pore_free=True),
        1,
        px_per_mm=20,
        **PLAIN,
    )
    none = take(skin, 1, px_per_mm=20, keep_pores=np.zeros(len(skin.pores), bool), **PLAIN)
    assert bare.pores == none.pores == ()
    assert np.array_equal(bare.pixels, none.pixels)


def test_scaled_pores_lie_where_they_lay_and_have_the_factor(skin: Skin, scene: Scene) -> None:
    smaller = take(skin, 1, px_per_mm=20, pores_scaled=0.9, **PLAIN)
    assert len(smaller.pores) == len(scene.pores)
    for small, large in zip(smaller.pores, scene.pores, strict=True):
        assert (small.x_px, small.y_px) == (large.x_px, large.y_px)
        assert small.diameter_mm == pytest.approx(0.9 * large.diameter_mm)


def test_kept_pores_are_those_that_are_left(skin: Skin, scene: Scene) -> None:
    kept = np.arange(len(skin.pores)) % 2 == 0
    some = take(skin, 1, px_per_mm=20, keep_pores=kept, **PLAIN)
    here = {(p.x_px, p.y_px) for p in scene.pores}
    assert {(p.x_px, p.y_px) for p in some.pores} < here


def test_more_light_lost_in_noise_lowers_the_ratio_but_not_the_contrast(skin: Skin) -> None:
    clean, noisy = (take(skin, 1, px_per_mm=20, electrons=number, smooth=0.0, **PLAIN) for number in (30000.0, 800.0))
    assert np.median([p.snr for p in noisy.pores]) < 0.7 * np.median([p.snr for p in clean.pores])
    assert [p.contrast for p in noisy.pores] == [p.contrast for p in clean.pores]


def test_blur_lowers_contrast(skin: Skin) -> None:
    sharp, soft = (take(skin, 1, px_per_mm=20, psf_sigma_px=sigma, **PLAIN) for sigma in (0.7, 2.5))
    assert np.mean([p.contrast for p in soft.pores]) < 0.7 * np.mean([p.contrast for p in sharp.pores])


def test_a_tilted_mouth_is_shorter_along_the_slope(skin: Skin) -> None:
    asked = {**PLAIN, "tilt_deg": 30.0}
    flat, tilted = take(skin, 1, px_per_mm=20, **PLAIN), take(skin, 1, px_per_mm=20, **asked)
    means = [np.mean([p.diameter_mm for p in scene.pores]) for scene in (flat, tilted)]
    assert means[1] / means[0] == pytest.approx(np.cos(np.radians(30)) ** 0.5, rel=0.05)


def test_the_card_covers_skin_but_not_in_its_window() -> None:
    skin = draw_skin(7, phototype=3, extent_mm=70, distractors=False)
    scene = take(
        skin, 3, px_per_mm=8, size_px=(400, 400), card=True, light="diffuse", tilt_deg=0.0, centre_mm=(0.0, 0.0)
    )
    assert scene.card_corners_px is not None
    assert scene.skin[200, 200]
    assert 0.2 < scene.skin.mean() < 0.8
    width = np.linalg.norm(scene.card_corners_px[1] - scene.card_corners_px[0])
    assert width / 8 == pytest.approx(86, rel=0.02)
