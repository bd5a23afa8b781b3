import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pellucid.vision import network
from pellucid.vision.candidates import measure_spots
from pellucid.vision.detect import Found, find_pores
from pellucid.vision.network import answer, sheet
from pellucid.vision.photo import Field, Plane
from pellucid.vision.raster import FINEST_PX_PER_MM, make_raster

PX_PER_MM = 16.0
NOISE = 0.006


def level(side: int = 320, px_per_mm: float = PX_PER_MM) -> Field:
    plane = np.full((side, side), 1.2, np.float32)
    return Field(plane, np.full_like(plane, 0.4), np.ones(plane.shape, bool), px_per_mm, 1.0, NOISE)


def noisy(field: Field, seed: int = 3) -> Field:
    rng = np.random.default_rng(seed)
    dark = field.absorbance + np.float32(field.noise) * rng.standard_normal(field.skin.shape).astype(np.float32)
    red = field.redness + np.float32(field.noise) * rng.standard_normal(field.skin.shape).astype(np.float32)
    return replace(field, absorbance=dark, redness=red)


def pitted(field: Field, *, contrast: float = 0.25, diameter_mm: float = 0.28, apart_mm: float = 1.6) -> Field:
    dark, red = field.absorbance.copy(), field.redness.copy()
    for x, y in places(field, apart_mm):
        mouth = disc(field, x, y, diameter_mm)
        dark += np.float32(contrast) * mouth
        red += np.float32(contrast * 0.2) * mouth
    return noisy(replace(field, absorbance=dark, redness=red))


def places(field: Field, apart_mm: float = 1.6) -> NDArray[np.float64]:
    rng = np.random.default_rng(11)
    step = apart_mm * field.px_per_mm
    grid = np.arange(step, field.skin.shape[0] - step / 2, step)
    x, y = np.meshgrid(grid, grid)
    return np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.2, 0.2, (x.size, 2)) * step


def disc(field: Field, x: float, y: float, diameter_mm: float) -> Plane:
    row, column = np.indices(field.skin.shape)
    away = np.hypot(column - x, row - y)
    radius = diameter_mm / 2 * field.px_per_mm
    return np.asarray(
        cv2.GaussianBlur(np.clip(radius - away + 0.5, 0, 1).astype(np.float32), (0, 0), field.psf_sigma_px), np.float32
    )


def near(found: Found, wanted: NDArray[np.float64], reach: float) -> NDArray[np.bool_]:
    gaps = np.hypot(found.x_px - wanted[:, :1], found.y_px - wanted[:, 1:])
    return np.asarray((gaps < reach).any(axis=1))


class TestFindPores:
    @pytest.mark.parametrize("px_per_mm", [10.0, 16.0, 33.0])
    def test_finds_clear_pores_where_they_are(self, px_per_mm: float) -> None:
        field = level(round(18 * px_per_mm), px_per_mm)
        wanted = places(field)
        found = find_pores(pitted(field))
        assert near(found, wanted, 0.05 * px_per_mm).mean() > 0.95
        assert len(found) <= 1.05 * len(wanted)

    def test_says_each_pore_once_most_certain_first(self) -> None:
        found = find_pores(pitted(level()))
        gaps = np.hypot(np.subtract.outer(found.x_px, found.x_px), np.subtract.outer(found.y_px, found.y_px))
        assert (gaps + 99 * np.eye(len(found)) > 0.2 * PX_PER_MM).all()
        assert (np.diff(found.confidence) <= 0).all()
        assert ((found.confidence > 0) & (found.confidence <= 1)).all()

    def test_size_is_fit_to_start_from(self) -> None:
        found = find_pores(pitted(level(), diameter_mm=0.35))
        assert np.median(found.diameter_px) / PX_PER_MM == pytest.approx(0.35, rel=0.35)

    def test_whitish_pores_are_marked(self) -> None:
        found = find_pores(pitted(level(), contrast=-0.25))
        assert found.lighter.all()
        assert not find_pores(pitted(level())).lighter.any()


class TestNothingThere:
    def test_level_skin(self) -> None:
        assert len(find_pores(level())) == 0

    @pytest.mark.parametrize("noise", [0.003, 0.01, 0.03, 0.08])
    @pytest.mark.parametrize("px_per_mm", [9.0, 16.0, 30.0])
    def test_noise_alone(self, noise: float, px_per_mm: float) -> None:
        field = noisy(replace(level(512, px_per_mm), noise=noise))
        assert len(find_pores(field)) <= 0.5 * (512 / px_per_mm / 10) ** 2

    def test_black_background(self) -> None:
        field = pitted(level())
        half = field.skin.copy()
        half[:, 160:] = False
        dark = np.where(half, field.absorbance, np.float32(np.log(4096)))
        found = find_pores(replace(field, absorbance=dark, skin=half))
        assert len(found) > 0
        assert (found.x_px < 160).all()

    def test_no_skin(self) -> None:
        field = pitted(level())
        assert len(find_pores(replace(field, skin=np.zeros_like(field.skin)))) == 0

    @pytest.mark.parametrize("shape", [(1, 1), (1, 40), (7, 3)])
    def test_tiny_photo(self, shape: tuple[int, int]) -> None:
        plane = np.ones(shape, np.float32)
        assert len(find_pores(Field(plane, plane, np.ones(shape, bool), PX_PER_MM, 1.0, NOISE))) == 0

    def test_shading_and_a_step_of_light(self) -> None:
        field = noisy(level())
        ramp = np.linspace(0, 1, 320, dtype=np.float32) ** 2 + 0.3 * (np.arange(320) > 150)
        found = find_pores(replace(field, absorbance=field.absorbance + ramp.astype(np.float32)))
        assert len(found) <= 1


