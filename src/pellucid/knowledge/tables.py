"""Reading a table of knowledge (CSV) as strictly as the TOML files: every fault with file, line and column.

Long lists of like things (names, allergens, ratings) are tables; everything else is TOML (``load``). A cell that
holds several values separates them with ``|``, because ingredient names hold commas, semicolons and slashes.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pellucid.model.errors import Problem

M = TypeVar("M", bound=BaseModel)

BETWEEN_VALUES = "|"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table below its header."""

    file: str
    line: int
    cells: dict[str, str]
    """Column to text, without space around it."""

    def where(self, column: str = "") -> str:
        """The place as a fault names it: ``allergens.csv: line 7, label``."""
        return f"{self.file}: line {self.line}" + (f", {column}" if column else "")

    def values(self, column: str) -> tuple[str, ...]:
        """The values of a cell that may hold several; none for an empty cell."""
        return tuple(self.cells[column].split(BETWEEN_VALUES)) if self.cells[column] else ()


def read_table(file: Traversable, columns: tuple[str, ...], problems: list[Problem]) -> tuple[list[Row], bytes]:
    """The rows of a table and its bytes, for a digest; what is wrong is added to ``problems``.

    Args:
        file: comma-separated UTF-8 whose first line names the columns.
        columns: the columns it must have, in this order and no others.
        problems: takes every fault; a faulty row is left out.
    """
    try:
        raw = file.read_bytes()
        lines = raw.decode("utf-8").splitlines(keepends=True)
    except FileNotFoundError:
        problems.append(Problem(file.name, "missing"))
        return [], b""
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file.name, str(error)))
        return [], b""
    return list(_rows(file.name, lines, columns, problems)), raw


def _rows(name: str, lines: list[str], columns: tuple[str, ...], problems: list[Problem]) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    try:
        if tuple(next(reader, ())) != columns:
            problems.append(Problem(f"{name}: line 1", f"the columns must be {','.join(columns)}"))
            return
        for cells in reader:
            row = Row(name, reader.line_num, dict(zip(columns, cells, strict=False)))
            if len(cells) != len(columns):
                problems.append(Problem(row.where(), f"{len(cells)} cells, not {len(columns)}"))
                continue
            untidy = [column for column, cell in row.cells.items() if not _tidy(cell)]
            problems += [Problem(row.where(column), "space around a value, or an empty one") for column in untidy]
            if not untidy:
                yield row
    except csv.Error as error:
        problems.append(Problem(f"{name}: line {reader.line_num}", str(error)))


def _tidy(cell: str) -> bool:
    parts = cell.split(BETWEEN_VALUES)
    return cell == "" or all(part and part == part.strip() for part in parts)


def make(model: type[M], row: Row, given: dict[str, object], problems: list[Problem]) -> M | None:
    """A checked value from a row, or None with every fault of it added to ``problems``."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            problems.append(Problem(row.where(str(fault["loc"][0]) if fault["loc"] else ""), fault["msg"]))  # noqa: PERF401 - reads better
        return None
