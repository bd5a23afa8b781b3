"""The table of the cache, which all processes of the server share: rate limits count in it."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, editor: Any) -> None:
    """Make it, unless it is there."""
    call_command("createcachetable", "cache", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = ()
    operations = (migrations.RunPython(make, migrations.RunPython.noop),)
