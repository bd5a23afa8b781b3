"""What becomes of a visit that is booked: cancelled, missed, done; and the signature of one that waits for it."""

from datetime import datetime

from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership
from pellucid.web.accounts.permissions import Permission, permissions_of
from pellucid.web.records.actions.booking import Booker, ChangedError, LevelError, PolicyError
from pellucid.web.records.actions.offering import freed
from pellucid.web.records.actions.placing import Suited, check_change, last_change, still_suited
from pellucid.web.records.actions.reservations import attempt, free
from pellucid.web.records.actions.visit_letters import letters_of
from pellucid.web.records.actions.visit_rows import (
    check_booked,
    check_version,
    end,
    let_go,
    locked,
    read,
    save,
    set_screened,
    tell,
)
from pellucid.web.records.models import Appointment
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.queries.calendar import level_of
from pellucid.web.sites.models import Service


def cancel(*, appointment: Appointment, version: int, reason: str, booker: Booker) -> Appointment:
    """Cancel a visit, or let go of one that is held; cancelled twice it is cancelled once.

    Args:
        appointment: which.
        version: the one that was on the page.
        reason: in the words of who cancels; may be empty.
        booker: who, and when.

    Raises:
        PolicyError: too late for its client to do so without asking; staff may until it begins, marked as late.
        ChangedError: it is not as it was on the page, or over.
    """
    return attempt(lambda: _cancel(appointment, version, reason, booker), keys=())


def _cancel(appointment: Appointment, version: int, reason: str, booker: Booker) -> Appointment:
    found = locked(appointment)
    if found.state in {State.CANCELLED, State.LAPSED}:
        return found
    if found.state == State.HELD:
        for each in let_go([found.pk], booker, offer="declined"):
            freed(each.location, each.starts, each.ends, booker.now)
        return locked(found)
    check_booked(found, version)
    check_change(found, booker)
    free([found])
    found.reason, found.late = reason, booker.now > last_change(found)
    end(found, State.CANCELLED, booker)
    tell(found, "cancelled", booker, reason=reason, late=found.late)
    letters_of(found, "cancelled", booker=booker)
    freed(found.location, found.starts, found.ends, booker.now)
    return found


def no_show(*, appointment: Appointment, version: int, booker: Booker) -> Appointment:
    """Note that the client did not come.

    Raises:
        PolicyError: it has not begun.
        ChangedError: it is not as it was on the page, or was cancelled.
    """
    return attempt(lambda: _over(appointment, version, State.NO_SHOW, "missed", booker), keys=())


def done(*, appointment: Appointment, version: int, booker: Booker) -> Appointment:
    """Note that the visit took place; also where it had been taken for missed.

    Raises:
        PolicyError: it has not begun.
        ChangedError: it is not as it was on the page, or was cancelled.
    """
    return attempt(lambda: _over(appointment, version, State.DONE, "done", booker), keys=())


def _over(appointment: Appointment, version: int, state: State, what: str, booker: Booker) -> Appointment:
    found = locked(appointment)
    if found.state == state:
        return found
    if found.state not in {*STANDING, State.DONE, State.NO_SHOW}:
        raise ChangedError(found)
    check_version(found, version)
    if booker.now < found.starts:
        raise PolicyError("not_begun", found.starts, found.location)
    unsigned = found.state == State.TENTATIVE
    end(found, state, booker)
    tell(found, what, booker, unsigned=unsigned)
    return found


def sign(*, appointment: Appointment, version: int, by: Membership, now: datetime) -> Appointment:
    """Sign a visit that waits for it; signed twice it is signed once.

    Raises:
        LevelError: who signs hasn't the level of its treatments, or may not sign at all.
        UnfitError: screening doesn't let it be booked any more.
        ChangedError: it is not as it was on the page.
    """
    booker = Booker(by.user.ref, by, now)
    found = read(appointment)
    needed = level_needed(found)
    if Permission.SIGN_CONSULTATIONS not in permissions_of(by) or (by.level or Level.L0) < needed:
        raise LevelError(needed)
    if found.state == State.BOOKED:
        return found
    check_booked(found, version)
    asked = still_suited(found, booker, booked=True)
    return attempt(lambda: _sign(found, asked, by, booker), keys=())


def level_needed(appointment: Appointment) -> Level:
    """The level of the most demanding of a visit's treatments."""
    treatments = {part.treatment for part in appointment.parts.all()}
    return max(map(level_of, Service.objects.filter(treatment__in=treatments)), default=Level.L1)


def _sign(seen: Appointment, asked: Suited, by: Membership, booker: Booker) -> Appointment:
    found = locked(seen)
    if found.state == State.BOOKED:
        return found
    check_booked(found, seen.version)
    found.state, found.signed_by, found.signed_at = State.BOOKED, by, booker.now
    set_screened(found, asked, booker.now)
    save(found, booker)
    tell(found, "signed", booker, screened=found.screened)
    letters_of(found, "signed", booker=booker)
    return found
