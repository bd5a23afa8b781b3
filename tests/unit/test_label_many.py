"""``pellucid label --many``: one row a label, nothing half-written, and every bad line named."""

import json
import os
import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet  # type: ignore[import-untyped]
from tests.command_line import Run

from pellucid.cli import label_many
from pellucid.cli.label import Asked, ask

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide" / "label_commands.md"
DAY = "--today=2026-11-20"
WASH = "Gel cleanser. Ingredients: Aqua, Glycerin, Decyl Glucoside, Salicylic Acid 0.5 %, Foobarin, Phenoxyethanol"
LINES: tuple[Mapping[str, Any], ...] = (
    {"id": "wash", "text": WASH},
    {"id": 7, "raw": "Aqua, Glycerin, Squalane, Panthenol, Allantoin", "clean": 3, "brand": "left alone"},
    {"clean": "Nothing about what is in it."},
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets an inventory that this machine's user has imported."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    file = tmp_path / "labels.jsonl"
    file.write_text("\ufeff" + "\n\n".join(map(json.dumps, LINES)) + "\n", "utf-8")
    return file


def rows_of(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return rows


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
def test_each_label_is_a_row_in_order(run: Run, labels: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"verdicts{ending}"
    ran = run("label", "--many", labels, "--out", out, DAY)
    assert (ran.code, ran.err) == (0, "")
    assert "3 labels: 2 read, 1 without a list, 0 that can't be read." in ran.words
    rows = rows_of(out)
    assert [(row["id"], row["line"], row["state"]) for row in rows] == [
        ("wash", 1, "read"),
        ("7", 3, "read"),
        ("5", 5, "no_list"),
    ]
    assert [row["names"] for row in rows] == [6, 5, 0]
    assert [row["unknown"] for row in rows] == [1, 0, 0]


def test_a_row_says_what_the_command_says_of_one_label(run: Run, labels: Path, tmp_path: Path) -> None:
    out, text = tmp_path / "verdicts.parquet", tmp_path / "wash.txt"
    text.write_text(WASH)
    run("label", "--many", labels, "--out", out, DAY)
    row, alone = rows_of(out)[0], run("label", text, DAY, "--json").report
    assert row["ingredients"] == alone["ingredients"]
    assert row["product_kind"] == alone["verdict"]["product"]["kind"] == "cleanser"
    assert row["one_percent_from"] == alone["verdict"]["lines"][0]["position"]
    notes = alone["verdict"]["notes"]
    assert [(note["code"], note["tone"], note["rule"], note["sources"]) for note in row["notes"]] == [
        (note["code"], note["tone"], note["rule"], note["sources"]) for note in notes
    ]
    assert [note["about"] for note in row["notes"]] == [[each["index"] for each in note["about"]] for note in notes]


def test_both_kinds_of_file_hold_the_same(run: Run, labels: Path, tmp_path: Path) -> None:
    for name in ("one.parquet", "one.jsonl"):
        run("label", "--many", labels, "--out", tmp_path / name, DAY)
    assert rows_of(tmp_path / "one.parquet") == rows_of(tmp_path / "one.jsonl")


def test_the_guide_names_every_column(run: Run, labels: Path, tmp_path: Path) -> None:
    out = tmp_path / "verdicts.parquet"
    run("label", "--many", labels, "--out", out, DAY)
    schema = parquet.read_schema(out)
    nested = [schema.field(name).type.value_type for name in ("ingredients", "notes")]
    columns = {*schema.names, *(field.name for each in nested for field in each)}
    guide = GUIDE.read_text("utf-8")
    assert {name for name in columns if f"`{name}`" not in guide} == set()


def test_labels_are_taken_a_batch_at_a_time(
    run: Run, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_many, "BATCH", 2)
    out = tmp_path / "verdicts.parquet"
    run("label", "--many", labels, "--out", out, DAY)
    groups = parquet.ParquetFile(out).metadata
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [2, 1]


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_what_is_written_may_be_read_as_any_file_of_its_owner(
    run: Run, labels: Path, tmp_path: Path, mask: int, mode: int
) -> None:
    out = tmp_path / "new" / "verdicts.parquet"
    before = os.umask(mask)
    try:
        run("label", "--many", labels, "--out", out, DAY)
    finally:
        os.umask(before)
    assert stat.S_IMODE(out.stat().st_mode) == mode


def test_json_is_for_one_label(run: Run, labels: Path, tmp_path: Path) -> None:
    ran = run("label", "--many", labels, "--out", tmp_path / "verdicts.jsonl", "--json", DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "--json is for one label" in ran.err
    assert not (tmp_path / "verdicts.jsonl").exists()


BAD = (
    (b'{"text": "Aqua"', "line 2: is not JSON"),
    (b'["Aqua"]', "line 2: must be an object"),
    (b'{"name": "Cream"}', "line 2: has no text; give it as text, raw or clean"),
    (b'{"text": null}', "line 2: text must be text"),
    (b'{"text": "Aqua", "id": [1]}', "line 2: id must be text or a whole number"),
    (b'{"text": "Aqua \\ud800"}', "line 2: holds half a character"),
    (b'{"text": "Cr\xe8me"}', "line 2: is not text in UTF-8"),
    (b"[" * 100_000, "line 2: is not JSON"),
)


@pytest.mark.parametrize(("line", "said"), BAD, ids=range(len(BAD)))
def test_a_bad_line_is_named_and_nothing_is_written(run: Run, tmp_path: Path, line: bytes, said: str) -> None:
    file, out = tmp_path / "labels.jsonl", tmp_path / "out" / "verdicts.parquet"
    out.parent.mkdir()
    out.write_bytes(b"an earlier one")
    file.write_bytes(b'{"text": "Aqua, Glycerin"}\n' + line + b'\n{"text": "Aqua"}\n')
    ran = run("label", "--many", file, "--out", out, DAY)
    assert ran.code == 2
    assert f"{file}: {said}" in ran.err
    assert [path.name for path in out.parent.iterdir()] == ["verdicts.parquet"]
    assert out.read_bytes() == b"an earlier one"


def test_all_bad_lines_are_named_at_once_up_to_a_bound(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text("nothing\n" * 60)
    ran = run("label", "--many", file, "--out", tmp_path / "verdicts.parquet")
    assert ran.err.count("is not JSON") == 50
    assert "10 more lines can't be used" in ran.err


@pytest.mark.parametrize(
    ("name", "said"),
    [("verdicts.csv", "give it the ending .parquet or .jsonl"), ("labels.jsonl/verdicts.parquet", "can't write")],
)
def test_where_it_can_not_be_written_is_told(run: Run, labels: Path, tmp_path: Path, name: str, said: str) -> None:
    before = sorted(tmp_path.iterdir())
    ran = run("label", "--many", labels, "--out", tmp_path / name, DAY)
    assert ran.code == 2
    assert said in ran.err
    assert sorted(tmp_path.iterdir()) == before


def test_an_empty_file_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text("\n\n")
    ran = run("label", "--many", file, "--out", tmp_path / "verdicts.parquet")
    assert ran.code == 2
    assert "holds no label" in ran.err


@pytest.mark.parametrize("ending", [".parquet", ".jsonl"])
def test_a_run_that_is_broken_off_leaves_no_half(
    run: Run, labels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    out, judged = tmp_path / f"verdicts{ending}", []
    out.write_bytes(b"an earlier one")
    whole = Asked.read_and_judge

    def broken(asked: Asked, text: str) -> Any:
        judged.append(text)
        if len(judged) == 3:
            raise KeyboardInterrupt
        return whole(asked, text)

    monkeypatch.setattr(label_many, "BATCH", 1)
    monkeypatch.setattr(Asked, "read_and_judge", broken)
    with pytest.raises(KeyboardInterrupt):
        label_many.run_many(labels, out, _nobody())
    assert out.read_bytes() == b"an earlier one"
    assert not list(tmp_path.glob(".pellucid-*"))


def _nobody() -> Asked:
    day = date(2026, 11, 20)
    return ask(intake=None, plan=None, kind=None, today=day, language=None, inventory=False, misspelling=True)
