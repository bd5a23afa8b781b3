"""Who works when, as the pages of the roster show it; the same few queries however many people there are."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from pellucid.booking.minutes import minute_of
from pellucid.web.accounts.models import Membership, Role
from pellucid.web.records.models import Appointment, BusyFeed, BusySpan, ExtraHours, Schedule, TimeOff
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.queries.uncovered import block
from pellucid.web.sites.models import Closure, Location


def practitioners() -> QuerySet[Membership]:
    """Those of the staff who treat, by name."""
    treating = Membership.objects.filter(active=True, level__isnull=False).exclude(role=Role.FRONT_DESK)
    return treating.select_related("user", "location").order_by("user__name", "pk")


def seen_by(member: Membership) -> QuerySet[Membership]:
    """Whose hours one of the staff sees: of those who work at the own location or everywhere, or all."""
    if member.location_id is None:
        return practitioners()
    here = Q(location=member.location_id) | Q(location=None) | Q(schedules__location=member.location_id)
    return practitioners().filter(here).distinct()


def places_of(member: Membership) -> list[Location]:
    """The locations that one of the staff works at, by name."""
    found = Location.objects.filter(active=True)
    return list(found if member.location_id is None else found.filter(pk=member.location_id))


def weeks(members: Iterable[Membership], places: Iterable[Location]) -> Mapping[tuple[int, int], Schedule]:
    """Member and location to the week there; one query."""
    found = Schedule.objects.filter(membership__in=list(members), location__in=list(places))
    return {(each.membership_id, each.location_id): each for each in found}


def schedule(membership: Membership, location: Location) -> Schedule | None:
    """The week of one person at one location."""
    return Schedule.objects.filter(membership=membership, location=location).first()


def time_off(members: Iterable[Membership], *, now: datetime) -> QuerySet[TimeOff]:
    """Time off that isn't over yet."""
    return TimeOff.objects.filter(membership__in=list(members), ends__gt=now).select_related("membership__user")


def closures(places: Iterable[Location], *, now: datetime) -> QuerySet[Closure]:
    """When locations are closed, from now on."""
    return Closure.objects.filter(location__in=list(places), ends__gt=now).select_related("location")


def extra_hours(places: Iterable[Location], *, now: datetime) -> QuerySet[ExtraHours]:
    """Extra hours from today on, by the clock of UTC: a day longer rather than a day too short."""
    found = ExtraHours.objects.filter(location__in=list(places), on__gte=now.date()).select_related("location")
    return found.prefetch_related(Prefetch("members", Membership.objects.select_related("user")))


def feeds_of(membership: Membership) -> QuerySet[BusyFeed]:
    """Calendars that somebody keeps elsewhere."""
    return BusyFeed.objects.filter(membership=membership)


def zone_of(membership: Membership, *, otherwise: str) -> str:
    """The clock that somebody lives by: of their location, else of the first one that they have hours at."""
    if membership.location:
        return membership.location.zone
    first = Schedule.objects.filter(membership=membership).select_related("location").first()
    return first.location.zone if first else otherwise


def busy_elsewhere(membership: Membership, *, now: datetime) -> list[Appointment]:
    """Booked visits of somebody at a time when another calendar of theirs says they are busy; three queries."""
    spans = list(
        BusySpan.objects.filter(feed__membership=membership, until__gt=minute_of(now)).values_list("since", "until")
    )
    coming = Appointment.objects.filter(practitioner=membership, state__in=STANDING, starts__gte=now)
    visits = coming.select_related("client", "location").prefetch_related("parts") if spans else ()
    return [each for each in visits if any(since < block(each)[1] and block(each)[0] < until for since, until in spans)]
