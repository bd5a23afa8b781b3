"""Tells Django of this part."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The clinic's records of its clients: one noun a file in models, actions (writes) and queries (reads)."""

    name = "pellucid.web.records"
    label = "records"
