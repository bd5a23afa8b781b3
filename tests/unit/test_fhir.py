"""A FHIR bundle as a whole: it is valid, its references resolve, and nobody is named in it."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from pydantic import BaseModel
from tests.fhir_bundles import (
    EXAMPLES,
    FILES,
    GUARDIAN,
    each_file,
    each_language,
    of,
    only,
    parsed,
    resources,
    walk,
    written,
)
from tests.sample_plan import FACIAL, sample_plan
from tests.spec.cases import TODAY

import pellucid
from pellucid.care import care
from pellucid.consult.intake import ENTRIES, read_intake
from pellucid.exchange.fhir import to_bundle
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import Away, Clash, Preferences, Requirement

PACKAGE = Path(pellucid.__file__).parent


@each_language
@each_file
def test_a_bundle_survives_being_read_back(file: str, language: str) -> None:
    text = written(file, language)
    again = Bundle.model_validate_json(text)
    assert again.model_dump_json(indent=2) == text
    kinds = Counter(each["resource"]["resourceType"] for each in parsed(text)["entry"])
    assert kinds.keys() - {"DetectedIssue"} == {
        "Patient", "QuestionnaireResponse", "CarePlan", "Appointment", "Consent",
    }  # fmt: skip
    assert kinds["Appointment"] == 2


@each_file
def test_every_reference_resolves_and_no_id_stands_twice(file: str) -> None:
    bundle = parsed(written(file))
    kinds = {each["fullUrl"]: each["resource"]["resourceType"] for each in bundle["entry"]}
    assert len(kinds) == len(bundle["entry"])
    for entry in bundle["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        assert UUID(entry["resource"]["id"]).version == 5
    pointed = [each for each in walk(bundle) if isinstance(each.get("reference"), str)]
    assert pointed
    for each in pointed:
        assert kinds[each["reference"]] == each["type"]


@each_file
def test_every_code_that_the_standard_lists_is_one_of_its_list(file: str) -> None:
    """The classes check shapes, not codes."""
    checked = 0
    for model in models(Bundle.model_validate_json(written(file))):
        for name, field in type(model).model_fields.items():
            extra = field.json_schema_extra
            listed = extra.get("enum_values") if isinstance(extra, dict) else None
            given = getattr(model, name)
            if isinstance(listed, list) and given is not None:
                assert set(given if isinstance(given, list) else [given]) <= set(listed), name
                checked += 1
    assert checked > 10


def models(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models(getattr(value, name))
    elif isinstance(value, list):
        for each in value:
            yield from models(each)


@each_file
def test_codes_are_our_own(file: str) -> None:
    systems = {each["system"] for each in walk(parsed(written(file))) if "system" in each}
    assert {each for each in systems if not each.startswith("urn:pellucid:")} == {
        "http://terminology.hl7.org/CodeSystem/consentscope"
    }
    assert '"meta"' not in written(file)


@pytest.mark.parametrize("file", FILES[:3])
def test_the_same_input_gives_the_same_bytes(file: str) -> None:
    found = care(read_intake(EXAMPLES / file), today=TODAY, knowledge=load())
    plan = sample_plan(found.profile, load())
    assert to_bundle(found, plan, knowledge=load(), texts=load().texts("en"), today=TODAY) == written(file)


def test_the_bundle_is_dated_by_the_day_it_was_asked_for() -> None:
    assert of()["timestamp"] == f"{TODAY}T00:00:00Z"
    assert of()["type"] == "collection"


def test_ids_last_beyond_the_day_and_differ_between_people() -> None:
    today, later = of(), of(today=TODAY + timedelta(days=3))
    other = of({"consultation.client": "someone-else"})
    for kind in ("Patient", "QuestionnaireResponse", "CarePlan", "Consent"):
        assert only(other, kind)["id"] != only(today, kind)["id"]
    for kind in ("Patient", "CarePlan", "Consent"):
        assert only(later, kind)["id"] == only(today, kind)["id"]
    assert [each["id"] for each in resources(later, "Appointment")] == [
        each["id"] for each in resources(today, "Appointment")
    ]


def test_people_without_a_reference_are_told_apart_by_their_answers() -> None:
    one, other = of({"consultation.client": "?"}), of({"consultation.client": "?", "person.age": 31})
    assert only(one, "Patient")["id"] != only(other, "Patient")["id"]
    assert "identifier" not in only(one, "Patient")


@each_language
def test_words_are_in_the_language_of_the_report(language: str) -> None:
    bundle = parsed(written("isotretinoin_stopped_three_months_ago.toml", language))
    told = {each["language"] for each in (bundle, *(entry["resource"] for entry in bundle["entry"]))}
    assert told == {{"en": "en", "zh_hant": "zh-Hant"}[language]}
    texts = load().texts(language)
    visit = resources(bundle, "Appointment")[0]
    assert visit["serviceType"][0]["text"] == texts.get(f"treatment.{FACIAL}", "name")
    assert only(bundle, "Consent")["policyRule"]["text"] == texts.phrase("fhir.nothing_signed")


def test_every_word_that_is_put_together_exists() -> None:
    fields = {field.alias or name for entry in ENTRIES.values() for name, field in entry.model_fields.items()}
    coded = {option for kind, entry in ENTRIES.items() if kind != "clearance" for option in options_of(entry)}
    assert {"route", "scope", "from"} <= fields
    assert {"oral", "rinse_off"} <= coded
    wanted = [f"fhir_field.{field}" for field in fields]
    wanted += [f"fhir_option.{option}" for option in coded]
    wanted += [f"clearance.{option}" for option in options_of(ENTRIES["clearance"])]
    for language in LANGUAGES:
        assert all(load().texts(language).phrase(phrase) for phrase in wanted)


def options_of(part: Any) -> set[str]:
    """Every option of a field anywhere in a type."""
    if isinstance(part, type) and issubclass(part, BaseModel):
        return set().union(*(options_of(field.annotation) for field in part.model_fields.values()))
    if get_origin(part) is Literal:
        return set(get_args(part))
    return set().union(*map(options_of, get_args(part)))


def test_only_these_modules_load_the_classes() -> None:
    using = {file.name for file in PACKAGE.rglob("*.py") if "fhir.resources" in file.read_text("utf-8")}
    assert using <= {"fhir.py", "fhir_answers.py", "fhir_codes.py", "fhir_issues.py", "fhir_plan.py"}
    script = "import sys, pellucid.cli.main; print([name for name in sys.modules if name.startswith('fhir')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- nobody is named --------------------------------------------------------------------------------------


def test_nobody_is_named() -> None:
    facts = {
        **GUARDIAN,
        "person.age": "?",
        "person.birth_date": date(2011, 7, 9),
        "history.events": [{"kind": "wedding", "date": date(2027, 3, 6), "name": "Wedding of Erika Muster"}],
        "wishes.away": [{"from": date(2026, 12, 24), "to": date(2026, 12, 27), "name": "With Hans Muster"}],
    }
    away = Away(date(2026, 12, 24), date(2026, 12, 27), "With Hans Muster")
    want, gone = Requirement("want", "aha_peel"), Requirement("away", away.name)
    bundle = of(facts, preferences=Preferences(away=(away,)), clashes=(Clash(want, (want, gone)),))
    text = json.dumps(bundle)
    assert "Muster" not in text
    assert "07-09" not in text
    patient = only(bundle, "Patient")
    assert patient.keys() == {"resourceType", "id", "language", "identifier", "birthDate"}
    assert patient["birthDate"] == "2011"
    masked = {
        item["linkId"]: item["extension"][0]["valueCode"]
        for item in walk(only(bundle, "QuestionnaireResponse"))
        if "extension" in item
    }
    assert masked == dict.fromkeys(("history.events.name", "wishes.away.name", "papers.clearances.author"), "masked")


def test_a_patient_without_a_birth_date_has_no_year() -> None:
    assert "birthDate" not in only(of(), "Patient")


def test_a_consent_is_a_draft_that_says_that_nothing_was_signed() -> None:
    for file in FILES:
        consent = only(parsed(written(file)), "Consent")
        assert consent["status"] == "draft"
        assert consent.keys() == {
            "resourceType", "id", "language", "status", "scope", "category", "patient", "policyRule",
        }  # fmt: skip
        assert "Nothing has been agreed to or signed" in consent["policyRule"]["text"]
