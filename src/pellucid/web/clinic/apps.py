"""Tells Django of this part."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Pages for staff."""

    name = "pellucid.web.clinic"
    label = "clinic"
