"""The rows of a visit: made, changed and let go, each under the locks of ``reservations`` and with its audit event."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from pellucid.model.slot import Visit
from pellucid.web.audit.record import record
from pellucid.web.records.actions.booking import Booker, ChangedError, TakenError
from pellucid.web.records.actions.placing import Placed, Suited
from pellucid.web.records.actions.reservations import Row, free, in_the_way, write
from pellucid.web.records.actions.visit_letters import letters_of
from pellucid.web.records.models import Appointment, Client, Part, Series, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import STANDING, State, Waiting
from pellucid.web.records.queries.roster import member_of


def tell(appointment: Appointment, what: str, booker: Booker, *, reason: str = "", **detail: Any) -> None:
    """Write an audit event about a visit."""
    record(
        actor=booker.actor,
        action=f"appointment.{what}",
        subject=f"appointment.{appointment.pk}",
        client=str(appointment.client_id),
        reason=reason,
        now=booker.now,
        **detail,
    )


def tell_confirmed(appointment: Appointment, booker: Booker) -> None:
    """Write the audit event and the letters of a visit that is booked."""
    together = {"series": str(appointment.series_id)} if appointment.series_id else {}
    tell(appointment, "confirmed", booker, state=appointment.state, screened=appointment.screened, **together)
    letters_of(appointment, "confirmed", booker=booker)


def locked(appointment: Appointment) -> Appointment:
    """A visit as it stands, which nobody else changes until the transaction ends."""
    found = Appointment.objects.select_for_update(of=("self",)).select_related(
        "client", "location__clinic", "practitioner__user"
    )
    return found.get(pk=appointment.pk)


def is_visit(appointment: Appointment, visit: Visit, *, exactly: bool = False) -> bool:
    """Whether a visit that is stored is the one that is asked for: the same treatments, time and practitioner.

    Args:
        appointment: which.
        visit: asked for.
        exactly: whether the rooms and devices have to be the same too.
    """
    parts = list(appointment.parts.all())
    return (
        appointment.starts == visit.starts
        and appointment.practitioner_id == member_of(visit.practitioner)
        and appointment.location.slug == visit.location
        and tuple(part.treatment for part in parts) == visit.treatments
        and (not exactly or [_equipped(part) for part in parts] == [(each.room, each.devices) for each in visit.parts])
    )


def _equipped(part: Part) -> tuple[str, tuple[str, ...]]:
    return str(part.room_id), tuple(map(str, part.devices))


def own_at(client: Client, visit: Visit, *, now: datetime, held: bool) -> Appointment | None:
    """What the client has already of exactly this: sent twice, it is booked once.

    Args:
        client: whose.
        visit: which.
        now: holds that have run out by then are gone.
        held: whether a hold counts.
    """
    states = Q(state__in=STANDING) | (Q(state=State.HELD, held_until__gt=now) if held else Q(pk=None))
    found = Appointment.objects.filter(states, client=client, starts=visit.starts).select_related("location")
    return next((each for each in found.prefetch_related("parts") if is_visit(each, visit)), None)


def open_holds(client: Client) -> list[Appointment]:
    """What is held for a client who is about to confirm; not what is offered to them."""
    return list(Appointment.objects.filter(client=client, state=State.HELD, offer=None).order_by("pk"))


def clear_way(rows: Sequence[Row], booker: Booker, *, but: Collection[UUID] = ()) -> None:
    """See that nothing is in the way of some rows; holds that have run out are let go.

    Raises:
        TakenError: something is.
    """
    found = list(in_the_way(rows, but=but))
    over = {each.appointment_id for each in found if _is_over(each.appointment, booker.now)}
    gone = {each.pk for each in let_go(over, Booker.by_clock(booker.now))} if over else set()
    taken = {each.resource for each in found if each.appointment_id not in gone}
    if taken:
        raise TakenError(taken)


def _is_over(appointment: Appointment, now: datetime) -> bool:
    return appointment.held_until is not None and appointment.held_until <= now


def let_go(held: Iterable[UUID], booker: Booker, *, offer: str = "lapsed") -> list[Appointment]:
    """End holds, with the offers that they are of; those that were confirmed meanwhile stay. Which were ended.

    Args:
        held: visits; all of them are locked in one order.
        booker: who lets go.
        offer: what becomes of an offer.
    """
    rows = Appointment.objects.select_for_update(of=("self",)).filter(pk__in=list(held), state=State.HELD)
    ended = list(rows.select_related("client", "location__clinic").order_by("pk"))
    free(ended)
    for each in ended:
        end(each, State.LAPSED, booker)
        tell(each, "lapsed", booker, **({"offer": offer} if _end_offer(each, booker, offer) else {}))
    return ended


def _end_offer(ended: Appointment, booker: Booker, state: str) -> bool:
    """Whoever had an offer waits again, behind those who had none yet; whether there was an offer."""
    offer = WaitlistOffer.objects.filter(appointment=ended, state="open").first()
    if offer is None:
        return False
    offer.state, offer.ended_at = state, booker.now
    offer.save(update_fields=["state", "ended_at"])
    waits = WaitlistEntry.objects.filter(pk=offer.entry_id, state=Waiting.OFFERED)
    waits.update(state=Waiting.WAITING, passed_at=booker.now)
    if state == "lapsed":
        letters_of(ended, "lapsed_offer", booker=booker)
    return True


def make(
    *,
    client: Client,
    placed: Placed,
    suited: Suited,
    booker: Booker,
    held_until: datetime | None = None,
    series: Series | None = None,
    note: str = "",
) -> Appointment:
    """Write a visit, held where ``held_until`` is given and otherwise booked; nothing is in its way."""
    made = Appointment(
        client=client,
        location=placed.location,
        practitioner_id=member_of(placed.visit.practitioner),
        series=series,
        state=State.HELD if held_until else state_of(suited),
        held_until=held_until,
        note=note,
        made_at=booker.now,
        made_by=booker.actor,
    )
    _set(made, placed, suited, booker)
    made.save(force_insert=True)
    _write_parts(made, placed)
    return made


def move(appointment: Appointment, *, placed: Placed, suited: Suited, booker: Booker) -> None:
    """Give a visit that is locked another time; what it took up is exchanged."""
    free([appointment])
    appointment.parts.all().delete()
    appointment.location = placed.location
    appointment.practitioner_id = member_of(placed.visit.practitioner)
    appointment.misfit = []
    appointment.version += 1
    _set(appointment, placed, suited, booker)
    appointment.save()
    _write_parts(appointment, placed)


def state_of(suited: Suited) -> State:
    """What a visit becomes once it is confirmed."""
    return State.TENTATIVE if suited.fit.tentative else State.BOOKED


def _set(appointment: Appointment, placed: Placed, suited: Suited, booker: Booker) -> None:
    appointment.starts, appointment.ends = placed.visit.starts, placed.visit.ends
    appointment.changed_at = booker.now
    set_screened(appointment, suited, booker.now)


def set_screened(appointment: Appointment, suited: Suited, now: datetime) -> None:
    """Keep what screening said, and of which knowledge."""
    status = suited.fit.status
    appointment.screened = "" if status is None else status.word
    appointment.knowledge = suited.knowledge
    appointment.screened_at = now


def _write_parts(appointment: Appointment, placed: Placed) -> None:
    parts = zip(placed.visit.parts, placed.buffers, strict=True)
    Part.objects.bulk_create(
        Part(
            appointment=appointment,
            position=position,
            treatment=slot.treatment,
            starts=slot.starts,
            ends=slot.ends,
            buffer_before=before,
            buffer_after=after,
            room_id=int(slot.room),
            devices=[int(device) for device in slot.devices],
            price=slot.price,
            currency=slot.currency or "",
        )
        for position, (slot, (before, after)) in enumerate(parts)
    )
    write(appointment, placed.rows)


def end(appointment: Appointment, state: State, booker: Booker) -> None:
    """Say of a visit that is locked what became of it."""
    appointment.state = state
    appointment.held_until = None
    appointment.ended_at, appointment.ended_by = booker.now, booker.actor
    appointment.changed_at = booker.now
    appointment.version += 1
    appointment.save()


def check_version(appointment: Appointment, version: int) -> None:
    """See that nobody has changed a visit since the page was made.

    Raises:
        ChangedError: somebody has.
    """
    if appointment.version != version:
        raise ChangedError(appointment)


def save(appointment: Appointment, booker: Booker) -> None:
    """Store a visit that is locked and has changed."""
    appointment.version += 1
    appointment.changed_at = booker.now
    appointment.save()


def read(appointment: Appointment) -> Appointment:
    """A visit with all that is asked of it before anything is locked."""
    found = Appointment.objects.select_related("client", "location__clinic", "practitioner").prefetch_related("parts")
    return found.get(pk=appointment.pk)


def check_booked(appointment: Appointment, version: int) -> None:
    """See that a visit is booked, and as it was on the page.

    Raises:
        ChangedError: it isn't.
    """
    if appointment.state not in STANDING:
        raise ChangedError(appointment)
    check_version(appointment, version)
