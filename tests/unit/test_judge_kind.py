"""The kind of product: from the words around the list, from what is in it, or given."""

import pytest
from tests.unit.judge_labels import ACID_SERUM, ACID_WASH, CLAY_MASK, PLAIN_CREAM, verdict

from pellucid.knowledge.base import Knowledge

BY_WORDS = [
    ("Gentle Face Wash", "cleanser", True),
    ("Calming Toner", "toner", False),
    ("Night Cream for dry skin", "moisturiser", False),
    ("Daily Sunscreen SPF 50", "sunscreen", False),
    ("Purifying Clay Mask", "mask", True),
    ("Apricot Face Scrub", "scrub", True),
    ("Volumising Shampoo", "shampoo", True),
    ("Roll-on Deodorant", "deodorant", False),
    ("保濕化妝水", "toner", False),
    ("溫和洗面乳", "cleanser", True),
    ("Gesichtscreme", "moisturiser", False),
]

BY_CONTENT = [
    (ACID_WASH, "cleanser"),
    (CLAY_MASK, "mask"),
    ("Aqua, Juglans Regia Shell Powder, Glycerin, Cetearyl Alcohol", "scrub"),
    ("Aqua, Octocrylene, Homosalate, Glycerin, Cetearyl Alcohol", "sunscreen"),
    ("Aqua, Dimethicone, Mica, CI 77491, CI 77492, CI 77499", "makeup"),
    ("Aqua, Glycerin, Caprylic/Capric Triglyceride, Cetearyl Alcohol, Squalane", "moisturiser"),
    ("Aqua, Behentrimonium Chloride, Cetearyl Alcohol", "hair_conditioner"),
    ("Sodium Palmate, Sodium Cocoate, Aqua, Glycerin", "soap"),
    ("Simmondsia Chinensis Seed Oil, Rosa Canina Fruit Oil, Tocopherol", "oil"),
]


@pytest.mark.parametrize(("title", "kind", "rinse_off"), BY_WORDS)
def test_a_word_before_the_list_tells_the_kind(title: str, kind: str, *, rinse_off: bool, knowledge: Knowledge) -> None:
    guess = verdict("Aqua, Glycerin", knowledge, title=title).product

    assert (guess.kind, guess.rinse_off, guess.given) == (kind, rinse_off, False)
    assert guess.because[0][0] == "words"


@pytest.mark.parametrize(("names", "kind"), BY_CONTENT)
def test_without_words_what_is_in_it_tells_the_kind(names: str, kind: str, knowledge: Knowledge) -> None:
    guess = verdict(names, knowledge).product

    assert guess.kind == kind
    assert all(sign == "cue" for sign, _ in guess.because)
    assert 0 < guess.confidence < 1


def test_a_word_and_the_content_together_are_surer_than_one_of_them(knowledge: Knowledge) -> None:
    both = verdict(ACID_WASH, knowledge, title="Face wash").product
    word = verdict("Aqua, Frobnicol", knowledge, title="Face wash").product
    content = verdict(ACID_WASH, knowledge).product

    assert both.confidence > max(word.confidence, content.confidence)


def test_a_longer_word_wins_over_the_shorter_one_in_it(knowledge: Knowledge) -> None:
    assert verdict("Aqua, Glycerin", knowledge, title="Cleansing Oil").product.kind == "cleansing_oil"
    assert verdict("Aqua, Glycerin", knowledge, title="Sheet mask").product.kind == "sheet_mask"


def test_a_word_inside_another_word_does_not_count(knowledge: Knowledge) -> None:
    assert verdict("Frobnicol", knowledge, title="Creamery and masked serums").product.kind is None


def test_nothing_to_go_by_is_no_kind_and_says_so(knowledge: Knowledge) -> None:
    found = verdict("Frobnicol, Zarquon", knowledge)

    assert found.product.kind is None
    assert (found.product.confidence, found.product.rinse_off, found.layers) == (0, None, ())
    assert "place_unknown" in {each.code for each in found.notes}


def test_signs_that_disagree_leave_it_open_whether_it_is_rinsed_off(knowledge: Knowledge) -> None:
    found = verdict("Aqua, Sodium Laureth Sulfate, Cocamidopropyl Betaine, Glycerin", knowledge, title="Night Cream")

    assert found.product.rinse_off is None


def test_a_kind_that_is_given_wins(knowledge: Knowledge) -> None:
    guess = verdict(ACID_WASH, knowledge, title="Face wash", kind="toner").product

    assert (guess.kind, guess.confidence, guess.given, guess.rinse_off) == ("toner", 1, True, False)


def test_words_far_from_the_list_count_for_nothing(knowledge: Knowledge) -> None:
    filler = "x" * 200 + " shampoo " + "y " * 1500
    near = verdict(PLAIN_CREAM, knowledge, title="Face cream" + " " + filler).product

    assert near.kind == "moisturiser"
    assert verdict(ACID_SERUM, knowledge, title=filler).product.kind != "shampoo"
