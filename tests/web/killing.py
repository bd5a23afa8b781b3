"""Actions killed after each of their writes in turn, by the process itself: run apart by ``test_records_killed``."""

import os
import re
import signal
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.conf import settings
from django.db import connection
from tests.web.cast import make_client, make_staff
from tests.web.registering import NOW, newest_code, open_clinic
from tests.web.staff_pages import given_in

from pellucid.model.levels import Level
from pellucid.web.accounts.models import Role, User
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import guardians, registration, reviews
from pellucid.web.records.actions.consents import give, hash_of
from pellucid.web.records.actions.wish import Agreement, Wish
from pellucid.web.records.models import Client, Consultation, Registration
from pellucid.web.sites.models import LANGUAGES, Clinic, Document, Location
from pellucid.web.sites.publish import Wording, publish

WRITES = ("INSERT", "UPDATE", "DELETE")
GUARDIAN = {"guardian_name": "Ruth Example", "guardian_contact": "ruth@example.com"}


def prepare() -> None:
    """A clinic with a registration that waits for its code, and a client whose consultation waits to be signed."""
    clinic = Clinic.objects.create(name="Example Clinic", region="tw")
    place = Location.objects.create(clinic=clinic, slug="north", name="North", zone="Asia/Taipei")
    open_clinic(place)
    petra = make_staff("Petra", Role.PRACTITIONER, level=Level.L1, location=place)
    alice = make_client("Alice", place, petra.membership)
    given_in(alice, "nothing_wrong")
    consent()
    publish("photos", {code: Wording("Photos", "New.") for code, _ in LANGUAGES}, by="system", now=NOW)
    Client.objects.filter(user=alice).update(**GUARDIAN)
    guardians.ask_guardian(client=Client.objects.get(user=alice), now=NOW)
    agreed = {kind: Agreement(_newest(kind).pk, hash_of(_newest(kind)), "I agree.") for kind in ("terms", "privacy")}
    wish = Wish("Mia Example", "mia@example.com", "en", place.pk, "help", agreed)
    registration.register(wish=wish, token="form", visitor="place", now=NOW)  # noqa: S106 - the form's, no secret


def _newest(kind: str) -> Document:
    return Document.objects.filter(kind=kind, language="en").latest("version")


def confirm() -> None:
    """The code of a registration comes back."""
    registration.confirm(number=Registration.objects.get().pk, code=newest_code("mia@example.com"), now=NOW)


def consent() -> None:
    """A client agrees to the newest wording, which ends the consent to the one before."""
    alice = User.objects.get(name="Alice Example")
    give(client=alice.client, kind="photos", document=_newest("photos"), sentence="Yes.", actor=alice.ref, now=NOW)


def guardian_agrees() -> None:
    """A parent follows their link and agrees."""
    found = re.search(r"/register/guardian/(\S+)/", Message.objects.get(kind="guardian").body)
    assert found is not None
    guardians.agree(token=found.group(1), document=_newest("terms"), sentence="I agree.", now=NOW)


def sign() -> None:
    """A practitioner signs."""
    found, petra = Consultation.objects.get(), User.objects.get(name="Petra Example")
    reviews.sign(consultation=found, version=found.version, adjustments=[], note="", by=petra.membership, now=NOW)


def kills(action: Callable[[], object]) -> int:
    """How often the action was killed, once after each of its writes, before it came through.

    Raises:
        AssertionError: a killed one left something behind.
    """
    before, killed = _kept(), 0
    while (ended := _in_a_process_of_its_own(action, writes=killed + 1)) == -signal.SIGKILL:
        killed += 1
        assert _kept() == before, f"killed after write {killed}, {action.__name__} left something behind"
    assert ended == 0
    assert _kept() != before
    return killed


def _in_a_process_of_its_own(action: Callable[[], object], *, writes: int) -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(_Killer(writes)):
                action()
        except BaseException:  # noqa: BLE001 - the child must not go on with what is the parent's
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class _Killer:
    """Ends its process right after so many writes, without a chance to tidy up."""

    def __init__(self, writes: int) -> None:
        self._left = writes

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if sql.startswith(WRITES):
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)
        return done


def _kept() -> list[str]:
    """All that is in the database."""
    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as database:
        return list(database.iterdump())
