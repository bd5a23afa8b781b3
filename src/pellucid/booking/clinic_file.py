"""A clinic's calendar from a file: reading CLINIC.toml and checking what its tables mean together.

The shape of each table is in ``booking.clinic_shape``, the way back in ``booking.clinic_json``. How to write such a
file is told in docs/guide/clinic_calendar.md.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pellucid.booking.calendar import (
    Booking,
    Calendar,
    Extra,
    Location,
    Off,
    Practitioner,
    Resource,
    Service,
    Week,
    claims,
)
from pellucid.booking.clinic_shape import (
    DAYS,
    BookingShape,
    ExtraShape,
    LocationShape,
    OffShape,
    PractitionerShape,
    Reading,
    ResourceShape,
    ServiceShape,
    Table,
    WeekShape,
)
from pellucid.booking.minutes import DAY, MINUTE, moment_of
from pellucid.booking.wall_clock import both_minutes, first_minute, leap
from pellucid.knowledge.base import Knowledge, unknown
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.knowledge.text_file import read_text
from pellucid.model.errors import InputError, Problem
from pellucid.model.levels import Level

LARGEST_FILE = 5_000_000
"""Bytes; a year of bookings of a clinic with ten rooms is about 3,000,000."""

STAND_IN = ZoneInfo("UTC")
"""A clock by which the order of two times is looked at where the location's own is not known."""

POINTS_TO = {
    "practitioners": {"location": "locations"},
    "rooms": {"location": "locations"},
    "devices": {"location": "locations"},
    "services": {"treatment": "treatments"},
    "bookings": {"practitioner": "practitioners", "room": "rooms", "treatment": "treatments"},
}
"""Table to its fields that name something of another table, or a treatment."""

ZONE_NAME = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)+")
"""Leaves out names such as ``localtime``, which mean something else on each machine."""


def read_calendar(path: Path, *, knowledge: Knowledge) -> Calendar:
    """Read a clinic's file.

    Raises:
        InputError: it is missing, too large or not TOML, or what it says can't be so; all faults at once (see
            ``calendar_from_json``), each with the file and the path in it.
    """
    text = read_text(path, largest=LARGEST_FILE, too_large="leave out past bookings", kind="TOML")
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(str(path), f"is not TOML: {error}")]) from error
    except (RecursionError, ValueError) as error:
        raise InputError([Problem(str(path), "is nested too deeply, or holds a number too long to read")]) from error
    return calendar_from_json(content, knowledge=knowledge, where=str(path))


def calendar_from_json(content: Any, *, knowledge: Knowledge, where: str = "") -> Calendar:
    """The calendar that plain data in the shape of the file describes.

    ``where`` stands before the path of each fault, such as the file it is from.

    Raises:
        InputError: unknown keys or ids, impossible times or prices, bookings that overlap; all faults at once, but
            for those that only show once another one is mended: what the clock of an unknown time zone does, or
            whether a booking with a fault overlaps another.
    """
    if not isinstance(content, Mapping):
        raise InputError([Problem(where, "must hold named tables, such as locations")])
    maker = Maker(Reading(content), knowledge)
    calendar = maker.calendar()
    if maker.problems:
        prefix = f"{where}: " if where else ""
        raise InputError(Problem(prefix + each.where, each.message) for each in maker.problems)
    return calendar


