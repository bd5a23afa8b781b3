"""That the notes of one verdict agree: several products, what is ruled out, guessed kinds, the strictest of pairs."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.sample_plan import VISITS, sample_plan, sample_profile
from tests.unit.judge_labels import (
    ACID_SERUM,
    ACID_WASH,
    GLYCOLIC_TONER,
    RETINOL_CREAM,
    TODAY,
    codes,
    note,
    printed,
    rules,
    verdict,
)

from pellucid.exchange.build import CONFIDENCE
from pellucid.exchange.verdict_words import VerdictWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.ingredients import IngredientNote
from pellucid.knowledge.schema.labels import KindCue, ProductKind
from pellucid.labels.judge import judge
from pellucid.labels.kind import SURE
from pellucid.labels.read import read_label
from pellucid.model.profile import Profile
from pellucid.model.verdict import Tone, Verdict

SET = """Duo Set
Cleansing Gel Ingredients: Aqua, Sodium Laureth Sulfate, Cocamidopropyl Betaine, Salicylic Acid, Phenoxyethanol
Night Serum Ingredients: Aqua, Propanediol, Retinol, Squalane, Glycerin, Methylisothiazolinone, Phenoxyethanol"""
SUNSCREEN = "Aqua, Homosalate, Octocrylene, Glycerin, Retinyl Palmitate, Phenoxyethanol"
TONER = {"name": "glycolic toner", "form": "leave_on"}


def someone(knowledge: Knowledge, **answers: Any) -> Profile:
    return sample_profile(knowledge, **{path.replace("__", "."): value for path, value in answers.items()})


def planned(names: str, knowledge: Knowledge, kind: str | None, **answers: Any) -> Verdict:
    profile = someone(knowledge, **answers)
    return verdict(names, knowledge, kind=kind, profile=profile, plan=sample_plan(profile, knowledge))


# --- several products in one text -------------------------------------------------------------------------------


def test_the_kind_of_one_product_does_not_hold_for_another(knowledge: Knowledge) -> None:
    found = judge(read_label(SET), knowledge=knowledge, today=TODAY)
    given = judge(read_label(SET), knowledge=knowledge, today=TODAY, kind="cleanser")

    assert (found.product.kind, found.product.rinse_off, found.layers) == (None, None, ())
    assert given.product.rinse_off is None
    assert "ingredient_note.retinoid_start" in rules(found, "watch")
    assert "several_products" in codes(found)


def test_what_rules_one_of_them_out_is_told(knowledge: Knowledge) -> None:
    profile = someone(knowledge, health__medicines=[{"name": "isotretinoin", "start": date(2026, 6, 1)}])
    found = judge(read_label(SET), knowledge=knowledge, today=TODAY, profile=profile)

    assert "product.retinoid_cosmetic" in rules(found, "not_now")


def test_each_line_is_told_once_and_names_its_product(knowledge: Knowledge) -> None:
    words = VerdictWords(knowledge, knowledge.texts("en"))
    same = SET.replace("Methylisothiazolinone, ", "").replace("Glycerin, Phen", "Phen")
    for text in (SET, same):
        found = judge(read_label(text), knowledge=knowledge, today=TODAY)
        told = [words.note(each)[0] for each in found.of("list")]
        assert len(told) == len(set(told)) == 2
        assert [each[:10] for each in told] == ["Product 1:", "Product 2:"]


# --- ruled out --------------------------------------------------------------------------------------------------


def test_what_is_ruled_out_has_no_way_to_begin_and_says_so_before_the_routine(knowledge: Knowledge) -> None:
    fine = verdict(ACID_SERUM, knowledge, kind="serum", profile=someone(knowledge, wishes__goals=["blackheads"]))
    found = planned(ACID_SERUM, knowledge, "serum", wishes__goals=["blackheads"], health__conditions=["rosacea"])
    sections = list(dict.fromkeys(each.section for each in found.notes))

    assert {"fit_for", "place_test", "budget"} <= codes(fine)
    assert not {"fit_for", "place_test", "place_ramp", "budget"} & codes(found)
    assert sections.index("not_now") < sections.index("sessions") < sections.index("routine")


def test_skin_without_a_budget_is_not_told_how_to_begin(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = replace(sample_plan(profile, knowledge), skin="sensitive")
    found = verdict(ACID_SERUM, knowledge, kind="serum", profile=profile, plan=plan)

    assert note(found, "budget_none").section == "not_now"
    assert not {"fit_for", "place_test", "place_ramp"} & codes(found)


@pytest.mark.parametrize(
    ("medicine", "named"),
    [
        ({"name": "isotretinoin", "start": date(2026, 6, 1)}, "isotretinoin"),
        ({"name": "isotretinoin", "start": date(2026, 1, 1), "stop": date(2026, 9, 1)}, "isotretinoin"),
        ({"name": "adapalene", "start": date(2026, 6, 1), "prescribed": True}, "adapalene"),
    ],
)
def test_the_reason_is_what_the_person_told_and_not_its_whole_group(
    medicine: dict[str, Any], named: str, knowledge: Knowledge
) -> None:
    found = verdict(RETINOL_CREAM, knowledge, kind="serum", profile=someone(knowledge, health__medicines=[medicine]))

    assert dict(note(found, "fit_ruled_out").values)["why"] == (named,)


# --- what is used every day -------------------------------------------------------------------------------------


def test_a_sunscreen_with_a_retinoid_stays_a_sunscreen(knowledge: Knowledge) -> None:
    found = planned(SUNSCREEN, knowledge, "sunscreen", products__actives=[TONER])

    assert not {"budget", "budget_none", "place_ramp", "place_test", "session_pause", "new_calm"} & codes(found)
    assert "ingredient_note.retinoid_start" not in rules(found, "watch")
    assert "pair.retinoid_acid" not in rules(found, "routine")
    assert "ingredient_note.retinoid_start" in rules(planned(SUNSCREEN, knowledge, "moisturiser"), "watch")


def test_around_a_session_another_sunscreen_is_used(knowledge: Knowledge) -> None:
    found = planned(SUNSCREEN, knowledge, "sunscreen")
    swaps = [each for each in found.of("sessions") if each.code == "session_swap"]
    said = VerdictWords(knowledge, knowledge.texts("en")).note(swaps[0])[0]

    assert [dict(each.values)["day"] for each in swaps] == list(VISITS)
    assert "use another product of this kind, one without: Retinyl Palmitate" in said
    assert "leave it out" not in said.lower()


def test_notes_that_do_not_hold_for_a_kind_exist(knowledge: Knowledge) -> None:
    kinds, cues = knowledge.of(ProductKind), knowledge.of(KindCue).values()

    assert {name for kind in kinds.values() for name in kind.untold} <= set(knowledge.of(IngredientNote))
    assert {name for cue in cues for name in (cue.suggests, *cue.also)} <= set(kinds)


# --- kinds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "kind"),
    [("Permanent Hair Colour", "hair_colour"), ("Hair removal cream", "depilatory"), ("染髮霜", "hair_colour")],
)
def test_hair_colour_and_hair_removal_have_their_own_kinds(title: str, kind: str, knowledge: Knowledge) -> None:
    found = verdict("Aqua, Cetearyl Alcohol, Ammonium Hydroxide, Resorcinol", knowledge, title=title)

    assert found.product.kind == kind
    assert found.layers == ()


def test_a_guess_that_is_not_quite_sure_settles_nothing(knowledge: Knowledge) -> None:
    names = "Aqua, Glycerin, Methylisothiazolinone, Sodium Laureth Sulfate"
    guessed, given = verdict(names, knowledge, title="Night cream"), verdict(names, knowledge, kind="moisturiser")

    assert guessed.product.confidence < SURE == CONFIDENCE[0][0]
    assert codes(guessed, "place") == {"place_unsure"}
    assert (guessed.layers, codes(guessed, "limits")) == ((), set())
    assert "limit_prohibited" in codes(given)
    assert given.layers


@pytest.mark.parametrize(
    ("title", "kind"),
    [("Volumising Shampoo", "shampoo"), ("Shower gel", "body_wash"), ("Face wash", "cleanser"), ("", "cleanser")],
)
def test_what_washes_fits_every_kind_that_washes(title: str, kind: str, knowledge: Knowledge) -> None:
    product = verdict(ACID_WASH, knowledge, title=title).product

    assert (product.kind, product.rinse_off) == (kind, True)
    assert not title or product.confidence >= SURE


@pytest.mark.parametrize("kind", ["shampoo", "body_lotion", "deodorant"])
def test_what_never_touches_the_face_meets_nothing_there(kind: str, knowledge: Knowledge) -> None:
    answers: dict[str, Any] = {"products__actives": [TONER], "health__allergies": ["fragrance"]}
    found = planned(f"{RETINOL_CREAM}, Parfum, Adapalene", knowledge, kind, health__pregnancy="pregnant", **answers)

    assert not {"routine", "sessions", "not_now", "fit"} & {each.section for each in found.notes}
    assert {"allergy", "pregnancy", "medicine"} <= {each.section for each in found.notes}
    assert {"routine", "sessions"} <= {each.section for each in planned(GLYCOLIC_TONER, knowledge, "toner").notes}


def test_the_sentence_holds_for_every_kind(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Glycerin", knowledge, kind="hair_conditioner")
    said = VerdictWords(knowledge, knowledge.texts("en")).note(note(found, "place_none"))[0]

    assert said == "Kind: hair care. It has no place in the care of your face."


# --- how much, and what is strictest ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "rule", "code"),
    [
        ("Aqua, Glycerin, Phenoxyethanol, Lactic Acid", "acid_exfoliating", "watch_low"),
        ("Aqua, Glycerin, Phenoxyethanol, Lactic Acid 0.5 %", "acid_exfoliating", "watch"),
        ("Aqua, Retinol 0.5 %, Glycerin", "retinoid_start", "watch"),
        ("Aqua, Glycerin, Phenoxyethanol, Retinol", "retinoid_start", "watch"),
        ("Aqua, Glycerin, Phenoxyethanol, Methylisothiazolinone", "isothiazolinone", "watch"),
    ],
)
def test_a_place_low_in_the_list_is_told_where_an_amount_matters_and_none_is_printed(
    names: str, rule: str, code: str, knowledge: Knowledge
) -> None:
    found = verdict(names, knowledge, kind="serum")

    assert [each.code for each in found.of("watch") if each.rule == f"ingredient_note.{rule}"] == [code]


def test_of_pairs_that_overlap_the_strictest_is_told(knowledge: Knowledge) -> None:
    profile = someone(knowledge, products__actives=[TONER])
    both = verdict("Aqua, Salicylic Acid, Lactic Acid, Glycerin", knowledge, kind="serum", profile=profile)
    pairs = {each.rule: printed(each) for each in both.notes if each.code == "pair_own"}
    words = VerdictWords(knowledge, knowledge.texts("en"))

    assert pairs == {"pair.aha_bha": ("Salicylic Acid",), "pair.acid_acid": ("Lactic Acid",)}
    assert "Salicylic" not in words.note(note(both, "pair_own", "pair.acid_acid"))[0]
    only = verdict(ACID_SERUM, knowledge, kind="serum", profile=profile)
    assert "pair.acid_acid" not in rules(only, "routine")


def test_what_only_sensitive_skin_minds_is_told_to_others(knowledge: Knowledge) -> None:
    vitamin, sensitive = "Aqua, Ascorbic Acid, Glycerin", ["new_products", "fragrance", "wind_or_cold"]
    calm = someone(knowledge, products__actives=[TONER])
    minding = someone(knowledge, products__actives=[TONER], skin__reacts_to=sensitive)
    mild, strict = (verdict(vitamin, knowledge, kind="serum", profile=each) for each in (calm, minding))

    assert note(mild, "pair_own_told", "pair.vitamin_c_acid").tone is Tone.TELL
    assert note(strict, "pair_own", "pair.vitamin_c_acid").tone is Tone.AVOID


# --- length -------------------------------------------------------------------------------------------------------


def test_two_new_products_say_it_all(knowledge: Knowledge) -> None:
    profile = someone(knowledge)
    plan = sample_plan(profile, knowledge)
    full = replace(plan, introductions=(*plan.introductions, replace(plan.introductions[0], product="vitamin_c_serum")))
    found = verdict(RETINOL_CREAM, knowledge, kind="moisturiser", profile=profile, plan=full)

    assert "new_enough" in codes(found)
    assert "new_beside" not in codes(found)


def test_days_on_which_a_step_stands_aside_are_named(knowledge: Knowledge) -> None:
    found = planned("Aqua, Niacinamide, Glycerin", knowledge, "serum")
    words = VerdictWords(knowledge, knowledge.texts("en"))
    aside = [each for each in found.of("sessions") if each.code.startswith("session_aside")]

    assert aside
    for each in aside:
        said = words.note(each)
        assert each.since is not None
        assert each.until is not None
        named = each.days or (
            (dict(each.values)["day"],) if each.code == "session_aside_day" else (each.since, each.until)
        )
        assert all(f"{on.day} {on:%B %Y}" in said[0] for on in named if isinstance(on, date))
        assert not any(line.startswith("On these evenings") for line in said)


def test_visits_under_one_rule_stand_together(knowledge: Knowledge) -> None:
    found = planned(ACID_SERUM, knowledge, "serum")
    rows = [(each.code, each.rule) for each in found.of("sessions") if each.tone is Tone.AVOID]

    assert len(list(dict.fromkeys(rows))) == sum(one != other for one, other in zip(rows, [None, *rows], strict=False))
