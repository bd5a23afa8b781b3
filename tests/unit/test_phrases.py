"""Sentences of the interface: code and pages use only those that there are, and none stands there unused."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pellucid
from pellucid.exchange import model as out
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Strength
from pellucid.knowledge.schema.home import Pair, PregnancyRule
from pellucid.knowledge.schema.people import Professional
from pellucid.knowledge.texts import PHRASE_FILES
from pellucid.model.levels import Level

PACKAGE = Path(pellucid.__file__).parent
KINDS = ("*.py", "*.jinja", "*.typ")
SOURCE = "\n".join(file.read_text("utf-8") for kind in KINDS for file in sorted(PACKAGE.rglob(kind)))

CALLED = re.compile(r"""(?:phrase|say|\bt)\(\s*["']([a-z_]+(?:\.[A-Za-z0-9_]+)+)["']""")
"""A phrase named in full where it is used."""

PUT_TOGETHER = re.compile(r"""f?["']((?:[a-z_]+\.)+)(?:\{[^}]*\}|["']\s*~|["'],)""")
"""The first part of a phrase whose rest is only known when it is used."""


def phrases() -> set[str]:
    """Every phrase in the English files."""
    folder = PACKAGE / "knowledge" / "data" / "text" / "en"
    files = [(folder / f"{name}.toml").read_text("utf-8") for name in PHRASE_FILES]
    return {name for text in files for name in tomllib.loads(text)["phrase"]}


def test_the_file_of_a_phrase_follows_from_its_id() -> None:
    interface, photos = (
        tomllib.loads((PACKAGE / "knowledge" / "data" / "text" / "en" / f"{name}.toml").read_text("utf-8"))["phrase"]
        for name in PHRASE_FILES
    )
    assert all(name.startswith("photo.") for name in photos)
    assert not any(name.startswith("photo.") for name in interface)


def options(record: type[Pair | PregnancyRule], field: str) -> tuple[str, ...]:
    return get_args(record.model_fields[field].annotation)


def test_every_phrase_that_is_named_exists() -> None:
    named = set(CALLED.findall(SOURCE))
    assert len(named) > 100
    assert named <= phrases()


def test_every_family_of_phrases_is_complete() -> None:
    families = {
        "status.{}.short": get_args(out.StatusWord),
        "status.{}.long": get_args(out.StatusWord),
        "urgency.{}": get_args(out.UrgencyWord),
        "strength.{}": get_args(Strength),
        "level.{}": [level.name for level in Level],
        "to.{}": get_args(Professional),
        "pair.{}": options(Pair, "verdict"),
        "pregnancy.{}": options(PregnancyRule, "pregnant"),
        "confidence.{}": ("high", "medium", "low"),
        "month.{}": range(1, 13),
        "skin_column.{}": ("sensitive", "dry", "normal", "combination", "oily"),
    }
    wanted = {shape.format(each) for shape, members in families.items() for each in members}
    assert wanted <= phrases()


def test_no_phrase_stands_there_unused(knowledge: Knowledge) -> None:
    beginnings = tuple(set(PUT_TOGETHER.findall(SOURCE)) | {"house."})
    idle = {name for name in phrases() if name not in SOURCE and not name.startswith(beginnings)}
    assert idle == set()
    assert knowledge.texts("zh_hant").phrase("status.allowed.short")
