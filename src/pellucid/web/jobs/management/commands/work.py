"""``manage.py work``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Does jobs in the background, by the clock as well, until it is stopped. Several may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end when this process, which started it, is gone"
        )

    def handle(self, *, once: bool, parent: int | None, **options: Any) -> None:
        from pellucid.web.jobs import worker

        if once:
            self.stdout.write(f"{worker.do_waiting()} attempts")
            return
        ended = worker.Ended(parent=parent)
        ended.listen()
        worker.work(ended)
