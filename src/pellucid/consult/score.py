"""The transparent additive score: points for each category, how sure, and which answer would change it most.

Confidence of a choice between categories is the share of the deciding weight that is answered, times how clear the
lead is; of a category on its own axis, how far the points lie from the threshold. Both run from 0 to 1 and are
working figures, not probabilities.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pellucid.consult.evidence import ALWAYS_LOOKED_AT, INSTRUMENTS, Condition, Evidence, condition, questions_behind
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Category, Cause, LookAlike, Modifier, PoreType, SkinType
from pellucid.model import spans
from pellucid.model.assessment import Finding, Point
from pellucid.model.ids import AnswerPath
from pellucid.model.truth import NO, UNKNOWN, YES

SCORED: tuple[type[Category], ...] = (SkinType, Modifier, PoreType, Cause, LookAlike)
"""Kinds of record that are found by points."""


class CompiledPoint(NamedTuple):
    """One weight, ready to be worked out."""

    category: str
    point: Point
    weight: float
    rule: Condition
    question: AnswerPath


class Sheet(NamedTuple):
    """Every weight of a knowledge base, found by the name that makes it possible, so that few have to be looked at."""

    by_name: Mapping[str, tuple[CompiledPoint, ...]]
    names: frozenset[str]
    others: tuple[CompiledPoint, ...]
    """Weights whose condition is not a single name or comparison."""
    readings: tuple[CompiledPoint, ...]
    """Weights of instrument readings, which count where they are there and are no open question where not."""
    empty: Mapping[str, "Tally"]
    """Each category's tally where nothing was told for or against it."""


class Tally(NamedTuple):
    """The points of one category for one person."""

    category: str
    points: float
    because: tuple[Point, ...]
    unknown: Mapping[AnswerPath, tuple[float, float]]
    """Open question to the least and the most it could still add."""
    reach: float
    """Sum of the largest absolute weight of each question."""
    added: Mapping[AnswerPath, float]
    """Answered question to what it added, where it added something."""


class _Count:
    """A tally in the making."""

    __slots__ = ("added", "because", "unknown")

    def __init__(self) -> None:
        self.because: list[Point] = []
        self.added: dict[AnswerPath, list[float]] = {}
        self.unknown: dict[AnswerPath, tuple[float, float]] = {}


def tallies(evidence: Evidence) -> Mapping[str, Tally]:
    """Every category's points for one person, as of the profile's day, by the category's ref."""
    found: Mapping[str, Tally] | None = evidence.tallies
    if found is None:
        found = evidence.tallies = _tallies(evidence)
    return found


def tally(category: Category, evidence: Evidence) -> Tally:
    """One category's points for one person."""
    return tallies(evidence)[category.ref]


def _tallies(evidence: Evidence) -> dict[str, Tally]:
    today = evidence.profile.today.toordinal()
    sheet = _sheet(evidence.knowledge)
    counts: dict[str, _Count] = {}
    for category, point, weight, rule, question in _possible(sheet, evidence):
        truth = rule.holds(evidence)
        if truth is NO:
            continue
        count = counts.get(category)
        if count is None:
            count = counts[category] = _Count()
        if truth is YES or spans.contains(truth.yes, today):
            count.because.append(point)
            count.added.setdefault(question, []).append(weight)
        elif truth is UNKNOWN or spans.contains(truth.unknown, today):
            low, high = count.unknown.get(question, (0.0, 0.0))
            count.unknown[question] = min(low, weight), max(high, weight)
    return {**sheet.empty, **{ref: _tally(sheet.empty[ref], count) for ref, count in counts.items()}}


def _tally(empty: Tally, count: _Count) -> Tally:
    """The sum is exact, so that it does not depend on the order in which answers were looked at."""
    if len(count.because) > 1:
        count.because.sort(key=lambda point: (-abs(point.weight), point.rule))
    added = {question: math.fsum(weights) for question, weights in count.added.items()}
    total = math.fsum(point.weight for point in count.because)
    return Tally(empty.category, total, tuple(count.because), count.unknown, empty.reach, added)


def _possible(sheet: Sheet, evidence: Evidence) -> Iterator[CompiledPoint]:
    """The weights that can hold at all, each once."""
    for name in sheet.names & evidence.possible:
        yield from sheet.by_name[name]
    yield from sheet.others
    if evidence.measured:
        yield from sheet.readings


