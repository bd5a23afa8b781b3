"""Every setting that can be wrong is found, with a hint; settings as the guide gives them are not."""

import os
import re
import secrets
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
from tests.web.apart import ROOT

from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.project import checks
from pellucid.web.project.environment import Environment, read
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Location

GUIDE = ROOT / "docs" / "guide" / "running_a_clinic.md"
KEY = secrets.token_urlsafe(50)


def given(tmp_path: Path, **changed: str) -> dict[str, str]:
    """The environment of a clinic in which nothing is wrong, but for what a test changes."""
    right = {
        "PELLUCID_SECRET_KEY": KEY,
        "PELLUCID_HOSTS": "clinic.example",
        "PELLUCID_ORIGIN": "https://clinic.example",
        "PELLUCID_FOLDER": str(tmp_path),
        "PELLUCID_MAIL": "smtps://user:password@mail.example:465",
        "PELLUCID_MAIL_FROM": "Clinic <hello@clinic.example>",
        "PELLUCID_TEXT_COMMAND": sys.executable,
    }
    return {**right, **changed}


def found(environment: Environment) -> list[str]:
    """Ids of what is wrong."""
    return [str(fault.id).partition(".")[2] for check in checks.SETTINGS_CHECKS for fault in check(environment)]


def test_right_settings_pass(tmp_path: Path) -> None:
    assert found(read(given(tmp_path))) == []


def test_a_demo_needs_no_settings(tmp_path: Path) -> None:
    assert found(read({"PELLUCID_DEMO": "1", "PELLUCID_FOLDER": str(tmp_path)})) == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("PELLUCID_SECRET_KEY", "", "E001"),
        ("PELLUCID_SECRET_KEY", "short", "E002"),
        ("PELLUCID_SECRET_KEY", "ab" * 40, "E002"),
        ("PELLUCID_HOSTS", "", "E003"),
        ("PELLUCID_HOSTS", "clinic.example,*", "E004"),
        ("PELLUCID_ORIGIN", "", "E005"),
        ("PELLUCID_ORIGIN", "http://clinic.example", "E005"),
        ("PELLUCID_ORIGIN", "https://other.example", "E006"),
        ("DATABASE_URL", "mysql://user@host/name", "E008"),
        ("DATABASE_URL", "nonsense", "E008"),
        ("PELLUCID_FOLDER", "/nowhere/at/all", "E009"),
        ("PELLUCID_MAIL", "", "W010"),
        ("PELLUCID_MAIL", "mail.example", "E011"),
        ("PELLUCID_MAIL", "smtps://mail.example:many", "E011"),
        ("PELLUCID_MAIL_FROM", "", "E012"),
        ("PELLUCID_MAIL_FROM", "The clinic", "E012"),
        ("PELLUCID_TEXT_COMMAND", "", "W013"),
        ("PELLUCID_TEXT_COMMAND", "/nowhere/send", "E014"),
        ("PELLUCID_TEXT_COMMAND", __file__, "E014"),
        ("PELLUCID_PORT", "eight", "E017"),
        ("PELLUCID_PROCESSES", "0", "E017"),
        ("PELLUCID_THREADS", "99999999", "E017"),
        ("PELLUCID_PROXIES", "none", "E021"),
        ("PELLUCID_PROXIES", "0", "E021"),
        ("PELLUCID_PROXIES", "10", "E021"),
    ],
)
def test_a_wrong_setting_is_found(tmp_path: Path, name: str, value: str, fault: str) -> None:
    assert found(read(given(tmp_path, **{name: value}))) == [fault]


@pytest.mark.parametrize("origin", ["https://clinic.example", "https://a.b.clinic.example"])
def test_a_host_with_a_dot_in_front_covers_what_is_below(tmp_path: Path, origin: str) -> None:
    assert found(read(given(tmp_path, PELLUCID_HOSTS=".clinic.example", PELLUCID_ORIGIN=origin))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PELLUCID_HOSTS", "localhost,clinic.example"),
        ("PELLUCID_ORIGIN", "https://clinic.example"),
        ("PELLUCID_ADDRESS", "0.0.0.0"),  # noqa: S104 - what is refused
    ],
)
def test_a_demo_that_others_can_reach_is_refused(tmp_path: Path, name: str, value: str) -> None:
    assert found(read({"PELLUCID_DEMO": "1", "PELLUCID_FOLDER": str(tmp_path), name: value})) == ["E007"]


