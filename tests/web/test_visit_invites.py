"""Invitations that go with letters about visits, as booking, moving and cancelling write them and as they arrive."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar
from pytest_django import Settings
from tests.web.booking_cast import FACIAL, MONDAY, NOW, PEEL, TODAY, screened
from tests.web.booking_visits import as_client, as_staff, visit_at
from tests.web.post_office import PostOffice, post_office

from pellucid.web.accounts.models import User
from pellucid.web.outbox.deliver import deliver_due
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.appointments import book, confirm, hold, reschedule
from pellucid.web.records.actions.visit_ends import cancel, sign
from pellucid.web.records.models import Appointment, Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with post_office() as office:
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mail=office.url)
        settings.DEFAULT_FROM_EMAIL = "Clinic <hello@clinic.example>"
        yield office


@pytest.fixture
def visit(alice: User, petra: User) -> Appointment:
    """Alice's, held and confirmed by herself."""
    held = hold(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_client(alice))
    return confirm(appointment=held, version=held.version, booker=as_client(alice))


def newest(to: str = "alice@example.com") -> tuple[str, Any]:
    """What the one invitation that waits asks for, and its entry: those before it were set aside."""
    return read(Message.objects.get(state="waiting", to=to).invite)


def read(invite: str) -> tuple[str, Any]:
    calendar = Calendar.from_ical(invite)
    (entry,) = calendar.events
    return str(calendar["METHOD"]), entry


def starts(entry: Any) -> str:
    return f"{entry.start:%Y-%m-%d %H:%M %z}"


def test_a_visit_stays_one_entry_through_all_that_happens_to_it(visit: Appointment, alice: User, petra: User) -> None:
    method, entry = newest()
    uid, first = entry["UID"], entry["SEQUENCE"]
    assert uid == f"appointment-{visit.pk}@localhost"
    assert (method, entry["STATUS"], starts(entry)) == ("REQUEST", "CONFIRMED", f"{MONDAY} 10:00 +0800")

    later = visit_at("15:00", who=petra, but=visit)
    moved = reschedule(appointment=visit, version=visit.version, visit=later, booker=as_client(alice))
    method, entry = newest()
    second = entry["SEQUENCE"]
    assert (method, entry["UID"], starts(entry)) == ("REQUEST", uid, f"{MONDAY} 15:00 +0800")

    cancel(appointment=moved, version=moved.version, reason="", booker=as_client(alice))
    method, entry = newest()
    assert (method, entry["UID"], entry["STATUS"]) == ("CANCEL", uid, "CANCELLED")
    assert first < second < entry["SEQUENCE"]


def test_who_invites_and_who_is_invited(visit: Appointment) -> None:
    _, entry = newest()
    assert (str(entry["ORGANIZER"]), entry["ORGANIZER"].params["CN"]) == (
        "mailto:hello@clinic.example",
        "Example Clinic",
    )
    assert str(entry["ATTENDEE"]) == "mailto:alice@example.com"


def test_it_tells_nothing_of_what_is_done(alice: User, petra: User) -> None:
    screened(alice)
    book(client=alice.client, visit=visit_at("10:00", [FACIAL], who=petra), booker=as_staff(petra), note="front door")
    message = Message.objects.get(state="waiting", to="alice@example.com")
    told = (message.subject + message.body + message.invite).lower()
    assert not [word for word in ("facial", "pore", "petra", "caution", "front door") if word in told]


def test_one_that_waits_for_a_signature_is_tentative_until_it_is_signed(alice: User, doris: User) -> None:
    screened(alice)
    made = book(client=alice.client, visit=visit_at("10:00", [PEEL], who=doris), booker=as_staff(doris))
    _, entry = newest()
    assert entry["STATUS"] == "TENTATIVE"
    before = entry["SEQUENCE"]
    sign(appointment=made, version=made.version, by=doris.membership, now=NOW)
    method, entry = newest()
    assert (method, entry["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert entry["SEQUENCE"] > before


def test_booking_again_what_is_booked_writes_nothing_more(visit: Appointment, alice: User) -> None:
    confirm(appointment=visit, version=visit.version, booker=as_client(alice))
    assert Message.objects.filter(kind="visit_confirmed").count() == 1


def test_a_guardian_gets_it_without_a_link_to_what_is_the_childs_own(alice: User, petra: User) -> None:
    born = TODAY.replace(year=TODAY.year - 17)
    Client.objects.update(birth_date=born, guardian_name="Ruth Example", guardian_contact="ruth@example.com")
    alice.client.refresh_from_db()
    book(client=alice.client, visit=visit_at("10:00", who=petra), booker=as_staff(petra))
    _, entry = newest("ruth@example.com")
    assert str(entry["ATTENDEE"]) == "mailto:ruth@example.com"
    assert "/me/" not in str(entry["URL"]) + str(entry["DESCRIPTION"])


def test_it_arrives_as_a_part_of_its_own_and_as_a_file(visit: Appointment, alice: User, office: PostOffice) -> None:
    assert deliver_due(lambda: NOW) == 1
    (mail,) = office.mails
    parts = {part.get_content_type(): part for part in mail.walk() if not part.is_multipart()}
    assert list(parts) == ["text/plain", "text/calendar", "application/ics"]
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["application/ics"].get_filename() == "visit.ics"
    written = Message.objects.get(state="sent").invite
    assert read(parts["text/calendar"].get_content()) == read(parts["application/ics"].get_content().decode())
    assert read(parts["text/calendar"].get_content()) == read(written)
    cancel(appointment=visit, version=visit.version, reason="", booker=as_client(alice))
    deliver_due(lambda: NOW)
    told = [part.get_param("method") for part in office.mails[1].walk() if part.get_content_type() == "text/calendar"]
    assert told == ["CANCEL"]
