"""What a client looks for a time for: which services, where and with whom, as addresses and forms carry it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import QueryDict
from django.utils.http import urlencode

from pellucid.web.accounts.models import Membership
from pellucid.web.records.models import Client
from pellucid.web.records.queries import choosing
from pellucid.web.sites.models import Location

MOST_SERVICES = 6
"""In one visit."""
SENT = "%Y-%m-%dT%H:%MZ"
"""How a moment is sent: UTC, whole minutes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for."""

    treatments: tuple[str, ...]
    """In the order in which they are done."""
    location: Location
    practitioner: Membership | None = None
    """None for anybody who may do it."""

    @property
    def fields(self) -> list[tuple[str, str]]:
        """As fields of a form or parts of an address."""
        found = [("service", each) for each in self.treatments]
        found.append(("at", self.location.slug))
        return [*found, ("with", str(self.practitioner.pk))] if self.practitioner else found

    @property
    def query(self) -> str:
        """As an address carries it."""
        return urlencode(self.fields)


def place_of(given: QueryDict, client: Client, places: Sequence[Location]) -> Location | None:
    """The place that was asked for; else the client's own, else the first. None where there is none at all."""
    asked = next((each for each in places if each.slug == given.get("at")), None)
    own = next((each for each in places if each.pk == client.location_id), None)
    return asked or own or next(iter(places), None)


def wish_of(given: QueryDict, client: Client) -> Wish | None:
    """What was asked for, as far as the clinic has it; None where no service is left of it."""
    place = place_of(given, client, choosing.locations())
    if place is None:
        return None
    offered = [each.treatment for each in choosing.services_at(place)]
    asked = [each for each in dict.fromkeys(given.getlist("service")) if each in offered][:MOST_SERVICES]
    members = choosing.practitioners_at(place)
    member = next((each for each in members if str(each.pk) == given.get("with")), None)
    return Wish(tuple(asked), place, member) if asked else None


def day_of(given: QueryDict, name: str = "on") -> date | None:
    """A day that was sent; None where it is none."""
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError:
        return None


def moment_of(given: QueryDict, name: str = "start") -> datetime | None:
    """A moment that was sent; None where it is none."""
    return moment_in(given.get(name, ""))


def moment_in(written: str) -> datetime | None:
    """A moment as ``sent`` writes it; None where it is none."""
    try:
        found = datetime.strptime(written, f"{SENT[:-1]}%z")
    except ValueError:
        return None
    return found if found.utcoffset() == timedelta(0) else None


def sent(moment: datetime) -> str:
    """A moment in UTC as it is sent."""
    return f"{moment:{SENT}}"
