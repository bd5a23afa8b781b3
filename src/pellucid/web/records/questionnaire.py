"""What is known of a draft's answers, and what is still to be asked: worked out of values, without the database."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from pellucid.consult.assess import assess
from pellucid.consult.contradictions import contradictions
from pellucid.consult.evidence import evidence_of
from pellucid.consult.intake import answers_of
from pellucid.consult.profile import profile_of
from pellucid.consult.questions import ALWAYS_ASKED, OpenQuestion, open_questions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.model import spans
from pellucid.model.assessment import Referred
from pellucid.model.errors import InputError, Problem
from pellucid.model.profile import Profile

OURS = frozenset(
    {
        "consultation.date",
        "consultation.client",
        "consultation.language",
        "consultation.region",
        "consultation.performer_level",
        "papers.clearances",
        "person.guardian_consent",
    }
)
"""What the clinic knows or vouches for; nobody is asked for it here, and no client can set it."""

FACE = "pores.face"
"""The screen that asks for the look of the pores zone by zone."""

URGENT = frozenset({"emergency", "same_day"})

QUESTION = re.compile(r"[a-z_0-9]+(?:\.[a-z_0-9]+)*")
"""The path of a question at the beginning of where a problem is."""

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody said to one question: an answer, or which of it they aren't sure of, or that they pass over it."""

    value: Any = None
    unsure: tuple[str, ...] = ()
    """The question itself, or names of options."""
    skipped: bool = False


def asked_of(path: str, knowledge: Knowledge) -> Question | None:
    """The question of a path, where a client may answer it."""
    return None if path in OURS else knowledge.of(Question).get(path)


def screen_of(path: str) -> str:
    """On which screen a question stands: its own, but for the face map."""
    return FACE if path.startswith("pores.") and path.endswith(".look") else path


def zones(knowledge: Knowledge) -> list[Question]:
    """The questions of the face map."""
    return [each for each in knowledge.of(Question).values() if screen_of(each.id) == FACE]


def flat(nested: Mapping[str, Any], knowledge: Knowledge) -> Answers:
    """Answers by path, in the order of the questionnaire."""
    found: Answers = {}
    for path in knowledge.of(Question):
        value: Any = nested
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            found[path] = value
    return found


