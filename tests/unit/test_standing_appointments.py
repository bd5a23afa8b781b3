"""Appointments that the plan can't keep: people move them, and until then they may take place."""

from dataclasses import replace

from tests.sample_plan import FACIAL, START, slot
from tests.unit.plan_situations import (
    BHA,
    OILY,
    PEEL,
    at,
    begun,
    days,
    deep_cleans,
    plan_for,
    someone,
    used,
    visits,
    why_not,
)

from pellucid.knowledge.base import Knowledge
from pellucid.model.plan import Pin
from pellucid.plan.check import check_plan

# --- appointments that a rule stands against ----------------------------------------------------------------

WEDDING = {"history.events": [{"kind": "wedding", "date": at(25)}]}
PEEL_TOO_LATE = slot(PEEL, at(20))
"""Too shortly before the wedding."""


def test_an_appointment_that_a_rule_stands_against_is_told_with_the_rule(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, **WEDDING}, weeks=6, booked=(PEEL_TOO_LATE,))
    assert plan.sessions == ()
    assert why_not(plan) == {f"booked.{PEEL_TOO_LATE.id}": {"contraindication.gx32a_event_peel"}}


def test_care_at_home_is_laid_out_around_it_as_it_may_take_place(knowledge: Knowledge) -> None:
    answers = {**OILY, **BHA, **WEDDING}
    acids = used(plan_for(knowledge, answers, weeks=6), "bha_leave_on", "salicylic_wash", "clay_mask")
    plan = plan_for(knowledge, answers, weeks=6, booked=(PEEL_TOO_LATE,))
    around = used(plan, "bha_leave_on", "salicylic_wash", "clay_mask") & days(17, 27)
    assert acids & days(17, 27)
    assert not around
    assert not deep_cleans(plan) & days(18, 22)


def test_nothing_new_is_tried_in_the_week_before_it(knowledge: Knowledge) -> None:
    filler = {"history.procedures": [{"kind": "filler", "date": at(20)}]}
    assert (14, 21) in begun(plan_for(knowledge, {**OILY, **filler})).values()
    plan = plan_for(knowledge, {**OILY, **filler}, booked=(PEEL_TOO_LATE,))
    assert plan.sessions == ()
    assert len(begun(plan)) == 2
    assert not {day for tested, first in begun(plan).values() for day in range(tested, first + 1)} & days(13, 20)


def test_nothing_is_proposed_that_clashes_with_it(knowledge: Knowledge) -> None:
    answers, wishes = {**OILY, **WEDDING}, {"wanted": (FACIAL,), "booked": (PEEL_TOO_LATE,)}
    near = tuple(slot(FACIAL, at(day), hour=14) for day in (19, 20, 21))
    assert visits(plan_for(knowledge, answers, *near, weeks=8, wanted=(FACIAL,)))
    plan = plan_for(knowledge, answers, *near, weeks=8, **wishes)
    assert plan.sessions == ()
    assert why_not(plan)[f"want.{FACIAL}"] - {f"slots.{FACIAL}"}
    assert visits(plan_for(knowledge, answers, *near, slot(FACIAL, at(50)), weeks=8, **wishes)) == [(FACIAL, 50)]


def test_a_choice_that_is_lost_beside_it_is_told_with_the_rule(knowledge: Knowledge) -> None:
    wishes = {"booked": (PEEL_TOO_LATE,), "pins": (Pin("bha_leave_on", at(21)),)}
    plan = plan_for(knowledge, {**OILY, **BHA, **WEDDING}, weeks=6, **wishes)
    assert 21 not in used(plan, "bha_leave_on")
    (rule,) = why_not(plan)[f"pin.bha_leave_on@{at(21)}"]
    assert rule in {"window.strong_active_after", "contraindication.gx27c_home_care_after_resurfacing"}


def test_the_checker_sees_what_is_laid_out_as_if_it_did_not_stand(knowledge: Knowledge) -> None:
    answers = {**OILY, **BHA, **WEDDING}
    facial = slot(FACIAL, at(19))
    person = someone(knowledge, answers)
    laid_out = plan_for(knowledge, answers, facial, weeks=6, wanted=(FACIAL,))
    assert visits(laid_out) == [(FACIAL, 19)]
    told = plan_for(knowledge, answers, weeks=6, booked=(PEEL_TOO_LATE,))
    plan = replace(laid_out, preferences=told.preferences, clashes=told.clashes)
    found = check_plan(plan, person.profile, None, knowledge, assessment=person.assessment)
    assert {"screening", "window"} <= {each.code for each in found}
    pauses = {(each.on - START).days for each in found if each.code == "window" and each.on}
    assert pauses & days(21, 27)
    assert pauses <= days(17, 27)
