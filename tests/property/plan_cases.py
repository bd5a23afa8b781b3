"""Invented people with a clinic's slots and their own wishes, drawn from a seed: what the planner is tried on.

The same seed gives the same case everywhere. Many of the cases ask for more than can be had: too little money or time,
appointments that rules stand against, choices that come too early, medicines and events in the way.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.spec.cases import Case

from pellucid.consult.assess import assess
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Product
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.assessment import Assessment
from pellucid.model.levels import Level
from pellucid.model.plan import CarePlan, Pin, Preferences
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.plan.make import make_plan
from pellucid.plan.wishes import WEEKDAYS, preferences_of

TODAY = date(2026, 11, 20)
"""The day on which every case is asked."""

WEEKS = (1, 2, 3, 4, 6, 8, 12, 12, 12, 12, 12, 16)

SHORT = 6
"""Weeks; choices are pinned mostly in plans up to so long, since telling why one can't be kept takes long in others."""

Answers = dict[str, Any]


@dataclass(frozen=True)
class PlanCase:
    """Everything that the planner is called with, but for the knowledge."""

    seed: int
    profile: Profile
    assessment: Assessment
    slots: tuple[Slot, ...]
    preferences: Preferences
    start: date
    weeks: int

    @property
    def until(self) -> date:
        """The plan's last day."""
        return self.start + timedelta(weeks=self.weeks) - timedelta(days=1)


def planned(case: PlanCase, knowledge: Knowledge) -> CarePlan:
    """The plan of a case."""
    return make_plan(
        case.profile,
        case.assessment,
        slots=case.slots,
        preferences=case.preferences,
        knowledge=knowledge,
        start=case.start,
        weeks=case.weeks,
    )


def random_case(seed: int, knowledge: Knowledge, *, with_pins: bool = False) -> PlanCase:
    """The case of a seed."""
    choose = random.Random(seed)  # noqa: S311 - cases to try, not secrets
    answers: Answers = {**choose.choice(SKINS), **_wishes(choose, knowledge)}
    for chance, trait in TRAITS:
        if choose.random() < chance:
            answers.update(trait(choose))
    if answers.get("person.age", 30) > OLDEST_PREGNANT:
        answers["health.pregnancy"] = "no"
    profile = make_profile(Case("plan", f"{seed}", "", answers).intake, knowledge=knowledge, today=TODAY)
    start = TODAY + timedelta(days=choose.choice((0, 0, 1, 3, 10)))
    weeks = choose.choice(WEEKS)
    slots = tuple(_slots(choose, start, weeks, answers["wishes.treatments"], knowledge))
    booked = _booked(choose, slots) if choose.random() < 0.35 else ()
    pinned = 0.45 if weeks <= SHORT else 0.08
    pinned_too = choose.random() < pinned
    pins = tuple(_pins(choose, start, weeks, knowledge)) if pinned_too and with_pins else ()
    return PlanCase(
        seed=seed,
        profile=profile,
        assessment=assess(profile, None, knowledge=knowledge, today=TODAY),
        slots=slots,
        preferences=preferences_of(profile, booked=booked, pins=pins),
        start=start,
        weeks=weeks,
    )


# --- the person ---------------------------------------------------------------------------------------------

OLDEST_PREGNANT = 60

OILY: Mapping[str, Any] = {
    "skin.t_zone_shine": "clear",
    "skin.cheek_shine": "clear",
    "skin.cheek_feel": "oily",
    "pores.nose.look": ["round"],
    "pores.t_zone_plugs": ["dark"],
    "lesions.open_comedones": 14,
    "wishes.goals": ["blackheads", "less_shine"],
}

SKINS: Sequence[Mapping[str, Any]] = (
    OILY,
    {**OILY, "lesions.papules": 8, "lesions.pustules": 3, "wishes.goals": ["fewer_spots", "blackheads"]},
    {
        "skin.t_zone_shine": "clear",
        "skin.cheek_feel": "comfortable",
        "pores.nose.look": ["round"],
        "pores.t_zone_plugs": ["dark", "light"],
        "lesions.open_comedones": 9,
        "wishes.goals": ["blackheads", "whiteheads"],
    },
    {
        "skin.cheek_feel": "tight",
        "skin.t_zone_shine": "none",
        "pores.cheeks.look": ["oval"],
        "skin.late_day": ["dull", "fine_crepey_lines"],
        "wishes.goals": ["hydration", "brighter_look"],
    },
    {
        "pores.cheeks.look": ["teardrop"],
        "skin.looks": ["fine_lines", "sagging", "rough"],
        "person.age": 47,
        "wishes.goals": ["fine_lines", "smoother_texture"],
    },
    {
        "skin.looks": ["dull", "rough", "uneven_tone"],
        "pores.nose.look": ["oval"],
        "wishes.goals": ["smoother_texture", "brighter_look", "even_tone"],
    },
    {
        "skin.reacts_to": ["new_products", "fragrance", "heat_or_spice"],
        "skin.flushes": True,
        "skin.visible_redness": True,
        "wishes.goals": ["calm_redness", "hydration"],
    },
    {},
)

