"""What a client waits for, and what is offered to them."""

from typing import TYPE_CHECKING
from uuid import UUID

from pellucid.web.records.models import Appointment, Client, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import Waiting

if TYPE_CHECKING:
    from django.db.models import QuerySet


def entries_of(client: Client) -> list[WaitlistEntry]:
    """What a client waits for now, in the order in which they joined, with the offers that are open."""
    found = WaitlistEntry.objects.filter(client=client, state__in=(Waiting.WAITING, Waiting.OFFERED))
    return list(found.select_related("location", "practitioner__user").order_by("joined_at", "pk"))


def open_offers(client: Client) -> list[WaitlistOffer]:
    """What is offered to a client and not answered yet, what has to be answered soonest first."""
    found = WaitlistOffer.objects.filter(entry__client=client, state="open").order_by("appointment__held_until", "pk")
    return list(_with_visit(found))


def entry_of(client: Client, pk: UUID) -> WaitlistEntry | None:
    """One of a client's own entries, whatever became of it."""
    return WaitlistEntry.objects.filter(client=client, pk=pk).first()


def offer_of(client: Client, pk: UUID) -> WaitlistOffer | None:
    """One of the offers made to a client, whatever became of it."""
    return _with_visit(WaitlistOffer.objects.filter(entry__client=client, pk=pk)).first()


def open_offer_of(appointment: Appointment) -> WaitlistOffer | None:
    """The offer that a visit is held for, while it is open."""
    return WaitlistOffer.objects.filter(appointment=appointment, state="open").first()


def _with_visit(found: "QuerySet[WaitlistOffer]") -> "QuerySet[WaitlistOffer]":
    visit = ("client__location", "location__clinic", "practitioner__user")
    related = found.select_related("entry", *(f"appointment__{each}" for each in visit))
    return related.prefetch_related("appointment__parts")
