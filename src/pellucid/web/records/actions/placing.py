"""What is asked before time is taken up: the clinic's terms, screening, hours, and which rooms and devices are free.

All of it reads and nothing is locked, since it takes longer than anybody should wait for. What can change between is
looked at again under the locks, in ``visit_rows``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from pellucid.booking.availability import offers_visit, open_visits, resources
from pellucid.booking.calendar import Calendar, Practitioner
from pellucid.booking.minutes import minute_of
from pellucid.model.errors import PellucidError
from pellucid.model.levels import Level
from pellucid.model.slot import Slot, Visit
from pellucid.web.records.actions.booking import (
    Booker,
    NotOfferedError,
    PolicyError,
    SeriesError,
    TakenError,
    UnfitError,
)
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.records.actions.reservations import Row, rows_of
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.records.queries.consultations import knowledge_for
from pellucid.web.records.queries.fitting import Fit, Fitting, fit_of
from pellucid.web.records.queries.roster import member_of
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import Location

BUSY = "busy_"
"""How the refusals begin that tell of something in the way."""
SWAPPED = ("room.", "device.")
"""What somebody who was quicker may have: another one of its kind does as well."""
Done = TypeVar("Done")


class Tried(Protocol):
    """What can be found again where part of it was snatched away."""

    @property
    def tries(self) -> int:
        """How often that can happen at most."""


Found = TypeVar("Found", bound=Tried)


@dataclass(frozen=True, slots=True)
class Suited:
    """What screening said of a visit."""

    fit: Fit
    knowledge: str
    """Hash of the knowledge it was asked of; empty where there was nothing to ask."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit with the rooms and devices it gets, and all that it takes up."""

    visit: Visit
    location: Location
    rows: tuple[Row, ...]
    buffers: tuple[tuple[int, int], ...]
    """Of each part, before and after, in minutes."""
    tries: int
    """How often a room or device could be snatched away at most."""

    @property
    def keys(self) -> list[str]:
        """What to lock."""
        return [row.resource for row in self.rows]


def check_terms(visit: Visit, booker: Booker) -> None:
    """See that a visit starts neither too soon nor too far off; staff may book anything that is to come.

    Raises:
        PolicyError: it does.
    """
    location = Location.objects.select_related("clinic").get(slug=visit.location)
    terms = location.clinic
    if visit.starts < booker.now:
        raise PolicyError("past", visit.starts, location)
    if booker.membership is not None:
        return
    soonest = booker.now + timedelta(hours=terms.notice_hours)
    latest = booker.now + timedelta(days=terms.days_ahead + 1)
    if visit.starts < soonest:
        raise PolicyError("notice", soonest, location)
    if visit.starts > latest:
        raise PolicyError("ahead", latest, location)


def last_change(appointment: Appointment) -> datetime:
    """Until when its client can move or cancel a visit without asking."""
    return appointment.starts - timedelta(hours=appointment.location.clinic.cancel_hours)


def check_change(appointment: Appointment, booker: Booker) -> None:
    """See that a visit may still be moved or cancelled by who wants to.

    Raises:
        PolicyError: it may not.
    """
    until = last_change(appointment)
    if booker.membership is None and booker.now > until:
        raise PolicyError("cancel", until, appointment.location)
    if booker.now >= appointment.starts:
        raise PolicyError("begun", appointment.starts, appointment.location)


def suited(
    client: Client,
    visit: Visit,
    booker: Booker,
    *,
    but: Appointment | None = None,
    beside: Sequence[Visit] = (),
) -> Suited:
    """Ask screening.

    Args:
        client: whom the visit is for.
        visit: which.
        booker: who asks, and when.
        but: a visit of theirs that doesn't count, because it is moved.
        beside: visits that are booked together with this one.

    Raises:
        ArchivedError: the client was archived.
        UnfitError: it doesn't let this be booked.
    """
    return _checked(client, fit_of(client, visit, now=booker.now, but=but, beside=beside))


def still_suited(appointment: Appointment, booker: Booker, *, booked: bool) -> Suited:
    """Ask screening again for a visit that is held or booked.

    Args:
        appointment: with its client, location, practitioner and parts.
        booker: who asks, and when.
        booked: whether it is booked: then answers are given time to be asked anew.

    Raises:
        ArchivedError, UnfitError: as ``suited``.
    """
    on = day(appointment.starts, appointment.location.zone)
    client = appointment.client
    fitting = Fitting(client, now=booker.now, but=appointment, booked_on=on if booked else None)
    treatments = [part.treatment for part in appointment.parts.all()]
    performer = Level(appointment.practitioner.level or Level.L0)
    return _checked(client, fitting.of(treatments, on=on, performer=performer))


