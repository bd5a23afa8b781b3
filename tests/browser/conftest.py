"""Sets up what the browser tests share: one demo clinic and one browser a test process, and windows of it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from tests.browser import chromium
from tests.browser.demo_server import DemoServer
from tests.browser.walk import Device, Walk
from tests.web import conftest as web

assert web.SETTINGS  # importing it is what sets Django up, for addresses and the questionnaire


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """A browser; the test is left out where there is none.

    It ends with each file: while it runs, so does its event loop, in which Django refuses to use a database.
    """
    with chromium.started() as browser:
        yield browser


@pytest.fixture(scope="session")
def server() -> Iterator[DemoServer]:
    """A demo clinic that runs, where there is a browser to see it."""
    chromium.find()
    running = DemoServer()
    yield running
    running.stop()


Open = Callable[..., Walk]


@pytest.fixture
def opened(chrome: Browser, server: DemoServer) -> Iterator[Open]:
    """Opens windows, and looks at the end whether anything failed in them."""
    walks: list[Walk] = []

    def opened(device: Device) -> Walk:
        walks.append(Walk(chrome, server, device))
        return walks[-1]

    yield opened
    for walk in walks:
        walk.close()
    for walk in walks:
        walk.assert_clean()
