"""Every public page in both languages: it is there, complete, in its language, well described and well worded."""

import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.web.cast import make_staff
from tests.web.public import NOW, PAGES, TREATMENTS, make_offer, open_clinic, said

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.learn import Fact, Faq, Myth
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Role
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Location, Service

pytestmark = pytest.mark.django_db

PREFIXES = {"en": "/", "zh-hant": "/zh-hant/"}
CLAIMS = {
    "en": r"\bshrink|\bclos(e|es|ed|ing) (the |your )?pores|\bopens? (the |your )?pores|\bdetox|\bcures?\b"
    r"|prevents? acne|\b(is|are|perfectly|completely) safe\b|\bflawless|\bmiracle",
    "zh-hant": "縮小毛孔|毛孔縮小|收縮毛孔|緊縮毛孔|排毒|根治|治癒|絕對安全|完全安全|零風險",
}
QUOTING = ("learn/myths/", "learn/disagreements/", "search/?q=steam")
"""Pages that show what others claim, to say what is known instead."""


@pytest.fixture(autouse=True)
def opened(clinic: Clinic, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_clinic(clinic, north)


@pytest.mark.parametrize("language", PREFIXES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_whole_and_in_its_language(client: Browser, language: str, page: str) -> None:
    response = client.get(PREFIXES[language] + page)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{"zh-Hant" if language == "zh-hant" else "en"}"' in html
    assert len(re.findall("<h1", html)) == 1
    assert re.search(r"<title>\s*\S.* · Example Clinic</title>", html)
    assert re.search(r'<meta name="description" content="[^"]{5,}"', html)
    assert not re.search(r"\{\{|\{%|%\(|Invalid|\bNone\b(?! of)|\{[a-z_]+\}", said(html))


@pytest.mark.parametrize("page", PAGES)
def test_chinese_pages_are_chinese(client: Browser, page: str) -> None:
    words = said(client.get(f"/zh-hant/{page}").content.decode())
    chinese = len(re.findall(r"[\u4e00-\u9fff]", words))
    english = re.findall(r"[A-Za-z]{3,}(?: [a-z]{2,}){3,}", words)
    if page != "learn/sources/":  # titles of sources stay in the language they were published in
        assert chinese > len(words) / 4
        assert english == []


@pytest.mark.parametrize("language", PREFIXES)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in QUOTING])
def test_nothing_is_claimed_that_cannot_be_held(client: Browser, language: str, page: str) -> None:
    words = said(client.get(PREFIXES[language] + page).content.decode())
    found = re.finditer(rf".{{0,30}}(?:{CLAIMS[language]})", words, flags=re.IGNORECASE)
    assert [each.group() for each in found] == []


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_used_once_and_links_on_the_page_lead_somewhere(client: Browser, page: str) -> None:
    html = client.get(f"/{page}").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_every_link_of_the_public_pages_leads_to_a_page_and_a_place_on_it(client: Browser) -> None:
    pages = {f"/{page.partition('?')[0]}": client.get(f"/{page}").content.decode() for page in PAGES}
    lost = set()
    for html in pages.values():
        for path, anchor in re.findall(r'href="(/[^"#?]*)(?:\?[^"#]*)?(?:#([^"]+))?"', html):
            if path in pages and anchor and f'id="{anchor}"' not in pages[path]:
                lost.add(f"{path}#{anchor}")
            elif path.startswith(("/treatments/", "/learn/", "/questions/")) and path not in pages:
                lost.add(path)
    assert lost == set()


def test_every_question_has_its_own_place_with_answer_and_sources(client: Browser) -> None:
    html = client.get("/questions/").content.decode()
    for faq in load().of(Faq).values():
        part = html[html.index(f'id="{faq.id.replace("_", "-")}"') :]
        part = part[: part.index("</article>")]
        assert load().texts("en").get(faq.ref, "answer").strip()[:30] in part.replace("&#x27;", "'")
        assert 'class="basis"' in part


def test_every_fact_and_myth_is_somewhere_to_read(client: Browser) -> None:
    html = "".join(client.get(f"/{page}").content.decode() for page in PAGES if page.startswith("learn/"))
    for record in (*load().of(Fact).values(), *load().of(Myth).values()):
        assert f'id="{record.id.replace("_", "-")}"' in html


def test_what_was_not_read_is_marked_where_it_is_used(client: Browser) -> None:
    unread = load().texts("en").phrase("verified.no")
    fact = next(fact for fact in load().of(Fact).values() if not fact.verified)
    html = "".join(client.get(f"/{page}").content.decode() for page in PAGES if page.startswith("learn/"))
    part = html[html.index(f'id="{fact.id.replace("_", "-")}"') :]
    assert unread in part[: part.index("</article>")]


def test_a_treatment_tells_its_price_or_says_to_ask(client: Browser) -> None:
    assert "NT$1,800" in client.get("/treatments/pore-cleanup-facial/").content.decode()
    asked = said(client.get("/treatments/aha-peel/").content.decode())
    assert "Price: ask us" in asked
    assert "Not done here" in said(client.get("/treatments/carbon-laser/").content.decode())


def test_a_treatment_no_longer_sold_shows_no_price(client: Browser) -> None:
    Service.objects.filter(treatment="pore_cleanup_facial").update(active=False)
    assert "NT$1,800" not in client.get("/treatments/pore-cleanup-facial/").content.decode()


