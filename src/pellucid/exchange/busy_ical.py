"""A calendar that somebody keeps elsewhere (iCalendar, RFC 5545), read for nothing but when they are busy.

Titles, places and people in it are not looked at, and a message about it tells no more than days. What would leave a
busy time out in silence is refused: a file that is cut off, an entry that can't be read. Then what was known before
stays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import prod
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import recurring_ical_events
from icalendar import Calendar, Component, Event, vDDDTypes

from pellucid.booking.minutes import DAY, minute_from, minute_of
from pellucid.booking.wall_clock import first_minute
from pellucid.model.errors import PellucidError
from pellucid.model.spans import Run, Spans, normalise

LARGEST = 5_000_000
"""Bytes of a file that is still read."""

MOST = 10_000
"""Entries of a file, and busy times in it, that are still read."""

PATIENCE = 10.0
"""Seconds after which nothing further is worked out: rules of repetition can be written that never come to a day."""

READ = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
"""Properties on which busy times hang: a fault in one of these is one, in others it isn't."""

TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}

A_DAY_AT_MOST = 24
"""Repetitions on one day that a rule may ask for."""

YEARS = range(1900, 2200)
"""Days outside these are slips of the pen, and would be a long way to look."""

LONGEST = timedelta(days=366)
"""Of an event that repeats."""

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
"""What the parser and the rules of repetition raise where they were not written as they should be."""

ONE = timedelta(days=1)


class BusyFileError(PellucidError):
    """A calendar can't be taken over; the message says why, without anything of what stands in it but days."""


def read_busy(text: bytes, *, since: date, until: date, zone: str) -> Spans:
    """When somebody is busy on some days, in minutes since 1970-01-01 00:00 UTC; sorted and merged.

    Args:
        text: the file, such as a download; UTF-8.
        since: the first day by the clock of ``zone``.
        until: the last day; it is included.
        zone: by whose clock whole days and times without a zone are meant, such as ``Europe/Madrid``.

    Entries that are marked as free (``TRANSP:TRANSPARENT``) or cancelled don't count, tentative ones do.

    Raises:
        BusyFileError: it is no calendar, is cut off, is too large, or has an entry that can't be worked out.
    """
    calendars = _calendars(text)
    clock = ZoneInfo(zone)
    days = (first_minute(since, 0, clock), first_minute(until, DAY, clock))
    found = islice(_busy(calendars, since - ONE, until + 2 * ONE, clock), MOST + 1)
    runs = [(max(start, days[0]), min(end, days[1])) for start, end in found]
    if len(runs) > MOST:
        raise BusyFileError(f"the calendar has more than {MOST} busy times in these days")
    return normalise(runs)


def _calendars(text: bytes) -> list[Component]:
    """The calendars of a file, usually one."""
    if len(text) > LARGEST:
        raise BusyFileError(f"the calendar is larger than {LARGEST // 1_000_000} megabytes")
    if not text.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        raise BusyFileError("this is not a calendar file (.ics); it would begin with BEGIN:VCALENDAR")
    if not text.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise BusyFileError("the calendar is cut off: it ends before END:VCALENDAR")
    try:
        calendars = Calendar.from_ical(text.decode("utf-8-sig"), multiple=True)
    except UnicodeDecodeError:
        raise BusyFileError("the calendar is not written in UTF-8") from None
    except (*UNREADABLE, OSError):  # the last one for a time zone that is a folder of zones, such as Europe
        raise BusyFileError("the calendar has a line that can't be read") from None
    if sum(len(calendar.subcomponents) for calendar in calendars) > MOST:
        raise BusyFileError(f"the calendar has more than {MOST} entries")
    zones = available_timezones()
    for calendar in calendars:
        if calendar.get("X-WR-TIMEZONE") not in zones:  # only a hint, and some programs write names of their own
            calendar.pop("X-WR-TIMEZONE", None)
    return list(calendars)


