"""Which seed item is carried by which record: 275 items of knowledge, 32 contradictions, 16 features to come.

This checks that each id exists and that the record names the item; whether it really speaks of it is for a reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import SeedItem
from pellucid.knowledge.schema.rules import Disagreement
from pellucid.model.errors import Problem

CONTRADICTIONS = tuple(f"K{number}" for number in range(1, 33))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the founding documents is carried."""

    knowledge: tuple[int, int]
    """Carried, all."""
    contradictions: tuple[int, int]
    features: tuple[int, int]
    missing: tuple[Problem, ...]
    pending: tuple[tuple[str, str], ...]
    """Seed item and the part of the application that will carry it."""

    @property
    def complete(self) -> bool:
        """Whether nothing but features is missing."""
        return not self.missing


def coverage(knowledge: Knowledge) -> Coverage:
    """Count what is carried and name what is not."""
    items = knowledge.of(SeedItem).values()
    known = [item for item in items if item.feature is None]
    features = [item for item in items if item.feature is not None]
    faults = {item.id: list(_faults(item, knowledge)) for item in known}
    carried = [item for item in known if not faults[item.id]]
    told = {each.seed for each in knowledge.of(Disagreement).values()}
    missing = [problem for found in faults.values() for problem in found]
    missing += [Problem(row, "no disagreement carries it") for row in CONTRADICTIONS if row not in told]
    return Coverage(
        knowledge=(len(carried), len(known)),
        contradictions=(len(told & set(CONTRADICTIONS)), len(CONTRADICTIONS)),
        features=(sum(bool(item.carried_by) for item in features), len(features)),
        missing=tuple(missing),
        pending=tuple((item.id, item.feature or "") for item in features if not item.carried_by),
    )


def _faults(item: SeedItem, knowledge: Knowledge) -> Iterator[Problem]:
    if not item.carried_by:
        yield Problem(item.id, f"no record carries it ({item.type}, {'; '.join(item.where)})")
    for ref in item.carried_by:
        if ref not in knowledge.by_ref:
            yield Problem(item.id, f"{ref} does not exist")
