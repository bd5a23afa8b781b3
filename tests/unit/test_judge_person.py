"""What a verdict says to one person: allergies first, pregnancy, medicines, their routine, plan and sessions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.sample_plan import FACIAL, START, VISITS, sample_plan, sample_profile, slot
from tests.unit.judge_labels import (
    ACID_SERUM,
    ACID_WASH,
    CLAY_MASK,
    GLYCOLIC_TONER,
    PLAIN_CREAM,
    RETINOL_CREAM,
    TODAY,
    codes,
    note,
    printed,
    rules,
    verdict,
)

from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.plan import Happened, Named, Standing
from pellucid.model.profile import Profile
from pellucid.model.verdict import Tone, Verdict

PEEL = "aha_peel"


def someone(knowledge: Knowledge, **answers: Any) -> Profile:
    """Someone who has answered everything, but for the answers given."""
    return sample_profile(knowledge, **{path.replace("__", "."): value for path, value in answers.items()})


def for_someone(names: str, knowledge: Knowledge, *, kind: str = "serum", **answers: Any) -> Verdict:
    """The verdict for such a person."""
    return verdict(names, knowledge, kind=kind, profile=someone(knowledge, **answers))


# --- allergies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allergy", "names", "about"),
    [
        ("fragrance", "Aqua, Glycerin, Parfum", "Parfum"),
        ("aspirin_or_salicylate", ACID_SERUM, "Salicylic Acid"),
        ("tea_tree", "Aqua, Melaleuca Alternifolia Leaf Oil", "Melaleuca Alternifolia Leaf Oil"),
        ("daisy_family", "Aqua, Calendula Officinalis Flower Extract", "Calendula Officinalis Flower Extract"),
        ("other_cosmetic", "Aqua, Phenoxyethanol", "Phenoxyethanol"),
    ],
)
def test_an_allergy_that_was_told_comes_first(allergy: str, names: str, about: str, knowledge: Knowledge) -> None:
    found = for_someone(names, knowledge, health__allergies=[allergy])
    first = found.notes[0]

    assert (first.section, first.code, first.tone) == ("allergy", "allergy_own", Tone.AVOID)
    assert about in printed(first)


def test_a_fragrance_allergy_names_every_listed_allergen(knowledge: Knowledge) -> None:
    found = for_someone("Aqua, Linalool, Acetyl Cedrene", knowledge, health__allergies=["fragrance"])

    assert {name for each in found.notes if each.code == "allergy_fragrance" for name in printed(each)} == {
        "Linalool",
        "Acetyl Cedrene",
    }


def test_without_the_allergy_there_is_no_such_note(knowledge: Knowledge) -> None:
    assert not codes(for_someone(ACID_SERUM, knowledge), "allergy")


def test_unknown_allergies_are_asked_for_once(knowledge: Knowledge) -> None:
    found = verdict(ACID_SERUM, knowledge, kind="serum", profile=make_profile({}, knowledge=knowledge, today=TODAY))
    asked = note(found, "allergy_open")

    assert asked.asks == ("health.allergies",)
    assert asked.unknown
    assert {"Salicylic Acid", "Parfum"} <= set(printed(asked))


# --- pregnancy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"health__pregnancy": "no"}, set()),
        ({"health__pregnancy": "not_applicable", "health__breastfeeding": "?"}, set()),
        ({"health__pregnancy": "pregnant"}, {"pregnancy_known_avoid"}),
        ({"health__pregnancy": "planning"}, {"pregnancy_known_avoid"}),
        ({"health__breastfeeding": True}, {"pregnancy_known_avoid"}),
        ({"health__pregnancy": "?"}, {"pregnancy_open_avoid"}),
        ({"health__breastfeeding": "?"}, {"pregnancy_open_avoid"}),
    ],
)
def test_unknown_pregnancy_is_never_taken_for_no(
    answers: dict[str, Any], expected: set[str], knowledge: Knowledge
) -> None:
    assert codes(for_someone(RETINOL_CREAM, knowledge, **answers), "pregnancy") == expected


def test_what_nobody_knows_is_asked(knowledge: Knowledge) -> None:
    found = for_someone(RETINOL_CREAM, knowledge, health__pregnancy="?")

    assert "health.pregnancy" in note(found, "pregnancy_open_avoid").asks


def test_the_word_agrees_with_the_rule_of_care_at_home(knowledge: Knowledge) -> None:
    found = for_someone(GLYCOLIC_TONER, knowledge, kind="toner", health__pregnancy="pregnant")
    nursing = for_someone(GLYCOLIC_TONER, knowledge, kind="toner", health__breastfeeding=True)

    assert note(found, "pregnancy_known_limit").rule == "pregnancy_rule.fruit_acids"
    assert note(nursing, "pregnancy_known_fine").rule == "pregnancy_rule.fruit_acids"


def test_a_prescribed_medicine_in_pregnancy_goes_to_the_prescriber(knowledge: Knowledge) -> None:
    found = for_someone("Aqua, Tretinoin, Glycerin", knowledge, health__pregnancy="pregnant")

    assert codes(found, "pregnancy") == {"pregnancy_known_prescriber"}


# --- medicines --------------------------------------------------------------------------------------------------


def test_someones_own_medicine_goes_on_as_prescribed(knowledge: Knowledge) -> None:
    medicine = {"name": "tretinoin cream", "start": date(2026, 1, 5)}
    profile = someone(knowledge, health__medicines=[medicine])
    plan = sample_plan(profile, knowledge)
    found = verdict("Aqua, Tretinoin, Glycerin", knowledge, kind="moisturiser", profile=profile, plan=plan)

    assert dict(note(found, "medicine_yours").values)["yours"] == ("tretinoin cream",)
    assert codes(found, "sessions") == {"session_prescribed"}
    assert not {"fit_ruled_out", "budget_none", "new_calm"} & codes(found)


def test_benzoyl_peroxide_from_a_prescriber_is_not_paused_by_us(knowledge: Knowledge) -> None:
    medicine = {"name": "benzoyl peroxide", "start": date(2026, 1, 5), "prescribed": True}
    mine, theirs = someone(knowledge), someone(knowledge, health__medicines=[medicine])
    names = "Aqua, Benzoyl Peroxide 5 %, Glycerin"
    bought, given = (
        verdict(names, knowledge, kind="spot_treatment", profile=each, plan=sample_plan(each, knowledge))
        for each in (mine, theirs)
    )

    assert "session_pause" in codes(bought)
    assert "session_pause" not in codes(given)
    assert "session_prescribed" in codes(given)


# --- pairs and the routine --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "names", "kind", "rule"),
    [
        ({"name": "retinol serum", "form": "leave_on"}, ACID_SERUM, "serum", "pair.retinoid_acid"),
        ({"name": "glycolic toner", "form": "leave_on"}, RETINOL_CREAM, "serum", "pair.retinoid_acid"),
        ({"name": "glycolic toner", "form": "leave_on"}, ACID_SERUM, "serum", "pair.aha_bha"),
        ({"name": "face scrub", "form": "rinse_off"}, ACID_SERUM, "serum", "pair.acid_scrub"),
        ({"name": "retinol serum", "form": "leave_on"}, CLAY_MASK, "mask", "pair.retinoid_clay"),
    ],
)
def test_what_must_not_meet_is_told_with_the_persons_own_product(
    own: dict[str, Any], names: str, kind: str, rule: str, knowledge: Knowledge
) -> None:
    found = for_someone(names, knowledge, kind=kind, products__actives=[own])

    assert dict(note(found, "pair_own", rule).values)["yours"] == (own["name"],)


def test_what_may_be_used_together_is_no_clash(knowledge: Knowledge) -> None:
    own = {"name": "vitamin c serum", "form": "leave_on"}
    found = for_someone("Aqua, Niacinamide, Glycerin", knowledge, products__actives=[own])

    assert not [each for each in found.of("routine") if each.rule.startswith("pair.")]


def test_a_second_way_to_exfoliate_draws_on_the_same_budget(knowledge: Knowledge) -> None:
    own = {"name": "glycolic toner", "form": "leave_on"}
    found = for_someone(ACID_SERUM, knowledge, products__actives=[own])

    assert dict(note(found, "budget_shared").values)["yours"] == ("glycolic toner",)
    assert "budget_shared" not in codes(for_someone(ACID_WASH, knowledge, kind="cleanser", products__actives=[own]))


def test_every_strong_active_in_one_bottle_has_its_own_rules(knowledge: Knowledge) -> None:
    names = "Aqua, Glycolic Acid, Retinol, Glycerin, Phenoxyethanol"
    caps = {"cap.exfoliation", "cap.retinoid"}

    assert caps <= rules(for_someone(names, knowledge), "routine")
    ruled_out = for_someone(names, knowledge, health__conditions=["rosacea"])
    assert {"product.retinoid_cosmetic", "product.aha_leave_on"} <= rules(ruled_out, "not_now")


def test_waxing_and_a_retinoid_have_their_days(knowledge: Knowledge) -> None:
    day = TODAY + timedelta(days=10)
    waxing = {"kind": "wax", "date": day}
    found = for_someone(RETINOL_CREAM, knowledge, history__hair_removal=[waxing])
    told = note(found, "pair_dated")

    assert (told.since, told.until) == (day - timedelta(days=7), day + timedelta(days=3))


def test_nothing_new_begins_before_a_day_that_matters(knowledge: Knowledge) -> None:
    day = TODAY + timedelta(days=14)
    found = for_someone(RETINOL_CREAM, knowledge, history__events=[{"kind": "wedding", "date": day}])
    told = note(found, "new_calm")

    assert (told.since, told.until) == (day - timedelta(days=21), day)
    assert "new_calm" not in codes(for_someone(PLAIN_CREAM, knowledge, kind="moisturiser"))


def test_someone_used_to_it_begins_nothing_new(knowledge: Knowledge) -> None:
    day = TODAY + timedelta(days=14)
    found = for_someone(
        RETINOL_CREAM,
        knowledge,
        history__events=[{"kind": "wedding", "date": day}],
        products__actives=[{"name": "retinol serum", "form": "leave_on"}],
    )

    assert not {"new_calm", "place_test", "place_ramp"} & codes(found)


# --- the plan ---------------------------------------------------------------------------------------------------


def test_evenings_of_the_plan_on_which_it_must_not_be_used_are_named(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    found = verdict(RETINOL_CREAM, knowledge, kind="moisturiser", profile=profile, plan=plan)
    told = note(found, "pair_deep_clean")
    evenings = [day.on for day in plan.days if day.deep_clean][:4]

    assert list(told.days) == evenings
    assert all(day.weekday() == 6 for day in told.days)


def test_the_plans_own_product_of_the_same_kind_is_no_clash(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)

    assert "pair_plan" not in codes(verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=plan))
    assert "pair_plan" in codes(verdict(GLYCOLIC_TONER, knowledge, kind="toner", profile=profile, plan=plan))


def test_a_scrub_without_a_known_grain_is_named_by_its_kind(knowledge: Knowledge) -> None:
    profile = someone(knowledge, products__actives=[{"name": "glycolic toner", "form": "leave_on"}])
    plan = sample_plan(profile, knowledge)
    found = verdict("Aqua, Glycerin", knowledge, kind="scrub", profile=profile, plan=plan)

    assert dict(note(found, "pair_own", "pair.acid_scrub").values)["what"] == (Named("product_kind", "scrub"),)
    assert "session_kind" in codes(found)


def test_a_plan_with_something_new_leaves_no_room_beside_it(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    (begun,) = plan.introductions
    told = note(verdict(RETINOL_CREAM, knowledge, kind="moisturiser", profile=profile, plan=plan), "new_beside")

    assert told.since is not None
    assert told.until is not None
    assert told.since <= begun.tested_from <= told.until
    assert "new_beside" not in codes(verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=plan))


def test_two_new_products_are_enough(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    more = replace(plan.introductions[0], product="vitamin_c_serum")
    full = replace(plan, introductions=(*plan.introductions, more))

    assert "new_enough" in codes(verdict(RETINOL_CREAM, knowledge, kind="moisturiser", profile=profile, plan=full))
    assert "new_enough" not in codes(verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=full))


def test_irritated_skin_has_its_rest(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = replace(sample_plan(profile, knowledge), log=(Happened(START, "irritation"),))
    told = note(verdict(RETINOL_CREAM, knowledge, kind="moisturiser", profile=profile, plan=plan), "new_rest")

    assert (told.since, told.until) == (START, START + timedelta(days=13))


# --- sessions ---------------------------------------------------------------------------------------------------


def test_a_strong_active_stops_before_and_after_each_session(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    found = verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=sample_plan(profile, knowledge))
    pauses = [each for each in found.of("sessions") if each.code == "session_pause"]

    assert [(each.since, each.until) for each in pauses] == [
        (day - timedelta(days=3), day + timedelta(days=3)) for day in VISITS
    ]
    assert all("S137" in each.sources for each in pauses)


def test_the_windows_of_the_sessions_own_treatment_count(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    peel = replace(plan.sessions[0], slot=slot(PEEL, VISITS[0]))
    found = verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=replace(plan, sessions=(peel,)))
    (pause,) = [each for each in found.of("sessions") if each.code == "session_pause"]

    assert (pause.since, pause.until) == (VISITS[0] - timedelta(days=3), VISITS[0] + timedelta(days=7))


def test_a_missed_session_and_one_long_over_pause_nothing(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    missed = replace(plan, sessions=tuple(replace(each, standing=Standing.MISSED) for each in plan.sessions))
    over = slot(FACIAL, TODAY - timedelta(days=30))
    past = replace(plan, sessions=(replace(plan.sessions[0], slot=over, standing=Standing.DONE),))

    for each in (missed, past):
        assert not codes(verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=each), "sessions")


def test_an_acid_low_in_the_list_does_not_pause(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    low = "Aqua, Glycerin, Squalane, Phenoxyethanol, Lactic Acid"

    assert "session_pause" not in codes(verdict(low, knowledge, kind="toner", profile=profile, plan=plan))


def test_make_up_stays_away_after_a_session(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    found = verdict(
        "Aqua, Mica, CI 77491", knowledge, kind="makeup", profile=profile, plan=sample_plan(profile, knowledge)
    )
    told = [each for each in found.of("sessions") if each.code == "session_kind"]

    assert [(each.since, each.until) for each in told] == [(day, day + timedelta(days=1)) for day in VISITS]


def test_a_treatment_that_the_person_told_of_counts_too(knowledge: Knowledge) -> None:
    day = TODAY + timedelta(days=5)
    found = for_someone(ACID_SERUM, knowledge, history__procedures=[{"kind": "aha peel", "date": day}])
    told = note(found, "session_pause")

    assert told.since is not None
    assert told.until is not None
    assert told.since <= day <= told.until


# --- fit --------------------------------------------------------------------------------------------------------


def test_what_suits_a_wish_is_told_with_its_sources(knowledge: Knowledge) -> None:
    found = for_someone(ACID_SERUM, knowledge, wishes__goals=["blackheads"])

    assert "S183" in note(found, "fit_for").sources


def test_a_safety_fact_rules_it_out(knowledge: Knowledge) -> None:
    found = for_someone(ACID_SERUM, knowledge, health__conditions=["rosacea"])

    assert note(found, "fit_ruled_out").tone is Tone.AVOID


def test_a_missing_safety_answer_is_asked(knowledge: Knowledge) -> None:
    found = for_someone(ACID_SERUM, knowledge, health__conditions="?")

    assert "health.conditions" in note(found, "fit_open").asks


def test_skin_that_must_not_exfoliate_has_no_budget_for_an_acid(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = replace(sample_plan(profile, knowledge), skin="sensitive")

    assert "budget_none" in codes(verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=plan))


def test_a_watch_out_for_a_finding_is_told_to_whom_it_concerns(knowledge: Knowledge) -> None:
    names = "Aqua, Parfum, Glycerin"
    reacting = for_someone(names, knowledge, skin__reacts_to=["new_products", "fragrance", "wind_or_cold"])

    assert "ingredient_note.fragrance_sensitive" in rules(reacting, "watch")
    assert "ingredient_note.fragrance_sensitive" not in rules(for_someone(names, knowledge), "watch")
