"""Jobs that the tests of jobs have done, also in processes of their own."""

import os
import time
from datetime import datetime
from pathlib import Path

from pellucid.web.audit.record import record
from pellucid.web.jobs.job import job

LONG = 60.0


def _folder() -> Path:
    return Path(os.environ["TEST_FOLDER"])


def effect(name: str, now: datetime) -> None:
    """Something that can be counted."""
    record(actor="system", action="test.done", subject=name, now=now)


@job(retries=3)
def write(*, name: str, now: datetime) -> None:
    """Done at once."""
    effect(name, now)


@job(retries=3)
def hang_at_first(*, name: str, now: datetime) -> None:
    """Writes, and at the first time hangs before that is kept."""
    effect(name, now)
    begun = _folder() / "begun"
    if not begun.exists():
        begun.touch()
        time.sleep(LONG)


@job(retries=3, atomic=False)
def hang_until_told(*, name: str, now: datetime) -> None:
    """Takes as long as the test wants."""
    (_folder() / "begun").touch()
    while not (_folder() / "go").exists():
        time.sleep(0.05)
    effect(name, now)


@job(retries=2)
def fail(*, name: str, now: datetime) -> None:
    """Writes, then fails; its error holds what must not be kept."""
    effect(name, now)
    raise ValueError(f"secret of {name}")
