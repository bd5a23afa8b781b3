"""Measured photos as JSON, and read again beside a person's answers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.command_line import Run
from tests.measured_photos import PHOTO, REFUSED, line, report, zone

from pellucid.cli.schema import schema_text
from pellucid.exchange.photo_build import build_photo
from pellucid.exchange.photo_file import measurement_of, read_zones, together
from pellucid.exchange.photo_model import PhotoReport, ZoneOut
from pellucid.knowledge.base import Knowledge
from pellucid.model.errors import InputError
from pellucid.model.photo import Interval

EXAMPLES = Path(__file__).parents[2] / "examples"
OVAL = EXAMPLES / "intakes" / "dehydrated_oily_oval_cheeks.toml"
DAY = "--today=2026-11-20"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "photos.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_zones(path)
    return [str(problem).removeprefix(f"{path}: ") for problem in error.value.problems]


def changed(**fields: Any) -> str:
    return json.dumps({**json.loads(line(cheeks=zone())), **fields})


# --- what leaves ------------------------------------------------------------------------------------------


def test_a_line_has_the_agreed_keys_and_fits_its_schema() -> None:
    content = json.loads(line(cheeks=zone()))
    agreed = {"file", "px_per_mm", "quality", "pores", "density_per_cm2", "refused"}
    assert agreed <= content.keys()
    of_a_pore = {"x_px", "y_px", "diameter_mm", "diameter_se_mm", "aspect", "angle_deg", "shape", "plug", "confidence"}
    assert all(of_a_pore <= pore.keys() for pore in content["pores"])
    assert content["density_per_cm2"] == {"value": 212.0, "low": 190.0, "high": 236.0}
    Draft202012Validator(json.loads(schema_text("photo"))).validate(content)


def test_a_line_reads_back_as_it_was_written() -> None:
    text = line(cheeks=zone(), nose=zone(dark_plug_share=0.4, plugs_told=40))
    assert PhotoReport.model_validate_json(text).model_dump_json() == text


def test_an_angle_is_never_180() -> None:
    assert {pore.angle_deg for pore in report().pores} == {0.0}


def test_a_refused_photo_says_why_in_both_languages(knowledge: Knowledge) -> None:
    texts = [knowledge.texts(language) for language in ("en", "zh_hant")]
    english, chinese = (build_photo(REFUSED, {}, each).refused for each in texts)
    assert english is not None
    assert chinese is not None
    assert (english.what, english.code) == (chinese.what, chinese.code) == ("pores", "other_skin")
    assert english.why.endswith(".")
    assert chinese.why.endswith("。")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_never_leaves(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        report(replace(PHOTO, sampled_cm2=number))


# --- what comes back --------------------------------------------------------------------------------------


def test_zones_are_read_from_every_line(tmp_path: Path) -> None:
    nose = zone(dark_plug_share=0.4, plugs_told=40, pores_250_per_cm2=Interval(12.0, 7.5, 18.0))
    measurement = measurement_of(read_zones(written(tmp_path, line(cheeks=zone()), "", line(nose=nose))))
    assert dict(measurement.zones["cheeks"].shape_share) == {"round": 0.8, "oval": 0.15, "teardrop": 0.05}
    assert measurement.zones["nose"] == nose


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    pores = json.loads(line())["pores"]
    wrong = [{**pores[0], "shape": "square", "aspect": 0.5}, *pores[1:]]
    path = written(tmp_path, changed(), changed(px_per_mm="many"), changed(pores=wrong), "hello", "[]", '{"a": 1}')
    found = faults(path)
    assert [each.partition(":")[0] for each in found] == [
        "line 2, px_per_mm",
        "line 3, pores[0].aspect",
        "line 3, pores[0].shape",
        "line 4",
        "line 5",
        "line 6",
    ]
    assert "round, oval, teardrop" in found[2]
    assert all("pellucid measure" in each for each in found[3:])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-3"])
def test_numbers_that_can_not_be_are_refused(number: str, tmp_path: Path) -> None:
    text = changed().replace('"psf_sigma_px": 1.3', f'"psf_sigma_px": {number}')
    assert faults(written(tmp_path, text))


def test_a_file_without_a_photo_or_a_zone_is_refused(tmp_path: Path) -> None:
    assert "holds no photo" in faults(written(tmp_path, "", " "))[0]
    assert "--zone" in faults(written(tmp_path, line()))[0]
    assert "could be measured" in faults(written(tmp_path, line(REFUSED)))[0]
    assert "can't be read" in faults(tmp_path / "nowhere.jsonl")[0]


def out(**measured: Any) -> ZoneOut:
    return report(cheeks=zone(**measured)).zones["cheeks"]


def test_photos_of_one_zone_are_weighed_by_their_pores() -> None:
    few = out(shape_share={"round": 0.0, "oval": 1.0}, shapes_told=50, dark_plug_share=0.5, plugs_told=100)
    many = out(shape_share={"round": 1.0, "oval": 0.0}, shapes_told=150)
    both = together([few, many])
    assert both.shape_share == {"round": pytest.approx(0.75), "oval": pytest.approx(0.25)}
    assert both.dark_plug_share == 0.5
    assert both.shapes_told == 150  # the same pores may be in both
    assert both.plugs_told == 100


def test_photos_of_one_zone_make_its_count_no_surer() -> None:
    both = together(
        [out(pores_250_per_cm2=Interval(each, each - 4, each + 8)) for each in (10.0, 20.0)]
    ).pores_250_per_cm2
    assert both is not None
    assert (both.value, both.low, both.high) == (15.0, 11.0, 23.0)
    one = out(pores_250_per_cm2=Interval(10.0, 6.0, 18.0))
    assert together([one, out()]).pores_250_per_cm2 == one.pores_250_per_cm2
    assert together([out(), out()]).pores_250_per_cm2 is None


def test_a_photo_that_tells_no_shape_does_not_speak_against_one() -> None:
    silent = out(shape_share={}, shapes_told=None)
    assert together([silent, out()]).shape_share == pytest.approx({"round": 0.8, "oval": 0.15, "teardrop": 0.05})


# --- beside the answers -----------------------------------------------------------------------------------


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return written(tmp_path, line(cheeks=zone(dark_plug_share=0.0, plugs_told=90)))


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "You said yes; photo: 15 % of 150 pores. They differ"), ("zh-hant", "您說有；照片：150 個毛孔中的 15%。")],
)
def test_the_summary_shows_answer_and_photo(language: str, told: str, run: Run, photos: Path) -> None:
    ran = run("consult", OVAL, DAY, "--measurement", photos, "--lang", language)
    assert ran.code == 0
    assert told.replace(" ", "") in ran.out.replace("\n", "").replace(" ", "")


def test_the_report_shows_answer_and_photo(run: Run, photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run("consult", OVAL, DAY, "--measurement", photos, "--out", folder, "--lang", "en").code == 0
    observed = json.loads((folder / "report.json").read_text("utf-8"))["observed"]
    oval = next(each for each in observed if each["name"] == "pores.cheeks.look.oval")
    assert (oval["answered"], oval["measured"], oval["bearing"]) == (True, False, "contradicts")
    assert oval["pores"] == 150
    page = (folder / "report.html").read_text("utf-8")
    assert "Your answers and the photos" in page
    assert "15 % of 150 pores" in page


def test_without_a_measurement_the_report_says_nothing_of_photos(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run("consult", OVAL, DAY, "--out", folder, "--lang", "en").code == 0
    assert json.loads((folder / "report.json").read_text("utf-8"))["observed"] == []
    assert "Your answers and the photos" not in (folder / "report.html").read_text("utf-8")


def test_what_if_is_asked_beside_the_same_photos(run: Run, photos: Path) -> None:
    ran = run("consult", OVAL, DAY, "--measurement", photos, "--lang", "en", "--what-if", "person.age=31")
    assert ran.code == 0
    assert "dehydrated" not in ran.out


def test_a_plan_made_beside_photos_is_checked_beside_them(run: Run, photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    calendar = EXAMPLES / "clinic.toml"
    ran = run("consult", OVAL, DAY, "--measurement", photos, "--calendar", calendar, "--out", folder, "--lang", "en")
    assert ran.code == 0
    file = json.loads((folder / "plan.json").read_text("utf-8"))
    assert file["photos"]["cheeks"]["shapes_told"] == 150
    assert run("plan", "check", folder / "plan.json").code == 0


def test_a_bad_file_ends_with_2_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("consult", OVAL, DAY, "--measurement", written(tmp_path, "hello"), "--out", tmp_path / "out")
    assert ran.code == 2
    assert "line 1" in ran.err
    assert not (tmp_path / "out").exists()


def test_lines_from_before_errors_of_places_were_told_are_still_read(tmp_path: Path) -> None:
    content = json.loads(line(cheeks=zone()))
    added = {name for name in content["pores"][0] if name.startswith("corr_") or name in {"x_se_px", "y_se_px"}}
    assert len(added) == 6
    for pore in content["pores"]:
        for name in added:
            del pore[name]
    assert read_zones(written(tmp_path, json.dumps(content)))