HABITS: Mapping[str, Sequence[Any]] = {
    "habits.makeup": ("none", "light", "heavy"),
    "habits.sunscreen": ("daily", "sometimes", "never"),
    "habits.cleanses_per_day": (1, 2, 3),
}

CONDITIONS = ("melasma", "cold_sore_history", "easy_bruising", "eczema", "rosacea", "mild_asthma", "keloid_tendency")

ACTIVES = (
    "retinol",
    "salicylic_acid",
    "glycolic_acid",
    "vitamin_c",
    "benzoyl_peroxide",
    "niacinamide",
    "clay",
    "scrub",
)

PROCEDURES = ("pore_cleanup_facial", "aha_peel", "carbon_laser", "microdermabrasion", "extraction", "botulinum")


def _habits(choose: random.Random) -> Answers:
    return {path: choose.choice(values) for path, values in HABITS.items()}


def _age(choose: random.Random) -> Answers:
    return {"person.age": choose.choice((14, 17, 19, 22, 27, 34, 39, 58, 71))}


def _phototype(choose: random.Random) -> Answers:
    return {"person.phototype": choose.choice(("i", "ii", "iv", "v", "vi"))}


def _pregnancy(choose: random.Random) -> Answers:
    return {"health.pregnancy": choose.choice(("pregnant", "planning", "not_applicable"))}


def _condition(choose: random.Random) -> Answers:
    return {"health.conditions": choose.sample(CONDITIONS, choose.randint(1, 2))}


def _allergy(choose: random.Random) -> Answers:
    return {"health.allergies": [choose.choice(("aspirin_or_salicylate", "latex", "fragrance"))]}


def _retinoid(choose: random.Random) -> Answers:
    name = choose.choice(("tretinoin", "adapalene"))
    return {
        "health.medicines": [{"name": name, "route": "topical", "prescribed": True, "start": _ago(choose, 20, 400)}]
    }


def _isotretinoin(choose: random.Random) -> Answers:
    stopped = {"stop": _ago(choose, 5, 400)} if choose.random() < 0.7 else {}
    medicine = {"name": "isotretinoin", "route": "oral", "prescribed": True, **stopped}
    return {"health.medicines": [medicine]}


def _medicine(choose: random.Random) -> Answers:
    name = choose.choice(("doxycycline", "benzoyl_peroxide", "st_johns_wort", "anticoagulant", "zzz nobody knows this"))
    return {"health.medicines": [{"name": name, "prescribed": True}]}


def _actives(choose: random.Random) -> Answers:
    return {"products.actives": [_active(name, choose) for name in choose.sample(ACTIVES, choose.randint(1, 3))]}


def _active(name: str, choose: random.Random) -> Answers:
    entry: Answers = {"name": name, "form": choose.choice(("leave_on", "leave_on", "rinse_off"))}
    if choose.random() < 0.7:
        entry["times_per_week"] = choose.randint(1, 7)
    if choose.random() < 0.2:
        entry.update(stopped=True, last_use=_ago(choose, 1, 40))
    return entry


def _procedures(choose: random.Random) -> Answers:
    found: list[Answers] = [{"kind": choose.choice(PROCEDURES), "date": _ago(choose, 1, 60)}]
    if choose.random() < 0.3:
        found.append({"kind": choose.choice(PROCEDURES), "date": _ahead(choose, 1, 60)})
    if choose.random() < 0.15:
        found.append({"kind": choose.choice(PROCEDURES)})
    return {"history.procedures": found}


def _hair(choose: random.Random) -> Answers:
    kind = choose.choice(("wax", "thread", "laser_hair_removal", "shave"))
    ahead: Answers = {"date": _ahead(choose, 1, 60)}
    days: Sequence[Answers] = ({"date": _ago(choose, 0, 20)}, ahead, ahead, {})
    return {"history.hair_removal": [{"kind": kind, **choose.choice(days)}]}


def _sun(choose: random.Random) -> Answers:
    since = _ahead(choose, -20, 60)
    until = since + timedelta(days=choose.randint(0, 14))
    ends = choose.choice(
        ({"from": since, "to": until}, {"from": since, "to": until}, {"from": since}, {"to": until}, {})
    )
    return {"history.sun": [{"kind": choose.choice(("strong_sun", "strong_sun", "sunbed", "self_tanner")), **ends}]}


def _event(choose: random.Random) -> Answers:
    return {"history.events": [{"kind": choose.choice(("wedding", "important")), "date": _ahead(choose, 3, 90)}]}


def _skin_now(choose: random.Random) -> Answers:
    return {"now.skin": [choose.choice(("cold_sore", "sunburn", "stings_with_water", "peeling_or_raw"))]}


def _unanswered(choose: random.Random) -> Answers:
    path = choose.choice(("health.pregnancy", "health.medicines", "products.actives", "history.procedures", "now.skin"))
    return {path: "?"}


def _ago(choose: random.Random, least: int, most: int) -> date:
    return TODAY - timedelta(days=choose.randint(least, most))


