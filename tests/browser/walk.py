"""A person's way through the pages, with somebody looking over their shoulder.

Every answer that fails, every word on the console and every error of a script is written down. ``look`` checks what
one sees: nothing sticks out at any width, axe finds nothing, and a picture is kept in ``build/screenshots``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize
from tests.browser.demo_server import DemoServer

PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
WIDTHS = (320, 390, 820, 1280)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
STICKING_OUT = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.body.querySelectorAll("*")]
        .filter((each) => each.getBoundingClientRect().right > room + 0.5)
        .slice(0, 5)
        .map((each) => each.outerHTML.slice(0, 120));
}"""


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody holds, and how they like it."""

    width: int = 390
    height: int = 844
    dark: bool = False
    language: str = "en"
    scripts: bool = True

    @property
    def name(self) -> str:
        """For pictures."""
        parts = [str(self.width), "dark" if self.dark else "light", self.language, "" if self.scripts else "no-scripts"]
        return "-".join(filter(None, parts))

    @property
    def prefix(self) -> str:
        """What addresses begin with in its language."""
        return "" if self.language == "en" else f"/{self.language}"


PHONE = Device()
TABLET = Device(820, 1180)
DESKTOP = Device(1280, 900)


class Walk:
    """One browser window of one person."""

    def __init__(self, browser: Browser, server: DemoServer, device: Device = PHONE) -> None:
        """Open it."""
        self.server, self.device = server, device
        self.context: BrowserContext = browser.new_context(
            base_url=server.origin,
            viewport={"width": device.width, "height": device.height},
            color_scheme="dark" if device.dark else "light",
            locale="zh-TW" if device.language == "zh-hant" else "en-GB",
            java_script_enabled=device.scripts,
            reduced_motion="reduce",
            has_touch=device.width < DESKTOP.width,
        )
        self.context.set_default_timeout(20_000)
        self.faults: list[str] = []
        self._may_fail: tuple[int, ...] = ()
        self.page: Page = self.another_tab()

    def another_tab(self) -> Page:
        """Open a tab that is watched too."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        expected = self._may_fail and message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not expected:
            self.faults.append(f"console on {message.page.url if message.page else '?'}: {message.text}")

    def _failed(self, request: Request) -> None:
        given_up = request.failure == "net::ERR_ABORTED"  # one went on before it had come
        if 0 not in self._may_fail and not given_up:
            self.faults.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._may_fail:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")
        if not response.url.startswith((self.server.origin, "data:")):
            self.faults.append(f"a request to somebody else: {response.url}")

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Some answers are meant to be errors here; 0 is no answer at all."""
        before, self._may_fail = self._may_fail, statuses
        yield
        self.page.wait_for_timeout(50)  # the console speaks a moment after the answer
        self._may_fail = before

    def go(self, path: str, *, status: int = 200) -> None:
        """Open an address, in the language of the device."""
        with self.expecting(*([status] if status >= 400 else [])):
            answer = self.page.goto(f"{self.device.prefix}{path}")
        assert answer is not None
        assert answer.status == status, f"{answer.status} at {path}"

    def sign_in(self, name: str) -> None:
        """Be somebody of the demo, by their link."""
        self.page.goto(self.server.link(name))

    def press(self, selector: str) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def look(self, name: str) -> None:
        """Check what is on the screen, and keep a picture of it."""
        self._keep_picture(name)
        wrong = [*self._sticks_out(), *(self._axe() if self.device.scripts else [])]
        assert not wrong, f"{name} ({self.device.name}): {wrong}"
        self.assert_clean()

    def assert_clean(self) -> None:
        """Nothing has failed so far, and the console is empty."""
        assert not self.faults, self.faults

    def _keep_picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.{self.device.name}.png", full_page=True)

    def _sticks_out(self) -> list[str]:
        found: list[str] = []
        for width in WIDTHS:
            self.page.set_viewport_size(ViewportSize(width=width, height=self.device.height))
            if self.page.evaluate(STICKING_OUT):
                self.page.wait_for_timeout(100)  # layout follows a moment later on a busy machine
            found += [f"sticks out at {width}: {each}" for each in self.page.evaluate(STICKING_OUT)]
        self.page.set_viewport_size(ViewportSize(width=self.device.width, height=self.device.height))
        self.page.wait_for_timeout(50)  # as above
        return found

    def _axe(self) -> list[str]:
        found: dict[str, Any] = Axe().run(self.page, options=AXE).response
        return [
            f"axe {each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
            for each in found["violations"]
            for node in each["nodes"][:5]
        ]

    def close(self) -> None:
        """Close all tabs."""
        self.context.close()
