"""Open slots against a plain scan of every minute, around days on which clocks change."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import KNOWLEDGE, examples

from pellucid.booking.availability import booked_for, offers, open_slots
from pellucid.booking.calendar import (
    Booking,
    Calendar,
    Extra,
    Location,
    Off,
    Practitioner,
    Resource,
    Service,
    Stretch,
)
from pellucid.booking.clinic_file import calendar_from_json
from pellucid.booking.clinic_json import calendar_to_json
from pellucid.model.levels import Level
from pellucid.model.slot import Slot

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

CHANGES = {
    "Europe/Madrid": (date(2026, 10, 25), date(2027, 3, 28)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2027, 4, 4)),
    "America/Santiago": (date(2027, 4, 3), date(2026, 9, 6)),  # at midnight
    "Asia/Kolkata": (date(2026, 11, 23),),  # half an hour off, never changes
    "UTC": (date(2026, 11, 23),),
}
"""Time zones with the days around which cases are drawn."""

TREATMENTS = ("pore_cleanup_facial", "led", "carbon_laser")
KINDS = ("treatment", "laser")
DEVICE_KINDS = ("lamp", "pen")
A_KIND = st.sampled_from(("treatment", "treatment", "treatment", "laser"))
A_DEVICE_KIND = st.sampled_from(("lamp", "lamp", "pen"))


class Case(NamedTuple):
    """A calendar and what is asked of it."""

    calendar: Calendar
    since: date
    until: date
    now: datetime | None


def _stretches() -> st.SearchStrategy[tuple[Stretch, ...]]:
    """Up to two stretches of a day that don't overlap; all night long as well."""
    edges = st.lists(st.integers(0, 96), min_size=4, max_size=4, unique=True).map(sorted)
    two = edges.map(lambda edge: (Stretch(edge[0] * 15, edge[1] * 15), Stretch(edge[2] * 15, edge[3] * 15)))
    return st.one_of(st.just((Stretch(0, 1440),)), two, two, two.map(lambda both: both[:1]), st.just(()))


WEEKS = st.tuples(*[_stretches()] * 7)


@st.composite
def _offs(draw: st.DrawFn, day: date) -> tuple[Off, ...]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = []
    for _ in range(draw(st.integers(0, 2))):
        starts = midnight + draw(st.integers(-200, 300)) * 10 * MINUTE
        found.append(Off(starts, starts + draw(st.integers(1, 100)) * 10 * MINUTE, "away"))
    return tuple(found)


@st.composite
def _services(draw: st.DrawFn, treatment: str) -> Service:
    return Service(
        treatment=treatment,
        minutes=draw(st.sampled_from((20, 45, 90))),
        level=draw(st.sampled_from((Level.L0, Level.L1, Level.L2))),
        room_kind=draw(A_KIND),
        device_kinds=draw(st.sampled_from(((), (), (), ("lamp",), ("pen", "lamp"), ("lamp", "lamp")))),
        buffer_before=draw(st.sampled_from((0, 0, 5, 25))),
        buffer_after=draw(st.sampled_from((0, 0, 10))),
        price=Decimal(draw(st.integers(0, 20_000))) / 100,
        currency="EUR",
        step=draw(st.sampled_from((15, 20, 48, 60))),
    )


@st.composite
def _bookings(draw: st.DrawFn, calendar: Calendar, day: date) -> Booking:
    """Anybody, anything at the same location, at any minute around the day."""
    practitioner = draw(st.sampled_from(calendar.practitioners))
    rooms = [each.id for each in calendar.rooms if each.location == practitioner.location]
    devices = [each.id for each in calendar.devices if each.location == practitioner.location]
    starts = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(-900, 2700)) * MINUTE
    return Booking(
        practitioner=practitioner.id,
        room=draw(st.sampled_from(rooms)),
        starts=starts,
        ends=starts + draw(st.integers(1, 480)) * MINUTE,
        devices=tuple(draw(st.lists(st.sampled_from(devices), unique=True))) if devices else (),
        buffer_before=draw(st.sampled_from((0, 10))),
        buffer_after=draw(st.sampled_from((0, 15))),
        client=draw(st.sampled_from(("example-1", "example-2"))),
        treatment=draw(st.sampled_from(TREATMENTS)),
    )


