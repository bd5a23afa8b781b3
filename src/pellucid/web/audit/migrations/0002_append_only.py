"""The database itself refuses to change or delete an event, whoever asks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEVER = "audit events are never changed or deleted"
ON = {
    "sqlite": (
        f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
        f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
    ),
    "postgresql": (
        f"""
        CREATE FUNCTION audit_event_stands() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER audit_event_stands BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_stands()
        """,
        """
        CREATE TRIGGER audit_event_stands_whole BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stands()
        """,
    ),
}
OFF = {
    "sqlite": ("DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete"),
    "postgresql": (
        "DROP TRIGGER audit_event_stands ON audit_event",
        "DROP TRIGGER audit_event_stands_whole ON audit_event",
        "DROP FUNCTION audit_event_stands()",
    ),
}


def _run(editor: "BaseDatabaseSchemaEditor", statements: Sequence[str]) -> None:
    for statement in statements:
        editor.execute(statement, None)


def on(apps: Any, editor: "BaseDatabaseSchemaEditor") -> None:
    """Let events stand."""
    _run(editor, ON[editor.connection.vendor])


def off(apps: Any, editor: "BaseDatabaseSchemaEditor") -> None:
    """Let them go."""
    _run(editor, OFF[editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunPython(on, off),)
