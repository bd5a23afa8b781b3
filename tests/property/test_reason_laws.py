"""Every reason can be followed back: to its rule, its sources and the questions that would settle it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.property.judged import screening_of
from tests.strategies import KNOWLEDGE, QUESTIONS, TREATMENTS, Answers, days, drawn_answers, examples, rules, with_rules

from pellucid.model.decision import Reason
from pellucid.model.levels import Level, Status

SOURCES = {*KNOWLEDGE.records["source"], *KNOWLEDGE.records["item"]}
HOUSE = {"house.no_rules_yet", "house.licence_level", "house.licence_unconfirmed"}
KNOWN = {*KNOWLEDGE.by_ref, *HOUSE, "contraindication.drawn"}


def check(reason: Reason) -> None:
    """A reason hangs together."""
    assert reason.rule in KNOWN
    assert reason.sources
    assert set(reason.sources) <= SOURCES
    assert set(reason.asks) <= QUESTIONS.keys()
    assert reason.asks or reason.status is not Status.ASK, reason
    assert reason.status is not Status.ALLOWED
    assert reason.since is None or reason.until is None or reason.since < reason.until
    assert reason.disagreement is None or f"disagreement.{reason.disagreement}" in KNOWN
    assert not (reason.lifted or reason.part) or reason.status is Status.CAUTION


@given(
    drawn_answers().flatmap(lambda each: st.tuples(st.just(each), rules(each))), days(-60, 149), st.sampled_from(Level)
)
@examples(120)
def test_every_reason_hangs_together(drawn: tuple[Answers, object], on: date, level: Level) -> None:
    answers, rule = drawn
    screening = screening_of(answers, with_rules(KNOWLEDGE, [rule]))  # type: ignore[list-item]
    for treatment in TREATMENTS:
        for reason in screening.decide(treatment, on=on, performer=level).reasons:
            check(reason)
