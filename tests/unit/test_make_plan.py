"""Each hard rule of a care plan on a small situation made by hand."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.sample_plan import FACIAL, START, slot
from tests.unit.plan_situations import (
    BHA,
    LED,
    OILY,
    OILY_AND_LINED,
    PEEL,
    SENSITIVE,
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
from pellucid.model.levels import Level
from pellucid.model.plan import Away, CarePlan, Pin, Preferences, Standing, Step
from pellucid.plan.make import make_plan

RETINOL = {"products.actives": [{"name": "retinol", "form": "leave_on", "times_per_week": 3}]}

NEEDLING = "microneedling_infusion"
NEEDLED = replace(slot(NEEDLING, at(10)), level=Level.L4)

DRY: Answers = {
    "skin.t_zone_shine": "none",
    "skin.cheek_shine": "none",
    "skin.cheek_feel": "tight",
    "wishes.goals": ["hydration"],
}
"""Skin that is cleansed in the evening only; a serum with hyaluronic acid suits, twice a day."""

# --- sessions -----------------------------------------------------------------------------------------------


def test_two_facials_are_four_weeks_apart(knowledge: Knowledge) -> None:
    slots = [slot(FACIAL, at(day)) for day in (10, 30, 37, 38)]
    assert visits(plan_for(knowledge, OILY, *slots, wanted=(FACIAL,))) == [(FACIAL, 10), (FACIAL, 38)]


def test_there_is_one_visit_a_day(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(10)), slot(LED, at(10), hour=12), wanted=(FACIAL, LED))
    assert len(plan.sessions) == 1


def test_a_visit_takes_the_better_of_two_openings_on_one_day(knowledge: Knowledge) -> None:
    """The cheaper one, and of two at one price the one that takes no physician's time."""
    dear, cheap = slot(FACIAL, at(10), price="90"), slot(FACIAL, at(10), hour=12, price="60")
    physician = replace(slot(FACIAL, at(10), hour=8, price="60"), level=Level.L4)
    assert [each.slot for each in plan_for(knowledge, OILY, dear, physician, cheap).sessions] == [cheap]


def test_a_visit_comes_early_unless_another_day_of_the_week_is_preferred(knowledge: Knowledge) -> None:
    slots = [slot(FACIAL, at(day)) for day in (8, 9)]
    assert visits(plan_for(knowledge, OILY, *slots, weeks=3)) == [(FACIAL, 8)]
    preferred = frozenset({at(9).weekday()})
    assert visits(plan_for(knowledge, OILY, *slots, weeks=3, weekdays=preferred)) == [(FACIAL, 9)]


def test_money_is_not_spent_twice(knowledge: Knowledge) -> None:
    slots = [slot(FACIAL, at(10)), slot(FACIAL, at(40))]
    for budget, count in ((59, 0), (60, 1), (119, 1), (120, 2)):
        plan = plan_for(knowledge, OILY, *slots, budget=Decimal(budget), currency="EUR")
        assert len(plan.sessions) == count, budget


def test_a_budget_in_another_currency_binds_nothing(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(10)), budget=Decimal(1), currency="TWD")
    assert visits(plan) == [(FACIAL, 10)]


def test_whoever_stays_at_home_has_no_visit_but_one_that_is_booked(knowledge: Knowledge) -> None:
    booked = slot(FACIAL, at(10))
    assert visits(plan_for(knowledge, OILY, booked, home_only=True, wanted=(FACIAL,))) == []
    plan = plan_for(knowledge, OILY, booked, home_only=True, booked=(booked,))
    assert [(each.slot, each.standing) for each in plan.sessions] == [(booked, Standing.BOOKED)]


def test_away_there_is_no_visit_no_deep_clean_evening_and_nothing_new(knowledge: Knowledge) -> None:
    trip = Away(at(4), at(17))
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(10)), slot(FACIAL, at(18)), away=(trip,))
    assert visits(plan) == [(FACIAL, 18)]
    assert not deep_cleans(plan) & days(4, 17)
    assert not {day for pair in begun(plan).values() for day in pair} & days(4, 17)
    assert used(plan, "sunscreen") >= days(4, 17)


