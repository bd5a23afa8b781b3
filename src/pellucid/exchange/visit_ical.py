"""A visit that was booked as a calendar file (iCalendar, RFC 5545): an invitation, its update, its end, or a feed.

A locked phone shows the SUMMARY of an entry to whoever stands by, and mails are read on their way: nothing in here
tells what is done at a visit. The UID stays with a visit and the SEQUENCE counts its changes, so that a calendar moves
or takes away the entry that it has instead of showing another one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Event, vCalAddress

from pellucid.exchange.ical_file import calendar_with, readable, written

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
"""What a calendar is asked to do (RFC 5546): add or change, take away, or take note of what is shown to anybody."""

Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]

PRODID = "-//Pellucid//Visits//EN"

REFRESH = timedelta(hours=1)
"""How long a calendar may show what it has before it looks at a feed again (RFC 7986)."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who is named in a calendar by an e-mail address."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class VisitTold:
    """A visit as a calendar tells of it, in the reader's language."""

    id: str
    version: int
    """Counts its changes."""
    status: Status
    starts: datetime
    ends: datetime
    zone: str
    """The IANA time zone of the place, by whose clock it stands in the calendar."""
    summary: str
    place: str
    about: Sequence[str]
    """Lines of the description."""
    url: str
    changed: datetime
    """When it became what it is; in UTC."""


def invite(visit: VisitTold, *, method: Method, host: str, organizer: Party, attendee: Party | None = None) -> str:
    """One visit as a calendar; the same input gives the same bytes.

    Args:
        visit: what is told.
        method: ``REQUEST`` for a new or changed visit, ``CANCEL`` for one that is off, ``PUBLISH`` for a file to keep.
        host: the name of the server, which makes the UID the only one in the world.
        organizer: the clinic.
        attendee: who is invited; a file to keep names nobody.
    """
    item = _event(visit, host, organizer)
    if attendee is not None and method != "PUBLISH":
        item.add("ATTENDEE", _address(attendee, CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED"))
    return written(calendar_with(method, prodid=PRODID), [item])


def feed(visits: Iterable[VisitTold], *, host: str, organizer: Party, name: str) -> str:
    """All visits of somebody as a calendar of a name, which a phone reads again and again; those that are off too."""
    calendar = calendar_with("PUBLISH", prodid=PRODID)
    calendar.calendar_name = name
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    return written(calendar, [_event(visit, host, organizer) for visit in visits])


def _event(visit: VisitTold, host: str, organizer: Party) -> Event:
    clock = ZoneInfo(visit.zone)
    item = Event()
    item.add("UID", f"appointment-{visit.id}@{host}")
    item.add("DTSTAMP", visit.changed)
    item.add("LAST-MODIFIED", visit.changed)
    item.add("SEQUENCE", visit.version)
    item.add("DTSTART", _shown(visit.starts, clock))
    item.add("DTEND", _shown(visit.ends, clock))
    item.add("SUMMARY", readable([visit.summary]))
    item.add("LOCATION", readable([visit.place]))
    item.add("DESCRIPTION", readable(visit.about))
    item.add("URL", visit.url)
    item.add("STATUS", visit.status)
    item.add("CLASS", "PRIVATE")
    item.add("ORGANIZER", _address(organizer))
    return item


def _shown(moment: datetime, clock: ZoneInfo) -> datetime:
    """A moment by a clock; in UTC within an hour that the clock shows again, since a calendar would take the first."""
    local = moment.astimezone(clock)
    return moment.astimezone(UTC) if local.fold else local


def _address(party: Party, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.mail}")
    address.params.update({"CN": readable([party.name]), **parameters})
    return address
