"""At which minutes visits can start, worked out as sets of minutes and never start by start.

Whoever and whatever a visit takes up is free in runs; each run holds the visits that start in a shorter run of it. The
starts of a visit are those runs of its practitioner, less the minutes at which rooms or devices lack, on the steps of
the clock. Which room and which devices it gets is found out only for a visit that is listed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby, pairwise, takewhile
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pellucid.booking.calendar import Calendar, Kind, Practitioner, Resource, Service
from pellucid.booking.minutes import DAY, midnight, moment_of, starts_in, untouched, without
from pellucid.booking.wall_clock import steady
from pellucid.booking.working_time import working_time
from pellucid.model.levels import Level
from pellucid.model.slot import Slot, Visit
from pellucid.model.spans import Run, Spans, normalise


class Starts(Collection[int]):
    """Minutes at which something can start, in order; kept as stretches, since there can be very many."""

    def __init__(self, stretches: Iterable[range]) -> None:
        """Stretches in order, each on the steps of the clock; none is empty."""
        self.stretches = tuple(stretches)

    def __iter__(self) -> Iterator[int]:
        """Each minute."""
        return chain.from_iterable(self.stretches)

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self.stretches))

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.stretches)

    def __contains__(self, minute: object) -> bool:
        """Whether something can start at a minute."""
        return any(minute in stretch for stretch in self.stretches)


class Window(NamedTuple):
    """The starts that are asked for: local days, both included, and no earlier than a minute."""

    since: date
    until: date
    earliest: int


@dataclass(frozen=True, slots=True)
class Course:
    """Services that are done one after the other in one visit; at least one. Minutes count from the visit's start."""

    services: tuple[Service, ...]
    offsets: tuple[int, ...]
    """When each service begins."""

    @classmethod
    def of(cls, services: Sequence[Service]) -> "Course":
        """As close together as their buffers allow."""
        offsets = [0]
        for one, other in pairwise(services):
            offsets.append(offsets[-1] + one.minutes + one.buffer_after + other.buffer_before)
        return cls(tuple(services), tuple(offsets))

    @property
    def level(self) -> Level:
        """The lowest level that does all of it."""
        return max(service.level for service in self.services)

    def is_done_at(self, location: str) -> bool:
        """Whether all of it is done at a location."""
        return all(service.is_done_at(location) for service in self.services)

    @property
    def step(self) -> int:
        """The visit starts when its first service can."""
        return self.services[0].step

    @property
    def block(self) -> Run:
        """The minutes that its practitioner is taken up, with the buffers."""
        blocks = self.blocks(0)
        return blocks[0][0], blocks[-1][1]

    def blocks(self, start: int) -> list[Run]:
        """The minutes that each service takes up, with its buffers, in a visit that starts at a minute."""
        return [service.block(start + offset) for service, offset in zip(self.services, self.offsets, strict=True)]


