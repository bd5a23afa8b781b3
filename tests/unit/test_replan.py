"""A plan laid out again: what is over stays, what is booked stays, and only what has to change does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sample_plan import FACIAL, START, slot
from tests.unit.plan_situations import (
    BHA,
    ISOTRETINOIN,
    OILY,
    OILY_AND_LINED,
    SPOTS,
    TRETINOIN,
    Answers,
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
from pellucid.model.errors import InputError
from pellucid.model.plan import CarePlan, Happened, Pin, Preferences, Standing
from pellucid.model.slot import Slot
from pellucid.plan.check import check_plan
from pellucid.plan.make import make_plan
from pellucid.plan.replan import replan

SLOTS = tuple(slot(FACIAL, at(day)) for day in (10, 12, 38, 40, 45, 50))
"""The plan takes the first and the third."""


def again(
    knowledge: Knowledge,
    plan: CarePlan,
    answers: Answers,
    today: int,
    slots: Iterable[Slot] = SLOTS,
    log: tuple[Happened, ...] = (),
    **wishes: Any,
) -> CarePlan:
    """The next revision, on a day by its number, in which the checker finds nothing."""
    person = someone(knowledge, answers, at(today))
    revised = replan(
        plan,
        profile=person.profile,
        assessment=person.assessment,
        slots=tuple(slots),
        knowledge=knowledge,
        log=log,
        preferences=replace(plan.preferences, **wishes) if wishes else None,
    )
    assert check_plan(revised, person.profile, None, knowledge, assessment=person.assessment) == []
    assert revised.revision == plan.revision + 1
    assert all(change.because for change in revised.changes)
    return revised


@pytest.fixture
def plan(knowledge: Knowledge) -> CarePlan:
    return plan_for(knowledge, OILY, *SLOTS, wanted=(FACIAL,))


def differ(one: CarePlan, other: CarePlan) -> set[int]:
    """The days on which something else is put on."""
    pairs = enumerate(zip(one.days, other.days, strict=True))
    return {number for number, (a, b) in pairs if (a.morning, a.evening) != (b.morning, b.evening)}


def changed(plan: CarePlan) -> set[int]:
    """The days that are numbered as changed in the plan's own revision."""
    return {number for number, day in enumerate(plan.days) if day.changed == plan.revision}


def reasons(plan: CarePlan, about: str) -> set[str]:
    return {change.because for change in plan.changes if change.about == about}


# --- nothing has happened -----------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [0, 1, 17, 30, 60, 83])
def test_where_nothing_has_happened_nothing_changes(today: int, plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, today)
    assert differ(plan, revised) == set()
    assert visits(revised) == visits(plan)
    assert (revised.changes, changed(revised)) == ((), set())
    assert begun(revised) == begun(plan)


def test_where_nothing_has_happened_no_session_counts_as_changed(plan: CarePlan, knowledge: Knowledge) -> None:
    assert [each.changed for each in again(knowledge, plan, OILY, 30).sessions] == [0, 0]


def test_what_is_over_is_done(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, 11)
    assert [each.standing for each in revised.sessions] == [Standing.DONE, Standing.PROPOSED]
    assert {day.standing for day in revised.days[:11]} == {Standing.DONE}
    assert {day.standing for day in revised.days[11:]} == {Standing.PROPOSED}


@pytest.mark.parametrize("today", [84, 100])
def test_a_plan_that_is_over_stays_as_it_was(today: int, plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, today)
    assert differ(plan, revised) == set()
    assert {day.standing for day in revised.days} == {Standing.DONE}


def test_a_plan_that_has_not_begun_stays_as_it_was(knowledge: Knowledge) -> None:
    person = someone(knowledge, OILY)
    plan = make_plan(*person, slots=(), preferences=Preferences(), knowledge=knowledge, start=at(5), weeks=6)
    revised = again(knowledge, plan, OILY, 2, ())
    assert differ(plan, revised) == set()
    assert revised.start == at(5)


# --- something was missed -----------------------------------------------------------------------------------


def test_a_missed_day_holds_only_the_basics_and_moves_little(plan: CarePlan, knowledge: Knowledge) -> None:
    missed = min(used(plan, "clay_mask"))
    revised = again(knowledge, plan, OILY, missed + 1, log=(Happened(at(missed), "missed"),))
    day = revised.days[missed]
    assert day.standing is Standing.MISSED
    assert day.used == {"gentle_cleanser", "light_moisturiser", "sunscreen"}
    assert differ(plan, revised) & days(0, missed) == {missed}
    assert len(differ(plan, revised)) <= 4


