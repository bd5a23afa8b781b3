"""Reads of visits, for their client and for staff; how many queries one takes doesn't depend on how many visits.

Each visit comes with its client, location, practitioner, parts and rooms. The board of a day is in ``board``.
"""

from datetime import date, datetime, timedelta
from hashlib import blake2b
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum

from pellucid.booking.minutes import minute_of, moment_of
from pellucid.booking.wall_clock import first_minute
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership
from pellucid.web.records.models import Appointment, BusySpan, Client, Schedule
from pellucid.web.records.models.appointment import STANDING, TAKES_TIME, State
from pellucid.web.records.queries.calendar import level_of
from pellucid.web.records.queries.desk import visits_of
from pellucid.web.sites.models import Location, Service

ONE = timedelta(days=1)


def of_client(client: Client) -> list[Appointment]:
    """All of a client's visits, the last first; without holds that nobody confirmed."""
    found = _with_all(Appointment.objects.filter(client=client).exclude(state=State.LAPSED))
    return list(found.order_by("-starts", "pk"))


def coming(client: Client, *, now: datetime | None = None) -> list[Appointment]:
    """What a client is booked for, the next first; with ``now``, without what was over by then."""
    found = Appointment.objects.filter(client=client, state__in=STANDING)
    return list(_with_all(found.filter(ends__gt=now) if now else found).order_by("starts", "pk"))


def own(client: Client, pk: UUID) -> Appointment | None:
    """One of a client's own visits, whatever became of it."""
    return _with_all(Appointment.objects.filter(client=client, pk=pk)).first()


def between(
    since: datetime, until: datetime, *, location: Location | None = None, member: Membership | None = None
) -> list[Appointment]:
    """Visits that take up time between two moments, in the order of time.

    Args:
        since: what is over by then is left out.
        until: what begins only then is left out.
        location: only there.
        member: only what this member of staff may see.
    """
    found = Appointment.objects.all() if member is None else visits_of(member)
    found = found.filter(state__in=TAKES_TIME, starts__lt=until, ends__gt=since)
    return list(_with_all(found.filter(location=location) if location else found).order_by("starts", "pk"))


def on_day(member: Membership, location: Location, day: date) -> list[Appointment]:
    """Visits at a location on one of its days that a member of staff may see, in the order of time."""
    return between(*_days(location, day, day), location=location, member=member)


def changes_token(location: Location, since: date, until: date) -> str:
    """A few characters that are others as soon as what is taken up at a location on these days has changed.

    Three queries that read no visit: cheap enough to be asked every few seconds. It hangs on visits there, on those of
    who works there, and on when they are busy elsewhere.

    Args:
        location: where.
        since: the first day by its clock.
        until: the last day; it is included.
    """
    starts, ends = _days(location, since, until)
    people = list(Schedule.objects.filter(location=location).values_list("membership", flat=True))
    visits = Appointment.objects.filter(
        Q(location=location) | Q(practitioner__in=people), starts__lt=ends, ends__gt=starts
    )
    busy = BusySpan.objects.filter(feed__membership__in=people, since__lt=minute_of(ends), until__gt=minute_of(starts))
    found = visits.order_by().aggregate(Count("pk"), Max("changed_at"), Sum("version"))
    told = (*sorted(found.items()), *sorted(busy.order_by().aggregate(Count("pk"), Max("pk")).items()))
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def misfits(member: Membership, *, now: datetime) -> list[Appointment]:
    """Visits to come that no longer fit, the next first; for all who see the calendar: why is the views' matter."""
    found = visits_of(member).filter(state__in=STANDING, ends__gt=now).exclude(misfit=[])
    return list(_with_all(found).order_by("starts", "pk"))


def to_sign(member: Membership, *, now: datetime) -> list[Appointment]:
    """Visits to come that wait for a signature which this member's level is enough for, the next first."""
    found = visits_of(member).filter(state=State.TENTATIVE, ends__gt=now)
    levels = {each.treatment: level_of(each) for each in Service.objects.all()}
    waiting = _with_all(found).order_by("starts", "pk")
    return [each for each in waiting if _needed(each, levels) <= (member.level or Level.L0)]


def _needed(appointment: Appointment, levels: dict[str, Level]) -> Level:
    return max((levels.get(part.treatment, Level.L1) for part in appointment.parts.all()), default=Level.L1)


def _days(location: Location, since: date, until: date) -> tuple[datetime, datetime]:
    """From the beginning of one of a location's days to the end of another."""
    zone = ZoneInfo(location.zone)
    return moment_of(first_minute(since, 0, zone)), moment_of(first_minute(until + ONE, 0, zone))


def _with_all(found: QuerySet[Appointment]) -> QuerySet[Appointment]:
    related = found.select_related("client", "location__clinic", "practitioner__user", "signed_by__user", "series")
    return related.prefetch_related("parts__room")
