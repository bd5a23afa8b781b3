"""The roster: who may change what, what a change leaves out, and that all of it is harmless twice."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.urls import reverse
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW, OPEN, TODAY, make_service, moment
from tests.web.booking_visits import as_staff, starts, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at, fields, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.jobs.models import Job
from pellucid.web.records.actions.appointments import book
from pellucid.web.records.actions.rescreen import hours_again
from pellucid.web.records.models import Appointment, ExtraHours, Schedule, TimeOff
from pellucid.web.sites.models import Clinic, Closure, Device, Location, Room, Service
from pellucid.web.sites.publish import publish_starting_texts

pytestmark = pytest.mark.django_db

FREE = {"first": "2026-11-23", "last": "2026-11-23"}
"""All of MONDAY."""
NEW = {"name": "Blue room", "kind": "treatment", "position": "1", "active": "on", "reason": "It is new"}
"""A room or a device."""
TERMS = {"active": "on", "price": "60", "minutes": "45", "reason": "Booked online now"}
"""A service."""


def page(name: str, *args: Any) -> str:
    return reverse(f"clinic:{name}", args=args)


def sent(user: User, url: str, **typed: Any) -> Any:
    """Send a form as it was opened, with what is typed into it."""
    with at(NOW):
        browser = signed_in(user)
        return browser.post(url, {**fields(browser.get(url)), **typed})


def again(user: User, url: str, answer: Any, **typed: Any) -> Any:
    """Send a form once more as the answer shows it."""
    with at(NOW):
        return signed_in(user).post(url, {**fields(answer), **typed})


def booked(client: User, by: User, hour: str = "10:00", who: User | None = None) -> Appointment:
    """A consultation at North on MONDAY."""
    return book(client=client.client, visit=visit_at(hour, who=who), booker=as_staff(by))


class TestWeek:
    def test_it_is_set_by_the_clock_of_its_place(
        self, olga: User, petra: User, north: Location, bookable: None
    ) -> None:
        url = page("schedule", petra.membership.pk, north.slug)
        typed = {"hours_mon": "9:30\N{EN DASH}12:00, 13:00-14:00", "breaks_mon": "10:00-11:00", "reason": "Winter"}
        assert sent(olga, url, **typed).status_code == 302
        week = Schedule.objects.get(membership=petra.membership)
        assert (week.hours["mon"], week.breaks) == (["09:30-12:00", "13:00-14:00"], {"mon": ["10:00-11:00"]})
        assert week.hours["tue"] == OPEN["tue"]
        assert starts(who=petra) == ["09:30", "11:00", "11:15", "11:30", "13:00", "13:15", "13:30"]

    def test_it_is_recorded_once_with_before_and_after(self, olga: User, petra: User, north: Location) -> None:
        url = page("schedule", petra.membership.pk, north.slug)
        for _ in range(2):
            assert sent(olga, url, hours_tue="10:00-12:00", reason="New here").status_code == 302
        event = Event.objects.get(action__startswith="schedule.")
        assert (event.action, event.reason, event.actor) == ("schedule.added", "New here", olga.ref)
        assert event.detail["after"]["hours"] == {"tue": ["10:00-12:00"]}

    @pytest.mark.parametrize("typed", ["9-12", "12:00-09:00", "09:00-25:00", "09:00-11:00, 10:00-12:00", "whenever"])
    def test_what_are_no_hours_is_told_at_its_day(self, olga: User, petra: User, north: Location, typed: str) -> None:
        answer = sent(olga, page("schedule", petra.membership.pk, north.slug), hours_wed=typed, reason="Because")
        assert answer.status_code == 200
        assert "field--wrong" in answer.content.decode()
        assert not Schedule.objects.exists()

    def test_two_at_once_are_told(self, olga: User, petra: User, north: Location) -> None:
        url = page("schedule", petra.membership.pk, north.slug)
        with at(NOW):
            opened = fields(signed_in(olga).get(url))
        sent(olga, url, hours_mon="09:00-10:00", reason="First")
        with at(NOW):
            late = signed_in(olga).post(url, {**opened, "hours_mon": "11:00-12:00", "reason": "Second"})
        assert "Somebody else changed this" in words(late)
        assert Schedule.objects.get().hours == {"mon": ["09:00-10:00"]}
        assert again(olga, url, late).status_code == 302
        assert Schedule.objects.get().hours == {"mon": ["11:00-12:00"]}


class TestLeftOut:
    """What takes hours away tells which visits it leaves out, before and after."""

    def check(self, user: User, url: str, visit: Appointment, **typed: Any) -> None:
        """It is told first and made only when sent again; then the visit is marked."""
        events = Event.objects.count()
        answer = sent(user, url, **typed)
        assert answer.status_code == 200, "it was made at once"
        assert "Alice Example" in words(answer)
        assert "This leaves 1 booked visit" in words(answer)
        assert Event.objects.count() == events
        assert not Job.objects.filter(task=hours_again.path).exists()
        assert again(user, url, answer).status_code == 302
        assert Job.objects.filter(task=hours_again.path).count() == 1
        hours_again.do(now=NOW)
        visit.refresh_from_db()
        assert visit.misfit == ["hours"]
        assert visit.state == "booked"

    def test_time_off(self, petra: User, alice: User, bookable: None) -> None:
        self.check(petra, page("time_off_add", petra.membership.pk), booked(alice, petra, who=petra), **FREE)
        assert starts(who=petra) == []

    def test_a_shorter_week(self, olga: User, petra: User, alice: User, north: Location, bookable: None) -> None:
        url = page("schedule", petra.membership.pk, north.slug)
        self.check(olga, url, booked(alice, petra, who=petra), hours_mon="11:00-18:00", reason="Later")

    def test_a_break(self, olga: User, petra: User, alice: User, north: Location, bookable: None) -> None:
        url = page("schedule", petra.membership.pk, north.slug)
        self.check(olga, url, booked(alice, petra, who=petra), breaks_mon="10:15-10:30", reason="Coffee")

    def test_a_holiday(self, olga: User, petra: User, alice: User, north: Location, bookable: None) -> None:
        self.check(olga, page("closure_add"), booked(alice, petra), **FREE, location=north.pk, name="Holiday")
        assert starts() == []

    def test_a_room_that_rests(self, olga: User, petra: User, alice: User, bookable: None) -> None:
        visit = booked(alice, petra)
        room = visit.parts.get().room
        typed = {**fields(signed_in(olga).get(page("room", room.pk))), "reason": "Painted"}
        del typed["active"]
        url = page("room", room.pk)
        with at(NOW):
            answer = signed_in(olga).post(url, typed)
        assert "This leaves 1 booked visit" in words(answer)
        assert Room.objects.get(pk=room.pk).active
        assert again(olga, url, answer, reason="Painted").status_code == 302
        assert not Room.objects.get(pk=room.pk).active

    def test_extra_hours_that_are_taken_back(self, olga: User, petra: User, alice: User, north: Location) -> None:
        Room.objects.create(location=north, name="Room 1", kind="treatment")
        make_service(CONSULTATION, north, minutes=30)
        Schedule.objects.create(membership=petra.membership, location=north, hours={})
        typed = {"location": north.pk, "on": MONDAY.isoformat(), "hours": "10:00-12:00"}
        for _ in range(2):
            assert sent(olga, page("extra_add"), **typed).status_code == 302
        extra = ExtraHours.objects.get()
        assert starts()[0] == "10:00"
        visit = booked(alice, petra)
        url = page("extra_remove", extra.pk)
        with at(NOW):
            browser = signed_in(olga)
            shown = browser.get(url)
            assert "Alice Example" in words(shown)
            assert browser.post(url, fields(shown)).status_code == 200
            assert browser.post(url, fields(browser.post(url, fields(shown)))).status_code == 302
            assert browser.post(url).status_code == 302
        assert not ExtraHours.objects.exists()
        hours_again.do(now=NOW)
        visit.refresh_from_db()
        assert visit.misfit == ["hours"]

    def test_a_visit_booked_meanwhile_is_told_too(self, petra: User, alice: User, bob: User, bookable: None) -> None:
        booked(alice, petra, who=petra)
        url = page("time_off_add", petra.membership.pk)
        answer = sent(petra, url, **FREE)
        booked(bob, petra, "11:00", who=petra)
        answer = again(petra, url, answer)
        assert "This leaves 2 booked visits" in words(answer)
        assert not TimeOff.objects.exists()
        assert again(petra, url, answer).status_code == 302

    def test_what_leaves_nothing_out_is_made_at_once(self, petra: User, alice: User, bookable: None) -> None:
        booked(alice, petra, who=petra)
        url = page("time_off_add", petra.membership.pk)
        assert sent(petra, url, **FREE, since="12:00").status_code == 302
        assert starts(who=petra)[-1] == "11:30"


class TestTimeOff:
    @pytest.mark.parametrize(
        ("typed", "starts_", "ends"),
        [
            (FREE, "2026-11-23 00:00", "2026-11-24 00:00"),
            ({**FREE, "since": "14:00"}, "2026-11-23 14:00", "2026-11-24 00:00"),
            ({**FREE, "until": "12:30"}, "2026-11-23 00:00", "2026-11-23 12:30"),
            (
                {**FREE, "last": "2026-11-25", "since": "09:00", "until": "10:00"},
                "2026-11-23 09:00",
                "2026-11-25 10:00",
            ),
        ],
    )
    def test_days_and_hours_are_by_the_clock_of_the_place(
        self, petra: User, typed: dict[str, str], starts_: str, ends: str
    ) -> None:
        assert sent(petra, page("time_off_add", petra.membership.pk), **typed).status_code == 302
        off = TimeOff.objects.get()
        by_clock = [datetime.fromisoformat(each) for each in (starts_, ends)]
        assert [off.starts, off.ends] == [moment(each.date(), f"{each:%H:%M}") for each in by_clock]

    def test_where_the_clock_changes_a_day_is_a_day(self, petra: User, north: Location) -> None:
        """On 25 October 2026 Vienna's clock goes back: that day has 25 hours."""
        Location.objects.filter(pk=north.pk).update(zone="Europe/Vienna")
        typed = {"first": "2026-10-25", "last": "2026-10-25"}
        sent(petra, page("time_off_add", petra.membership.pk), **typed)
        off = TimeOff.objects.get()
        assert (off.starts, off.ends) == (
            datetime(2026, 10, 24, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
        )

    @pytest.mark.parametrize(
        "typed",
        [
            {**FREE, "last": "2026-11-22"},
            {**FREE, "since": "12:00", "until": "12:00"},
            {**FREE, "last": "2029-01-01"},
            {**FREE, "first": "soon"},
        ],
    )
    def test_what_has_no_length_is_told(self, petra: User, typed: dict[str, str]) -> None:
        answer = sent(petra, page("time_off_add", petra.membership.pk), **typed)
        assert "field--wrong" in answer.content.decode()
        assert not TimeOff.objects.exists()

    def test_one_enters_ones_own_and_the_owner_anybodys(
        self, petra: User, doris: User, omar: User, frida: User, olga: User
    ) -> None:
        url = page("time_off_add", petra.membership.pk)
        with at(NOW):
            answers = [signed_in(user).post(url, FREE).status_code for user in (doris, frida, omar, petra, olga)]
        assert answers == [403, 403, 404, 302, 302]
        off = TimeOff.objects.get()
        remove = page("time_off_remove", off.pk)
        answers = [signed_in(user).post(remove).status_code for user in (doris, frida, petra, petra)]
        assert answers == [403, 403, 302, 302]
        actions = Event.objects.filter(subject=f"roster.{petra.membership.pk}").order_by("id")
        assert [event.action for event in actions] == ["time_off.added", "time_off.removed"]

    def test_what_for_is_for_them_and_the_owner(self, petra: User, frida: User, olga: User) -> None:
        sent(petra, page("time_off_add", petra.membership.pk), **FREE, name="Hospital")
        shown = page("roster_member", petra.membership.pk)
        with at(NOW):
            told = {user.name: words(signed_in(user).get(shown)) for user in (petra, frida, olga)}
            everybody = words(signed_in(frida).get(page("roster")))
        assert ["Hospital" in told[user.name] for user in (petra, frida, olga)] == [True, False, True]
        assert "Hospital" not in everybody
        assert "Hospital" not in str(list(Event.objects.values()))

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            (FREE, "Monday 23 November 2026"),
            ({**FREE, "last": "2026-11-24"}, "Monday 23 November 2026 \N{EN DASH} Tuesday 24 November 2026"),
            ({**FREE, "since": "14:00"}, "23 Nov 2026, 14:00 \N{EN DASH} 24 Nov 2026, 00:00"),
        ],
    )
    def test_whole_days_are_told_as_days(self, petra: User, typed: dict[str, str], told: str) -> None:
        sent(petra, page("time_off_add", petra.membership.pk), **typed)
        with at(NOW):
            shown = signed_in(petra).get(page("roster_member", petra.membership.pk))
        assert f"<span>{told}</span>" in shown.content.decode()


