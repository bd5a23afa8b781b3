"""Holding, confirming, booking, moving, cancelling and what becomes of visits; who may, until when, and sent twice."""

from datetime import timedelta

import pytest
from tests.web.booking_cast import CONSULTATION, FACIAL, MASK, MONDAY, NOW, PEEL, moment, screened
from tests.web.booking_visits import as_client, as_staff, overlaps, rows, starts, visit_at

from pellucid.booking.minutes import minute_of
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.appointments import (
    HOLD,
    ArchivedError,
    ChangedError,
    HoldOverError,
    LevelError,
    NotOfferedError,
    PolicyError,
    TakenError,
    UnfitError,
    book,
    cancel,
    confirm,
    done,
    hold,
    hold_any,
    lapse_holds,
    no_show,
    reschedule,
    sign,
)
from pellucid.web.records.actions.archive import archive_client
from pellucid.web.records.models import Appointment, Reservation
from pellucid.web.sites.models import Clinic, Closure, Location, Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]


def held(user: User, at: str = "10:00", who: User | None = None) -> Appointment:
    return hold(client=user.client, visit=visit_at(at, who=who), booker=as_client(user))


def booked(user: User, at: str = "10:00", who: User | None = None) -> Appointment:
    found = held(user, at, who)
    return confirm(appointment=found, version=found.version, booker=as_client(user))


def happened(appointment: Appointment) -> list[str]:
    found = Event.objects.filter(subject=f"appointment.{appointment.pk}").order_by("pk")
    return list(found.values_list("action", flat=True))


def letters() -> list[str]:
    return list(Message.objects.filter(state="waiting", kind__startswith="visit_").values_list("kind", flat=True))


class TestHolding:
    def test_a_hold_keeps_practitioner_room_and_client_for_ten_minutes(self, alice: User, petra: User) -> None:
        visit = visit_at("10:00", [MASK], who=petra)
        screened(alice)
        found = hold(client=alice.client, visit=visit, booker=as_client(alice))
        assert (found.state, found.held_until) == ("held", NOW + HOLD)
        begins = minute_of(moment(MONDAY, "10:00"))
        room = visit.parts[0].room
        assert rows() == sorted(
            [
                (f"client.{alice.client.pk}", begins, begins + 30),
                (f"practitioner.{petra.membership.pk}", begins, begins + 40),
                (f"room.{room}", begins, begins + 40),
            ]
        )
        assert "10:00" not in starts(who=petra)
        assert happened(found) == ["appointment.held"]

    def test_the_same_slot_held_twice_is_one_hold(self, alice: User) -> None:
        visit = visit_at("10:00")
        first, second = (hold(client=alice.client, visit=visit, booker=as_client(alice)) for _ in range(2))
        assert first == second
        assert happened(first) == ["appointment.held"]

    def test_a_client_holds_one_slot_at_a_time(self, alice: User, petra: User) -> None:
        visits = [visit_at(each, who=petra) for each in ("10:00", "10:15")]
        first, second = (hold(client=alice.client, visit=each, booker=as_client(alice)) for each in visits)
        first.refresh_from_db()
        assert (first.state, second.state) == ("lapsed", "held")
        assert {each.appointment_id for each in Reservation.objects.all()} == {second.pk}

    def test_what_is_held_is_refused_to_others_and_says_what_is_taken(
        self, alice: User, bob: User, petra: User
    ) -> None:
        visit = visit_at("10:15", who=petra)
        held(alice, "10:00", petra)
        with pytest.raises(TakenError) as refused:
            hold(client=bob.client, visit=visit, booker=as_client(bob))
        assert refused.value.resources == (f"practitioner.{petra.membership.pk}",)
        assert Appointment.objects.count() == 1

    def test_another_room_is_found_where_the_one_shown_has_gone(
        self, alice: User, bob: User, petra: User, doris: User, rooms: list[Room]
    ) -> None:
        one, other = (visit_at("10:00", who=each) for each in (petra, doris))
        assert one.parts[0].room == other.parts[0].room
        hold(client=alice.client, visit=one, booker=as_client(alice))
        found = hold(client=bob.client, visit=other, booker=as_client(bob))
        assert found.parts.get().room == rooms[1]

    def test_a_room_that_is_meant_is_not_swapped(self, alice: User, bob: User, petra: User, doris: User) -> None:
        one, other = (visit_at("10:00", who=each) for each in (petra, doris))
        hold(client=alice.client, visit=one, booker=as_client(alice))
        with pytest.raises(TakenError) as refused:
            book(client=bob.client, visit=other, booker=as_staff(petra), exactly=True)
        assert refused.value.resources == (f"room.{one.parts[0].room}",)

    def test_nobody_is_in_two_places_at_once(self, alice: User, petra: User, doris: User) -> None:
        booked(alice, "10:00", petra)
        with pytest.raises(TakenError) as refused:
            held(alice, "10:15", doris)
        assert refused.value.resources == (f"client.{alice.client.pk}",)

    def test_any_practitioner_is_the_first_who_is_free(self, alice: User, bob: User, petra: User, doris: User) -> None:
        both = [visit_at("10:00", who=each) for each in (petra, doris)]
        first = hold_any(client=alice.client, visits=both, booker=as_client(alice))
        second = hold_any(client=bob.client, visits=both, booker=as_client(bob))
        assert [first.practitioner, second.practitioner] == [petra.membership, doris.membership]
        assert hold_any(client=bob.client, visits=both, booker=as_client(bob)) == second
        with pytest.raises(TakenError):
            hold_any(client=bob.client, visits=both[:1], booker=as_client(bob))


