"""Letters about visits that are due by the clock: the reminder, and the days on which somebody begins to prepare.

Each has one key for a visit at its time, so that it is put into the outbox once however often these run, and whatever
is killed meanwhile. What is put was checked under a lock on the visit: one that is moved or cancelled at the same
moment has none left that says otherwise.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.visit_letters import key_of, tell
from pellucid.web.records.models import Appointment
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.queries import reminding
from pellucid.web.sites import knowledge as sites
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import Location

REMIND_BEFORE = timedelta(days=2)
REMIND_AT = time(10)
"""When a visit is reminded of: so many days before, at this hour by the clock of its place."""
FRESH = timedelta(hours=24)
"""A visit that was booked no longer than this before it begins is remembered without a reminder."""
PREPARE_AT = time(9)
"""When somebody is told that preparing begins, on its day."""
CATCH_UP = 2
"""Days on which the letters of a morning are still put where nothing ran that morning."""


def remind_due(*, now: datetime) -> int:
    """Put the reminders that are due into the outbox; how many.

    A visit booked after its hour for reminding is reminded of at once, unless it was booked less than a day ahead.
    """
    due = {
        key_of(each, "reminder"): each
        for each in reminding.near(now=now, within=REMIND_BEFORE + timedelta(days=1))
        if _remind_at(each) <= now
    }
    fresh = {key: due[key] for key in due.keys() - _put_before(due)}
    settled = reminding.booked_at(fresh.values())
    wanted = {key: each for key, each in fresh.items() if not _is_fresh(each, settled.get(str(each.pk), each.made_at))}
    return sum(_put(each, "visit_reminder", key=key, now=now) for key, each in wanted.items())


def mornings(*, now: datetime) -> Iterator[tuple[int, date]]:
    """Each location with the last days there whose hour for telling of preparation has come."""
    for pk, zone in Location.objects.values_list("pk", "zone"):
        today = day(now, zone)
        days = [today - timedelta(days=back) for back in range(CATCH_UP)]
        yield from ((pk, each) for each in days if _by_clock(each, PREPARE_AT, zone) <= now)


def prepare_due(*, location: int, on: date, now: datetime) -> int:
    """Tell those with a visit at a location for which preparing begins on a day; how many.

    A booking tells of its own day and what went before: only what begins later is told.
    """
    ahead = reminding.days_ahead(sites.current())
    furthest = timedelta(days=max(max(days, default=0) for days in ahead.values()) + 1)
    maybe = reminding.may_begin(reminding.near(now=now, within=furthest, location=location), on, ahead)
    settled = reminding.booked_at(maybe)
    later = [each for each in maybe if day(settled.get(str(each.pk), each.made_at), each.location.zone) < on]
    due = {key_of(each, f"preparation.{on}"): each for each in later if _begins(each, on)}
    fresh = due.keys() - _put_before(due)
    return sum(_put(due[key], "visit_preparation", key=key, now=now, day=on) for key in sorted(fresh))


def _begins(appointment: Appointment, on: date) -> bool:
    known = reminding.profile_for(appointment.client)
    return known is not None and on in reminding.preparation_begins(appointment, profile=known[0], knowledge=known[1])


def _remind_at(appointment: Appointment) -> datetime:
    return _by_clock(reminding.day_of(appointment) - REMIND_BEFORE, REMIND_AT, appointment.location.zone)


def _by_clock(on: date, at: time, zone: str) -> datetime:
    return datetime.combine(on, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _is_fresh(appointment: Appointment, settled: datetime) -> bool:
    return settled > _remind_at(appointment) and appointment.starts - settled < FRESH


def _put_before(keys: Any) -> set[str]:
    return set(Message.objects.filter(key__in=list(keys)).values_list("key", flat=True))


@transaction.atomic
def _put(appointment: Appointment, kind: str, *, key: str, now: datetime, **facts: Any) -> bool:
    """Put one letter, unless the visit has become another since it was looked up; whether it was put."""
    visits = Appointment.objects.select_for_update(of=("self",)).select_related("client", "location__clinic")
    found = visits.filter(pk=appointment.pk, starts=appointment.starts, state__in=STANDING).first()
    return found is not None and tell(found, kind, key=key, now=now, **facts) is not None
