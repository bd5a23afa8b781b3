"""SQLite as it is set up, both databases migrated and used, and an audit trail that only grows."""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from psycopg import sql
from tests.web.apart import Apart, apart, migrated

from pellucid.web.audit.models import Event
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.sites import clock

__all__ = ["apart", "migrated"]

SERVER = "postgres://postgres@127.0.0.1:5432"

BOTH_COUNT = """
import sys, threading
from django.db import connection, transaction
from pellucid.web.jobs.models import Beat
from pellucid.web.sites import clock
Beat.objects.create(name="count", last_at=clock.now())
def up():
    for _ in range(25):
        with transaction.atomic():
            beat = Beat.objects.select_for_update().get(name="count")
            beat.number += 1
            beat.save()
    connection.close()
threads = [threading.Thread(target=up) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
with connection.cursor() as cursor:
    cursor.execute("PRAGMA journal_mode" if connection.vendor == "sqlite" else "SELECT 'postgresql'")
    print(Beat.objects.get(name="count").number, cursor.fetchone()[0])
"""
USE = """
from django.db import DatabaseError, connection, transaction
from pellucid.web.audit.models import Event
from pellucid.web.jobs.worker import do_waiting
from pellucid.web.outbox.models import Message
from pellucid.web.outbox.send import put
from pellucid.web.project.demo.build import build, is_built
from pellucid.web.records.models import Consultation
from pellucid.web.sites import clock
build(clock.now())
build(clock.now())
assert is_built()
states = sorted(set(Consultation.objects.values_list("state", flat=True)))
put(kind="code", to="ana@example.org", body="123456", now=clock.now())
do_waiting()
refused = 0
for change in (lambda: Event.objects.all().delete(), lambda: Event.objects.update(reason="other")):
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        refused += 1
print(connection.vendor, states, sorted(set(Message.objects.values_list("state", flat=True))), refused)
"""
SECOND_WAITS = """
import threading
from django.db import connection, transaction
from pellucid.web.audit.models import Event
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.sites import clock
seen = []
def second():
    with transaction.atomic():
        seen.append(Event.objects.count())
    connection.close()
thread = threading.Thread(target=second)
with transaction.atomic():
    thread.start()
    thread.join(0.5)
    before = list(seen)
    record(actor=SYSTEM, action="test.done", subject="test", now=clock.now())
thread.join(20)
print(before, seen)
"""
USED = "['draft', 'signed', 'submitted'] ['sent', 'set_aside'] 2"


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Apart]:
    """A database on a PostgreSQL server, gone afterwards."""
    name = f"pellucid_test_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no PostgreSQL server answers on 127.0.0.1:5432")
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            found = Apart(tmp_path)
            found.environment["DATABASE_URL"] = f"{SERVER}/{name}"
            yield found
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_on_postgresql_all_migrates_and_works(postgres: Apart) -> None:
    ended = postgres.django("migrate", "--verbosity=0")
    assert ended.returncode == 0, ended.stderr
    assert postgres.run(USE).splitlines()[-1] == f"postgresql {USED}"
    assert postgres.run(BOTH_COUNT).strip() == "100 postgresql"
    checked = postgres.django("check", "--database", "default")
    assert checked.returncode == 0, checked.stderr


def test_on_sqlite_all_works(apart: Apart) -> None:
    assert apart.run(USE).splitlines()[-1] == f"sqlite {USED}"


def test_on_sqlite_four_writers_wait_for_each_other_and_lose_nothing(apart: Apart) -> None:
    assert apart.run(BOTH_COUNT).strip() == "100 wal"


def test_on_sqlite_one_reads_while_another_writes(apart: Apart) -> None:
    file = apart.folder / "pellucid.sqlite3"
    writer = sqlite3.connect(file, isolation_level=None)
    reader = sqlite3.connect(file, timeout=0)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO jobs_beat (name, last_at, number) VALUES ('x', '2026-11-20', 0)")
    assert reader.execute("SELECT count(*) FROM jobs_beat").fetchone() == (0,)
    writer.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM jobs_beat").fetchone() == (1,)
    writer.close()
    reader.close()


def test_on_sqlite_a_transaction_takes_the_write_lock_as_it_begins(apart: Apart) -> None:
    assert apart.run(SECOND_WAITS).strip() == "[] [1]"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
class TestTrail:
    @pytest.fixture
    def event(self) -> Event:
        return record(actor=SYSTEM, action="test.done", subject="test", now=clock.now())

    def test_an_event_is_not_changed(self, event: Event) -> None:
        with pytest.raises(TypeError):
            event.save()
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Event.objects.update(reason="other")

    def test_an_event_is_not_deleted(self, event: Event) -> None:
        with pytest.raises(TypeError):
            event.delete()
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            Event.objects.all().delete()
        assert Event.objects.count() == 1


class TestBackup:
    def test_a_copy_holds_everything_and_can_be_read_by_its_owner_alone(self, apart: Apart) -> None:
        to = apart.folder / "copy.sqlite3"
        apart.run("from pellucid.web.sites.models import Clinic; Clinic.objects.create(name='Example')")
        assert apart.django("backup", str(to)).returncode == 0
        copy = sqlite3.connect(to)
        assert copy.execute("SELECT name FROM sites_clinic").fetchall() == [("Example",)]
        copy.close()
        assert to.stat().st_mode & 0o777 == 0o600

    def test_it_never_overwrites(self, apart: Apart) -> None:
        to = apart.folder / "copy.sqlite3"
        to.write_text("mine")
        ended = apart.django("backup", str(to))
        assert ended.returncode == 1
        assert re.search("is there already; choose another name", ended.stderr)
        assert to.read_text() == "mine"

    def test_where_it_fails_no_half_copy_stays(self, apart: Apart) -> None:
        ended = apart.django("backup", str(apart.folder / "nowhere" / "copy.sqlite3"))
        assert ended.returncode == 1
        assert not list(apart.folder.rglob("*.part"))
