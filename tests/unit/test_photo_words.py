"""Every reason and every advice that photos can give has words in both languages."""

import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from tests.measured_photos import PHOTO, REFUSED

import pellucid
from pellucid.cli.measure_view import print_change, print_photo
from pellucid.exchange.photo_build import build_change, build_photo
from pellucid.exchange.photo_words import why
from pellucid.knowledge.base import Knowledge
from pellucid.model.change import Change
from pellucid.model.photo import Withheld

VISION = Path(pellucid.__file__).parent / "vision"


def test_every_reason_and_advice_has_words(knowledge: Knowledge) -> None:
    source = "\n".join(file.read_text("utf-8") for file in VISION.glob("*.py"))
    reasons = set(re.findall(r'Withheld\(\s*"(\w+)",\s*"(\w+)"', source))
    reasons |= {("change", code) for code in re.findall(r'"(light_\w+)"', source)}
    advised = re.findall(r'^ +\("(\w+)", ', source[source.index("def _advice(") :], re.MULTILINE)
    assert len(reasons) > 12
    assert len(advised) > 8
    numbers = set(re.findall(r'\("(\w+)", ', source))
    for texts in (knowledge.texts("en"), knowledge.texts("zh_hant")):
        for what, code in reasons:
            said = texts.phrase(f"photo.what.{what}") + texts.phrase(f"photo.why.{code}")
            assert {name for _, name, _, _ in Formatter().parse(said) if name} <= numbers
        assert all(texts.phrase(f"photo.advice.{name}") for name in advised)


def test_photos_that_differ_are_named_with_their_side(knowledge: Knowledge) -> None:
    light = Withheld("change", "light_side", photos=(("before", "a.jpg"), ("after", "b.jpg"), ("after", "c.jpg")))
    change = Change((PHOTO,), (PHOTO, PHOTO), refused=light)
    told = build_change(change, knowledge.texts("en")).refused
    assert told is not None
    assert told.why.endswith("from the same side. What differs from a.jpg (before): b.jpg (after), c.jpg (after).")
    assert [(each.side, each.file) for each in told.photos] == list(light.photos)
    assert "與 a.jpg（之前） 不同的照片：b.jpg（之後）、c.jpg（之後）。" in why(light, knowledge.texts("zh_hant"))


def test_names_of_files_are_told_as_they_are_and_steer_no_terminal(
    knowledge: Knowledge, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = replace(PHOTO, file="a{file}[bold]\x1b[31m\n.jpg")
    light = Withheld("change", "light_side", photos=(("before", PHOTO.file), ("after", odd.file)))
    told = build_change(Change((PHOTO,), (odd,), refused=light), knowledge.texts("en"))
    print_change(told, knowledge.texts("en"))
    print_photo(build_photo(odd, {}, knowledge.texts("en")), knowledge.texts("en"))
    said = capsys.readouterr().out
    assert told.refused is not None
    assert odd.file in told.refused.why
    assert "\x1b" not in said
    assert said.count("a{file}[bold][31m .jpg") == 3


@pytest.mark.parametrize("code", ["too_blurred", "enlarged"])
def test_a_photo_too_blurred_to_tell_shows_no_number_for_its_blur(
    code: str, knowledge: Knowledge, capsys: pytest.CaptureFixture[str]
) -> None:
    quality = replace(REFUSED.quality, psf_sigma_px=None, smallest_presence_mm=None, smallest_size_mm=None)
    photo = replace(REFUSED, quality=quality, refused=Withheld("pores", code, (("least_mm", 0.45),)))
    for language in ("en", "zh_hant"):
        texts = knowledge.texts(language)
        told = build_photo(photo, {}, texts)
        print_photo(told, texts)
        said = capsys.readouterr().out
        assert told.quality.psf_sigma_px is None
        assert texts.phrase("photo.blur.too_much") in said
        assert "0.45" in said
