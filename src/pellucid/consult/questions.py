"""Which questions are still worth asking: only those whose answer can change the outcome, most telling first.

A question matters for screening if a rule of a treatment in view is not settled without it and could make that
treatment's status worse than it surely is; for assessment, if it holds open weight of a category that could win.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pellucid.consult import evidence as known
from pellucid.consult.evidence import Evidence
from pellucid.consult.rules import compiled
from pellucid.consult.score import Tally, tally
from pellucid.consult.screen import Screening, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema.people import (
    Category,
    Cause,
    Concern,
    LookAlike,
    Modifier,
    PoreType,
    Question,
    Referral,
    Severity,
    SkinType,
)
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.profile import Profile

PHOTOTYPE_QUESTIONS = ("person.unexposed_skin", "person.burns", "person.tans", "person.freckles")

UNSURE = AnswerPath("unsure")

ALWAYS_ASKED = ("person.age", "wishes.goals")
"""Where a consultation starts: who it is, roughly, and what they want."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question worth asking, and what its answer could settle."""

    path: AnswerPath
    treatments: tuple[str, ...]
    """Treatments whose status it could change."""
    findings: tuple[str, ...]
    """Findings it could change, as kind.id."""
    safety: bool


def open_questions(
    profile: Profile,
    *,
    treatments: Iterable[str] | None = None,
    performer: Level | None = None,
    knowledge: Knowledge,
) -> tuple[OpenQuestion, ...]:
    """Every question still worth asking: safety first, then by how many treatments and findings hang on it.

    Args:
        profile: the answers so far.
        treatments: the treatments in view; all that are offered where left out.
        performer: whose level counts; each treatment's usual one where left out.
        knowledge: the questionnaire, rules and categories.
    """
    in_view = list(treatments) if treatments is not None else _offered(knowledge)
    screening = Screening(profile, knowledge)
    hangs: dict[AnswerPath, tuple[set[str], set[str]]] = {}
    for treatment in in_view:
        for path in _settling(treatment, screening, performer, knowledge):
            hangs.setdefault(path, (set(), set()))[0].add(treatment)
    for path, found in _finding_questions(screening.evidence):
        hangs.setdefault(path, (set(), set()))[1].add(found)
    for first in ALWAYS_ASKED:
        hangs.setdefault(AnswerPath(first), (set(), set()))
    questions = knowledge.of(Question)
    asked = [
        OpenQuestion(path, tuple(sorted(settles)), tuple(sorted(found)), questions[path].safety)
        for path, (settles, found) in hangs.items()
        if not _settled(path, profile) and _may_be_asked(questions[path], screening.evidence)
    ]
    return tuple(sorted(asked, key=_order))


def _order(question: OpenQuestion) -> tuple[bool, bool, int, int, str]:
    first = question.path in ALWAYS_ASKED
    return not first, not question.safety, -len(question.treatments), -len(question.findings), question.path


def _offered(knowledge: Knowledge) -> list[str]:
    return [treatment.id for treatment in knowledge.of(Treatment).values() if treatment.offered]


def _settled(path: AnswerPath, profile: Profile) -> bool:
    """Whether it was answered, or another answer says it: a birth date the age, a phototype the four questions."""
    if path in profile.answers:
        return path not in {Names.question_of(name) for name in profile.answers.get(UNSURE, ())}
    if path == known.AGE:
        return profile.born is not None
    return path in PHOTOTYPE_QUESTIONS and AnswerPath("person.phototype") in profile.answers


def _may_be_asked(question: Question, evidence: Evidence) -> bool:
    if question.volunteer:
        return False
    if question.ask_when is None:
        return True
    truth = evidence.truth(question.ask_when)
    return spans.contains(spans.union(truth.yes, truth.unknown), evidence.profile.today.toordinal())


def _settling(
    treatment: str, screening: Screening, performer: Level | None, knowledge: Knowledge
) -> Iterator[AnswerPath]:
    """Questions of unsettled rules that could make the treatment worse than it surely is today."""
    record = knowledge.get(Treatment, treatment)
    level = usual_performer(record, performer)
    decision = screening.decide(treatment, on=screening.profile.today, performer=level)
    sure = max((reason.status for reason in decision.reasons if not reason.asks), default=Status.ALLOWED)
    worst = _worst(level, knowledge)
    for reason in decision.reasons:
        could_be = Status.CAUTION if reason.part else worst.get(reason.rule, reason.status)
        if reason.asks and could_be > sure:
            yield from reason.asks


def _worst(level: Level, knowledge: Knowledge) -> dict[str, Status]:
    """The worst that each rule can come to at a level."""
    memo: dict[Level, dict[str, Status]] = knowledge.memo.setdefault("worst", {})
    if level not in memo:
        found: dict[str, Status] = {}
        for rule in compiled(knowledge):
            found[rule.ref] = max(found.get(rule.ref, Status.ALLOWED), rule.effect[level], rule.then)
        memo[level] = found
    return memo[level]


def _finding_questions(evidence: Evidence) -> Iterator[tuple[AnswerPath, str]]:
    knowledge = evidence.knowledge
    yield from _contenders(knowledge.of(SkinType).values(), evidence)
    yield from _contenders(knowledge.of(PoreType).values(), evidence)
    thresholds: tuple[Modifier | Cause | LookAlike, ...] = (
        *knowledge.of(Modifier).values(),
        *knowledge.of(Cause).values(),
        *knowledge.of(LookAlike).values(),
    )
    for category in thresholds:
        counted = tally(category, evidence)
        best = counted.points + sum(high for _, high in counted.unknown.values())
        if counted.points < category.threshold <= best:
            yield from ((path, category.ref) for path, (low, high) in counted.unknown.items() if low or high)
    conditions: tuple[Concern | Referral | Severity, ...] = (
        *knowledge.of(Concern).values(),
        *knowledge.of(Referral).values(),
        *knowledge.of(Severity).values(),
    )
    for record in conditions:
        if evidence.truth(record.when).unknown:
            yield from ((path, record.ref) for path in known.open_questions(record.when, evidence))


def _contenders(categories: Iterable[Category], evidence: Evidence) -> Iterator[tuple[AnswerPath, str]]:
    """Open questions that could still bring a category to the top of its kind, or the leader down."""
    counted = {category.ref: tally(category, evidence) for category in categories}
    leader = max(counted, key=lambda ref: counted[ref].points)
    least = counted[leader].points + sum(low for low, _ in counted[leader].unknown.values())
    rivals = [ref for ref in counted if ref != leader and _best(counted[ref]) > max(0.0, least)]
    for ref in [leader, *rivals] if rivals or counted[leader].points <= 0 else []:
        if _best(counted[ref]) > 0:
            yield from ((path, ref) for path, (low, high) in counted[ref].unknown.items() if low or high)


def _best(counted: Tally) -> float:
    return counted.points + sum(high for _, high in counted.unknown.values())
