"""What is known of a person on a day, worked out a second time: from the answers and the dated facts alone.

``naive.py`` screens with it. There are no runs of days here: a condition is asked of one day, and comes to True, False
or None for "nobody knows".
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.expressions import AllOf, AnyOf, Atom, Compare, Expression, Not
from pellucid.knowledge.schema.people import Exposure, PhototypePoint, Question
from pellucid.knowledge.schema.rules import Signal
from pellucid.model.dates import age_on
from pellucid.model.profile import DatedFact, Profile

Known = bool | None
PHOTOTYPES = ("i", "ii", "iii", "iv", "v", "vi")


def any_of(values: Iterator[Known]) -> Known:
    """Kleene's or: one True settles it; else one None leaves it open."""
    found = list(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterator[Known]) -> Known:
    """Kleene's and: one False settles it; else one None leaves it open."""
    found = list(values)
    return False if False in found else None if None in found else True


def _on(fact: DatedFact, day: date) -> Known:
    """Whether a dated fact was so on a day."""
    number = day.toordinal()
    if any(start <= number < end for start, end in fact.days.yes):
        return True
    return None if any(start <= number < end for start, end in fact.days.unknown) else False


class Person:
    """What is known of one person on one day, from answers and dated facts alone."""

    def __init__(self, profile: Profile, knowledge: Knowledge) -> None:
        self.profile = profile
        self.knowledge = knowledge
        self.answers: dict[str, Any] = {str(path): value for path, value in profile.answers.items()}
        self.lists = {str(each.record): each.id for each in knowledge.of(Question).values() if each.record}
        self.unsure = set(self._doubts())
        self._seen: dict[tuple[str, date], Known] = {}
        self._births = list(self._possible_births())
        self._skin = self._phototype()

    def holds(self, when: str, day: date) -> Known:
        """Whether a condition holds on a day."""
        key = (when, day)
        if key not in self._seen:
            self._seen[key] = self._worth(expressions.parse(when), day)
        return self._seen[key]

    def _worth(self, expression: Expression, day: date) -> Known:
        match expression:
            case Atom(path=path):
                return self._name(path, day)
            case Not(part=part):
                worth = self._worth(part, day)
                return None if worth is None else not worth
            case AnyOf(parts=parts):
                return any_of(self._worth(part, day) for part in parts)
            case AllOf(parts=parts):
                return all_of(self._worth(part, day) for part in parts)
            case Compare():
                return self._compare(expression, day)

    def _name(self, name: str, day: date) -> Known:
        section, _, rest = name.partition(".")
        if section == "signal":
            return self.holds(self.knowledge.of(Signal)[rest].when, day)
        if section in self.lists:
            return self._dated(section, name, day)
        question, _, option = name.rpartition(".")
        path = name if name in self.knowledge.of(Question) else question
        given = self.answers.get(path)
        if given is True or given == option or (isinstance(given, list) and option in given):
            return True
        if given is None and not self._arises(path):
            return False
        return None if given is None or self.unsure & {name, path} else False

    def _arises(self, path: str) -> bool:
        """Whether a question is one for this person at all: breastfeeding is none where pregnancy can't be."""
        ask_when = self.knowledge.of(Question)[path].ask_when
        return ask_when is None or self.holds(ask_when, self.profile.today) is not False

    def _doubts(self) -> Iterator[str]:
        """What they are unsure of; of a kind of medicine, that means its members and the groups of these too."""
        for name in self.answers.get("unsure", ()):
            yield name
            for exposure in self.knowledge.of(Exposure).values():
                record = exposure.id.partition(".")[0]
                classes = {exposure.id, *(f"{record}.{group}" for group in exposure.groups)}
                if name in classes:
                    yield from classes
                if name == self.lists[record]:
                    yield from (*classes, f"{record}.unrecognised")

    def _dated(self, record: str, name: str, day: date) -> Known:
        """Something told settles a day; otherwise a list that nobody filled in, or doubt, leaves it open."""
        told: list[Known] = [None] if self.lists[record] not in self.answers or name in self.unsure else []
        for fact in self.profile.dated:
            on = _on(fact, day)
            if name in (fact.classes or (f"{fact.record}.unrecognised",)):
                told.append(on)
            elif record == fact.record == "active" and not fact.classes and on is not False:
                told.append(None)  # a product that nobody recognised may hold any active
        return any_of(iter(told))

    def _compare(self, compare: Compare, day: date) -> Known:
        low = sum(self._bounds(path, day)[0] for path in compare.paths)
        high = sum(self._bounds(path, day)[1] for path in compare.paths)
        results = {_is(value, compare.operator, compare.number) for value in (low, high)}
        return results.pop() if len(results) == 1 else None

    def _bounds(self, path: str, day: date) -> tuple[float, float]:
        if path == "phototype":
            return self._skin
        if path == "person.age" and self._births:
            return age_on(self._births[-1], day), age_on(self._births[0], day)
        if path in self.answers and path != "person.age":
            return self.answers[path], self.answers[path]
        question = self.knowledge.of(Question)[path]
        return question.minimum or 0, float("inf") if question.maximum is None else question.maximum

    def _possible_births(self) -> Iterator[date]:
        """Every day on which someone of that age may have been born, in order."""
        born, age, asked = (
            self.answers.get("person.birth_date"),
            self.answers.get("person.age"),
            self.profile.answered_on,
        )
        if born is not None:
            yield born
        elif age is not None:
            start = asked - timedelta(days=366 * (age + 2))
            yield from (
                day
                for day in (start + timedelta(days=n) for n in range((asked - start).days + 1))
                if age_on(day, asked) == age
            )

    def _phototype(self) -> tuple[float, float]:
        stated = self.answers.get("person.phototype")
        if stated:
            return PHOTOTYPES.index(stated) + 1, PHOTOTYPES.index(stated) + 1
        low = high = weights = 0.0
        points = self.knowledge.of(PhototypePoint).values()
        questions = {point.when.rpartition(".")[0] for point in points}
        for question in sorted(questions):
            mine = [point for point in points if point.when.rpartition(".")[0] == question]
            given = [point for point in mine if point.when == f"{question}.{self.answers.get(question)}"] or mine
            low += given[0].weight * min(point.place for point in given)
            high += given[0].weight * max(point.place for point in given)
            weights += given[0].weight
        if not questions & self.answers.keys():
            return 1, 6
        return _half_up(low / weights), _half_up(high / weights)


def _half_up(mean: float) -> float:
    return min(6, max(1, int(mean + 0.5)))


def _is(value: float, operator: str, number: float) -> bool:
    return {"<": value < number, "<=": value <= number, ">": value > number, ">=": value >= number}[operator]
