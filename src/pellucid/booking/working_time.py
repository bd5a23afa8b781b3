"""When somebody works: weekly hours less breaks and closed days, plus extra hours, less time off."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pellucid.booking.calendar import Calendar, Off, Practitioner, Stretch, Week
from pellucid.booking.minutes import minute_of, without
from pellucid.booking.wall_clock import first_minute
from pellucid.model.spans import Run, Spans, normalise


def working_time(calendar: Calendar, practitioner: Practitioner, *, since: date, until: date) -> Spans:
    """The minutes that a practitioner works on the days from ``since`` to ``until``, both included."""
    location = calendar.location[practitioner.location]
    zone = ZoneInfo(location.zone)
    weekly = _weekly(practitioner.hours, since, until, zone)
    pauses = normalise((*_weekly(practitioner.breaks, since, until, zone), *_off(location.closed)))
    extra = (
        run
        for each in location.extra
        if since <= each.on <= until and (not each.practitioners or practitioner.id in each.practitioners)
        for run in _runs(each.on, each.hours, zone)
    )
    present = normalise((*without(weekly, pauses), *extra))
    return without(present, normalise(_off(practitioner.time_off)))


@lru_cache(maxsize=256)
def _weekly(week: Week, since: date, until: date, zone: ZoneInfo) -> Spans:
    """The stretches of a week on each of the days; many people have the same, and are asked for again and again."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return normalise(run for day in days for run in _runs(day, week[day.weekday()], zone))


def _runs(day: date, stretches: Iterable[Stretch], zone: ZoneInfo) -> Iterator[Run]:
    for opens, closes in stretches:
        yield first_minute(day, opens, zone), first_minute(day, closes, zone)


def _off(stretches: Iterable[Off]) -> Iterator[Run]:
    for each in stretches:
        yield minute_of(each.starts), minute_of(each.ends)
