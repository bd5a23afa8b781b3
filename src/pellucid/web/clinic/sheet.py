"""One screen of the calendar: columns under one clock, with what is shut, taken up and booked in each.

Everything stands by what the clock on the wall shows. A column is a person, a room or a device on one day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from pellucid.booking.minutes import DAY, minute_of, moment_of, without
from pellucid.booking.wall_clock import first_minute
from pellucid.booking.working_time import working_time
from pellucid.model.spans import Run, Spans, normalise
from pellucid.web.clinic.naming import STATES, service_names
from pellucid.web.records.models import Appointment, Part, Reservation
from pellucid.web.records.queries import desk
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.records.queries.desk import Kind
from pellucid.web.sites.models import Location

if TYPE_CHECKING:
    from pellucid.booking.calendar import Calendar

HOUR = 60
USUAL = (9 * HOUR, 18 * HOUR)
"""What is shown of a day on which nobody works and nothing is booked."""
LEAST = 10
"""Minutes that anything is drawn for at least."""


def place(top: int, length: int) -> str:
    """The classes that put something at a minute of the sheet, for so many minutes (``calendar.css``)."""
    return " ".join(
        f"{name}-h{minutes // 100} {name}-t{minutes // 10 % 10} {name}-u{minutes % 10}"
        for name, minutes in (("from", top), ("for", length))
    )


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a column in which nobody can be booked, or that is taken up with buffers."""

    place: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A visit, or the part of it that is in this room or at this device."""

    place: str
    visit: Appointment
    number: int
    starts: datetime
    ends: datetime
    services: str

    @property
    def id(self) -> str:
        """The same on every reading, so that the focus stays where it is."""
        return f"visit-{self.visit.pk}-{self.number}"

    @property
    def state(self) -> str:
        """What became of it, in words; of what is simply booked, nothing."""
        return "" if self.visit.state == "booked" else str(STATES[self.visit.state])

    @property
    def movable(self) -> bool:
        """Whether it can still be moved."""
        return self.visit.state in {"tentative", "booked"}


@dataclass(frozen=True, slots=True)
class Column:
    """One person, room or device on one day."""

    key: str
    """As reservations name it: ``practitioner.7``."""
    name: str
    day: date
    is_today: bool
    shut: tuple[Block, ...]
    taken: tuple[Block, ...]
    pieces: tuple[Piece, ...]
    now: str
    """Where the line of the present stands; empty on another day."""

    @property
    def id(self) -> str:
        """For the heading that names it."""
        return f"column-{self.key.replace('.', '-')}-{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see."""

    location: Location
    since: date
    until: date
    by: Kind = "practitioner"
    key: str = ""
    """Whose days they are, where it is one; the first where nobody is named."""
    one: bool = False
    """Whether the days of one person, room or device stand side by side, in place of all on one day."""


