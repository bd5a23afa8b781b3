"""The settings that can be wrong, each with an id and a hint; ``manage.py check --deploy`` names them all at once."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from pellucid.web.audit.models import Event
from pellucid.web.project.environment import Environment
from pellucid.web.sites import clock
from pellucid.web.sites.models import Location

Found = Iterator[CheckMessage]
SECRET_LENGTH, SECRET_VARIETY = 50, 10
OWN_MACHINE = {"localhost", "127.0.0.1", "[::1]", "::1"}
MAIL_SCHEMES = {"smtp", "smtps"}
MOST_PROXIES = 9
ASTRAY = timedelta(minutes=1)
AHEAD = timedelta(hours=1)
"""An event so far ahead was written under another clock."""

SETTINGS_CHECKS: list[Callable[[Environment], Found]] = []
"""Those that ask nothing but the environment's settings."""


def settings_check(check: Callable[[Environment], Found]) -> Callable[[Environment], Found]:
    """Have a check run on the environment's settings."""

    def run(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
        return list(check(settings.ENVIRONMENT))

    register(run)
    SETTINGS_CHECKS.append(check)
    return check


@settings_check
def secret_key(given: Environment) -> Found:
    """A key that nobody can guess, outside a demo."""
    key = given.secret_key
    if not given.demo and not key:
        hint = 'Set PELLUCID_SECRET_KEY; make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"'
        yield Error("There is no secret key.", hint, id="pellucid.E001")
    elif not given.demo and (len(key) < SECRET_LENGTH or len(set(key)) < SECRET_VARIETY):
        hint = f"PELLUCID_SECRET_KEY needs at least {SECRET_LENGTH} characters, drawn by chance."
        yield Error("The secret key is too short or too plain.", hint, id="pellucid.E002")


@settings_check
def hosts(given: Environment) -> Found:
    """The names under which the clinic is reached."""
    if not given.hosts:
        hint = "Set PELLUCID_HOSTS to the clinic's host name, such as clinic.example."
        yield Error("No host name is set.", hint, id="pellucid.E003")
    if any(host.startswith("*") for host in given.hosts):
        yield Error(
            "PELLUCID_HOSTS takes every name.",
            "Name the hosts: with others' names in its links a mail could lead people astray.",
            id="pellucid.E004",
        )


@settings_check
def origin(given: Environment) -> Found:
    """Where links in mails lead."""
    if given.demo:
        return
    parts = urlsplit(given.origin)
    if parts.scheme != "https" or not parts.hostname:
        hint = "Set PELLUCID_ORIGIN to where the clinic is reached, such as https://clinic.example."
        yield Error("The origin is not an https address.", hint, id="pellucid.E005")
    elif given.hosts and not any(_covers(host, parts.hostname) for host in given.hosts):
        hint = f"Add {parts.hostname} to PELLUCID_HOSTS, or correct PELLUCID_ORIGIN."
        yield Error("The origin's host is not among the hosts.", hint, id="pellucid.E006")


def _covers(host: str, name: str) -> bool:
    return name == host.lower() or (host.startswith(".") and f".{name}".endswith(host.lower()))


@settings_check
def demo_is_private(given: Environment) -> Found:
    """A demo has sign-in links for everybody, so nobody else may reach it."""
    if not given.demo:
        return
    names = {*given.hosts, urlsplit(given.origin).hostname or ""}
    strange = sorted(names - OWN_MACHINE - {""})
    if strange or given.address not in OWN_MACHINE:
        yield Error(
            f"A demo can be reached from elsewhere: {', '.join(strange) or given.address}.",
            "Anybody could sign in as the owner. Leave PELLUCID_DEMO out, or take PELLUCID_HOSTS, PELLUCID_ORIGIN and "
            "PELLUCID_ADDRESS out.",
            id="pellucid.E007",
        )


@settings_check
def database(given: Environment) -> Found:
    """A database that we can use."""
    if given.database_fault:
        hint = "Write it as postgres://user:password@host:5432/name or sqlite:////folder/file, or leave it out."
        yield Error(f"DATABASE_URL can't be used: {given.database_fault}.", hint, id="pellucid.E008")


@settings_check
def folder(given: Environment) -> Found:
    """A folder to write to."""
    if not given.folder.is_dir() or not os.access(given.folder, os.W_OK | os.X_OK):
        hint = "Make it and give it to the user that runs the server, or set PELLUCID_FOLDER to another."
        yield Error(f"The server can't write to {given.folder}.", hint, id="pellucid.E009")


@settings_check
def mail(given: Environment) -> Found:
    """A mail server: without it nobody gets a code to sign in."""
    if not given.mail and not given.demo:
        hint = "Set PELLUCID_MAIL, such as smtps://user:password@mail.example:465. Until then mails wait in the outbox."
        yield Caution("No mail server is set: codes for signing in can't leave.", hint, id="pellucid.W010")
    if given.mail and not _is_mail_server(given.mail):
        hint = "Write it as smtps://user:password@host:465 or smtp://user:password@host:587."
        yield Error("PELLUCID_MAIL can't be read.", hint, id="pellucid.E011")
    try:
        validate_email(parseaddr(given.mail_from)[1].replace("@localhost", "@localhost.example"))
    except ValidationError:
        hint = "Set PELLUCID_MAIL_FROM, such as: Clinic <hello@clinic.example>"
        yield Error("The sender of mails is not an address.", hint, id="pellucid.E012")


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in MAIL_SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number
        return False


@settings_check
def text_command(given: Environment) -> Found:
    """A program for text messages, for those who signed up with a phone number."""
    if not given.text_command:
        if not given.demo:
            hint = "Set PELLUCID_TEXT_COMMAND to a program, or expect people to sign up by e-mail."
            yield Caution("No program for text messages is set.", hint, id="pellucid.W013")
    elif not shutil.which(given.text_command):
        hint = "PELLUCID_TEXT_COMMAND is one path, without arguments, of a file that may be run."
        yield Error("The program for text messages is not there or may not be run.", hint, id="pellucid.E014")


@settings_check
def languages(given: Environment) -> Found:
    """The compiled sentences of both languages."""
    own = [config for config in apps.get_app_configs() if config.name.startswith("pellucid.")]
    sources = [source for config in own for source in Path(config.path).glob("locale/*/LC_MESSAGES/django.po")]
    missing = [str(source.with_suffix(".mo")) for source in sources if not source.with_suffix(".mo").exists()]
    if missing:
        hint = "Run docs/messages.py, or install Pellucid again: its wheel holds them."
        yield Error(f"Compiled sentences are missing: {', '.join(missing)}.", hint, id="pellucid.E015")


@settings_check
def time_zones(given: Environment) -> Found:
    """What the clinic's clocks are worked out with."""
    try:
        ZoneInfo("Asia/Taipei")
    except (LookupError, OSError):
        yield Error("There is no time zone data.", "Install the package tzdata.", id="pellucid.E016")


@settings_check
def server(given: Environment) -> Found:
    """Numbers that are numbers."""
    for name in ("port", "processes", "threads"):
        number = getattr(given, name)
        if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**16):
            hint = f"Set PELLUCID_{name.upper()} to a whole number above 0, or leave it out."
            yield Error(f"PELLUCID_{name.upper()} is {number!r}.", hint, id="pellucid.E017")


