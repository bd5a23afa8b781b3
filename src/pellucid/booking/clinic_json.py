"""A calendar as plain data in the shape of a clinic's file, for other files that carry it along.

``booking.clinic_file.calendar_from_json`` makes an equal calendar of it. Moments are in UTC with their offset.
"""

from dataclasses import replace
from typing import Any

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
    Week,
)
from pellucid.booking.clinic_shape import DAYS


def calendar_to_json(calendar: Calendar) -> dict[str, Any]:
    """The calendar as text, whole numbers, lists and dicts; what is empty is left out."""
    return {
        "locations": [_location(each) for each in calendar.locations],
        "practitioners": [_practitioner(each) for each in calendar.practitioners],
        "rooms": [_resource(each) for each in calendar.rooms],
        "devices": [_resource(each) for each in calendar.devices],
        "services": [_service(each) for each in calendar.services],
        "bookings": [_booking(each) for each in calendar.bookings],
    }


def without_others(calendar: Calendar, client: str | None) -> Calendar:
    """The calendar with nothing of other clients but that the time is taken, and no names of time off."""
    return replace(
        calendar,
        practitioners=tuple(
            replace(each, time_off=tuple(off._replace(name="") for off in each.time_off))
            for each in calendar.practitioners
        ),
        bookings=tuple(
            each if client and each.client == client else replace(each, client=None, treatment=None)
            for each in calendar.bookings
        ),
    )


def _said(**values: Any) -> dict[str, Any]:
    """What is there to say; a zero is."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}


def _location(each: Location) -> dict[str, Any]:
    closed, extra = [_off(off) for off in each.closed], [_extra(extra) for extra in each.extra]
    return _said(id=each.id, zone=each.zone, name=each.name, closed=closed, extra=extra)


def _practitioner(each: Practitioner) -> dict[str, Any]:
    return {
        **_said(id=each.id, location=each.location, level=each.level.name, name=each.name),
        "hours": _week(each.hours),
        **_said(breaks=_week(each.breaks), time_off=[_off(off) for off in each.time_off]),
    }


def _resource(each: Resource) -> dict[str, Any]:
    return _said(id=each.id, location=each.location, kind=each.kind, name=each.name)


def _service(each: Service) -> dict[str, Any]:
    return _said(
        treatment=each.treatment,
        minutes=each.minutes,
        level=each.level.name,
        room_kind=each.room_kind,
        device_kinds=list(each.device_kinds),
        buffer_before=each.buffer_before,
        buffer_after=each.buffer_after,
        price=None if each.price is None else format(each.price, "f"),
        currency=each.currency,
        step=each.step,
    )


def _booking(each: Booking) -> dict[str, Any]:
    return _said(
        practitioner=each.practitioner,
        room=each.room,
        starts=each.starts.isoformat(),
        ends=each.ends.isoformat(),
        devices=list(each.devices),
        buffer_before=each.buffer_before,
        buffer_after=each.buffer_after,
        client=each.client,
        treatment=each.treatment,
    )


def _off(off: Off) -> dict[str, Any]:
    return {"from": off.starts.isoformat(), "to": off.ends.isoformat(), **_said(name=off.name)}


def _extra(extra: Extra) -> dict[str, Any]:
    hours = [_stretch(each) for each in extra.hours]
    return _said(on=extra.on.isoformat(), hours=hours, practitioners=list(extra.practitioners), name=extra.name)


def _week(week: Week) -> dict[str, list[str]]:
    return {day: [_stretch(each) for each in hours] for day, hours in zip(DAYS, week, strict=True) if hours}


def _stretch(stretch: Stretch) -> str:
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in stretch)
