"""What is worked out once for a knowledge base holds for its rules, not for the objects that stand for them."""

import gc

from pellucid.consult.rules import compiled
from pellucid.consult.screen import _touched, reach
from pellucid.knowledge.load import load, load_from
from pellucid.knowledge.schema.treatments import Treatment


def test_rules_compiled_again_reach_what_they_name() -> None:
    knowledge = load_from(load().folder)
    for _ in range(3):
        for rule in compiled(knowledge):
            reach(rule, knowledge)
        del knowledge.memo["rules"], rule
        gc.collect()
    assert len(knowledge.of(Treatment)) > 20
    for rule in compiled(knowledge):
        assert reach(rule, knowledge) == tuple(_touched(rule, knowledge)), rule.ref
