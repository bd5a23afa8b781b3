"""A user's own copy of the European Commission's inventory of cosmetic ingredients (CosIng), to widen recognition.

The inventory is not shipped. Its names are copied to the user's cache, one a line, where every later run finds them.
"""

import csv
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from pellucid.labels.vocabulary import Vocabulary, key, shipped
from pellucid.model.errors import InputError, OutputError, Problem

FILE = "cosing_names.txt"
LARGEST_FILE = 100_000_000
"""Bytes; the whole inventory with every column is about 10,000,000."""
LONGEST = 1200
"""Characters; the longest name has about 800."""
FEWEST = 100
"""A table of fewer names is not the inventory."""
_COLUMNS = frozenset({"inciname", "inci", "inciusaname"})
_HEADER_WITHIN = 30
"""Official files have some lines about themselves above the header."""


def cache_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where this user's caches are: ``XDG_CACHE_HOME`` if it is set, or the usual place of the platform."""
    if environment.get("XDG_CACHE_HOME"):
        return Path(environment["XDG_CACHE_HOME"]) / "pellucid"
    if platform == "win32" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"]) / "pellucid" / "Cache"
    return Path.home() / ("Library/Caches" if platform == "darwin" else ".cache") / "pellucid"


def import_inventory(file: Path, folder: Path | None = None) -> int:
    """Copy the names of an inventory into the cache, in place of those of an earlier import.

    Args:
        file: a table in CSV with a column "INCI name", in UTF-8 or Windows-1252, between commas, semicolons or tabs.
        folder: the cache; the user's own if None.

    Returns:
        How many names there are.

    Raises:
        InputError: the file can't be read or isn't such a table; what was imported before stays.
        OutputError: the cache can't be written; what was imported before stays.
    """
    names = sorted(set(_names(file, _decoded(file))))
    if len(names) < FEWEST:
        raise InputError(
            [Problem(str(file), f"holds {len(names)} names; this is not the inventory, which has thousands")]
        )
    _write(folder or cache_folder(), "\n".join(names) + "\n")
    return len(names)


def imported_names(folder: Path | None = None) -> tuple[str, ...]:
    """The names that were imported; none where nothing was.

    Raises:
        InputError: the copy in the cache can't be read.
    """
    path = (folder or cache_folder()) / FILE
    try:
        return tuple(path.read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Problem(str(path), "can't be read; import the inventory again")]) from error


def forget_inventory(folder: Path | None = None) -> bool:
    """Remove what was imported.

    Returns:
        Whether there was anything.

    Raises:
        OutputError: the copy in the cache can't be removed.
    """
    path = (folder or cache_folder()) / FILE
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(f"can't remove {path}: {error.strerror or error}") from error
    return True


def widened(folder: Path | None = None) -> Vocabulary:
    """The shipped names, and those that the user imported.

    Raises:
        InputError: as ``imported_names``.
    """
    names = imported_names(folder)
    return _with(names) if names else shipped()


@lru_cache(maxsize=1)
def _with(names: tuple[str, ...]) -> Vocabulary:
    """Kept by the names themselves, so that a new import counts at once."""
    return shipped().widened(names)


def _decoded(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise InputError([Problem(str(file), f"is larger than {LARGEST_FILE:,} bytes; give the inventory alone")])
        raw = file.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(file), f"can't be read: {error.strerror or error}")]) from error
    if b"\0" in raw:
        raise InputError([Problem(str(file), "is not a text file; save the inventory as CSV")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _names(file: Path, text: str) -> Iterator[str]:
    """The cells below the header, in capitals."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines[:_HEADER_WITHIN]):
        delimiter = max(",;\t", key=line.count)
        header = [key(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]
        column = next((place for place, cell in enumerate(header) if cell in _COLUMNS), None)
        if column is not None:
            return _cells(file, lines[number + 1 :], column, delimiter)
    raise InputError([Problem(str(file), 'has no column "INCI name"; save the inventory as CSV with its header')])


def _cells(file: Path, lines: list[str], column: int, delimiter: str) -> Iterator[str]:
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for row in rows:
            name = " ".join(row[column].upper().split()) if len(row) > column else ""
            if key(name) and len(name) <= LONGEST:
                yield name
    except csv.Error as error:
        raise InputError([Problem(f"{file}: line {rows.line_num}", f"can't be read as CSV: {error}")]) from error


def _write(folder: Path, text: str) -> None:
    """Put the file there as a whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".cosing-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
                out.write(text)
            Path(name).replace(folder / FILE)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"can't write to {folder}: {error.strerror or error}; nothing was changed") from error
