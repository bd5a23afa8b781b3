"""The demo: its clinic, its links, and starting all of it with one command."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.http import Http404
from django.test import Client as Browser
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings
from tests.web.apart import ROOT, Apart, apart, migrated, until

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.accounts.models import Membership, User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.portal.consent_words import sentence
from pellucid.web.project.demo.build import build, is_built
from pellucid.web.project.demo.links import SHOWN, SIGNER, follow, link
from pellucid.web.records.actions.reminders import mornings, prepare_due, remind_due
from pellucid.web.records.models import (
    Appointment,
    Client,
    Consultation,
    ExtraHours,
    Schedule,
    TimeOff,
    WaitlistEntry,
)
from pellucid.web.records.queries.uncovered import uncovered
from pellucid.web.sites import clock
from pellucid.web.sites.models import Document, Location, Offer, Room, Service

__all__ = ["apart", "migrated"]

STAFF = 4
"""Who work at the demo's clinic."""


@pytest.fixture
def demo(db: None) -> None:
    build(clock.now())


@pytest.mark.usefixtures("demo")
class TestClinic:
    def test_it_has_what_a_clinic_has(self, knowledge: Knowledge) -> None:
        staff = sorted((member.role, member.level) for member in Membership.objects.all())
        assert staff == [("front_desk", None), ("owner", None), ("practitioner", 1), ("practitioner", 3)]
        assert len({location.zone for location in Location.objects.all()}) == 2
        assert Offer.objects.count() == 2
        assert {document.kind for document in Document.objects.all()} == {"terms", "privacy", "photos", "marketing"}
        sold = {service.treatment for service in Service.objects.exclude(price=None)}
        assert len(sold) > 10
        assert sold <= set(knowledge.of(Treatment))

    def test_the_clock_has_nothing_to_send_that_would_bury_the_links(self) -> None:
        before = Message.objects.count()
        remind_due(now=clock.now())
        for location, on in mornings(now=clock.now()):
            prepare_due(location=location, on=on, now=clock.now())
        assert Message.objects.count() == before
        assert not Message.objects.filter(kind__in=("visit_reminder", "visit_preparation"), state="waiting").exists()

    def test_every_example_has_a_client_in_every_state(self) -> None:
        examples = {path.stem for path in (ROOT / "examples" / "intakes").glob("*.toml")}
        assert Client.objects.count() == len(examples)
        states = list(Consultation.objects.values_list("state", flat=True))
        assert {state: states.count(state) for state in states} == {"signed": 3, "submitted": 9, "draft": 1}
        assert Client.objects.exclude(guardian_consent_at=None).count() == 1

    def test_every_client_has_agreed_in_their_own_language(self) -> None:
        for client in Client.objects.all():
            kept = {each.kind: each for each in client.consents.select_related("document")}
            assert set(kept) == {"terms", "privacy"}
            assert {each.document.language for each in kept.values()} == {client.language}
            with translation.override(client.language):
                said = sentence("agree", {kind: each.document for kind, each in kept.items()})
            assert {each.sentence for each in kept.values()} == {said}

    def test_everybody_is_plainly_invented(self) -> None:
        assert all(user.name.endswith(" Example") for user in User.objects.all())
        assert all(re.search(r"@(example\.org|clear-pool\.example)$", user.email or "") for user in User.objects.all())

    def test_again_changes_nothing(self) -> None:
        tables = (Event, Consultation, Service, Appointment, Room, Schedule, TimeOff)
        before = [table.objects.count() for table in tables]
        build(clock.now())
        assert [table.objects.count() for table in tables] == before
        assert is_built()

    def test_no_mail_of_it_is_left_to_send(self) -> None:
        assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "set_aside"}

    def test_its_calendar_has_something_of_everything(self) -> None:
        """However many days and visits the weekday on which it is made leaves room for."""
        states = set(Appointment.objects.values_list("state", flat=True))
        assert states == {"done", "no_show", "cancelled", "booked", "tentative"}
        assert Appointment.objects.count() >= 25
        assert Appointment.objects.annotate(parts_=Count("parts")).filter(parts_=2).exists()
        assert not Appointment.objects.exclude(misfit=[]).exists()
        assert WaitlistEntry.objects.count() == 2
        assert (Schedule.objects.count(), TimeOff.objects.count(), ExtraHours.objects.count()) == (3, 2, 1)
        assert uncovered(now=clock.now()) == []

    @pytest.mark.parametrize(("name", "leads"), [("Petra", "/clinic/"), ("Olga", "/clinic/"), ("Ana", "/me/")])
    def test_a_link_signs_one_in_each_time(self, name: str, leads: str) -> None:
        address = link(User.objects.get(name__startswith=name)).removeprefix("http://localhost:8000")
        for _ in range(2):
            browser = Browser()
            answered = browser.get(address)
            assert (answered.status_code, answered["Location"]) == (302, leads)
            assert browser.get(leads).status_code == 200

    def test_a_changed_link_is_none(self) -> None:
        address = link(User.objects.get(name__startswith="Olga")).removeprefix("http://localhost:8000")
        petra = User.objects.get(name__startswith="Petra")
        assert Browser().get(re.sub(r"demo/[^:]+", f"demo/{petra.pk}", address)).status_code == 404


