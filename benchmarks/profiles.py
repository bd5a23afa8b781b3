"""Seeded profiles to measure with: the examples, each with a few answers changed, so that no two are alike."""

import random
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

TODAY = date(2026, 11, 20)
EXAMPLES = Path(__file__).parent.parent / "examples" / "intakes"

CHANGES: Mapping[str, tuple[Any, ...]] = {
    "person.age": (19, 27, 34, 45, 62),
    "person.phototype": ("i", "ii", "iii", "iv", "v", "vi"),
    "health.pregnancy": ("no", "no", "no", "planning", "pregnant"),
    "health.conditions": ([], [], ["eczema"], ["melasma"], ["cold_sore_history", "easy_bruising"]),
    "health.allergies": ([], [], ["latex"], ["aspirin_or_salicylate"]),
    "skin.t_zone_shine": ("none", "slight", "clear"),
    "skin.cheek_feel": ("tight", "comfortable", "oily"),
    "pores.cheeks.look": (["round"], ["oval"], ["teardrop"], ["red_rim"], ["none_visible"]),
    "lesions.papules": (0, 0, 3, 12, 40),
    "wishes.goals": (["blackheads"], ["hydration"], ["fine_lines", "scars"], ["calm_redness"]),
}


def intakes(count: int, seed: int = 20261120) -> Iterator[dict[str, Any]]:
    """So many different intakes, the same ones for the same seed."""
    choose = random.Random(seed)  # noqa: S311 - cases to measure with, not secrets
    examples = [tomllib.loads(file.read_text("utf-8")) for file in sorted(EXAMPLES.glob("*.toml"))]
    for number in range(count):
        yield _varied(deepcopy(examples[number % len(examples)]), choose)


def _varied(intake: dict[str, Any], choose: random.Random) -> dict[str, Any]:
    for path, values in CHANGES.items():
        if choose.random() < 0.5:  # noqa: PLR2004 - every second answer
            _set(intake, path, choose.choice(values))
    intake.get("person", {}).pop("birth_date", None)
    intake.setdefault("person", {}).setdefault("age", choose.randint(18, 70))
    if choose.random() < 0.3:  # noqa: PLR2004 - every third person has been in the sun
        day = TODAY - timedelta(days=choose.randint(0, 40))
        _set(intake, "history.sun", [{"kind": "strong_sun", "from": day, "to": day}])
    return intake


def _set(intake: dict[str, Any], path: str, value: Any) -> None:
    *folders, name = path.split(".")
    node = intake
    for folder in folders:
        node = node.setdefault(folder, {})
    node[name] = value
