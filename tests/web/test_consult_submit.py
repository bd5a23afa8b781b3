"""Handing a consultation in: once, all of it or nothing, for the clinic's day, with what counts for this client."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.web import consult
from tests.web.consult import browser, hand_in, later, on_the_day

from pellucid.knowledge.load import load
from pellucid.web.accounts import post
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import consultations as actions
from pellucid.web.records.models import Clearance, Client, Consultation, Override
from pellucid.web.records.queries import consultations as queries
from pellucid.web.sites import clock

__all__ = ["browser", "on_the_day"]

CHECK = reverse("portal:consultation_check")
SUBMIT = reverse("portal:consultation_submit")


def test_handing_in_twice_is_once(browser: Browser) -> None:
    form = consult.form_of(browser)
    places = [browser.post(SUBMIT, form)["Location"] for _ in range(2)]
    assert places[0] == places[1] == reverse("portal:result", args=[Consultation.objects.get().pk])
    assert Event.objects.filter(action="consultation.submitted").count() == 1
    assert Message.objects.filter(kind="consultation_submitted").count() == 1


def test_handing_in_a_page_that_is_stale_shows_the_answers_again(browser: Browser) -> None:
    form = consult.form_of(browser)
    consult.send(browser, "person.age", answer="30")
    assert browser.post(SUBMIT, form)["Location"] == CHECK
    assert "changed elsewhere" in browser.get(CHECK).content.decode()
    assert Consultation.objects.get().state == "draft"


@pytest.mark.parametrize("broken", ["record", "post"])
def test_killed_while_handing_in_the_draft_is_as_it_was(
    browser: Browser, alice: User, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult.answered(alice, "nothing_wrong")
    before = Consultation.objects.values().get()
    events, messages = Event.objects.count(), Message.objects.count()

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(actions, "record", killed) if broken == "record" else patch.setattr(post, "send", killed)
        with pytest.raises(SystemExit):
            hand_in(browser)
    assert Consultation.objects.values().get() == before
    assert (Event.objects.count(), Message.objects.count()) == (events, messages)
    assert hand_in(browser).status_code == 302
    assert Consultation.objects.get().state == "submitted"


def test_the_mail_to_the_clinic_tells_no_name_and_no_answer(browser: Browser) -> None:
    consult.send(browser, "health.pregnancy", answer="pregnant")
    hand_in(browser)
    mail = Message.objects.get(kind="consultation_submitted")
    assert mail.to == "hello@clinic.example"
    assert "Alice" not in mail.subject + mail.body
    assert "pregnan" not in mail.subject + mail.body


def test_a_newer_one_replaces_one_that_was_not_signed_yet(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(browser)
    later(monkeypatch, 1)
    consult.begin(browser)
    hand_in(browser)
    assert sorted(Consultation.objects.values_list("state", flat=True)) == ["replaced", "submitted"]


def test_it_is_worked_out_for_the_day_at_the_clinic(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: consult.NOW.replace(hour=17))  # one in the morning in Taipei
    hand_in(browser)
    assert Consultation.objects.get().day == consult.DAY + timedelta(days=1)


def test_papers_and_overrides_of_this_client_count(browser: Browser, alice: User, doris: User) -> None:
    member, client = doris.membership, Client.objects.get(user=alice)
    told = {"recorded_by": member, "recorded_at": consult.NOW, "by": "Dr Example", "kind": "physician_letter"}
    day = consult.DAY
    Clearance.objects.create(client=client, scope=["all"], given_on=day, until=day + timedelta(days=90), **told)
    Clearance.objects.create(client=client, scope=["gone"], given_on=day, until=day + timedelta(days=90), **told)
    Clearance.objects.create(
        client=client, scope=["all"], given_on=day, until=day + timedelta(days=90), withdrawn_at=consult.NOW, **told
    )
    [rule] = [each for each in load().by_ref.values() if getattr(each, "override", None) == "L3"][:1]
    common = {"by": member, "level": 3, "reason": "agreed with her", "signed_at": consult.NOW}
    Override.objects.create(client=client, rules=[rule.ref], expires=day + timedelta(days=30), **common)
    Override.objects.create(client=client, rules=["rule.gone"], expires=day + timedelta(days=30), **common)
    knowledge = queries.knowledge_for(client)
    assert [each.rules for each in knowledge.overrides] == [(rule.ref,)]
    papers = queries.ours(client, today=day, knowledge=knowledge)["papers.clearances"]
    assert [each["scope"] for each in papers] == [["all"]]
    hand_in(browser)
    assert Consultation.objects.get().knowledge == knowledge.digest != load().digest
