"""Which treatments are brought up, in which order, and what never counts: price."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.spec.cases import TODAY, Case

from pellucid.care import care
from pellucid.consult.options import EVIDENCE_BONUS, fit_of
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Scoring
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.decision import Option
from pellucid.model.levels import Status

Facts = Mapping[str, Any]

PLUGGED: Facts = {
    "consultation.performer_level": "l1",
    "skin.t_zone_shine": "clear",
    "skin.cheek_shine": "clear",
    "skin.cheek_feel": "oily",
    "pores.forehead.look": ["round"],
    "pores.nose.look": ["round"],
    "pores.cheeks.look": ["round"],
    "pores.t_zone_plugs": ["dark"],
    "lesions.open_comedones": 14,
    "wishes.goals": ["blackheads", "less_shine"],
}
"""Someone with oily skin, blackheads, and no fact that stands in the way."""


def options(facts: Facts, knowledge: Knowledge) -> tuple[Option, ...]:
    intake = Case(table="options", id="", about="", facts={**PLUGGED, **facts}).intake
    return care(intake, today=TODAY, knowledge=knowledge).options


def names(facts: Facts, knowledge: Knowledge) -> list[str]:
    return [option.treatment for option in options(facts, knowledge)]


def one(treatment: str, facts: Facts, knowledge: Knowledge) -> Option:
    return next(option for option in options(facts, knowledge) if option.treatment == treatment)


# --- order -----------------------------------------------------------------------------------------------


def test_best_fit_comes_first_among_what_can_be_done_here(knowledge: Knowledge) -> None:
    here = [option.fit for option in options({}, knowledge) if option.decision.status < Status.REFER]
    assert len(here) >= 3
    assert here == sorted(here, reverse=True)


def test_what_is_ruled_out_comes_last(knowledge: Knowledge) -> None:
    found = options({"health.pregnancy": "pregnant", "wishes.treatments": ["salicylic_peel", "steam"]}, knowledge)
    blocked = [option.decision.status is Status.BLOCKED for option in found]
    assert sum(blocked) == 2
    assert blocked == sorted(blocked)


def test_what_is_ruled_out_is_not_brought_up(knowledge: Knowledge) -> None:
    assert "steam" in names({}, knowledge)
    assert "steam" not in names({"health.pregnancy": "pregnant"}, knowledge)


def test_what_does_not_fit_is_not_brought_up(knowledge: Knowledge) -> None:
    least = knowledge.get(Scoring, "product").least_points
    assert all(option.fit >= least for option in options({}, knowledge))
    assert "barrier_repair" not in names({}, knowledge)


def test_what_is_not_on_offer_is_not_brought_up(knowledge: Knowledge) -> None:
    offered = {treatment.id for treatment in knowledge.of(Treatment).values() if treatment.offered}
    assert set(names({}, knowledge)) <= offered


def test_a_wish_counts_more_than_nothing(knowledge: Knowledge) -> None:
    plain = one("pore_cleanup_facial", {"wishes.goals": []}, knowledge)
    wished = one("pore_cleanup_facial", {"wishes.goals": ["blackheads"]}, knowledge)
    assert wished.fit > plain.fit
    assert "goal.blackheads" in {what for what, _, _ in wished.because}


def test_an_age_limit_keeps_a_treatment_from_being_brought_up(knowledge: Knowledge) -> None:
    grown, young = names({}, knowledge), names({"person.age": 15, "person.guardian_consent": True}, knowledge)
    assert "salicylic_peel" in grown
    assert "salicylic_peel" not in young


def test_nothing_to_do_is_an_answer(knowledge: Knowledge) -> None:
    calm = {"skin.t_zone_shine": "slight", "skin.cheek_shine": "none", "skin.cheek_feel": "comfortable"}
    pores = {f"pores.{zone}.look": ["none_visible"] for zone in ("forehead", "nose", "cheeks", "chin", "jaw")}
    none = {"pores.t_zone_plugs": ["none"], "lesions.open_comedones": 0, "wishes.goals": []}
    assert options({**calm, **pores, **none}, knowledge) == ()


# --- wishes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["barrier_repair", "radiofrequency", "prescription_care", "home_deep_clean"])
def test_what_was_asked_for_is_always_listed(wish: str, knowledge: Knowledge) -> None:
    facts = {"wishes.treatments": [wish], "health.pregnancy": "pregnant", "wishes.home_only": True}
    option = one(wish, facts, knowledge)
    assert option.decision.reasons or option.decision.status is Status.ALLOWED


def test_home_only_leaves_out_the_clinic(knowledge: Knowledge) -> None:
    settings = {each.id: each.setting for each in knowledge.of(Treatment).values()}
    at_home = names({"wishes.home_only": True}, knowledge)
    assert at_home
    assert {settings[name] for name in at_home} == {"home"}
    assert {settings[name] for name in names({"wishes.home_only": False}, knowledge)} > {"home"}


# --- why and when ----------------------------------------------------------------------------------------


def test_the_reasons_add_up_to_the_fit(knowledge: Knowledge) -> None:
    for option in options({}, knowledge):
        strength = knowledge.get(Treatment, option.treatment).benefit.strength
        total = sum(weight for _, weight, _ in option.because) + EVIDENCE_BONUS[strength]
        assert option.fit == pytest.approx(total, abs=0.01)
        assert all(sources for _, _, sources in option.because)


def test_what_counts_most_comes_first(knowledge: Knowledge) -> None:
    for option in options({}, knowledge):
        weights = [abs(weight) for _, weight, _ in option.because]
        assert weights == sorted(weights, reverse=True)


def test_strength_of_evidence_never_makes_up_for_what_does_not_fit(knowledge: Knowledge) -> None:
    intake = Case(table="options", id="", about="", facts=PLUGGED).intake
    found = care(intake, today=TODAY, knowledge=knowledge).assessment
    for treatment in knowledge.of(Treatment).values():
        fit, because = fit_of(treatment, found)
        if sum(weight for _, weight, _ in because) <= 0:
            assert fit <= 0


def test_dates_of_preparation_belong_to_the_earliest_date(knowledge: Knowledge) -> None:
    own = {"products.actives": [{"name": "retinol"}]}
    option = one("extraction", own, knowledge)
    assert option.earliest == date(2026, 11, 23)
    line = next(line for line in option.preparation if line.action == "pause")
    assert (line.concerns, line.since, line.until) == ("retinol", TODAY, option.earliest)
    assert min(line.since for line in option.aftercare) == option.earliest


def test_no_date_is_given_where_none_is_known(knowledge: Knowledge) -> None:
    option = one("steam", {"wishes.treatments": ["steam"], "health.pregnancy": "pregnant"}, knowledge)
    assert (option.earliest, option.once_settled, option.preparation, option.aftercare) == (None, None, (), ())


def test_a_referral_has_the_date_for_when_it_is_settled(knowledge: Knowledge) -> None:
    option = one("carbon_laser", {"wishes.treatments": ["carbon_laser"]}, knowledge)
    assert option.decision.status is Status.REFER
    assert (option.earliest, option.once_settled) == (None, TODAY)


# --- price -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", ["?", 0, 50, 1_000_000])
def test_budget_never_moves_the_order(budget: object, knowledge: Knowledge) -> None:
    assert names({"wishes.budget": budget}, knowledge) == names({"wishes.budget": 200}, knowledge)


def test_the_knowledge_holds_no_price(knowledge: Knowledge) -> None:
    fields = {field for record in knowledge.by_ref.values() for field in type(record).model_fields}
    assert not {field for field in fields for word in ("price", "cost", "commission", "margin") if word in field}
