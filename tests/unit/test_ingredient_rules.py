"""What rules about ingredients make of a list: a person's own allergies, limits as they are reckoned, medicines."""

import re
from dataclasses import replace
from typing import Any

import pytest
from tests.sample_plan import sample_profile
from tests.unit.judge_labels import TODAY, codes, label, note, printed, verdict

from pellucid.exchange.verdict_words import VerdictWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.ingredients import IngredientLimit, IngredientNote, words_in
from pellucid.knowledge.schema.labels import LabelMedicine
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.texts import LANGUAGES
from pellucid.labels.judge import judge
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, Tone, Verdict


def allergic(names: str, knowledge: Knowledge, *allergies: str, **asked: Any) -> Verdict:
    """The verdict for someone with these allergies."""
    profile = sample_profile(knowledge, **{"health.allergies": list(allergies)})
    return verdict(names, knowledge, kind="serum", profile=profile, **asked)


# --- allergies --------------------------------------------------------------------------------------------------

COVERED = {
    "daisy_family": (
        "Calendula Officinalis Flower Oil",
        "Chamomilla Recutita Flower/Leaf Extract",
        "Arnica Montana Extract",
        "Tanacetum Parthenium Extract",
        "Chrysanthemum Indicum Flower Extract",
        "Echinacea Angustifolia Extract",
        "Silybum Marianum Seed Oil",
        "Helianthus Annuus Seed Oil",
        "Calendula Arvensis Juice",
        "Lactuca Scariola Sativa Leaf Extract",
    ),
    "aspirin_or_salicylate": (
        "Gaultheria Procumbens Leaf Oil",
        "Betula Lenta Bark Oil",
        "Spiraea Ulmaria Flower Extract",
        "Benzyl Salicylate",
        "Amyl Salicylate",
        "Hexyl Salicylate",
        "Butyloctyl Salicylate",
        "Tridecyl Salicylate",
        "TEA-Salicylate",
        "Salicylic Acid",
        "Capryloyl Salicylic Acid",
        "Homosalate",
        "Trolamine Salicylate",
    ),
    "shellfish": ("Chitosan PCA", "Hydroxypropyl Chitosan", "Chitosan Succinamide", "Chitin", "Acetyl Glucosamine"),
    "gold": ("Gold", "Colloidal Gold", "CI 77480"),
    "tea_tree": ("Melaleuca Alternifolia Leaf Water", "Melaleuca Alternifolia Leaf Oil"),
    "anaesthetic": ("Lidocaine", "Benzocaine", "Tetracaine", "Prilocaine", "Pramoxine HCl"),
    "latex": ("Hevea Brasiliensis Latex", "Natural Rubber Latex"),
    "adhesive": ("Colophonium", "Glyceryl Rosinate", "Pentaerythrityl Hydrogenated Rosinate"),
    "plants": (
        "Olea Europaea Fruit Oil",
        "Camellia Sinensis Leaf Extract",
        "Butyrospermum Parkii Butter",
        "Aloe Barbadensis Leaf Juice",
    ),
    "fragrance": ("Parfum", "Lavandula Angustifolia Oil"),
    "other_cosmetic": ("Phenoxyethanol", "Parfum"),
}


@pytest.mark.parametrize(("allergy", "name"), [(each, name) for each, names in COVERED.items() for name in names])
def test_whatever_a_known_allergy_is_about_is_named_as_one_to_leave_out(
    allergy: str, name: str, knowledge: Knowledge
) -> None:
    found = allergic(f"Aqua, {name}, Glycerin", knowledge, allergy)
    own = [each for each in found.notes if each.code == "allergy_own"]

    assert [(each.tone, each.section) for each in own] == [(Tone.AVOID, "allergy")]
    assert printed(own[0]) == (name,)


