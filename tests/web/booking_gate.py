"""A crowd of threads that all write at one moment.

Everybody has seen the calendar as it was before, and stands at the gate in front of the locks when it opens: nobody is
refused early.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Self

from django.db import connection

from pellucid.model.errors import PellucidError
from pellucid.web.records.actions import placing, reservations
from pellucid.web.records.queries.calendar import calendar_for

PATIENCE = 120.0
"""Seconds after which a crowd counts as hanging."""

Attempt = Callable[[], object]


class Gate:
    """Lets nobody write before all are about to."""

    def __init__(self, threads: int) -> None:
        """Wait for so many."""
        self.barrier = threading.Barrier(threads)
        self.own = threading.local()
        self.once = reservations._once
        self.seen: dict[Any, Any] = {}

    def __enter__(self) -> Self:
        """Stand in the way of every transaction, and keep the calendar as it was before."""
        vars(reservations)["_once"] = self.wait_then
        vars(placing)["calendar_for"] = self.calendar
        return self

    def __exit__(self, *_: object) -> None:
        """Be gone."""
        vars(reservations)["_once"] = self.once
        vars(placing)["calendar_for"] = calendar_for

    def wait_then(self, work: Attempt, keys: Sequence[str]) -> object:
        """The transaction, once everybody is here."""
        self.arrive()
        return self.once(work, keys)

    def arrive(self) -> None:
        """Wait at the gate, each thread once; where somebody will never come it is open."""
        if not getattr(self.own, "passed", False):
            self.own.passed = True
            try:
                self.barrier.wait(PATIENCE)
            except threading.BrokenBarrierError:
                return

    def calendar(self, **asked: Any) -> Any:
        """The calendar as it was before anybody wrote; later as it is."""
        if getattr(self.own, "passed", False):
            return calendar_for(**asked)
        key = tuple(sorted((name, str(each)) for name, each in asked.items()))
        if key not in self.seen:
            self.seen[key] = calendar_for(**asked)
        return self.seen[key]


def race(attempts: Sequence[Attempt], threads: int) -> Counter[str]:
    """Do all of it at once; how each attempt ended: ``won``, or the name of a refusal.

    Raises:
        AssertionError: one of them hangs, or failed in another way.
    """
    said: list[str] = []
    with Gate(threads) as gate:
        crowd = [
            threading.Thread(target=_one_after_other, args=(attempts[number::threads], gate, said), daemon=True)
            for number in range(threads)
        ]
        for each in crowd:
            each.start()
        ends = time.monotonic() + PATIENCE
        for each in crowd:
            each.join(max(ends - time.monotonic(), 0))
    found = Counter(said)
    assert found.total() == len(attempts), f"{len(attempts) - found.total()} hang: {found}"
    return found


def _one_after_other(attempts: Sequence[Attempt], gate: Gate, said: list[str]) -> None:
    for attempt in attempts:
        try:
            attempt()
        except PellucidError as refused:
            said.append(type(refused).__name__)
        except Exception as fault:  # noqa: BLE001 - it is told, and fails the scene
            said.append(f"{type(fault).__name__}: {fault}")
        else:
            said.append("won")
    if not getattr(gate.own, "passed", False):
        gate.barrier.abort()
    connection.close()
