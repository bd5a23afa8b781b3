"""What to pause, avoid and do around a session: whose it is, from which day, until which day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from tests.spec.cases import TODAY, Case

from pellucid.consult.prepare import aftercare, preparation
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.decision import Instruction

ON = date(2026, 12, 24)
"""The session: five weeks from the day on which everything is asked."""

ADAPALENE = {"health.medicines": [{"name": "adapalene gel", "route": "topical", "prescribed": True}]}
RETINOL = {"products.actives": [{"name": "retinol"}]}

Facts = Mapping[str, Any]
Lines = Mapping[str, Instruction]


def before(facts: Facts, treatment: str, knowledge: Knowledge, *, on: date = ON) -> Lines:
    intake = Case(table="prepare", id="", about="", facts=facts).intake
    profile = make_profile(intake, knowledge=knowledge, today=TODAY)
    return {line.rule: line for line in preparation(profile, treatment, on=on, knowledge=knowledge)}


def after(facts: Facts, treatment: str, knowledge: Knowledge, *, on: date = ON) -> Lines:
    intake = Case(table="prepare", id="", about="", facts=facts).intake
    profile = make_profile(intake, knowledge=knowledge, today=TODAY)
    return {line.rule: line for line in aftercare(profile, treatment, on=on, knowledge=knowledge)}


def days_before(line: Instruction) -> int:
    assert line.until == ON
    return (ON - line.since).days


# --- before ----------------------------------------------------------------------------------------------


def test_a_prescribed_retinoid_is_a_question_for_the_prescriber(knowledge: Knowledge) -> None:
    line = before(ADAPALENE, "aha_peel", knowledge)["window.rx_retinoid_before"]
    assert (line.action, line.applies, line.concerns) == ("ask_prescriber", True, "adapalene gel")
    assert (line.since, line.until) == (date(2026, 12, 17), ON)
    assert line.range == (2, 7)
    assert line.sources


@pytest.mark.parametrize(
    ("phototype", "days"),
    [("iii", 7), ("iv", 14), ("vi", 14), ("?", 14)],
    ids=["lighter", "deeper", "deepest", "not known"],
)
def test_deeper_skin_has_a_longer_wait_before_a_peel(phototype: str, days: int, knowledge: Knowledge) -> None:
    lines = before({**ADAPALENE, "person.phototype": phototype}, "aha_peel", knowledge)
    assert days_before(lines["window.rx_retinoid_before"]) == days


@pytest.mark.parametrize(("treatment", "days"), [("extraction", 3), ("carbon_laser", 5), ("microneedling_infusion", 5)])
def test_a_cosmetic_retinoid_is_paused(treatment: str, days: int, knowledge: Knowledge) -> None:
    line = before(RETINOL, treatment, knowledge)["window.strong_active_before"]
    assert (line.action, line.applies, line.concerns) == ("pause", True, "retinol")
    assert days_before(line) == days


def test_adapalene_from_the_shop_is_paused_and_no_prescriber_asked(knowledge: Knowledge) -> None:
    own = {"health.medicines": [{"name": "adapalene", "route": "topical", "prescribed": False}]}
    lines = before(own, "extraction", knowledge)
    assert lines["window.strong_active_before"].concerns == "adapalene"
    assert "window.rx_retinoid_before" not in lines


def test_several_products_stand_in_one_line(knowledge: Knowledge) -> None:
    own = {"products.actives": [{"name": "retinol"}, {"name": "glycolic acid"}, {"name": "retinol"}]}
    assert before(own, "extraction", knowledge)["window.strong_active_before"].concerns == "retinol, glycolic acid"


def test_what_is_not_used_is_left_out(knowledge: Knowledge) -> None:
    lines = before({}, "aha_peel", knowledge)
    assert not {"pause", "ask_prescriber"} & {line.action for line in lines.values()}


@pytest.mark.parametrize(
    "stopped",
    [{"stop": date(2026, 1, 31)}, {"stopped": True, "start": date(2025, 1, 1), "stop": date(2025, 3, 1)}],
)
def test_what_was_stopped_long_ago_is_left_out(stopped: Facts, knowledge: Knowledge) -> None:
    own = {"health.medicines": [{"name": "adapalene", "route": "topical", "prescribed": True, **stopped}]}
    assert "window.rx_retinoid_before" not in before(own, "aha_peel", knowledge)


def test_where_nobody_knows_the_line_stays(knowledge: Knowledge) -> None:
    lines = before({"health.medicines": "?", "products.actives": "?"}, "extraction", knowledge)
    for rule, action in (
        ("window.rx_retinoid_before", "ask_prescriber"),
        ("window.rx_benzoyl_peroxide_before", "ask_prescriber"),
        ("window.strong_active_before", "pause"),
    ):
        assert (lines[rule].action, lines[rule].applies, lines[rule].concerns) == (action, None, "")


def test_what_is_planned_before_the_session_is_named(knowledge: Knowledge) -> None:
    planned = {"history.hair_removal": [{"kind": "wax", "date": ON - timedelta(days=2), "area": "lip"}]}
    line = before(planned, "extraction", knowledge)["window.wax_before"]
    assert (line.action, line.applies, line.concerns, days_before(line)) == ("avoid", True, "wax", 7)
    assert before({}, "extraction", knowledge)["window.wax_before"].applies is False


def test_general_advice_has_its_days(knowledge: Knowledge) -> None:
    line = before({}, "extraction", knowledge)["precare.wear_sunscreen"]
    assert (line.action, line.since, line.until) == ("do", ON - timedelta(days=14), ON - timedelta(days=1))


def test_nothing_starts_before_today_and_what_is_over_is_left_out(knowledge: Knowledge) -> None:
    soon = TODAY + timedelta(days=2)
    lines = before(RETINOL, "aha_peel", knowledge, on=soon)
    assert lines["window.strong_active_before"].since == TODAY
    assert all(TODAY <= line.since <= line.until <= soon for line in lines.values())
    assert "precare.ask_for_test_spot" not in lines  # its last day, a week before the session, is past
    assert "precare.ask_for_test_spot" in before(RETINOL, "aha_peel", knowledge)


def test_what_starts_first_comes_first(knowledge: Knowledge) -> None:
    found = [line.since for line in before({**ADAPALENE, **RETINOL}, "aha_peel", knowledge).values()]
    assert found == sorted(found)


def test_nobody_is_told_to_pause_what_was_prescribed(knowledge: Knowledge) -> None:
    names = ["adapalene", "tretinoin", "isotretinoin", "apixaban", "aspirin", "prednisolone"]
    own = {"health.medicines": [{"name": name, "prescribed": True} for name in names]}
    for treatment in knowledge.of(Treatment):
        for line in (*before(own, treatment, knowledge).values(), *after(own, treatment, knowledge).values()):
            assert line.action != "pause" or not line.concerns


def test_home_care_needs_no_preparation(knowledge: Knowledge) -> None:
    lines = before({**ADAPALENE, **RETINOL}, "barrier_repair", knowledge)
    assert not {"pause", "ask_prescriber", "avoid"} & {line.action for line in lines.values()}


# --- after -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("treatment", "rule", "days"),
    [
        ("aha_peel", "window.retinoid_after", 7),
        ("extraction", "window.retinoid_after", 3),
        ("aha_peel", "window.strict_sun_after", 28),
        ("aha_peel", "window.aha_sun_after", 7),
        ("microneedling_infusion", "window.heat_after", 3),
        ("extraction", "window.makeup_after", 1),
        ("microneedling_infusion", "window.makeup_after", 2),
        ("extraction", "window.waxing_after", 7),
    ],
)
def test_aftercare_has_its_days(treatment: str, rule: str, days: int, knowledge: Knowledge) -> None:
    line = after(ADAPALENE, treatment, knowledge)[rule]
    assert (line.since, line.until) == (ON, ON + timedelta(days=days))
    assert line.sources


def test_of_two_columns_the_stricter_counts(knowledge: Knowledge) -> None:
    both = knowledge.get(Treatment, "rf_microneedling").columns
    assert {"microneedling", "radiofrequency"} <= set(both)
    lines = after({}, "rf_microneedling", knowledge)
    assert lines["window.heat_after"].hours == 72
    assert lines["window.strict_sun_after"].until == ON + timedelta(days=7)


def test_hours_are_kept_beside_the_day(knowledge: Knowledge) -> None:
    line = after({}, "extraction", knowledge)["window.swimming_after"]
    assert (line.hours, line.until) == (48, ON + timedelta(days=2))


def test_advice_that_starts_later_says_so(knowledge: Knowledge) -> None:
    line = after({}, "aha_peel", knowledge)["aftercare.exfoliate_again_later"]
    assert line.since == ON + timedelta(days=14)
    assert line.until > line.since


def test_own_plans_after_the_session_are_named(knowledge: Knowledge) -> None:
    beach = {"history.sun": [{"kind": "beach holiday", "from": date(2027, 1, 10), "to": date(2027, 1, 20)}]}
    line = after(beach, "aha_peel", knowledge)["window.strict_sun_after"]
    assert (line.applies, line.concerns) == (True, "beach holiday")


def test_what_ends_first_comes_first(knowledge: Knowledge) -> None:
    found = [line.until for line in after(RETINOL, "aha_peel", knowledge).values()]
    assert found == sorted(found)
