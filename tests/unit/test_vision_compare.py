"""Two visits compared: what is a change, what is only the photo's doing, and what can't be compared."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from benchmarks.render.relief import draw_skin, take
from benchmarks.render.relief.camera import Camera, draw_camera

from pellucid.model.change import Change
from pellucid.model.errors import InputError
from pellucid.vision.compare import compare
from pellucid.vision.load import load
from pellucid.vision.photo import Photo

EXAMPLES = Path(__file__).parents[2] / "examples" / "photos"
PX_PER_MM = 20.0


@cache
def camera() -> Camera:
    """One steady camera in even light."""
    drawn = draw_camera(np.random.default_rng(1), guided=True)
    return replace(drawn, zoom=1.0, defocus_px=0.0, motion_px=0.0, blur_px=0.8, noise=0.003, denoise=0, sharpen=0.0)


@cache
def photo(visit: int, *, scaled: float = 1.0, skin: int = 8, px_per_mm: float = PX_PER_MM) -> Photo:
    """The same skin, photographed from somewhere else at each visit."""
    drawn = draw_skin(skin, phototype=3, distractors=False, density_per_cm2=110)
    size = round(420 * px_per_mm / PX_PER_MM)
    scene = take(drawn, visit, px_per_mm=px_per_mm, size_px=size, pores_scaled=scaled, camera=camera())
    return Photo(f"visit {visit}", scene.pixels)


def size_of(change: Change) -> tuple[float, float, float]:
    assert change.refused is None
    assert change.diameter is not None
    told = change.diameter.change
    return told.low, told.value, told.high


def test_smaller_pores_are_told_with_an_interval_that_holds_the_truth() -> None:
    low, value, high = size_of(compare(photo(1), photo(2, scaled=0.8), scale=PX_PER_MM))
    assert low <= -0.2 <= high
    assert high < 0
    assert value == pytest.approx(-0.2, abs=0.07)


def test_the_other_way_round_they_are_larger() -> None:
    low, _, _ = size_of(compare(photo(2, scaled=0.8), photo(1), scale=PX_PER_MM))
    assert low > 0


def test_no_change_is_no_detectable_change() -> None:
    change = compare(photo(1), photo(3), scale=PX_PER_MM)
    assert change.diameter is not None
    assert change.diameter.direction == "no_detectable_change"


@pytest.mark.parametrize("spread", [2.0, 5.0])
def test_noise_is_no_change(spread: float) -> None:
    clean = load(EXAMPLES / "before.jpg")
    grain = np.random.default_rng(1).normal(0, spread, clean.pixels.shape)
    noisy = Photo("noisy", np.clip(np.rint(clean.pixels + grain), 0, 255).astype(np.uint8))
    for sides in ((clean, noisy), (noisy, clean)):
        change = compare(*sides)
        assert change.refused is None
        assert all(
            each is None or each.direction == "no_detectable_change" for each in (change.diameter, change.density)
        )


def test_several_photos_of_a_visit_narrow_the_interval() -> None:
    one = compare(photo(1), photo(2), scale=PX_PER_MM)
    several = compare([photo(1), photo(3)], [photo(2), photo(4)], scale=PX_PER_MM)
    assert one.diameter is not None
    assert several.diameter is not None
    assert several.diameter.smallest_detectable < one.diameter.smallest_detectable


def test_only_pores_of_both_visits_are_compared() -> None:
    change = compare(photo(1), photo(2), scale=PX_PER_MM)
    assert 20 <= change.compared_pores <= min(len(change.before[0].pores), len(change.after[0].pores))
    assert len(change.pairs) == change.compared_pores


def test_a_scale_that_the_pores_contradict_is_told_and_sizes_stay_right() -> None:
    finer = photo(2, px_per_mm=21.6)
    change = compare(photo(1), finer, scale=PX_PER_MM, scale_after=PX_PER_MM)
    assert ("scale", "other_scale") in {(each.what, each.code) for each in change.withheld}
    low, _, high = size_of(change)
    assert low <= 0 <= high


def test_other_skin_is_refused() -> None:
    change = compare(photo(1), photo(1, skin=13), scale=PX_PER_MM)
    assert change.refused is not None
    assert change.diameter is None


def test_the_photos_whose_light_differs_are_named() -> None:
    evening = replace(photo(3), name="evening", pixels=(photo(3).pixels * (1.0, 0.8, 0.5)).astype(np.uint8))
    change = compare(photo(1), [photo(3), evening], scale=PX_PER_MM)
    assert change.refused is not None
    assert change.refused.code == "light_colour"
    assert change.refused.photos == (("before", "visit 1"), ("after", "evening"))


def test_a_side_without_photos_is_named() -> None:
    with pytest.raises(InputError, match="after"):
        compare(photo(1), [], scale=PX_PER_MM)
