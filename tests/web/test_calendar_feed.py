"""The private calendar address: what it shows, to whom, and that it can be taken back."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries
from tests.web.booking_cast import FACIAL, NOW, TODAY, moment
from tests.web.staff_pages import at
from tests.web.visits import make_visit

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.project.logs import without_tokens
from pellucid.web.records.actions.feeds import make_feed, revoke_feed
from pellucid.web.records.models import Client
from pellucid.web.records.models.appointment import State

pytestmark = pytest.mark.django_db

FRIDAY = TODAY + timedelta(days=7)
DAY = timedelta(days=1)


@pytest.fixture
def path(alice: User) -> str:
    """Alice's calendar, as a path."""
    return made(alice.client)


def made(client: Client) -> str:
    address = make_feed(client=client, actor="user.1", now=NOW)
    assert address.startswith(f"{settings.ORIGIN}/calendar/")
    return address.removeprefix(settings.ORIGIN)


def read(browser: Browser, path: str, now: datetime = NOW) -> Calendar:
    """The calendar of an address."""
    with at(now):
        response = browser.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def test_it_shows_the_clients_visits_by_the_clock_of_the_place(
    client: Browser, path: str, alice: User, bob: User, petra: User
) -> None:
    visit = make_visit(alice.client, petra, moment(FRIDAY, "14:30"))
    make_visit(bob.client, petra, moment(FRIDAY, "16:30"))
    calendar = read(client, path)
    (event,) = calendar.events
    assert (calendar["METHOD"], calendar.calendar_name) == ("PUBLISH", "Visits at Example Clinic")
    assert event["UID"] == f"appointment-{visit.pk}@localhost"
    assert event.start.isoformat() == "2026-11-27T14:30:00+08:00"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Taipei"]
    assert (event["SUMMARY"], event["STATUS"]) == ("Visit at Example Clinic", "CONFIRMED")
    assert "ATTENDEE" not in event


def test_nothing_in_it_tells_what_is_done(client: Browser, path: str, alice: User, petra: User) -> None:
    visit = make_visit(alice.client, petra, moment(FRIDAY, "14:30"), note="front door", misfit=["rule.example"])
    visit.parts.create(
        position=0, treatment=FACIAL, starts=visit.starts, ends=visit.ends, room=visit.location.rooms.create(name="One")
    )
    written = client.get(path).content.decode()
    assert not [word for word in (FACIAL, "facial", "front door", "rule.example", "Alice") if word in written]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.TENTATIVE, "TENTATIVE"),
        (State.BOOKED, "CONFIRMED"),
        (State.DONE, "CONFIRMED"),
        (State.CANCELLED, "CANCELLED"),
        (State.NO_SHOW, None),
        (State.LAPSED, None),
    ],
)
def test_what_became_of_a_visit_shows(
    client: Browser, path: str, alice: User, petra: User, state: State, status: str | None
) -> None:
    make_visit(alice.client, petra, moment(FRIDAY, "14:30"), state=state)
    assert [event["STATUS"] for event in read(client, path).events] == ([status] if status else [])


def test_what_is_only_held_does_not(client: Browser, path: str, alice: User, petra: User) -> None:
    make_visit(alice.client, petra, moment(FRIDAY, "14:30"), state=State.HELD, held_until=NOW + DAY)
    assert read(client, path).events == []


def test_visits_of_long_ago_leave_it(client: Browser, path: str, alice: User, petra: User) -> None:
    visit = make_visit(alice.client, petra, moment(FRIDAY, "14:30"))
    assert len(read(client, path, visit.ends + 92 * DAY).events) == 1
    assert read(client, path, visit.ends + 93 * DAY).events == []


def test_it_speaks_the_clients_language_whatever_the_phone_asks_for(
    client: Browser, path: str, alice: User, petra: User
) -> None:
    make_visit(alice.client, petra, moment(FRIDAY, "14:30"))
    Client.objects.update(language="zh-hant")
    calendar = Calendar.from_ical(client.get(path, headers={"accept-language": "en"}).content)
    assert calendar.calendar_name == "Example Clinic 的預約"
    assert "/zh-hant/me/appointments/" in str(calendar.events[0]["URL"])


def test_it_is_sent_again_only_where_it_has_changed(client: Browser, path: str, alice: User, petra: User) -> None:
    visit = make_visit(alice.client, petra, moment(FRIDAY, "14:30"))
    first = client.get(path)
    same = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert first["Cache-Control"] == same["Cache-Control"] == "private, max-age=900"
    type(visit).objects.update(version=2)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_it_costs_two_queries_however_much_is_in_it(
    client: Browser, path: str, alice: User, petra: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(9):
        make_visit(alice.client, petra, moment(FRIDAY + number * DAY, "14:30"))
    with django_assert_num_queries(2):
        assert len(read(client, path).events) == 9


class TestAddress:
    def test_only_a_hash_of_it_is_kept(self, path: str, alice: User) -> None:
        token = path.removeprefix("/calendar/").removesuffix(".ics")
        kept = Client.objects.get(pk=alice.client.pk).calendar_token_hash
        assert len(token) == 43
        assert token not in kept
        assert len(kept) == 64

    def test_no_log_holds_it(self, path: str) -> None:
        assert without_tokens(f"Not Found: {path}") == "Not Found: /calendar/…"

    def test_taken_back_it_shows_nothing(self, client: Browser, path: str, alice: User) -> None:
        revoke_feed(client=alice.client, actor="user.1", now=NOW)
        assert client.get(path).status_code == 404

    def test_a_new_one_takes_the_earlier_one_back(self, client: Browser, path: str, alice: User) -> None:
        second = made(alice.client)
        assert client.get(path).status_code == 404
        assert client.get(second).status_code == 200

    @pytest.mark.parametrize("token", ["x", "", "%00", "a" * 43, "é" * 20])
    def test_what_is_none_is_not_found(self, client: Browser, alice: User, token: str) -> None:
        assert client.get(f"/calendar/{token}.ics").status_code == 404

    def test_it_only_reads(self, client: Browser, path: str) -> None:
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200

    def test_making_and_taking_back_are_audited_once(self, path: str, alice: User) -> None:
        revoke_feed(client=alice.client, actor="user.1", now=NOW)
        revoke_feed(client=alice.client, actor="user.1", now=NOW)
        told = Event.objects.filter(client=str(alice.client.pk), action__startswith="calendar.").order_by("pk")
        assert list(told.values_list("action", flat=True)) == ["calendar.made", "calendar.revoked"]
        token = path.removeprefix("/calendar/").removesuffix(".ics")
        assert token not in str(list(told.values()))
