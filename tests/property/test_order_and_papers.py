"""The order in which answers are given does not matter, and a paper never makes anything worse."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.judged import screening_of
from tests.strategies import TODAY, TREATMENTS, Answers, answer, consistent, days, drawn_answers, examples

from pellucid.consult.screen import Screening
from pellucid.model.levels import Level, Status

TREATMENT = st.sampled_from(TREATMENTS)
LEVEL = st.sampled_from(Level)


@given(drawn_answers(), st.randoms(use_true_random=False), TREATMENT, LEVEL)
@examples(100)
def test_the_order_of_answers_does_not_matter(answers: Answers, random: Random, treatment: str, level: Level) -> None:
    shuffled: Answers = {}
    for path in random.sample(sorted(answers), len(answers)):
        value = answers[path]
        shuffled[path] = random.sample(value, len(value)) if isinstance(value, list) else value
    assert told(screening_of(answers), treatment, level) == told(screening_of(shuffled), treatment, level)


def told(screening: Screening, treatment: str, level: Level) -> tuple[Any, ...]:
    decision = screening.decide(treatment, on=TODAY, performer=level)
    reasons = sorted((each.rule, each.status, str(each.until)) for each in decision.reasons)
    return decision.status, decision.until, reasons


@given(drawn_answers(), answer("papers.clearances").filter(bool), TREATMENT, LEVEL, days(0, 150))
@examples(150)
def test_a_paper_makes_nothing_worse_and_lifts_no_wait_and_no_block(
    answers: Answers, papers: list[Any], treatment: str, level: Level, on: Any
) -> None:
    without = {name: value for name, value in answers.items() if name != "papers.clearances"}
    plain = screening_of(without).decide(treatment, on=on, performer=level).status
    eased = screening_of(consistent({**without, "papers.clearances": papers}))
    mild = eased.decide(treatment, on=on, performer=level).status
    assert mild <= plain
    assert plain not in {Status.DEFER, Status.BLOCKED} or mild == plain
