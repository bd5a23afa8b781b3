"""The calendar file: what RFC 5545 asks for, right times on both sides of a clock change, what stands in each entry."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar, Event, Todo
from tests.calendar_file import (
    CLIENT,
    EXPORTED,
    KNOWLEDGE,
    PERSON,
    by_uid,
    day_of,
    export,
    home_items,
    items,
    named,
    plan,
    unfolded,
    with_evening,
    with_session,
)
from tests.sample_plan import FACIAL, START, ZONE, sample_profile, session

from pellucid.exchange.build_plan_pauses import paused_around
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.ical import CLINIC_STEPS, Home, to_ical
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.home import Layer, PatchStep
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.ids import AnswerPath
from pellucid.model.plan import CarePlan, Standing

SPRING = date(2027, 3, 28)
"""On this Sunday, at 01:00 UTC, clocks in Madrid go from 02:00 to 03:00."""

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_home = pytest.mark.parametrize("home", ["vevent", "vtodo"])


# --- the file ----------------------------------------------------------------------------------------------


@each_home
@each_language
def test_two_parsers_read_it_without_complaint(language: str, home: Home) -> None:
    text = export(plan(), language, home)
    calendar = Calendar.from_ical(text)
    assert [part.errors for part in calendar.walk() if part.errors] == []
    other = IcsCalendarStream.calendar_from_ics(text)
    read: list[Any] = [*other.events, *other.todos]
    assert len(read) == len(items(text))
    assert {each.uid for each in read} == set(by_uid(text))


@each_home
def test_the_header_has_what_a_calendar_needs_and_no_method(home: Home) -> None:
    calendar = Calendar.from_ical(export(plan(), home=home))
    assert (calendar["VERSION"], calendar["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert calendar["PRODID"] == "-//Pellucid//Care plan//EN"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Skin plan"
    assert "METHOD" not in calendar
    assert all("ORGANIZER" not in item for item in items(export(plan(), home=home)))


def test_a_published_calendar_names_an_organizer_who_is_nobody() -> None:
    texts = KNOWLEDGE.texts("en")
    text = to_ical(
        plan(), client=CLIENT, profile=PERSON, today=EXPORTED, texts=texts, knowledge=KNOWLEDGE, method="PUBLISH"
    )
    assert Calendar.from_ical(text)["METHOD"] == "PUBLISH"
    organizers = {str(item["ORGANIZER"]) for item in items(text)}
    assert len(organizers) == 1
    assert organizers.pop().startswith("urn:uuid:")
    assert IcsCalendarStream.calendar_from_ics(text).events


@each_home
@each_language
def test_every_entry_has_what_rfc_5545_asks_for_once(language: str, home: Home) -> None:
    for item in items(export(plan(), language, home)):
        for name in ("UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DESCRIPTION", "DTSTART"):
            assert name in item
            assert not isinstance(item[name], list)
        assert item["CLASS"] == "PRIVATE"
        assert item["DTSTAMP"].to_ical() == b"20261125T000000Z"
        assert item.start < item.end
        assert "DURATION" not in item
        assert "RRULE" not in item
        visit = item["SUMMARY"] == KNOWLEDGE.texts(language).phrase("ics.visit")
        assert item.get("TRANSP", "OPAQUE") == ("OPAQUE" if visit or isinstance(item, Todo) else "TRANSPARENT")


@each_home
@each_language
def test_no_uid_stands_twice(language: str, home: Home) -> None:
    found = [item["UID"] for item in items(export(plan(), language, home))]
    assert len(found) == len(set(found))
    assert len(found) == 2 * 35 + 3 * 2 + 1 + 1


@each_language
def test_lines_end_in_crlf_and_are_folded_at_75_octets_between_characters(language: str) -> None:
    raw = export(plan(), language).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert sum(line.startswith(b" ") for line in lines) > 100
    for line in lines:
        line.decode()


def test_folded_chinese_reads_as_it_was_written() -> None:
    (first, *_) = named(export(plan(), "zh_hant"), "before", "zh_hant")
    expected = KNOWLEDGE.texts("zh_hant").get("precare.tell_what_changed", "do")
    assert f"- {expected}" in first["DESCRIPTION"].split("\n")


def test_special_characters_and_control_characters_in_names_are_harmless() -> None:
    first = plan().sessions[0]
    name = 'Ines; "Dr" O\'Hare,\r\nBEGIN:VEVENT \\ \x07\u2028x'
    text = export(with_session(plan(), replace(first, slot=replace(first.slot, practitioner=name))))
    (visit, _) = named(text, "visit")
    assert 'With: Ines; "Dr" O\'Hare,BEGIN:VEVENT \\ x' in visit["DESCRIPTION"].split("\n")
    assert len(items(text)) == len(items(export(plan())))
    assert len(IcsCalendarStream.calendar_from_ics(text).events) == len(items(text))


def test_the_same_plan_gives_the_same_bytes() -> None:
    texts = KNOWLEDGE.texts("en")
    again = to_ical(plan(), client=CLIENT, profile=PERSON, today=EXPORTED, texts=texts, knowledge=load())
    assert again == export(plan())


# --- visits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (Standing.PROPOSED, "TENTATIVE"),
        (Standing.BOOKED, "CONFIRMED"),
        (Standing.DONE, "CONFIRMED"),
        (Standing.MISSED, "CANCELLED"),
    ],
)
def test_the_status_of_a_visit_says_how_firm_it_is(standing: Standing, status: str) -> None:
    text = export(with_session(plan(), replace(plan().sessions[0], standing=standing)))
    (visit, _) = named(text, "visit")
    assert visit["STATUS"] == status
    assert ("this time isn't booked yet" in visit["DESCRIPTION"]) is (standing is Standing.PROPOSED)
    ahead = standing in {Standing.PROPOSED, Standing.BOOKED}
    assert bool(visit.subcomponents) is ahead
    around = [item for item in items(text) if item.get("RELATED-TO") == visit["UID"]]
    assert len(around) == (0 if standing is Standing.MISSED else 2)
    assert {item["STATUS"] for item in around} <= {status}
    assert any(item.subcomponents for item in around) is ahead


def test_a_visit_rings_a_day_before_and_its_preparation_on_the_days_on_which_it_starts() -> None:
    visit, before = named(export(plan()), "visit")[1], named(export(plan()), "before")[1]
    (alarm,) = visit.subcomponents
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", "Skin plan: visit")
    assert visit.start + alarm["TRIGGER"].dt == visit.start - timedelta(days=1)
    begins = {line.since for line in plan().sessions[1].preparation}
    assert min(begins) == plan().sessions[1].day - timedelta(days=14)
    rings = [datetime.combine(before.start, time()) + each["TRIGGER"].dt for each in before.subcomponents]
    last = plan().sessions[1].day - timedelta(days=2)
    assert rings == [datetime.combine(day, time(9)) for day in sorted(begins) if day <= last]


def test_a_visit_tells_who_where_and_what_is_asked_again_in_its_description() -> None:
    first = replace(plan().sessions[0], confirm=(AnswerPath("now.skin"), AnswerPath("health.pregnancy")))
    (visit, _) = named(export(with_session(plan(), first)), "visit")
    texts = KNOWLEDGE.texts("en")
    asked = ", ".join(texts.get(f"question.{path}", "label") for path in first.confirm)
    assert visit["DESCRIPTION"].split("\n") == [
        texts.get(f"treatment.{FACIAL}", "name"),
        "Proposed: this time isn't booked yet.",
        "With: ines",
        "Where: harbour, room 1",
        f"We will ask you about this again before the visit: {asked}",
    ]
    assert "LOCATION" not in visit


def around_the_change() -> CarePlan:
    """Visits at 09:00 UTC on the day before, on, and after the change to summer time."""
    days = [SPRING + timedelta(days=number) for number in (-1, 0, 1)]
    profile = sample_profile(KNOWLEDGE)
    sessions = tuple(session(f"{FACIAL}-{number}", FACIAL, day, profile, KNOWLEDGE) for number, day in enumerate(days))
    return replace(plan(), sessions=sessions)


def test_visits_keep_their_time_across_the_change_to_summer_time() -> None:
    text = export(around_the_change())
    found = named(text, "visit")
    assert [f"{item['DTSTART'].params['TZID']}:{item['DTSTART'].to_ical().decode()}" for item in found] == [
        "Europe/Madrid:20270327T100000",
        "Europe/Madrid:20270328T110000",
        "Europe/Madrid:20270329T110000",
    ]
    assert [item.end - item.start for item in found] == [timedelta(hours=1)] * 3
    other = [each for each in IcsCalendarStream.calendar_from_ics(text).events if each.summary == "Skin plan: visit"]
    starts = [each.dtstart.astimezone(UTC) for each in other if isinstance(each.dtstart, datetime)]
    assert starts == [each.slot.starts for each in around_the_change().sessions]


def onsets(zone: Any) -> list[tuple[datetime, timedelta]]:
    """What RFC 5545 reads from a VTIMEZONE: when each observance begins, by the offset before, and its offset."""
    found = []
    for part in zone.subcomponents:
        local = [part["DTSTART"].dt, *(each.dt for each in getattr(part.get("RDATE"), "dts", ()))]
        before, offset = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        found += [((each - before).replace(tzinfo=UTC), offset) for each in local]
    return found


@pytest.mark.parametrize(
    "zone",
    [ZONE, "Asia/Taipei", "America/New_York", "Australia/Sydney", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata"],
)
def test_the_time_zone_is_right_to_the_minute_in_every_hour_of_the_years_around(zone: str) -> None:
    first = plan().sessions[0]
    text = export(with_session(plan(), replace(first, slot=replace(first.slot, zone=zone))))
    (block,) = [each for each in Calendar.from_ical(text).timezones if each["TZID"] == zone]
    moment, clock = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    observances = onsets(block)
    while moment.year < 2028:
        for each in (moment - timedelta(seconds=1), moment):
            last = max(observance for observance in observances if observance[0] <= each)
            assert last[1] == each.astimezone(clock).utcoffset(), each
        moment += timedelta(hours=1)


def test_each_zone_that_a_visit_names_is_described_once_and_utc_needs_none() -> None:
    first, second = plan().sessions
    two = replace(plan(), sessions=(first, replace(second, slot=replace(second.slot, zone="Asia/Taipei"))))
    assert [each["TZID"] for each in Calendar.from_ical(export(two)).timezones] == ["Asia/Taipei", ZONE]
    utc = replace(plan(), sessions=(replace(first, slot=replace(first.slot, zone="UTC")),))
    assert Calendar.from_ical(export(utc)).timezones == []
    (visit,) = named(export(utc), "visit")
    assert visit["DTSTART"].to_ical() == b"20261208T090000Z"


# --- the days around a visit -----------------------------------------------------------------------------------


def test_what_comes_before_and_after_a_visit_is_free_all_day_time_that_points_to_it() -> None:
    text = export(plan())
    for visit, before, after, planned in zip(
        named(text, "visit"), named(text, "before"), named(text, "after"), plan().sessions, strict=True
    ):
        own = paused_around(planned, PlanWords(plan(), PERSON, KNOWLEDGE, KNOWLEDGE.texts("en")))
        for item, side, told in ((before, "before", planned.preparation), (after, "after", planned.aftercare)):
            lines = (*told, *(each.line for each in own if each.side == side))
            assert item["RELATED-TO"] == visit["UID"]
            assert item["TRANSP"] == "TRANSPARENT"
            assert item["DTSTART"].params["VALUE"] == item["DTEND"].params["VALUE"] == "DATE"
            binding = [line for line in lines if line.rule.startswith("window.") or line.action == "pause"]
            assert item.start == min(line.since for line in binding)
            assert item.end == max(line.until for line in binding) + timedelta(days=1)
        assert before.end == after.start + timedelta(days=1) == planned.day + timedelta(days=1)


@each_language
def test_every_instruction_stands_there_below_its_days(language: str) -> None:
    texts = KNOWLEDGE.texts(language)
    told = named(export(plan(), language), "after", language)[0]["DESCRIPTION"].split("\n")
    for line in plan().sessions[0].aftercare:
        words = texts.get(line.rule, "do")
        assert sum(each.endswith(words) and each.startswith("- ") for each in told) == 1
    stretches = {(line.since, line.until) for line in plan().sessions[0].aftercare}
    assert sum(each.endswith((":", "：")) for each in told) == len(stretches)
    heading = {"en": "8 December 2026 to 9 December 2026:", "zh_hant": "2026年12月8日至2026年12月9日："}[language]
    place = told.index(heading)
    assert texts.get("window.heat_after", "name") in told[place + 1]


def test_what_a_person_told_us_and_what_nobody_knows_stands_with_its_line() -> None:
    first = plan().sessions[0]
    line = first.preparation[0]._replace(rule="window.rx_retinoid_before", action="ask_prescriber")
    lines = (line._replace(concerns="my night cream"), line._replace(rule="window.strong_active_before"))
    (before, _) = named(export(with_session(plan(), replace(first, preparation=lines))), "before")
    assert "You told us: my night cream" in before["DESCRIPTION"]
    assert before["DESCRIPTION"].count("Only if this applies to you") == 1


def test_where_nothing_is_paused_the_advice_sets_the_days() -> None:
    first = plan().sessions[0]
    advice = tuple(line for line in first.aftercare if line.rule.startswith("aftercare."))
    text = export(with_session(plan(), replace(first, preparation=(), aftercare=advice)))
    assert len(named(text, "before")) == 1
    assert named(text, "after")[0].end == max(line.until for line in advice) + timedelta(days=1)


# --- care at home ----------------------------------------------------------------------------------------------


@each_home
def test_each_morning_and_evening_stands_there_once_by_the_clock_of_wherever_one_is(home: Home) -> None:
    found = list(home_items(export(plan(), home=home)))
    expected = [datetime.combine(day.on, at) for day in plan().days for at in (time(7, 30), time(21))]
    assert [item.start for item in found] == expected
    for item in found:
        assert re.fullmatch(rb"\d{8}T\d{6}", item["DTSTART"].to_ical())
        assert "TZID" not in item["DTSTART"].params
        assert isinstance(item, Todo if home == "vtodo" else Event)


def test_care_tells_its_steps_in_order_and_takes_as_long_as_they_do() -> None:
    sunday = date(2026, 11, 29)
    (item,) = [each for each in home_items(export(plan())) if each.start == datetime.combine(sunday, time(21))]
    assert item["DESCRIPTION"].split("\n") == [
        "1. First, gentle cleanse: Gentle cleanser",
        "2. Mask: Clay mask",
        "3. Rinse",
        "4. Moisturiser on damp skin: Light moisturiser",
    ]
    minutes = sum(KNOWLEDGE.get(Layer, step.layer).minutes for step in day_of(sunday, plan()).evening)
    assert timedelta(minutes=minutes) <= item.end - item.start < timedelta(minutes=minutes + 5)
    assert item["TRANSP"] == "TRANSPARENT"


def test_titles_tell_a_deep_clean_evening_from_others() -> None:
    titles = {item.start: str(item["SUMMARY"]) for item in home_items(export(plan()))}
    assert titles[datetime(2026, 11, 24, 7, 30)] == "Skin plan: morning care"  # noqa: DTZ001 - floating
    assert titles[datetime(2026, 11, 24, 21)] == "Skin plan: evening care"  # noqa: DTZ001 - floating
    assert titles[datetime(2026, 11, 29, 21)] == "Skin plan: longer evening care"  # noqa: DTZ001 - floating
    assert titles[datetime(2026, 12, 15, 21)] == "Skin plan: evening care"  # noqa: DTZ001 - floating


def test_a_half_of_the_day_without_steps_has_no_entry() -> None:
    assert len(items(export(with_evening(plan(), START)))) == len(items(export(plan()))) - 1


def test_tasks_say_what_is_done_and_have_the_uids_of_the_events() -> None:
    standings = (Standing.DONE, Standing.MISSED, Standing.PROPOSED)
    days = tuple(replace(day, standing=standing) for day, standing in zip(plan().days, standings, strict=False))
    text = export(replace(plan(), days=days), home="vtodo")
    evenings = [item for item in home_items(text) if item.start.hour == 21]
    assert [item["STATUS"] for item in evenings] == ["COMPLETED", "CANCELLED", "NEEDS-ACTION"]
    assert all("DTEND" not in item and item["DUE"].dt > item.start for item in evenings)
    assert set(by_uid(export(plan(), home="vtodo"))) == set(by_uid(export(plan())))


def test_what_a_prescriber_gave_goes_on_and_is_not_named() -> None:
    kept = export(replace(plan(), keep=("tretinoin 0.05 %",)))
    assert all("Go on with whatever your prescriber gave you" in item["DESCRIPTION"] for item in home_items(kept))
    assert "tretinoin" not in unfolded(kept)
    assert "prescriber gave you" not in unfolded(export(plan()))


# --- tests and reviews -----------------------------------------------------------------------------------------


def test_a_new_product_is_tried_on_all_day_entries_until_the_day_before_its_first_use() -> None:
    (item,) = named(export(plan()), "test")
    (new,) = plan().introductions
    assert (item.start, item.end) == (new.tested_from, new.first_use)
    assert item["TRANSP"] == "TRANSPARENT"
    texts = KNOWLEDGE.texts("en")
    assert texts.get("product.bha_leave_on", "name") in item["DESCRIPTION"]
    for step in KNOWLEDGE.of(PatchStep).values():
        assert (texts.get(step.ref, "do") in item["DESCRIPTION"]) is (step.id not in CLINIC_STEPS)
    assert set(KNOWLEDGE.of(PatchStep)) >= CLINIC_STEPS


def test_a_product_that_needs_no_test_has_no_entry() -> None:
    (new,) = plan().introductions
    untested = replace(plan(), introductions=(replace(new, tested_from=new.first_use),))
    assert named(export(untested), "test") == []


def test_reviews_take_the_whole_day() -> None:
    (item,) = named(export(plan()), "review")
    assert (item.start, item.end) == (date(2027, 2, 15), date(2027, 2, 16))
