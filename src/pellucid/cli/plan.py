"""``pellucid plan check``: read a plan file again and let the independent checker judge it."""

from pathlib import Path

import click

from pellucid.booking.clinic_file import calendar_from_json
from pellucid.cli.consult import with_clinic
from pellucid.consult.profile import make_profile
from pellucid.exchange.plan_file import plan_of, read_plan
from pellucid.exchange.wording import day
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import Texts
from pellucid.model.plan import Violation
from pellucid.plan.check import check_plan, phrase_of


def run_check(path: Path, *, language: str | None) -> None:
    """Print one line a clash, or that there is none."""
    file = read_plan(path)
    knowledge = with_clinic(load(), file.clinic_rules)
    profile = make_profile(file.intake, knowledge=knowledge, today=file.today)
    calendar = calendar_from_json(file.calendar, knowledge=knowledge, where="calendar") if file.calendar else None
    plan = plan_of(file)
    texts = knowledge.texts(language or file.language)
    violations = check_plan(plan, profile, calendar, knowledge)
    for violation in violations:
        click.echo(_line(violation, texts))
    if violations:
        click.echo(texts.phrase("plan_check.clashes", n=len(violations)), err=True)
        raise click.exceptions.Exit(1)
    click.echo(texts.phrase("plan_check.none", days=len(plan.days), sessions=len(plan.sessions)))


def _line(violation: Violation, texts: Texts) -> str:
    """One clash in words, with the rule behind it."""
    told = texts.phrase(
        phrase_of(violation),
        what=violation.what,
        day=day(violation.on, texts) if violation.on else "",
        detail=violation.detail,
        rule=violation.rule,
    )
    return f"{told} [{violation.rule}]" if violation.rule else told
