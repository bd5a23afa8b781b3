"""What is told about visits by the clock: when, to whom, and once each, whatever is killed or changes meanwhile."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.web.apart import Apart, apart, migrated
from tests.web.booking_cast import NOW, PEEL, TODAY, moment, screened
from tests.web.visits import HOUR, make_visit

from pellucid.knowledge.load import load
from pellucid.web.accounts.models import User
from pellucid.web.audit.record import record
from pellucid.web.jobs.models import Job
from pellucid.web.jobs.schedule import SCHEDULE
from pellucid.web.outbox.models import Message
from pellucid.web.records import background
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.actions.reminders import _put, mornings, prepare_due, remind_due
from pellucid.web.records.actions.visit_letters import key_of, letters_of
from pellucid.web.records.models import Appointment
from pellucid.web.records.models.appointment import State
from pellucid.web.records.queries.reminding import days_ahead, may_begin, preparation_begins, profile_for
from pellucid.web.sites.models import Clinic, Location
from pellucid.web.sites.quiet import after_quiet

__all__ = ["apart", "migrated"]

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FRIDAY = TODAY + 7 * DAY
DUE = moment(FRIDAY - 2 * DAY, "10:00")
"""When a visit on Friday is reminded of."""


@pytest.fixture
def visit(alice: User, petra: User) -> Appointment:
    """Alice's, with Petra a week from now at half past two."""
    return make_visit(alice.client, petra, moment(FRIDAY, "14:30"))


def settled(visit: Appointment, at: datetime, what: str = "confirmed") -> None:
    """Note when the time of a visit was settled, as the actions do."""
    record(actor="user.1", action=f"appointment.{what}", subject=f"appointment.{visit.pk}", now=at)


def moved(visit: Appointment, starts: datetime, at: datetime) -> None:
    """Move a visit, as the actions do."""
    visit.starts, visit.ends = starts, starts + HOUR
    visit.version += 1
    visit.save()
    settled(visit, at, "moved")
    letters_of(visit, "moved", booker=Booker("user.1", None, at))


def reminders() -> list[Message]:
    return list(Message.objects.filter(kind="visit_reminder").order_by("next_at"))


