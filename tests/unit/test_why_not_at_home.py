"""Why not, where it is about care at home: home only, treatments done at home, choices without a place, no time."""

import pytest
from tests.sample_plan import FACIAL, START, slot
from tests.unit.plan_situations import (
    ISOTRETINOIN,
    OILY,
    PEEL,
    SENSITIVE,
    at,
    deep_cleans,
    plan_for,
    someone,
    used,
    why_not,
)

from pellucid.knowledge.base import Knowledge
from pellucid.model.plan import Away, Pin, Preferences
from pellucid.plan import clash
from pellucid.plan.clash import UndecidedError
from pellucid.plan.pose import Asked, pose
from pellucid.plan.problem import Former
from pellucid.plan.solve import solve_at_once

DEEP_CLEAN = "home_deep_clean"

# --- home only ----------------------------------------------------------------------------------------------


def test_home_only_clashes_with_a_visit(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(10)), weeks=4, home_only=True, wanted=(FACIAL,))
    assert plan.sessions == ()
    assert why_not(plan) == {f"want.{FACIAL}": {"home_only.all"}}


def test_what_a_rule_forbids_anyway_is_not_put_down_to_home_only(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, **ISOTRETINOIN}, weeks=4, home_only=True, wanted=(PEEL,))
    assert why_not(plan) == {f"want.{PEEL}": {"contraindication.gx7b_isotretinoin_peel"}}


def test_home_only_keeps_an_appointment_that_stands(knowledge: Knowledge) -> None:
    booked = slot(FACIAL, at(10))
    plan = plan_for(knowledge, OILY, weeks=4, home_only=True, booked=(booked,))
    assert [each.slot for each in plan.sessions] == [booked]
    assert plan.clashes == ()


# --- treatments done at home --------------------------------------------------------------------------------


def test_treatments_at_home_that_were_asked_for_are_done(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=2, wanted=(DEEP_CLEAN, "oil_control", "barrier_repair"))
    assert deep_cleans(plan)
    assert used(plan, "salicylic_wash", "bha_leave_on", "niacinamide_serum", "retinoid_cosmetic", "azelaic_acid")
    assert plan.clashes == ()


def test_there_is_no_evening_for_a_deep_clean_while_away(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=2, wanted=(DEEP_CLEAN,), away=(Away(at(0), at(13)),))
    assert why_not(plan) == {f"want.{DEEP_CLEAN}": {f"away.{at(0)}"}}


def test_what_screening_rules_out_at_home_is_told_with_its_rule(knowledge: Knowledge) -> None:
    wanted = ("barrier_repair", "oil_control", DEEP_CLEAN)
    plan = plan_for(knowledge, {**OILY, "now.skin": ["sunburn"]}, weeks=1, wanted=wanted)
    assert deep_cleans(plan) == set()
    assert why_not(plan) == {f"want.{name}": {"contraindication.gx3_sunburn"} for name in wanted}


def test_a_rule_that_ends_before_the_plan_is_told_with_its_days(knowledge: Knowledge) -> None:
    wedding = {"history.events": [{"kind": "wedding", "date": at(9)}]}
    plan = plan_for(knowledge, {**OILY, **wedding}, weeks=2, wanted=("oil_control",))
    (told,) = why_not(plan).values()
    assert "home_number.calm_before_event" in told


def test_what_each_product_for_it_is_left_out_for_is_told(knowledge: Knowledge) -> None:
    """On skin that reacts easily there is no clay and nothing that exfoliates; what is left doesn't fit."""
    plan = plan_for(knowledge, SENSITIVE, weeks=3, wanted=(DEEP_CLEAN,))
    assert why_not(plan) == {f"want.{DEEP_CLEAN}": {"cap.clay_mask", "cap.exfoliation", "scoring.product"}}


def test_where_a_professional_should_look_first_nothing_new_begins(knowledge: Knowledge) -> None:
    look_first = {**OILY, "lesions.nodules": 6}
    plan = plan_for(knowledge, look_first, weeks=3, pins=(Pin("clay_mask", at(12)),))
    (told,) = why_not(plan).values()
    assert told <= {"referral.many_nodules", "lookalike.hidradenitis"}
    assert told


# --- choices without a place --------------------------------------------------------------------------------


def test_a_pinned_basic_gives_way_to_the_one_that_suits_better(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=2, pins=(Pin("rich_moisturiser", at(3)),))
    assert why_not(plan) == {f"pin.rich_moisturiser@{at(3)}": {"product.light_moisturiser"}}


def test_steam_is_only_shown_where_the_evening_is_a_deep_clean_evening(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=4, pins=(Pin("home_steam", at(20)),))
    assert 20 in deep_cleans(plan)
    assert plan.clashes == ()


def test_two_products_that_began_close_together_stay_begun(knowledge: Knowledge) -> None:
    """What happened on days that are over keeps no later day from being planned, also where all is found at once."""
    preferences = Preferences(pins=(Pin("clay_mask", at(20)),))
    asked = Asked(*someone(knowledge, OILY), (), preferences, knowledge, START, 4)
    first, second = [number for number, item in enumerate(pose(asked).home.items) if item.new][:2]
    used = {(first, 7): True, (second, 8): True}
    problem = pose(asked, Former(today=14, used=used, deep={}, first_use={first: 7, second: 8}))
    found = solve_at_once(problem, 5.0)
    assert found is not None
    assert {(first, 7), (second, 8)} <= set(found.first.items())


# --- no time ------------------------------------------------------------------------------------------------


def test_without_time_no_cause_is_made_up(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clash.Requirements, "clash", _never_told)
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(12)), weeks=4, wanted=(FACIAL, "led"))
    assert why_not(plan) == {"want.led": {"undecided.cause"}}


def test_what_could_not_be_tried_is_said_to_be_uncertain(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    first = clash.Requirements.clash
    asked = []

    def once(self: clash.Requirements, names: list[str]) -> tuple[str, ...] | None:
        asked.append(names)
        return first(self, names) if len(asked) == 1 else _never_told(self, names)

    monkeypatch.setattr(clash.Requirements, "clash", once)
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(12)), weeks=4, wanted=(FACIAL, "led"))
    assert why_not(plan)["want.led"] >= {"slots.led", "undecided.fewer"}


def test_a_limit_of_nothing_is_no_answer(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clash, "LIMIT", 0.0)
    pins = tuple(Pin("clay_mask", at(day)) for day in (9, 10))
    plan = plan_for(knowledge, OILY, weeks=4, pins=pins)
    (told,) = why_not(plan).values()
    assert any(ref.startswith("undecided.") for ref in told)


def _never_told(_: clash.Requirements, __: object) -> tuple[str, ...] | None:
    raise UndecidedError("UNKNOWN")
