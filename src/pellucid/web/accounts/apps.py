"""Tells Django of this part."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in, their roles, and what each role may do."""

    name = "pellucid.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to what allauth does."""
        import_module("pellucid.web.accounts.signals")