@pytest.mark.parametrize(
    ("allergy", "name"),
    [
        ("aspirin_or_salicylate", "Sargassum Filipendula Extract"),
        ("aspirin_or_salicylate", "Betula Alba Juice"),
        ("shellfish", "Malachite Extract"),
        ("tea_tree", "Melaleuca Leucadendron Cajaput Oil"),
        ("daisy_family", "Bisabolol"),
        ("daisy_family", "Ulva Lactuca Extract"),
        ("gold", "CI 77820"),
        ("adhesive", "Acrylates Copolymer"),
    ],
)
def test_a_name_that_only_looks_like_it_is_not(allergy: str, name: str, knowledge: Knowledge) -> None:
    assert "allergy_own" not in codes(allergic(f"Aqua, {name}, Glycerin", knowledge, allergy))


def test_no_name_of_a_genus_in_the_tables_is_missed(knowledge: Knowledge) -> None:
    names = knowledge.ingredients.names
    for record in knowledge.of(IngredientNote).values():
        single = {word for word in record.words if " " not in word}
        holding = {name for name in names if single.intersection(words_in(name))}
        assert {name for name in holding if not record.concerns(name, ())} == set(), record.id
    daisies = knowledge.get(IngredientNote, "daisy_family_allergy")
    assert sum(daisies.concerns(name, ()) for name in names) > 100


def test_every_allergy_that_is_asked_for_has_an_answer(knowledge: Knowledge) -> None:
    for allergy in knowledge.get(Question, "health.allergies").options:
        names = ", ".join(("Aqua", *COVERED.get(allergy, ())))
        assert {"allergy_own", "allergy_unseen"} & codes(allergic(names, knowledge, allergy)), allergy


@pytest.mark.parametrize(
    ("allergy", "told"),
    [("nickel_or_steel", True), ("other_cosmetic", True), ("adhesive", True), ("gold", False), ("daisy_family", False)],
)
def test_an_allergy_that_no_list_shows_is_said_to_be_one(allergy: str, told: bool, knowledge: Knowledge) -> None:
    found = [each for each in allergic("Aqua, Glycerin", knowledge, allergy).notes if each.code == "allergy_unseen"]

    assert [dict(each.values)["allergies"] for each in found] == (
        [(Named("name", f"health.allergies.{allergy}"),)] if told else []
    )


def test_nobody_is_told_of_an_allergy_they_do_not_have(knowledge: Knowledge) -> None:
    assert "allergy_unseen" not in codes(allergic("Aqua, Glycerin", knowledge))
    assert "allergy_unseen" not in codes(verdict("Aqua, Glycerin", knowledge, kind="serum"))


# --- limits -----------------------------------------------------------------------------------------------------

MASSES = {
    "C": 12.011, "H": 1.008, "O": 15.999, "N": 14.007, "S": 32.06, "Na": 22.990, "K": 39.098, "Ca": 40.078,
    "Mg": 24.305, "Zn": 65.38,
}  # fmt: skip


def mass(formula: str) -> float:
    return sum(MASSES[atom] * int(count or 1) for atom, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula))


@pytest.mark.parametrize(
    ("limit", "inci", "formula", "of", "times"),
    [
        ("retinol_eu", "RETINYL PALMITATE", "C36H60O2", "C20H30O", 1),
        ("retinol_eu", "RETINYL ACETATE", "C22H32O2", "C20H30O", 1),
        ("salicylic_acid_eu", "SODIUM SALICYLATE", "C7H5NaO3", "C7H6O3", 1),
        ("salicylic_acid_eu", "MAGNESIUM SALICYLATE", "C14H10MgO6", "C7H6O3", 2),
        ("salicylic_acid_eu", "TEA-SALICYLATE", "C13H21NO6", "C7H6O3", 1),
        ("paraben_methyl_ethyl_eu", "METHYLPARABEN", "C8H8O3", "C7H6O3", 1),
        ("paraben_propyl_butyl_eu", "SODIUM BUTYLPARABEN", "C11H13NaO3", "C7H6O3", 1),
        ("hydrogen_peroxide_eu", "UREA PEROXIDE", "CH6N2O3", "H2O2", 1),
        ("benzophenone_4_5_eu", "BENZOPHENONE-5", "C14H11NaO6S", "C14H12O6S", 1),
    ],
)
def test_a_share_is_reckoned_by_molar_mass(
    limit: str, inci: str, formula: str, of: str, times: int, knowledge: Knowledge
) -> None:
    reckoned = knowledge.get(IngredientLimit, limit).reckoned(inci, 100)

    assert reckoned == pytest.approx(100 * times * mass(of) / mass(formula), abs=0.1)


