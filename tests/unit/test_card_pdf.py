"""The card on paper: its size to a twentieth of a millimetre, its words, its tags; and the two commands around it."""

import io
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2  # type: ignore[import-untyped] # ships no types
import pytest
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader
from tests.card_photos import shoot

from pellucid.cli import calibrate as calibrate_command
from pellucid.cli import card as card_command
from pellucid.exchange.card_pdf import Paper, card_pdf
from pellucid.exchange.printable import drawable
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import LANGUAGES
from pellucid.vision.card_find import find_card
from pellucid.vision.card_layout import CARD, CARD_TARGET, PATCHES, RULER, TILE, TILE_TARGET, Target
from pellucid.vision.card_marks import find_marks, projected
from pellucid.vision.photo import Photo
from pellucid.vision.profile import read_profile

KNOWLEDGE = load()
OTHER = {"en": "zh_hant", "zh_hant": "en"}
SIZES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
DOTS_PER_MM = 600 / 25.4
TILE_ON_PAGE = (105.0, 60.0, 160.0, 95.0)
"""Millimetres from the page's top left corner, with room around it."""


@cache
def pdf(paper: Paper = "a4", language: str = "en") -> bytes:
    return card_pdf(paper=paper, texts=KNOWLEDGE.texts(language), other=KNOWLEDGE.texts(OTHER[language]))


@cache
def page(paper: Paper) -> NDArray[np.uint8]:
    """The upper half at 600 dots an inch."""
    drawn = pypdfium2.PdfDocument(pdf(paper))[0].render(scale=600 / 72).to_numpy()[:3000, :, ::-1]
    return np.ascontiguousarray(drawn, np.uint8)


def tile(paper: Paper) -> NDArray[np.uint8]:
    left, top, right, bottom = (round(side * DOTS_PER_MM) for side in TILE_ON_PAGE)
    return page(paper)[top:bottom, left:right].copy()


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("target", [CARD_TARGET, TILE_TARGET], ids=lambda target: target.name)
def test_every_mark_is_on_the_page_at_its_size(target: Target, paper: Paper) -> None:
    seen = find_marks(Photo("page", page(paper) if target is CARD_TARGET else tile(paper)), target)
    assert seen is not None
    assert len(seen.ids) == len(target.marks)
    on_page = seen.photo_px / DOTS_PER_MM
    off = (on_page - on_page.mean(axis=0)) - (seen.card_mm - seen.card_mm.mean(axis=0))
    assert np.abs(off).max() < 0.05


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_printed_line_is_50_mm_long_and_the_patches_have_their_colours(paper: Paper) -> None:
    card = find_card(Photo("page", page(paper)))
    assert card is not None
    for patch in PATCHES:
        x, y = np.rint(projected(card.mm_to_px, patch.box.corners()).mean(axis=0)).astype(int)
        assert np.abs(page(paper)[y, x].astype(int) - patch.colour).max() <= 1
    y = round(float(projected(card.mm_to_px, np.array([(RULER.x + 25, RULER.y + 0.1)]))[0, 1]))
    black = np.flatnonzero(page(paper)[y, :, 0] < 128)
    line = max(np.split(black, np.flatnonzero(np.diff(black) > 1) + 1), key=len)
    assert len(line) / DOTS_PER_MM == pytest.approx(50.15, abs=0.05)  # with half a tick on either side


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_card_and_tile_lie_wholly_on_the_one_page_with_a_margin_that_printers_can_do(paper: Paper) -> None:
    reader = PdfReader(io.BytesIO(pdf(paper)))
    (only,) = reader.pages
    assert np.abs(np.array(only.mediabox[2:], float) / 72 * 25.4 - SIZES[paper]).max() < 0.1
    ink = np.argwhere((page(paper) < 200).any(axis=2)) / DOTS_PER_MM
    assert ink.min() > 12
    assert ink[:, 1].max() < SIZES[paper][0] - 12
    assert CARD.width + TILE.width < SIZES[paper][0] - 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_say_what_to_do_and_the_first_is_the_document_s(language: str) -> None:
    reader = PdfReader(io.BytesIO(pdf(language=language)))
    text = "".join(reader.pages[0].extract_text().split())
    for each in LANGUAGES:
        assert "".join(KNOWLEDGE.texts(each).phrase("photo.card.hold").split()) in text
        assert "".join(KNOWLEDGE.texts(each).phrase("photo.card.line").split()) in text
    assert str(reader.root_object["/Lang"]).startswith(language[:2])
    assert "/StructTreeRoot" in reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == KNOWLEDGE.texts(language).phrase("photo.card.title")


def test_the_fonts_have_every_character_of_the_card() -> None:
    for language in LANGUAGES:
        phrases = KNOWLEDGE.texts(language).topic("photos")["phrase"]
        said = {char for name, entry in phrases.items() if name.startswith("photo.card.") for char in entry["text"]}
        assert {char for char in said if ord(char) not in drawable() and char != "\n"} == set()


def test_the_same_words_give_the_same_bytes() -> None:
    texts, other = KNOWLEDGE.texts("en"), KNOWLEDGE.texts("zh_hant")
    assert card_pdf(paper="a4", texts=texts, other=other) == pdf()


# --- the commands -------------------------------------------------------------------------------------------------


def test_the_command_writes_the_card_and_says_to_check_its_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card_command.run(tmp_path / "card.pdf", paper="letter", language="en")
    assert (tmp_path / "card.pdf").read_bytes() == pdf("letter")
    assert "50 mm" in capsys.readouterr().out


def test_the_command_measures_a_device_and_writes_its_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shot = shoot()
    photo = tmp_path / "scope.png"
    photo.write_bytes(png(np.asarray(shot.photo.pixels, np.uint8)))
    out = tmp_path / "profile.json"
    calibrate_command.run(photo, name="Scope", out=out, ruler_mm=None, language="en")
    profile = read_profile(out.read_text("utf-8"), "profile.json")
    assert profile.px_per_mm == pytest.approx(shot.px_per_mm, rel=3e-3)
    said = capsys.readouterr().out
    assert f"Scope has {profile.px_per_mm:.2f} pixels a millimetre" in said
    assert "--card-ruler-mm" in said
    calibrate_command.run(photo, name="Scope", out=out, ruler_mm=50.0, language="zh_hant")
    assert "--card-ruler-mm" not in capsys.readouterr().out


def png(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
