"""Calendar files of the sample plan, and reading them again, for tests of what such a file holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from icalendar import Calendar, Event, Todo
from tests.sample_plan import sample_plan, sample_profile

from pellucid.exchange.ical import Home, to_ical
from pellucid.knowledge.load import load
from pellucid.model.plan import CarePlan, Day, Session, Step

KNOWLEDGE = load()
CLIENT = "kiri-vale-0042"
EXPORTED = date(2026, 11, 25)


PERSON = sample_profile(KNOWLEDGE)


@cache
def plan() -> CarePlan:
    """The sample plan with its first five weeks of care at home: all that differs from day to day is in them."""
    whole = sample_plan(PERSON, KNOWLEDGE)
    return replace(whole, weeks=5, days=whole.days[:35])


def with_session(plan: CarePlan, first: Session) -> CarePlan:
    """The plan with another first visit."""
    return replace(plan, sessions=(first, *plan.sessions[1:]))


def with_evening(plan: CarePlan, on: date, *steps: Step, revision: int = 1) -> CarePlan:
    """The next revision of the plan, with another evening."""
    days = tuple(replace(day, evening=steps, changed=revision) if day.on == on else day for day in plan.days)
    return replace(plan, days=days, revision=revision)


def day_of(on: date, plan: CarePlan) -> Day:
    """One day of the plan."""
    return next(day for day in plan.days if day.on == on)


@cache
def export(plan: CarePlan, language: str = "en", home: Home = "vevent", client: str = CLIENT) -> str:
    """The plan as a calendar file."""
    return to_ical(
        plan,
        client=client,
        profile=PERSON,
        today=EXPORTED,
        texts=KNOWLEDGE.texts(language),
        knowledge=KNOWLEDGE,
        home=home,
    )


@cache
def items(text: str) -> tuple[Any, ...]:
    """The events and tasks of a file, in its order."""
    found = tuple(part for part in Calendar.from_ical(text).subcomponents if isinstance(part, Event | Todo))
    assert found
    return found


def named(text: str, phrase: str, language: str = "en") -> list[Any]:
    """The entries with one title."""
    title = KNOWLEDGE.texts(language).phrase(f"ics.{phrase}")
    return [item for item in items(text) if item["SUMMARY"] == title]


def home_items(text: str) -> Iterator[Any]:
    """Care at home: the entries with a time of the day but no zone."""
    return (item for item in items(text) if isinstance(item.start, datetime) and item.start.tzinfo is None)


def by_uid(text: str) -> dict[str, str]:
    """Each entry as it stands in the file."""
    return {str(item["UID"]): item.to_ical().decode() for item in items(text)}


def unfolded(text: str) -> str:
    """The file with its long lines put together again."""
    return text.replace("\r\n ", "")
