"""Which questions are still asked: only those whose answer can change something, safety first, and none twice."""

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.spec.cases import TODAY, Case, clear

from pellucid.consult.assess import assess
from pellucid.consult.dated import RECORD_QUESTIONS
from pellucid.consult.intake import read_intake
from pellucid.consult.profile import make_profile
from pellucid.consult.questions import ALWAYS_ASKED, OpenQuestion, open_questions
from pellucid.consult.screen import screen_all
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.model.errors import InputError

Intake = dict[str, Any]

EXAMPLES = Path(__file__).parents[2] / "examples" / "intakes"
BORN = date(1996, 5, 4)
TRIES = 300
"""How often the other open questions are answered at random, to find a case in which one question counts."""


def told(facts: Mapping[str, Any], *, from_nothing: bool = False) -> Intake:
    """The answers of someone about whom everything is clear, with some changed; ``"?"`` takes one out."""
    return Case(table="questions", id="", about="", facts=facts, from_nothing=from_nothing).intake


def without(*sections: str) -> Intake:
    """The clear answers with a birth date, and without some sections."""
    intake = told({"person.age": "?", "person.birth_date": BORN, "skin.hours_since_cleanse": 3})
    return {section: answers for section, answers in intake.items() if section not in sections}


PARTIAL: Mapping[str, Intake] = {
    "nothing told": {},
    "an age and a wish": {"person": {"birth_date": BORN}, "wishes": {"goals": ["blackheads"]}},
    "all that is clear": without(),
    "no health": without("health"),
    "no skin": without("skin"),
    "no spots": without("lesions"),
    "no history": without("history", "wishes"),
    "no wellbeing and no products": without("wellbeing", "products", "now"),
}
FULL = ["oily_t_zone_student", "nothing_wrong", "teardrop_58_pacemaker", "phototype_v_wants_laser", "fifteen_year_old"]


def ask(intake: Intake, knowledge: Knowledge) -> tuple[OpenQuestion, ...]:
    profile = make_profile(intake, knowledge=knowledge, today=TODAY)
    return open_questions(profile, performer=profile.performer, knowledge=knowledge)


def paths(intake: Intake, knowledge: Knowledge) -> list[str]:
    return [question.path for question in ask(intake, knowledge)]


def outcome(intake: Intake, knowledge: Knowledge) -> object:
    """Every status, finding and referral of an intake."""
    profile = make_profile(intake, knowledge=knowledge, today=TODAY)
    found = assess(profile, knowledge=knowledge, today=TODAY)
    decisions = screen_all(profile, on=TODAY, performer=profile.performer, knowledge=knowledge)
    return (
        tuple((decision.treatment, decision.status) for decision in decisions),
        frozenset((finding.ref, finding.secondary) for finding in found.findings),
        frozenset(referred.rule for referred in found.referrals),
    )


def put(intake: Intake, path: str, value: object) -> Intake:
    changed = deepcopy(intake)
    *folders, name = path.split(".")
    node = changed
    for folder in folders:
        node = node.setdefault(folder, {})
    node[name] = value
    return changed


def answers(path: str, knowledge: Knowledge) -> list[Any]:
    """Answers that a question can have: each option, the ends and middle of a range, each class of dated facts."""
    question = knowledge.get(Question, path)
    match question.type:
        case "yes_no":
            return [True, False]
        case "choice":
            return list(question.options)
        case "multi":
            return [[], *([option] for option in question.options)]
        case "day":
            return [TODAY - timedelta(days=days) for days in range(0, 120 * 365, 330)]
        case "records":
            return [[], *([entry] for entry in _entries(path, knowledge))]
        case _:
            low, high = int(question.minimum or 0), int(question.maximum or 0)
            return [number for number in (0, 1, 3, 4, 6, 8, 10, 15, 17, 25, 35, 45, 60, high) if low <= number <= high]


def _entries(path: str, knowledge: Knowledge) -> Iterator[dict[str, object]]:
    record = next(kind for kind, question in RECORD_QUESTIONS.items() if question == path)
    for exposure in knowledge.of(Exposure):
        kind, _, name = exposure.partition(".")
        if kind == record:
            day = TODAY + timedelta(days=3 if record == "event" else -1)
            about = {"medicine": {}, "active": {}, "sun": {"from": day, "to": day}}.get(record, {"date": day})
            yield {"name" if record in {"medicine", "active"} else "kind": name, **about}


