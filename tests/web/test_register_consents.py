"""A client's own page of consents."""

from typing import Any

import pytest
from django.test import Client as Browser
from tests.web.cast import THEN, signed_in

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.records.actions.consents import give, withdraw
from pellucid.web.records.models import Client, Consent
from pellucid.web.sites.models import Document
from pellucid.web.sites.publish import Wording, publish, publish_starting_texts

pytestmark = pytest.mark.django_db
PATH = "/me/consents/"


@pytest.fixture
def page(alice: User) -> Browser:
    publish_starting_texts(by="system", now=THEN)
    return signed_in(alice)


def send(browser: Browser, wish: str, kind: str = "photos", **changes: Any) -> Any:
    wording = Document.objects.filter(kind=kind, language="en").first()
    sent = {"kind": kind, "wish": wish, "document": wording.pk if wording else "", **changes}
    return browser.post(PATH, sent)


def test_photos_can_be_allowed_and_stopped_and_both_stay_on_record(page: Browser, alice: User) -> None:
    assert send(page, "give")["Location"] == PATH
    assert Consent.objects.get().sentence.startswith("You may take photos")
    assert "Since " in page.get(PATH).content.decode()
    send(page, "withdraw")
    consent = Consent.objects.get()
    assert consent.withdrawn_at is not None
    assert list(Event.objects.values_list("action", flat=True).order_by("pk"))[-2:] == [
        "consent.given",
        "consent.withdrawn",
    ]
    send(page, "give")
    assert Consent.objects.filter(withdrawn_at=None).count() == 1
    assert Consent.objects.count() == 2


def test_pressing_twice_is_harmless(page: Browser) -> None:
    for wish in ("give", "give", "withdraw", "withdraw"):
        send(page, wish)
    assert Consent.objects.count() == 1


def test_a_wording_that_changed_meanwhile_is_shown_first(page: Browser) -> None:
    old = Document.objects.get(kind="photos", language="en").pk
    publish("photos", {"en": Wording("Photos", "New."), "zh-hant": Wording("照片", "新。")}, by="system", now=THEN)
    answer = page.post(PATH, {"kind": "photos", "wish": "give", "document": old}, follow=True)
    assert "changed just now" in answer.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("sent", [{"kind": "terms", "wish": "withdraw"}, {"kind": "photos"}, {}])
def test_terms_are_not_withdrawn_here_and_nonsense_is_declined(page: Browser, sent: dict[str, str]) -> None:
    assert page.post(PATH, sent).status_code == 400


def test_the_page_shows_the_wording_that_was_agreed_to_not_the_newest(page: Browser, alice: User) -> None:
    send(page, "give")
    publish("photos", {"en": Wording("Photos", "New."), "zh-hant": Wording("照片", "新。")}, by="system", now=THEN)
    assert 'href="/documents/photos/1/"' in page.get(PATH).content.decode()


def test_a_newer_wording_ends_the_consent_to_the_older(alice: User, page: Browser) -> None:
    record = Client.objects.get(user=alice)
    first = Document.objects.get(kind="terms", language="en")
    give(client=record, kind="terms", document=first, sentence="I agree", actor=alice.ref, now=THEN)
    publish("terms", {"en": Wording("T", "2"), "zh-hant": Wording("T", "2")}, by="system", now=THEN)
    second = Document.objects.get(kind="terms", language="en", version=2)
    give(client=record, kind="terms", document=second, sentence="I agree", actor=alice.ref, now=THEN)
    assert Consent.objects.get(withdrawn_at=None).document == second


def test_what_a_client_rests_on_is_not_withdrawn_by_itself(alice: User) -> None:
    with pytest.raises(ValueError, match="terms"):
        withdraw(client=Client.objects.get(user=alice), kind="terms", actor=alice.ref, now=THEN)
