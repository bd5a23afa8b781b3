"""Whether a calendar really offers a slot, what a client has booked, and values that check themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.sample_clinic import (
    A_FACIAL,
    A_LASER,
    HARBOUR,
    HOSPITAL,
    LASER,
    LASER_1,
    LASER_ROOM,
    MADRID,
    MONDAY,
    ROOM_1,
    VEGA,
    at,
    booked,
    booking,
    slots,
    stretches,
)

from pellucid.booking.availability import booked_for, offers
from pellucid.booking.calendar import NO_HOURS, Booking, Calendar, Location, Resource
from pellucid.model.levels import Level

# --- is it really offered? ----------------------------------------------------------------------------------

LATER = datetime(2026, 11, 23, 9, 7, tzinfo=UTC)


def offered(calendar: Calendar, **changes: Any) -> str | None:
    return offers(calendar, replace(slots(HOSPITAL)[0], **changes))


def test_any_minute_will_do_where_all_is_free() -> None:
    assert offered(HOSPITAL) is None
    assert offered(HOSPITAL, starts=LATER, ends=LATER + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"practitioner": "nobody"}, "unknown_practitioner"),
        ({"treatment": "led"}, "no_such_service"),
        ({"ends": LATER}, "wrong_length"),
        ({"starts": LATER - timedelta(seconds=5), "ends": LATER + timedelta(seconds=3595)}, "wrong_start"),
        ({"starts": LATER.replace(tzinfo=None)}, "wrong_start"),
        ({"starts": LATER.replace(year=1), "ends": LATER.replace(year=9999)}, "wrong_start"),
        ({"location": "hill"}, "wrong_location"),
        ({"zone": "UTC"}, "wrong_location"),
        ({"level": Level.L4}, "wrong_level"),
        ({"room": "room_9"}, "wrong_room"),
        ({"room": "room_1"}, "wrong_room"),
        ({"room": "hill_room"}, "wrong_room"),
        ({"devices": ()}, "wrong_device"),
        ({"devices": ("laser_9",)}, "wrong_device"),
        ({"devices": ("lamp_1",)}, "wrong_device"),
        ({"devices": ("hill_laser",)}, "wrong_device"),
        ({"devices": ("laser_1", "laser_1")}, "wrong_device"),
        ({"devices": ("laser_1", "lamp_1")}, "wrong_device"),
        ({"price": Decimal(54)}, "wrong_price"),
        ({"price": None}, "wrong_price"),
        ({"currency": "USD"}, "wrong_price"),
        ({"starts": at("2026-11-23 11:01"), "ends": at("2026-11-23 12:01")}, "closed"),
        ({"starts": at("2026-11-23 08:59"), "ends": at("2026-11-23 09:59")}, "closed"),
    ],
)
def test_a_slot_unlike_the_clinics_is_refused(changes: dict[str, Any], code: str) -> None:
    calendar = replace(
        HOSPITAL,
        locations=(HARBOUR, Location("hill", MADRID)),
        rooms=(LASER_ROOM, ROOM_1, Resource("hill_room", "hill", "laser")),
        devices=(LASER_1, Resource("lamp_1", "harbour", "lamp"), Resource("hill_laser", "hill", "laser")),
    )
    assert offered(calendar, **changes) == code


def test_a_practitioner_below_the_level_is_refused() -> None:
    low = replace(HOSPITAL, practitioners=(replace(VEGA, level=Level.L2),))
    assert offered(low, level=Level.L2) == "wrong_level"


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        (booking("2026-11-23 09:59", "2026-11-23 10:30", "dr_vega", "room_1"), "busy_practitioner"),
        (booking("2026-11-23 09:59", "2026-11-23 10:30", "mateo", "laser_room"), "busy_room"),
        (booking("2026-11-23 09:59", "2026-11-23 10:30", "mateo", "room_1", devices=("laser_1",)), "busy_device"),
        (booking("2026-11-23 10:00", "2026-11-23 10:30", "dr_vega", "laser_room", devices=("laser_1",)), None),
        (booking("2026-11-23 10:00", "2026-11-23 10:30", "dr_vega", "room_1", buffer_before=1), "busy_practitioner"),
        (booking("2026-11-23 08:00", "2026-11-23 09:00", "mateo", "laser_room", buffer_after=1), "busy_room"),
    ],
)
def test_a_slot_on_a_booking_is_refused(taken: Booking, code: str | None) -> None:
    assert offered(replace(HOSPITAL, bookings=(taken,))) == code


def test_the_buffers_of_a_slot_count() -> None:
    tidy = replace(HOSPITAL, services=(replace(A_LASER, buffer_before=5, buffer_after=5),))
    half_past = {"starts": at("2026-11-23 09:30"), "ends": at("2026-11-23 10:30")}
    assert offered(tidy) == "closed"
    assert offered(tidy, **half_past) is None
    after = booking("2026-11-23 10:34", "2026-11-23 10:40", "mateo", "laser_room")
    assert offered(replace(tidy, bookings=(after,)), **half_past) == "busy_room"


@pytest.mark.parametrize(("zone", "hour"), [("Pacific/Auckland", "09:00"), ("America/Santiago", "22:00")])
def test_the_day_is_the_clinics(zone: str, hour: str) -> None:
    """In UTC these are the evening before and the night after."""
    person = replace(VEGA, hours=(*NO_HOURS[:1], stretches(f"{hour}-{int(hour[:2]) + 1}:00"), *NO_HOURS[2:]))
    there = replace(HOSPITAL, locations=(Location("harbour", zone),), practitioners=(person,))
    (slot,) = slots(there, MONDAY, MONDAY + timedelta(days=6))
    assert slot.day != slot.starts.date()
    assert offers(there, slot) is None


def test_the_devices_may_stand_in_any_order() -> None:
    lamp = Resource("lamp_1", "harbour", "lamp")
    needs = replace(HOSPITAL, devices=(LASER_1, lamp), services=(replace(A_LASER, device_kinds=("lamp", "laser")),))
    assert offered(needs, devices=("laser_1", "lamp_1")) is None


# --- what somebody has booked -------------------------------------------------------------------------------


def test_bookings_of_a_client_are_slots() -> None:
    own = {"client": "example-1", "treatment": LASER}
    late = booking("2026-12-01 10:00", "2026-12-01 11:10", "dr_vega", "laser_room", devices=("laser_1",), **own)
    early = replace(late, starts=at("2026-11-01 10:00"), ends=at("2026-11-01 11:00"))
    others = (replace(early, client="example-2"), replace(early, client=None), replace(early, treatment=None))
    found = booked_for(replace(HOSPITAL, bookings=(late, *others, early)), "example-1")
    assert [slot.starts for slot in found] == [early.starts, late.starts]
    assert found[1] == replace(slots(HOSPITAL)[0], starts=late.starts, ends=late.ends)


def test_a_booking_of_a_service_that_is_gone_has_no_price() -> None:
    own = booking("2026-12-01 10:00", "2026-12-01 11:00", client="example-1", treatment="led")
    (found,) = booked_for(booked(own), "example-1")
    assert (found.treatment, found.price, found.currency) == ("led", None, None)


# --- values that check themselves ---------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"minutes": 0}, {"buffer_before": -1}, {"buffer_after": -1}])
def test_a_length_is_a_length(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="impossible length"):
        replace(A_FACIAL, **changes)


@pytest.mark.parametrize("step", [0, -15, 7, 1441])
def test_a_step_divides_a_day(step: int) -> None:
    with pytest.raises(ValueError, match="doesn't divide a day"):
        replace(A_FACIAL, step=step)


def test_a_booking_ends_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        booking("2026-11-23 10:00", "2026-11-23 10:00")
