"""Pictures of measured photos and of two visits: what is drawn lies where it was measured, and every size works."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest

from pellucid.exchange.printable import FONTS
from pellucid.model.change import Change, PorePair
from pellucid.model.photo import PhotoMeasurement, PhotoQuality, Pore
from pellucid.vision import drawing
from pellucid.vision.card_find import find_card
from pellucid.vision.drawing import Fonts, Picture
from pellucid.vision.load import load
from pellucid.vision.overlay import (
    PLUG_COLOURS,
    ColourBy,
    OverlayWords,
    card_in,
    colours,
    density_map,
    nice_top,
    overlay,
)
from pellucid.vision.overlay_strip import MARK, StripWords, strip
from pellucid.vision.photo import Photo

BUNDLED = Fonts(FONTS / "PellucidSans-Regular.ttf", FONTS / "PellucidSansTC-Regular.otf")
WORDS = OverlayWords(
    title="cheek.jpg",
    legend="Diameter (mm)",
    density="Pores a cm²",
    presence="there, too small to size",
    plugs={plug: plug for plug in PLUG_COLOURS},
    scale_bar="{n} mm",
    lines=("3 found",),
)
EXAMPLES = Path(__file__).parents[2] / "examples" / "photos"
SQUARE = (980, 980)
"""Height and width of the photos there."""
SHOWN = (1200, 1600)
"""Height and width of a photo that is neither shrunk nor enlarged."""
STRIP = StripWords("Before", "After", "{n} mm", "the same pores", ("No detectable change.",))
QUALITY = PhotoQuality(20.0, "given", 0.01, None, 1.2, 0.01, 0.0, 0.0, 1.0, 0.12, 0.2)
SKIN = (200, 160, 140)


def pore(x: float, y: float, diameter_mm: float = 0.3, **other: object) -> Pore:
    usual = Pore(x, y, diameter_mm, 0.02, 1.4, 0.1, 30.0, 9.0, "oval", "dark", 0.9, 0.1)
    return replace(usual, **other)  # type: ignore[arg-type]


def shown(*pores: Pore, px_per_mm: float | None = 20.0) -> PhotoMeasurement:
    return PhotoMeasurement("cheek.jpg", replace(QUALITY, px_per_mm=px_per_mm), pores)


def photo(height: int = 1200, width: int = 1600, kind: type[np.uint8] | type[np.uint16] = np.uint8) -> Photo:
    if kind is np.uint16:
        return Photo("cheek.jpg", np.full((height, width, 3), SKIN, np.uint16) * 257)
    return Photo("cheek.jpg", np.full((height, width, 3), SKIN, np.uint8))


def left_part(picture: Picture, size: tuple[int, int]) -> Picture:
    """The photo in a picture: it stands on the left, with the ground around it."""
    height, width = size
    inside = (picture != np.array(drawing.GROUND)).any(axis=2)
    columns = np.flatnonzero(inside[:, : width + 60].sum(axis=0) >= 0.9 * height)
    rows = np.flatnonzero(inside[:, columns[0] : columns[0] + width].all(axis=1))
    return picture[rows[0] : rows[0] + height, columns[0] : columns[0] + width]


def drawn(picture: Picture) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Where a photo of one colour was drawn on, apart from the scale bar in its corner."""
    grounds = drawing.dimmed(np.full((1, 1, 3), SKIN, np.uint8))[0, 0].astype(int)
    marked = (np.abs(picture.astype(int) - grounds) > 12).any(axis=2)
    marked[-marked.shape[0] // 8 :, : marked.shape[1] // 3] = False
    return np.asarray(marked)


def test_each_ring_lies_around_its_pore() -> None:
    found = shown(pore(300.0, 200.0), pore(700.0, 500.0, 0.5))
    marked = drawn(left_part(overlay(photo(), found, WORDS, BUNDLED), SHOWN))
    count, _, boxes, middles = cv2.connectedComponentsWithStats(marked.astype(np.uint8))
    assert count == 3  # the ground and two rings
    np.testing.assert_allclose(middles[1:], [(300, 200), (700, 500)], atol=1.0)
    assert boxes[2, cv2.CC_STAT_WIDTH] > boxes[1, cv2.CC_STAT_WIDTH] > 0.3 * 20


def test_a_ring_leaves_the_pore_to_be_seen() -> None:
    marked = drawn(left_part(overlay(photo(), shown(pore(300.0, 200.0, 0.6)), WORDS, BUNDLED), SHOWN))
    assert not marked[200, 300]


def test_a_long_pore_has_a_ring_along_its_axis() -> None:
    found = shown(pore(500.0, 400.0, 0.8, aspect=2.5, angle_deg=30.0))
    marked = drawn(left_part(overlay(photo(), found, WORDS, BUNDLED), SHOWN))
    rows, columns = np.nonzero(marked)
    spread = np.linalg.eigh(np.cov(columns, rows))[1][:, 1]
    assert np.degrees(np.arctan2(spread[1], spread[0])) % 180 == pytest.approx(30, abs=3)


@pytest.mark.parametrize("by", get_args(ColourBy))
def test_a_photo_without_pores_can_be_drawn(by: ColourBy) -> None:
    assert not drawn(left_part(overlay(photo(), shown(), WORDS, BUNDLED, colour_by=by), SHOWN)).any()


def test_large_photos_are_shrunk_and_small_ones_enlarged() -> None:
    large = overlay(photo(3000, 4000), shown(pore(2000.0, 1500.0)), WORDS, BUNDLED)
    assert large.shape[1] < 4000
    marked = drawn(left_part(large, (1800, 2400)))
    rows, columns = np.nonzero(marked)
    assert (columns.mean(), rows.mean()) == pytest.approx((1200, 900), abs=1.5)
    small = overlay(photo(200, 200), shown(pore(100.0, 100.0)), WORDS, BUNDLED)
    assert small.shape[0] > 600


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 2000), (2000, 3)])
def test_photos_of_any_shape_can_be_drawn(height: int, width: int) -> None:
    for by in get_args(ColourBy):
        picture = overlay(photo(height, width), shown(pore(0.0, 0.0)), WORDS, BUNDLED, colour_by=by)
        assert picture.dtype == np.uint8
    assert strip(photo(height, width), photo(5, 5), Change((), ()), STRIP, BUNDLED).ndim == 3