def test_a_use_that_was_missed_leaves_room_for_another(knowledge: Knowledge) -> None:
    """Twice a week: where one was missed, the next days may have one more."""
    plan = plan_for(knowledge, {**OILY, **BHA}, weeks=4)
    missed = sorted(used(plan, "bha_leave_on"))[2]
    revised = again(knowledge, plan, {**OILY, **BHA}, missed + 1, (), log=(Happened(at(missed), "missed"),))
    assert missed not in used(revised, "bha_leave_on")
    assert len(used(revised, "bha_leave_on")) >= len(used(plan, "bha_leave_on")) - 1


def test_a_first_use_that_was_missed_is_not_counted_as_one(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, 8, log=(Happened(at(7), "missed"),))
    first = {each.product: each.first_use for each in revised.introductions}["clay_mask"]
    assert first > at(7)
    assert min(used(revised, "clay_mask")) == (first - START).days


NO_SHOW = Happened(at(10), "missed_session")


def test_a_visit_that_was_missed_stays_as_missed_and_the_next_one_keeps_its_key(
    plan: CarePlan, knowledge: Knowledge
) -> None:
    revised = again(knowledge, plan, OILY, 11, log=(NO_SHOW,))
    missed, *others = revised.sessions
    assert (missed.key, missed.slot, missed.standing) == (f"{FACIAL}-1", SLOTS[0], Standing.MISSED)
    assert (missed.preparation, missed.aftercare, missed.confirm, missed.changed) == ((), (), (), 1)
    assert [(each.slot, each.changed) for each in others if each.key == f"{FACIAL}-2"] == [(SLOTS[2], 0)]
    assert {each.key for each in others} <= {f"{FACIAL}-2", f"{FACIAL}-3"}
    (change,) = [each for each in revised.changes if each.about == f"session.{FACIAL}-1"]
    assert change[2:] == (SLOTS[0].starts.isoformat(), "", "log.missed_session")


def test_a_visit_that_was_missed_is_planned_again_under_a_key_of_its_own(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, SLOTS[0], wanted=(FACIAL,))
    revised = again(knowledge, plan, OILY, 11, SLOTS[3:4], log=(NO_SHOW,))
    told = [(each.key, each.slot, each.standing) for each in revised.sessions]
    assert told == [
        (f"{FACIAL}-1", SLOTS[0], Standing.MISSED),
        (f"{FACIAL}-2", SLOTS[3], Standing.PROPOSED),
    ]


def test_a_visit_that_was_missed_stays_so_in_every_later_revision(plan: CarePlan, knowledge: Knowledge) -> None:
    once = again(knowledge, plan, OILY, 11, log=(NO_SHOW,))
    twice = again(knowledge, once, OILY, 13, log=(NO_SHOW,))
    assert (twice.sessions, twice.changes) == (once.sessions, ())
    over = again(knowledge, twice, OILY, 90)
    assert [each.standing for each in over.sessions] == [Standing.MISSED] + [Standing.DONE] * (len(over.sessions) - 1)


def test_a_visit_that_was_missed_today_is_not_proposed_again(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, 10, log=(NO_SHOW,))
    assert [each.standing for each in revised.sessions if each.slot == SLOTS[0]] == [Standing.MISSED]


def test_a_visit_that_was_missed_pauses_nothing(plan: CarePlan, knowledge: Knowledge) -> None:
    answers = {**OILY, **BHA}
    booked = plan_for(knowledge, answers, weeks=4, booked=(SLOTS[0],))
    assert not used(booked, "bha_leave_on", "salicylic_wash") & days(11, 13)
    revised = again(knowledge, booked, answers, 11, (), log=(NO_SHOW,))
    assert used(revised, "bha_leave_on", "salicylic_wash") & days(11, 13)


def test_what_was_missed_is_told_of_a_plan_that_is_over_too(plan: CarePlan, knowledge: Knowledge) -> None:
    mask = min(used(plan, "clay_mask"))
    revised = again(knowledge, plan, OILY, 90, log=(NO_SHOW, Happened(at(mask), "missed")))
    assert [each.standing for each in revised.sessions] == [Standing.MISSED, Standing.DONE]
    assert revised.days[mask].standing is Standing.MISSED
    assert revised.days[mask].used == {"gentle_cleanser", "light_moisturiser", "sunscreen"}
    assert revised.log == (NO_SHOW, Happened(at(mask), "missed"))


