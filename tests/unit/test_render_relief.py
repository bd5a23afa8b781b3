"""The family of training photos with pits of many forms tells the truth about its pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from benchmarks.render.relief import Skin, draw_skin, take
from benchmarks.render.relief.camera import SEEN, Camera, decoded, draw_camera
from benchmarks.render.relief.pits import BOWL, CONE, DARK, LIGHT, OPEN, WALL, Pits
from benchmarks.render.truth import Scene

PX_PER_MM = 40.0


def plain_camera(**changes: object) -> Camera:
    """Sharp, noiseless, straight and evenly lit."""
    drawn = draw_camera(np.random.default_rng(0), guided=True)
    clean: dict[str, object] = {
        "ambient": 1.0,
        "gloss": 0.0,
        "gains": (1.0, 1.0, 1.0),
        "colourful": 1.0,
        "slope": (0.0, 0.0),
        "corners": 0.0,
        "zoom": 1.0,
        "blur_px": 0.4,
        "defocus_px": 0.0,
        "motion_px": 0.0,
        "noise": 0.0,
        "mosaic": "none",
        "denoise": 0,
        "sharpen": 0.0,
        "contrast": 1.0,
        "jpeg": 100,
        "tilt": 0.0,
        "exposure": 0.3,
        "brightest": 0.9,
    }
    return replace(drawn, **(clean | changes))  # type: ignore[arg-type]


def one_pore(**changes: float) -> Pits:
    """An open pore of 0.5 mm with steep walls."""
    row: dict[str, float] = {
        "x": 0.3,
        "y": -0.2,
        "diameter": 0.5,
        "stretch": 1.0,
        "angle": 0.0,
        "taper": 0.0,
        "form": WALL,
        "sharpness": 9.0,
        "depth": 0.4,
        "plug": OPEN,
        "plug_size": 0.8,
        "plug_depth": 0.0,
        "lopsided": 0.0,
        "hollow": 0.0,
        "red_rim": 0.0,
        "pale_rim": 0.0,
    }
    whole = {"form", "plug"}
    return Pits(
        **{name: np.array([value], np.int8 if name in whole else float) for name, value in (row | changes).items()}
    )


def smooth_skin(pits: Pits) -> Skin:
    bare = draw_skin(1, phototype=2, pore_free=True, distractors=False)
    return replace(bare, pits=pits, relief=(), pigment=(), vessels=(), translucent=0.0, pit_tint=(1.0, 1.0, 1.0))


def shoot(skin: Skin, **changes: object) -> Scene:
    return take(skin, 0, px_per_mm=PX_PER_MM, size_px=96, move_mm=0, turn_deg=0, camera=plain_camera(**changes))


def darkness(scene: Scene) -> np.ndarray:
    light = decoded(scene.pixels.astype(np.float32) / np.float32(255)) @ SEEN
    return np.asarray(np.log(np.median(light[:8])) - np.log(light))


@pytest.mark.parametrize("form", [BOWL, CONE, WALL])
@pytest.mark.parametrize("sharpness", [3.0, 9.0])
def test_the_stated_diameter_is_that_of_the_contour_at_half_depth(form: int, sharpness: float) -> None:
    scene = shoot(smooth_skin(one_pore(form=form, sharpness=sharpness, stretch=1.4, angle=0.5)))

    dark = darkness(scene)
    area = float((dark > dark.max() / 2).sum())

    assert 2 * np.sqrt(area / np.pi) / PX_PER_MM == pytest.approx(scene.pores[0].diameter_mm, rel=0.04)


@pytest.mark.parametrize("taper", [0.0, 0.6])
def test_place_aspect_and_angle_are_those_of_the_mouth_in_the_picture(taper: float) -> None:
    scene = shoot(smooth_skin(one_pore(stretch=1.8, angle=2.5, taper=taper)), tilt=0.2, tilt_axis=0.9, away_mm=80.0)

    dark = darkness(scene)
    told = cv2.moments((dark > dark.max() / 2).astype(np.uint8), binaryImage=True)
    spread = np.array([[told["mu20"], told["mu11"]], [told["mu11"], told["mu02"]]])
    sizes, ways = np.linalg.eigh(spread)
    angle = np.degrees(np.arctan2(ways[1, 1], ways[0, 1])) % 180

    pore = scene.pores[0]
    assert (told["m10"] / told["m00"], told["m01"] / told["m00"]) == pytest.approx((pore.x_px, pore.y_px), abs=0.3)
    assert np.sqrt(sizes[1] / sizes[0]) == pytest.approx(pore.aspect, rel=0.06)
    assert abs((angle - pore.angle_deg + 90) % 180 - 90) < 3
    assert pore.shape == ("teardrop" if taper else "oval")


@pytest.mark.parametrize("zoom", [0.8, 1.5])
def test_places_hold_after_digital_zoom(zoom: float) -> None:
    scene = shoot(smooth_skin(one_pore()), zoom=zoom)

    dark = darkness(scene)
    told = cv2.moments((dark > dark.max() / 2).astype(np.uint8), binaryImage=True)

    pore = scene.pores[0]
    assert scene.pixels.shape == (96, 96, 3)
    assert (told["m10"] / told["m00"], told["m01"] / told["m00"]) == pytest.approx((pore.x_px, pore.y_px), abs=0.3)


def test_contrast_is_the_depth_of_a_large_sharp_pore() -> None:
    scene = shoot(smooth_skin(one_pore(depth=0.4)))

    assert scene.pores[0].contrast == pytest.approx(0.4, abs=0.03)
    assert scene.pores[0].contrast == pytest.approx(float(darkness(scene).max()), abs=0.03)


def test_a_pale_plug_is_brighter_than_the_skin_and_a_dark_one_darker() -> None:
    pale = shoot(smooth_skin(one_pore(plug=LIGHT, plug_depth=-0.2, depth=0.0)))
    dark = shoot(smooth_skin(one_pore(plug=DARK, plug_depth=0.2, depth=0.1)))

    middle = round(pale.pores[0].y_px), round(pale.pores[0].x_px)
    assert (pale.pores[0].plug, dark.pores[0].plug) == ("light", "dark")
    assert darkness(pale)[middle] < -0.15
    assert darkness(dark)[middle] > 0.25


def test_more_noise_lowers_snr_and_leaves_contrast() -> None:
    little, much = (shoot(smooth_skin(one_pore()), noise=noise) for noise in (0.003, 0.03))

    assert much.pores[0].contrast == little.pores[0].contrast
    assert 0 < much.pores[0].snr < little.pores[0].snr / 2


@pytest.mark.parametrize("guided", [True, False])
def test_the_same_seeds_give_the_same_picture_and_others_another(guided: bool) -> None:
    skin = draw_skin(5, density_per_cm2=80)
    first, again, other = (take(skin, seed, px_per_mm=16, guided=guided, size_px=128) for seed in (3, 3, 4))

    assert np.array_equal(first.pixels, again.pixels)
    assert first.pores == again.pores
    assert not np.array_equal(first.pixels, other.pixels)


def test_pore_free_skin_has_no_pores_but_marks() -> None:
    skin = draw_skin(7, pore_free=True)

    assert take(skin, 0, px_per_mm=20, size_px=128).pores == ()
    assert sum(len(draw_skin(seed, pore_free=True, size_mm=20).marks.freckles) for seed in range(6)) > 0


def test_pores_stay_apart_lie_in_the_picture_and_change_it() -> None:
    scene = take(draw_skin(11, density_per_cm2=200, distractors=False, size_mm=20), 0, px_per_mm=20, size_px=256)

    places = np.array([(pore.x_px, pore.y_px) for pore in scene.pores])
    sizes = np.array([pore.diameter_mm * scene.px_per_mm for pore in scene.pores])
    gaps = np.linalg.norm(places[:, None] - places, axis=2) + 1e9 * np.eye(len(places))
    assert (places >= 0).all()
    assert (places <= 255).all()
    assert (gaps > 0.9 * (sizes[:, None] + sizes) / 2).all()
    assert all(pore.contrast > 0 and pore.snr > 0 for pore in scene.pores)


def test_kept_and_scaled_pores_are_those_of_the_same_skin() -> None:
    skin = draw_skin(11, density_per_cm2=60, distractors=False, size_mm=20)
    keep = np.arange(len(skin.pits)) % 2 == 0
    full, half = (take(skin, 0, px_per_mm=14, size_px=192, keep_pores=kept) for kept in (None, keep))
    small = take(skin, 0, px_per_mm=14, size_px=192, pores_scaled=0.8)

    assert {(pore.x_px, pore.y_px) for pore in half.pores} < {(pore.x_px, pore.y_px) for pore in full.pores}
    assert [pore.diameter_mm for pore in small.pores] == pytest.approx([0.8 * pore.diameter_mm for pore in full.pores])


def test_pores_are_stated_on_bare_skin_only() -> None:
    skins = (draw_skin(seed, density_per_cm2=150, size_mm=16) for seed in range(40))
    covered = [skin for skin in skins if skin.cover.kind in {"edge", "card", "lips"}]

    assert covered
    for skin in covered[:3]:
        scene = take(skin, 0, px_per_mm=12, size_px=128)
        assert not scene.skin.all()
        assert all(scene.skin[round(pore.y_px), round(pore.x_px)] for pore in scene.pores)


def test_darker_phototypes_are_darker_in_the_same_light() -> None:
    camera = plain_camera(adapts=0.4, brightest=2.0)
    skins = (draw_skin(3, phototype=kind, pore_free=True, distractors=False) for kind in range(1, 7))
    light = [float(take(skin, 0, px_per_mm=12, size_px=64, camera=camera).pixels.mean()) for skin in skins]

    assert light == sorted(light, reverse=True)


def test_most_photos_are_not_overexposed() -> None:
    scenes = [
        take(draw_skin(seed, distractors=False, size_mm=12), seed, px_per_mm=12, size_px=64) for seed in range(12)
    ]

    clipped = [float((scene.pixels.max(axis=2) >= 250).mean()) for scene in scenes]
    assert float(np.median(clipped)) == 0
    assert sum(share > 0.1 for share in clipped) <= 3