class TestRunningOut:
    def test_a_hold_that_has_run_out_gives_way(self, alice: User, bob: User, petra: User) -> None:
        first = held(alice, "10:00", petra)
        visit = visit_at("10:00", who=petra, but=first)
        found = hold(client=bob.client, visit=visit, booker=as_client(bob, after=HOLD))
        first.refresh_from_db()
        assert (first.state, first.ended_by, found.state) == ("lapsed", "system", "held")
        assert not overlaps()

    def test_it_still_stands_a_moment_before(self, alice: User, bob: User, petra: User) -> None:
        visit = visit_at("10:00", who=petra)
        held(alice, "10:00", petra)
        with pytest.raises(TakenError):
            hold(client=bob.client, visit=visit, booker=as_client(bob, after=HOLD - timedelta(seconds=1)))

    def test_it_can_no_longer_be_confirmed(self, alice: User) -> None:
        found = held(alice)
        with pytest.raises(HoldOverError):
            confirm(appointment=found, version=found.version, booker=as_client(alice, after=HOLD))

    def test_the_clock_ends_it_once(self, alice: User) -> None:
        found = held(alice)
        assert lapse_holds(now=NOW + HOLD - timedelta(seconds=1)) == 0
        assert [lapse_holds(now=NOW + HOLD) for _ in range(2)] == [1, 0]
        found.refresh_from_db()
        assert (found.state, found.held_until, rows()) == ("lapsed", None, [])
        assert happened(found) == ["appointment.held", "appointment.lapsed"]


class TestConfirming:
    def test_it_is_booked_once_however_often_it_is_confirmed(self, alice: User) -> None:
        found = held(alice)
        for _ in range(2):
            now = confirm(appointment=found, version=found.version, booker=as_client(alice))
            assert (now.state, now.version, now.held_until) == ("booked", 2, None)
        assert happened(found) == ["appointment.held", "appointment.confirmed"]
        assert letters() == ["visit_confirmed"]

    def test_a_stale_page_is_told(self, alice: User) -> None:
        found = held(alice)
        with pytest.raises(ChangedError):
            confirm(appointment=found, version=found.version + 1, booker=as_client(alice))

    def test_what_the_clinic_closed_meanwhile_is_not_booked(self, alice: User, north: Location) -> None:
        found = held(alice)
        Closure.objects.create(location=north, starts=found.starts, ends=found.ends)
        with pytest.raises(NotOfferedError) as refused:
            confirm(appointment=found, version=found.version, booker=as_client(alice))
        assert refused.value.refusal == "closed"

    def test_without_a_screening_only_a_consultation_can_be_booked(self, alice: User) -> None:
        with pytest.raises(UnfitError) as refused:
            hold(client=alice.client, visit=visit_at("10:00", [FACIAL]), booker=as_client(alice))
        assert refused.value.fit.why == "no_screening"
        screened(alice)
        found = hold(client=alice.client, visit=visit_at("10:00", [FACIAL]), booker=as_client(alice))
        found = confirm(appointment=found, version=1, booker=as_client(alice))
        assert (found.state, found.screened, bool(found.knowledge)) == ("tentative", "caution", True)

    def test_who_was_archived_books_nothing(self, alice: User, petra: User) -> None:
        archive_client(client=alice.client, reason="Moved away.", by=petra.membership, now=NOW)
        with pytest.raises(ArchivedError):
            held(alice)