@st.composite
def _extras(draw: st.DrawFn, day: date, place: str, people: tuple[Practitioner, ...]) -> tuple[Extra, ...]:
    if draw(st.booleans()):
        return ()
    who = [person.id for person in people if person.location == place and draw(st.booleans())]
    hours = draw(_stretches()) or (Stretch(0, 120),)
    return (Extra(day + draw(st.integers(-1, 1)) * DAY, hours, tuple(who), "evening"),)


@st.composite
def _people(draw: st.DrawFn, name: str, places: list[str], day: date) -> Practitioner:
    return Practitioner(
        id=name,
        location=draw(st.sampled_from(places)),
        level=draw(st.sampled_from((Level.L1, Level.L2))),
        hours=draw(WEEKS),
        breaks=draw(WEEKS) if draw(st.booleans()) else ((),) * 7,
        time_off=draw(_offs(day)) if draw(st.booleans()) else (),
    )


@st.composite
def _resources(draw: st.DrawFn, places: list[str], kind: st.SearchStrategy[str], *, least: int) -> tuple[Resource, ...]:
    """Up to three rooms or devices in each place."""
    return tuple(
        Resource(f"{place}_{number}", place, draw(kind))
        for place in places
        for number in range(draw(st.integers(least, 3)))
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A small clinic of one or two places, open at odd hours around a day on which its clock may change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    day = draw(st.sampled_from(CHANGES[zone])) + draw(st.sampled_from((0, 0, 0, -1, 1))) * DAY
    places = ["harbour", "hill"][: draw(st.sampled_from((1, 1, 2)))]
    people = tuple(draw(_people(name, places, day)) for name in ("ines", "mateo"))
    calendar = Calendar(
        locations=tuple(
            Location(name, zone, "", draw(_offs(day)) if draw(st.booleans()) else (), draw(_extras(day, name, people)))
            for name in places
        ),
        practitioners=people,
        rooms=draw(_resources(places, A_KIND, least=1)),
        devices=draw(_resources(places, A_DEVICE_KIND, least=0)),
        services=tuple(draw(_services(treatment)) for treatment in TREATMENTS[:2]),
    )
    if {person.location for person in people} <= {room.location for room in calendar.rooms}:
        calendar = replace(calendar, bookings=tuple(draw(st.lists(_bookings(calendar, day), max_size=8))))
    until = day + draw(st.integers(0, 1)) * DAY
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(0, 86_400)) * timedelta(seconds=1)
    return Case(calendar, day, until, now if draw(st.integers(0, 3)) == 3 else None)


# --- the plain scan -------------------------------------------------------------------------------------------


