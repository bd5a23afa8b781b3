"""Forty labels of our own writing keep their reading: parts, ingredients, marks, strengths and state.

Each file in ``labels/`` is one label and says why it is there. ``method`` is how a name must have been recognised;
``known`` stands for any way that needs no guess. A label without ``ingredients`` is compared by its state alone. One
with a ``fault`` is not yet read as it should be: the expectation stays, and says so as soon as it is met.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pellucid.labels.read import read_label
from pellucid.model.label import Ingredient, Label, Method, Part

LABELS = Path(__file__).parent / "labels"
NAMES = tuple(sorted(path.stem for path in LABELS.glob("*.toml")))
WAYS = {"known": {Method.EXACT, Method.KEY, Method.SYNONYM}} | {method.value: {method} for method in Method}

Wanted = dict[str, Any]


def wanted(name: str) -> Wanted:
    """What is expected of one label."""
    return tomllib.loads((LABELS / f"{name}.toml").read_text(encoding="utf-8"))


def _case(name: str) -> object:
    """A label; one with a known fault must fail until that is mended."""
    fault = wanted(name).get("fault")
    return pytest.param(name, marks=[pytest.mark.xfail(reason=fault, strict=True)] if fault else [])


@pytest.mark.parametrize("name", list(map(_case, NAMES)))
def test_the_label_is_read_as_it_should_be(name: str) -> None:
    expected = wanted(name)
    label = read_label(expected["text"])
    assert label.state.value == expected["state"], expected["why"]
    if "ingredients" in expected:
        assert list(map(_row, label.ingredients)) == _rows(expected["ingredients"], label), expected["why"]
        assert list(_ways(label, expected["ingredients"])) == [], expected["why"]
        assert _parts(label, expected["parts"]) == [_part_row(part) for part in expected["parts"]], expected["why"]


@pytest.mark.parametrize("name", NAMES)
def test_every_place_is_where_the_text_stands(name: str) -> None:
    label = read_label(wanted(name)["text"])
    assert all(one.text == label.text[one.start : one.end] for one in label.ingredients)
    ends = [0, *(one.end for one in label.ingredients)]
    assert all(end <= one.start for end, one in zip(ends, label.ingredients, strict=False))


def test_there_are_forty_labels_of_every_kind() -> None:
    every = [wanted(name) for name in NAMES]
    assert len(every) == 40
    assert {label["state"] for label in every} == {"read", "no_list", "unreadable"}
    kinds = {part["kind"] for label in every for part in label.get("parts", ())}
    assert kinds == {"ingredients", "active", "inactive", "may_contain"}


def _row(one: Ingredient) -> tuple[object, ...]:
    return one.text, one.inci, sorted(one.marks), one.percent


def _rows(expected: list[Wanted], label: Label) -> list[tuple[object, ...]]:
    """The rows expected, each with the remark behind it if the reader took that for a part of the name's place."""
    rows: list[tuple[object, ...]] = []
    for number, one in enumerate(expected):
        read = label.ingredients[number].text if number < len(label.ingredients) else ""
        text = read if _same_place(read, one["text"]) else one["text"]
        rows.append((text, one.get("inci"), sorted(one.get("marks", ())), one.get("percent")))
    return rows


def _same_place(read: str, name: str) -> bool:
    """Whether a stretch is the name, or the name and one remark in brackets, such as "(nano)"."""
    rest = read.removeprefix(name).strip()
    return read.startswith(name) and (not rest or (rest[0] in "([" and rest[-1] in ")]"))


def _ways(label: Label, expected: list[Wanted]) -> Iterator[tuple[str, str]]:
    """The names that were recognised in another way than they should be."""
    for one, row in zip(label.ingredients, expected, strict=True):
        if one.method not in WAYS[row["method"]]:
            yield one.text, one.method.value


def _parts(label: Label, expected: list[Wanted]) -> list[tuple[object, ...]]:
    """The parts, with the heading only where one is expected."""
    asked = [*expected, *({} for _ in label.parts)]
    return [_read_part(label, part, row) for part, row in zip(label.parts, asked, strict=False)]


def _read_part(label: Label, part: Part, row: Wanted) -> tuple[object, ...]:
    heading = part.heading if "heading" in row else None
    return part.kind.value, len(list(label.of(part))), heading, part.product


def _part_row(part: Wanted) -> tuple[object, ...]:
    return part["kind"], part["count"], part.get("heading"), part.get("product", 0)
