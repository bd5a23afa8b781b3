"""The language of the page, as this part needs it: the words of the knowledge, and the same page in another one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language

from pellucid.knowledge.load import load

if TYPE_CHECKING:
    from pellucid.knowledge.texts import Texts

KNOWLEDGE_LANGUAGE = {"en": "en", "zh-hant": "zh_hant"}
"""Django's name of a language to the knowledge texts' own; this part stands below ``sites``, which has the same."""


def language() -> str:
    """The page's language, English where none is active."""
    return get_language() or "en"


@lru_cache(maxsize=len(KNOWLEDGE_LANGUAGE))
def _texts(name: str) -> "Texts":
    return load().texts(name)


def texts() -> "Texts":
    """The knowledge's words in the page's language."""
    return _texts(KNOWLEDGE_LANGUAGE.get(language(), "en"))


def in_language(by_language: Mapping[str, str] | None) -> str:
    """What was written in several languages, in the page's: else in English, else in any."""
    found = by_language or {}
    return next((found[each] for each in (language(), "en", *found) if found.get(each)), "")


def path_in(code: str, path: str) -> str:
    """The address of the same page in another language; the default language has none in front."""
    translated = translate_url(path, code)
    if translated != path:
        return str(translated)
    bare = path
    for other, _ in settings.LANGUAGES:
        if path == f"/{other}" or path.startswith(f"/{other}/"):
            bare = path.removeprefix(f"/{other}") or "/"
    return bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}"
