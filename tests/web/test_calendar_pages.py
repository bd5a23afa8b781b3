"""The calendar and the board: what they show to whom, that they cost the same however much there is, and live news."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.booking_cast import CONSULTATION, FACIAL, MASK, MONDAY, NOW, OPEN, make_hours, moment, screened
from tests.web.booking_visits import as_client, as_staff, visit_at
from tests.web.cast import make_client, make_staff, signed_in
from tests.web.staff_pages import at, words

from pellucid.booking.availability import Refusal
from pellucid.booking.minutes import minute_of
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Role, User
from pellucid.web.clinic.refusals import refusal_words
from pellucid.web.clinic.sheet import Asked, Column, Sheet, place
from pellucid.web.records.actions.appointments import book, cancel, hold
from pellucid.web.records.models import Appointment, BusyFeed, BusySpan, TimeOff
from pellucid.web.sites.models import Location, Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

DAY = MONDAY.isoformat()


def page(name: str, *args: Any, **query: str) -> str:
    """An address."""
    return reverse(f"clinic:{name}", args=args, query=query or None)


def opened(user: User, url: str, **headers: Any) -> Any:
    """A page as one of the staff sees it at NOW."""
    with at(NOW):
        return signed_in(user).get(url, headers=headers)


def booked(client: User, by: User, hour: str = "10:00", *treatments: str, who: User | None = None) -> Appointment:
    """A visit at North on MONDAY."""
    visit = visit_at(hour, treatments or (CONSULTATION,), who=who or by)
    return book(client=client.client, visit=visit, booker=as_staff(by))


def columns(north: Location, **asked: Any) -> dict[str, Column]:
    """What a day shows, by name."""
    found = Sheet(Asked(north, MONDAY, MONDAY, **asked), now=NOW).columns
    return {each.name: each for each in found}


class TestSheet:
    def test_a_visit_stands_in_the_column_of_who_does_it_at_its_time(
        self, alice: User, petra: User, north: Location
    ) -> None:
        booked(alice, petra, "10:30")
        found = columns(north)
        assert set(found) == {"Doris Example", "Petra Example"}
        (piece,) = found["Petra Example"].pieces
        assert piece.place == place(90, 30)
        assert not found["Doris Example"].pieces

    def test_buffers_are_shown_as_taken_up(self, alice: User, petra: User, north: Location) -> None:
        screened(alice)
        booked(alice, petra, "10:00", MASK)
        (taken,) = columns(north)["Petra Example"].taken
        assert taken.place == place(60, 40)

    def test_rooms_and_devices_have_columns_of_their_own(self, alice: User, petra: User, north: Location) -> None:
        booked(alice, petra)
        found = columns(north, by="room")
        assert set(found) == {"Room 1", "Room 2"}
        assert len(found["Room 1"].pieces) == 1
        assert not found["Room 2"].pieces

    def test_what_was_booked_with_who_has_left_is_still_shown(self, alice: User, petra: User, north: Location) -> None:
        booked(alice, petra)
        type(petra.membership).objects.filter(pk=petra.membership.pk).update(active=False)
        assert len(columns(north)["Petra Example"].pieces) == 1
        Room.objects.filter(name="Room 1").update(active=False)
        assert len(columns(north, by="room")["Room 1"].pieces) == 1

    def test_closed_hours_time_off_and_busy_times_are_shut(self, petra: User, north: Location) -> None:
        make_hours(
            make_staff("Early", Role.PRACTITIONER, level=Level.L1, location=north), north, {"mon": ["08:00-10:00"]}
        )
        TimeOff.objects.create(
            membership=petra.membership, starts=moment(MONDAY, "12:00"), ends=moment(MONDAY, "13:00")
        )
        feed = BusyFeed.objects.create(membership=petra.membership, name="At home")
        since = minute_of(moment(MONDAY, "16:00"))
        BusySpan.objects.create(feed=feed, since=since, until=since + 30)
        found = columns(north)
        shut = [(each.place, each.words) for each in found["Petra Example"].shut]
        assert shut == [(place(0, 60), ""), (place(240, 60), ""), (place(480, 30), "Busy elsewhere")]
        assert [each.place for each in found["Early Example"].shut] == [place(120, 480)]

    def test_two_services_in_one_room_are_one_piece(self, alice: User, petra: User, north: Location) -> None:
        screened(alice)
        booked(alice, petra, "10:00", MASK, FACIAL)
        (piece,) = columns(north, by="room")["Room 1"].pieces
        assert (piece.starts, piece.ends) == (moment(MONDAY, "10:00"), moment(MONDAY, "11:40"))

    def test_a_hold_that_ran_out_is_gone(self, alice: User, petra: User, north: Location) -> None:
        hold(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_client(alice))
        assert len(columns(north)["Petra Example"].pieces) == 1
        later = Sheet(Asked(north, MONDAY, MONDAY), now=NOW + timedelta(minutes=10))
        assert not any(each.pieces for each in later.columns)

    def test_on_the_days_that_the_clock_changes_visits_stand_by_the_wall(
        self, alice: User, petra: User, north: Location
    ) -> None:
        """In Berlin the clock goes from 3 back to 2 on 25 October 2026; at ten it is an hour later by UTC."""
        visit = booked(alice, petra)
        Location.objects.filter(pk=north.pk).update(zone="Europe/Berlin")
        north.refresh_from_db()
        starts = datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
        visit.reservations.update(since=minute_of(starts), until=minute_of(starts) + 30)
        visit.parts.update(starts=starts, ends=starts + timedelta(minutes=30))
        sheet = Sheet(Asked(north, starts.date(), starts.date()), now=NOW)
        (piece,) = [piece for column in sheet.columns for piece in column.pieces]
        assert (sheet.opens, piece.place) == (10 * 60, place(0, 30))

    def test_it_is_the_same_few_queries_however_much_there_is(self, alice: User, petra: User, north: Location) -> None:
        booked(alice, petra)
        with CaptureQueriesContext(connection) as few:
            assert columns(north)
        for number in range(5):
            another = make_staff(f"Extra{number}", Role.PRACTITIONER, level=Level.L1, location=north)
            make_hours(another, north, OPEN)
            booked(make_client(f"Client{number}", north), another, f"{11 + number}:00")
        with CaptureQueriesContext(connection) as many:
            assert len(columns(north)) == 7
        assert len(many) == len(few)


class TestCalendar:
    @pytest.mark.parametrize("by", ["practitioner", "room", "device"])
    @pytest.mark.parametrize("view", ["day", "week"])
    def test_every_view_opens(self, frida: User, alice: User, petra: User, view: str, by: str) -> None:
        booked(alice, petra)
        answer = opened(frida, page("calendar", view=view, by=by, on=DAY))
        assert answer.status_code == 200
        assert ("Alice Example" in words(answer)) is (by != "device" and (by == "room" or view == "day"))

    def test_a_week_is_of_whom_one_asks_for(self, frida: User, alice: User, petra: User) -> None:
        booked(alice, petra)
        whose = {"view": "week", "on": DAY}
        assert "Alice Example" in words(opened(frida, page("calendar", **whose, who=str(petra.membership.pk))))

    def test_ones_own_week_comes_first(self, frida: User, alice: User, petra: User) -> None:
        booked(alice, petra)
        seen = {who: words(opened(who, page("calendar", view="week", on=DAY))) for who in (frida, petra)}
        assert "Alice Example" in seen[petra]
        assert "Alice Example" not in seen[frida]

    def test_names_are_shown_and_no_health_data(self, frida: User, alice: User, petra: User) -> None:
        screened(alice)
        visit = booked(alice, petra)
        Appointment.objects.filter(pk=visit.pk).update(misfit=["contraindication.isotretinoin_now"])
        for url in (page("calendar", on=DAY), page("board", on=DAY), page("misfits"), page("appointment", visit.pk)):
            said = words(opened(frida, url))
            assert "Alice Example" in said
            assert "fits" in said
            assert "retinoin" not in opened(frida, url).content.decode().lower()

    def test_another_location_is_not_theirs(self, omar: User, frida: User, alice: User, petra: User) -> None:
        visit = booked(alice, petra)
        assert "Alice Example" not in words(opened(omar, page("calendar", on=DAY)))
        assert opened(omar, page("calendar", on=DAY, at="north")).status_code == 404
        assert opened(omar, page("appointment", visit.pk)).status_code == 404

    def test_times_are_by_the_clock_of_the_location(self, olga: User, alice: User, petra: User) -> None:
        """The owner has no location of her own, so nothing else would say which clock."""
        visit = booked(alice, petra, "10:30")
        assert "10:30" in words(opened(olga, page("calendar", on=DAY, at="north")))
        assert "10:30" in words(opened(olga, page("appointment", visit.pk)))

    @pytest.mark.parametrize("query", [{"on": "soon"}, {"view": "year"}, {"by": "cat"}, {"who": "x", "view": "week"}])
    def test_an_address_that_says_nothing_sensible_is_as_if_it_said_nothing(
        self, frida: User, query: dict[str, str]
    ) -> None:
        assert opened(frida, page("calendar", **query)).status_code == 200

    def test_a_screen_is_told_only_when_something_has_changed(self, frida: User, alice: User, petra: User) -> None:
        found = re.search(r'hx-get="([^"]+)"', opened(frida, page("calendar", on=DAY)).content.decode())
        assert found
        poll = found[1].replace("&amp;", "&")
        assert opened(frida, poll).status_code == 204
        visit = booked(alice, petra)
        news = opened(frida, poll)
        assert news.status_code == 200
        assert "Alice Example" in words(news)
        assert "<html" not in news.content.decode()
        again = re.search(r'hx-get="([^"]+)"', news.content.decode())
        assert again
        poll = again[1].replace("&amp;", "&")
        assert opened(frida, poll).status_code == 204
        cancel(appointment=visit, version=visit.version, reason="Ill", booker=as_staff(petra))
        assert "Alice Example" not in words(opened(frida, poll))


class TestBoard:
    def test_who_comes_with_what_is_missing(self, frida: User, alice: User, petra: User) -> None:
        booked(alice, petra, "10:30")
        said = words(opened(frida, page("board", on=DAY)))
        for each in ("10:30", "Alice Example", "Petra Example", "Terms not agreed to", "No questionnaire"):
            assert each in said

    def test_it_asks_again_and_is_told_only_news(self, frida: User, alice: User, petra: User) -> None:
        first = opened(frida, page("board", on=DAY))
        token = first.context["token"]
        poll = page("board", on=DAY, token=token)
        assert opened(frida, poll, **{"HX-Request": "true"}).status_code == 204
        booked(alice, petra)
        assert "Alice Example" in words(opened(frida, poll, **{"HX-Request": "true"}))

    def test_who_may_sign_is_told_what_waits_for_them(self, frida: User, doris: User, alice: User, petra: User) -> None:
        visit = booked(alice, petra)
        Appointment.objects.filter(pk=visit.pk).update(state="tentative")
        assert "waits for your signature" in words(opened(doris, page("board", on=DAY)))
        assert "waits for your signature" not in words(opened(frida, page("board", on=DAY)))

    def test_what_no_longer_fits_is_listed_with_why_for_who_may_know(
        self, petra: User, frida: User, alice: User
    ) -> None:
        visit = booked(alice, petra)
        Appointment.objects.filter(pk=visit.pk).update(misfit=["expired", "hours"])
        assert "1 visit to come no longer fits" in words(opened(frida, page("board", on=DAY)))
        assert "answers are too old" in words(opened(petra, page("misfits")))
        for address in (page("misfits"), page("appointment", visit.pk)):
            assert "Nobody works then" in words(opened(frida, address))
            assert "answers are too old" not in words(opened(frida, address))


@pytest.mark.parametrize("refusal", get_args(Refusal))
def test_every_refusal_of_the_calendar_has_its_words(refusal: Refusal) -> None:
    assert refusal_words(refusal).endswith(".")
