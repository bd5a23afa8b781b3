"""Which names conditions and references may use, worked out from the records themselves."""

from functools import cached_property

from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge, unknown
from pellucid.knowledge.schema import TOPIC_OF
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.schema.rules import Signal

DERIVED_NUMBERS = frozenset({"phototype"})
"""Numbers worked out from several answers."""

UNRECOGNISED = frozenset({"medicine.unrecognised", "active.unrecognised", "procedure.unrecognised"})
"""True where a name in the intake is none that the base knows."""

FITS = {
    "pore_type": "pore_type",
    "skin_type": "skin_type",
    "modifier": "modifier",
    "cause": "cause",
    "concern": "concern",
}


class Names:
    """What may be named, and what is wrong with a name that may not."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Look at one knowledge base."""
        self.knowledge = knowledge

    @cached_property
    def atoms(self) -> frozenset[str]:
        """Every name that can be true, false or unknown."""
        names: set[str] = set(UNRECOGNISED)
        for question in self.knowledge.of(Question).values():
            if question.type == "yes_no":
                names.add(question.id)
            names.update(f"{question.id}.{option}" for option in question.options)
        for exposure in self.knowledge.of(Exposure).values():
            record, _, _ = exposure.id.partition(".")
            names.add(exposure.id)
            names.update(f"{record}.{group}" for group in exposure.groups)
        names.update(f"signal.{signal}" for signal in self.knowledge.of(Signal))
        return frozenset(names)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every name that is a number."""
        questions = self.knowledge.of(Question).values()
        return DERIVED_NUMBERS | {question.id for question in questions if question.type in {"whole", "number"}}

    @staticmethod
    def question_of(atom: str) -> str:
        """The question behind a name: the first two parts for an option, the name itself otherwise."""
        parts = atom.split(".")
        return ".".join(parts[:-1]) if len(parts) > 2 else atom  # noqa: PLR2004 - section.question.option

    def condition_fault(self, value: str) -> str | None:
        """What is wrong with a condition, or None."""
        try:
            expression = expressions.parse(value)
        except expressions.ExpressionError as error:
            return str(error)
        for atom in expressions.atoms(expression):
            if atom not in self.atoms:
                return unknown("name", atom, self.atoms)
        for number in expressions.numbers(expression):
            if number not in self.numbers:
                return unknown("number", number, self.numbers)
        return None

    def match_fault(self, value: str) -> str | None:
        """What is wrong with what a window matches, or None; ``same`` and ``other`` mean earlier treatments."""
        return None if value in {"same", "other"} else self.condition_fault(value)

    def source_fault(self, value: str) -> str | None:
        """What is wrong with a source id, or None."""
        known = self.knowledge.records["source"].keys() | self.knowledge.records["item"].keys()
        return None if value in known else unknown("source", value, known)

    def target_fault(self, value: str) -> str | None:
        """What is wrong with a treatment or family that a rule names, or None."""
        known = self.knowledge.records["treatment"].keys() | self.knowledge.records["family"].keys() | {"all"}
        return None if value in known else unknown("treatment or family", value, known)

    def ref_fault(self, value: str) -> str | None:
        """What is wrong with a ``kind.id``, or None."""
        kind, _, name = value.partition(".")
        if kind not in TOPIC_OF:
            return unknown("kind of record", kind, TOPIC_OF)
        known = self.knowledge.records[kind]
        return None if name in known else unknown(kind, name, known)

    def fit_fault(self, value: str) -> str | None:
        """What is wrong with a finding or goal that something fits, or None."""
        kind, _, name = value.partition(".")
        if kind == "goal":
            goals = self.knowledge.get(Question, "wishes.goals").options
            return None if name in goals else unknown("goal", name, goals)
        if kind not in FITS:
            return unknown("kind of finding", kind, (*FITS, "goal"))
        return self.ref_fault(value)

    def pair_fault(self, value: str) -> str | None:
        """What is wrong with a class of products or medicines, a layer or a home product, or None."""
        kind = value.partition(".")[0]
        if kind in {"layer", "product", "treatment"}:
            return self.ref_fault(value)
        return None if value in self.atoms else unknown("name", value, self.atoms)

    def active_fault(self, value: str) -> str | None:
        """What is wrong with the id of a cosmetic active, or None."""
        return self.pair_fault(f"active.{value}")
