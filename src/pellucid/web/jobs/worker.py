"""One process that does jobs, hands over what is due by the clock, and mends what other processes left behind."""

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as Runner
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from pellucid.web.jobs.mend import Watch, mend, show_life, sign_off
from pellucid.web.jobs.schedule import tick
from pellucid.web.sites import clock

LOOK = 0.5
"""Seconds between looks for new jobs: a code for signing in leaves within about that time."""
LIFE = 4.0
"""Seconds between signs of life, and between looks at the schedule and at other workers."""
logger = logging.getLogger(__name__)


class Ended:
    """Whether to end: somebody said so, or the process that started this one is gone."""

    def __init__(self, *, parent: int | None) -> None:
        """Watch the parent process, if its number is given; asking for it here could come after its end."""
        self.event = threading.Event()
        self.parent = parent

    def listen(self) -> None:
        """End after the present job at the first signal, at once at the second."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._told)

    def _told(self, *_: object) -> None:
        if self.event.is_set():
            raise SystemExit(1)
        self.event.set()

    def __bool__(self) -> bool:
        """Whether to end."""
        if self.parent is not None and os.getppid() != self.parent:
            self.event.set()
        return self.event.is_set()


def work(ended: Ended) -> None:
    """Do jobs until told to end."""
    name = f"{os.getpid()}-{secrets.token_hex(8)}"
    runner = _runner(name)
    _patiently(lambda: show_life(name, clock.now()))
    beside = threading.Thread(target=_attend, args=(name, ended), daemon=True)
    beside.start()
    while not ended:
        if not _patiently(lambda: do_next(runner)):
            ended.event.wait(LOOK)
    beside.join(LIFE)
    _patiently(lambda: sign_off(name))


def do_waiting() -> int:
    """Do all that can be done now, then return; how many attempts."""
    runner, done = _runner(f"once-{secrets.token_hex(8)}"), 0
    while do_next(runner):
        done += 1
    return done


def do_next(runner: Runner) -> bool:
    """Do the next job that may begin; whether there was one."""
    ready = DBTaskResult.objects.ready().filter(backend_name="default")
    if not ready.exists():  # a look without a lock: most looks find nothing
        return False
    with exclusive_transaction():
        found = ready.get_locked()
        if found is not None:
            found.claim(runner.worker_id)
    if found is not None:
        runner.run_task(found)
    return found is not None


def _runner(name: str) -> Runner:
    return Runner(
        queue_names=["*"],
        interval=LOOK,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )


def _attend(name: str, ended: Ended) -> None:
    """Beside the jobs: signs of life, the schedule, and what others left behind."""
    watch = Watch()
    while not ended:
        _patiently(lambda: show_life(name, clock.now()))
        _patiently(lambda: tick(clock.now()))
        _patiently(lambda: mend(watch, now=clock.now(), stopwatch=time.monotonic()))
        ended.event.wait(LIFE)
    connection.close()


def _patiently(do: Callable[[], object]) -> object:
    """Do something; a database that is away for a while is said and waited for."""
    try:
        close_old_connections()
        return do()
    except DatabaseError as fault:
        logger.warning("the database did not answer (%s); trying again", type(fault).__name__)
        connection.close()
        return None
