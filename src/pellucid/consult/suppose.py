"""A profile as it would be if something planned were done, and as it is for someone who follows a plan."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import reduce

from pellucid.consult.dated import classes_of
from pellucid.consult.evidence import evidence_of
from pellucid.knowledge.base import Knowledge
from pellucid.model import spans
from pellucid.model.profile import DatedFact, Profile
from pellucid.model.spans import NEVER, Spans
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


def following(profile: Profile, since: date, used: Iterable[tuple[str, date]], *, knowledge: Knowledge) -> Profile:
    """The profile of someone who has followed a care plan since a day, as far as nobody told otherwise.

    A product in use counts as used every day up to today, since its user can pause it from then on. Who follows a plan
    has paused where the plan said so: from its first day on, such a product counts as used on the plan's own days.

    Args:
        profile: on a day after the plan began; before that it stays as it is.
        since: the plan's first day.
        used: ids of exposure records and the days, now over, on which the plan had them used.
        knowledge: the knowledge base.
    """
    if since >= profile.today:
        return profile
    begun, today = since.toordinal(), profile.today.toordinal()
    under_plan = ((begun, today + 1),)
    dated = tuple(_without(fact, under_plan) if _habit(fact, begun) else fact for fact in profile.dated)
    facts = dict(profile.facts)
    for name in {name for fact in profile.dated if _habit(fact, begun) for name in fact.classes}:
        others = (fact.days for fact in dated if name in fact.classes)
        facts[name] = reduce(either, others, Truth(NEVER, spans.difference(facts[name].unknown, under_plan)))
    return suppose(replace(profile, facts=facts, dated=dated), used, knowledge=knowledge)


def _habit(fact: DatedFact, begun: int) -> bool:
    """A product that was in use when the plan began and still is."""
    told = fact.detail.get("last_use")
    if fact.record != "active" or not fact.ongoing or (told and told.toordinal() >= begun):
        return False
    return bool(fact.days.yes) and fact.days.yes[0][0] < begun


def _without(fact: DatedFact, days: Spans) -> DatedFact:
    return replace(fact, days=Truth(spans.difference(fact.days.yes, days), fact.days.unknown))


def with_visits(profile: Profile, visits: Iterable[tuple[str, date]], *, knowledge: Knowledge) -> Profile:
    """The profile of someone who also had, or has an appointment for, treatments on days that the answers don't tell.

    Unlike what is only supposed, these stand among the dated facts, so that pauses around them are kept too; those
    around a treatment that no condition knows (a mask) as well.
    """
    told = {(name, fact.days) for fact in profile.dated for name in fact.classes}
    added = []
    for treatment, day in visits:
        number = day.toordinal()
        days = Truth(((number, number + 1),), NEVER)
        name = f"procedure.{treatment}"
        if (name, days) not in told:
            classes = classes_of(name, knowledge) or (name,)
            added.append(DatedFact("procedure", treatment, classes, days))
    exposures = [(fact.classes[0], date.fromordinal(fact.days.yes[0][0])) for fact in added]
    return (
        suppose(replace(profile, dated=(*profile.dated, *added)), exposures, knowledge=knowledge) if added else profile
    )
