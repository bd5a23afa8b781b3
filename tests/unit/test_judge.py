"""What a verdict says of a list whoever asks: the state, the 1 % line, watch-outs, pores, limits, medicines."""

from dataclasses import replace
from datetime import date

import pytest
from tests.unit.judge_labels import (
    ACID_SERUM,
    ACID_WASH,
    CLAY_MASK,
    GLYCOLIC_TONER,
    PLAIN_CREAM,
    RETINOL_CREAM,
    TODAY,
    codes,
    label,
    note,
    printed,
    rules,
    verdict,
)

from pellucid.knowledge.base import Knowledge
from pellucid.labels.judge import judge
from pellucid.labels.read import read_label
from pellucid.model.errors import UnknownIdError
from pellucid.model.label import Kind, Label, LabelState
from pellucid.model.plan import Named

TABLE = [
    (ACID_SERUM, "serum", "watch", "ingredient_note.acid_exfoliating", True),
    (ACID_SERUM, "serum", "pores", "ingredient_note.bha_plugs", True),
    (ACID_SERUM, "serum", "pregnancy", "pregnancy_rule.salicylic_acid", True),
    (ACID_SERUM, "serum", "watch", "ingredient_note.retinoid_start", False),
    (RETINOL_CREAM, "moisturiser", "watch", "ingredient_note.retinoid_start", True),
    (RETINOL_CREAM, "moisturiser", "pregnancy", "pregnancy_rule.retinoid_cosmetic", True),
    (RETINOL_CREAM, "shampoo", "watch", "ingredient_note.retinoid_start", False),
    (GLYCOLIC_TONER, "toner", "watch", "ingredient_note.aha_sun", True),
    (GLYCOLIC_TONER, "cleanser", "watch", "ingredient_note.aha_sun", False),
    (GLYCOLIC_TONER, "toner", "pregnancy", "pregnancy_rule.fruit_acids", True),
    ("Aqua, Alcohol Denat., Glycerin, Phenoxyethanol", "toner", "watch", "ingredient_note.drying_alcohol", True),
    ("Aqua, Glycerin, Phenoxyethanol, Alcohol Denat.", "toner", "watch", "ingredient_note.drying_alcohol", False),
    (PLAIN_CREAM, "moisturiser", "pregnancy", "pregnancy_rule.retinoid_cosmetic", False),
    (CLAY_MASK, "mask", "pores", "ingredient_note.clay_oil", True),
    ("Aqua, DMDM Hydantoin, Glycerin", "body_wash", "watch", "ingredient_note.formaldehyde_releaser", True),
    ("Aqua, Juglans Regia Shell Powder, Glycerin", "scrub", "watch", "ingredient_note.abrasive", True),
]


@pytest.mark.parametrize(("names", "kind", "section", "rule", "there"), TABLE)
def test_a_list_brings_the_notes_of_what_is_in_it(
    names: str, kind: str, section: str, rule: str, *, there: bool, knowledge: Knowledge
) -> None:
    found = verdict(names, knowledge, kind=kind)

    assert (rule in rules(found, section)) is there


def test_no_list_and_an_unreadable_one_are_different_answers(knowledge: Knowledge) -> None:
    nothing = judge(Label("Hello", state=LabelState.NO_LIST), knowledge=knowledge, today=TODAY)
    garbled = judge(Label("W@t#r, Gl$", state=LabelState.UNREADABLE), knowledge=knowledge, today=TODAY)

    assert [each.code for each in nothing.notes] == ["no_list"]
    assert [each.code for each in garbled.notes] == ["unreadable"]


def test_an_empty_text_is_judged_as_no_list(knowledge: Knowledge) -> None:
    assert codes(judge(read_label(""), knowledge=knowledge, today=TODAY)) == {"no_list"}


