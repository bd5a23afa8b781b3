"""A clinic's calendar as frozen values: who works where and when, with which rooms and devices, and what is booked.

Nothing here knows where the values come from: a file (``booking.clinic_file``) or a database. Whoever makes a
``Calendar`` has checked that its ids lead somewhere. Moments are aware, in UTC and on the whole minute; stretches are
half-open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from pellucid.booking.minutes import DAY, in_order, minute_of
from pellucid.model.levels import Level
from pellucid.model.spans import Run, Spans, normalise


class Stretch(NamedTuple):
    """Part of a day by the clock on the wall, in minutes after midnight: ``(540, 840)`` is 09:00 to 14:00."""

    opens: int
    closes: int
    """At most 1440, which is midnight at the end of the day."""


Week = tuple[tuple[Stretch, ...], ...]
"""Seven days from Monday on, each with its stretches."""

NO_HOURS: Week = ((),) * 7


class Off(NamedTuple):
    """No appointments from one moment to another: a holiday of a location, time off of a person."""

    starts: datetime
    ends: datetime
    name: str = ""


class Extra(NamedTuple):
    """Hours on one day that come on top of the weekly ones, also on a holiday; breaks don't cut into them."""

    on: date
    hours: tuple[Stretch, ...]
    practitioners: tuple[str, ...] = ()
    """Who works then; empty means everybody of the location."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A place with one clock."""

    id: str
    zone: str
    """IANA name, such as ``Europe/Madrid``."""
    name: str = ""
    closed: tuple[Off, ...] = ()
    extra: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Someone who performs treatments, at one location."""

    id: str
    location: str
    level: Level
    hours: Week
    breaks: Week = NO_HOURS
    """Stretches of the weekly hours without appointments."""
    time_off: tuple[Off, ...] = ()
    """Counts before anything else, extra hours too."""
    name: str = ""
    person: str = ""
    """Who it is, for somebody who has hours at several locations; empty where nobody does."""

    @property
    def who(self) -> str:
        """The person: what is booked at one location takes them up at all."""
        return self.person or self.id


@dataclass(frozen=True, slots=True)
class Resource:
    """A room or a device; one appointment at a time takes it up."""

    id: str
    location: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """How the clinic does one treatment. All lengths are in minutes."""

    treatment: str
    minutes: int
    level: Level
    """The lowest level that performs it here."""
    room_kind: str
    device_kinds: tuple[str, ...] = ()
    """One device of each kind is taken up."""
    buffer_before: int = 0
    """To get the room ready: people, room and devices are taken up, the client isn't there yet."""
    buffer_after: int = 0
    price: Decimal | None = None
    currency: str | None = None
    step: int = 15
    """Starts are offered at multiples of this after the clock's midnight; a divisor of 1440."""
    locations: tuple[str, ...] = ()
    """Where it is done; empty is everywhere."""

    def __post_init__(self) -> None:
        """Refuse lengths that no slot could have.

        Raises:
            ValueError: a length is not above zero, a buffer below it, or the step doesn't divide a day.
        """
        if self.minutes <= 0 or self.buffer_before < 0 or self.buffer_after < 0:
            raise ValueError(f"{self.treatment}: impossible length")
        if self.step <= 0 or DAY % self.step:
            raise ValueError(f"{self.treatment}: a step of {self.step} minutes doesn't divide a day")

    def is_done_at(self, location: str) -> bool:
        """Whether it is done at a location."""
        return not self.locations or location in self.locations

    def block(self, start: int) -> Run:
        """The minutes taken up by an appointment that starts at a minute: with its buffers."""
        return start - self.buffer_before, start + self.minutes + self.buffer_after


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment that stands, or anything else that takes up a person, a room and devices."""

    practitioner: str
    room: str
    starts: datetime
    ends: datetime
    devices: tuple[str, ...] = ()
    buffer_before: int = 0
    """Minutes."""
    buffer_after: int = 0
    client: str | None = None
    """A reference, never a name."""
    treatment: str | None = None

    def __post_init__(self) -> None:
        """Refuse a booking that ends before it starts.

        Raises:
            ValueError: it does.
        """
        if self.ends <= self.starts:
            raise ValueError("a booking ends before it starts")

    @property
    def block(self) -> Run:
        """The minutes taken up, with its buffers."""
        return minute_of(self.starts) - self.buffer_before, minute_of(self.ends) + self.buffer_after


Kind = Literal["practitioner", "room", "device"]
Claim = tuple[Kind, str]
"""What an appointment takes up, by kind and id."""


def claims(booking: Booking) -> Iterator[Claim]:
    """Everything that a booking takes up."""
    yield "practitioner", booking.practitioner
    yield "room", booking.room
    for device in booking.devices:
        yield "device", device


@dataclass(frozen=True)
class Calendar:
    """All of it. Order counts: of several free rooms or devices the first is taken."""

    locations: tuple[Location, ...] = ()
    practitioners: tuple[Practitioner, ...] = ()
    rooms: tuple[Resource, ...] = ()
    devices: tuple[Resource, ...] = ()
    services: tuple[Service, ...] = ()
    """One a treatment."""
    bookings: tuple[Booking, ...] = ()
    busy: Mapping[Claim, Spans] = field(default_factory=dict, hash=False)
    """What is taken up besides, in minutes with buffers, in any order; practitioners by ``Practitioner.who``."""

    @cached_property
    def location(self) -> Mapping[str, Location]:
        """Locations by id."""
        return {each.id: each for each in self.locations}

    @cached_property
    def practitioner(self) -> Mapping[str, Practitioner]:
        """Practitioners by id."""
        return {each.id: each for each in self.practitioners}

    @cached_property
    def room(self) -> Mapping[str, Resource]:
        """Rooms by id."""
        return {each.id: each for each in self.rooms}

    @cached_property
    def device(self) -> Mapping[str, Resource]:
        """Devices by id."""
        return {each.id: each for each in self.devices}

    @cached_property
    def service(self) -> Mapping[str, Service]:
        """Services by treatment."""
        return {each.treatment: each for each in self.services}

    def taken_up(self, kind: Kind, name: str) -> Spans:
        """When a person (by ``Practitioner.who``), a room or a device is taken up, in minutes; sorted and disjoint."""
        claim = kind, name
        if claim not in self._taken_up:
            runs = (*self.busy.get(claim, ()), *self._booked.get(claim, ()))
            self._taken_up[claim] = runs if in_order(runs) else normalise(runs)
        return self._taken_up[claim]

    @cached_property
    def _taken_up(self) -> dict[Claim, Spans]:
        return {}

    @cached_property
    def _booked(self) -> Mapping[Claim, list[Run]]:
        found: dict[Claim, list[Run]] = {}
        for booking in self.bookings:
            for kind, name in claims(booking):
                known = self.practitioner.get(name) if kind == "practitioner" else None
                found.setdefault((kind, known.who if known else name), []).append(booking.block)
        return found
