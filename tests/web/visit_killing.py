"""Reminding and sending, killed again and again: run apart by ``test_visit_reminders``."""

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from tests.web import killing
from tests.web.booking_cast import NOW, TODAY, moment
from tests.web.cast import make_client, make_staff
from tests.web.post_office import PostOffice, post_office
from tests.web.visits import make_visit

from pellucid.model.levels import Level
from pellucid.web.accounts.models import Role
from pellucid.web.audit.record import record
from pellucid.web.outbox.deliver import CLAIM, deliver_due
from pellucid.web.outbox.models import Message
from pellucid.web.records import background
from pellucid.web.sites.models import Clinic, Location

VISITS = 3
DUE = moment(TODAY + timedelta(days=5), "10:00")


def play() -> str:
    """Kill it after each of its writes in turn, until it comes through; what was put and what was sent then."""
    _prepare()
    kills = _until_through(lambda: background.remind.do(now=DUE))
    put = Counter(Message.objects.filter(kind="visit_reminder").values_list("key", flat=True))
    with post_office() as office:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail=office.url)
        _send(office)
        sent = Counter(mail["Message-ID"] for mail in office.mails)
    states = Counter(Message.objects.values_list("state", flat=True))
    return f"{kills >= VISITS} {sorted(put.values())} {dict(states)} {len(sent)}"


def _prepare() -> None:
    clinic = Clinic.objects.create(name="Example Clinic", region="tw")
    place = Location.objects.create(clinic=clinic, slug="north", name="North", zone="Asia/Taipei")
    petra = make_staff("Petra", Role.PRACTITIONER, level=Level.L1, location=place)
    for number in range(VISITS):
        client = make_client(f"Client{number}", place).client
        visit = make_visit(client, petra, moment(TODAY + timedelta(days=7), f"{10 + number}:00"))
        record(actor="system", action="appointment.confirmed", subject=f"appointment.{visit.pk}", now=NOW)


def _until_through(work: Callable[[], object]) -> int:
    """How often it was killed: a run is let come one write further than the last, from where that one has got."""
    killed = 0
    while killing._in_a_process_of_its_own(work, writes=killed + 1) == -signal.SIGKILL:
        killed += 1
    return killed


def _send(office: PostOffice) -> None:
    """Send with workers that are killed before, between and after mails, until nothing waits any more."""
    for number in range(20):
        killing._in_a_process_of_its_own(partial(_deliver, DUE + CLAIM * number), writes=1 + number % 4)
    assert office.mails


def _deliver(now: datetime) -> None:
    deliver_due(lambda: now)
