"""Tells Django of this part."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Public pages and pages for clients."""

    name = "pellucid.web.portal"
    label = "portal"