class Openings:
    """The visits that a calendar has room for, some courses in a window; what they share is worked out once."""

    def __init__(self, calendar: Calendar, courses: Collection[Course], window: Window) -> None:
        """Nothing is worked out yet."""
        self.calendar = calendar
        self.window = window
        reach = max((end - start for start, end in (course.block for course in courses)), default=0)
        self.margin = timedelta(days=1 + -(-reach // DAY))
        """How far outside the window a visit can reach that starts in it, by any clock."""
        self._free: dict[str, Spans] = {}
        self._pieces: dict[str, list[tuple[int, int, int]]] = {}
        self._lacking: dict[tuple[str, Course], Spans] = {}

    def starts(self, practitioner: Practitioner, course: Course) -> Starts:
        """When a practitioner can begin a course; nothing where level or location won't do."""
        if practitioner.level < course.level or not course.is_done_at(practitioner.location):
            return Starts(())
        mine = starts_in(self._free_of(practitioner), course.block)
        found = without(mine, self._lacking_at(practitioner.location, course))
        pieces = self._pieces_of(self.calendar.location[practitioner.location].zone)
        return Starts(_on_steps(found, course.step, pieces))

    def _free_of(self, practitioner: Practitioner) -> Spans:
        """When a practitioner works and is not taken up, in the window and its margin."""
        if practitioner.id not in self._free:
            since, until = self.window.since - self.margin, self.window.until + self.margin
            work = working_time(self.calendar, practitioner, since=since, until=until)
            taken = self.calendar.taken_up("practitioner", practitioner.who)
            self._free[practitioner.id] = without(work, taken)
        return self._free[practitioner.id]

    def _pieces_of(self, zone: str) -> list[tuple[int, int, int]]:
        """The window in pieces of one offset: (start, end, minutes that the clock is ahead of UTC)."""
        if zone not in self._pieces:
            self._pieces[zone] = list(_pieces(self.window, ZoneInfo(zone)))
        return self._pieces[zone]

    def _lacking_at(self, location: str, course: Course) -> Spans:
        """When a room or a device isn't there at a location, in the window and its margin."""
        if (location, course) not in self._lacking:
            since, until = midnight(self.window.since - self.margin), midnight(self.window.until + self.margin) + DAY
            self._lacking[location, course] = Place(self.calendar, location, course).lacking((since, until))
        return self._lacking[location, course]


def _pieces(window: Window, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    first, last = midnight(window.since), midnight(window.until) + DAY
    by_day = steady(first - DAY, last + DAY, zone)
    for offset, group in groupby(by_day, key=itemgetter(2)):
        days = list(group)
        since = max(days[0][0], first - offset, window.earliest)
        until = min(days[-1][1], last - offset)
        if since < until:
            yield since, until, offset


def _on_steps(runs: Spans, step: int, pieces: Collection[tuple[int, int, int]]) -> Iterator[range]:
    """The minutes of the runs at which the clock shows a multiple of the step."""
    for since, until, offset in pieces:
        for start, end in runs:
            first = max(start, since)
            found = range(first + -(first + offset) % step, min(end, until), step)
            if found:
                yield found


class Place:
    """The rooms and devices of one location, as far as a course needs them."""

    def __init__(self, calendar: Calendar, location: str, course: Course) -> None:
        """Find the rooms of the right kinds."""
        self.calendar = calendar
        self.location = calendar.location[location]
        self.course = course
        kinds = [service.room_kind for service in course.services]
        self.rooms = [_of_kind(calendar.rooms, location, kind) for kind in kinds]
        """For each service the ids of those that suit it."""
        self.alike = [len(list(takewhile(kind.__eq__, kinds[number:]))) for number, kind in enumerate(kinds)]
        """For how many services, from each one on, the same rooms suit."""
        device_kinds = {kind for service in course.services for kind in service.device_kinds}
        self.devices = {kind: _of_kind(calendar.devices, location, kind) for kind in device_kinds}
        """The ids of each kind."""
        self._chosen: dict[int, list[tuple[str, tuple[str, ...]]]] = {}

    def lacking(self, within: Run) -> Spans:
        """The minutes at which a visit can't start because a room or a device isn't there for one of its services."""
        return normalise(run for needed, sets in self._needs(within) for run in _too_few(needed, sets, (within,)))

    def _needs(self, within: Run) -> Iterator[tuple[int, Iterable[Spans]]]:
        """For each kind that a service needs: how many, and for each resource when a visit can start with it."""
        blocks = self.course.blocks(0)
        for service, rooms, block in zip(self.course.services, self.rooms, blocks, strict=True):
            yield 1, self._starts("room", rooms, block, within)
            for kind, needed in Counter(service.device_kinds).items():
                yield needed, self._starts("device", self.devices[kind], block, within)

    def _starts(self, among: Kind, names: Iterable[str], block: Run, within: Run) -> Iterator[Spans]:
        taken = (self.calendar.taken_up(among, name) for name in names)
        return (starts_in(without((within,), each), block) for each in taken)

    def visit(self, practitioner: Practitioner, start: int) -> Visit:
        """The visit that begins at a minute at which nothing is lacking."""
        course, location = self.course, self.location
        return Visit(
            tuple(
                Slot(
                    starts=moment_of(start + offset),
                    ends=moment_of(start + offset + service.minutes),
                    treatment=service.treatment,
                    practitioner=practitioner.id,
                    room=room,
                    level=practitioner.level,
                    zone=location.zone,
                    location=location.id,
                    devices=devices,
                    price=service.price,
                    currency=service.currency,
                )
                for service, offset, (room, devices) in zip(
                    course.services, course.offsets, self.chosen(start), strict=True
                )
            )
        )

    def chosen(self, start: int) -> list[tuple[str, tuple[str, ...]]]:
        """For each service of such a visit its room and its devices, whoever does it."""
        if start not in self._chosen:
            self._chosen[start] = self._choose(start)
        return self._chosen[start]

    def _choose(self, start: int) -> list[tuple[str, tuple[str, ...]]]:
        blocks = self.course.blocks(start)
        found: list[tuple[str, tuple[str, ...]]] = []
        for number, service in enumerate(self.course.services):
            room = self._room(number, blocks, found[-1][0] if found else "")
            found.append((room, tuple(self._devices(service, blocks[number]))))
        return found

    def _room(self, number: int, blocks: Sequence[Run], before: str) -> str:
        """The room of the service before where that will do, or else the first of those that can be kept longest."""
        rooms, ahead = self.rooms[number], blocks[number : number + self.alike[number]]
        if number and self.alike[number - 1] > 1 and self._kept(before, ahead):
            return before
        to_the_end = (room for room in rooms if self._kept(room, ahead) == len(ahead))
        return next(to_the_end, "") or max(rooms, key=lambda room: self._kept(room, ahead))

    def _kept(self, room: str, blocks: Sequence[Run]) -> int:
        """For how many of the blocks that follow each other a room is free."""
        taken = self.calendar.taken_up("room", room)
        return next((count for count, block in enumerate(blocks) if not untouched(taken, *block)), len(blocks))

    def _devices(self, service: Service, block: Run) -> Iterator[str]:
        """One device of each kind, the first that is free, and none twice."""
        chosen: set[str] = set()
        for kind in service.device_kinds:
            for name in self.devices[kind]:
                if name not in chosen and untouched(self.calendar.taken_up("device", name), *block):
                    chosen.add(name)
                    yield name
                    break


def _of_kind(resources: Iterable[Resource], location: str, kind: str) -> list[str]:
    return [each.id for each in resources if each.location == location and each.kind == kind]


def _too_few(needed: int, sets: Iterable[Spans], within: Spans) -> Spans:
    """The minutes of ``within`` that fewer of the sets hold than are needed; looks at no more sets than it takes."""
    few = [within] * needed  # where none, at most one, at most two ... of those looked at so far hold it
    for each in sets:
        for count in reversed(range(1, needed)):
            few[count] = without(few[count], without(each, few[count - 1]))
        few[0] = without(few[0], each)
        if not few[-1]:
            break
    return few[-1]
