"""Where the browser is, and how it is started: without requests of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


def find() -> str:
    """The path of a Chromium; without one the test is left out, but on a build server it fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium here; on Debian: apt install chromium")
    if found is None:
        pytest.skip("no Chromium here; on Debian: apt install chromium")
    return found


@contextmanager
def started() -> Iterator[Browser]:
    """A browser, closed afterwards."""
    path = find()
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
