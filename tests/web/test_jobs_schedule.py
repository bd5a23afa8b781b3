"""What is due by the clock is done once: by two schedulers, after a pause, over summer time, with a clock put back."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.web import jobs_for_tests as jobs

from pellucid.web.jobs import schedule
from pellucid.web.jobs.models import Beat, Job

NOON = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
VIENNA = ZoneInfo("Europe/Vienna")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "SCHEDULE", {})
    schedule.every(MINUTE, "often", jobs.write)


@pytest.mark.django_db
@pytest.mark.usefixtures("every_minute")
class TestEveryMinute:
    def test_it_is_due_at_once_and_then_each_minute(self) -> None:
        assert schedule.tick(NOON) == ["often"]
        assert schedule.tick(NOON + timedelta(seconds=20)) == []
        assert schedule.tick(NOON + MINUTE) == ["often"]
        assert Job.objects.count() == 2

    def test_after_a_pause_it_is_done_once(self) -> None:
        schedule.tick(NOON)
        assert schedule.tick(NOON + timedelta(days=3)) == ["often"]
        assert schedule.tick(NOON + timedelta(days=3)) == []
        assert Job.objects.count() == 2

    def test_of_two_schedulers_one_does_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        schedule.tick(NOON)
        read = Beat.objects.get()
        later = NOON + MINUTE
        assert schedule.tick(later) == ["often"]
        # The second scheduler read the beat before the first one took it forward.
        monkeypatch.setattr(Beat.objects, "get_or_create", lambda **_: (read, False))
        assert schedule.tick(later) == []
        assert Job.objects.count() == 2

    def test_a_clock_put_back_does_not_stop_it(self) -> None:
        schedule.tick(NOON)
        back = NOON - timedelta(hours=5)
        assert schedule.tick(back) == ["often"]
        assert schedule.tick(back + timedelta(seconds=10)) == []
        assert schedule.tick(back + MINUTE) == ["often"]

    def test_a_clock_that_trembles_repeats_nothing(self) -> None:
        schedule.tick(NOON.replace(second=0))
        assert schedule.tick(NOON.replace(second=0) - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        ("03:30", "2026-11-20T12:00+01:00", "2026-11-20T03:30+01:00"),
        ("03:30", "2026-11-20T03:30+01:00", "2026-11-20T03:30+01:00"),
        ("03:30", "2026-11-20T03:29+01:00", "2026-11-19T03:30+01:00"),
        ("02:30", "2026-03-29T12:00+02:00", "2026-03-29T03:30+02:00"),  # 02:30 is leapt over
        ("02:30", "2026-03-30T12:00+02:00", "2026-03-30T02:30+02:00"),
        ("02:30", "2026-10-25T02:45+02:00", "2026-10-25T02:30+02:00"),  # comes twice, the first time
        ("02:30", "2026-10-25T02:45+01:00", "2026-10-25T02:30+02:00"),  # and not again
    ],
)
def test_once_a_day_by_the_wall_clock(at: str, now: str, due: str) -> None:
    assert schedule.last_daily(time.fromisoformat(at), VIENNA, datetime.fromisoformat(now)) == datetime.fromisoformat(
        due
    )


@pytest.mark.parametrize("first", ["2026-03-27", "2026-10-23"])
def test_over_a_change_of_the_clock_each_day_is_due_once(first: str) -> None:
    begins = datetime.fromisoformat(f"{first}T12:00+00:00")
    moments = [begins + timedelta(minutes=10) * step for step in range(6 * 24 * 5)]
    due = {schedule.last_daily(time(2, 30), VIENNA, moment) for moment in moments}
    assert len({moment.astimezone(VIENNA).date() for moment in due}) == len(due) == 6