class TestClosed:
    def test_it_is_kept_once_and_opened_again(self, olga: User, north: Location, bookable: None) -> None:
        typed = {**FREE, "location": north.pk, "name": "Holiday"}
        for _ in range(2):
            assert sent(olga, page("closure_add"), **typed).status_code == 302
        closure = Closure.objects.get()
        assert starts() == []
        for _ in range(2):
            assert signed_in(olga).post(page("closure_remove", closure.pk)).status_code == 302
        assert starts()[0] == "09:00"
        assert Event.objects.filter(subject=f"location.{north.pk}").count() == 2

    def test_the_owner_alone_closes(self, petra: User, frida: User, olga: User, north: Location) -> None:
        names = ["closure_add", "extra_add", "resources", "room_new", "device_new", "booking_settings"]
        urls = [*map(page, names), page("schedule", petra.membership.pk, north.slug)]
        for user, status in ((petra, 403), (frida, 403), (olga, 200)):
            assert {signed_in(user).get(url).status_code for url in urls} == {status}


class TestSeen:
    def test_a_location_shows_its_own_people(self, petra: User, omar: User, frida: User, olga: User) -> None:
        with at(NOW):
            desk, owner = (words(signed_in(user).get(page("roster"))) for user in (frida, olga))
            assert signed_in(frida).get(page("roster_member", omar.membership.pk)).status_code == 404
        assert ("Petra Example" in desk, "Omar Example" in desk) == (True, False)
        assert ("Petra Example" in owner, "Omar Example" in owner) == (True, True)

    def test_more_people_ask_no_more_of_the_database(
        self, petra: User, doris: User, north: Location, olga: User, django_assert_max_num_queries: Any
    ) -> None:
        for user in (petra, doris):
            Schedule.objects.create(membership=user.membership, location=north, hours=OPEN)
            TimeOff.objects.create(
                membership=user.membership, starts=moment(MONDAY, "09:00"), ends=moment(MONDAY, "10:00")
            )
        browser = signed_in(olga)
        with at(NOW), django_assert_max_num_queries(20):
            browser.get(page("roster"))


