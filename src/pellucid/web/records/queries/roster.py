"""Who works where and when, out of the tables, as the core takes it; each table is read once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self, TypeVar

from pellucid.booking.calendar import Extra, Off, Practitioner, Stretch, Week
from pellucid.booking.calendar import Location as Place
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership, Role
from pellucid.web.records.models import ExtraHours, Schedule, TimeOff
from pellucid.web.sites.hours import WEEKDAYS, Hours, read
from pellucid.web.sites.models import Closure, Location

Row = TypeVar("Row")
DAY = timedelta(days=1)


def member_of(practitioner: str) -> int:
    """The number of the membership that a calendar's practitioner is."""
    return int(practitioner.partition(".")[0])


def week_of(hours: Hours) -> Week:
    """Weekly hours as the core takes them."""
    return tuple(_stretches(hours.get(day, ())) for day in WEEKDAYS)


def _stretches(spans: Iterable[str]) -> tuple[Stretch, ...]:
    return tuple(Stretch(*read(span)) for span in spans)


@dataclass(frozen=True)
class Roster:
    """What the tables say of some locations around some days."""

    places: Mapping[int, Location]
    schedules: Sequence[Schedule]
    """At every location there is: whether somebody works at several decides what they are called."""
    extra: Sequence[ExtraHours]
    closures: Sequence[Closure]
    time_off: Sequence[TimeOff]

    @classmethod
    def read(cls, places: Iterable[Location], since: datetime, until: datetime) -> Self:
        """Read it: four queries, and one or two more where there are extra hours.

        Args:
            places: the locations.
            since: what is over by then is left out.
            until: what begins only then is left out.
        """
        numbers = {each.pk: each for each in places}
        days = {"on__gte": (since - DAY).date(), "on__lte": (until + DAY).date()}
        within = {"starts__lt": until, "ends__gt": since}
        schedules = Schedule.objects.filter(membership__active=True, membership__user__is_active=True)
        return cls(
            numbers,
            list(schedules.select_related("membership__user").order_by("membership__user__name", "membership")),
            list(ExtraHours.objects.filter(location__in=numbers, **days).prefetch_related("members__user")),
            list(Closure.objects.filter(location__in=numbers, **within)),
            list(TimeOff.objects.filter(**within)),
        )

    def locations(self) -> tuple[Place, ...]:
        """The locations, with the days on which they are closed and those with more hours."""
        closed = _by(self.closures, "location_id")
        return tuple(
            Place(
                id=place.slug,
                zone=place.zone,
                name=place.name,
                closed=tuple(Off(each.starts, each.ends, each.name) for each in closed.get(number, ())),
                extra=tuple(self._extra_at(number)),
            )
            for number, place in self.places.items()
        )

    def _extra_at(self, number: int) -> Iterator[Extra]:
        for each in self.extra:
            named = each.members.all()
            members = tuple(self._id(member, number) for member in named if _treats(member))
            if each.location_id == number and (members or not named):  # with nobody left, it is not for everybody
                yield Extra(each.on, _stretches(each.hours), members, each.name)

    def practitioners(self) -> tuple[Practitioner, ...]:
        """Everybody who treats and has hours at one of the locations, once for each."""
        off = _by(self.time_off, "membership_id")
        return tuple(
            Practitioner(
                id=self._id(schedule.membership, schedule.location_id),
                location=self.places[schedule.location_id].slug,
                level=Level(schedule.membership.level or Level.L0),
                hours=week_of(schedule.hours),
                breaks=week_of(schedule.breaks),
                time_off=tuple(Off(each.starts, each.ends) for each in off.get(schedule.membership_id, ())),
                name=schedule.membership.user.name,
                person=str(schedule.membership_id),
            )
            for schedule in (*self.schedules, *self._only_extra())
            if self._is_open(schedule.location_id) and _treats(schedule.membership)
        )

    def _is_open(self, number: int) -> bool:
        """Whether a location is one of these, and in use."""
        return number in self.places and self.places[number].active

    def _only_extra(self) -> Iterator[Schedule]:
        """An empty week for whoever works somewhere on single days alone."""
        known = {(each.membership_id, each.location_id) for each in self.schedules}
        pairs = {(member.pk, each.location_id): member for each in self.extra for member in each.members.all()}
        for (number, location), member in pairs.items():
            if (number, location) not in known:
                yield Schedule(membership=member, location_id=location)

    @cached_property
    def _homes(self) -> Mapping[int, set[int]]:
        found = _by(self.schedules, "membership_id")
        return {number: {each.location_id for each in schedules} for number, schedules in found.items()}

    def _id(self, membership: Membership, location: int) -> str:
        return _id(membership, self.places[location], self._homes.get(membership.pk, set()))


def practitioner_id(membership: Membership, location: Location) -> str:
    """How a calendar names one of the staff at a location; one query."""
    return _id(membership, location, set(membership.schedules.values_list("location", flat=True)))


def _id(membership: Membership, location: Location, homes: Collection[int]) -> str:
    """Their number; with the location behind it where they have weekly hours elsewhere."""
    elsewhere = set(homes) - {location.pk}
    return f"{membership.pk}.{location.slug}" if elsewhere else str(membership.pk)


def _treats(membership: Membership) -> bool:
    return membership.active and bool(membership.level) and membership.role != Role.FRONT_DESK


def _by(rows: Iterable[Row], field: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for each in rows:
        found.setdefault(getattr(each, field), []).append(each)
    return found
