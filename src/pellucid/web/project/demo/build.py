"""Makes the demo clinic. Again is harmless: what is there stays, what is missing is made."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership, User
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.project.demo.clients import make_client
from pellucid.web.project.demo.roster import make_roster
from pellucid.web.project.demo.visits import is_made, make_visits
from pellucid.web.records.models import Consultation
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import Clinic, Location, Offer, Service
from pellucid.web.sites.publish import publish_starting_texts

Table = Mapping[str, Any]


def wanted() -> Table:
    """What the demo clinic is made of."""
    return tomllib.loads((files("pellucid.web.project.demo") / "clinic.toml").read_text("utf-8"))


def is_built() -> bool:
    """Whether all of it is there."""
    told = wanted()
    return Consultation.objects.count() >= len(told["clients"]) and is_made(told)


def build(now: datetime) -> None:
    """Make the whole of it; each client and visit in a transaction of its own: being cut off costs one at most."""
    told = wanted()
    with transaction.atomic():
        clinic = _clinic(told["clinic"])
        places = {each["slug"]: _location(each, clinic) for each in told["locations"]}
        publish_starting_texts(by=SYSTEM, now=now)
        for each in told["staff"]:
            _member(each, places, now)
        for treatment, terms in told["services"].items():
            _service(treatment, terms, told["price_note"], places)
        for each in told["offers"]:
            _offer(each, now, clinic.zone)
        make_roster(told, places, now)
    for each in told["clients"]:
        make_client(each, places[each["location"]], now)
    make_visits(told, places, now)


def _clinic(told: Table) -> Clinic:
    return Clinic.objects.first() or Clinic.objects.create(**told)


def _location(told: Table, clinic: Clinic) -> Location:
    return Location.objects.get_or_create(slug=told["slug"], defaults={**told, "clinic": clinic})[0]


def person(told: Table, email: str) -> User:
    """Somebody who can sign in, with an address that counts as theirs."""
    found = User.objects.filter(email=email).first()
    if found is None:
        found = User.objects.create_user(email=email, name=told["name"], language=told.get("language", "en"))
        EmailAddress.objects.create(user=found, email=email, verified=True, primary=True)
    return found


def _member(told: Table, places: Mapping[str, Location], now: datetime) -> None:
    """One of the staff, with an authenticator app that nobody holds: the demo's links stand in for it."""
    user = person(told, told["email"])
    fields = {
        "role": told["role"],
        "level": int(Level[told["level"]]) if "level" in told else None,
        "location": places.get(told.get("location", "")),
        "title": told["title"],
        "about": told["about"],
    }
    member, is_new = Membership.objects.get_or_create(user=user, defaults=fields)
    if is_new:
        record(actor=SYSTEM, action="staff.added", subject=f"membership.{member.pk}", now=now, role=member.role)
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())


def _service(treatment: str, terms: Table, note: Table, places: Mapping[str, Location]) -> None:
    fields = {
        "price": Decimal(terms["price"]) if "price" in terms else None,
        "minutes": terms["minutes"],
        "price_note": dict(note) if terms.get("from") else {},
        "room_kind": terms.get("room", "treatment"),
        "device_kinds": terms.get("devices", []),
        "buffer_before": terms.get("before", 0),
        "buffer_after": terms.get("after", 0),
    }
    service, is_new = Service.objects.get_or_create(treatment=treatment, defaults=fields)
    if is_new:
        service.locations.set(places.values())


def _offer(told: Table, now: datetime, zone: str) -> None:
    begins = day(now, zone) + timedelta(days=told["begins"])
    Offer.objects.get_or_create(
        slug=told["slug"],
        defaults={
            "title": told["title"],
            "text": told["text"],
            "service": Service.objects.get(treatment=told["service"]),
            "starts": begins,
            "ends": begins + timedelta(days=told["lasts"]),
            "banner": told["banner"],
        },
    )
