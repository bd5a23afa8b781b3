"""``manage.py first_owner``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Begins a clinic: its name, its first location, and the owner who invites everybody else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="of the owner")
        parser.add_argument("email", help="with which the owner signs in")
        parser.add_argument("--clinic", required=True, help="name of the clinic")
        parser.add_argument("--zone", required=True, help="time zone of the first location, such as Europe/Vienna")

    def handle(self, *, name: str, email: str, clinic: str, zone: str, **options: Any) -> None:
        from pellucid.web.project.beginning import BeginningError, begin
        from pellucid.web.sites.clock import now

        try:
            begin(name=name, email=email, clinic=clinic, zone=zone, now=now())
        except BeginningError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{clinic} begins. {name} can sign in now, and sets up a second factor first.")