def test_an_appointment_outweighs_a_wish_and_every_better_day(knowledge: Knowledge) -> None:
    booked = slot(FACIAL, at(20))
    plan = plan_for(knowledge, OILY, booked, slot(FACIAL, at(3)), slot(PEEL, at(22)), wanted=(PEEL,), booked=(booked,))
    assert visits(plan) == [(FACIAL, 20)]
    assert why_not(plan) == {"want.aha_peel": {"slots.aha_peel", f"booked.{booked.id}", "window.next_other"}}


def test_an_appointment_outside_the_plan_is_none_of_it(knowledge: Knowledge) -> None:
    booked = (slot(FACIAL, at(-3)), slot(FACIAL, at(28)))
    plan = plan_for(knowledge, OILY, booked=booked, weeks=4)
    assert (plan.sessions, plan.clashes) == ((), ())


# --- care at home -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers", [{}, OILY, OILY_AND_LINED, SPOTS, SENSITIVE], ids=["plain", "oily", "lined", "spots", "thin"]
)
def test_every_morning_has_sunscreen_and_every_day_its_basics(answers: Answers, knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, answers)
    assert [day.on for day in plan.days] == [at(number) for number in range(84)]
    for day in plan.days:
        assert Step("am_sunscreen", "sunscreen") in day.morning
        assert any(step.layer in {"pm_cleanse", "dc_cleanse"} and step.product for step in day.evening)


def test_no_acid_from_three_days_before_an_extraction_until_three_days_after(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, **BHA}, slot(FACIAL, at(20)), weeks=6, wanted=(FACIAL,))
    acid = used(plan, "bha_leave_on", "salicylic_wash")
    assert not acid & days(17, 23)
    assert {16, 24} <= acid


def test_on_the_morning_of_a_visit_only_cleanser_and_sunscreen_go_on(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, slot(FACIAL, at(10)), slot(LED, at(20)), weeks=4, wanted=(FACIAL, LED))
    assert visits(plan) == [(FACIAL, 10), (LED, 20)]
    bare = {number for number, day in enumerate(plan.days) if layers(day.morning) == ["am_cleanse", "am_sunscreen"]}
    assert bare == {10, 20}
    assert all("pm_moisturiser" in layers(plan.days[number].evening) for number in bare)


def test_for_a_day_after_needling_only_what_the_clinic_gave_goes_on(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, DRY, NEEDLED, weeks=4, wanted=(NEEDLING,))
    before, after = plan.days[10], plan.days[11]
    assert (layers(before.morning), layers(before.evening)) == (["am_sunscreen"], ["pm_as_given"])
    assert layers(after.morning) == ["am_as_given"]
    assert {"pm_cleanse", "pm_moisturiser"} <= set(layers(after.evening))
    assert "am_sunscreen" in layers(plan.days[12].morning)
    assert used(plan, "hyaluronic_serum") == days(0, 27) - days(10, 17)


def test_for_a_week_after_a_peel_there_is_nothing_but_bland_care(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, DRY, slot(PEEL, at(10)), weeks=4, wanted=(PEEL,))
    assert visits(plan) == [(PEEL, 10)]
    assert used(plan, "hyaluronic_serum") == days(0, 27) - days(10, 17)
    assert all("light_moisturiser" in day.used or "rich_moisturiser" in day.used for day in plan.days)


def test_for_a_day_after_needling_elsewhere_only_what_that_clinic_gave_goes_on(knowledge: Knowledge) -> None:
    done = {"history.procedures": [{"kind": "microneedling", "date": at(-1)}]}
    plan = plan_for(knowledge, {**OILY, **done}, weeks=4)
    assert [layers(plan.days[number].morning) for number in (0, 1)] == [
        ["am_as_given"],
        ["am_cleanse", "am_moisturiser", "am_sunscreen"],
    ]


def test_a_pin_on_the_day_of_needling_is_told_as_not_had(knowledge: Knowledge) -> None:
    """Eight days later there is room for it again."""
    pins = (Pin("hyaluronic_serum", at(10)), Pin("hyaluronic_serum", at(18)))
    plan = plan_for(knowledge, DRY, NEEDLED, weeks=4, booked=(NEEDLED,), pins=pins)
    clash = {f"booked.{NEEDLED.id}", "aftercare.needle_first_day"}
    assert why_not(plan) == {f"pin.hyaluronic_serum@{at(10)}": clash}


