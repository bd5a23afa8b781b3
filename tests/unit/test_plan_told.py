"""What a plan tells of care at a visit, of quiet evenings and of how often something new is used."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.sample_plan import START, sample_plan, sample_profile

from pellucid.exchange.build import Builder
from pellucid.exchange.build_plan import build_plan
from pellucid.exchange.build_routine import Half, frequency, half_of, half_of_cap, stages_out
from pellucid.exchange.plan_model import PlanOut
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.levels import Status
from pellucid.model.plan import Introduction, Standing, Step
from pellucid.model.routine import RampStage

SERUM = Step("am_serum", "vitamin_c_serum")


def shown(knowledge: Knowledge, language: str = "en", serum: bool = False, **answers: Any) -> PlanOut:
    """The sample plan in words; with a morning serum and nothing for the evening where asked for."""
    profile = sample_profile(knowledge, **answers)
    plan = sample_plan(profile, knowledge)
    if serum:
        days = (
            replace(each, morning=(*each.morning[:1], SERUM, *each.morning[1:]), evening=each.evening[:2], tests=())
            for each in plan.days
        )
        plan = replace(plan, days=tuple(days), introductions=())
    return build_plan(plan, profile, knowledge=knowledge, texts=knowledge.texts(language))


# --- visits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_with_care_says_why_with_sources(language: str, knowledge: Knowledge) -> None:
    answers: dict[str, Any] = {"lesions.closed_comedones": 12}
    out = shown(knowledge, language, **answers)
    listed = {source.id for source in out.sources}
    for visit in out.sessions:
        assert visit.status == "caution"
        rules = [each.rule for each in visit.reasons]
        assert rules == ["contraindication.extraction_closed_comedones", "house.licence_unconfirmed"]
        for each in visit.reasons:
            assert each.name
            assert each.text
            assert each.sources
            assert set(each.sources) <= listed


def test_a_visit_that_is_over_or_simply_allowed_gives_no_reasons(knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    done, allowed = plan.sessions
    visits = (replace(done, standing=Standing.DONE), replace(allowed, status=Status.ALLOWED))
    out = build_plan(replace(plan, sessions=visits), profile, knowledge=knowledge, texts=knowledge.texts("en"))
    assert [each.reasons for each in out.sessions] == [[], []]


# --- quiet evenings ------------------------------------------------------------------------------------------


def test_an_evening_is_quiet_only_where_something_of_an_evening_is_left_out(knowledge: Knowledge) -> None:
    """The serum pauses after a visit too, but it is for mornings: the evenings go on as usual."""
    out = shown(knowledge, serum=True)
    after = [day for week in out.weeks for day in week.days if day.on == out.sessions[0].on + timedelta(days=1)]
    assert [stripe.label for stripe in out.stripes if stripe.kind == "products"] == ["Leave out: Vitamin C serum"] * 2
    assert after[0].bands
    assert after[0].evening_kind == "routine"


# --- how often -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("half", "language", "words"),
    [
        ("morning", "en", ["every third morning", "every other morning", "every morning"]),
        ("evening", "en", ["every third evening", "every other evening", "every evening"]),
        ("day", "en", ["every third day", "every other day", "every day"]),
        ("morning", "zh_hant", ["每三天一次，早上用", "每兩天一次，早上用", "每天早上"]),
        ("evening", "zh_hant", ["每三晚一次", "每兩晚一次", "每天晚上"]),
    ],
)
def test_how_often_is_said_of_the_half_of_the_day(
    half: Half, language: str, words: list[str], knowledge: Knowledge
) -> None:
    builder = Builder(knowledge, language, ())
    assert [frequency("per_week", times, half, builder) for times in (2.33, 3.5, 7)] == words


def test_layers_and_caps_have_a_half_of_the_day(knowledge: Knowledge) -> None:
    assert half_of(["am_serum"], knowledge) == "morning"
    assert half_of(["pm_active", "dc_mask"], knowledge) == "evening"
    assert half_of(["am_serum", "pm_serum"], knowledge) == "day"
    assert half_of_cap("retinoid", knowledge) == "evening"


def test_steps_of_a_ramp_that_read_alike_are_one(knowledge: Knowledge) -> None:
    builder = Builder(knowledge, "en", ())
    stages = [RampStage(START + timedelta(weeks=number), often) for number, often in enumerate((2.33, 2.33, 3.5, 2.33))]
    told = [(each.since, each.text) for each in stages_out(stages, "evening", builder)]
    assert told == [
        (START, "every third evening"),
        (START + timedelta(weeks=2), "every other evening"),
        (START + timedelta(weeks=3), "every third evening"),
    ]


def test_a_plan_says_morning_for_what_it_uses_in_the_morning(knowledge: Knowledge) -> None:
    """Benzoyl peroxide may be for mornings or evenings; this plan has it in the morning."""
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    bpo = Step("am_treatment", "bpo_treatment")
    new = Introduction("bpo_treatment", START, START + timedelta(days=7), "bpo", (RampStage(date(2026, 11, 30), 3.5),))
    days = tuple(replace(each, morning=(each.morning[0], bpo, *each.morning[1:])) for each in plan.days)
    plan = replace(plan, days=days, introductions=(new,))
    out = build_plan(plan, profile, knowledge=knowledge, texts=knowledge.texts("en"))
    assert [each.text for each in out.introductions[0].stages] == ["every other morning"]
