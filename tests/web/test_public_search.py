"""Search: what somebody types finds what they mean, in both languages, and says so where it does not."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from tests.web.public import NOW, TODAY, make_offer, open_clinic, said

from pellucid.knowledge.load import load
from pellucid.web.portal.public_index import Entry, Index, words
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Location

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened(clinic: Clinic, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_clinic(clinic, north)


def found(client: Browser, query: str, prefix: str = "") -> list[str]:
    context = client.get(f"{prefix}/search/", {"q": query}).context
    return [entry.url for entries, _ in context["groups"].values() for entry in entries]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("AHA peel", "/treatments/aha-peel/"),
        ("blackhead", "/learn/pores/#blackhead"),
        ("does it hurt", "/questions/#is-it-painful"),
        ("carbon", "/treatments/carbon-laser/"),
        ("privacy", "/privacy/"),
        ("opening hours", "/contact/"),
        ("radiofreq rf", "/treatments/radiofrequency/"),
        ("MICRONEEDLING with serum", "/treatments/microneedling-infusion/"),
        ("Offer spring", "/offers/#spring"),
    ],
)
def test_what_is_meant_comes_first(client: Browser, query: str, first: str) -> None:
    assert found(client, query)[0] == first


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("蒸臉", "/zh-hant/treatments/steam/"),
        ("黑頭粉刺", "/zh-hant/learn/pores/#blackhead"),
        ("碳粉雷射", "/zh-hant/treatments/carbon-laser/"),
        ("營業時間", "/zh-hant/contact/"),
        ("痛", "/zh-hant/questions/#is-it-painful"),
        ("carbon laser", "/zh-hant/treatments/carbon-laser/"),
    ],
)
def test_chinese_pages_are_found_in_either_language(client: Browser, query: str, expected: str) -> None:
    assert expected in found(client, query, "/zh-hant")


def test_english_pages_are_found_in_chinese(client: Browser) -> None:
    assert "/treatments/steam/" in found(client, "蒸臉")


def test_a_slip_of_the_finger_finds_what_was_meant(client: Browser) -> None:
    words_of_page = said(client.get("/search/?q=extracton").content.decode())
    assert "Did you mean extraction ?" in words_of_page
    assert "Manual extraction" in words_of_page


def test_nothing_found_says_so_and_leads_on(client: Browser) -> None:
    words_of_page = said(client.get("/search/?q=zzqqxx").content.decode())
    assert "0 results for “zzqqxx”" in words_of_page
    assert "Nothing found" in words_of_page


@pytest.mark.parametrize("query", ["", "   ", "<b>", "%", "🙂", "\x00", "a" * 5000, "'\" OR 1=1 --", "（）"])
def test_odd_queries_do_no_harm(client: Browser, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<b>" not in response.content.decode()


def test_a_claim_is_never_shown_without_what_is_to_be_thought_of_it(client: Browser) -> None:
    words_of_page = said(client.get("/search/?q=steam opens the pores").content.decode())
    assert "Steam opens the pores. not supported" in words_of_page


def test_where_sources_disagree_what_we_do_is_told_first(client: Browser) -> None:
    words_of_page = said(client.get("/search/?q=Which mask after extraction").content.decode())
    resolution = load().texts("en").get("disagreement.k12", "resolution").strip()
    assert f"Which mask after extraction? sources disagree {resolution[:40]}" in words_of_page


def test_only_offers_of_today_are_found(client: Browser) -> None:
    make_offer("summer", TODAY + timedelta(days=1), TODAY + timedelta(days=9))
    assert "/offers/#summer" not in found(client, "summer")
    assert "/offers/#spring" in found(client, "spring")


def test_while_somebody_types_only_the_results_are_sent(client: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    html = client.get("/search/?q=steam", headers=headers).content.decode()
    assert "<html" not in html
    assert "/treatments/steam/" in html


def test_the_results_are_not_for_search_engines(client: Browser) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/search/?q=steam").content.decode()


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("Pores, gloss & studies", ["pore", "gloss", "study"]),
        ("Café ＡＨＡ", ["cafe", "aha"]),
        ("毛孔清潔", ["毛孔", "孔清", "清潔"]),
        ("油", ["油"]),
        ("AHA換膚", ["aha", "換膚"]),
        ("—", []),
    ],
)
def test_words_are_compared_without_case_accents_and_plural(text: str, compared: list[str]) -> None:
    assert words(text) == compared


def test_a_title_counts_more_than_a_text() -> None:
    in_text = Entry("g", "Other things", "steam steam steam", "/text")
    in_title = Entry("g", "Steam", "something", "/title")
    assert [entry.url for entry in Index([in_text, in_title]).search("steam").entries] == ["/title", "/text"]


def test_entries_with_all_words_hide_those_with_some() -> None:
    both, one = Entry("g", "warm steam", "", "/both"), Entry("g", "warm", "", "/one")
    assert [entry.url for entry in Index([one, both]).search("warm steam").entries] == ["/both"]
    assert [entry.url for entry in Index([one]).search("warm steam").entries] == ["/one"]
