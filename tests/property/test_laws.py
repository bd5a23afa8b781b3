"""Laws of screening that must hold for every person, treatment, level and day."""

from copy import deepcopy
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.strategies import (
    KNOWLEDGE,
    LISTS,
    QUESTIONS,
    SAFETY,
    TODAY,
    TREATMENTS,
    Answers,
    answer,
    consistent,
    drawn_answers,
    examples,
    intake_of,
    intakes,
    rules,
    with_rules,
)

from pellucid.consult.profile import make_profile
from pellucid.consult.screen import Screening, earliest_date, permitted_spans
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import SeedItem
from pellucid.knowledge.schema.rules import Contraindication
from pellucid.model.levels import Level, Status

HORIZON = (TODAY, TODAY + timedelta(days=150))
TREATMENT = st.sampled_from(TREATMENTS)
LEVEL = st.sampled_from(Level)
WEIGHED = ("health.conditions", "health.implants", "health.allergies", "now.skin", "now.warning_signs")
"""Questions whose options stand against treatments, so that one more can only rule out more."""


def screening(answers: Answers, knowledge: Knowledge = KNOWLEDGE) -> Screening:
    return Screening(make_profile(intake_of(answers), knowledge=knowledge, today=TODAY), knowledge)


def bookable(answers: Answers, treatment: str, level: Level, knowledge: Knowledge = KNOWLEDGE) -> set[date]:
    profile = make_profile(intake_of(answers), knowledge=knowledge, today=TODAY)
    free = permitted_spans(profile, treatment, HORIZON, performer=level, knowledge=knowledge)
    return {first + timedelta(days=day) for first, last in free for day in range((last - first).days)}


def statuses(seen: Screening, treatment: str, level: Level) -> list[Status]:
    days = (TODAY + timedelta(days=day) for day in range(0, 150, 7))
    return [seen.decide(treatment, on=day, performer=level).status for day in days]


@given(drawn_answers(), st.sampled_from(WEIGHED), st.data(), TREATMENT, LEVEL)
@examples(150)
def test_one_more_contraindication_never_permits_more(
    answers: Answers, path: str, data: st.DataObject, treatment: str, level: Level
) -> None:
    before = consistent({**answers, path: answers.get(path, []), "unsure": []})
    more = data.draw(st.sampled_from(QUESTIONS[path].options))
    after = consistent({**before, path: sorted({*before[path], more})})
    assume(set(before[path]) <= set(after[path]))
    old, new = (statuses(screening(each), treatment, level) for each in (before, after))
    assert all(worse >= status for status, worse in zip(old, new, strict=True)), more
    assert bookable(after, treatment, level) <= bookable(before, treatment, level)


@given(drawn_answers(), st.sampled_from(["health.medicines", "history.procedures"]), st.data(), TREATMENT, LEVEL)
@examples(150)
def test_one_more_medicine_or_procedure_never_permits_more(
    answers: Answers, path: str, data: st.DataObject, treatment: str, level: Level
) -> None:
    before = consistent({**answers, path: answers.get(path, []), "unsure": []})
    more = data.draw(answer(path).filter(bool))[:1]
    after = consistent({**before, path: [*before[path], *more]})
    assert bookable(after, treatment, level) <= bookable(before, treatment, level), more


@given(drawn_answers().flatmap(lambda each: st.tuples(st.just(each), rules(each))), TREATMENT, LEVEL)
@examples(150)
def test_one_more_rule_never_permits_more(
    drawn: tuple[Answers, Contraindication], treatment: str, level: Level
) -> None:
    answers, rule = drawn
    more = with_rules(KNOWLEDGE, [rule])
    old = statuses(screening(answers), treatment, level)
    new = statuses(screening(answers, more), treatment, level)
    assert all(worse >= status for status, worse in zip(old, new, strict=True))
    assert bookable(answers, treatment, level, more) <= bookable(answers, treatment, level)


@given(drawn_answers(), TREATMENT, LEVEL, st.integers(0, 60), st.integers(1, 60))
@examples(150)
def test_a_later_day_never_makes_a_deferral_longer(
    answers: Answers, treatment: str, level: Level, first: int, later: int
) -> None:
    seen = screening(_past_only(answers))
    early = seen.decide(treatment, on=TODAY + timedelta(days=first), performer=level)
    late = seen.decide(treatment, on=TODAY + timedelta(days=first + later), performer=level)
    if early.until is not None and late.on < early.until:
        assert late.until == early.until
    if early.until is not None and late.on >= early.until:
        assert late.status.bookable


def _past_only(answers: Answers) -> Answers:
    """The answers without anything planned, and without birthdays and papers that lie ahead."""
    kept: Answers = {**answers, "history.events": [], "papers.clearances": []}
    for path in LISTS:
        entries = deepcopy(kept.get(path, []))
        kept[path] = [entry for entry in entries if _days_of(entry) and max(_days_of(entry)) <= TODAY]
    kept.pop("person.birth_date", None)
    kept["person.age"] = 40
    return consistent({**kept, "unsure": []})


