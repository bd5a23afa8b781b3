"""A crowd that books, confirms, moves, cancels and waits at random in one week: one JSON line a database.

Several processes with threads make the attempts on four practitioners, four rooms and a few hundred invented clients;
their clocks differ by up to half an hour, so that holds run out under others' hands. Afterwards the table of what is
taken up is read past Django and scanned: no two rows of one resource may overlap, and no visit may have half of its
rows. ``broken_off`` counts transactions that the database ended for another's sake; all were tried again.

PostgreSQL is asked on 127.0.0.1:5432; where none answers, its line says so.
"""

import argparse
import json
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import psycopg
from psycopg import sql
from tests.web.apart import Apart

ATTEMPTS = 10_000
PROCESSES, THREADS = 4, 4
SERVER = "postgres://postgres@127.0.0.1:5432"
WORK = "from benchmarks.booking_crowd import work; work({seed}, {attempts}, {threads})"
PREPARE = "from tests.web.booking_scenes import World; World(1)"
TAKEN = "SELECT resource, since, until FROM records_reservation"
HALF = """
    SELECT count(*) FROM records_appointment AS visit
    LEFT JOIN (SELECT appointment_id, count(*) AS number FROM records_reservation GROUP BY 1) AS taken
    ON taken.appointment_id = visit.id
    WHERE (visit.state IN ('held', 'tentative', 'booked', 'done', 'no_show')) <> (coalesce(number, 0) = 3)
"""


def main() -> None:
    """Race on both databases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=ATTEMPTS, help="on each database")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one of them")
    told = parser.parse_args()
    for name in ("sqlite", "postgresql"):
        if told.only in {None, name}:
            print(
                json.dumps({"benchmark": "booking_races", "database": name, **_race(name, told.attempts)}), flush=True
            )


def _race(name: str, attempts: int) -> dict[str, Any]:
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        where = Apart(folder)
        if name == "postgresql":
            try:
                where.environment["DATABASE_URL"] = held.enter_context(_database())
            except psycopg.OperationalError:
                return {"skipped": "no PostgreSQL server answers on 127.0.0.1:5432"}
        migrated = where.django("migrate", "--verbosity=0")
        assert migrated.returncode == 0, migrated.stderr
        where.run(PREPARE)
        begun = time.perf_counter()
        each = attempts // PROCESSES
        crowd = [where.start(WORK.format(seed=seed, attempts=each, threads=THREADS)) for seed in range(PROCESSES)]
        said = [json.loads(process.communicate()[0].splitlines()[-1]) for process in crowd]
        seconds = time.perf_counter() - begun
        return {**_told(said, seconds), **_scanned(where)}


@contextmanager
def _database() -> Iterator[str]:
    """The address of a database of one's own on the server."""
    name = f"pellucid_races_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _told(said: Sequence[dict[str, Any]], seconds: float) -> dict[str, Any]:
    ended: Counter[str] = Counter()
    for each in said:
        ended.update(each["ended"])
    times = sorted(time for each in said for time in each["ms"])
    cuts = statistics.quantiles(times, n=100)
    return {
        "attempts": ended.total(),
        "ended": dict(ended.most_common()),
        "broken_off": sum(each["broken_off"] for each in said),
        "seconds": round(seconds, 1),
        "attempts_per_second": round(ended.total() / seconds, 1),
        "ms": {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "max": round(times[-1], 1)},
    }


def _scanned(where: Apart) -> dict[str, Any]:
    """What a plain look at the tables says, without anything of ours between."""
    if "DATABASE_URL" in where.environment:
        with psycopg.connect(where.environment["DATABASE_URL"]) as server:
            rows = sorted(server.execute(TAKEN).fetchall())
            half = server.execute(HALF).fetchone()
    else:
        file = sqlite3.connect(where.folder / "pellucid.sqlite3")
        rows = sorted(file.execute(TAKEN).fetchall())
        half = file.execute(HALF).fetchone()
        file.close()
    overlaps = sum(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(rows))
    return {"rows": len(rows), "overlaps": overlaps, "half_visits": half[0] if half else None}


if __name__ == "__main__":
    main()
