"""Screening over runs of days agrees with a plain loop over each day, rule by rule, on drawn people and days."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.property.judged import screening_of
from tests.property.naive import screen_naively
from tests.property.naive_person import Person
from tests.strategies import KNOWLEDGE, TREATMENTS, Answers, days, drawn_answers, examples, rules, with_rules

from pellucid.consult.screen import Screening
from pellucid.knowledge.schema.rules import Contraindication
from pellucid.model.levels import Level, Status

LEVELS = st.sampled_from(Level)
FROM_HERE_ON = days(earliest=-60, latest=150)
SOME = st.lists(st.sampled_from(TREATMENTS), min_size=1, max_size=3, unique=True)


def by_rule(screening: Screening, treatment: str, level: Level, on: date) -> dict[str, Status]:
    """Every rule among the reasons, with the worst it comes to."""
    found: dict[str, Status] = {}
    for reason in screening.decide(treatment, on=on, performer=level).reasons:
        found[reason.rule] = max(reason.status, found.get(reason.rule, reason.status))
    return found


@given(drawn_answers(), SOME, LEVELS, FROM_HERE_ON)
@examples(60)
def test_each_rule_comes_to_the_same(answers: Answers, treatments: list[str], level: Level, on: date) -> None:
    screening = screening_of(answers)
    person = Person(screening.profile, KNOWLEDGE)
    for treatment in treatments:
        found = by_rule(screening, treatment, level, on)
        assert found == screen_naively(person, treatment, level, on), treatment


@given(drawn_answers().flatmap(lambda each: st.tuples(st.just(each), rules(each))), SOME, LEVELS, FROM_HERE_ON)
@examples(60)
def test_a_drawn_rule_comes_to_the_same(
    drawn: tuple[Answers, Contraindication], treatments: list[str], level: Level, on: date
) -> None:
    answers, rule = drawn
    more = with_rules(KNOWLEDGE, [rule])
    screening = screening_of(answers, more)
    person = Person(screening.profile, more)
    for treatment in treatments:
        found = by_rule(screening, treatment, level, on)
        assert found == screen_naively(person, treatment, level, on), treatment
