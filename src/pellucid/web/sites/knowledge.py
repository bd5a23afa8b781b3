"""The knowledge as this clinic uses it."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.clinic import ClinicRules, OverrideEntry, for_clinic
from pellucid.knowledge.load import load
from pellucid.model.errors import ClinicRulesError
from pellucid.web.sites.models import RulesVersion

if TYPE_CHECKING:
    from pellucid.knowledge.texts import Texts

KNOWLEDGE_LANGUAGE = {"en": "en", "zh-hant": "zh_hant"}
"""Django's name of a language to the knowledge texts' own."""


def current() -> Knowledge:
    """The knowledge with the newest of the clinic's own rules; one query."""
    newest = RulesVersion.objects.values_list("rules", flat=True).first()
    return load() if newest is None else _with_rules(json.dumps(newest, sort_keys=True))


def texts(language: str) -> "Texts":
    """The shipped texts of one of Django's languages, as ``get_language()`` names it."""
    return load().texts(KNOWLEDGE_LANGUAGE.get(language, "en"))


@lru_cache(maxsize=4)
def _with_rules(written: str) -> Knowledge:
    """Kept by what the rules say: a number that was rolled back comes again and may mean other rules."""
    return for_clinic(load(), ClinicRules.model_validate_json(written))


@lru_cache(maxsize=8)
def with_overrides(current: Knowledge, overrides: tuple[OverrideEntry, ...]) -> Knowledge:
    """A clinic's knowledge with overrides signed for one client; kept, since working it out takes a while.

    An override that the knowledge no longer allows is left out: without it the rule holds, which is the stricter.
    """
    allowed = tuple(each for each in overrides if _allowed(each, current))
    return for_clinic(current, ClinicRules(overrides=allowed)) if allowed else current


def _allowed(override: OverrideEntry, current: Knowledge) -> bool:
    try:
        for_clinic(current, ClinicRules(overrides=(override,)))
    except ClinicRulesError:
        return False
    return True
