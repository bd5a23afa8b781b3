"""Tells Django of this part."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Mails and text messages that wait to be sent; none is lost."""

    name = "pellucid.web.outbox"
    label = "outbox"
