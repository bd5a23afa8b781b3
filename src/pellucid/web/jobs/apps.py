"""Tells Django of this part."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Background jobs: what Django's tasks interface lacks (retries, a reaper, a schedule)."""

    name = "pellucid.web.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Load each part's ``background`` module, which says what it does by the clock."""
        autodiscover_modules("background")
