"""What must not slip: rules kept under a number that comes again, days by the wrong clock, two who write at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, TODAY, at, fields, given_in, words

from pellucid.knowledge.clinic import ClinicRules, WindowChange
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.rules import Contraindication, Window
from pellucid.web.accounts.models import User
from pellucid.web.records.actions.clearances import add_clearance
from pellucid.web.records.actions.consents import give
from pellucid.web.records.actions.overrides import sign_override
from pellucid.web.records.models import Client, Consent, Consultation, Override
from pellucid.web.records.queries.consultations import entry_of, knowledge_for, ours
from pellucid.web.sites import knowledge
from pellucid.web.sites.models import Document, Location, RulesVersion
from pellucid.web.sites.publish import publish_starting_texts

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
"""Two in the morning of 20 November in Taipei."""


def rules(days: int) -> dict[str, Any]:
    """A clinic's rules with one window of its own."""
    window = load().get(Window, "strong_active_before")
    change = WindowChange(window=window.id, column=next(iter(window.columns)), days=days)
    return ClinicRules(windows=(change,)).model_dump(mode="json")


def test_a_number_of_rules_that_comes_again_means_what_it_says_now(clinic: Any) -> None:
    made = RulesVersion.objects.create(rules=rules(30), by="user.1", reason="one", at=NOW)
    first = knowledge.current()
    RulesVersion.objects.filter(pk=made.pk).delete()
    RulesVersion.objects.create(pk=made.pk, rules=rules(40), by="user.1", reason="two", at=NOW)
    assert knowledge.current().digest != first.digest
    assert knowledge.current() is knowledge.current()


def overridable() -> str:
    """A rule that a physician may override."""
    found = load().of(Contraindication).values()
    return next(each.ref for each in found if each.override == "L3" and each.authority != "law")


def signed(client: Client, by: User, now: datetime) -> Override:
    """An override of one rule for half a year."""
    return sign_override(
        client=client,
        rules=[overridable()],
        treatments=[],
        expires=TODAY + timedelta(days=180),
        reason="Seen today.",
        by=by.membership,
        knowledge=load(),
        now=now,
    )


def test_an_override_counts_from_the_day_it_was_at_the_clients_location(alice: User, doris: User) -> None:
    override = signed(alice.client, doris, EVENING)
    assert entry_of(override).signature.signed == TODAY
    Location.objects.update(zone="America/New_York")
    assert entry_of(Override.objects.get()).signature.signed == TODAY - timedelta(days=1)


def test_knowledge_with_overrides_is_worked_out_once_and_anew_when_they_change(alice: User, doris: User) -> None:
    assert knowledge_for(alice.client) is knowledge.current()
    override = signed(alice.client, doris, NOW)
    with_it = knowledge_for(alice.client)
    assert with_it is knowledge_for(alice.client)
    assert [each.rules for each in with_it.overrides] == [(overridable(),)]
    Override.objects.filter(pk=override.pk).update(expires=date(2027, 1, 1))
    assert knowledge_for(alice.client).digest != with_it.digest


def paper(client: Client, by: User, until: date) -> None:
    """A physician's letter about everything."""
    add_clearance(
        client=client,
        kind="physician_letter",
        scope=["all"],
        given_on=TODAY,
        until=until,
        author="Dr Example",
        note="",
        by=by.membership,
        now=NOW,
    )


def test_a_paper_counts_on_its_last_day_and_not_after(alice: User, doris: User) -> None:
    paper(alice.client, doris, TODAY)
    [counted] = ours(alice.client, today=TODAY, knowledge=load())["papers.clearances"]
    assert counted["expires"] == (TODAY + timedelta(days=1)).isoformat()


def test_a_page_opened_before_a_paper_came_signs_nothing(alice: User, petra: User) -> None:
    with at(NOW):
        consultation = given_in(alice, "nothing_wrong")
        browser = signed_in(petra)
        sent = {**fields(browser.get(reverse("clinic:consultation", args=[consultation.pk]))), "seen": "on"}
        paper(alice.client, petra, TODAY + timedelta(days=9))
        answer = browser.post(reverse("clinic:sign", args=[consultation.pk]), sent)
        assert "changed while you were looking" in words(answer)
        assert Consultation.objects.get().state == "submitted"
        again = {**fields(answer), "seen": "on"}
        assert browser.post(reverse("clinic:sign", args=[consultation.pk]), again).status_code == 302
    assert Consultation.objects.get().state == "signed"


def test_a_consent_locks_its_client_so_that_two_at_once_are_one(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_starting_texts(by="system", now=NOW)
    locked: list[bool] = []
    real = Client.objects.select_for_update

    def lock() -> Any:
        locked.append(True)
        return real()

    monkeypatch.setattr(Client.objects, "select_for_update", lock)
    wording = Document.objects.get(kind="photos", language="en")
    for _ in range(2):
        give(client=alice.client, kind="photos", document=wording, sentence="Yes.", actor=alice.ref, now=NOW)
    assert len(locked) == 2
    assert Consent.objects.count() == 1


def test_a_practitioner_saves_a_client_of_another_location_without_moving_them(omar: User, alice: User) -> None:
    Client.objects.filter(user=alice).update(practitioner=omar.membership)
    browser, url = signed_in(omar), reverse("clinic:client_edit", args=[alice.client.pk])
    before = Client.objects.get(user=alice).location_id
    answer = browser.post(url, {**fields(browser.get(url)), "name": "Alice Sample"})
    assert answer.status_code == 302, words(answer)
    saved = Client.objects.get(user=alice)
    assert (saved.name, saved.location_id, saved.practitioner) == ("Alice Sample", before, omar.membership)
