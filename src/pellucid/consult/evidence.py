"""What a condition is worth for one profile: compiled once for the knowledge, worked out once for the person."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pellucid.consult.dated import RECORD_QUESTIONS
from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.expressions import AllOf, AnyOf, Atom, Compare, Expression, Not
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.schema.rules import Signal
from pellucid.model import spans
from pellucid.model.dates import birthday
from pellucid.model.ids import AnswerPath
from pellucid.model.profile import Profile
from pellucid.model.spans import FUTURE, PAST, as_date
from pellucid.model.truth import NO, UNKNOWN, YES, Truth, both, either, negate, truth

Holds = Callable[["Evidence"], Truth]

INSTRUMENTS = "instruments."
"""Section of the questions that only a device can answer."""

ALWAYS_LOOKED_AT = "(always looked at)"
"""Stands among a condition's names for a ``not``, which is true where nothing is told."""

AGE = "person.age"
BIRTH_DATE = "person.birth_date"
PHOTOTYPE_QUESTIONS = (
    AnswerPath("person.unexposed_skin"),
    AnswerPath("person.burns"),
    AnswerPath("person.tans"),
)


class Condition(NamedTuple):
    """A compiled condition."""

    holds: Holds
    names: frozenset[str]
    """Names and comparisons of which at least one must be possible for the condition to be."""


class Evidence:
    """One profile seen through one knowledge base; conditions that were worked out are kept."""

    __slots__ = ("facts", "knowledge", "known", "measured", "possible", "profile", "tallies")

    def __init__(self, profile: Profile, knowledge: Knowledge) -> None:
        """Start with what the answers settle."""
        self.profile = profile
        self.knowledge = knowledge
        self.facts = profile.facts
        self.known: dict[str, Truth] = {}
        """Signals and comparisons, once they were worked out."""
        self.possible = self._possible()
        self.tallies: Any = None
        """Points of every category, once ``consult.score`` has added them up."""
        self.measured = any(path.startswith(INSTRUMENTS) for path in profile.numbers)

    def supposing(self, profile: Profile, names: frozenset[str]) -> "Evidence":
        """The same person with other facts for these names; what doesn't hang on them is not worked out again."""
        other = object.__new__(Evidence)
        other.profile, other.knowledge, other.facts = profile, self.knowledge, profile.facts
        touched = {key for key in self.known if key.startswith("signal.") and _touches(key, names, self.knowledge)}
        other.known = {key: value for key, value in self.known.items() if key not in touched}
        signals = (f"signal.{name}" for name in self.knowledge.of(Signal))
        may_hold = {name for name in signals if _touches(name, names, self.knowledge)}
        other.possible = self.possible | names | may_hold
        other.tallies = None
        other.measured = self.measured
        return other

    def truth(self, when: str) -> Truth:
        """On which days a condition holds, and on which nobody knows."""
        return condition(when, self.knowledge).holds(self)

    def rule(self, when: str) -> Truth:
        """As ``truth``, for a condition of the knowledge base: most are ruled out at a glance."""
        return self.worth(condition(when, self.knowledge))

    def worth(self, condition: Condition) -> Truth:
        """What a condition of the knowledge base is worth; most are ruled out by one look at what is possible."""
        if condition.names.isdisjoint(self.possible):
            return NO
        return condition.holds(self)

    def _possible(self) -> frozenset[str]:
        """Every name and comparison that is true on some day or not known."""
        atoms, comparisons = _vocabulary(self.knowledge)
        ruled_out = [name for name, truth in self.profile.facts.items() if truth is NO]
        told = {key for key, holds in comparisons.items() if holds(self) is not NO}
        self.possible = atoms.difference(ruled_out) | told
        signals = (f"signal.{name}" for name in self.knowledge.of(Signal))
        silent = [name for name in signals if self.name(name) is NO]
        return self.possible.difference(silent)

    def name(self, name: str) -> Truth:
        """The truth of one name; signals are worked out the first time."""
        found = self.facts.get(name) or self.known.get(name)
        if found is None:
            if not name.startswith("signal."):
                return UNKNOWN
            found = self.known[name] = self.truth(self.knowledge.of(Signal)[name[7:]].when)
        return found

    def bounds(self, path: str) -> tuple[float, float]:
        """The lowest and highest value a number can have, given the answers."""
        found = self.profile.numbers.get(path)
        if found is not None:
            return found
        question = self.knowledge.of(Question).get(path)
        low = question.minimum if question and question.minimum is not None else float("-inf")
        high = question.maximum if question and question.maximum is not None else float("inf")
        return low, high


