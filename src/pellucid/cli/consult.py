"""``pellucid consult``: read, work out, print or write."""

import sys
import tomllib
from copy import deepcopy
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

import click

from pellucid import __version__
from pellucid.booking.calendar import Calendar
from pellucid.care import care
from pellucid.consult.intake import parse_intake, plain_fault, read_intake
from pellucid.exchange.build import build_report
from pellucid.exchange.model import Report
from pellucid.exchange.photo_file import measurement_of, read_zones
from pellucid.exchange.photo_model import ZoneOut, ZoneWord
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.model.care import Care
from pellucid.model.errors import InputError, OutputError, Problem
from pellucid.model.ids import AnswerPath

PLAN_FILES = ("plan.json", "plan.pdf", "plan.ics", "bundle.json")
"""What only a run with a calendar writes; beside another report they would be somebody else's, or out of date."""


class Asked(NamedTuple):
    """What was asked for on the command line, as read."""

    answers: dict[str, Any]
    rules: dict[str, Any] | None
    calendar: Calendar | None
    knowledge: Knowledge
    today: date
    tasks: bool
    photos: dict[ZoneWord, ZoneOut] | None

    def care(self, answers: dict[str, Any], *, calendar: Calendar | None = None) -> Care:
        """Work out everything for some answers, beside the photos."""
        measurement = measurement_of(self.photos) if self.photos else None
        return care(answers, measurement=measurement, today=self.today, knowledge=self.knowledge, calendar=calendar)


def run(
    intake: Path,
    *,
    out: Path | None,
    as_json: bool,
    today: date,
    language: str | None,
    clinic: Path | None,
    calendar: Path | None,
    measurement: Path | None,
    tasks: bool,
    explain: str | None,
    what_if: tuple[str, ...],
) -> None:
    """Do what the options ask for."""
    rules = read_intake(clinic) if clinic else None
    knowledge = with_clinic(load(), rules)
    photos = read_zones(measurement) if measurement else None
    asked = Asked(read(intake), rules, _calendar(calendar, knowledge), knowledge, today, tasks, photos)
    result = asked.care(asked.answers, calendar=asked.calendar)
    chosen = language or _own_language(result)
    report = _report(result, chosen, knowledge)
    lines = _told(asked, result, report, explain=explain, what_if=what_if)
    written = _write(result, report, asked, out) if out else ()
    if lines is not None:
        click.echo("\n".join(lines))
    elif as_json:
        click.echo(report.model_dump_json(indent=2))
    else:
        from pellucid.cli.summary import print_summary

        print_summary(report, knowledge.texts(chosen))
        for path in written:
            click.echo(str(path))


def _calendar(path: Path | None, knowledge: Knowledge) -> Calendar | None:
    if path is None:
        return None
    from pellucid.booking.clinic_file import read_calendar

    return read_calendar(path, knowledge=knowledge)


def _report(result: Care, language: str, knowledge: Knowledge) -> Report:
    """The report, with the plan in it where there is one."""
    report = build_report(result, language=language, knowledge=knowledge)
    if result.plan is None:
        return report
    from pellucid.exchange.build_plan import build_plan, with_plan

    return with_plan(
        report, build_plan(result.plan, result.profile, knowledge=knowledge, texts=knowledge.texts(language))
    )


def read(intake: Path) -> dict[str, Any]:
    """An intake from a file, or from standard input for ``-``."""
    if str(intake) != "-":
        return read_intake(intake)
    text = sys.stdin.read()
    return parse_intake(text, "standard input", is_json=text.lstrip().startswith("{"))


def with_clinic(knowledge: Knowledge, rules: dict[str, Any] | None) -> Knowledge:
    """The knowledge with a clinic's own rules, as read from its file, if there are any."""
    if rules is None:
        return knowledge
    from pydantic import ValidationError

    from pellucid.knowledge.clinic import ClinicRules, for_clinic

    try:
        checked = ClinicRules.model_validate(rules)
    except ValidationError as error:
        raise InputError(
            Problem(".".join(str(part) for part in fault["loc"]), plain_fault(fault)) for fault in error.errors()
        ) from error
    return for_clinic(knowledge, checked)


def _own_language(result: Care) -> str:
    return str(result.profile.answers.get(AnswerPath("consultation.language"), "en"))


