"""What the clock on a wall shows in a time zone, and when: gaps, folds and changes of the offset.

A stretch of hours begins the first time that the clock shows its start and ends the first time that it shows its end.
Where the clock leaps over a time (the gap in spring), the moment of the leap stands for it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pellucid.booking.minutes import DAY, minute_of, moment_of


def shown(minute: int, zone: ZoneInfo) -> datetime:
    """What the clock shows at a minute."""
    return moment_of(minute).astimezone(zone)


def first_minute(day: date, minutes: int, zone: ZoneInfo) -> int:
    """The first minute at which the clock has reached a time of a day, ``minutes`` after its midnight (0 to 1440)."""
    midnight = steady_midnight(day, zone)
    if midnight is not None:
        return midnight + minutes
    local = datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minutes)
    first, second = both_minutes(local, zone)
    return first if first <= second else _change(second, first, zone)


@lru_cache(maxsize=4096)
def steady_midnight(day: date, zone: ZoneInfo) -> int | None:
    """The minute at which a day begins; None where the clock doesn't show each of its times, up to 24:00, just once."""
    begins = datetime.combine(day, time(), tzinfo=zone)
    (first, again), (last, once_more) = (both_minutes(each, zone) for each in (begins, begins + timedelta(days=1)))
    return first if first == again and last == once_more and last - first == DAY else None


def both_minutes(local: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The minutes of a local time read with ``fold=0`` and ``fold=1``.

    They are equal for an ordinary time; the second is later for a time that comes twice, and earlier for one that is
    skipped (see PEP 495).
    """
    return minute_of(local.replace(tzinfo=zone, fold=0)), minute_of(local.replace(tzinfo=zone, fold=1))


def leap(local: datetime, zone: ZoneInfo) -> tuple[time, time] | None:
    """For a local time that is skipped: what the clock leaps from and to."""
    first, second = both_minutes(local, zone)
    if first <= second:
        return None
    change = _change(second, first, zone)
    before = shown(change - 1, zone).replace(tzinfo=None) + timedelta(minutes=1)
    return before.time(), shown(change, zone).time()


def steady(since: int, until: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Cut ``[since, until)`` where the offset changes: (start, end, minutes that the clock is ahead of UTC)."""
    start = since
    while start < until:
        offset = _offset(start, zone)
        end = min(start + DAY, until)  # no zone changes twice within a day
        if _offset(end, zone) != offset:
            end = _change(start, end, zone)
        yield start, end, offset
        start = end


def _offset(minute: int, zone: ZoneInfo) -> int:
    return minute_of(shown(minute, zone).replace(tzinfo=UTC)) - minute


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """The first minute of a new offset: it is not yet there at ``before``, and is at ``after``."""
    offset = _offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after
