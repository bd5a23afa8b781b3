"""A client chooses what to come for, finds a time and keeps it: as pages without scripts show it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.book_pages import ask, at_noon, booked, free, offered, pick, sent, url
from tests.web.booking_cast import (
    CONSULTATION,
    FACIAL,
    MASK,
    MONDAY,
    NOW,
    PEEL,
    make_hours,
    make_resources,
    moment,
    screened,
)
from tests.web.booking_visits import as_client, overlaps, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at, words

from pellucid.web.accounts.models import User
from pellucid.web.portal.book_refusals import refusal
from pellucid.web.records.actions.appointments import TakenError, book, hold
from pellucid.web.records.actions.archive import archive_client
from pellucid.web.records.models import Appointment, TimeOff
from pellucid.web.records.models.appointment import State
from pellucid.web.sites.models import Location, Service

__all__ = ["at_noon"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable", "at_noon")]


class TestChoosing:
    def test_without_answers_only_the_talk_can_be_chosen_and_the_questions_are_led_to(self, alice: User) -> None:
        page = signed_in(alice).get(url("book"))
        assert offered(page) == [CONSULTATION]
        assert "A few questions come first." in words(page)
        assert url("consultation") in page.content.decode()

    def test_with_answers_what_fits_can_be_chosen(self, alice: User) -> None:
        screened(alice)
        page = signed_in(alice).get(url("book"))
        assert set(offered(page)) == {CONSULTATION, MASK, FACIAL, PEEL}
        assert "A few questions come first." not in words(page)

    def test_answers_that_grew_too_old_are_asked_again_before_a_treatment(self, alice: User) -> None:
        screened(alice)
        with at(NOW + timedelta(days=60)):
            page = signed_in(alice).get(url("book"))
        assert offered(page) == [CONSULTATION]
        assert "Some of your answers are too old to count." in words(page)

    def test_what_has_to_wait_can_be_chosen_and_says_from_when(self, alice: User) -> None:
        screened(alice, "wedding_in_ten_days")
        page = signed_in(alice).get(url("book"))
        assert PEEL in offered(page)
        assert "From Tuesday 1 December 2026" in words(page)

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("pregnant_wants_salicylic_peel", "Something you told us speaks against it."),
            ("itchy_forehead_after_antibiotics", "Please see a doctor first."),
            ("isotretinoin_stopped_three_months_ago", "It fits from Saturday 20 February 2027 on."),
        ],
    )
    def test_what_does_not_fit_for_as_long_as_can_be_booked_says_why(self, alice: User, name: str, why: str) -> None:
        screened(alice, name)
        page = signed_in(alice).get(url("book"))
        assert PEEL not in offered(page)
        assert why in words(page)

    def test_times_ask_for_something_that_is_done_here(self, alice: User) -> None:
        page = signed_in(alice).get(url("book_times"), {"service": "no_such_thing"}, follow=True)
        assert "Please choose at least one thing to book." in words(page)

    def test_a_place_without_hours_is_not_offered(self, alice: User, south: Location) -> None:
        Service.objects.get(treatment=CONSULTATION).locations.add(south)
        page = signed_in(alice).get(url("book"), {"at": "south"})
        assert "South" not in words(page)

    def test_a_clinic_without_a_calendar_says_how_to_reach_it(self, alice: User) -> None:
        alice.client.location.schedules.all().delete()
        page = signed_in(alice).get(url("book"))
        assert "Nothing can be booked online yet" in words(page)


class TestTimes:
    def test_the_first_day_with_something_free_is_open(self, alice: User) -> None:
        page = ask(signed_in(alice), CONSULTATION)
        assert "Friday 20 November 2026" in words(page)
        assert free(page)[0] == "2026-11-20T06:00Z"  # two hours of notice after noon in Taipei

    def test_a_day_further_on_can_be_opened(self, alice: User) -> None:
        page = ask(signed_in(alice), CONSULTATION, on=MONDAY.isoformat())
        assert free(page)[0] == sent("09:00")

    @pytest.mark.parametrize("on", ["2020-01-01", "9999-12-31", "never", ""])
    def test_a_day_out_of_reach_opens_the_nearest_that_can_be_booked(self, alice: User, on: str) -> None:
        assert ask(signed_in(alice), CONSULTATION, on=on).status_code == 200

    def test_a_day_on_which_nothing_fits_says_why_and_until_when(self, alice: User) -> None:
        screened(alice, "wedding_in_ten_days")
        page = ask(signed_in(alice), PEEL, on=MONDAY.isoformat())
        assert not free(page)
        assert "It fits from Tuesday 1 December 2026 on." in words(page)

    def test_the_first_day_is_the_first_that_fits(self, alice: User) -> None:
        screened(alice, "wedding_in_ten_days")
        page = ask(signed_in(alice), PEEL)
        assert page.context["picker"].day.on == date(2026, 12, 1)

    def test_what_is_taken_is_not_offered(self, alice: User, bob: User, petra: User, doris: User) -> None:
        for user, who in ((alice, petra), (bob, doris)):
            book(client=user.client, visit=visit_at("10:00", who=who), booker=as_client(user))
        assert sent("10:00") not in free(ask(signed_in(bob), CONSULTATION, on=MONDAY.isoformat()))

    def test_beside_an_own_visit_nothing_is_offered(self, alice: User) -> None:
        booked(alice, "10:00")
        found = free(ask(signed_in(alice), CONSULTATION, on=MONDAY.isoformat()))
        assert {sent("09:30"), sent("10:30")} <= set(found)
        assert not {sent("09:45"), sent("10:00"), sent("10:15")} & set(found)

    def test_of_one_practitioner_only_their_times_are_shown(self, bob: User, alice: User, petra: User) -> None:
        book(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_client(alice))
        browser, on = signed_in(bob), MONDAY.isoformat()
        assert sent("10:00") in free(ask(browser, CONSULTATION, on=on))
        assert sent("10:00") not in free(ask(browser, CONSULTATION, on=on, **{"with": str(petra.membership.pk)}))

    def test_several_services_take_one_after_the_other(self, alice: User) -> None:
        screened(alice)
        page = ask(signed_in(alice), MASK, FACIAL, on=MONDAY.isoformat())
        last = datetime.strptime(free(page)[-1], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        assert last + timedelta(minutes=30 + 10 + 60 + 10) <= moment(MONDAY, "18:00")

    def test_where_nobody_works_for_weeks_a_later_day_is_found(self, alice: User, petra: User, doris: User) -> None:
        for user in (petra, doris):
            TimeOff.objects.create(membership=user.membership, starts=NOW, ends=NOW + timedelta(days=40))
        page = ask(signed_in(alice), CONSULTATION)
        assert "Thursday 31 December 2026" in words(page)

    def test_where_nothing_is_free_at_all_that_is_said(self, alice: User, petra: User, doris: User) -> None:
        for user in (petra, doris):
            TimeOff.objects.create(membership=user.membership, starts=NOW, ends=NOW + timedelta(days=400))
        page = ask(signed_in(alice), CONSULTATION)
        assert "Nothing that fits you is free in the next 90 days." in words(page)

    def test_what_never_fits_says_why(self, alice: User) -> None:
        screened(alice, "isotretinoin_stopped_three_months_ago")
        page = words(ask(signed_in(alice), PEEL))
        assert "Nothing that fits you is free in the next 90 days." in page
        assert "It fits from Saturday 20 February 2027 on." in page

    def test_another_clock_than_the_usual_one_is_named(self, alice: User, south: Location, omar: User) -> None:
        Location.objects.filter(pk=south.pk).update(zone="Asia/Kolkata")
        Service.objects.get(treatment=CONSULTATION).locations.add(south)
        make_resources(south)
        make_hours(omar, south)
        page = signed_in(alice).get(url("book_times"), {"service": CONSULTATION, "at": "south"})
        assert "All times are by the clock in South (Asia/Kolkata)." in words(page)
        assert "All times are by the clock" not in words(ask(signed_in(alice), CONSULTATION))

    def test_a_far_first_day_among_many_takes_as_many_queries_as_a_near_one(
        self, alice: User, north: Location, petra: User, doris: User, django_assert_num_queries: Any
    ) -> None:
        browser = signed_in(alice)
        with CaptureQueriesContext(connection) as near:
            ask(browser, CONSULTATION)
        make_resources(north, rooms=5)
        for user in (petra, doris):
            TimeOff.objects.create(membership=user.membership, starts=NOW, ends=NOW + timedelta(days=80))
        with django_assert_num_queries(len(near)):
            ask(browser, CONSULTATION)


class TestHolding:
    def test_a_time_is_kept_for_ten_minutes(self, alice: User) -> None:
        browser = signed_in(alice)
        page = browser.get(pick(browser, sent("10:00"), CONSULTATION).url)
        assert "This time is kept for you until 12:10." in words(page)
        assert Appointment.objects.get().state == State.HELD

    def test_pressed_twice_it_is_kept_once(self, alice: User) -> None:
        browser = signed_in(alice)
        first, second = (pick(browser, sent("10:00"), CONSULTATION) for _ in range(2))
        assert first.url == second.url
        assert Appointment.objects.count() == 1

    def test_another_time_lets_the_first_go(self, alice: User) -> None:
        browser = signed_in(alice)
        pick(browser, sent("10:00"), CONSULTATION)
        assert sent("10:00") in free(ask(browser, CONSULTATION, on=MONDAY.isoformat()))
        pick(browser, sent("11:00"), CONSULTATION)
        assert list(Appointment.objects.order_by("starts").values_list("state", flat=True)) == ["lapsed", "held"]

    def test_with_anybody_the_own_practitioner_comes_first_and_then_whoever_has_time(
        self, alice: User, bob: User, petra: User, doris: User
    ) -> None:
        hold(client=bob.client, visit=visit_at("10:00", who=petra), booker=as_client(bob))
        browser = signed_in(alice)
        pick(browser, sent("09:00"), CONSULTATION)
        assert Appointment.objects.get(client=alice.client, state="held").practitioner == petra.membership
        pick(browser, sent("10:00"), CONSULTATION)
        assert Appointment.objects.get(client=alice.client, state="held").practitioner == doris.membership

    def test_what_was_taken_meanwhile_is_refused_kindly(self, alice: User, bob: User, petra: User, doris: User) -> None:
        hold(client=bob.client, visit=visit_at("10:00", who=petra), booker=as_client(bob))
        with_petra = {"with": str(petra.membership.pk)}
        page = signed_in(alice).post(
            url("book_hold"),
            {"service": CONSULTATION, "at": "north", "start": sent("10:00"), **with_petra},
            follow=True,
        )
        assert "This time is not free any more." in words(page)
        assert Appointment.objects.count() == 1
        assert not overlaps()

    def test_an_own_visit_at_that_time_is_not_taken_for_somebody_elses(self, alice: User) -> None:
        said = refusal(TakenError([f"client.{alice.client.pk}", "room.1"]), "UTC")
        assert said == "You have another visit at that time already."

    @pytest.mark.parametrize("start", ["", "soon", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "2026-11-23T02:00+08:00"])
    def test_what_is_no_time_is_not_kept(self, alice: User, start: str) -> None:
        assert pick(signed_in(alice), start, CONSULTATION).status_code == 302
        assert not Appointment.objects.exists()

    def test_without_answers_a_treatment_is_not_kept(self, alice: User) -> None:
        page = signed_in(alice).post(
            url("book_hold"), {"service": FACIAL, "at": "north", "start": sent("10:00")}, follow=True
        )
        assert "This time is not free any more." in words(page)
        assert not Appointment.objects.exists()

    def test_somebody_archived_is_told_how_to_come_back(self, alice: User, olga: User) -> None:
        archive_client(client=alice.client, by=olga.membership, reason="Moved away", now=NOW)
        browser = signed_in(User.objects.get(pk=alice.pk))
        assert "Your record is archived" in words(browser.get(url("book")))
        assert pick(browser, sent("10:00"), CONSULTATION).status_code == 409
