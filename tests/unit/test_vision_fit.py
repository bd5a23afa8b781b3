"""Sizes, stretch and direction that are fitted to pores drawn by other means than the model's."""

from dataclasses import replace

import numpy as np
import pytest
from tests.drawn_pores import Drawn, draw, found

from pellucid.vision.fit import Fits, fit_pores
from pellucid.vision.fit_model import own_axes, turned, views


def fitted(diameter_px: float, **form: float) -> tuple[Fits, Drawn]:
    drawn = draw(diameter_px, **form)  # type: ignore[arg-type]
    return fit_pores(drawn.field, found(drawn, diameter_px)), drawn


@pytest.mark.parametrize("diameter_px", [4, 6, 10, 20])
@pytest.mark.parametrize("softness", [0.0, 0.25])
def test_size_lies_within_eight_per_cent_whether_the_edge_is_sharp_or_soft(diameter_px: float, softness: float) -> None:
    fits, _ = fitted(diameter_px, softness=softness)
    assert np.median(fits.diameter_px) == pytest.approx(diameter_px, rel=0.08)


@pytest.mark.parametrize("blur", [0.6, 1.0, 1.8])
def test_size_hardly_moves_with_the_blur_of_the_lens(blur: float) -> None:
    fits, _ = fitted(8, blur=blur, softness=0.2)
    assert np.median(fits.diameter_px) == pytest.approx(8, rel=0.04)


def test_size_of_noisy_pores_is_right_on_average_and_the_errors_are_those_stated() -> None:
    fits, _ = fitted(6, count=144, softness=0.2, noise=0.012, grain=0.6)
    assert np.mean(fits.diameter_px) == pytest.approx(6, rel=0.05)
    off = np.abs(fits.diameter_px - np.median(fits.diameter_px)) / fits.diameter_se_px
    assert np.mean(off < 2) > 0.93


@pytest.mark.parametrize("aspect", [1.3, 2.0])
def test_aspect_and_direction_of_the_long_axis(aspect: float) -> None:
    fits, drawn = fitted(8, aspect=aspect, noise=0.01)
    assert np.median(fits.aspect) == pytest.approx(aspect, rel=0.05)
    off = np.abs((fits.angle_deg - drawn.angle_deg + 90) % 180 - 90)
    assert np.median(off) < 6


def test_round_pores_have_no_direction_and_are_told_to_have_none() -> None:
    fits, _ = fitted(8, noise=0.01)
    assert np.median(fits.aspect) < 1.05
    assert np.median(fits.angle_se_deg) > 20


def test_lighter_pores_are_fitted_as_well_as_darker_ones() -> None:
    fits, _ = fitted(8, depth=-0.1, softness=0.2)
    assert np.median(fits.diameter_px) == pytest.approx(8, rel=0.04)
    assert np.all(fits.contrast < 0)


def test_place_is_found_to_a_tenth_of_a_pixel() -> None:
    fits, drawn = fitted(8, noise=0.005)
    assert np.median(np.hypot(fits.x_px - drawn.x_px, fits.y_px - drawn.y_px)) < 0.1


def test_taper_stands_out_only_where_there_is_one() -> None:
    even, _ = fitted(12, aspect=1.4, noise=0.005)
    narrow, _ = fitted(12, aspect=1.4, taper=0.35, noise=0.005)
    assert np.mean(np.abs(even.taper) > 2 * even.taper_se) < 0.1
    assert np.mean(np.abs(narrow.taper) > 2 * narrow.taper_se) > 0.8


def test_a_slope_in_the_light_changes_nothing() -> None:
    drawn = draw(8, noise=0.005)
    slope = np.linspace(0, 1, drawn.field.absorbance.shape[1], dtype=np.float32)
    field = replace(drawn.field, absorbance=drawn.field.absorbance + slope)
    level, sloping = (fit_pores(one, found(drawn, 8)) for one in (drawn.field, field))
    np.testing.assert_allclose(sloping.diameter_px, level.diameter_px, rtol=0.01)


def test_a_pore_beside_another_keeps_its_size() -> None:
    one = draw(8, count=9)
    gap = 13.0
    both = one.field.absorbance + np.roll(one.field.absorbance, int(gap), axis=1)
    x, y = np.concatenate([one.x_px, one.x_px + gap]), np.tile(one.y_px, 2)
    pair = Drawn(replace(one.field, absorbance=both), x, y, np.tile(one.angle_deg, 2))
    inside = x < both.shape[1]
    fits = fit_pores(pair.field, found(pair, 8))
    alone = fit_pores(one.field, found(one, 8))
    assert np.median(fits.diameter_px[inside]) == pytest.approx(np.median(alone.diameter_px), rel=0.03)


def test_a_black_hair_across_the_skin_beside_it_changes_little() -> None:
    drawn = draw(8, count=9)
    dark = drawn.field.absorbance.copy()
    for y in drawn.y_px:
        dark[int(y) + 9] += 0.4
    fits = fit_pores(replace(drawn.field, absorbance=dark), found(drawn, 8))
    assert np.median(fits.diameter_px) == pytest.approx(8, rel=0.1)


