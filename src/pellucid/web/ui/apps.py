"""Tells Django of this part."""

from django.apps import AppConfig

from pellucid.web.ui.field_words import speak


class UiConfig(AppConfig):
    """How pages look: tokens, components, pictures, and template tags for the texts."""

    name = "pellucid.web.ui"
    label = "ui"

    def ready(self) -> None:
        """Let fields speak as we do, before any form is made."""
        speak()
