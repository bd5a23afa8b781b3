"""Looking at a consultation, holding treatments back, signing, and two who sign at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, TODAY, at, given_in, words

from pellucid.model.errors import InputError
from pellucid.model.levels import Status
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.clearances import add_clearance
from pellucid.web.records.actions.reviews import (
    Adjustment,
    ChangedMeanwhileError,
    SignedAlreadyError,
    fingerprint,
    sign,
    statuses,
    work_out_again,
)
from pellucid.web.records.models import Consultation, Review

pytestmark = pytest.mark.django_db

URGENT = {"now": {"warning_signs": ["eye_involved"]}}


@pytest.fixture
def consultation(alice: User) -> Consultation:
    """Alice's, with nothing that can't wait."""
    return given_in(alice, "nothing_wrong")


def page(user: User, consultation: Consultation) -> Any:
    """The page of a consultation."""
    return signed_in(user).get(reverse("clinic:consultation", args=[consultation.pk]))


def sign_url(consultation: Consultation) -> str:
    """Where a signature goes."""
    return reverse("clinic:sign", args=[consultation.pk])


def filled(consultation: Consultation, **changed: str) -> dict[str, str]:
    """The form below a consultation, ready to be signed."""
    return {
        "version": str(consultation.version),
        "seen": "on",
        "note": "",
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        **changed,
    }


def open_treatment(consultation: Consultation) -> str:
    """One that screening has nothing against."""
    return next(name for name, status in statuses(consultation.reports).items() if status is Status.ALLOWED)


def test_red_flags_come_first(petra: User, alice: User, bob: User) -> None:
    """On the list, however late they came in; and at the top of the consultation."""
    with at(NOW):
        given_in(bob, "nothing_wrong", now=NOW - timedelta(days=1))
        urgent = given_in(alice, "nothing_wrong", changed=URGENT)
        shown = words(signed_in(petra).get(reverse("clinic:reviews")))
        assert shown.index("Alice Example") < shown.index("Bob Example")
        assert "Same day" in shown
        read = words(page(petra, urgent))
    assert read.index("eye is involved") < read.index("What was found")


def test_answers_stand_beside_what_follows_and_what_changed_is_marked(petra: User, alice: User) -> None:
    """The second consultation says what was different in the first."""
    with at(NOW):
        given_in(alice, "nothing_wrong", now=NOW - timedelta(days=40))
        second = given_in(alice, "nothing_wrong", changed=URGENT)
        read = words(page(petra, second))
    assert "1 answer differs from last time" in read
    assert "changed" in read
    row = read[read.index("Answers, and what follows") :]
    assert row.index("Warning signs now") < row.index("Same day")


@pytest.mark.parametrize(("language", "age"), [("en", "34 years"), ("zh-hant", "34 歲")])
def test_a_number_stands_with_its_unit_in_the_page_s_language(
    language: str, age: str, petra: User, alice: User
) -> None:
    """So that nobody has to know the questionnaire's own units."""
    with at(NOW):
        given = given_in(alice, "nothing_wrong", changed={"person": {"age": 34}})
    with translation.override(language):
        assert age in words(page(petra, given))


def test_signing_keeps_level_and_hash_and_tells_the_client(petra: User, consultation: Consultation) -> None:
    """The mail holds no health data; the event says who and at which level."""
    with at(NOW):
        answer = signed_in(petra).post(sign_url(consultation), filled(consultation, note="All fine."))
    assert answer.status_code == 302
    review = Review.objects.get()
    signed = Consultation.objects.get(pk=consultation.pk)
    assert (signed.state, review.level, review.note) == ("signed", 1, "All fine.")
    assert review.report_sha256 == fingerprint(consultation.reports)
    mail = Message.objects.get(kind="result_reviewed")
    assert mail.to == "alice@example.com"
    assert "All fine" not in mail.subject + mail.body
    assert "/me/" in mail.body
    assert Event.objects.get(action="consultation.signed").detail["level"] == "L1"


def test_a_second_click_signs_once(petra: User, consultation: Consultation) -> None:
    """It says that it counts once."""
    with at(NOW):
        browser = signed_in(petra)
        browser.post(sign_url(consultation), filled(consultation))
        answer = browser.post(sign_url(consultation), filled(consultation), follow=True)
    assert "You have signed this already" in words(answer)
    assert Review.objects.count() == Message.objects.filter(kind="result_reviewed").count() == 1


