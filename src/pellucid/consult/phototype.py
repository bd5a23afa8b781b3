"""Phototype from four questions of our own: a range where answers are missing, one number where they are not."""

import math
from collections.abc import Mapping
from typing import Any

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import PhototypePoint

ROMAN = ("i", "ii", "iii", "iv", "v", "vi")

Places = Mapping[str, Mapping[str, tuple[float, float]]]


def interval(answers: Mapping[str, Any], knowledge: Knowledge) -> tuple[float, float]:
    """Lowest and highest phototype (1 to 6) that the answers leave open.

    A type that a practitioner entered stands; otherwise the weighted mean of the answered places, rounded half up
    (the higher type is treated with more care), with unanswered questions at both of their ends.
    """
    stated = answers.get("person.phototype")
    if stated:
        return (float(ROMAN.index(stated) + 1),) * 2
    low = high = total = 0.0
    answered = False
    for question, places in _places(knowledge).items():
        given = answers.get(question)
        answered = answered or given is not None
        chosen = [places[given]] if given is not None else list(places.values())
        weight = chosen[0][1]
        low += weight * min(place for place, _ in chosen)
        high += weight * max(place for place, _ in chosen)
        total += weight
    if not answered or not total:
        return 1.0, 6.0
    return _rounded(low / total), _rounded(high / total)


def _rounded(mean: float) -> float:
    return float(min(6, max(1, math.floor(mean + 0.5))))


def _places(knowledge: Knowledge) -> Places:
    """Question to option to (place, weight)."""
    memo: dict[str, dict[str, tuple[float, float]]] | None = knowledge.memo.get("phototype")
    if memo is None:
        memo = {}
        for point in knowledge.of(PhototypePoint).values():
            question, _, option = point.when.rpartition(".")
            memo.setdefault(question, {})[option] = (point.place, point.weight)
        knowledge.memo["phototype"] = memo
    return memo
