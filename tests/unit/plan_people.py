"""Other people: the same plan is not for everybody, and the checker must say why."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.unit.plan_mutations import (
    ACIDS,
    AS_IS,
    DEEP_CLEANS,
    RETINOID,
    Change,
    at,
    both,
    day,
    evening,
    irritated,
    put,
    take,
    whole,
    wishes,
)


class Person(NamedTuple):
    """Answers that make the plan break a rule."""

    name: str
    answers: Mapping[str, Any]
    wrong: str
    """What the checker must name: see ``plan_mutations.wrong``."""
    detail: str = ""
    """Words or ids that must be in the detail."""
    change: Change = AS_IS


def medicine(name: str, **fields: Any) -> Mapping[str, Any]:
    """Someone with one medicine."""
    return {"health.medicines": [{"name": name, "prescribed": True, **fields}]}


def uses(name: str, **fields: Any) -> Mapping[str, Any]:
    """Someone with one cosmetic product in use."""
    return {"products.actives": [{"name": name, **fields}]}


def only_retinoid(*numbers: int) -> Change:
    """A retinoid on some evenings, and nothing else that is new."""
    return both(
        *(take(number, "pm_active") for number in sorted(ACIDS)),
        *(evening(number, deep_clean=False) for number in sorted(DEEP_CLEANS)),
        *(day(number, tests=()) for number in range(84)),
        *(put(number, "pm_active", RETINOID) for number in numbers),
        whole(introductions=()),
        wishes(pins=()),
    )


TRETINOIN = medicine("tretinoin", route="topical")
REACTS: Mapping[str, Any] = {"skin.reacts_to": ["new_products", "fragrance", "heat_or_spice", "wind_or_cold"]}
ITCHY: Mapping[str, Any] = {
    "lesions.papules": 12,
    "lesions.itch": 7,
    "lesions.uniform_bumps": True,
    "lesions.started_after": "antibiotics",
}
RETINOL = uses("retinol", form="leave_on", times_per_week=3)

PEOPLE = (
    Person(
        "pregnant",
        {"health.pregnancy": "pregnant"},
        "permitted 23 bha_leave_on product.bha_leave_on",
        "health.pregnancy.pregnant",
    ),
    Person(
        "perhaps pregnant",
        {"health.pregnancy": "?"},
        "permitted_unknown 23 bha_leave_on product.bha_leave_on",
        "health.pregnancy",
    ),
    Person(
        "allergic",
        {"health.allergies": ["aspirin_or_salicylate"]},
        "permitted 79 bha_leave_on product.bha_leave_on",
        "health.allergies.aspirin_or_salicylate",
    ),
    Person(
        "isotretinoin stopped three months ago",
        medicine("isotretinoin", route="oral", stop=at(-90)),
        "permitted_lately 79 bha_leave_on product.bha_leave_on",
    ),
    Person(
        "isotretinoin not long ago, and a session",
        medicine("isotretinoin", route="oral", stop=at(-90)),
        "screening 15 pore_cleanup_facial-1 contraindication.gx7a_isotretinoin_extraction",
    ),
    Person(
        "a prescribed retinoid and an acid",
        TRETINOIN,
        "permitted 23 bha_leave_on product.bha_leave_on",
        "medicine.retinoid_topical",
    ),
    Person(
        "a prescribed retinoid and an acid in an evening",
        TRETINOIN,
        "pair 23 bha_leave_on pair.retinoid_acid_prescribed",
    ),
    Person("a prescribed retinoid and clay", TRETINOIN, "pair 41 clay_mask pair.retinoid_clay_prescribed"),
    Person("a prescribed retinoid and any mask", TRETINOIN, "pair 41 clay_mask pair.retinoid_deep_clean_prescribed"),
    Person(
        "a prescribed retinoid and a session", TRETINOIN, "screening 15 pore_cleanup_facial-1 window.rx_retinoid_before"
    ),
    Person(
        "tretinoin and benzoyl peroxide in an evening",
        TRETINOIN,
        "pair 60 bpo_treatment pair.tretinoin_bpo",
        change=put(60, "pm_serum", "bpo_treatment"),
    ),
    Person(
        "waxed on the day of a retinoid",
        {"history.hair_removal": [{"kind": "wax", "date": at(60)}]},
        "pair 60 retinoid_cosmetic pair.retinoid_hair_removal",
        change=only_retinoid(60),
    ),
    Person(
        "to be waxed a week after a retinoid",
        {"history.hair_removal": [{"kind": "wax", "date": at(67)}]},
        "pair 60 retinoid_cosmetic pair.retinoid_hair_removal",
        "not together at all, 7 days before, 3 days after",
        change=only_retinoid(60),
    ),
    Person(
        "threaded three days before a retinoid",
        {"history.hair_removal": [{"kind": "threading", "date": at(57)}]},
        "pair 60 retinoid_cosmetic pair.retinoid_hair_removal",
        change=only_retinoid(60),
    ),
    Person("itchy and uniform bumps", ITCHY, "pair 40 oil_cleanser pair.oil_cleanser_malassezia"),
    Person("itchy and uniform bumps, and an oil", ITCHY, "permitted 40 oil_cleanser product.oil_cleanser"),
    Person(
        "skin that reacts, and washing twice",
        REACTS,
        "cap_cleanse 40 am_cleanse cap.cleanse",
        "2 on 1 day, at most 1",
        change=whole(skin="sensitive"),
    ),
    Person(
        "skin that reacts, and clay",
        REACTS,
        "permitted_never 41 clay_mask cap.clay_mask",
        "sensitive",
        change=whole(skin="sensitive"),
    ),
    Person(
        "skin that reacts, and an acid",
        REACTS,
        "permitted_never 51 bha_leave_on cap.exfoliation",
        "sensitive",
        change=whole(skin="sensitive"),
    ),
    Person("skin that reacts, and a plan for others", REACTS, "skin - oily", "oily, should be sensitive"),
    Person(
        "a wedding in three weeks from the test",
        {"history.events": [{"kind": "wedding", "date": at(15 + 21)}]},
        "introduction_event 15 bha_leave_on home_number.calm_before_event",
    ),
    Person(
        "a wedding on the first use",
        {"history.events": [{"kind": "wedding", "date": at(22)}]},
        "introduction_event 22 bha_leave_on home_number.calm_before_event",
    ),
    Person(
        "sun a week after the test",
        {"history.sun": [{"kind": "strong_sun", "from": at(22), "to": at(24)}]},
        "introduction_sun 15 bha_leave_on home_number.calm_before_sun",
    ),
    Person(
        "sun until the first use",
        {"history.sun": [{"kind": "strong_sun", "from": at(20), "to": at(22)}]},
        "introduction_sun 22 bha_leave_on home_number.calm_before_sun",
    ),
    Person(
        "sun from the first use on, nobody knows how long",
        {"history.sun": [{"kind": "strong_sun", "from": at(16)}]},
        "introduction_sun 22 bha_leave_on home_number.calm_before_sun",
    ),
    Person(
        "a laser elsewhere",
        {"history.procedures": [{"kind": "carbon_laser", "date": at(60)}]},
        "window 58 bha_leave_on window.strong_active_before",
        "2 days before Carbon laser (22 January 2027), at least 6",
    ),
    Person(
        "a laser elsewhere a week ago",
        {"history.procedures": [{"kind": "carbon_laser", "date": at(-4)}]},
        "window 3 retinoid_cosmetic window.strong_active_after",
        "7 days after Carbon laser (19 November 2026), at least 8",
        change=only_retinoid(3),
    ),
    Person(
        "a retinoid in use, once more than told",
        RETINOL,
        "cap 63 retinoid_cosmetic cap.retinoid",
        "4 in 7 days, at most 3",
        change=only_retinoid(57, 59, 61, 63),
    ),
    Person(
        "a retinoid in use, nobody told how often",
        uses("retinol", form="leave_on"),
        "cap 61 retinoid_cosmetic cap.retinoid",
        "3 in 7 days, at most 2",
        change=only_retinoid(57, 59, 61),
    ),
    Person(
        "a retinoid in use, and an irritation",
        RETINOL,
        "cap 59 retinoid_cosmetic cap.retinoid",
        "2 in 7 days, at most 1",
        change=both(only_retinoid(57, 59), irritated(58)),
    ),
    Person("a retinoid in use that the plan leaves out without a word", RETINOL, "set_aside_missing - retinol"),
    Person(
        "a retinoid that is washed off",
        uses("retinol", form="rinse_off"),
        "introduction 57 retinoid_cosmetic product.retinoid_cosmetic",
        change=only_retinoid(57),
    ),
    Person(
        "a retinoid given up",
        uses("retinol", stopped=True, last_use=at(-10)),
        "introduction 57 retinoid_cosmetic product.retinoid_cosmetic",
        change=only_retinoid(57),
    ),
    Person(
        "a retinoid that starts too fast",
        {},
        "ramp 59 retinoid_cosmetic ramp.retinoid_a",
        "3 in 7 days, at most 2",
        change=only_retinoid(57, 58, 59),
    ),
)