def test_without_a_factor_no_share_is_judged(knowledge: Knowledge) -> None:
    assert knowledge.get(IngredientLimit, "thioglycolic_acid_eu").reckoned("CALCIUM THIOGLYCOLATE", 5) is None
    for limit in knowledge.of(IngredientLimit).values():
        named = {each.ingredient for each in limit.factors}
        assert named <= set(limit.ingredients), limit.id
        assert bool(limit.reckoned_as) == bool(limit.factors), limit.id


@pytest.mark.parametrize(
    ("names", "over", "amount"),
    [
        ("Aqua, Retinyl Palmitate 0.5 %", False, None),
        ("Aqua, Retinyl Palmitate 0.6 %", True, 0.328),
        ("Aqua, Retinol 0.2 %, Retinyl Palmitate 0.3 %", True, 0.364),
        ("Aqua, Retinol 0.2 %, Retinyl Palmitate 0.1 %", False, None),
        ("Aqua, Retinol 0.2 %, Retinyl Palmitate", False, None),
    ],
)
def test_vitamin_a_is_counted_together_and_as_retinol(
    names: str, over: bool, amount: float | None, knowledge: Knowledge
) -> None:
    found = [each for each in verdict(names, knowledge, kind="serum").notes if each.code == "limit_over_new"]

    assert [dict(each.values)["amount"] for each in found] == ([amount] if over else [])
    assert all("limit_wording.reckoned" in {text.ref for text in each.more} for each in found)


def test_acids_that_a_panel_counts_together_are(knowledge: Knowledge) -> None:
    rule = "ingredient_limit.glycolic_lactic_acid_panel"
    both = verdict("Aqua, Glycolic Acid 6 %, Lactic Acid 6 %", knowledge, kind="serum")
    told = note(both, "limit_advised", rule)

    assert dict(told.values)["percent"] == 12.0
    assert printed(told) == ("Glycolic Acid", "Lactic Acid")
    assert rule not in {each.rule for each in verdict("Aqua, Glycolic Acid 6 %", knowledge, kind="serum").notes}


def test_shares_of_two_products_are_not_added_up(knowledge: Knowledge) -> None:
    read = label("Aqua, Glycolic Acid 6 %, Aqua, Lactic Acid 6 %", knowledge)
    (part,) = read.parts
    middle = read.ingredients[2].start
    parts = (replace(part, end=middle), replace(part, start=middle, product=1))
    found = judge(replace(read, parts=parts), knowledge=knowledge, today=TODAY, kind="serum")

    assert "ingredient_limit.glycolic_lactic_acid_panel" not in {each.rule for each in found.notes}


@pytest.mark.parametrize(
    ("names", "kind", "limit"),
    [
        ("Aqua, Melaleuca Alternifolia Leaf Oil 5 %", "moisturiser", "tea_tree_oil_committee"),
        ("Aqua, Glycolic Acid 20 %", "serum", "glycolic_lactic_acid_panel"),
    ],
)
def test_advice_is_never_called_a_rule_of_the_region(names: str, kind: str, limit: str, knowledge: Knowledge) -> None:
    found = [each for each in verdict(names, knowledge, kind=kind).notes if each.rule == f"ingredient_limit.{limit}"]

    assert {each.code for each in found} == {"limit_advised"}
    assert not knowledge.get(IngredientLimit, limit).binding
    assert all("law" in " ".join(said(each, knowledge, "en")) for each in found)