def _sheet(knowledge: Knowledge) -> Sheet:
    found: Sheet | None = knowledge.memo.get("sheet")
    if found is None:
        categories = [each for kind in SCORED for each in knowledge.of(kind).values()]
        points = [point for category in categories for point in _points(category, knowledge)]
        readings = tuple(each for each in points if each.question.startswith(INSTRUMENTS))
        told = [each for each in points if not each.question.startswith(INSTRUMENTS)]
        by_name: dict[str, tuple[CompiledPoint, ...]] = {}
        for each in told:
            name = _single(each.rule)
            if name:
                by_name[name] = (*by_name.get(name, ()), each)
        others = tuple(each for each in told if not _single(each.rule))
        empty = {each.ref: Tally(each.id, 0.0, (), {}, _reach(each.ref, told), {}) for each in categories}
        found = knowledge.memo["sheet"] = Sheet(by_name, frozenset(by_name), others, readings, empty)
    return found


def _points(category: Category, knowledge: Knowledge) -> Iterator[CompiledPoint]:
    for number, weight in enumerate(category.points):
        point = Point(f"{category.ref}.points[{number}]", weight.when, weight.weight, weight.source)
        question = questions_behind(weight.when, knowledge)[0][1][0]
        yield CompiledPoint(category.ref, point, weight.weight, condition(weight.when, knowledge), question)


def _reach(category: str, points: Iterable[CompiledPoint]) -> float:
    most: dict[AnswerPath, float] = {}
    for each in points:
        if each.category == category:
            most[each.question] = max(most.get(each.question, 0.0), abs(each.weight))
    return math.fsum(most.values())


def _single(rule: Condition) -> str | None:
    """The one name or comparison that a condition needs, if it is that simple."""
    return next(iter(rule.names)) if len(rule.names) == 1 and ALWAYS_LOOKED_AT not in rule.names else None


def lead_confidence(first: Tally, second: Tally | None) -> float:
    """How sure a choice is: the answered share of the weight, times the lead's share of the winner's points."""
    if first.points <= 0:
        return 0.0
    open_weight = sum(max(abs(low), abs(high)) for low, high in first.unknown.values())
    answered = 1 - open_weight / first.reach if first.reach else 0.0
    lead = (first.points - max(0.0, second.points)) / first.points if second else 1.0
    return round(answered * (0.5 + 0.5 * lead), 2)


def threshold_confidence(counted: Tally, threshold: float) -> float:
    """How sure it is that a category on its own axis holds: points beyond the threshold, open weight against it."""
    worst = counted.points + sum(low for low, _ in counted.unknown.values())
    best = counted.points + sum(high for _, high in counted.unknown.values())
    if best <= worst:
        return round(min(1.0, counted.points / (2 * threshold)), 2)
    share = (best - threshold) / (best - worst) if worst < threshold else 1.0
    return round(min(1.0, share * min(1.0, 0.5 + counted.points / (4 * threshold))), 2)


def most_telling(tallies: Sequence[Tally]) -> AnswerPath | None:
    """The single answer that would change the first tally most against the second (or against zero).

    Open questions are compared by how far they could still move the lead; where none is open, the answered question
    that carries most of it.
    """
    first, *rest = tallies
    second = rest[0] if rest else None
    open_swing = {path: _swing(path, first, second) for path in {**first.unknown, **(second.unknown if second else {})}}
    if open_swing:
        return _largest(open_swing)
    others = second.added if second else {}
    return _largest(
        {path: abs(first.added.get(path, 0.0) - others.get(path, 0.0)) for path in {**first.added, **others}}
    )


def _swing(path: AnswerPath, first: Tally, second: Tally | None) -> float:
    low, high = first.unknown.get(path, (0.0, 0.0))
    other_low, other_high = second.unknown.get(path, (0.0, 0.0)) if second else (0.0, 0.0)
    return max(abs(low - other_high), abs(high - other_low))


def _largest(weights: Mapping[AnswerPath, float]) -> AnswerPath | None:
    return min(weights, key=lambda path: (-weights[path], path)) if weights else None


def finding(
    kind: str, counted: Tally, confidence: float, rivals: Iterable[Tally] = (), *, secondary: bool = False
) -> Finding:
    """A finding from its tally."""
    return Finding(
        kind=kind,
        id=counted.category,
        points=round(counted.points, 2),
        confidence=confidence,
        because=counted.because,
        would_change=most_telling([counted, *rivals]),
        secondary=secondary,
    )