class TestRooms:
    @pytest.mark.parametrize(("name", "kind"), [("room", Room), ("device", Device)])
    def test_one_is_added_once_and_changed(
        self, olga: User, north: Location, name: str, kind: type[Room] | type[Device]
    ) -> None:
        new = page(f"{name}_new")
        assert sent(olga, new, **NEW, location=north.pk).status_code == 302
        twice = sent(olga, new, **NEW, location=north.pk)
        assert "has this name" in words(twice)
        found = kind.objects.get()
        assert sent(olga, page(name, found.pk), name="Green room", reason="Painted").status_code == 302
        changed = Event.objects.get(action=f"{name}.changed")
        assert changed.detail["before"] == {"name": "Blue room"}
        assert changed.detail["after"] == {"name": "Green room"}

    def test_what_services_ask_for_in_vain_is_told(self, olga: User, north: Location) -> None:
        make_service("led", north, room_kind="dark", device_kinds=["lamp"])
        told = words(signed_in(olga).get(page("resources")))
        assert "dark" in told
        assert "lamp" in told
        Room.objects.create(location=north, name="R", kind="dark")
        Device.objects.create(location=north, name="D", kind="lamp")
        assert "can't be booked here" not in words(signed_in(olga).get(page("resources")))


class TestLimits:
    def test_they_are_set_with_a_reason(self, olga: User) -> None:
        typed = {"cancel_hours": "48", "quiet_from": "22:30", "reason": "Too many late ones"}
        for _ in range(2):
            assert sent(olga, page("booking_settings"), **typed).status_code == 302
        clinic = Clinic.objects.get()
        assert (clinic.cancel_hours, clinic.quiet_from, clinic.days_ahead) == (48, time(22, 30), 90)
        event = Event.objects.get(action="clinic.changed")
        assert event.detail["before"] == {"cancel_hours": 24, "quiet_from": "21:00"}

    @pytest.mark.parametrize(("field", "typed"), [("days_ahead", "0"), ("days_ahead", "366"), ("cancel_hours", "-1")])
    def test_what_can_not_be_is_told(self, olga: User, field: str, typed: str) -> None:
        answer = sent(olga, page("booking_settings"), **{field: typed}, reason="Because")
        assert "field--wrong" in answer.content.decode()