# --- a log that can't be right ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (Happened(at(3), "skipped"), "log[1].what: 'skipped' is not one of missed, missed_session, irritation"),
        (Happened(None, "irritation"), "log[1].on: needs the day on which it happened, as a date"),  # type: ignore[arg-type]
        (Happened(datetime(2026, 11, 25, 9, tzinfo=UTC), "missed"), "log[1].on: needs the day on which it happened"),
        (Happened(at(-1), "irritation"), "log[1].on: 2026-11-22 lies before the plan, which begins on 2026-11-23"),
        (Happened(at(21), "irritation"), "log[1].on: 2026-12-14 is still to come: today is 2026-12-13"),
        (Happened(at(20), "missed"), "log[1].on: 2026-12-13 is today, and not over yet"),
        (Happened(at(11), "missed_session"), "log[1].on: the plan has no visit on 2026-12-04"),
    ],
)
def test_an_entry_that_cannot_be_right_is_named_with_its_field(
    entry: Happened, told: str, plan: CarePlan, knowledge: Knowledge
) -> None:
    with pytest.raises(InputError) as caught:
        again(knowledge, plan, OILY, 20, log=(NO_SHOW, entry))
    (problem,) = caught.value.problems
    assert told in str(problem)


def test_every_entry_that_cannot_be_right_is_told_at_once(plan: CarePlan, knowledge: Knowledge) -> None:
    log = (Happened(at(30), "irritation"), NO_SHOW, Happened(at(-3), "skipped"))
    with pytest.raises(InputError) as caught:
        again(knowledge, plan, OILY, 20, log=log)
    assert [each.where for each in caught.value.problems] == ["log[0].on", "log[2].on", "log[2].what"]


def test_nothing_happens_after_the_last_day_of_a_plan(plan: CarePlan, knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match=r"log\[0\].on: 2027-02-15 lies after the plan, which ended on 2027-02-14"):
        again(knowledge, plan, OILY, 90, log=(Happened(at(84), "irritation"),))


# --- irritation ---------------------------------------------------------------------------------------------


def test_after_irritation_the_skin_rests_for_fourteen_days(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, 22, log=(Happened(at(21), "irritation"),))
    rest = days(22, 34)
    assert used(plan, "clay_mask", "salicylic_wash") & rest
    assert not used(revised, "clay_mask", "salicylic_wash", "bha_leave_on", "scrub") & rest
    assert not deep_cleans(revised) & rest
    assert not {day for pair in begun(revised).values() for day in pair if day > 21} & rest
    assert min(used(revised, "salicylic_wash") & days(22, 83)) == 49  # nothing new before the visit on day 38
    assert "home_number.rest_after_irritation" in reasons(revised, "product.clay_mask")


def test_a_retinoid_is_used_once_a_week_while_the_skin_rests(knowledge: Knowledge) -> None:
    retinol = {"products.actives": [{"name": "retinol", "form": "leave_on", "times_per_week": 4}]}
    plan = plan_for(knowledge, {**OILY_AND_LINED, **retinol}, weeks=6)
    revised = again(knowledge, plan, {**OILY_AND_LINED, **retinol}, 15, (), log=(Happened(at(14), "irritation"),))
    assert len(used(revised, "retinoid_cosmetic") & days(15, 27)) <= 2
    assert len(used(revised, "retinoid_cosmetic") & days(28, 34)) >= 3


def test_an_entry_told_twice_counts_once(plan: CarePlan, knowledge: Knowledge) -> None:
    entry = Happened(at(21), "irritation")
    once = again(knowledge, plan, OILY, 22, log=(entry,))
    twice = again(knowledge, once, OILY, 22, log=(entry,))
    assert twice.log == (entry,)
    assert differ(once, twice) == set()


# --- sessions -----------------------------------------------------------------------------------------------


def test_a_moved_appointment_takes_its_pauses_along(plan: CarePlan, knowledge: Knowledge) -> None:
    new = slot(FACIAL, at(45))
    revised = again(knowledge, plan, OILY, 30, booked=(new,))
    assert [(each.slot.day, each.standing) for each in revised.sessions][1] == (at(45), Standing.BOOKED)
    (change,) = [each for each in revised.changes if each.about == f"session.{FACIAL}-2"]
    assert (change.before, change.after) == (SLOTS[2].starts.isoformat(), new.starts.isoformat())
    assert not used(revised, "salicylic_wash") & days(42, 48)
    assert differ(plan, revised) <= days(35, 55)  # what was to begin after it begins as much later
    assert changed(revised) == differ(plan, revised) | {
        number for number in range(84) if plan.days[number].tests != revised.days[number].tests
    }


def test_what_is_booked_stays_where_it_is(knowledge: Knowledge) -> None:
    booked = slot(FACIAL, at(38))
    plan = plan_for(knowledge, OILY, *SLOTS, booked=(booked,))
    revised = again(knowledge, plan, OILY, 30, (slot(FACIAL, at(31)), slot(FACIAL, at(33))))
    assert [each.slot for each in revised.sessions if each.standing is Standing.BOOKED] == [booked]


def test_an_appointment_that_could_not_stay_is_none_any_more_once_its_day_is_over(knowledge: Knowledge) -> None:
    booked = (slot(FACIAL, at(12)), slot(FACIAL, at(20)))
    plan = plan_for(knowledge, OILY, weeks=6, booked=booked)
    assert visits(plan) == [(FACIAL, 12)]
    assert visits(again(knowledge, plan, OILY, 25, ())) == [(FACIAL, 12)]


