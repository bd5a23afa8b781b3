"""Which products must not meet: the knowledge's pairs, between two products and with what is the person's own."""

from collections.abc import Iterator, Mapping
from datetime import date

from pellucid.consult.evidence import Evidence
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.model import spans
from pellucid.plan.problem import Apart, Item, Rules

OF_THE_ROUTINE = ("active.", "layer.", "product.", "treatment.")
"""Sides of a pair that a product has; the others are facts of the person."""

WHERE = {"same_evening_no": "evening", "same_day_no": "day", "never": "day", "split_morning_evening": "half"}
"""Verdict to where the two must not meet."""


def apart(items: tuple[Item, ...], knowledge: Knowledge) -> tuple[Apart, ...]:
    """Every two items that a pair keeps apart, and how far."""
    found = []
    for pair in knowledge.of(home.Pair).values():
        for first, one in enumerate(items):
            for second, other in enumerate(items):
                if first == second or pair.first not in one.names or pair.second not in other.names:
                    continue
                where = _where(pair.verdict, one, other)
                if where:
                    found.append(Apart(pair.ref, min(first, second), max(first, second), where))
    return tuple(dict.fromkeys(found))


def _where(verdict: str, one: Item, other: Item) -> str | None:
    if verdict == "same_step_no":
        layers = [{*each.morning, *each.evening, *each.deep_clean} for each in (one, other)]
        return "half" if layers[0] & layers[1] else None
    return WHERE.get(verdict)


def closed_by_pairs(
    product: home.Product | None, names: frozenset[str], days: Mapping[int, date], evidence: Evidence
) -> dict[int, Rules]:
    """Days on which something of the person's own keeps a product (or a layer, where none is given) away.

    A medicine is taken for one that is put on in the evening, every evening.
    """
    found: dict[int, Rules] = {}
    in_morning_only = product is not None and all(name.startswith("am_") for name in product.layers)
    for pair, own in _pairs_with_own(names, evidence):
        if pair.verdict in {"allowed", "same_step_no"}:
            continue
        if in_morning_only and pair.verdict in {"same_evening_no", "split_morning_evening"}:
            continue
        held = _held(pair, own, evidence)
        for number, day in days.items():
            if spans.contains(held, day.toordinal()):
                found[number] = (*found.get(number, ()), pair.ref)
    return found


def _held(pair: home.Pair, own: str, evidence: Evidence) -> spans.Spans:
    """The days on which the person's side keeps the other away, those beside something done on a day included.

    What was done on a day that nobody told may have been done today.
    """
    told = [fact for fact in evidence.profile.dated if own in fact.classes]
    if own.startswith("medicine.") and any(fact.ongoing for fact in told):
        return spans.ALWAYS
    if pair.margins == (0, 0):
        return evidence.name(own).yes
    done = spans.normalise(run for fact in told for run in (*fact.days.yes, *fact.days.unknown))
    return spans.dilate(done, *pair.margins)


def _pairs_with_own(names: frozenset[str], evidence: Evidence) -> Iterator[tuple[home.Pair, str]]:
    """Every pair with one of the names on the one side, and the person's side of it."""
    for pair in evidence.knowledge.of(home.Pair).values():
        for side, own in ((pair.first, pair.second), (pair.second, pair.first)):
            if side in names and not own.startswith(OF_THE_ROUTINE):
                yield pair, own
