"""``pellucid label --many``: judge a file of labels a batch at a time, so that memory stays bounded."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pellucid.cli.label import Asked
from pellucid.exchange.label_rows import Row, row, rows_to
from pellucid.model.errors import InputError, Problem

KEYS = ("text", "raw", "clean")
"""Where a line has its text; the first that is there."""
BATCH = 500
MOST_PROBLEMS = 50
"""So many bad lines are named; then how many more there are."""
LONGEST_LINE = 10_000_000
"""Characters."""
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which no file can hold."""


class Given(NamedTuple):
    """One label of the file."""

    line: int
    """From 1."""
    name: str
    text: str


def run_many(file: Path, out: Path, asked: Asked) -> None:
    """Judge every label of a file of JSON lines, and write one row each.

    Raises:
        InputError: lines that can't be used, all named before anything is judged.
        OutputError: the result can't be written.
    """
    with rows_to(out) as writer:
        total = _checked(file)
        states: Counter[str] = Counter()
        word = asked.knowledge.texts(asked.language).phrase("label.working")
        with _progress() as progress:
            labels = iter(progress.track(_labels(file), total=total, description=word))
            while rows := [_row(given, asked) for given in islice(labels, BATCH)]:
                writer.write(rows)
                states.update(each["state"] for each in rows)
    names = {"read": states["read"], "no_list": states["no_list"], "unreadable": states["unreadable"]}
    click.echo(asked.knowledge.texts(asked.language).phrase("label.done", n=states.total(), **names))
    click.echo(str(out))


def _progress() -> Progress:
    """A bar on the error stream; nothing where nobody watches."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=screen, transient=True, disable=not sys.stderr.isatty())


def _row(given: Given, asked: Asked) -> Row:
    return row(given.name, given.line, *asked.read_and_judge(given.text))


def _checked(file: Path) -> int:
    """How many labels there are.

    Raises:
        InputError: some lines can't be used, or there is none.
    """
    problems: list[Problem] = []
    count = 0
    for number, line in _lines(file):
        found = _given(number, line, file)
        count += isinstance(found, Given)
        problems += [found] if isinstance(found, Problem) else []
    if not (problems or count):
        raise InputError([Problem(str(file), "holds no label; put one JSON object on each line")])
    if problems:
        more = len(problems) - MOST_PROBLEMS
        told = [Problem(str(file), f"{more} more lines can't be used")] if more > 0 else []
        raise InputError([*problems[:MOST_PROBLEMS], *told])
    return count


def _labels(file: Path) -> Iterator[Given]:
    for number, line in _lines(file):
        found = _given(number, line, file)
        if isinstance(found, Problem):
            raise InputError([found])  # the file was changed while it was read
        yield found


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their number."""
    try:
        with file.open("rb") as opened:
            for number, line in enumerate(opened, 1):
                if line.strip():
                    yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
    except OSError as error:
        raise InputError([Problem(str(file), f"can't be read: {error.strerror or error}")]) from error


def _given(number: int, line: bytes, file: Path) -> Given | Problem:
    """The label on a line, or what is wrong with it."""
    where = f"{file}: line {number}"
    if len(line) > LONGEST_LINE:
        return Problem(where, f"is longer than {LONGEST_LINE:,} bytes; give the list alone")
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Problem(where, "is not text in UTF-8")
    except (ValueError, RecursionError) as error:
        return Problem(where, f"is not JSON: {error}")
    if not isinstance(found, dict):
        return Problem(where, 'must be an object, such as {"id": "1", "text": "Aqua, Glycerin"}')
    return _of(found, number, where)


def _of(found: dict[str, Any], number: int, where: str) -> Given | Problem:
    key = next((each for each in KEYS if each in found), None)
    if key is None:
        return Problem(where, f"has no text; give it as {', '.join(KEYS[:-1])} or {KEYS[-1]}")
    text, name = found[key], found.get("id", number)
    if not isinstance(text, str):
        return Problem(where, f"{key} must be text")
    if isinstance(name, bool) or not isinstance(name, str | int):
        return Problem(where, "id must be text or a whole number")
    if HALF.search(text) or HALF.search(str(name)):
        return Problem(where, "holds half a character (a lone surrogate such as \\ud800)")
    return Given(number, str(name), text)
