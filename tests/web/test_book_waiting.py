"""A client waits for a time, is offered one, takes it or lets it go; and gives their calendar a private address."""

from datetime import timedelta
from typing import Any

import pytest
from tests.web.book_pages import at_noon, url
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW
from tests.web.booking_visits import visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at, fields, words

from pellucid.web.accounts.models import User
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.actions.offering import offer
from pellucid.web.records.models import Appointment, Client, WaitlistEntry, WaitlistOffer
from pellucid.web.records.models.appointment import State, Waiting

__all__ = ["at_noon"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable", "at_noon")]
WISH = {"service": CONSULTATION, "at": "north"}


def join(user: User, **changed: Any) -> Any:
    """Open the form, change what is given, and send it."""
    browser = signed_in(user)
    form = fields(browser.get(url("waitlist_join"), WISH))
    return browser.post(url("waitlist_join"), {**form, **changed}, follow=True)


@pytest.fixture
def offered(alice: User) -> WaitlistOffer:
    """Monday at ten, offered to Alice."""
    join(alice)
    return offer(entry=WaitlistEntry.objects.get(), visit=visit_at("10:00"), booker=Booker.by_clock(NOW))


class TestJoining:
    def test_the_form_begins_with_the_next_four_weeks(self, alice: User) -> None:
        page = join(alice)
        entry = WaitlistEntry.objects.get()
        assert "You are on the list." in words(page)
        assert (entry.treatments, entry.since, entry.until) == ([CONSULTATION], NOW.date(), NOW.date() + timedelta(27))
        assert (entry.weekdays, entry.earliest, entry.latest) == ([], 0, 1440)

    def test_days_and_hours_are_kept_and_shown(self, alice: User) -> None:
        page = join(alice, weekdays=["mon", "fri"], earliest="14:00", latest="18:00")
        entry = WaitlistEntry.objects.get()
        assert (entry.weekdays, entry.earliest, entry.latest) == (["mon", "fri"], 840, 1080)
        assert "Monday, Friday" in words(page)
        assert "Not before 14:00" in words(page)

    def test_sent_twice_one_waits_once(self, alice: User) -> None:
        join(alice)
        join(alice)
        assert WaitlistEntry.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"until": "2026-11-01"}, "Please give a day that is not over"),
            ({"until": "2028-01-01"}, "So far ahead nothing can be booked yet."),
            ({"earliest": "15:00", "latest": "14:00"}, "Please give a time after the first."),
            ({"since": ""}, "Please fill this in."),
        ],
    )
    def test_what_leaves_nothing_is_told_at_its_field(self, alice: User, changed: dict[str, str], said: str) -> None:
        assert said in words(join(alice, **changed))
        assert not WaitlistEntry.objects.exists()

    def test_there_is_an_end_to_how_much_one_can_wait_for(self, alice: User) -> None:
        for number in range(10):
            join(alice, until=(NOW.date() + timedelta(days=10 + number)).isoformat())
        assert "You wait for as many visits as one can." in words(join(alice))
        assert WaitlistEntry.objects.count() == 10

    def test_one_can_stop_waiting_and_nobody_else_can(self, alice: User, bob: User) -> None:
        join(alice)
        leave = url("waitlist_leave", WaitlistEntry.objects.get().pk)
        assert signed_in(bob).post(leave).status_code == 404
        for _ in range(2):
            assert "You don't wait for this any more." in words(signed_in(alice).post(leave, follow=True))
        assert WaitlistEntry.objects.get().state == Waiting.LEFT


class TestOffers:
    def test_it_tells_until_when_it_is_kept(self, alice: User, offered: WaitlistOffer) -> None:
        browser = signed_in(alice)
        assert "It is kept for you until 20 Nov 2026, 14:00." in words(browser.get(url("offer", offered.pk)))
        assert "A time has become free" in words(browser.get(url("waitlist")))
        assert "Kept for you" in words(browser.get(url("me")))
        assert browser.get(url("appointment", offered.appointment_id))["Location"] == url("offer", offered.pk)

    def test_taken_it_is_booked_once(self, alice: User, offered: WaitlistOffer) -> None:
        browser = signed_in(alice)
        for _ in range(2):
            page = browser.post(url("offer", offered.pk), {"do": "accept"}, follow=True)
            assert "Booked. We look forward to seeing you." in words(page)
        assert Appointment.objects.get().state == State.BOOKED
        assert WaitlistEntry.objects.get().state == Waiting.BOOKED

    def test_let_go_one_stays_on_the_list(self, alice: User, offered: WaitlistOffer) -> None:
        browser = signed_in(alice)
        page = browser.post(url("offer", offered.pk), {"do": "decline"}, follow=True)
        assert "You stay on the list." in words(page)
        assert WaitlistEntry.objects.get().state == Waiting.WAITING
        over = words(browser.get(url("offer", offered.pk)))
        assert "This offer is over You let this time go. You are still on the list" in over

    def test_too_late_it_is_over(self, alice: User, offered: WaitlistOffer) -> None:
        with at(NOW + timedelta(hours=2)):
            browser = signed_in(alice)
            assert "This offer is over" in words(browser.get(url("offer", offered.pk)))
            browser.post(url("offer", offered.pk), {"do": "accept"})
        assert Appointment.objects.get().state != State.BOOKED

    def test_nobody_else_sees_or_takes_it(self, bob: User, offered: WaitlistOffer) -> None:
        browser = signed_in(bob)
        assert browser.get(url("offer", offered.pk)).status_code == 404
        assert browser.post(url("offer", offered.pk), {"do": "accept"}).status_code == 404

    def test_what_is_offered_is_not_let_go_by_keeping_another_time(self, alice: User, offered: WaitlistOffer) -> None:
        browser = signed_in(alice)
        other = visit_at("15:00", on=MONDAY).starts
        browser.post(url("book_hold"), {**WISH, "start": f"{other:%Y-%m-%dT%H:%MZ}"})
        offered.refresh_from_db()
        assert offered.state == "open"


class TestCalendarAddress:
    def test_it_is_shown_once_and_can_be_taken_back(self, alice: User) -> None:
        browser = signed_in(alice)
        made = browser.post(url("calendar_feed"), {"do": "make"})
        address = fields(made)[""] if "" in fields(made) else made.context["address"]
        assert address in made.content.decode()
        assert address not in browser.get(url("calendar_feed")).content.decode()
        assert browser.post(url("calendar_feed"), {"do": "revoke"}, follow=True).status_code == 200
        assert not Client.objects.get(pk=alice.client.pk).calendar_token_hash

    def test_anything_else_is_refused(self, alice: User) -> None:
        assert signed_in(alice).post(url("calendar_feed"), {"do": "other"}).status_code == 400
