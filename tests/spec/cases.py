"""Spec cases: small tables of facts in and an answer out, kept as TOML so that the guide shows the same ones.

A case starts from ``clear.toml`` (or from nothing, with ``from_nothing = true``), changes answers by path, and says
what must come out.
"""

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 20)
"""The day on which every case is asked, unless it says otherwise."""


@dataclass(frozen=True)
class Case:
    """One row of a table."""

    table: str
    id: str
    about: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Answers by path; ``"?"`` takes an answer out."""
    from_nothing: bool = False
    today: date = TODAY
    on: date | None = None
    treatment: str | None = None
    performer: str | None = None
    status: str | None = None
    until: date | str | None = None
    """The first later day on which it could be booked; ``"none"`` where no such day is known."""
    rules: tuple[str, ...] = ()
    """Rules that must be among the reasons."""
    without: tuple[str, ...] = ()
    """Rules that must not be among the reasons."""
    findings: tuple[str, ...] = ()
    not_findings: tuple[str, ...] = ()
    referral: str | None = None
    """The most urgent referral's urgency; ``"none"`` where there must be none."""

    @property
    def intake(self) -> dict[str, Any]:
        """The whole intake of the case."""
        answers = {} if self.from_nothing else deepcopy(clear())
        for path, value in self.facts.items():
            *folders, name = path.split(".")
            node = answers
            for folder in folders:
                node = node.setdefault(folder, {})
            if value == "?":
                node.pop(name, None)
            else:
                node[name] = value
        return answers


def clear() -> dict[str, Any]:
    """The intake in which nothing stands in the way."""
    return tomllib.loads((FOLDER / "clear.toml").read_text("utf-8"))


def cases() -> Iterator[Case]:
    """Every case of every table, in the order of the files."""
    for file in sorted((FOLDER / "cases").glob("*.toml")):
        for row in tomllib.loads(file.read_text("utf-8"))["case"]:
            lists: dict[str, Any] = {
                key: tuple(row.pop(key)) for key in ("rules", "without", "findings", "not_findings") if key in row
            }
            yield Case(table=file.stem, **lists, **row)
