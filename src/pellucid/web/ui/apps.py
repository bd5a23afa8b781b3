"""Tells Django of this part."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """How pages look: tokens, components, pictures, and template tags for the texts."""

    name = "pellucid.web.ui"
    label = "ui"
