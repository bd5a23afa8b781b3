"""Small situations made by hand: someone's answers, the clinic's slots, and the plan that comes of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.sample_plan import START
from tests.spec.cases import Case

from pellucid.consult.assess import assess
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.assessment import Assessment
from pellucid.model.plan import CarePlan, Preferences
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.plan.check import check_plan
from pellucid.plan.make import make_plan

Answers = Mapping[str, Any]

OILY: Answers = {
    "skin.t_zone_shine": "clear",
    "skin.cheek_shine": "clear",
    "skin.cheek_feel": "oily",
    "pores.nose.look": ["round"],
    "pores.t_zone_plugs": ["dark"],
    "lesions.open_comedones": 14,
    "wishes.goals": ["blackheads", "less_shine"],
}
"""Clay and a salicylic wash suit best."""

OILY_AND_LINED: Answers = {
    "person.age": 45,
    "skin.t_zone_shine": "clear",
    "skin.cheek_shine": "clear",
    "skin.cheek_feel": "oily",
    "skin.looks": ["fine_lines", "rough"],
    "pores.cheeks.look": ["teardrop"],
    "wishes.goals": ["fine_lines", "smoother_texture"],
}
"""A retinoid suits best, then clay."""

SPOTS: Answers = {**OILY, "lesions.papules": 8, "lesions.pustules": 3, "wishes.goals": ["fewer_spots", "blackheads"]}
"""A salicylic wash suits best, then an acid that stays on."""

SENSITIVE: Answers = {**OILY, "skin.reacts_to": ["new_products", "fragrance", "heat_or_spice", "wind_or_cold"]}

PEEL = "aha_peel"
LED = "led"

BHA: Answers = {"products.actives": [{"name": "salicylic_acid", "form": "leave_on", "times_per_week": 2}]}
TRETINOIN: Answers = {"health.medicines": [{"name": "tretinoin", "route": "topical", "prescribed": True}]}
ISOTRETINOIN: Answers = {"health.medicines": [{"name": "isotretinoin", "route": "oral", "prescribed": True}]}


def at(number: int) -> date:
    """A day of the plan, by number."""
    return START + timedelta(days=number)


def days(first: int, last: int) -> set[int]:
    """Both ends included."""
    return set(range(first, last + 1))


class Someone(NamedTuple):
    """A person as they are known on a day."""

    profile: Profile
    assessment: Assessment


def someone(knowledge: Knowledge, answers: Answers, today: date = START) -> Someone:
    """Someone of whom everything is answered and nothing stands out, but for these answers."""
    profile = make_profile(Case("plan", "someone", "", answers).intake, knowledge=knowledge, today=today)
    return Someone(profile, assess(profile, None, knowledge=knowledge, today=today))


def plan_for(knowledge: Knowledge, answers: Answers, *slots: Slot, weeks: int = 12, **wishes: Any) -> CarePlan:
    """The plan of someone with these answers, in which the checker finds nothing."""
    person = someone(knowledge, answers)
    plan = make_plan(
        *person, slots=slots, preferences=Preferences(**wishes), knowledge=knowledge, start=START, weeks=weeks
    )
    assert check_plan(plan, person.profile, None, knowledge, assessment=person.assessment) == []
    return plan


def used(plan: CarePlan, *products: str) -> set[int]:
    """The days, by number, on which one of the products is used."""
    return {number for number, day in enumerate(plan.days) if day.used & set(products)}


def visits(plan: CarePlan) -> list[tuple[str, int]]:
    """Treatments and their days, by number."""
    return [(session.slot.treatment, (session.day - START).days) for session in plan.sessions]


def deep_cleans(plan: CarePlan) -> set[int]:
    """The days whose evening is a deep-clean evening."""
    return {number for number, day in enumerate(plan.days) if day.deep_clean}


def begun(plan: CarePlan) -> dict[str, tuple[int, int]]:
    """New products with the first day of their test and of their use."""
    return {
        each.product: ((each.tested_from - START).days, (each.first_use - START).days) for each in plan.introductions
    }


def why_not(plan: CarePlan) -> dict[str, set[str]]:
    """What each dropped wish clashes with."""
    return {clash.dropped.ref: {member.ref for member in clash.members} - {clash.dropped.ref} for clash in plan.clashes}
