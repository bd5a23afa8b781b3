"""Offering a slot that became free to those who wait for one, in turn: a job, and the end of offers nobody answered.

In turn are those first who had no offer yet, by when they joined; then those who let one go by. Nobody is offered a
time twice, nor one that overlaps it: who lets ten o'clock go would be asked for a quarter past next. What the people
themselves do is in ``waitlist``.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, QuerySet

from pellucid.booking.availability import open_visits
from pellucid.booking.calendar import Calendar
from pellucid.model.slot import Visit
from pellucid.web.audit.record import record
from pellucid.web.jobs.job import job
from pellucid.web.records.actions.booking import (
    Booker,
    NotOfferedError,
    NotWaitingError,
    PolicyError,
    TakenError,
    UnfitError,
)
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.records.actions.placing import Placed, Suited, place, suited, until_placed
from pellucid.web.records.actions.reservations import attempt
from pellucid.web.records.actions.visit_letters import letters_of
from pellucid.web.records.actions.visit_rows import clear_way, let_go, make, tell
from pellucid.web.records.models import Appointment, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import State, Waiting
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.records.queries.roster import member_of
from pellucid.web.sites.clock import day
from pellucid.web.sites.hours import WEEKDAYS
from pellucid.web.sites.models import Location
from pellucid.web.sites.quiet import after_quiet

Stretch = tuple[datetime, datetime]

OFFER = timedelta(hours=2)
"""How long somebody has to answer, from when they are told; nobody is told in the quiet hours."""
DAY = timedelta(days=1)
SHORTEST = timedelta(minutes=30)
"""An offer that leaves less time to answer is not made: the visit is too near."""


def freed(location: Location, since: datetime, until: datetime, now: datetime) -> None:
    """Have a stretch of time that became free offered to those who wait; inside the transaction that frees it."""
    if since <= now or not WaitlistEntry.objects.filter(location=location, state=Waiting.WAITING).exists():
        return
    offer_freed.put(
        key=f"freed.{location.pk}.{uuid4()}",
        now=now,
        location=location.pk,
        since=since.isoformat(),
        until=until.isoformat(),
    )


@job(atomic=False)
def offer_freed(*, now: datetime, location: int, since: str, until: str) -> int:
    """Offer what became free to one after the other until nobody fits any more; how many offers.

    Done again after it was cut off it goes on where it was: whoever has an offer is not in turn any more.
    """
    where = Location.objects.select_related("clinic").get(pk=location)
    stretch = datetime.fromisoformat(since), datetime.fromisoformat(until)
    made, calendar = 0, _calendar(where, stretch, now)
    for entry in in_turn(where, stretch[0]):
        if _first_that_fits(entry, visits_in(entry, calendar, stretch, now), now):
            made, calendar = made + 1, _calendar(where, stretch, now)
    return made


def _calendar(location: Location, stretch: Stretch, now: datetime) -> Calendar:
    """The calendar as it is now, on the days of a stretch of time."""
    since, until = (day(each, location.zone) for each in stretch)
    return calendar_for(since=since, until=until, location=location, now=now)


def in_turn(location: Location, moment: datetime) -> list[WaitlistEntry]:
    """Who waits for a visit at a location on the day of a moment: those without an offer first, as they joined."""
    on = day(moment, location.zone)
    found = WaitlistEntry.objects.filter(
        location=location, state=Waiting.WAITING, since__lte=on, until__gte=on, client__archived_at=None
    )
    rows = found.select_related("client__location", "location__clinic")
    return list(rows.order_by(F("passed_at").asc(nulls_first=True), "joined_at", "pk"))


def visits_in(entry: WaitlistEntry, calendar: Calendar, stretch: Stretch, now: datetime) -> Iterator[Visit]:
    """The visits that somebody would take, of those that use a stretch of time, in order."""
    since, until = stretch
    days = [day(each, entry.location.zone) for each in stretch]
    soonest = now + timedelta(hours=entry.location.clinic.notice_hours)
    offered = WaitlistOffer.objects.filter(entry=entry)
    had = list(offered.values_list("appointment__starts", "appointment__ends"))
    for visit in open_visits(calendar, treatments=entry.treatments, since=days[0], until=days[1], now=soonest):
        overlaps = visit.starts < until and visit.ends > since
        with_whom = entry.practitioner_id in {None, member_of(visit.practitioner)}
        is_new = not any(visit.starts < ends and starts < visit.ends for starts, ends in had)
        if overlaps and with_whom and is_new and wanted(entry, visit):
            yield visit


def wanted(entry: WaitlistEntry, visit: Visit) -> bool:
    """Whether a visit is on a day and at a time that somebody asked for, whoever it is with."""
    local = visit.local
    begins = local.hour * 60 + local.minute
    ends = begins + (visit.ends - visit.starts) // timedelta(minutes=1)
    on_day = entry.since <= visit.day <= entry.until and WEEKDAYS[local.weekday()] in (entry.weekdays or WEEKDAYS)
    return on_day and entry.earliest <= begins and ends <= entry.latest


def answer_by(visit: Visit, location: Location, now: datetime) -> datetime | None:
    """Until when an offer of a visit can be answered; None where that would be too soon."""
    told = after_quiet(now, clinic=location.clinic, zone=location.zone)
    latest = visit.starts - timedelta(hours=location.clinic.notice_hours)
    until = min(told + OFFER, latest)
    return until if until - told >= SHORTEST else None


def _first_that_fits(entry: WaitlistEntry, visits: Iterable[Visit], now: datetime) -> bool:
    """Offer somebody the first of some visits that fits and is still free; whether there was one."""
    unfit: set[tuple[date, str]] = set()
    for visit in visits:
        asked = visit.day, visit.practitioner
        if asked in unfit or answer_by(visit, entry.location, now) is None:
            continue
        try:
            offer(entry=entry, visit=visit, booker=Booker.by_clock(now))
        except UnfitError:
            unfit.add(asked)
        except (TakenError, NotOfferedError):
            continue
        except (NotWaitingError, ArchivedError):
            return False
        else:
            return True
    return False


def offer(*, entry: WaitlistEntry, visit: Visit, booker: Booker) -> WaitlistOffer:
    """Hold a visit for somebody who waits, and tell them; the same offer made twice is one.

    Args:
        entry: who waits.
        visit: to be held, whether or not it is what they asked for.
        booker: who offers it, and when.

    Raises:
        PolicyError: it is too near for an answer.
        ArchivedError, UnfitError, NotOfferedError, TakenError: as ``appointments.hold``.
        NotWaitingError: they don't wait any more, or have another offer.
    """
    until = answer_by(visit, entry.location, booker.now)
    if until is None:
        raise PolicyError("notice", visit.starts, entry.location)
    asked = suited(entry.client, visit, booker)

    def take(placed: Placed) -> WaitlistOffer:
        return attempt(lambda: _offer(entry, placed, asked, until, booker), keys=placed.keys)

    return until_placed(lambda: place(entry.client, visit, booker), take, exactly=False)


def _offer(entry: WaitlistEntry, placed: Placed, asked: Suited, until: datetime, booker: Booker) -> WaitlistOffer:
    found = WaitlistEntry.objects.select_for_update().get(pk=entry.pk)
    if found.state != Waiting.WAITING:
        raise NotWaitingError
    clear_way(placed.rows, booker)
    held = make(client=entry.client, placed=placed, suited=asked, booker=booker, held_until=until)
    made = WaitlistOffer.objects.create(entry=found, appointment=held, offered_at=booker.now)
    found.state = Waiting.OFFERED
    found.save(update_fields=["state"])
    tell(held, "held", booker, until=until.isoformat())
    tell_waiting(found, "offered", booker, appointment=str(held.pk))
    letters_of(held, "offered", booker=booker)
    return made


def lapse_holds(*, now: datetime) -> int:
    """End the holds that nobody confirmed in time; how many."""
    return _lapse(Appointment.objects.filter(offer=None), now)


def lapse_offers(*, now: datetime) -> int:
    """End the offers that nobody answered in time, and the waiting of those whose last day is over; how many offers."""
    for entry in WaitlistEntry.objects.filter(state=Waiting.WAITING, until__lte=(now + DAY).date()).select_related(
        "location"
    ):
        if entry.until < day(now, entry.location.zone):
            attempt(partial(_over, entry.pk, now), keys=())
    return _lapse(Appointment.objects.exclude(offer=None), now)


def _over(pk: UUID, now: datetime) -> None:
    entry = WaitlistEntry.objects.select_for_update().get(pk=pk)
    if entry.state == Waiting.WAITING:
        end_waiting(entry, Waiting.OVER, "over", Booker.by_clock(now))


def accepted(offer: WaitlistOffer, booker: Booker) -> None:
    """Note that an offer was taken; its visit is confirmed in the same transaction."""
    offer.state, offer.ended_at = "accepted", booker.now
    offer.save(update_fields=["state", "ended_at"])
    end_waiting(offer.entry, Waiting.BOOKED, "accepted", booker)


def end_waiting(entry: WaitlistEntry, state: Waiting, what: str, booker: Booker) -> None:
    """Say of somebody who waits, and whose entry is locked, what became of it."""
    entry.state, entry.ended_at = state, booker.now
    entry.save(update_fields=["state", "ended_at"])
    tell_waiting(entry, what, booker)


def tell_waiting(entry: WaitlistEntry, what: str, booker: Booker, **detail: Any) -> None:
    """Write an audit event about somebody's waiting."""
    record(
        actor=booker.actor,
        action=f"waitlist.{what}",
        subject=f"waitlist.{entry.pk}",
        client=str(entry.client_id),
        now=booker.now,
        **detail,
    )


def _lapse(among: QuerySet[Appointment], now: datetime) -> int:
    """One transaction for each: none waits for all the others."""
    run_out = list(among.filter(state=State.HELD, held_until__lte=now).values_list("pk", flat=True))
    return sum(attempt(partial(_let_one_go, each, now), keys=()) for each in run_out)


def _let_one_go(held: UUID, now: datetime) -> int:
    ended = let_go([held], Booker.by_clock(now))
    for each in ended:
        freed(each.location, each.starts, each.ends, now)
    return len(ended)