def layers(steps: Iterable[Step]) -> list[str]:
    return [step.layer for step in steps]


def test_no_acid_around_what_was_done_elsewhere(knowledge: Knowledge) -> None:
    done = {"history.procedures": [{"kind": "extraction", "date": at(-2)}, {"kind": "extraction", "date": at(40)}]}
    acid = used(plan_for(knowledge, {**OILY, **BHA, **done}, weeks=8), "bha_leave_on", "salicylic_wash")
    assert not acid & (days(0, 1) | days(37, 43))
    assert {2, 36, 44} <= acid


def test_a_retinoid_starts_with_its_test_seven_days_before_and_two_nights_in_the_first_week(
    knowledge: Knowledge,
) -> None:
    plan = plan_for(knowledge, OILY_AND_LINED)
    assert begun(plan)["retinoid_cosmetic"] == (0, 7)
    assert {number for number, day in enumerate(plan.days) if "retinoid_cosmetic" in day.tests} == days(0, 6)
    nights = used(plan, "retinoid_cosmetic")
    assert [len(nights & days(7 * week, 7 * week + 6)) for week in range(1, 5)] == [2, 3, 4, 5]
    assert [stage.per_week for stage in plan.introductions[0].stages] == [2, 3, 4, 5, 6, 7]


def test_the_second_new_product_waits_until_the_first_has_had_its_time(knowledge: Knowledge) -> None:
    """Two weeks after a mask or a wash, four after a retinoid; and no third one in twelve weeks."""
    assert begun(plan_for(knowledge, OILY)) == {"clay_mask": (0, 7), "salicylic_wash": (14, 21)}
    assert begun(plan_for(knowledge, OILY_AND_LINED)) == {"retinoid_cosmetic": (0, 7), "clay_mask": (28, 35)}


def test_what_is_in_use_goes_on_without_a_test_as_often_as_it_was_used(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY_AND_LINED, **RETINOL}, weeks=4)
    nights = used(plan, "retinoid_cosmetic")
    assert "retinoid_cosmetic" not in begun(plan)
    assert [len(nights & days(7 * week, 7 * week + 6)) for week in range(4)] == [3, 3, 3, 3]


def test_nothing_new_in_the_three_weeks_before_a_wedding(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, "history.events": [{"kind": "wedding", "date": at(30)}]})
    assert not {day for pair in begun(plan).values() for day in pair} & days(9, 30)
    assert begun(plan) == {"clay_mask": (0, 7), "salicylic_wash": (31, 38)}


def test_nothing_new_in_the_week_before_strong_sun_or_during_it(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, "history.sun": [{"kind": "strong_sun", "from": at(10), "to": at(20)}]})
    assert not {day for pair in begun(plan).values() for day in pair} & days(3, 20)


def test_nothing_new_once_sun_has_begun_that_nobody_knows_the_end_of(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, "history.sun": [{"kind": "strong_sun", "from": at(10)}]})
    assert begun(plan) == {}


def test_a_deep_clean_evening_has_no_retinoid_and_comes_once_a_week(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY_AND_LINED)
    evenings = sorted(deep_cleans(plan))
    assert len(evenings) > 6
    assert not used(plan, "retinoid_cosmetic") & set(evenings)
    assert all(later - evening >= 7 for evening, later in pairwise(evenings))


def test_a_prescribed_retinoid_keeps_acids_and_clay_away(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**OILY, **BHA, **TRETINOIN})
    assert not used(plan, "bha_leave_on", "aha_leave_on", "salicylic_wash", "clay_mask", "retinoid_cosmetic")
    assert (plan.keep, plan.set_aside) == (("tretinoin",), ("salicylic_acid",))


def test_there_is_one_way_to_exfoliate(knowledge: Knowledge) -> None:
    own = [{"name": name, "form": "leave_on", "times_per_week": 1} for name in ("salicylic_acid", "glycolic_acid")]
    plan = plan_for(knowledge, {**OILY, "products.actives": own}, weeks=6)
    ways = [product for product in ("bha_leave_on", "aha_leave_on", "scrub") if used(plan, product)]
    assert ways == ["bha_leave_on"]
    assert plan.set_aside == ("glycolic_acid",)


