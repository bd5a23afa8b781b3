"""What booking has to keep to at its edges: levels, places that are shut, terms, ages, odd addresses."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.booking_cast import CONSULTATION, FACIAL, MASK, MONDAY, NOW, PEEL, TODAY, moment, screened
from tests.web.booking_visits import as_client, as_staff, rows, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at, words

from pellucid.model.levels import Level
from pellucid.web.accounts.models import User
from pellucid.web.jobs.worker import do_waiting
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.appointments import (
    Booker,
    LevelError,
    NotOfferedError,
    PolicyError,
    book,
    cancel,
    confirm,
    hold,
    reschedule,
    sign,
)
from pellucid.web.records.actions.rescreen import rescreen
from pellucid.web.records.actions.waitlist import decline, join
from pellucid.web.records.models import Appointment, Client, WaitlistOffer
from pellucid.web.records.queries.appointments import to_sign
from pellucid.web.records.queries.fitting import fit_of
from pellucid.web.records.queries.planning import plan_for
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Closure, Location, Service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]


class TestLevels:
    def test_a_clinic_that_asks_for_less_does_not_let_a_lower_level_sign(
        self, alice: User, petra: User, doris: User
    ) -> None:
        screened(alice)
        Service.objects.filter(treatment=PEEL).update(level=Level.L1)
        visit = book(client=alice.client, visit=visit_at("10:00", [PEEL], who=doris), booker=as_staff(doris))
        assert visit.state == "tentative"
        assert to_sign(petra.membership, now=NOW) == []
        with pytest.raises(LevelError):
            sign(appointment=visit, version=visit.version, by=petra.membership, now=NOW)
        assert to_sign(doris.membership, now=NOW) == [visit]


class TestPlacesThatAreShut:
    def test_nothing_is_booked_where_a_place_is_given_up(
        self, alice: User, bob: User, frida: User, north: Location
    ) -> None:
        visit = visit_at("10:00")
        held = hold(client=alice.client, visit=visit, booker=as_client(alice))
        Location.objects.filter(pk=north.pk).update(active=False)
        with pytest.raises(NotOfferedError):
            confirm(appointment=held, version=held.version, booker=as_client(alice))
        with pytest.raises(NotOfferedError):
            book(client=bob.client, visit=visit, booker=as_staff(frida))


class TestPlans:
    @pytest.fixture
    def wanting(self, alice: User) -> User:
        screened(alice, wishes={"treatments": [FACIAL]})
        return alice

    def proposed(self, user: User, north: Location) -> list[Any]:
        place = Location.objects.select_related("clinic").get(pk=north.pk)
        plan = plan_for(user.client, location=place, now=NOW)
        assert plan is not None
        return [each.slot.starts for each in plan.sessions]

    def test_a_plan_proposes_only_what_clients_may_book(self, wanting: User, north: Location) -> None:
        week = timedelta(days=7)
        assert min(self.proposed(wanting, north)) < NOW + week
        Clinic.objects.update(notice_hours=24 * 7)
        assert NOW + week <= min(self.proposed(wanting, north)) < NOW + 2 * week
        Closure.objects.create(location=north, starts=NOW, ends=NOW + 3 * week)
        assert min(self.proposed(wanting, north)) >= NOW + 3 * week
        Clinic.objects.update(days_ahead=20)
        assert self.proposed(wanting, north) == []

    def test_a_plan_reads_as_often_for_many_visits_as_for_one(self, wanting: User, north: Location) -> None:
        counts = []
        for day in range(3):
            visit = visit_at("10:00", on=MONDAY + timedelta(days=day))
            book(client=wanting.client, visit=visit, booker=as_client(wanting))
            with CaptureQueriesContext(connection) as asked:
                self.proposed(wanting, north)
            counts.append(len(asked))
        assert counts[0] == counts[-1]


class TestAges:
    def test_an_answer_makes_nobody_older_than_the_clinic_knows(self, alice: User) -> None:
        screened(alice)
        visit = visit_at("10:00", [MASK])
        assert fit_of(alice.client, visit, now=NOW).bookable
        Client.objects.update(birth_date=TODAY.replace(year=TODAY.year - 15), guardian_contact="gerda@example.com")
        found = fit_of(Client.objects.get(pk=alice.client.pk), visit, now=NOW)
        assert (found.bookable, found.why) == (False, "guardian")
        Client.objects.update(guardian_consent_at=NOW)
        assert fit_of(Client.objects.get(pk=alice.client.pk), visit, now=NOW).bookable


class TestWhatTheFrontDeskReads:
    def test_what_a_client_wrote_when_cancelling_is_not_for_the_front_desk(
        self, alice: User, frida: User, petra: User
    ) -> None:
        visit = book(client=alice.client, visit=visit_at("10:00"), booker=as_client(alice))
        cancel(appointment=visit, version=visit.version, reason="I am pregnant", booker=as_client(alice))
        page = reverse("clinic:appointment", args=[visit.pk])
        with at(NOW):
            assert "pregnant" not in words(signed_in(frida).get(page))
            assert "pregnant" in words(signed_in(petra).get(page))

    def test_what_the_desk_wrote_itself_it_reads_again(self, alice: User, frida: User) -> None:
        visit = book(client=alice.client, visit=visit_at("10:00"), booker=as_client(alice))
        cancel(appointment=visit, version=visit.version, reason="They called.", booker=as_staff(frida))
        with at(NOW):
            assert "They called." in words(signed_in(frida).get(reverse("clinic:appointment", args=[visit.pk])))


class TestOddAddresses:
    @pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
    @pytest.mark.parametrize("name", ["board", "calendar", "appointment_new"])
    def test_a_day_that_nobody_means_is_as_none(self, frida: User, alice: User, name: str, on: str) -> None:
        given = {"on": on, "view": "week", "client": str(alice.client.pk), "service": CONSULTATION, "at": "north"}
        with at(NOW):
            assert signed_in(frida).get(reverse(f"clinic:{name}"), given).status_code == 200

    @pytest.mark.parametrize("year", ["0001", "9999"])
    def test_a_time_that_nobody_means_is_refused(self, frida: User, alice: User, petra: User, year: str) -> None:
        visit = book(client=alice.client, visit=visit_at("10:00"), booker=as_client(alice))
        page, browser = reverse("clinic:appointment_move", args=[visit.pk]), signed_in(frida)
        sent = {"start": f"{year}-01-01T00:00Z/{petra.membership.pk}", "version": visit.version}
        with at(NOW):
            assert browser.post(page, sent).status_code == 200
            assert browser.get(page, {"to": f"{year}-12-31T23:00"}).status_code == 200
            assert browser.get(page, {"on": f"{year}-12-31"}).status_code == 200
        visit.refresh_from_db()
        assert visit.starts == moment(MONDAY, "10:00")

    @pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
    def test_clients_are_answered_too(self, alice: User, on: str) -> None:
        browser = signed_in(alice)
        with at(NOW):
            times = browser.get(reverse("portal:book_times"), {"service": CONSULTATION, "at": "north", "on": on})
            assert times.status_code == 200
            sent = {"service": CONSULTATION, "at": "north", "start": f"{on}T00:00Z", "on": on}
            assert browser.post(reverse("portal:book_hold"), sent).status_code == 302


class TestWaiting:
    def test_who_lets_a_time_go_is_not_asked_for_one_a_little_later(
        self, alice: User, bob: User, petra: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW)
        visit = book(client=bob.client, visit=visit_at("10:00", who=petra), booker=as_staff(petra))
        join(
            client=alice.client,
            location=alice.client.location,
            treatments=[CONSULTATION],
            since=MONDAY,
            until=MONDAY,
            booker=as_client(alice),
        )
        cancel(appointment=visit, version=visit.version, reason="", booker=as_client(bob))
        for _ in range(4):
            do_waiting()
            for each in WaitlistOffer.objects.filter(state="open"):
                decline(offer=each, booker=as_client(alice))
        assert WaitlistOffer.objects.count() == 1


class TestWhatIsNoLongerCertain:
    @pytest.fixture
    def visit(self, alice: User, doris: User) -> Appointment:
        screened(alice)
        return book(client=alice.client, visit=visit_at("10:00", [MASK], who=doris), booker=as_staff(doris))

    def test_a_client_is_told_where_a_booked_visit_waits_for_a_yes_again(self, visit: Appointment) -> None:
        assert visit.state == "booked"
        Service.objects.filter(treatment=MASK).update(level=Level.L2)
        for _ in range(2):
            assert rescreen(now=NOW + timedelta(hours=10)) in {0, 1}
        letter = Message.objects.get(kind="visit_confirmed", state="waiting")
        assert "A practitioner has a look first and says yes to it" in letter.body
        assert "STATUS:TENTATIVE" in letter.invite
        assert letter.next_at == moment(TODAY + timedelta(days=1), "08:00")

    def test_that_it_may_not_fit_is_said_of_a_visit_that_waits_too(self, visit: Appointment, alice: User) -> None:
        Appointment.objects.update(state="tentative", misfit=["expired"])
        with at(NOW):
            page = words(signed_in(alice).get(reverse("portal:appointment", args=[visit.pk])))
        assert "we need some of your answers once more" in page
        assert "You needn't do anything" not in page


def test_what_has_begun_is_neither_moved_nor_cancelled(alice: User, petra: User, frida: User) -> None:
    visit = book(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_staff(petra))
    later = Booker(frida.ref, frida.membership, visit.starts)
    with pytest.raises(PolicyError) as refused:
        cancel(appointment=visit, version=visit.version, reason="", booker=later)
    assert refused.value.rule == "begun"
    with pytest.raises(PolicyError) as refused:
        reschedule(appointment=visit, version=visit.version, visit=visit_at("15:00", who=petra), booker=later)
    assert refused.value.rule == "begun"
    assert len(rows()) == 3
