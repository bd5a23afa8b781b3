"""From a free time to a visit and back: booked, moved, cancelled, waited for, lost to another, moved by the desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.browser.booking import MAIN, TIME, book, go_a_week_on, look_for_times, take, when
from tests.browser.consulting import days_from_now, path, put, register
from tests.browser.demo_server import DemoServer
from tests.browser.walk import DESKTOP, PHONE, TABLET, Device, Walk

Open = Callable[[Device], Walk]
POLLED_MS = 30_000
"""The calendar asks every ten seconds whether something has changed; on a busy machine the answer takes its time."""
GOOD, WARNING = ".notice--good", ".notice--warn"
GRIP = 5
"""Pixels below the top of a visit at which it is taken."""
WAYS = {
    "phone": PHONE,
    "phone-dark": Device(390, 844, dark=True, language="zh-hant"),
    "desktop": Device(1280, 900, language="zh-hant"),
    "desktop-dark": Device(1280, 900, dark=True),
    "no-scripts": Device(scripts=False),
}
"""Of phone or desktop, light or dark, English or Chinese each two meet."""


@pytest.mark.parametrize("way", WAYS)
def test_a_visit_is_booked_moved_and_cancelled(way: str, opened: Open) -> None:
    walk = opened(WAYS[way])
    register(walk, f"Visit {way.title()} Example", f"visit-{way}@example.org")
    visit = book(walk, name="booking")
    walk.look("booking-booked")
    before = when(walk)
    walk.press('main a[href$="/move/"]')
    take(walk, -1)
    walk.look("booking-move-to")
    walk.press(MAIN)
    assert path(walk) == visit
    assert when(walk) != before
    walk.press('main a[href$="/cancel/"]')
    put(walk, "reason", "A cold.")
    walk.press("main form button.button--danger")
    walk.look("booking-cancelled")
    walk.go(visit.removeprefix(walk.device.prefix))
    assert not walk.page.locator('main a[href$="/move/"]').count()


def test_what_needs_a_practitioners_yes_waits_for_it(opened: Open) -> None:
    walk, desk = opened(PHONE), opened(DESKTOP)
    walk.sign_in("Lena")
    visit = book(walk, "led", name="tentative")
    walk.look("tentative-booked")
    desk.sign_in("Petra")
    desk.go(f"/clinic/appointments/{visit.split('/')[-2]}/")
    desk.press('form[action$="/sign/"] button')
    desk.look("tentative-signed")
    walk.page.reload()
    assert walk.page.locator("main .badge--allowed").count() == 1


def test_a_time_that_was_kept_too_long_is_not_booked(opened: Open, server: DemoServer) -> None:
    walk = opened(PHONE)
    walk.sign_in("Hope")
    look_for_times(walk, "consultation")
    go_a_week_on(walk)
    take(walk)
    server.let_run_out(path(walk).split("/")[-2])
    walk.press('form[action$="/confirm/"] button[type=submit]')
    expect(walk.page.locator(WARNING).first).to_be_visible()
    assert not walk.page.locator('form[action$="/confirm/"]').count()
    walk.look("held-too-long")


def test_of_two_who_want_one_time_one_has_it_and_the_other_is_told(opened: Open, server: DemoServer) -> None:
    first, second = opened(PHONE), opened(Device(1280, 900, dark=True, language="zh-hant"))
    for walk, name in ((first, "Mio"), (second, "Guan-yu")):
        walk.sign_in(name)
        walk.go(f"/me/book/times/?at=riverside&service=consultation&with={server.member('Petra')}")
        go_a_week_on(walk)
    wanted = first.page.locator(TIME).first.get_attribute("value")
    assert second.page.locator(TIME).first.get_attribute("value") == wanted
    take(first)
    take(second)
    assert second.page.locator(WARNING).count()
    assert not second.page.locator(f'{TIME}[value="{wanted}"]').count()
    second.look("taken-meanwhile")
    take(second)
    for walk in (second, first):
        walk.press('form[action$="/confirm/"] button[type=submit]')
        assert walk.page.locator("main .badge--allowed").count() == 1


def test_who_waits_gets_what_another_gives_up(opened: Open, server: DemoServer) -> None:
    walk, other = opened(PHONE), opened(Device(1280, 900, dark=True))
    register(walk, "Waiting Example", "waiting@example.org")
    register(other, "Giving Example", "giving@example.org")
    visit = book(other)
    look_for_times(walk, "consultation")
    walk.press('main a[href*="/waitlist/join/"]')
    put(walk, "until", days_from_now(30))
    walk.press(MAIN)
    walk.look("waiting-now")
    other.press('main a[href$="/cancel/"]')
    other.press("main form button.button--danger")
    server.work()
    walk.page.reload()
    walk.press('main a[href*="/me/offers/"]')
    walk.look("offer")
    walk.press("button[value=accept]")
    assert walk.page.locator("main .badge--allowed").count() == 1
    other.go(visit)
    taken = server.ask("SELECT count(*) FROM records_waitlistoffer WHERE state = 'accepted'")
    assert taken == [(1,)]


def test_all_visits_of_a_plan_are_booked_at_once(opened: Open) -> None:
    walk = opened(PHONE)
    walk.sign_in("Ida")
    walk.go("/me/book/plan/")
    walk.press(MAIN)
    walk.look("plan-proposed")
    new = walk.page.locator("input[name=visit]").count()
    assert new
    before = _standing(walk)
    walk.go("/me/book/plan/")
    walk.press(MAIN)
    walk.press("button[value=book]")
    walk.look("plan-booked")
    assert _standing(walk) == before + new


def _standing(walk: Walk) -> int:
    walk.go("/me/appointments/")
    return walk.page.locator("main .visit-link").count()


def test_a_private_calendar_is_made_and_taken_back(opened: Open) -> None:
    walk = opened(Device(1280, 900, dark=True))
    walk.sign_in("Ana")
    walk.go("/me/calendar/")
    walk.press("button[value=make]")
    walk.look("feed-made")
    address = walk.page.locator("#address").input_value()
    assert "VCALENDAR" in walk.page.request.get(address).text()
    walk.press("button[value=revoke]")
    assert walk.page.request.get(address).status == 404


@pytest.fixture
def booked_by_the_desk(opened: Open, server: DemoServer, request: pytest.FixtureRequest) -> tuple[Walk, str]:
    """The desk's calendar on a day, with a visit of Bo's at the first free time of it; how to find the visit."""
    name, days = request.param
    walk = opened(DESKTOP)
    walk.sign_in("Frida")
    query = f"client={server.client(name)}&at=riverside&service=consultation&on={days_from_now(days)}"
    walk.go(f"/clinic/appointments/new/?{query}")
    walk.page.locator("[name=start]").first.locator("xpath=ancestor::label").click()
    walk.press('form[method=post] button.button--main:has-text("Book")')
    walk.press('main a[href*="/clinic/calendar/"]')
    return walk, f'.visit[data-name="{name} Example"]'


def _starts(walk: Walk, visit: str) -> str:
    return str(walk.page.locator(f"{visit} time").first.inner_text())


def _hour_later(start: str) -> str:
    return f"{int(start[:2]) + 1:02}{start[2:]}"


@pytest.mark.parametrize("booked_by_the_desk", [("Lena", 12)], indirect=True)
def test_the_desk_drags_a_visit_and_others_see_it_at_once(booked_by_the_desk: tuple[Walk, str], opened: Open) -> None:
    walk, visit = booked_by_the_desk
    beside = opened(TABLET)
    beside.sign_in("Petra")
    beside.page.goto(walk.page.url)
    start = _starts(beside, visit)
    _drag(walk, visit, minutes=60)
    expect(walk.page.locator("#dropping button[type=submit]")).to_be_visible()
    walk.look("drag-dropped")
    walk.press("#dropping button[type=submit]")
    assert _starts(walk, visit) == _hour_later(start)
    expect(beside.page.locator(f"{visit} time").first).to_have_text(_hour_later(start), timeout=POLLED_MS)
    beside.look("drag-seen-by-another")
    _drag_into_the_break(walk, visit)
    expect(walk.page.locator("#dropping [data-against]")).to_be_visible()
    walk.look("drag-refused")
    walk.page.keyboard.press("Escape")
    assert _starts(walk, visit) == _hour_later(start)


def _drag(walk: Walk, visit: str, *, minutes: int) -> None:
    height = walk.page.evaluate("document.querySelector('.sheet__body').clientHeight")
    shown = walk.page.evaluate("(({opens, closes}) => closes - opens)(document.getElementById('sheet').dataset)")
    _drag_by(walk, visit, minutes * height / shown)


def _drag_into_the_break(walk: Walk, visit: str) -> None:
    column = walk.page.locator(".sheet__column").filter(has=walk.page.locator(visit))
    shut, box = column.locator(".shut").first.bounding_box(), walk.page.locator(visit).bounding_box()
    assert shut is not None
    assert box is not None
    _drag_by(walk, visit, shut["y"] - box["y"])


def _drag_by(walk: Walk, visit: str, pixels: float) -> None:
    box = walk.page.locator(visit).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + GRIP
    walk.page.mouse.move(x, y)
    walk.page.mouse.down()
    walk.page.mouse.move(x, y + pixels, steps=8)
    walk.page.mouse.up()


@pytest.mark.parametrize("booked_by_the_desk", [("Finn", 19)], indirect=True)
def test_the_desk_moves_a_visit_by_keyboard(booked_by_the_desk: tuple[Walk, str]) -> None:
    walk, visit = booked_by_the_desk
    keyboard, start = walk.page.keyboard, _starts(walk, visit)
    walk.page.locator(visit).focus()
    keyboard.press("m")
    for _ in range(4):
        keyboard.press("ArrowDown")
    keyboard.press("Escape")
    expect(walk.page.locator(visit)).to_be_focused()
    assert _starts(walk, visit) == start
    keyboard.press("m")
    for _ in range(4):
        keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(walk.page.locator("#dropping button[type=submit]")).to_be_focused()
    with walk.page.expect_navigation():
        keyboard.press("Enter")
    assert _starts(walk, visit) == _hour_later(start)
    assert walk.page.locator(GOOD).count() == 1
