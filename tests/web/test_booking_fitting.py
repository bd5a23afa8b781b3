"""Which visits fit a client: what their answers, papers and other visits say, and what staff hold back or lift."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.booking_cast import FACIAL, MASK, MONDAY, NOW, PEEL, TODAY, make_service, screened
from tests.web.booking_visits import as_staff, visit_at

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level, Status
from pellucid.plan.fit import Fit
from pellucid.web.accounts.models import User
from pellucid.web.records.actions.appointments import book, cancel
from pellucid.web.records.actions.archive import archive_client
from pellucid.web.records.actions.overrides import sign_override
from pellucid.web.records.actions.reviews import Adjustment, sign
from pellucid.web.records.models import Appointment, Client, Consultation
from pellucid.web.records.models.appointment import State
from pellucid.web.records.queries.fitting import Fitting, fit_of
from pellucid.web.sites.knowledge import current
from pellucid.web.sites.models import CONSULTATION, Location, Service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bookable")]

LATER = MONDAY + timedelta(days=40)


def fit(user: User, *treatments: str, on: date = MONDAY, by: Level = Level.L3, **how: Any) -> Fit:
    """Whether a visit fits somebody."""
    client = Client.objects.select_related("location").get(pk=user.client.pk)
    return Fitting(client, **{"now": NOW, **how}).of(treatments, on=on, performer=by)


def said(found: Fit) -> tuple[bool, str, date | None]:
    """What pages go by."""
    return found.bookable, found.why, found.until


# --- screening ------------------------------------------------------------------------------------------------


def test_without_answers_only_a_consultation_fits(alice: User) -> None:
    assert said(fit(alice, CONSULTATION)) == (True, "", None)
    assert fit(alice, CONSULTATION).status is None
    assert said(fit(alice, MASK)) == (False, "no_screening", None)
    assert said(fit(alice, CONSULTATION, MASK)) == (False, "no_screening", None)


def test_a_draft_is_no_screening(alice: User) -> None:
    given = screened(alice)
    Consultation.objects.filter(pk=given.pk).update(state="draft", submitted_at=None)
    assert fit(alice, MASK).why == "no_screening"


def test_with_answers_what_they_allow_is_booked_at_once_and_caution_waits_for_a_signature(alice: User) -> None:
    screened(alice)
    mask, facial = fit(alice, MASK, by=Level.L1), fit(alice, FACIAL, by=Level.L1)
    assert (mask.status, mask.bookable, mask.tentative) == (Status.ALLOWED, True, False)
    assert (facial.status, facial.bookable, facial.tentative) == (Status.CAUTION, True, True)
    assert facial.reasons
    assert facial.knowledge == current().digest


def test_what_asks_for_the_second_level_waits_for_a_signature_whoever_does_it(alice: User) -> None:
    screened(alice)
    assert not fit(alice, MASK, by=Level.L3).tentative
    Service.objects.filter(treatment=MASK).update(level=Level.L2)
    assert fit(alice, MASK, by=Level.L3).tentative
    assert fit(alice, MASK, by=Level.L3).status is Status.ALLOWED


def test_open_questions_leave_only_the_consultation(alice: User) -> None:
    screened(alice, "almost_nothing_answered")
    assert said(fit(alice, MASK)) == (False, "incomplete", None)
    assert fit(alice, CONSULTATION).bookable


def test_answers_that_contradict_each_other_are_not_complete(alice: User) -> None:
    given = screened(alice)
    given.answers["health"]["medicines"] = [{"name": "adapalene", "start": "2026-05-01", "stop": "2026-04-01"}]
    given.save()
    assert said(fit(alice, MASK)) == (False, "incomplete", None)


def test_answers_count_as_long_as_they_are_fresh(alice: User) -> None:
    screened(alice)
    assert fit(alice, MASK, now=NOW + timedelta(days=7), on=LATER).bookable
    assert said(fit(alice, MASK, now=NOW + timedelta(days=8), on=LATER)) == (False, "expired", None)
    assert fit(alice, CONSULTATION, now=NOW + timedelta(days=8), on=LATER).bookable


def test_what_will_be_too_old_by_then_is_named(alice: User) -> None:
    screened(alice)
    assert fit(alice, MASK, on=TODAY + timedelta(days=7)).confirm == ()
    assert "now.skin" in fit(alice, MASK, on=TODAY + timedelta(days=8)).confirm


def test_a_wait_says_until_when(alice: User) -> None:
    screened(alice, "wedding_in_ten_days")
    until = date(2026, 12, 1)
    assert said(fit(alice, PEEL)) == (False, "waits", until)
    assert said(fit(alice, PEEL, on=until)) == (True, "", None)
    assert said(fit(alice, PEEL, on=until - timedelta(days=1))) == (False, "waits", until)


@pytest.mark.parametrize(
    ("example", "treatment", "why"),
    [
        ("pregnant_wants_salicylic_peel", PEEL, "blocked"),
        ("itchy_forehead_after_antibiotics", FACIAL, "refer"),
        ("isotretinoin_stopped_three_months_ago", FACIAL, "waits"),
        ("fifteen_year_old", MASK, "guardian"),
    ],
)
def test_what_mainly_stands_against_it_is_told(alice: User, example: str, treatment: str, why: str) -> None:
    screened(alice, example)
    found = fit(alice, treatment)
    assert (found.bookable, found.why) == (False, why)
    assert found.reasons[0].status is found.status


def test_a_guardian_who_agreed_settles_it(alice: User) -> None:
    screened(alice, "fifteen_year_old")
    Client.objects.update(guardian_contact="parent@example.com", guardian_consent_at=NOW)
    assert fit(alice, MASK).bookable


def test_too_low_a_level_is_told_apart(alice: User) -> None:
    screened(alice)
    assert said(fit(alice, PEEL, by=Level.L1)) == (False, "level", None)
    assert fit(alice, PEEL, by=Level.L3).bookable


def test_nothing_is_booked_for_who_is_archived(alice: User, petra: User) -> None:
    screened(alice)
    archive_client(client=alice.client, reason="Moved away.", by=petra.membership, now=NOW)
    assert [fit(alice, each).why for each in (CONSULTATION, MASK)] == ["archived", "archived"]


# --- what people decide ---------------------------------------------------------------------------------------


def held_back(user: User, by: User, status: Status) -> None:
    """A practitioner signs the newest answers and makes the mask stricter."""
    given = Consultation.objects.filter(client=user.client, state="submitted").latest("submitted_at")
    stricter = [Adjustment(MASK, status, "Let the skin rest first.")]
    sign(consultation=given, version=given.version, adjustments=stricter, note="", by=by.membership, now=NOW)


def test_what_a_practitioner_holds_back_counts(alice: User, doris: User) -> None:
    screened(alice)
    held_back(alice, doris, Status.DEFER)
    assert said(fit(alice, MASK)) == (False, "adjusted", None)
    assert fit(alice, FACIAL).bookable


def test_caution_of_a_practitioner_makes_it_wait_for_a_signature(alice: User, doris: User) -> None:
    screened(alice)
    held_back(alice, doris, Status.CAUTION)
    assert fit(alice, MASK).tentative


def test_it_holds_until_newer_answers_are_signed(alice: User, doris: User) -> None:
    screened(alice)
    held_back(alice, doris, Status.DEFER)
    newer = screened(alice, now=NOW + timedelta(hours=1))
    assert fit(alice, MASK).why == "adjusted"
    sign(consultation=newer, version=newer.version, adjustments=[], note="", by=doris.membership, now=NOW)
    assert fit(alice, MASK).bookable


def test_an_override_lets_it_be_booked_with_caution(alice: User, doris: User) -> None:
    screened(alice, "wedding_in_ten_days")
    against = [each.rule for each in fit(alice, PEEL).reasons if not each.status.bookable]
    sign_override(
        client=alice.client,
        rules=against,
        treatments=[PEEL],
        expires=MONDAY + timedelta(days=30),
        reason="Seen today.",
        by=doris.membership,
        knowledge=current(),
        now=NOW,
    )
    found = fit(alice, PEEL)
    assert (found.bookable, found.tentative, found.why) == (True, True, "")


# --- visits beside --------------------------------------------------------------------------------------------


def have(user: User, by: User, treatment: str, on: date) -> Appointment:
    """A booked visit."""
    return book(client=user.client, visit=visit_at("10:00", [treatment], on=on, who=by), booker=as_staff(by))


def test_two_sessions_of_one_treatment_keep_their_distance_in_both_directions(alice: User, doris: User) -> None:
    screened(alice)
    span = load().get(Treatment, FACIAL).interval_days
    assert span is not None
    days = timedelta(days=int(span.high))
    stands = MONDAY + timedelta(weeks=10)
    made = have(alice, doris, FACIAL, stands)
    assert said(fit(alice, FACIAL, on=stands + days - timedelta(days=1)))[:2] == (False, "interval")
    assert said(fit(alice, FACIAL, on=stands - days + timedelta(days=1))) == (False, "interval", stands + days)
    assert fit(alice, FACIAL, on=stands - days).bookable
    assert fit(alice, FACIAL, on=stands + days).bookable
    assert fit(alice, FACIAL, on=stands, but=made).bookable, "the one that is to be moved doesn't count"


def test_what_is_booked_has_to_stay_fitting_too(alice: User, doris: User) -> None:
    """Whichever of the two is booked first: the other one finds no room close to it, on either side."""
    screened(alice)
    stands = MONDAY + timedelta(weeks=10)
    near = [stands - timedelta(days=2), stands + timedelta(days=2)]
    made = have(alice, doris, PEEL, stands)
    assert [fit(alice, FACIAL, on=day).why for day in near] == ["visits", "visits"]
    assert fit(alice, FACIAL, on=near[0]).until > stands  # type: ignore[operator] # there is such a day
    cancel(appointment=made, version=made.version, reason="", booker=as_staff(doris))
    assert [fit(alice, FACIAL, on=day).why for day in near] == ["", ""]
    have(alice, doris, FACIAL, stands)
    assert [fit(alice, PEEL, on=day).why for day in near] == ["visits", "visits"]


def test_visits_that_took_place_count_and_missed_ones_do_not(alice: User, doris: User) -> None:
    screened(alice)
    made = have(alice, doris, PEEL, MONDAY)
    for state, why in ((State.DONE, "visits"), (State.NO_SHOW, ""), (State.CANCELLED, "")):
        Appointment.objects.filter(pk=made.pk).update(state=state)
        assert fit(alice, FACIAL, on=MONDAY + timedelta(days=2)).why == why, state


def test_services_that_rule_each_other_out_do_not_share_a_visit(alice: User) -> None:
    screened(alice)
    assert fit(alice, FACIAL, MASK).bookable
    assert fit(alice, FACIAL, CONSULTATION).bookable
    assert said(fit(alice, FACIAL, PEEL)) == (False, "together", None)
    assert said(fit(alice, PEEL, FACIAL)) == (False, "together", None)
    assert said(fit(alice, FACIAL, FACIAL)) == (False, "together", None)


def test_visits_that_are_booked_together_are_seen_beside_each_other(alice: User, doris: User) -> None:
    screened(alice)
    first = visit_at("10:00", [PEEL], who=doris)
    second = visit_at("10:00", [FACIAL], on=MONDAY + timedelta(days=2), who=doris)
    assert fit_of(alice.client, second, now=NOW).bookable
    assert fit_of(alice.client, second, now=NOW, beside=[first]).why == "visits"


# --- cost -----------------------------------------------------------------------------------------------------


def test_many_days_are_read_once(alice: User, doris: User, north: Location) -> None:
    screened(alice)
    client = Client.objects.select_related("location").get(pk=alice.client.pk)

    def cost(days: int) -> int:
        found = Fitting(client, now=NOW)
        with CaptureQueriesContext(connection) as caught:
            for number in range(days):
                found.of([FACIAL], on=MONDAY + timedelta(days=number), performer=Level.L1)
        return len(caught)

    before = cost(1)
    have(alice, doris, MASK, MONDAY)
    have(alice, doris, MASK, LATER)
    make_service("sheet_mask", north, level=Level.L2)
    assert cost(90) == before <= 9
