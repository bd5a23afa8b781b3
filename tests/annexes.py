"""Copies of the law to compare with, where there are any; they are no part of the project."""

import csv
import os
import unicodedata
from pathlib import Path

import pytest

LAWS = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[2] / "shared" / "data")) / "cosing"
"""Copies of the annexes to measure against; they are no part of the project."""


def law(name: str) -> Path:
    """One of the copies; a test that needs it is skipped where there is none."""
    if not (LAWS / name).is_file():
        pytest.skip(f"{name} is not here to compare with; set PELLUCID_DATA to the folder above cosing/")
    return LAWS / name


def letters(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def annex_iii() -> dict[str, list[str]]:
    with law("annex_iii_2025-12-08.txt").open(encoding="utf-8", newline="") as file:
        return {row[0]: row for row in csv.reader(file) if len(row) > 6}
