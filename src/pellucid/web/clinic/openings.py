"""Where a visit fits into the clinic's calendar: at one time that somebody points at, or at all times of some days.

Staff aren't held to the steps and the notice that clients book by: any five minutes will do. Whether it fits the client
is asked beside it. Nothing is written here; ``records.actions`` looks once more when it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pellucid.booking.availability import offers_visit, open_starts, visits_at
from pellucid.booking.minutes import minute_of, moment_of
from pellucid.booking.openings import Course
from pellucid.booking.wall_clock import first_minute
from pellucid.model.slot import Slot, Visit
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.records.queries.fitting import Fit, Fitting

if TYPE_CHECKING:
    from pellucid.booking.availability import Refusal
    from pellucid.booking.calendar import Calendar, Practitioner, Service
    from pellucid.model.levels import Level
    from pellucid.web.records.models import Appointment, Client
    from pellucid.web.sites.models import Location

FINE = 5
"""Minutes: every so many a visit can be put into the calendar by staff."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be put into the calendar."""

    client: "Client"
    treatments: tuple[str, ...]
    """In the order in which they are done."""
    location: "Location"
    moving: "Appointment | None" = None
    """The visit that is moved, where it is one."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where somebody points: a time, and the column of the calendar that it is in."""

    starts: datetime
    member: int
    """The membership of who would do it."""
    key: str = ""
    """A room or device that must be taken: ``room.3``; empty for any."""


@dataclass(frozen=True, slots=True)
class Start:
    """A time that is free, with everybody who could do it then."""

    visits: tuple[Visit, ...]
    tentative: bool

    @property
    def starts(self) -> datetime:
        """When."""
        return self.visits[0].starts

    @property
    def local(self) -> datetime:
        """When by the location's clock."""
        return self.visits[0].local


@dataclass(frozen=True, slots=True)
class Day:
    """One day by the location's clock."""

    on: date
    starts: tuple[Start, ...]
    against: Fit | None = None
    """Where something is free and none of it fits the client: why not."""


def wall_moment(on: date, at: time, zone: str) -> datetime:
    """The moment at which a place's clock first shows a time of a day; of one that it leaps over, the leap."""
    return moment_of(first_minute(on, at.hour * 60 + at.minute, ZoneInfo(zone)))


