"""Reads of the clinic and what it offers, for pages."""

from collections.abc import Iterable
from datetime import date, timedelta

from pellucid.web.sites.models import Clinic, Document, Location, Offer, Service

COMING_DAYS = 30
"""How far ahead an offer that has not begun yet is announced."""


def clinic() -> Clinic:
    """The clinic; a nameless one where none has been set up yet."""
    return Clinic.objects.order_by("pk").first() or Clinic(name="Pellucid")


def locations() -> list[Location]:
    """Where it can be visited, by name."""
    return list(Location.objects.filter(active=True))


def zone(of: Clinic, places: Iterable[Location]) -> str:
    """The clock that the clinic's offers go by, as an IANA name."""
    return of.zone or next((place.zone for place in places), "UTC")


def clinic_zone() -> str:
    """The same, where neither the clinic nor its locations are at hand."""
    return zone(clinic(), locations())


def services() -> dict[str, Service]:
    """What is sold, by id of the treatment."""
    return {service.treatment: service for service in Service.objects.filter(active=True)}


def offers_running(today: date) -> list[Offer]:
    """Offers that hold on a day, the one that ends soonest first."""
    running = Offer.objects.filter(active=True, starts__lte=today, ends__gte=today)
    return list(running.select_related("service"))


def offers_coming(today: date) -> list[Offer]:
    """Offers that begin within the next weeks, soonest first."""
    until = today + timedelta(days=COMING_DAYS)
    coming = Offer.objects.filter(active=True, starts__gt=today, starts__lte=until)
    return list(coming.select_related("service").order_by("starts", "id"))


def banner_offers(today: date) -> list[Offer]:
    """Offers that show on every public page: of those running, the one that ends soonest first."""
    return list(Offer.objects.filter(active=True, banner=True, starts__lte=today, ends__gte=today))


def banner_offer(today: date) -> Offer | None:
    """The first of them."""
    return next(iter(banner_offers(today)), None)


def document(kind: str, language: str, version: int | None = None) -> Document | None:
    """A wording: the given version or the newest; in another language only where this one has none of that kind."""
    found = Document.objects.filter(kind=kind)
    if version is not None:
        found = found.filter(version=version)
    own = found.filter(language=language).order_by("-version").first()
    return own or found.order_by("-version", "language").first()


def versions(kind: str, language: str) -> list[Document]:
    """Every version of a wording in a language without its text, newest first."""
    return list(Document.objects.filter(kind=kind, language=language).defer("text").order_by("-version"))
