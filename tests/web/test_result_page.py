"""The result of a consultation: what is shown first, what the practitioner made of it, both languages, paper."""

import io
import re
from typing import Any, cast

import pypdf
import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from tests.web import consult
from tests.web.cast import signed_in
from tests.web.public import make_offer

from pellucid.knowledge.load import load
from pellucid.web.accounts.models import User
from pellucid.web.records.models import Client, Consultation, Review
from pellucid.web.sites import clock

NAMES = sorted(path.stem for path in consult.EXAMPLES.glob("*.toml"))
NEVER = re.compile(r"\b(shrinks?|detox\w*|cures?|close(s|d)? (your )?pores|opens? (your )?pores)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: consult.NOW)


def handed_in(user: User, name: str) -> tuple[Browser, Consultation]:
    """A browser, and a consultation answered as an example and handed in."""
    return signed_in(user), consult.handed_in(user, name)


def page(browser: Browser, done: Consultation, language: str = "en") -> str:
    """The result page."""
    with translation.override(language):
        answer = browser.get(reverse("portal:result", args=[done.pk]))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("name", NAMES)
def test_every_example_has_a_page_in_both_languages(name: str, alice: User) -> None:
    browser, done = handed_in(alice, name)
    for language, texts in (("en", "en"), ("zh-hant", "zh_hant")):
        shown = page(browser, done, language)
        report = done.reports[texts]
        for found in report["findings"]:
            assert found["name"] in shown.replace("&#x27;", "'").replace("&amp;", "&"), found["ref"]
        for option in report["options"]:
            assert f'id="option-{option["treatment"]}"' in shown
        assert not NEVER.search(re.sub(r"<[^>]+>", " ", shown))
        assert "style=" not in shown
        assert "&amp;#" not in shown, "escaped twice"


def test_a_wish_that_is_ruled_out_stands_there_with_why(alice: User) -> None:
    browser, done = handed_in(alice, "pregnant_wants_salicylic_peel")
    option = next(each for each in done.reports["en"]["options"] if each["treatment"] == "salicylic_peel")
    assert option["status"] in {"blocked", "refer"}
    shown = page(browser, done)
    apart = shown.index("Not for now, and why")
    assert apart < shown.index('id="option-salicylic_peel"')
    assert option["reasons"][0]["name"] in shown[apart:]


def test_a_prescribed_medicine_is_a_question_for_the_prescriber(alice: User) -> None:
    browser, done = handed_in(alice, "rosacea_like_redness")
    pages = page(browser, done)
    lines = [line for option in done.reports["en"]["options"] for line in option["preparation"]]
    assert all(line["action"] != "pause" for line in lines if line["concerns"] in done.reports["en"]["routine"]["keep"])
    if any(line["action"] == "ask_prescriber" for line in lines):
        assert load().texts("en").phrase("notice.keep_medicine") in pages


def test_nobody_reviewed_it_yet_and_no_dates_are_planned(alice: User) -> None:
    browser, done = handed_in(alice, "nothing_wrong")
    shown = page(browser, done)
    assert "Not yet reviewed by the clinic" in shown
    assert "Dates at the clinic are not planned yet" in shown


def sign(done: Consultation, by: User) -> None:
    """As the clinic does."""
    adjusted = [{"what": "treatment.pore_cleanup_facial", "status": "blocked", "reason": "Let us <b>wait</b>."}]
    Review.objects.create(
        consultation=done, by=by.membership, level=3, at=consult.NOW, note="See you soon.", adjustments=adjusted
    )
    Consultation.objects.filter(pk=done.pk).update(state="signed")


def test_a_signature_shows_who_and_what_they_changed(alice: User, doris: User) -> None:
    browser, done = handed_in(alice, "oily_t_zone_student")
    sign(done, doris)
    shown = page(browser, done)
    assert (
        "Reviewed and signed by Doris Example (physician, or directly supervised by one) on 20 November 2026." in shown
    )
    assert "See you soon." in shown
    assert "Let us &lt;b&gt;wait&lt;/b&gt;." in shown
    option = shown[shown.index('id="option-pore_cleanup_facial"') :]
    assert shown.index("Not for now, and why") < shown.index('id="option-pore_cleanup_facial"')
    assert 'class="badge badge--blocked"' in option[: option.index("</header>")]
    assert "Earliest date" not in option[: option.index("</dl>")]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_pdf_is_tagged_and_says_the_same(language: str, alice: User, doris: User) -> None:
    browser, done = handed_in(alice, "oily_t_zone_student")
    sign(done, doris)
    with translation.override(language):
        answer = browser.get(reverse("portal:result_pdf", args=[done.pk]))
    assert answer["Content-Type"] == "application/pdf"
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    assert cast("Any", paper.root_object["/MarkInfo"])["/Marked"]
    text = re.sub(r"\s+", "", "".join(each.extract_text() for each in paper.pages))
    report = done.reports[{"en": "en", "zh-hant": "zh_hant"}[language]]
    assert re.sub(r"\s+", "", report["findings"][0]["name"]) in text
    assert "DorisExample" in text
    assert "Letus<b>wait</b>." in text


def test_another_answer_is_one_button_away(alice: User) -> None:
    browser, done = handed_in(alice, "almost_nothing_answered")
    shown = page(browser, done)
    assert 'name="question" value="health.conditions"' in shown
    assert 'name="question" value="consultation.region"' not in shown
    answer = browser.post(reverse("portal:consultation_begin"), {"question": "health.conditions"})
    assert answer["Location"] == f"{consult.address('health.conditions')}?back=check"
    again = consult.send(browser, "health.conditions", answer=["eczema"], back="check")
    assert again["Location"] == reverse("portal:consultation_check")


def test_home_says_where_one_stands(alice: User, doris: User) -> None:
    Client.objects.filter(user=alice).update(wanted="help", preferred_on=consult.DAY)
    browser = signed_in(User.objects.get(pk=alice.pk))
    home = reverse("portal:me")
    assert "Find out what your pores need" in browser.get(home).content.decode()
    consult.begin(browser)
    assert "under way" in browser.get(home).content.decode()
    browser.post(reverse("portal:consultation_submit"), consult.form_of(browser))
    shown = browser.get(home).content.decode()
    assert "Waits for the clinic" in shown
    assert "Help with choosing" in shown
    sign(Consultation.objects.get(), doris)
    assert "Reviewed and signed by the clinic" in browser.get(home).content.decode()


def test_no_offer_stands_before_what_matters(alice: User) -> None:
    browser, done = handed_in(alice, "nothing_wrong")
    make_offer("june", consult.DAY, consult.DAY, banner=True)
    assert "data-banner" in browser.get("/").content.decode()
    assert "data-banner" not in page(browser, done)


def test_a_draft_has_no_result(alice: User) -> None:
    browser = signed_in(alice)
    draft = consult.begin(browser)
    assert browser.get(reverse("portal:result", args=[draft.pk])).status_code == 404


def test_a_result_takes_few_queries(alice: User, django_assert_max_num_queries: Any) -> None:
    browser, done = handed_in(alice, "oily_t_zone_student")
    with django_assert_max_num_queries(12):
        page(browser, done)