def test_skin_that_reacts_gets_no_acid_and_is_washed_once_a_day(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, {**SENSITIVE, **BHA})
    assert plan.skin == "sensitive"
    assert not used(plan, "bha_leave_on", "aha_leave_on", "clay_mask", "scrub", "home_steam")
    assert all(step.layer != "am_cleanse" for day in plan.days for step in day.morning)


@pytest.mark.parametrize("kind", ["wax", "threading", "hair removal cream"])
def test_no_retinoid_from_a_week_before_hair_is_pulled_until_three_days_after(kind: str, knowledge: Knowledge) -> None:
    planned = {"history.hair_removal": [{"kind": kind, "date": at(60)}]}
    nights = used(plan_for(knowledge, {**OILY_AND_LINED, **RETINOL, **planned}), "retinoid_cosmetic")
    assert not nights & days(53, 63)
    assert nights & days(50, 52)
    assert nights & days(64, 66)


def test_a_razor_keeps_no_retinoid_away(knowledge: Knowledge) -> None:
    shaved = {"history.hair_removal": [{"kind": "razor", "date": at(60)}]}
    nights = used(plan_for(knowledge, {**OILY_AND_LINED, **RETINOL, **shaved}), "retinoid_cosmetic")
    assert nights & days(53, 63)


def test_hair_that_was_pulled_on_a_day_nobody_told_may_have_been_pulled_today(knowledge: Knowledge) -> None:
    waxed = {"history.hair_removal": [{"kind": "wax"}]}
    nights = used(plan_for(knowledge, {**OILY_AND_LINED, **RETINOL, **waxed}, weeks=6), "retinoid_cosmetic")
    assert not nights & days(0, 3)
    assert nights & days(4, 10)


def test_nothing_with_a_retinoid_is_tried_or_begun_around_hair_removal(knowledge: Knowledge) -> None:
    planned = {"history.hair_removal": [{"kind": "wax", "date": at(8)}]}
    tested, first = begun(plan_for(knowledge, {**OILY_AND_LINED, **planned}))["retinoid_cosmetic"]
    assert not days(tested, first) & days(1, 11)


def test_a_day_with_more_than_the_basics_takes_no_longer_than_the_minutes_there_are(knowledge: Knowledge) -> None:
    assert used(plan_for(knowledge, OILY, minutes_per_day=25), "clay_mask")
    short = plan_for(knowledge, OILY, minutes_per_day=8)
    assert not used(short, "clay_mask")
    assert used(short, "salicylic_wash")
    assert not used(plan_for(knowledge, OILY, minutes_per_day=1), "clay_mask", "salicylic_wash", "bha_leave_on")


def test_a_review_comes_after_twelve_weeks(knowledge: Knowledge) -> None:
    assert plan_for(knowledge, {}, weeks=11).reviews == ()
    assert plan_for(knowledge, {}, weeks=25).reviews == (at(84), at(168))


def test_the_plan_carries_what_it_was_made_with(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, minutes_per_day=20, weeks=2)
    assert (plan.start, plan.until, plan.weeks, plan.knowledge) == (START, at(13), 2, knowledge.digest)
    assert plan.preferences == Preferences(minutes_per_day=20)
    assert (plan.revision, plan.changes, plan.log) == (0, (), ())
    assert plan.proven
    assert plan.objective == plan.bound


# --- input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "weeks", "wrong"),
    [(-1, 12, ["start"]), (0, 0, ["weeks"]), (0, 53, ["weeks"]), (-1, -1, ["start", "weeks"]), (0, 52, []), (5, 1, [])],
)
def test_a_start_in_the_past_and_weeks_out_of_range_are_told_together(
    start: int, weeks: int, wrong: list[str], knowledge: Knowledge
) -> None:
    person = someone(knowledge, {})

    def make() -> CarePlan:
        wishes = Preferences()
        return make_plan(*person, slots=(), preferences=wishes, knowledge=knowledge, start=at(start), weeks=weeks)

    if not wrong:
        assert make().weeks == weeks
        return
    with pytest.raises(InputError) as told:
        make()
    assert [problem.where for problem in told.value.problems] == wrong


def test_a_long_plan_does_not_claim_to_be_the_best(knowledge: Knowledge) -> None:
    plan = plan_for(knowledge, OILY, weeks=27)
    assert (plan.bound, plan.proven) == (None, False)
