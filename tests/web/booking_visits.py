"""What the tests of booking share: visits looked up in the calendar, who books them, and what is in the tables then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.web.booking_cast import CONSULTATION, MONDAY, NOW, moment

from pellucid.model.slot import Visit
from pellucid.web.accounts.models import User
from pellucid.web.records.actions.appointments import Booker
from pellucid.web.records.models import Appointment, Reservation
from pellucid.web.records.queries.calendar import visits_for


def as_client(user: User, *, now: datetime = NOW, after: timedelta = timedelta()) -> Booker:
    """A client who books for themself."""
    return Booker(user.ref, None, now + after)


def as_staff(user: User, *, now: datetime = NOW, after: timedelta = timedelta()) -> Booker:
    """One of the staff who books for a client."""
    return Booker(user.ref, user.membership, now + after)


def visit_at(
    at: str,
    treatments: Sequence[str] = (CONSULTATION,),
    *,
    on: date = MONDAY,
    who: User | None = None,
    but: Appointment | None = None,
) -> Visit:
    """The visit that the calendar offers at a time by North's clock; of several practitioners the first."""
    member = who.membership if who else None
    found = visits_for(treatments=treatments, since=on, until=on, practitioner=member, now=NOW, but=but)
    return next(each for each in found if each.starts == moment(on, at))


def starts(treatments: Sequence[str] = (CONSULTATION,), *, on: date = MONDAY, who: User | None = None) -> list[str]:
    """When visits of a day can start, by North's clock."""
    member = who.membership if who else None
    found = visits_for(treatments=treatments, since=on, until=on, practitioner=member, now=NOW)
    return [f"{each.local:%H:%M}" for each in found]


def rows() -> list[tuple[str, int, int]]:
    """All that is taken up, sorted; the kinds of resources, without which one."""
    return sorted(Reservation.objects.values_list("resource", "since", "until"))


def overlaps() -> list[tuple[str, int, int]]:
    """What is taken up twice at one time, found by a plain scan of the whole table."""
    found = pairwise(rows())
    return [later for earlier, later in found if earlier[0] == later[0] and later[1] < earlier[2]]
