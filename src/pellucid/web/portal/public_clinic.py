"""The clinic itself: home, offers, team, contact, questions to it, its terms."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal import public_catalogue, public_described
from pellucid.web.portal.public_catalogue import Card
from pellucid.web.portal.public_page import Page, current_reader, show
from pellucid.web.records.queries import team as people
from pellucid.web.sites import clock, hours, queries
from pellucid.web.sites.models import Document, Location, Offer, Service

SHOWN_AT_HOME = 3
"""Treatments on the front page."""
ENDS_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """A location, and whether it is open."""

    location: Location
    opening: hours.Opening
    opens: str
    """When it opens next; empty while it is open, or where no hours are known."""
    week: list[tuple[str, list[str], bool]]
    """Weekday in words, its spans, and whether it is today; Monday first."""


@dataclass(frozen=True, slots=True)
class Running:
    """An offer, and how near its end is."""

    offer: Offer
    card: Card | None
    ends_soon: bool


@allow(Permission.PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """In one screen what the clinic does, and the way on."""
    clinic, places = queries.clinic(), queries.locations()
    reader = current_reader()
    cards = public_catalogue.cards(reader)
    services = queries.services()
    running = _running(queries.offers_running(clock.day(clock.now(), queries.zone(clinic, places))), cards)
    page = Page(
        _("Deep pore care, explained"),
        _("Find out what your pores need: a short consultation, treatments with their evidence, a plan to check."),
        [public_described.clinic(clinic, places)],
    )
    return show(
        request,
        "home",
        page,
        rows=_first_treatments(cards, services),
        running=running[:2],
        team=people.shown()[:3],
    )


def _first_treatments(cards: dict[str, Card], services: dict[str, Service]) -> list[tuple[Card, Service | None]]:
    """One of each group of what the clinic sells, the best supported first; where it sells nothing, of all there is."""
    sold = [card for card in cards.values() if card.id in services] or list(cards.values())
    of_group: dict[str, Card] = {}
    for card in sorted(sold, key=lambda card: "ABCDSN".index(card.strength)):
        of_group.setdefault(card.group, card)
    return [(card, services.get(card.id)) for card in list(of_group.values())[:SHOWN_AT_HOME]]


def _running(offers: list[Offer], cards: dict[str, Card], today: date | None = None) -> list[Running]:
    return [
        Running(
            offer,
            cards.get(offer.service.treatment) if offer.service and offer.service.active else None,
            ends_soon=today is not None and offer.ends - today <= ENDS_SOON,
        )
        for offer in offers
    ]


@allow(Permission.PUBLIC)
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """What runs today by the clinic's clock, and what begins soon."""
    clinic, places = queries.clinic(), queries.locations()
    today = clock.day(clock.now(), queries.zone(clinic, places))
    cards = public_catalogue.cards(current_reader())
    running = queries.offers_running(today)
    structured = [public_described.offer(each, clinic) for each in running]
    page = Page(_("Offers"), _("What is offered for a time, with its first and last day."), structured)
    return show(
        request,
        "offers",
        page,
        running=_running(running, cards, today),
        coming=_running(queries.offers_coming(today), cards),
    )


@allow(Permission.PUBLIC)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who works here."""
    reader = current_reader()
    shown = [(each, reader.say(f"level.L{each.level}") if each.level else "") for each in people.shown()]
    page = Page(_("Team"), _("Who looks at your skin and who treats it, with their licence level."))
    return show(request, "team", page, team=shown)


@allow(Permission.PUBLIC)
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the clinic, and when it is open."""
    clinic, places = queries.clinic(), queries.locations()
    now = clock.now()
    said = _("Where we are, when we are open, and how to reach us.")
    page = Page(_("Contact"), said, [public_described.clinic(clinic, places)])
    return show(request, "contact", page, places=[_place(each, now) for each in places])


def _place(location: Location, now: datetime) -> Place:
    opening = hours.opening(location.hours, location.zone, now)
    today = hours.WEEKDAYS[clock.day(now, location.zone).weekday()]
    names = {day: str(WEEKDAYS[number]) for number, day in enumerate(hours.WEEKDAYS)}
    week = [(names[day], list(location.hours.get(day, ())), day == today) for day in hours.WEEKDAYS]
    return Place(location, opening, _opens(opening, names), week)


def _opens(opening: hours.Opening, names: dict[str, str]) -> str:
    if opening.is_open or not opening.opens:
        return ""
    if opening.in_days == 0:
        return _("Opens today at %(time)s") % {"time": opening.opens}
    return _("Opens on %(day)s at %(time)s") % {"day": names[opening.weekday], "time": opening.opens}


@allow(Permission.PUBLIC)
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The newest terms."""
    return _document(request, "terms", None)


@allow(Permission.PUBLIC)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The newest privacy text."""
    return _document(request, "privacy", None)


@allow(Permission.PUBLIC)
@require_safe
def document(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    """One version of any of the clinic's wordings."""
    return _document(request, kind, version)


def _document(request: HttpRequest, kind: str, version: int | None) -> HttpResponse:
    language = get_language() or "en"
    found = queries.document(kind, language, version)
    if found is None and (version is not None or kind not in dict(Document.KINDS)):
        raise Http404
    versions = queries.versions(kind, found.language) if found else []
    newest = versions[0].version if versions else None
    title = found.title if found else _("Not published yet")
    page = Page(title, _("The clinic's wording, with its version and date."), indexed=version is None)
    return show(request, "document", page, document=found, kind=kind, versions=versions, newest=newest)


@allow(Permission.PUBLIC)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is for, and how it knows what it says."""
    page = Page(_("About this site"), _("What this site is for, what it is not, and where its knowledge comes from."))
    return show(request, "about", page)
