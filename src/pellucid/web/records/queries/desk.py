"""What the clinic's calendar shows: what is taken up and by whom, a screen at a time.

How many queries it takes doesn't depend on how much there is.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from pellucid.web.accounts.models import Membership
from pellucid.web.records.models import Appointment, BusySpan, Client, Reservation, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import STANDING, State, Waiting
from pellucid.web.sites.models import Device, Location, Room

Kind = Literal["practitioner", "room", "device"]

MOST_FOUND = 20
"""Clients whom one search offers; more letters find fewer."""


def visits_of(member: Membership) -> QuerySet[Appointment]:
    """Visits that one of the staff may see: at the own location and the own ones, or all."""
    found = Appointment.objects.all()
    if member.location_id is not None:
        found = found.filter(Q(location=member.location_id) | Q(practitioner=member.pk))
    return found.select_related("client", "location__clinic", "practitioner__user", "signed_by__user").prefetch_related(
        "parts__room"
    )


def visit_of(member: Membership, pk: UUID) -> Appointment | None:
    """One of these."""
    return visits_of(member).filter(pk=pk).first()


def taken(
    location: Location, resources: Collection[str], *, since: int, until: int, now: datetime
) -> list[Reservation]:
    """What is taken up at a location, or of some people, rooms and devices anywhere, in minutes since 1970.

    Each with its visit, the visit's client, practitioner, place and parts. Holds that ran out are left out.
    """
    found = Reservation.objects.filter(until__gt=since, since__lt=until)
    found = found.filter(Q(appointment__location=location) | Q(resource__in=resources))
    found = found.exclude(resource__startswith="client.")
    found = found.exclude(appointment__state=State.HELD, appointment__held_until__lte=now)
    people = ("appointment__client", "appointment__practitioner__user", "appointment__location")
    return list(found.select_related(*people).prefetch_related("appointment__parts").order_by("since", "pk"))


def busy(members: Collection[int], *, since: int, until: int) -> dict[int, list[tuple[int, int]]]:
    """When people are busy elsewhere, by membership, in minutes since 1970; one query."""
    found: dict[int, list[tuple[int, int]]] = {}
    spans = BusySpan.objects.filter(feed__membership__in=members, until__gt=since, since__lt=until)
    for member, start, end in spans.values_list("feed__membership_id", "since", "until"):
        found.setdefault(member, []).append((start, end))
    return found


def things(location: Location, kind: Kind) -> list[Room] | list[Device]:
    """A location's rooms or devices, as they are taken; those out of use too, for what was booked in them before."""
    return (
        list(Room.objects.filter(location=location))
        if kind == "room"
        else list(Device.objects.filter(location=location))
    )


def devices_named(numbers: Collection[int]) -> dict[int, str]:
    """Names of devices by their number; one query, and none where there is nothing to name."""
    return dict(Device.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}


def standing_beside(client: Client, *, starts: datetime, ends: datetime, but: UUID | None) -> Appointment | None:
    """Another visit of the same client at the same time."""
    found = Appointment.objects.filter(client=client, starts__lt=ends, ends__gt=starts)
    found = found.filter(state__in=STANDING)
    found = found.exclude(pk=but) if but else found
    return found.select_related("location", "practitioner__user").first()


def booked_at(client: Client, treatments: tuple[str, ...], *, starts: datetime, member: int) -> Appointment | None:
    """The visit that a client has for exactly this already: a form that was sent twice finds it."""
    found = Appointment.objects.filter(client=client, starts=starts, practitioner=member, state__in=STANDING)
    same = (each for each in found if tuple(part.treatment for part in each.parts.all()) == treatments)
    return next(same, None)


def waiting(location: Location) -> list[WaitlistEntry]:
    """Who waits at a location, in turn: those without an offer first; each with the offer that is open, if any."""
    found = WaitlistEntry.objects.filter(location=location, state__in=(Waiting.WAITING, Waiting.OFFERED))
    found = found.filter(client__archived_at=None).select_related("client", "location__clinic", "practitioner__user")
    made = WaitlistOffer.objects.filter(state="open").select_related("appointment__practitioner__user")
    ordered = found.order_by(F("passed_at").asc(nulls_first=True), "joined_at", "pk")
    return list(ordered.prefetch_related(Prefetch("offers", made, to_attr="open_offers")))


def entry_of(member: Membership, pk: UUID) -> WaitlistEntry | None:
    """Somebody's waiting, at a location that one of the staff sees."""
    found = WaitlistEntry.objects.filter(pk=pk)
    if member.location_id is not None:
        found = found.filter(location=member.location_id)
    return found.select_related("client__location", "location__clinic", "practitioner__user").first()
