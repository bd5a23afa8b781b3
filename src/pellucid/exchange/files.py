"""Writing results: all files of a result or none; a full disk or a killed process leaves no half-written file."""

import errno
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pellucid.model.errors import OutputError


def write_all(folder: Path, contents: Mapping[str, str | bytes]) -> tuple[Path, ...]:
    """Write files, text in UTF-8, into a folder, which is made if need be.

    Every file is first written beside its place under a temporary name; only when all are on the disk do they take
    their places, one rename each.

    Raises:
        OutputError: something can't be written; files that stood there before are untouched.
    """
    waiting: dict[Path, Path] = {}
    kept: dict[Path, Path | None] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            waiting[folder / name] = _beside(folder, content)
        for place, written in waiting.items():
            kept[place] = _set_aside(place)
            written.replace(place)
    except OSError as error:
        _put_back(kept, waiting.values())
        raise OutputError(f"can't write to {folder}: {error.strerror or error}; nothing was changed") from error
    for old in kept.values():
        if old:
            old.unlink(missing_ok=True)
    return tuple(waiting)


def _set_aside(place: Path) -> Path | None:
    """Keep what stands in a place until every file has taken its own."""
    if not place.exists():
        return None
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands where the file should go", str(place))
    aside = place.with_name(f".pellucid-kept-{place.name}")
    place.rename(aside)
    return aside


def _put_back(kept: Mapping[Path, Path | None], written: Iterable[Path]) -> None:
    for place, old in kept.items():
        if old:
            old.rename(place)
        else:
            place.unlink(missing_ok=True)
    for each in written:
        each.unlink(missing_ok=True)


def _beside(folder: Path, content: str | bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".pellucid-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o600)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
