"""The small helps of ``pellucid.js`` in a real browser, under the strict content policy."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Browser, Dialog, Page, Route, expect, sync_playwright

from pellucid.web import ui

STATIC = Path(ui.__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
HERE = "http://clinic.test/"
CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true", reason="there is no Chromium on this machine to try pages in"
)

CONTENT = """{% extends "ui/page.html" %}{% block main %}
<form method="post" action="/sent" data-guard><label for="name">Name</label><input id="name" name="name">
<button type="submit" class="button" name="do" value="save">{% icon "check" %}Save</button></form>
{% picture "face_map" link="#look-" %}
<fieldset id="look-chin"><label><input type="radio" name="chin">Round</label></fieldset>
{% endblock %}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests here; each opens a window of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page above, open in a window; whatever its console says is an error."""
    offer = SimpleNamespace(slug="spring", title={"en": "Spring trial"}, ends=None)
    monkeypatch.setattr("pellucid.web.sites.page.banners", lambda: [offer])
    monkeypatch.setattr("pellucid.web.sites.page.clinic", lambda: None)
    html = str(engines["django"].from_string(CONTENT).render({}, RequestFactory().get("/")))
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route("**/*", lambda route: answer(route, html))
    page.goto(HERE)
    yield page
    page.close()
    assert not said


def answer(route: Route, html: str) -> None:
    """Static files from their folder, nothing new for what was sent, and the page for all else."""
    path = route.request.url.removeprefix(HERE)
    file = STATIC / path.removeprefix("static/")
    if path.startswith("static/"):
        route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
    elif path == "sent":
        route.fulfill(status=204)
    else:
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})


def test_htmx_starts_under_the_strict_policy(page: Page) -> None:
    assert page.evaluate("htmx.version")
    assert page.evaluate("htmx.config.allowEval") is False


def test_a_banner_put_away_leaves_a_cookie_for_the_server(page: Page) -> None:
    page.get_by_role("button", name="Put this offer away").click()
    assert page.locator(".banner").count() == 0
    assert "dismissed=spring" in page.evaluate("document.cookie")


def test_a_form_is_sent_once_and_says_that_it_is_sending(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    button = page.locator("main form button")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).to_have_text("Sending…")
    button.click(force=True)
    page.wait_for_timeout(100)
    assert len(sent) == 1
    assert "do=save" in sent[0]


def test_typed_changes_are_not_lost_without_asking(page: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.locator("#name").press_sequentially("Mira")
    page.goto(f"{HERE}elsewhere/")
    assert asked == ["beforeunload"]


def test_a_lost_connection_is_said_and_its_return_too(page: Page) -> None:
    notice = page.get_by_text("No connection.")
    assert not notice.is_visible()
    page.context.set_offline(offline=True)
    notice.wait_for(state="visible")
    page.context.set_offline(offline=False)
    notice.wait_for(state="hidden")


def test_a_zone_of_the_map_is_marked_as_soon_as_it_is_answered(page: Page) -> None:
    chin = page.locator("#zone-chin")
    assert "zone--picked" not in (chin.get_attribute("class") or "")
    page.get_by_label("Round").check()
    assert "zone--picked" in (chin.get_attribute("class") or "")


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
