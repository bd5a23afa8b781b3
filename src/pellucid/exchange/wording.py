"""Conditions, dates and numbers in words, in the language of the report."""

from datetime import date

from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.expressions import AllOf, AnyOf, Atom, Compare, Expression, Not
from pellucid.knowledge.names import UNRECOGNISED, Names
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.texts import Texts


def day(value: date, texts: Texts) -> str:
    """A date in words: ``18 March 2026`` or ``2026年3月18日``."""
    month = texts.phrase(f"month.{value.month}")
    return texts.phrase("date.full", day=value.day, month=month, year=value.year)


def number(value: float) -> str:
    """A number without needless noughts."""
    return f"{value:g}"


def question(path: str, texts: Texts) -> str:
    """The words of a question."""
    return texts.get(f"question.{path}", "ask")


class Wording:
    """Turns the conditions of one knowledge base into words of one language."""

    def __init__(self, knowledge: Knowledge, texts: Texts) -> None:
        """Remember where names and words come from."""
        self.knowledge = knowledge
        self.texts = texts

    def condition(self, when: str) -> str:
        """A condition in words: the answers that make it true."""
        return self._words(expressions.parse(when))

    def _words(self, expression: Expression) -> str:
        match expression:
            case Atom(path=path):
                return self.name(path)
            case Not(part=part):
                return self.texts.phrase("words.not", what=self._inner(part))
            case AnyOf(parts=parts):
                return self.texts.phrase("words.or").join(self._inner(part) for part in parts)
            case AllOf(parts=parts):
                return self.texts.phrase("words.and").join(self._inner(part) for part in parts)
            case Compare(paths=paths, operator=operator, number=limit):
                what = " + ".join(self.name(path) for path in paths)
                return f"{what} {operator.replace('<=', '≤').replace('>=', '≥')} {limit:g}"

    def _inner(self, expression: Expression) -> str:
        """A part of a condition; one that is joined itself stands in brackets."""
        words = self._words(expression)
        return self.texts.phrase("words.group", what=words) if isinstance(expression, AnyOf | AllOf) else words

    def name(self, name: str) -> str:
        """One name of a condition, a finding or a goal in words."""
        section, _, rest = name.partition(".")
        questions = self.knowledge.of(Question)
        if name == "phototype":
            return self.texts.phrase("words.phototype")
        if name in UNRECOGNISED:
            return self.texts.phrase("words.unrecognised")
        if section == "signal":
            return self.texts.get(name, "name")
        if section == "goal":
            return self.texts.get("question.wishes.goals", f"options.{rest}")
        if name in self.knowledge.by_ref:
            return self.texts.get(name, "name")
        if name in self.knowledge.of(Exposure):
            return self.texts.get(f"exposure.{name}", "name")
        if name in questions:
            return self.texts.get(f"question.{name}", "label")
        asked = Names.question_of(name)
        if asked in questions:
            label = self.texts.get(f"question.{asked}", "label")
            option = self.texts.get(f"question.{asked}", f"options.{name[len(asked) + 1 :]}")
            return self.texts.phrase("words.answer", question=label, answer=option)
        return self._group(name)

    def _group(self, name: str) -> str:
        """A group of dated facts, by its members' names."""
        record, _, group = name.partition(".")
        members = [
            each
            for each in self.knowledge.of(Exposure).values()
            if each.id.startswith(f"{record}.") and group in each.groups
        ]
        names = [self.texts.get(each.ref, "name") for each in members]
        return self.texts.phrase("words.list").join(names) or name


def rule_name(rule: str, texts: Texts) -> str:
    """What a rule of screening is called.

    Raises:
        UnknownIdError: the texts don't know it.
    """
    kind = rule.partition(".")[0]
    if kind in {"house", "scope"}:
        return texts.phrase(f"{rule}.name" if kind == "house" else "house.licence_level.name")
    return texts.get(rule, "name")