class TestTurned:
    @pytest.mark.parametrize(
        ("turn", "back"),
        [
            (np.fliplr, lambda x, y, side: (side - x, y)),
            (np.flipud, lambda x, y, side: (x, side - y)),
            (np.rot90, lambda x, y, side: (side - y, x)),
        ],
    )
    @pytest.mark.parametrize("side", [320, 331])
    def test_turned_photo_gives_turned_pores(
        self,
        turn: Callable[[NDArray[np.generic]], NDArray[np.generic]],
        back: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]],
        side: int,
    ) -> None:
        field = pitted(level(side))
        dark, red, skin = (np.ascontiguousarray(turn(part)) for part in (field.absorbance, field.redness, field.skin))
        turned = replace(field, absorbance=dark, redness=red, skin=skin)
        first, second = find_pores(field), find_pores(turned)
        x, y = back(second.x_px, second.y_px, side - 1)
        assert near(replace(first), np.column_stack([x, y]), 0.5).mean() > 0.97
        assert near(replace(second, x_px=x, y_px=y), np.column_stack([first.x_px, first.y_px]), 0.5).mean() > 0.97


class TestRaster:
    @pytest.mark.parametrize("px_per_mm", [9.3, 16.0, 27.7, 40.0])
    def test_never_finer_than_needed_and_positions_come_back(self, px_per_mm: float) -> None:
        field = level(401, px_per_mm)
        field.absorbance[100:110, 200:210] += 1
        raster = make_raster(field)
        assert raster.px_per_mm <= FINEST_PX_PER_MM * 1.01
        row, column = np.nonzero(raster.absorbance > raster.absorbance.max() / 2)
        x, y = raster.to_photo(column.mean(), row.mean())
        assert (x, y) == pytest.approx((204.5, 104.5), abs=0.6)

    def test_contrast_is_absolute(self) -> None:
        field = pitted(level())
        assert make_raster(field).absorbance.max() == pytest.approx(0.25, abs=0.08)
        brighter = replace(field, absorbance=field.absorbance - np.float32(0.3))
        assert np.allclose(make_raster(brighter).absorbance, make_raster(field).absorbance, atol=1e-4)

    def test_what_is_no_skin_leaves_no_trace(self) -> None:
        field = level()
        field.skin[:, :100] = False
        field.absorbance[:, :100] = 8
        assert np.abs(make_raster(field).absorbance).max() < 1e-3


class TestSpots:
    @pytest.mark.parametrize("contrast", [0.2, -0.2])
    @pytest.mark.parametrize("diameter_mm", [0.25, 0.4])
    def test_contrast_and_size_of_a_disc(self, contrast: float, diameter_mm: float) -> None:
        field = replace(level(), psf_sigma_px=0.5)
        field.absorbance[:] += np.float32(contrast) * disc(field, 160, 160, diameter_mm)
        there = np.array([160.0])
        spots = measure_spots(make_raster(field), there, there, np.array([0.3 * PX_PER_MM]))
        assert spots.diameter[0] / PX_PER_MM == pytest.approx(diameter_mm, rel=0.3)
        assert spots.contrast[0] == pytest.approx(contrast, rel=0.35)
        assert spots.stand_out.all()

    def test_floor_rises_with_the_noise(self) -> None:
        field = level()
        field.absorbance[:] += np.float32(0.05) * disc(field, 160, 160, 0.2)
        there, size = np.array([160.0]), np.array([0.2 * PX_PER_MM])
        assert measure_spots(make_raster(field), there, there, size).stand_out.all()
        loud = replace(field, noise=0.2)
        assert not measure_spots(make_raster(loud), there, there, size).stand_out.any()


class TestNetwork:
    def test_file_is_the_one_that_the_sheet_speaks_of(self) -> None:
        held = (files("pellucid.vision") / "data" / sheet()["file"]).read_bytes()
        assert hashlib.sha256(held).hexdigest() == sheet()["sha256"]
        assert len(held) < 2_000_000

    def test_tiles_leave_no_seam(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raster = make_raster(pitted(level(640)))
        whole = answer(raster)
        monkeypatch.setattr(network, "_TILE", 256)
        tiled = answer(raster)
        assert np.abs(tiled.logit - whole.logit).max() < 0.25

    @pytest.mark.parametrize("towards", [(0, 1), (0, -1), (1, 0), (-1, 0)])
    def test_what_is_likelier_beyond_the_skin_is_no_peak_on_its_edge(
        self, towards: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def rising(tile: Plane) -> Plane:
            rows, columns = np.indices((tile.shape[1] // network.CELL, tile.shape[2] // network.CELL))
            return np.stack([1000 + towards[0] * rows + towards[1] * columns, 0 * rows]).astype(np.float32)

        monkeypatch.setattr(network, "_run", rising)
        skin = np.zeros((320, 320), bool)
        skin[80:200, 96:201] = True
        x, y, _, _ = answer(replace(make_raster(level()), skin=skin)).peaks(0)
        assert len(x)
        assert not skin[np.rint(y).astype(int), np.rint(x).astype(int)].any()