def test_an_appointment_that_did_not_happen_is_none_any_more(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=6, booked=(slot(FACIAL, at(12)),))
    revised = again(knowledge, plan, OILY, 15, (), log=(Happened(at(12), "missed_session"),))
    assert [each.standing for each in revised.sessions] == [Standing.MISSED]


def test_a_session_whose_time_is_gone_moves_to_the_next_that_fits(plan: CarePlan, knowledge: Knowledge) -> None:
    rest = [each for each in SLOTS if each.day != at(38)]
    revised = again(knowledge, plan, OILY, 30, rest)
    assert visits(revised) == [(FACIAL, 10), (FACIAL, 40)]
    assert reasons(revised, f"session.{FACIAL}-2") == {f"slots.{FACIAL}"}
    assert differ(plan, revised) <= days(35, 50)  # what was to begin after it begins as much later


def test_a_session_that_is_ruled_out_now_says_by_what(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, {**OILY, **ISOTRETINOIN}, 30)
    assert visits(revised) == [(FACIAL, 10)]
    (because,) = reasons(revised, f"session.{FACIAL}-2")
    assert because.startswith("contraindication.gx7")


def test_a_wish_that_was_fulfilled_before_is_none_that_is_dropped(plan: CarePlan, knowledge: Knowledge) -> None:
    assert why_not(again(knowledge, plan, OILY, 30, ())) == {}


# --- the person is another now ------------------------------------------------------------------------------


def test_a_new_medicine_takes_out_what_does_not_go_with_it(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, {**OILY, **TRETINOIN}, 30)
    assert not used(revised, "clay_mask", "salicylic_wash", "bha_leave_on") & days(30, 83)
    assert revised.keep == ("tretinoin",)
    assert reasons(revised, "product.clay_mask") == {"pair.retinoid_clay_prescribed"}


def test_another_way_to_exfoliate_that_the_person_bought_is_no_reason_to_fail(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, SPOTS)
    assert "bha_leave_on" in begun(plan)
    bought = {"products.actives": [{"name": "glycolic_acid", "form": "leave_on", "times_per_week": 1}]}
    revised = again(knowledge, plan, {**SPOTS, **bought}, 45, ())
    both = used(revised, "bha_leave_on") & days(45, 83), used(revised, "aha_leave_on") & days(45, 83)
    assert not all(both)


def test_a_pinned_choice_stays(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, **BHA}, weeks=4)
    assert 18 not in used(plan, "bha_leave_on")
    revised = again(knowledge, plan, {**OILY, **BHA}, 15, (), pins=(Pin("bha_leave_on", at(18)),))
    assert 18 in used(revised, "bha_leave_on")
    assert len(differ(plan, revised)) <= 4


# --- only what has to change --------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [22, 40])
def test_less_changes_than_in_a_plan_made_afresh(today: int, plan: CarePlan, knowledge: Knowledge) -> None:
    log = (Happened(at(today - 1), "irritation"),)
    revised = again(knowledge, plan, OILY, today, log=log)
    person = someone(knowledge, OILY, at(today))
    left = (84 - today) // 7
    fresh = make_plan(
        *person, slots=SLOTS, preferences=plan.preferences, knowledge=knowledge, start=at(today), weeks=left
    )
    end = today + 7 * left
    moved = {number for number in differ(plan, revised) if today <= number < end}
    anew = {number for number in range(today, end) if fresh.days[number - today].used != plan.days[number].used}
    assert len(moved) < len(anew)


def test_revisions_are_numbered_and_each_day_keeps_the_one_in_which_it_changed(
    plan: CarePlan, knowledge: Knowledge
) -> None:
    first = again(knowledge, plan, OILY, 22, log=(Happened(at(21), "irritation"),))
    second = again(knowledge, first, OILY, 50, log=(Happened(at(49), "irritation"),))
    assert second.revision == 2
    assert second.log == (Happened(at(21), "irritation"), Happened(at(49), "irritation"))
    for number in differ(plan, first) & days(22, 34):
        assert second.days[number].changed == 1
    assert differ(first, second)
    for number in differ(first, second):
        assert second.days[number].changed == 2


def test_changes_are_told_for_the_days_ahead_in_order(plan: CarePlan, knowledge: Knowledge) -> None:
    revised = again(knowledge, plan, OILY, 22, log=(Happened(at(21), "irritation"),))
    assert [change.on for change in revised.changes] == sorted(change.on for change in revised.changes)
    for change in revised.changes:
        product = change.about.partition(".")[2]
        number = (change.on - START).days
        assert number >= 22
        assert (product in plan.days[number].used, product in revised.days[number].used) == (
            change.before == "used",
            change.after == "used",
        )
