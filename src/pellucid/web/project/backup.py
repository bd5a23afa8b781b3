"""Copies of the database, while the clinic works."""

import os
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection


class BackupError(Exception):
    """The copy was not made; the message says why and what to do."""


def back_up(to: Path) -> None:
    """Copy the database into a new file: of SQLite a database, of PostgreSQL what ``pg_restore`` reads.

    The copy is as the database was at one moment. It is readable by its owner alone, and it is checked.

    Raises:
        BackupError: the file is there already, or the copy failed; then no half copy stays.
    """
    if to.exists():
        raise BackupError(f"{to} is there already; choose another name.")
    part = to.with_name(f".{to.name}.part")
    part.unlink(missing_ok=True)
    before = os.umask(0o077)
    try:
        if connection.vendor == "sqlite":
            _of_sqlite(part)
        else:
            _of_postgresql(part, connection.settings_dict)
        part.replace(to)
    finally:
        os.umask(before)
        part.unlink(missing_ok=True)


def _of_sqlite(to: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(to)])
    copy = sqlite3.connect(to)
    try:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError("The copy is damaged. Check the disk, then try again.")
    finally:
        copy.close()


def _of_postgresql(to: Path, known: Mapping[str, Any]) -> None:
    """By PostgreSQL's own program; the password goes by the environment, where no list of processes shows it."""
    place = {"PGHOST": known["HOST"], "PGPORT": known["PORT"], "PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"]}
    given = {**os.environ, **{name: str(value) for name, value in place.items() if value}}
    command = ["pg_dump", "--format=custom", f"--file={to}", known["NAME"]]
    try:
        ended = subprocess.run(command, env=given, check=False, capture_output=True, text=True)  # noqa: S603 - no shell
    except OSError as fault:
        raise BackupError("pg_dump is missing; install PostgreSQL's client programs.") from fault
    if ended.returncode:
        raise BackupError(f"pg_dump said: {ended.stderr.strip()}")