def test_pixels_that_are_no_skin_do_not_count() -> None:
    drawn = draw(8, count=9)
    dark, skin = drawn.field.absorbance.copy(), drawn.field.skin.copy()
    for x, y in zip(drawn.x_px, drawn.y_px, strict=True):
        spot = slice(int(y) - 2, int(y)), slice(int(x) - 2, int(x))
        dark[spot], skin[spot] = -2, False
    fits = fit_pores(replace(drawn.field, absorbance=dark, skin=skin), found(drawn, 8))
    assert np.median(fits.diameter_px) == pytest.approx(8, rel=0.08)


def test_nothing_but_noise_keeps_finite_figures_with_large_errors() -> None:
    rng = np.random.default_rng(3)
    drawn = draw(5, count=16)
    noise = rng.normal(0, 0.02, drawn.field.absorbance.shape).astype(np.float32)
    fits = fit_pores(replace(drawn.field, absorbance=noise), found(drawn, 5))
    assert all(np.isfinite(getattr(fits, name)).all() for name in Fits.__slots__)
    assert np.median(fits.diameter_se_px / fits.diameter_px) > 0.15


def test_nothing_to_fit_gives_nothing() -> None:
    drawn = draw(5, count=1)
    nobody = found(Drawn(drawn.field, *(np.empty(0),) * 3), 5)
    assert len(fit_pores(drawn.field, nobody).x_px) == 0


def test_one_pore_at_the_very_edge_of_the_photo_is_fitted() -> None:
    drawn = draw(6, count=1)
    planes = {name: getattr(drawn.field, name)[13:, 12:] for name in ("absorbance", "redness", "skin")}
    cut = replace(drawn.field, **planes)
    edge = Drawn(cut, drawn.x_px - 12, drawn.y_px - 13, drawn.angle_deg)
    fits = fit_pores(cut, found(edge, 6))
    assert np.isfinite(fits.diameter_px).all()
    assert fits.diameter_px[0] == pytest.approx(6, rel=0.3)


def test_slopes_of_the_picture_are_its_derivatives() -> None:
    steps = np.arange(-8, 9, dtype=np.float32)
    x, y = (plane.ravel() for plane in np.meshgrid(steps, steps))
    at = np.array([[0.3, -0.2, np.log(3.0), 0.2, 0.1, -1.0], [1.0, 0.0, np.log(4.0), -0.3, 0.2, -2.0]])
    angle, _ = own_axes(at[:, 3:])
    slopes = views(at, 0.9, x, y).slopes
    for place in range(6):
        step = np.zeros(6)
        step[place] = 0.01
        measured = (views(at + step, 0.9, x, y).picture - views(at - step, 0.9, x, y).picture) / 0.02
        told = np.einsum("ni,nip->np", turned(np.tile(step * 100, (2, 1)), angle), slopes)
        np.testing.assert_allclose(told, measured, atol=2e-3)


def test_stated_errors_of_places_hold() -> None:
    fits, drawn = fitted(6, count=144, softness=0.2, noise=0.012, grain=0.6)
    for off, error in ((fits.x_px - drawn.x_px, fits.x_se_px), (fits.y_px - drawn.y_px, fits.y_se_px)):
        assert np.mean(np.abs(off) < 2 * error) > 0.93
        assert np.mean(np.abs(off) < error / 4) < 0.5


def test_errors_of_a_slanted_ovals_place_go_together_along_its_long_axis() -> None:
    fits, drawn = fitted(8, count=64, aspect=2.0, noise=0.01)
    slant = np.sin(2 * np.radians(drawn.angle_deg))
    assert np.corrcoef(slant, fits.corr_x_y)[0, 1] > 0.9
    assert np.all(fits.corr_x_y[slant > 0.5] > 0)


def test_correlations_are_between_minus_one_and_one() -> None:
    fits, _ = fitted(8, count=64, aspect=1.4, softness=0.2, noise=0.01)
    for name in ("corr_x_y", "corr_diameter_aspect", "corr_diameter_angle", "corr_aspect_angle"):
        assert np.all(np.abs(getattr(fits, name)) <= 1), name
        assert getattr(fits, name).any(), name


def test_correlations_of_size_and_stretch_are_those_of_many_fits() -> None:
    """Of the same pores in many draws of noise."""
    plain = draw(10, count=25, aspect=1.5, softness=0.2)
    rng = np.random.default_rng(4)
    noisy = [
        replace(
            plain.field,
            absorbance=plain.field.absorbance + rng.normal(0, 0.02, plain.field.skin.shape).astype(np.float32),
        )
        for _ in range(40)
    ]
    many = [fit_pores(field, found(plain, 10)) for field in noisy]
    gaps = [np.array([getattr(fits, name) for fits in many]) for name in ("diameter_px", "aspect")]
    gaps = [gap - gap.mean(axis=0) for gap in gaps]
    seen = (gaps[0] * gaps[1]).mean() / (gaps[0].std() * gaps[1].std())
    told = np.mean([fits.corr_diameter_aspect for fits in many])
    assert seen == pytest.approx(told, abs=0.15)


def test_how_many_threads_there_are_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pellucid.vision.fit.CHUNK", 16)
    fits = []
    for threads in (1, 3):
        monkeypatch.setattr("pellucid.vision.threads.THREADS", threads)
        fits.append(fitted(8, count=100, noise=0.01)[0])
    for name in Fits.__slots__:
        np.testing.assert_array_equal(getattr(fits[0], name), getattr(fits[1], name))
