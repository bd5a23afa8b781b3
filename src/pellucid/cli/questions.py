"""``pellucid questions``: what is still worth asking."""

from datetime import date
from pathlib import Path

import click

from pellucid.cli.consult import read
from pellucid.consult.profile import make_profile
from pellucid.consult.questions import open_questions
from pellucid.knowledge.load import load


def run(intake: Path | None, *, today: date, language: str) -> None:
    """Print the open questions, most telling first."""
    knowledge = load()
    texts = knowledge.texts(language)
    profile = make_profile(read(intake) if intake else {}, knowledge=knowledge, today=today)
    for number, each in enumerate(open_questions(profile, performer=profile.performer, knowledge=knowledge), start=1):
        ref = f"question.{each.path}"
        click.echo(f"{number:3}. {texts.get(ref, 'ask')}  [{each.path}]")
        click.echo(f"     {texts.get(ref, 'why')}")
