"""The frame, the style page, and the pages people see when something went wrong."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from tests.web.cast import signed_in

from pellucid.web.accounts.models import User
from pellucid.web.sites.models import Clinic
from pellucid.web.ui import views
from pellucid.web.ui.context import Frame
from pellucid.web.ui.navigation import STAFF, staff_items


@pytest.mark.parametrize(("path", "language"), [("/styleguide/", "en"), ("/zh-hant/styleguide/", "zh-Hant")])
def test_the_style_page_shows_every_part_to_staff(olga: User, path: str, language: str) -> None:
    response = signed_in(olga).get(path)
    assert response.status_code == 200
    html = response.content.decode()
    assert f'<html lang="{language}"' in html
    for part in ("button--danger", "field--wrong", "badge--blocked", "skeleton", "timeline", "empty", "zone--picked"):
        assert part in html


def test_the_style_page_is_for_staff_only(alice: User) -> None:
    assert signed_in(alice).get("/styleguide/").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hant"])
@pytest.mark.parametrize(("view", "status"), [(views.bad_request, 400), (views.server_error, 500)])
def test_the_worst_pages_need_no_database(
    language: str, view: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    with translation.override(language):
        response = view(RequestFactory().get("/"))
    html = response.content.decode()
    assert response.status_code == status
    assert 'id="main"' in html
    assert ("回首頁" if language == "zh-hant" else "To the first page") in html


def test_a_missing_page_offers_the_search(client: Client, clinic: Clinic) -> None:
    response = client.get("/no/such/page/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing here" in html
    assert 'id="lost-search"' in html


def test_a_form_that_expired_says_what_to_do(rf: RequestFactory, clinic: Clinic) -> None:
    response = views.csrf_failure(rf.post("/"))
    assert response.status_code == 403
    assert "Go back with your browser" in response.content.decode()


def test_a_page_begins_with_a_way_past_the_menu(client: Client, clinic: Clinic) -> None:
    html = client.get("/no/such/page/").content.decode()
    assert html.index('<a class="skip" href="#main">') < html.index("<header")
    assert '<main id="main"' in html


def test_a_menu_holds_only_what_a_role_may_use() -> None:
    desk = {str(item.label) for item in staff_items("/clinic/", {"see_clients"})}
    everything = {str(item.label) for item in staff_items("/clinic/", {entry.permission for entry in STAFF})}
    assert "Clients" in desk
    assert "Rules" not in desk
    assert desk < everything


def test_a_menu_marks_the_page_one_is_on() -> None:
    items = staff_items("/styleguide/", {"see_styleguide"})
    assert [str(item.label) for item in items if item.current] == ["Style page"]


def test_a_visit_belongs_to_the_calendar() -> None:
    items = staff_items("/zh-hant/clinic/appointments/new/", {"see_clients", "book"})
    assert [str(item.label) for item in items if item.current] == ["Calendar"]


def test_a_banner_that_was_put_away_stays_away(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    offers = [SimpleNamespace(slug="spring"), SimpleNamespace(slug="trial")]
    monkeypatch.setattr("pellucid.web.sites.page.banners", lambda: offers)
    assert Frame(rf.get("/")).banner.slug == "spring"
    rf.cookies["dismissed"] = "spring.other"
    assert Frame(rf.get("/")).banner.slug == "trial"
    rf.cookies["dismissed"] = "spring.trial"
    assert Frame(rf.get("/")).banner is None
