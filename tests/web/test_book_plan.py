"""All visits of a plan at once: proposed, looked at, booked all or none."""

import re
from typing import Any

import pytest
from django.urls import reverse
from tests.web.book_pages import at_noon
from tests.web.booking_cast import CONSULTATION, NOW, screened
from tests.web.booking_visits import as_client, overlaps
from tests.web.cast import signed_in
from tests.web.staff_pages import words

from pellucid.web.accounts.models import User
from pellucid.web.records.actions.appointments import book
from pellucid.web.records.models import Appointment, Series
from pellucid.web.records.queries.calendar import visits_for

__all__ = ["at_noon"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable", "at_noon")]
PLAN = "/me/book/plan/"


def proposed(page: Any) -> list[str]:
    """What the form would book."""
    return re.findall(r'name="visit" value="([^"]+)"', page.content.decode())


@pytest.fixture
def wanting(alice: User) -> User:
    """Alice, who wants a facial."""
    screened(alice, wishes={"treatments": ["pore_cleanup_facial"]})
    return alice


def test_the_questions_come_first(alice: User) -> None:
    page = signed_in(alice).get(PLAN)
    assert page["Location"] == reverse("portal:consultation")


def test_nothing_is_booked_by_looking(wanting: User) -> None:
    browser = signed_in(wanting)
    assert "Nothing is booked yet." in words(browser.get(PLAN))
    page = browser.post(PLAN, {"at": "north", "do": "plan"})
    assert proposed(page)
    assert not Appointment.objects.exists()


def test_all_are_booked_at_once_and_sent_twice_once(wanting: User) -> None:
    browser = signed_in(wanting)
    visits = proposed(browser.post(PLAN, {"at": "north", "do": "plan"}))
    for _ in range(2):
        page = browser.post(PLAN, {"at": "north", "do": "book", "visit": visits}, follow=True)
        assert "Your visits" in words(page)
    assert Appointment.objects.count() == len(visits)
    assert Series.objects.count() == 1
    assert not overlaps()


def test_what_somebody_has_to_sign_is_not_called_booked(wanting: User) -> None:
    browser = signed_in(wanting)
    visits = proposed(browser.post(PLAN, {"at": "north", "do": "plan"}))
    page = browser.post(PLAN, {"at": "north", "do": "book", "visit": visits}, follow=True)
    assert Appointment.objects.filter(state="tentative").exists()
    assert "All these times are kept for you." in words(page)
    assert "All visits are booked." not in words(page)


def test_where_one_has_gone_none_is_booked(wanting: User, bob: User) -> None:
    browser = signed_in(wanting)
    visits = proposed(browser.post(PLAN, {"at": "north", "do": "plan"}))
    treatment, start, practitioner = visits[-1].split(" ")
    on = Appointment._meta.get_field("starts").to_python(start.replace("Z", "+00:00")).date()
    found = visits_for(treatments=[CONSULTATION], since=on, until=on, now=NOW)
    same = next(e for e in found if f"{e.starts:%Y-%m-%dT%H:%MZ}" == start and e.practitioner == practitioner)
    book(client=bob.client, visit=same, booker=as_client(bob))
    page = browser.post(PLAN, {"at": "north", "do": "book", "visit": visits}, follow=True)
    assert "Nothing was booked." in words(page)
    assert not Appointment.objects.filter(client=wanting.client).exists()
    assert treatment


def test_what_is_booked_already_stands_in_the_plan(wanting: User) -> None:
    browser = signed_in(wanting)
    visits = proposed(browser.post(PLAN, {"at": "north", "do": "plan"}))
    browser.post(PLAN, {"at": "north", "do": "book", "visit": visits})
    page = browser.post(PLAN, {"at": "north", "do": "plan"})
    assert not set(proposed(page)) & set(visits)
    assert page.status_code == 200


@pytest.mark.parametrize("visit", ["", "a b c", "pore_cleanup_facial", "pore_cleanup_facial 9999-12-31T23:59Z 1"])
def test_what_no_plan_proposed_is_not_booked(wanting: User, visit: str) -> None:
    page = signed_in(wanting).post(PLAN, {"at": "north", "do": "book", "visit": visit})
    assert page.status_code == 302
    assert not Appointment.objects.exists()
