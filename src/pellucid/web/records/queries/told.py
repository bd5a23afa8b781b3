"""What letters and calendars tell of a visit: when by the clock of its place, where, and no word about health."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pellucid.exchange.visit_ical import Method, Party, Status, VisitTold, feed, invite
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import State
from pellucid.web.sites.models import Clinic, Location

STATUS: dict[str, Status] = {State.TENTATIVE: "TENTATIVE", State.BOOKED: "CONFIRMED", State.DONE: "CONFIRMED"}
"""What a calendar calls a visit that takes place; any other is off."""


@dataclass(frozen=True, slots=True)
class Told:
    """A visit as a letter tells of it."""

    id: str
    starts: datetime
    """By the clock of the place, as ``ends`` is."""
    ends: datetime
    zone: str
    """Which clock that is, for people: ``Taipei, UTC+8``."""
    place: str
    phone: str
    """Whom to call; empty where the clinic has told no number."""
    is_tentative: bool


def told(appointment: Appointment) -> Told:
    """What a letter tells of a visit; its location and clinic should be at hand."""
    location = appointment.location
    starts = appointment.starts.astimezone(ZoneInfo(location.zone))
    return Told(
        id=str(appointment.pk),
        starts=starts,
        ends=appointment.ends.astimezone(ZoneInfo(location.zone)),
        zone=zone_words(starts),
        place=place_words(location),
        phone=location.phone or location.clinic.phone,
        is_tentative=appointment.state == State.TENTATIVE,
    )


def invite_of(appointment: Appointment, *, method: Method, to: str = "", is_theirs: bool = True) -> str:
    """A visit as a calendar file in its client's language.

    Args:
        appointment: which, with location, clinic and client at hand.
        method: ``REQUEST``, ``CANCEL``, or ``PUBLISH`` for a file to keep.
        to: the address that is invited.
        is_theirs: whether it goes to the client; a guardian gets no link to pages that are the client's own.
    """
    with translation.override(appointment.client.language):
        visit = _visit(appointment, is_theirs=is_theirs)
        clinic = appointment.location.clinic
        attendee = Party(appointment.client.name if is_theirs else to, to) if to else None
        return invite(visit, method=method, host=_host(), organizer=_organizer(clinic), attendee=attendee)


def feed_of(client: Client, visits: Iterable[Appointment]) -> str:
    """A client's visits as a calendar in their language."""
    clinic = client.location.clinic
    with translation.override(client.language):
        entries = [_visit(each, is_theirs=True) for each in visits]
        name = _("Visits at %(clinic)s") % {"clinic": clinic.name}
        return feed(entries, host=_host(), organizer=_organizer(clinic), name=name)


def place_words(location: Location) -> str:
    """A location's name and address in one line."""
    return ", ".join(filter(None, (location.name, *map(str.strip, location.address.splitlines()))))


def zone_words(local: datetime) -> str:
    """The clock by which a time is told: its city, and how far from UTC it is at that moment."""
    city = getattr(local.tzinfo, "key", "").rpartition("/")[2].replace("_", " ")
    written = local.strftime("%z")
    hours, minutes = int(written[:3]), written[3:5]
    exactly = f"{written[0]}{abs(hours)}" + (f":{minutes}" if minutes != "00" else "")
    away = f"UTC{exactly}" if local.utcoffset() else "UTC"
    return f"{city}, {away}" if city not in {"", "UTC"} else away


def _visit(appointment: Appointment, *, is_theirs: bool) -> VisitTold:
    location = appointment.location
    page = settings.ORIGIN + reverse("portal:appointment", args=[appointment.pk])
    waits = _("A practitioner has a look first and says yes to it; we write to you then.")
    link = _("What to know before it, and how to move or cancel it:")
    about = [waits] if appointment.state == State.TENTATIVE else []
    return VisitTold(
        id=str(appointment.pk),
        version=appointment.version,
        status=STATUS.get(appointment.state, "CANCELLED"),
        starts=appointment.starts,
        ends=appointment.ends,
        zone=location.zone,
        summary=_("Visit at %(clinic)s") % {"clinic": location.clinic.name},
        place=place_words(location),
        about=[*about, link, page] if is_theirs else about,
        url=page if is_theirs else settings.ORIGIN,
        changed=appointment.changed_at.astimezone(UTC),
    )


def _organizer(clinic: Clinic) -> Party:
    """The clinic, by the address that answers reach it at."""
    return Party(clinic.name, clinic.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def _host() -> str:
    return urlsplit(settings.ORIGIN).hostname or "localhost"
