"""How the server does under load: browsing, looking for free times and booking, one line of JSON a figure.

- ``open``: 40 requests a second for 20 seconds, sent when they are due whether or not earlier ones were answered, at
  random moments as independent people come; how long each took from the moment when it was due.
- ``closed``: as many as 50 people get through in 10 seconds, each asking again as soon as they have an answer.
- ``memory``: what the processes of the server hold after that.

The server runs as ``manage.py serve`` starts it, background jobs and all, with a demo clinic in a folder of its own, on
SQLite and, where one answers (``--postgres``), on PostgreSQL. Who asks runs on the same machine, on the same cores.
"""

import argparse
import http.client
import json
import os
import queue
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402 - after the path

SEED = 20
RATE, SECONDS = 40, 20.0
PEOPLE, PEAK_SECONDS = 50, 10.0
WARM_UP = 60
"""Requests before anything is measured."""
PATIENCE = 120.0
MIX = (("browse", 22), ("availability", 10), ("book", 2))
"""A booking is four requests: keep a time, see it, confirm, see it; so 34 of these a second are 40 requests."""
BROWSED = (
    "/",
    "/treatments/",
    "/treatments/aha-peel/",
    "/learn/",
    "/learn/pores/",
    "/questions/",
    "/search/?q=steam",
    "/offers/",
    "/team/",
    "/contact/",
)
SERVICES = ("consultation", "soothing_mask", "hyaluronic_infusion")
AIMS = {"p99_ms": 150, "errors": 0, "rss_mb": 400}
POSTGRES = "postgresql://postgres@127.0.0.1:5432"
NAME = "pellucid_benchmark_web"
FREE = re.compile(r'name="start" value="([^"]+)"')
TOKEN = re.compile(r"csrftoken=(\w+)")
VERSION = re.compile(r'name="version" value="(\d+)"')
OK, FOUND = 200, 302

PEOPLE_OF_THE_CLINIC = """
import django
django.setup()
from benchmarks.web import join
join()
"""


def main() -> None:
    """Measure on every database there is."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--postgres", default=POSTGRES, help="server on which a database is made and dropped")
    told = asked.parse_args()
    measure("sqlite", "")
    try:
        server = psycopg.connect(f"{told.postgres}/postgres", autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        print(json.dumps({"benchmark": "web", "database": "postgresql", "skipped": "no server answers"}))
        return
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME}")
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            measure("postgresql", f"{told.postgres}/{NAME}")
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def measure(name: str, database: str) -> None:
    """Start a server on a database, load it, and end it."""
    with tempfile.TemporaryDirectory() as folder, serving(folder, database) as (process, port):
        clinic = Clinic(port, folder)
        for number in range(WARM_UP):
            clinic.do(("browse", "availability")[number % 2], Tally())
        told = {"database": name}
        tell("open", **told, rate=RATE, seconds=SECONDS, **open_loop(clinic))
        tell("closed", **told, people=PEOPLE, seconds=PEAK_SECONDS, **closed_loop(clinic))
        tell("memory", **told, aim=AIMS["rss_mb"], **memory(process.pid))


def tell(figure: str, **said: Any) -> None:
    """One line."""
    print(json.dumps({"benchmark": "web", "figure": figure, **said}), flush=True)


@contextmanager
def serving(folder: str, database: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of a demo clinic with people who can book; it and all that it started ends with it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID_")}
    told = {"PELLUCID_DEMO": "1", "PELLUCID_FOLDER": folder, "PELLUCID_PORT": str(port), "DATABASE_URL": database}
    environment = {**given, **told, "DJANGO_SETTINGS_MODULE": "pellucid.web.project.settings"}
    with (Path(folder) / "server.log").open("wb") as log:
        command = [sys.executable, "manage.py", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(process, port)
            subprocess.run([sys.executable, "-c", PEOPLE_OF_THE_CLINIC], cwd=ROOT, env=environment, check=True)
            yield process, port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
            connection.request("GET", "/robots.txt")
            if connection.getresponse().status == OK:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def join() -> None:
    """People who have been screened, and where each is signed in: run by a process in which Django is set up."""
    from django.conf import settings  # noqa: PLC0415 - Django has to be set up
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 - as above
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - as above
    from tests.web.staff_pages import given_in  # noqa: PLC0415 - as above

    from pellucid.web.accounts.models import User  # noqa: PLC0415 - as above
    from pellucid.web.records.models import Client  # noqa: PLC0415 - as above
    from pellucid.web.sites import clock  # noqa: PLC0415 - as above
    from pellucid.web.sites.models import Location  # noqa: PLC0415 - as above

    place, now, sessions = Location.objects.get(slug="riverside"), clock.now(), []
    for number in range(PEOPLE):
        told = {"name": f"Load {number} Example", "email": f"load-{number}@example.org"}
        user = User.objects.create_user(**told)
        Client.objects.create(user=user, **told, location=place, registered_at=now)
        given_in(user, "nothing_wrong", now=now)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        sessions.append(session.session_key)
    (Path(os.environ["PELLUCID_FOLDER"]) / "sessions.json").write_text(json.dumps(sessions))


class Tally:
    """What became of requests, by kind."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.took: dict[str, list[float]] = {}
        self.errors: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, kind: str, seconds: float, wrong: str) -> None:
        """One request, with what was wrong about its answer."""
        with self._lock:
            self.took.setdefault(kind, []).append(seconds)
            if wrong:
                self.errors[wrong] += 1

    def said(self) -> dict[str, Any]:
        """The figures: all together, then by kind."""
        every = [each for took in self.took.values() for each in took]
        kinds = {kind: {"requests": len(took), **_shares(took)} for kind, took in sorted(self.took.items())}
        errors = {"errors": sum(self.errors.values()), "wrong": dict(self.errors)}
        return {"requests": len(every), **_shares(every), **errors, **kinds}


