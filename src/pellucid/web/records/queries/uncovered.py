"""Booked visits at a time that their practitioner doesn't work, or with a room or device that is not in use."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from pellucid.booking.calendar import Calendar
from pellucid.booking.minutes import covered, minute_of
from pellucid.booking.working_time import working_time
from pellucid.model.spans import Run, Spans
from pellucid.web.records.models import Appointment
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.queries.calendar import calendar_for

ONE = timedelta(days=1)


def uncovered(*, now: datetime) -> list[Appointment]:
    """Visits to come that the roster no longer carries, sorted by their start; the same few queries for any number."""
    coming = list(
        Appointment.objects.filter(state__in=STANDING, starts__gte=now)
        .select_related("client", "location", "practitioner__user")
        .prefetch_related("parts")
    )
    if not coming:
        return []
    since, until = _day(coming[0].starts) - ONE, max(_day(each.ends) for each in coming) + ONE
    calendar = calendar_for(since=since, until=until, now=now)
    worked = _worked(calendar, since, until)
    return [each for each in coming if not _carried(each, calendar, worked)]


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _worked(calendar: Calendar, since: date, until: date) -> Mapping[tuple[str, str], Spans]:
    """Person and location to the minutes that they work there."""
    return {
        (each.who, each.location): working_time(calendar, each, since=since, until=until)
        for each in calendar.practitioners
    }


def _carried(appointment: Appointment, calendar: Calendar, worked: Mapping[tuple[str, str], Spans]) -> bool:
    spans = worked.get((str(appointment.practitioner_id), appointment.location.slug), ())
    return covered(spans, *block(appointment)) and all(_in_use(appointment, calendar))


def _in_use(appointment: Appointment, calendar: Calendar) -> Iterator[bool]:
    for part in appointment.parts.all():
        yield str(part.room_id) in calendar.room
        yield from (str(device) in calendar.device for device in part.devices)


def block(appointment: Appointment) -> Run:
    """The minutes that a visit takes up of its practitioner, with the buffers at both ends."""
    parts = list(appointment.parts.all())
    since, until = minute_of(appointment.starts), minute_of(appointment.ends)
    return (since - parts[0].buffer_before, until + parts[-1].buffer_after) if parts else (since, until)
