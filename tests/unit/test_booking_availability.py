"""When a treatment can be had: hours, holidays, bookings, rooms, devices and levels."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.sample_clinic import (
    A_FACIAL,
    A_LASER,
    ALL_STARTS,
    CLINIC,
    FACIAL,
    HARBOUR,
    HOSPITAL,
    INES,
    LASER,
    LASER_1,
    LASER_ROOM,
    MADRID,
    MONDAY,
    ROOM_1,
    VEGA,
    at,
    at_harbour,
    booked,
    booking,
    daily,
    off,
    slots,
    starts,
    stretches,
    with_ines,
    with_service,
)

from pellucid.booking.calendar import NO_HOURS, Extra, Location, Resource
from pellucid.model.levels import Level
from pellucid.model.slot import Slot

# --- hours --------------------------------------------------------------------------------------------------


def test_slots_lie_within_the_hours() -> None:
    assert starts(CLINIC) == ALL_STARTS


def test_a_slot_says_all_about_itself() -> None:
    first = slots(HOSPITAL)[0]
    assert first == Slot(
        starts=datetime(2026, 11, 23, 8, tzinfo=UTC),
        ends=datetime(2026, 11, 23, 9, tzinfo=UTC),
        treatment=LASER,
        practitioner="dr_vega",
        room="laser_room",
        level=Level.L3,
        zone=MADRID,
        location="harbour",
        devices=("laser_1",),
        price=Decimal(55),
        currency="EUR",
    )
    assert first.starts.tzinfo is UTC


def test_buffers_lie_within_the_hours_too() -> None:
    assert starts(with_service(buffer_before=10, buffer_after=20)) == ["09:30", "10:00", "10:30"]


def test_starts_are_multiples_of_the_step_after_midnight() -> None:
    odd = with_ines(hours=daily("09:10-11:50"))
    assert starts(odd) == ["09:30", "10:00", "10:30"]
    assert starts(replace(odd, services=(replace(A_FACIAL, step=40),))) == ["09:20", "10:00", "10:40"]


def test_each_weekday_has_its_own_hours() -> None:
    hours = (stretches("09:00-10:00"), (), stretches("17:00-18:00"), (), (), (), stretches("08:00-09:00"))
    found = slots(with_ines(hours=hours), MONDAY, MONDAY + timedelta(days=6))
    assert [f"{slot.local:%a %H:%M}" for slot in found] == ["Mon 09:00", "Wed 17:00", "Sun 08:00"]


def test_no_slot_reaches_into_a_break() -> None:
    assert starts(with_ines(breaks=daily("10:00-10:30"))) == ["09:00", "10:30", "11:00"]


def test_hours_that_meet_are_one_stretch() -> None:
    assert starts(with_ines(hours=daily("09:00-10:30", "10:30-12:00"))) == ALL_STARTS


def test_hours_go_on_past_midnight() -> None:
    night = ((), *daily("00:00-01:00", "23:00-24:00")[1:])
    assert starts(with_ines(hours=night), MONDAY + timedelta(days=1)) == ["00:00", "23:00", "23:30"]
    assert starts(with_ines(hours=night), MONDAY) == []


def test_nobody_works_in_their_time_off() -> None:
    assert starts(with_ines(time_off=(off("2026-11-23 10:00", "2026-11-24 10:00"),))) == ["09:00"]


def test_a_holiday_of_the_location_is_everybodys() -> None:
    closed = at_harbour(closed=(off("2026-11-23 00:00", "2026-11-24 00:00"),))
    assert starts(replace(closed, practitioners=(INES, VEGA))) == []
    assert starts(closed, MONDAY + timedelta(days=1)) == ALL_STARTS


def test_extra_hours_come_on_top_also_on_a_holiday_and_over_a_break() -> None:
    extra = Extra(MONDAY, stretches("10:00-11:00", "13:00-14:00"))
    assert starts(at_harbour(extra=(extra,))) == [*ALL_STARTS, "13:00"]
    holiday = (off("2026-11-23 00:00", "2026-11-24 00:00"),)
    assert starts(at_harbour(extra=(extra,), closed=holiday)) == ["10:00", "13:00"]
    at_work = replace(INES, breaks=daily("09:00-12:00"))
    assert starts(replace(at_harbour(extra=(extra,)), practitioners=(at_work,))) == ["10:00", "13:00"]


def test_extra_hours_are_for_those_who_are_named() -> None:
    free = replace(INES, hours=NO_HOURS), replace(VEGA, hours=NO_HOURS)
    extra = Extra(MONDAY, stretches("13:00-14:00"), ("dr_vega",))
    calendar = replace(at_harbour(extra=(extra,)), practitioners=free)
    assert [slot.practitioner for slot in slots(calendar)] == ["dr_vega"]


def test_time_off_counts_before_extra_hours() -> None:
    calendar = at_harbour(extra=(Extra(MONDAY, stretches("13:00-14:00")),))
    away = replace(INES, time_off=(off("2026-11-23 13:30", "2026-11-23 14:00"),))
    assert starts(replace(calendar, practitioners=(away,))) == ALL_STARTS


# --- what was asked for -------------------------------------------------------------------------------------


def test_first_and_last_day_are_included() -> None:
    found = slots(CLINIC, MONDAY, MONDAY + timedelta(days=2))
    assert sorted({slot.day for slot in found}) == [MONDAY + timedelta(days=number) for number in range(3)]


def test_days_are_those_of_the_clinic() -> None:
    """At nine in Auckland it is still the evening before in UTC."""
    calendar = at_harbour(zone="Pacific/Auckland")
    assert [slot.starts.day for slot in slots(calendar)] == [22] * 5
    assert starts(calendar) == ALL_STARTS


def test_nothing_starts_before_now() -> None:
    assert starts(CLINIC, now=at("2026-11-23 10:00")) == ["10:00", "10:30", "11:00"]
    assert starts(CLINIC, now=at("2026-11-23 10:00:01")) == ["10:30", "11:00"]


def test_only_what_is_asked_for_and_done_here() -> None:
    both = replace(CLINIC, services=(A_FACIAL, replace(A_FACIAL, treatment="led")))
    assert {slot.treatment for slot in slots(both, treatments=["led"])} == {"led"}
    assert slots(both, treatments=["aha_peel"]) == ()


def test_slots_are_in_order_whatever_the_calendars_is() -> None:
    both = replace(CLINIC, practitioners=(VEGA, INES), services=(A_FACIAL, replace(A_FACIAL, treatment="led")))
    found = slots(both)
    assert list(found) == sorted(found)
    assert len(found) == 4 * len(ALL_STARTS)


# --- bookings, rooms, devices, levels -----------------------------------------------------------------------


def test_a_booking_keeps_its_practitioner_busy() -> None:
    assert starts(booked(booking("2026-11-23 10:00", "2026-11-23 10:30", room="room_2"))) == ["09:00", "10:30", "11:00"]


def test_a_booking_keeps_its_room_busy() -> None:
    assert starts(booked(booking("2026-11-23 10:00", "2026-11-23 10:30", who="mateo"))) == ["09:00", "10:30", "11:00"]


def test_a_booking_keeps_its_devices_busy() -> None:
    taken = booking("2026-11-23 10:00", "2026-11-23 10:30", "mateo", "room_2", devices=("laser_1",))
    assert starts(replace(HOSPITAL, bookings=(taken,))) == ["09:00", "10:30", "11:00"]


def test_a_booking_has_buffers_of_its_own() -> None:
    taken = booking("2026-11-23 10:05", "2026-11-23 10:30", buffer_before=10, buffer_after=1)
    assert starts(booked(taken)) == ["11:00"]


def test_buffers_of_a_slot_and_of_a_booking_dont_overlap() -> None:
    calendar = with_service(buffer_after=30)
    touching = booking("2026-11-23 10:45", "2026-11-23 10:46", buffer_before=15)
    assert starts(replace(calendar, bookings=(touching,))) == ["09:00"]
    assert starts(replace(calendar, bookings=(replace(touching, buffer_before=16),))) == []


def test_bookings_may_overlap_and_stand_in_any_order() -> None:
    late = booking("2026-11-23 10:00", "2026-11-23 10:30")
    early = booking("2026-11-23 09:45", "2026-11-23 10:15")
    assert starts(booked(late, early)) == ["10:30", "11:00"]


def test_the_first_free_room_is_taken_and_a_start_listed_once() -> None:
    rooms = (LASER_ROOM, ROOM_1, replace(ROOM_1, id="room_2"))
    calendar = replace(booked(booking("2026-11-23 10:00", "2026-11-23 10:30", "mateo")), rooms=rooms)
    assert [slot.room for slot in slots(calendar)] == ["room_1", "room_2", "room_2", "room_1", "room_1"]
    assert starts(calendar) == ALL_STARTS


def test_a_device_of_each_kind_is_taken() -> None:
    lamps = tuple(Resource(name, "harbour", "lamp") for name in ("lamp_1", "lamp_2"))
    needs = replace(HOSPITAL, devices=(*lamps, LASER_1), services=(replace(A_LASER, device_kinds=("laser", "lamp")),))
    assert {slot.devices for slot in slots(needs)} == {("laser_1", "lamp_1")}
    taken = booking("2026-11-23 09:00", "2026-11-23 12:00", "mateo", "room_2", devices=("lamp_1",))
    assert {slot.devices for slot in slots(replace(needs, bookings=(taken,)))} == {("laser_1", "lamp_2")}
    two = replace(needs, services=(replace(A_LASER, device_kinds=("lamp", "lamp")),))
    assert {slot.devices for slot in slots(two)} == {("lamp_1", "lamp_2")}
    assert slots(replace(two, devices=lamps[:1])) == ()


def test_rooms_and_devices_elsewhere_are_of_no_use() -> None:
    hill = Location("hill", MADRID)
    assert slots(replace(CLINIC, locations=(HARBOUR, hill), rooms=(replace(ROOM_1, location="hill"),))) == ()
    assert slots(replace(HOSPITAL, locations=(HARBOUR, hill), devices=(replace(LASER_1, location="hill"),))) == ()


def test_a_service_needs_its_level_and_a_slot_has_its_practitioners() -> None:
    both = replace(HOSPITAL, practitioners=(INES, VEGA), services=(A_LASER, A_FACIAL), rooms=(LASER_ROOM, ROOM_1))
    found = {(slot.treatment, slot.practitioner, slot.level) for slot in slots(both)}
    assert found == {(LASER, "dr_vega", 3), (FACIAL, "dr_vega", 3), (FACIAL, "ines", 1)}