class Sheet:
    """It, worked out."""

    def __init__(self, asked: Asked, *, now: datetime) -> None:
        """Read everything that it shows: as many queries for one column as for eighty."""
        self.asked = asked
        self._now = now
        self._zone = ZoneInfo(asked.location.zone)
        self._calendar: Calendar = calendar_for(since=asked.since, until=asked.until, location=asked.location, now=now)
        self._window = (self._midnight(asked.since), self._midnight(asked.until + timedelta(days=1)))
        self.names = self._named()
        since, until = self._window
        rows = desk.taken(asked.location, list(self.names), since=since, until=until, now=now)
        self._rows = [row for row in rows if row.resource.partition(".")[0] == asked.by]
        for row in self._rows:
            if row.appointment.location_id == asked.location.pk:
                self.names.setdefault(row.resource, self._retired(row))
        self.key = asked.key if asked.key in self.names else next(iter(self.names), "")
        people = [int(key.partition(".")[2]) for key in self.names] if asked.by == "practitioner" else []
        self._busy = desk.busy(people, since=since, until=until) if people else {}

    def _midnight(self, day: date) -> int:
        return first_minute(day, 0, self._zone)

    def _named(self) -> dict[str, str]:
        """Who or what can be booked here, by key, in their order."""
        if self.asked.by == "practitioner":
            here = (each for each in self._calendar.practitioners if each.location == self.asked.location.slug)
            return {f"practitioner.{each.who}": each.name for each in here}
        things = desk.things(self.asked.location, self.asked.by)
        self._all = {f"{self.asked.by}.{each.pk}": each.name for each in things}
        return {f"{self.asked.by}.{each.pk}": each.name for each in things if each.active}

    def _retired(self, row: Reservation) -> str:
        """The name of somebody or something that is no longer booked here but still has a visit."""
        if self.asked.by == "practitioner":
            return row.appointment.practitioner.user.name
        return self._all.get(row.resource, row.resource)

    @property
    def who(self) -> str:
        """The number of whose days these are; empty where it is everybody's day."""
        return self.key.partition(".")[2] if self.asked.one else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Whose days could be shown: number and name."""
        return [(key.partition(".")[2], name) for key, name in self.names.items()]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All of them, from the start of a line to its end."""
        return tuple(self._column(key, name, day) for key, name, day in self._wanted)

    @cached_property
    def _wanted(self) -> list[tuple[str, str, date]]:
        if self.asked.one:
            count = (self.asked.until - self.asked.since).days + 1 if self.key else 0
            days = [self.asked.since + timedelta(days=number) for number in range(count)]
            return [(self.key, self.names[self.key], day) for day in days]
        with_something = [key for key in self.names if self._hours_of(key) or self._of(key)]
        return [(key, self.names[key], self.asked.since) for key in with_something or self.names]

    @cached_property
    def opens(self) -> int:
        """The first minute of a day that is shown, on a full hour."""
        return min((start for start, _ in self._shown), default=USUAL[0]) // HOUR * HOUR

    @cached_property
    def closes(self) -> int:
        """The minute after the last that is shown, on a full hour."""
        return -(-max((end for _, end in self._shown), default=USUAL[1]) // HOUR) * HOUR

    @cached_property
    def _shown(self) -> list[Run]:
        """Everything that must be on it, by the clock on the wall."""
        found: list[Run] = []
        for key, _name, day in self._wanted:
            runs = [*self._hours_of(key), *((row.since, row.until) for row in self._here(key))]
            found += [cut for run in runs if (cut := self._on_the_wall(run, day))]
        return found

    @property
    def hours(self) -> list[tuple[str, str]]:
        """Where each hour stands, and what it is called."""
        return [
            (place(minute - self.opens, 0), f"{minute // HOUR:02}:00")
            for minute in range(self.opens, self.closes, HOUR)
        ]

    @property
    def whole(self) -> str:
        """The classes of a column's height."""
        return place(0, self.closes - self.opens)

    def _column(self, key: str, name: str, day: date) -> Column:
        today = self._now.astimezone(self._zone).date()
        minute = minute_of(self._now)
        return Column(
            key=key,
            name=name,
            day=day,
            is_today=day == today,
            shut=tuple(self._shut(key, day)),
            taken=tuple(self._drawn(((row.since, row.until) for row in self._here(key)), day)),
            pieces=tuple(self._pieces(key, day)),
            now=next((each.place for each in self._drawn([(minute, minute + 1)], day)), ""),
        )

    def _shut(self, key: str, day: date) -> Iterator[Block]:
        """When nobody works, is busy elsewhere, or is at another place."""
        whole = (self._midnight(day), self._midnight(day + timedelta(days=1)))
        yield from self._drawn(without((whole,), self._hours_of(key)), day)
        if self.asked.by == "practitioner":
            elsewhere = self._busy.get(int(key.partition(".")[2]), [])
            yield from self._drawn(normalise(elsewhere), day, _("Busy elsewhere"))
        for row in self._of(key):
            if row.appointment.location_id != self.asked.location.pk:
                words = _("At %(place)s") % {"place": row.appointment.location.name}
                yield from self._drawn([(row.since, row.until)], day, words)

    def _pieces(self, key: str, day: date) -> Iterator[Piece]:
        for row in self._here(key):
            for number, parts in enumerate(_in_a_row(row, key)):
                starts, ends = parts[0].starts, parts[-1].ends
                drawn = self._drawn([(minute_of(starts), minute_of(ends))], day)
                services = service_names(part.treatment for part in parts)
                for block in drawn:
                    yield Piece(block.place, row.appointment, number, starts, ends, services)

    def _drawn(self, runs: Iterable[Run], day: date, words: str = "") -> Iterator[Block]:
        """Where stretches of time stand on one day's column, as far as it shows them."""
        for run in runs:
            cut = self._on_the_wall(run, day)
            top, end = (max(cut[0], self.opens), min(cut[1], self.closes)) if cut else (0, 0)
            if top < end:
                yield Block(place(top - self.opens, max(end - top, LEAST if end - top > 1 else 1)), words)

    def _on_the_wall(self, run: Run, day: date) -> Run | None:
        """A stretch in minutes after a day's midnight as the clock shows them; None where it isn't on that day."""
        start, end = (self._wall(minute, day) for minute in run)
        start, end = max(start, 0), min(end, DAY)
        return (start, end) if start < end else None

    def _wall(self, minute: int, day: date) -> int:
        local = moment_of(minute).astimezone(self._zone)
        return (local.date() - day).days * DAY + local.hour * HOUR + local.minute

    def _hours_of(self, key: str) -> Spans:
        """When somebody works; of a room or a device, when anybody does."""
        person = key.partition(".")[2]
        if self.asked.by != "practitioner":
            return self._anybody
        return normalise(run for whom, runs in self._working if whom == person for run in runs)

    @cached_property
    def _anybody(self) -> Spans:
        return normalise(run for _who, runs in self._working for run in runs)

    @cached_property
    def _working(self) -> list[tuple[str, Spans]]:
        here = (each for each in self._calendar.practitioners if each.location == self.asked.location.slug)
        return [
            (
                each.who,
                working_time(self._calendar, each, since=self.asked.since, until=self.asked.until),
            )
            for each in here
        ]

    def _of(self, key: str) -> list[Reservation]:
        return [row for row in self._rows if row.resource == key]

    def _here(self, key: str) -> list[Reservation]:
        return [row for row in self._of(key) if row.appointment.location_id == self.asked.location.pk]


def _in_a_row(row: Reservation, key: str) -> list[Sequence[Part]]:
    """The parts of a visit that a reservation is for, together as far as they follow one another."""
    kind, _, number = key.partition(".")
    runs: list[list[Part]] = []
    last: Part | None = None
    for part in row.appointment.parts.all():
        inside = row.since <= minute_of(part.starts) and minute_of(part.ends) <= row.until
        if inside and _takes_up(part, kind, int(number)):
            if last is not None and last.position + 1 == part.position and runs:
                runs[-1].append(part)
            else:
                runs.append([part])
            last = part
    return list(runs)


def _takes_up(part: Part, kind: str, number: int) -> bool:
    if kind == "room":
        return part.room_id == number
    return kind == "practitioner" or number in part.devices
