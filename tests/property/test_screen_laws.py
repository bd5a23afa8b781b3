"""More against a treatment never opens it: added facts, added rules, lower levels, unknown answers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.property.judged import bookable, milder, opened, screening_of, standing
from tests.strategies import (
    CLEAR,
    ENTRIES,
    KNOWLEDGE,
    QUESTIONS,
    SAFETY,
    TODAY,
    Answers,
    answer,
    consistent,
    days,
    drawn_answers,
    examples,
    rules,
    with_rules,
)

from pellucid.consult.screen import Screening
from pellucid.model.levels import Level

AGAINST = ("health.conditions", "health.implants", "health.allergies", "now.skin")
DATED = {"health.medicines": "medicine", "history.procedures": "procedure"}
FEW_DAYS = st.lists(days(earliest=0, latest=149), min_size=1, max_size=3, unique=True)
NEVER_LISTED: Mapping[str, Any] = {path: value for path, value in CLEAR.items() if path != "products.actives"}
"""Someone who has told everything but what products they use."""


def no_better(before: Screening, after: Screening, on: list[date]) -> None:
    """Nothing can be booked on more days, and nothing stands milder on any of some days."""
    assert list(opened(bookable(before), bookable(after))) == []
    assert list(milder(standing(before, on), standing(after, on))) == []


@st.composite
def one_more(draw: st.DrawFn) -> tuple[Answers, Answers]:
    """Someone who answered a list, and the same person with one more thing in it that speaks against treatments."""
    path = draw(st.sampled_from([*AGAINST, *DATED]))
    before = draw(drawn_answers())
    listed = before.setdefault(path, [])
    if path in DATED:
        return before, consistent({**before, path: [*listed, draw(ENTRIES[DATED[path]])]})
    options = [each for each in QUESTIONS[path].options if each not in listed and each != "diabetes_controlled"]
    before = {**before, path: [each for each in listed if each != "diabetes_controlled"]}
    return before, consistent({**before, path: [*before[path], draw(st.sampled_from(options))]})


@example(
    ({**NEVER_LISTED}, {**NEVER_LISTED, "health.medicines": [{"name": "adapalene", "prescribed": False}]}), [TODAY]
)
@given(one_more(), FEW_DAYS)
@examples(150)
def test_a_contraindication_added_to_a_person_opens_nothing(people: tuple[Answers, Answers], on: list[date]) -> None:
    before, after = people
    no_better(screening_of(before), screening_of(after), on)


@given(drawn_answers().flatmap(lambda answers: st.tuples(st.just(answers), rules(answers))), FEW_DAYS)
@examples(100)
def test_a_rule_added_to_the_knowledge_opens_nothing(drawn: tuple[Answers, Any], on: list[date]) -> None:
    answers, rule = drawn
    no_better(screening_of(answers), screening_of(answers, with_rules(KNOWLEDGE, [rule])), on)


@given(drawn_answers().flatmap(lambda answers: st.tuples(st.just(answers), rules(answers))), FEW_DAYS)
@examples(100)
def test_a_higher_level_permits_no_less(drawn: tuple[Answers, Any], on: list[date]) -> None:
    answers, rule = drawn
    screening = screening_of(answers, with_rules(KNOWLEDGE, [rule]))
    free, stands = bookable(screening), standing(screening, on)
    lower = {case: days for case, days in free.items() if case[1] < Level.L4}
    higher = {(treatment, level): free[treatment, Level(level + 1)] for treatment, level in lower}
    assert list(opened(higher, lower)) == []
    assert [case for case, status in stands.items() if case[1] < Level.L4 and status < stands[_above(case)]] == []


def _above(case: tuple[str, Level, date]) -> tuple[str, Level, date]:
    treatment, level, day = case
    return treatment, Level(level + 1), day


# --- unknown ------------------------------------------------------------------------------------------------


def unknown_opens_nothing(answered: Mapping[str, Any], path: str) -> None:
    """Whoever leaves out one answer can book nothing that the same person can't book with it."""
    missing = {each: value for each, value in answered.items() if each != path}
    assert list(opened(bookable(screening_of(answered)), bookable(screening_of(missing)))) == []


@pytest.mark.parametrize("path", SAFETY)
def test_each_option_of_a_safety_question(path: str) -> None:
    question = QUESTIONS[path]
    single: list[Any] = [True, False] if question.type == "yes_no" else list(question.options)
    if question.type == "multi":
        single = [[], *([each] for each in question.options)]
    if question.type == "whole":
        single = [question.minimum, question.maximum]
    for value in single:
        unknown_opens_nothing(consistent({**CLEAR, path: value}), path)


@st.composite
def answered_safety(draw: st.DrawFn) -> tuple[Answers, str]:
    """Someone who answered a safety question, and that question."""
    path = draw(st.sampled_from(SAFETY))
    answers = consistent({**draw(drawn_answers()), path: draw(answer(path))})
    return answers, path


TOLD_A_CREAM = {**CLEAR, "health.medicines": [{"name": "adapalene", "prescribed": False, "stop": date(2026, 8, 1)}]}


@example(({**TOLD_A_CREAM, "products.actives": [{"name": "retinol"}]}, "products.actives"))
@given(answered_safety().filter(lambda drawn: drawn[1] in drawn[0]))
@examples(250)
def test_an_unknown_safety_fact_opens_nothing(drawn: tuple[Answers, str]) -> None:
    unknown_opens_nothing(*drawn)