def evidence_of(profile: Profile, knowledge: Knowledge) -> Evidence:
    """The profile seen through the knowledge, worked out once for both."""
    found: Evidence | None = profile.memo.get(knowledge.digest)
    if found is None:
        found = profile.memo[knowledge.digest] = Evidence(profile, knowledge)
    return found


def mentioned(when: str, knowledge: Knowledge) -> frozenset[str]:
    """Every name that a condition hangs on, those of its signals included."""
    memo: dict[str, frozenset[str]] = knowledge.memo.setdefault("mentioned", {})
    found = memo.get(when)
    if found is None:
        found = memo[when] = frozenset(name for name, _ in questions_behind(when, knowledge))
    return found


def _touches(signal: str, names: frozenset[str], knowledge: Knowledge) -> bool:
    """Whether a signal hangs on one of these names."""
    return not names.isdisjoint(mentioned(knowledge.of(Signal)[signal[7:]].when, knowledge))


def condition(when: str, knowledge: Knowledge) -> Condition:
    """A condition's text as a function, compiled once for this knowledge."""
    memo: dict[str, Condition] = knowledge.memo.setdefault("conditions", {})
    found = memo.get(when)
    if found is None:
        expression = expressions.parse(when)
        found = memo[when] = Condition(_compile(expression), _needed(expression))
    return found


def _vocabulary(knowledge: Knowledge) -> tuple[frozenset[str], dict[str, Holds]]:
    """Every name that conditions use, and every comparison of numbers in any condition of the knowledge base."""
    found: tuple[frozenset[str], dict[str, Holds]] | None = knowledge.memo.get("vocabulary")
    if found is None:
        comparisons = {
            _key(compare): _compile(compare)
            for when in knowledge.conditions
            for compare in expressions.comparisons(expressions.parse(when))
        }
        found = knowledge.memo["vocabulary"] = Names(knowledge).atoms | {ALWAYS_LOOKED_AT}, comparisons
    return found


def _key(compare: Compare) -> str:
    return f"{' + '.join(compare.paths)} {compare.operator} {compare.number:g}"


def _needed(expression: Expression) -> frozenset[str]:
    match expression:
        case Atom(path=path):
            return frozenset({path})
        case Compare():
            return frozenset({_key(expression)})
        case Not():
            return frozenset({ALWAYS_LOOKED_AT})
        case AnyOf(parts=parts) | AllOf(parts=parts):
            return frozenset().union(*(_needed(part) for part in parts))


def _compile(expression: Expression) -> Holds:
    match expression:
        case Atom(path=path):
            return lambda evidence: evidence.facts.get(path) or evidence.name(path)
        case Not(part=part):
            inner = _compile(part)
            return lambda evidence: negate(inner(evidence))
        case AnyOf(parts=parts):
            return _joined([_compile(part) for part in parts], either, YES)
        case AllOf(parts=parts):
            return _joined([_compile(part) for part in parts], both, NO)
        case Compare():
            return _compare(expression)


def _joined(parts: list[Holds], join: Callable[[Truth, Truth], Truth], settled: Truth) -> Holds:
    first, *rest = parts

    def joined(evidence: Evidence) -> Truth:
        result = first(evidence)
        for part in rest:
            if result is settled:
                return result
            result = join(result, part(evidence))
        return result

    return joined


def _compare(compare: Compare) -> Holds:
    """Comparisons recur in many conditions, so each is kept once it was worked out for a person."""
    work_out = _age if compare.paths == (AGE,) else _sum
    key = _key(compare)

    def compared(evidence: Evidence) -> Truth:
        found = evidence.known.get(key)
        if found is None:
            found = evidence.known[key] = work_out(evidence, compare)
        return found

    return compared


def _sum(evidence: Evidence, compare: Compare) -> Truth:
    low = high = 0.0
    for path in compare.paths:
        least, most = evidence.bounds(path)
        low += least
        high += most
    at_low = _holds(low, compare.operator, compare.number)
    if at_low is not _holds(high, compare.operator, compare.number):
        return UNKNOWN
    return YES if at_low else NO


def _holds(value: float, operator: str, number: float) -> bool:
    match operator:
        case "<":
            return value < number
        case "<=":
            return value <= number
        case ">":
            return value > number
        case _:
            return value >= number