def minutes_of(case: Case, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Every minute around the days: in UTC, what the clock shows, and the latest that it has shown so far.

    By the last one hours begin and end: a clock that is set back doesn't begin or end them a second time.
    """
    moment = datetime(case.since.year, case.since.month, case.since.day, tzinfo=UTC) - 2 * DAY
    latest = datetime(2000, 1, 1)  # noqa: DTZ001 - what a clock on a wall shows has no zone
    while moment.date() <= case.until + 2 * DAY:
        local = moment.astimezone(zone).replace(tzinfo=None)
        latest = max(latest, local)
        yield moment, local, latest
        moment += MINUTE


def within(stretches: tuple[Stretch, ...], clock: datetime) -> bool:
    return any(opens <= clock.hour * 60 + clock.minute < closes for opens, closes in stretches)


def works(person: Practitioner, location: Location, moment: datetime, clock: datetime) -> bool:
    """Whether somebody works in a minute."""
    weekday = clock.weekday()
    if any(off.starts <= moment < off.ends for off in person.time_off):
        return False
    for extra in location.extra:
        if extra.on == clock.date() and person.id in (extra.practitioners or [person.id]):  # noqa: SIM102
            if within(extra.hours, clock):
                return True
    closed = any(off.starts <= moment < off.ends for off in location.closed)
    return within(person.hours[weekday], clock) and not within(person.breaks[weekday], clock) and not closed


def minutes_between(starts: datetime, ends: datetime) -> list[datetime]:
    return [starts + number * MINUTE for number in range((ends - starts) // MINUTE)]


def blocked(booking: Booking) -> list[datetime]:
    """Every minute that a booking takes up."""
    return minutes_between(
        booking.starts - booking.buffer_before * MINUTE, booking.ends + booking.buffer_after * MINUTE
    )


def busy_minutes(calendar: Calendar) -> set[tuple[str, str, datetime]]:
    """Who and what is taken up in which minute."""
    return {
        (kind, name, minute)
        for booking in calendar.bookings
        for kind, names in (
            ("person", (booking.practitioner,)),
            ("room", (booking.room,)),
            ("device", booking.devices),
        )
        for name in names
        for minute in blocked(booking)
    }


def naive(case: Case) -> list[Slot]:
    """Every minute of every day, everybody, every room and device, in loops."""
    found = []
    busy = busy_minutes(case.calendar)
    for person in case.calendar.practitioners:
        (location,) = [each for each in case.calendar.locations if each.id == person.location]
        clock = list(minutes_of(case, ZoneInfo(location.zone)))
        free = {
            moment
            for moment, _, latest in clock
            if works(person, location, moment, latest) and ("person", person.id, moment) not in busy
        }
        for service in case.calendar.services:
            for moment, local, _ in clock:
                on_step = (local.hour * 60 + local.minute) % service.step == 0
                asked = case.since <= local.date() <= case.until and (case.now is None or moment >= case.now)
                if on_step and asked and moment in free and person.level >= service.level:
                    found += naive_slots(case.calendar, person, location, service, moment, free, busy)
    return sorted(found)


def naive_slots(
    calendar: Calendar,
    person: Practitioner,
    location: Location,
    service: Service,
    moment: datetime,
    free: set[datetime],
    busy: set[tuple[str, str, datetime]],
) -> list[Slot]:
    """The slot at a minute, if there is one."""
    ends = moment + service.minutes * MINUTE
    block = minutes_between(moment - service.buffer_before * MINUTE, ends + service.buffer_after * MINUTE)

    def idle(what: str, every: tuple[Resource, ...], kind: str) -> list[str]:
        here = [each.id for each in every if each.location == location.id and each.kind == kind]
        return [name for name in here if not any((what, name, minute) in busy for minute in block)]

    rooms = idle("room", calendar.rooms, service.room_kind)
    devices: list[str] = []
    for kind in service.device_kinds:
        devices += [name for name in idle("device", calendar.devices, kind) if name not in devices][:1]
    if not free.issuperset(block) or not rooms or len(devices) < len(service.device_kinds):
        return []
    who, where = (service.treatment, person.id, rooms[0], person.level), (location.zone, location.id)
    return [Slot(moment, ends, *who, *where, tuple(devices), service.price, service.currency)]


# --- what must hold -------------------------------------------------------------------------------------------


def opened(case: Case) -> tuple[Slot, ...]:
    return open_slots(case.calendar, treatments=TREATMENTS, since=case.since, until=case.until, now=case.now)


@given(cases())
@examples(60)
def test_open_slots_are_those_of_the_plain_scan(case: Case) -> None:
    assert list(opened(case)) == naive(case)


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
    )
    content = json.loads(json.dumps(calendar_to_json(calendar)))
    assert calendar_from_json(content, knowledge=KNOWLEDGE) == calendar
    assert calendar_to_json(calendar_from_json(content, knowledge=KNOWLEDGE)) == content
