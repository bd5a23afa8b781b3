"""Registering under 18: a guardian is asked, and ages of treatments come from the knowledge base."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from tests.web.registering import NOW, filled, newest_code, open_clinic

from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.guardians import LINK_LASTS
from pellucid.web.records.models import Client, Consent
from pellucid.web.sites.models import Location

pytestmark = pytest.mark.django_db
MIA, RUTH = "mia@example.com", "ruth@example.com"
YOUNG = {"under_age": "on", "birth_date": "2010-03-01", "guardian_name": "Ruth Example", "guardian_contact": RUTH}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pellucid.web.sites.clock.now", lambda: NOW)


@pytest.fixture
def place(north: Location) -> Location:
    open_clinic(north)
    return north


@pytest.fixture
def link(client: Browser, place: Location) -> str:
    """What Ruth finds in her mail."""
    client.post("/register/", filled(client, place, **YOUNG))
    client.post("/register/code/", {"code": newest_code(MIA)})
    found = re.search(r"(/register/guardian/\S+)", Message.objects.get(to=RUTH).body)
    assert found is not None
    return found.group()


def errors(browser: Browser, place: Location, **changes: Any) -> dict[str, list[str]]:
    answer = browser.post("/register/", filled(browser, place, **changes))
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


def test_adults_are_asked_for_no_birth_date(client: Browser, place: Location) -> None:
    assert client.post("/register/", filled(client, place)).status_code == 302


def test_under_18_birth_date_and_guardian_are_needed(client: Browser, place: Location) -> None:
    assert set(errors(client, place, under_age="on")) == {"birth_date", "guardian_name", "guardian_contact"}


def test_a_birth_date_that_says_under_18_asks_too_whatever_was_ticked(client: Browser, place: Location) -> None:
    assert set(errors(client, place, birth_date="2010-03-01")) == {"guardian_name", "guardian_contact"}


def test_a_guardians_mail_is_of_no_use_once_its_link_has_run_out(link: str) -> None:
    assert Message.objects.get(to=RUTH).useless_after == NOW + LINK_LASTS


def test_on_the_eighteenth_birthday_nobody_needs_a_guardian(client: Browser, place: Location) -> None:
    assert client.post("/register/", filled(client, place, birth_date="2008-05-05")).status_code == 302
    assert "guardian_name" in errors(client, place, birth_date="2008-05-06")


def test_ones_own_address_is_no_guardians(client: Browser, place: Location) -> None:
    told = errors(client, place, **{**YOUNG, "guardian_contact": "Mia@Example.com"})
    assert "own address" in told["guardian_contact"][0]


@pytest.mark.parametrize("typed", ["2027-01-01", "1850-01-01"])
def test_a_birth_date_that_can_not_be_is_told(client: Browser, place: Location, typed: str) -> None:
    assert "can't be a birth date" in errors(client, place, birth_date=typed)["birth_date"][0]


def test_a_treatment_that_an_age_rules_out_says_why_and_what_is_possible(client: Browser, place: Location) -> None:
    told = errors(client, place, wanted="carbon_laser", **YOUNG)["wanted"][0]
    assert "laser" in told.lower()
    assert "Possible for you: " in told
    assert "LED" in told
    assert "Carbon" not in told.split("Possible for you")[1]


def test_help_with_choosing_is_open_to_every_age(client: Browser, place: Location) -> None:
    assert client.post("/register/", filled(client, place, wanted="help", **YOUNG)).status_code == 302


def test_a_treatment_with_an_age_above_18_asks_adults_for_their_birth_date(client: Browser, place: Location) -> None:
    assert "has an age" in errors(client, place, wanted="rf_microneedling")["birth_date"][0]
    assert "wanted" in errors(client, place, wanted="rf_microneedling", birth_date="2006-01-01")
    old_enough = filled(client, place, wanted="rf_microneedling", birth_date="1990-01-01")
    assert client.post("/register/", old_enough).status_code == 302


def test_the_guardian_gets_a_link_only_after_the_address_is_confirmed(client: Browser, place: Location) -> None:
    client.post("/register/", filled(client, place, **YOUNG))
    assert not Message.objects.filter(to=RUTH).exists()


def test_opening_the_link_agrees_to_nothing(client: Browser, link: str) -> None:
    page = Browser().get(link).content.decode()
    assert "Mia Example has registered" in page
    assert Client.objects.get().guardian_consent_at is None
    assert not Consent.objects.filter(kind="guardian").exists()


def test_a_guardian_agrees_by_ticking_and_pressing(client: Browser, link: str) -> None:
    ruth = Browser()
    assert ruth.post(link).context["form"].errors
    assert "Thank you" in ruth.post(link, {"agree": "on"}).content.decode()
    consent = Consent.objects.get(kind="guardian")
    assert (consent.by, consent.document.kind, consent.given_at) == ("guardian", "terms", NOW)
    assert "Mia Example" in consent.sentence
    assert Client.objects.get().guardian_consent_at == NOW
    assert Event.objects.get(action="client.guardian_agreed").actor == f"guardian.{Client.objects.get().pk}"


def test_agreeing_twice_is_once(client: Browser, link: str) -> None:
    for _ in range(2):
        assert Browser().post(link, {"agree": "on"}).status_code == 200
    assert Consent.objects.filter(kind="guardian").count() == 1


def test_a_link_of_another_guardian_or_changed_or_old_does_not_hold(
    client: Browser, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Browser().get(link[:-5] + "aaaa/").status_code == 410
    with monkeypatch.context() as patch:
        patch.setattr("pellucid.web.sites.clock.now", lambda: NOW + timedelta(days=61))
        assert Browser().get(link).status_code == 410
    Client.objects.update(guardian_contact="other@example.com")
    assert Browser().post(link, {"agree": "on"}).status_code == 410
