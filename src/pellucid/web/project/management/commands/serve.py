"""``manage.py serve``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Prepares what is not prepared yet, then runs the server, the background jobs and the schedule until stopped."
    )

    requires_system_checks = ()  # a demo asks only what is quick to ask; what is not ready delays the first page

    def handle(self, **options: Any) -> None:
        from django.conf import settings

        from pellucid.web.project import serving

        given = settings.ENVIRONMENT
        if given.demo:
            serving.check_demo(given)
        else:
            self.check(include_deployment_checks=True)
        try:
            serving.check_port(given)
        except OSError as fault:
            another = int(given.port) + 1
            raise CommandError(
                f"Port {given.port} is taken: another server runs there, perhaps an earlier start of this one. "
                f"Stop it, or choose another port: PELLUCID_PORT={another}"
            ) from fault
        serving.prepare(self._say)
        raise SystemExit(serving.run(given, self._say))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
