"""A clinic just begun, with an owner and nothing else: every list and every public page is there and says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import translation
from tests.web.cast import signed_in
from tests.web.staff_pages import words

from pellucid.web.accounts.models import User
from pellucid.web.accounts.permissions import Permission
from pellucid.web.project.beginning import begin
from pellucid.web.sites import clock

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "zh-hant")
OK, POST_ONLY = 200, 405
SAYS = {
    "clinic:start": "No question waits",
    "clinic:clients": "There are no clients yet",
    "clinic:reviews": "Everything is signed",
    "clinic:enquiries": "No question waits",
    "clinic:offers": "There is no offer yet",
    "clinic:operations": "No message waits",
    "portal:offers": "No offers today",
    "portal:register": "Help me choose",
}
"""What stands where nothing is yet."""


@pytest.fixture
def owner(db: None) -> User:
    """Who begins the clinic, with a second factor."""
    made = begin(
        name="Olga Example", email="olga@example.com", clinic="Example Clinic", zone="Asia/Taipei", now=clock.now()
    )
    Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={"secret": "GEZDGNBVGY3TQOJQ"})
    return made


def pages(of: URLResolver, space: str = "") -> Iterator[tuple[str, bool]]:
    """Name of every page whose address needs nothing filled in, and whether it is for everybody."""
    for each in of.url_patterns:
        if isinstance(each, URLResolver):
            yield from pages(each, each.namespace or space)
        elif _is_whole(f"{space}:{each.name}"):
            yield f"{space}:{each.name}", getattr(each.callback, "permission", None) == Permission.PUBLIC


def _is_whole(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


def answers(browser: Browser, language: str, names: list[str]) -> dict[str, Any]:
    """What each page that can be read answers."""
    with translation.override(language):
        given = {name: browser.get(reverse(name), follow=True) for name in names}
    return {name: answer for name, answer in given.items() if answer.status_code != POST_ONLY}


def check(found: dict[str, Any], language: str) -> None:
    """They are there, and in English say what is not there yet."""
    assert {name: each.status_code for name, each in found.items() if each.status_code != OK} == {}
    if language == "en":
        assert {name for name, said in SAYS.items() if name in found and said not in words(found[name])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_staff_is_there(owner: User, language: str) -> None:
    names = [name for name, is_public in pages(get_resolver()) if name.startswith("clinic:") and not is_public]
    found = answers(signed_in(owner), language, names)
    assert len(found) > 12
    check(found, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_page_is_there(owner: User, client: Browser, language: str) -> None:
    names = [name for name, is_public in pages(get_resolver()) if name.startswith("portal:") and is_public]
    found = answers(client, language, names)
    assert len(found) > 12
    check(found, language)
