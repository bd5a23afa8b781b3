"""The home routine and the screening of one report never contradict each other."""

from copy import deepcopy
from typing import Any

import pytest
from tests.spec.cases import TODAY, clear

from pellucid.care import care
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Product

WISHES = ["blackheads", "less_shine", "fewer_spots", "pores_look_smaller", "fine_lines", "smoother_texture"]

RULED_OUT: dict[str, dict[str, Any]] = {
    "an open wound": {"now.skin": ["open_wound"]},
    "a cold sore": {"now.skin": ["cold_sore"]},
    "sunburn": {"now.skin": ["sunburn"]},
    "a rash in flare": {"now.skin": ["rash_flare"]},
    "an ablative laser yesterday": {"history.procedures": [{"kind": "ablative laser", "date": "2026-11-19"}]},
    "a peel last week": {"history.procedures": [{"kind": "aha_peel", "date": "2026-11-13"}]},
    "a facelift last week": {"history.procedures": [{"kind": "facelift", "date": "2026-11-13"}]},
    "ten years old": {"person.age": 10, "person.guardian_consent": True},
    "twelve, and nobody agreed": {"person.age": 12, "person.guardian_consent": False},
}


def placed(changes: dict[str, Any], knowledge: Knowledge) -> set[str]:
    """Products of the routine of someone who wants everything and whose skin is oily."""
    intake = deepcopy(clear())
    facts: dict[str, Any] = {"skin.t_zone_shine": "clear", "skin.cheek_shine": "clear", "skin.cheek_feel": "oily"}
    facts |= {"lesions.open_comedones": 20, "pores.t_zone_plugs": ["dark"], "pores.nose.look": ["round"]}
    for path, value in {**facts, "wishes.goals": WISHES, **changes}.items():
        *folders, name = path.split(".")
        node = intake
        for folder in folders:
            node = node.setdefault(folder, {})
        node[name] = value
    routine = care(intake, today=TODAY, knowledge=knowledge).routine
    layers = (*routine.morning, *routine.evening, *routine.deep_clean)
    return {product.product for layer in layers for product in layer.products}


def test_with_nothing_in_the_way_there_are_actives(knowledge: Knowledge) -> None:
    assert {"salicylic_wash", "bha_leave_on", "clay_mask"} & placed({}, knowledge)


@pytest.mark.parametrize("story", RULED_OUT)
def test_what_screening_rules_out_is_not_placed_at_home(story: str, knowledge: Knowledge) -> None:
    products = knowledge.of(Product)
    found = placed(RULED_OUT[story], knowledge)
    assert not {name for name in found if products[name].screened_as in {"oil_control", "purifying_mask"}}


@pytest.mark.parametrize(
    "changes",
    [
        {"health.medicines": [{"name": "zzz nobody knows this"}]},
        {"health.conditions": ["rosacea"]},
        {"skin.flushes": True, "skin.visible_redness": True},
    ],
)
def test_no_acid_and_no_retinoid_where_they_could_do_harm(changes: dict[str, Any], knowledge: Knowledge) -> None:
    strong = {"bha_leave_on", "aha_leave_on", "retinoid_cosmetic", "scrub", "salicylic_wash"}
    assert not strong & placed(changes, knowledge)
