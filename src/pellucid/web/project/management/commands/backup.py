"""``manage.py backup``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Copies the database into a new file, while the clinic works."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to; it must not be there yet")

    def handle(self, *, file: Path, **options: Any) -> None:
        from pellucid.web.project.backup import BackupError, back_up

        try:
            back_up(file)
        except BackupError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes")