def _write(result: Care, report: Report, asked: Asked, out: Path) -> tuple[Path, ...]:
    from pellucid.exchange.files import write_all
    from pellucid.exchange.html import render

    files: dict[str, str | bytes] = {
        "report.html": render(report, asked.knowledge.texts(report.language)),
        "report.json": report.model_dump_json(indent=2) + "\n",
    }
    if result.plan is not None:
        files.update(_plan_files(result, report, asked))
    elif left := [name for name in PLAN_FILES if (out / name).exists()]:
        raise OutputError(f"{out} holds {', '.join(left)} of another run; choose another folder, or remove them first")
    return write_all(out, files)


def _plan_files(result: Care, report: Report, asked: Asked) -> dict[str, str | bytes]:
    """The plan in every form in which it leaves."""
    from pellucid.booking.clinic_json import calendar_to_json, without_others
    from pellucid.exchange.fhir import to_bundle
    from pellucid.exchange.ical import to_ical
    from pellucid.exchange.pdf import plan_pdf
    from pellucid.exchange.plan_file import plan_to_file

    plan, texts = result.plan, asked.knowledge.texts(report.language)
    if plan is None or report.plan is None:
        return {}
    file = plan_to_file(
        plan,
        intake=asked.answers,
        today=asked.today,
        language=report.language,
        clinic_rules=asked.rules,
        calendar=calendar_to_json(without_others(asked.calendar, result.profile.client)) if asked.calendar else None,
        version=__version__,
        photos=asked.photos,
    )
    client = result.profile.client or sha256(file.text.encode()).hexdigest()
    home: Literal["vtodo", "vevent"] = "vtodo" if asked.tasks else "vevent"
    return {
        "plan.json": file.text,
        "plan.pdf": plan_pdf(report.plan, texts=texts, today=asked.today),
        "plan.ics": to_ical(
            plan,
            client=client,
            profile=result.profile,
            today=asked.today,
            texts=texts,
            knowledge=asked.knowledge,
            home=home,
        ),
        "bundle.json": to_bundle(result, plan, knowledge=asked.knowledge, texts=texts, today=asked.today) + "\n",
    }


def _told(
    asked: Asked, result: Care, report: Report, *, explain: str | None, what_if: tuple[str, ...]
) -> list[str] | None:
    """The lines that --explain or --what-if ask for; worked out before anything is written."""
    if explain:
        from pellucid.exchange.explain import explain as chain

        found = chain(explain, result, report, knowledge=asked.knowledge, language=report.language)
        return ["  " * indent + text for indent, text in found]
    return _changes(asked, what_if, report) if what_if else None


def _changes(asked: Asked, what_if: tuple[str, ...], report: Report) -> list[str]:
    from pellucid.exchange.compare import compare

    changed, knowledge = deepcopy(asked.answers), asked.knowledge
    for setting in what_if:
        _set(changed, setting)
    result = asked.care(changed)
    changes = compare(report, build_report(result, language=report.language, knowledge=knowledge))
    texts = knowledge.texts(report.language)
    lines = [texts.phrase("what_if.heading", change=", ".join(what_if))]
    for change in changes:
        before, after = (side or texts.phrase("what_if.nothing") for side in (change.before, change.after))
        lines.append(f"  {texts.phrase(f'what_if.{change.about}')}  {change.ref}: {before} -> {after}")
    return lines if changes else [*lines, f"  {texts.phrase('what_if.same')}"]


def _set(answers: dict[str, Any], setting: str) -> None:
    """Put one answer into an intake; ``field=?`` takes it out."""
    path, equals, text = setting.partition("=")
    path = path.strip()
    if not equals or not path:
        raise InputError([Problem("--what-if", f"{setting!r} is not field=value, such as health.pregnancy=no")])
    *folders, name = path.split(".")
    node = answers
    for folder in folders:
        node = node.setdefault(folder, {})
        if not isinstance(node, dict):
            raise InputError([Problem("--what-if", f"{path!r} goes through {folder!r}, which is an answer itself")])
    if text.strip() == "?":
        node.pop(name, None)
    else:
        node[name] = _value(text.strip())


def _value(text: str) -> Any:
    """A value as TOML writes it; a bare word is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
