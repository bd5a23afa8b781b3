"""Which slots are open, whether a calendar really offers one, and what a client has booked already.

A slot with its buffers lies inside the working time of its practitioner and overlaps no booking, with that booking's
own buffers, of its practitioner, its room or its devices.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pellucid.booking.calendar import Booking, Calendar, Location, Practitioner, Resource, Service
from pellucid.booking.minutes import (
    DAY,
    MINUTE,
    covered,
    midnight,
    minute_from,
    minute_of,
    moment_of,
    untouched,
    without,
)
from pellucid.booking.wall_clock import steady
from pellucid.booking.working_time import working_time
from pellucid.model.slot import Slot
from pellucid.model.spans import Run, Spans

Refusal = Literal[
    "unknown_practitioner",
    "no_such_service",
    "wrong_length",
    "wrong_start",
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
"""What stands against a slot; of several the first in this order, which is the one that lasts longest."""


YEARS = range(1970, 9999)
"""A slot from elsewhere may hold any time; outside these nothing can be counted in minutes."""


class Window(NamedTuple):
    """The starts that are asked for: local days, both included, and no earlier than a minute."""

    since: date
    until: date
    earliest: int


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
    wanted = [service for service in calendar.services if service.treatment in treatments]
    window = Window(since, until, 0 if now is None else minute_from(now))
    found: list[Slot] = []
    for practitioner in calendar.practitioners:
        services = [service for service in wanted if service.level <= practitioner.level]
        free = _free(calendar, practitioner, services, window)
        for service in services:
            found += _slots(calendar, practitioner, service, free, window)
    return tuple(sorted(found, key=_order))


def _order(slot: Slot) -> tuple[datetime, datetime, str, str]:
    """As slots are ordered; nothing beyond it differs, and comparing a few fields is faster."""
    return slot.starts, slot.ends, slot.treatment, slot.practitioner


def _free(calendar: Calendar, practitioner: Practitioner, services: Collection[Service], window: Window) -> Spans:
    """When a practitioner works and nothing is booked, around the window as far as an appointment can reach."""
    longest = max((end - start for start, end in (service.block(0) for service in services)), default=0)
    margin = timedelta(days=1 + -(-longest // DAY))
    work = working_time(calendar, practitioner, since=window.since - margin, until=window.until + margin)
    return without(work, calendar.taken.get(("practitioner", practitioner.id), ()))


def _slots(
    calendar: Calendar, practitioner: Practitioner, service: Service, free: Spans, window: Window
) -> Iterator[Slot]:
    location = calendar.location[practitioner.location]
    needs = Needs.of(calendar, service, location)
    for start in _starts(free, service, ZoneInfo(location.zone), window):
        chosen = needs.choose(*service.block(start))
        if chosen:
            room, *devices = chosen
            yield Slot(
                starts=moment_of(start),
                ends=moment_of(start + service.minutes),
                treatment=service.treatment,
                practitioner=practitioner.id,
                room=room,
                level=practitioner.level,
                zone=location.zone,
                location=location.id,
                devices=tuple(devices),
                price=service.price,
                currency=service.currency,
            )


def _starts(free: Spans, service: Service, zone: ZoneInfo, window: Window) -> Iterator[int]:
    """The minutes at which an appointment can start as far as the practitioner goes."""
    for opens, closes in free:
        first = max(opens + service.buffer_before, window.earliest)
        last = closes - service.minutes - service.buffer_after
        for start, end, offset in steady(first, last + 1, zone):
            since = max(start, midnight(window.since) - offset)
            until = min(end, midnight(window.until) + DAY - offset)
            yield from range(since + -(since + offset) % service.step, until, service.step)


@dataclass(frozen=True, slots=True)
class Needs:
    """What an appointment takes up besides its practitioner: one of each group, rooms first."""

    groups: tuple[tuple[tuple[str, Spans], ...], ...]
    """The ids of each group with when they are taken."""

    @classmethod
    def of(cls, calendar: Calendar, service: Service, location: Location) -> "Needs":
        """The rooms and devices at a location that suit a service."""
        taken = calendar.taken

        def group(kind: str, among: Literal["room", "device"]) -> tuple[tuple[str, Spans], ...]:
            every = calendar.rooms if among == "room" else calendar.devices
            suited = (each for each in every if each.location == location.id and each.kind == kind)
            return tuple((each.id, taken.get((among, each.id), ())) for each in suited)

        return cls((group(service.room_kind, "room"), *(group(kind, "device") for kind in service.device_kinds)))

    def choose(self, since: int, until: int) -> tuple[str, ...]:
        """The first of each group that is free all the time, and none twice; empty where a group has none."""
        chosen: list[str] = []
        for group in self.groups:
            for name, taken in group:
                if untouched(taken, since, until) and name not in chosen[1:]:  # the room may share its id
                    chosen.append(name)
                    break
            else:
                return ()
        return tuple(chosen)


def offers(calendar: Calendar, slot: Slot) -> Refusal | None:
    """What stands against a slot, or None where the calendar offers exactly this one.

    Any start on a whole minute will do, and any suitable room and devices that are free.
    """
    practitioner = calendar.practitioner.get(slot.practitioner)
    service = calendar.service.get(slot.treatment)
    if practitioner is None:
        return "unknown_practitioner"
    if service is None:
        return "no_such_service"
    if not all(moment.tzinfo and moment.year in YEARS for moment in (slot.starts, slot.ends)):
        return "wrong_start"
    return _unlike(calendar, slot, service, practitioner) or _in_the_way(calendar, slot, service, practitioner)


def _unlike(calendar: Calendar, slot: Slot, service: Service, practitioner: Practitioner) -> Refusal | None:
    """What of the slot is not as the clinic does it, at any time."""
    location = calendar.location[practitioner.location]
    room = calendar.room.get(slot.room)
    checks: tuple[tuple[bool, Refusal], ...] = (
        (slot.ends - slot.starts == service.minutes * MINUTE, "wrong_length"),
        (slot.starts == moment_of(minute_of(slot.starts)), "wrong_start"),
        ((slot.location, slot.zone) == (location.id, location.zone), "wrong_location"),
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


def _in_the_way(calendar: Calendar, slot: Slot, service: Service, practitioner: Practitioner) -> Refusal | None:
    """What of the slot is not free at its time."""
    since, until = service.block(minute_of(slot.starts))
    if not covered(_work_around(calendar, practitioner, (since, until)), since, until):
        return "closed"
    if not untouched(calendar.taken.get(("practitioner", practitioner.id), ()), since, until):
        return "busy_practitioner"
    if not untouched(calendar.taken.get(("room", slot.room), ()), since, until):
        return "busy_room"
    devices = (calendar.taken.get(("device", name), ()) for name in slot.devices)
    return None if all(untouched(taken, since, until) for taken in devices) else "busy_device"


def _work_around(calendar: Calendar, practitioner: Practitioner, block: Run) -> Spans:
    """Working time on all days that the block can touch by any clock."""
    since, until = (moment_of(minute).date() for minute in block)
    one = timedelta(days=1)
    return working_time(calendar, practitioner, since=since - one, until=until + one)


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
