"""Booking a visit: holding, confirming, moving. What becomes of it afterwards is in ``visit_ends``.

Each asks first what takes long (``placing``), then does everything in one transaction under the locks of
``reservations``: the rows, the audit event, the letters, and the word to those who wait. Sent twice, each does it once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pellucid.model.slot import Visit
from pellucid.web.records.actions.booking import (
    Booker,
    ChangedError,
    HoldOverError,
    LevelError,
    NotOfferedError,
    PolicyError,
    SeriesError,
    TakenError,
    UnfitError,
)
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.records.actions.offering import accepted, freed, lapse_holds
from pellucid.web.records.actions.placing import (
    Placed,
    Suited,
    check_change,
    check_offered,
    check_terms,
    last_change,
    place,
    still_suited,
    suited,
    until_placed,
)
from pellucid.web.records.actions.reservations import attempt
from pellucid.web.records.actions.visit_ends import cancel, done, level_needed, no_show, sign
from pellucid.web.records.actions.visit_letters import letters_of
from pellucid.web.records.actions.visit_rows import (
    check_booked,
    check_version,
    clear_way,
    is_visit,
    let_go,
    locked,
    make,
    move,
    open_holds,
    own_at,
    read,
    save,
    set_screened,
    state_of,
    tell,
    tell_confirmed,
)
from pellucid.web.records.models import Appointment, Client, WaitlistOffer
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.sites.clock import day

if TYPE_CHECKING:
    from pellucid.model.errors import PellucidError

HOLD = timedelta(minutes=10)
"""How long a time is kept for somebody who is about to confirm it."""

__all__ = [
    "HOLD",
    "ArchivedError",
    "Booker",
    "ChangedError",
    "HoldOverError",
    "LevelError",
    "NotOfferedError",
    "PolicyError",
    "SeriesError",
    "TakenError",
    "UnfitError",
    "book",
    "cancel",
    "confirm",
    "done",
    "hold",
    "hold_any",
    "lapse_holds",
    "last_change",
    "level_needed",
    "no_show",
    "reschedule",
    "sign",
]


def hold(*, client: Client, visit: Visit, booker: Booker, exactly: bool = False) -> Appointment:
    """Keep a visit free for ten minutes; what was held for the client before is let go.

    Args:
        client: whom it is for.
        visit: as the calendar offered it.
        booker: who holds it, and when.
        exactly: whether its rooms and devices are meant, and no others of their kinds.

    Returns:
        The visit, held; where the client has exactly this one already, that one as it is.

    Raises:
        PolicyError: it is too soon or too far off.
        ArchivedError: the client was archived.
        UnfitError: screening doesn't let it be booked.
        NotOfferedError: the clinic doesn't do this then.
        TakenError: somebody was quicker.
    """
    return _take(client, visit, booker, exactly=exactly, kept=booker.now + HOLD)


def hold_any(*, client: Client, visits: Sequence[Visit], booker: Booker) -> Appointment:
    """Hold the first of several visits that is still free: any practitioner will do.

    Raises:
        PolicyError, ArchivedError, UnfitError, NotOfferedError, TakenError: as ``hold``; of one where somebody was
            quicker, if there is any.
    """
    for visit in visits:
        mine = own_at(client, visit, now=booker.now, held=True)
        if mine is not None:
            return mine
    faults: list[PellucidError] = []
    for visit in visits:
        try:
            return hold(client=client, visit=visit, booker=booker)
        except (TakenError, NotOfferedError, UnfitError) as fault:
            faults.append(fault)
    raise next((each for each in faults if isinstance(each, TakenError)), faults[0] if faults else TakenError(()))


def book(*, client: Client, visit: Visit, booker: Booker, note: str = "", exactly: bool = False) -> Appointment:
    """Hold and confirm in one go, as staff do; the same checks.

    Raises:
        PolicyError, ArchivedError, UnfitError, NotOfferedError, TakenError: as ``hold``.
    """
    return _take(client, visit, booker, exactly=exactly, note=note)


def _take(
    client: Client, visit: Visit, booker: Booker, *, exactly: bool, kept: datetime | None = None, note: str = ""
) -> Appointment:
    """Hold a visit until a moment, or book it."""
    mine = own_at(client, visit, now=booker.now, held=kept is not None)
    if mine is not None:
        return mine
    check_terms(visit, booker)
    asked = suited(client, visit, booker)
    earlier = next(iter(open_holds(client)), None)

    def take(placed: Placed) -> Appointment:
        return attempt(lambda: _write(client, placed, asked, booker, kept, note), keys=placed.keys)

    return until_placed(lambda: place(client, visit, booker, but=earlier, exactly=exactly), take, exactly=exactly)


def _write(  # noqa: PLR0917 - all that a visit is made of
    client: Client, placed: Placed, asked: Suited, booker: Booker, kept: datetime | None, note: str
) -> Appointment:
    mine = own_at(client, placed.visit, now=booker.now, held=kept is not None)
    if mine is not None:
        return mine
    for each in let_go([each.pk for each in open_holds(client)], booker):
        freed(each.location, each.starts, each.ends, booker.now)
    clear_way(placed.rows, booker)
    made = make(client=client, placed=placed, suited=asked, booker=booker, held_until=kept, note=note)
    if kept is not None:
        tell(made, "held", booker, until=kept.isoformat())
    else:
        tell_confirmed(made, booker)
    return made


def confirm(*, appointment: Appointment, version: int, booker: Booker) -> Appointment:
    """Book what is held; confirmed twice it is booked once. An offer from the waitlist is accepted by it.

    Screening and hours are asked again: ten minutes are enough for somebody to change them.

    Raises:
        HoldOverError: it was not kept any longer.
        ChangedError: it is not the one that was on the page.
        ArchivedError, UnfitError, NotOfferedError, TakenError: as ``hold``.
    """
    found = read(appointment)
    if found.state in STANDING:
        return found
    _check_held(found, booker)
    asked = still_suited(found, booker, booked=False)
    check_offered(found, booker)
    return attempt(lambda: _confirm(found, version, asked, booker), keys=())


def _check_held(appointment: Appointment, booker: Booker) -> None:
    if appointment.state == State.LAPSED or (appointment.held_until and appointment.held_until <= booker.now):
        raise HoldOverError(appointment)
    if appointment.state != State.HELD:
        raise ChangedError(appointment)


def _confirm(appointment: Appointment, version: int, asked: Suited, booker: Booker) -> Appointment:
    found = locked(appointment)
    if found.state in STANDING:
        return found
    _check_held(found, booker)
    check_version(found, version)
    found.state = state_of(asked)
    found.held_until = None
    set_screened(found, asked, booker.now)
    save(found, booker)
    offer = WaitlistOffer.objects.select_related("entry").filter(appointment=found, state="open").first()
    if offer is not None:
        accepted(offer, booker)
    tell_confirmed(found, booker)
    return found


def reschedule(
    *, appointment: Appointment, version: int, visit: Visit, booker: Booker, exactly: bool = False
) -> Appointment:
    """Give a booked visit another time: the old one is freed and the new one taken up in one go, or neither.

    Where screening says so it waits for a signature again, unless it was signed for the same day and practitioner.

    Args:
        appointment: which.
        version: the one that was on the page.
        visit: the new time, as the calendar offered it.
        booker: who moves it, and when.
        exactly: whether the rooms and devices of the visit are meant, and no others of their kinds.

    Raises:
        ChangedError: it is not as it was on the page, or not booked any more.
        PolicyError: too late to move it without asking, or it has begun, or the new time is too soon or too far off.
        ArchivedError, UnfitError, NotOfferedError, TakenError: as ``hold``.
    """
    found = read(appointment)
    if is_visit(found, visit, exactly=exactly) and found.state in STANDING:
        return found
    check_booked(found, version)
    check_change(found, booker)
    check_terms(visit, booker)
    asked = suited(found.client, visit, booker, but=found)

    def take(placed: Placed) -> Appointment:
        return attempt(lambda: _reschedule(found, placed, asked, booker), keys=placed.keys)

    return until_placed(lambda: place(found.client, visit, booker, but=found, exactly=exactly), take, exactly=exactly)


def _reschedule(seen: Appointment, placed: Placed, asked: Suited, booker: Booker) -> Appointment:
    """Exchange the times; ``seen`` is how the visit was when everything else was asked."""
    found = locked(seen)
    if found.version == seen.version + 1 and found.state in STANDING and is_visit(found, placed.visit):
        return found
    check_booked(found, seen.version)
    clear_way(placed.rows, booker, but=[found.pk])
    before, place_before = (found.starts, found.ends), found.location
    same = (found.practitioner_id, day(found.starts, found.location.zone), found.screened)
    move(found, placed=placed, suited=asked, booker=booker)
    if same != (found.practitioner_id, placed.visit.day, found.screened):
        found.signed_by, found.signed_at = None, None
    found.state = State.BOOKED if found.signed_by_id else state_of(asked)
    found.save(update_fields=["state", "signed_by", "signed_at"])
    tell(found, "moved", booker, since=before[0].isoformat(), to=found.starts.isoformat(), state=found.state)
    letters_of(found, "moved", booker=booker)
    freed(place_before, *before, booker.now)
    return found
