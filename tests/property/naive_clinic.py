"""Open times a second time, in the plainest way: every minute of every day and everybody and everything, in loops.

There are no runs and nothing is reckoned ahead. Where it differs from what is listed, one of the two is wrong.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import groupby, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.property.clinics import DAY, MINUTE, Case

from pellucid.booking.calendar import Booking, Calendar, Location, Practitioner, Resource, Service, Stretch
from pellucid.model.slot import Slot, Visit

Busy = Mapping[tuple[str, str], set[int]]
"""In which minutes a person, room or device is taken up, by kind and id."""


class Minute(NamedTuple):
    """One minute: as a number, in UTC, what the clock shows, and the latest that it has shown so far.

    By the last one hours begin and end: a clock that is set back doesn't begin or end them a second time.
    """

    number: int
    moment: datetime
    local: datetime
    latest: datetime


@lru_cache(maxsize=100)
def minutes_of(since: date, until: date, zone: str) -> list[Minute]:
    """Every minute of some days and of the day before and after."""
    found = []
    moment = datetime(since.year, since.month, since.day, tzinfo=UTC) - DAY
    latest = datetime(2000, 1, 1)  # noqa: DTZ001 - what a clock on a wall shows has no zone
    while moment.date() <= until + DAY:
        local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        latest = max(latest, local)
        found.append(Minute(number(moment), moment, local, latest))
        moment += MINUTE
    return found


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


def number(moment: datetime) -> int:
    """Minutes as numbers are compared faster."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // MINUTE


def minutes_between(starts: datetime, ends: datetime) -> range:
    return range(number(starts), number(ends))


def blocked(booking: Booking) -> range:
    """Every minute that a booking takes up."""
    return minutes_between(
        booking.starts - booking.buffer_before * MINUTE, booking.ends + booking.buffer_after * MINUTE
    )


def busy_minutes(calendar: Calendar) -> Busy:
    """All of them; people by who they are, wherever they work."""
    persons = {each.id: each.person or each.id for each in calendar.practitioners}
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for booking in calendar.bookings:
        found["practitioner", persons[booking.practitioner]].update(blocked(booking))
        found["room", booking.room].update(blocked(booking))
        for device in booking.devices:
            found["device", device].update(blocked(booking))
    for claim, runs in calendar.busy.items():
        for since, until in runs:
            found[claim].update(range(since, until))
    return found


def naive_slots(case: Case) -> list[Slot]:
    """Every slot of every service."""
    every = (naive_visits(case, [service]) for service in case.calendar.services)
    return sorted(visit.parts[0] for visits in every for visit in visits)


def naive_visits(case: Case, services: Sequence[Service]) -> list[Visit]:
    """Every visit with these services in this order, by start and practitioner."""
    found = []
    busy = busy_minutes(case.calendar)
    for person in case.calendar.practitioners:
        (location,) = [each for each in case.calendar.locations if each.id == person.location]
        clock = minutes_of(case.since, case.until, location.zone)
        taken = busy.get(("practitioner", person.person or person.id), set())
        free = {
            each.number
            for each in clock
            if works(person, location, each.moment, each.latest) and each.number not in taken
        }
        for minute, moment, local, _ in clock:
            on_step = (local.hour * 60 + local.minute) % services[0].step == 0
            asked = case.since <= local.date() <= case.until and (case.now is None or moment >= case.now)
            able = all(
                person.level >= service.level and location.id in (service.locations or [location.id])
                for service in services
            )
            if on_step and asked and able and minute in free:
                found += naive_visit(case.calendar, person, location, services, moment, free, busy)
    return sorted(found, key=lambda visit: (visit.starts, visit.practitioner))


def naive_visit(
    calendar: Calendar,
    person: Practitioner,
    location: Location,
    services: Sequence[Service],
    moment: datetime,
    free: set[int],
    busy: Busy,
) -> list[Visit]:
    """The visit at a minute, if there is one."""
    times = times_of(services, moment)
    blocks = [
        minutes_between(starts - service.buffer_before * MINUTE, ends + service.buffer_after * MINUTE)
        for service, (starts, ends) in zip(services, times, strict=True)
    ]
    rooms = rooms_of(calendar, location, services, blocks, busy)
    devices = [devices_of(calendar, location, *each, busy) for each in zip(services, blocks, strict=True)]
    enough = all(len(found) == len(service.device_kinds) for found, service in zip(devices, services, strict=True))
    if rooms is None or not enough or not all(free.issuperset(block) for block in blocks):
        return []
    slots = [
        Slot(
            starts,
            ends,
            service.treatment,
            person.id,
            room,
            person.level,
            location.zone,
            location.id,
            tuple(taken),
            service.price,
            service.currency,
        )
        for service, (starts, ends), room, taken in zip(services, times, rooms, devices, strict=True)
    ]
    return [Visit(tuple(slots))]


def times_of(services: Sequence[Service], moment: datetime) -> list[tuple[datetime, datetime]]:
    """When each service begins and ends: buffers lie between them."""
    found: list[tuple[datetime, datetime]] = []
    for number, service in enumerate(services):
        if found:
            between = services[number - 1].buffer_after + service.buffer_before
            moment = found[-1][1] + between * MINUTE
        found.append((moment, moment + service.minutes * MINUTE))
    return found


def idle(kind: str, each: Resource, block: range, busy: Busy) -> bool:
    return busy.get((kind, each.id), set()).isdisjoint(block)


def rooms_of(
    calendar: Calendar,
    location: Location,
    services: Sequence[Service],
    blocks: Sequence[range],
    busy: Busy,
) -> list[str] | None:
    """Of all ways to give each service a room the one with the longest stays, then the earliest in the calendar."""
    here = [each for each in calendar.rooms if each.location == location.id]
    choices = [
        [each.id for each in here if each.kind == service.room_kind and idle("room", each, block, busy)]
        for service, block in zip(services, blocks, strict=True)
    ]
    ways = [list(way) for way in product(*choices)]
    return min(ways, key=stays, default=None)


def stays(rooms: Sequence[str]) -> list[int]:
    """Smaller for longer stays in the rooms, the first one first."""
    return [-len(list(same)) for _, same in groupby(rooms)]


def devices_of(calendar: Calendar, location: Location, service: Service, block: range, busy: Busy) -> list[str]:
    """One of each kind, the first that is idle, and none twice."""
    found: list[str] = []
    for kind in service.device_kinds:
        here = [each for each in calendar.devices if each.location == location.id and each.kind == kind]
        found += [each.id for each in here if idle("device", each, block, busy) and each.id not in found][:1]
    return found