def test_the_list_narrows_by_concern_place_and_what_is_sold(client: Browser) -> None:
    def listed(query: str) -> set[str]:
        html = client.get(f"/treatments/?{query}").content.decode()
        return set(re.findall(r'<h3><a href="/treatments/([^/"]+)/', html))

    everything = listed("")
    assert everything == {treatment.replace("_", "-") for treatment in load().of(Treatment)}
    assert listed("here=1") == {"pore-cleanup-facial", "aha-peel"}
    at_home = listed("place=home")
    assert at_home == {"home-deep-clean", "oil-control", "barrier-repair"}
    assert "extraction" in listed("concern=blackheads")
    assert "led" not in listed("concern=blackheads")
    assert listed("concern=nonsense&place=nowhere") == everything


def test_nothing_fitting_leads_on(client: Browser) -> None:
    words = said(client.get("/treatments/?concern=hormonal_acne&place=home&here=1").content.decode())
    assert "Nothing fits all of that" in words
    assert "Show all treatments" in words


@pytest.mark.parametrize(
    "page", ["treatments/no-such/", "learn/no-such/", "documents/terms/9/", "documents/nonsense/1/"]
)
def test_what_is_not_there_is_not_found(client: Browser, page: str) -> None:
    assert client.get(f"/{page}").status_code == 404


@pytest.mark.parametrize("language", PREFIXES)
@pytest.mark.parametrize("page", PAGES)
def test_structured_data_parses_and_tells_only_what_the_page_tells(client: Browser, language: str, page: str) -> None:
    html = client.get(PREFIXES[language] + page).content.decode()
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, flags=re.DOTALL):
        data = json.loads(block)
        assert data["@context"] == "https://schema.org"
        assert data["@type"] in {"BreadcrumbList", "Service", "FAQPage", "HealthAndBeautyBusiness", "Offer"}
        assert "aggregateRating" not in block
    prices = re.findall(r'"price": "([\d.]+)"', html)
    assert prices == (["1800.00"] if page == "treatments/pore-cleanup-facial/" else [])


@pytest.mark.parametrize("page", ["", "treatments/aha-peel/", "questions/", "treatments/?concern=acne"])
def test_a_page_names_its_address_and_its_other_language(client: Browser, page: str) -> None:
    html = client.get(f"/zh-hant/{page}").content.decode()
    origin, plain = settings.ORIGIN, page.partition("?")[0]
    assert f'<link rel="canonical" href="{origin}/zh-hant/{plain}">' in html
    assert f'hreflang="en" href="{origin}/{plain}"' in html
    assert f'hreflang="zh-Hant" href="{origin}/zh-hant/{plain}"' in html
    assert f'hreflang="x-default" href="{origin}/{plain}"' in html
    assert 'property="og:locale" content="zh_TW"' in html
    assert re.search(r'property="og:image" content="http[^"]+/portal/share[^"]*\.png"', html)


def test_names_typed_by_staff_cannot_end_the_data_block(client: Browser, clinic: Clinic) -> None:
    clinic.name = "</script><b>x"
    clinic.save()
    html = client.get("/").content.decode()
    assert "</script><b>x" not in html
    assert "&lt;/script&gt;&lt;b&gt;x" in html


def test_the_team_page_shows_those_who_are_shown_with_their_level(client: Browser, north: Location) -> None:
    make_staff("Dora", Role.PRACTITIONER, level=Level.L3, location=north)
    hidden = make_staff("Hugo", Role.PRACTITIONER, level=Level.L1, location=north).membership
    hidden.shown = False
    hidden.save()
    words = said(client.get("/team/").content.decode())
    assert "Dora Example" in words
    assert "physician, or directly supervised by one" in words
    assert "Hugo" not in words


def count(client: Browser, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def many_services(clinic: Clinic, north: Location) -> None:
    for treatment in load().of(Treatment):
        Service.objects.get_or_create(treatment=treatment)


def many_offers(clinic: Clinic, north: Location) -> None:
    for number in range(40):
        make_offer(f"o{number}", NOW.date(), NOW.date(), service=Service.objects.first(), banner=True)


def many_people(clinic: Clinic, north: Location) -> None:
    for number in range(40):
        make_staff(f"P{number}", Role.PRACTITIONER, level=Level.L1, location=north)


def many_places(clinic: Clinic, north: Location) -> None:
    for number in range(40):
        Location.objects.create(clinic=clinic, slug=f"l{number}", name=f"L{number}", zone="Asia/Taipei")


@pytest.mark.parametrize(
    ("path", "fill"),
    [
        ("/", many_offers),
        ("/", many_people),
        ("/treatments/", many_services),
        ("/offers/", many_offers),
        ("/team/", many_people),
        ("/contact/", many_places),
        ("/search/?q=offer", many_offers),
    ],
)
def test_more_rows_ask_the_database_no_more_often(
    client: Browser, clinic: Clinic, north: Location, path: str, fill: Callable[[Clinic, Location], None]
) -> None:
    make_staff("First", Role.PRACTITIONER, level=Level.L1, location=north)
    before = count(client, path)
    fill(clinic, north)
    assert count(client, path) == before


@pytest.mark.parametrize("page", [*TREATMENTS[:2], "", "offers/"])
def test_a_page_cannot_be_changed_from_outside(client: Browser, page: str) -> None:
    assert client.post(f"/{page}").status_code == 405