def nested(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as an intake file holds them."""
    tree: dict[str, Any] = {}
    for path, value in answers.items():
        *folders, name = path.split(".")
        node = tree
        for folder in folders:
            node = node.setdefault(folder, {})
        node[name] = value
    return tree


def fresh(answers: Mapping[str, Any], answered_on: Mapping[str, str], *, today: date, knowledge: Knowledge) -> Answers:
    """The answers that still count: those to questions that are asked again after some days only so long."""
    return {path: value for path, value in answers.items() if not _too_old(path, answered_on, today, knowledge)}


def _too_old(path: str, answered_on: Mapping[str, str], today: date, knowledge: Knowledge) -> bool:
    days = knowledge.of(Question)[path].fresh_days
    if days is None or path not in answered_on:
        return False
    return date.fromisoformat(answered_on[path]) + timedelta(days=days) < today


class Standing:
    """Where a consultation stands on a day: what counts, what contradicts itself, what is still to be asked."""

    def __init__(
        self,
        stored: Mapping[str, Any],
        *,
        answered_on: Mapping[str, str],
        skipped: Iterable[str] = (),
        ours: Mapping[str, Any],
        today: date,
        knowledge: Knowledge,
    ) -> None:
        """Take the answers as they are stored.

        Args:
            stored: nested, as in an intake file, with ``unsure`` where there is any.
            answered_on: path to the day (ISO) on which it was answered.
            skipped: paths that were passed over.
            ours: what the clinic adds, by path (``OURS``).
            today: the clinic's day.
            knowledge: questionnaire, rules and categories.
        """
        self.knowledge, self.today = knowledge, today
        self.everything = flat(stored, knowledge)
        self.unsure = tuple(name for name in stored.get("unsure", ()) if self._known(name))
        self.skipped = frozenset(skipped)
        counting = fresh(self.everything, answered_on, today=today, knowledge=knowledge)
        self.ours = dict(ours)
        self.stale = tuple(path for path in self.everything if path not in counting)
        self.answers = {path: value for path, value in counting.items() if path not in OURS}
        self.checked = self._checked()

    @property
    def intake(self) -> dict[str, Any]:
        """Everything that counts, as an intake file holds it."""
        intake = nested({**self.answers, **self.ours})
        return {**intake, "unsure": list(self.unsure)} if self.unsure else intake

    def _checked(self) -> Answers:
        """The answers in the core's own types; one that the questionnaire no longer takes is left out."""
        try:
            return answers_of(self.intake, self.knowledge)
        except InputError as error:
            for problem in error.problems:
                self.answers.pop(question_at(problem.where), None)
            return answers_of(self.intake, self.knowledge)

    @cached_property
    def problems(self) -> list[Problem]:
        """Answers that can't all be true."""
        return contradictions(self.checked, self.knowledge, self.today)

    @cached_property
    def profile(self) -> Profile:
        """What is known so far, contradictions or not."""
        return profile_of(self.checked, knowledge=self.knowledge, today=self.today)

    @cached_property
    def urgent(self) -> tuple[Referred, ...]:
        """What can't wait for the end of the consultation."""
        found = assess(self.profile, knowledge=self.knowledge, today=self.today).referrals
        return tuple(each for each in found if each.urgency in URGENT)

    @cached_property
    def open(self) -> list[OpenQuestion]:
        """Questions still to be put, the most telling first: neither passed over nor left unsure."""
        passed = {*self.skipped, *(self._question_of(name) for name in self.unsure)}
        questions = open_questions(self.profile, knowledge=self.knowledge)
        return [each for each in questions if each.path not in passed and each.path not in OURS]

    def _question_of(self, name: str) -> str:
        return name if name in self.knowledge.of(Question) else name.rpartition(".")[0]

    def _known(self, name: str) -> bool:
        """Whether the questionnaire still has a question, or an option, that somebody was unsure of."""
        question = self.knowledge.of(Question).get(self._question_of(name))
        return question is not None and (name == question.id or name.rpartition(".")[2] in question.options)

    @cached_property
    def likely_left(self) -> int:
        """How many screens are likely still to come; those that hang on an answer to come are not counted."""
        return len({screen_of(each.path) for each in self.open if self._surely_arises(each.path)})

    def _surely_arises(self, path: str) -> bool:
        condition = self.knowledge.of(Question)[path].ask_when
        if condition is None:
            return True
        truth = evidence_of(self.profile, self.knowledge).truth(condition)
        return spans.contains(truth.yes, self.today.toordinal())

    def next_screen(self, after: str | None = None) -> str | None:
        """The screen to show now; None when everything was asked.

        What contradicts itself comes first, then safety; a section that was begun is gone through in the order of the
        questionnaire, because its questions speak of each other.
        """
        wrong = next((question_at(each.where) for each in self.problems), None)
        if wrong and asked_of(wrong, self.knowledge):
            return screen_of(wrong)
        return next(self._in_order(after), None)

    def _in_order(self, after: str | None) -> Iterator[str]:
        if not self.open:
            return
        first = self.open[0]
        if first.path in ALWAYS_ASKED:
            yield screen_of(first.path)
        same = {each.path for each in self.open if each.safety == first.safety}
        questions = self.knowledge.of(Question)
        begun = zones(self.knowledge)[0].id if after == FACE else after
        sections = [questions[path].section for path in (begun, first.path) if path and path in questions]
        for section in sections:
            yield from (screen_of(path) for path in questions if path in same and questions[path].section == section)


def question_at(where: str) -> str:
    """The question that a problem is about: ``health.medicines`` for ``health.medicines[0].stop``."""
    found = QUESTION.match(where)
    return found.group() if found else where


def own_problems(standing: Standing, paths: Iterable[str]) -> list[Problem]:
    """What is wrong with the answers to some questions; raised before they are stored."""
    asked = set(paths)
    try:
        given = {path: value for path, value in standing.everything.items() if path in asked}
        answers_of(nested(given), standing.knowledge)
    except InputError as error:
        return list(error.problems)
    return [each for each in standing.problems if question_at(each.where) in asked]
