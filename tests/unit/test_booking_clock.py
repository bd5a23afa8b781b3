"""Hours and slots on days on which clocks change, and in zones half an hour off."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.sample_clinic import A_FACIAL, HARBOUR, MADRID, MONDAY, daily, slots, starts, with_ines, with_service

from pellucid.booking.minutes import moment_of
from pellucid.booking.working_time import working_time

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
"""In Madrid the clock leaps from 02:00 to 03:00, and back from 03:00 to 02:00."""

LORD_HOWE = "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("zone", "day", "hours", "expected"),
    [
        (MADRID, SPRING, "00:00-24:00", "27T23:00 28T22:00"),  # 23 hours
        (MADRID, SPRING, "02:30-05:00", "28T01:00 28T03:00"),  # begins in the gap
        (MADRID, SPRING, "00:30-02:30", "27T23:30 28T01:00"),  # ends in the gap
        (MADRID, SPRING, "02:10-02:50", ""),  # never comes
        (MADRID, AUTUMN, "00:00-24:00", "24T22:00 25T23:00"),  # 25 hours
        (MADRID, AUTUMN, "02:30-05:00", "25T00:30 25T04:00"),  # begins the first time it is half past two
        (MADRID, AUTUMN, "00:30-02:30", "24T22:30 25T00:30"),  # ends the first time it is half past two
        (MADRID, AUTUMN, "02:10-02:50", "25T00:10 25T00:50"),
        (MADRID, AUTUMN, "03:00-04:00", "25T02:00 25T03:00"),
        (LORD_HOWE, date(2026, 10, 4), "00:00-24:00", "03T13:30 04T13:00"),  # half an hour less
        (LORD_HOWE, date(2026, 10, 4), "02:15-04:00", "03T15:30 03T17:00"),
        (LORD_HOWE, date(2027, 4, 4), "00:00-24:00", "03T13:00 04T13:30"),  # half an hour more
        (LORD_HOWE, date(2027, 4, 4), "01:45-03:00", "03T14:45 03T16:30"),
        ("Asia/Kolkata", MONDAY, "09:00-17:00", "23T03:30 23T11:30"),
        ("America/Santiago", date(2026, 9, 6), "00:00-02:00", "06T04:00 06T05:00"),  # there is no midnight
        ("America/Santiago", date(2027, 4, 3), "22:00-24:00", "04T01:00 04T04:00"),  # 23:00 to 24:00 comes twice
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(zone: str, day: date, hours: str, expected: str) -> None:
    calendar = replace(with_ines(hours=daily(hours)), locations=(replace(HARBOUR, zone=zone),))
    found = working_time(calendar, calendar.practitioners[0], since=day, until=day)
    assert " ".join(f"{moment_of(minute):%dT%H:%M}" for run in found for minute in run) == expected


def test_the_hour_that_is_skipped_has_no_slots() -> None:
    night = with_ines(hours=daily("01:00-05:00"))
    assert starts(night, SPRING) == ["01:00", "01:30", "03:00", "03:30", "04:00"]


def test_the_hour_that_comes_twice_has_slots_twice() -> None:
    night = with_ines(hours=daily("01:00-04:00"))
    found = slots(night, AUTUMN)
    assert [f"{slot.local:%H:%M}" for slot in found] == [
        *("01:00", "01:30", "02:00", "02:30"),
        *("02:00", "02:30", "03:00"),
    ]
    assert [slot.local.fold for slot in found] == [0, 0, 0, 0, 1, 1, 0]
    assert len({slot.id for slot in found}) == len(found)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (MONDAY, 24)])
def test_a_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    calendar = replace(with_ines(hours=daily("00:00-24:00")), services=(replace(A_FACIAL, step=60),))
    found = slots(calendar, day)
    assert len(found) == hours
    assert {later.starts - earlier.starts for earlier, later in pairwise(found)} == {timedelta(hours=1)}


def test_steps_follow_the_clock_of_a_half_hour_zone() -> None:
    calendar = replace(with_service(step=60), locations=(replace(HARBOUR, zone="Asia/Kolkata"),))
    assert starts(calendar) == ["09:00", "10:00", "11:00"]
    assert [slot.starts.minute for slot in slots(calendar)] == [30, 30, 30]


def test_steps_follow_a_clock_that_changes_by_half_an_hour() -> None:
    night = replace(with_ines(hours=daily("00:00-04:00")), locations=(replace(HARBOUR, zone=LORD_HOWE),))
    hourly = replace(night, services=(replace(A_FACIAL, step=60),))
    assert starts(hourly, date(2026, 10, 4)) == ["00:00", "01:00", "03:00"]
    assert starts(hourly, date(2027, 4, 4)) == ["00:00", "01:00", "02:00", "03:00"]


def test_an_appointment_may_reach_past_a_short_day() -> None:
    calendar = replace(with_ines(hours=daily("00:00-24:00")), services=(replace(A_FACIAL, minutes=1440),))
    assert len(starts(calendar, SPRING - timedelta(days=1))) == 48
