"""From checked answers to a frozen profile: names people write become classes, answers become truth over days.

Nothing is guessed: a question without an answer leaves its names out, and names that are left out are unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from pellucid.consult import phototype
from pellucid.consult.contradictions import contradictions
from pellucid.consult.dated import RECORD_QUESTIONS, dated_facts, names_of, related
from pellucid.consult.evidence import evidence_of
from pellucid.consult.intake import answers_of
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema.people import Question
from pellucid.model import spans
from pellucid.model.dates import FIRST, LAST, add_months
from pellucid.model.errors import InputError, Problem
from pellucid.model.ids import AnswerPath, ClientRef
from pellucid.model.levels import Level
from pellucid.model.profile import DatedFact, Paper, Profile
from pellucid.model.spans import NEVER
from pellucid.model.truth import NO, UNKNOWN, YES, Truth, either, truth


def make_profile(intake: Mapping[str, Any], *, knowledge: Knowledge, today: date) -> Profile:
    """Turn an intake (nested answers, as read from TOML or JSON) into a profile.

    Raises:
        InputError: wrong shape or contradictory answers; every fault with its path.
    """
    if not FIRST <= today <= LAST:
        raise InputError([Problem("today", f"lies outside {FIRST.year} to {LAST.year}")])
    answers = answers_of(intake, knowledge)
    problems = contradictions(answers, knowledge, today)
    if problems:
        raise InputError(problems)
    return profile_of(answers, knowledge=knowledge, today=today)


def profile_of(answers: Mapping[str, Any], *, knowledge: Knowledge, today: date) -> Profile:
    """Build the profile of answers that are already checked."""
    asked: date = answers.get("consultation.date") or today
    questions = knowledge.of(Question)
    expired, fresh_until = _freshness(answers, questions, asked, today)
    kept = {path: value for path, value in answers.items() if path not in expired}
    dated = tuple(dated_facts(kept, knowledge=knowledge, today=today))
    facts = dict(_facts(kept, questions))
    facts.update(_dated_truths(kept, dated, knowledge))
    for name in kept.get("unsure", ()):
        for each in _options(name, questions, knowledge):
            facts[each] = either(facts.get(each, NO), UNKNOWN)
    born = _born(kept, asked)
    profile = Profile(
        today=today,
        answered_on=asked,
        facts=facts,
        numbers=MappingProxyType(dict(_numbers(kept, questions, knowledge))),
        answers=MappingProxyType({AnswerPath(path): value for path, value in kept.items()}),
        dated=dated,
        born=born,
        papers=tuple(_papers(kept)),
        expired=tuple(sorted(expired)),
        fresh_until=MappingProxyType(fresh_until),
        unrecognised=tuple(fact for fact in dated if not fact.classes),
        region=kept.get("consultation.region"),
        performer=_level(kept.get("consultation.performer_level")),
        client=ClientRef(kept["consultation.client"]) if "consultation.client" in kept else None,
    )
    return replace(profile, facts={**facts, **dict(_not_applicable(profile, knowledge))})


def _not_applicable(profile: Profile, knowledge: Knowledge) -> Iterator[tuple[str, Truth]]:
    """A question that does not arise (breastfeeding where pregnancy can't be) is answered by that: no."""
    evidence = evidence_of(profile, knowledge)
    for question in knowledge.of(Question).values():
        unsure = {Names.question_of(name) for name in profile.answers.get(AnswerPath("unsure"), ())}
        if question.ask_when is None or question.id in {*profile.answers, *unsure}:
            continue
        arises = evidence.truth(question.ask_when)
        if not spans.contains(spans.union(arises.yes, arises.unknown), profile.today.toordinal()):
            yield from ((name, NO) for name in _options(question.id, knowledge.of(Question), knowledge))


def _freshness(
    answers: Mapping[str, Any], questions: Mapping[str, Question], asked: date, today: date
) -> tuple[set[AnswerPath], dict[AnswerPath, date]]:
    expired: set[AnswerPath] = set()
    fresh: dict[AnswerPath, date] = {}
    for path in answers:
        question = questions.get(path)
        if question and question.fresh_days:
            last = asked + timedelta(days=question.fresh_days)
            fresh[AnswerPath(path)] = last
            if last < today:
                expired.add(AnswerPath(path))
    return expired, {path: last for path, last in fresh.items() if path not in expired}


def _facts(answers: Mapping[str, Any], questions: Mapping[str, Question]) -> Iterator[tuple[str, Truth]]:
    for path, value in answers.items():
        question = questions.get(path)
        if question is None:
            continue
        if question.type == "yes_no":
            yield path, YES if value else NO
        elif question.options:
            chosen = value if isinstance(value, list) else [value]
            yield from ((f"{path}.{option}", YES if option in chosen else NO) for option in question.options)


def _options(name: str, questions: Mapping[str, Question], knowledge: Knowledge) -> Iterable[str]:
    """The names that a question, an option or a class of dated facts stands for in conditions."""
    question = questions.get(name)
    if question and question.record:
        return names_of(question.record, knowledge)
    if question and question.options:
        return [f"{name}.{option}" for option in question.options]
    return related(name, knowledge)


def _dated_truths(
    answers: Mapping[str, Any], dated: Iterable[DatedFact], knowledge: Knowledge
) -> Iterator[tuple[str, Truth]]:
    truths: dict[str, Truth] = {}
    for record, question in RECORD_QUESTIONS.items():
        if question in answers:
            truths.update((name, NO) for name in names_of(record, knowledge))
    for fact in dated:
        for name in fact.classes or (f"{fact.record}.unrecognised",):
            truths[name] = either(truths.get(name, UNKNOWN), fact.days)  # a list nobody filled in stays open
        if fact.record == "active" and not fact.classes:
            could_be = truth(NEVER, spans.union(fact.days.yes, fact.days.unknown))
            truths.update((name, either(truths.get(name, UNKNOWN), could_be)) for name in names_of("active", knowledge))
    return iter(truths.items())


def _numbers(
    answers: Mapping[str, Any], questions: Mapping[str, Question], knowledge: Knowledge
) -> Iterator[tuple[str, tuple[float, float]]]:
    for path, value in answers.items():
        if path in questions and questions[path].type in {"whole", "number"}:
            yield path, (float(value), float(value))
    yield "phototype", phototype.interval(answers, knowledge)


def _born(answers: Mapping[str, Any], asked: date) -> tuple[int, int] | None:
    """First and last possible day of birth: one day for a birth date, a year's worth for an age."""
    if "person.birth_date" in answers:
        day = answers["person.birth_date"].toordinal()
        return day, day
    if "person.age" in answers:
        age = answers["person.age"]
        return add_months(asked, -12 * (age + 1)).toordinal() + 1, add_months(asked, -12 * age).toordinal()
    return None


def _papers(answers: Mapping[str, Any]) -> Iterator[Paper]:
    for entry in answers.get("papers.clearances", ()):
        yield Paper(
            entry.kind,
            entry.author,
            tuple(entry.scope),
            (entry.issued.toordinal(), entry.expires.toordinal()),
        )


def _level(word: str | None) -> Level | None:
    return Level[word.upper()] if word else None
