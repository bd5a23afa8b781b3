"""``pellucid consult``: read, work out, print or write."""

import sys
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import click

from pellucid.care import care
from pellucid.consult.intake import parse_intake, plain_fault, read_intake
from pellucid.exchange.build import build_report
from pellucid.exchange.model import Report
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.model.care import Care
from pellucid.model.errors import InputError, Problem
from pellucid.model.ids import AnswerPath


def run(
    intake: Path,
    *,
    out: Path | None,
    as_json: bool,
    today: date,
    language: str | None,
    clinic: Path | None,
    explain: str | None,
    what_if: tuple[str, ...],
) -> None:
    """Do what the options ask for."""
    knowledge = with_clinic(load(), clinic)
    answers = read(intake)
    result = care(answers, today=today, knowledge=knowledge)
    chosen = language or _own_language(result)
    report = build_report(result, language=chosen, knowledge=knowledge)
    lines = _told(answers, result, report, knowledge, explain=explain, what_if=what_if)
    if out:
        _write(report, knowledge, out)
    if lines is not None:
        click.echo("\n".join(lines))
    elif as_json:
        click.echo(report.model_dump_json(indent=2))
    else:
        from pellucid.cli.summary import print_summary

        print_summary(report, knowledge.texts(chosen))
        if out:
            click.echo(f"{out / 'report.html'}\n{out / 'report.json'}")


def read(intake: Path) -> dict[str, Any]:
    """An intake from a file, or from standard input for ``-``."""
    if str(intake) != "-":
        return read_intake(intake)
    text = sys.stdin.read()
    return parse_intake(text, "standard input", is_json=text.lstrip().startswith("{"))


def with_clinic(knowledge: Knowledge, clinic: Path | None) -> Knowledge:
    """The knowledge with a clinic's own rules, if a file of them is given."""
    if clinic is None:
        return knowledge
    from pydantic import ValidationError

    from pellucid.knowledge.clinic import ClinicRules, for_clinic

    try:
        rules = ClinicRules.model_validate(read_intake(clinic))
    except ValidationError as error:
        raise InputError(
            Problem(".".join(str(part) for part in fault["loc"]), plain_fault(fault)) for fault in error.errors()
        ) from error
    return for_clinic(knowledge, rules)


def _own_language(result: Care) -> str:
    return str(result.profile.answers.get(AnswerPath("consultation.language"), "en"))


def _write(report: Report, knowledge: Knowledge, out: Path) -> None:
    from pellucid.exchange.files import write_all
    from pellucid.exchange.html import render

    html = render(report, knowledge.texts(report.language))
    write_all(out, {"report.json": report.model_dump_json(indent=2) + "\n", "report.html": html})


def _told(
    answers: dict[str, Any],
    result: Care,
    report: Report,
    knowledge: Knowledge,
    *,
    explain: str | None,
    what_if: tuple[str, ...],
) -> list[str] | None:
    """The lines that --explain or --what-if ask for; worked out before anything is written."""
    if explain:
        from pellucid.exchange.explain import explain as chain

        found = chain(explain, result, report, knowledge=knowledge, language=report.language)
        return ["  " * indent + text for indent, text in found]
    return _changes(answers, what_if, report, knowledge) if what_if else None


def _changes(answers: dict[str, Any], what_if: tuple[str, ...], report: Report, knowledge: Knowledge) -> list[str]:
    from pellucid.exchange.compare import compare

    changed = deepcopy(answers)
    for setting in what_if:
        _set(changed, setting)
    result = care(changed, today=report.today, knowledge=knowledge)
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
