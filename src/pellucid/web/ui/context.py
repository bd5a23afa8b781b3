"""What the frame of every page shows: the clinic, its banner, where one can go, and the page's other language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.module_loading import import_string

from pellucid.web.ui.language import language, path_in
from pellucid.web.ui.navigation import Item, public_items, staff_items

SOURCES: Mapping[str, str] = {
    "clinic": "pellucid.web.sites.page.clinic",
    "banners": "pellucid.web.sites.page.banners",
    "permissions": "pellucid.web.accounts.permissions.permissions_of",
}
"""Where the frame takes its facts from: they stand above ``ui`` in the layers, so they are called by name."""
DISMISSED = "dismissed"
"""The cookie that holds the slugs of the banners somebody has put away, with dots between."""


def page(request: HttpRequest) -> dict[str, Any]:
    """``clinic`` and ``frame`` for templates; nothing is asked of the database until a template uses it."""
    frame = Frame(request)
    return {"frame": frame, "clinic": SimpleLazyObject(lambda: frame.clinic)}


class Frame:
    """The frame of one page; each fact is looked up when a template first asks."""

    def __init__(self, request: HttpRequest) -> None:
        """Remember whose page it is."""
        self._request = request

    @cached_property
    def clinic(self) -> Any:
        """The clinic, or None where none has been set up."""
        return _source("clinic")()

    @cached_property
    def banner(self) -> Any:
        """The offer to show as a banner: the one that ends soonest of those not put away."""
        dismissed = self._request.COOKIES.get(DISMISSED, "").split(".")
        return next((each for each in _source("banners")() if each.slug not in dismissed), None)

    @cached_property
    def membership(self) -> Any:
        """The staff membership of whoever looks, or None."""
        return getattr(self._request, "membership", None)

    @cached_property
    def client_record(self) -> Any:
        """The client's record of whoever looks, or None."""
        return getattr(self._request, "client_record", None)

    @cached_property
    def public(self) -> list[Item]:
        """Where a visitor can go."""
        return public_items(self._request.path)

    @cached_property
    def staff(self) -> list[Item]:
        """Where this one of the staff may go."""
        if self.membership is None:
            return []
        return staff_items(self._request.path, _source("permissions")(self.membership))

    @cached_property
    def languages(self) -> list[tuple[str, str, str, bool]]:
        """Every language: code, own name, this page in it, and whether it is the one shown."""
        path = self._request.get_full_path()
        return [(code, name, path_in(code, path), code == language()) for code, name in settings.LANGUAGES]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Every language: code, and this page's whole address in it; search engines take no other."""
        return [(code, f"{settings.ORIGIN}{path_in(code, self._request.path)}") for code, _ in settings.LANGUAGES]

    @property
    def address(self) -> str:
        """This page's whole address, as search engines and shared links should use it."""
        return f"{settings.ORIGIN}{self._request.path}"


def _source(name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = import_string(SOURCES[name])
    return found
