"""The waitlist: joining and leaving, whose turn it is, what is offered and for how long, and several visits at once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.web.booking_cast import CONSULTATION, FACIAL, MASK, MONDAY, NOW, moment, screened
from tests.web.booking_visits import as_client, as_staff, overlaps, rows, starts, visit_at
from tests.web.cast import make_client

from pellucid.model.errors import InputError
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.jobs.worker import do_waiting
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.appointments import (
    Booker,
    HoldOverError,
    SeriesError,
    TakenError,
    UnfitError,
    book,
    cancel,
    confirm,
    hold,
    lapse_holds,
)
from pellucid.web.records.actions.archive import archive_client
from pellucid.web.records.actions.series import book_series
from pellucid.web.records.actions.waitlist import (
    OFFER,
    NotWaitingError,
    accept,
    decline,
    join,
    lapse_offers,
    leave,
    offer,
    offer_freed,
)
from pellucid.web.records.models import Appointment, Series, WaitlistEntry, WaitlistOffer
from pellucid.web.sites import clock
from pellucid.web.sites.models import Location

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

LATE = NOW + timedelta(hours=10)
"""22:00 in Taipei: quiet until 08:00."""


@pytest.fixture
def carol(north: Location) -> User:
    return make_client("Carol", north)


@pytest.fixture
def busy(carol: User, petra: User, doris: User) -> Appointment:
    """Monday at ten is taken, and Doris is away; the visit that would have to go."""
    doris.membership.schedules.all().delete()
    return book(client=carol.client, visit=visit_at("10:00", who=petra), booker=as_staff(petra))


def waits(user: User, *, after: int = 0, **wish: Any) -> WaitlistEntry:
    given = {"treatments": [CONSULTATION], "since": MONDAY, "until": MONDAY, "earliest": 600, "latest": 630, **wish}
    return join(
        client=user.client,
        location=user.client.location,
        booker=as_client(user, after=timedelta(minutes=after)),
        **given,
    )


def frees(visit: Appointment, monkeypatch: pytest.MonkeyPatch, *, now: datetime = NOW) -> list[WaitlistOffer]:
    """Cancel a visit and do the jobs; the offers that are open then."""
    cancel(appointment=visit, version=visit.version, reason="", booker=Booker(f"client.{visit.client_id}", None, now))
    return offers(monkeypatch, now)


def offers(monkeypatch: pytest.MonkeyPatch, now: datetime = NOW) -> list[WaitlistOffer]:
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    do_waiting()
    return list(WaitlistOffer.objects.filter(state="open").select_related("entry", "appointment"))


class TestJoining:
    def test_the_same_wish_waits_once(self, alice: User) -> None:
        assert waits(alice) == waits(alice, after=1)
        assert Event.objects.filter(action="waitlist.joined").count() == 1
        assert waits(alice, latest=700) != waits(alice)

    def test_what_could_never_be_offered_is_refused_with_every_fault(self, alice: User) -> None:
        with pytest.raises(InputError) as refused:
            waits(alice, treatments=["radiofrequency"], until=date(2026, 11, 1), earliest=700)
        assert [each.where for each in refused.value.problems] == ["latest", "treatments", "until"]

    def test_who_leaves_waits_no_longer(self, alice: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = waits(alice)
        for _ in range(2):
            assert leave(entry=entry, booker=as_client(alice)).state == "left"
        assert frees(busy, monkeypatch) == []


class TestTurn:
    def test_a_freed_slot_is_held_for_who_has_waited_longest(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits(bob, after=1)
        first = waits(alice)
        (made,) = frees(busy, monkeypatch)
        assert (made.entry, made.appointment.client, made.appointment.state) == (first, alice.client, "held")
        assert made.appointment.starts == moment(MONDAY, "10:00")
        assert made.appointment.held_until == NOW + OFFER
        assert "10:00" not in starts()
        assert list(Message.objects.filter(kind="visit_offered").values_list("to", flat=True)) == [alice.email]

    def test_the_job_done_again_offers_nothing_twice(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch, north: Location
    ) -> None:
        waits(alice)
        waits(bob, after=1)
        frees(busy, monkeypatch)
        again = {"location": north.pk, "since": busy.starts.isoformat(), "until": busy.ends.isoformat()}
        assert offer_freed.do(now=NOW, **again) == 0
        assert WaitlistOffer.objects.count() == 1

    def test_who_passes_goes_behind_and_is_not_asked_again_for_the_same(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits(alice)
        waits(bob, after=1)
        (made,) = frees(busy, monkeypatch)
        for _ in range(2):
            assert decline(offer=made, booker=as_client(alice)).state == "waiting"
        (second,) = offers(monkeypatch)
        assert second.appointment.client == bob.client
        decline(offer=second, booker=as_client(bob))
        assert offers(monkeypatch) == []
        assert "10:00" in starts()

    def test_an_offer_that_nobody_answers_goes_to_the_next(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits(alice)
        waits(bob, after=1)
        (made,) = frees(busy, monkeypatch)
        assert lapse_holds(now=NOW + OFFER) == 0
        assert [lapse_offers(now=NOW + OFFER) for _ in range(2)] == [1, 0]
        made.refresh_from_db()
        assert (made.state, made.entry.state, made.entry.passed_at) == ("lapsed", "waiting", NOW + OFFER)
        (second,) = offers(monkeypatch, NOW + OFFER)
        assert second.appointment.client == bob.client

    def test_somebody_who_has_had_no_offer_yet_comes_before_who_passed(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch, carol: User, petra: User
    ) -> None:
        waits(alice, until=MONDAY + timedelta(days=1))
        (made,) = frees(busy, monkeypatch)
        decline(offer=made, booker=as_client(alice))
        offers(monkeypatch)
        visit = visit_at("10:00", who=petra, on=MONDAY + timedelta(days=1))
        other = book(client=carol.client, visit=visit, booker=as_staff(petra))
        waits(bob, after=5, until=MONDAY + timedelta(days=1))
        (second,) = frees(other, monkeypatch)
        assert second.appointment.client == bob.client

    def test_only_who_wants_that_day_and_time_and_whom_it_fits(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch, doris: User
    ) -> None:
        waits(alice, weekdays=["tue"])
        waits(alice, earliest=630, latest=660)
        waits(alice, practitioner=doris.membership)
        waits(alice, treatments=[MASK])  # not screened
        archived = waits(bob)
        archive_client(client=bob.client, reason="Moved.", by=doris.membership, now=NOW)
        assert frees(busy, monkeypatch) == []
        assert archived.offers.count() == 0

    def test_one_long_stretch_serves_several(
        self, alice: User, bob: User, carol: User, petra: User, doris: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        doris.membership.schedules.all().delete()
        screened(carol)
        long = book(client=carol.client, visit=visit_at("10:00", [FACIAL], who=petra), booker=as_staff(petra))
        for user in (alice, bob):
            waits(user, latest=660)
        found = frees(long, monkeypatch)
        assert sorted(each.appointment.starts for each in found) == [moment(MONDAY, "10:00"), moment(MONDAY, "10:30")]
        assert not overlaps()


class TestAnswering:
    def test_accepted_it_is_booked_once(self, alice: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = waits(alice)
        (made,) = frees(busy, monkeypatch)
        for _ in range(2):
            assert accept(offer=made, booker=as_client(alice)).state == "booked"
        entry.refresh_from_db()
        made.refresh_from_db()
        assert (entry.state, made.state) == ("booked", "accepted")
        assert Event.objects.filter(action="waitlist.accepted").count() == 1
        assert lapse_offers(now=NOW + OFFER) == 0

    def test_too_late_it_is_told(self, alice: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch) -> None:
        waits(alice)
        (made,) = frees(busy, monkeypatch)
        with pytest.raises(HoldOverError):
            accept(offer=made, booker=as_client(alice, after=OFFER))

    def test_who_leaves_lets_the_next_have_it(
        self, alice: User, bob: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = waits(alice)
        waits(bob, after=1)
        (made,) = frees(busy, monkeypatch)
        leave(entry=entry, booker=as_client(alice))
        made.refresh_from_db()
        assert made.state == "withdrawn"
        assert [each.appointment.client for each in offers(monkeypatch)] == [bob.client]

    def test_looking_at_another_slot_keeps_the_offer(
        self, alice: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits(alice)
        (made,) = frees(busy, monkeypatch)
        hold(client=alice.client, visit=visit_at("15:00"), booker=as_client(alice))
        made.appointment.refresh_from_db()
        assert made.appointment.state == "held"

    def test_in_the_quiet_hours_the_time_to_answer_begins_in_the_morning(
        self, alice: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits(alice)
        (made,) = frees(busy, monkeypatch, now=LATE)
        morning = moment(NOW.date() + timedelta(days=1), "08:00")
        assert made.appointment.held_until == morning + OFFER
        assert Message.objects.get(kind="visit_offered").next_at == morning

    def test_what_nobody_could_answer_in_time_is_not_offered(
        self, alice: User, busy: Appointment, monkeypatch: pytest.MonkeyPatch, petra: User
    ) -> None:
        waits(alice)
        soon = busy.starts - timedelta(hours=2, minutes=20)
        cancel(appointment=busy, version=busy.version, reason="", booker=as_staff(petra, now=soon))
        assert offers(monkeypatch, soon) == []

    def test_staff_offer_by_hand_and_never_two_at_once(self, alice: User, frida: User, petra: User) -> None:
        entry = waits(alice)
        made = offer(entry=entry, visit=visit_at("15:00", who=petra), booker=as_staff(frida))
        assert made.appointment.made_by == frida.ref
        with pytest.raises(NotWaitingError):
            offer(entry=entry, visit=visit_at("16:00", who=petra), booker=as_staff(frida))

    def test_waiting_is_over_with_its_last_day(self, alice: User) -> None:
        entry = waits(alice)
        lapse_offers(now=moment(MONDAY, "23:59"))
        entry.refresh_from_db()
        assert entry.state == "waiting"
        lapse_offers(now=moment(MONDAY + timedelta(days=1), "00:00"))
        entry.refresh_from_db()
        assert entry.state == "over"


class TestSeries:
    def visits(self, petra: User, times: tuple[str, ...] = ("10:00", "11:00", "12:00")) -> list[Any]:
        return [visit_at(at, who=petra, on=MONDAY + timedelta(days=week)) for week, at in enumerate(times)]

    def test_all_are_booked_once(self, alice: User, petra: User) -> None:
        visits = self.visits(petra)
        made = [book_series(client=alice.client, visits=visits, booker=as_client(alice)) for _ in range(2)]
        assert made[0] == made[1]
        assert [each.state for each in made[0].appointments.all()] == ["booked"] * 3
        assert len(rows()) == 9

    def test_where_one_is_taken_none_is_booked_and_which_is_said(self, alice: User, bob: User, petra: User) -> None:
        visits = self.visits(petra)
        held = hold(client=bob.client, visit=visits[1], booker=as_client(bob))
        confirm(appointment=held, version=held.version, booker=as_client(bob))
        before = rows()
        with pytest.raises(SeriesError) as refused:
            book_series(client=alice.client, visits=visits, booker=as_client(alice))
        assert refused.value.number == 1
        assert isinstance(refused.value.why, TakenError)
        assert rows() == before
        assert not Series.objects.exists()

    def test_visits_of_one_series_do_not_overlap_either(self, alice: User, petra: User, doris: User) -> None:
        visits = [visit_at("10:00", who=petra), visit_at("10:15", who=doris)]
        with pytest.raises(SeriesError) as refused:
            book_series(client=alice.client, visits=visits, booker=as_client(alice))
        assert (refused.value.number, rows()) == (1, [])

    def test_sessions_that_stand_too_close_to_each_other_do_not_fit(self, alice: User, petra: User) -> None:
        screened(alice)
        visits = [visit_at("10:00", [FACIAL], who=petra, on=MONDAY + timedelta(days=days)) for days in (0, 1)]
        with pytest.raises(SeriesError) as refused:
            book_series(client=alice.client, visits=visits, booker=as_client(alice))
        assert isinstance(refused.value.why, UnfitError)
        assert rows() == []
