"""Open slots against a plain scan of every minute, around days on which clocks change."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.property.clinics import DEVICE_KINDS, KINDS, MINUTE, TREATMENTS, Case, cases, crowded
from tests.property.naive_clinic import blocked, naive_slots
from tests.strategies import KNOWLEDGE, examples

from pellucid.booking.availability import booked_for, offers, open_slots
from pellucid.booking.calendar import Booking, Resource
from pellucid.booking.clinic_file import calendar_from_json
from pellucid.booking.clinic_json import calendar_to_json
from pellucid.model.slot import Slot


def opened(case: Case) -> tuple[Slot, ...]:
    return open_slots(case.calendar, treatments=TREATMENTS, since=case.since, until=case.until, now=case.now)


@given(st.one_of(cases(), crowded()))
@examples(80)
def test_open_slots_are_those_of_the_plain_scan(case: Case) -> None:
    assert list(opened(case)) == naive_slots(case)


@given(cases())
@examples(60)
def test_every_slot_keeps_its_distance(case: Case) -> None:
    for slot in opened(case):
        service = case.calendar.service[slot.treatment]
        since = slot.starts - service.buffer_before * MINUTE
        until = slot.ends + service.buffer_after * MINUTE
        for booking in case.calendar.bookings:
            shared = (
                booking.practitioner == slot.practitioner
                or booking.room == slot.room
                or set(booking.devices) & set(slot.devices)
            )
            apart = (
                until <= booking.starts - booking.buffer_before * MINUTE
                or booking.ends + booking.buffer_after * MINUTE <= since
            )
            assert apart or not shared
        assert case.since <= slot.day <= case.until
        assert case.now is None or slot.starts >= case.now


@given(cases())
@examples(60)
def test_what_is_listed_is_offered_until_it_is_booked(case: Case) -> None:
    slots = opened(case)
    assert len({slot.id for slot in slots}) == len(slots)
    for slot in slots[:: max(1, len(slots) // 20)]:
        assert offers(case.calendar, slot) is None
    for slot in slots[len(slots) // 2 :][:1]:
        service = case.calendar.service[slot.treatment]
        booking = Booking(
            practitioner=slot.practitioner,
            room=slot.room,
            starts=slot.starts,
            ends=slot.ends,
            devices=slot.devices,
            buffer_before=service.buffer_before,
            buffer_after=service.buffer_after,
            client="example-own",
            treatment=slot.treatment,
        )
        taken = replace(case.calendar, bookings=(*case.calendar.bookings, booking))
        assert offers(taken, slot) == "busy_practitioner"
        assert booked_for(taken, "example-own") == (slot,)
        later = open_slots(taken, treatments=TREATMENTS, since=case.since, until=case.until, now=case.now)
        assert slot not in later
        assert {(each.starts, each.treatment, each.practitioner) for each in later} < {
            (each.starts, each.treatment, each.practitioner) for each in slots
        }


@given(cases(), st.data())
@examples(60)
def test_a_slot_is_offered_at_any_minute_that_the_scan_finds_free(case: Case, data: st.DataObject) -> None:
    any_minute = tuple(replace(service, step=1) for service in case.calendar.services)
    exact = case._replace(calendar=replace(case.calendar, services=any_minute), until=case.since, now=None)
    slots = opened(exact)
    found = {(slot.starts, slot.treatment, slot.practitioner) for slot in slots}
    for slot in slots[:: max(1, len(slots) // 10)]:
        moved = data.draw(st.integers(-200, 200)) * MINUTE
        other = replace(slot, starts=slot.starts + moved, ends=slot.ends + moved)
        if other.day == case.since:
            refusal = offers(case.calendar, other)
            if (other.starts, other.treatment, other.practitioner) in found:
                assert refusal in {None, "busy_room", "busy_device"}  # another one may be free then
            else:
                assert refusal is not None


@given(cases())
@examples(60)
def test_a_calendar_survives_as_plain_data(case: Case) -> None:
    kept: list[Booking] = []
    for booking in case.calendar.bookings:
        taken = {minute for each in kept for minute in blocked(each)}
        if not taken & set(blocked(booking)):
            kept.append(booking)
    kinds = tuple(Resource(f"spare_{kind}", "harbour", kind) for kind in (*KINDS, *DEVICE_KINDS))
    calendar = replace(
        case.calendar,
        bookings=tuple(kept),
        rooms=(*case.calendar.rooms, *kinds[:2]),
        devices=(*case.calendar.devices, *kinds[2:]),
        practitioners=tuple(replace(each, person="") for each in case.calendar.practitioners),
        services=tuple(replace(each, locations=()) for each in case.calendar.services),
        busy={},  # only a database has these three
    )
    content = json.loads(json.dumps(calendar_to_json(calendar)))
    assert calendar_from_json(content, knowledge=KNOWLEDGE) == calendar
    assert calendar_to_json(calendar_from_json(content, knowledge=KNOWLEDGE)) == content
