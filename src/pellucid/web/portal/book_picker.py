"""Seven days with their free times, one of them open: what a page shows to pick a time from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pellucid.web.portal.book_openings import ONE, WEEK, Day, Openings, Time

PARTS: Mapping[str, Promise] = {"morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}


@dataclass(frozen=True, slots=True)
class DayLink:
    """One day of the strip."""

    day: Day
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """What is shown."""

    links: tuple[DayLink, ...]
    day: Day
    """The one that is open."""
    found_first: bool
    """Whether it is open because it is the first with something free."""
    none_at_all: bool
    """Whether the first one was looked for and there is none, as far ahead as clients can book."""
    earlier: str
    """Address of the seven days before; empty where nothing can be booked there."""
    later: str
    first: str
    """Address at which the first free time is looked for."""

    @property
    def parts(self) -> Iterator[tuple[Promise, list[Time]]]:
        """Parts of the open day with their times, where they have any."""
        for part, heading in PARTS.items():
            times = [each for each in self.day.times if each.part == part]
            if times:
                yield heading, times

    @property
    def some_tentative(self) -> bool:
        """Whether a time of the open day waits for a practitioner's yes."""
        return any(each.tentative for each in self.day.times)

    @property
    def all_tentative(self) -> bool:
        """Whether every time of it does."""
        return all(each.tentative for each in self.day.times)


def pick(openings: Openings, on: date | None, address: Callable[[date | None], str]) -> Picker:
    """The days around one that was asked for; where none was, around the first with something free.

    Args:
        openings: what is free.
        on: the day to open, or None.
        address: of the same page with another day open, or with none asked for.
    """
    first = openings.first() if on is None else None
    asked = first.on if first else on or openings.earliest
    asked = min(max(asked, openings.earliest), openings.latest)
    since = openings.earliest + (asked - openings.earliest) // WEEK * WEEK
    until = min(since + WEEK - ONE, openings.latest)
    days = openings.days(since, until)
    return Picker(
        links=tuple(DayLink(each, address(each.on), current=each.on == asked) for each in days),
        day=next(each for each in days if each.on == asked),
        found_first=first is not None and bool(first.times),
        none_at_all=on is None and not (first and first.times),
        earlier=address(since - WEEK) if since > openings.earliest else "",
        later=address(since + WEEK) if until < openings.latest else "",
        first=address(None),
    )
