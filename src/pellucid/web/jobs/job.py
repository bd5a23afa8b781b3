"""Jobs that are done once, in the background, however many attempts it takes.

``@job()`` on a function makes it one; ``its_name.put(key=..., now=...)`` has it done. Each attempt is a task of
Django's tasks interface. The job itself is a row that says whether it is done, so that an attempt that runs twice does
it once: where ``atomic`` is left on, what the function writes and that row are one transaction.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import task

from pellucid.web.jobs.models import Job
from pellucid.web.sites import clock

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
CHANCE = SystemRandom()


class Superseded(Exception):  # noqa: N818 - nothing went wrong: another attempt was faster
    """Another attempt has taken this job over; what this one wrote is rolled back."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A function that can be done as a job."""

    do: Callable[..., Any]
    """Called with ``now`` and the job's arguments, which are what JSON can hold."""
    retries: int
    """Attempts after the first, before it is given up and shown to the staff."""
    atomic: bool
    """Whether the function runs in one transaction together with the note that it is done."""

    @property
    def path(self) -> str:
        """Where it is found again."""
        return f"{self.do.__module__}.{self.do.__qualname__}"

    def put(self, *, key: str, now: datetime, not_before: datetime | None = None, **arguments: Any) -> Job:
        """Have it done; inside a transaction, together with that.

        Args:
            key: what makes it this job; where one with this key stands already, that one is returned and nothing is
                done again. It appears in logs, so it holds ids, no names or addresses.
            now: when.
            not_before: when to begin, if later.
            arguments: of the function.
        """
        begin = max(now, not_before or now)
        made = {"task": self.path, "arguments": arguments, "made_at": now, "next_at": begin}
        with transaction.atomic():
            found, is_new = Job.objects.get_or_create(key=key, defaults=made)
            if is_new:
                start(found)
        return found


def job(*, retries: int = 8, atomic: bool = True) -> Callable[[Callable[..., Any]], Kind]:
    """Make a function a job; see ``Kind`` for what the parameters mean."""

    def made(do: Callable[..., Any]) -> Kind:
        return Kind(do, retries, atomic)

    return made


def start(row: Job) -> None:
    """Hand over an attempt of a job to the workers."""
    row.attempt = UUID(attempt.using(run_after=row.next_at).enqueue(str(row.pk)).id)
    row.save()


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, and not all at one moment."""
    doubled: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return doubled * CHANCE.uniform(0.75, 1.25)


@task()
def attempt(pk: str) -> str:
    """Do a job, unless it is done or another attempt of it is on; how that ended."""
    row = _begin(pk)
    if row is None:
        return "nothing to do"
    kind = None
    try:
        kind = _kind(row)
        _do(kind, row)
    except Superseded:
        return "superseded"
    except Exception as fault:  # noqa: BLE001 - the outermost edge: whatever a job raises is kept, and tried again
        return _failed(row, kind, where(fault))
    return "done"


def where(fault: BaseException) -> str:
    """The kind of error and the line of code it came from; not its words, which may hold what people typed."""
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    return f"{type(fault).__name__}" + "".join(f" in {PurePath(at.filename).name}:{at.lineno}" for at in last)


def _begin(pk: str) -> Job | None:
    """The job, with this attempt counted; none where it is not to be done any more."""
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=pk, state="waiting").first()
        if row:
            row.attempts += 1
            row.save()
    return row


def _kind(row: Job) -> Kind:
    found = import_string(row.task)
    if not isinstance(found, Kind):
        raise TypeError(f"{row.task} is no job")
    return found


def _do(kind: Kind, row: Job) -> None:
    if not kind.atomic:
        kind.do(now=clock.now(), **row.arguments)
        _done(row)
        return
    with transaction.atomic():
        kind.do(now=clock.now(), **row.arguments)
        _done(row)


def _mine(row: Job) -> Any:
    """The row, while this attempt is the last that was begun."""
    return Job.objects.filter(pk=row.pk, state="waiting", attempts=row.attempts)


def _done(row: Job) -> None:
    if not _mine(row).update(state="done", ended_at=clock.now(), fault=""):
        raise Superseded


def _failed(row: Job, kind: Kind | None, fault: str) -> str:
    """Keep why, and have it tried again later or give it up."""
    now = clock.now()
    last = kind is None or row.attempts > kind.retries
    with transaction.atomic():
        if last:
            return "given up" if _mine(row).update(state="given_up", ended_at=now, fault=fault) else "superseded"
        if not _mine(row).update(fault=fault, next_at=now + wait(row.attempts)):
            return "superseded"
        row.refresh_from_db()
        start(row)
    return "failed"


def try_again(row: Job, *, now: datetime) -> None:
    """Begin anew with a job that was given up."""
    with transaction.atomic():
        given_up = Job.objects.filter(pk=row.pk, state="given_up")
        if given_up.update(state="waiting", attempts=0, next_at=now, ended_at=None):
            row.refresh_from_db()
            start(row)
