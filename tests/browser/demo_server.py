"""A demo clinic of its own for each test process: prepared and served as ``make serve`` does, but without the jobs.

Nothing takes messages away, so that a test finds the code that was sent where the server put it.
"""

import hmac
import os
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b32decode
from contextlib import closing
from json import loads
from pathlib import Path
from typing import Any

import pytest
from django.core.signing import Signer

from pellucid.web.sites.clock import now

PREPARE = """
import django
django.setup()
from pellucid.web.project.serving import prepare
prepare(print)
"""
PATIENCE = 60.0
"""Seconds for the server to answer first, on a machine that is busy with other tests."""
STEP = 30
"""Seconds for which a code of an authenticator app holds."""


class DemoServer:
    """The server, and what a test has to know that its pages don't say."""

    def __init__(self) -> None:
        """Prepare the clinic in a folder of its own and start."""
        self.folder = Path(tempfile.mkdtemp(prefix="pellucid-browser-"))
        port = _free_port()
        self.origin = f"http://localhost:{port}"
        given = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID_")}
        given.pop("DATABASE_URL", None)
        self._environment = given | {
            "DJANGO_SETTINGS_MODULE": "pellucid.web.project.settings",
            "PELLUCID_DEMO": "1",
            "PELLUCID_FOLDER": str(self.folder),
            "PELLUCID_PORT": str(port),
            "PELLUCID_PROCESSES": "1",
        }
        self.said = self.folder / "server.log"
        self._used: set[int] = set()
        subprocess.run([sys.executable, "-c", PREPARE], env=self._environment, check=True, stdout=subprocess.DEVNULL)
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "pellucid.web.project.server"]
        with self.said.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                said = self.said.read_text()
                self.stop()
                pytest.fail(f"the server does not answer: {said}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/robots.txt", timeout=PATIENCE):  # noqa: S310 - our own server
                return True
        except OSError:
            return False

    def stop(self) -> None:
        """End it, and leave nothing behind."""
        self._process.terminate()
        self._process.wait(PATIENCE)
        shutil.rmtree(self.folder)

    def ask(self, sql: str, *given: str) -> list[tuple[Any, ...]]:
        """Rows of the server's database."""
        with closing(sqlite3.connect(self.folder / "pellucid.sqlite3", timeout=20)) as database:
            return database.execute(sql, given).fetchall()

    def newest_body(self, to: str, kind: str) -> str:
        """The words of the newest message of a kind to an address."""
        found = self.ask(
            'SELECT body FROM outbox_message WHERE "to" = ? AND kind = ? ORDER BY created_at DESC LIMIT 1', to, kind
        )
        assert found, f"no {kind} for {to}"
        return str(found[0][0])

    def code(self, to: str) -> str:
        """The newest code that was sent to an address."""
        found = re.search(r"\b\d{6}\b", self.newest_body(to, "code"))
        assert found is not None
        return found.group()

    def link(self, name: str) -> str:
        """Where one is signed in as somebody of the demo, as its console prints it."""
        found = self.ask("SELECT id FROM accounts_user WHERE name = ?", f"{name} Example")
        return f"{self.origin}/account/demo/{Signer(salt='demo').sign(_dashed(found[0][0]))}/"

    def app_code(self, email: str) -> str:
        """What somebody's authenticator app shows now, or a moment later: no code is taken twice (RFC 6238)."""
        found = self.ask(
            "SELECT data FROM mfa_authenticator a JOIN accounts_user u ON u.id = a.user_id"
            " WHERE u.email = ? AND a.type = 'totp'",
            email,
        )
        while (step := int(now().timestamp()) // STEP) in self._used:
            time.sleep(1)
        self._used.add(step)
        digest = hmac.digest(b32decode(loads(found[0][0])["secret"]), struct.pack(">Q", step), "sha1")
        start = digest[-1] & 0xF
        number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
        return f"{number % 10**6:06d}"

    def consultation(self, name: str) -> str:
        """The number of the consultation that a client of the demo has given in."""
        return self._number(
            "SELECT n.id FROM records_consultation n JOIN records_client c ON c.id = n.client_id"
            " WHERE c.name = ? AND n.state <> 'replaced'",
            name,
        )

    def member(self, name: str) -> str:
        """The number of one of the staff."""
        found = self.ask(
            "SELECT m.id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id WHERE u.name = ?",
            f"{name} Example",
        )
        return str(found[0][0])

    def client(self, name: str) -> str:
        """The number of a client of the demo."""
        return self._number("SELECT id FROM records_client WHERE name = ?", name)

    def visit(self, state: str, name: str = "") -> str:
        """The number of the latest visit in a state at Riverside, of a client of the demo or of whoever has one."""
        return self._number(
            "SELECT a.id FROM records_appointment a JOIN records_client c ON c.id = a.client_id"
            " JOIN sites_location l ON l.id = a.location_id"
            " WHERE c.name LIKE ? AND a.state = ? AND l.slug = 'riverside' ORDER BY a.starts DESC LIMIT 1",
            name or "%",
            state,
        )

    def day_of_a_visit(self) -> str:
        """The first day after tomorrow with a visit at Riverside, as addresses have it."""
        found = self.ask(
            "SELECT min(date(a.starts)) FROM records_appointment a JOIN sites_location l ON l.id = a.location_id"
            " WHERE l.slug = 'riverside' AND a.state IN ('booked', 'tentative') AND a.starts > date('now', '+1 day')"
        )
        return str(found[0][0])

    def let_run_out(self, visit: str) -> None:
        """A time that is kept was kept until a moment ago."""
        with closing(sqlite3.connect(self.folder / "pellucid.sqlite3", timeout=20)) as database, database:
            changed = database.execute(
                "UPDATE records_appointment SET held_until = datetime('now', '-1 second') WHERE id = ?",
                (visit.replace("-", ""),),
            )
            assert changed.rowcount == 1, visit

    def work(self) -> None:
        """Do the jobs that wait, once; messages leave with them."""
        command = [sys.executable, "-m", "django", "work", "--once"]
        subprocess.run(command, env=self._environment, check=True, stdout=subprocess.DEVNULL)

    def waiting(self, name: str) -> str:
        """The number of what a client of the demo waits for."""
        return self._number(
            "SELECT w.id FROM records_waitlistentry w JOIN records_client c ON c.id = w.client_id WHERE c.name LIKE ?",
            name,
        )

    def _number(self, sql: str, name: str, *more: str) -> str:
        return _dashed(self.ask(sql, f"{name} Example", *more)[0][0])


def _dashed(number: str) -> str:
    """A number as addresses have it; SQLite keeps it without dashes."""
    return "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
