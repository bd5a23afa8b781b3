"""Pores a square centimetre: the skin that counts, and intervals that hold what they promise."""

import numpy as np
import pytest

from pellucid.vision.density import CORRECTION_SE, MARGIN_MM, MOST_TO_ALL, Finds, density, ground, mean_diameter, worth
from pellucid.vision.photo import Field, Mask, Plane

PX_PER_MM = 20.0


def skin(height: int = 400, width: int = 600, *, skin: Mask | None = None, scales: Plane | None = None) -> Field:
    plane = np.zeros((height, width), np.float32)
    whole = np.ones((height, width), bool) if skin is None else skin
    return Field(plane, plane, whole, PX_PER_MM, 1.0, 0.01, scales)


def scattered(field: Field, count: int, seed: int) -> Finds:
    """Pores anywhere on the ground, independently of each other."""
    rng = np.random.default_rng(seed)
    rows, columns = np.nonzero(ground(field).inside)
    which = rng.integers(0, len(rows), count)
    x_px, y_px = columns[which].astype(float), rows[which].astype(float)
    return Finds(x_px, y_px, np.full(count, 0.3), np.ones(count), np.ones(count, bool))


@pytest.fixture
def counted_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finds stand for what there is, so that an interval is that of the skin and the scale."""
    monkeypatch.setattr("pellucid.vision.density.CORRECTION_SE", 0.02)


def test_the_area_is_the_skin_without_a_margin_along_its_edges() -> None:
    margin = MARGIN_MM * PX_PER_MM
    there = ground(skin(400, 600))
    assert there.cm2 == pytest.approx((400 - 2 * margin) * (600 - 2 * margin) / (10 * PX_PER_MM) ** 2, rel=0.01)
    assert there.patch_cm2.sum() == pytest.approx(there.cm2)
    assert not there.holds(np.array([2.0]), np.array([200.0]))[0]
    assert there.holds(np.array([300.0]), np.array([200.0]))[0]


def test_a_hole_in_the_skin_is_left_out_with_its_margin() -> None:
    holed = np.ones((400, 600), bool)
    holed[200:210, 300:310] = False
    there = ground(skin(skin=holed))
    assert there.cm2 < ground(skin()).cm2
    assert not there.holds(np.array([297.0]), np.array([205.0]))[0]


def test_the_area_follows_the_scale_where_it_differs_over_the_photo() -> None:
    scales = np.full((400, 600), 2 * PX_PER_MM, np.float32)
    assert ground(skin(scales=scales)).cm2 == pytest.approx(ground(skin()).cm2 / 4, rel=0.01)


def test_a_place_outside_the_photo_lies_on_no_skin() -> None:
    assert not ground(skin()).holds(np.array([-50.0, 9000.0]), np.array([10.0, 10.0])).any()


@pytest.mark.usefixtures("counted_right")
@pytest.mark.parametrize("per_cm2", [4, 40, 400])
def test_the_interval_holds_the_true_density_of_independent_pores(per_cm2: int) -> None:
    field = skin()
    there = ground(field)
    held = 0
    for seed in range(100):
        count = np.random.default_rng(1000 + seed).poisson(per_cm2 * there.cm2)
        told = density(there, scattered(field, count, seed), scale_se=0.0)
        assert told
        held += told.low <= per_cm2 <= told.high
    assert held >= 92


@pytest.mark.usefixtures("counted_right")
def test_uneven_skin_has_a_wider_interval() -> None:
    field = skin()
    there, even = ground(field), scattered(field, 300, 1)
    bunched = Finds(even.x_px * 0.3 + 20, even.y_px, even.diameter_mm, even.worth, even.sized)
    one, other = (density(there, finds, scale_se=0.0) for finds in (even, bunched))
    assert one
    assert other
    assert other.high - other.low > 1.5 * (one.high - one.low)


def test_no_pore_at_all_has_an_interval_from_nothing_to_what_chance_could_hide() -> None:
    told = density(ground(skin()), scattered(skin(), 0, 1), scale_se=0.0)
    assert told
    assert (told.value, told.low) == (0.0, 0.0)
    # Of as many pores as this nothing shows with a chance of 2.5 %, drawn with a share found that is itself unsure.
    pores, rng = told.high * ground(skin()).cm2, np.random.default_rng(1)
    least_found = 1 / MOST_TO_ALL
    found = rng.gamma(CORRECTION_SE**-2, least_found * CORRECTION_SE**2, 200_000)
    assert np.mean(rng.poisson(found * pores) == 0) == pytest.approx(0.025, abs=0.002)


def test_nothing_found_leaves_room_for_pores_that_are_missed() -> None:
    """All of Garwood's 3.69 would hold only if every pore were found."""
    told = density(ground(skin()), scattered(skin(), 0, 1), scale_se=0.0)
    assert told
    assert told.high > 3 * 3.69 / ground(skin()).cm2


def test_a_doubtful_place_tells_no_more_than_nothing() -> None:
    field = skin()
    none, one = scattered(field, 0, 1), scattered(field, 1, 1)
    doubtful = Finds(one.x_px, one.y_px, one.diameter_mm, np.array([0.02]), one.sized)
    nothing, little = (density(ground(field), finds, scale_se=0.0) for finds in (none, doubtful))
    assert nothing
    assert little
    assert little.high >= nothing.high
    assert little.low < little.value < little.high


def test_each_find_counts_by_its_confidence_times_one_factor() -> None:
    confidence = np.array([0.2, 0.5, 0.9])
    factors = worth(confidence) / confidence
    assert factors == pytest.approx(factors[0])
    assert 1 < factors[0] < MOST_TO_ALL


@pytest.mark.usefixtures("counted_right")
def test_an_unsure_scale_widens_the_interval_twice_as_it_is_an_area() -> None:
    field = skin()
    there, finds = ground(field), scattered(field, 4000, 1)
    sure, unsure = density(there, finds, scale_se=0.0), density(there, finds, scale_se=0.05)
    assert sure
    assert unsure
    assert unsure.high - unsure.low > 1.5 * (sure.high - sure.low)


def test_no_skin_has_no_density() -> None:
    nothing = np.zeros((40, 40), bool)
    field = skin(40, 40, skin=nothing)
    assert density(ground(field), Finds(*(np.empty(0),) * 4, np.empty(0, bool)), scale_se=0.0) is None


def test_the_interval_is_the_same_each_time() -> None:
    field = skin()
    there, finds = ground(field), scattered(field, 100, 1)
    assert density(there, finds, scale_se=0.01) == density(there, finds, scale_se=0.01)


def test_mean_size_with_what_all_pores_share_in_its_interval() -> None:
    field = skin()
    finds = scattered(field, 400, 1)
    rng = np.random.default_rng(2)
    sizes = Finds(finds.x_px, finds.y_px, rng.normal(0.3, 0.05, 400), finds.worth, finds.sized)
    told = mean_diameter(ground(field), sizes, scale_se=0.01)
    assert told
    assert told.value == pytest.approx(0.3, rel=0.02)
    assert told.low < 0.3 < told.high
    assert 0.015 < (told.high - told.value) / told.value < 0.12


def test_a_handful_of_pores_has_no_mean() -> None:
    field = skin()
    assert mean_diameter(ground(field), scattered(field, 3, 1), scale_se=0.01) is None
