"""What a worker that was killed, or a clock that was put back, leaves behind, and how it comes right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from pellucid.web.jobs.job import attempt, start
from pellucid.web.jobs.models import Job, Worker

SILENCE = 20.0
"""Seconds without a sign of life after which a worker counts as gone; signs come every few seconds."""


@dataclass(slots=True)
class Watch:
    """What one process has seen of the workers, by its own stopwatch: other clocks may be wrong or be put back."""

    seen: dict[str, tuple[int | None, float]] = field(default_factory=dict)
    """Worker to its last count, and when that was first seen."""

    def gone(self, counts: Mapping[str, int | None], stopwatch: float) -> set[str]:
        """The workers whose count has stood still too long.

        Args:
            counts: worker to its count, None where it has signed off.
            stopwatch: seconds of a clock that only goes forward.
        """
        seen = {}
        for worker, count in counts.items():
            known = self.seen.get(worker)
            seen[worker] = known if known and known[0] == count else (count, stopwatch)
        self.seen = seen
        return {worker for worker, (_, since) in seen.items() if stopwatch - since >= SILENCE}


def show_life(worker: str, now: datetime) -> None:
    """Say that a worker lives."""
    made = {"since": now, "seen_at": now}
    if not Worker.objects.filter(pk=worker).update(counted=F("counted") + 1, seen_at=now):
        Worker.objects.get_or_create(pk=worker, defaults=made)


def sign_off(worker: str) -> None:
    """Say that a worker has ended."""
    Worker.objects.filter(pk=worker).delete()


def mend(watch: Watch, *, now: datetime, stopwatch: float) -> int:
    """Have done again what was cut off; how many jobs.

    Args:
        watch: what this process has seen so far.
        now: when.
        stopwatch: seconds of a clock that only goes forward.
    """
    return _take_back(watch, stopwatch) + _start_again(now) + _bring_forward(now)


def _take_back(watch: Watch, stopwatch: float) -> int:
    """Tasks that run on a worker that is gone are to be run again."""
    running = list(DBTaskResult.objects.running().values_list("pk", "worker_ids", "started_at"))
    known = dict(Worker.objects.values_list("pk", "counted"))
    holders = {pk: workers[-1] if workers else "" for pk, workers, _ in running}
    gone = watch.gone({worker: known.get(worker) for worker in {*known, *holders.values()}}, stopwatch)
    Worker.objects.filter(pk__in=gone).delete()
    still = DBTaskResult.objects.running()
    lost = [(pk, begun) for pk, _, begun in running if holders[pk] in gone]
    return sum(still.filter(pk=pk, started_at=begun).update(status=TaskResultStatus.READY) for pk, begun in lost)


def _start_again(now: datetime) -> int:
    """Jobs that wait without an attempt that could still run get a new one."""
    alive = DBTaskResult.objects.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    found = 0
    for pk in Job.objects.filter(state="waiting").exclude(attempt__in=alive.values("pk")).values_list("pk", flat=True):
        with transaction.atomic():
            row = Job.objects.select_for_update().filter(pk=pk, state="waiting").exclude(attempt__in=alive.values("pk"))
            for job in row:
                job.next_at = now
                start(job)
                found += 1
    return found


def _bring_forward(now: datetime) -> int:
    """Attempts that were put off by a clock that was ahead would wait until it is that late again."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=attempt.module_path)
    return ready.filter(enqueued_at__gt=now, run_after__gt=now).update(run_after=now, enqueued_at=now)
