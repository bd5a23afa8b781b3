"""Which slots are open, whether a calendar really offers one, and what a client has booked already.

A slot with its buffers lies inside the working time of its practitioner and overlaps no booking, with that booking's
own buffers, of its practitioner, its room or its devices.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, get_args

from pellucid.booking.calendar import Booking, Calendar, Claim, Kind, Location, Practitioner, Resource, Service
from pellucid.booking.minutes import MINUTE, covered, minute_from, minute_of, moment_of, untouched
from pellucid.booking.openings import Course, Openings, Place, Starts, Window
from pellucid.booking.working_time import working_time
from pellucid.model.slot import Slot, Visit
from pellucid.model.spans import Run, Spans, normalise

Refusal = Literal[
    "unknown_practitioner",
    "no_such_service",
    "wrong_length",
    "wrong_start",
    "wrong_gap",
    "wrong_location",
    "wrong_level",
    "wrong_room",
    "wrong_device",
    "wrong_price",
    "closed",
    "busy_practitioner",
    "busy_room",
    "busy_device",
]
"""What stands against a slot or a visit; of several the first in this order, which is the one that lasts longest."""

REFUSALS: tuple[Refusal, ...] = get_args(Refusal)

YEARS = range(1970, 9999)
"""A slot from elsewhere may hold any time; outside these nothing can be counted in minutes."""


def open_slots(
    calendar: Calendar, *, treatments: Collection[str], since: date, until: date, now: datetime | None = None
) -> tuple[Slot, ...]:
    """Every opening for some treatments: one for each treatment, start and practitioner, in the order of slots.

    Args:
        calendar: the clinic.
        treatments: their ids; what the clinic doesn't do has no slots.
        since: the first day by the location's clock.
        until: the last day; it is included.
        now: an aware moment; nothing that starts before it is listed.

    Of several free rooms and devices the first of the calendar is taken. Starts are multiples of the service's step
    after midnight by the clock on the wall.
    """
    courses = [Course.of([service]) for service in calendar.services if service.treatment in treatments]
    openings = Openings(calendar, courses, _window(since, until, now))
    found: list[Slot] = []
    for course in courses:
        places = {each.id: Place(calendar, each.id, course) for each in calendar.locations}
        for each in calendar.practitioners:
            place = places[each.location]
            found += (place.visit(each, minute).parts[0] for minute in openings.starts(each, course))
    return tuple(sorted(found, key=_order))


def _window(since: date, until: date, now: datetime | None) -> Window:
    return Window(since, until, 0 if now is None else minute_from(now))


def _order(slot: Slot) -> tuple[datetime, datetime, str, str]:
    """As slots are ordered; nothing beyond it differs, and comparing a few fields is faster."""
    return slot.starts, slot.ends, slot.treatment, slot.practitioner


def open_visits(  # noqa: PLR0913 - what is asked for
    calendar: Calendar,
    *,
    treatments: Sequence[str],
    since: date,
    until: date,
    now: datetime | None = None,
    practitioner: str | None = None,
    location: str | None = None,
) -> tuple[Visit, ...]:
    """Every visit in which several treatments can be done in this order; one for each start and practitioner.

    Args:
        calendar: the clinic.
        treatments: their ids; where the clinic doesn't do one of them there is no visit.
        since: the first day by the location's clock.
        until: the last day; it is included.
        now: an aware moment; nothing that starts before it is listed.
        practitioner: the id of the only one to look at.
        location: the id of the only one to look at.

    They are in the order of their starts, then by practitioner. Starts are those of the first treatment; with only one
    the visits are the slots of ``open_slots``. The client stays in a room for as long as it suits and is free.
    """
    starts = open_starts(
        calendar,
        treatments=treatments,
        since=since,
        until=until,
        now=now,
        practitioner=practitioner,
        location=location,
    )
    return visits_at(calendar, treatments=treatments, starts=starts)


def open_starts(  # noqa: PLR0913 - as open_visits
    calendar: Calendar,
    *,
    treatments: Sequence[str],
    since: date,
    until: date,
    now: datetime | None = None,
    practitioner: str | None = None,
    location: str | None = None,
) -> Mapping[str, Starts]:
    """When the visits of ``open_visits`` start, in minutes, by practitioner; those with none are left out.

    It is many times faster than listing them: whoever shows a few of many visits asks ``visits_at`` for these.
    """
    course = _course(calendar, treatments)
    if course is None:
        return {}
    openings = Openings(calendar, (course,), _window(since, until, now))
    found = {
        each.id: openings.starts(each, course)
        for each in calendar.practitioners
        if practitioner in {None, each.id} and location in {None, each.location}
    }
    return {name: starts for name, starts in found.items() if starts}


def visits_at(
    calendar: Calendar, *, treatments: Sequence[str], starts: Mapping[str, Iterable[int]]
) -> tuple[Visit, ...]:
    """The visits that begin at some of the minutes that ``open_starts`` gave, in the order of ``open_visits``."""
    course = _course(calendar, treatments)
    if course is None:
        return ()
    places = {each.id: Place(calendar, each.id, course) for each in calendar.locations}
    found = sorted((minute, name) for name, minutes in starts.items() for minute in minutes)
    people = ((minute, calendar.practitioner[name]) for minute, name in found)
    return tuple(places[each.location].visit(each, minute) for minute, each in people)


def _course(calendar: Calendar, treatments: Sequence[str]) -> Course | None:
    services = [calendar.service[each] for each in treatments if each in calendar.service]
    return Course.of(services) if services and len(services) == len(treatments) else None


def offers(calendar: Calendar, slot: Slot) -> Refusal | None:
    """What stands against a slot, or None where the calendar offers exactly this one.

    Any start on a whole minute will do, and any suitable room and devices that are free.
    """
    return offers_visit(calendar, Visit((slot,)))


def offers_visit(calendar: Calendar, visit: Visit) -> Refusal | None:
    """What stands against a visit, or None where the calendar offers exactly this one; see ``offers``."""
    practitioner = calendar.practitioner.get(visit.practitioner)
    course = _course(calendar, visit.treatments)
    if practitioner is None:
        return "unknown_practitioner"
    if course is None:
        return "no_such_service"
    moments = (moment for part in visit.parts for moment in (part.starts, part.ends))
    if not all(moment.tzinfo and moment.year in YEARS for moment in moments):
        return "wrong_start"
    unlike = [
        _unlike(calendar, part, service, practitioner)
        for part, service in zip(visit.parts, course.services, strict=True)
    ]
    start = minute_of(visit.starts)
    if [minute_of(part.starts) - start for part in visit.parts] != list(course.offsets):
        unlike.append("wrong_gap")
    return min(filter(None, unlike), key=REFUSALS.index, default=None) or _in_the_way(calendar, visit, course)


def _unlike(calendar: Calendar, slot: Slot, service: Service, practitioner: Practitioner) -> Refusal | None:
    """What of the slot is not as the clinic does it, at any time."""
    location = calendar.location[practitioner.location]
    room = calendar.room.get(slot.room)
    checks: tuple[tuple[bool, Refusal], ...] = (
        (slot.ends - slot.starts == service.minutes * MINUTE, "wrong_length"),
        (slot.starts == moment_of(minute_of(slot.starts)), "wrong_start"),
        (slot.practitioner == practitioner.id, "wrong_gap"),
        ((slot.location, slot.zone) == (location.id, location.zone), "wrong_location"),
        (service.is_done_at(location.id), "wrong_location"),
        (service.level <= slot.level == practitioner.level, "wrong_level"),
        (room is not None and _suits(room, service.room_kind, location), "wrong_room"),
        (_devices_suit(calendar, slot, service, location), "wrong_device"),
        ((slot.price, slot.currency) == (service.price, service.currency), "wrong_price"),
    )
    return next((refusal for holds, refusal in checks if not holds), None)


def _suits(resource: Resource, kind: str, location: Location) -> bool:
    return resource.kind == kind and resource.location == location.id


def _devices_suit(calendar: Calendar, slot: Slot, service: Service, location: Location) -> bool:
    found = [calendar.device[name] for name in dict.fromkeys(slot.devices) if name in calendar.device]
    here = all(each.location == location.id for each in found)
    kinds = sorted(each.kind for each in found)
    return here and len(found) == len(slot.devices) and kinds == sorted(service.device_kinds)


def _in_the_way(calendar: Calendar, visit: Visit, course: Course) -> Refusal | None:
    """What of the visit is not free at its time."""
    practitioner = calendar.practitioner[visit.practitioner]
    blocks = course.blocks(minute_of(visit.starts))
    since, until = blocks[0][0], blocks[-1][1]
    if not covered(_work_around(calendar, practitioner, (since, until)), since, until):
        return "closed"
    if not untouched(calendar.taken_up("practitioner", practitioner.who), since, until):
        return "busy_practitioner"
    parts = list(zip(visit.parts, blocks, strict=True))
    if not all(untouched(calendar.taken_up("room", part.room), *block) for part, block in parts):
        return "busy_room"
    devices = ((name, block) for part, block in parts for name in part.devices)
    free = all(untouched(calendar.taken_up("device", name), *block) for name, block in devices)
    return None if free else "busy_device"


def _work_around(calendar: Calendar, practitioner: Practitioner, block: Run) -> Spans:
    """Working time on all days that the block can touch by any clock."""
    since, until = (moment_of(minute).date() for minute in block)
    one = timedelta(days=1)
    return working_time(calendar, practitioner, since=since - one, until=until + one)


class TakenUp(NamedTuple):
    """A person, room or device that a visit takes up, in minutes; half-open, buffers included."""

    kind: Kind
    id: str
    since: int
    until: int


def resources(visit: Visit, calendar: Calendar) -> tuple[TakenUp, ...]:
    """Everything that a visit of this calendar takes up, sorted; stretches that adjoin are one.

    Practitioners go by ``Practitioner.who``.
    """
    services = [calendar.service[treatment] for treatment in visit.treatments]
    blocks = [service.block(minute_of(part.starts)) for part, service in zip(visit.parts, services, strict=True)]
    person = calendar.practitioner[visit.practitioner].who
    found: dict[Claim, list[Run]] = {("practitioner", person): [(blocks[0][0], blocks[-1][1])]}
    for part, block in zip(visit.parts, blocks, strict=True):
        found.setdefault(("room", part.room), []).append(block)
        for device in part.devices:
            found.setdefault(("device", device), []).append(block)
    return tuple(sorted(TakenUp(*claim, *run) for claim, runs in found.items() for run in normalise(runs)))


def booked_for(calendar: Calendar, client: str) -> tuple[Slot, ...]:
    """A client's own bookings, past and to come, as slots sorted by their start; those that name a treatment.

    The price is what the service costs now, where the clinic still does it.
    """
    own = (each for each in calendar.bookings if each.client == client)
    slots = [_booked(calendar, booking, booking.treatment) for booking in own if booking.treatment]
    return tuple(sorted(slots, key=_order))


def _booked(calendar: Calendar, booking: Booking, treatment: str) -> Slot:
    practitioner = calendar.practitioner[booking.practitioner]
    service = calendar.service.get(treatment)
    return Slot(
        starts=booking.starts,
        ends=booking.ends,
        treatment=treatment,
        practitioner=practitioner.id,
        room=booking.room,
        level=practitioner.level,
        zone=calendar.location[practitioner.location].zone,
        location=practitioner.location,
        devices=booking.devices,
        price=service.price if service else None,
        currency=service.currency if service else None,
    )
