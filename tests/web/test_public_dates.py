"""What depends on the day and the hour: offers, the banner, opening hours; each by the clock of its place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client as Browser
from tests.web.public import NOW, TODAY, make_offer, open_clinic, said

from pellucid.web.sites import clock, hours, queries
from pellucid.web.sites.models import Clinic, Location

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened(clinic: Clinic, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_clinic(clinic, north)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (datetime(2026, 6, 9, 15, 59, 59, tzinfo=UTC), False),  # one second before midnight in Taipei
        (datetime(2026, 6, 9, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 12, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 12, 16, 0, tzinfo=UTC), False),
    ],
)
def test_an_offer_begins_and_ends_at_midnight_of_the_clinic(
    client: Browser, monkeypatch: pytest.MonkeyPatch, moment: datetime, there: bool
) -> None:
    make_offer("june", date(2026, 6, 10), date(2026, 6, 12), banner=True)
    monkeypatch.setattr(clock, "now", lambda: moment)
    running = {row.offer.slug for row in client.get("/offers/").context["running"]}
    assert ("june" in running) is there
    assert ('data-banner="june"' in client.get("/").content.decode()) is there


def test_the_clinics_own_clock_counts_before_that_of_its_locations(clinic: Clinic) -> None:
    assert queries.clinic_zone() == "Asia/Taipei"
    clinic.zone = "Europe/Vienna"
    clinic.save()
    assert queries.clinic_zone() == "Europe/Vienna"


def test_an_offer_put_away_by_staff_is_gone(client: Browser) -> None:
    make_offer("off", TODAY, TODAY, active=False, banner=True)
    assert "Offer off" not in client.get("/offers/").content.decode()
    assert queries.banner_offer(TODAY) is None


def test_what_ends_or_begins_soon_is_marked(client: Browser) -> None:
    make_offer("last", TODAY - timedelta(days=20), TODAY + timedelta(days=7))
    make_offer("next", TODAY + timedelta(days=1), TODAY + timedelta(days=40))
    make_offer("far", TODAY + timedelta(days=31), TODAY + timedelta(days=40))
    html = client.get("/offers/").content.decode()
    words = said(html)
    assert words.count("Ends soon") == 1
    assert "Begins soon Not yet Offer next" in words
    assert "Offer far" not in words
    assert "?offer=next" not in html
    assert "?offer=last" in html


def test_no_offers_is_no_empty_page(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=400))
    words = said(client.get("/offers/").content.decode())
    assert "No offers today" in words
    assert "See treatments" in words


def test_of_several_banners_the_one_that_ends_soonest_shows_and_can_be_put_away(client: Browser) -> None:
    make_offer("later", TODAY, TODAY + timedelta(days=9), banner=True)
    make_offer("sooner", TODAY, TODAY + timedelta(days=2), banner=True)
    assert 'data-banner="sooner"' in client.get("/").content.decode()
    client.cookies["dismissed"] = "sooner"
    assert 'data-banner="later"' in client.get("/").content.decode()


WEEK = {"mon": ["09:00-12:00", "14:00-18:00"], "sat": ["20:00-24:00"]}
VIENNA = "Europe/Vienna"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 5, 4, 6, 59, tzinfo=UTC), hours.Opening(is_open=False, weekday="mon", opens="09:00")),
        (datetime(2026, 5, 4, 7, 0, tzinfo=UTC), hours.Opening(is_open=True, until="12:00")),
        (datetime(2026, 5, 4, 10, 0, tzinfo=UTC), hours.Opening(is_open=False, weekday="mon", opens="14:00")),
        (datetime(2026, 5, 4, 15, 59, tzinfo=UTC), hours.Opening(is_open=True, until="18:00")),
        (datetime(2026, 5, 4, 16, 0, tzinfo=UTC), hours.Opening(False, "", "sat", "20:00", 5)),
        (datetime(2026, 5, 9, 21, 59, tzinfo=UTC), hours.Opening(is_open=True, until="24:00")),
        (datetime(2026, 5, 9, 22, 0, tzinfo=UTC), hours.Opening(False, "", "mon", "09:00", 1)),
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), hours.Opening(is_open=True, until="12:00")),  # summer time began
        (datetime(2026, 3, 23, 7, 30, tzinfo=UTC), hours.Opening(is_open=False, weekday="mon", opens="09:00")),
    ],
)
def test_a_place_is_open_by_its_own_clock(moment: datetime, expected: hours.Opening) -> None:
    assert hours.opening(WEEK, VIENNA, moment) == expected


def test_a_place_without_hours_is_not_said_to_open() -> None:
    assert hours.opening({}, VIENNA, NOW) == hours.Opening(is_open=False)


@pytest.mark.parametrize("span", ["9-18", "09:00-24:30", "18:00-09:00", "09:00-09:00", "25:00-26:00", ""])
def test_what_is_no_span_of_hours_is_refused(span: str) -> None:
    with pytest.raises(ValueError, match=r"span|ends"):
        hours.read(span)


def test_the_contact_page_says_whether_each_place_is_open(client: Browser, south: Location) -> None:
    south.zone, south.hours = "America/New_York", {"mon": ["09:00-18:00"], "tue": ["08:00-12:00"]}
    south.save()
    words = said(client.get("/contact/").content.decode())
    assert "Open now, until 12:00" in words  # Tuesday, ten in the morning in Taipei
    assert "Opens on Tuesday at 08:00" in words  # Monday, ten at night in New York


def test_a_location_that_is_closed_for_good_is_not_shown(client: Browser, south: Location) -> None:
    south.active = False
    south.save()
    assert "South" not in said(client.get("/contact/").content.decode())
