"""What a private calendar address shows: whose it is, and their visits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import compare_digest

from pellucid.web.accounts.actions import hash_of
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import STANDING, State

SHOWN = timedelta(days=92)
"""How long visits that are over stay in the calendar, cancelled ones with them."""
MOST = 500
"""Visits in one calendar; nobody has as many."""


def subscriber(token: str) -> Client | None:
    """Whose calendar an address is; None where it was taken back, or is none.

    The database finds the hash by its index. That it is the whole hash is then compared in constant time.
    """
    wanted = hash_of(token)
    found = Client.objects.filter(calendar_token_hash=wanted).select_related("location__clinic").first()
    return found if found is not None and compare_digest(found.calendar_token_hash, wanted) else None


def visits_of(client: Client, *, now: datetime) -> Sequence[Appointment]:
    """A client's visits as their calendar shows them, what is held for them left out; one query."""
    shown = (*STANDING, State.DONE, State.CANCELLED)
    found = Appointment.objects.filter(client=client, state__in=shown, ends__gte=now - SHOWN)
    return list(found.select_related("client", "location__clinic").order_by("starts", "id")[:MOST])
