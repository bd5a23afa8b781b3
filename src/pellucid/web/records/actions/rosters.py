"""Who works when, and when they don't: weekly hours, time off, extra hours, and days on which a location is closed.

Whatever takes hours away can leave booked visits outside of them. Nothing is cancelled by that: the visits are looked
at again, and staff see which no longer fit. ``left_out`` tells beforehand.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from pellucid.web.accounts.models import Membership
from pellucid.web.audit.changes import record_change
from pellucid.web.audit.record import record
from pellucid.web.records.actions.rescreen import hours_again
from pellucid.web.records.models import Appointment, ExtraHours, Schedule, TimeOff
from pellucid.web.records.queries.uncovered import uncovered
from pellucid.web.sites.hours import Hours
from pellucid.web.sites.models import Clinic, Closure, Device, Location, Room
from pellucid.web.sites.resources import ResourceTerms, save_resource


def subject_of(membership: Membership) -> str:
    """How the audit trail names what one of the staff works."""
    return f"roster.{membership.pk}"


def place_of(location: Location) -> str:
    """How the audit trail names a location."""
    return f"location.{location.pk}"


def _lock() -> None:
    """Of two who change what people work, the second waits: also where what they change is not there yet."""
    Clinic.objects.select_for_update().first()


def left_out(change: Callable[[], object], *, now: datetime) -> list[Appointment]:
    """Booked visits that a change would leave outside the hours, sorted by their start; the change is not made.

    It is tried and taken back in one transaction, so what is told is what would be.
    """
    with transaction.atomic():
        before = {each.pk for each in uncovered(now=now)}
        change()
        after = uncovered(now=now)
        transaction.set_rollback(True)
    return [each for each in after if each.pk not in before]


def schedule_facts(schedule: Schedule | None) -> dict[str, Any]:
    """What can be set of somebody's week at a location; nothing where they have none there."""
    return {"hours": dict(schedule.hours), "breaks": dict(schedule.breaks)} if schedule else {}


@transaction.atomic
def set_schedule(
    *,
    membership: Membership,
    location: Location,
    hours: Hours,
    breaks: Hours,
    base: str,
    reason: str,
    by: str,
    now: datetime,
) -> bool:
    """Set the weekly hours of somebody at a location; whether anything differs.

    Args:
        membership: who works.
        location: where.
        hours: weekday to spans by the location's clock; none at all is never.
        breaks: spans of them without appointments.
        base: ``audit.changes.fingerprint`` of the ``schedule_facts`` that the page was made from.
        reason: why.
        by: who, as the audit trail names them.
        now: when.

    Raises:
        ChangedSinceError: somebody else changed them since.
    """
    _lock()
    standing = Schedule.objects.filter(membership=membership, location=location).first()
    before = schedule_facts(standing)
    saved = standing or Schedule(membership=membership, location=location)
    saved.hours, saved.breaks = dict(hours), dict(breaks)
    saved.save()
    changed = record_change(
        noun="schedule",
        subject=subject_of(membership),
        before=before,
        after=schedule_facts(saved),
        base=base,
        by=by,
        now=now,
        reason=reason,
        location=location.slug,
    )
    if changed:
        _look_again(now)
    return changed


@transaction.atomic
def add_time_off(
    *, membership: Membership, starts: datetime, ends: datetime, name: str, by: str, now: datetime
) -> TimeOff:
    """Keep somebody free from one moment to another; the same sent twice is kept once.

    Args:
        membership: who.
        starts: first moment without appointments.
        ends: first moment after it.
        name: what for, in the words of who enters it; for those who may change it.
        by: who, as the audit trail names them.
        now: when.
    """
    _lock()
    told = {"starts": starts, "ends": ends}
    made, is_new = TimeOff.objects.get_or_create(membership=membership, **told, defaults={"name": name})
    if is_new:
        _record("time_off.added", subject_of(membership), by, now, **told)
    return made


@transaction.atomic
def remove_time_off(*, number: int, by: str, now: datetime) -> None:
    """Take time off back; nothing happens where that was done already."""
    found = TimeOff.objects.select_for_update().select_related("membership").filter(pk=number).first()
    if found:
        found.delete()
        _record("time_off.removed", subject_of(found.membership), by, now, starts=found.starts, ends=found.ends)


@transaction.atomic
def add_closure(*, location: Location, starts: datetime, ends: datetime, name: str, by: str, now: datetime) -> Closure:
    """Close a location from one moment to another; the same sent twice is kept once."""
    _lock()
    told = {"starts": starts, "ends": ends}
    made, is_new = Closure.objects.get_or_create(location=location, **told, defaults={"name": name})
    if is_new:
        _record("closure.added", place_of(location), by, now, **told)
    return made


@transaction.atomic
def remove_closure(*, number: int, by: str, now: datetime) -> None:
    """Open a location again; nothing happens where that was done already."""
    found = Closure.objects.select_for_update().select_related("location").filter(pk=number).first()
    if found:
        found.delete()
        _record("closure.removed", place_of(found.location), by, now, starts=found.starts, ends=found.ends)


@transaction.atomic
def add_extra(
    *,
    location: Location,
    on: date,
    hours: Sequence[str],
    members: Sequence[Membership],
    name: str,
    by: str,
    now: datetime,
) -> ExtraHours:
    """Open a location for some hours more on one day; the same sent twice is kept once.

    Args:
        location: where.
        on: the day by its clock.
        hours: spans, such as ``["10:00-14:00"]``.
        members: who works then; nobody is everybody with hours there.
        name: what for.
        by: who, as the audit trail names them.
        now: when.
    """
    _lock()
    wanted = {each.pk for each in members}
    for standing in ExtraHours.objects.filter(location=location, on=on).prefetch_related("members"):
        if standing.hours == list(hours) and {each.pk for each in standing.members.all()} == wanted:
            return standing
    made = ExtraHours.objects.create(location=location, on=on, hours=list(hours), name=name)
    made.members.set(members)
    told = {"on": on.isoformat(), "hours": list(hours), "members": sorted(wanted)}
    _record("extra_hours.added", place_of(location), by, now, **told)
    return made


@transaction.atomic
def remove_extra(*, number: int, by: str, now: datetime) -> None:
    """Take extra hours back; nothing happens where that was done already."""
    found = ExtraHours.objects.select_for_update().select_related("location").filter(pk=number).first()
    if found:
        found.delete()
        told = {"on": found.on.isoformat(), "hours": found.hours}
        _record("extra_hours.removed", place_of(found.location), by, now, **told)


@transaction.atomic
def set_resource(*, resource: Room | Device, terms: ResourceTerms, now: datetime, **change: str) -> bool:
    """Add a room or a device, or change it, as ``sites.resources.save_resource`` does; whether anything differs."""
    changed = save_resource(resource=resource, terms=terms, now=now, **change)
    if changed:
        _look_again(now)
    return changed


def _record(action: str, subject: str, by: str, now: datetime, **detail: Any) -> None:
    """Record a change, and have the visits that it may touch looked at again."""
    told = {key: each.isoformat() if isinstance(each, datetime) else each for key, each in detail.items()}
    record(actor=by, action=action, subject=subject, now=now, **told)
    _look_again(now)


def _look_again(now: datetime) -> None:
    """Have every visit to come looked at again, in the background and together with the change."""
    hours_again.put(key=f"hours.{now:%Y%m%dT%H%M%S%f}", now=now)
