"""The times at which what a client looks for can be had, day by day, each with whether it fits them and why not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pellucid.booking.availability import open_visits
from pellucid.booking.calendar import Calendar
from pellucid.web.portal.book_wish import Wish, sent
from pellucid.web.portal.book_words import on_the_wall
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.records.queries.choosing import own_times
from pellucid.web.records.queries.fitting import Fit, Fitting
from pellucid.web.records.queries.roster import member_of
from pellucid.web.sites.clock import day

if TYPE_CHECKING:
    from pellucid.model.levels import Level
    from pellucid.model.slot import Visit
    from pellucid.web.records.models import Appointment, Client

WEEK = timedelta(days=7)
ONE = timedelta(days=1)
MOST_AT_ONCE = timedelta(days=56)
"""How many days are worked out in one go while the first free time is looked for; they are read all at once."""


@dataclass(frozen=True, slots=True)
class Time:
    """One start that is free and fits, with everybody who could do it then."""

    starts: datetime
    zone: str
    visits: "tuple[Visit, ...]"
    """Whom the client would rather have comes first."""
    tentative: bool
    """Whether a practitioner has to say yes first."""

    @property
    def local(self) -> datetime:
        """When it starts by the location's clock."""
        return self.starts.astimezone(ZoneInfo(self.zone))

    @property
    def wall(self) -> datetime:
        """The same without a zone, so that pages don't turn it into another one."""
        return on_the_wall(self.starts, self.zone)

    @property
    def label(self) -> str:
        """The same as people read it."""
        return f"{self.local:%H:%M}"

    @property
    def sent(self) -> str:
        """As forms send it."""
        return sent(self.starts)

    @property
    def part(self) -> str:
        """Part of the day."""
        return "morning" if self.local.hour < 12 else "afternoon" if self.local.hour < 17 else "evening"  # noqa: PLR2004 - hours of the clock


@dataclass(frozen=True, slots=True)
class Day:
    """One day by the location's clock."""

    on: date
    times: tuple[Time, ...] = ()
    against: Fit | None = None
    """Where something is free and nothing of it fits: why not."""


class Openings:
    """What is free for one wish of one client."""

    def __init__(self, wish: Wish, client: "Client", *, now: datetime, instead_of: "Appointment | None" = None) -> None:
        """Remember who looks for what.

        Args:
            wish: what is looked for.
            client: who would come.
            now: the moment from which the clinic's notice counts.
            instead_of: a visit that would be moved or let go; what it takes up itself is free.
        """
        self.wish, self.client, self._now, self._instead_of = wish, client, now, instead_of
        clinic = wish.location.clinic
        self._soonest = now + timedelta(hours=clinic.notice_hours)
        self.earliest = day(self._soonest, wish.location.zone)
        self.latest = max(self.earliest, day(now, wish.location.zone) + timedelta(days=clinic.days_ahead))
        self._fitting = Fitting(client, now=now, but=instead_of)
        self._read: tuple[date, date, Calendar] | None = None
        self._usual = instead_of.practitioner_id if instead_of else client.practitioner_id
        self._fits: dict[tuple[date, Level], Fit] = {}

    def days(self, since: date, until: date) -> list[Day]:
        """Every day from one to another, both included."""
        found = {on: self._day(on, list(visits)) for on, visits in groupby(self._visits(since, until), _local_day)}
        return [found.get(on) or Day(on) for on in _each(since, until)]

    def first(self) -> Day | None:
        """The first day on which something is free that fits; where none fits, the first with something free."""
        since, span, unfit = self.earliest, WEEK, None
        self._calendar(self.earliest, self.latest)
        while since <= self.latest:
            days = self.days(since, min(since + span - ONE, self.latest))
            found = next((each for each in days if each.times), None)
            if found:
                return found
            unfit = unfit or next((each for each in days if each.against), None)
            since, span = max(since + span, _unfit_until(days)), min(2 * span, MOST_AT_ONCE)
        return unfit

    def at(self, starts: datetime) -> Time | None:
        """What is free and fits at one moment."""
        if not self._soonest <= starts <= self._now + timedelta(days=self.wish.location.clinic.days_ahead + 1):
            return None
        on = day(starts, self.wish.location.zone)
        return next((each for found in self.days(on, on) for each in found.times if each.starts == starts), None)

    def fit_on(self, on: date, level: "Level") -> Fit:
        """Whether the services fit the client on a day, done by somebody of a level."""
        if (on, level) not in self._fits:
            self._fits[on, level] = self._fitting.of(self.wish.treatments, on=on, performer=level)
        return self._fits[on, level]

    def _visits(self, since: date, until: date) -> "list[Visit]":
        """Everything free in these days within what clients may book, beside their own visits, in order of time."""
        since, until = max(since, self.earliest), min(until, self.latest)
        if until < since:
            return []
        found = open_visits(
            self._calendar(since, until),
            treatments=self.wish.treatments,
            since=since,
            until=until,
            now=self._soonest,
        )
        return [
            each for each in found if not any(each.starts < ends and starts < each.ends for starts, ends in self._own)
        ]

    @cached_property
    def _own(self) -> list[tuple[datetime, datetime]]:
        return own_times(self.client, now=self._now, but=self._instead_of)

    def _calendar(self, since: date, until: date) -> Calendar:
        """The calendar of these days; read anew only where they reach beyond what was read before."""
        if self._read is None or since < self._read[0] or until > self._read[1]:
            found = calendar_for(
                since=since, until=until, location=self.wish.location, now=self._now, but=self._instead_of
            )
            self._read = since, until, self._of_practitioner(found)
        return self._read[2]

    def _of_practitioner(self, calendar: Calendar) -> Calendar:
        """A calendar with nobody but who was asked for."""
        member = self.wish.practitioner
        if member is None:
            return calendar
        own = tuple(each for each in calendar.practitioners if member_of(each.id) == member.pk)
        return replace(calendar, practitioners=own)

    def _day(self, on: date, visits: "list[Visit]") -> Day:
        times = tuple(self._times(on, visits))
        against = [self.fit_on(on, each.level) for each in visits if not times]
        return Day(on, times, min(against, key=_soonest_until, default=None))

    def _times(self, on: date, visits: "Iterable[Visit]") -> Iterator[Time]:
        fitting = [each for each in visits if self.fit_on(on, each.level).bookable]
        for starts, alike in groupby(fitting, lambda each: each.starts):
            liked = tuple(sorted(alike, key=self._liking))
            yield Time(starts, liked[0].zone, liked, tentative=self.fit_on(on, liked[0].level).tentative)

    def _liking(self, visit: "Visit") -> "tuple[bool, bool, Level, int]":
        """What needs nobody's yes first, then who does it already or is the client's own practitioner.

        Of the others those of the lowest level: whoever may do more stays free for what needs it.
        """
        member = member_of(visit.practitioner)
        return self.fit_on(visit.day, visit.level).tentative, member != self._usual, visit.level, member


def _local_day(visit: "Visit") -> date:
    return visit.day


def _each(since: date, until: date) -> list[date]:
    return [since + ONE * number for number in range((until - since).days + 1)]


def _soonest_until(fit: Fit) -> date:
    return fit.until or date.max


def _unfit_until(days: Iterable[Day]) -> date:
    """The first day on which it may fit, of days on which it doesn't; long ago where nothing is said of that."""
    return max((each.against.until for each in days if each.against and each.against.until), default=date.min)
