"""What the checker finds, in words: names in both languages, the numbers, and at the end the rule with its sources."""

import re
from typing import Any, get_args

import pytest
from tests.sample_plan import FACIAL
from tests.unit.plan_broken_home import MUTATIONS
from tests.unit.plan_mutations import Mutation, acid, at, both, found, moved, oily, put, valid_plan
from tests.unit.plan_people import PEOPLE, Person, only_retinoid

from pellucid.booking.availability import Refusal
from pellucid.exchange.violations import AS_WRITTEN, ViolationWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Layer, Product
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import Named, Violation, detail

each_language = pytest.mark.parametrize("language", LANGUAGES)
ENGLISH = re.compile(r"\b(at most|should be|until|days|least|after|before|missing|wrong)\b")


def words_in(knowledge: Knowledge, language: str) -> ViolationWords:
    return ViolationWords(valid_plan(oily(knowledge), knowledge), knowledge, knowledge.texts(language))


def sentence(violation: Violation, knowledge: Knowledge, language: str = "en") -> str:
    return words_in(knowledge, language).sentence(violation)


@each_language
@pytest.mark.parametrize("broken", [*MUTATIONS, *PEOPLE], ids=lambda each: each.name)
def test_every_violation_reads_without_ids_before_its_rule(
    broken: Mutation | Person, language: str, knowledge: Knowledge
) -> None:
    answers = broken.answers if isinstance(broken, Person) else {}
    ids = {each.id for kind in (Product, Layer) for each in knowledge.of(kind).values() if "_" in each.id}
    for violation in found(knowledge, broken.change, **answers):
        told = sentence(violation, knowledge, language)
        said, _, behind = told.partition(" [")
        assert "{" not in said
        assert "Detail(" not in said
        assert (violation.rule in behind) if violation.rule else not behind
        assert violation.rule not in knowledge.by_ref or violation.rule not in said
        if violation.code not in AS_WRITTEN:
            assert [each for each in ids if re.search(rf"\b{each}\b", said)] == []
            assert f"{FACIAL}-" not in said
        if language == "zh_hant" and violation.code != "knowledge":
            assert not ENGLISH.search(said.replace(" ", " ")), said


def test_a_cap_is_told_by_names_numbers_rule_and_sources(knowledge: Knowledge) -> None:
    caps = [sentence(each, knowledge) for each in found(knowledge, acid(53, 56)) if each.code == "cap"]
    sources = " ".join(knowledge.by_ref["cap.exfoliation"].source)
    number = "Leave-on salicylic acid (BHA) on 18 January 2027 is once too often: 3 in 7 days, at most 2"
    (told,) = [each for each in caps if each.startswith(number)]
    assert told.endswith(f" [cap.exfoliation: {sources}]")


def test_hair_removal_is_told_by_what_was_told_and_its_own_day(knowledge: Knowledge) -> None:
    waxed: Any = {"history.hair_removal": [{"kind": "wax", "date": at(67)}]}
    broken = found(knowledge, only_retinoid(60), **waxed)
    (told,) = [sentence(each, knowledge) for each in broken if each.code == "pair"]
    assert "Retinol (cosmetic), Waxing, sugaring or epilator (29 January 2027): not together at all" in told
    assert "Threading" not in told.partition(" [")[0]


def test_days_are_counted_with_their_unit_and_one_day_is_one(knowledge: Knowledge) -> None:
    told = [sentence(each, knowledge) for each in found(knowledge, acid(40, 42)) if each.code == "window"]
    assert any("3 days before Pore clean-up facial (5 January 2027), at least 4 days" in each for each in told)
    assert any(" 1 day before Pore clean-up facial (5 January 2027), at least 4 days" in each for each in told)


def test_a_wait_is_told_by_the_first_day_that_is_free_again(knowledge: Knowledge) -> None:
    until = detail("until", what=Named("status", "defer"), day=at(0))
    assert words_in(knowledge, "en").detail(until).endswith("possible from 23 November 2026 on")
    assert words_in(knowledge, "zh_hant").detail(until).endswith("起才可以")


@each_language
def test_what_has_no_place_beside_a_visit_is_told_with_the_visit(language: str, knowledge: Knowledge) -> None:
    beside = detail("nothing_beside", list=(), what=Named("what", f"{FACIAL}-1"), day=at(15))
    broken = Violation("aside", at(15), "bha_leave_on", "aftercare.needle_first_day", beside)
    told = sentence(broken, knowledge, language).partition(" [")[0]
    assert knowledge.texts(language).get("product.bha_leave_on", "name") in told
    if language == "en":
        assert "is left out on 8 December 2026: because of Pore clean-up facial (8 December 2026)" in told
    else:
        assert told.startswith("2026年12月8日不用")


def test_a_visit_is_told_by_its_treatment_and_day(knowledge: Knowledge) -> None:
    (told,) = [sentence(each, knowledge) for each in found(knowledge, moved(0, 16)) if each.code == "interval"]
    assert told.startswith("Pore clean-up facial on 5 January 2027 comes too soon: 27 days after Pore clean-up facial")
    assert "[treatment.pore_cleanup_facial: " in told


def test_what_only_the_file_knows_is_told_as_it_stands_there(knowledge: Knowledge) -> None:
    (told,) = [sentence(each, knowledge) for each in found(knowledge, both(put(40, "pm_serum", "moon_dust")))][:1]
    assert "moon_dust" in told


@each_language
def test_a_word_that_nobody_knows_is_told_as_it_stands(language: str, knowledge: Knowledge) -> None:
    words = words_in(knowledge, language)
    for kind in ("column", "refusal", "routine", "standing", "status", "verdict", "product", "session", "do", "what"):
        assert words.name(Named(kind, "blue")) == "blue"
    assert words.detail(detail("word", what=Named("product", "blue"))) == "blue"


@each_language
def test_each_reason_why_a_slot_is_refused_has_its_words(language: str, knowledge: Knowledge) -> None:
    words = words_in(knowledge, language)
    for refusal in get_args(Refusal):
        assert words.name(Named("refusal", refusal)) != refusal
