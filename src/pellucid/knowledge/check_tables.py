"""What must hold between the tables of ingredients and the records; part of ``check``."""

from collections.abc import Iterator

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.ingredients import Ingredients
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema.home import PregnancyRule
from pellucid.knowledge.schema.ingredients import (
    ComedogenicityFinding,
    ComedogenicityGrade,
    IngredientPregnancy,
)
from pellucid.model.errors import Problem

STRICTNESS = {"fine": 0, "limit": 1, "avoid": 2}


def table_faults(knowledge: Knowledge, ingredients: Ingredients) -> Iterator[Problem]:
    """Sources, roles and codes in the tables that nothing else knows, and verdicts that contradict their rule."""
    names = Names(knowledge)
    roles = knowledge.records["ingredient_role"]
    for entry in ingredients.allergens.entries.values():
        where = f"allergens.csv: {entry.entry}"
        yield from (Problem(where, fault) for fault in map(names.source_fault, entry.source) if fault)
        yield from (Problem(where, f"no ingredient_role {role!r}") for role in entry.roles if role not in roles)
    for rating in ingredients.comedogenicity.values():
        where = f"comedogenicity.csv: {rating.inci}"
        yield from (Problem(where, fault) for fault in map(names.source_fault, rating.source) if fault)
        if rating.grade not in knowledge.of(ComedogenicityGrade):
            yield Problem(where, f"no words for grade {rating.grade!r}")
        if rating.finding not in knowledge.of(ComedogenicityFinding):
            yield Problem(where, f"no words for finding {rating.finding!r}")
    for told in knowledge.of(IngredientPregnancy).values():
        yield from _looser(knowledge, told)


def _looser(knowledge: Knowledge, told: IngredientPregnancy) -> Iterator[Problem]:
    """A product must never be allowed more than the rule for its ingredient allows."""
    rule = knowledge.of(PregnancyRule).get(told.rule)
    if rule is None:
        return
    least = STRICTNESS.get(rule.pregnant, STRICTNESS["avoid"])
    for field in ("leave_on", "rinse_off"):
        if STRICTNESS[getattr(told, field)] < least:
            yield Problem(f"ingredient_limits.toml: {told.ref}.{field}", f"is milder than {rule.ref}")
