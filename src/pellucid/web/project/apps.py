"""Loads the system checks and makes the folder that the server writes to."""

from contextlib import suppress

from django.apps import AppConfig
from django.conf import settings


class ProjectConfig(AppConfig):
    """Settings and root urls."""

    name = "pellucid.web.project"
    label = "project"

    def ready(self) -> None:
        """Register the checks; make the folder, and where that fails leave it to a check to say so."""
        from pellucid.web.project import checks  # noqa: F401, PLC0415 - importing registers them

        with suppress(OSError):
            settings.FOLDER.mkdir(parents=True, exist_ok=True)
