"""What the tests of a client's pages of booking share: times asked for, picked and booked as a browser does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.web.booking_cast import CONSULTATION, MONDAY, NOW, moment
from tests.web.booking_visits import as_client, visit_at
from tests.web.staff_pages import at

from pellucid.web.accounts.models import User
from pellucid.web.records.actions.appointments import book
from pellucid.web.records.models import Appointment


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock stands at NOW."""
    with at(NOW):
        yield


def url(name: str, *arguments: Any) -> str:
    """An address of the portal."""
    return reverse(f"portal:{name}", args=arguments)


def offered(page: Any) -> list[str]:
    """What can be ticked."""
    return re.findall(r'name="service" value="(\w+)"', page.content.decode())


def free(page: Any) -> list[str]:
    """The times that can be picked, in UTC."""
    return re.findall(r'name="start" value="([^"]+)"', page.content.decode())


def ask(browser: Browser, *services: str, **also: str) -> Any:
    """Ask for the free times of some services."""
    return browser.get(url("book_times"), {"service": services, "at": "north", **also})


def pick(browser: Browser, start: str, *services: str, **also: str) -> Any:
    """Press one of the times."""
    return browser.post(url("book_hold"), {"service": services, "at": "north", "start": start, **also})


def sent(clock: str) -> str:
    """A time of Monday by North's clock, as a form sends it."""
    return f"{moment(MONDAY, clock):%Y-%m-%dT%H:%MZ}"


def booked(user: User, clock: str = "10:00", *services: str) -> Appointment:
    """A visit on Monday that somebody booked for themself."""
    return book(client=user.client, visit=visit_at(clock, services or (CONSULTATION,)), booker=as_client(user))
