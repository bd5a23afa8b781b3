"""The answers in a FHIR bundle: every one that was given, with its type, read against the intake file itself."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.fhir_bundles import (
    EVERYTHING,
    Json,
    each_file,
    each_language,
    of,
    only,
    parsed,
    raw,
    told_of,
    worked_out,
    written,
)
from tests.sample_plan import sample_plan
from tests.spec.cases import TODAY, Case

from pellucid.care import care
from pellucid.exchange.fhir import to_bundle
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.people import Question

TYPES = {
    "yes_no": "valueBoolean",
    "choice": "valueCoding",
    "multi": "valueCoding",
    "whole": "valueInteger",
    "number": "valueDecimal",
    "day": "valueDate",
    "text": "valueString",
}

DATES = {"start", "stop", "pause_agreed_from", "last_use", "date", "from", "to", "issued", "expires"}
TRUTHS = {"stopped", "prescribed"}
CODES = {"route", "form"}

Told = tuple[str, str, str]
"""Link id, type, value."""


def expected(intake: Any, path: str = "") -> Iterator[Told]:
    """What an intake says, read straight from its file."""
    question = load().of(Question).get(path)
    if path == "unsure":
        yield from ((path, "valueString", name) for name in intake)
    elif question is None:
        for name, value in intake.items():
            yield from expected(value, f"{path}.{name}" if path else name)
    elif question.type == "records":
        yield from (told for entry in intake for told in entry_of(path, entry))
        if not intake:
            yield f"{path}.none", "valueBoolean", "True"
    else:
        values = intake if isinstance(intake, list) else [intake]
        codes = question.type in {"choice", "multi"}
        for value in values or ["none_of_these"]:
            yield path, TYPES[question.type], f"{path}.{value}" if codes else plain(value)


def entry_of(path: str, entry: Json) -> Iterator[Told]:
    for field, value in entry.items():
        link = f"{path}.{field}"
        if field in CODES or link == "papers.clearances.kind":
            yield link, "valueCoding", f"{link}.{value}"
        elif field in DATES | TRUTHS:
            yield link, "valueDate" if field in DATES else "valueBoolean", plain(value)
        else:
            kind = "valueDecimal" if field == "times_per_week" else "valueString"
            yield from ((link, kind, plain(each)) for each in (value if isinstance(value, list) else [value]))


def passed_on(intake: Json) -> Iterator[Told]:
    """What is expected, without names and but for the day and month of birth."""
    for link, kind, value in expected(intake):
        if link not in {"history.events.name", "wishes.away.name"}:
            yield link, kind, value[:4] if link == "person.birth_date" else value


def plain(value: object) -> str:
    return f"{value:.6f}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def told(items: list[Json]) -> Iterator[Told]:
    """What a questionnaire response says."""
    for item in items:
        assert not ("answer" in item and "item" in item)
        yield from told(item.get("item", []))
        for answer in item.get("answer", []):
            ((kind, value),) = answer.items()
            yield item["linkId"], kind, value["code"] if kind == "valueCoding" else plain(value)


@each_language
@each_file
def test_every_answer_is_there_with_its_type(file: str, language: str) -> None:
    response = only(parsed(written(file, language)), "QuestionnaireResponse")
    assert Counter(told(response["item"])) == Counter(passed_on(raw(file)))
    assert response["status"] == "completed"
    assert response["authored"] == str(worked_out(file).profile.answered_on)


def test_records_of_every_kind_keep_their_fields_and_types() -> None:
    intake = Case("fhir", "", "", EVERYTHING).intake
    items = only(of(EVERYTHING), "QuestionnaireResponse")["item"]
    assert Counter(told(items)) == Counter(passed_on(intake))
    groups = [item for item in items if item["linkId"] == "health.medicines"]
    assert [len(group["item"]) for group in groups] == [5, 3]


def test_answers_too_old_to_count_are_named_and_not_given() -> None:
    late = TODAY + timedelta(days=40)
    facts = {"consultation.date": TODAY, "now.skin": ["sunburn"]}
    found = told_of(facts, late)
    items = only(of(facts, today=late), "QuestionnaireResponse")["item"]
    gone = {item["linkId"]: item for item in items if "extension" in item}
    assert gone.keys() == set(found.profile.expired)
    assert "now.skin" in gone
    for item in gone.values():
        assert "answer" not in item
        assert [each["valueCode"] for each in item["extension"]] == ["temp-unknown"]
    assert {item["linkId"] for item in items} == {*found.profile.answers, *found.profile.expired}


def test_nothing_answered_is_a_response_without_items() -> None:
    found = care({}, today=TODAY, knowledge=load())
    plan = sample_plan(found.profile, load())
    bundle = parsed(to_bundle(found, plan, knowledge=load(), texts=load().texts("en"), today=TODAY))
    assert "item" not in only(bundle, "QuestionnaireResponse")
