"""Which scale is used, and the profile of a device that is calibrated once."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.card_photos import shoot

from pellucid.model.errors import InputError
from pellucid.vision import scale_of
from pellucid.vision.card_find import CardFound, find_card
from pellucid.vision.card_layout import TILE, TILE_TARGET, card_raster
from pellucid.vision.photo import Photo
from pellucid.vision.profile import Profile, calibrate, profile_scale, read_profile
from pellucid.vision.scale import Scale
from pellucid.vision.scale_of import find_scale

SHOT = shoot(tilt_deg=10)
BLANK = Photo("blank.png", np.full((480, 640, 3), 150, np.uint8))
PROFILE = Profile(name="Scope", px_per_mm=40.0, relative_se=0.01, width_px=640, height_px=480)


@pytest.fixture(scope="module")
def card() -> CardFound:
    card = find_card(SHOT.photo)
    assert card is not None
    return card


def blank(width: int, height: int) -> Photo:
    return Photo("blank.png", np.full((height, width, 3), 150, np.uint8))


# --- in which order -----------------------------------------------------------------------------------------------


@pytest.fixture
def eyes(monkeypatch: pytest.MonkeyPatch) -> Scale:
    """A photo with eyes."""
    scale = Scale(5.0, 0.05, "iris")
    monkeypatch.setattr(scale_of, "find_iris_scale", lambda _: scale)
    return scale


def test_the_card_comes_first_with_its_tilt_and_plane(card: CardFound, eyes: Scale) -> None:
    for given in (None, card.px_per_mm, PROFILE.model_copy(update={"width_px": 624, "height_px": 576})):
        scale = find_scale(SHOT.photo, given, card)
        assert scale is not None
        assert (scale.method, scale.px_per_mm) == ("card", card.px_per_mm)
        assert scale.tilt_deg == pytest.approx(10, abs=1)
        assert scale.mm_to_px is card.mm_to_px
        assert 0.005 < scale.relative_se < 0.02


def test_without_a_card_the_profile_then_the_number_then_the_iris(eyes: Scale) -> None:
    methods = [scale.method for given in (PROFILE, 12.0, None) if (scale := find_scale(BLANK, given, None))]
    assert methods == ["profile", "given", "iris"]
    assert find_scale(BLANK, None, None) is eyes


def test_nothing_tells_the_scale_of_a_blank_photo() -> None:
    assert find_scale(BLANK, None, None) is None


def test_a_scale_with_its_own_error_is_kept_as_it_is() -> None:
    given = Scale(17.0, 0.003, "given")
    assert find_scale(BLANK, given, None) is given


def test_a_bare_number_has_an_error_of_a_percent() -> None:
    scale = find_scale(BLANK, 17, None)
    assert scale is not None
    assert (scale.px_per_mm, scale.relative_se, scale.method) == (17.0, 0.01, "given")


@pytest.mark.parametrize(("factor", "contradicts"), [(1.0, False), (1.02, False), (1.1, True), (0.9, True)])
def test_a_number_that_contradicts_the_card_is_set_aside(card: CardFound, factor: float, contradicts: bool) -> None:
    given = factor * card.px_per_mm
    scale = find_scale(SHOT.photo, given, card)
    assert scale is not None
    assert scale.px_per_mm == card.px_per_mm
    assert scale.set_aside == (given if contradicts else None)


NOT_A_NUMBER = float("nan")
IMPOSSIBLE = [0, -3.0, 0.4, 1001, NOT_A_NUMBER, float("inf")]


@pytest.mark.parametrize("given", [*IMPOSSIBLE, *(Scale(number, 0.01, "given") for number in IMPOSSIBLE)])
def test_a_number_that_is_no_scale_is_refused_even_beside_a_card(card: CardFound, given: float | Scale) -> None:
    for found in (None, card):
        with pytest.raises(InputError, match=r"px_per_mm: .* pixels a millimetre can't be"):
            find_scale(SHOT.photo, given, found)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"relative_se": -0.01}, "relative_se: -0.01 can't be the error"),
        ({"relative_se": 0.6}, "relative_se: 0.6 can't be the error"),
        ({"relative_se": NOT_A_NUMBER}, "relative_se: nan can't be the error"),
        ({"tilt_deg": -1.0}, "tilt_deg: -1 degrees can't be"),
        ({"tilt_deg": 90.0}, "tilt_deg: 90 degrees can't be"),
        ({"tilt_deg": NOT_A_NUMBER}, "tilt_deg: nan degrees can't be"),
        ({"psf_sigma_px": 0.0}, "psf_sigma_px: 0 pixels can't be"),
        ({"psf_sigma_px": NOT_A_NUMBER}, "psf_sigma_px: nan pixels can't be"),
        ({"mm_to_px": np.eye(2)}, "mm_to_px: is no 3 x 3 homography"),
        ({"mm_to_px": np.zeros((3, 3))}, "mm_to_px: is no 3 x 3 homography"),
        ({"mm_to_px": np.full((3, 3), np.nan)}, "mm_to_px: is no 3 x 3 homography"),
    ],
)
def test_a_scale_that_can_not_be_is_refused(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(InputError, match=f"^{fault}"):
        find_scale(BLANK, replace(Scale(12.0, 0.01, "given"), **values), None)


def test_every_fault_of_a_scale_is_named_at_once() -> None:
    with pytest.raises(InputError) as raised:
        find_scale(BLANK, Scale(0.0, 9.0, "given", tilt_deg=120.0), None)
    assert len(raised.value.problems) == 3


@pytest.mark.parametrize("scale", [Scale(12.0, 0.0, "given"), Scale(12.0, 0.2, "card", 30.0, np.diag([12, 12, 1.0]))])
def test_a_scale_within_its_limits_is_kept(scale: Scale) -> None:
    assert find_scale(BLANK, scale, None) is scale


# --- a device's profile -------------------------------------------------------------------------------------------


def tile_photo(px_per_mm: float, width: int, height: int) -> NDArray[np.uint8]:
    """The middle of the tile, straight from above."""
    x, y = (
        (np.arange(count) - (count - 1) / 2) / px_per_mm + middle
        for count, middle in ((width, TILE.width / 2), (height, TILE.height / 2))
    )
    page = np.full((height, width), 230, np.uint8)
    for mark in TILE_TARGET.marks:
        across, down = ((x - mark.box.x) / 2 * 6, (y - mark.box.y) / 2 * 6)
        inside = np.ix_((down >= 0) & (down < 6), (across >= 0) & (across < 6))
        rows, columns = down[(down >= 0) & (down < 6)].astype(int), across[(across >= 0) & (across < 6)].astype(int)
        page[inside] = np.where(TILE_TARGET.mark_cells(mark.id)[np.ix_(rows, columns)], 230, 25)
    return np.stack([page] * 3, axis=-1)


def test_a_device_is_calibrated_by_the_tile_of_which_it_sees_a_centimetre() -> None:
    profile = calibrate(Photo("tile.jpg", tile_photo(61.3, 800, 600)), name=" Scope ")
    assert profile.px_per_mm == pytest.approx(61.3, rel=2e-3)
    assert (profile.name, profile.target, profile.psf_sigma_px) == ("Scope", "tile-1", None)
    assert (profile.width_px, profile.height_px) == (800, 600)
    assert 0.01 < profile.relative_se < 0.02


def test_a_device_is_calibrated_by_the_card() -> None:
    profile = calibrate(SHOT.photo, name="Stand", ruler_mm=49.0)
    assert profile.px_per_mm == pytest.approx(SHOT.px_per_mm / 0.98, rel=3e-3)
    assert profile.target == "card-1"
    assert profile.relative_se < 0.01


@pytest.mark.parametrize("px_per_mm", [12.0, 24.0])
def test_a_device_s_blur_is_measured_at_the_card(px_per_mm: float) -> None:
    profile = calibrate(shoot(px_per_mm).photo, name="Stand")
    assert profile.psf_sigma_px == pytest.approx(0.08 * px_per_mm, rel=0.1)


def test_no_blur_is_told_where_ink_blurs_as_much() -> None:
    assert calibrate(Photo("sharp.png", card_raster(40)), name="Scanner").psf_sigma_px is None


def test_a_photo_without_card_or_tile_calibrates_nothing() -> None:
    with pytest.raises(InputError, match=r"blank.png: shows neither the card nor its tile; lay one flat"):
        calibrate(BLANK, name="Scope")


def test_a_device_needs_a_name() -> None:
    with pytest.raises(InputError, match="name: must not be empty"):
        calibrate(SHOT.photo, name="  ")


def test_a_profile_is_the_same_after_it_was_written_and_read() -> None:
    for profile in (PROFILE, PROFILE.model_copy(update={"psf_sigma_px": 1.7})):
        assert read_profile(profile.model_dump_json(), "profile.json") == profile


@pytest.mark.parametrize("size", [(640, 480), (480, 640)])
def test_a_profile_holds_for_photos_of_its_own_size_turned_or_not(size: tuple[int, int]) -> None:
    scale = profile_scale(PROFILE.model_copy(update={"psf_sigma_px": 1.7}), blank(*size))
    assert (scale.px_per_mm, scale.relative_se, scale.method) == (40.0, 0.01, "profile")
    assert scale.psf_sigma_px == 1.7


@pytest.mark.parametrize("size", [(640, 470), (600, 480), (640, 640), (641, 480), (320, 240), (1280, 960)], ids=str)
def test_a_profile_is_refused_for_a_photo_of_another_size_even_of_its_shape(size: tuple[int, int]) -> None:
    with pytest.raises(
        InputError, match=f"has {size[0]} x {size[1]} pixels, and the profile 'Scope' is .* neither cropped nor resized"
    ):
        profile_scale(PROFILE, blank(*size))


def changed(**values: Any) -> str:
    return json.dumps(PROFILE.model_dump() | values)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "profile.json: is no JSON"),
        ("[]", "profile.json: is no profile"),
        ("[" * 100_000, "profile.json: is nested too deeply"),
        ("{}", "profile.json.px_per_mm: is missing"),
        (changed(px_per_mm=-1), "profile.json.px_per_mm: "),
        (changed(px_per_mm="wide"), "profile.json.px_per_mm: "),
        (changed(relative_se=0), "profile.json.relative_se: "),
        (changed(width_px=0.5), "profile.json.width_px: "),
        (changed(colour="red"), "profile.json.colour: is no field of a profile"),
        (changed(schema_version=2), "profile.json.schema_version: "),
        (changed(px_per_mm=1).replace("1.0", "NaN").replace(": 1,", ": NaN,"), "profile.json."),
    ],
)
def test_a_faulty_profile_names_its_fault(text: str, fault: str) -> None:
    with pytest.raises(InputError) as raised:
        read_profile(text, "profile.json")
    assert fault in str(raised.value)


def test_every_fault_of_a_profile_is_named_at_once() -> None:
    with pytest.raises(InputError) as raised:
        read_profile(changed(px_per_mm=0, width_px=0, name=""), "profile.json")
    assert len(raised.value.problems) == 3
