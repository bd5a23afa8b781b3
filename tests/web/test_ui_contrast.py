"""The colours can be read: the contrast of every pair in use, by WCAG 2.2, in the light and the dark scheme."""

import re
from pathlib import Path

import pytest

from pellucid.web import ui

TOKENS = (Path(ui.__file__).parent / "static" / "ui" / "css" / "tokens.css").read_text("utf-8")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
SCHEMES = ("light", "dark")

TEXT = [
    *[("ink", ground) for ground in ("ground", "surface", "sunk", "main-wash")],
    *[("ink-soft", ground) for ground in ("ground", "surface", "sunk")],
    *[("main", ground) for ground in ("ground", "surface", "sunk", "main-wash")],
    *[("main-strong", ground) for ground in ("ground", "surface", "sunk", "main-wash")],
    ("on-main", "main"),
    ("on-main", "main-strong"),
    ("on-danger", "danger"),
    ("danger", "ground"),
    ("danger", "surface"),
    *[(f"{tone}-ink", f"{tone}-wash") for tone in ("good", "info", "warn", "urgent", "wait", "refer")],
    ("urgent-ink", "ground"),
    ("urgent-ink", "surface"),
    *[("ink", skin) for skin in ("skin", "skin-top", "skin-deep", "skin-fat")],
]
"""What is read, and what it stands on: 4.5 to 1."""
SHAPES = [
    *[("line-strong", ground) for ground in ("ground", "surface", "sunk")],
    *[("focus", ground) for ground in ("ground", "surface", "sunk", "main-wash")],
    *[("main", ground) for ground in ("ground", "surface", "sunk")],
    *[("skin-line", skin) for skin in ("skin", "skin-top", "main-wash")],
    ("hair", "main-wash"),
    ("water-line", "main-wash"),
]
"""Edges of what can be used or must be seen: 3 to 1."""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("above", "below"), TEXT)
def test_text_can_be_read_on_its_ground(scheme: str, above: str, below: str) -> None:
    colours = colours_of(scheme)
    assert contrast(colours[above], colours[below]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("above", "below"), SHAPES)
def test_edges_can_be_seen_on_their_ground(scheme: str, above: str, below: str) -> None:
    colours = colours_of(scheme)
    assert contrast(colours[above], colours[below]) >= 3


def test_dark_answers_every_colour_of_light() -> None:
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    assert dict(COLOUR.findall(light)).keys() == dict(COLOUR.findall(dark)).keys()


def test_contrast_agrees_with_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def colours_of(scheme: str) -> dict[str, str]:
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    return dict(COLOUR.findall(light)) | (dict(COLOUR.findall(dark)) if scheme == "dark" else {})


def contrast(one: str, other: str) -> float:
    """As https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio says."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """As https://www.w3.org/TR/WCAG22/#dfn-relative-luminance says."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
