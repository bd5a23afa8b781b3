"""``pellucid measure`` and ``pellucid compare``: what they print, draw and refuse, and with which code they end."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from PIL import Image
from tests.command_line import Run
from tests.measured_photos import PHOTO, PORES, REFUSED, report, zone

from pellucid.cli.measure_view import histogram, print_change, print_photo
from pellucid.cli.photo_commands import PX_PER_MM, RULER_MM
from pellucid.cli.photo_commands import compare as compare_command
from pellucid.cli.schema import schema_text
from pellucid.exchange import photo_words as words
from pellucid.exchange.photo_build import build_change
from pellucid.knowledge.base import Knowledge
from pellucid.model.change import Change, Effect, PorePair
from pellucid.model.errors import InputError, Problem
from pellucid.model.measurement import Measurement
from pellucid.model.photo import Interval, Withheld
from pellucid.vision.card_layout import RULER_MM as PRINTED_MM
from pellucid.vision.card_plane import RULER_LIMITS
from pellucid.vision.colour import light_signature
from pellucid.vision.compare import compare
from pellucid.vision.load import load
from pellucid.vision.scale_of import LIMITS_PX_PER_MM

EXAMPLES = Path(__file__).parents[2] / "examples" / "photos"
SMALLER = Effect(Interval(-0.06, -0.09, -0.03), 0.03, "less")
NONE = Effect(Interval(0.01, -0.03, 0.05), 0.04, "no_detectable_change")
PAIRS = tuple(PorePair(5.0 + 3 * n, 5.0 + n % 7, 3.0, 6.0 + 3 * n, 7.0 + n % 7, 2.8) for n in range(12))


class Asked(list[dict[str, Any]]):
    """What the parts below were asked for."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Stands in for measuring, which has its own tests."""
    calls = Asked()

    def measure(photo: Any, **options: Any) -> Measurement:
        calls.append(options)
        shown = replace(REFUSED if "far" in photo.name else PHOTO, file=photo.name)
        return Measurement(photos=(shown,), zones={"cheeks": zone()} if options["zones"] == "cheeks" else {})

    def compare(before: Sequence[Any], after: Sequence[Any], **options: Any) -> Change:
        calls.append({"before": [each.name for each in before], "after": [each.name for each in after], **options})
        first, last = ((replace(PHOTO, file=each.name) for each in side) for side in (before, after))
        if any("far" in each.name for each in after):
            return Change(tuple(first), tuple(last), refused=Withheld("change", "other_skin"))
        return Change(tuple(first), tuple(last), 1.2, SMALLER, 120, NONE, Interval(1.01, 1.0, 1.02), PAIRS)

    monkeypatch.setattr("pellucid.cli.measure.measure", measure)
    monkeypatch.setattr("pellucid.cli.compare_photos.compare", compare)
    return calls


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with photos, one too far away and one that is none."""
    for name in ("a", "b", "far"):
        Image.fromarray(np.full((60, 80, 3), 150, np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no photo")
    return tmp_path


def width(picture: Path) -> int:
    with Image.open(picture) as opened:
        return opened.size[0]


# --- measure ----------------------------------------------------------------------------------------------


def test_each_photo_is_one_line_of_json(run: Run, photos: Path, asked: Asked) -> None:
    ran = run("measure", photos / "a.png", photos / "far.png", "--json")
    assert ran.code == 0
    first, second = (json.loads(line) for line in ran.out.splitlines())
    assert (first["file"], second["file"]) == ("a.png", "far.png")
    assert first["refused"] is None
    assert second["refused"]["why"]
    validator = Draft202012Validator(json.loads(schema_text("photo")))
    for each in (first, second):
        validator.validate(each)


def test_a_photo_that_can_not_be_read_is_named_and_the_others_are_measured(
    run: Run, photos: Path, asked: Asked
) -> None:
    ran = run("measure", photos / "broken.jpg", photos / "a.png", photos / "nowhere.jpg", "--json")
    assert ran.code == 2
    assert [json.loads(line)["file"] for line in ran.out.splitlines()] == ["a.png"]
    said = ran.err.splitlines()
    assert [each.split(": ")[1] for each in said] == [str(photos / "broken.jpg"), str(photos / "nowhere.jpg")]


def test_what_is_wrong_with_a_photo_is_said_with_its_name(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch, asked: Asked
) -> None:
    def measure(photo: Any, **_options: Any) -> Measurement:
        raise InputError([Problem("zones.nose", "lies outside the photo")])

    monkeypatch.setattr("pellucid.cli.measure.measure", measure)
    ran = run("measure", photos / "a.png", "--zone", "nose=500,500,10,10")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"pellucid: {photos / 'a.png'}: zones.nose: lies outside the photo\n"


def test_the_summary_says_what_was_found_and_how_sure(run: Run, photos: Path, asked: Asked) -> None:
    said = run("measure", photos / "a.png").words
    for told in (
        "28.5 pixels a mm, ± 1.1 %, from the card; tilted by 4°",
        "finding pores from 0.10 mm, sizing them from 0.14 mm",
        "5 pores found on 1.31 cm² of skin",
        "212 a cm² (190 to 236) of 0.14 mm and more",
        "43 a cm² (33 to 55) of 0.25 mm and more",
        "0.308 mm on average (0.301 to 0.315), of those of 0.25 mm and more",
        "round 2 · oval 1 · teardrop 1 · can't be told 1",
        "dark 2 · light 1 · open 1 · can't be told 1",
    ):
        assert told in said


def test_one_pore_is_one_and_little_skin_has_no_exponent(knowledge: Knowledge) -> None:
    texts = knowledge.texts("en")
    told = report(replace(PHOTO, pores=PORES[:1], sampled_cm2=2.5e-05))
    assert words.pores_found(told, texts) == "1 pore found on less than 0.01 cm² of skin"
    little = Withheld("pores", "too_little_skin", (("cm2", 2.5e-05), ("share", 0.0)))
    assert "less than 0.01 cm² (0 % of the photo)" in words.why(little, texts)


def test_a_box_has_figures_of_its_own_and_a_whole_photo_none(
    knowledge: Knowledge, capsys: pytest.CaptureFixture[str]
) -> None:
    for dense, shown in ((40.0, True), (212.0, False)):
        print_photo(report(nose=zone(pores_per_cm2=dense)), knowledge.texts("en"))
        assert ("Nose" in capsys.readouterr().out) == shown


def test_the_summary_speaks_chinese(run: Run, photos: Path, asked: Asked) -> None:
    said = run("measure", photos / "a.png", "--lang", "zh-hant").out
    assert "每平方公分 212 個（190 至 236），0.14 公釐以上" in said
    assert "在 1.31 平方公分的皮膚上找到 5 個毛孔" in said


def test_a_refused_photo_says_so_and_that_is_a_result(run: Run, photos: Path, asked: Asked) -> None:
    ran = run("measure", photos / "far.png")
    assert ran.code == 0
    assert "No pores were measured." in ran.words
    assert "found on" not in ran.words


def test_a_box_of_one_pixel_must_be_larger(run: Run, photos: Path, asked: Asked) -> None:
    ran = run("measure", photos / "a.png", "--zone", "nose=5,6,1,1")
    assert (ran.code, asked) == (2, [])
    assert "width and height must be larger" in ran.err


def test_zones_are_a_whole_photo_or_boxes(run: Run, photos: Path, asked: Asked) -> None:
    assert run("measure", photos / "a.png", "--zone", "cheeks").code == 0
    assert run("measure", photos / "a.png", "--zone", "nose=5,6,20,30", "--zone", "chin=30,6,20,30").code == 0
    assert [each["zones"] for each in asked] == [
        "cheeks",
        {"nose": ((5, 6), (25, 6), (25, 36), (5, 36)), "chin": ((30, 6), (50, 6), (50, 36), (30, 36))},
    ]


@pytest.mark.parametrize(
    "zones",
    [
        ("ear",),
        ("nose=1,2,3",),
        ("nose=1,2,0,4",),
        ("nose=1,2,nan,4",),
        ("nose=1,2,4,inf",),
        ("nose=a,b,c,d",),
        ("nose", "chin"),
        ("nose", "chin=1,2,3,4"),
        ("chin", "chin"),
        ("chin=1,2,3,4", "chin=5,6,7,8"),
        ("",),
    ],
)
def test_a_zone_that_is_none_ends_before_the_first_photo(
    zones: tuple[str, ...], run: Run, photos: Path, asked: Asked
) -> None:
    ran = run("measure", photos / "a.png", *(word for each in zones for word in ("--zone", each)))
    assert (ran.code, ran.out) == (2, "")
    assert "--zone" in ran.err
    assert not asked


def test_scale_and_ruler_are_handed_on(run: Run, photos: Path, asked: Asked) -> None:
    assert run("measure", photos / "a.png", "--px-per-mm", "28.5", "--card-ruler-mm", "49.5").code == 0
    assert asked == [{"scale": 28.5, "ruler_mm": 49.5, "zones": None}]


@pytest.mark.parametrize("number", ["0", "-3", "many", "nan", "inf", "5000"])
def test_a_scale_must_be_a_number(number: str, run: Run, photos: Path) -> None:
    assert run("measure", photos / "a.png", "--px-per-mm", number).code == 2


def test_a_profile_is_read_and_goes_without_another_scale(run: Run, photos: Path, asked: Asked) -> None:
    profile = photos / "profile.json"
    profile.write_text(
        json.dumps({"name": "scope", "px_per_mm": 90.0, "relative_se": 0.004, "width_px": 80, "height_px": 60})
    )
    assert run("measure", photos / "a.png", "--profile", profile).code == 0
    assert asked[0]["scale"].name == "scope"
    both = run("measure", photos / "a.png", "--profile", profile, "--px-per-mm", "90")
    assert both.code == 2
    assert "--px-per-mm" in both.err
    assert run("measure", photos / "a.png", "--profile", photos / "a.png").code == 2
    after = run(
        "compare", photos / "a.png", "--after", photos / "b.png", "--profile", profile, "--px-per-mm-after", "9"
    )
    assert after.code == 2
    assert "--px-per-mm-after" in after.err
    assert len(asked) == 1


def test_pictures_are_numbered_where_there_are_several(run: Run, photos: Path, asked: Asked) -> None:
    out = photos / "new" / "pores.png"
    assert run("measure", photos / "a.png", "--overlay", out).code == 0
    assert run("measure", photos / "a.png", photos / "far.png", "--overlay", out, "--colour-by", "plug").code == 0
    assert sorted(each.name for each in out.parent.iterdir()) == ["pores-1.png", "pores-2.png", "pores.png"]
    assert all(width(each) > 80 for each in out.parent.iterdir())


def test_a_photo_is_never_written_onto(run: Run, photos: Path, asked: Asked) -> None:
    own = photos / "sub" / ".." / "a.png"
    (photos / "sub").mkdir()
    (photos / "b-1.png").write_bytes((photos / "a.png").read_bytes())
    before = {each: each.read_bytes() for each in photos.glob("*.png")}
    for line in (
        ("measure", photos / "a.png", "--overlay", own),
        ("measure", photos / "b-1.png", photos / "a.png", "--overlay", photos / "b.png"),
        ("compare", photos / "b.png", "--after", photos / "a.png", "--overlay", own),
        ("calibrate", photos / "a.png", "--name", "scope", "--out", own),
    ):
        ran = run(*line)
        assert (ran.code, ran.out) == (2, "")
        assert "choose another name" in ran.err
    assert {each: each.read_bytes() for each in photos.glob("*.png")} == before
    assert not asked


def test_the_limits_of_numbers_are_those_of_the_parts_below() -> None:
    assert (PX_PER_MM.min, PX_PER_MM.max) == LIMITS_PX_PER_MM
    assert (RULER_MM.min, RULER_MM.max) == tuple(limit * PRINTED_MM for limit in RULER_LIMITS)


@pytest.mark.parametrize("number", ["5", "nan", "500"])
def test_a_ruler_that_can_not_be_is_refused_without_a_card_too(number: str, run: Run, photos: Path) -> None:
    ran = run("measure", photos / "a.png", "--card-ruler-mm", number)
    assert ran.code == 2
    assert "--card-ruler-mm" in ran.err


def test_a_picture_is_a_png(run: Run, photos: Path, asked: Asked) -> None:
    ran = run("measure", photos / "a.png", "--overlay", photos / "pores.jpg")
    assert ran.code == 2
    assert ".png" in ran.err
    assert not asked


def test_bars_are_as_high_as_there_are_pores() -> None:
    bars = histogram([0.1] * 8 + [0.3] * 4 + [0.02, 2.0])
    assert bars[2] == "█"
    assert bars[10] == "▄"
    assert bars[0] == bars[-1] == "▁"
    assert set(bars) == {" ", "█", "▄", "▁"}


# --- compare ----------------------------------------------------------------------------------------------


def test_every_file_behind_after_is_one(run: Run, photos: Path, asked: Asked) -> None:
    a, b, far = (photos / f"{name}.png" for name in ("a", "b", "far"))
    assert run("compare", a, b, "--after", b, a, "--px-per-mm", "20", "--json").code == 0
    assert run("compare", "--px-per-mm-after", "22", a, f"--after={b}", far).code == 0
    assert run("compare", a, "--after", b, "--after", far, "--card-ruler-mm", "49").code == 0
    assert [each["ruler_mm"] for each in asked] == [None, None, 49.0]
    assert [(each["before"], each["after"]) for each in asked] == [
        (["a.png", "b.png"], ["b.png", "a.png"]),
        (["a.png"], ["b.png", "far.png"]),
        (["a.png"], ["b.png", "far.png"]),
    ]
    assert [(each["scale"], each["scale_after"]) for each in asked] == [(20.0, None), (None, 22.0), (None, None)]


@pytest.mark.parametrize("words", [("a.png",), ("a.png", "--after"), ("a.png", "--after", "--json"), ("--after", "b")])
def test_both_sides_need_a_photo(words: tuple[str, ...], run: Run, asked: Asked) -> None:
    assert run("compare", *words).code == 2
    assert not asked


def test_a_change_is_told_with_its_interval(run: Run, photos: Path, asked: Asked) -> None:
    ran = run("compare", photos / "a.png", "--after", photos / "b.png")
    assert ran.code == 0
    assert "Pores look smaller by 6 % (3 to 9)." in ran.words
    assert "No detectable change in number. The smallest we could have seen: 4 %." in ran.words
    assert "120 pores found at both visits, on 1.20 cm² of common skin" in ran.words


def test_a_comparison_is_one_object_of_json(run: Run, photos: Path, asked: Asked) -> None:
    content = run("compare", photos / "a.png", "--after", photos / "b.png", "--json").report
    Draft202012Validator(json.loads(schema_text("change"))).validate(content)
    assert content["diameter"]["direction"] == "less"
    assert content["diameter"]["change"] == {"value": -0.06, "low": -0.09, "high": -0.03}
    assert len(content["pairs"]) == len(PAIRS)


def test_a_comparison_that_was_refused_says_why(run: Run, photos: Path, asked: Asked) -> None:
    ran = run("compare", photos / "a.png", "--after", photos / "far.png", "--overlay", photos / "strip.png")
    assert ran.code == 0
    assert "Nothing was compared. The photos don't show the same skin" in ran.words
    assert width(photos / "strip.png") > 200


def test_each_photo_that_stands_in_the_way_is_named(knowledge: Knowledge, capsys: pytest.CaptureFixture[str]) -> None:
    far = replace(REFUSED, refused=Withheld("pores", "no_scale"))
    names = (replace(far, file="far.jpg"), PHOTO), (PHOTO, replace(far, file="farther.jpg"))
    print_change(build_change(Change(*names, refused=far.refused), knowledge.texts("en")), knowledge.texts("en"))
    said = " ".join(capsys.readouterr().out.split())
    assert "Nothing was compared. Before, far.jpg: Nothing in the photo tells" in said
    assert "After, farther.jpg: Nothing in the photo tells" in said
    assert "After, cheek.jpg:" not in said


def test_photos_that_can_not_be_read_are_all_named_and_nothing_is_compared(
    run: Run, photos: Path, asked: Asked
) -> None:
    ran = run("compare", photos / "broken.jpg", "--after", photos / "a.png", photos / "nowhere.png")
    assert (ran.code, ran.out) == (2, "")
    assert "broken.jpg" in ran.err
    assert "nowhere.png" in ran.err
    assert not asked


def test_help_is_there_behind_after_too(run: Run) -> None:
    ran = run("compare", "a.png", "--after", "--help")
    assert ran.code == 0
    assert "more can follow" in ran.words


def test_compare_explains_that_several_can_follow() -> None:
    assert any("more can follow" in (getattr(each, "help", "") or "") for each in compare_command.params)


# --- with nothing standing in -----------------------------------------------------------------------------


def test_the_example_is_measured(run: Run) -> None:
    content = run("measure", EXAMPLES / "cheek.jpg", "--zone", "cheeks", "--json").report
    assert content["px_per_mm"] == pytest.approx(22, rel=0.01)
    assert content["quality"]["scale_method"] == "card"
    assert content["refused"] is None
    assert len(content["pores"]) > 100
    assert {pore["zone"] for pore in content["pores"]} == {"cheeks"}
    density = content["density_per_cm2"]
    assert density["low"] < density["value"] < density["high"]


def test_the_example_of_two_visits_shows_what_was_drawn(run: Run) -> None:
    """The pores after are drawn 15 % smaller."""
    content = run("compare", EXAMPLES / "before.jpg", "--after", EXAMPLES / "after.jpg", "--json").report
    assert content["diameter"]["direction"] == "less"
    assert content["diameter"]["change"]["low"] <= -0.15 <= content["diameter"]["change"]["high"]


def test_light_that_can_not_be_told_is_no_light_that_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lights = iter([None])
    monkeypatch.setattr(
        "pellucid.vision.compare.light_signature", lambda photo, field: next(lights, light_signature(photo, field))
    )
    sides = (load(EXAMPLES / f"{side}.jpg") for side in ("before", "after"))
    before, after = (replace(side, pixels=side.pixels[270:720, 270:720]) for side in sides)
    change = compare(before, after, scale=22.0)
    assert change.refused is None
    assert Withheld("change", "light_unknown") in change.withheld
