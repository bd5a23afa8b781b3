"""Tells Django of this part."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what and when: events that are only ever added."""

    name = "pellucid.web.audit"
    label = "audit"
