"""What machines ask for: health of the server, what crawlers may read, every public page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.jobs.models import Worker
from pellucid.web.portal.public_catalogue import cards
from pellucid.web.portal.public_learning import TOPICS
from pellucid.web.portal.public_page import absolute, alternates
from pellucid.web.portal.public_reader import reader
from pellucid.web.sites import clock, knowledge

LIVES = timedelta(seconds=60)
"""How long ago a worker has shown itself at the latest; it does so every few seconds."""

PLAIN = ("home", "treatments", "learn", "sources", "questions", "offers", "team", "contact", "ask", "terms", "privacy")
"""Pages without anything in their address, in the order of the site map."""


@allow(Permission.PUBLIC)
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the database answers and a worker is alive; 503 where not."""
    found = {"database": False, "worker": False}
    try:
        found["worker"] = _worker_lives(clock.now())
        found["database"] = True
    except DatabaseError:
        pass
    response = JsonResponse(found, status=200 if all(found.values()) else 503)
    response["Cache-Control"] = "no-store"
    return response


def _worker_lives(now: datetime) -> bool:
    return Worker.objects.filter(seen_at__gt=now - LIVES).exists()


@allow(Permission.PUBLIC)
@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be read; what belongs to people and staff need not be looked at."""
    hidden = [f"{prefix}{path}" for prefix in ("/", "/zh-hant/") for path in ("account/", "clinic/", "me/", "search/")]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in (*hidden, "/calendar/")),
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@allow(Permission.PUBLIC)
@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in both languages, each with its alternates."""
    with translation.override("en"):
        paths = list(_paths())
    body = "".join(_entry(path) for path in paths)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    )
    return HttpResponse(f"{head}{body}</urlset>\n", content_type="application/xml; charset=utf-8")


def _paths() -> Iterator[str]:
    yield from (reverse(f"portal:{name}") for name in (*PLAIN, "about"))
    yield from (reverse("portal:learn_topic", args=[slug]) for slug in TOPICS)
    yield from (
        reverse("portal:treatment", args=[card.slug]) for card in cards(reader(knowledge.current(), "en")).values()
    )


def _entry(path: str) -> str:
    """One page: an entry for each language, all with the same alternates."""
    found = alternates(path)
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(url)}/>' for tag, url in found
    )
    return "".join(f"<url><loc>{escape(url)}</loc>{links}</url>\n" for _, url in found)
