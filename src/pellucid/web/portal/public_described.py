"""What is on a page, in schema.org's words for search engines. Nothing here that the page itself doesn't say."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pellucid.web.portal.public_catalogue import Card
from pellucid.web.portal.public_learning import Statement
from pellucid.web.portal.public_page import absolute
from pellucid.web.sites.models import Clinic, Location, Offer, Service
from pellucid.web.ui.language import in_language

Described = dict[str, Any]

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def trail(crumbs: Iterable[tuple[str, str, str]]) -> Described:
    """The way to a page from the front page: view, its argument if any, and name of each."""
    steps = [("home", "", _("Home")), *crumbs]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": absolute(reverse(f"portal:{view}", args=[argument] if argument else [])),
            }
            for position, (view, argument, name) in enumerate(steps, start=1)
        ],
    }


def clinic(of: Clinic, places: Iterable[Location]) -> Described:
    """The clinic and where it is."""
    return _known(
        {
            **_clinic(of),
            "email": of.email,
            "telephone": of.phone,
            "currenciesAccepted": of.currency,
            "location": [_place(each) for each in places],
        }
    )


def _known(described: Described) -> Described:
    """Without what nobody entered."""
    return {name: value for name, value in described.items() if value}


def _clinic(of: Clinic) -> Described:
    return {
        "@type": "HealthAndBeautyBusiness",
        "@id": absolute("/#clinic"),
        "name": of.name,
        "description": in_language(of.strapline),
        "url": absolute(reverse("portal:home")),
    }


def _place(location: Location) -> Described:
    described = {
        "@type": "Place",
        "name": location.name,
        "address": location.address,
        "telephone": location.phone,
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": DAYS[day],
                "opens": span.partition("-")[0],
                "closes": span.partition("-")[2].replace("24:00", "23:59"),
            }
            for day, spans in location.hours.items()
            for span in spans
        ],
    }
    return _known(described)


def treatment(card: Card, service: Service | None, of: Clinic) -> Described:
    """A treatment, with its price where it is sold here. No claim that it works is made."""
    described: Described = {"@type": "Service", "name": card.name, "description": card.short}
    if service is None:
        return described
    described["provider"] = _clinic(of)
    if service.price is not None:
        described["offers"] = {"@type": "Offer", "price": f"{service.price:.2f}", "priceCurrency": of.currency}
    return described


def questions(statements: Iterable[Statement]) -> Described:
    """Questions with their answers."""
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": statement.title,
                "acceptedAnswer": {"@type": "Answer", "text": statement.text},
            }
            for statement in statements
        ],
    }


def offer(of: Offer, by: Clinic) -> Described:
    """Something for a time."""
    return {
        "@type": "Offer",
        "name": in_language(of.title),
        "description": in_language(of.text),
        "validFrom": of.starts.isoformat(),
        "validThrough": of.ends.isoformat(),
        "offeredBy": _clinic(by),
    }
