"""The database itself refuses a second reservation of somebody or something at one time, whoever asks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEVER = "reservation overlaps another one"
OVERLAP = """
    SELECT RAISE(ABORT, '{never}') WHERE EXISTS (
        SELECT 1 FROM records_reservation
        WHERE resource = NEW.resource AND since < NEW.until AND until > NEW.since AND id IS NOT NEW.id
    );
"""
ON = {
    "sqlite": tuple(
        f"CREATE TRIGGER reservation_{event.lower()}_alone BEFORE {event} ON records_reservation "
        f"BEGIN {OVERLAP.format(never=NEVER)} END"
        for event in ("INSERT", "UPDATE")
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        """
        ALTER TABLE records_reservation ADD CONSTRAINT reservation_alone
        EXCLUDE USING gist (resource WITH =, int8range(since, until) WITH &&)
        """,
    ),
}
OFF = {
    "sqlite": ("DROP TRIGGER reservation_insert_alone", "DROP TRIGGER reservation_update_alone"),
    "postgresql": ("ALTER TABLE records_reservation DROP CONSTRAINT reservation_alone",),
}


def _run(editor: "BaseDatabaseSchemaEditor", statements: Sequence[str]) -> None:
    for statement in statements:
        editor.execute(statement, None)


def on(apps: Any, editor: "BaseDatabaseSchemaEditor") -> None:
    """Refuse overlaps."""
    _run(editor, ON[editor.connection.vendor])


def off(apps: Any, editor: "BaseDatabaseSchemaEditor") -> None:
    """Let them be."""
    _run(editor, OFF[editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = (("records", "0002_booking"),)
    operations = (migrations.RunPython(on, off),)
