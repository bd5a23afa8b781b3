"""What machines read: health, crawlers' rules, the site map, and that public pages keep to themselves."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client as Browser
from tests.web.public import NOW, PAGES, open_clinic

from pellucid.web.jobs.models import Worker
from pellucid.web.portal import public_machine
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Location

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened(clinic: Clinic, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_clinic(clinic, north)


@pytest.mark.parametrize(("age", "status"), [(0, 200), (59, 200), (60, 503), (86400, 503)])
def test_health_needs_a_worker_that_lives(client: Browser, age: int, status: int) -> None:
    Worker.objects.create(id="one", since=NOW, seen_at=NOW - timedelta(seconds=age))
    response = client.get("/healthz")
    assert response.status_code == status
    assert response.json() == {"database": True, "worker": status == 200}


def test_health_without_any_worker(client: Browser) -> None:
    assert client.get("/healthz").status_code == 503


def test_health_says_when_the_database_is_gone(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> bool:
        raise DatabaseError

    monkeypatch.setattr(public_machine, "_worker_lives", gone)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": False, "worker": False})


def test_crawlers_are_told_what_not_to_look_at(client: Browser) -> None:
    text = client.get("/robots.txt").content.decode()
    for path in ("/clinic/", "/me/", "/account/", "/zh-hant/me/"):
        assert f"Disallow: {path}\n" in text
    assert f"Sitemap: {settings.ORIGIN}/sitemap.xml" in text


def test_the_site_map_lists_every_page_in_both_languages_with_its_alternates(client: Browser) -> None:
    response = client.get("/sitemap.xml")
    tree = ET.fromstring(response.content)  # noqa: S314 - our own
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    listed = {url.findtext("s:loc", namespaces=names) or "" for url in tree.findall("s:url", names)}
    for_robots = [page for page in PAGES if not page.startswith(("search/", "documents/", "ask/thanks/"))]
    expected = {f"{settings.ORIGIN}{prefix}{page}" for prefix in ("/", "/zh-hant/") for page in for_robots}
    assert listed == expected
    for url in tree.findall("s:url", names):
        links = {link.get("hreflang"): link.get("href") or "" for link in url.findall("x:link", names)}
        assert links.keys() == {"en", "zh-Hant"}
        assert set(links.values()) <= listed
    for address in listed:
        assert client.get(address.removeprefix(settings.ORIGIN)).status_code == 200


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml"])
def test_what_is_the_same_for_everybody_may_be_kept(client: Browser, path: str) -> None:
    assert "max-age=3600" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nothing_of_other_sites_and_runs_nothing_of_its_own(client: Browser, page: str) -> None:
    response = client.get(f"/{page}")
    html = response.content.decode()
    assert " style=" not in html
    assert " onclick=" not in html
    assert "<style" not in html
    assert "script-src 'self'" in response["Content-Security-Policy"]
    for part in html.split("<script")[1:]:
        assert part.startswith((' src="/static/', ' type="application/ld+json"'))
