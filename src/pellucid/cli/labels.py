"""``pellucid labels``: a user's own copy of the inventory of cosmetic ingredients."""

from pathlib import Path

import click

from pellucid.knowledge.load import load
from pellucid.knowledge.texts import Texts
from pellucid.labels.inventory import forget_inventory, import_inventory, imported_names


def run_import(file: Path, language: str) -> None:
    """Copy the names of an inventory, and say how many there are."""
    names = import_inventory(file)
    texts = load().texts(language)
    click.echo(texts.phrase("label.imported", n=f"{names:,}"))
    _say_state(texts)


def run_forget(language: str) -> None:
    """Remove what was imported, and say whether there was anything."""
    texts = load().texts(language)
    if forget_inventory():
        click.echo(texts.phrase("label.forgotten"))
    _say_state(texts)


def run_status(language: str) -> None:
    """Say whether an imported inventory is in use."""
    _say_state(load().texts(language))


def _say_state(texts: Texts) -> None:
    names = len(imported_names())
    click.echo(texts.phrase("label.inventory", n=f"{names:,}") if names else texts.phrase("label.inventory_none"))