def test_sixteen_bits_look_like_eight() -> None:
    found = shown(pore(300.0, 200.0))
    eight, sixteen = (overlay(photo(300, 400, kind), found, WORDS, BUNDLED) for kind in (np.uint8, np.uint16))
    np.testing.assert_array_equal(eight, sixteen)


def test_the_same_measurement_gives_the_same_bytes() -> None:
    found = shown(pore(300.0, 200.0))
    first, second = (drawing.png(overlay(photo(), found, WORDS, BUNDLED)) for _ in range(2))
    assert first == second
    read = cv2.imdecode(np.frombuffer(first, np.uint8), cv2.IMREAD_COLOR)
    assert read is not None
    assert tuple(read[1, 1, ::-1]) == drawing.GROUND


def test_a_photo_that_was_refused_is_shown_with_why() -> None:
    words = replace(WORDS, lines=("No pores were measured.", "It is too far away. " * 20))
    plain, told = (overlay(photo(), shown(px_per_mm=None), each, BUNDLED) for each in (WORDS, words))
    assert told.shape[0] > plain.shape[0]
    assert not drawn(left_part(told, SHOWN)).any()


def test_han_is_drawn_and_wrapped() -> None:
    words = replace(WORDS, title="臉頰.jpg", legend="直徑（毫米）", lines=("沒有測量毛孔。" * 40,))
    picture = overlay(photo(), shown(pore(300.0, 200.0)), words, BUNDLED)
    assert picture.shape[0] > overlay(photo(), shown(pore(300.0, 200.0)), WORDS, BUNDLED).shape[0]


def test_colours_of_sizes_grow_lighter_with_size() -> None:
    sizes = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9)
    light = [sum(each) for each in colours(tuple(pore(0, 0, size) for size in sizes), "size")]
    assert light == sorted(light)
    assert light[0] == light[1]
    assert light[-1] == light[-2]


def test_colours_of_plugs_differ_in_lightness_too() -> None:
    grey = sorted(0.3 * red + 0.59 * green + 0.11 * blue for red, green, blue in PLUG_COLOURS.values())
    assert min(np.diff(grey)) > 5


GRID = tuple(pore(x, y, confidence=1.0) for x in range(5, 400, 10) for y in range(5, 400, 10))
"""One on each half millimetre squared: 400 a square centimetre."""


def test_the_map_of_pores_spread_evenly_is_flat_up_to_the_outermost() -> None:
    heat = density_map(shown(*GRID), (400, 600), 1.0)
    assert heat is not None
    inside = heat[6:394, 6:394]
    assert float(inside.max() / inside.min()) < 1.1
    assert float(inside.mean()) == pytest.approx(400, rel=0.05)


def test_the_map_tells_nothing_beyond_the_outermost_pores() -> None:
    heat = density_map(shown(*GRID), (400, 600), 1.0)
    assert heat is not None
    assert not heat[:, 396:].any()


def test_the_map_leaves_the_card_out() -> None:
    card = np.zeros((400, 600), np.bool_)
    card[150:250, 100:300] = True
    heat = density_map(shown(*GRID), (400, 600), 1.0, card)
    assert heat is not None
    assert not heat[card].any()
    assert heat[100, 200] > 0


