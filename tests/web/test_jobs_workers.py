"""Workers that are killed, stopped, or two at once: every job is done, and its effect is there once."""

import signal
import subprocess
from datetime import timedelta

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.web import jobs_for_tests as jobs
from tests.web.apart import Apart, apart, migrated, until

from pellucid.web.jobs.mend import SILENCE, Watch, mend, show_life
from pellucid.web.jobs.models import Job, Worker
from pellucid.web.jobs.worker import do_waiting
from pellucid.web.sites import clock

__all__ = ["apart", "migrated"]

PUT = """
from pellucid.web.sites import clock
from tests.web import jobs_for_tests as jobs
for number in range({count}):
    jobs.{kind}.put(key=f"job {{number}}", now=clock.now(), name=f"effect {{number}}")
"""
WORK = """
from pellucid.web.jobs import mend, worker
mend.SILENCE, worker.LIFE, worker.LOOK = 1.0, 0.2, 0.05
ended = worker.Ended(parent=None)
ended.listen()
worker.work(ended)
"""
COUNT = """
from collections import Counter
from pellucid.web.audit.models import Event
from pellucid.web.jobs.models import Job
effects = Counter(Event.objects.filter(action="test.done").values_list("subject", flat=True))
states = Counter(Job.objects.filter(key__startswith="job ").values_list("state", flat=True))
print(sorted(effects.items()), sorted(states.items()), max(Job.objects.values_list("attempts", flat=True)))
"""


def stopped(worker: subprocess.Popen[str]) -> int:
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=30)
    return worker.returncode


def test_a_job_of_a_killed_worker_is_done_by_the_next_once(apart: Apart) -> None:
    apart.run(PUT.format(count=1, kind="hang_at_first"))
    killed = apart.start(WORK)
    until((apart.folder / "begun").exists)
    killed.kill()
    killed.communicate()
    assert apart.run(COUNT).strip() == "[] [('waiting', 1)] 1"
    next_one = apart.start(WORK)
    until(lambda: "('done', 1)" in apart.run(COUNT))
    assert stopped(next_one) == 0
    assert apart.run(COUNT).strip() == "[('effect 0', 1)] [('done', 1)] 2"


def test_two_workers_share_the_jobs_and_do_each_once(apart: Apart) -> None:
    apart.run(PUT.format(count=30, kind="write"))
    workers = [apart.start(WORK), apart.start(WORK)]
    until(lambda: "('done', 30)" in apart.run(COUNT), seconds=60)
    assert [stopped(worker) for worker in workers] == [0, 0]
    effects = [(f"effect {number}", 1) for number in range(30)]
    assert apart.run(COUNT).strip() == f"{sorted(effects)} [('done', 30)] 1"


def test_a_worker_that_is_told_to_end_finishes_its_job(apart: Apart) -> None:
    apart.run(PUT.format(count=2, kind="hang_until_told"))
    worker = apart.start(WORK)
    until((apart.folder / "begun").exists)
    worker.send_signal(signal.SIGTERM)
    (apart.folder / "go").touch()
    worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert apart.run(COUNT).strip() == "[('effect 0', 1)] [('done', 1), ('waiting', 1)] 1"


@pytest.mark.django_db
class TestMending:
    def test_a_silent_worker_loses_its_task_and_one_that_lives_keeps_it(self) -> None:
        now, watch = clock.now(), Watch()
        for name in ("silent", "alive"):
            row = jobs.write.put(key=name, now=now, name=name)
            DBTaskResult.objects.get(pk=str(row.attempt)).claim(name)
            show_life(name, now)
        for second in range(0, int(SILENCE) + 5, 5):
            show_life("alive", now)
            mend(watch, now=now, stopwatch=float(second))
        assert DBTaskResult.objects.get(status=TaskResultStatus.READY).worker_ids == ["silent"]
        assert [worker.pk for worker in Worker.objects.all()] == ["alive"]
        assert do_waiting() == 1

    def test_a_clock_put_back_kills_nobody(self) -> None:
        now, watch = clock.now(), Watch()
        row = jobs.write.put(key="one", now=now, name="a")
        DBTaskResult.objects.get(pk=str(row.attempt)).claim("alive")
        for hours in range(5):
            show_life("alive", now - timedelta(hours=hours))
            assert mend(watch, now=now - timedelta(hours=hours), stopwatch=hours * 10.0) == 0

    def test_what_a_clock_ahead_put_off_is_brought_forward(self) -> None:
        now = clock.now()
        row = jobs.write.put(key="one", now=now + timedelta(hours=8), name="a")
        DBTaskResult.objects.filter(pk=str(row.attempt)).update(enqueued_at=now + timedelta(hours=8))
        assert do_waiting() == 0
        assert mend(Watch(), now=now, stopwatch=0.0) == 1
        assert do_waiting() == 1

    def test_a_job_whose_attempt_is_lost_gets_another(self) -> None:
        row = jobs.write.put(key="one", now=clock.now(), name="a")
        DBTaskResult.objects.all().delete()
        assert mend(Watch(), now=clock.now(), stopwatch=0.0) == 1
        assert do_waiting() == 1
        assert Job.objects.get(pk=row.pk).state == "done"
