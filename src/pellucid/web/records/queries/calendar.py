"""The clinic's calendar out of the tables, as the core takes it, and the visits that it has room for.

However many days, people and visits there are, it is the same few queries: each table is read once, for the whole
stretch of days. What is taken up goes as plain minutes straight into ``Calendar.busy``.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from pellucid.booking.availability import open_visits
from pellucid.booking.calendar import Calendar, Claim, Kind, Resource, Service
from pellucid.booking.minutes import minute_of
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level
from pellucid.model.slot import Slot, Visit
from pellucid.model.spans import Run
from pellucid.web.accounts.models import Membership
from pellucid.web.records.models import Appointment, BusySpan, Reservation
from pellucid.web.records.models.appointment import State
from pellucid.web.records.queries.roster import Roster, member_of, practitioner_id
from pellucid.web.sites.models import CONSULTATION, Device, Location, Room
from pellucid.web.sites.models import Service as Sold
from pellucid.web.sites.queries import clinic

MARGIN = timedelta(days=3)
"""So far around the days that are asked for a visit of theirs can reach, buffers and the clocks' offsets included."""


def calendar_for(
    *, since: date, until: date, location: Location | None = None, now: datetime, but: Appointment | None = None
) -> Calendar:
    """The clinic's calendar for some days: thirteen queries at most, and one or two more where there are extra hours.

    Ids are: of a location its slug, of a room or device its number, of a practitioner as ``member_of`` reads it.
    Whoever and whatever is not active is left out.

    Args:
        since: the first day, by the locations' clocks.
        until: the last day; it is included.
        location: only what is there; None is everywhere.
        now: holds that have run out by then don't count any more.
        but: a visit that doesn't count either, because it is to be moved.
    """
    first, last = (datetime.combine(day, time(), UTC) for day in (since - MARGIN, until + MARGIN))
    places = [location] if location else list(Location.objects.filter(active=True))
    roster = Roster.read(places, first, last)
    return Calendar(
        locations=roster.locations(),
        practitioners=roster.practitioners(),
        rooms=_resources(Room, roster.places),
        devices=_resources(Device, roster.places),
        services=tuple(_services(roster.places)),
        busy=_taken((minute_of(first), minute_of(last)), now=now, but=but),
    )


def visits_for(
    *,
    treatments: Sequence[str],
    since: date,
    until: date,
    location: Location | None = None,
    practitioner: Membership | None = None,
    now: datetime,
    notice: timedelta = timedelta(),
    but: Appointment | None = None,
) -> tuple[Visit, ...]:
    """Every visit that the clinic has room for, whoever it is for, in the order of time.

    Args:
        treatments: what is done in it, one after the other; ``CONSULTATION`` is one of them.
        since: the first day, by the location's clock.
        until: the last day; it is included.
        location: where; None is anywhere.
        practitioner: who; None is anybody.
        now: when this is asked.
        notice: nothing that starts sooner than so long after is listed.
        but: a visit whose own time is free again, because it is to be moved.
    """
    calendar = calendar_for(since=since, until=until, location=location, now=now, but=but)
    if practitioner is not None:
        own = tuple(each for each in calendar.practitioners if member_of(each.id) == practitioner.pk)
        calendar = replace(calendar, practitioners=own)
    return open_visits(calendar, treatments=treatments, since=since, until=until, now=now + notice)


def visit_of(appointment: Appointment) -> Visit:
    """A visit of the tables as one of the calendar, its practitioner with the level that they have now; one query."""
    place, practitioner = appointment.location, appointment.practitioner
    name = practitioner_id(practitioner, place)
    return Visit(
        tuple(
            Slot(
                starts=part.starts,
                ends=part.ends,
                treatment=part.treatment,
                practitioner=name,
                room=str(part.room_id),
                level=Level(practitioner.level or Level.L0),
                zone=place.zone,
                location=place.slug,
                devices=tuple(str(device) for device in part.devices),
                price=part.price,
                currency=part.currency or None,
            )
            for part in appointment.parts.all()
        )
    )


def level_of(service: Sold) -> Level:
    """The lowest level that does a service here: the knowledge's, or where the clinic asks for more, the clinic's.

    For what the knowledge doesn't know it is the clinic's, or L1.
    """
    record = load().of(Treatment).get(service.treatment)
    if service.level is None:
        return Level[record.level.level] if record else Level.L1
    return max(Level(service.level), Level[record.level.level]) if record else Level(service.level)


def _services(places: Mapping[int, Location]) -> Iterator[Service]:
    """What is sold at some of the places; what the knowledge no longer has can't be screened, and isn't booked."""
    known = {CONSULTATION, *load().of(Treatment)}
    currency = clinic().currency
    for each in Sold.objects.filter(active=True, treatment__in=known).prefetch_related("locations"):
        done_at = tuple(place.slug for place in each.locations.all() if place.pk in places)
        if done_at:
            yield Service(
                treatment=each.treatment,
                minutes=each.minutes,
                level=level_of(each),
                room_kind=each.room_kind,
                device_kinds=tuple(each.device_kinds),
                buffer_before=each.buffer_before,
                buffer_after=each.buffer_after,
                price=each.price,
                currency=currency if each.price is not None else None,
                step=each.step,
                locations=done_at,
            )


def _resources(model: type[Room | Device], places: Collection[int]) -> tuple[Resource, ...]:
    rows = model.objects.filter(active=True, location__in=places).values_list("pk", "location__slug", "kind", "name")
    return tuple(Resource(str(number), slug, kind, name) for number, slug, kind, name in rows)


def _taken(stretch: Run, *, now: datetime, but: Appointment | None) -> dict[Claim, tuple[Run, ...]]:
    """What is taken up, of people also by what they do elsewhere; three queries."""
    since, until = stretch
    run_out = Appointment.objects.filter(state=State.HELD, held_until__lte=now).values_list("pk", flat=True)
    rows = Reservation.objects.filter(until__gt=since, since__lt=until)
    rows = rows.exclude(appointment__in=[*run_out, *([but.pk] if but else [])])
    found: dict[str, list[Run]] = {}
    for resource, start, end in rows.values_list("resource", "since", "until").order_by():
        found.setdefault(resource, []).append((start, end))
    busy = BusySpan.objects.filter(until__gt=since, since__lt=until).order_by()
    for member, start, end in busy.values_list("feed__membership_id", "since", "until"):
        found.setdefault(f"practitioner.{member}", []).append((start, end))
    return {claim: tuple(runs) for claim, runs in _claims(found)}


def _claims(found: Mapping[str, list[Run]]) -> Iterator[tuple[Claim, list[Run]]]:
    """By kind and id; what clients do is not the clinic's."""
    for resource, runs in found.items():
        kind, _dot, name = resource.partition(".")
        if kind != "client":
            yield (cast("Kind", kind), name), runs