def said(one: Note, knowledge: Knowledge, language: str) -> tuple[str, ...]:
    return VerdictWords(knowledge, knowledge.texts(language)).note(one)


def test_what_a_limit_says_beside_its_number_is_told(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Salicylic Acid 5 %", knowledge, kind="serum")
    words = said(note(found, "limit_over", "ingredient_limit.salicylic_acid_eu"), knowledge, "en")

    assert "Not for children under three, nor where it could be breathed in." in words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "At most 0.3 % in any other product than body lotion."), ("zh_hant", "身體乳以外的其他產品：最多0.3%。")],
)
def test_a_limit_for_the_rest_names_what_it_is_not_for(language: str, words: str, knowledge: Knowledge) -> None:
    told = note(verdict("Aqua, Retinol 0.5 %", knowledge, kind="serum"), "limit_over_new")

    assert words in said(told, knowledge, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Kojic Acid", "body_lotion"),
        ("Triclosan", "serum"),
        ("Resorcinol", "serum"),
        ("Benzoyl Peroxide", "serum"),
        ("Hydroquinone", "serum"),
        ("Homosalate", "body_lotion"),
    ],
)
def test_nothing_that_some_products_may_hold_is_said_to_be_allowed_in_none(
    name: str, kind: str, language: str, knowledge: Knowledge
) -> None:
    texts = knowledge.texts(language)
    rule = f"ingredient_limit.{name.lower().replace(' ', '_')}_eu"
    words = " ".join(
        said(note(verdict(f"Aqua, {name}", knowledge, kind=kind), "limit_prohibited", rule), knowledge, language)
    )

    assert texts.get("product_scope.any_other", "name") in words
    assert texts.get("product_scope.any", "name") not in words
    allowed = [bound for bound in knowledge.get(IngredientLimit, rule.partition(".")[2]).bounds if not bound.prohibited]
    for scope in (scope for bound in allowed for scope in bound.scopes):
        assert texts.get(f"product_scope.{scope}", "name") in words


def test_a_share_is_not_over_where_the_kind_that_may_hold_it_is_possible(knowledge: Knowledge) -> None:
    maybe_for_hair = verdict("Hydrogen Peroxide 6 %", knowledge)

    assert maybe_for_hair.product.kind is None
    assert not codes(maybe_for_hair, "limits")
    assert codes(verdict("Hydrogen Peroxide 13 %", knowledge), "limits") == {"limit_over"}
    assert codes(verdict("Hydrogen Peroxide 6 %", knowledge, kind="serum"), "limits") == {"limit_over"}


def test_salts_of_parabens_are_prohibited_as_they_are_and_unread_law_says_so(knowledge: Knowledge) -> None:
    told = note(verdict("Aqua, Sodium Isobutylparaben", knowledge, kind="serum"), "limit_prohibited")

    assert not told.verified


# --- pregnancy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code"),
    [("cleanser", "pregnancy_known_limit"), ("mask", "pregnancy_known_avoid"), ("serum", "pregnancy_known_avoid")],
)
def test_salicylic_acid_is_for_a_face_wash_at_most(kind: str, code: str, knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge, **{"health.pregnancy": "pregnant"})
    found = verdict("Aqua, Kaolin, Salicylic Acid", knowledge, kind=kind, profile=profile)

    assert "pregnancy_rule.salicylic_acid" in {each.rule for each in found.notes if each.code == code}


def test_a_peel_that_is_rinsed_off_is_left_out(knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge, **{"health.pregnancy": "pregnant"})
    title = "Peeling solution. Rinse off after ten minutes"
    found = verdict("Aqua, Salicylic Acid 2 %", knowledge, kind="peel", title=title, profile=profile)

    assert note(found, "pregnancy_known_avoid").rule == "pregnancy_rule.salicylic_acid"


