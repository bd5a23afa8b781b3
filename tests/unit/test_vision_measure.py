"""``measure``: from a photo to its figures, and what it says where a photo can't carry them."""

import io
from pathlib import Path

import numpy as np
import pytest
from benchmarks.render.relief import draw_skin, take
from benchmarks.render.truth import Scene, match
from PIL import Image
from tests.drawn_skin import PX_PER_MM, Skin, skin

from pellucid.model.errors import InputError
from pellucid.model.measurement import Measurement
from pellucid.model.photo import PhotoMeasurement
from pellucid.vision.measure import LARGE_MM, LEAST_ZONE_CM2, measure
from pellucid.vision.photo import Photo
from pellucid.vision.scale import Scale

SEED = 7_800_003
"""Of rendered skin that nothing was tuned on."""


@pytest.fixture(scope="module")
def drawn() -> Skin:
    return skin(7, side=480, pores=80, noise=0.005)


@pytest.fixture(scope="module")
def told(drawn: Skin) -> PhotoMeasurement:
    return measure(drawn.photo, scale=PX_PER_MM).photos[0]


def test_pores_are_found_where_they_are_and_sized_in_millimetres(drawn: Skin, told: PhotoMeasurement) -> None:
    places = np.array([(pore.x_px, pore.y_px) for pore in told.pores])
    gaps = np.hypot(drawn.x_px[:, None] - places[:, 0], drawn.y_px[:, None] - places[:, 1])
    hit = gaps.min(axis=1) < 2
    assert hit.mean() > 0.7
    sizes = np.array([pore.diameter_mm for pore in told.pores])[gaps.argmin(axis=1)] * PX_PER_MM
    assert np.median(sizes[hit] / drawn.diameter_px[hit]) == pytest.approx(1, abs=0.1)


def test_every_figure_of_a_pore_is_a_number(told: PhotoMeasurement) -> None:
    for pore in told.pores:
        numbers = (pore.x_px, pore.y_px, pore.diameter_mm, pore.diameter_se_mm, pore.aspect, pore.aspect_se)
        assert np.isfinite((*numbers, pore.angle_deg, pore.angle_se_deg, pore.contrast)).all()
        assert pore.aspect >= 1
        assert 0 <= pore.angle_deg < 180
        assert 0 <= pore.confidence <= 1
        assert pore.diameter_se_mm > 0
        assert pore.presence_only == (pore.diameter_mm < (told.quality.smallest_presence_mm or 0))


def test_the_photo_has_its_figures_with_intervals_around_them(told: PhotoMeasurement) -> None:
    assert told.sampled_cm2 is not None
    assert 0 < told.sampled_cm2 < (480 / PX_PER_MM / 10) ** 2
    for interval in (told.density_per_cm2, told.density_250_per_cm2, told.mean_diameter_mm):
        assert interval is not None
        assert interval.low < interval.value < interval.high
    assert told.file == "skin.png"
    assert told.refused is None


def test_pores_of_a_quarter_millimetre_are_fewer_than_all(told: PhotoMeasurement) -> None:
    assert told.density_per_cm2
    assert told.density_250_per_cm2
    assert told.density_250_per_cm2.value < told.density_per_cm2.value
    assert any(pore.diameter_mm >= LARGE_MM for pore in told.pores)


@pytest.mark.parametrize("blur", [1.0, 2.0])
def test_counts_and_means_begin_where_the_photo_can_carry_them(blur: float) -> None:
    told = measure(skin(7, side=480, pores=80, noise=0.005, blur=blur).photo, scale=PX_PER_MM).photos[0]
    presence, size = told.quality.smallest_presence_mm, told.quality.smallest_size_mm
    assert presence
    assert size
    assert told.density_from_mm == max(0.1, presence)
    assert told.mean_from_mm == max(LARGE_MM, size)
    assert all(pore.diameter_mm < told.mean_from_mm for pore in told.pores if pore.presence_only)


def test_a_photo_that_hides_pores_of_a_quarter_millimetre_counts_none_of_them() -> None:
    soft = skin(7, side=480, pores=80, noise=0.005, blur=4.0)
    measurement = measure(soft.photo, scale=PX_PER_MM, zones="nose")
    (told,) = measurement.photos
    assert told.refused is None
    assert (told.quality.smallest_presence_mm or 0) > LARGE_MM
    assert told.density_250_per_cm2 is None
    assert measurement.zones["nose"].pores_250_per_cm2 is None
    assert [each.code for each in told.withheld if each.what == "density"] == ["too_blurred"]


def test_far_away_it_is_the_pixels_that_hide_pores_of_a_quarter_millimetre(drawn: Skin) -> None:
    told = measure(drawn.photo, scale=8.0).photos[0]
    assert told.refused is None
    assert told.density_250_per_cm2 is None
    (why,) = (each for each in told.withheld if each.what == "density")
    assert why.code == "too_coarse"
    assert dict(why.numbers)["least_mm"] == LARGE_MM


def test_what_is_counted_is_not_withheld(told: PhotoMeasurement) -> None:
    assert "density" not in {each.what for each in told.withheld}


def test_the_error_of_the_scale_is_in_every_size(drawn: Skin, told: PhotoMeasurement) -> None:
    unsure = measure(drawn.photo, scale=Scale(PX_PER_MM, 0.2, "given")).photos[0]
    for one, other in zip(told.pores, unsure.pores, strict=True):
        assert other.diameter_mm == one.diameter_mm
        assert other.diameter_se_mm >= 0.2 * other.diameter_mm
        assert other.diameter_se_mm > one.diameter_se_mm


