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
    for ref, verdict, own in _pairs_with_own(names, evidence):
        if verdict in {"allowed", "same_step_no"}:
            continue
        if in_morning_only and verdict in {"same_evening_no", "split_morning_evening"}:
            continue
        going_on = any(fact.ongoing and own in fact.classes for fact in evidence.profile.dated)
        held = spans.ALWAYS if own.startswith("medicine.") and going_on else evidence.name(own).yes
        for number, day in days.items():
            if spans.contains(held, day.toordinal()):
                found[number] = (*found.get(number, ()), ref)
    return found


def _pairs_with_own(names: frozenset[str], evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """(pair, verdict, the person's side) of every pair with one of the names on the one side."""
    for pair in evidence.knowledge.of(home.Pair).values():
        for side, own in ((pair.first, pair.second), (pair.second, pair.first)):
            if side in names and not own.startswith(OF_THE_ROUTINE):
                yield pair.ref, pair.verdict, own
