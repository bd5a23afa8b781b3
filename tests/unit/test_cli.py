"""The command line: what it prints, what it writes, and with which code it ends."""

import errno
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import click
import pytest
from jsonschema import Draft202012Validator
from tests.command_line import Run

from pellucid import __version__
from pellucid.cli.main import cli, main
from pellucid.knowledge.load import load_from

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "intakes"
STUDENT = EXAMPLES / "oily_t_zone_student.toml"
DAY = "--today=2026-11-20"

BAD = """[person]
age = 200
shoe_size = 43
[health]
pregnancy = "perhaps"
medicines = [{ nam = "adapalene" }]
[wishes]
goals = ["everything"]
"""
BAD_PATHS = ["person.age", "person.shoe_size", "health.pregnancy", "health.medicines[0].name", "wishes.goals[0]"]


def contents(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder in which an earlier report stands."""
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "report.json").write_text("an earlier report")
    (folder / "report.html").write_text("an earlier page")
    (folder / "notes.txt").write_text("somebody's own")
    return folder


# --- help and version ------------------------------------------------------------------------------------


def _commands(command: click.Command, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    for name, each in command.commands.items() if isinstance(command, click.Group) else ():
        yield from _commands(each, *words, name)


@pytest.mark.parametrize(("words", "command"), [*_commands(cli)], ids=[" ".join(words) for words, _ in _commands(cli)])
def test_every_command_and_option_explains_itself(run: Run, words: tuple[str, ...], command: click.Command) -> None:
    ran = run(*words, "--help")
    assert ran.code == 0
    assert (command.help or "?").split(".")[0] in ran.words
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_version(run: Run) -> None:
    assert __version__ in run("--version").out


@pytest.mark.parametrize("arguments", [(), ("frobnicate",), ("consult",), ("consult", STUDENT, "--today=2026-13-01")])
def test_what_can_not_be_understood_ends_with_2(run: Run, arguments: tuple[object, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Usage: pellucid" in ran.out + ran.err


# --- consult: the report ---------------------------------------------------------------------------------


def test_summary_says_what_the_report_says(run: Run) -> None:
    report = run("consult", STUDENT, DAY, "--json").report
    summary = run("consult", STUDENT, DAY)
    assert summary.code == 0
    for line in (*report["summary"], report["intended_use"], report["options"][0]["name"]):
        assert line in summary.words


def test_json_is_the_written_report(run: Run, tmp_path: Path) -> None:
    printed = run("consult", STUDENT, DAY, "--json", "--out", tmp_path / "new" / "out")
    assert printed.code == 0
    assert printed.report == json.loads((tmp_path / "new" / "out" / "report.json").read_text("utf-8"))


def test_report_follows_the_published_schema(run: Run) -> None:
    schema = run("schema", "report").report
    Draft202012Validator.check_schema(schema)
    report = run("consult", STUDENT, DAY, "--json").report
    Draft202012Validator(schema).validate(report)
    assert {"findings", "screening", "routine", "referral", "unknown"} <= report.keys()
    assert report["screening"]
    for decision in report["screening"]:
        assert {"treatment", "status", "until", "reasons"} <= decision.keys()
        assert all(reason["rule"] and reason["sources"] for reason in decision["reasons"])
        assert decision["reasons"] or decision["status"] == "allowed"


def test_written_files_are_named_and_private(run: Run, old: Path) -> None:
    ran = run("consult", STUDENT, DAY, "--out", old)
    for name in ("report.html", "report.json"):
        assert str(old / name) in ran.out
        assert stat.S_IMODE((old / name).stat().st_mode) == 0o600
    assert contents(old).keys() == {"report.html", "report.json", "notes.txt"}


@pytest.mark.parametrize("name", ["oily_t_zone_student.toml", "oily_t_zone_student.json"])
def test_reads_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO((EXAMPLES / name).read_text("utf-8")))
    assert run("consult", "-", DAY, "--json").report == run("consult", EXAMPLES / name, DAY, "--json").report


def test_toml_and_json_give_the_same_report(run: Run) -> None:
    toml, json_ = (run("consult", STUDENT.with_suffix(suffix), DAY, "--json") for suffix in (".toml", ".json"))
    assert toml.report == json_.report


def test_language(run: Run) -> None:
    speaks_chinese = EXAMPLES / "dehydrated_oily_oval_cheeks.toml"
    assert run("consult", speaks_chinese, DAY, "--json").report["language"] == "zh_hant"
    assert run("consult", speaks_chinese, DAY, "--json", "--lang=en").report["language"] == "en"
    assert "混合性" in run("consult", STUDENT, DAY, "--lang=zh-hant").out
    assert run("consult", STUDENT, "--lang=fr").code == 2


def test_clinic_rules_hold(run: Run) -> None:
    plain = run("consult", STUDENT, DAY, "--json").report
    clinic = run("consult", STUDENT, DAY, "--json", "--clinic", ROOT / "examples" / "clinic_rules.toml").report
    assert clinic["knowledge"] != plain["knowledge"]
    waits = [
        {each["treatment"]: each["until"] for each in report["screening"]}["extraction"] for report in (plain, clinic)
    ]
    assert waits == ["2026-11-23", "2026-11-25"]  # three days without acids, and the clinic's own five


def test_every_fault_in_clinic_rules_is_listed(run: Run, tmp_path: Path) -> None:
    looser = 'window = "strong_active_before"\ncolumn = "extraction"\ndays = 1'
    (tmp_path / "rules.toml").write_text(f'licensed = ["extracton"]\n[[windows]]\n{looser}')
    ran = run("consult", STUDENT, DAY, "--clinic", tmp_path / "rules.toml")
    assert ran.code == 2
    assert "licensed[0]: no treatment 'extracton'; did you mean 'extraction'?" in ran.err
    assert "windows[0].days" in ran.err


# --- consult: explain and what if ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "window.strong_active_before",
            ["[active.strong_active]", "products.actives = salicylic acid cleanser", "defer", "S136", "S137", "C-MDA"],
        ),
        ("skin_type.combination", ["[skin.t_zone_shine.clear]", "skin.t_zone_shine = clear", "yes", "no"]),
        ("treatment.aha_peel", ["defer", "window.strong_active_before", "C-GRIMES"]),
        ("gx7b_isotretinoin_peel", ["contraindication.gx7b_isotretinoin_peel", "[medicine.oral_retinoid]"]),
    ],
)
def test_explain_shows_the_chain(run: Run, name: str, told: list[str]) -> None:
    ran = run("consult", STUDENT, DAY, "--explain", name)
    assert (ran.code, [part for part in told if part not in ran.out]) == (0, [])


@pytest.mark.parametrize("command", [("consult", STUDENT, DAY, "--explain"), ("knowledge", "show")])
def test_id_of_several_records_is_asked_about(run: Run, command: tuple[object, ...]) -> None:
    ran = run(*command, "oily")
    assert (ran.code, ran.out) == (2, "")
    assert "skin_type.oily, pore_type.oily" in ran.err


@pytest.mark.parametrize("name", ["treatment.aha_peal", "aha_peal"])
@pytest.mark.parametrize("command", [("consult", STUDENT, DAY, "--explain"), ("knowledge", "show")])
def test_unknown_id_offers_the_nearest(run: Run, command: tuple[object, ...], name: str) -> None:
    ran = run(*command, name)
    assert ran.code == 2
    assert "did you mean" in ran.err
    assert "aha_peel" in ran.err


def test_what_if_takes_several_changes_and_takes_answers_out(run: Run) -> None:
    ran = run("consult", STUDENT, DAY, "--what-if=health.pregnancy=pregnant", "--what-if=health.allergies=?")
    assert "Facial steam: defer -> blocked" in ran.words
    assert "Soothing mask: allowed -> ask" in ran.words


def test_what_if_reads_values_as_toml(run: Run) -> None:
    medicine = 'health.medicines=[{ name = "isotretinoin", route = "oral" }]'
    ran = run("consult", STUDENT, DAY, "--what-if", medicine)
    assert "Manual extraction: defer -> " in ran.words


def test_what_if_says_that_nothing_changes(run: Run) -> None:
    assert "Nothing would change." in run("consult", STUDENT, DAY, "--what-if=wishes.budget=121").out


def test_what_if_lists_what_changes_and_only_that(run: Run) -> None:
    ran = run("consult", STUDENT, DAY, "--what-if=health.pregnancy=pregnant")
    assert ran.code == 0
    assert "Facial steam: defer -> blocked" in ran.words
    sides = [line.partition(": ")[2].split(" -> ") for line in ran.out.splitlines()[1:]]
    assert [before for before, after in sides if before == after] == []


@pytest.mark.parametrize(
    ("setting", "named"),
    [("nonsense", "'nonsense'"), ("=1", "'=1'"), ("person.age.years=1", "person.age.years"), ("a.b=1", "a")],
)
def test_what_if_that_can_not_be_used(run: Run, setting: str, named: str) -> None:
    ran = run("consult", STUDENT, DAY, "--what-if", setting)
    assert (ran.code, ran.out) == (2, "")
    assert named in ran.err


@pytest.mark.parametrize("option", ["--what-if=nonsense", "--explain=nonsense"])
def test_nothing_is_written_where_an_option_can_not_be_used(run: Run, old: Path, option: str) -> None:
    before = contents(old)
    assert run("consult", STUDENT, DAY, option, "--out", old).code == 2
    assert contents(old) == before


# --- consult: what can't be used -------------------------------------------------------------------------


def test_every_fault_of_an_intake_is_listed_and_nothing_written(run: Run, old: Path) -> None:
    intake = old.parent / "bad.toml"
    intake.write_text(BAD)
    before = contents(old)
    ran = run("consult", intake, DAY, "--out", old)
    assert (ran.code, ran.out) == (2, "")
    assert [path for path in BAD_PATHS if f"  {path}: " not in ran.err] == []
    assert contents(old) == before
    assert run("consult", intake, DAY, "--out", old.parent / "new").code == 2
    assert not (old.parent / "new").exists()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[person\nage = 3", b'{"person": ', b"x = [" * 5000])
def test_file_that_is_no_intake(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "intake").write_bytes(content)
    for path in ("intake", "there is no such file", "."):
        ran = run("consult", tmp_path / path, DAY)
        assert (ran.code, ran.out) == (2, "")
        assert str(tmp_path / path) in ran.err


# --- consult: when something goes wrong ------------------------------------------------------------------


def _full(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_full_disk_leaves_old_files_alone(run: Run, monkeypatch: pytest.MonkeyPatch, old: Path, step: str) -> None:
    before = contents(old)
    monkeypatch.setattr(step, _full)
    ran = run("consult", STUDENT, DAY, "--out", old)
    assert ran.code == 2
    assert "No space left on device" in ran.err
    assert contents(old) == before


@pytest.mark.parametrize("name", ["report.json", "report.html"])
def test_all_files_take_their_place_or_none(run: Run, old: Path, name: str) -> None:
    (old / name).unlink()
    (old / name / "in the way").mkdir(parents=True)
    before = contents(old)
    ran = run("consult", STUDENT, DAY, "--out", old)
    assert ran.code == 2
    assert contents(old) == before


def test_file_in_the_place_of_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert run("consult", STUDENT, DAY, "--out", tmp_path / "file").code == 2
    assert run("consult", STUDENT, DAY, "--out", tmp_path / "file" / "below").code == 2
    assert (tmp_path / "file").read_text() == "mine"


def _defect(*_: object, **__: object) -> NoReturn:
    raise ZeroDivisionError("Jane Doe takes apixaban")


def test_fault_of_the_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pellucid.cli.consult.care", _defect)
    ran = run("consult", STUDENT, DAY)
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "Jane Doe" not in ran.err  # what a person told must not get into a log
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "consult", str(STUDENT), DAY])


@pytest.mark.parametrize("arguments", [("consult", STUDENT, DAY), ("schema", "intake")])
def test_reader_that_went_away(arguments: tuple[object, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer) as pipe:
        ended = subprocess.run(
            [sys.executable, "-m", "pellucid", *map(str, arguments)], stdout=pipe, stderr=subprocess.PIPE, check=False
        )
    assert ended.stderr == b""
    assert ended.returncode == 0  # neither a check that failed nor a fault of the program


# --- questions and knowledge -----------------------------------------------------------------------------


def test_questions_without_an_intake_say_where_to_start(run: Run) -> None:
    ran = run("questions")
    assert ran.code == 0
    assert ran.out.splitlines()[0].endswith("[person.age]")
    assert "[health.pregnancy]" in ran.out
    assert "幾歲" in run("questions", "--lang=zh-hant").out


def test_questions_leave_out_what_was_answered(run: Run) -> None:
    open_now = run("questions", EXAMPLES / "almost_nothing_answered.toml", DAY).out
    assert "[health.pregnancy]" in open_now
    assert "[person.age]" not in open_now
    assert "[health.pregnancy]" not in run("questions", STUDENT, DAY).out


def test_knowledge_check(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run("knowledge", "check").code == 0
    data = tmp_path / "data"
    shutil.copytree(ROOT / "src" / "pellucid" / "knowledge" / "data", data)
    (data / "faq.toml").write_text("[[faq]]\nid = 'odd'\ncolour = 'blue'\n")
    (data / "myths.toml").unlink()
    monkeypatch.setattr("pellucid.cli.knowledge.load", lambda: load_from(data))
    ran = run("knowledge", "check")
    assert ran.code == 1
    for fault in ("faq.toml: faq.odd.colour", "faq.toml: faq.odd.source", "myths.toml"):
        assert fault in ran.out


def test_knowledge_coverage(run: Run) -> None:
    ran = run("knowledge", "coverage")
    assert (ran.code, "contradictions 32/32" in ran.out, "missing" in ran.out) == (0, True, False)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("treatment.aha_peel", ["Superficial AHA peel", "columns = ['aha_peel']", "C-GRIMES", "strength C"]),
        ("k1", ["disagreement.k1", "positions.become_smaller", "S118: founding documents", "E-RFPORE"]),
        ("S21", ["item.S21", "disagreement.k1", "fact.no_muscle"]),
    ],
)
def test_knowledge_show(run: Run, name: str, told: list[str]) -> None:
    ran = run("knowledge", "show", name)
    assert (ran.code, [part for part in told if part not in ran.out]) == (0, [])