def _shares(took: list[float]) -> dict[str, float]:
    parts = statistics.quantiles(took, n=100) if len(took) > 1 else took * 99
    return {f"p{share}_ms": round(1e3 * parts[share - 1], 1) for share in (50, 95, 99)}


@dataclass
class Person:
    """Somebody's browser: a cookie of theirs, and one connection at a time."""

    session: str
    token: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Clinic:
    """What is asked of the server, and by whom."""

    def __init__(self, port: int, folder: str) -> None:
        """Know everybody's session, and every time that can be booked."""
        self._port = port
        self._local = threading.local()
        self._random = random.Random(SEED)  # noqa: S311 - nothing secret
        sessions = json.loads((Path(folder) / "sessions.json").read_text())
        self._people: queue.Queue[Person] = queue.Queue()
        self._booking: queue.Queue[Person] = queue.Queue()
        for number, session in enumerate(sessions):
            (self._booking if number % 2 else self._people).put(Person(session))
        self._times: queue.Queue[str] = queue.Queue()
        self._find_times()
        for _ in range(self._booking.qsize()):
            with self._person(self._booking) as person:
                self._ask("GET", "/me/calendar/", person)

    def _find_times(self) -> None:
        """Times so far apart that nobody is in another's way."""
        with self._person(self._booking) as person:
            for number in range(2, 88):
                said = self._ask("GET", _times_of("consultation", number), person)[2]
                for start in sorted(set(FREE.findall(said)))[::3]:
                    self._times.put(start)

    def draw(self) -> str:
        """The kind of the next thing that somebody does."""
        return self._random.choices([kind for kind, _ in MIX], [share for _, share in MIX])[0]

    def do(self, kind: str, tally: Tally, due: float | None = None) -> None:
        """One thing that somebody does; ``due`` is when it should have begun."""
        due = time.perf_counter() if due is None else due
        if kind == "browse":
            self._timed(tally, kind, due, "GET", self._random.choice(BROWSED))
        elif kind == "availability":
            with self._person(self._people) as person:
                service, day = self._random.choice(SERVICES), self._random.randrange(1, 60)
                self._timed(tally, kind, due, "GET", _times_of(service, day), person)
        else:
            with self._person(self._booking) as person:
                self._book(tally, due, person)

    @contextmanager
    def _person(self, people: "queue.Queue[Person]") -> Iterator[Person]:
        """Whoever hasn't been busy for longest; a person does one thing at a time."""
        person = people.get()
        try:
            yield person
        finally:
            people.put(person)

    def _book(self, tally: Tally, due: float, person: Person) -> None:
        """Keep a time, look at it, confirm it, look at it again."""
        form = {"service": "consultation", "at": "riverside", "start": self._times.get_nowait()}
        path = self._timed(tally, "hold", due, "POST", "/me/book/hold/", person, form, to="/me/appointments/")[1]
        if not path.startswith("/me/appointments/"):
            return
        said = self._timed(tally, "see", time.perf_counter(), "GET", path, person)[2]
        version = {"version": (VERSION.findall(said) or [""])[0]}
        self._timed(tally, "confirm", time.perf_counter(), "POST", f"{path}confirm/", person, version, to=path)
        booked = self._timed(tally, "see", time.perf_counter(), "GET", path, person)[2]
        if "visit.ics" not in booked:
            tally.errors["not booked"] += 1

    def _timed(
        self,
        tally: Tally,
        kind: str,
        due: float,
        method: str,
        path: str,
        person: Person | None = None,
        form: dict[str, str] | None = None,
        *,
        to: str = "",
    ) -> tuple[int, str, str]:
        """A request that counts, from when it was due."""
        try:
            status, where, said = self._ask(method, path, person, form)
            wrong = "" if status == (FOUND if to else OK) and where.startswith(to) else f"{status} {kind} {where}"
        except (OSError, http.client.HTTPException) as fault:
            status, where, said, wrong = 0, "", "", type(fault).__name__
            self._local.connection = None
        tally.add(kind, time.perf_counter() - due, wrong)
        return status, where, said

    def _ask(
        self, method: str, path: str, person: Person | None = None, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("localhost", self._port, timeout=PATIENCE)
            self._local.connection = connection
        cookies = {"sessionid": person.session, "csrftoken": person.token} if person else {}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value)}
        body = None
        if form is not None and person:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**form, "csrfmiddlewaretoken": person.token})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        if person and not person.token:
            person.token = next(iter(TOKEN.findall(str(answer.headers))), "")
        return answer.status, answer.headers.get("Location", ""), said