def test_missing_sentences_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda path: path.suffix != ".mo")
    assert found(read(given(tmp_path))) == ["E015"]


def test_missing_time_zones_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise LookupError(name)

    monkeypatch.setattr(checks, "ZoneInfo", none)
    assert found(read(given(tmp_path))) == ["E016"]


@pytest.mark.django_db
class TestClocks:
    def found(self) -> list[str]:
        return [str(fault.id) for fault in checks.clocks(None, databases=["default"])]

    def test_nothing_is_wrong(self) -> None:
        record(actor=SYSTEM, action="test.done", subject="test", now=clock.now())
        assert self.found() == []

    def test_the_database_is_asked_only_where_it_may_be(self) -> None:
        record(actor=SYSTEM, action="test.done", subject="test", now=clock.now() + timedelta(days=1))
        assert checks.clocks(None, databases=None) == []
        assert self.found() == ["pellucid.W019"]

    def test_a_zone_that_there_is_not(self) -> None:
        clinic = Clinic.objects.create(name="Example")
        Location.objects.create(clinic=clinic, slug="moon", name="Moon", zone="Moon/Tranquility")
        assert self.found() == ["pellucid.E020"]

    def test_a_database_with_another_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checks, "connection", _AnHourAhead())
        assert [str(fault.id) for fault in checks._database_clock()] == ["pellucid.W018"]


class _AnHourAhead:
    """A database whose clock is wrong."""

    vendor = "postgresql"

    def cursor(self) -> "_AnHourAhead":
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, statement: str) -> None:
        pass

    def fetchone(self) -> tuple[object]:
        return (clock.now() + timedelta(hours=1),)


def _manage(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PELLUCID_", "DATABASE_URL"))}
    own["DJANGO_SETTINGS_MODULE"] = "pellucid.web.project.settings"
    command = [sys.executable, "-m", "django", *words]
    return subprocess.run(command, env={**own, **environment}, check=False, capture_output=True, text=True, timeout=60)


def test_djangos_own_checks_for_production_find_nothing(tmp_path: Path) -> None:
    ended = _manage("check", "--deploy", "--fail-level=WARNING", environment=given(tmp_path))
    assert ended.returncode == 0, ended.stderr


def test_with_nothing_set_all_is_named_at_once(tmp_path: Path) -> None:
    ended = _manage("check", "--deploy", environment={"PELLUCID_FOLDER": str(tmp_path), "DATABASE_URL": "nonsense"})
    assert ended.returncode == 1
    named = set(re.findall(r"pellucid\.([EW]\d+)", ended.stderr))
    assert named == {"E001", "E003", "E005", "E008", "W010", "E012", "W013"}


def test_every_fault_has_an_id_of_its_own_and_a_hint() -> None:
    source = Path(checks.__file__).read_text("utf-8")
    ids = re.findall(r'id="pellucid\.[EW](\d+)"', source)
    assert sorted(ids) == [f"{number:03}" for number in range(1, 22)]
    assert len(re.findall(r"yield (?:Error|Caution)\(", source)) == len(ids)


def test_the_guide_names_every_setting_and_no_other() -> None:
    source = (ROOT / "src" / "pellucid" / "web" / "project" / "environment.py").read_text("utf-8")
    names = set(re.findall(r'given\.get\("(\w+)"', source))
    table = re.findall(r"^\| `([A-Z_]+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert sorted(table) == sorted(names)


@pytest.mark.parametrize(("proxies", "believed"), [({}, "1"), ({"PELLUCID_PROXIES": "2"}, "2")])
def test_so_many_proxies_are_believed_as_there_are(tmp_path: Path, proxies: dict[str, str], believed: str) -> None:
    script = "from pellucid.web.project import settings as s; print(s.ALLAUTH_TRUSTED_PROXY_COUNT)"
    own = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID_")}
    environment = {**own, **given(tmp_path, **proxies)}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True)
    assert ended.stdout.strip() == believed


def test_cookies_and_addresses_are_for_https_alone_outside_a_demo(tmp_path: Path) -> None:
    script = (
        "from pellucid.web.project import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    )
    own = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID_")}
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, env={**own, **given(tmp_path)}, check=True, capture_output=True, text=True)
    assert ended.stdout.split() == ["True"] * 4
