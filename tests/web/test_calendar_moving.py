"""Booking, moving and ending visits on the staff's pages: conflicts are explained before anything is changed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.web.booking_cast import CONSULTATION, FACIAL, MASK, MONDAY, NOW, PEEL, moment, screened
from tests.web.booking_visits import as_staff, overlaps, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at, fields, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.appointments import book
from pellucid.web.records.actions.archive import archive_client
from pellucid.web.records.models import Appointment, WaitlistEntry, WaitlistOffer
from pellucid.web.sites.models import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

DAY = MONDAY.isoformat()
TEN, ELEVEN, NOON = (f"{DAY}T{hour}:00" for hour in (10, 11, 12))


def page(name: str, *args: Any, **query: Any) -> str:
    """An address."""
    return reverse(f"clinic:{name}", args=args, query=query or None)


def opened(user: User, url: str, **headers: Any) -> Any:
    """A page as one of the staff sees it at NOW."""
    with at(NOW):
        return signed_in(user).get(url, headers=headers)


def sent(user: User, url: str, **typed: Any) -> Any:
    """A form as it is sent at NOW, followed to where it leads."""
    return sent_at(NOW, user, url, **typed)


def sent_at(moment: datetime, user: User, url: str, **typed: Any) -> Any:
    """The same at another time."""
    with at(moment):
        return signed_in(user).post(url, typed, follow=True)


def booked(client: User, by: User, hour: str = "10:00", *treatments: str, who: User | None = None) -> Appointment:
    """A visit at North on MONDAY."""
    visit = visit_at(hour, treatments or (CONSULTATION,), who=who or by)
    return book(client=client.client, visit=visit, booker=as_staff(by))


def start(hour: str, who: User) -> str:
    """A time as forms send it."""
    return f"{moment(MONDAY, hour):%Y-%m-%dT%H:%MZ}/{who.membership.pk}"


def drop(user: User, visit: Appointment, to: str, column: str) -> Any:
    """What the calendar is told while somebody points."""
    url = page("appointment_move", visit.pk, to=to, column=column, back="on=1")
    return opened(user, url, **{"X-Part": "drop"})


class TestPointing:
    def test_where_there_is_room_a_form_is_offered_and_nothing_is_changed(
        self, frida: User, alice: User, petra: User
    ) -> None:
        visit = booked(alice, petra)
        answer = drop(frida, visit, ELEVEN, f"practitioner.{petra.membership.pk}")
        assert fields(answer)["start"] == start("11:00", petra)
        assert "Move it here" in words(answer)
        assert "<html" not in answer.content.decode()
        assert Appointment.objects.get().starts == visit.starts

    def test_any_five_minutes_will_do(self, frida: User, alice: User, petra: User) -> None:
        answer = drop(frida, booked(alice, petra), f"{DAY}T11:05", f"practitioner.{petra.membership.pk}")
        assert fields(answer)["start"] == start("11:05", petra)

    def test_its_own_time_is_not_in_its_way(self, frida: User, alice: User, petra: User) -> None:
        answer = drop(frida, booked(alice, petra), f"{DAY}T10:15", f"practitioner.{petra.membership.pk}")
        assert "Move it here" in words(answer)

    @pytest.mark.parametrize(
        ("to", "why"),
        [
            (ELEVEN, "have another visit"),
            (f"{DAY}T17:45", "Outside the working hours"),
            (f"{DAY}T03:00", "Outside the working hours"),
            ("2026-11-20T10:00", "has gone by"),
        ],
    )
    def test_what_is_in_the_way_is_said(
        self, frida: User, alice: User, bob: User, petra: User, to: str, why: str
    ) -> None:
        booked(bob, petra, "11:00")
        answer = drop(frida, booked(alice, petra), to, f"practitioner.{petra.membership.pk}")
        assert why in words(answer)
        assert "start" not in fields(answer)

    def test_a_room_is_taken_where_somebody_points_at_one(self, frida: User, alice: User, petra: User) -> None:
        visit = booked(alice, petra)
        first, second = Room.objects.all()
        form = fields(drop(frida, visit, TEN, f"room.{second.pk}"))
        sent(frida, page("appointment_move", visit.pk), **form)
        assert Appointment.objects.get().parts.get().room == second
        assert visit.reservations.filter(resource=f"room.{first.pk}").count() == 0

    def test_a_room_that_is_taken_is_said(self, frida: User, alice: User, bob: User, petra: User, doris: User) -> None:
        visit, other = booked(alice, petra), booked(bob, doris)
        room = other.parts.get().room_id
        assert "No room that suits is free" in words(drop(frida, visit, TEN, f"room.{room}"))

    def test_who_has_too_low_a_level_is_said(self, doris: User, alice: User, petra: User) -> None:
        screened(alice)
        visit = booked(alice, doris, "10:00", PEEL)
        answer = drop(doris, visit, ELEVEN, f"practitioner.{petra.membership.pk}")
        assert "higher licence level" in words(answer)

    def test_another_visit_of_the_client_is_said(self, frida: User, alice: User, petra: User, doris: User) -> None:
        booked(alice, doris, "11:00")
        answer = drop(frida, booked(alice, petra), ELEVEN, f"practitioner.{petra.membership.pk}")
        assert "The client has another visit at this time" in words(answer)

    def test_the_front_desk_reads_until_when_and_no_rule(self, frida: User, doris: User, alice: User) -> None:
        screened(alice)
        visit = booked(alice, doris, "10:00", PEEL)
        screened(alice, "isotretinoin_stopped_three_months_ago")
        seen = {who: words(drop(who, visit, ELEVEN, f"practitioner.{doris.membership.pk}")) for who in (frida, doris)}
        assert "It does not fit this client" in seen[frida]
        assert "retinoin" not in seen[frida].lower()
        assert "retinoin" in seen[doris].lower()


class TestMoving:
    @pytest.mark.parametrize("kind", ["practitioner", "room"])
    def test_it_is_moved_once_however_often_it_is_sent(
        self, frida: User, alice: User, petra: User, rooms: list[Room], kind: str
    ) -> None:
        visit = booked(alice, petra)
        number = petra.membership.pk if kind == "practitioner" else rooms[1].pk
        form = fields(drop(frida, visit, ELEVEN, f"{kind}.{number}"))
        url = page("appointment_move", visit.pk)
        first = sent(frida, url, **form)
        assert "Moved" in words(first)
        assert first.redirect_chain[-1][0].startswith(page("calendar"))
        assert sent(frida, url, **form).redirect_chain == first.redirect_chain
        moved = Appointment.objects.get()
        assert (moved.starts, moved.version) == (moment(MONDAY, "11:00"), visit.version + 1)
        assert Event.objects.filter(action="appointment.moved").count() == 1
        assert not overlaps()

    def test_who_was_slower_is_told_and_nothing_is_moved(
        self, frida: User, alice: User, bob: User, petra: User
    ) -> None:
        visit = booked(alice, petra)
        form = fields(drop(frida, visit, ELEVEN, f"practitioner.{petra.membership.pk}"))
        booked(bob, petra, "11:00")
        assert "have another visit" in words(sent(frida, page("appointment_move", visit.pk), **form))
        assert Appointment.objects.get(pk=visit.pk).starts == visit.starts

    def test_a_page_that_is_stale_is_told(self, frida: User, alice: User, petra: User) -> None:
        visit = booked(alice, petra)
        form = fields(drop(frida, visit, ELEVEN, f"practitioner.{petra.membership.pk}"))
        url = page("appointment_move", visit.pk)
        sent(frida, url, **{**form, "start": start("12:00", petra)})
        assert "Somebody else changed this visit" in words(sent(frida, url, **form))
        assert Appointment.objects.get().starts == moment(MONDAY, "12:00")

    def test_without_scripts_a_time_is_chosen_from_a_list(self, frida: User, alice: User, petra: User) -> None:
        visit = booked(alice, petra)
        answer = opened(frida, page("appointment_move", visit.pk))
        assert f'value="{start("15:00", petra)}"' in answer.content.decode()
        version = fields(answer)["version"]
        answer = sent(frida, page("appointment_move", visit.pk), version=version, start=start("15:00", petra))
        assert "Moved" in words(answer)
        assert Appointment.objects.get().starts == moment(MONDAY, "15:00")

    @pytest.mark.parametrize("start", ["", "soon", "2026-11-23T03:00Z/x", "9999-99-99T00:00Z/1"])
    def test_a_time_that_is_none_is_asked_for(self, frida: User, alice: User, petra: User, start: str) -> None:
        visit = booked(alice, petra)
        answer = sent(frida, page("appointment_move", visit.pk), version=1, start=start)
        assert "Please choose a time" in words(answer)


class TestBooking:
    def test_a_visit_is_booked_once_however_often_it_is_sent(self, frida: User, alice: User, petra: User) -> None:
        ask = {"client": alice.client.pk, "at": "north", "service": CONSULTATION, "on": DAY, "with": ""}
        answer = opened(frida, page("appointment_new", **ask))
        assert f'value="{start("10:00", petra)}"' in answer.content.decode()
        form = {**ask, "start": start("10:00", petra), "note": "By phone"}
        assert "Booked" in words(sent(frida, page("appointment_new"), **form))
        made = Appointment.objects.get()
        again = sent(frida, page("appointment_new"), **form)
        assert again.redirect_chain[-1][0] == page("appointment", made.pk)
        assert (made.state, made.note, made.made_by) == ("booked", "By phone", frida.ref)
        assert Message.objects.filter(to="alice@example.com").count() == 1

    def test_the_client_is_looked_for_first(self, frida: User, alice: User) -> None:
        assert "Whom is it for?" in words(opened(frida, page("appointment_new")))
        answer = opened(frida, page("appointment_new", search="alice", to=TEN))
        assert f"client={alice.client.pk}&amp;to=" in answer.content.decode()

    def test_a_time_that_somebody_pointed_at_comes_first(self, frida: User, alice: User, petra: User) -> None:
        ask = {"client": alice.client.pk, "service": CONSULTATION, "on": DAY, "with": petra.membership.pk}
        answer = opened(frida, page("appointment_new", **ask, to=f"{DAY}T10:05"))
        assert "There is room for it then" in words(answer)
        assert f'value="{start("10:05", petra)}" required checked' in answer.content.decode()

    def test_what_does_not_fit_is_not_offered_and_says_why(self, frida: User, alice: User, petra: User) -> None:
        ask = {"client": alice.client.pk, "at": "north", "service": FACIAL, "on": DAY, "with": ""}
        answer = opened(frida, page("appointment_new", **ask))
        assert "There is no questionnaire of theirs yet" in words(answer)
        assert 'name="start"' not in answer.content.decode()
        answer = sent(frida, page("appointment_new"), **ask, start=start("10:00", petra))
        assert "There is no questionnaire of theirs yet" in words(answer)
        assert not Appointment.objects.exists()

    def test_what_waits_for_a_signature_is_said(self, frida: User, doris: User, alice: User) -> None:
        screened(alice)
        ask = {"client": alice.client.pk, "at": "north", "service": PEEL, "on": DAY, "with": ""}
        assert "to sign" in words(opened(frida, page("appointment_new", **ask)))
        answer = sent(frida, page("appointment_new"), **ask, start=start("10:00", doris))
        assert "tentative until a practitioner has signed" in words(answer)

    def test_the_client_of_another_location_is_not_there(self, omar: User, alice: User) -> None:
        assert opened(omar, page("appointment_new", client=alice.client.pk)).status_code == 404
        assert opened(omar, page("appointment_new", client="nobody")).status_code == 404

    def test_the_clients_page_lists_their_visits_and_leads_to_booking(
        self, frida: User, alice: User, petra: User
    ) -> None:
        booked(alice, petra)
        answer = opened(frida, page("client", alice.client.pk))
        assert "Consultation at the clinic" in words(answer)
        assert "Book a visit" in words(answer)
        archive_client(client=alice.client, reason="Moved away", by=petra.membership, now=NOW)
        assert "Book a visit" not in words(opened(frida, page("client", alice.client.pk)))


class TestEnding:
    def test_cancelling_asks_why_and_is_done_once(self, frida: User, alice: User, petra: User) -> None:
        visit = booked(alice, petra)
        url = page("appointment_cancel", visit.pk)
        assert "Please fill this in" in words(sent(frida, url, version=visit.version, reason=""))
        for _ in range(2):
            assert "Cancelled" in words(sent(frida, url, version=visit.version, reason="She is ill"))
        assert Appointment.objects.get().state == "cancelled"
        assert not Appointment.objects.get().reservations.exists()
        assert Event.objects.filter(action="appointment.cancelled").count() == 1

    @pytest.mark.parametrize(("name", "state"), [("appointment_done", "done"), ("appointment_missed", "no_show")])
    def test_whether_they_came_is_written_down_afterwards(
        self, frida: User, alice: User, petra: User, name: str, state: str
    ) -> None:
        visit = booked(alice, petra)
        url = page(name, visit.pk)
        assert "has not begun yet" in words(sent(frida, url, version=visit.version))
        for _ in range(2):
            sent_at(NOW + timedelta(days=4), frida, url, version=visit.version, back="board")
        assert Appointment.objects.get().state == state
        assert Event.objects.filter(subject=f"appointment.{visit.pk}").count() == 2

    def test_signing_asks_for_the_level(self, frida: User, petra: User, doris: User, alice: User) -> None:
        screened(alice)
        visit = booked(alice, doris, "10:00", PEEL)
        url = page("appointment_sign", visit.pk)
        assert sent(frida, url, version=visit.version).status_code == 403
        assert "licence level L3" in words(sent(petra, url, version=visit.version))
        assert "Sign this visit" in words(opened(doris, page("appointment", visit.pk)))
        assert "Signed" in words(sent(doris, url, version=visit.version))
        assert Appointment.objects.get().state == "booked"


class TestWaitlist:
    def wait(self, user: User, client: User, **typed: Any) -> Any:
        """Put somebody on the waitlist for MONDAY."""
        form = {"client": client.client.pk, "at": "north", "service": MASK, "since": DAY, "until": DAY, **typed}
        return sent(user, page("waitlist_add"), **form)

    def test_somebody_waits_once_however_often_it_is_sent(self, frida: User, alice: User) -> None:
        for _ in range(2):
            assert "They are on the waitlist" in words(self.wait(frida, alice, earliest="10:00", weekdays=["mon"]))
        entry = WaitlistEntry.objects.get()
        assert (entry.treatments, entry.earliest, entry.weekdays) == ([MASK], 600, ["mon"])
        said = words(opened(frida, page("waitlist")))
        assert "Alice Example" in said
        assert "not before 10:00" in said

    def test_days_and_hours_in_no_order_are_asked_for_again(self, frida: User, alice: User) -> None:
        assert "still to come" in words(self.wait(frida, alice, until="2026-11-19"))
        assert "before the first hour" in words(self.wait(frida, alice, earliest="12:00", latest="11:00"))
        assert not WaitlistEntry.objects.exists()

    def test_a_time_is_offered_that_they_asked_for(self, frida: User, alice: User, petra: User) -> None:
        screened(alice)
        self.wait(frida, alice, latest="12:00")
        url = page("waitlist_offer", WaitlistEntry.objects.get().pk)
        shown = opened(frida, url).content.decode()
        assert start("11:30", petra) in shown
        assert start("12:00", petra) not in shown
        assert "Offered" in words(sent(frida, url, start=start("11:30", petra)))
        offer = WaitlistOffer.objects.get()
        assert (offer.appointment.state, offer.appointment.starts) == ("held", moment(MONDAY, "11:30"))
        assert "held until" in words(opened(frida, page("waitlist")))
        assert "don't wait for this any more" in words(sent(frida, url, start=start("10:00", petra)))

    def test_somebody_is_taken_off(self, frida: User, omar: User, alice: User) -> None:
        self.wait(frida, alice)
        url = page("waitlist_leave", WaitlistEntry.objects.get().pk)
        assert sent(omar, url).status_code == 404
        assert WaitlistEntry.objects.get().state == "waiting"
        for _ in range(2):
            assert "off the waitlist" in words(sent(frida, url))
        assert WaitlistEntry.objects.get().state == "left"
