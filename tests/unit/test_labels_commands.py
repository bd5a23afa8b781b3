"""``pellucid labels``: a user's own copy of the inventory is added, used, and removed again."""

from pathlib import Path

import pytest
from tests.command_line import Run

NAMES = [f"ZORBIUM {first}{second}XATE" for first in "ABCDEFGHIJ" for second in "ABCDEFGHIJKLMNO"]
TEXT = "Ingredients: Aqua, Glycerin, Zorbium Cexate, Panthenol"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    file = tmp_path / "inventory.csv"
    file.write_text("INCI name,Function\n" + "".join(f"{name},HUMECTANT\n" for name in NAMES))
    return file


@pytest.fixture
def label(tmp_path: Path) -> Path:
    file = tmp_path / "label.txt"
    file.write_text(TEXT)
    return file


def known(run: Run, label: Path, *options: str) -> str | None:
    found = run("label", label, "--json", "--today=2026-11-20", "--no-misspelling", *options).report
    names = {each["text"]: each["inci"] for each in found["ingredients"]}
    inci: str | None = names["Zorbium Cexate"]
    return inci


def test_an_imported_name_is_recognised_until_it_is_forgotten(run: Run, inventory: Path, label: Path) -> None:
    assert known(run, label) is None
    ran = run("labels", "import-cosing", inventory)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("150 names were imported.")
    assert known(run, label) == "ZORBIUM CEXATE"
    assert known(run, label, "--no-inventory") is None
    assert run("labels", "forget-cosing").out.startswith("The imported inventory was removed.")
    assert known(run, label) is None


def test_every_view_says_whether_an_inventory_is_in_use(run: Run, inventory: Path, label: Path) -> None:
    none, some = "No imported inventory is in use", "An imported inventory is in use: it adds 150 names."
    assert none in run("labels", "status").out
    assert none in run("label", label).words
    run("labels", "import-cosing", inventory)
    assert some in run("labels", "status").out
    assert some in run("label", label).words
    assert none in run("label", label, "--no-inventory").words
    assert run("label", label, "--json").report["imported_names"] == 150


def test_the_messages_come_in_chinese_too(run: Run, inventory: Path) -> None:
    assert "已匯入 150 個名稱" in run("labels", "import-cosing", inventory, "--lang=zh-hant").out
    assert "匯入的成分目錄已移除" in run("labels", "forget-cosing", "--lang=zh-hant").out
    assert "只用 Pellucid 內建的名稱" in run("labels", "status", "--lang=zh-hant").out


def test_forgetting_nothing_is_no_fault(run: Run) -> None:
    ran = run("labels", "forget-cosing")
    assert ran.code == 0
    assert "removed" not in ran.out


def test_a_file_that_is_no_inventory_is_named_and_the_earlier_one_stays(
    run: Run, inventory: Path, label: Path, tmp_path: Path
) -> None:
    run("labels", "import-cosing", inventory)
    other = tmp_path / "other.csv"
    other.write_text("name,price\ncream,10\n")
    ran = run("labels", "import-cosing", other)
    assert (ran.code, ran.out) == (2, "")
    assert str(other) in ran.err
    assert known(run, label) == "ZORBIUM CEXATE"
