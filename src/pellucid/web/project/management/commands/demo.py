"""``manage.py demo``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Makes the demo clinic with its people, and prints links to sign in as them. Again is harmless."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo: set PELLUCID_DEMO=1, with a database of its own.")
        from pellucid.web.project.demo import build, links
        from pellucid.web.sites import clock

        build.build(clock.now())
        for what, user in links.people():
            self.stdout.write(f"  {what:<16}{user.name:<20}{links.link(user)}")