def test_breastfeeding_counts_where_pregnancy_was_said_not_to_apply(knowledge: Knowledge) -> None:
    answers = {"health.pregnancy": "not_applicable", "health.breastfeeding": True}
    found = verdict("Aqua, Retinol, Glycerin", knowledge, kind="serum", profile=sample_profile(knowledge, **answers))
    told = note(found, "pregnancy_known_avoid")

    assert dict(told.values)["stages"] == (Named("name", "health.breastfeeding"),)


# --- medicines --------------------------------------------------------------------------------------------------

SUBSTANCE = re.compile(
    r"\b[a-z]*(?:retinoin|arotene|palene|mycin|acin|cycline|idazole|quinone|sone|solone|nolone|onide|betasol|ciclovir)\b"
)
"""Endings of the common names of substances for skin."""
NOT_ON_LABELS = {"aknemycin", "benzamycin", "dalacin", "diprosone", "stiemycin", "famciclovir", "valaciclovir"}
"""Brands with such an ending, whose labels print the substance, and what there is as tablets only."""
ON_SKIN = {"medicine.antiviral", "medicine.hydroquinone", "medicine.benzoyl_peroxide"}
"""Medicines for skin that no route or group marks as such."""


def on_skin(knowledge: Knowledge) -> list[Exposure]:
    exposures = knowledge.of(Exposure).values()
    return [
        each
        for each in exposures
        if "topical" in each.routes or "retinoid_topical" in each.groups or each.id in ON_SKIN
    ]


def test_every_medicine_for_skin_is_seen_on_a_label(knowledge: Knowledge) -> None:
    names = {found for each in on_skin(knowledge) for name in each.names for found in SUBSTANCE.findall(name)}
    listed = {name for record in knowledge.of(LabelMedicine).values() for name in record.ingredients}
    assert len(names) > 25
    assert sorted(name for name in names - NOT_ON_LABELS if name.upper() not in listed) == []
    told = {
        name for record in knowledge.of(LabelMedicine).values() for name in (*record.exposures, *record.prescribed_as)
    }
    assert [each.id for each in on_skin(knowledge) if each.id not in told] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Dapsone", "medicine"),
        ("Clascoterone", "medicine"),
        ("Ivermectin", "medicine"),
        ("Minocycline Hydrochloride", "medicine"),
        ("Tacrolimus", "medicine"),
        ("Pimecrolimus", "medicine"),
        ("Sodium Sulfacetamide", "medicine"),
        ("Desonide", "medicine"),
        ("Hydrocortisone Butyrate", "medicine"),
        ("Imiquimod", "medicine"),
        ("Fluorouracil", "medicine"),
        ("Calcipotriol", "medicine"),
        ("Minoxidil", "medicine_free"),
        ("Clotrimazole", "medicine_free"),
        ("Ketoconazole", "medicine_free"),
        ("Lidocaine", "medicine_free"),
    ],
)
def test_a_medicine_for_skin_is_told_as_one(name: str, code: str, knowledge: Knowledge) -> None:
    found = verdict(f"Aqua, {name}, Glycerin", knowledge, kind="moisturiser")

    assert printed(note(found, code)) == (name,)
    assert name not in {mention.text for mention in found.unknown}


def test_a_salt_that_is_known_by_name_is_the_medicine_too(knowledge: Knowledge) -> None:
    medicines = {name for record in knowledge.of(LabelMedicine).values() for name in record.ingredients}
    single = {name for name in medicines if " " not in name}
    salts = {name for name in knowledge.ingredients.names if name.split()[0] in single}
    assert salts - medicines == set()
    assert len(salts) > 3


def test_a_medicine_that_no_dated_fact_is_about_is_nobodys_own(knowledge: Knowledge) -> None:
    medicine = {"name": "somethingelse", "prescribed": True, "start": "2026-01-01"}
    profile = sample_profile(knowledge, **{"health.medicines": [medicine]})
    found = verdict("Aqua, Dapsone, Glycerin", knowledge, kind="moisturiser", profile=profile)

    assert "medicine_yours" not in codes(found)