def _ahead(choose: random.Random, least: int, most: int) -> date:
    return TODAY + timedelta(days=choose.randint(least, most))


Trait = Callable[[random.Random], Answers]

TRAITS: Sequence[tuple[float, Trait]] = (
    (0.6, _habits),
    (0.3, _age),
    (0.2, _phototype),
    (0.08, _pregnancy),
    (0.15, _condition),
    (0.08, _allergy),
    (0.08, _medicine),
    (0.1, _retinoid),
    (0.06, _isotretinoin),
    (0.4, _actives),
    (0.2, _procedures),
    (0.2, _hair),
    (0.15, _sun),
    (0.2, _event),
    (0.04, _skin_now),
    (0.06, _unanswered),
)
"""How often each is so; what comes later may take the place of what came before."""


# --- wishes -------------------------------------------------------------------------------------------------


def _wishes(choose: random.Random, knowledge: Knowledge) -> Answers:
    offered = [each.id for each in knowledge.of(Treatment).values() if each.offered]
    usual = ["pore_cleanup_facial", "aha_peel", "salicylic_peel", "led", "hyaluronic_infusion", "microdermabrasion"]
    pool = usual if choose.random() < 0.7 else offered
    wishes: Answers = {"wishes.treatments": choose.sample(pool, choose.choice((0, 1, 1, 2, 2, 3)))}
    if choose.random() < 0.08:
        wishes["wishes.home_only"] = True
    if choose.random() < 0.4:
        wishes["wishes.budget"] = choose.choice((0, 40, 70, 120, 200, 350, 900))
        wishes["wishes.currency"] = choose.choice(("EUR", "EUR", "EUR", "TWD"))
    if choose.random() < 0.35:
        wishes["wishes.minutes_per_day"] = choose.choice((3, 6, 8, 10, 12, 20, 25, 40))
    if choose.random() < 0.4:
        wishes["wishes.preferred_days"] = choose.sample(WEEKDAYS, choose.randint(1, 3))
    if choose.random() < 0.35:
        since = _ahead(choose, 0, 60)
        until = since + timedelta(days=choose.choice((0, 3, 8, 20, 50)))
        wishes["wishes.away"] = [{"from": since, "to": until, "name": "family"}]
    return wishes


# --- the clinic ---------------------------------------------------------------------------------------------

STAFF = (("ines", Level.L1), ("bo", Level.L2), ("dr_sun", Level.L4))


def _slots(
    choose: random.Random, start: date, weeks: int, wanted: Sequence[str], knowledge: Knowledge
) -> Iterator[Slot]:
    """Few slots or many, for most of what is asked for and some of what isn't."""
    clinic = [each.id for each in knowledge.of(Treatment).values() if each.offered and each.setting != "home"]
    kinds = [name for name in wanted if name in clinic and choose.random() < 0.85]
    kinds += choose.sample(clinic, choose.randint(0, 3))
    priced = choose.random() < 0.8
    prices = {name: Decimal(choose.choice((35, 60, 90, 150, 400))) if priced else None for name in kinds}
    days = choose.sample(range(-3, 7 * weeks + 3), min(7 * weeks, choose.choice((2, 5, 12, 25))))
    for day in sorted(days):
        for name in dict.fromkeys(kinds):
            if choose.random() < 0.6:
                yield _slot(choose, knowledge.get(Treatment, name), start + timedelta(days=day), prices[name])


def _slot(choose: random.Random, treatment: Treatment, day: date, price: Decimal | None) -> Slot:
    """Mostly with someone who may do it."""
    able = [each for each in STAFF if each[1] >= Level[treatment.level.level]]
    practitioner, level = choose.choice(able if able and choose.random() < 0.9 else STAFF)
    starts = datetime.combine(day, time(choose.choice((8, 10, 13, 15))), UTC)
    return Slot(
        starts=starts,
        ends=starts + timedelta(hours=1),
        treatment=treatment.id,
        practitioner=practitioner,
        room="room_1",
        level=level,
        zone="Europe/Madrid",
        price=price,
        currency="EUR" if price else None,
    )


def _booked(choose: random.Random, slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Appointments that stand: mostly one, sometimes several that may stand in each other's way."""
    count = min(len(slots), choose.choice((1, 1, 2, 3)))
    return tuple(sorted(choose.sample(slots, count)))


USUAL_PINS = ("clay_mask", "hydrating_mask", "bha_leave_on", "aha_leave_on", "retinoid_cosmetic", "vitamin_c_serum")


def _pins(choose: random.Random, start: date, weeks: int, knowledge: Knowledge) -> Iterator[Pin]:
    """Choices that stay, of any product on any day: many of them can't be had."""
    placed = [each.id for each in knowledge.of(Product).values() if not each.basic]
    products = placed if choose.random() < 0.3 else USUAL_PINS
    for _ in range(choose.choice((1, 1, 2))):
        yield Pin(choose.choice(products), start + timedelta(days=choose.randint(-2, 7 * weeks)))
