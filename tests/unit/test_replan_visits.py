"""A plan laid out again beside visits that are over, or not far off: they close days as they did before."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from tests.sample_plan import FACIAL, slot
from tests.unit.plan_situations import (
    BHA,
    OILY,
    OILY_AND_LINED,
    PEEL,
    Answers,
    at,
    begun,
    days,
    plan_for,
    someone,
    used,
    visits,
)

from pellucid.knowledge.base import Knowledge
from pellucid.model.levels import Level
from pellucid.model.plan import CarePlan, Happened, Standing
from pellucid.model.slot import Slot
from pellucid.plan.check import check_plan
from pellucid.plan.replan import replan

VISIT = 30
ACID = "bha_leave_on"
NEEDLES = "microneedling_infusion"
IN_USE = {**OILY, **BHA}

CLOSED = {
    FACIAL: 3,
    "extraction": 3,
    "steam": 3,
    "dermatologist_extraction": 3,
    "microdermabrasion": 3,
    "suction_hydradermabrasion": 3,
    "aha_peel": 7,
    "salicylic_peel": 7,
    "microneedling_infusion": 7,
}
"""Days after a visit on which no acid that stays on is used."""


def laid_out_again(
    knowledge: Knowledge, plan: CarePlan, today: int, *slots: Slot, answers: Answers = IN_USE, **told: Any
) -> CarePlan:
    """The next revision, in which the checker finds nothing."""
    person = someone(knowledge, answers, at(today))
    revised = replan(
        plan, profile=person.profile, assessment=person.assessment, slots=slots, knowledge=knowledge, **told
    )
    assert check_plan(revised, person.profile, None, knowledge, assessment=person.assessment) == []
    return revised


@pytest.mark.parametrize("treatment", CLOSED)
def test_what_pauses_after_a_visit_still_pauses_once_the_visit_is_over(treatment: str, knowledge: Knowledge) -> None:
    booked = replace(slot(treatment, at(VISIT)), level=Level.L4)
    plan = plan_for(knowledge, IN_USE, booked=(booked,))
    assert visits(plan) == [(treatment, VISIT)], "the plan holds the visit"
    assert used(plan, ACID), "the plan uses the acid"
    for today in (VISIT + 1, VISIT + 2, VISIT + 3):
        revised = laid_out_again(knowledge, plan, today)
        assert [each.standing for each in revised.sessions] == [Standing.DONE]
        assert not used(revised, ACID) & set(range(VISIT, VISIT + CLOSED[treatment] + 1))


def test_a_product_that_is_used_for_a_time_is_not_told_as_left_out(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, IN_USE, booked=(slot(FACIAL, at(80)),))
    assert used(plan, ACID)
    assert not used(plan, ACID) & set(range(77, 84)), "the visit keeps it out of the last week"
    assert plan.set_aside == ()


@pytest.mark.parametrize("today", [5, 12, 20])
def test_a_peel_that_was_proposed_stays_when_its_day_comes_near(today: int, knowledge: Knowledge) -> None:
    """Whoever was told in time to ask for a test spot has had the days for it."""
    slots = [replace(slot(PEEL, at(day)), level=Level.L4) for day in range(14, 60)]
    plan = plan_for(knowledge, OILY_AND_LINED, *slots, wanted=(PEEL,))
    revised = laid_out_again(knowledge, plan, today, *slots, answers=OILY_AND_LINED)
    assert visits(plan)
    assert visits(revised) == visits(plan)


def test_what_the_clinic_gave_is_not_told_of_a_visit_that_was_missed(knowledge: Knowledge) -> None:
    booked = replace(slot(NEEDLES, at(VISIT)), level=Level.L4)
    plan = plan_for(knowledge, OILY, booked=(booked,))
    given = {"pm_as_given", "am_as_given"}
    assert given == given & {step.layer for day in plan.days for step in (*day.morning, *day.evening)}
    log = (Happened(at(VISIT), "missed_session"),)
    revised = laid_out_again(knowledge, plan, VISIT + 3, answers=OILY, log=log)
    assert not given & {step.layer for day in revised.days for step in (*day.morning, *day.evening)}


def test_what_is_left_out_beside_a_visit_that_moved_names_the_line_that_says_so(knowledge: Knowledge) -> None:
    booked = replace(slot(NEEDLES, at(VISIT)), level=Level.L4)
    plan = plan_for(knowledge, OILY, booked=(booked,))
    moved = replace(slot(NEEDLES, at(VISIT + 10)), level=Level.L4)
    revised = laid_out_again(knowledge, plan, 2, answers=OILY, preferences=replace(plan.preferences, booked=(moved,)))
    told = {(change.on, change.because) for change in revised.changes if change.about == "product.sunscreen"}
    line = "aftercare.needle_first_day"
    assert told == {(at(VISIT + 1), line), (at(VISIT + 11), line)}


def test_a_first_use_that_was_missed_after_a_whole_test_can_still_come(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY)
    product, (_, first) = min(begun(plan).items(), key=lambda each: each[1])
    revised = laid_out_again(knowledge, plan, first + 1, answers=OILY, log=(Happened(at(first), "missed"),))
    _, again = begun(revised)[product]
    assert first + 1 <= again <= first + 3, "no second test is asked for"


def test_what_has_to_be_tried_again_after_irritation_says_so(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY)
    product, (tested, first) = min(begun(plan).items(), key=lambda each: each[1])
    log = (Happened(at(tested + 1), "irritation"),)
    revised = laid_out_again(knowledge, plan, first + 20, answers=OILY, log=log)
    gone = [each for each in revised.changes if each.about == f"product.{product}" and not each.after]
    assert {each.because for each in gone} == {"home_number.use_test"}


def test_a_break_that_the_plan_itself_has_is_no_reason_to_try_again(knowledge: Knowledge) -> None:
    """Visits close together keep what is new away for weeks; once they are over, it goes on as laid out."""
    booked = tuple(replace(slot(kind, at(day)), level=Level.L4) for kind, day in ((PEEL, 40), (FACIAL, 54)))
    plan = plan_for(knowledge, OILY, booked=booked)
    breaks = {name: max(after - before for before, after in pairwise(sorted(used(plan, name)))) for name in begun(plan)}
    longest = max(breaks, key=lambda name: breaks[name])
    assert breaks[longest] > 15
    before = next(one for one, after in pairwise(sorted(used(plan, longest))) if after - one == breaks[longest])
    revised = laid_out_again(knowledge, plan, before + breaks[longest] - 1, answers=OILY)
    assert revised.changes == ()


def test_nothing_more_is_used_while_the_skin_rests(knowledge: Knowledge) -> None:
    """A visit that moves away because of the irritation frees its days, and they stay free."""
    answers = {**OILY_AND_LINED, "products.actives": [{"name": "retinol", "form": "leave_on", "times_per_week": 3}]}
    slots = (slot(PEEL, at(30)), slot(PEEL, at(62)))
    plan = plan_for(knowledge, answers, *slots, wanted=(PEEL,))
    log = (Happened(at(28), "irritation"),)
    revised = laid_out_again(knowledge, plan, 29, *slots, answers=answers, log=log)
    assert visits(plan) != visits(revised)
    before, after = (used(each, "retinoid_cosmetic") & days(29, 41) for each in (plan, revised))
    assert after <= before
