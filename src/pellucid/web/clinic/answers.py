"""A consultation's answers in words, each beside what follows from it and what it was last time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pellucid.consult.evidence import questions_behind
from pellucid.exchange.wording import day
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.texts import Texts
from pellucid.web.records.questionnaire import Standing, flat
from pellucid.web.records.units import with_unit

NAMED_BY = ("name", "kind")
"""The field of an entry that says what it is."""


@dataclass(frozen=True, slots=True)
class Follows:
    """One thing that an answer leads to."""

    words: str
    kind: str
    """``referral``, ``rule`` of screening, or ``finding``."""
    status: str = ""
    """Of a rule; of a referral its urgency."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer."""

    path: str
    label: str
    words: str
    on: date | None
    """The day it was given."""
    before: str | None
    """What it was in the consultation before, where that differs; empty where it was not answered."""
    follows: tuple[Follows, ...]


def told(
    standing: Standing,
    *,
    answered_on: Mapping[str, str],
    before: Mapping[str, Any] | None,
    report: Mapping[str, Any],
    texts: Texts,
) -> list[Told]:
    """Every answer in the order of the questionnaire.

    Args:
        standing: the answers as they count.
        answered_on: path to the day (ISO).
        before: the answers of the consultation before, nested; None where there was none.
        report: as stored.
        texts: the words.
    """
    knowledge = standing.knowledge
    earlier = None if before is None else flat(before, knowledge)
    leads_to = _leads_to(standing, report)
    return [
        Told(
            path,
            texts.get(f"question.{path}", "label"),
            in_words(path, value, knowledge, texts),
            date.fromisoformat(answered_on[path]) if path in answered_on else None,
            _earlier(path, value, earlier, knowledge, texts),
            tuple(leads_to.get(path, ())),
        )
        for path, value in standing.everything.items()
        if not path.startswith(("consultation.", "papers."))
    ]


def _earlier(
    path: str, value: Any, earlier: Mapping[str, Any] | None, knowledge: Knowledge, texts: Texts
) -> str | None:
    if earlier is None or earlier.get(path) == value:
        return None
    return in_words(path, earlier[path], knowledge, texts) if path in earlier else ""


# --- words ------------------------------------------------------------------------------------------------


def in_words(path: str, value: Any, knowledge: Knowledge, texts: Texts) -> str:
    """An answer as a person would say it."""
    question = knowledge.of(Question)[path]
    if question.type == "yes_no":
        return _("Yes") if value else _("No")
    if question.type == "day":
        return _plain(value, texts)
    if not isinstance(value, list):
        return texts.get(question.ref, f"options.{value}") if question.options else _number(value, question)
    if not value:
        return _("None")
    separator = texts.phrase("words.list")
    if question.options:
        return separator.join(texts.get(question.ref, f"options.{each}") for each in value)
    return "; ".join(_entry(each, question.record or "", knowledge, texts) for each in value)


def _number(value: Any, question: Question) -> str:
    return with_unit(value, question) if isinstance(value, int | float) else str(value)


def _entry(entry: Mapping[str, Any], record: str, knowledge: Knowledge, texts: Texts) -> str:
    """An entry's name, and in brackets what else was said of it."""
    field = next((each for each in NAMED_BY if each in entry), "")
    name = _name(f"{record}.{entry.get(field, '')}", str(entry.get(field, "")), knowledge, texts)
    rest = [
        f"{texts.phrase(f'fhir_field.{key}')}{texts.phrase('report.colon')}{_plain(value, texts)}"
        for key, value in entry.items()
        if key != field and value not in (None, "", False)
    ]
    return f"{name} ({texts.phrase('words.list').join(rest)})" if rest else name


def _name(ref: str, written: str, knowledge: Knowledge, texts: Texts) -> str:
    return texts.get(f"exposure.{ref}", "name") if ref in knowledge.of(Exposure) else written


def _plain(value: Any, texts: Texts) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return texts.phrase("words.list").join(str(each) for each in value)
    try:
        return day(date.fromisoformat(str(value)), texts)
    except ValueError:
        return _option(str(value), texts)


def _option(value: str, texts: Texts) -> str:
    phrases = texts.topic("interface")["phrase"]
    return texts.phrase(f"fhir_option.{value}") if f"fhir_option.{value}" in phrases else value


# --- what follows -----------------------------------------------------------------------------------------


def _leads_to(standing: Standing, report: Mapping[str, Any]) -> dict[str, list[Follows]]:
    """Path of an answer to what it leads to: referrals, then rules of screening, then findings."""
    found: dict[str, list[Follows]] = {}
    for follows, conditions in _conclusions(standing.knowledge, report):
        for path in _answers_behind(standing, conditions):
            if follows not in found.setdefault(path, []):
                found[path].append(follows)
    return found


def _conclusions(knowledge: Knowledge, report: Mapping[str, Any]) -> Iterator[tuple[Follows, list[str]]]:
    for each in report.get("referral", ()):
        yield Follows(each["text"], "referral", each["urgency"]), _conditions(each["rule"], knowledge)
    worst: dict[str, Follows] = {}
    for decision in report.get("screening", ()):
        for reason in decision["reasons"]:
            worst.setdefault(reason["rule"], Follows(reason["name"], "rule", reason["status"]))
    yield from ((follows, _conditions(rule, knowledge)) for rule, follows in worst.items())
    for each in report.get("findings", ()):
        points = [_point(point["rule"], knowledge) for point in each["because"]]
        yield Follows(each["name"], "finding"), [when for when in points if when]


def _conditions(rule: str, knowledge: Knowledge) -> list[str]:
    record = knowledge.by_ref.get(rule)
    found = (getattr(record, field, None) for field in ("when", "match"))
    return [when for when in found if when and when not in {"same", "other"}]


def _point(rule: str, knowledge: Knowledge) -> str | None:
    """The condition of ``skin_type.oily.points[3]``."""
    ref, _dot, place = rule.rpartition(".points[")
    points = getattr(knowledge.by_ref.get(ref), "points", ())
    number = place.rstrip("]")
    return points[int(number)].when if number.isdigit() and int(number) < len(points) else None


def _answers_behind(standing: Standing, conditions: Iterable[str]) -> Iterator[str]:
    """The answers that make conditions true; where nothing given does, nothing."""
    for when in conditions:
        for name, paths in questions_behind(when, standing.knowledge):
            if name in standing.profile.numbers or standing.profile.truth(name).yes:
                yield from (path for path in paths if path in standing.everything)
