"""A made-up clinic of one practitioner and one room, and a second one with a laser, for tests of what is open when."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pellucid.booking.availability import open_slots
from pellucid.booking.calendar import Booking, Calendar, Location, Off, Practitioner, Resource, Service, Stretch, Week
from pellucid.model.levels import Level
from pellucid.model.slot import Slot

MONDAY = date(2026, 11, 23)
MADRID = "Europe/Madrid"
FACIAL, LASER = "pore_cleanup_facial", "carbon_laser"


def stretches(*texts: str) -> tuple[Stretch, ...]:
    """``09:00-14:00`` as minutes of a day."""
    edges = [[int(edge[:2]) * 60 + int(edge[3:]) for edge in text.split("-")] for text in texts]
    return tuple(Stretch(opens, closes) for opens, closes in edges)


def daily(*texts: str) -> Week:
    """The same hours on all seven days."""
    return (stretches(*texts),) * 7


def at(text: str, zone: str = MADRID) -> datetime:
    """A local time as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def off(since: str, until: str) -> Off:
    return Off(at(since), at(until))


def booking(since: str, until: str, who: str = "ines", room: str = "room_1", **more: Any) -> Booking:
    return Booking(who, room, at(since), at(until), **more)


INES = Practitioner("ines", "harbour", Level.L1, daily("09:00-12:00"))
VEGA = Practitioner("dr_vega", "harbour", Level.L3, daily("09:00-12:00"))
A_FACIAL = Service(
    FACIAL, 60, Level.L1, "treatment", buffer_before=0, buffer_after=0, price=Decimal(55), currency="EUR", step=30
)
A_LASER = replace(A_FACIAL, treatment=LASER, level=Level.L3, room_kind="laser", device_kinds=("laser",))
HARBOUR = Location("harbour", MADRID)
ROOM_1 = Resource("room_1", "harbour", "treatment")
LASER_ROOM = Resource("laser_room", "harbour", "laser")
LASER_1 = Resource("laser_1", "harbour", "laser")
CLINIC = Calendar((HARBOUR,), (INES,), (ROOM_1,), (), (A_FACIAL,))
HOSPITAL = Calendar((HARBOUR,), (VEGA,), (LASER_ROOM,), (LASER_1,), (A_LASER,))
ALL_STARTS = ["09:00", "09:30", "10:00", "10:30", "11:00"]


def slots(calendar: Calendar, day: date = MONDAY, until: date | None = None, **more: Any) -> tuple[Slot, ...]:
    every = [service.treatment for service in calendar.services]
    return open_slots(calendar, **{"treatments": every, "since": day, "until": until or day, **more})


def starts(calendar: Calendar, day: date = MONDAY, **more: Any) -> list[str]:
    """When slots start by the clock on the wall."""
    return [f"{slot.local:%H:%M}" for slot in slots(calendar, day, **more)]


def with_ines(**changes: Any) -> Calendar:
    return replace(CLINIC, practitioners=(replace(INES, **changes),))


def with_service(**changes: Any) -> Calendar:
    return replace(CLINIC, services=(replace(A_FACIAL, **changes),))


def at_harbour(**changes: Any) -> Calendar:
    return replace(CLINIC, locations=(replace(HARBOUR, **changes),))


def booked(*bookings: Booking) -> Calendar:
    return replace(CLINIC, bookings=bookings)


FILE = """
[[locations]]
id = "harbour"
zone = "Europe/Madrid"
closed = [{ on = 2026-12-08, name = "holiday" }]
extra = [{ on = 2026-12-19, hours = ["10:00-14:00"], practitioners = ["ines"] }]

[[practitioners]]
id = "ines"
level = "l1"
hours = { mon = ["09:00-14:00", "15:00 – 24:00"] }
breaks = { mon = ["11:00-11:15"] }
time_off = [{ from = 2026-12-24, to = 2027-01-01 }]

[[rooms]]
id = "room_1"
kind = "treatment"

[[devices]]
id = "lamp_1"
kind = "lamp"

[[services]]
treatment = "led"
minutes = 30
buffer_before = 5
buffer_after = 10
room_kind = "treatment"
device_kinds = ["lamp"]
price = 30.10
currency = "EUR"

[[bookings]]
practitioner = "ines"
room = "room_1"
devices = ["lamp_1"]
treatment = "led"
client = "example-1"
starts = 2026-11-23T10:00:00
"""
"""A clinic's file with a little of everything."""


def content() -> dict[str, Any]:
    """What the file holds."""
    return tomllib.loads(FILE, parse_float=Decimal)
