"""Photos of labels and barcodes. The pictures are drawn here; none is of a real product."""

import json
import socket
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from tests.command_line import Run

from pellucid.labels import photo
from pellucid.labels.barcode import check_digit_right, read_barcodes
from pellucid.model.errors import InputError

DAY = "--today=2026-11-20"
LINES = (
    "Ingredients: Aqua, Glycerin, Cocamidopropyl Betaine,",
    "Sodium Cocoyl Isethionate, Salicylic Acid, Niacinamide,",
    "1,2-Hexanediol, PEG-40 Hydrogenated Castor Oil,",
    "Sodium Hyaluronate, Phenoxyethanol, Limonene, Linalool.",
)
NAMES = [
    *("WATER", "GLYCERIN", "COCAMIDOPROPYL BETAINE", "SODIUM COCOYL ISETHIONATE", "SALICYLIC ACID", "NIACINAMIDE"),
    *("1,2-HEXANEDIOL", "PEG-40 HYDROGENATED CASTOR OIL", "SODIUM HYALURONATE", "PHENOXYETHANOL"),
    *("LIMONENE", "LINALOOL"),
]
reads_words = pytest.mark.skipif(find_spec("rapidocr") is None, reason="the optional part pellucid[photo] is missing")
SIDEWAYS = 6
"""EXIF: the camera was held so that the picture has to be turned by 90 degrees."""


def drawn() -> Image.Image:
    """A label, as sharp as print."""
    font = ImageFont.load_default(28)
    picture = Image.new("RGB", (860, 220), (240, 238, 230))
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(LINES):
        pen.text((24, 24 + 44 * number), line, font=font, fill=(40, 40, 46))
    return picture


def code(number: str, kind: zxingcpp.BarcodeFormat) -> Image.Image:
    return Image.fromarray(np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(number, kind), scale=3)))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a photo must not leave the machine, nor anything be fetched for it")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


# --- words ------------------------------------------------------------------------------------------------------


@reads_words
@pytest.mark.parametrize("degrees", [0, 180])
def test_the_words_of_a_photo_are_read_however_it_lies(
    run: Run, tmp_path: Path, no_network: None, degrees: int
) -> None:
    file = tmp_path / "label.jpg"
    drawn().rotate(degrees, expand=True).save(file)
    found = run("label", file, DAY, "--json", "--no-inventory").report
    assert [each["inci"] for each in found["ingredients"]] == NAMES
    assert found["text"].splitlines() == list(LINES)


@reads_words
def test_a_photo_is_turned_as_the_camera_says_and_called_a_photo(run: Run, tmp_path: Path, no_network: None) -> None:
    file, exif = tmp_path / "label", Image.Exif()
    exif[0x0112] = SIDEWAYS
    drawn().rotate(90, expand=True).save(file, "jpeg", exif=exif)
    shown = run("label", file, DAY, "--no-inventory").words
    assert "Read from a photo, which can go wrong: please compare it with the pack." in shown
    assert "12 names: 12 recognised, 0 not known." in shown


@reads_words
def test_a_photo_without_words_is_told(run: Run, tmp_path: Path, no_network: None) -> None:
    file = tmp_path / "wall.png"
    Image.new("RGB", (300, 200), "white").save(file)
    ran = run("label", file, DAY)
    assert ran.code == 2
    assert f"{file}: shows no words that can be read" in ran.err


def test_without_the_optional_part_a_photo_is_answered_kindly(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo, "can_read_words", lambda: False)
    file = tmp_path / "label.png"
    drawn().save(file)
    ran = run("label", file, DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "pip install 'pellucid[photo]'" in ran.err
    assert "copy the list from the shop's page" in ran.err


def test_a_picture_with_too_many_pixels_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "huge.png"
    drawn().save(file)
    for most in (100_000, 1_000):  # Pillow warns above this number, and refuses above twice as many
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most)
        with pytest.raises(InputError, match="too many pixels"):
            photo.open_photo(file)


@pytest.mark.parametrize(
    ("beginning", "is_one"),
    [(b"\xff\xd8\xff\xe0", True), (b"\x89PNG\r\n\x1a\n", True), (b"Aqua, Glycerin", False), (b"BM is a brand", False)],
)
def test_a_photo_is_known_by_its_first_bytes(beginning: bytes, is_one: bool) -> None:
    assert photo.is_photo(beginning) is is_one


# --- barcodes ---------------------------------------------------------------------------------------------------

EAN13, EAN8, UPCA = zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.EAN8, zxingcpp.BarcodeFormat.UPCA


@pytest.mark.parametrize(
    ("number", "kind", "read"),
    [
        ("4006381333931", EAN13, "4006381333931"),
        ("96385074", EAN8, "96385074"),
        ("036000291452", UPCA, "0036000291452"),
    ],
)
@pytest.mark.parametrize("degrees", [0, 8, 90, 180])
def test_a_barcode_is_read_however_it_lies(
    run: Run, tmp_path: Path, number: str, kind: zxingcpp.BarcodeFormat, read: str, degrees: int
) -> None:
    file = tmp_path / "code.png"
    code(number, kind).rotate(degrees, expand=True, fillcolor=255).save(file)
    ran = run("label", "--barcode", file)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{read}  EAN-")
    assert "check digit right" in ran.out


def test_barcodes_come_as_json_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    code("4006381333931", EAN13).save(file)
    assert json.loads(run("label", "--barcode", file, "--json").out) == [
        {"number": "4006381333931", "format": "EAN-13", "check_digit_right": True}
    ]


def test_a_photo_without_a_barcode_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "label.png"
    drawn().save(file)
    ran = run("label", "--barcode", file)
    assert ran.code == 2
    assert f"{file}: shows no barcode that can be read" in ran.err


def test_codes_that_are_no_product_numbers_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "link.png"
    code("https://example.org", zxingcpp.BarcodeFormat.QRCode).save(file)
    with pytest.raises(InputError, match="no barcode"):
        read_barcodes(file)


@pytest.mark.parametrize("number", ["4006381333931", "96385074", "036000291452", "9780201379624"])
def test_the_check_digit_finds_every_wrong_digit(number: str) -> None:
    assert check_digit_right(number)
    for place, right in enumerate(number):
        for digit in "0123456789".replace(right, ""):
            assert not check_digit_right(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("number", ["", "7", "40063813339３1", "12a"])
def test_what_is_no_number_has_no_check_digit(number: str) -> None:
    assert not check_digit_right(number)
