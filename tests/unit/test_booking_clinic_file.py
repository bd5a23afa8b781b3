"""What a clinic can write into its file, what becomes of it, and the way back to plain data."""

import json
import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.sample_clinic import FILE, content

from pellucid.booking.availability import booked_for, offers, open_slots
from pellucid.booking.calendar import NO_HOURS, Booking, Calendar, Off, Stretch
from pellucid.booking.clinic_file import calendar_from_json, read_calendar
from pellucid.booking.clinic_json import calendar_to_json
from pellucid.booking.minutes import covered
from pellucid.booking.working_time import working_time
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "clinic_calendar.md"
EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic.toml"


def made(knowledge: Knowledge, **booking: Any) -> Calendar:
    """The calendar of the file, with some fields of its booking changed."""
    raw = content()
    raw["bookings"][0].update(booking)
    return calendar_from_json(raw, knowledge=knowledge)


# --- what may be written ----------------------------------------------------------------------------------------


def test_a_file_becomes_a_calendar(knowledge: Knowledge, tmp_path: Path) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text("\N{BYTE ORDER MARK}" + FILE, "utf-8")
    calendar = read_calendar(file, knowledge=knowledge)
    (ines,), (led,) = calendar.practitioners, calendar.services
    assert (ines.level, ines.location) == (Level.L1, "harbour")
    assert ines.hours == ((Stretch(540, 840), Stretch(900, 1440)), *NO_HOURS[1:])
    assert ines.breaks == ((Stretch(660, 675),), *NO_HOURS[1:])
    assert (led.minutes, led.buffer_before, led.buffer_after, led.step) == (30, 5, 10, 15)
    assert str(led.price) == "30.10"
    assert [slot.treatment for slot in booked_for(calendar, "example-1")] == ["led"]


def test_days_off_include_the_last(knowledge: Knowledge) -> None:
    calendar = made(knowledge)
    assert calendar.locations[0].closed == (
        Off(datetime(2026, 12, 7, 23, tzinfo=UTC), datetime(2026, 12, 8, 23, tzinfo=UTC), "holiday"),
    )
    assert calendar.practitioners[0].time_off == (
        Off(datetime(2026, 12, 23, 23, tzinfo=UTC), datetime(2027, 1, 1, 23, tzinfo=UTC)),
    )


def test_hours_off_are_those_of_the_clock(knowledge: Knowledge) -> None:
    raw = content()
    raw["locations"][0]["closed"] = [{"from": "2026-07-01 14:00", "to": "2026-07-02"}]
    (closed,) = calendar_from_json(raw, knowledge=knowledge).locations[0].closed
    assert closed == Off(datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 2, 22, tzinfo=UTC))


def test_a_booking_is_as_long_as_its_service_unless_it_says_so(knowledge: Knowledge) -> None:
    (booking,) = made(knowledge).bookings
    assert booking == Booking(
        practitioner="ines",
        room="room_1",
        starts=datetime(2026, 11, 23, 9, tzinfo=UTC),
        ends=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        devices=("lamp_1",),
        buffer_before=5,
        buffer_after=10,
        client="example-1",
        treatment="led",
    )
    (longer,) = made(knowledge, ends="2026-11-23T11:00", buffer_before=0, buffer_after=1).bookings
    assert (longer.ends, longer.buffer_before, longer.buffer_after) == (datetime(2026, 11, 23, 10, tzinfo=UTC), 0, 1)


@pytest.mark.parametrize(
    ("starts", "fold", "hour"),
    [
        ("2026-10-25 02:30", {}, "00:30"),
        ("2026-10-25 02:30", {"fold": 0}, "00:30"),
        ("2026-10-25 02:30", {"fold": 1}, "01:30"),
        ("2026-10-25 02:30+01:00", {}, "01:30"),
        ("2026-10-25T00:30Z", {}, "00:30"),
        (datetime(2026, 10, 25, 3), {}, "02:00"),  # noqa: DTZ001 - what TOML gives
    ],
)
def test_a_time_that_comes_twice_is_the_first_unless_it_says_so(
    starts: object, fold: dict[str, int], hour: str, knowledge: Knowledge
) -> None:
    (booking,) = made(knowledge, starts=starts, **fold).bookings
    assert f"{booking.starts:%H:%M}" == hour
    assert booking.ends - booking.starts == timedelta(minutes=30)


