"""How long the clinic's open times take, out of the tables and worked out: one line of JSON a figure.

- ``month``: the next thirty days for one treatment, for clinics of 1 to 88 people with 600 to 60,000 visits in the
  tables: the number of queries, and the middle and the 95th percentile of the time for the calendar alone
  (``calendar_for``), with every start of the month (``open_starts``), and for all visits of one week (``visits_for``).
  As many visits as have room fill the days ahead, up to two gaps a day; the others lie behind.
- ``days``: the same for one day and for ninety, of the largest clinic: as many queries.
- ``fit``: whether one client's visits fit on ninety days, read and worked out.

On SQLite, and on PostgreSQL where one answers (``--postgres``); each in a process and a database of its own. What is
worked out without a database comes first, from ``booking_pure.py``.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - after the path
import psycopg  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pellucid.booking.calendar import Calendar
    from pellucid.booking.openings import Starts
    from pellucid.model.slot import Visit
    from pellucid.web.records.models import Appointment

PURE = Path(__file__).parent / "booking_pure.py"
POSTGRES = "postgresql://postgres@127.0.0.1:5432"
NAME = "pellucid_benchmark_booking"
PEOPLE = (1, 5, 20, 50, 88)
VISITS = (600, 6_000, 60_000)
RUNS = 20
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
MONTH = timedelta(days=30)
WEEK = timedelta(days=6)
TREATMENT = "pore_cleanup_facial"
DAILY = (0, 75, 150, 300, 375)
"""When visits of an hour begin, in minutes after nine: two gaps of a day are left in which another one has room."""
CLIENTS = 200
AT_ONCE = 5_000
SUNDAY = 6


def main() -> None:
    """Measure on every database there is."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--postgres", default=POSTGRES, help="server on which a database is made and dropped")
    asked.add_argument("--measure", action="store_true", help="measure on DATABASE_URL in this process")
    told = asked.parse_args()
    if told.measure:
        measure()
        return
    subprocess.run([sys.executable, PURE], check=True)
    with tempfile.TemporaryDirectory() as folder:
        _apart({"PELLUCID_FOLDER": folder, "DATABASE_URL": ""})
        try:
            server = psycopg.connect(f"{told.postgres}/postgres", autocommit=True, connect_timeout=2)
        except psycopg.OperationalError:
            print(json.dumps({"benchmark": "booking", "database": "postgresql", "skipped": "no server answers"}))
            return
        with server:
            server.execute(f"DROP DATABASE IF EXISTS {NAME}")
            server.execute(f"CREATE DATABASE {NAME}")
            try:
                _apart({"PELLUCID_FOLDER": folder, "DATABASE_URL": f"{told.postgres}/{NAME}"})
            finally:
                server.execute(f"DROP DATABASE {NAME}")


def _apart(database: dict[str, str]) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "pellucid.web.project.settings", "PELLUCID_DEMO": "1"}
    environment = {**os.environ, **settings, **database}
    subprocess.run([sys.executable, __file__, "--measure"], check=True, env=environment)


