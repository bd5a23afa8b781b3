"""What the environment may say, read in one place; everything has a default that works on one's own machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dj_database_url

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
"""A transaction takes the write lock when it begins: two of them never deadlock, the second waits (up to seconds)."""

ENGINES = {"sqlite": "django.db.backends.sqlite3", "postgresql": "django.db.backends.postgresql"}
NO_DATABASE: Mapping[str, Any] = {"ENGINE": "django.db.backends.dummy"}


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings as they were given."""

    demo: bool
    """A clinic to try out on one's own machine: plain HTTP, printed sign-in links."""
    secret_key: str
    hosts: tuple[str, ...]
    origin: str
    """Where the clinic is reached, such as https://clinic.example; links in mails begin with it."""
    folder: Path
    """What the server itself writes: the database where it is SQLite, collected static files, uploads."""
    database: Mapping[str, Any]
    database_fault: str
    """Why DATABASE_URL can't be used; empty where it can."""
    mail: str
    """smtp://user:password@host:port, smtps://..., or empty: mails wait in the outbox and are printed in a demo."""
    mail_from: str
    text_command: str
    """A program that sends text messages: it gets the number as argument and the text on standard input."""
    address: str
    """Where the server listens; 127.0.0.1 is this machine alone, with what ends TLS in front of it."""
    port: str
    proxies: str
    """How many proxies stand in front, each of which adds an address to ``X-Forwarded-For``; a demo has none."""
    processes: str
    """How many of the server's processes answer, each with ``threads``."""
    threads: str

    @property
    def trusted_proxies(self) -> int:
        """``proxies`` as a number; what is none counts as one, which a system check refuses."""
        return int(self.proxies) if self.proxies.isascii() and self.proxies.isdigit() else 1


def read(given: Mapping[str, str] = os.environ) -> Environment:
    """Read the environment; nothing is checked here, the system checks do that."""
    folder = Path(given.get("PELLUCID_FOLDER", "var")).absolute()
    demo = given.get("PELLUCID_DEMO", "") == "1"
    port = given.get("PELLUCID_PORT", "8000")
    origin = given.get("PELLUCID_ORIGIN", f"http://localhost:{port}" if demo else "")
    hosts = given.get("PELLUCID_HOSTS", "localhost,127.0.0.1,[::1]" if demo else "")
    database, fault = _database(given.get("DATABASE_URL", ""), folder)
    return Environment(
        demo=demo,
        secret_key=given.get("PELLUCID_SECRET_KEY", ""),
        hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        origin=origin.rstrip("/"),
        folder=folder,
        database=database,
        database_fault=fault,
        mail=given.get("PELLUCID_MAIL", ""),
        mail_from=given.get("PELLUCID_MAIL_FROM", "Pellucid <clinic@localhost>" if demo else ""),
        text_command=given.get("PELLUCID_TEXT_COMMAND", ""),
        address=given.get("PELLUCID_ADDRESS", "127.0.0.1"),
        port=port,
        proxies=given.get("PELLUCID_PROXIES", "0" if demo else "1"),
        processes=given.get("PELLUCID_PROCESSES", "2"),
        threads=given.get("PELLUCID_THREADS", "2"),
    )


def _database(url: str, folder: Path) -> tuple[Mapping[str, Any], str]:
    """Django's settings of a database, and what is wrong with its address; a wrong one gives no database at all."""
    url = url or f"sqlite:///{folder / 'pellucid.sqlite3'}"
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError:
        return NO_DATABASE, "it can't be read"
    if found["ENGINE"] == ENGINES["sqlite"]:
        found["OPTIONS"] = {**found.get("OPTIONS", {}), **SQLITE}
    elif found["ENGINE"] != ENGINES["postgresql"]:
        return NO_DATABASE, "it is neither SQLite nor PostgreSQL"
    return found, ""