def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told(
    petra: User, doris: User, consultation: Consultation
) -> None:
    """Both had the same page open."""
    with at(NOW):
        signed_in(petra).post(sign_url(consultation), filled(consultation))
        answer = signed_in(doris).post(sign_url(consultation), filled(consultation, note="Mine."), follow=True)
    assert "Petra Example was quicker" in words(answer)
    assert Review.objects.get().by == petra.membership
    with pytest.raises(SignedAlreadyError):
        sign(consultation=consultation, version=1, adjustments=[], note="", by=doris.membership, now=NOW)


def test_a_treatment_can_be_held_back_with_a_reason(petra: User, consultation: Consultation) -> None:
    """What is kept names treatment, status and reason."""
    held = {"form-0-treatment": open_treatment(consultation), "form-0-status": "defer", "form-0-reason": "Wait a week."}
    with at(NOW):
        signed_in(petra).post(sign_url(consultation), filled(consultation, **held))
    (kept,) = Review.objects.get().adjustments
    assert kept == {"what": f"treatment.{open_treatment(consultation)}", "status": "defer", "reason": "Wait a week."}


def test_nothing_can_be_loosened_by_holding_back(petra: User, alice: User) -> None:
    """The form says so at its field and keeps what was typed; the action refuses too."""
    with at(NOW):
        consultation = given_in(alice, "itchy_forehead_after_antibiotics")
        strict = next(name for name, status in statuses(consultation.reports).items() if status is Status.REFER)
        held = {"form-0-treatment": strict, "form-0-status": "caution", "form-0-reason": "She really wants it."}
        answer = signed_in(petra).post(sign_url(consultation), filled(consultation, note="Dear Alice", **held))
    assert answer.status_code == 200
    assert "at least as strict already" in words(answer)
    assert "She really wants it." in answer.content.decode()
    assert "Dear Alice" in answer.content.decode()
    loose = [Adjustment(strict, Status.CAUTION, "no")]
    with pytest.raises(InputError):
        sign(
            consultation=consultation,
            version=consultation.version,
            adjustments=loose,
            note="",
            by=petra.membership,
            now=NOW,
        )
    assert Review.objects.count() == 0


def test_it_has_to_be_looked_at_before_it_is_signed(petra: User, consultation: Consultation) -> None:
    """The box beside the button."""
    sent = filled(consultation)
    del sent["seen"]
    with at(NOW):
        answer = signed_in(petra).post(sign_url(consultation), sent)
    assert answer.status_code == 200
    assert "Please confirm that you have looked" in words(answer)


def test_what_changed_since_is_told_and_worked_out_again(petra: User, consultation: Consultation) -> None:
    """Another day and a new paper; afterwards the note is gone and the version on the old page no longer signs."""
    later = NOW + timedelta(days=3)
    with at(later):
        add_clearance(
            client=consultation.client,
            kind="test_spot",
            scope=["all"],
            given_on=TODAY,
            until=TODAY + timedelta(days=90),
            author="Petra",
            note="",
            by=petra.membership,
            now=later,
        )
        read = words(page(petra, consultation))
        assert "something it stands on has changed" in read
        assert "the clearances on file" in read
        assert "waits may have ended" in read
        browser = signed_in(petra)
        again = browser.post(reverse("clinic:again", args=[consultation.pk]), {"version": consultation.version})
        assert again.status_code == 302
        assert "something it stands on has changed" not in words(page(petra, consultation))
        stale = browser.post(sign_url(consultation), filled(consultation, note="Kept words"))
        assert stale.status_code == 200
        assert "Kept words" in stale.content.decode()
        fresh = Consultation.objects.get(pk=consultation.pk)
        assert fresh.day == (later + timedelta(hours=8)).date()
        assert browser.post(sign_url(consultation), filled(fresh)).status_code == 302


def test_a_signed_consultation_is_not_worked_out_again(petra: User, consultation: Consultation) -> None:
    """What was signed stays."""
    sign(consultation=consultation, version=consultation.version, adjustments=[], note="", by=petra.membership, now=NOW)
    with pytest.raises(SignedAlreadyError):
        work_out_again(consultation=consultation, version=consultation.version + 1, by=petra.membership, now=NOW)


def test_a_consultation_that_was_replaced_can_not_be_signed(
    petra: User, alice: User, consultation: Consultation
) -> None:
    """The client has given in a newer one since."""
    given_in(alice, "nothing_wrong", now=NOW + timedelta(hours=1))
    with pytest.raises(ChangedMeanwhileError):
        sign(
            consultation=consultation,
            version=consultation.version,
            adjustments=[],
            note="",
            by=petra.membership,
            now=NOW + timedelta(hours=2),
        )


def test_drafts_are_nobodys_business(petra: User, alice: User) -> None:
    """A consultation that was not given in is not found."""
    draft = Consultation.objects.create(client=alice.client, begun_at=NOW, changed_at=NOW)
    assert page(petra, draft).status_code == 404
