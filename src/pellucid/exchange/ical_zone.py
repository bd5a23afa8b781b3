"""Time zones as a calendar file describes them (VTIMEZONE, RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard


def timezone_of(zone: str, first: int, last: int) -> Timezone:
    """A time zone from the year before ``first`` to the end of ``last``.

    icalendar's own ``Timezone.from_tzinfo`` dates the change in spring by the new offset, an hour late; RFC 5545 wants
    the old one.
    """
    clock = ZoneInfo(zone)
    start, end = datetime(first - 1, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    onsets: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    before = _offset(start, clock)
    for change in (start, *_changes(clock, start, end)):
        local = change.astimezone(clock)
        kind = (before, _offset(change, clock), local.tzname() or zone, bool(local.dst()))
        onsets.setdefault(kind, []).append((change + before).replace(tzinfo=None))
        before = _offset(change, clock)
    found = Timezone()
    found.add("TZID", zone)
    for (offset_from, offset_to, name, summer), (onset, *others) in onsets.items():
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("DTSTART", onset)
        part.add("TZOFFSETFROM", offset_from)
        part.add("TZOFFSETTO", offset_to)
        part.add("TZNAME", name)
        if others:
            part.add("RDATE", others)
        found.add_component(part)
    return found


def _changes(clock: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment at which the zone's offset changes; UTC."""
    for number in range((end - start).days):
        low, high = start + timedelta(days=number), start + timedelta(days=number + 1)
        if _offset(low, clock) == _offset(high, clock):
            continue
        while high - low > timedelta(seconds=1):
            middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
            low, high = (middle, high) if _offset(middle, clock) == _offset(low, clock) else (low, middle)
        yield high


def _offset(moment: datetime, clock: ZoneInfo) -> timedelta:
    return moment.astimezone(clock).utcoffset() or timedelta()
