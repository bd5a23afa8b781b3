"""What visits are booked from in tests: rooms, services, hours, and clients who have been screened. All made up.

``tests/web/conftest.py`` makes the fixtures known. North is open Monday to Saturday, 09:00 to 18:00 in Taipei; NOW is
noon there, on Friday 20 November 2026.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.web.staff_pages import NOW, TODAY, given_in

from pellucid.web.accounts.models import User
from pellucid.web.records.models import Consultation, Schedule
from pellucid.web.sites.models import CONSULTATION, Device, Location, Room, Service

WORKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat")
OPEN = {day: ["09:00-18:00"] for day in WORKDAYS}
ZONE = ZoneInfo("Asia/Taipei")

FACIAL = "pore_cleanup_facial"
"""Asks for L1."""
MASK = "soothing_mask"
"""Short, and L0."""
PEEL = "salicylic_peel"
"""Asks for L3: only Doris does it, and it waits for a signature."""

MONDAY = TODAY + timedelta(days=3)
"""The first full day after NOW on which North is open, but for Saturday."""

__all__ = ["CONSULTATION", "FACIAL", "MASK", "MONDAY", "NOW", "OPEN", "PEEL", "TODAY", "ZONE", "moment"]


def moment(on: date, at: str) -> datetime:
    """A time by North's clock, such as ``"09:30"``, in UTC."""
    return datetime.combine(on, time.fromisoformat(at), tzinfo=ZONE).astimezone(UTC)


def make_resources(
    location: Location, *, rooms: int = 2, kind: str = "treatment", devices: Sequence[str] = ()
) -> list[Room]:
    """Rooms of one kind, and a device of each of some kinds; the rooms."""
    for position, each in enumerate(devices):
        Device.objects.create(location=location, name=f"Device {position + 1}", kind=each, position=position)
    return [
        Room.objects.create(location=location, name=f"Room {number}", kind=kind, position=number)
        for number in range(1, rooms + 1)
    ]


def make_service(treatment: str, *locations: Location, minutes: int = 60, **fields: Any) -> Service:
    """A service at some locations."""
    service = Service.objects.create(treatment=treatment, minutes=minutes, **fields)
    service.locations.set(locations)
    return service


def make_hours(user: User, location: Location, hours: Mapping[str, Sequence[str]] = OPEN) -> Schedule:
    """The weekly hours of one of the staff."""
    return Schedule.objects.create(
        membership=user.membership, location=location, hours={day: list(spans) for day, spans in hours.items()}
    )


@pytest.fixture
def rooms(north: Location) -> list[Room]:
    """Two treatment rooms at North."""
    return make_resources(north)


@pytest.fixture
def booking_services(north: Location) -> dict[str, Service]:
    """A consultation, and treatments for L0, L1 and L3; a room is got ready in ten minutes after each but the talk."""
    return {
        CONSULTATION: make_service(CONSULTATION, north, minutes=30),
        MASK: make_service(MASK, north, minutes=30, price="30.00", buffer_after=10),
        FACIAL: make_service(FACIAL, north, minutes=60, price="65.00", buffer_after=10),
        PEEL: make_service(PEEL, north, minutes=40, price="95.00", buffer_before=5, buffer_after=10),
    }


@pytest.fixture
def hours(petra: User, doris: User, north: Location) -> list[Schedule]:
    """Petra and Doris work at North."""
    return [make_hours(petra, north), make_hours(doris, north)]


@pytest.fixture
def bookable(rooms: list[Room], booking_services: dict[str, Service], hours: list[Schedule]) -> None:
    """All that has to be there before anything can be booked at North."""


def screened(user: User, name: str = "nothing_wrong", *, now: datetime = NOW, **changed: Any) -> Consultation:
    """A consultation with an example's answers, handed in by the real action; ``changed`` replaces sections."""
    return given_in(user, name, now=now, changed=changed)
