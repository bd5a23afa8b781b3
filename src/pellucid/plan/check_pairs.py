"""The rule about what must not come together: in a step, on an evening, in half a day or on a day."""

from collections.abc import Iterator
from typing import NamedTuple

from pellucid.knowledge.schema.home import Pair
from pellucid.model import spans
from pellucid.model.plan import Day, Part, Violation
from pellucid.plan.check_view import View, halves, uses_on

BOTH = (Part.MORNING, Part.EVENING)


class There(NamedTuple):
    """One side of a pair on a day: a step of the plan, or a fact of the person, which has no layer."""

    part: Part
    layer: str
    product: str

    @property
    def what(self) -> str:
        """The product, or the layer where nothing is put on in it; empty for a fact of the person."""
        return self.product or self.layer


def pairs(view: View) -> Iterator[Violation]:
    """No two things that go badly together meet; what the person does without the plan is not the plan's fault."""
    rules = [pair for pair in view.knowledge.of(Pair).values() if pair.verdict != "allowed"]
    for day in view.planned:
        for pair in rules:
            for one in _there(view, day, pair.first):
                for other in _there(view, day, pair.second):
                    if one.what != other.what and _meet(pair.verdict, one, other):
                        detail = f"{one.what or pair.first}, {other.what or pair.second}: {pair.verdict}"
                        yield Violation("pair", day.on, one.what or other.what, pair.ref, detail)


def _there(view: View, day: Day, name: str) -> list[There]:
    """Where one side of a pair is on a day."""
    kind, _, rest = name.partition(".")
    if kind == "layer":
        steps = [(part, step) for part, each in halves(day) for step in each]
        return [There(part, step.layer, step.product) for part, step in steps if step.layer == rest]
    if kind == "active":
        return [
            There(use.part, use.layer, use.product) for use in uses_on(day) if name in view.actives.get(use.product, ())
        ]
    if kind == "medicine":
        ongoing = any(fact.ongoing and name in fact.classes for fact in view.profile.dated)
        return [There(Part.EVENING, "", "")] if ongoing else []
    holds = spans.contains(view.evidence.name(name).yes, day.on.toordinal())
    return [There(part, "", "") for part in BOTH] if holds else []


def _meet(verdict: str, one: There, other: There) -> bool:
    """Whether two things that are there on one day are closer together than the verdict lets them."""
    match verdict:
        case "same_step_no":
            return one.layer == other.layer
        case "same_evening_no":
            return one.part == other.part == Part.EVENING
        case "split_morning_evening":
            return one.part == other.part
        case _:
            return True