class Search:
    """What is free for one visit on some days, worked out once for all who look at it."""

    def __init__(self, wanted: Wanted, since: date, until: date, *, now: datetime) -> None:
        """Read the calendar of these days, both included."""
        self.wanted, self.since, self.until = wanted, since, until
        self._now = now
        self._calendar: Calendar = calendar_for(
            since=since, until=until, location=wanted.location, now=now, but=wanted.moving
        )
        self._fits: dict[tuple[date, Level], Fit] = {}

    @cached_property
    def _fitting(self) -> Fitting:
        return Fitting(self.wanted.client, now=self._now, but=self.wanted.moving)

    def fit(self, visit: Visit) -> Fit:
        """Whether it fits the client; asked once for each day and level."""
        key = visit.day, visit.level
        if key not in self._fits:
            self._fits[key] = self._fitting.of(self.wanted.treatments, on=visit.day, performer=visit.level)
        return self._fits[key]

    def name_of(self, visit: Visit) -> str:
        """Who would do it."""
        return self._calendar.practitioner[visit.practitioner].name

    def days(self, member: int | None) -> list[Day]:
        """Every day with the times that are free and fit, at the steps that clients book by; None is anybody."""
        found = open_starts(
            self._calendar, treatments=self.wanted.treatments, since=self.since, until=self.until, now=self._now
        )
        own = {name: starts for name, starts in found.items() if member is None or name in self._ids(member)}
        visits = visits_at(self._calendar, treatments=self.wanted.treatments, starts=own)
        by_day = {on: tuple(alike) for on, alike in groupby(visits, lambda visit: visit.day)}
        count = (self.until - self.since).days + 1
        days = (self.since + timedelta(days=number) for number in range(count))
        return [self._day(on, by_day.get(on, ())) for on in days]

    def _day(self, on: date, visits: Sequence[Visit]) -> Day:
        fitting = [each for each in visits if self.fit(each).bookable]
        starts = [self._start(tuple(alike)) for _at, alike in groupby(fitting, lambda visit: visit.starts)]
        against = next((self.fit(each) for each in visits if not fitting), None)
        return Day(on, tuple(starts), against)

    def _start(self, visits: Iterable[Visit]) -> Start:
        """The client's own practitioner first, then whoever can do it without a signature."""
        own = self._ids(self.wanted.client.practitioner_id or 0)
        ordered = sorted(visits, key=lambda visit: (visit.practitioner not in own, self.fit(visit).tentative))
        return Start(tuple(ordered), self.fit(ordered[0]).tentative)

    def at(self, target: Target) -> Visit | None:
        """The visit that would stand where somebody points; None where there is no room for it."""
        for practitioner in self._people(target.member):
            calendar = self._finely(self._with_first(target.key))
            minute = minute_of(target.starts)
            starts = open_starts(
                calendar,
                treatments=self.wanted.treatments,
                since=self.since,
                until=self.until,
                practitioner=practitioner.id,
            )
            if minute in starts.get(practitioner.id, ()):
                there = {practitioner.id: (minute,)}
                (visit,) = visits_at(calendar, treatments=self.wanted.treatments, starts=there)
                return visit if _takes(visit, target.key) else None
        return None

    def against(self, target: Target) -> "Refusal":
        """What stands against it where there is no room."""
        people = self._people(target.member)
        services = [self._calendar.service.get(each) for each in self.wanted.treatments]
        known = [each for each in services if each is not None]
        if not people:
            return "unknown_practitioner"
        if len(known) < len(services):
            return "no_such_service"
        tried = self._tried(people[0], known, target)
        return offers_visit(self._calendar, tried) or (
            "busy_device" if target.key.startswith("device") else "busy_room"
        )

    def _tried(self, practitioner: "Practitioner", services: "Sequence[Service]", target: Target) -> Visit:
        """A visit as it would be there, in its rooms of now where it has some, else in the first that suit."""
        location = self._calendar.location[practitioner.location]
        course = Course.of(services)
        parts = []
        for service, offset in zip(course.services, course.offsets, strict=True):
            starts = target.starts + timedelta(minutes=offset)
            parts.append(
                Slot(
                    starts=starts,
                    ends=starts + timedelta(minutes=service.minutes),
                    treatment=service.treatment,
                    practitioner=practitioner.id,
                    room=self._room(service, target),
                    level=practitioner.level,
                    zone=location.zone,
                    location=location.id,
                    devices=tuple(self._devices(service, target)),
                    price=service.price,
                    currency=service.currency,
                )
            )
        return Visit(tuple(parts))

    def _room(self, service: "Service", target: Target) -> str:
        kind, _dot, number = target.key.partition(".")
        if kind == "room":
            return number
        return next((each.id for each in self._calendar.rooms if each.kind == service.room_kind), "")

    def _devices(self, service: "Service", target: Target) -> list[str]:
        asked, _dot, number = target.key.partition(".")
        ordered = sorted(self._calendar.devices, key=lambda each: (asked, each.id) != ("device", number))
        found = (next((each.id for each in ordered if each.kind == kind), "") for kind in service.device_kinds)
        return [each for each in found if each]

    def _people(self, member: int) -> "list[Practitioner]":
        here = self.wanted.location.slug
        return [each for each in self._calendar.practitioners if each.who == str(member) and each.location == here]

    def _ids(self, member: int) -> set[str]:
        return {each.id for each in self._people(member)}

    def _finely(self, calendar: "Calendar") -> "Calendar":
        return replace(calendar, services=tuple(replace(each, step=FINE) for each in calendar.services))

    def _with_first(self, key: str) -> "Calendar":
        """The calendar with one room or device before all others: of several that are free it is taken."""
        kind, _dot, number = key.partition(".")
        if kind == "room":
            rooms = sorted(self._calendar.rooms, key=lambda each: each.id != number)
            return replace(self._calendar, rooms=tuple(rooms))
        if kind == "device":
            devices = sorted(self._calendar.devices, key=lambda each: each.id != number)
            return replace(self._calendar, devices=tuple(devices))
        return self._calendar


def _takes(visit: Visit, key: str) -> bool:
    kind, _dot, number = key.partition(".")
    if kind == "room":
        return any(part.room == number for part in visit.parts)
    return kind != "device" or any(number in part.devices for part in visit.parts)
