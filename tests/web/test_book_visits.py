"""A client confirms a visit, looks at it, moves it, cancels it: as pages without scripts show it."""

from datetime import timedelta

import pytest
from tests.web.book_pages import at_noon, booked, free, pick, sent, url
from tests.web.booking_cast import CONSULTATION, FACIAL, MONDAY, NOW, PEEL, moment, screened
from tests.web.cast import signed_in
from tests.web.staff_pages import at, fields, words

from pellucid.web.accounts.models import User
from pellucid.web.records.models import Appointment, TimeOff
from pellucid.web.records.models.appointment import State
from pellucid.web.sites.models import Clinic, Location

__all__ = ["at_noon"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable", "at_noon")]


class TestConfirming:
    def test_it_is_booked_and_said_so(self, alice: User) -> None:
        browser = signed_in(alice)
        held = pick(browser, sent("10:00"), CONSULTATION).url
        confirm = url("appointment_confirm", Appointment.objects.get().pk)
        page = browser.post(confirm, fields(browser.get(held)), follow=True)
        assert "Booked. We look forward to seeing you." in words(page)
        assert Appointment.objects.get().state == State.BOOKED

    def test_pressed_twice_it_is_booked_once(self, alice: User) -> None:
        browser = signed_in(alice)
        sent_form = fields(browser.get(pick(browser, sent("10:00"), CONSULTATION).url))
        confirm = url("appointment_confirm", Appointment.objects.get().pk)
        pages = [browser.post(confirm, sent_form, follow=True) for _ in range(2)]
        assert all("Booked." in words(page) for page in pages)
        assert Appointment.objects.get().version == 2

    def test_after_ten_minutes_nothing_is_booked(self, alice: User) -> None:
        browser = signed_in(alice)
        held = pick(browser, sent("10:00"), CONSULTATION).url
        sent_form = fields(browser.get(held))
        with at(NOW + timedelta(minutes=10)):
            confirm = url("appointment_confirm", Appointment.objects.get().pk)
            page = browser.post(confirm, sent_form, follow=True)
            assert "The time was not kept any longer" in words(page)
            assert "This time was not booked" in words(page)
        assert not Appointment.objects.filter(state__in=("booked", "tentative")).exists()

    def test_what_waits_for_a_practitioner_says_so_before_and_after(self, alice: User) -> None:
        screened(alice)
        browser = signed_in(alice)
        held = browser.get(pick(browser, sent("10:00"), PEEL).url)
        assert "This visit waits for a practitioner's yes." in words(held)
        confirm = url("appointment_confirm", Appointment.objects.get().pk)
        page = browser.post(confirm, fields(held), follow=True)
        assert "as soon as a practitioner has said yes" in words(page)
        assert Appointment.objects.get().state == State.TENTATIVE


class TestVisit:
    def test_it_tells_when_where_with_whom_and_until_when_it_can_be_changed(self, alice: User) -> None:
        found = booked(alice)
        page = words(signed_in(alice).get(url("appointment", found.pk)))
        assert "Monday 23 November 2026" in page
        assert "10:00–10:30" in page
        assert "Petra Example" in page
        assert "You can move or cancel it here until 22 Nov 2026, 10:00." in page

    def test_it_tells_what_to_do_before_a_treatment(self, alice: User) -> None:
        screened(alice)
        found = booked(alice, "10:00", FACIAL)
        page = signed_in(alice).get(url("appointment", found.pk))
        assert page.context["lines"]
        assert "Before the session" in words(page)

    @pytest.mark.parametrize(
        ("misfit", "said", "asks"),
        [
            (["expired", "window.sun_before"], "we need some of your answers once more", True),
            (["hours"], "this visit may not fit as it is", False),
        ],
    )
    def test_what_waits_and_no_longer_fits_says_what_to_do(
        self, misfit: list[str], said: str, asks: bool, alice: User
    ) -> None:
        found = booked(alice)
        Appointment.objects.filter(pk=found.pk).update(state=State.TENTATIVE, misfit=misfit)
        page = words(signed_in(alice).get(url("appointment", found.pk)))
        assert said in page
        assert ("Answer the questions" in page) is asks
        assert "You needn't do anything" not in page

    def test_one_that_has_begun_is_not_over_yet(self, alice: User) -> None:
        found = booked(alice)
        browser = signed_in(alice)
        with at(found.starts + timedelta(minutes=5)):
            assert "Over or cancelled" not in words(browser.get(url("appointments")))
        with at(found.ends):
            assert "Over or cancelled" in words(browser.get(url("appointments")))

    def test_nobody_sees_anybody_elses(self, alice: User, bob: User) -> None:
        found = booked(alice)
        for name in ("appointment", "appointment_move", "appointment_cancel", "appointment_invite"):
            assert signed_in(bob).get(url(name, found.pk)).status_code == 404
        assert signed_in(bob).post(url("appointment_cancel", found.pk)).status_code == 404

    def test_a_calendar_can_take_it_over(self, alice: User) -> None:
        found = booked(alice)
        answer = signed_in(alice).get(url("appointment_invite", found.pk))
        assert answer["Content-Type"].startswith("text/calendar")
        assert f"UID:appointment-{found.pk}" in answer.content.decode()

    def test_all_of_them_are_listed_and_the_next_ones_stand_on_the_first_page(self, alice: User) -> None:
        booked(alice)
        browser = signed_in(alice)
        for page in (browser.get(url("appointments")), browser.get(url("me"))):
            assert "Monday 23 November 2026" in words(page)
            assert "10:00" in words(page)

    def test_a_visit_at_another_clock_names_it(self, alice: User, south: Location) -> None:
        found = booked(alice)
        Location.objects.filter(pk=south.pk).update(zone="Europe/Vienna")
        alice.client.location = south
        alice.client.save()
        page = words(signed_in(User.objects.get(pk=alice.pk)).get(url("appointment", found.pk)))
        assert "All times are by the clock in North (Asia/Taipei)." in page
        assert "10:00–10:30" in page


class TestMoving:
    def test_it_is_moved_after_both_times_were_shown(self, alice: User) -> None:
        found, browser = booked(alice), signed_in(alice)
        asked = browser.get(url("appointment_move", found.pk), {"start": sent("14:00")})
        assert "Monday 23 November 2026, 10:00" in words(asked)
        assert "14:00" in words(asked)
        page = browser.post(url("appointment_move", found.pk), fields(asked), follow=True)
        assert "Moved." in words(page)
        found.refresh_from_db()
        assert (found.starts, found.version) == (moment(MONDAY, "14:00"), 2)

    def test_its_own_time_counts_as_free_while_it_is_moved(self, alice: User, doris: User) -> None:
        found = booked(alice)
        TimeOff.objects.create(membership=doris.membership, starts=NOW, ends=NOW + timedelta(days=30))
        assert sent("10:15") in free(signed_in(alice).get(url("appointment_move", found.pk)))

    def test_moved_to_where_it_is_nothing_is_said_to_have_moved(self, alice: User) -> None:
        found = booked(alice)
        form = {"start": sent("10:00"), "version": "1"}
        page = signed_in(alice).post(url("appointment_move", found.pk), form, follow=True)
        assert "Moved." not in words(page)

    def test_pressed_twice_it_is_moved_once(self, alice: User) -> None:
        found, browser = booked(alice), signed_in(alice)
        form = fields(browser.get(url("appointment_move", found.pk), {"start": sent("14:00")}))
        for _ in range(2):
            browser.post(url("appointment_move", found.pk), form)
        found.refresh_from_db()
        assert found.version == 2

    def test_a_stale_page_is_told(self, alice: User) -> None:
        found, browser = booked(alice), signed_in(alice)
        form = fields(browser.get(url("appointment_move", found.pk), {"start": sent("14:00")}))
        browser.post(url("appointment_move", found.pk), form)
        page = browser.post(url("appointment_move", found.pk), {**form, "start": sent("15:00")}, follow=True)
        assert "This visit was changed elsewhere" in words(page)

    def test_too_late_it_says_whom_to_call(self, alice: User, clinic: Clinic) -> None:
        Clinic.objects.filter(pk=clinic.pk).update(phone="+886 2 5550 0100")
        found = booked(alice)
        with at(found.starts - timedelta(hours=23)):
            browser = signed_in(alice)
            page = browser.get(url("appointment_move", found.pk), follow=True)
            assert "Please call us: +886 2 5550 0100." in words(page)
            browser.post(url("appointment_move", found.pk), {"start": sent("14:00"), "version": "1"})
        found.refresh_from_db()
        assert found.starts == moment(MONDAY, "10:00")


class TestCancelling:
    def test_it_is_cancelled_after_asking_once(self, alice: User) -> None:
        found, browser = booked(alice), signed_in(alice)
        form = fields(browser.get(url("appointment_cancel", found.pk)))
        page = browser.post(url("appointment_cancel", found.pk), {**form, "reason": "A cold"}, follow=True)
        assert "Cancelled. The time is free for somebody else now." in words(page)
        found.refresh_from_db()
        assert (found.state, found.reason) == (State.CANCELLED, "A cold")

    def test_pressed_twice_is_the_same_as_once(self, alice: User) -> None:
        found, browser = booked(alice), signed_in(alice)
        form = fields(browser.get(url("appointment_cancel", found.pk)))
        pages = [browser.post(url("appointment_cancel", found.pk), form, follow=True) for _ in range(2)]
        assert all("Cancelled." in words(page) for page in pages)

    def test_too_late_it_says_whom_to_call_and_stays(self, alice: User, clinic: Clinic) -> None:
        Clinic.objects.filter(pk=clinic.pk).update(phone="+886 2 5550 0100")
        found, browser = booked(alice), signed_in(alice)
        form = fields(browser.get(url("appointment_cancel", found.pk)))
        with at(found.starts - timedelta(hours=23)):
            page = browser.post(url("appointment_cancel", found.pk), form, follow=True)
            assert "Please call us: +886 2 5550 0100." in words(page)
        found.refresh_from_db()
        assert found.state == State.BOOKED