def test_names_that_nobody_knows_are_named_and_come_first(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Frobnicol, Glycerin, Zarquon Oil", knowledge)

    assert printed(note(found, "unknown_names")) == ("Frobnicol", "Zarquon Oil")
    assert found.notes[0].section == "reading"
    assert [mention.text for mention in found.unknown] == ["Frobnicol", "Zarquon Oil"]


def test_a_name_from_an_imported_inventory_is_not_judged_either(knowledge: Knowledge) -> None:
    listed = read_label("Aqua, Glycerin")
    imported = listed.ingredients[1]._replace(inci="GLYCERETH-99 IMAGINATE")
    found = judge(Label(listed.text, listed.parts, (listed.ingredients[0], imported)), knowledge=knowledge, today=TODAY)

    assert [mention.inci for mention in found.unknown] == ["GLYCERETH-99 IMAGINATE"]


def test_an_unknown_kind_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(UnknownIdError, match="cleanser"):
        verdict(PLAIN_CREAM, knowledge, kind="cleansre")


def test_inactive_ingredients_alone_say_that_the_active_ones_are_missing(knowledge: Knowledge) -> None:
    read = label("Water, Glycerin, Carbomer", knowledge)
    half = replace(read, parts=tuple(replace(part, kind=Kind.INACTIVE) for part in read.parts))

    found = judge(half, knowledge=knowledge, today=TODAY, kind="cleanser")

    assert "active_missing" in codes(found)
    assert (found.stands_for, found.layers, codes(found, "place")) == (None, (), set())
    assert "active_missing" not in codes(judge(read, knowledge=knowledge, today=TODAY))


# --- the 1 % line ---------------------------------------------------------------------------------------------


def test_the_line_stands_at_the_first_name_that_the_law_caps_at_one_percent(knowledge: Knowledge) -> None:
    found = verdict(ACID_SERUM, knowledge)

    assert [(line.position, line.marker.text, line.basis) for line in found.lines] == [(5, "Phenoxyethanol", "law")]
    assert note(found, "line_law").rule == "line_marker.phenoxyethanol"


def test_what_stands_after_the_line_is_low_and_what_stands_before_may_not_be(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Salicylic Acid, Phenoxyethanol, Lactic Acid", knowledge, kind="serum")
    (after,) = note(found, "watch", "ingredient_note.acid_exfoliating").about[1:]
    (before, _) = note(found, "watch", "ingredient_note.acid_exfoliating").about

    assert (before.text, before.low) == ("Salicylic Acid", False)
    assert (after.text, after.low) == ("Lactic Acid", True)


def test_a_printed_share_counts_more_than_the_place(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Phenoxyethanol, Lactic Acid 5 %", knowledge, kind="serum")

    assert note(found, "watch", "ingredient_note.acid_exfoliating").about[0].low is False


def test_what_is_usually_little_marks_the_line_only_further_down(knowledge: Knowledge) -> None:
    near = verdict("Aqua, Xanthan Gum, Glycerin", knowledge)
    far = verdict("Aqua, Glycerin, Squalane, Cetearyl Alcohol, Propanediol, Xanthan Gum", knowledge)

    assert not near.lines
    assert "line_none" in codes(near)
    assert [(line.position, line.basis) for line in far.lines] == [(6, "usual")]


def test_a_list_in_the_order_of_the_alphabet_shows_no_line(knowledge: Knowledge) -> None:
    names = "Allantoin, Carbomer, Glycerin, Lactic Acid, Phenoxyethanol, Water"

    assert not verdict(names, knowledge).lines


def test_without_a_line_everything_counts(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Glycerin, Alcohol Denat.", knowledge, kind="toner")

    assert "ingredient_note.drying_alcohol" in rules(found, "watch")


def test_an_acid_that_only_sets_the_acidity_is_no_exfoliant(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Glycerin, Phenoxyethanol, Citric Acid", knowledge, kind="moisturiser")

    assert not rules(found, "watch")
    assert not rules(found, "pregnancy")


# --- fragrance allergens ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 7, 30), "ahead"),
        (date(2026, 7, 31), "new_products"),
        (date(2028, 7, 30), "new_products"),
        (date(2028, 7, 31), "in_force"),
    ],
)
def test_the_allergens_of_2023_are_told_with_the_stage_of_the_day(
    today: date, stage: str, knowledge: Knowledge
) -> None:
    listed = read_label("Aqua, Parfum, Acetyl Cedrene, Linalool")
    found = judge(listed, knowledge=knowledge, today=today)

    assert printed(note(found, "allergens_recent")) == ("Acetyl Cedrene",)
    assert note(found, "allergens_recent").more[0].field == stage
    assert printed(note(found, "allergens")) == ("Linalool",)
    assert note(found, "allergens").more[0].field == "in_force"


# --- limits -----------------------------------------------------------------------------------------------------


def test_a_printed_share_above_a_limit_is_told_with_its_region(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Salicylic Acid 5 %, Glycerin", knowledge, kind="serum")
    over = note(found, "limit_over", "ingredient_limit.salicylic_acid_eu")

    assert dict(over.values)["high"] == 2.0
    assert dict(over.values)["percent"] == 5.0
    assert dict(over.values)["region"] == Named("region", "eu")


def test_no_limit_is_told_where_no_share_is_printed_or_it_is_kept(knowledge: Knowledge) -> None:
    assert not codes(verdict(ACID_SERUM, knowledge, kind="serum"), "limits")
    assert not codes(verdict("Aqua, Salicylic Acid 2 %, Glycerin", knowledge, kind="serum"), "limits")


def test_what_a_region_does_not_allow_is_told_whatever_the_share(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Hydroquinone, Glycerin", knowledge, kind="moisturiser")

    assert "ingredient_limit.hydroquinone_eu" in rules(found, "limits")


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2025, 10, 31), "limit_ahead"),
        (date(2025, 11, 1), "limit_over_new"),
        (date(2027, 4, 30), "limit_over_new"),
        (date(2027, 5, 1), "limit_over"),
    ],
)
def test_a_limit_with_dates_is_told_as_of_the_day(today: date, code: str, knowledge: Knowledge) -> None:
    found = judge(label("Aqua, Retinol 0.5 %", knowledge), knowledge=knowledge, today=today, kind="serum")

    assert note(found, code).rule == "ingredient_limit.retinol_eu"


def test_what_depends_on_the_kind_is_not_said_where_the_kind_is_unknown(knowledge: Knowledge) -> None:
    found = verdict("Methylisothiazolinone", knowledge)

    assert found.product.kind is None
    assert not codes(found, "limits")


# --- what it may do, clogging -----------------------------------------------------------------------------------


def test_a_product_without_anything_known_for_pores_says_so(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Glycerin, Phenoxyethanol", knowledge, kind="toner")

    assert codes(found, "pores") == {"pores_none"}


def test_every_claim_for_pores_has_its_strength_of_evidence(knowledge: Knowledge) -> None:
    found = verdict(ACID_SERUM, knowledge, kind="serum")
    claims = [each for each in found.notes if each.code == "pores_may"]

    assert claims
    assert all(each.strength for each in claims)


def test_a_share_below_what_studies_used_is_told(knowledge: Knowledge) -> None:
    less = verdict("Aqua, Niacinamide 0.5 %, Glycerin", knowledge, kind="serum")
    enough = verdict("Aqua, Niacinamide 4 %, Glycerin", knowledge, kind="serum")

    assert "strength_less" in codes(less)
    assert "strength_printed" in codes(enough)
    assert "strength_unprinted" in codes(verdict("Aqua, Niacinamide, Glycerin", knowledge, kind="serum"))


def test_ratings_come_with_their_grade_and_with_what_they_do_not_say(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Cocos Nucifera Oil, Cetearyl Alcohol, Phenoxyethanol", knowledge, kind="moisturiser")

    assert codes(found, "clogging") == {"clogging_tested", "clogging_listed", "clogging_statement"}
    assert dict(note(found, "clogging_tested").values)["grade"] == Named("comedogenicity_grade", "c")
    assert next(reversed(list(found.of("clogging")))).code == "clogging_statement"


def test_ratings_of_what_is_rinsed_off_are_not_told(knowledge: Knowledge) -> None:
    assert not codes(verdict("Aqua, Cocos Nucifera Oil, Glycerin", knowledge, kind="cleanser"), "clogging")


# --- medicines --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Tretinoin", "Adapalene", "Clindamycin Phosphate", "Hydrocortisone", "Hydroquinone"])
def test_a_prescription_medicine_is_a_matter_for_the_prescriber(name: str, knowledge: Knowledge) -> None:
    found = verdict(f"Aqua, {name}, Glycerin, Phenoxyethanol", knowledge, kind="moisturiser")

    assert printed(note(found, "medicine")) == (name,)
    assert name not in {mention.text for mention in found.unknown}
    assert not found.layers
    assert not [each for each in found.of("pregnancy") if each.code.endswith(("avoid", "limit"))]


def test_azelaic_acid_is_a_medicine_from_the_strength_of_medicines_on(knowledge: Knowledge) -> None:
    cosmetic = verdict("Aqua, Azelaic Acid 10 %, Glycerin", knowledge, kind="serum")
    medicine = verdict("Aqua, Azelaic Acid 15 %, Glycerin", knowledge, kind="serum")

    assert not codes(cosmetic, "medicine")
    assert codes(medicine, "medicine") == {"medicine_free"}


# --- pregnancy where nobody in particular asks ------------------------------------------------------------------


def test_a_wash_with_salicylic_acid_is_limited_and_what_stays_on_is_left_out(knowledge: Knowledge) -> None:
    assert codes(verdict(ACID_WASH, knowledge, kind="cleanser"), "pregnancy") == {"pregnancy_anyone_limit"}
    assert codes(verdict(ACID_SERUM, knowledge, kind="serum"), "pregnancy") == {"pregnancy_anyone_avoid"}


def test_where_it_is_not_known_whether_it_is_rinsed_off_the_stricter_word_counts(knowledge: Knowledge) -> None:
    found = verdict("Salicylic Acid, Glycerin", knowledge)

    assert found.product.rinse_off is None
    assert "rinse_unknown" in codes(found)
    assert codes(found, "pregnancy") == {"pregnancy_anyone_avoid"}


# --- place ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "kind", "first", "product"),
    [
        (ACID_SERUM, "serum", "pm_active", "product.bha_leave_on"),
        (GLYCOLIC_TONER, "toner", "pm_active", "product.aha_leave_on"),
        (RETINOL_CREAM, "moisturiser", "pm_active", "product.retinoid_cosmetic"),
        (ACID_WASH, "cleanser", "pm_cleanse", "product.salicylic_wash"),
        (CLAY_MASK, "mask", "dc_mask", "product.clay_mask"),
        ("Aqua, Gluconolactone, Glycerin", "toner", "pm_active", "product.aha_leave_on"),
        ("Aqua, Zinc Oxide, Glycerin", "sunscreen", "am_sunscreen", "product.sunscreen"),
        ("Aqua, Niacinamide, Glycerin", "serum", "am_serum", "product.niacinamide_serum"),
        ("Aqua, Kaolin, Glycerin", "moisturiser", "am_moisturiser", "product.light_moisturiser"),
    ],
)
def test_a_product_goes_where_its_strongest_active_or_its_kind_puts_it(
    names: str, kind: str, first: str, product: str, knowledge: Knowledge
) -> None:
    found = verdict(names, knowledge, kind=kind)

    assert (found.layers[0], found.stands_for) == (first, product)


def test_a_shampoo_has_no_place_in_care_of_the_face(knowledge: Knowledge) -> None:
    found = verdict(ACID_WASH, knowledge, kind="shampoo")

    assert (found.layers, codes(found, "place")) == ((), {"place_none"})
