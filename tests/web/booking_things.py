"""One of everything that addresses of booking name: bare rows, for tests that only ask who gets in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pellucid.web.accounts.models import Membership
from pellucid.web.records.models import (
    Appointment,
    BusyFeed,
    Client,
    ExtraHours,
    TimeOff,
    WaitlistEntry,
    WaitlistOffer,
)
from pellucid.web.sites import clock
from pellucid.web.sites.models import Closure, Device, Location, Room


def visits_of(client: Client) -> Mapping[str, Any]:
    """A visit of a client's, what they wait for, and what is offered to them: made where one is named."""
    now = clock.now().replace(second=0, microsecond=0)
    visit = {
        "client": client,
        "location": client.location,
        "practitioner": client.practitioner,
        "starts": now + timedelta(days=30),
        "ends": now + timedelta(days=30, hours=1),
        "made_at": now,
        "changed_at": now,
    }
    booked = Appointment.objects.create(state="booked", **visit)
    held = Appointment.objects.create(state="held", held_until=now + timedelta(hours=2), **visit)
    days = {"since": now.date(), "until": now.date() + timedelta(days=40)}
    waits = {"treatments": ["consultation"], "joined_at": now, "state": "offered", **days}
    entry = WaitlistEntry.objects.create(client=client, location=client.location, **waits)
    offer = WaitlistOffer.objects.create(entry=entry, appointment=held, offered_at=now)
    return {"visit": booked.pk, "waiting": entry.pk, "offered": offer.pk}


def roster_of(member: Membership, place: Location) -> Mapping[str, dict[str, Any]]:
    """Somebody at a place, and one of everything that can be changed in who works when."""
    soon = clock.now().replace(second=0, microsecond=0) + timedelta(days=30)
    span = {"starts": soon, "ends": soon + timedelta(days=1)}
    person = {"number": member.pk}
    return {
        "person": person,
        "week": {**person, "slug": place.slug},
        "off": {"number": TimeOff.objects.create(membership=member, **span).pk},
        "feed": {"pk": BusyFeed.objects.create(membership=member, name="At home").pk},
        "closure": {"number": Closure.objects.create(location=place, name="Holiday", **span).pk},
        "extra": {"number": ExtraHours.objects.create(location=place, on=soon.date(), hours=["09:00-12:00"]).pk},
        "room": {"number": Room.objects.create(location=place, name="Room 1", kind="treatment").pk},
        "device": {"number": Device.objects.create(location=place, name="Lamp", kind="led").pk},
    }