def _age(evidence: Evidence, compare: Compare) -> Truth:
    """Age changes on a birthday; where only the age is known, the birthday is unknown within a year."""
    born = evidence.profile.born
    if born is None:
        return UNKNOWN
    turns = int(compare.number) + (compare.operator in {"<=", ">"})
    first, last = (_birthday(day, turns) for day in born)
    younger = truth(((PAST, first),), ((first, last),) if first < last else ())
    return younger if compare.operator in {"<", "<="} else negate(younger)


def _birthday(day: int, age: int) -> int:
    born = as_date(day)
    return birthday(born, age).toordinal() if born else FUTURE


def questions_behind(when: str, knowledge: Knowledge) -> tuple[tuple[str, tuple[AnswerPath, ...]], ...]:
    """Each name in a condition with the questions that would settle it; signals are followed to their own names."""
    memo: dict[str, tuple[tuple[str, tuple[AnswerPath, ...]], ...]] = knowledge.memo.setdefault("behind", {})
    found = memo.get(when)
    if found is None:
        found = memo[when] = tuple(dict.fromkeys(_behind(when, knowledge)))
    return found


def _behind(when: str, knowledge: Knowledge) -> Iterator[tuple[str, tuple[AnswerPath, ...]]]:
    expression = expressions.parse(when)
    records = {exposure.partition(".")[0] for exposure in knowledge.of(Exposure)}
    for name in expressions.atoms(expression):
        section = name.partition(".")[0]
        if section == "signal":
            yield from _behind(knowledge.of(Signal)[name[7:]].when, knowledge)
        elif section in records:
            yield name, (AnswerPath(RECORD_QUESTIONS[section]),)
        else:
            yield name, (AnswerPath(Names.question_of(name)),)
    for name in expressions.numbers(expression):
        yield name, PHOTOTYPE_QUESTIONS if name == "phototype" else (AnswerPath(name),)


def open_questions(when: str, evidence: Evidence) -> tuple[AnswerPath, ...]:
    """The questions whose answers would settle what a condition leaves unknown."""
    paths: dict[AnswerPath, None] = {}
    answered = evidence.profile.answers
    for name, questions in questions_behind(when, evidence.knowledge):
        if name == AGE:
            if evidence.profile.born is None or _age_still_open(when, evidence):
                paths[AnswerPath(BIRTH_DATE if AGE in answered else AGE)] = None
        elif name in evidence.profile.numbers:
            if evidence.bounds(name)[0] != evidence.bounds(name)[1]:
                paths.update((path, None) for path in questions if path not in answered)
        elif name not in evidence.profile.facts or evidence.profile.facts[name].unknown:
            paths.update((path, None) for path in questions)
    return tuple(paths)


def _age_still_open(when: str, evidence: Evidence) -> bool:
    """Whether an age limit in the condition falls into the year in which the birthday isn't known."""
    today = evidence.profile.today.toordinal()
    compares = (each for each in expressions.comparisons(expressions.parse(when)) if each.paths == (AGE,))
    unknown = (_age(evidence, each).unknown for each in compares)
    return any(days and days[-1][1] > today for days in unknown)


def names_that_hold(when: str, evidence: Evidence, *, lasting: int = 0) -> tuple[str, ...]:
    """The names in a condition that make it true today, or did up to ``lasting`` days ago.

    Signals are followed to the answers behind them.
    """
    return tuple(dict.fromkeys(_holding(expressions.parse(when), evidence, lasting)))


def _holding(expression: Expression, evidence: Evidence, lasting: int) -> Iterator[str]:
    match expression:
        case Atom(path=path) if path.startswith("signal."):
            when = evidence.knowledge.of(Signal)[path[7:]].when
            yield from _holding(expressions.parse(when), evidence, lasting)
        case Atom(path=path):
            if holds_today(evidence.name(path).dilated(0, lasting), evidence):
                yield path
        case Compare(paths=paths):
            if holds_today(_compile(expression)(evidence), evidence):
                yield from paths
        case AnyOf(parts=parts) | AllOf(parts=parts):
            for part in parts:
                yield from _holding(part, evidence, lasting)


def holds_today(truth: Truth, evidence: Evidence) -> bool:
    """Whether something is true on the profile's day."""
    return spans.contains(truth.yes, evidence.profile.today.toordinal())


def open_today(truth: Truth, evidence: Evidence) -> bool:
    """Whether nobody knows on the profile's day."""
    return spans.contains(truth.unknown, evidence.profile.today.toordinal())