def test_without_a_scale_nothing_is_counted_and_it_says_so(drawn: Skin) -> None:
    measurement = measure(drawn.photo, zones="nose")
    (told,) = measurement.photos
    assert told.refused is not None
    assert told.refused.code == "no_scale"
    assert told.pores == ()
    assert told.density_per_cm2 is None
    assert measurement.zones == {}


def test_a_file_its_bytes_and_the_loaded_photo_give_the_same(
    drawn: Skin, told: PhotoMeasurement, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    Image.fromarray(drawn.photo.pixels).save(buffer, "PNG")
    file = tmp_path / "skin.png"
    file.write_bytes(buffer.getvalue())
    assert measure(file, scale=PX_PER_MM).photos == (told,)
    assert measure(buffer.getvalue(), scale=PX_PER_MM).photos[0].pores == told.pores


def test_one_zone_has_the_figures_of_the_whole_photo(drawn: Skin, told: PhotoMeasurement) -> None:
    measurement = measure(drawn.photo, scale=PX_PER_MM, zones="nose")
    assert set(measurement.zones) == {"nose"}
    nose = measurement.zones["nose"]
    assert told.density_per_cm2
    assert told.mean_diameter_mm
    assert nose.pores_per_cm2 == told.density_per_cm2.value
    assert nose.mean_diameter_mm == told.mean_diameter_mm.value
    assert all(pore.zone == "nose" for pore in measurement.photos[0].pores)


def test_a_zone_has_the_interval_of_its_large_pores(drawn: Skin, told: PhotoMeasurement) -> None:
    nose = measure(drawn.photo, scale=PX_PER_MM, zones="nose").zones["nose"]
    assert (told.sampled_cm2 or 0) >= LEAST_ZONE_CM2
    assert nose.pores_250_per_cm2 == told.density_250_per_cm2


def test_a_box_of_few_millimetres_says_nothing_of_large_pores(drawn: Skin) -> None:
    box = [(200, 200), (260, 200), (260, 260), (200, 260)]
    assert measure(drawn.photo, scale=PX_PER_MM, zones={"nose": box}).zones["nose"].pores_250_per_cm2 is None


def test_polygons_share_the_pores_out(drawn: Skin) -> None:
    left, right = [(0, 0), (239, 0), (239, 479), (0, 479)], [(240, 0), (479, 0), (479, 479), (240, 479)]
    measurement = measure(drawn.photo, scale=PX_PER_MM, zones={"nose": left, "cheeks": right})
    for pore in measurement.photos[0].pores:
        assert pore.zone == ("nose" if round(pore.x_px) < 240 else "cheeks")
    assert set(measurement.zones) == {"nose", "cheeks"}
    assert all(zone.pores_per_cm2 for zone in measurement.zones.values())


def test_shares_are_told_of_enough_pores_only(drawn: Skin) -> None:
    whole = measure(drawn.photo, scale=PX_PER_MM, zones="nose").zones["nose"]
    small = measure(drawn.photo, scale=PX_PER_MM, zones={"nose": [(50, 50), (120, 50), (120, 120), (50, 120)]})
    assert whole.shapes_told
    assert sum(whole.shape_share.values()) == pytest.approx(1)
    assert small.zones["nose"].shape_share == {}
    assert small.zones["nose"].shapes_told is None


def test_a_wrong_zone_is_told_before_anything_is_measured() -> None:
    with pytest.raises(InputError, match=r"zones\.noze"):
        measure(Photo("x.png", np.zeros((4, 4, 3), np.uint8)), scale=20.0, zones={"noze": [(0, 0), (1, 0), (0, 1)]})


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (7, 5), (400, 3)])
def test_photos_of_next_to_nothing_are_refused_without_a_fault(size: tuple[int, int]) -> None:
    told = measure(Photo("x.png", np.full((*size, 3), 128, np.uint8)), scale=20.0).photos[0]
    assert told.refused is not None or told.pores == ()


@pytest.fixture(scope="module")
def rendered() -> tuple[Scene, Measurement]:
    """A photo of skin as a height field with pits, and what is measured on it."""
    scene = take(draw_skin(SEED, phototype=2, distractors=False, density_per_cm2=150), 1, px_per_mm=24.0, size_px=640)
    return scene, measure(Photo("relief.png", scene.pixels), scale=scene.px_per_mm, zones="nose")


def test_pores_named_light_hold_light_plugs(rendered: tuple[Scene, Measurement]) -> None:
    scene, measurement = rendered
    pores = measurement.photos[0].pores
    pairs = match(np.array([(pore.x_px, pore.y_px) for pore in pores]), scene).pairs
    named = [scene.pores[true].plug for found, true in pairs if pores[found].plug == "light"]
    assert len(named) >= 5
    assert named.count("light") >= 0.8 * len(named)


def test_what_looks_dark_goes_into_no_share_of_a_zone(rendered: tuple[Scene, Measurement]) -> None:
    _, measurement = rendered
    pores, nose = measurement.photos[0].pores, measurement.zones["nose"]
    assert any(pore.plug == "dark" for pore in pores)
    sized = [pore for pore in pores if not pore.presence_only]
    assert nose.dark_plug_share is None
    assert nose.plugs_told == len(sized)
    assert nose.light_plug_share == sum(pore.plug == "light" for pore in sized) / len(sized)
