"""``pellucid label``: what it prints for one text, and what it says when a text can't be used."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console
from rich.text import Text
from tests.command_line import Run

from pellucid.cli.label_view import print_label, printable
from pellucid.cli.schema import schema_text
from pellucid.exchange.label_model import LabelReport
from pellucid.knowledge.base import Knowledge

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "examples" / "labels"
WASH = LABELS / "gel_cleanser.txt"
SERUM = LABELS / "evening_serum.txt"
PREGNANT = ROOT / "examples" / "intakes" / "pregnant_wants_salicylic_peel.toml"
DAY = "--today=2026-11-20"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets an inventory that this machine's user has imported."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")


# --- JSON -------------------------------------------------------------------------------------------------------


def test_json_holds_every_ingredient_in_order_with_its_place(run: Run) -> None:
    found = run("label", WASH, DAY, "--json").report
    text = WASH.read_text("utf-8")
    assert found["text"] == text
    names = found["ingredients"]
    assert [text[each["start"] : each["end"]] for each in names] == [each["text"] for each in names]
    assert [each["start"] for each in names] == sorted(each["start"] for each in names)
    by_text = {each["text"]: each for each in names}
    assert (by_text["Glycerin"]["inci"], by_text["Glycerin"]["method"]) == ("GLYCERIN", "exact")
    assert (by_text["Niacinamde"]["inci"], by_text["Niacinamde"]["method"]) == ("NIACINAMIDE", "misspelling")
    unknown = by_text["Zzyrion Ferment"]
    assert (unknown["inci"], unknown["method"], unknown["confidence"]) == (None, "unknown", 0)
    assert list(found).index("ingredients") < list(found).index("verdict")
    assert list(names[0])[:6] == ["text", "start", "end", "inci", "method", "confidence"]


@pytest.mark.parametrize("file", sorted(LABELS.glob("*.txt")), ids=lambda file: file.stem)
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_json_keeps_to_its_published_schema(run: Run, file: Path, language: str) -> None:
    found = run("label", file, DAY, "--json", f"--lang={language}").report
    Draft202012Validator(json.loads(schema_text("label"))).validate(found)
    told = {source for note in found["verdict"]["notes"] for source in note["sources"]}
    assert told <= {source["id"] for source in found["sources"]}


def test_the_same_text_and_day_print_the_same(run: Run) -> None:
    arguments = ("label", SERUM, "--intake", PREGNANT, DAY)
    assert run(*arguments, "--json") == run(*arguments, "--json")
    assert run(*arguments) == run(*arguments)


def test_standard_input_is_read_like_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(b"\xef\xbb\xbf" + WASH.read_bytes())

    monkeypatch.setattr(sys, "stdin", Input)
    assert run("label", "-", DAY, "--json").report == run("label", WASH, DAY, "--json").report


def test_misspelled_names_can_be_left_unknown(run: Run) -> None:
    names = run("label", WASH, DAY, "--json", "--no-misspelling").report["ingredients"]
    assert [each["inci"] for each in names if each["text"] == "Niacinamde"] == [None]


def test_a_given_kind_is_used(run: Run) -> None:
    product = run("label", WASH, DAY, "--json", "--kind=mask").report["verdict"]["product"]
    assert (product["kind"], product["given"], product["rinse_off"]) == ("mask", True, True)


# --- for a person -----------------------------------------------------------------------------------------------


def test_an_intake_makes_the_notes_personal(run: Run) -> None:
    anyone = run("label", SERUM, DAY, "--json").report["verdict"]["notes"]
    mine = run("label", SERUM, DAY, "--json", "--intake", PREGNANT).report["verdict"]["notes"]
    assert not any(note["personal"] for note in anyone)
    avoid = {each["text"] for note in mine if note["tone"] == "avoid" and note["personal"] for each in note["about"]}
    assert "Retinol" in avoid


def test_a_plan_says_when_the_product_must_stop(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    student, clinic = ROOT / "examples/intakes/oily_t_zone_student.toml", ROOT / "examples/clinic.toml"
    run("consult", student, DAY, "--calendar", clinic, "--out", out)
    found = run("label", SERUM, DAY, "--json", "--plan", out / "plan.json").report["verdict"]["notes"]
    stops = [note for note in found if note["section"] == "sessions" and note["since"] and note["until"]]
    assert stops
    assert all(note["personal"] and note["since"] <= note["until"] for note in stops)


def test_the_language_is_that_of_the_answers(run: Run, tmp_path: Path) -> None:
    intake = tmp_path / "intake.toml"
    intake.write_text('[consultation]\nlanguage = "zh_hant"\n')
    assert run("label", WASH, DAY, "--json", "--intake", intake).report["language"] == "zh_hant"
    assert run("label", WASH, DAY, "--json", "--intake", intake, "--lang=en").report["language"] == "en"


# --- the terminal view ------------------------------------------------------------------------------------------


def test_the_text_is_marked_up_by_sign(run: Run) -> None:
    shown = run("label", WASH, DAY).words
    assert "?Zzyrion Ferment" in shown
    assert "~Niacinamde (NIACINAMIDE)" in shown
    assert "!Limonene, !Linalool" in shown
    assert "[≈1 %] Phenoxyethanol" in shown
    assert "1,2-Hexanediol" in shown
    assert "17 names: 16 recognised, 1 not known." in shown


def test_what_to_leave_out_is_marked_for_the_person(run: Run) -> None:
    assert "✗!+Retinol" in run("label", SERUM, DAY, "--intake", PREGNANT).words
    assert "✗" not in run("label", SERUM, DAY).words


def test_the_legend_names_only_signs_in_use(run: Run, tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("Ingredients: Aqua, Glycerin, Panthenol, Squalane, Allantoin")
    shown = run("label", plain, DAY).words
    assert "better left out" not in shown
    assert "not known, so not judged" not in shown


def test_every_note_is_shown_in_order_with_its_sources(run: Run) -> None:
    notes = run("label", SERUM, DAY, "--json", "--intake", PREGNANT).report["verdict"]["notes"]
    shown = run("label", SERUM, DAY, "--intake", PREGNANT).words
    place = 0
    for note in notes:
        place = shown.index(" ".join(note["said"][0].split()), place)
        if note["rule"] != f"verdict_note.{note['code']}":
            assert f"{note['rule']}: {' '.join(note['sources'])}" in shown[place:]


def test_a_medicine_is_known_though_it_has_no_inci_name(run: Run, tmp_path: Path) -> None:
    gel = tmp_path / "gel.txt"
    gel.write_text("Ingredients: Aqua, Clindamycin Phosphate, Glycerin, Zzyrion Ferment, Carbomer, Phenoxyethanol")
    found = run("label", gel, DAY, "--json").report
    shown = run("label", gel, DAY).words
    assert "Clindamycin" not in "".join(each["text"] for each in found["verdict"]["unknown"])
    assert "?Zzyrion Ferment" in shown
    assert "?Clindamycin" not in shown
    assert "6 names: 5 recognised, 1 not known." in shown


def test_of_several_products_each_place_names_its_own(run: Run, tmp_path: Path) -> None:
    both = tmp_path / "set.txt"
    both.write_text(
        "Duo Set\nCleansing Gel Ingredients: Aqua, Sodium Laureth Sulfate, Glycerin, Sodium Chloride, Phenoxyethanol\n"
        "Night Serum Ingredients: Aqua, Propanediol, Retinol, Squalane, Glycerin, Phenoxyethanol\n"
    )
    shown = run("label", both, DAY).words
    assert "1. Ingredients (Cleansing Gel)" in shown
    assert "product 2, place 3 · ingredient_note.retinoid_start" in shown


def test_the_reason_behind_several_visits_is_told_once(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    student, clinic = ROOT / "examples/intakes/oily_t_zone_student.toml", ROOT / "examples/clinic.toml"
    run("consult", student, DAY, "--calendar", clinic, "--out", out)
    arguments = ("label", SERUM, DAY, "--plan", out / "plan.json")
    notes = [note for note in run(*arguments, "--json").report["verdict"]["notes"] if note["section"] == "sessions"]
    rules = [(note["code"], note["rule"]) for note in notes]
    shown = run(*arguments).words
    assert len(rules) > len(set(rules))
    assert all(" ".join(note["said"][0].split()) in shown for note in notes)
    assert all(shown.count(f"{rule}: ") == 1 for _, rule in set(rules))


@pytest.mark.parametrize(("file", "said"), [("no_list", "no ingredient list in it"), ("gel_cleanser", "Ingredients")])
def test_a_text_without_a_list_is_told(run: Run, file: str, said: str) -> None:
    ran = run("label", LABELS / f"{file}.txt", DAY)
    assert ran.code == 0
    assert said in ran.words


def report_of(run: Run, *arguments: object) -> LabelReport:
    return LabelReport.model_validate_json(run("label", *arguments, DAY, "--json").out)


@pytest.mark.parametrize("width", [24, 40, 80, 200])
@pytest.mark.parametrize("language", ["en", "zh_hant"])
def test_the_view_fits_any_width(run: Run, knowledge: Knowledge, width: int, language: str) -> None:
    report = report_of(run, SERUM, f"--lang={language.replace('_', '-')}")
    told = io.StringIO()
    screen = Console(file=told, width=width, highlight=False)
    print_label(report, knowledge.texts(language), console=screen)
    lines = [screen.render_str(line).cell_len for line in told.getvalue().splitlines()]
    assert max(lines) <= width
    assert "\x1b" not in told.getvalue()


def test_colour_adds_nothing_that_a_sign_does_not_say(run: Run, knowledge: Knowledge) -> None:
    report, shown = report_of(run, SERUM, "--intake", PREGNANT), []
    for colour in (True, False):
        told = io.StringIO()
        screen = Console(file=told, width=100, highlight=False, force_terminal=True, no_color=not colour)
        print_label(report, knowledge.texts("en"), console=screen)
        shown.append(told.getvalue())
    assert "\x1b[1;31m" in shown[0]
    assert "31m" not in shown[1]
    plain = [Text.from_ansi(each).plain for each in shown]
    assert plain[0] == plain[1]


def test_nothing_in_a_text_steers_the_terminal(run: Run, tmp_path: Path) -> None:
    evil = tmp_path / "evil.txt"
    evil.write_text(
        "Ingredients: Aqua, Glycerin, Panthenol, \x1b]0;owned\x07\x1b[31mRotten\u202e Thing, Squalane\x9b2J"
    )
    ran = run("label", evil, DAY)
    assert ran.code == 0
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out)
    assert "Squalane" in ran.out


def test_printable_keeps_words_and_drops_controls() -> None:
    assert printable("a\tb\r\nc\x1b[0m \u202edé 水") == "a b c[0m dé 水"


# --- what can't be used -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Ingrédients: Aqua, Glycérine".encode("cp1252"), "is not text in UTF-8"),
        ("Ingredients: Aqua".encode("utf-16"), "is not text in UTF-8"),
        (b"\x89PNG\r\n\x1a\nbroken", "is no picture"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "is no picture in JPEG, PNG or WebP"),
    ],
)
def test_a_file_that_can_not_be_read_is_named(run: Run, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "label.txt"
    file.write_bytes(content)
    ran = run("label", file)
    assert (ran.code, ran.out) == (2, "")
    assert str(file) in ran.err
    assert said in ran.err


def test_a_byte_order_mark_is_no_part_of_the_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "label.txt"
    file.write_text("Ingredients: Aqua, Glycerin, Panthenol", "utf-8-sig")
    assert run("label", file, "--json").report["text"].startswith("Ingredients")


@pytest.mark.parametrize("content", ["", "  \n\t\n"])
def test_a_text_without_a_word_is_told(run: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "label.txt"
    file.write_text(content)
    ran = run("label", file)
    assert (ran.code, ran.out) == (2, "")
    assert f"{file}: holds no text" in ran.err


@pytest.mark.parametrize(("name", "content"), [("intake.toml", ""), ("intake.json", "{}")])
def test_an_intake_without_an_answer_is_told(run: Run, tmp_path: Path, name: str, content: str) -> None:
    intake = tmp_path / name
    intake.write_text(content)
    ran = run("label", WASH, "--intake", intake)
    assert (ran.code, ran.out) == (2, "")
    assert f"{intake}: holds no answer" in ran.err


@pytest.mark.parametrize("content", [{}, {"schema_version": 1, "plan": {}, "findings": []}, {"plan": 1}])
def test_a_file_that_is_no_plan_is_refused_in_one_line(run: Run, tmp_path: Path, content: dict[str, object]) -> None:
    plan = tmp_path / "report.json"
    plan.write_text(json.dumps(content))
    ran = run("label", WASH, "--plan", plan)
    assert (ran.code, ran.out) == (2, "")
    assert f"{plan}: is no plan" in ran.err
    assert "1 problem" in ran.err


def test_a_plan_that_is_not_json_is_named(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("{")
    ran = run("label", WASH, "--plan", plan)
    assert ran.code == 2
    assert f"{plan}: is not JSON" in ran.err


def test_a_missing_file_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("label", tmp_path / "none.txt")
    assert ran.code == 2
    assert "none.txt" in ran.err


def test_an_unknown_kind_is_answered_with_those_there_are(run: Run) -> None:
    ran = run("label", WASH, "--kind=potion")
    assert ran.code == 2
    assert "'potion' is no kind of product" in ran.err
    assert "cleanser" in ran.err


@pytest.mark.parametrize(
    "arguments", [(), (WASH, "--many", WASH), ("--many", WASH), (WASH, "--out", "x.parquet"), (WASH, "--barcode", WASH)]
)
def test_one_thing_is_asked_at_a_time(run: Run, arguments: tuple[object, ...]) -> None:
    ran = run("label", *arguments)
    assert ran.code == 2
    assert "Usage: pellucid label" in ran.err


# --- start ------------------------------------------------------------------------------------------------------

HEAVY = ("rapidfuzz", "symspellpy", "pyarrow", "PIL", "zxingcpp", "rapidocr", "onnxruntime", "numpy", "rich")


LOADED = """
import sys
from pellucid.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def loaded_by(*words: object) -> set[str]:
    """The modules that one run of the command line has imported."""
    command = [sys.executable, "-c", LOADED, *map(str, words)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return set(ended.stderr.split())


@pytest.mark.parametrize("words", [("--help",), ("label", "--help"), ("labels", "--help")])
def test_the_help_loads_no_reader(words: tuple[str, ...]) -> None:
    assert not set(HEAVY) & loaded_by(*words)


def test_a_text_is_read_without_what_photos_and_tables_need() -> None:
    loaded = loaded_by("label", WASH, "--json", "--no-misspelling")
    assert "pellucid.labels.judge" in loaded
    assert not {"pyarrow", "zxingcpp", "rapidocr", "onnxruntime", "ortools"} & loaded