def test_unsure_pores_weigh_less_on_the_map() -> None:
    sure, unsure = (
        density_map(shown(*(replace(each, confidence=share) for each in GRID)), (400, 400), 1.0) for share in (0.8, 0.4)
    )
    assert sure is not None
    assert unsure is not None
    np.testing.assert_allclose(sure, 2 * unsure, rtol=1e-4)


def test_a_card_covers_its_window_too_where_no_pore_lies_in_it() -> None:
    told = load(EXAMPLES / "cheek.jpg")
    card = find_card(told)
    assert card is not None
    rows, columns = np.nonzero(card.window)
    places = [(float(columns[at]), float(rows[at])) for at in (0, len(rows) // 2, -1)]
    outside = [(5.0, 5.0), (970.0, 5.0), (970.0, 970.0), (5.0, 970.0)]
    quality = replace(QUALITY, scale_method="card")
    found = PhotoMeasurement("cheek.jpg", quality, tuple(pore(*place) for place in (*places, *outside)))
    covered = card_in(told, found, SQUARE)
    assert covered is not None
    np.testing.assert_array_equal(covered, card.mask)
    beside = card_in(told, replace(found, pores=found.pores[3:]), SQUARE)
    assert beside is not None
    assert beside[card.window].all()
    assert card_in(told, replace(found, quality=QUALITY), SQUARE) is None


def test_one_pore_is_no_crowd() -> None:
    heat = density_map(shown(pore(100.0, 100.0)), (200, 200), 1.0)
    assert heat is not None
    assert float(heat.max()) < 50


def test_without_pores_there_is_no_map() -> None:
    assert density_map(shown(), (10, 10), 1.0) is None


@pytest.mark.parametrize(("value", "top"), [(0.0, 1e-6), (0.7, 0.8), (61, 80), (212, 300), (1000, 1000)])
def test_scales_end_with_a_round_number(value: float, top: float) -> None:
    assert nice_top(value) == pytest.approx(top)


@pytest.mark.parametrize(("px_per_mm", "most"), [(20.0, 250.0), (3.3, 250.0), (140.0, 600.0), (1000.0, 100.0)])
def test_the_scale_bar_is_as_long_as_it_says(px_per_mm: float, most: float) -> None:
    picture = drawing.ground(400, 800)
    millimetres, y = drawing.scale_bar(picture, px_per_mm, most)
    white = np.flatnonzero((picture[y + 1] == 255).all(axis=1))
    assert len(white) - 1 == round(millimetres * px_per_mm)
    assert most / 2.5 <= len(white) <= most + 2
    assert f"{millimetres:e}"[0] in "125"


# --- two visits -------------------------------------------------------------------------------------------


def visits(count: int = 40) -> Change:
    rng = np.random.default_rng(2)
    before = rng.uniform(150, 850, (count, 2))
    turn = cv2.getRotationMatrix2D((500, 450), 20, 1.2)
    after = before @ turn[:, :2].T + turn[:, 2]
    places = np.hstack([before, after]).tolist()
    pairs = tuple(PorePair(x, y, 6.0, x_after, y_after, 7.2) for x, y, x_after, y_after in places)
    return Change((shown(),), (shown(),), pairs=pairs, compared_pores=count)


def marks(picture: Picture) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.asarray((np.abs(picture.astype(int) - np.array(MARK)) < 8).all(axis=2))


def test_both_visits_lie_alike_and_show_the_same_pores() -> None:
    picture = strip(photo(), photo(), visits(), STRIP, BUNDLED)
    half = picture.shape[1] // 2
    left, right = marks(picture[:, :half]), marks(picture[:, half:])
    assert left.sum() > 500
    shift = np.median(np.nonzero(right)[1]) - np.median(np.nonzero(left)[1])
    assert abs(np.median(np.nonzero(right)[0]) - np.median(np.nonzero(left)[0])) <= 2
    moved = np.roll(right, -round(float(shift)), axis=1)[:, : left.shape[1]]
    assert (left & moved).sum() > 0.7 * left.sum()


def test_without_pairs_both_photos_are_shown_whole() -> None:
    refused = replace(visits(), pairs=())
    picture = strip(photo(), photo(600, 1600), refused, STRIP, BUNDLED)
    assert not marks(picture).any()
    assert picture.shape[1] > 2000


def test_a_long_sentence_is_wrapped_below_the_visits() -> None:
    long = replace(STRIP, lines=("Pores look smaller. " * 40,))
    assert (
        strip(photo(), photo(), visits(), long, BUNDLED).shape[0]
        > strip(photo(), photo(), visits(), STRIP, BUNDLED).shape[0]
    )


def test_fonts_are_where_the_package_has_them() -> None:
    assert Path(BUNDLED.latin).is_file()
    assert Path(BUNDLED.han).is_file()
