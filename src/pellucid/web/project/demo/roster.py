"""Who works where in the demo, in which rooms and with which devices. What is there already stays as it is."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pellucid.booking.minutes import moment_of
from pellucid.booking.wall_clock import first_minute
from pellucid.web.accounts.models import Membership
from pellucid.web.audit.changes import fingerprint
from pellucid.web.audit.record import SYSTEM
from pellucid.web.records.actions import rosters
from pellucid.web.records.models import Schedule, TimeOff
from pellucid.web.records.queries.working_hours import zone_of
from pellucid.web.sites.clock import day
from pellucid.web.sites.hours import WEEKDAYS
from pellucid.web.sites.models import Device, Location, Room

Table = Mapping[str, Any]
Places = Mapping[str, Location]


def make_roster(told: Table, places: Places, now: datetime) -> None:
    """Rooms, devices, weeks, time off, a closed day and extra hours."""
    people = {each.user.email: each for each in Membership.objects.select_related("user", "location")}
    for kind, named in ((Room, told["rooms"]), (Device, told["devices"])):
        for slug, things in named.items():
            for position, (name, of_kind) in enumerate(things.items()):
                wanted = {"kind": of_kind, "position": position}
                kind.objects.get_or_create(location=places[slug], name=name, defaults=wanted)
    for each in told["schedules"]:
        _week(each, people[each["who"]], places[each["at"]], now)
    if not TimeOff.objects.exists():
        _exceptions(told, people, places, now)


def _week(told: Table, member: Membership, place: Location, now: datetime) -> None:
    if Schedule.objects.filter(membership=member, location=place).exists():
        return
    told = {"hours": told["hours"], "breaks": told["breaks"], "base": fingerprint({}), "reason": "As agreed"}
    rosters.set_schedule(membership=member, location=place, **told, by=SYSTEM, now=now)


def _exceptions(told: Table, people: Mapping[str | None, Membership], places: Places, now: datetime) -> None:
    """Days that are counted from the one on which the demo is made."""
    for each in told["time_off"]:
        member = people[each["who"]]
        starts, ends = _days(each, zone_of(member, otherwise="UTC"), now)
        rosters.add_time_off(membership=member, starts=starts, ends=ends, name=each["name"], by=SYSTEM, now=now)
    for each in told["closures"]:
        place = places[each["at"]]
        starts, ends = _days(each, place.zone, now)
        rosters.add_closure(location=place, starts=starts, ends=ends, name=each["name"], by=SYSTEM, now=now)
    for each in told["extra_hours"]:
        place = places[each["at"]]
        on = _next(each["weekday"], day(now, place.zone) + timedelta(days=each["begins"]))
        who = [people[email] for email in each["who"]]
        wanted = {"location": place, "on": on, "hours": each["hours"], "members": who, "name": each["name"]}
        rosters.add_extra(**wanted, by=SYSTEM, now=now)


def _days(told: Table, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Whole days by the clock of a zone."""
    first = day(now, zone) + timedelta(days=told["begins"])
    starts, ends = (first_minute(each, 0, ZoneInfo(zone)) for each in (first, first + timedelta(days=told["lasts"])))
    return moment_of(starts), moment_of(ends)


def _next(weekday: str, since: date) -> date:
    return since + timedelta(days=(WEEKDAYS.index(weekday) - since.weekday()) % 7)
