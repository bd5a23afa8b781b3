"""A profile as it would be if something planned were done: what a session means for everything after and before it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pellucid.consult.dated import classes_of
from pellucid.consult.evidence import evidence_of
from pellucid.knowledge.base import Knowledge
from pellucid.model.profile import Profile
from pellucid.model.spans import NEVER
from pellucid.model.truth import UNKNOWN, Truth, either


def suppose(profile: Profile, exposures: Iterable[tuple[str, date]], *, knowledge: Knowledge) -> Profile:
    """The profile with more dated facts, each on one day.

    Args:
        profile: stays as it is.
        exposures: ids of exposure records (``procedure.aha_peel``, ``active.retinol``) and the day of each; one that
            no rule knows (a mask) changes nothing.
        knowledge: the knowledge base.
    """
    facts = dict(profile.facts)
    names: set[str] = set()
    for exposure, day in exposures:
        number = day.toordinal()
        on_the_day = Truth(((number, number + 1),), NEVER)
        for name in classes_of(exposure, knowledge):
            facts[name] = either(facts.get(name, UNKNOWN), on_the_day)
            names.add(name)
    supposed = replace(profile, facts=facts)
    supposed.memo[knowledge.digest] = evidence_of(profile, knowledge).supposing(supposed, frozenset(names))
    return supposed
