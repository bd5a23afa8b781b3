"""A job is done once, however many attempts it takes; one that keeps failing is given up and stays to be seen."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings
from tests.web import jobs_for_tests as jobs
from tests.web.staff_pages import at

from pellucid.web.audit.models import Event
from pellucid.web.jobs import job as job_module
from pellucid.web.jobs.background import KEPT, clear_away, clear_cache
from pellucid.web.jobs.job import FIRST_WAIT, LONGEST_WAIT, attempt, try_again, wait
from pellucid.web.jobs.models import Job
from pellucid.web.jobs.schedule import SCHEDULE
from pellucid.web.jobs.worker import do_waiting
from pellucid.web.sites import clock

pytestmark = pytest.mark.django_db


def effects() -> int:
    return Event.objects.filter(action="test.done").count()


def due_now(row: Job) -> None:
    """Let the next attempt begin at once."""
    DBTaskResult.objects.filter(pk=str(row.attempt)).update(run_after=clock.now())


def test_a_job_is_done() -> None:
    row = jobs.write.put(key="one", now=clock.now(), name="a")
    assert do_waiting() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.fault) == ("done", 1, "")
    assert effects() == 1


def test_the_same_key_is_one_job() -> None:
    first = jobs.write.put(key="one", now=clock.now(), name="a")
    second = jobs.write.put(key="one", now=clock.now(), name="b")
    assert first.pk == second.pk
    assert do_waiting() == 1
    assert list(Event.objects.values_list("subject", flat=True)) == ["a"]


def test_an_attempt_that_comes_twice_does_it_once() -> None:
    row = jobs.write.put(key="one", now=clock.now(), name="a")
    assert attempt.call(str(row.pk)) == "done"
    assert attempt.call(str(row.pk)) == "nothing to do"
    assert effects() == 1


def test_a_later_job_waits() -> None:
    jobs.write.put(key="one", now=clock.now(), not_before=clock.now() + timedelta(hours=1), name="a")
    assert do_waiting() == 0


def test_what_fails_is_rolled_back_and_tried_again_later() -> None:
    row = jobs.fail.put(key="one", now=clock.now(), name="a")
    assert do_waiting() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert FIRST_WAIT / 2 < row.next_at - clock.now() < FIRST_WAIT * 2
    assert effects() == 0
    assert do_waiting() == 0


def test_after_its_retries_it_is_given_up_and_can_be_begun_anew() -> None:
    row = jobs.fail.put(key="one", now=clock.now(), name="a")
    for _ in range(3):
        assert do_waiting() == 1
        row.refresh_from_db()
        due_now(row)
    assert (row.state, row.attempts) == ("given_up", 3)
    assert do_waiting() == 0
    try_again(row, now=clock.now())
    assert do_waiting() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 1)


def test_a_fault_says_where_and_not_what(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row = jobs.fail.put(key="one", now=clock.now(), name="ana@example.org")
    do_waiting()
    row.refresh_from_db()
    assert row.fault.startswith("ValueError in jobs_for_tests.py:")
    kept = str(list(DBTaskResult.objects.values_list("traceback", "return_value")))
    assert "secret" not in row.fault + kept + caplog.text


def test_an_attempt_that_was_overtaken_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    row = jobs.write.put(key="one", now=clock.now(), name="a")
    begin = job_module._begin

    def overtaken(pk: str) -> Job | None:
        mine = begin(pk)
        begin(pk)  # another worker, to which this one looked dead
        return mine

    monkeypatch.setattr(job_module, "_begin", overtaken)
    assert attempt.call(str(row.pk)) == "superseded"
    assert effects() == 0


def test_a_job_that_no_longer_exists_is_given_up() -> None:
    row = jobs.write.put(key="one", now=clock.now(), name="a")
    Job.objects.update(task="tests.web.jobs_for_tests.gone")
    do_waiting()
    row.refresh_from_db()
    assert row.state == "given_up"
    assert "ImportError" in row.fault


@pytest.mark.parametrize("attempts", [1, 2, 5, 9, 10, 11, 500])
def test_waits_double_up_to_a_limit(attempts: int) -> None:
    plain = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    waits = {wait(attempts) for _ in range(50)}
    assert len(waits) > 1
    assert plain * 0.75 <= min(waits) <= max(waits) <= plain * 1.25


def test_old_jobs_are_cleared_away_and_given_up_ones_stay() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    done = jobs.write.put(key="done", now=now, name="a")
    given_up = jobs.write.put(key="given up", now=now, name="b")
    young = jobs.write.put(key="young", now=now, name="c")
    old = now - KEPT - timedelta(days=1)
    Job.objects.filter(pk=done.pk).update(state="done", ended_at=old)
    Job.objects.filter(pk=given_up.pk).update(state="given_up", ended_at=old)
    Job.objects.filter(pk=young.pk).update(state="done", ended_at=now)
    clear_away.do(now=now)
    assert {row.key for row in Job.objects.all()} == {"given up", "young"}


def test_what_has_run_out_of_the_cache_does_not_lie_in_the_database(settings: Settings) -> None:
    table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    settings.CACHES = {"default": table, "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    now = clock.now().replace(microsecond=0)
    with at(now):
        caches["default"].set("list", "Ana Example, ana@example.org", 3600)
        caches["default"].set("other", "1", 7200)
    for minutes, left in ((59, 2), (61, 1), (121, 0)):
        clear_cache.do(now=now + timedelta(minutes=minutes))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cache")
            assert cursor.fetchone() == (left,)
    assert SCHEDULE["clear_cache"].kind is clear_cache
