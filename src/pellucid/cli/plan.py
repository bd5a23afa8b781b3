"""``pellucid plan check``: read a plan file again and let the independent checker judge it."""

from pathlib import Path

import click

from pellucid.booking.calendar import Calendar
from pellucid.booking.clinic_file import calendar_from_json
from pellucid.cli.consult import with_clinic
from pellucid.consult.assess import assess
from pellucid.consult.profile import make_profile
from pellucid.exchange.photo_file import measurement_of
from pellucid.exchange.plan_file import PlanFile, plan_of, read_plan
from pellucid.exchange.violations import ViolationWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.model.errors import InputError, Problem
from pellucid.model.profile import Profile
from pellucid.plan.check import check_plan


def run_check(path: Path, *, language: str | None) -> None:
    """Print one line a clash, or that there is none."""
    file = read_plan(path)
    knowledge = with_clinic(load(), file.clinic_rules)
    profile, calendar = _made_from(file, knowledge)
    plan = plan_of(file)
    texts = knowledge.texts(language or file.language)
    measurement = measurement_of(file.photos) if file.photos else None
    found = assess(profile, measurement, knowledge=knowledge, today=profile.today)
    violations = check_plan(plan, profile, calendar, knowledge, assessment=found)
    words = ViolationWords(plan, knowledge, texts)
    for violation in violations:
        click.echo(words.sentence(violation))
    if violations:
        phrase = "plan_check.clashes" if len(violations) > 1 else "plan_check.clashes.one"
        click.echo(texts.phrase(phrase, n=len(violations)), err=True)
        raise click.exceptions.Exit(1)
    click.echo(texts.phrase("plan_check.none", days=len(plan.days), sessions=len(plan.sessions)))


def _made_from(file: PlanFile, knowledge: Knowledge) -> tuple[Profile, Calendar | None]:
    """The answers and the calendar in a plan file; what is wrong with the one is told beside what is with the other."""
    profile, calendar = None, None
    faults: list[Problem] = []
    try:
        profile = make_profile(file.intake, knowledge=knowledge, today=file.today)
    except InputError as error:
        faults += error.problems
    try:
        if file.calendar:
            calendar = calendar_from_json(file.calendar, knowledge=knowledge, where="calendar")
    except InputError as error:
        faults += error.problems
    if profile is None or faults:
        raise InputError(faults)
    return profile, calendar
