"""The card: its drawing, and what is told from photos of it. The photos are simulated, with the truth beside them."""

from itertools import combinations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.card_photos import Shot, shoot

from pellucid.model.errors import InputError
from pellucid.vision import card_marks
from pellucid.vision.card_colours import LARGEST_DELTA_E, LARGEST_FALL, LARGEST_TONE, CardColours
from pellucid.vision.card_find import CardFound, find_card
from pellucid.vision.card_layout import (
    CARD,
    CARD_TARGET,
    MARKS,
    NEUTRAL,
    PATCHES,
    RULER,
    TILE,
    TILE_TARGET,
    WHITES,
    WINDOW,
    Box,
    Target,
    card_cover,
    card_raster,
    wedges,
)
from pellucid.vision.card_marks import Points, find_marks, projected
from pellucid.vision.photo import Photo

PLAIN = shoot()
HALF = (0.0, 0.0, 26.0, 48.0)
"""The left half of a photo of 52 x 48 mm."""


def found(shot: Shot, ruler_mm: float | None = None) -> CardFound:
    card = find_card(shot.photo, ruler_mm=ruler_mm)
    assert card is not None
    return card


def scale_error(card: CardFound, shot: Shot) -> float:
    return card.px_per_mm / shot.px_per_mm - 1


def misplaced_mm(card: CardFound, shot: Shot) -> float:
    """How far off the place on the card is that the middle of the photo is said to show."""
    there = projected(np.linalg.inv(card.mm_to_px).astype(float), np.array([shot.middle]))[0]
    return float(np.hypot(*(there - shot.to_mm(shot.middle))))


def outline(card: CardFound) -> Points:
    """(4, 2): the card's corners in the photo, from its top left on clockwise."""
    return projected(card.mm_to_px, CARD.corners() * card.print_size)


# --- the drawing ------------------------------------------------------------------------------------------------


def overlap(one: Box, other: Box) -> bool:
    apart = (
        one.x + one.width <= other.x,
        other.x + other.width <= one.x,
        one.y + one.height <= other.y,
        other.y + other.height <= one.y,
    )
    return not any(apart)


def test_nothing_on_the_card_lies_over_anything_else() -> None:
    figures = [Box(*each.min(axis=0), *np.ptp(each, axis=0)) for each in wedges()]
    boxes = [*(mark.box for mark in MARKS), *(patch.box for patch in PATCHES), *WHITES, WINDOW]
    boxes.append(Box(RULER.x, RULER.y, RULER.width, 1.6))
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    assert not [pair for pair in ((box, figure) for box in boxes for figure in figures) if overlap(*pair)]
    assert all(CARD.corners().min() <= box.corners().min() for box in boxes)
    assert all((box.corners().max(axis=0) <= (CARD.width, CARD.height)).all() for box in [*boxes, *figures])


def test_each_mark_has_a_white_margin_of_a_cell() -> None:
    for target, others in ((CARD_TARGET, [patch.box for patch in PATCHES]), (TILE_TARGET, [])):
        boxes = [mark.box for mark in target.marks]
        cell = 0.75 * boxes[0].width / target.cells
        for box in boxes:
            wide = Box(box.x - cell, box.y - cell, box.width + 2 * cell, box.height + 2 * cell)
            assert not [other for other in [*boxes, *others] if other is not box and overlap(wide, other)]
    assert all((mark.box.corners().max(axis=0) < (TILE.width, TILE.height)).all() for mark in TILE_TARGET.marks)


def test_the_card_has_24_patches_of_which_6_are_grey() -> None:
    assert len({patch.colour for patch in PATCHES}) == 24
    greys = [patch.colour for patch in PATCHES if len(set(patch.colour)) == 1]
    assert len(greys) == len(NEUTRAL) == 6
    assert 226 <= max(greys)[0] <= 240
    assert 40 <= min(greys)[0] <= 60


