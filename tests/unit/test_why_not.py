"""Choices that stay, and why a wish could not be had: the requirements that clash."""

from decimal import Decimal

from tests.sample_plan import FACIAL, slot
from tests.unit.plan_situations import (
    BHA,
    ISOTRETINOIN,
    LED,
    OILY,
    PEEL,
    SENSITIVE,
    at,
    plan_for,
    used,
    visits,
    why_not,
)

from pellucid.knowledge.base import Knowledge
from pellucid.model.plan import Away, Pin

# --- choices that stay --------------------------------------------------------------------------------------


def test_a_pinned_use_is_kept_in_place_of_a_better_day(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, **BHA}, weeks=2, pins=(Pin("bha_leave_on", at(4)), Pin("bha_leave_on", at(5))))
    assert {4, 5} <= used(plan, "bha_leave_on")
    assert plan.clashes == ()


def test_something_new_begins_in_time_for_the_day_to_which_it_is_pinned(knowledge: Knowledge) -> None:
    """A mask is used once a week: where its first use came two days earlier, there would be none on this day."""
    plan = plan_for(knowledge, OILY, weeks=4, pins=(Pin("clay_mask", at(9)),))
    assert 9 in used(plan, "clay_mask")
    assert plan.clashes == ()


def test_a_visit_is_moved_out_of_the_way_of_a_pinned_use(knowledge: Knowledge) -> None:
    slots = [slot(FACIAL, at(5)), slot(FACIAL, at(20))]
    plan = plan_for(knowledge, {**OILY, **BHA}, *slots, weeks=4, wanted=(FACIAL,), pins=(Pin("bha_leave_on", at(5)),))
    assert visits(plan) == [(FACIAL, 20)]
    assert plan.clashes == ()


def test_of_a_pinned_use_and_a_wish_that_can_not_both_be_kept_the_wish_goes(knowledge: Knowledge) -> None:
    pin = Pin("bha_leave_on", at(5))
    plan = plan_for(knowledge, {**OILY, **BHA}, slot(FACIAL, at(5)), weeks=4, wanted=(FACIAL,), pins=(pin,))
    assert list(why_not(plan)) == [f"want.{FACIAL}"]


def test_a_pinned_product_that_suits_no_better_than_others_is_used_all_the_same(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=2, pins=(Pin("hydrating_toner", at(5)),))
    assert 5 in used(plan, "hydrating_toner")


def test_a_pinned_product_that_is_not_for_this_skin_says_so(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, SENSITIVE, weeks=3, pins=(Pin("clay_mask", at(10)),))
    assert why_not(plan) == {f"pin.clay_mask@{at(10)}": {"cap.clay_mask"}}


def test_a_pinned_use_before_the_test_is_over_can_not_be_had(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=3, pins=(Pin("clay_mask", at(6)),))
    assert why_not(plan) == {f"pin.clay_mask@{at(6)}": {"home_number.use_test"}}


# --- why not ------------------------------------------------------------------------------------------------


def test_the_budget_is_enough_for_one_of_two(knowledge: Knowledge) -> None:
    slots = [slot(FACIAL, at(10)), slot(PEEL, at(60))]
    plan = plan_for(knowledge, OILY, *slots, wanted=(FACIAL, PEEL), budget=Decimal(100), currency="EUR")
    assert visits(plan) == [(FACIAL, 10)]
    assert why_not(plan) == {"want.aha_peel": {"budget.all", f"want.{FACIAL}"}}


def test_the_budget_is_enough_for_none(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(10)), wanted=(FACIAL,), budget=Decimal(50), weeks=4)
    assert why_not(plan) == {f"want.{FACIAL}": {"budget.all"}}


def test_a_peel_is_too_close_to_the_wedding(knowledge: Knowledge) -> None:
    wedding = {"history.events": [{"kind": "wedding", "date": at(20)}]}
    plan = plan_for(knowledge, {**OILY, **wedding}, slot(PEEL, at(12)), weeks=3, wanted=(PEEL,))
    assert why_not(plan) == {"want.aha_peel": {"contraindication.gx32a_event_peel", "precare.ask_for_test_spot"}}
    (rule,) = [member for member in plan.clashes[0].members if member.ref == "contraindication.gx32a_event_peel"]
    assert (rule.since, rule.until) == (at(12), at(12))
    assert rule.sources


def test_a_peel_is_ruled_out_by_isotretinoin_whatever_the_clinic_offers(knowledge: Knowledge) -> None:
    for slots in ((), (slot(PEEL, at(12)),)):
        plan = plan_for(knowledge, {**OILY, **ISOTRETINOIN}, *slots, weeks=4, wanted=(PEEL,))
        assert why_not(plan) == {"want.aha_peel": {"contraindication.gx7b_isotretinoin_peel"}}


def test_the_clinic_has_no_time(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(12)), weeks=4, wanted=(FACIAL, LED))
    assert why_not(plan) == {"want.led": {"slots.led"}}


def test_the_only_opening_is_on_a_day_away(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(12)), weeks=4, wanted=(FACIAL,), away=(Away(at(8), at(20)),))
    assert why_not(plan) == {f"want.{FACIAL}": {f"away.{at(8)}", f"slots.{FACIAL}"}}


def test_of_two_appointments_too_close_together_one_stays(knowledge: Knowledge) -> None:
    first, second = slot(FACIAL, at(12)), slot(FACIAL, at(20))
    plan = plan_for(knowledge, OILY, weeks=4, booked=(first, second))
    (kept,) = [each.slot for each in plan.sessions]
    gone = second if kept == first else first
    assert why_not(plan) == {f"booked.{gone.id}": {f"booked.{kept.id}", f"treatment.{FACIAL}"}}


def test_an_appointment_that_is_dropped_beside_another_still_takes_its_place(knowledge: Knowledge) -> None:
    """Nothing has been cancelled, so that what would clash with it is not proposed, and says so."""
    first, second = slot(FACIAL, at(12)), slot(FACIAL, at(20))
    for day, standing in ((12, first), (20, second)):
        plan = plan_for(knowledge, OILY, slot(LED, at(day)), weeks=4, booked=(first, second), wanted=(LED,))
        assert f"booked.{standing.id}" in why_not(plan)["want.led"]


def test_a_wish_that_is_no_visit_to_the_clinic_is_none_for_the_planner(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=2, wanted=("home_deep_clean", "prescription_care", "no_such_treatment"))
    assert plan.clashes == ()