class TestServices:
    def test_what_it_takes_up_is_set(self, olga: User, north: Location) -> None:
        url = page("service", "led")
        taken = {
            "level": "2",
            "room_kind": "dark",
            "device_kinds": "lamp, chiller\N{FULLWIDTH COMMA}lamp",
            "step": "30",
        }
        typed = {**TERMS, **taken, "buffer_before": "5", "buffer_after": "10", "locations": north.pk}
        assert sent(olga, url, **typed).status_code == 302
        led = Service.objects.get()
        assert (led.level, led.room_kind, led.device_kinds, led.step) == (2, "dark", ["lamp", "chiller"], 30)
        assert (led.buffer_before, led.buffer_after) == (5, 10)

    def test_the_talk_is_a_service_too(self, olga: User, north: Location) -> None:
        url = page("service", CONSULTATION)
        assert sent(olga, url, **TERMS, locations=north.pk).status_code == 302
        assert Service.objects.get().treatment == CONSULTATION
        publish_starting_texts(by=olga.ref, now=NOW)
        with at(NOW):
            assert "Consultation at the clinic" in words(signed_in(olga).get(page("services")))
            for name in ("home", "treatments", "register", "offers"):
                assert signed_in(olga).get(reverse(f"portal:{name}")).status_code in {200, 302}

    def test_a_kind_that_is_none_is_told(self, olga: User, north: Location) -> None:
        answer = sent(olga, page("service", "led"), **TERMS, device_kinds="big lamp", locations=north.pk)
        assert "with commas between kinds" in words(answer)


def test_the_days_of_the_cast_are_what_they_are_taken_for() -> None:
    assert (TODAY.isoformat(), MONDAY.isoformat()) == ("2026-11-20", "2026-11-23")