class TestReminder:
    def test_it_is_due_two_days_before_at_ten_by_the_clock_of_the_place(self, visit: Appointment) -> None:
        settled(visit, NOW)
        assert remind_due(now=DUE - timedelta(seconds=1)) == 0
        assert remind_due(now=DUE) == 1
        (letter,) = reminders()
        assert (letter.subject, letter.to) == ("Your visit at Example Clinic is near", "alice@example.com")
        assert "Friday 27 November 2026, 14:30–15:30 (Taipei, UTC+8)" in letter.body
        assert (letter.next_at, letter.useless_after, letter.invite) == (DUE, visit.starts, "")

    def test_it_is_put_once_however_often_is_looked(self, visit: Appointment) -> None:
        settled(visit, NOW)
        assert [remind_due(now=DUE + timedelta(minutes=5 * n)) for n in range(4)] == [1, 0, 0, 0]

    def test_what_was_missed_is_made_up_for(self, visit: Appointment) -> None:
        settled(visit, NOW)
        assert remind_due(now=visit.starts - HOUR) == 1

    def test_a_visit_that_has_begun_is_not_reminded_of(self, visit: Appointment) -> None:
        assert remind_due(now=visit.starts) == 0

    @pytest.mark.parametrize(
        ("zone", "on", "due"),
        [
            ("Europe/Vienna", date(2027, 3, 28), datetime(2027, 3, 26, 9, 0, tzinfo=UTC)),
            ("Europe/Vienna", date(2027, 3, 30), datetime(2027, 3, 28, 8, 0, tzinfo=UTC)),
            ("Australia/Lord_Howe", date(2027, 4, 5), datetime(2027, 4, 2, 23, 0, tzinfo=UTC)),
            ("Australia/Lord_Howe", date(2027, 4, 6), datetime(2027, 4, 3, 23, 30, tzinfo=UTC)),
            ("Asia/Kolkata", date(2027, 4, 6), datetime(2027, 4, 4, 4, 30, tzinfo=UTC)),
        ],
    )
    def test_it_is_ten_whatever_the_clock_does(
        self, alice: User, petra: User, north: Location, zone: str, on: date, due: datetime
    ) -> None:
        north.zone = zone
        north.save()
        make_visit(alice.client, petra, datetime.combine(on, time(4), tzinfo=UTC))
        assert remind_due(now=due - timedelta(seconds=1)) == 0
        assert remind_due(now=due) == 1

    @pytest.mark.parametrize(("ahead", "put"), [(timedelta(hours=24), 1), (timedelta(hours=23, minutes=59), 0)])
    def test_one_that_is_booked_late_is_reminded_of_at_once_unless_it_is_very_near(
        self, visit: Appointment, ahead: timedelta, put: int
    ) -> None:
        booked = visit.starts - ahead
        settled(visit, booked)
        assert remind_due(now=booked) == put
        assert remind_due(now=booked + 8 * HOUR) == 0

    @pytest.mark.parametrize("state", [State.HELD, State.CANCELLED, State.LAPSED, State.DONE, State.NO_SHOW])
    def test_only_what_is_booked_is_reminded_of(self, visit: Appointment, state: State) -> None:
        held_until = NOW + 30 * DAY if state == State.HELD else None
        Appointment.objects.update(state=state, held_until=held_until)
        assert remind_due(now=DUE) == 0

    def test_one_that_still_waits_for_a_yes_says_so(self, visit: Appointment) -> None:
        Appointment.objects.update(state=State.TENTATIVE)
        remind_due(now=DUE)
        assert "hasn't said yes to it yet" in reminders()[0].body

    def test_one_that_is_moved_is_reminded_of_at_its_new_time_only(self, visit: Appointment) -> None:
        settled(visit, NOW)
        remind_due(now=DUE)
        moved(visit, visit.starts + 7 * DAY, DUE)
        assert remind_due(now=DUE + HOUR) == 0
        assert remind_due(now=DUE + 7 * DAY) == 1
        assert [letter.state for letter in reminders()] == ["set_aside", "waiting"]

    def test_one_that_is_moved_back_is_reminded_of_again(self, visit: Appointment) -> None:
        settled(visit, NOW)
        first = visit.starts
        remind_due(now=DUE)
        moved(visit, first + 7 * DAY, DUE)
        moved(visit, first, DUE + timedelta(minutes=1))
        assert remind_due(now=DUE + timedelta(minutes=5)) == 1
        assert sorted(letter.state for letter in reminders()) == ["set_aside", "waiting"]

    def test_one_that_changes_at_the_same_moment_is_left_out(self, visit: Appointment) -> None:
        seen = Appointment.objects.select_related("client", "location__clinic").get(pk=visit.pk)
        Appointment.objects.update(state=State.CANCELLED)
        assert not _put(seen, "visit_reminder", key=key_of(seen, "reminder"), now=DUE)
        Appointment.objects.update(state=State.BOOKED, starts=visit.starts - HOUR)
        assert not _put(seen, "visit_reminder", key=key_of(seen, "reminder"), now=DUE)
        assert not Message.objects.exists()

    def test_the_quiet_hours_are_kept(self, visit: Appointment, clinic: Clinic) -> None:
        settled(visit, NOW)
        remind_due(now=moment(FRIDAY - DAY, "22:30"))
        assert reminders()[0].next_at == moment(FRIDAY, "08:00")

    def test_it_costs_the_same_queries_for_many(
        self, alice: User, petra: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(9):
            settled(make_visit(alice.client, petra, moment(FRIDAY, "10:00") + number * timedelta(minutes=30)), NOW)
        remind_due(now=DUE)
        with django_assert_max_num_queries(3):
            remind_due(now=DUE + HOUR)


class TestQuiet:
    @pytest.mark.parametrize(
        ("since", "until", "shown", "ends"),
        [
            ("21:00", "08:00", "20:59", "20:59"),
            ("21:00", "08:00", "21:00", "08:00 +1"),
            ("21:00", "08:00", "03:00", "08:00"),
            ("21:00", "08:00", "08:00", "08:00"),
            ("12:00", "14:00", "13:00", "14:00"),
            ("12:00", "14:00", "22:00", "22:00"),
            ("08:00", "08:00", "03:00", "03:00"),
        ],
    )
    def test_a_message_waits_for_their_end(self, since: str, until: str, shown: str, ends: str) -> None:
        clinic = Clinic(quiet_from=time.fromisoformat(since), quiet_until=time.fromisoformat(until))
        at, _, later = ends.partition(" +")
        awake = after_quiet(moment(TODAY, shown), clinic=clinic, zone="Asia/Taipei")
        assert awake == moment(TODAY + DAY * int(later or 0), at)

    def test_an_hour_that_comes_twice_is_no_way_back(self) -> None:
        clinic = Clinic(quiet_from=time(21), quiet_until=time(2, 30))
        second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 in Vienna, for the second time
        assert after_quiet(second, clinic=clinic, zone="Europe/Vienna") == second


class TestPreparation:
    @pytest.fixture
    def peel(self, alice: User, doris: User) -> Appointment:
        """Alice's, on a day so far ahead that nothing of its preparation has begun, with what she told of herself."""
        screened(alice, "nothing_wrong")
        return with_part(make_visit(alice.client, doris, moment(TODAY + 60 * DAY, "14:30")), PEEL)

    def days(self, visit: Appointment) -> list[date]:
        known = profile_for(visit.client)
        assert known is not None
        profile, knowledge = known
        return sorted(preparation_begins(visit, profile=profile, knowledge=knowledge))

    def test_somebody_is_told_on_the_day_on_which_it_begins(self, peel: Appointment, north: Location) -> None:
        settled(peel, NOW)
        first = self.days(peel)[0]
        at = moment(first, "09:00")
        assert prepare_due(location=north.pk, on=first - DAY, now=at - DAY) == 0
        assert prepare_due(location=north.pk, on=first, now=at) == 1
        letter = Message.objects.get(kind="visit_preparation")
        assert "something to do or leave out" in letter.body
        assert f"/me/appointments/{peel.pk}/" in letter.body
        assert not [word for word in ("peel", "retinoid", "acid") if word in letter.body.lower()]

    def test_once(self, peel: Appointment, north: Location) -> None:
        settled(peel, NOW)
        first = self.days(peel)[0]
        at = moment(first, "09:00")
        assert [prepare_due(location=north.pk, on=first, now=at) for _ in range(2)] == [1, 0]

    def test_not_what_the_booking_told_already(self, peel: Appointment, north: Location) -> None:
        first = self.days(peel)[0]
        settled(peel, moment(first, "08:30"))
        assert prepare_due(location=north.pk, on=first, now=moment(first, "09:00")) == 0

    def test_what_they_use_themselves_has_a_letter_of_its_own(self, alice: User, doris: User) -> None:
        retinol = {"name": "retinol", "form": "leave_on", "start": "2026-01-01", "times_per_week": 3}
        screened(alice, "nothing_wrong", products={"actives": [retinol]})
        visit = with_part(make_visit(alice.client, doris, moment(TODAY + 60 * DAY, "14:30")), PEEL)
        assert self.days(visit) == [TODAY + 32 * DAY, TODAY + 57 * DAY]  # a peel's first day, and the retinol's

    def test_without_answers_there_is_nothing_to_tell(self, alice: User, doris: User, north: Location) -> None:
        visit = with_part(make_visit(alice.client, doris, moment(TODAY + 60 * DAY, "14:30")), PEEL)
        settled(visit, NOW)
        mornings_before = [TODAY + n * DAY for n in range(1, 60)]
        assert not any(prepare_due(location=north.pk, on=on, now=moment(on, "09:00")) for on in mornings_before)

    def test_a_talk_needs_none(self, alice: User, petra: User, north: Location) -> None:
        screened(alice, "nothing_wrong")
        visit = with_part(make_visit(alice.client, petra, moment(TODAY + 60 * DAY, "14:30")), "consultation")
        assert self.days(visit) == []
        assert not any(may_begin([visit], TODAY + n * DAY, days_ahead(load())) for n in range(60))

    def test_what_may_begin_holds_every_day_on_which_it_does(self, peel: Appointment) -> None:
        assert all(may_begin([peel], day, days_ahead(load())) for day in self.days(peel))

    def test_each_location_is_looked_at_on_its_own_mornings(self, north: Location, south: Location) -> None:
        Location.objects.filter(pk=south.pk).update(zone="America/New_York")
        evening_there = {(south.pk, TODAY - DAY), (south.pk, TODAY - 2 * DAY)}
        assert set(mornings(now=moment(TODAY, "09:00"))) == evening_there | {
            (north.pk, TODAY),
            (north.pk, TODAY - DAY),
        }
        assert (north.pk, TODAY) not in set(mornings(now=moment(TODAY, "08:59")))


class TestKilled:
    SCRIPT = "from tests.web import visit_killing\nprint(visit_killing.play())\n"

    def test_no_reminder_is_lost_or_put_twice(self, apart: Apart) -> None:
        assert apart.run(self.SCRIPT).strip() == "True [1, 1, 1] {'sent': 3} 3"


class TestByTheClock:
    def test_it_is_looked_every_five_minutes(self) -> None:
        due = SCHEDULE["remind"]
        assert due.kind is background.remind
        assert due.last_due(NOW + timedelta(minutes=5)) - due.last_due(NOW) == timedelta(minutes=5)

    def test_mornings_are_handed_over_once(self, visit: Appointment) -> None:
        for minute in (0, 5):
            background.remind.do(now=moment(TODAY, "09:00") + timedelta(minutes=minute))
        keys = Job.objects.filter(key__startswith="prepare.").values_list("key", flat=True)
        assert sorted(keys) == [f"prepare.{visit.location_id}.{day}" for day in (TODAY - DAY, TODAY)]


def with_part(visit: Appointment, treatment: str, position: int = 0) -> Appointment:
    """The visit with something that is done in it."""
    room = visit.location.rooms.first() or visit.location.rooms.create(name="Room", kind="treatment")
    visit.parts.create(position=position, treatment=treatment, starts=visit.starts, ends=visit.ends, room=room)
    return visit
