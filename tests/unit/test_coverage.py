"""How much of the founding documents is carried, and what is named where something is missing."""

from collections.abc import Mapping
from dataclasses import replace

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.coverage import CONTRADICTIONS, coverage
from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.people import SeedItem
from pellucid.knowledge.schema.rules import Disagreement
from pellucid.model.errors import Problem


def changed(knowledge: Knowledge, kind: str, records: Mapping[str, Record]) -> Knowledge:
    return replace(knowledge, records={**knowledge.records, kind: records})


def test_every_item_and_every_contradiction_is_carried(knowledge: Knowledge) -> None:
    found = coverage(knowledge)
    assert found.missing == ()
    assert found.complete
    assert found.knowledge == (275, 275)
    assert found.contradictions == (32, 32)


def test_what_is_pending_names_the_part_that_will_carry_it(knowledge: Knowledge) -> None:
    found = coverage(knowledge)
    carried, features = found.features
    assert features == 16
    assert len(found.pending) == features - carried
    assert all(feature for _, feature in found.pending)


def test_an_item_that_nothing_carries_is_named(knowledge: Knowledge) -> None:
    items = dict(knowledge.of(SeedItem))
    item = next(each for each in items.values() if each.feature is None)
    items[item.id] = item.model_copy(update={"carried_by": ()})
    found = coverage(changed(knowledge, "item", items))
    assert [problem.where for problem in found.missing] == [item.id]
    assert "no record carries it" in found.missing[0].message
    assert found.knowledge == (274, 275)
    assert not found.complete


def test_an_item_carried_by_a_record_that_is_not_there_is_named(knowledge: Knowledge) -> None:
    items = dict(knowledge.of(SeedItem))
    item = next(each for each in items.values() if each.feature is None)
    items[item.id] = item.model_copy(update={"carried_by": (*item.carried_by, "treatment.haircut")})
    found = coverage(changed(knowledge, "item", items))
    assert found.missing == (Problem(item.id, "treatment.haircut does not exist"),)
    assert found.knowledge == (274, 275)


def test_a_contradiction_without_a_disagreement_is_named(knowledge: Knowledge) -> None:
    kept = {name: each for name, each in knowledge.of(Disagreement).items() if each.seed != "K12"}
    found = coverage(changed(knowledge, "disagreement", kept))
    assert Problem("K12", "no disagreement carries it") in found.missing
    assert found.contradictions == (31, 32)


def test_there_are_32_contradictions() -> None:
    assert (CONTRADICTIONS[0], CONTRADICTIONS[-1], len(CONTRADICTIONS)) == ("K1", "K32", 32)
