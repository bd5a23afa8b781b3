"""The board of a day: who comes, what is missing for each visit, and no health data."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.booking_cast import FACIAL, MASK, MONDAY, NOW, PEEL, moment, screened
from tests.web.booking_visits import as_client, as_staff, visit_at

from pellucid.web.accounts.models import User
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.appointments import book, cancel, done, hold
from pellucid.web.records.actions.consents import give
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.queries.board import board
from pellucid.web.sites.models import CONSULTATION, Document, Location
from pellucid.web.sites.publish import publish_starting_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

MORNING = moment(MONDAY, "08:00")


def booked(user: User, by: User, treatment: str = CONSULTATION, at: str = "10:00") -> Appointment:
    """A visit on Monday."""
    return book(client=user.client, visit=visit_at(at, [treatment], who=by), booker=as_staff(by))


def agreed(user: User, *kinds: str) -> None:
    """Somebody agrees to the clinic's wordings."""
    publish_starting_texts(by="system", now=NOW)
    for kind in kinds:
        document = Document.objects.filter(kind=kind, language="en").latest("version")
        give(client=user.client, kind=kind, document=document, sentence="I agree.", actor=user.ref, now=NOW)


def written() -> None:
    """Every letter went out."""
    Message.objects.update(state="sent")


def missing(member: Any, location: Location) -> list[tuple[str, ...]]:
    """What the rows of Monday say is missing."""
    return [row.missing for row in board(member.membership, location, MONDAY, MORNING)]


def test_it_says_what_is_missing_for_each_visit(
    alice: User, bob: User, petra: User, frida: User, north: Location
) -> None:
    screened(bob)
    booked(alice, petra)
    booked(bob, petra, FACIAL, "11:00")
    assert missing(frida, north) == [
        ("terms", "privacy", "questionnaire"),
        ("terms", "privacy", "preparation", "signature"),
    ]
    agreed(alice, "terms", "privacy")
    agreed(bob, "terms")
    written()
    assert missing(frida, north) == [("questionnaire",), ("privacy", "signature")]


def test_what_no_longer_fits_is_told_by_what_is_to_be_done(
    alice: User, doris: User, frida: User, north: Location
) -> None:
    screened(alice)
    made = booked(alice, doris, MASK)
    agreed(alice, "terms", "privacy")
    written()
    cases = {
        (): (),
        ("expired",): ("answers",),
        ("incomplete", "hours"): ("answers", "hours"),
        ("contraindication.gx8c_pregnancy_salicylate",): ("fit",),
        ("visits", "window.next_other", "hours"): ("fit", "hours"),
    }
    for misfit, expected in cases.items():
        Appointment.objects.filter(pk=made.pk).update(misfit=list(misfit))
        assert missing(frida, north) == [expected]


def test_a_guardian_who_has_not_agreed_is_missing(alice: User, petra: User, frida: User, north: Location) -> None:
    booked(alice, petra)
    Client.objects.update(birth_date="2011-01-01", guardian_contact="parent@example.com")
    assert "guardian" in missing(frida, north)[0]
    Client.objects.update(guardian_consent_at=NOW)
    assert "guardian" not in missing(frida, north)[0]


def test_whoever_was_written_to_knows_how_to_prepare(alice: User, doris: User, frida: User, north: Location) -> None:
    screened(alice)
    made = booked(alice, doris, PEEL)
    assert "preparation" in missing(frida, north)[0]
    Message.objects.filter(key__startswith=f"visit.{made.pk}.").update(state="stuck")
    assert "preparation" in missing(frida, north)[0]
    written()
    assert "preparation" not in missing(frida, north)[0]


def test_only_the_visits_that_one_may_see_and_that_take_place_are_on_it(
    alice: User, bob: User, petra: User, frida: User, omar: User, north: Location
) -> None:
    booked(alice, petra)
    gone = booked(bob, petra, at="12:00")
    held = hold(client=bob.client, visit=visit_at("15:00"), booker=as_client(bob))
    cancel(appointment=gone, version=gone.version, reason="", booker=as_staff(petra))
    assert [row.appointment.client for row in board(frida.membership, north, MONDAY, NOW)] == [alice.client, bob.client]
    assert held.held_until is not None
    assert [row.appointment.client for row in board(frida.membership, north, MONDAY, held.held_until)] == [alice.client]
    assert board(omar.membership, north, MONDAY, NOW) == []


def test_nothing_is_missing_any_more_for_a_visit_that_took_place(
    alice: User, petra: User, frida: User, north: Location
) -> None:
    made = booked(alice, petra)
    done(appointment=made, version=made.version, booker=as_staff(petra, now=made.ends))
    assert missing(frida, north) == [()]


def test_it_takes_as_many_queries_for_one_visit_as_for_six(
    alice: User, doris: User, frida: User, north: Location
) -> None:
    member = frida.membership

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            for row in board(member, north, MONDAY, NOW):
                assert row.appointment.client.name
                assert row.appointment.practitioner.user.name
        return len(caught)

    booked(alice, doris, at="09:00")
    before = cost()
    for at in ("10:00", "11:00", "12:00", "13:00", "14:00"):
        booked(alice, doris, at=at)
    assert cost() == before <= 8
