"""Moving a visit in a real browser, by pointer and keyboard: ``calendar.js`` asks first and moves nothing by itself."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import FloatRect, Page, Request, Route, expect, sync_playwright
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW
from tests.web.booking_visits import as_staff, visit_at
from tests.web.cast import signed_in
from tests.web.staff_pages import at

from pellucid.web import ui
from pellucid.web.accounts.models import User
from pellucid.web.records.actions.appointments import book

STATIC = Path(ui.__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HERE = "http://clinic.test"
CHROMIUM = shutil.which("chromium")
NO_ROOM = '<div data-against><p>No room for it.</p><button type="button" data-give-up>Leave it</button></div>'
ROOM = '<p>There is room.</p><form method="post" action="/moved"><button type="submit">Move it here</button></form>'
BODY = ".sheet__column .sheet__body"
FULL = "T15:00"
"""The time at which there is no room."""

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("bookable"),
    pytest.mark.skipif(
        not CHROMIUM and os.environ.get("CI") != "true", reason="there is no Chromium on this machine to try pages in"
    ),
]


@pytest.fixture
def drawn(frida: User, alice: User, petra: User) -> tuple[str, str]:
    """The calendar of a day with one visit at ten, and the content policy that comes with it."""
    visit = visit_at("10:00", (CONSULTATION,), who=petra)
    book(client=alice.client, visit=visit, booker=as_staff(frida))
    with at(NOW):
        answer = signed_in(frida).get(reverse("clinic:calendar", query={"on": MONDAY.isoformat()}))
    return answer.content.decode(), answer.headers["Content-Security-Policy"]


@pytest.fixture
def asked() -> list[Request]:
    """What was asked of the server while somebody pointed, and what was sent."""
    return []


@pytest.fixture
def page(drawn: tuple[str, str], asked: list[Request]) -> Iterator[Page]:
    """The calendar, open in a window; whatever its console says is an error."""
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.route("**/*", lambda route: answer(route, drawn, asked))
        page.goto(f"{HERE}/clinic/calendar/")
        yield page
        browser.close()
    assert not said


def answer(route: Route, drawn: tuple[str, str], asked: list[Request]) -> None:
    """Static files from their folder, a refusal at FULL and a form elsewhere, and the calendar for all else."""
    path = route.request.url.removeprefix(HERE)
    file = STATIC / path.removeprefix("/static/")
    if path.startswith("/static/"):
        route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
    elif "/move/?" in path:
        asked.append(route.request)
        route.fulfill(body=NO_ROOM if FULL.replace(":", "%3A") in path else ROOM, content_type="text/html")
    elif route.request.method == "POST":
        asked.append(route.request)
        route.fulfill(status=204)
    else:
        html, policy = drawn
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": policy})


def pointed(asked: list[Request]) -> tuple[str, str]:
    """The newest question: when, and in which column."""
    found = re.search(r"to=([^&]+)&column=([^&]+)&", asked[-1].url)
    assert found
    return found[1].replace("%3A", ":"), found[2]


def box_of(page: Page, selector: str) -> FloatRect:
    """Where the first of something is."""
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return found


def drag(page: Page, minutes: int, columns: int = 0) -> None:
    """Take the visit by its top and hold it so much later, so many columns on."""
    box, body, column = (box_of(page, each) for each in ("[data-move]", BODY, ".sheet__column"))
    x, y = box["x"] + 30, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + columns * column["width"], y + minutes * body["height"] / 540, steps=5)


def test_it_stands_under_the_strict_policy(page: Page) -> None:
    box, body = box_of(page, "[data-move]"), box_of(page, BODY)
    assert box["y"] - body["y"] == pytest.approx(body["height"] / 9, abs=2)
    assert box["height"] == pytest.approx(body["height"] / 18, abs=2)


def test_dragging_asks_and_only_the_button_moves(page: Page, asked: list[Request], petra: User) -> None:
    drag(page, 60)
    expect(page.get_by_text("There is room.")).to_be_visible()
    assert pointed(asked) == (f"{MONDAY}T11:00", f"practitioner.{petra.membership.pk}")
    page.mouse.up()
    button = page.get_by_role("button", name="Move it here")
    expect(button).to_be_focused()
    assert {each.method for each in asked} == {"GET"}
    assert page.url == f"{HERE}/clinic/calendar/"
    button.press("Enter")
    page.wait_for_timeout(200)
    assert asked[-1].method == "POST"


def test_the_column_beside_is_somebody_else(page: Page, asked: list[Request], doris: User) -> None:
    drag(page, 0, -1)
    expect(page.get_by_text("There is room.")).to_be_visible()
    assert pointed(asked) == (f"{MONDAY}T10:00", f"practitioner.{doris.membership.pk}")


def test_what_is_in_the_way_is_said_while_one_points(page: Page) -> None:
    drag(page, 300)
    expect(page.get_by_text("No room for it.")).to_be_visible()
    expect(page.locator(".visit--ghost")).to_have_class(re.compile("visit--refused"))
    page.mouse.up()
    page.get_by_role("button", name="Leave it").click()
    expect(page.locator(".visit--ghost")).to_have_count(0)
    expect(page.locator("[data-move]")).to_be_focused()


def test_the_keyboard_does_the_same(page: Page, asked: list[Request], doris: User) -> None:
    visit = page.locator("[data-move]")
    visit.focus()
    for key in ("m", "ArrowDown", "ArrowDown", "Shift+ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_text("There is room.")).to_be_visible()
    assert pointed(asked) == (f"{MONDAY}T10:25", f"practitioner.{doris.membership.pk}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move it here")).to_be_focused()
    page.keyboard.press("Escape")
    expect(visit).to_be_focused()
    expect(page.locator("#dropping")).to_be_hidden()
    assert {each.method for each in asked} == {"GET"}


def test_dropped_where_it_was_nothing_is_asked_of_anybody(page: Page) -> None:
    page.locator("[data-move]").focus()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(page.locator("#dropping")).to_be_hidden()
    expect(page.locator(".visit--ghost")).to_have_count(0)


def test_news_waits_while_something_is_in_hand(page: Page) -> None:
    prevented = """() => !document.getElementById("sheet").dispatchEvent(
        new CustomEvent("htmx:beforeRequest", {bubbles: true, cancelable: true}))"""
    assert page.evaluate(prevented) is False
    page.locator("[data-move]").focus()
    page.keyboard.press("m")
    assert page.evaluate(prevented) is True
    page.keyboard.press("Escape")
    assert page.evaluate(prevented) is False


def test_two_presses_on_free_time_lead_to_booking_there(page: Page, petra: User) -> None:
    height = box_of(page, BODY)["height"]
    page.locator(BODY).nth(1).dblclick(position={"x": 20, "y": height / 9 * 4 + 3})
    page.wait_for_url("**/new/**")
    assert f"to={MONDAY}T13%3A00&with={petra.membership.pk}" in page.url
