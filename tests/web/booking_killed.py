"""Bookings in processes that hang where the test wants, and are killed there.

``play`` does all of it: it forks, so that only one process has to import everything, and prints what stands in the
tables after each step, a line of JSON each.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connections
from tests.web.apart import until
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW, ZONE, moment
from tests.web.booking_scenes import World, by, whole

from pellucid.booking.availability import open_visits
from pellucid.model.slot import Visit
from pellucid.web.jobs.models import Job
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import appointments, reservations, series, visit_rows
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import TAKES_TIME
from pellucid.web.records.queries.calendar import calendar_for

LONG = 60.0


def play() -> None:
    """Each act is killed in the midst of writing, killed when all is written, and then done once more."""
    World(1)
    client = _client("reschedule")
    appointments.book(client=client, visit=_visit("12:00"), booker=by(client))
    for name in ACTS:
        _kill(name, _hang_midway)
        _report(name, "midway")
        _kill(name, _hang_afterwards)
        _report(name, "afterwards")
        ACTS[name](_client(name))
        _report(name, "again")


def _kill(name: str, act: Callable[[str], None]) -> None:
    """Do something in another process, and kill it where it hangs."""
    begun = Path(os.environ["TEST_FOLDER"]) / "begun"
    begun.unlink(missing_ok=True)
    connections.close_all()
    child = os.fork()
    if child == 0:
        act(name)
        os._exit(1)
    until(begun.exists)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _client(name: str) -> Client:
    return Client.objects.get(email=f"c{list(ACTS).index(name)}@example.com")


def _visit(at: str, weeks: int = 0) -> Visit:
    """The visit as it was on the page from which all of this is sent, first or again."""
    on = MONDAY + timedelta(weeks=weeks)
    calendar = replace(calendar_for(since=on, until=on, now=NOW), busy={})
    found = open_visits(calendar, treatments=[CONSULTATION], since=on, until=on)
    return next(each for each in found if each.starts == moment(on, at))


def _book(client: Client) -> None:
    appointments.book(client=client, visit=_visit("10:00"), booker=by(client))


def _book_series(client: Client) -> None:
    visits = [_visit("11:00", weeks) for weeks in range(3)]
    series.book_series(client=client, visits=visits, booker=by(client))


def _reschedule(client: Client) -> None:
    booked = Appointment.objects.get(client=client)
    appointments.reschedule(appointment=booked, version=1, visit=_visit("15:00"), booker=by(client))


ACTS: Mapping[str, Callable[[Client], None]] = {"book": _book, "series": _book_series, "reschedule": _reschedule}


def _hang_midway(name: str) -> None:
    """Hang with rows written and nothing committed; of a series one visit is there and another half."""
    write, calls = reservations.write, []

    def write_and_hang(*given: Any) -> None:
        write(*given)
        calls.append(given)
        if len(calls) == 1 + (name == "series"):
            _hang()

    vars(visit_rows)["write"] = write_and_hang
    ACTS[name](_client(name))


def _hang_afterwards(name: str) -> None:
    """Hang with everything committed, before whoever asked is answered."""
    ACTS[name](_client(name))
    _hang()


def _hang() -> None:
    (Path(os.environ["TEST_FOLDER"]) / "begun").touch()
    time.sleep(LONG)


def _report(name: str, step: str) -> None:
    """Say when a client's visits are, and which letters to them wait to be sent, each with its job."""
    whole()
    client = _client(name)
    visits = Appointment.objects.filter(client=client, state__in=TAKES_TIME)
    letters = list(Message.objects.filter(to=client.email, state="waiting"))
    jobs = Job.objects.filter(key__in=[f"outbox.{each.pk}" for each in letters], state="waiting").count()
    assert jobs == len(letters)
    times = [f"{each.starts.astimezone(ZONE):%d %H:%M}" for each in visits]
    told = {"step": [name, step], "visits": times, "letters": sorted(each.kind for each in letters)}
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()