def _busy(calendars: Iterable[Component], since: date, until: date, clock: ZoneInfo) -> Iterator[Run]:
    """Every busy time that touches the days, and perhaps more, in minutes."""
    enough = monotonic() + PATIENCE
    for calendar in calendars:
        for series in _series(calendar):
            if monotonic() > enough:
                raise BusyFileError("the calendar takes too long to work out; its entries repeat too often")
            yield from _of_series(calendar, series, since, until, clock)
        for block in calendar.walk("VFREEBUSY"):
            yield from _of_block(block, clock)


def _series(calendar: Component) -> Iterable[list[Event]]:
    """The entries of a calendar, with those that change single days of another beside it."""
    found: dict[object, list[Event]] = {}
    events = [each for each in calendar.walk("VEVENT") if isinstance(each, Event)]
    for number, event in enumerate(events):
        found.setdefault(str(event["UID"]) if "UID" in event else number, []).append(event)
    return found.values()


def _of_series(calendar: Component, series: list[Event], since: date, until: date, clock: ZoneInfo) -> Iterator[Run]:
    alone = Calendar()
    alone.update({name: calendar[name] for name in ("CALSCALE", "X-WR-TIMEZONE") if name in calendar})
    alone.subcomponents = [*series]
    try:
        for event in series:
            _check(event)
        for event in recurring_ical_events.of(alone).between(since, until):
            if event.get("TRANSP") != "TRANSPARENT" and event.get("STATUS") != "CANCELLED":
                yield _run(event["DTSTART"].dt, event["DTEND"].dt, clock)
    except UNREADABLE:
        raise BusyFileError(f"{_named(series[0])} can't be worked out") from None


def _check(event: Event) -> None:
    """Refuse what can't be read, and what would take too long."""
    faulty = READ & {name for name, _ in event.errors} or {"DTSTART"} - event.keys()
    if faulty:
        raise BusyFileError(f"{_named(event)} can't be read: its {min(faulty)} is missing or wrong")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        edge = _day(event, name)
        if edge and edge.year not in YEARS:
            raise BusyFileError(f"{_named(event)} has a day in a year that can't be meant")
        if isinstance(edge, datetime) and edge.tzinfo is None and "TZID" in event[name].params:
            raise BusyFileError(f"{_named(event)} is in a time zone that the calendar doesn't describe")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        _check_rule(event, rule)


def _check_rule(event: Event, rule: Mapping[str, Sequence[Any]]) -> None:
    times = prod(len(rule.get(name, [0])) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if TOO_OFTEN & set(rule.get("FREQ", ())) or times > A_DAY_AT_MOST or rule.get("INTERVAL", [1])[0] < 1:
        raise BusyFileError(f"{_named(event)} repeats too often on one day")
    if not timedelta() <= event.duration <= LONGEST:
        raise BusyFileError(f"{_named(event)} repeats, and lasts longer than a year or ends before it begins")


def _day(event: Component, name: str) -> date | None:
    """The day, or the time on it, that a property tells."""
    told = event.get(name)
    return told.dt if isinstance(told, vDDDTypes) and isinstance(told.dt, date) else None


def _named(event: Component) -> str:
    """An entry by its day, and by nothing else that stands in it."""
    start = _day(event, "DTSTART")
    return f"the entry that begins on {start:%Y-%m-%d}" if start else "an entry without a start"


def _of_block(block: Component, clock: ZoneInfo) -> Iterator[Run]:
    """What a list of free and busy times says is busy, surely or perhaps."""
    told: Any = block.get("FREEBUSY", [])
    for period in told if isinstance(told, list) else [told]:
        if period.params.get("FBTYPE", "BUSY") != "FREE":
            start, end = period.dt
            yield _run(start, start + end if isinstance(end, timedelta) else end, clock)


def _run(start: date, end: date, clock: ZoneInfo) -> Run:
    """From the minute in which something starts to the one in which it has ended."""
    edges = _moment(start, clock), _moment(end, clock)
    return minute_of(min(edges)), minute_from(max(edges))


def _moment(edge: date, clock: ZoneInfo) -> datetime:
    """A time, one without a zone, or the beginning of a day."""
    if not isinstance(edge, datetime):
        return datetime.combine(edge, time(), clock)
    return edge if edge.tzinfo else edge.replace(tzinfo=clock)
