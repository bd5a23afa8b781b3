"""What a clinic sets for itself: prices, offers, its own windows and caps. Each change says who, when, why and what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from pellucid.knowledge.clinic import ClinicRules, for_clinic
from pellucid.knowledge.load import load
from pellucid.model.errors import PellucidError
from pellucid.web.audit.changes import Facts, fingerprint, record_change
from pellucid.web.audit.record import record
from pellucid.web.sites.models import Clinic, Document, Location, Offer, RulesVersion, Service
from pellucid.web.sites.publish import Wording, publish


class RulesChangedError(PellucidError):
    """Somebody else changed the clinic's rules since the page was opened."""


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """What a service costs, where it is given, and what it takes up; lengths are in minutes."""

    price: Decimal | None
    price_note: Mapping[str, str]
    minutes: int
    active: bool
    locations: Sequence[Location]
    level: int | None
    """The lowest licence level that does it here; None for what the knowledge base proposes."""
    room_kind: str
    device_kinds: Sequence[str]
    buffer_before: int
    buffer_after: int
    step: int


PLAIN = ("minutes", "active", "level", "room_kind", "buffer_before", "buffer_after", "step")
"""Terms that a service keeps as they are."""


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What an offer says and when it holds."""

    title: Mapping[str, str]
    text: Mapping[str, str]
    service: Service | None
    starts: date
    ends: date
    banner: bool
    active: bool


def _lock() -> None:
    """Of two who change what the clinic sets, the second waits: also where what they change is not there yet."""
    Clinic.objects.select_for_update().first()


@transaction.atomic
def save_service(*, treatment: str, terms: ServiceTerms, base: str, reason: str, by: str, now: datetime) -> Service:
    """Offer a treatment on these terms, or change them; nothing is recorded where nothing changes.

    Args:
        treatment: id of a treatment of the knowledge base.
        terms: price, minutes, places.
        base: ``standing_of`` the service that they were made from.
        reason: why.
        by: who, as the audit trail names them.
        now: when.

    Raises:
        ChangedSinceError: it has other terms by now; the same ones sent twice are saved once.
    """
    _lock()
    service = Service.objects.filter(treatment=treatment).first() or Service(treatment=treatment)
    before = _facts(service)
    service.price, service.price_note = terms.price, dict(terms.price_note)
    service.device_kinds = list(terms.device_kinds)
    for name in PLAIN:
        setattr(service, name, getattr(terms, name))
    service.save()
    service.locations.set(terms.locations)
    _record_change(service, before, base=base, reason=reason, by=by, now=now)
    return service


def _service_facts(service: Service) -> dict[str, Any]:
    return {
        "price": None if service.price is None else f"{Decimal(service.price):.2f}",
        "price_note": dict(service.price_note),
        "locations": sorted(service.locations.values_list("slug", flat=True)),
        "device_kinds": list(service.device_kinds),
        **{name: getattr(service, name) for name in PLAIN},
    }


@transaction.atomic
def save_offer(*, slug: str, terms: OfferTerms, base: str, reason: str, by: str, now: datetime) -> Offer:
    """Make an offer, or change the one of that slug; nothing is recorded where nothing changes.

    Raises:
        ChangedSinceError: as of services.
    """
    _lock()
    offer = Offer.objects.filter(slug=slug).first() or Offer(slug=slug)
    before = _facts(offer)
    offer.title, offer.text, offer.service = dict(terms.title), dict(terms.text), terms.service
    offer.starts, offer.ends, offer.banner, offer.active = terms.starts, terms.ends, terms.banner, terms.active
    offer.save()
    _record_change(offer, before, base=base, reason=reason, by=by, now=now)
    return offer


def _offer_facts(offer: Offer) -> dict[str, Any]:
    return {
        "title": dict(offer.title),
        "text": dict(offer.text),
        "service": offer.service.treatment if offer.service else None,
        "starts": offer.starts.isoformat(),
        "ends": offer.ends.isoformat(),
        "banner": offer.banner,
        "active": offer.active,
    }


def _record_change(thing: Service | Offer, before: Facts, *, base: str, reason: str, by: str, now: datetime) -> None:
    noun = thing._meta.model_name
    subject, after = f"{noun}.{thing.pk}", _facts(thing)
    record_change(noun=str(noun), subject=subject, before=before, after=after, base=base, reason=reason, by=by, now=now)


def standing_of(thing: Service | Offer) -> str:
    """SHA-256 of a service or offer as it stands, by which a page knows whether somebody changed it since."""
    return fingerprint(_facts(thing))


def _facts(thing: Service | Offer) -> dict[str, Any]:
    """What can be set of a service or offer; nothing of one that is not kept yet."""
    if thing._state.adding:  # noqa: SLF001 - as Django documents it
        return {}
    return _service_facts(thing) if isinstance(thing, Service) else _offer_facts(thing)


@transaction.atomic
def publish_next(*, kind: str, wordings: Mapping[str, Wording], base: int, by: str, now: datetime) -> int | None:
    """Publish the next version of a wording; the same one sent twice is published once.

    Args:
        kind: one of ``Document.KINDS``.
        wordings: language to wording; all languages.
        base: the version that it was written from.
        by: who, as the audit trail names them.
        now: when.

    Returns:
        The version that stands now, None where somebody else has published another one since ``base``.
    """
    _lock()
    newest = Document.objects.filter(kind=kind).order_by("version")
    standing = {each.language: Wording(each.title, each.text) for each in newest}
    last = max((each.version for each in newest), default=0)
    if standing == dict(wordings):
        return last
    if last != base:
        return None
    return publish(kind, wordings, by=by, now=now)[0].version


def newest_rules() -> tuple[int | None, ClinicRules]:
    """The number of the clinic's rules as they stand, None where it has none of its own, and the rules."""
    newest = RulesVersion.objects.first()
    return (newest.pk, ClinicRules.model_validate(newest.rules)) if newest else (None, ClinicRules())


@transaction.atomic
def set_rules(
    *, rules: ClinicRules, base: int | None, reason: str, by: str, now: datetime
) -> tuple[RulesVersion | None, bool]:
    """Put the clinic's rules into effect as their next version.

    Args:
        rules: all of them, not only what changes.
        base: the version that they were made from.
        reason: why.
        by: who, as the audit trail names them.
        now: when.

    Returns:
        The version that stands and whether it is new: the same rules sent twice make one version.

    Raises:
        RulesChangedError: another version was made since.
        ClinicRulesError: they loosen what must hold; every fault with its place.
    """
    _lock()
    number, standing = newest_rules()
    if rules == standing:
        return RulesVersion.objects.first(), False
    if number != base:
        raise RulesChangedError("the clinic's rules have changed since this page was opened")
    for_clinic(load(), rules)
    made = RulesVersion.objects.create(rules=rules.model_dump(mode="json"), by=by, reason=reason, at=now)
    record(
        actor=by,
        action="rules.changed",
        subject=f"rules.{made.pk}",
        reason=reason,
        now=now,
        before=_told(standing, rules),
        after=_told(rules, standing),
    )
    return made, True


def _told(rules: ClinicRules, other: ClinicRules) -> dict[str, Any]:
    """What these rules say that the others don't, for the audit trail."""
    return {
        "windows": {f"{each.window}.{each.column}": each.days for each in _without(rules.windows, other.windows)},
        "caps": {f"{each.cap}.{each.skin}": each.most for each in _without(rules.caps, other.caps)},
        "licensed": sorted(set(rules.licensed) - set(other.licensed)),
    }


def _without(these: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    known = list(others)
    return [each for each in these if each not in known]
