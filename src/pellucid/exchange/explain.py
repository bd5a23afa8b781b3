"""The full chain behind one id: answers -> rule -> what it does -> sources, with both sides of a disagreement."""

from collections.abc import Iterable, Iterator
from typing import Any

from pellucid.consult.evidence import Evidence, evidence_of, questions_behind
from pellucid.exchange.model import Report
from pellucid.exchange.wording import Wording, day
from pellucid.knowledge.base import Knowledge, unknown
from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.learn import Source
from pellucid.knowledge.schema.people import Category
from pellucid.knowledge.schema.rules import Disagreement
from pellucid.model import spans
from pellucid.model.care import Care
from pellucid.model.errors import UnknownIdError
from pellucid.model.truth import Truth

Line = tuple[int, str]
"""Indent and text."""


def explain(name: str, care: Care, report: Report, *, knowledge: Knowledge, language: str) -> tuple[Line, ...]:
    """Explain a rule, finding, treatment or product of this report.

    Raises:
        UnknownIdError: nothing of that id is in the knowledge base.
    """
    record = _record(name, knowledge)
    texts = knowledge.texts(language)
    wording = Wording(knowledge, texts)
    lines: list[Line] = [(0, f"{record.ref}: {_name(record, knowledge, language)}")]
    lines += _conditions(record, evidence_of(care.profile, knowledge), wording)
    lines += _effects(record, report)
    lines += _disagreement(record, knowledge, language)
    lines += _sources(_all_sources(record), knowledge, language)
    return tuple(lines)


def _record(name: str, knowledge: Knowledge) -> Record:
    found = knowledge.by_ref.get(name)
    if found is None:
        near = [record for ref, record in knowledge.by_ref.items() if ref.partition(".")[2] == name]
        treatments = [record for record in near if record.kind == "treatment"]
        if len(near) == 1 or treatments:
            return (treatments or near)[0]
        if near:
            refs = ", ".join(record.ref for record in near)
            raise UnknownIdError(f"{name!r} can mean {refs}; write one of them")
        raise UnknownIdError(unknown("rule, finding or treatment", name, knowledge.by_ref))
    return found


def _name(record: Record, knowledge: Knowledge, language: str) -> str:
    for field in ("name", "title", "reason", "question", "claim", "do", "note"):
        if field in record.texts:
            return knowledge.texts(language).get(record.ref, field)
    return ""


def _whens(record: Record) -> list[tuple[str, str]]:
    """(label, condition) of everything a record depends on."""
    if isinstance(record, Category):
        return [(f"{point.weight:+g}", point.when) for point in record.points]
    fields = ("when", "match", "not_when", "ask_when")
    return [("", when) for field in fields if (when := getattr(record, field, None)) and when not in {"same", "other"}]


def _conditions(record: Record, evidence: Evidence, wording: Wording) -> Iterator[Line]:
    for label, when in _whens(record):
        truth = evidence.truth(when)
        state = _state(truth, evidence, wording)
        yield 1, f"{label} {wording.condition(when)}: {state}".strip()
        yield 2, f"[{when}]"
        for path in dict.fromkeys(path for _, paths in questions_behind(when, evidence.knowledge) for path in paths):
            given = evidence.profile.answers.get(path)
            yield 2, f"{path} = {_value(given)}"


def _value(given: Any) -> str:
    if given is None:
        return "?"
    if isinstance(given, list):
        return (
            ", ".join(str(getattr(item, "name", None) or getattr(item, "kind", None) or item) for item in given) or "[]"
        )
    return str(given)


def _state(truth: Truth, evidence: Evidence, wording: Wording) -> str:
    texts, today = wording.texts, evidence.profile.today.toordinal()
    if spans.contains(truth.unknown, today):
        return texts.phrase("truth.unknown")
    run = spans.run_of(truth.yes, today)
    if run is None:
        return texts.phrase("truth.no")
    end = spans.as_date(run[1])
    return texts.phrase("truth.yes_until", date=day(end, texts)) if end else texts.phrase("truth.yes")


def _effects(record: Record, report: Report) -> Iterator[Line]:
    for decision in report.screening:
        if decision.treatment == getattr(record, "id", None) and record.kind == "treatment":
            yield 1, decision.status_text
            yield from ((2, f"{each.status}: {each.name} ({each.rule})") for each in decision.reasons)
        for reason in decision.reasons:
            if reason.rule == record.ref:
                until = f" -> {reason.until.isoformat()}" if reason.until else ""
                yield 1, f"{decision.name}: {reason.status}{until}"


def _disagreement(record: Record, knowledge: Knowledge, language: str) -> Iterator[Line]:
    name = record.id if isinstance(record, Disagreement) else getattr(record, "disagreement", None)
    if not name:
        return
    told, texts = knowledge.get(Disagreement, name), knowledge.texts(language)
    yield 1, f"{texts.phrase('heading.both_positions')}: {texts.get(told.ref, 'name')}"
    for position in told.positions:
        yield 2, f"{texts.get(told.ref, f'positions.{position.id}')} [{', '.join(position.source)}]"
    yield 2, f"{texts.get(told.ref, 'resolution')} [{', '.join(told.resolution)}]"


def _all_sources(record: Record) -> list[str]:
    found = list(record.source)
    if isinstance(record, Category):
        found += [name for point in record.points for name in point.source]
    for cell in getattr(record, "columns", {}).values() if record.kind == "window" else ():
        found += cell.source
    return list(dict.fromkeys(found))


def _sources(names: Iterable[str], knowledge: Knowledge, language: str) -> Iterator[Line]:
    texts = knowledge.texts(language)
    yield 1, texts.phrase("heading.sources")
    for name in names:
        if name == "self":
            continue
        source = knowledge.of(Source).get(name)
        if source is None:
            item = knowledge.by_ref[f"item.{name}"]
            yield 2, f"{name}: {texts.phrase('strength.S')} ({'; '.join(getattr(item, 'where', ()))})"
            continue
        seen = "" if source.seen != "no" else f"; {texts.phrase('verified.no')}"
        yield (
            2,
            f"{name}: {source.title} - {source.strength}, {texts.phrase(f'strength.{source.strength}')}{seen}",
        )
