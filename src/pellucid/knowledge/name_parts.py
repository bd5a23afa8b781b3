"""What words of ingredient names are made of (``name_parts.toml``), read when a misspelling is first looked for."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable

FILE = "name_parts.toml"


@dataclass(frozen=True, slots=True)
class NameParts:
    """Parts in small letters. A word of names is made of ``starts`` and ``anywhere`` with at most one of ``ends``."""

    starts: frozenset[str]
    anywhere: frozenset[str]
    ends: frozenset[str]
    words: frozenset[str]
    """Whole words that dictionaries of English leave out."""
    slips: frozenset[str]
    """What is no word where it stands alone, although names hold it."""


@lru_cache(maxsize=2)
def read_name_parts(folder: Traversable) -> NameParts:
    """The parts in a folder of knowledge."""
    tables = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    return NameParts(**{name: frozenset(parts) for name, parts in tables.items()})