@settings_check
def proxies(given: Environment) -> Found:
    """How many proxies are believed: by the address they tell attempts are counted, and somebody could make one up."""
    fewest = 0 if given.demo else 1
    number = given.proxies
    if not (number.isascii() and number.isdigit() and fewest <= int(number) <= MOST_PROXIES):
        hint = f"Set PELLUCID_PROXIES to how many proxies stand in front, {fewest} to {MOST_PROXIES}, or leave it out."
        yield Error(f"PELLUCID_PROXIES is {number!r}.", hint, id="pellucid.E021")


@register(Tags.database)
def clocks(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Clocks that agree; asks the database, so it runs with ``--database default`` and when migrating."""
    if "default" not in (databases or ()):
        return []
    return [*_database_clock(), *_clock_put_back(), *_zones()]


def _database_clock() -> Found:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        apart = abs(cursor.fetchone()[0] - clock.now())
    if apart > ASTRAY:
        hint = "Let both machines set their clocks over the network (NTP)."
        yield Caution(f"The database's clock is {apart} from this machine's.", hint, id="pellucid.W018")


def _clock_put_back() -> Found:
    if Event._meta.db_table not in connection.introspection.table_names():
        return
    if Event.objects.filter(at__gt=clock.now() + AHEAD).exists():
        hint = "Check the date of this machine; what is dated ahead stays as it was written."
        yield Caution(
            "There are events from the future: the clock was put back, or is wrong.", hint, id="pellucid.W019"
        )


def _zones() -> Found:
    if Location._meta.db_table not in connection.introspection.table_names():
        return
    for location in Location.objects.only("slug", "zone"):
        try:
            ZoneInfo(location.zone)
        except (LookupError, ValueError, OSError):
            hint = "Set it to a name such as Europe/Vienna or Asia/Taipei."
            yield Error(f"Location {location.slug}: no time zone {location.zone!r}.", hint, id="pellucid.E020")
