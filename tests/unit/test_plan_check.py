"""The checker of care plans: silent about a plan that keeps every rule, and never about one that breaks any."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.sample_plan import FACIAL, slot
from tests.unit.plan_broken_home import MUTATIONS
from tests.unit.plan_mutations import (
    ACIDS,
    AS_IS,
    CLAY,
    RETINOID,
    SECOND,
    Change,
    Mutation,
    acid,
    added,
    at,
    both,
    brought_in,
    codes,
    day,
    evening,
    found,
    introduction,
    irritated,
    more,
    moved,
    named,
    oily,
    opening,
    phrases,
    put,
    said,
    sessions,
    stages,
    take,
    valid_plan,
    visit,
    whole,
    wishes,
    wrong,
)
from tests.unit.plan_people import PEOPLE, REACTS, RETINOL, TRETINOIN, Person, medicine, only_retinoid, uses

from pellucid.consult.evidence import evidence_of
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.expressions import parse
from pellucid.knowledge.schema.rules import Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.plan import Clash, Happened, Introduction, Pin, Requirement, Standing, Step, Violation
from pellucid.plan.check import check_plan, phrase_of
from pellucid.plan.check_uses import _matches, _wait, rate

# --- every rule ------------------------------------------------------------------------------------------


def test_a_plan_that_keeps_every_rule_has_no_violation(knowledge: Knowledge) -> None:
    assert found(knowledge) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[each.name for each in MUTATIONS])
def test_each_broken_rule_is_named(mutation: Mutation, knowledge: Knowledge) -> None:
    violations = found(knowledge, mutation.change)
    assert named(violations, mutation.wrong)
    assert codes(violations) - {wrong(mutation.wrong).code} == set(mutation.besides.split())
    for each in violations:
        told = {"{day}": each.on, "{what}": each.what, "{rule}": each.rule, "{detail}": each.detail}
        assert all(told[name] for name in told if name in phrases("en")[phrase_of(each)]), each


@pytest.mark.parametrize("person", PEOPLE, ids=[each.name for each in PEOPLE])
def test_a_plan_for_somebody_else_is_named(person: Person, knowledge: Knowledge) -> None:
    violations = named(found(knowledge, person.change, **person.answers), person.wrong)
    assert violations
    assert person.detail in f"{said(violations[0], knowledge)} {violations[0].detail}"


def test_there_are_mutations_of_every_kind() -> None:
    assert len({each.name for each in (*MUTATIONS, *PEOPLE)}) == len(MUTATIONS) + len(PEOPLE)
    assert len(MUTATIONS) + len(PEOPLE) > 150


NUMBERS: dict[str, tuple[Change, str]] = {
    "cap 56 bha_leave_on cap.exfoliation": (acid(53, 56), "3 in 7 days, at most 2"),
    "ramp 25 bha_leave_on ramp.exfoliating_acid": (acid(25), "2 in 7 days, at most 1"),
    "cap_deep_clean 62 home_deep_clean cap.deep_clean": (evening(59, deep_clean=True), "2 in 7 days, at most 1"),
    "budget": (opening(0, price=Decimal(141)), "201 EUR, at most 200 EUR"),
    "window 40 bha_leave_on window.strong_active_before": (
        acid(40),
        "3 days before Pore clean-up facial (5 January 2027), at least 4",
    ),
    "minutes 41": (wishes(minutes_per_day=18), "18.5 minutes, at most 18"),
    f"interval 43 {FACIAL}-2 treatment.{FACIAL}": (
        moved(0, SECOND - 27),
        "27 days after Pore clean-up facial (8 December 2026), at least 28",
    ),
    "introduction_gap 42 niacinamide_serum ramp.exfoliating_acid": (
        brought_in("niacinamide_serum", 49),
        "27 days after Leave-on salicylic acid (BHA), at least 28",
    ),
}


@pytest.mark.parametrize("words", NUMBERS)
def test_the_numbers_are_told(words: str, knowledge: Knowledge) -> None:
    change, detail = NUMBERS[words]
    assert detail in said(named(found(knowledge, change), words)[0], knowledge)


def test_every_clash_is_named_once_in_the_order_of_its_day(knowledge: Knowledge) -> None:
    change = both(acid(53, 56, 57), put(40, "pm_serum", "moon_dust"), whole(knowledge="", skin="blue"))
    violations = found(knowledge, change)
    assert [each.on or date.min for each in violations] == sorted(each.on or date.min for each in violations)
    assert len(set(violations)) == len(violations)
    assert {each.on for each in violations if each.code == "cap"} == {at(56), at(57), at(58)}


# --- where a rule ends -----------------------------------------------------------------------------------


KEPT: dict[str, Change] = {
    "an acid on the day before the pause": acid(SECOND - 4),
    "an acid on the day after the pause": both(take(51, "pm_active"), acid(SECOND + 4)),
    "a second acid in a week of two": acid(54),
    "a second acid on the first day of the next stage": acid(36),
    "a facial exactly four weeks before the next": moved(0, SECOND - 28),
    "a session today": moved(0, 0),
    "a slot with no price": both(opening(0, price=None), wishes(budget=Decimal(60))),
    "a slot that costs nothing": both(opening(0, price=Decimal(0)), wishes(budget=Decimal(60))),
    "a budget to the last cent": wishes(budget=Decimal(120)),
    "a budget in another currency": wishes(budget=Decimal(10), currency="TWD"),
    "time enough": wishes(minutes_per_day=None),
    "money enough": wishes(budget=None),
    "two pore strips two weeks apart": both(
        put(48, "dc_exfoliate", "pore_strip", 1), put(62, "dc_exfoliate", "pore_strip", 1), wishes(minutes_per_day=None)
    ),
    "a pin after the plan": wishes(pins=(Pin(CLAY, at(200)),)),
    "an appointment after the plan": wishes(booked=(slot(FACIAL, at(SECOND)), slot(FACIAL, at(200)))),
    "a toner on a deep-clean evening": put(41, "dc_toner", "hydrating_toner"),
    "a third new product after twelve weeks": added(Introduction("niacinamide_serum", at(84), at(91), None, ())),
    "a rest that is over": whole(log=(Happened(at(-14), "irritation"),)),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_just_keeps_a_rule_is_no_violation(name: str, knowledge: Knowledge) -> None:
    assert found(knowledge, KEPT[name]) == []


def test_a_rest_ends_after_its_last_day(knowledge: Knowledge) -> None:
    rest = named(
        found(knowledge, irritated(27)), "rest_deep_clean 27 home_deep_clean home_number.rest_after_irritation"
    )
    assert rest
    late = {each.on for each in found(knowledge, irritated(27))}
    assert max(day for day in late if day) == at(27 + 13)


def test_what_was_lately_counts_for_months_of_31_days(knowledge: Knowledge) -> None:
    stopped = medicine("isotretinoin", route="oral", stop=at(58 - 6 * 31))
    early = {each.on for each in found(knowledge, **stopped) if each.code == "permitted_lately"}
    assert early == {at(number) for number in ACIDS if number <= 58}


def test_a_retinoid_goes_beyond_its_cap_as_its_ramp_leads_on(knowledge: Knowledge) -> None:
    ramp = stages(20, (0, 2), (1, 3), (2, 4), (3, 5), (4, 6), (5, 7))
    change = both(only_retinoid(20, 23, 27, 29, 31), brought_in(RETINOID, 20, "retinoid_a", ramp))
    assert found(knowledge, change) == []


def test_what_somebody_uses_already_needs_no_test_and_no_ramp_up(knowledge: Knowledge) -> None:
    assert found(knowledge, only_retinoid(1, 3, 5, 8, 10, 57, 59, 61), **RETINOL) == []


def test_what_is_to_be_used_later_is_not_in_use(knowledge: Knowledge) -> None:
    planned = uses("retinol", start=at(30))
    assert codes(found(knowledge, only_retinoid(57), **planned)) == {"introduction"}


def test_skin_that_reacts_is_washed_once_a_day(knowledge: Knowledge) -> None:
    once = both(*(take(number, "am_cleanse", part="morning") for number in range(84)))
    assert found(knowledge, both(only_retinoid(), once, whole(skin="sensitive")), **REACTS) == []


def test_a_wash_is_known_to_whoever_washes_with_it(knowledge: Knowledge) -> None:
    wash = both(take(40, "pm_cleanse"), put(40, "pm_cleanse", "salicylic_wash", 1))
    evenings = both(only_retinoid(), wash, evening(55, deep_clean=True), take(55, "dc_mask"))
    deep = both(evenings, put(55, "dc_second_cleanse", "salicylic_wash", 1), put(55, "dc_mask", "hydrating_mask", 2))
    change = both(deep, moved(0, 8), sessions(lambda each: each[:1]), wishes(booked=()))
    told = uses("salicylic acid", form="rinse_off", times_per_week=7)
    told["products.actives"].append({"name": "centella", "form": "leave_on"})
    assert found(knowledge, change, **told) == []
    assert codes(found(knowledge, change)) == {"introduction"}


NEEDLED = 66
"""A day with a needling, and nothing but the basics around it."""

AS_GIVEN: Change = both(
    day(NEEDLED, evening=(Step("pm_as_given", ""),)),
    day(NEEDLED + 1, morning=(Step("am_as_given", ""),)),
)


def beside_needling(knowledge: Knowledge, change: Change) -> set[tuple[str, date | None, str, str]]:
    """What the checker says of the halves of days beside a needling, and of sunscreen."""
    needled = both(only_retinoid(), more("needling", "microneedling_infusion", NEEDLED))
    named = found(knowledge, both(needled, change))
    return {each[:4] for each in named if each.code in {"aside", "sunscreen", "half", "layer"}}


def test_for_a_day_after_needling_there_is_only_what_the_clinic_gave(knowledge: Knowledge) -> None:
    assert beside_needling(knowledge, AS_GIVEN) == set()
    line, first, second = "aftercare.needle_first_day", at(NEEDLED), at(NEEDLED + 1)
    assert beside_needling(knowledge, AS_IS) == {
        ("aside", first, "oil_cleanser", line),
        ("aside", first, "gentle_cleanser", line),
        ("aside", first, "light_moisturiser", line),
        ("aside", second, "gentle_cleanser", line),
        ("aside", second, "light_moisturiser", line),
        ("aside", second, "sunscreen", line),
    }


def test_sunscreen_comes_back_a_day_after_needling(knowledge: Knowledge) -> None:
    for number in (NEEDLED, NEEDLED + 2):
        without = both(AS_GIVEN, take(number, "am_sunscreen", part="morning"))
        assert beside_needling(knowledge, without) == {("sunscreen", at(number), "am_sunscreen", "layer.am_sunscreen")}


def test_only_what_the_clinic_gave_is_no_reason_to_leave_out_sunscreen_elsewhere(knowledge: Knowledge) -> None:
    alone = both(AS_GIVEN, day(NEEDLED + 8, morning=(Step("am_as_given", ""),)))
    assert beside_needling(knowledge, alone) == {("sunscreen", at(NEEDLED + 8), "am_sunscreen", "layer.am_sunscreen")}


def test_a_procedure_on_no_known_day_pauses_nothing(knowledge: Knowledge) -> None:
    told: dict[str, Any] = {"history.procedures": [{"kind": "carbon_laser"}]}
    assert "window" not in codes(found(knowledge, **told))


def test_a_procedure_elsewhere_has_its_own_pause(knowledge: Knowledge) -> None:
    told: dict[str, Any] = {"history.procedures": [{"kind": "pore_cleanup_facial", "date": at(62)}]}
    assert {each.on for each in found(knowledge, **told) if each.code == "window"} == {at(65)}


@pytest.mark.parametrize(("waxed", "wrong_day"), [(67, True), (68, False), (57, True), (56, False)])
def test_hair_is_pulled_a_week_after_a_retinoid_or_three_days_before(
    waxed: int, wrong_day: bool, knowledge: Knowledge
) -> None:
    told: dict[str, Any] = {"history.hair_removal": [{"kind": "wax", "date": at(waxed)}]}
    rules = {each.rule for each in found(knowledge, only_retinoid(60), **told)}
    assert ("pair.retinoid_hair_removal" in rules) is wrong_day


def test_what_the_person_does_without_the_plan_is_not_its_fault(knowledge: Knowledge) -> None:
    waxed: dict[str, Any] = {"history.hair_removal": [{"kind": "wax", "date": at(60)}]}
    assert not named(found(knowledge, **TRETINOIN, **waxed), "pair 60 - pair.retinoid_hair_removal_prescribed")
    assert not [each for each in found(knowledge, **TRETINOIN, **waxed) if "hair_removal" in each.rule]


@pytest.mark.parametrize(
    ("times", "days", "expected"),
    [(3, 7, (3, 7)), (2.33, 7, (1, 3)), (3.5, 7, (1, 2)), (0.5, 7, (1, 14)), (1, 14, (1, 14)), (0, 7, (0, 7))],
)
def test_a_rate_is_a_whole_number_of_uses_in_whole_days(times: float, days: int, expected: tuple[int, int]) -> None:
    assert rate(times, days) == expected


@pytest.mark.parametrize(
    ("match", "about"),
    [
        ("active.bha", True),
        ("active.aha", False),
        ("active.aha or active.bha", True),
        ("active.aha and active.bha", False),
        ("active.bha and not active.aha", True),
        ("active.bha and person.age >= 18", True),
    ],
)
def test_a_window_is_about_products_with_the_actives_it_names(match: str, about: bool) -> None:
    assert _matches(parse(match), frozenset({"active.salicylic_acid", "active.bha"})) is about


@pytest.mark.parametrize(("phototype", "days"), [("iii", 7), ("iv", 14), ("?", 14)])
def test_a_longer_pause_for_some_counts_where_it_may_be_this_person(
    phototype: str, days: int, knowledge: Knowledge
) -> None:
    evidence = evidence_of(oily(knowledge, **{"person.phototype": phototype}), knowledge)
    window = knowledge.get(Window, "rx_retinoid_before")
    assert _wait(window, knowledge.get(Treatment, "aha_peel"), evidence) == days
    assert _wait(window, knowledge.get(Treatment, "led"), evidence) is None


# --- what was agreed, dropped or is over -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "what", "change"),
    [
        ("booked", slot(FACIAL, at(SECOND)).id, sessions(lambda each: each[:1])),
        ("pin", f"{CLAY}@{at(20)}", evening(20, deep_clean=False)),
    ],
    ids=["an appointment", "a pin"],
)
def test_what_the_plan_says_it_does_without_is_not_missed(
    kind: str, what: str, change: Change, knowledge: Knowledge
) -> None:
    dropped = Requirement(kind, what)
    assert codes(found(knowledge, change)) == {kind}
    assert found(knowledge, both(change, whole(clashes=(Clash(dropped, (dropped,)),)))) == []
    other = Requirement(kind, "something else")
    assert codes(found(knowledge, both(change, whole(clashes=(Clash(other, (other, dropped)),))))) == {kind}


TODAY = 40


def later(knowledge: Knowledge, change: Change = AS_IS, **answers: Any) -> list[Violation]:
    """The plan on its day 40, with the first forty days and the first session done, after a change."""
    profile = replace(oily(knowledge, **answers), today=at(TODAY))
    plan = valid_plan(profile, knowledge)
    done = tuple(replace(each, standing=Standing.DONE) if each.on < at(TODAY) else each for each in plan.days)
    first = replace(plan.sessions[0], standing=Standing.DONE)
    over = replace(plan, days=done, sessions=(first, plan.sessions[1]))
    return check_plan(change(over, profile, knowledge), profile, None, knowledge)


def test_a_plan_that_has_begun_keeps_its_rules(knowledge: Knowledge) -> None:
    assert later(knowledge) == []


OVER: dict[str, Change] = {
    "no sunscreen": take(10, "am_sunscreen", part="morning"),
    "nonsense": put(10, "pm_glitter", "moon_dust"),
    "a deep clean of nothing": day(10, deep_clean=True),
    "too much of an acid": acid(23, 24, 25),
    "no lines": visit(0, preparation=()),
    "no sunscreen today": both(take(TODAY, "am_sunscreen", part="morning"), day(TODAY, standing=Standing.DONE)),
    "a test of another length": introduction(0, tested_from=at(3)),
    "a session that was missed": visit(0, standing=Standing.MISSED),
}


def test_what_was_in_use_before_the_plan_stays_in_use(knowledge: Knowledge) -> None:
    change = only_retinoid(1, 3, 5, 57, 59, 61)
    assert later(knowledge, change, **RETINOL) == []
    assert codes(later(knowledge, change)) == {"introduction"}


@pytest.mark.parametrize("name", OVER)
def test_what_is_over_is_not_judged(name: str, knowledge: Knowledge) -> None:
    assert later(knowledge, OVER[name]) == []


def test_what_is_over_counts(knowledge: Knowledge) -> None:
    deep = later(knowledge, evening(39, deep_clean=True))
    assert named(deep, "cap_deep_clean 41 home_deep_clean cap.deep_clean")
    assert codes(deep) == {"cap_deep_clean", "cap"}
    early = {
        each.on
        for each in later(knowledge, opening(0, starts=slot(FACIAL, at(16)).starts, ends=slot(FACIAL, at(16)).ends))
    }
    assert early == {at(SECOND)}


def test_a_test_that_was_to_start_before_today_must_have_begun(knowledge: Knowledge) -> None:
    niacinamide = brought_in("niacinamide_serum", TODAY + 4)
    not_begun = both(niacinamide, *(day(number, standing=Standing.PROPOSED) for number in range(37, TODAY)))
    assert "introduction_past" not in codes(later(knowledge, niacinamide))
    assert named(later(knowledge, not_begun), "introduction_past 37 niacinamide_serum")


def test_a_session_that_was_missed_counts_nowhere(knowledge: Knowledge) -> None:
    close = opening(0, starts=slot(FACIAL, at(39)).starts, ends=slot(FACIAL, at(39)).ends)
    assert codes(later(knowledge, close)) >= {"interval", "screening"}
    assert later(knowledge, both(close, visit(0, standing=Standing.MISSED))) == []