def matters(path: str, intake: Intake, others: list[str], knowledge: Knowledge) -> bool:
    """Whether two answers to a question lead to two outcomes, for some answers to the other open questions."""
    draw = random.Random(path)  # noqa: S311 - the same cases in every run
    return any(
        _tells(path, rest, [None, *possible], knowledge)
        for rest, possible in _rests(intake, path, others, draw, knowledge)
    )


def _rests(
    intake: Intake, path: str, others: list[str], draw: random.Random, knowledge: Knowledge
) -> Iterator[tuple[Intake, list[Any]]]:
    """The intake as it is; with all the rest clear; and with much of the rest drawn, most of the same section."""
    possible = answers(path, knowledge)
    clear_rest = put(put({**clear(), **intake}, "person.phototype", None), path, None)
    yield intake, possible
    yield clear_rest, possible
    section = path.partition(".")[0]
    for number in range(TRIES):
        rest, share = (intake, 0.7) if number % 2 else (clear_rest, 0.1)
        for other in others:
            if other != path and draw.random() < (0.7 if other.startswith(f"{section}.") else share):
                rest = put(rest, other, draw.choice(answers(other, knowledge)))
        yield rest, draw.sample(possible, min(4, len(possible)))


def _tells(path: str, rest: Intake, possible: list[Any], knowledge: Knowledge) -> bool:
    seen = set()
    for answer in possible:
        try:
            seen.add(outcome(rest if answer is None else put(rest, path, answer), knowledge))
        except InputError:  # drawn answers can contradict each other
            continue
        if len(seen) > 1:
            return True
    return False


@pytest.mark.parametrize("name", PARTIAL)
def test_every_answer_can_change_something(name: str, knowledge: Knowledge) -> None:
    open_now = paths(PARTIAL[name], knowledge)
    idle = [path for path in open_now if not matters(path, PARTIAL[name], open_now, knowledge)]
    assert set(idle) <= set(ALWAYS_ASKED)


def test_a_birth_date_is_asked_only_where_the_age_leaves_a_limit_open(knowledge: Knowledge) -> None:
    long_ago = {"consultation.date": TODAY - timedelta(days=100)}
    assert "person.birth_date" not in paths(told({"person.age": 27}), knowledge)
    assert "person.birth_date" not in paths(told({"person.age": 27, **long_ago}), knowledge)
    assert "person.birth_date" in paths(told({"person.age": 17, **long_ago}), knowledge)  # perhaps 18 by now


def test_a_finding_that_nothing_can_overtake_asks_nothing_more(knowledge: Knowledge) -> None:
    profile = make_profile(told({}), knowledge=knowledge, today=TODAY)
    assert assess(profile, knowledge=knowledge, today=TODAY).skin_type.id == "normal"
    assert "skin.hours_since_cleanse" not in paths(told({}), knowledge)


@pytest.mark.parametrize("name", FULL)
def test_everything_answered_leaves_no_question_of_safety(name: str, knowledge: Knowledge) -> None:
    assert [each.path for each in ask(read_intake(EXAMPLES / f"{name}.toml"), knowledge) if each.safety] == []


@pytest.mark.parametrize("section", ["health", "now", "products", "history"])
def test_a_section_left_out_is_a_question_of_safety(section: str, knowledge: Knowledge) -> None:
    open_now = {each.path for each in ask(without(section), knowledge) if each.safety}
    assert {path.partition(".")[0] for path in open_now} == {section}


def test_old_answers_are_asked_again(knowledge: Knowledge) -> None:
    old = {"consultation.date": TODAY - timedelta(days=8)}
    assert {"now.skin", "now.warning_signs"} <= set(paths(told(old), knowledge))
    assert "health.pregnancy" not in paths(told(old), knowledge)


