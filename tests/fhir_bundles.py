"""FHIR bundles of the examples and of people made up for a test, as plain JSON."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.sample_plan import FACIAL, START, sample_plan, session
from tests.spec.cases import TODAY, Case

from pellucid.care import care
from pellucid.consult.intake import read_intake
from pellucid.exchange.fhir import to_bundle
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.care import Care
from pellucid.model.plan import Session

EXAMPLES = Path(__file__).parents[1] / "examples" / "intakes"
FILES = tuple(sorted(path.name for path in EXAMPLES.iterdir()))

each_file = pytest.mark.parametrize("file", FILES)
each_language = pytest.mark.parametrize("language", LANGUAGES)

Json = dict[str, Any]


@cache
def worked_out(file: str) -> Care:
    return care(read_intake(EXAMPLES / file), today=TODAY, knowledge=load())


@cache
def written(file: str, language: str = "en") -> str:
    found = worked_out(file)
    plan = sample_plan(found.profile, load())
    return to_bundle(found, plan, knowledge=load(), texts=load().texts(language), today=TODAY)


def of(facts: Mapping[str, Any] | None = None, *, today: date = TODAY, **changes: Any) -> Json:
    """The bundle of someone about whom everything was answered, with a changed plan."""
    found = told_of(facts or {}, today)
    plan = replace(sample_plan(found.profile, load()), **changes)
    return parsed(to_bundle(found, plan, knowledge=load(), texts=load().texts("en"), today=today))


def told_of(facts: Mapping[str, Any], today: date = TODAY) -> Care:
    return care(Case("fhir", "", "", facts).intake, today=today, knowledge=load())


def parsed(text: str) -> Json:
    found: Json = json.loads(text)
    return found


def resources(bundle: Json, kind: str) -> list[Json]:
    return [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind]


def only(bundle: Json, kind: str) -> Json:
    (found,) = resources(bundle, kind)
    return found


def walk(value: object) -> Iterator[Json]:
    """Every object anywhere in a bundle."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(each)


def raw(file: str) -> Json:
    """An intake as it stands in its file."""
    text = (EXAMPLES / file).read_text("utf-8")
    found: Json = json.loads(text) if file.endswith(".json") else tomllib.loads(text)
    return found


EVERYTHING: Mapping[str, Any] = {
    "consultation.client": "example-everything",
    "person.birth_date": date(1995, 3, 9),
    "person.age": "?",
    "habits.sleep_hours": 7,
    "wishes.budget": 199.9,
    "wishes.minutes_per_day": 20,
    "health.conditions": ["rosacea", "epilepsy"],
    "health.medicines": [
        {"name": "doxycycline", "route": "oral", "strength": "50 mg", "start": date(2026, 9, 1), "prescribed": True},
        {"name": "an ointment from abroad", "route": "topical", "stopped": True},
    ],
    "products.actives": [{"name": "niacinamide", "form": "leave_on", "times_per_week": 7, "start": date(2026, 1, 1)}],
    "history.sun": [{"kind": "beach", "from": date(2026, 8, 1), "to": date(2026, 8, 9)}],
    "history.procedures": [],
    "papers.clearances": [
        {
            "kind": "physician_letter",
            "author": "Dr Example",
            "scope": ["aha_peel", "led"],
            "issued": date(2026, 10, 1),
            "expires": date(2027, 10, 1),
        }
    ],
    "unsure": ["health.implants.piercing_in_area", "lesions.itch"],
    "lesions.itch": "?",
}


GUARDIAN: Mapping[str, Any] = {
    "consultation.client": "example-guardian",
    "person.age": 15,
    "person.guardian_consent": False,
    "papers.clearances": [
        {
            "kind": "guardian_consent",
            "author": "Maximiliana Muster",
            "scope": ["all"],
            "issued": date(2026, 11, 1),
            "expires": date(2027, 11, 1),
        }
    ],
}


def visits(*days: date) -> tuple[Session, ...]:
    """A facial on each of these days; on one day of the sample plan where none is named."""
    profile = told_of({}).profile
    return tuple(
        session(f"{FACIAL}-{number}", FACIAL, day, profile, load())
        for number, day in enumerate(days or (START + timedelta(days=15),), start=1)
    )
