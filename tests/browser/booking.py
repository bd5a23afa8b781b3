"""What people do to come to a visit and to change it, on whatever days and at whatever times the page offers."""

from playwright.sync_api import expect
from tests.browser.consulting import path, put
from tests.browser.walk import Walk

MAIN = "main form button.button--main"
FREE = ".week__day:not(.week__day--none)"
TIME = ".free__time"


def look_for_times(walk: Walk, treatment: str) -> None:
    """From the choice of services at Riverside to the free times for one of them."""
    walk.go("/me/book/?at=riverside")
    put(walk, "service", treatment)
    walk.press(MAIN)
    assert path(walk).endswith("/me/book/times/"), path(walk)


def go_a_week_on(walk: Walk) -> None:
    """To the first day with a free time a week later: far enough away that one may change one's mind."""
    walk.page.locator("#later").click()
    expect(walk.page.locator("#earlier")).to_be_visible()
    day = walk.page.locator(FREE).first
    number = str(day.get_attribute("id"))
    if day.get_attribute("aria-current") is None:
        day.click()
    expect(walk.page.locator(f"#{number}[aria-current=date]")).to_be_visible()
    walk.page.wait_for_url(f"**on={number.removeprefix('day-')}*")  # the address follows the days a moment later


def take(walk: Walk, number: int = 0) -> str:
    """Press a free time, counted from the first or from behind; what it said."""
    time = walk.page.locator(TIME).nth(number)
    said = time.inner_text().strip()
    with walk.page.expect_navigation():
        time.click()
    return said[:5]


def book(walk: Walk, treatment: str = "consultation", *, name: str = "") -> str:
    """From the choice to a visit that is booked; its address. ``name`` of the pictures, where some are taken."""
    look_for_times(walk, treatment)
    go_a_week_on(walk)
    if name:
        walk.look(f"{name}-times")
    said = take(walk)
    assert said in walk.page.locator(".visit__when").inner_text()
    if name:
        walk.look(f"{name}-held")
    walk.press('form[action$="/confirm/"] button[type=submit]')
    assert walk.page.locator("main .badge--allowed, main .badge--caution").count()
    return path(walk)


def when(walk: Walk) -> str:
    """The day and time that a visit's page shows."""
    return walk.page.locator(".visit__when").inner_text()