@pytest.mark.parametrize(
    ("facts", "asked", "not_asked"),
    [
        ({"health.pregnancy": "not_applicable", "health.breastfeeding": "?"}, [], ["health.breastfeeding"]),
        ({"health.pregnancy": "no", "health.breastfeeding": "?"}, ["health.breastfeeding"], []),
        ({"person.age": 17}, ["person.guardian_consent"], []),
        ({"person.age": 30}, [], ["person.guardian_consent"]),
        ({"lesions.painful": "?", "lesions.sites": "?"}, [], ["lesions.painful", "lesions.sites"]),
        ({"lesions.sites": "?", "lesions.papules": 8}, ["lesions.sites"], []),
        ({"habits.makeup": "none"}, [], ["habits.removes_makeup"]),
        ({"habits.makeup": "heavy"}, ["habits.removes_makeup"], []),
    ],
)
def test_questions_that_do_not_arise_are_not_asked(
    facts: Mapping[str, Any], asked: list[str], not_asked: list[str], knowledge: Knowledge
) -> None:
    open_now = set(paths(told(facts), knowledge))
    assert set(asked) <= open_now
    assert not set(not_asked) & open_now


@pytest.mark.parametrize("name", PARTIAL)
def test_what_is_only_volunteered_is_never_asked(name: str, knowledge: Knowledge) -> None:
    assert not [path for path in paths(PARTIAL[name], knowledge) if knowledge.get(Question, path).volunteer]


def test_a_phototype_makes_its_four_questions_idle(knowledge: Knowledge) -> None:
    four = {"person.unexposed_skin", "person.burns", "person.tans"}
    assert four <= set(paths(told({"person.phototype": "?"}), knowledge))
    assert not four & set(paths(told({}), knowledge))


@pytest.mark.parametrize("seed", range(4))
def test_an_answered_question_never_comes_back(seed: int, knowledge: Knowledge) -> None:
    draw = random.Random(seed)  # noqa: S311 - the same cases in every run
    intake: Intake = {}
    answered: set[str] = set()
    while (open_now := paths(intake, knowledge)) and len(answered) < 100:
        assert not answered & set(open_now)
        path = draw.choice(open_now[:5])
        intake = _answer_somehow(intake, path, draw, knowledge)
        answered.add(path)
    assert not open_now


def _answer_somehow(intake: Intake, path: str, draw: random.Random, knowledge: Knowledge) -> Intake:
    """One drawn answer that does not contradict the others."""
    while True:
        changed = put(intake, path, draw.choice(answers(path, knowledge)))
        try:
            make_profile(changed, knowledge=knowledge, today=TODAY)
        except InputError:
            continue
        return changed


@pytest.mark.parametrize("name", PARTIAL)
def test_who_it_is_comes_first_and_then_safety(name: str, knowledge: Knowledge) -> None:
    open_now = ask(PARTIAL[name], knowledge)
    ranks = [0 if each.path in ALWAYS_ASKED else 1 if each.safety else 2 for each in open_now]
    assert ranks == sorted(ranks)


def test_of_two_questions_of_safety_the_one_with_more_treatments_comes_first(knowledge: Knowledge) -> None:
    open_now = [each for each in ask(PARTIAL["no health"], knowledge) if each.safety]
    numbers = [len(each.treatments) for each in open_now]
    assert len(numbers) >= 5
    assert numbers == sorted(numbers, reverse=True)


def test_only_treatments_in_view_count(knowledge: Knowledge) -> None:
    profile = make_profile(without("health"), knowledge=knowledge, today=TODAY)
    found = open_questions(profile, treatments=["soothing_mask"], knowledge=knowledge)
    assert {name for each in found for name in each.treatments} == {"soothing_mask"}
    assert "health.allergies" in {each.path for each in found}


def test_a_treatment_that_is_ruled_out_anyway_asks_nothing(knowledge: Knowledge) -> None:
    facts = without("history", "products", "now") | {"health": {"pregnancy": "pregnant"}}
    profile = make_profile(facts, knowledge=knowledge, today=TODAY)
    found = open_questions(profile, treatments=["steam"], knowledge=knowledge)
    assert not [each.path for each in found if each.treatments]


def test_an_option_that_someone_is_unsure_of_keeps_its_question_open(knowledge: Knowledge) -> None:
    unsure = told({"unsure": ["health.conditions.epilepsy"]})
    assert "health.conditions" in paths(unsure, knowledge)
    assert "health.conditions" not in paths(told({}), knowledge)
