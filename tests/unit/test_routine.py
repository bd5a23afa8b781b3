"""The home routine: few changes at a time, nothing that a fact rules out or leaves open, and every new thing dated."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tests.spec.cases import TODAY, Case

from pellucid.care import care
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.model.routine import Layer, Routine

Facts = Mapping[str, Any]

EXFOLIATING = {"aha_leave_on", "bha_leave_on", "scrub"}

AGING: Facts = {
    "person.age": 45,
    "pores.cheeks.look": ["teardrop"],
    "pores.nose.look": ["teardrop"],
    "pores.t_zone_plugs": ["dark"],
    "skin.looks": ["rough", "fine_lines", "dull", "sagging"],
    "lesions.open_comedones": 12,
    "wishes.goals": ["smoother_texture", "fine_lines", "blackheads"],
}
"""Someone whom a retinoid and an acid would suit, and about whom every safety question has been answered."""

OILY: Facts = {
    "skin.t_zone_shine": "clear",
    "skin.cheek_shine": "clear",
    "skin.cheek_feel": "oily",
    "pores.forehead.look": ["round"],
    "pores.nose.look": ["round"],
    "pores.cheeks.look": ["round"],
    "pores.t_zone_plugs": ["dark"],
    "lesions.open_comedones": 15,
    "lesions.papules": 4,
    "wishes.goals": ["blackheads", "less_shine", "fewer_spots"],
}
DRY: Facts = {
    "skin.t_zone_shine": "none",
    "skin.cheek_shine": "none",
    "skin.cheek_feel": "tight",
    "skin.season": "drier_in_winter",
}
COMBINATION: Facts = {"skin.t_zone_shine": "clear", "skin.cheek_shine": "none", "pores.nose.look": ["round"]}
WEAK_BARRIER: Facts = {"now.skin": ["stings_with_water", "peeling_or_raw"]}
REACTS: Facts = {"skin.reacts_to": ["new_products", "fragrance", "heat_or_spice", "wind_or_cold"]}
UNTOLD: Facts = {f"skin.{name}": "?" for name in ("cheek_feel", "t_zone_shine", "cheek_shine")}
ITCHY: Facts = {
    **OILY,
    "lesions.papules": 12,
    "lesions.itch": 7,
    "lesions.uniform_bumps": True,
    "lesions.started_after": "antibiotics",
    "lesions.sites": ["forehead", "hairline"],
}


def routine(facts: Facts, knowledge: Knowledge, *, today: date = TODAY) -> Routine:
    intake = Case(table="routine", id="", about="", facts=facts).intake
    return care(intake, today=today, knowledge=knowledge).routine


def isotretinoin(**dates: date) -> Facts:
    return {**AGING, "health.medicines": [{"name": "isotretinoin", "route": "oral", "prescribed": True, **dates}]}


def layers(of: Routine) -> tuple[Layer, ...]:
    return (*of.morning, *of.evening, *of.deep_clean)


def placed(of: Routine) -> set[str]:
    return {each.product for layer in layers(of) for each in layer.products}


def new(of: Routine) -> set[str]:
    return {each.product for layer in layers(of) for each in layer.products if each.new}


def left_out(of: Routine) -> dict[str, tuple[str, ...]]:
    return {each.product: each.because for each in of.left_out}


# --- by the skin -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "column"),
    [
        ({}, "normal"),
        (OILY, "oily"),
        (COMBINATION, "combination"),
        (DRY, "dry"),
        (UNTOLD, "sensitive"),
        ({**OILY, **WEAK_BARRIER}, "sensitive"),
        ({**OILY, **REACTS}, "sensitive"),
        ({**OILY, "skin.flushes": True, "skin.visible_redness": True}, "sensitive"),
    ],
    ids=["normal", "oily", "combination", "dry", "not told", "weak barrier", "reacts", "red"],
)
def test_caps_are_those_of_the_skin(facts: Facts, column: str, knowledge: Knowledge) -> None:
    found = routine(facts, knowledge)
    assert found.skin == column
    assert {"cleanse", "exfoliation"} <= {limit.cap for limit in found.limits}
    for limit in found.limits:
        cap = knowledge.get(home.Cap, limit.cap)
        value = cap.by_skin[column]  # type: ignore[index]
        assert (limit.default, limit.unit, limit.sources) == (value.default, cap.unit, cap.source)
        assert limit.most == (value.range[1] if value.range else value.default)


def test_every_product_placed_has_its_cap(knowledge: Knowledge) -> None:
    found = routine(OILY, knowledge)
    caps = {knowledge.get(home.Product, name).cap for name in placed(found)} - {None}
    assert caps <= {limit.cap for limit in found.limits}


def test_skin_that_allows_no_exfoliation_gets_none(knowledge: Knowledge) -> None:
    assert not EXFOLIATING & placed(routine({**OILY, **REACTS}, knowledge))


@pytest.mark.parametrize("facts", [{}, OILY, DRY, AGING, ITCHY, WEAK_BARRIER, UNTOLD])
def test_everyone_cleanses_moisturises_and_wears_sunscreen(facts: Facts, knowledge: Knowledge) -> None:
    found = routine(facts, knowledge)
    morning = {layer.layer: layer.products for layer in found.morning}
    assert morning["am_cleanse"]
    assert morning["am_moisturiser"]
    assert [each.product for each in morning["am_sunscreen"]] == ["sunscreen"]
    assert [layer.layer for layer in found.morning if layer.layer != "am_makeup"][-1] == "am_sunscreen"
    assert {"pm_cleanse", "pm_moisturiser"} <= {layer.layer for layer in found.evening if layer.products}


# --- few changes at a time -------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [OILY, AGING, {**AGING, **OILY}, DRY, COMBINATION])
def test_at_most_two_new_products(facts: Facts, knowledge: Knowledge) -> None:
    found = routine(facts, knowledge)
    assert len(new(found)) <= 2
    assert {ramp.product for ramp in found.ramps} == new(found)


@pytest.mark.parametrize("facts", [OILY, AGING, {**AGING, **OILY}, {**AGING, "health.pregnancy": "pregnant"}])
def test_at_most_one_way_to_exfoliate(facts: Facts, knowledge: Knowledge) -> None:
    assert len(EXFOLIATING & placed(routine(facts, knowledge))) <= 1


def test_an_exfoliant_in_use_leaves_no_room_for_another(knowledge: Knowledge) -> None:
    own = {"products.actives": [{"name": "glycolic acid", "form": "leave_on"}]}
    assert not {"bha_leave_on", "scrub"} & placed(routine({**OILY, **own}, knowledge))


def test_what_is_in_use_is_not_new(knowledge: Knowledge) -> None:
    own = {"products.actives": [{"name": "retinol", "form": "leave_on", "start": date(2026, 1, 1)}]}
    found = routine({**AGING, **own}, knowledge)
    assert "retinoid_cosmetic" in placed(found)
    assert "retinoid_cosmetic" not in new(found)


def test_an_acid_that_is_washed_off_makes_nobody_used_to_one_that_stays(knowledge: Knowledge) -> None:
    wash = {"products.actives": [{"name": "salicylic acid cleanser", "form": "rinse_off"}]}
    found = routine({**OILY, **wash, "lesions.papules": 0}, knowledge)
    assert "bha_leave_on" in new(found)
    assert "salicylic_wash" not in new(found)


@pytest.mark.parametrize("facts", [ITCHY, {**OILY, "lesions.nodules": 3}, {**AGING, "now.skin": ["unknown_lump"]}, DRY])
def test_nothing_new_before_a_professional_has_looked(facts: Facts, knowledge: Knowledge) -> None:
    found = routine({"now.skin": ["unknown_lump"], "wishes.goals": ["hydration"], **facts}, knowledge)
    assert found.simple
    assert (new(found), found.ramps, found.deep_clean) == (set(), (), ())
    assert [name for name in placed(found) if not knowledge.get(home.Product, name).basic] == []


# --- what a fact rules out -------------------------------------------------------------------------------


def test_a_retinoid_where_nothing_stands_against_it(knowledge: Knowledge) -> None:
    assert "retinoid_cosmetic" in placed(routine(AGING, knowledge))


@pytest.mark.parametrize("answer", ["pregnant", "planning"])
def test_no_retinoid_in_pregnancy_nor_when_planning_one(answer: str, knowledge: Knowledge) -> None:
    found = routine({**AGING, "health.pregnancy": answer}, knowledge)
    assert "retinoid_cosmetic" not in placed(found)
    assert left_out(found)["retinoid_cosmetic"] == (f"health.pregnancy.{answer}",)


@pytest.mark.parametrize("question", ["health.pregnancy", "health.breastfeeding", "health.medicines", "now.skin"])
def test_where_a_fact_is_not_known_the_question_is_named(question: str, knowledge: Knowledge) -> None:
    found = routine({**AGING, question: "?"}, knowledge)
    assert "retinoid_cosmetic" not in placed(found)
    out = next(each for each in found.left_out if each.product == "retinoid_cosmetic")
    assert out.unknown
    assert question in out.because


def test_no_retinoid_beside_a_prescribed_one(knowledge: Knowledge) -> None:
    own = {"health.medicines": [{"name": "tretinoin", "route": "topical", "prescribed": True}]}
    found = routine({**AGING, **own}, knowledge)
    assert not {"retinoid_cosmetic", "scrub"} & placed(found)
    assert "medicine.retinoid_topical" in left_out(found)["retinoid_cosmetic"]


@pytest.mark.parametrize(
    ("stopped", "free"),
    [(date(2026, 4, 30), True), (date(2026, 5, 25), False), (date(2026, 11, 1), False)],
    ids=["over six months", "just under six months", "three weeks"],
)
def test_six_months_after_isotretinoin(stopped: date, *, free: bool, knowledge: Knowledge) -> None:
    found = routine(isotretinoin(start=date(2025, 11, 1), stop=stopped), knowledge)
    gentle = {"retinoid_cosmetic", *EXFOLIATING} & placed(found)
    assert bool(gentle) is free
    if not free:
        assert left_out(found)["retinoid_cosmetic"] == ("medicine.oral_retinoid",)


def test_nothing_of_it_during_isotretinoin(knowledge: Knowledge) -> None:
    assert not {"retinoid_cosmetic", *EXFOLIATING} & placed(routine(isotretinoin(start=date(2026, 9, 1)), knowledge))


def test_six_months_count_from_an_oral_retinoid_only(knowledge: Knowledge) -> None:
    cream = {"name": "adapalene", "route": "topical", "prescribed": True, "stop": date(2026, 8, 1)}
    assert "retinoid_cosmetic" in placed(routine({**AGING, "health.medicines": [cream]}, knowledge))


@pytest.mark.parametrize("facts", [{"person.age": 18}, {"person.age": "?", "person.birth_date": date(2008, 10, 1)}])
def test_an_age_limit_ends_on_the_birthday(facts: Facts, knowledge: Knowledge) -> None:
    assert "retinoid_cosmetic" not in left_out(routine({**AGING, **facts}, knowledge))


@pytest.mark.parametrize(
    "facts",
    [
        {**OILY, "health.allergies": ["aspirin_or_salicylate"]},
        {**AGING, "health.pregnancy": "pregnant"},
        isotretinoin(),
    ],
)
def test_what_is_left_out_is_not_placed_and_says_why(facts: Facts, knowledge: Knowledge) -> None:
    found = routine(facts, knowledge)
    assert found.left_out
    assert not set(left_out(found)) & placed(found)
    assert all(left_out(found).values())


# --- the deep-clean evening ------------------------------------------------------------------------------


def test_a_deep_clean_has_no_retinoid(knowledge: Knowledge) -> None:
    found = routine({**AGING, **OILY, "lesions.papules": 0}, knowledge)
    assert found.deep_clean
    assert "retinoid_cosmetic" not in {each.product for layer in found.deep_clean for each in layer.products}


@pytest.mark.parametrize(
    ("own", "rule"),
    [
        ({"products.actives": [{"name": "retinol"}]}, "pair.retinoid_deep_clean"),
        (
            {"health.medicines": [{"name": "tretinoin", "route": "topical", "prescribed": True}]},
            "pair.retinoid_deep_clean_prescribed",
        ),
    ],
)
def test_a_deep_clean_is_not_on_a_night_with_a_retinoid(own: Facts, rule: str, knowledge: Knowledge) -> None:
    found = routine({**OILY, **own}, knowledge)
    told = {pair.rule: pair.verdict for pair in found.pairs}
    assert "dc_mask" not in {layer.layer for layer in found.deep_clean} or told[rule] == "same_evening_no"


@pytest.mark.parametrize("facts", [{}, DRY, UNTOLD, WEAK_BARRIER])
def test_no_ritual_without_a_reason(facts: Facts, knowledge: Knowledge) -> None:
    assert routine(facts, knowledge).deep_clean == ()


# --- bringing in what is new -----------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [OILY, AGING])
def test_a_new_product_starts_after_its_use_test(facts: Facts, knowledge: Knowledge) -> None:
    found = routine(facts, knowledge)
    test = timedelta(days=knowledge.get(home.HomeNumber, "use_test").days)
    assert found.ramps[0].patch_test_from == TODAY
    for ramp in found.ramps:
        if ramp.ramp:
            steps = knowledge.get(home.Ramp, ramp.ramp).steps
            assert found.skin in knowledge.get(home.Ramp, ramp.ramp).for_skin
            assert [stage.per_week for stage in ramp.stages] == [step.per_week for step in steps]
            assert ramp.stages[0].since == ramp.patch_test_from + test
            weeks = [(later.since - stage.since) / timedelta(weeks=1) for stage, later in pairwise(ramp.stages)]
            assert weeks == [step.weeks for step in steps[:-1]]


@pytest.mark.parametrize("facts", [OILY, AGING])
def test_the_second_new_product_waits_for_the_gap_of_the_first(facts: Facts, knowledge: Knowledge) -> None:
    first, second = routine(facts, knowledge).ramps
    plain = knowledge.get(home.HomeNumber, "between_new_actives").days
    gap = knowledge.get(home.Ramp, first.ramp).gap_days if first.ramp else plain
    assert second.patch_test_from == first.patch_test_from + timedelta(days=gap)


def test_a_retinoid_and_an_acid_start_four_weeks_apart(knowledge: Knowledge) -> None:
    starts = {ramp.product: ramp.patch_test_from for ramp in routine(AGING, knowledge).ramps}
    assert {"retinoid_cosmetic", "aha_leave_on"} == starts.keys()
    assert max(starts.values()) - min(starts.values()) == timedelta(days=28)


# --- pairs, pregnancy, sun -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "rule", "verdict"),
    [
        (["retinol", "glycolic acid"], "retinoid_acid", "same_evening_no"),
        (["glycolic acid", "salicylic acid"], "aha_bha", "same_day_no"),
        (["vitamin c", "niacinamide"], "vitamin_c_niacinamide", "allowed"),
    ],
)
def test_pairs_of_own_products(own: list[str], rule: str, verdict: str, knowledge: Knowledge) -> None:
    facts = {"products.actives": [{"name": name, "form": "leave_on"} for name in own]}
    found = {pair.rule: pair for pair in routine(facts, knowledge).pairs}
    assert found[f"pair.{rule}"].verdict == verdict
    assert found[f"pair.{rule}"].sources


def test_a_pair_with_one_side_only_is_no_matter(knowledge: Knowledge) -> None:
    assert routine({"products.actives": [{"name": "retinol"}]}, knowledge).pairs == ()


@pytest.mark.parametrize(
    ("stage", "verdict"),
    [
        ({"health.pregnancy": "pregnant"}, "avoid"),
        ({"health.breastfeeding": True}, "avoid"),
        ({"health.pregnancy": "?"}, "avoid"),
    ],
)
def test_own_retinoid_in_pregnancy_or_where_nobody_knows(stage: Facts, verdict: str, knowledge: Knowledge) -> None:
    found = routine({"products.actives": [{"name": "retinol"}], **stage}, knowledge)
    assert {each.rule: each.verdict for each in found.pregnancy}["pregnancy_rule.retinoid_cosmetic"] == verdict


def test_no_caution_for_pregnancy_without_one(knowledge: Knowledge) -> None:
    assert routine({"products.actives": [{"name": "retinol"}]}, knowledge).pregnancy == ()


def test_of_two_stages_the_stricter_counts(knowledge: Knowledge) -> None:
    own = {"products.actives": [{"name": "glycolic acid"}], "health.breastfeeding": True}
    verdicts = [
        {each.rule: each.verdict for each in routine({**own, "health.pregnancy": answer}, knowledge).pregnancy}
        for answer in ("no", "planning")
    ]
    assert [each["pregnancy_rule.fruit_acids"] for each in verdicts] == ["fine", "limit"]


def test_higher_protection_where_marks_stay(knowledge: Knowledge) -> None:
    assert "higher_protection" not in routine({}, knowledge).sun
    for facts in ({"person.phototype": "v"}, {"skin.dark_marks_after_spots": True}, {"person.phototype": "?"}):
        assert "higher_protection" in routine(facts, knowledge).sun
