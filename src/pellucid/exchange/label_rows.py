"""Many labels and what they mean as a table: one row a label, in Parquet or as JSON lines.

A row holds no sentences: ``notes`` name the texts by code and rule, as the columns in docs/guide/label_commands.md say.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from pellucid.exchange.label_build import ingredient_out
from pellucid.model.errors import InputError, OutputError, Problem
from pellucid.model.label import Label
from pellucid.model.verdict import Note, Verdict

ENDINGS = (".parquet", ".jsonl")
Row = dict[str, Any]


def row(name: str, line: int, label: Label, verdict: Verdict) -> Row:
    """One label as a row.

    Args:
        name: its id.
        line: where it stands in the file, from 1.
        label: as ``read_label`` read it.
        verdict: as ``judge`` judged it.
    """
    product = verdict.product
    return {
        "id": name,
        "line": line,
        "state": label.state.value,
        "product_kind": product.kind,
        "product_confidence": product.confidence,
        "rinse_off": product.rinse_off,
        "one_percent_from": verdict.lines[0].position if verdict.lines else None,
        "names": len(label.ingredients),
        "unknown": len(verdict.unknown),
        "ingredients": [ingredient_out(each).model_dump() for each in label.ingredients],
        "notes": [_note(note) for note in verdict.notes],
    }


def _note(note: Note) -> Row:
    return {
        "section": note.section,
        "code": note.code,
        "tone": note.tone.value,
        "rule": note.rule,
        "sources": list(note.sources),
        "about": [mention.index for mention in note.about],
        "personal": note.personal,
        "since": note.since,
        "until": note.until,
    }


class Writer(Protocol):
    """Takes rows a batch at a time."""

    def write(self, rows: list[Row]) -> None:
        """Add rows."""

    def close(self) -> None:
        """Finish the file."""


@contextmanager
def rows_to(place: Path) -> Iterator[Writer]:
    """A writer whose file takes its place when everything in it is written, and never before.

    Raises:
        InputError: the file's ending is none of ``ENDINGS``.
        OutputError: it can't be written; what stood there before is untouched.
    """
    if place.suffix not in ENDINGS:
        raise InputError([Problem(str(place), f"can't be written: give it the ending {' or '.join(ENDINGS)}")])
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        written = place.parent / f".pellucid-{secrets.token_hex(8)}"
        written.touch(exist_ok=False)
        try:
            writer = _Parquet(written) if place.suffix == ".parquet" else _Lines(written)
            try:
                yield writer
            finally:
                writer.close()
            written.replace(place)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"can't write to {place}: {error.strerror or error}; nothing was changed") from error


class _Lines:
    """JSON, one object a line."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: list[Row]) -> None:
        self._file.writelines(json.dumps(each, ensure_ascii=False, default=date.isoformat) + "\n" for each in rows)

    def close(self) -> None:
        self._file.close()


class _Parquet:
    """Parquet, one row group a batch."""

    def __init__(self, file: Path) -> None:
        from pyarrow.parquet import (  # type: ignore[import-untyped] # noqa: PLC0415 - large, and only this needs it
            ParquetWriter,
        )

        self._schema = parquet_schema()
        self._writer = ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: list[Row]) -> None:
        import pyarrow as pa  # type: ignore[import-untyped] # noqa: PLC0415 - as above

        self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def parquet_schema() -> Any:
    """The columns of the table."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    text, number, share, yes = pa.string(), pa.int32(), pa.float64(), pa.bool_()
    ingredient = {"text": text, "start": number, "end": number, "inci": text, "method": text}
    ingredient |= {"confidence": share, "percent": share, "marks": pa.list_(text)}
    note = {"section": text, "code": text, "tone": text, "rule": text, "sources": pa.list_(text)}
    note |= {"about": pa.list_(number), "personal": yes, "since": pa.date32(), "until": pa.date32()}
    columns = {"id": text, "line": number, "state": text, "product_kind": text, "product_confidence": share}
    columns |= {"rinse_off": yes, "one_percent_from": number, "names": number, "unknown": number}
    columns |= {"ingredients": pa.list_(pa.struct(ingredient)), "notes": pa.list_(pa.struct(note))}
    return pa.schema(columns)