def _checked(client: Client, fit: Fit) -> Suited:
    if Client.objects.only("archived_at").get(pk=client.pk).archived_at is not None:
        raise ArchivedError
    if not fit.bookable:
        raise UnfitError(fit)
    return Suited(fit, "" if fit.status is None else knowledge_for(client).digest)


def check_offered(appointment: Appointment, booker: Booker) -> None:
    """See that the clinic still does what is held: somebody works then, and nothing else came between.

    Raises:
        NotOfferedError: it doesn't.
        TakenError: something did.
    """
    on = day(appointment.starts, appointment.location.zone)
    calendar = calendar_for(since=on, until=on, location=appointment.location, now=booker.now, but=appointment)
    names = (each.id for each in calendar.practitioners if member_of(each.id) == appointment.practitioner_id)
    name = next(names, "")
    if not name:
        raise NotOfferedError("unknown_practitioner")
    refusal = offers_visit(calendar, _visit_of(appointment, calendar.practitioner[name]))
    if refusal is not None:
        raise TakenError(()) if refusal.startswith(BUSY) else NotOfferedError(refusal)


def _visit_of(appointment: Appointment, practitioner: Practitioner) -> Visit:
    """A visit that is stored, as the calendar would have it."""
    return Visit(
        tuple(
            Slot(
                starts=part.starts,
                ends=part.ends,
                treatment=part.treatment,
                practitioner=practitioner.id,
                room=str(part.room_id),
                level=practitioner.level,
                zone=appointment.location.zone,
                location=appointment.location.slug,
                devices=tuple(map(str, part.devices)),
                price=part.price,
                currency=part.currency or None,
            )
            for part in appointment.parts.all()
        )
    )


def place(
    client: Client, visit: Visit, booker: Booker, *, but: Appointment | None = None, exactly: bool = False
) -> Placed:
    """Find what a visit would take up, as things stand.

    Args:
        client: whom it is for.
        visit: as it was chosen.
        booker: who asks, and when.
        but: a visit whose time counts as free, because it is let go.
        exactly: whether the rooms and devices of the visit are meant, and no others of their kinds.

    Raises:
        NotOfferedError: the clinic doesn't do this then.
        TakenError: it does, and something else is in the way.
    """
    location = Location.objects.select_related("clinic").get(slug=visit.location)
    calendar = calendar_for(since=visit.day, until=visit.day, location=location, now=booker.now, but=but)
    found = visit if exactly else _same_time(calendar, visit) or visit
    refusal = offers_visit(calendar, found)
    if refusal is not None and not refusal.startswith(BUSY):
        raise NotOfferedError(refusal)
    rows = rows_of(client, resources(found, calendar), minute_of(found.starts), minute_of(found.ends))
    if refusal is not None:
        raise TakenError([row.resource for row in rows if row.resource.startswith(f"{refusal.removeprefix(BUSY)}.")])
    services = [calendar.service[part.treatment] for part in found.parts]
    buffers = tuple((service.buffer_before, service.buffer_after) for service in services)
    return Placed(found, location, rows, buffers, 1 + len(calendar.rooms) + len(calendar.devices))


def _same_time(calendar: Calendar, visit: Visit) -> Visit | None:
    """The same visit in rooms and with devices that are free now; None where none are, or between the steps."""
    found = open_visits(
        calendar, treatments=visit.treatments, since=visit.day, until=visit.day, practitioner=visit.practitioner
    )
    return next((each for each in found if each.id == visit.id), None)


def until_placed(find: Callable[[], Found], take: Callable[[Found], Done], *, exactly: bool = False) -> Done:
    """Take what was found; where only its room or a device has gone meanwhile, find another and try again.

    Args:
        find: a visit with what it would take up, or several.
        take: takes it up.
        exactly: whether no other room or device will do.

    Raises:
        NotOfferedError: as ``place``.
        TakenError: as ``place``, or somebody was quicker.
        SeriesError: the same of one of several visits.
    """
    number = 0
    while True:
        found = find()
        number += 1
        try:
            return take(found)
        except (TakenError, SeriesError) as fault:
            why = fault.why if isinstance(fault, SeriesError) else fault
            if exactly or number >= found.tries or not _is_swapped(why):
                raise


def _is_swapped(why: PellucidError) -> bool:
    """Whether all that is taken is of a kind of which another one would do."""
    return isinstance(why, TakenError) and bool(why.resources) and all(map(_can_swap, why.resources))


def _can_swap(resource: str) -> bool:
    return resource.startswith(SWAPPED)
