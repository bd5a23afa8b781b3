"""The calendar file: nothing told by a title or a UID, and what changes from one revision of a plan to the next."""

import re
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from tests.calendar_file import (
    CLIENT,
    EXPORTED,
    KNOWLEDGE,
    PERSON,
    by_uid,
    day_of,
    export,
    home_items,
    named,
    plan,
    unfolded,
    with_evening,
    with_session,
)
from tests.sample_plan import FACIAL, START, ZONE, slot

from pellucid.exchange.ical import Home, cancelled, to_ical
from pellucid.knowledge.schema.home import Layer, Product
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.knowledge.texts import LANGUAGES, leaves
from pellucid.model.plan import CarePlan, Standing, Step

each_language = pytest.mark.parametrize("language", LANGUAGES)


def cancel(old: CarePlan, new: CarePlan) -> str:
    texts = KNOWLEDGE.texts("en")
    return cancelled(old, new, client=CLIENT, profile=PERSON, today=EXPORTED, texts=texts, knowledge=KNOWLEDGE)


# --- what others may see -----------------------------------------------------------------------------------------

TITLES = ("visit", "before", "after", "morning", "evening", "deep_clean", "test", "review")


@pytest.mark.parametrize("home", ["vevent", "vtodo"])
@each_language
def test_titles_name_no_treatment_product_condition_or_part_of_the_body(language: str, home: Home) -> None:
    texts = KNOWLEDGE.texts(language)
    allowed = {texts.phrase(f"ics.{name}") for name in TITLES}
    shown = set()
    for part in Calendar.from_ical(export(plan(), language, home)).walk():
        shown |= {str(part[name]) for name in ("SUMMARY", "NAME", "X-WR-CALNAME") if name in part}
        shown |= {str(part["DESCRIPTION"])} if part.name == "VALARM" else set()
    assert shown == allowed | {texts.phrase("ics.calendar")}
    names = [
        texts.get(each.ref, "name") for kind in (Treatment, Product, Layer) for each in KNOWLEDGE.of(kind).values()
    ]
    questions = (texts.topic("questionnaire")["question"][question.id] for question in KNOWLEDGE.of(Question).values())
    conditions = [text for node in questions for path, text in leaves(node) if path.startswith("options.")]
    telling = {name.casefold() for name in (*names, *conditions)}
    telling |= {"face", "pore", "acne", "peel", "laser", "cream", "cleans", "臉", "毛孔", "痘", "粉刺", "雷射", "面膜"}
    assert [name for title in allowed for name in telling if name in title.casefold()] == []


@each_language
def test_neither_the_person_nor_a_key_of_the_plan_shows(language: str) -> None:
    text = unfolded(export(plan(), language))
    for secret in (CLIENT, FACIAL, "aha_peel", "bha_leave_on", "pm_active"):
        assert secret not in text
    assert all(re.fullmatch(r"[0-9a-f-]{36}@pellucid", uid) for uid in by_uid(export(plan(), language)))


# --- from one revision to the next -----------------------------------------------------------------------------


def test_uids_hang_on_the_person_and_the_item_alone() -> None:
    uids = set(by_uid(export(plan())))
    later = to_ical(
        plan(),
        client=CLIENT,
        profile=PERSON,
        today=date(2027, 3, 28),
        texts=KNOWLEDGE.texts("zh_hant"),
        knowledge=KNOWLEDGE,
    )
    assert set(by_uid(later)) == uids
    assert not set(by_uid(export(plan(), client="someone-else"))) & uids


def without_sequence(entries: dict[str, str]) -> dict[str, str]:
    return {uid: re.sub(r"SEQUENCE:\d+", "", text) for uid, text in entries.items()}


def test_a_change_touches_the_entry_it_is_about_and_raises_its_sequence() -> None:
    """What pauses around a visit hangs on what is used up to then, so entries that end later count up as well."""
    tuesday = date(2026, 12, 15)
    new = with_evening(plan(), tuesday, *day_of(START, plan()).evening, revision=3)
    before, after = by_uid(export(plan())), by_uid(export(new))
    told, now = without_sequence(before), without_sequence(after)
    changed = {uid for uid in told if told[uid] != now[uid]}
    sequences = {uid: text.partition("SEQUENCE:")[2].split("\r\n")[0] for uid, text in after.items()}
    on_the_day = {str(item["UID"]) for item in home_items(export(new)) if item.start.date() == tuesday}
    test = {str(item["UID"]) for item in named(export(new), "test")}
    assert before.keys() == after.keys()
    evening = datetime.combine(tuesday, time(21))
    around = [item for name in ("before", "after") for item in named(export(new), name)]
    later = {str(item["UID"]) for item in around if item.end > tuesday}
    raised = {uid for uid, sequence in sequences.items() if sequence != "0"}
    assert changed - test == {str(item["UID"]) for item in home_items(export(new)) if item.start == evening}
    assert raised == on_the_day | test | later
    assert {sequences[uid] for uid in raised} == {"3"}


