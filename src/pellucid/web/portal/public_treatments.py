"""Treatments: the list with its filters, and a page for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal import public_catalogue, public_described
from pellucid.web.portal.public_catalogue import GROUPS, PLACES, Card
from pellucid.web.portal.public_page import Page, current_reader, show
from pellucid.web.portal.public_reader import record_id
from pellucid.web.sites import clock, queries
from pellucid.web.sites.models import Service


@allow(Permission.PUBLIC)
@require_safe
def treatments(request: HttpRequest) -> HttpResponse:
    """All treatments in groups; ``concern``, ``place`` and ``here`` narrow the list."""
    reader = current_reader()
    services = queries.services()
    concerns = public_catalogue.concerns(reader)
    concern = request.GET.get("concern", "")
    concern = concern if concern in concerns else ""
    place = request.GET.get("place", "")
    place = place if place in PLACES else ""
    here = request.GET.get("here") == "1"
    cards = _fitting(public_catalogue.cards(reader).values(), services, concern=concern, place=place, here=here)
    page = Page(_("Treatments for the look of pores"), _treatments_said(), [public_described.trail(_crumbs())])
    return show(
        request,
        "treatments",
        page,
        groups=_grouped(cards, services),
        count=len(cards),
        concerns=concerns,
        places=PLACES,
        concern=concern,
        concern_name=concerns.get(concern, ""),
        place=place,
        here=here,
    )


def _treatments_said() -> str:
    return _("What each treatment does for the look of pores, how well that is known, how long it takes and its price.")


def _fitting(
    cards: Iterable[Card], services: Mapping[str, Service], *, concern: str, place: str, here: bool
) -> list[Card]:
    """Those that a visitor asked for; where they named a concern, what fits it best comes first."""
    found = [card for card in cards if not place or card.setting == place]
    found = [card for card in found if not here or card.id in services]
    if concern:
        found = sorted((card for card in found if concern in card.concerns), key=lambda card: -card.concerns[concern])
    return found


def _grouped(cards: Iterable[Card], services: Mapping[str, Service]) -> list[tuple[Any, list[tuple[Card, Any]]]]:
    """Group to its cards with what they cost here; groups without a card are left out."""
    rows = [
        (heading, [(card, services.get(card.id)) for card in cards if card.group == group])
        for group, heading in _headings()
    ]
    return [row for row in rows if row[1]]


def _headings() -> list[tuple[str, Any]]:
    return [(group, heading) for group, (heading, _families) in GROUPS.items()]


def _crumbs(*further: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    return [("treatments", "", _("Treatments")), *further]


@allow(Permission.PUBLIC)
@require_safe
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one treatment."""
    reader = current_reader()
    try:
        story = public_catalogue.story(reader, record_id(slug))
    except KeyError as error:
        raise Http404 from error
    clinic = queries.clinic()
    service = queries.services().get(story.card.id)
    today = clock.day(clock.now(), queries.clinic_zone())
    offers = [offer for offer in queries.offers_running(today) if service and offer.service_id == service.pk]
    structured = [
        public_described.trail(_crumbs(("treatment", slug, story.card.name))),
        public_described.treatment(story.card, service, clinic),
    ]
    page = Page(story.card.name, story.card.short, structured, kind="article")
    return show(request, "treatment", page, story=story, card=story.card, service=service, offers=offers)