@pytest.mark.parametrize(("price", "text"), [(45, "45"), ("45.50", "45.50"), (45.5, "45.5"), (Decimal("0.05"), "0.05")])
def test_prices_are_exact(price: object, text: str, knowledge: Knowledge) -> None:
    raw = content()
    raw["services"][0]["price"] = price
    assert str(calendar_from_json(raw, knowledge=knowledge).services[0].price) == text


def test_the_lowest_level_is_that_of_the_treatment_unless_it_is_said(knowledge: Knowledge) -> None:
    raw = content()
    raw["services"].append({**raw["services"][0], "treatment": "salicylic_peel"})
    raw["services"].append({**raw["services"][0], "treatment": "soothing_mask", "level": "L2"})
    assert [each.level for each in calendar_from_json(raw, knowledge=knowledge).services] == [1, 3, 2]


def test_what_is_not_needed_may_be_left_out(knowledge: Knowledge) -> None:
    raw = content()
    del raw["bookings"], raw["devices"], raw["services"][0]["device_kinds"]
    del raw["services"][0]["price"], raw["services"][0]["currency"]
    calendar = calendar_from_json(raw, knowledge=knowledge)
    assert (calendar.bookings, calendar.devices, calendar.services[0].price) == ((), (), None)


# --- the example, and back to plain data --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example(knowledge: Knowledge) -> Calendar:
    return read_calendar(EXAMPLE, knowledge=knowledge)


def test_the_example_survives_as_plain_data(example: Calendar, knowledge: Knowledge) -> None:
    text = json.dumps(calendar_to_json(example))
    assert calendar_from_json(json.loads(text), knowledge=knowledge) == example


def test_plain_data_says_what_the_file_said(knowledge: Knowledge) -> None:
    data = calendar_to_json(made(knowledge))
    assert data["locations"][0]["extra"] == [
        {"on": "2026-12-19", "hours": ["10:00-14:00"], "practitioners": ["ines"]},
    ]
    assert data["practitioners"][0]["hours"] == {"mon": ["09:00-14:00", "15:00-24:00"]}
    assert data["services"][0]["price"] == "30.10"
    assert data["bookings"][0]["starts"] == "2026-11-23T09:00:00+00:00"


def test_the_example_does_about_ten_treatments_in_their_usual_time(example: Calendar, knowledge: Knowledge) -> None:
    assert len(example.services) >= 10
    for service in example.services:
        usual = knowledge.get(Treatment, service.treatment).minutes
        assert usual is not None
        assert usual.low <= service.minutes <= usual.high
        assert service.price is not None
        assert service.currency == "EUR"


def test_each_booking_of_the_example_lies_in_working_hours(example: Calendar) -> None:
    assert example.bookings
    for booking in example.bookings:
        person = example.practitioner[booking.practitioner]
        day = booking.starts.date()
        assert covered(working_time(example, person, since=day, until=day), *booking.block), booking


def test_the_example_offers_every_treatment_and_closes_for_christmas(example: Calendar) -> None:
    every = [service.treatment for service in example.services]
    found = open_slots(example, treatments=every, since=date(2026, 11, 20), until=date(2027, 2, 11))
    assert {slot.treatment for slot in found} == set(every)
    assert {slot.practitioner for slot in found} == {"ines", "mateo", "dr_vega"}
    days = {slot.day for slot in found}
    assert date(2026, 12, 19) in days
    assert not days & {date(2026, 12, 8), date(2027, 1, 6)}
    assert not any(date(2026, 12, 24) <= day <= date(2027, 1, 1) for day in days)
    assert all(offers(example, slot) is None for slot in found[::50])


def test_what_the_guide_shows_makes_one_file(knowledge: Knowledge) -> None:
    shown = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    calendar = calendar_from_json(tomllib.loads("".join(shown)), knowledge=knowledge)
    (booking,) = calendar.bookings
    (person,) = calendar.practitioners
    day = booking.starts.date()
    assert covered(working_time(calendar, person, since=day, until=day), *booking.block)
    assert open_slots(calendar, treatments=calendar.service, since=day, until=day + timedelta(days=6))
