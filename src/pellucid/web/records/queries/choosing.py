"""What there is to choose from when a visit is looked for: services, and who works where."""

from datetime import datetime

from django.db.models import Q

from pellucid.web.accounts.models import Membership
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.sites.models import CONSULTATION, Location, Service


def locations() -> list[Location]:
    """Where visits can be had: open places where somebody has hours, by name."""
    found = Location.objects.filter(active=True, schedules__membership__active=True)
    return list(found.select_related("clinic").distinct())


def services_at(location: Location) -> list[Service]:
    """What is done at a location: the consultation first, then as they were added."""
    found = Service.objects.filter(active=True, locations=location)
    return sorted(found, key=lambda each: each.treatment != CONSULTATION)


def practitioners_at(location: Location) -> list[Membership]:
    """Who has hours at a location, by name."""
    found = Membership.objects.filter(active=True, user__is_active=True, schedules__location=location)
    return list(found.select_related("user").order_by("user__name", "pk").distinct())


def open_hold(client: Client, *, now: datetime) -> Appointment | None:
    """What is kept for a client who is about to confirm it; not what is offered to them."""
    held = Appointment.objects.filter(client=client, state=State.HELD, held_until__gt=now, offer=None)
    return held.order_by("-made_at", "pk").first()


def kept(client: Client, *, now: datetime) -> list[Appointment]:
    """All that is kept for a client until they say yes, what runs out first: what they hold and what is offered."""
    held = Appointment.objects.filter(client=client, state=State.HELD, held_until__gt=now)
    found = held.select_related("client__location", "location__clinic", "practitioner__user")
    return list(found.prefetch_related("parts").order_by("held_until", "pk"))


def own_times(client: Client, *, now: datetime, but: Appointment | None = None) -> list[tuple[datetime, datetime]]:
    """From when to when a client is at the clinic already, or may be: nobody is in two places at once.

    Args:
        client: whose visits.
        now: what is over, or was kept only until then, doesn't count.
        but: a visit that doesn't count either, because it is moved or let go.
    """
    found = Appointment.objects.filter(Q(state__in=STANDING) | Q(state=State.HELD, held_until__gt=now), client=client)
    found = found.filter(ends__gt=now).exclude(pk__in=[but.pk] if but else [])
    return list(found.values_list("starts", "ends"))
