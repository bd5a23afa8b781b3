"""Rooms, devices, and within which limits clients book. Each change says who, when, why and what."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from pellucid.model.errors import PellucidError
from pellucid.web.audit.changes import record_change
from pellucid.web.sites.models import Clinic, Device, Location, Room


class NameTakenError(PellucidError):
    """Another room or device at the same place has this name."""


@dataclass(frozen=True, slots=True)
class ResourceTerms:
    """What a room or a device is, and where."""

    location: Location
    name: str
    kind: str
    position: int
    active: bool


@dataclass(frozen=True, slots=True)
class BookingTerms:
    """How late and how early clients book and cancel, and when no reminder is sent."""

    cancel_hours: int
    notice_hours: int
    days_ahead: int
    quiet_from: time
    quiet_until: time


@transaction.atomic
def save_resource(
    *, resource: Room | Device, terms: ResourceTerms, base: str, reason: str, by: str, now: datetime
) -> bool:
    """Add a room or a device, or change it; whether anything differs.

    Args:
        resource: the one that is changed, or a new one that is not kept yet.
        terms: what it is to be.
        base: ``fingerprint`` of the ``resource_facts`` that the page was made from.
        reason: why.
        by: who, as the audit trail names them.
        now: when.

    Raises:
        ChangedSinceError: somebody else changed it since.
        NameTakenError: another one at this place has the name; a form for a new one may have been sent twice.
    """
    Clinic.objects.select_for_update().first()
    kind = type(resource)
    if kind.objects.filter(location=terms.location, name=terms.name).exclude(pk=resource.pk).exists():
        raise NameTakenError("another one at this place has this name")
    saved = kind.objects.filter(pk=resource.pk).first() or kind()
    before = resource_facts(saved)
    saved.location, saved.name, saved.kind = terms.location, terms.name, terms.kind
    saved.position, saved.active = terms.position, terms.active
    saved.save()
    noun, after = kind.__name__.lower(), resource_facts(saved)
    subject = f"{noun}.{saved.pk}"
    return record_change(
        noun=noun, subject=subject, before=before, after=after, base=base, by=by, now=now, reason=reason
    )


def resource_facts(resource: Room | Device) -> dict[str, Any]:
    """What can be set of a room or a device; nothing of one that is not kept yet."""
    if not resource.pk:
        return {}
    plain = {name: getattr(resource, name) for name in ("name", "kind", "position", "active")}
    return {"location": resource.location.slug, **plain}


@transaction.atomic
def save_booking_terms(*, terms: BookingTerms, base: str, reason: str, by: str, now: datetime) -> bool:
    """Set within which limits clients book; whether anything differs.

    Raises:
        ChangedSinceError: somebody else changed them since.
    """
    clinic = Clinic.objects.select_for_update().order_by("pk")[0]
    before = booking_facts(clinic)
    for name in ("cancel_hours", "notice_hours", "days_ahead", "quiet_from", "quiet_until"):
        setattr(clinic, name, getattr(terms, name))
    clinic.save()
    after = booking_facts(clinic)
    subject = f"clinic.{clinic.pk}"
    return record_change(
        noun="clinic", subject=subject, before=before, after=after, base=base, by=by, now=now, reason=reason
    )


def booking_facts(clinic: Clinic) -> dict[str, Any]:
    """What can be set about booking."""
    return {
        "cancel_hours": clinic.cancel_hours,
        "notice_hours": clinic.notice_hours,
        "days_ahead": clinic.days_ahead,
        "quiet_from": f"{clinic.quiet_from:%H:%M}",
        "quiet_until": f"{clinic.quiet_until:%H:%M}",
    }