def measure() -> None:
    """Measure on the database of this process."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django has to be set up

    call_command("migrate", verbosity=0)
    clinic = Filled()
    for visits, people in product(VISITS, PEOPLE):
        clinic.fill(people, visits)
        tell("month", people=people, visits=visits, **_month())
    for days in (1, 90):
        tell("days", people=PEOPLE[-1], visits=VISITS[-1], days=days, **_month(days=days))
    tell("fit", days=90, **_fit(clinic))


def tell(figure: str, **said: Any) -> None:
    """One line."""
    from django.db import connection  # noqa: PLC0415 - Django has to be set up

    line = {"benchmark": "booking", "figure": figure, "database": connection.vendor, **said}
    print(json.dumps(line), flush=True)


def _month(days: int = MONTH.days) -> dict[str, Any]:
    from pellucid.booking.availability import open_starts  # noqa: PLC0415 - as above
    from pellucid.web.records.queries.calendar import calendar_for, visits_for  # noqa: PLC0415 - as above

    since, until = TODAY + timedelta(days=1), TODAY + timedelta(days=days)

    def read() -> "Calendar":
        return calendar_for(since=since, until=until, now=NOW)

    def starts() -> "Mapping[str, Starts]":
        return open_starts(read(), treatments=[TREATMENT], since=since, until=until, now=NOW)

    def visits() -> "tuple[Visit, ...]":
        return visits_for(treatments=[TREATMENT], since=since, until=min(until, since + WEEK), now=NOW)

    return {
        "queries": _queries(visits),
        "starts": sum(map(len, starts().values())),
        **_timed("calendar", read),
        **_timed("starts", starts),
        **_timed("week", visits),
    }


def _fit(clinic: "Filled") -> dict[str, Any]:
    from pellucid.model.levels import Level  # noqa: PLC0415 - as above
    from pellucid.web.records.queries.fitting import Fitting  # noqa: PLC0415 - as above

    client = clinic.screened()

    def asked() -> None:
        fitting = Fitting(client, now=NOW)
        for ahead in range(90):
            fitting.of([TREATMENT], on=TODAY + timedelta(days=ahead), performer=Level.L1)

    return {"queries": _queries(asked), **_timed("fit", asked)}


def _queries(ask: Callable[[], object]) -> int:
    from django.db import connection  # noqa: PLC0415 - as above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - as above

    with CaptureQueriesContext(connection) as caught:
        ask()
    return len(caught)


def _timed(what: str, ask: Callable[[], object]) -> dict[str, float]:
    """Milliseconds: the middle and the 95th percentile of some runs, and the middle of what the processor was at it."""
    found, busy = [], []
    for _ in range(RUNS):
        began, at_work = time.perf_counter(), time.process_time()
        ask()
        found.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - at_work))
    return {
        f"{what}_p50_ms": round(statistics.median(found), 1),
        f"{what}_p95_ms": round(statistics.quantiles(found, n=20)[-1], 1),
        f"{what}_cpu_ms": round(statistics.median(busy), 1),
    }


class Filled:
    """A clinic with one location, as many rooms as people, and visits of an hour."""

    def __init__(self) -> None:
        """Open it."""
        from pellucid.web.records.models import Client  # noqa: PLC0415 - as above
        from pellucid.web.sites.models import Clinic, Location, Service  # noqa: PLC0415 - as above

        clinic = Clinic.objects.create(name="Example Clinic", region="tw", currency="TWD")
        self.place = Location.objects.create(clinic=clinic, slug="north", name="North", zone="Asia/Taipei")
        service = Service.objects.create(treatment=TREATMENT, minutes=60, price="65.00", buffer_after=10)
        service.locations.set([self.place])
        made = (
            Client(name=f"Client {each} Example", location=self.place, registered_at=NOW) for each in range(CLIENTS)
        )
        self.clients = Client.objects.bulk_create(made)
        self.people: list[int] = []
        self.rooms: list[int] = []
        for number in range(PEOPLE[-1]):
            self._hire(number)
        self.ahead: list[UUID] = []
        self.behind: list[UUID] = []

    def _hire(self, number: int) -> None:
        """Have somebody work from Monday to Saturday, and a room for them."""
        from pellucid.model.levels import Level  # noqa: PLC0415 - as above
        from pellucid.web.accounts.models import Membership, Role, User  # noqa: PLC0415 - as above
        from pellucid.web.records.models import Schedule  # noqa: PLC0415 - as above
        from pellucid.web.sites.models import Room  # noqa: PLC0415 - as above

        hours = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
        user = User.objects.create_user(email=f"p{number}@example.com", name=f"Person {number} Example")
        member = Membership.objects.create(user=user, role=Role.PRACTITIONER, level=Level.L1, location=self.place)
        Schedule.objects.create(membership=member, location=self.place, hours=hours, breaks={"mon": ["13:00-14:00"]})
        room = Room.objects.create(location=self.place, name=f"Room {number}", kind="treatment", position=number)
        self.people.append(member.pk)
        self.rooms.append(room.pk)

    def fill(self, people: int, visits: int) -> None:
        """Have so many people at work and so many visits in the tables: ahead where there is room, or behind."""
        from pellucid.web.accounts.models import Membership  # noqa: PLC0415 - as above
        from pellucid.web.sites.models import Room  # noqa: PLC0415 - as above

        for model, numbers in ((Membership, self.people), (Room, self.rooms)):
            model.objects.update(active=False)
            model.objects.filter(pk__in=numbers[:people]).update(active=True)
        self._forget(self.ahead)
        days = range(1, MONTH.days + 1)
        self.ahead = self._book(islice(self._slots(days, people), visits))
        wanted = visits - len(self.ahead)
        self._forget(self.behind[wanted:])
        del self.behind[wanted:]
        slots = self._slots(range(-1, -9_999, -1), PEOPLE[-1])
        self.behind += self._book(islice(slots, len(self.behind), wanted))

    def _slots(self, days: Iterable[int], people: int) -> Iterator[tuple[int, datetime]]:
        """Who has a visit when, on some days from today."""
        for ahead in days:
            day = datetime(TODAY.year, TODAY.month, TODAY.day, 1, tzinfo=UTC) + timedelta(days=ahead)
            for number in range(people) if day.weekday() != SUNDAY else ():
                yield from ((number, day + timedelta(minutes=after)) for after in DAILY)

    def _forget(self, visits: list[UUID]) -> None:
        from pellucid.web.records.models import Appointment, Part, Reservation  # noqa: PLC0415 - as above

        for number in range(0, len(visits), AT_ONCE):
            some = visits[number : number + AT_ONCE]
            Reservation.objects.filter(appointment__in=some).delete()
            Part.objects.filter(appointment__in=some).delete()
            Appointment.objects.filter(pk__in=some).delete()

    def _book(self, slots: Iterable[tuple[int, datetime]]) -> list[UUID]:
        """Book visits with one of the people each; which they are."""
        left = iter(slots)
        booked: list[UUID] = []
        while some := list(islice(left, AT_ONCE)):
            booked += self._write(some)
        return booked

    def _write(self, slots: list[tuple[int, datetime]]) -> list[UUID]:
        from pellucid.booking.minutes import minute_of  # noqa: PLC0415 - as above
        from pellucid.web.records.models import Appointment, Part, Reservation  # noqa: PLC0415 - as above

        made = Appointment.objects.bulk_create(self._visit(number, starts) for number, starts in slots)
        both = list(zip(made, slots, strict=True))
        Part.objects.bulk_create(
            Part(
                appointment=each,
                position=0,
                treatment=TREATMENT,
                starts=each.starts,
                ends=each.ends,
                buffer_after=10,
                room_id=self.rooms[number],
            )
            for each, (number, _) in both
        )
        Reservation.objects.bulk_create(
            Reservation(appointment=each, resource=name, since=minute_of(starts), until=minute_of(starts) + 70)
            for each, (number, starts) in both
            for name in (f"practitioner.{self.people[number]}", f"room.{self.rooms[number]}", f"client.{each.pk}")
        )
        return [each.pk for each in made]

    def _visit(self, number: int, starts: datetime) -> "Appointment":
        from pellucid.web.records.models import Appointment  # noqa: PLC0415 - as above

        return Appointment(
            client=self.clients[number % CLIENTS],
            location=self.place,
            practitioner_id=self.people[number],
            state="booked" if starts > NOW else "done",
            starts=starts,
            ends=starts + timedelta(hours=1),
            made_at=NOW,
            made_by="system",
            changed_at=NOW,
        )

    def screened(self) -> Any:
        """A client who has answered everything, and has six visits to come."""
        from tests.web.staff_pages import intake, paths  # noqa: PLC0415 - as above

        from pellucid.web.records.models import Client, Consultation  # noqa: PLC0415 - as above

        answers = intake("nothing_wrong")
        Consultation.objects.create(
            client=self.clients[0],
            state="submitted",
            answers=answers,
            answered_on=paths(answers, TODAY),
            begun_at=NOW,
            changed_at=NOW,
            submitted_at=NOW,
        )
        self._book([(0, NOW + timedelta(weeks=4 * number, hours=9)) for number in range(1, 7)])
        return Client.objects.select_related("location").get(pk=self.clients[0].pk)


if __name__ == "__main__":
    main()
