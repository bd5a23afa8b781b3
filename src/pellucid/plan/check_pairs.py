"""The rule about what must not come together: in a step, on an evening, in half a day or on a day."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pellucid.knowledge.schema.home import Pair
from pellucid.model import spans
from pellucid.model.plan import Day, Detail, Named, Part, Violation, detail
from pellucid.model.profile import DatedFact
from pellucid.plan.check_view import View, halves, uses_on

BOTH = (Part.MORNING, Part.EVENING)


class There(NamedTuple):
    """One side of a pair on a day: a step of the plan, or a fact of the person, which has no layer."""

    part: Part
    layer: str
    product: str
    fact: DatedFact | None = None
    """What the person has done, where that is told by its day."""

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
    sides = tuple(_side(there, name) for there, name in ((one, pair.first), (other, pair.second)))
    on = next((day for there in (one, other) if there.fact and (day := _only_day(there.fact))), None)
    if on:
        margins = dict(zip(("before", "after"), pair.margins, strict=True))
        verdict = Named("verdict", pair.verdict)
        return detail("pair_beside", first=sides[0], second=sides[1], day=on, verdict=verdict, **margins)
    phrase = "_".join(("pair", *waits))
    return detail(phrase, first=sides[0], second=sides[1], verdict=Named("verdict", pair.verdict), **waits)


def _side(there: There, name: str) -> Named:
    """One side by its name: the product, what was done as it was told, else whatever the pair is about."""
    if there.what:
        return Named("what", there.what)
    return Named("name", there.fact.classes[0] if there.fact else name)


def _only_day(fact: DatedFact) -> date | None:
    """The day on which something was done, where it is known."""
    days = fact.days.yes
    return date.fromordinal(days[0][0]) if len(days) == 1 and days[0][1] - days[0][0] == 1 else None


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
        return [There(part, "", "", fact) for fact in _near(view, day, pair, name) for part in BOTH]
    holds = spans.contains(view.evidence.name(name).yes, day.on.toordinal())
    return [There(part, "", "") for part in BOTH] if holds else []


def _near(view: View, day: Day, pair: Pair, name: str) -> list[DatedFact]:
    """What the person has done, or perhaps has, on a day or too close to it."""
    back = pair.after.whole_days if pair.after else 0
    ahead = pair.before.whole_days if pair.before else 0
    return [
        fact
        for fact in view.profile.dated
        if name in fact.classes
        and any(
            first <= day.on.toordinal() + ahead and day.on.toordinal() - back < end
            for first, end in (*fact.days.yes, *fact.days.unknown)
        )
    ]


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
