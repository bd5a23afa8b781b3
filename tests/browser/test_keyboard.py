"""Everything without a mouse: one always sees where one is, and gets there by Tab."""

from collections.abc import Callable

from playwright.sync_api import Page
from tests.browser.consulting import path, screen, stored
from tests.browser.demo_server import DemoServer
from tests.browser.walk import DESKTOP, Device, Walk

Open = Callable[[Device], Walk]
MOST_TABS = 80
HERE = """() => {
    const here = document.activeElement;
    const inside = here.matches("input[type=date]:not(:focus)");  // on the calendar button, which rings itself
    const shown = [here, here.closest("label, .choice")].filter(Boolean).some((each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    const box = (here.closest("label, .choice") ?? here).getBoundingClientRect();
    const inView = box.bottom > 0 && box.top < innerHeight;
    return [here.matches("body") || ((inside || shown) && inView), here.outerHTML.slice(0, 160)];
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus; on the way, the focus is always to be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        visible, what = page.evaluate(HERE)
        if not visible:
            page.wait_for_timeout(300)  # it may still be on its way into view
            visible, what = page.evaluate(HERE)
        assert visible, f"the focus is not to be seen at {what}"
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no way by Tab to {selector} on {page.url}: {page.locator('main').inner_text()}")


def press_enter(page: Page, selector: str) -> None:
    """Go to what leads on, and press it."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_first_tab_skips_to_the_content(opened: Open) -> None:
    walk = opened(DESKTOP)
    walk.go("/")
    tab_to(walk.page, "a.skip")
    walk.page.keyboard.press("Enter")
    assert walk.page.evaluate("document.activeElement.id") == "main"


def test_registering_and_answering_by_keyboard(opened: Open, server: DemoServer) -> None:
    walk = opened(DESKTOP)
    page = walk.page
    walk.go("/register/")
    tab_to(page, "main [name=name]")
    page.keyboard.type("Keys Example")
    tab_to(page, "[name=address]")
    page.keyboard.type("keys@example.org")
    tab_to(page, "[name=wanted]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=location]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=agree]")
    page.keyboard.press("Space")
    press_enter(page, "main form button[type=submit]")
    assert path(walk) == "/register/code/"
    page.wait_for_function("document.activeElement.name === 'code'")  # it has the focus by itself
    page.keyboard.type(server.code("keys@example.org"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press_enter(page, 'main a[href$="/me/consultation/"]')
    press_enter(page, "main form button[type=submit]")
    if screen(walk) is None:
        press_enter(page, "main a.button--main")
    for _ in range(3):
        before = screen(walk)
        tab_to(page, "main form input:not([type=hidden]), main form select")
        if page.evaluate("document.activeElement.matches('[type=radio], [type=checkbox]')"):
            page.keyboard.press("Space")
        else:
            page.keyboard.type("30")
        press_enter(page, "button[value=answer]")
        assert screen(walk) != before
    assert stored(walk, "Keys")[0][1].count(":") >= 3