class Maker:
    """Makes values of the tables of one file. What can't be made is left out and has its fault in ``problems``."""

    def __init__(self, reading: Reading, knowledge: Knowledge) -> None:
        """Read the shape of every table."""
        self.tables = reading.tables()
        self.problems = reading.problems
        self.half_read = reading.half_read
        self.treatments = knowledge.of(Treatment)
        self.zones: dict[str, ZoneInfo] = {}
        self.home: dict[tuple[str, str], str] = {}
        """Where each practitioner, room and device is, by table and id."""

    def fault(self, where: str, message: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(where, message))

    def calendar(self) -> Calendar:
        """All of it; whole only where no fault was found."""
        for where, location in self.tables.locations.entries:
            self._zone(where, location)
        for name in ("practitioners", "rooms", "devices"):
            for where, shape in getattr(self.tables, name).entries:
                self._settle(name, where, shape)
        for where, name, values in self.half_read:
            self._look_at(where, name, values)
        services = tuple(self._service(where, shape) for where, shape in self.tables.services.entries)
        return Calendar(
            locations=tuple(self._location(where, shape) for where, shape in self.tables.locations.entries),
            practitioners=tuple(self._practitioner(where, each) for where, each in self.tables.practitioners.entries),
            rooms=tuple(self._resource("rooms", each) for _, each in self.tables.rooms.entries),
            devices=tuple(self._resource("devices", each) for _, each in self.tables.devices.entries),
            services=services,
            bookings=self._bookings({each.treatment: each for each in services}),
        )

    def _look_at(self, where: str, table: str, values: Mapping[str, Any]) -> None:
        """What an entry with a fault in its shape names, so that these faults come at once too."""
        faulty = {problem.where for problem in self.problems}
        for field, other in POINTS_TO.get(table, {}).items():
            value, path = values.get(field), f"{where}.{field}"
            if isinstance(value, str) and path not in faulty:
                if other == "treatments":
                    self._known(path, "treatment", value, self.treatments)
                else:
                    self._named(path, other, value)

    # --- places and people ----------------------------------------------------------------------------------

    def _zone(self, where: str, shape: LocationShape) -> None:
        zone = _zone_named(shape.zone)
        if zone:
            self.zones[shape.id] = zone
        else:
            self.fault(f"{where}.zone", unknown("time zone", shape.zone, sorted(available_timezones())))

    def _settle(self, table: str, where: str, shape: PractitionerShape | ResourceShape) -> None:
        """Find out where somebody or something is; with one location it need not be said."""
        every = self.tables.locations.ids
        if shape.location is None and len(every) == 1:
            self.home[table, shape.id] = every[0]
        elif shape.location is None:
            if every:  # where there is none, that has a fault of its own
                self.fault(f"{where}.location", "is missing; say which of the locations")
        elif self._named(f"{where}.location", "locations", shape.location):
            self.home[table, shape.id] = shape.location

    def _known(self, where: str, kind: str, name: str, every: Collection[str]) -> bool:
        if name not in every:
            self.fault(where, unknown(kind, name, every))
        return name in every

    def _named(self, where: str, table: str, name: str) -> bool:
        """Whether a table has an entry of this name; not having it is a fault where all of its ids could be read."""
        found: Table[Any] = getattr(self.tables, table)
        return self._known(where, table.removesuffix("s"), name, found.ids) if found.named else name in found.ids

    def _location(self, where: str, shape: LocationShape) -> Location:
        closed = self._offs(f"{where}.closed", shape.closed, self.zones.get(shape.id))
        extra = tuple(
            self._extra(f"{where}.extra[{number}]", each, shape.id) for number, each in enumerate(shape.extra)
        )
        return Location(shape.id, shape.zone, shape.name, closed, extra)

    def _extra(self, where: str, shape: ExtraShape, location: str) -> Extra:
        for number, name in enumerate(shape.practitioners):
            path = f"{where}.practitioners[{number}]"
            known = self._named(path, "practitioners", name)
            if known and self.home.get(("practitioners", name), location) != location:
                self.fault(path, f"{name!r} works at another location")
        return Extra(shape.on, shape.hours, shape.practitioners, shape.name)

    def _practitioner(self, where: str, shape: PractitionerShape) -> Practitioner:
        home = self.home.get(("practitioners", shape.id), "")
        off = self._offs(f"{where}.time_off", shape.time_off, self.zones.get(home))
        return Practitioner(shape.id, home, shape.level, _week(shape.hours), _week(shape.breaks), off, shape.name)

    def _resource(self, table: str, shape: ResourceShape) -> Resource:
        return Resource(shape.id, self.home.get((table, shape.id), ""), shape.kind, shape.name)

    # --- times ----------------------------------------------------------------------------------------------

    def _offs(self, where: str, shapes: Iterable[OffShape], zone: ZoneInfo | None) -> tuple[Off, ...]:
        found = (
            self._off(f"{where}[{number}]", each, zone or STAND_IN)
            for number, each in enumerate(shapes)
            if zone or not _by_another_clock(each.since, each.until)  # which clock is meant has a fault of its own
        )
        return tuple(each for each in found if each)

    def _off(self, where: str, shape: OffShape, zone: ZoneInfo) -> Off | None:
        first, last = shape.since or shape.on, shape.until or shape.on
        starts = self._edge(f"{where}.from", first, zone, closes=False) if first else None
        ends = self._edge(f"{where}.to", last, zone, closes=True) if last else None
        if starts is None or ends is None:
            return None
        if starts >= ends:
            self.fault(where, "must end after it starts")
        return Off(starts, ends, shape.name)

    def _edge(self, where: str, when: date, zone: ZoneInfo, *, closes: bool) -> datetime | None:
        """The moment of a time, or of the first or last midnight of a day."""
        if isinstance(when, datetime):
            return self._moment(where, when, zone)
        return moment_of(first_minute(when, DAY if closes else 0, zone))

    def _moment(self, where: str, local: datetime, zone: ZoneInfo, fold: int = 0) -> datetime | None:
        if local.tzinfo:
            return local.astimezone(UTC)
        skipped = leap(local, zone)
        if skipped:
            before, after = skipped
            self.fault(
                where,
                f"{local:%Y-%m-%d %H:%M} doesn't exist in {zone.key}: the clock leaps from {before:%H:%M} to"
                f" {after:%H:%M}; write a time before or after that",
            )
            return None
        return moment_of(both_minutes(local, zone)[fold])

    # --- services and bookings ------------------------------------------------------------------------------

    def _service(self, where: str, shape: ServiceShape) -> Service:
        treatment = self.treatments.get(shape.treatment)
        if treatment is None or treatment.setting == "home":
            self.fault(f"{where}.treatment", self._no_service(shape.treatment))
        self._check_kind(f"{where}.room_kind", "room", shape.room_kind)
        for number, kind in enumerate(shape.device_kinds):
            self._check_kind(f"{where}.device_kinds[{number}]", "device", kind)
        lowest = Level[treatment.level.level] if treatment else Level.L0
        return Service(
            treatment=shape.treatment,
            minutes=shape.minutes,
            level=lowest if shape.level is None else shape.level,
            room_kind=shape.room_kind,
            device_kinds=shape.device_kinds,
            buffer_before=shape.buffer_before,
            buffer_after=shape.buffer_after,
            price=shape.price,
            currency=shape.currency,
            step=shape.step,
        )

    def _no_service(self, name: str) -> str:
        if name in self.treatments:
            return f"{name!r} is done at home"
        return unknown("treatment", name, self.treatments)

    def _check_kind(self, where: str, what: str, kind: str) -> None:
        table: Table[ResourceShape] = getattr(self.tables, f"{what}s")
        if table.whole:
            self._known(where, f"kind of {what}", kind, [each.kind for _, each in table.entries])

    def _bookings(self, services: Mapping[str, Service]) -> tuple[Booking, ...]:
        made = [
            (where, self._booking(where, shape, services.get(shape.treatment or "")))
            for where, shape in self.tables.bookings.entries
        ]
        placed = [(where, booking) for where, booking in made if booking]
        self._find_overlaps(placed)
        return tuple(booking for _, booking in placed)

    def _booking(self, where: str, shape: BookingShape, service: Service | None) -> Booking | None:
        self._check_ids(where, shape)
        zone = self.zones.get(self.home.get(("practitioners", shape.practitioner), ""))
        if zone is None and (shape.fold is not None or _by_another_clock(shape.starts, shape.ends)):
            return None  # an unknown practitioner or zone has a fault of its own
        starts, ends = self._times(where, shape, zone or STAND_IN, service)
        if starts is None or ends is None:
            return None
        if not starts < ends <= starts + DAY * MINUTE:
            self.fault(f"{where}.ends", "must lie after the start" if ends <= starts else "is more than a day later")
            return None
        if zone is None:
            return None
        return Booking(
            practitioner=shape.practitioner,
            room=shape.room,
            starts=starts,
            ends=ends,
            devices=shape.devices,
            buffer_before=_given(shape.buffer_before, service.buffer_before if service else 0),
            buffer_after=_given(shape.buffer_after, service.buffer_after if service else 0),
            client=shape.client,
            treatment=shape.treatment,
        )

    def _check_ids(self, where: str, shape: BookingShape) -> None:
        self._named(f"{where}.practitioner", "practitioners", shape.practitioner)
        if shape.treatment:
            self._known(f"{where}.treatment", "treatment", shape.treatment, self.treatments)
        elif shape.client:
            self.fault(f"{where}.treatment", "is missing; the booking of a client names it")
        self._check_place(f"{where}.room", "rooms", shape.room, shape.practitioner)
        for number, name in enumerate(shape.devices):
            path = f"{where}.devices[{number}]"
            self._check_place(path, "devices", name, shape.practitioner)
            if name in shape.devices[:number]:
                self.fault(path, f"{name!r} stands here twice")

    def _check_place(self, where: str, table: str, name: str, practitioner: str) -> None:
        known = self._named(where, table, name)
        here, there = self.home.get(("practitioners", practitioner)), self.home.get((table, name))
        if known and here and there and here != there:
            self.fault(where, f"{name!r} is at {there!r}, and {practitioner!r} works at {here!r}")

    def _times(
        self, where: str, shape: BookingShape, zone: ZoneInfo, service: Service | None
    ) -> tuple[datetime | None, datetime | None]:
        given = [each for each in (shape.starts, shape.ends) if each and not each.tzinfo]
        if shape.fold and not any(first < second for first, second in (both_minutes(each, zone) for each in given)):
            self.fault(f"{where}.fold", "is for a time that comes twice, when the clock is set back; this one doesn't")
        starts = self._moment(f"{where}.starts", shape.starts, zone, shape.fold or 0)
        if shape.ends:
            return starts, self._moment(f"{where}.ends", shape.ends, zone, shape.fold or 0)
        services = self.tables.services
        told = services.named and all(name in self.treatments for name in services.ids)
        if service is None and (not shape.treatment or (told and shape.treatment not in services.ids)):
            self.fault(f"{where}.ends", "is missing; only a treatment of the services has a length of its own")
        return starts, starts + service.minutes * MINUTE if starts and service else None

    def _find_overlaps(self, placed: Iterable[tuple[str, Booking]]) -> None:
        """Look at the bookings of each person, room and device in the order of their starts."""
        last: dict[tuple[str, str], tuple[int, str]] = {}
        for where, booking in sorted(placed, key=lambda each: each[1].block):
            start, end = booking.block
            for claim in dict.fromkeys(claims(booking)):
                taken_to, other = last.get(claim, (start, ""))
                if start < taken_to:
                    kind, name = claim
                    self.fault(where, f"overlaps {other}: both take up the {kind} {name!r}, buffers included")
                last[claim] = max((end, where), (taken_to, other))


def _zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if ZONE_NAME.fullmatch(name) else None
    except (KeyError, ValueError, OSError):  # the last one for a folder of zones, such as America/Argentina
        return None


def _by_another_clock(*times: date | None) -> bool:
    """Whether one of these says by how much it differs from universal time, and so can't be set beside the others."""
    return any(isinstance(each, datetime) and each.tzinfo for each in times)


def _given(value: int | None, default: int) -> int:
    return default if value is None else value


def _week(shape: WeekShape) -> Week:
    return tuple(getattr(shape, day) for day in DAYS)
