"""Tells Django of this part."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """The clinic, its locations and their clocks, its services, offers and own rules."""

    name = "pellucid.web.sites"
    label = "sites"
