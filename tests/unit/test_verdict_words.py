"""The notes of a verdict in words."""

from datetime import date, timedelta

import pytest
from tests.sample_plan import sample_plan, sample_profile
from tests.unit.judge_labels import RETINOL_CREAM, note, verdict

from pellucid.exchange.verdict_words import VerdictWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, ProductGuess, Tone


@pytest.fixture
def english(knowledge: Knowledge) -> VerdictWords:
    return VerdictWords(knowledge, knowledge.texts("en"))


def test_a_note_is_its_own_sentence_and_then_the_rules_words(knowledge: Knowledge, english: VerdictWords) -> None:
    profile = sample_profile(knowledge)
    found = verdict(RETINOL_CREAM, knowledge, kind="moisturiser", profile=profile, plan=sample_plan(profile, knowledge))
    said = english.note(note(found, "pair_deep_clean"))

    assert said[0] == "Your plan has deep-clean evenings, and this holds Retinol: not on the same evening."
    assert said[1] == knowledge.texts("en").get("pair.retinoid_deep_clean", "rule")
    assert said[2].startswith("On these evenings: 29 November 2026, 6 December 2026")


def test_many_evenings_are_counted(english: VerdictWords) -> None:
    days = tuple(date(2026, 11, 23) + timedelta(days=number) for number in range(9))
    one = Note("routine", "pair_skin", Tone.AVOID, "pair.retinoid_acid", ("house",), days=days)

    assert english.note(one)[-1].endswith("28 November 2026, and 3 more.")


def test_names_that_hold_commas_are_kept_apart(english: VerdictWords) -> None:
    names = (("what", ("1, 2-Hexanediol", "Aqua")),)
    one = Note("reading", "unknown_names", Tone.TELL, "verdict_note.unknown_names", ("house",), values=names)

    assert "1, 2-Hexanediol; Aqua." in english.note(one)[0]


def test_a_kind_that_nothing_tells_has_no_name(english: VerdictWords) -> None:
    assert english.product(ProductGuess(None, 0, given=False, because=(), rinse_off=None)) == ""
    assert english.product(ProductGuess("toner", 1, given=True, because=(), rinse_off=False)) == "toner"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_come_from_the_records(language: str, knowledge: Knowledge) -> None:
    words = VerdictWords(knowledge, knowledge.texts(language))
    values = (("layers", (Named("layer", "pm_active"),)), ("what", ()), ("n", 0))
    one = Note("place", "place", Tone.TELL, "product.scrub", ("house",), values=values)

    assert knowledge.texts(language).get("layer.pm_active", "name") in words.note(one)[0]
