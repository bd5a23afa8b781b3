"""``pellucid card``: the printable card."""

from pathlib import Path

import click

from pellucid.exchange.card_pdf import Paper, card_pdf
from pellucid.exchange.files import write_all
from pellucid.knowledge.load import load


def run(out: Path, *, paper: Paper, language: str) -> None:
    """Write the card as a PDF, and say how to print it."""
    texts = load().texts(language)
    write_all(out.parent, {out.name: card_pdf(paper=paper, texts=texts, other=load().texts(_other(language)))})
    click.echo(texts.phrase("photo.card.written", file=out))


def _other(language: str) -> str:
    return "en" if language == "zh_hant" else "zh_hant"