@pytest.mark.parametrize("dots_per_mm", [7.3, 20.0])
def test_the_raster_shows_every_patch_in_its_colour(dots_per_mm: float) -> None:
    raster = card_raster(dots_per_mm)
    assert raster.shape == (round(54 * dots_per_mm), round(86 * dots_per_mm), 3)
    for patch in PATCHES:
        x, y = ((patch.box.corners().mean(axis=0)) * dots_per_mm).astype(int)
        assert tuple(raster[y, x]) == patch.colour


def test_a_pixel_on_an_edge_holds_the_mean_of_the_light() -> None:
    mark = MARKS[0].box
    dots_per_mm = 2.5  # the mark's left edge, at 7 mm, lies in the middle of pixel 17
    level = int(card_raster(dots_per_mm)[round((mark.y + 0.3) * dots_per_mm), 17, 0])
    assert abs(level - 188) <= 1  # half the light of paper


def test_the_window_is_where_there_is_no_card() -> None:
    assert (1 - card_cover(9.7)).sum() / 9.7**2 == pytest.approx(25 * 25, rel=1e-5)


def test_every_mark_of_the_raster_is_found_to_a_hundredth_of_a_millimetre() -> None:
    card = find_card(Photo("raster", card_raster(15)))
    assert card is not None
    assert card.marks == len(MARKS)
    assert card.px_per_mm == pytest.approx(15, rel=2e-4)
    assert np.abs((outline(card) + 0.5) / 15 - CARD.corners()).max() < 0.01


# --- where it lies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("px_per_mm", "tilt_deg"), [(9, 0), (9, 25), (12, 8), (16, 20), (24, 25)])
def test_scale_tilt_and_place_are_right(px_per_mm: float, tilt_deg: float) -> None:
    shot = shoot(px_per_mm, tilt_deg=tilt_deg)
    card = found(shot)
    assert abs(scale_error(card, shot)) < 0.002
    assert abs(card.tilt_deg - tilt_deg) < 1.5
    assert misplaced_mm(card, shot) < 0.02


def test_half_of_the_marks_covered() -> None:
    shot = shoot(tilt_deg=18, covered_mm=HALF)
    card = found(shot)
    assert card.marks <= 6
    assert abs(scale_error(card, shot)) < 0.01
    assert abs(card.tilt_deg - 18) < 3


def test_a_card_upside_down_or_mirrored_is_found_too() -> None:
    shot = shoot(tilt_deg=15)
    plain, pixels = found(shot), np.asarray(shot.photo.pixels, np.uint8)
    for turned in (pixels[::-1, ::-1], pixels[:, ::-1], np.rot90(pixels)):
        card = find_card(Photo("turned", turned.copy()))
        assert card is not None
        assert card.px_per_mm == pytest.approx(plain.px_per_mm, rel=1e-3)
        assert card.tilt_deg == pytest.approx(plain.tilt_deg, abs=0.3)
    mirrored = find_card(Photo("mirrored", np.asarray(shot.photo.pixels[:, ::-1], np.uint8).copy()))
    assert mirrored is not None
    across = shot.photo.pixels.shape[1] - 1
    assert np.abs((across, 0) - outline(mirrored) * (1, -1) - outline(plain)).max() < 0.3


def test_a_photo_of_16_bits() -> None:
    deep = find_card(Photo("deep", PLAIN.photo.pixels.astype(np.uint16) * 257))
    assert deep is not None
    assert deep.px_per_mm == pytest.approx(found(PLAIN).px_per_mm, rel=1e-4)


def test_a_card_far_smaller_than_the_photo_is_found_at_a_second_look() -> None:
    shot = shoot(6.5, size_mm=(280.0, 100.0))
    card = found(shot)
    assert abs(scale_error(card, shot)) < 0.01
    assert misplaced_mm(card, shot) < 0.05


