"""Terms, privacy and consents: the newest version in the page's language, older ones still there, none ever changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client as Browser
from tests.web.public import NOW, said

from pellucid.web.audit.models import Event
from pellucid.web.outbox.forget import KEPT
from pellucid.web.sites.models import LANGUAGES, Clinic, Document
from pellucid.web.sites.publish import Wording, publish, publish_starting_texts, starting_text

pytestmark = pytest.mark.django_db

SECOND = {"en": Wording("Our terms", "New words."), "zh-hant": Wording("我們的條款", "新的文字。")}


@pytest.fixture(autouse=True)
def published(clinic: Clinic) -> None:
    publish_starting_texts(by="system", now=NOW)


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
@pytest.mark.parametrize("kind", [kind for kind, _ in Document.KINDS])
def test_every_wording_has_a_starting_text_that_says_it_is_one(kind: str, language: str) -> None:
    wording = starting_text(kind, language)
    assert wording.title
    assert ("lawyer" if language == "en" else "律師") in wording.text.partition("\n")[0]


def test_the_text_on_privacy_says_when_sent_messages_are_deleted() -> None:
    for language, said_so in (("en", f"{KEPT.days} days"), ("zh-hant", f"{KEPT.days} 天")):
        assert said_so in starting_text("privacy", language).text


def test_publishing_the_starting_texts_again_changes_nothing() -> None:
    before = list(Document.objects.values())
    publish_starting_texts(by="system", now=NOW + timedelta(days=1))
    assert list(Document.objects.values()) == before
    assert len(before) == len(Document.KINDS) * len(LANGUAGES)


def test_the_newest_version_shows_and_the_older_ones_are_linked(client: Browser) -> None:
    publish("terms", SECOND, by="user.1", now=NOW + timedelta(days=1))
    html = client.get("/terms/").content.decode()
    assert "New words." in html
    assert "Version 2, published on" in html
    assert 'href="/documents/terms/1/"' in html
    old = client.get("/documents/terms/1/").content.decode()
    assert "This is an older version." in old
    assert starting_text("terms", "en").title in old
    assert "新的文字。" in client.get("/zh-hant/terms/").content.decode()


def test_publishing_is_in_the_audit_trail() -> None:
    publish("terms", SECOND, by="user.1", now=NOW)
    event = Event.objects.filter(action="document.published").latest("id")
    assert (event.actor, event.subject, event.detail) == ("user.1", "document.terms", {"version": 2})


def test_all_languages_are_published_together_or_none() -> None:
    with pytest.raises(ValueError, match="zh-hant"):
        publish("terms", {"en": SECOND["en"]}, by="user.1", now=NOW)
    with pytest.raises(ValueError, match="nonsense"):
        publish("nonsense", SECOND, by="user.1", now=NOW)
    assert Document.objects.filter(version=2).count() == 0


def test_a_version_stands_once() -> None:
    first = Document.objects.get(kind="terms", language="en")
    with pytest.raises(IntegrityError):
        Document.objects.create(kind="terms", version=1, language="en", published_at=first.published_at)


def test_before_anything_is_published_the_page_says_so(client: Browser) -> None:
    Document.objects.all().delete()
    assert "has not published this yet" in said(client.get("/terms/").content.decode())


def test_markup_in_a_wording_is_shown_and_not_run(client: Browser) -> None:
    publish("terms", {**SECOND, "en": Wording("<i>T", "<script>alert(1)</script>")}, by="user.1", now=NOW)
    html = client.get("/terms/").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
