"""Waiting for a visit: joining, leaving, and answering an offer. How offers come about is in ``offering``."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from pellucid.model.errors import InputError, Problem
from pellucid.web.accounts.models import Membership
from pellucid.web.records.actions.appointments import confirm
from pellucid.web.records.actions.booking import Booker, NotWaitingError
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.records.actions.offering import (
    OFFER,
    end_waiting,
    freed,
    lapse_offers,
    offer,
    offer_freed,
    tell_waiting,
)
from pellucid.web.records.actions.reservations import attempt, client_key
from pellucid.web.records.actions.visit_rows import let_go
from pellucid.web.records.models import Appointment, Client, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import Waiting
from pellucid.web.sites.clock import day
from pellucid.web.sites.hours import MIDNIGHT, WEEKDAYS
from pellucid.web.sites.models import Location, Service

AT_MOST = 10
"""Entries of one client at a time."""

__all__ = [
    "OFFER",
    "NotWaitingError",
    "accept",
    "decline",
    "freed",
    "join",
    "lapse_offers",
    "leave",
    "offer",
    "offer_freed",
]


def join(
    *,
    client: Client,
    location: Location,
    treatments: Sequence[str],
    since: date,
    until: date,
    booker: Booker,
    practitioner: Membership | None = None,
    weekdays: Collection[str] = (),
    earliest: int = 0,
    latest: int = MIDNIGHT,
) -> WaitlistEntry:
    """Wait for a visit; the same wish sent twice waits once.

    Args:
        client: who waits.
        location: where.
        treatments: to be done in one visit, in this order; ids, or ``consultation``.
        since: the first day that would do, by the location's clock.
        until: the last day; it is included.
        booker: who asks, and when.
        practitioner: with whom; None is anybody.
        weekdays: ``mon`` to ``sun``; none named is any.
        earliest: minutes after midnight; no start before.
        latest: minutes after midnight; over by then.

    Raises:
        ArchivedError: the client was archived.
        InputError: nothing could ever be offered for this; every fault with its field.
    """
    wish = {
        "location": location,
        "treatments": list(treatments),
        "practitioner": practitioner,
        "since": since,
        "until": until,
        "weekdays": [each for each in WEEKDAYS if each in weekdays],
        "earliest": earliest,
        "latest": latest,
    }
    faults = list(_faults(location, treatments, since, until, earliest, latest, day(booker.now, location.zone)))
    if faults:
        raise InputError(faults)

    def work() -> WaitlistEntry:
        found = Client.objects.select_for_update().get(pk=client.pk)
        if found.archived_at is not None:
            raise ArchivedError
        waiting = WaitlistEntry.objects.filter(client=client, state__in=(Waiting.WAITING, Waiting.OFFERED))
        same = waiting.filter(**wish).first()
        if same is not None:
            return same
        if waiting.count() >= AT_MOST:
            raise InputError([Problem("treatments", f"nobody can wait for more than {AT_MOST} visits at a time")])
        made = WaitlistEntry.objects.create(client=client, joined_at=booker.now, **wish)
        tell_waiting(made, "joined", booker)
        return made

    return attempt(work, keys=[client_key(client)])


def _faults(  # noqa: PLR0917 - the fields of the wish
    location: Location,
    treatments: Sequence[str],
    since: date,
    until: date,
    earliest: int,
    latest: int,
    today: date,
) -> Iterator[Problem]:
    done_here = set(Service.objects.filter(active=True, locations=location).values_list("treatment", flat=True))
    if not treatments or not done_here.issuperset(treatments):
        yield Problem("treatments", "are not all done at this location")
    if until < max(since, today):
        yield Problem("until", "is over before it begins")
    if not 0 <= earliest < latest <= MIDNIGHT:
        yield Problem("latest", "is not after the earliest")


def leave(*, entry: WaitlistEntry, booker: Booker) -> WaitlistEntry:
    """Wait no longer; an offer that is open is withdrawn and goes to the next. Where it has ended nothing happens."""

    def work() -> WaitlistEntry:
        found = _locked(entry)
        if found.state in {Waiting.WAITING, Waiting.OFFERED}:
            held = found.offers.filter(state="open").values_list("appointment", flat=True)
            _pass_on(list(held), booker, "withdrawn")
            end_waiting(found, Waiting.LEFT, "left", booker)
        return found

    return attempt(work, keys=())


def accept(*, offer: WaitlistOffer, booker: Booker) -> Appointment:
    """Book what was offered; accepted twice it is booked once.

    Raises:
        HoldOverError, ChangedError, ArchivedError, UnfitError, NotOfferedError, TakenError: as when any hold is
            confirmed.
    """
    held = Appointment.objects.get(pk=offer.appointment_id)
    return confirm(appointment=held, version=held.version, booker=booker)


def decline(*, offer: WaitlistOffer, booker: Booker) -> WaitlistEntry:
    """Let an offer go to the next; who declines goes on waiting, behind those who had none yet."""

    def work() -> WaitlistEntry:
        _pass_on([offer.appointment_id], booker, "declined")
        return _locked(offer.entry)

    return attempt(work, keys=())


def _pass_on(held: Iterable[UUID], booker: Booker, state: str) -> None:
    """End offers that are open, and have what they held offered to the next."""
    for each in let_go(held, booker, offer=state):
        freed(each.location, each.starts, each.ends, booker.now)


def _locked(entry: WaitlistEntry) -> WaitlistEntry:
    return WaitlistEntry.objects.select_for_update().get(pk=entry.pk)
