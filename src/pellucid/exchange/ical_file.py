"""What every calendar file begins and ends with (iCalendar, RFC 5545): its head, its time zones, its text."""

import unicodedata
from collections.abc import Iterable

from icalendar import Calendar, Event, Todo

from pellucid.exchange.ical_zone import timezone_of

UNSEEN = {"Cc", "Zl", "Zp"}
"""Unicode categories of control characters and of what some readers take for the end of a line."""

Item = Event | Todo


def calendar_with(method: str | None, *, prodid: str) -> Calendar:
    """A calendar with nothing in it.

    Args:
        method: what is to be done with it, as ``PUBLISH``; None where it is a file to keep.
        prodid: the name of what made it.
    """
    calendar = Calendar()
    calendar.add("PRODID", prodid)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    if method:
        calendar.add("METHOD", method)
    return calendar


def written(calendar: Calendar, items: Iterable[Item]) -> str:
    """A calendar with these entries and the time zones that they name, as text."""
    found = list(items)
    for item in found:
        calendar.add_component(item)
    years = [item.start.year for item in found]
    zones = sorted(calendar.get_missing_tzids())
    calendar.subcomponents[:0] = [timezone_of(zone, min(years), max(years)) for zone in zones]
    text: bytes = calendar.to_ical()
    return text.decode("utf-8")


def readable(lines: Iterable[str]) -> str:
    """Lines of text without the control characters that RFC 5545 forbids; people's own words may hold any."""
    return "\n".join("".join(each for each in line if unicodedata.category(each) not in UNSEEN) for line in lines)
