"""What every public page has in common: its title, what search engines and shared links read, and how it is shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pellucid.web.portal.public_reader import Reader, reader
from pellucid.web.sites import knowledge
from pellucid.web.ui.language import path_in

TAGS: Mapping[str, str] = {"en": "en", "zh-hant": "zh-Hant"}
"""Django's name of a language to the one that pages and search engines use."""
OPEN_GRAPH_LOCALES: Mapping[str, str] = {"en": "en_GB", "zh-hant": "zh_TW"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself."""

    title: str
    description: str
    structured: Sequence[Mapping[str, Any]] = ()
    """Schema.org descriptions of what is on it."""
    kind: str = "website"
    """As Open Graph names it: website or article."""
    indexed: bool = True
    """Whether search engines may list it."""

    @property
    def data(self) -> list[SafeString]:
        """The descriptions as JSON that can stand in a script element: a data block, nothing runs."""
        return [_as_data({"@context": "https://schema.org", **each}) for each in self.structured]


def _as_data(described: Mapping[str, Any]) -> SafeString:
    text = json.dumps(described, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)  # noqa: S308 - nothing in it can end the element


def current_reader() -> Reader:
    """The clinic's knowledge in the page's language; one query."""
    return reader(knowledge.current(), get_language() or "en")


def absolute(path: str) -> str:
    """A path as a whole address."""
    return f"{settings.ORIGIN}{path}"


def alternates(path: str) -> list[tuple[str, str]]:
    """The page at a path in every language, as (tag, whole address); without what stands behind a question mark."""
    return [(TAGS[code], absolute(path_in(code, path))) for code, _ in settings.LANGUAGES]


def show(request: HttpRequest, template: str, page: Page, **context: object) -> HttpResponse:
    """Show a public page."""
    language = get_language() or "en"
    head = {
        "address": absolute(request.path),
        "alternates": alternates(request.path),
        "default": absolute(path_in(settings.LANGUAGE_CODE, request.path)),
        "picture": absolute(static("portal/share.png")),
        "locale": OPEN_GRAPH_LOCALES[language],
        "other_locales": [name for code, name in OPEN_GRAPH_LOCALES.items() if code != language],
    }
    return render(request, f"portal/public/{template}.html", {"page": page, "head": head, **context})
