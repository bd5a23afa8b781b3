"""Commands that the guides show run, and links between the documents lead somewhere."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from pellucid.cli.main import main

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDES = (README, *sorted((ROOT / "docs" / "guide").glob("*.md")))
PAGES = (README, *sorted((ROOT / "docs").rglob("*.md")))

FENCE = re.compile(r"^( *)```(sh|console)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^ {4}\S.*\n)+", re.MULTILINE)
PROGRAM = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?pellucid ")
EXIT = re.compile(r"#\s*exit (\d+)\s*$")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^( *)```.*?^\1```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


class Command(NamedTuple):
    """One command line of a page, and the exit code it is said to end with."""

    page: str
    line: str
    exit_code: int


def commands() -> Iterator[Command]:
    for page in GUIDES:
        text = page.read_text("utf-8")
        blocks = [found.group(3) for found in FENCE.finditer(text)]
        blocks += INDENTED.findall(text) if page == README else []
        for block in blocks:
            yield from _of_block(block, str(page.relative_to(ROOT)))


def _of_block(block: str, page: str) -> Iterator[Command]:
    lines = [*block.splitlines(), ""]
    for line, following in pairwise(lines):
        if PROGRAM.match(line):
            alone = following if following.lstrip().startswith("#") else ""
            code = EXIT.search(line) or EXIT.search(alone)
            yield Command(page, PROGRAM.sub("", line), int(code.group(1)) if code else 0)


COMMANDS = tuple(commands())


def _arguments(line: str) -> list[str]:
    """The words of a command; paths of examples are those of the project."""
    words = shlex.split(line, comments=True)
    return [str(ROOT / word) if word.startswith("examples/") else word for word in words]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.page}: {command.line}")
def test_command_runs(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(SystemExit) as ended:
        main(["--debug", *_arguments(command.line)] if not command.exit_code else _arguments(command.line))
    assert (ended.value.code or 0) == command.exit_code
    if "--many" in command.line:
        assert (tmp_path / "verdicts.parquet").is_file()
    elif "--out out" in command.line:
        assert (tmp_path / "out" / "report.html").is_file()
        assert (tmp_path / "out" / "report.json").is_file()


def test_every_guide_shows_commands() -> None:
    assert {command.page for command in COMMANDS} == {str(page.relative_to(ROOT)) for page in GUIDES}
    assert len(COMMANDS) >= 20


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.page}: {command.line}")
def test_examples_have_a_day(command: Command) -> None:
    """An example's answers grow old: without a day, what a page shows would change with the calendar."""
    reads_an_example = "examples/intakes/" in command.line and command.page != "README.md"
    assert not reads_an_example or "--today" in command.line


def _links() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for target in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
            if not re.match(r"[a-z]+:", target):
                yield str(page.relative_to(ROOT)), target


@pytest.mark.parametrize(("page", "target"), sorted(set(_links())))
def test_link_leads_somewhere(page: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    found = (ROOT / page).parent / path if path else ROOT / page
    assert found.exists(), f"{page} links to {target}"
    if anchor:
        assert anchor in {_anchor(title) for title in HEADING.findall(found.read_text("utf-8"))}


def _anchor(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.lower())
    return kept.strip().replace(" ", "-")
