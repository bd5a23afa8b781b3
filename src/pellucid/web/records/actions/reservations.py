"""The one path on which time is taken up, whoever books: locks first, then a look, then the rows.

A booking names what it takes up. On PostgreSQL it first takes an advisory lock for each, always in the order of their
numbers, so that two bookings never wait for each other; on SQLite the transaction itself is the lock, for it takes the
write lock as it begins. Only then is it looked whether something is in the way. Behind all this the database refuses a
second row of one resource at one time (migration ``0003_no_double_booking``).
"""

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from random import SystemRandom
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from pellucid.web.records.actions.booking import TakenError
from pellucid.web.records.models import Appointment, Client, Reservation

ATTEMPTS = 6
"""Of one booking, where the database breaks it off; what is really taken is known at the second."""
FIRST_WAIT = 0.02
"""Seconds; twice as long each time, scattered by chance."""
LOCK_SECONDS = 15
"""Longer than any crowd takes; who has waited so long is refused rather than left hanging."""
AGAIN = {
    "40P01",  # a deadlock: locks were taken in another order elsewhere
    "40001",  # two transactions that can't be put in an order
    "23P01",  # the constraint refused an overlap
    "55P03",  # waited too long for a lock
}
PATIENCE = 30
"""Seconds after which nothing is tried again, however often it was."""
CHANCE = SystemRandom()
Done = TypeVar("Done")


class Row(NamedTuple):
    """Something taken up, half-open, in minutes since 1970 UTC."""

    resource: str
    since: int
    until: int


def attempt(work: Callable[[], Done], *, keys: Iterable[str]) -> Done:
    """Do something in one transaction that nobody else's on the same keys overlaps; again where it was broken off.

    Inside a transaction that is on already, the locks hold until that one ends, and nothing is tried again.

    Args:
        work: reads and writes; may be done several times, each from the start.
        keys: names of all resources that it looks at or takes up.

    Raises:
        TakenError: every attempt was broken off.
    """
    if connection.in_atomic_block:
        return _once(work, keys)
    ends = time.monotonic() + PATIENCE
    for number in range(ATTEMPTS):
        try:
            return _once(work, keys)
        except (IntegrityError, OperationalError) as fault:
            if not _broken_off(fault):
                raise
            if time.monotonic() > ends:
                break
            time.sleep(FIRST_WAIT * 2**number * CHANCE.uniform(0.5, 1.5))
    raise TakenError(())


def _once(work: Callable[[], Done], keys: Iterable[str]) -> Done:
    with transaction.atomic():
        _lock(keys)
        return work()


def _lock(keys: Iterable[str]) -> None:
    """Wait until nobody else is at work on these; SQLite has let nobody else write since the transaction began."""
    if connection.vendor != "postgresql":
        return
    numbers = sorted({_number(key) for key in keys})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_SECONDS}s"])
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _number(key: str) -> int:
    """A key as the signed 64 bits that PostgreSQL locks by; two keys that share a number merely wait for each other."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True)


def _broken_off(fault: Exception) -> bool:
    """Whether the database ended the transaction for the sake of another one."""
    code = getattr(fault.__cause__, "sqlstate", None)
    return code in AGAIN or (code is None and any(word in str(fault) for word in ("is locked", "reservation overlaps")))


def client_key(client: Client) -> str:
    """What a client's own time goes by: nobody is in two places at once."""
    return f"client.{client.pk}"


def rows_of(client: Client, taken: Iterable[tuple[str, str, int, int]], starts: int, ends: int) -> tuple[Row, ...]:
    """What a visit takes up: people, rooms and devices with their buffers, and the client while they are there.

    Args:
        client: whose visit.
        taken: kind, id and minutes, as ``booking.visit.resources`` tells them.
        starts: minute at which the client comes.
        ends: minute at which they leave.
    """
    return (
        *(Row(f"{kind}.{name.partition('.')[0]}", since, until) for kind, name, since, until in taken),
        Row(client_key(client), starts, ends),
    )


def in_the_way(rows: Sequence[Row], *, but: Collection[UUID] = ()) -> QuerySet[Reservation]:
    """What is taken up already of what some rows would take up.

    Args:
        rows: at least one.
        but: visits whose reservations don't count, since they are let go at the same time.
    """
    overlaps = Q()
    for row in rows:
        overlaps |= Q(resource=row.resource, since__lt=row.until, until__gt=row.since)
    return Reservation.objects.filter(overlaps).exclude(appointment__in=but).select_related("appointment")


def write(appointment: Appointment, rows: Iterable[Row]) -> None:
    """Take time up for a visit; it was looked before that nothing is in the way."""
    Reservation.objects.bulk_create(
        Reservation(appointment=appointment, resource=row.resource, since=row.since, until=row.until) for row in rows
    )


def free(appointments: Iterable[Appointment]) -> None:
    """Let go of everything that some visits take up."""
    Reservation.objects.filter(appointment__in=[each.pk for each in appointments]).delete()
