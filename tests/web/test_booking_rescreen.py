"""Booked visits are looked at again when what they stand on changes, and staff see what no longer fits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.web.booking_cast import FACIAL, MASK, MONDAY, NOW, PEEL, TODAY, moment, screened
from tests.web.booking_visits import as_client, as_staff, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import send

from pellucid.knowledge.clinic import ClinicRules, WindowChange
from pellucid.web.accounts.models import Membership, User
from pellucid.web.audit.models import Event
from pellucid.web.jobs.models import Job
from pellucid.web.jobs.schedule import SCHEDULE
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import rosters
from pellucid.web.records.actions.appointments import book, cancel, confirm, hold, sign
from pellucid.web.records.actions.archive import archive_client, restore_client
from pellucid.web.records.actions.clearances import add_clearance, withdraw_clearance
from pellucid.web.records.actions.overrides import sign_override, withdraw_override
from pellucid.web.records.actions.rescreen import check_hours, due, rescreen, screen_client, screen_due
from pellucid.web.records.actions.reviews import sign as sign_answers
from pellucid.web.records.models import Appointment
from pellucid.web.records.models.appointment import State
from pellucid.web.records.queries.appointments import misfits, to_sign
from pellucid.web.sites.actions import set_rules
from pellucid.web.sites.knowledge import current
from pellucid.web.sites.models import Location, Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

AT = "pellucid.web.records.actions.rescreen"
WEEKS = MONDAY + timedelta(weeks=6)
"""Far enough for answers of today to be asked again before it."""
HOUR = timedelta(hours=1)


def booked(user: User, by: User, treatment: str, on: Any = WEEKS) -> Appointment:
    """A visit for somebody who was screened."""
    screened(user)
    return book(client=user.client, visit=visit_at("10:00", [treatment], on=on, who=by), booker=as_staff(by))


def again(made: Appointment) -> Appointment:
    """A visit as it stands."""
    return Appointment.objects.get(pk=made.pk)


def jobs(task: str) -> list[str]:
    """The keys of the jobs of one kind that were put."""
    return list(Job.objects.filter(task=f"{AT}.{task}").order_by("made_at").values_list("key", flat=True))


def events(made: Appointment) -> list[str]:
    """What the audit trail tells of a visit, as it happened."""
    found = Event.objects.filter(subject=f"appointment.{made.pk}").order_by("pk")
    return [each.action.removeprefix("appointment.") for each in found]


# --- what comes out -------------------------------------------------------------------------------------------


def test_a_visit_that_no_longer_fits_is_kept_and_marked_with_why(alice: User, doris: User, petra: User) -> None:
    made = booked(alice, doris, PEEL)
    assert misfits(doris.membership, now=NOW) == []
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + HOUR)
    assert rescreen(client=alice.client, now=NOW + HOUR) == 1
    found = again(made)
    assert found.state == State.TENTATIVE
    assert found.screened == "blocked"
    assert found.misfit == ["contraindication.gx8c_pregnancy_salicylate"]
    assert found.screened_at == found.changed_at == NOW + HOUR
    assert found.version == made.version, "a page that is open can still be sent"
    assert misfits(petra.membership, now=NOW) == [found]
    assert misfits(petra.membership, now=found.ends) == []
    assert events(made)[-1] == "misfit"


def test_nothing_is_written_about_a_visit_that_came_out_as_before(alice: User, doris: User) -> None:
    made = booked(alice, doris, MASK)
    assert rescreen(now=NOW + HOUR) == 0
    found = again(made)
    assert (found.changed_at, found.screened_at) == (made.changed_at, NOW + HOUR)
    assert events(made) == ["confirmed"]


def test_a_visit_that_fits_again_is_marked_no_more(alice: User, doris: User) -> None:
    made = booked(alice, doris, PEEL)
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + HOUR)
    rescreen(now=NOW + HOUR)
    screened(alice, now=NOW + 2 * HOUR)
    assert rescreen(appointment=made, now=NOW + 2 * HOUR) == 1
    assert again(made).misfit == []
    assert events(made)[-2:] == ["misfit", "fits"]


def test_a_visit_that_has_changed_meanwhile_is_left_to_who_changed_it(
    alice: User, doris: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = booked(alice, doris, PEEL)
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + HOUR)
    found = list(due(now=NOW + HOUR))
    monkeypatch.setattr(f"{AT}.due", lambda **_: found)
    cancel(appointment=made, version=made.version, reason="", booker=as_staff(doris))
    assert screen_due.do(now=NOW + HOUR) == 0
    assert again(made).misfit == []
    assert again(made).state == State.CANCELLED


def test_holds_and_visits_that_are_over_are_not_looked_at(alice: User, doris: User) -> None:
    made = booked(alice, doris, PEEL, MONDAY)
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + HOUR)
    assert rescreen(now=made.starts) == 0
    Appointment.objects.filter(pk=made.pk).update(state=State.DONE)
    assert rescreen(now=NOW + HOUR) == 0


# --- signatures -----------------------------------------------------------------------------------------------


def test_where_caution_has_come_up_it_waits_for_a_signature(alice: User, petra: User, doris: User) -> None:
    made = booked(alice, doris, MASK)
    assert made.state == State.BOOKED
    screened(alice, "isotretinoin_stopped_three_months_ago", now=NOW + HOUR)
    rescreen(now=NOW + HOUR)
    found = again(made)
    assert (found.state, found.screened, found.misfit) == (State.TENTATIVE, "caution", [])
    assert found.version == made.version + 1
    assert to_sign(petra.membership, now=NOW) == [found]
    assert events(made)[-1] == "unsigned"


def test_what_was_signed_stays_signed_until_newer_answers_call_for_caution(alice: User, doris: User) -> None:
    screened(alice, "isotretinoin_stopped_three_months_ago")
    visit = visit_at("10:00", [MASK], on=WEEKS, who=doris)
    made = book(client=alice.client, visit=visit, booker=as_staff(doris))
    made = sign(appointment=made, version=made.version, by=doris.membership, now=NOW + HOUR)
    assert rescreen(now=NOW + 2 * HOUR) == 0
    assert again(made).state == State.BOOKED
    screened(alice, "isotretinoin_stopped_three_months_ago", now=NOW + 3 * HOUR)
    assert rescreen(now=NOW + 4 * HOUR) == 1
    found = again(made)
    assert (found.state, found.signed_by, found.signed_at) == (State.TENTATIVE, None, None)


# --- answers that grow old ------------------------------------------------------------------------------------


def test_a_week_before_a_visit_answers_that_will_be_too_old_are_asked_again_once(alice: User, doris: User) -> None:
    made = booked(alice, doris, MASK)
    week_before = moment(WEEKS - timedelta(days=7), "08:00")
    assert rescreen(now=week_before - timedelta(days=1)) == 0
    assert rescreen(now=week_before) == 1
    assert again(made).misfit == ["expired"]
    assert rescreen(now=week_before + HOUR) == 0
    letter = Message.objects.get(kind="visit_ask_again")
    assert letter.to == alice.client.email
    assert letter.key.startswith(f"visit.{made.pk}.ask_again.")
    screened(alice, now=week_before + 2 * HOUR)
    assert rescreen(now=week_before + 2 * HOUR) == 1
    assert again(made).misfit == []
    assert Message.objects.filter(kind="visit_ask_again").count() == 1


def test_answers_given_in_the_last_week_are_not_asked_again(alice: User, doris: User) -> None:
    made = booked(alice, doris, MASK, TODAY + timedelta(days=7))
    assert rescreen(now=made.starts - timedelta(hours=2)) == 0
    assert again(made).misfit == []


def test_a_consultation_needs_no_answers(alice: User, petra: User) -> None:
    made = book(client=alice.client, visit=visit_at("10:00", on=WEEKS, who=petra), booker=as_staff(petra))
    assert rescreen(now=moment(WEEKS, "08:00")) == 0
    assert again(made).misfit == []


# --- who has them looked at -----------------------------------------------------------------------------------


def test_every_change_of_a_clients_facts_has_their_visits_screened_once(alice: User, doris: User, petra: User) -> None:
    booked(alice, doris, MASK)
    assert jobs("screen_client") == []
    newer = screened(alice, now=NOW + HOUR)
    review = sign_answers(
        consultation=newer, version=newer.version, adjustments=[], note="", by=doris.membership, now=NOW + HOUR
    )
    paper = add_clearance(
        client=alice.client,
        kind="physician_letter",
        scope=["all"],
        given_on=TODAY,
        until=WEEKS,
        author="Dr Example",
        note="",
        by=doris.membership,
        now=NOW + HOUR,
    )
    for _ in range(2):
        withdraw_clearance(clearance=paper, reason="Wrong one.", by=doris.membership, now=NOW + HOUR)
    lifted = sign_override(
        client=alice.client,
        rules=["contraindication.gx32a_event_peel"],
        treatments=[],
        expires=WEEKS,
        reason="Seen.",
        by=doris.membership,
        knowledge=current(),
        now=NOW + HOUR,
    )
    withdraw_override(override=lifted, reason="No more.", by=doris.membership, now=NOW + HOUR)
    archive_client(client=alice.client, reason="Moved.", by=petra.membership, now=NOW + HOUR)
    restore_client(client=alice.client, reason="Back.", by=petra.membership, now=NOW + HOUR)
    version = alice.client.version
    assert sorted(jobs("screen_client")) == sorted(
        [
            f"rescreen.consultation.{newer.pk}",
            f"rescreen.review.{review.pk}",
            f"rescreen.clearance.{paper.pk}",
            f"rescreen.clearance.{paper.pk}.withdrawn",
            f"rescreen.override.{lifted.pk}",
            f"rescreen.override.{lifted.pk}.withdrawn",
            f"rescreen.client.{alice.client.pk}.{version + 1}",
            f"rescreen.client.{alice.client.pk}.{version + 2}",
        ]
    )


def test_the_job_of_a_client_screens_their_visits(alice: User, doris: User) -> None:
    made = booked(alice, doris, PEEL)
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + HOUR)
    assert screen_client.do(client=str(alice.client.pk), now=NOW + HOUR) == 1
    assert again(made).misfit


def test_nobody_without_a_visit_is_looked_at(alice: User) -> None:
    screened(alice)
    assert jobs("screen_client") == []


def test_other_rules_of_the_clinic_have_every_visit_screened(alice: User, doris: User, olga: User) -> None:
    booked(alice, doris, PEEL)
    page = reverse("clinic:window", args=["rx_retinoid_before"])
    assert send(signed_in(olga), page, extraction="30", reason="House rule.", do="save").status_code == 302
    (key,) = jobs("screen_all")
    assert key.startswith("rescreen.rules.")


def test_the_clock_finds_what_nobody_had_looked_at(alice: User, doris: User) -> None:
    made = booked(alice, doris, PEEL)
    assert list(due(now=NOW)) == []
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + HOUR)
    assert list(due(now=NOW + HOUR)) == [made]
    assert SCHEDULE["screen_visits"].kind is screen_due
    assert screen_due.do(now=NOW + HOUR) == 1
    assert list(due(now=NOW + 2 * HOUR)) == []


@pytest.mark.parametrize("days", [1, 30])
def test_near_visits_are_looked_at_every_day_and_far_ones_when_something_changed(
    alice: User, doris: User, days: int
) -> None:
    made = booked(alice, doris, MASK, MONDAY if days == 1 else WEEKS)
    assert list(due(now=NOW + timedelta(hours=19))) == []
    assert list(due(now=NOW + timedelta(hours=21))) == ([made] if days == 1 else [])


def test_other_knowledge_is_found_by_the_clock(alice: User, doris: User) -> None:
    made = booked(alice, doris, MASK)
    Appointment.objects.update(knowledge="of last year")
    assert list(due(now=NOW + timedelta(days=1))) == [made]
    assert rescreen(now=NOW + timedelta(days=1)) == 0
    assert again(made).knowledge == current().digest


def test_newer_rules_are_found_by_the_clock(alice: User, doris: User, olga: User) -> None:
    made = booked(alice, doris, MASK)
    tighter = ClinicRules(windows=(WindowChange(window="rx_retinoid_before", column="extraction", days=30),))
    set_rules(rules=tighter, base=None, reason="House rule.", by=olga.ref, now=NOW + HOUR)
    assert list(due(now=NOW + 2 * HOUR)) == [made]


def test_a_visit_that_stands_in_the_way_no_more_frees_the_other(alice: User, doris: User) -> None:
    first = booked(alice, doris, PEEL)
    beside = visit_at("12:00", [FACIAL], on=WEEKS + timedelta(days=56), who=doris)
    second = book(client=alice.client, visit=beside, booker=as_staff(doris, after=HOUR))
    near = first.starts + timedelta(days=2)
    Appointment.objects.filter(pk=second.pk).update(starts=near, ends=near + HOUR)
    second.parts.update(starts=near, ends=near + HOUR)
    assert rescreen(now=NOW + 2 * HOUR) == 2
    assert again(first).misfit[0] == again(second).misfit[0] == "visits"
    now = again(first)
    cancel(appointment=now, version=now.version, reason="", booker=as_staff(doris, after=3 * HOUR))
    assert screen_due.do(now=NOW + 4 * HOUR) == 1
    assert again(second).misfit == []


# --- the roster -----------------------------------------------------------------------------------------------


def off(member: Membership, made: Appointment, now: datetime = NOW) -> Any:
    """Time off around a visit."""
    return rosters.add_time_off(membership=member, starts=made.starts, ends=made.ends, name="", by="system", now=now)


def test_hours_that_went_are_marked_beside_what_screening_says(alice: User, doris: User) -> None:
    made = booked(alice, doris, PEEL)
    free = off(doris.membership, made)
    assert jobs("hours_again")
    assert check_hours(now=NOW + HOUR) == 1
    assert again(made).misfit == ["hours"]
    screened(alice, "pregnant_wants_salicylic_peel", now=NOW + 2 * HOUR)
    rescreen(now=NOW + 2 * HOUR)
    assert again(made).misfit == ["contraindication.gx8c_pregnancy_salicylate", "hours"]
    assert check_hours(now=NOW + 3 * HOUR) == 0
    rosters.remove_time_off(number=free.pk, by="system", now=NOW + 3 * HOUR)
    assert check_hours(now=NOW + 4 * HOUR) == 1
    assert again(made).misfit == ["contraindication.gx8c_pregnancy_salicylate"]
    assert SCHEDULE["check_hours"].kind.do(now=NOW + 5 * HOUR) == 0


def test_a_room_that_is_out_of_use_counts_as_well(alice: User, petra: User) -> None:
    made = booked(alice, petra, MASK)
    Room.objects.filter(pk=made.parts.get().room_id).update(active=False)
    assert check_hours(now=NOW) == 1
    assert again(made).misfit == ["hours"]


def test_a_hold_is_screened_when_it_is_confirmed(alice: User, doris: User, north: Location) -> None:
    screened(alice)
    held = hold(client=alice.client, visit=visit_at("10:00", [MASK], who=doris), booker=as_client(alice))
    assert rescreen(now=NOW) == 0
    made = confirm(appointment=held, version=held.version, booker=as_client(alice))
    assert made.screened == "allowed"