class TestTerms:
    def test_clients_book_neither_too_soon_nor_too_far_ahead(self, alice: User, clinic: Clinic, frida: User) -> None:
        clinic.notice_hours, clinic.days_ahead = 80, 90
        clinic.save()
        near = visit_at("10:00")
        with pytest.raises(PolicyError) as refused:
            hold(client=alice.client, visit=near, booker=as_client(alice))
        assert (refused.value.rule, refused.value.until) == ("notice", NOW + timedelta(hours=80))
        assert refused.value.email == clinic.email
        far = visit_at("10:00", on=MONDAY + timedelta(days=91))
        with pytest.raises(PolicyError, match="ahead"):
            hold(client=alice.client, visit=far, booker=as_client(alice))
        assert book(client=alice.client, visit=near, booker=as_staff(frida)).state == "booked"
        assert book(client=alice.client, visit=far, booker=as_staff(frida)).state == "booked"

    def test_nobody_books_what_is_over(self, alice: User, frida: User) -> None:
        with pytest.raises(PolicyError, match="past"):
            book(client=alice.client, visit=visit_at("10:00"), booker=as_staff(frida, after=timedelta(days=5)))

    def test_clients_cancel_and_move_until_the_last_hour_and_staff_at_any(
        self, alice: User, frida: User, clinic: Clinic
    ) -> None:
        found = booked(alice)
        last = found.starts - timedelta(hours=clinic.cancel_hours)
        late = as_client(alice, now=last, after=timedelta(minutes=1))
        tuesday = visit_at("15:00", on=MONDAY + timedelta(days=1))
        with pytest.raises(PolicyError) as refused:
            cancel(appointment=found, version=found.version, reason="", booker=late)
        assert (refused.value.rule, refused.value.until) == ("cancel", last)
        with pytest.raises(PolicyError):
            reschedule(appointment=found, version=found.version, visit=tuesday, booker=late)
        by_staff = as_staff(frida, now=last, after=timedelta(minutes=1))
        now = cancel(appointment=found, version=found.version, reason="Called.", booker=by_staff)
        assert (now.state, now.late, now.reason) == ("cancelled", True, "Called.")

    def test_the_last_moment_is_in_time(self, alice: User, clinic: Clinic) -> None:
        found = booked(alice)
        last = as_client(alice, now=found.starts - timedelta(hours=clinic.cancel_hours))
        assert cancel(appointment=found, version=found.version, reason="", booker=last).late is False


class TestCancelling:
    def test_it_frees_the_time_and_is_told_once(self, alice: User) -> None:
        found = booked(alice)
        for _ in range(2):
            now = cancel(appointment=found, version=found.version, reason="Ill", booker=as_client(alice))
            assert (now.state, now.version) == ("cancelled", 3)
        assert rows() == []
        assert happened(found).count("appointment.cancelled") == 1
        assert letters().count("visit_cancelled") == 1

    def test_a_hold_is_let_go_without_a_letter(self, alice: User) -> None:
        found = held(alice)
        assert cancel(appointment=found, version=1, reason="", booker=as_client(alice)).state == "lapsed"
        assert (rows(), letters()) == ([], [])

    def test_a_stale_page_is_told(self, alice: User) -> None:
        found = booked(alice)
        with pytest.raises(ChangedError):
            cancel(appointment=found, version=found.version - 1, reason="", booker=as_client(alice))


class TestMoving:
    def test_the_old_time_is_free_and_the_new_one_taken(self, alice: User, petra: User) -> None:
        found = booked(alice, "10:00", petra)
        visit = visit_at("10:15", who=petra, but=found)
        now = reschedule(appointment=found, version=found.version, visit=visit, booker=as_client(alice))
        assert (now.pk, now.state, now.version, now.starts) == (found.pk, "booked", 3, moment(MONDAY, "10:15"))
        assert {(since, until) for _, since, until in rows()} == {
            (minute_of(moment(MONDAY, "10:15")), minute_of(moment(MONDAY, "10:45")))
        }
        assert letters().count("visit_moved") == 1

    def test_sent_twice_it_is_moved_once(self, alice: User, petra: User) -> None:
        found = booked(alice, "10:00", petra)
        visit = visit_at("14:00", who=petra)
        for _ in range(2):
            now = reschedule(appointment=found, version=found.version, visit=visit, booker=as_client(alice))
            assert now.version == 3
        assert happened(found).count("appointment.moved") == 1

    def test_where_the_new_time_is_taken_the_old_one_stays(self, alice: User, bob: User, petra: User) -> None:
        found = booked(alice, "10:00", petra)
        visit = visit_at("14:00", who=petra)
        booked(bob, "14:00", petra)
        before = rows()
        with pytest.raises(TakenError):
            reschedule(appointment=found, version=found.version, visit=visit, booker=as_client(alice))
        assert rows() == before
        found.refresh_from_db()
        assert found.starts == moment(MONDAY, "10:00")

    def test_a_hold_that_has_run_out_gives_way_to_a_move(self, alice: User, bob: User, petra: User) -> None:
        found = booked(alice, "10:00", petra)
        visit = visit_at("14:00", who=petra)
        over = held(bob, "14:00", petra)
        later = as_client(alice, after=HOLD)
        now = reschedule(appointment=found, version=found.version, visit=visit, booker=later)
        over.refresh_from_db()
        assert (now.starts, over.state) == (moment(MONDAY, "14:00"), "lapsed")

    def test_to_another_practitioner_and_room(self, alice: User, petra: User, doris: User) -> None:
        found = booked(alice, "10:00", petra)
        visit = visit_at("16:00", who=doris)
        now = reschedule(appointment=found, version=found.version, visit=visit, booker=as_staff(petra))
        assert now.practitioner == doris.membership
        assert f"practitioner.{doris.membership.pk}" in {resource for resource, _, _ in rows()}

    def test_a_cancelled_visit_is_not_moved(self, alice: User) -> None:
        found = booked(alice)
        now = cancel(appointment=found, version=found.version, reason="", booker=as_client(alice))
        with pytest.raises(ChangedError):
            reschedule(appointment=found, version=now.version, visit=visit_at("15:00"), booker=as_client(alice))