def test_what_pauses_around_a_visit_raises_the_sequence_of_its_entry_when_it_changes() -> None:
    """The acid is begun after the second visit: nothing is left to pause around it, and its entries say so anew."""
    new = replace(
        plan(),
        days=tuple(replace(each, evening=(), changed=2) if each.deep_clean is False else each for each in plan().days),
        revision=2,
    )
    before, after = by_uid(export(plan())), by_uid(export(new))
    told, now = without_sequence(before), without_sequence(after)
    (second,) = {str(item["UID"]) for item in named(export(new), "before")[1:]}
    assert told[second] != now[second]
    assert "SEQUENCE:2\r\n" in after[second]


def test_a_visit_that_moves_keeps_its_uid_and_takes_the_days_around_it_along() -> None:
    first = plan().sessions[0]
    moved = replace(first, slot=slot(FACIAL, first.day, hour=14), changed=1)
    before, after = by_uid(export(plan())), by_uid(export(with_session(plan(), moved)))
    assert before.keys() == after.keys()
    changed = {uid for uid in before if before[uid] != after[uid]}
    assert len(changed) == 3
    assert all("SEQUENCE:1\r\n" in after[uid] for uid in changed)
    assert sum("DTSTART;TZID=Europe/Madrid:20261208T150000" in after[uid] for uid in changed) == 1


def test_a_visit_that_was_missed_is_cancelled_and_leaves_the_next_one_as_it_was() -> None:
    first, second = plan().sessions
    missed = replace(first, standing=Standing.MISSED, preparation=(), aftercare=(), changed=1)
    new = replace(plan(), sessions=(missed, second), revision=1)
    before, after = by_uid(export(plan())), by_uid(export(new))
    gone, changed = before.keys() - after.keys(), {uid for uid in after if before[uid] != after[uid]}
    (visit,) = changed
    assert "STATUS:CANCELLED\r\n" in after[visit]
    assert "SEQUENCE:1\r\n" in after[visit]
    calendars = Calendar.from_ical(cancel(plan(), new), multiple=True)
    assert gone == {str(item["UID"]) for calendar in calendars for item in calendar.events}
    assert len(gone) == 2  # the days before it and after it


def test_what_is_gone_is_cancelled_one_calendar_each() -> None:
    sessions = (replace(plan().sessions[0], changed=4), plan().sessions[1])
    old = replace(plan(), sessions=sessions, revision=4)
    new = replace(plan(), sessions=sessions[1:], reviews=(), revision=5)
    text = cancel(old, new)
    calendars = Calendar.from_ical(text, multiple=True)
    gone = by_uid(export(old)).keys() - by_uid(export(new)).keys()
    assert len(calendars) == len(gone) == 4
    for calendar in calendars:
        (item,) = calendar.events
        assert calendar["METHOD"] == "CANCEL"
        assert item["STATUS"] == "CANCELLED"
        assert item["SEQUENCE"] == 5
        assert item["CLASS"] == "PRIVATE"
        assert str(item["ORGANIZER"]).startswith("urn:uuid:")
        assert item.subcomponents == []
        assert [zone["TZID"] for zone in calendar.timezones] == ([ZONE] if isinstance(item.start, datetime) else [])
    assert {str(calendar.events[0]["UID"]) for calendar in calendars} == gone
    assert len(IcsCalendarStream.from_ics(text).calendars) == 4


def test_a_cancellation_raises_the_sequence_even_where_the_revision_does_not() -> None:
    old = with_session(plan(), replace(plan().sessions[0], changed=2))
    (first, *_) = Calendar.from_ical(cancel(old, replace(old, sessions=old.sessions[1:])), multiple=True)
    assert first.events[0]["SEQUENCE"] == 3


def test_where_nothing_is_gone_there_is_nothing_to_cancel() -> None:
    assert cancel(plan(), with_evening(plan(), START, Step("pm_cleanse", "gentle_cleanser"))) == ""