@pytest.mark.django_db
def test_outside_a_demo_there_is_none(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="This is no demo"):
        call_command("demo")


@pytest.mark.django_db
def test_outside_a_demo_a_link_opens_nothing(olga: User, settings: Settings, rf: RequestFactory) -> None:
    signed = SIGNER.sign(str(olga.pk))
    settings.DEMO = False
    with pytest.raises(Http404):
        follow(rf.get("/"), signed)


def test_outside_a_demo_there_are_no_links(apart: Apart) -> None:
    script = (
        "from django.urls import reverse, NoReverseMatch\n"
        "try:\n    print(reverse('demo_link', args=['x']))\nexcept NoReverseMatch:\n    print('none')"
    )
    assert apart.run(script).strip() == "/account/demo/x/"
    apart.environment |= {"PELLUCID_DEMO": "0", "PELLUCID_SECRET_KEY": "x" * 50}
    assert apart.run(script).strip() == "none"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """``manage.py serve`` as a process, and what it says."""

    def __init__(self, folder: Path, port: int) -> None:
        given = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID_")}
        given |= {"PELLUCID_DEMO": "1", "PELLUCID_FOLDER": str(folder), "PELLUCID_PORT": str(port)}
        self.port, self.log = port, folder / "log"
        with self.log.open("wb") as log:
            command = [sys.executable, "manage.py", "serve"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=subprocess.STDOUT)

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def runs(self) -> bool:
        assert self.process.poll() is None, self.said()
        return self.said().count("/account/demo/") == STAFF + SHOWN

    def children(self) -> list[int]:
        """The processes that it has begun."""
        theirs = f"PPid:\t{self.process.pid}\n"
        return [int(each.parent.name) for each in Path("/proc").glob("[0-9]*/status") if theirs in read(each)]

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:  # it answers, whatever it says
            return True
        except OSError:
            return False
        return True


def read(status: Path) -> str:
    """What the system says of a process; nothing where it has just ended."""
    try:
        return status.read_text("utf-8")
    except OSError:
        return ""


@pytest.fixture(scope="module")
def prepared(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all is ready that the first start makes ready."""
    folder = tmp_path_factory.mktemp("prepared") / "var"
    shutil.copytree(migrated, folder)
    said = Apart(folder).run(
        "from pellucid.web.project.serving import prepare\nprepare(print)\nprint('again')\nprepare(print)"
    )
    assert said.splitlines() == ["Collecting style sheets and pictures ...", "Making the demo clinic ...", "again"]
    return folder


@pytest.fixture
def served(prepared: Path, apart: Apart) -> Iterator[Served]:
    shutil.copytree(prepared, apart.folder, dirs_exist_ok=True)
    found = Served(apart.folder, free_port())
    yield found
    if found.process.poll() is None:
        found.process.terminate()
        found.process.wait(60)


def test_one_command_serves_the_clinic_and_ends_with_all_it_began(served: Served, apart: Apart) -> None:
    until(served.runs, seconds=180)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    owners = re.search(r"owner\s.*(http://\S+)", served.said())
    assert owners is not None
    with browser.open(owners.group(1), timeout=20) as page:
        assert (page.status, page.url) == (200, f"http://localhost:{served.port}/clinic/")
    until(lambda: apart.run("from pellucid.web.jobs.models import *; print(Worker.objects.count())").strip() == "1")

    second = Served(apart.folder / "static", served.port)
    assert second.process.wait(60) == 1
    assert f"Port {served.port} is taken" in second.said()
    assert f"PELLUCID_PORT={served.port + 1}" in second.said()

    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(60) == 0
    assert not served.answers()
    assert apart.run("from pellucid.web.jobs.models import *; print(Worker.objects.count())").strip() == "0"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are found in /proc, which Linux has")
def test_killed_it_leaves_no_process_behind(served: Served) -> None:
    until(served.runs, seconds=180)
    begun = served.children()
    assert len(begun) == 2
    served.process.kill()
    served.process.wait()
    until(lambda: not served.answers(), seconds=30)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in begun), seconds=30)