class TestSigning:
    def tentative(self, alice: User, doris: User) -> Appointment:
        screened(alice)
        visit = visit_at("10:00", [PEEL], who=doris)
        return book(client=alice.client, visit=visit, booker=as_client(alice))

    def test_what_needs_a_higher_level_waits_for_a_signature(self, alice: User, petra: User, doris: User) -> None:
        found = self.tentative(alice, doris)
        assert found.state == "tentative"
        with pytest.raises(LevelError) as refused:
            sign(appointment=found, version=found.version, by=petra.membership, now=NOW)
        assert refused.value.needed.name == "L3"
        for _ in range(2):
            now = sign(appointment=found, version=found.version, by=doris.membership, now=NOW)
            assert (now.state, now.signed_by, now.signed_at) == ("booked", doris.membership, NOW)
        assert happened(found).count("appointment.signed") == 1

    def test_the_front_desk_and_an_owner_sign_nothing(self, alice: User, doris: User, frida: User, olga: User) -> None:
        found = self.tentative(alice, doris)
        for each in (frida, olga):
            with pytest.raises(LevelError):
                sign(appointment=found, version=found.version, by=each.membership, now=NOW)

    def test_nor_does_a_practitioner_who_rests(self, alice: User, doris: User) -> None:
        found = self.tentative(alice, doris)
        doris.membership.active = False
        with pytest.raises(LevelError):
            sign(appointment=found, version=found.version, by=doris.membership, now=NOW)

    def test_a_signature_holds_within_the_day_and_no_longer(self, alice: User, doris: User, frida: User) -> None:
        found = self.tentative(alice, doris)
        found = sign(appointment=found, version=found.version, by=doris.membership, now=NOW)
        later = visit_at("14:00", [PEEL], who=doris)
        found = reschedule(appointment=found, version=found.version, visit=later, booker=as_staff(frida))
        assert (found.state, found.signed_by) == ("booked", doris.membership)
        next_day = visit_at("14:00", [PEEL], who=doris, on=MONDAY + timedelta(days=1))
        found = reschedule(appointment=found, version=found.version, visit=next_day, booker=as_staff(frida))
        assert (found.state, found.signed_by) == ("tentative", None)


class TestEnding:
    def test_missed_and_done_once_begun_and_either_can_be_put_right(self, alice: User, frida: User) -> None:
        found = booked(alice)
        with pytest.raises(PolicyError, match="not_begun"):
            no_show(appointment=found, version=found.version, booker=as_staff(frida))
        then = as_staff(frida, now=found.starts, after=timedelta(minutes=20))
        missed = no_show(appointment=found, version=found.version, booker=then)
        assert no_show(appointment=found, version=found.version, booker=then).version == missed.version
        assert done(appointment=found, version=missed.version, booker=then).state == "done"
        assert happened(found)[-2:] == ["appointment.missed", "appointment.done"]
        assert len(rows()) == 3

    def test_what_was_cancelled_is_neither(self, alice: User, frida: User) -> None:
        found = booked(alice)
        now = cancel(appointment=found, version=found.version, reason="", booker=as_client(alice))
        with pytest.raises(ChangedError):
            done(appointment=found, version=now.version, booker=as_staff(frida, now=found.starts))


def test_several_services_take_up_one_practitioner_once(alice: User, petra: User) -> None:
    screened(alice)
    visit = visit_at("10:00", [MASK, CONSULTATION], who=petra)
    found = book(client=alice.client, visit=visit, booker=as_client(alice))
    begins = minute_of(moment(MONDAY, "10:00"))
    assert [(part.treatment, minute_of(part.starts) - begins) for part in found.parts.all()] == [
        (MASK, 0),
        (CONSULTATION, 40),
    ]
    assert [(since - begins, until - begins) for _, since, until in rows()] == [(0, 70)] * 3