def test_a_bent_card_is_no_card_or_has_a_larger_error() -> None:
    flat, bent = found(PLAIN), find_card(shoot(bend_mm=0.4).photo)
    assert bent is None or bent.residual_px > 3 * flat.residual_px
    assert find_card(shoot(bend_mm=3.0).photo) is None


def test_what_the_card_covers_is_all_of_it_but_the_window() -> None:
    shot = shoot(10, size_mm=(110.0, 80.0), middle_mm=(43.0, 27.0))
    card = found(shot)
    inside, around = 25 - 2 * 0.8, (86 + 2 * 0.8) * (54 + 2 * 0.8)
    assert card.mask.sum() / 10**2 == pytest.approx(around - inside**2, rel=0.01)
    for box, covered in ((WINDOW, False), (MARKS[0].box, True)):
        x, y = projected(card.mm_to_px, box.corners()).mean(axis=0).astype(int)
        assert card.mask[y, x] == covered


# --- where there is none ------------------------------------------------------------------------------------------


def text_page() -> NDArray[np.uint8]:
    page = np.full((1200, 900, 3), 235, np.uint8)
    for row in range(40):
        words = " ".join(f"{(row * 37 + word * 101) % 9973:x}QRB" for word in range(9))
        cv2.putText(page, words, (20, 40 + 28 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2)
    return page


def other_marks() -> NDArray[np.uint8]:
    """Marks of the same code book that belong to someone else's card."""
    page = np.full((600, 900), 255, np.uint8)
    book = CARD_TARGET.code_book()
    for place in range(6):
        page[50:150, 30 + 140 * place : 130 + 140 * place] = cv2.aruco.generateImageMarker(book, 50 + place, 100)
    return np.stack([page] * 3, axis=-1)


def shuffled_marks() -> NDArray[np.uint8]:
    """The card's own marks, anywhere."""
    page = np.full((700, 700), 255, np.uint8)
    for place, (x, y) in enumerate([(50, 50), (510, 80), (80, 500), (300, 260), (520, 540)]):
        page[y : y + 100, x : x + 100] = cv2.aruco.generateImageMarker(CARD_TARGET.code_book(), 16 + place, 100)
    return np.stack([page] * 3, axis=-1)


def noise() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 255, (700, 900, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    "pixels",
    [
        text_page(),
        other_marks(),
        shuffled_marks(),
        noise(),
        np.full((300, 300, 3), 128, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
    ],
    ids=["text", "others", "shuffled", "noise", "constant", "one pixel"],
)
def test_no_card_where_there_is_none(pixels: NDArray[np.uint8]) -> None:
    assert find_card(Photo("none", pixels)) is None


def test_marks_that_only_fit_together_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = find_marks(PLAIN.photo)
    assert seen is not None
    quads = dict(zip(seen.ids, seen.photo_px.reshape(-1, 4, 2), strict=True))

    def fit(target: Target, found: dict[int, Points]) -> tuple[NDArray[np.float64], float] | None:
        return (np.eye(3), 9.0) if len(found) == len(quads) else None

    monkeypatch.setattr(card_marks, "_fit", fit)
    agreeing = card_marks._agreeing(CARD_TARGET, quads)
    assert agreeing is not None
    assert set(agreeing[1].ids) == set(quads)


def test_one_mark_alone_is_too_little() -> None:
    assert find_card(shoot(size_mm=(12.0, 12.0), middle_mm=(44.0, 10.0)).photo) is None


# --- how large the print is -------------------------------------------------------------------------------------


def test_a_print_that_was_measured_gives_true_millimetres_and_a_smaller_error() -> None:
    plain, measured = found(PLAIN), found(PLAIN, ruler_mm=48.5)
    assert measured.print_size == pytest.approx(0.97)
    assert measured.px_per_mm == pytest.approx(plain.px_per_mm / 0.97)
    assert 0.005 < measured.relative_se < plain.relative_se < 0.02
    end = projected(measured.mm_to_px, np.array([(86 * 0.97, 54 * 0.97)]))
    assert np.abs(end - outline(plain)[2]).max() < 1e-6


@pytest.mark.parametrize("ruler_mm", [0.0, 5.0, 39.0, 63.0, -50.0, float("nan")])
def test_a_ruler_that_can_not_be_is_refused(ruler_mm: float) -> None:
    with pytest.raises(InputError, match="measure it again"):
        find_card(PLAIN.photo, ruler_mm=ruler_mm)


# --- colour -----------------------------------------------------------------------------------------------------

CAMERA = np.array([[0.55, 0.12, 0.03], [0.06, 0.50, 0.04], [0.01, 0.10, 0.36]])
"""Warm light, and colours that mix."""


def test_the_matrix_undoes_the_camera() -> None:
    colours = found(shoot(camera=CAMERA)).colours
    assert colours is not None
    assert np.abs(colours.matrix @ CAMERA - np.eye(3)).max() < 0.05
    assert colours.delta_e < 2
    assert colours.trusted
    assert colours.patches == 24
    assert colours.tone_slope == pytest.approx(1, abs=0.03)


def test_light_that_falls_off_is_evened_out() -> None:
    even, uneven = found(PLAIN).colours, found(shoot(uneven=0.5)).colours
    assert even is not None
    assert uneven is not None
    assert even.light_slope < 0.03
    assert 0.25 < uneven.light_slope < 0.6
    assert uneven.delta_e < 2
    assert uneven.trusted


def test_a_tone_curve_of_the_camera_s_own_is_noticed() -> None:
    pixels = PLAIN.photo.pixels
    steeper = np.rint(255 * (np.arange(256) / 255) ** 1.3).astype(np.uint8)[pixels]
    card = found(Shot(Photo("steep", steeper), np.eye(3), 0))
    assert card.colours is not None
    assert 1.2 < card.colours.tone_slope < 1.45
    assert card.matrix is None


def test_light_that_falls_off_steeply_leaves_no_colours_to_trust() -> None:
    card = found(shoot(uneven=1.4))
    assert card.colours is not None
    assert card.colours.light_slope > LARGEST_FALL
    assert card.matrix is None


@pytest.mark.parametrize(
    ("delta_e", "tone_slope", "light_slope", "trusted"),
    [
        (3.0, 1.0, 0.1, True),
        (LARGEST_DELTA_E, 1 + 0.9 * LARGEST_TONE, LARGEST_FALL, True),
        (LARGEST_DELTA_E + 0.1, 1.0, 0.0, False),
        (3.0, 1.01 + LARGEST_TONE, 0.0, False),
        (3.0, 0.99 - LARGEST_TONE, 0.0, False),
        (3.0, 1.0, LARGEST_FALL + 0.01, False),
    ],
)
def test_colours_are_trusted_within_limits(
    delta_e: float, tone_slope: float, light_slope: float, trusted: bool
) -> None:
    assert CardColours(np.eye(3), delta_e, tone_slope, light_slope, 24).trusted == trusted


@pytest.mark.parametrize("camera", [2.5 * np.eye(3), np.diag([0.75, 0.0, 0.75])], ids=["clipped", "no green"])
def test_colours_that_can_not_be_read_give_no_matrix(camera: NDArray[np.float64]) -> None:
    assert found(shoot(camera=camera)).matrix is None


def test_a_card_printed_in_grey_gives_no_colours() -> None:
    grey = np.repeat(cv2.cvtColor(PLAIN.photo.pixels, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2).astype(np.uint8)
    assert found(Shot(Photo("grey", grey), PLAIN.mm_to_px, 0)).matrix is None


def test_covered_patches_are_left_out() -> None:
    colours = found(shoot(covered_mm=(0.0, 0.0, 52.0, 14.0))).colours
    assert colours is not None
    assert 12 <= colours.patches < 22
    assert np.abs(0.75 * colours.matrix - np.eye(3)).max() < 0.06
