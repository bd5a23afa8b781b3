"""Every page as it looks to whom it is for: on phone, tablet and desktop, light and dark, in both languages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from tests.browser.addresses import NO_PAGES, PAGES, PATTERNS, path_of, who_looks, without_a_line
from tests.browser.demo_server import DemoServer
from tests.browser.walk import Device, Walk

DEVICES = (Device(), Device(820, 1180, dark=True, language="zh-hant"))
"""Light or dark and the language go together here; the journeys have the other pairs."""

Window = Callable[[str, Device], Walk]


@pytest.fixture(scope="module")
def window(chrome: Browser, server: DemoServer) -> Iterator[Window]:
    """One window a person and device, kept for all pages that they look at: style sheets are fetched once."""
    kept: dict[tuple[str, Device], Walk] = {}

    def window(who: str, device: Device) -> Walk:
        if (who, device) not in kept:
            kept[who, device] = Walk(chrome, server, device)
            if who:
                kept[who, device].sign_in(who)
        return kept[who, device]

    yield window
    for walk in kept.values():
        walk.close()


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    assert without_a_line() == set()
    assert {line.of for line in PAGES.values()} | {*NO_PAGES} <= {*PATTERNS}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_clean(name: str, window: Window, server: DemoServer) -> None:
    line = PAGES[name]
    wrong = []
    for device in DEVICES:
        walk = window(who_looks(line), device)
        walk.faults.clear()
        walk.go(path_of(line, server), status=line.status)
        try:
            walk.look(name)
        except AssertionError as fault:
            wrong.append(str(fault))
    assert not wrong
