"""The rule about what must not come together: in a step, on an evening, in half a day or on a day."""

from collections.abc import Iterator
from typing import NamedTuple

from pellucid.knowledge.schema.home import Pair
from pellucid.model import spans
from pellucid.model.plan import Day, Detail, Named, Part, Violation, detail
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
            for one in _there(view, day, pair, pair.first):
                for other in _there(view, day, pair, pair.second):
                    if one.what != other.what and _meet(pair.verdict, one, other):
                        yield Violation("pair", day.on, one.what or other.what, pair.ref, _told(pair, one, other))


def _told(pair: Pair, one: There, other: There) -> Detail:
    """The two, how they don't go together, and how many days beside something done on a day count as well."""
    waits = {name: wait.whole_days for name, wait in (("before", pair.before), ("after", pair.after)) if wait}
    sides = tuple(
        Named("what", there.what) if there.what else Named("name", name)
        for there, name in ((one, pair.first), (other, pair.second))
    )
    phrase = "_".join(("pair", *waits))
    return detail(phrase, first=sides[0], second=sides[1], verdict=Named("verdict", pair.verdict), **waits)


def _there(view: View, day: Day, pair: Pair, name: str) -> list[There]:
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
    if pair.before or pair.after:
        holds = _near(view, day, pair, name)
    else:
        holds = spans.contains(view.evidence.name(name).yes, day.on.toordinal())
    return [There(part, "", "") for part in BOTH] if holds else []


def _near(view: View, day: Day, pair: Pair, name: str) -> bool:
    """Whether a day is one on which the person has something done, or perhaps has, or lies too close to one."""
    back = pair.after.whole_days if pair.after else 0
    ahead = pair.before.whole_days if pair.before else 0
    return any(
        first <= day.on.toordinal() + ahead and day.on.toordinal() - back < end
        for fact in view.profile.dated
        if name in fact.classes
        for first, end in (*fact.days.yes, *fact.days.unknown)
    )


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
