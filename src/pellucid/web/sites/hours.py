"""Opening hours: spans of a place's own wall clock on each weekday.

A span is ``09:00-18:00``; one that ends at ``24:00`` lasts until midnight. No span runs past midnight.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")
MIDNIGHT = 24 * 60

Hours = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a place is open at a moment, and until or from when."""

    is_open: bool
    until: str = ""
    """Closing time on the same day, ``18:00``; empty while closed."""
    weekday: str = ""
    """While closed, the day of the next opening; empty where there is none within a week."""
    opens: str = ""
    in_days: int = 0
    """How many days ahead that is; 0 is the same day."""


def read(span: str) -> tuple[int, int]:
    """Begin and end in minutes of the day.

    Raises:
        ValueError: it is no span, or ends before it begins.
    """
    found = SPAN.match(span)
    if not found:
        raise ValueError(f"{span!r} is no span such as 09:00-18:00")
    begin, end = (int(found[part]) * 60 + int(found[part + 1]) for part in (1, 3))
    if not begin < end <= MIDNIGHT:
        raise ValueError(f"{span!r} ends before it begins")
    return begin, end


def opening(hours: Hours, zone: str, now: datetime) -> Opening:
    """Whether a place is open now, by its own clock."""
    local = now.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    for span in hours.get(WEEKDAYS[local.weekday()], ()):
        begin, end = read(span)
        if begin <= minute < end:
            return Opening(is_open=True, until=span.partition("-")[2])
    return _next_opening(hours, local, minute)


def _next_opening(hours: Hours, local: datetime, minute: int) -> Opening:
    for ahead in range(8):
        weekday = WEEKDAYS[(local + timedelta(days=ahead)).weekday()]
        starts = sorted(span for span in hours.get(weekday, ()) if ahead or read(span)[0] > minute)
        if starts:
            return Opening(is_open=False, weekday=weekday, opens=starts[0].partition("-")[0], in_days=ahead)
    return Opening(is_open=False)