def _times_of(service: str, days: int) -> str:
    on = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()  # noqa: TID251 - the server's clock is real too
    return f"/me/book/times/?{urlencode({'service': service, 'at': 'riverside', 'on': on})}"


def open_loop(clinic: Clinic) -> dict[str, Any]:
    """Everything when it is due."""
    tally, drawn = Tally(), random.Random(SEED)  # noqa: S311 - nothing secret
    begun = at = time.perf_counter()
    with ThreadPoolExecutor(2 * PEOPLE) as crowd:
        while (at := at + drawn.expovariate(sum(share for _, share in MIX))) < begun + SECONDS:
            time.sleep(max(0.0, at - time.perf_counter()))
            crowd.submit(clinic.do, clinic.draw(), tally, at)
    said = tally.said()
    return {"aim_p99_ms": AIMS["p99_ms"], "per_second": round(said["requests"] / SECONDS, 1), **said}


def closed_loop(clinic: Clinic) -> dict[str, Any]:
    """Everybody as fast as they can."""
    tally, until = Tally(), time.perf_counter() + PEAK_SECONDS

    def person() -> None:
        while time.perf_counter() < until:
            clinic.do(clinic.draw(), tally)

    with ThreadPoolExecutor(PEOPLE) as crowd:
        for _ in range(PEOPLE):
            crowd.submit(person)
    said = tally.said()
    return {"per_second": round(said["requests"] / PEAK_SECONDS, 1), **said}


def memory(root: int) -> dict[str, Any]:
    """Megabytes of the processes that answer, and of all with who starts them and does the jobs.

    ``pss_mb`` counts only once what several processes share.
    """
    everything = list(_below(root))
    answering = [each for each in everything if b"project.server" in Path(f"/proc/{each}/cmdline").read_bytes()]
    server = list(_below(answering[0]))
    return {
        "rss_mb": _megabytes(server, "status", "VmRSS"),
        "pss_mb": _megabytes(server, "smaps_rollup", "Pss"),
        "processes": len(server),
        "all_rss_mb": _megabytes(everything, "status", "VmRSS"),
        "all_pss_mb": _megabytes(everything, "smaps_rollup", "Pss"),
        "all_processes": len(everything),
    }


def _megabytes(pids: list[int], name: str, what: str) -> int:
    return round(sum(_kilobytes(pid, name, what) for pid in pids) / 1024)


def _below(pid: int) -> Iterator[int]:
    yield pid
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in each.read_text().split():
            yield from _below(int(child))


def _kilobytes(pid: int, name: str, what: str) -> int:
    lines = Path(f"/proc/{pid}/{name}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{what}:")), 0)


if __name__ == "__main__":
    main()
