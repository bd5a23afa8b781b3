"""A visit as an invitation, an update, an end and an entry of a feed, as another program reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from pellucid.exchange.visit_ical import Method, Party, VisitTold, feed, invite

CLINIC = Party("Example Clinic", "hello@clinic.example")
ALICE = Party("Alice; Example, the first", "alice@example.com")
VISIT = VisitTold(
    id="1f0e",
    version=3,
    status="CONFIRMED",
    starts=datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    ends=datetime(2027, 3, 28, 2, 0, tzinfo=UTC),
    zone="Europe/Vienna",
    summary="Visit at Example Clinic",
    place="North, 1 Example Road; back door, Vienna",
    about=["First line,", "second; line"],
    url="https://clinic.example/me/appointments/1f0e/",
    changed=datetime(2027, 3, 1, 12, 0, tzinfo=UTC),
)


def written(visit: VisitTold = VISIT, method: Method = "REQUEST") -> str:
    return invite(visit, method=method, host="clinic.example", organizer=CLINIC, attendee=ALICE)


def read(text: str) -> tuple[Any, Any]:
    """The calendar and its one entry."""
    calendar = Calendar.from_ical(text)
    (entry,) = calendar.events
    return calendar, entry


def test_it_says_which_visit_in_which_version() -> None:
    calendar, entry = read(written())
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (entry["UID"], entry["SEQUENCE"]) == ("appointment-1f0e@clinic.example", 3)
    assert (entry["STATUS"], entry["CLASS"]) == ("CONFIRMED", "PRIVATE")
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == VISIT.changed


def test_it_is_the_same_moment_on_a_day_whose_clock_leaps() -> None:
    calendar, entry = read(written())
    assert (entry.start, entry.end) == (VISIT.starts, VISIT.ends)
    assert f"{entry.start:%H:%M}" == "01:30"
    assert f"{entry.end:%H:%M}" == "04:00"
    (zone,) = calendar.walk("VTIMEZONE")
    offsets = {(part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td) for part in zone.subcomponents}
    assert (timedelta(hours=1), timedelta(hours=2)) in offsets


@pytest.mark.parametrize(
    ("zone", "starts"),
    [
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 15, 10, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 10, 2, 15, 30, tzinfo=UTC)),
        ("Europe/Vienna", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("Europe/Vienna", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        ("Pacific/Chatham", datetime(2027, 4, 3, 14, 0, tzinfo=UTC)),
    ],
)
def test_it_is_the_same_moment_in_an_hour_that_comes_twice_or_never(zone: str, starts: datetime) -> None:
    ends = starts + timedelta(minutes=90)
    _, entry = read(written(replace(VISIT, zone=zone, starts=starts, ends=ends)))
    assert (entry.start.astimezone(UTC), entry.end.astimezone(UTC)) == (starts, ends)


def test_people_are_named_whatever_their_names_hold() -> None:
    _, entry = read(written())
    assert str(entry["ORGANIZER"]) == "mailto:hello@clinic.example"
    assert str(entry["ATTENDEE"]) == "mailto:alice@example.com"
    assert entry["ATTENDEE"].params["CN"] == ALICE.name
    assert entry["LOCATION"] == VISIT.place
    assert entry["DESCRIPTION"] == "First line,\nsecond; line"


@pytest.mark.parametrize("name", ['Al"ice', "Al\nice", "Al\x07ice", "愛麗絲 Example"])
def test_no_name_breaks_the_file(name: str) -> None:
    text = invite(VISIT, method="REQUEST", host="clinic.example", organizer=CLINIC, attendee=replace(ALICE, name=name))
    _, entry = read(text)
    assert str(entry["ATTENDEE"]) == "mailto:alice@example.com"


def test_one_that_is_off_is_taken_out() -> None:
    calendar, entry = read(written(replace(VISIT, status="CANCELLED", version=4), "CANCEL"))
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 4)


def test_a_file_to_keep_invites_nobody() -> None:
    calendar, entry = read(written(method="PUBLISH"))
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in entry
    assert "ORGANIZER" in entry


def test_nothing_rings() -> None:
    assert "VALARM" not in written()


def test_the_same_visit_gives_the_same_bytes() -> None:
    assert written() == written()
    assert written().count("\r\n") == written().count("\n")


def test_a_feed_holds_all_of_them_and_says_when_to_look_again() -> None:
    later = replace(VISIT, id="2a", zone="Asia/Kolkata", status="CANCELLED")
    text = feed([VISIT, later], host="clinic.example", organizer=CLINIC, name="Visits")
    calendar = Calendar.from_ical(text)
    assert [entry["STATUS"] for entry in calendar.events] == ["CONFIRMED", "CANCELLED"]
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Kolkata", "Europe/Vienna"]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-WR-CALNAME:Visits" in text


def test_a_feed_without_visits_is_a_calendar_all_the_same() -> None:
    text = feed([], host="clinic.example", organizer=CLINIC, name="Visits")
    assert Calendar.from_ical(text).events == []