def _days_of(entry: dict[str, Any]) -> list[date]:
    return [value for value in entry.values() if isinstance(value, date)]


@given(intakes(), TREATMENT)
@examples(150)
def test_a_higher_level_never_permits_less(intake: dict[str, Any], treatment: str) -> None:
    seen = Screening(make_profile(intake, knowledge=KNOWLEDGE, today=TODAY), KNOWLEDGE)
    by_level = [statuses(seen, treatment, level) for level in Level]
    for lower, higher in pairwise(by_level):
        assert all(mild <= strict for strict, mild in zip(lower, higher, strict=True))


@given(drawn_answers(), st.sampled_from([*SAFETY, *LISTS]), st.data(), TREATMENT, LEVEL)
@examples(300)
def test_unknown_never_permits_more_than_any_answer(
    answers: Answers, path: str, data: st.DataObject, treatment: str, level: Level
) -> None:
    silent = {name: value for name, value in answers.items() if name not in {path, "unsure"}}
    told = consistent({**silent, path: data.draw(answer(path))})
    assume(path in told)
    unknown = consistent({name: value for name, value in told.items() if name != path})
    assert bookable(unknown, treatment, level) <= bookable(told, treatment, level), told[path]


@given(drawn_answers(), st.randoms(use_true_random=False), TREATMENT, LEVEL)
@examples(100)
def test_the_order_of_answers_does_not_matter(answers: Answers, random: Random, treatment: str, level: Level) -> None:
    shuffled: Answers = {}
    for path in random.sample(sorted(answers), len(answers)):
        value = answers[path]
        shuffled[path] = random.sample(value, len(value)) if isinstance(value, list) else value
    assert _plain(screening(answers), treatment, level) == _plain(screening(shuffled), treatment, level)


def _plain(seen: Screening, treatment: str, level: Level) -> tuple[Any, ...]:
    decision = seen.decide(treatment, on=TODAY, performer=level)
    return (
        decision.status,
        decision.until,
        sorted((each.rule, each.status, str(each.until)) for each in decision.reasons),
    )


@given(intakes(), TREATMENT, LEVEL, st.integers(0, 149))
@examples(200)
def test_the_worst_reason_wins_and_spans_agree_with_every_day(
    intake: dict[str, Any], treatment: str, level: Level, ahead: int
) -> None:
    profile = make_profile(intake, knowledge=KNOWLEDGE, today=TODAY)
    seen = Screening(profile, KNOWLEDGE)
    free = permitted_spans(profile, treatment, HORIZON, performer=level, knowledge=KNOWLEDGE)
    for day in (TODAY + timedelta(days=number) for number in {*range(0, 150, 5), ahead}):
        decision = seen.decide(treatment, on=day, performer=level)
        assert decision.status == max((each.status for each in decision.reasons), default=Status.ALLOWED)
        assert decision.status.bookable == any(first <= day < last for first, last in free)
    found = earliest_date(profile, treatment, after=TODAY, performer=level, knowledge=KNOWLEDGE)
    assert not free or found == free[0][0]


@given(intakes(), LEVEL)
@examples(60)
def test_every_reason_has_a_rule_and_sources_that_exist(intake: dict[str, Any], level: Level) -> None:
    seen = Screening(make_profile(intake, knowledge=KNOWLEDGE, today=TODAY), KNOWLEDGE)
    sources = KNOWLEDGE.records["source"].keys() | KNOWLEDGE.of(SeedItem).keys()
    for treatment in TREATMENTS:
        for reason in seen.decide(treatment, on=TODAY, performer=level).reasons:
            assert reason.rule in KNOWLEDGE.by_ref or reason.rule.startswith("house.")
            assert reason.sources
            assert set(reason.sources) <= sources
            assert set(reason.asks) <= QUESTIONS.keys() | {"person.birth_date"}


@given(drawn_answers(), st.data(), TREATMENT, LEVEL)
@examples(100)
def test_a_paper_never_makes_anything_worse_and_never_lifts_a_wait_or_block(
    answers: Answers, data: st.DataObject, treatment: str, level: Level
) -> None:
    papers = data.draw(answer("papers.clearances").filter(bool))
    without = {name: value for name, value in answers.items() if name != "papers.clearances"}
    eased = statuses(screening(consistent({**without, "papers.clearances": papers})), treatment, level)
    plain = statuses(screening(without), treatment, level)
    for strict, mild in zip(plain, eased, strict=True):
        assert mild <= strict
        assert strict not in {Status.DEFER, Status.BLOCKED} or mild == strict
