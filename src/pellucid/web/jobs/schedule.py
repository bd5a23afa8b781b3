"""What is done by the clock.

A schedule says when something was last due. What is due is handed over as a job, once: the row of the beat is taken
forward from the number that was read, so of two schedulers one does it. After a pause it is done once, not once for
each time it was missed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from pellucid.web.jobs.job import Kind
from pellucid.web.jobs.models import Beat

ASTRAY = timedelta(minutes=1)
"""A beat further ahead than this was not set by the clock as it is now: it was put back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is done by the clock."""

    name: str
    kind: Kind
    last_due: Callable[[datetime], datetime]
    """The latest moment not after the given one at which it is due."""


SCHEDULE: dict[str, Entry] = {}


def every(period: timedelta, name: str, kind: Kind) -> None:
    """Do a job again and again, with this long between."""
    began = datetime(2020, 1, 1, tzinfo=UTC)
    SCHEDULE[name] = Entry(name, kind, lambda now: now - (now - began) % period)


def daily(at: time, name: str, kind: Kind, *, zone: str = "UTC") -> None:
    """Do a job once a day by a wall clock.

    A time that the clock leaps over in spring is due as much later as it leaps; one that it shows twice in autumn is
    due the first time.
    """
    SCHEDULE[name] = Entry(name, kind, lambda now: last_daily(at, ZoneInfo(zone), now))


def last_daily(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest moment not after ``now`` at which a wall clock showed a time; in UTC."""
    today = now.astimezone(zone).date()
    moment = datetime.combine(today, at, tzinfo=zone).astimezone(UTC)
    return moment if moment <= now else datetime.combine(today - timedelta(days=1), at, tzinfo=zone).astimezone(UTC)


def tick(now: datetime) -> list[str]:
    """Hand over what is due; the names of that."""
    return [entry.name for entry in SCHEDULE.values() if _beat(entry, now)]


def _beat(entry: Entry, now: datetime) -> bool:
    due = entry.last_due(now)
    with transaction.atomic():
        beat, is_new = Beat.objects.get_or_create(name=entry.name, defaults={"last_at": due})
        if not is_new and (due <= beat.last_at <= now + ASTRAY):
            return False
        mine = Beat.objects.filter(pk=beat.pk, number=beat.number)
        if not mine.update(number=beat.number + 1, last_at=due):
            return False
        entry.kind.put(key=f"beat.{entry.name}.{beat.number + 1}", now=now)
    return True
