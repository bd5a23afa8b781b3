"""The referral letter: what the client told, in both languages, without the name of an illness, as a PDF."""

import io
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, at, fields, given_in, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.clinic.letter import blocks
from pellucid.web.records.models import Consultation

pytestmark = pytest.mark.django_db

FORBIDDEN = (
    "diagnos",
    "folliculitis",
    "rosacea",
    "cure",
    "detox",
    "safe",
    "診斷",
    "毛囊炎",
    "酒糟",
    "治癒",
    "排毒",
    "安全",
)


@pytest.fixture
def consultation(alice: User) -> Consultation:
    """One with findings that only a physician may name."""
    return given_in(alice, "itchy_forehead_after_antibiotics")


def draft(user: User, consultation: Consultation, **chosen: str) -> dict[str, str]:
    """The form with a draft."""
    with at(NOW):
        return fields(signed_in(user).get(reverse("clinic:letter", args=[consultation.pk]), chosen))


def root(reader: PdfReader) -> Any:
    """What a PDF says of itself."""
    return reader.trailer["/Root"]


def made(user: User, consultation: Consultation, sent: dict[str, str]) -> Any:
    """What comes of it."""
    with at(NOW):
        return signed_in(user).post(reverse("clinic:letter", args=[consultation.pk]), sent)


def test_a_draft_is_about_this_client(petra: User, alice: User) -> None:
    """Redness that a physician has to name stays redness."""
    text = draft(petra, given_in(alice, "rosacea_like_redness"))["text"]
    assert "Skin type: Normal" in text
    assert "Visible redness: Yes" in text
    assert not [word for word in FORBIDDEN if word in text.lower()]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
@pytest.mark.parametrize("to", ["physician", "dermatologist", "prescriber"])
def test_a_draft_names_no_illness(to: str, language: str, petra: User, consultation: Consultation) -> None:
    """It holds what was told, what is asked, and none of the words that belong to a physician."""
    text = draft(petra, consultation, to=to, language=language)["text"]
    assert "Alice Example" in text
    told = {"en": "Itch", "zh-hant": "癢"}[language]
    assert told in text
    assert text.count("## ") >= 4
    assert not [word for word in FORBIDDEN if word in text.lower()]


def test_the_pdf_has_the_words_as_they_were_changed(petra: User, consultation: Consultation) -> None:
    """Name and address, the practitioner's own sentence, headings; tagged, and noted with its hash."""
    sent = draft(petra, consultation)
    sent["text"] = sent["text"].replace("Thank you for your help.", "Our own sentence with #hash and *stars*.")
    sent["address"] = "Dr Sample\nLane 1"
    answer = made(petra, consultation, sent)
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in (
        "Dr Sample",
        "Lane 1",
        "Example Clinic",
        "Alice Example",
        "Petra Example",
        "20 November 2026",
        "Our own sentence with #hash and *stars*.",
    ):
        assert part in text
    assert "/StructTreeRoot" in root(reader)
    event = Event.objects.get(action="letter.made")
    assert event.client == str(consultation.client_id)
    assert "Dr Sample" not in str(event.detail)


def test_a_letter_in_chinese(petra: User, consultation: Consultation) -> None:
    """In its own fonts."""
    answer = made(petra, consultation, draft(petra, consultation, language="zh-hant"))
    reader = PdfReader(io.BytesIO(answer.content))
    assert root(reader)["/Lang"] == "zh-TW"
    assert "2026年11月20日" in reader.pages[0].extract_text().replace(" ", "")


def test_an_empty_letter_is_refused_and_nothing_typed_is_lost(petra: User, consultation: Consultation) -> None:
    """The other fields stay."""
    answer = made(petra, consultation, {**draft(petra, consultation), "text": "", "address": "Dr Kept"})
    assert answer.status_code == 200
    assert "Dr Kept" in answer.content.decode()
    assert "Please fill this in" in words(answer)
    assert Event.objects.filter(action="letter.made").count() == 0


def test_markup_of_a_letter() -> None:
    """Headings, lists and paragraphs, whatever stands between them."""
    found = list(blocks("One\ntwo\n\n## Head\n- a\n- b\nThree\r\n\r\nFour"))
    assert [each["kind"] for each in found] == ["paragraph", "heading", "list", "paragraph", "paragraph"]
    assert found[0]["text"] == "One two"
    assert found[2]["lines"] == ["a", "b"]
