"""The wheel holds all that Pellucid needs and nothing else: unpacked alone into an empty folder, it runs."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest

from pellucid import __version__

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "pellucid"
EXAMPLE = ROOT / "examples" / "intakes" / "oily_t_zone_student.toml"

RUN = """
import sys
sys.path[:0] = sys.argv.pop(1).split(":")
import pellucid
from pellucid.cli.main import main
print(pellucid.__file__, file=sys.stderr)
main()
"""
"""Runs the command line with the folders of the first argument alone: -S and -I keep every other package away."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if not name.endswith("/")]


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def _run(unpacked: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the unpacked package beside the libraries of this environment, away from the project."""
    found = ":".join(dict.fromkeys([str(unpacked), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]))
    command = [sys.executable, "-S", "-I", "-c", RUN, found, *map(str, arguments)]
    return subprocess.run(command, cwd=unpacked, check=False, capture_output=True, text=True, encoding="utf-8")


def test_its_name_says_version_and_that_it_runs_everywhere(wheel: Path) -> None:
    assert wheel.name == f"pellucid-{__version__}-py3-none-any.whl"


def test_every_file_of_the_package_is_inside(names: list[str]) -> None:
    own = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    wanted = {name for name in own if "__pycache__" not in name}
    assert wanted - set(names) == set()
    for part in ("knowledge/data/windows.toml", "knowledge/data/text/zh_hant/interface.toml", "py.typed"):
        assert f"pellucid/{part}" in names
    assert any(name.startswith("pellucid/exchange/templates/") for name in names)


def test_nothing_else_is_inside(names: list[str]) -> None:
    tops = {PurePosixPath(name).parts[0] for name in names}
    assert tops == {"pellucid", f"pellucid-{__version__}.dist-info"}
    kinds = {PurePosixPath(name).suffix for name in names if name.startswith("pellucid/")}
    assert not kinds & {".pyc", ".pyo", ".md", ".lock", ".sqlite3"}
    assert not [name for name in names if {"tests", "docs", "__pycache__"} & set(PurePosixPath(name).parts)]


def test_the_command_and_the_licence_are_inside(unpacked: Path) -> None:
    information = unpacked / f"pellucid-{__version__}.dist-info"
    assert "pellucid = pellucid.cli.main:main" in (information / "entry_points.txt").read_text("utf-8")
    licence = next(information.rglob("LICENSE"))
    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize(("language", "word"), [("en", "Combination"), ("zh-hant", "混合性")])
def test_it_runs_alone(unpacked: Path, tmp_path: Path, language: str, word: str) -> None:
    out = tmp_path / "out"
    arguments = (EXAMPLE, "--today=2026-11-20", f"--lang={language}", "--out", out)
    ended = _run(unpacked, "consult", *arguments)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.strip() == str(unpacked / "pellucid" / "__init__.py")
    assert word in ended.stdout
    assert json.loads((out / "report.json").read_text("utf-8"))["version"] == __version__
    assert word in (out / "report.html").read_text("utf-8")


def test_its_knowledge_is_complete(unpacked: Path) -> None:
    ended = _run(unpacked, "knowledge", "check")
    assert ended.returncode == 0, ended.stdout + ended.stderr
