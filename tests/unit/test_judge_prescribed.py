"""What a verdict says of a prescribed product: never to leave it out, always to ask, also where the list is not all."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.sample_plan import sample_plan, sample_profile
from tests.unit.judge_labels import TODAY, codes, label, note, printed, verdict

from pellucid.exchange.verdict_words import VerdictWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import LANGUAGES
from pellucid.labels.judge import judge
from pellucid.labels.read import read_label
from pellucid.model.label import Kind, LabelState
from pellucid.model.profile import Profile
from pellucid.model.verdict import Tone, Verdict

GEL = "Tretinoin 0.05 %, Alcohol Denat., Hydroxypropyl Cellulose, Salicylic Acid, Parfum, Linalool"
OUTSIDE = "Tretinoin 0.05 % cream. Ingredients: Aqua, Stearic Acid, Isopropyl Myristate, Xanthan Gum, Sorbic Acid"
PLAIN = "Ingredients: Aqua, Stearic Acid, Isopropyl Myristate, Xanthan Gum, Sorbic Acid"
OWN = {"name": "tretinoin", "route": "topical", "start": date(2026, 6, 1), "prescribed": True}
ADVICE = ("leave this product out", "leave it out", "choose one without", "Begin with one", "keep this product limited")


def someone(knowledge: Knowledge, **answers: Any) -> Profile:
    return sample_profile(knowledge, **{path.replace("__", "."): value for path, value in answers.items()})


def said(found: Verdict, knowledge: Knowledge) -> str:
    words = VerdictWords(knowledge, knowledge.texts("en"))
    return " ".join(line for each in found.notes for line in words.note(each))


@pytest.mark.parametrize(
    "answers",
    [
        {"health__allergies": ["fragrance", "aspirin_or_salicylate"]},
        {"health__allergies": "?"},
        {"health__pregnancy": "pregnant"},
        {"health__pregnancy": "?"},
        {"health__medicines": [OWN]},
        {"products__actives": [{"name": "glycolic toner", "form": "leave_on"}]},
        {"skin__reacts_to": ["new_products", "fragrance", "wind_or_cold"]},
    ],
    ids=range(7),
)
def test_nobody_is_told_to_leave_a_prescribed_product_out_nor_how_to_begin_it(
    answers: dict[str, Any], knowledge: Knowledge
) -> None:
    profile = someone(knowledge, **answers)
    found = verdict(GEL, knowledge, profile=profile, plan=sample_plan(profile, knowledge))

    assert not [each.code for each in found.notes if each.tone is Tone.AVOID]
    assert not [words for words in ADVICE if words in said(found, knowledge)]


def test_an_allergy_sends_to_the_prescriber_and_to_nothing_else(knowledge: Knowledge) -> None:
    found = verdict(GEL, knowledge, profile=someone(knowledge, health__allergies=["fragrance"]))
    told = [each for each in found.of("allergy") if "Parfum" in printed(each)]

    assert [(each.code, each.tone, each.more) for each in told] == [("allergy_prescribed", Tone.ASK, ())]


def test_in_pregnancy_only_the_words_about_the_medicine_itself_follow(knowledge: Knowledge) -> None:
    found = verdict(GEL, knowledge, profile=someone(knowledge, health__pregnancy="pregnant"))
    more = {printed(each): [text.field for text in each.more] for each in found.of("pregnancy")}

    assert more == {("Tretinoin",): ["note"], ("Salicylic Acid",): []}
    assert codes(found, "pregnancy") == {"pregnancy_known_prescriber"}


def test_what_else_is_in_it_is_named_and_the_medicine_is_not_watched(knowledge: Knowledge) -> None:
    found = verdict(GEL, knowledge)
    watched = [each for each in found.of("watch") if not each.code.startswith("allergens")]

    assert {each.code for each in watched} == {"watch_prescribed"}
    assert "Alcohol Denat." in {name for each in watched for name in printed(each)}
    assert "Tretinoin" not in {name for each in watched for name in printed(each)}


def test_pairs_of_the_clients_own_medicine_ask_in_place_of_ruling_out(knowledge: Knowledge) -> None:
    toner = {"name": "glycolic toner", "form": "leave_on"}
    profile = someone(knowledge, health__medicines=[OWN], products__actives=[toner])
    plan = sample_plan(profile, knowledge)
    found = verdict("Aqua, Tretinoin, Glycerin", knowledge, profile=profile, plan=plan)
    pairs = [each for each in found.of("routine") if each.rule.startswith("pair.")]

    assert {each.code for each in pairs} >= {"pair_own_prescribed", "pair_deep_clean_prescribed"}
    assert {each.tone for each in pairs} == {Tone.ASK}


def test_waxing_beside_a_prescribed_retinoid_asks(knowledge: Knowledge) -> None:
    waxing = {"kind": "wax", "date": TODAY + timedelta(days=10)}
    found = verdict("Aqua, Tretinoin, Glycerin", knowledge, profile=someone(knowledge, history__hair_removal=[waxing]))

    assert note(found, "pair_dated_prescribed").tone is Tone.ASK


# --- a medicine that only the words beside the list name --------------------------------------------------------


def test_a_medicine_in_the_title_is_a_medicine(knowledge: Knowledge) -> None:
    found = judge(read_label(OUTSIDE), knowledge=knowledge, today=TODAY)

    assert {"medicine_outside", "medicine", "pregnancy_unlisted"} <= codes(found)
    assert dict(note(found, "medicine").values)["what"] == ("Tretinoin",)
    assert note(found, "pregnancy_unlisted").tone is Tone.ASK
    assert (found.layers, found.stands_for) == ((), None)


def test_it_counts_as_that_medicine(knowledge: Knowledge) -> None:
    toner = {"name": "glycolic toner", "form": "leave_on"}
    profile = someone(knowledge, health__medicines=[OWN], products__actives=[toner])
    plan = sample_plan(profile, knowledge)
    found = judge(read_label(OUTSIDE), knowledge=knowledge, today=TODAY, profile=profile, plan=plan)
    asked = [each for each in found.notes if each.code == "session_prescribed"]

    assert dict(note(found, "medicine_yours").values)["yours"] == ("tretinoin",)
    assert asked
    assert {dict(each.values)["what"] for each in asked} == {("Tretinoin",)}
    assert dict(note(found, "pair_own_prescribed").values)["what"] == ("Tretinoin",)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        (OUTSIDE, True),
        (f"Pharmacy notes. {PLAIN}. Each gram holds tretinoin 0.5 mg (0.05 %).", False),
        (f"Night gel. {PLAIN}. Holds 0.05 % tretinoin.", True),
        (f"Hydroquinone-free cream. {PLAIN}", False),
        (f"An alternative to tretinoin. {PLAIN}", False),
        (f"Cream without hydrocortisone. {PLAIN}", False),
        (f"{PLAIN}. {'Plain words. ' * 20} Ask about tretinoin before you use it.", False),
        (f"Azelaic acid 10 % cream. {PLAIN}", False),
        (f"Azelaic acid 20 % cream. {PLAIN}", True),
        ("Tretinoin cream. Ingredients: Aqua, Tretinoin, Glycerin, Stearic Acid, Xanthan Gum", False),
    ],
)
def test_only_what_the_text_says_is_in_it_counts(text: str, *, there: bool, knowledge: Knowledge) -> None:
    assert ("medicine_outside" in codes(judge(read_label(text), knowledge=knowledge, today=TODAY))) is there


def test_inactive_ingredients_alone_are_a_medicine_that_nobody_can_see(knowledge: Knowledge) -> None:
    read = label("Water, Glycerin, Alcohol Denat., Carbomer", knowledge)
    half = replace(read, parts=tuple(replace(part, kind=Kind.INACTIVE) for part in read.parts))
    anyone = judge(half, knowledge=knowledge, today=TODAY)
    pregnant = someone(knowledge, health__pregnancy="pregnant")
    unsaid, no = someone(knowledge, health__pregnancy="?"), someone(knowledge, health__pregnancy="no")
    open_to, hers, theirs = (judge(half, knowledge=knowledge, today=TODAY, profile=p) for p in (unsaid, pregnant, no))

    assert {"active_missing", "medicine_unlisted", "pregnancy_unlisted", "watch_prescribed"} <= codes(anyone)
    assert note(open_to, "pregnancy_unlisted").asks == ("health.pregnancy",)
    assert not note(hers, "pregnancy_unlisted").unknown
    assert "pregnancy_unlisted" not in codes(theirs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_on_a_medicine_without_an_ingredient_can_be_said(language: str, knowledge: Knowledge) -> None:
    profile = someone(knowledge, health__medicines=[OWN])
    plan = sample_plan(profile, knowledge)
    found = judge(read_label(OUTSIDE), knowledge=knowledge, today=TODAY, profile=profile, plan=plan)
    words = VerdictWords(knowledge, knowledge.texts(language))

    assert "{" not in "".join(line for each in found.notes for line in words.note(each))
    assert all("Tretinoin" in words.note(each)[0] for each in found.notes if each.code == "session_prescribed")


def test_a_medicine_is_told_even_where_the_rest_of_a_list_cannot_be_read(knowledge: Knowledge) -> None:
    unreadable = read_label("Ingredients: Aqua, Clobetasol Propionate, Xqzt Brwn, Plmk Dfgh, Vbnt Rtzu, Wqsd Hjkl")
    found = judge(unreadable, knowledge=knowledge, today=TODAY)
    assert found.state is LabelState.UNREADABLE
    assert {each.code for each in found.notes} == {"unreadable", "medicine"}
