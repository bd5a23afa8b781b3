"""Every name that can be recognised, and what it is a name of.

A name is looked up letter by letter first and by its key after that: letters and digits alone, so that spaces,
punctuation, accents and capitals don't matter. Digits are never changed, and stay apart: 1,2 is not 12.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from pellucid.knowledge.load import load
from pellucid.model.label import Method

EXACT, KEY, SYNONYM = 1.0, 0.98, 0.97
"""How sure a link of each kind is. Keys and synonyms can fold two names into one; letters can't."""

_ASCII_KEY = {code: None for code in range(128) if not chr(code).isalnum()}
_SMALL = bytes(range(256)).lower()
_PUNCTUATION = bytes(_ASCII_KEY)
_DIGITS_APART = re.compile(r"[0-9][^0-9A-Za-z]+[0-9]")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[^0-9A-Za-z]+(?=[0-9])")
_GREEK_TABLE = str.maketrans(
    {"\u03b1": "alpha", "\u03b2": "beta", "\u03b3": "gamma", "\u03b4": "delta", "\u03b5": "epsilon", "\u03c9": "omega"}
)
JOINT = "\x1f"
"""Stands in a key between two digits that punctuation keeps apart; in no text, for it counts as a control character."""


class Link(NamedTuple):
    """What a name is a name of, how that was found, and how sure it is."""

    inci: str | None
    method: Method
    confidence: float


UNKNOWN = Link(None, Method.UNKNOWN, 0.0)


def key(text: str) -> str:
    """The letters and digits of a name, small and without accents; linear in its length."""
    if not text.isascii():
        small = unicodedata.normalize("NFKD", text.casefold().translate(_GREEK_TABLE))
        text = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in small)
    plain = text.isascii()
    shape = text.encode().translate(_SMALL, _PUNCTUATION).decode() if plain else text.translate(_ASCII_KEY).lower()
    # most names hold no digit, and are done
    if (plain and shape.isalpha()) or not _DIGITS_APART.search(text):
        return shape
    return _BETWEEN_DIGITS.sub(JOINT, text).translate(_ASCII_KEY_JOINED).lower()


_ASCII_KEY_JOINED = {code: nothing for code, nothing in _ASCII_KEY.items() if chr(code) != JOINT}


def words(text: str) -> list[str]:
    """The words of a name at spaces."""
    return text.split()


class Vocabulary:
    """Names to recognise. It does not change once it is built; ``memo`` is room for what readers work out with it."""

    def __init__(self, names: Iterable[str], synonyms: Mapping[str, str], inventory: Iterable[str] = ()) -> None:
        """Build it.

        Args:
            names: canonical INCI names.
            synonyms: any other name to one of ``names``.
            inventory: further INCI names, in which those above go first.
        """
        self._given = tuple(names), dict(synonyms)
        self.exact: dict[str, Link] = {}
        self.keys: dict[str, Link] = {}
        self.starts: set[str] = set()
        """The key of the first words of every name of more words than one."""
        self.words: set[str] = set()
        """The key of every word of a name."""
        self.heads: set[str] = set()
        """The key of what stands before a comma inside a name."""
        self.memo: dict[Any, Any] = {}
        for name in self._given[0]:
            self._add(name, name.upper(), Method.EXACT)
        for name, inci in self._given[1].items():
            self._add(name, inci.upper(), Method.SYNONYM)
        for name in inventory:
            if key(name) not in self.keys:
                self._add(name, name.upper(), Method.EXACT)
        self.longest = max(map(len, self.keys), default=0)

    def widened(self, inventory: Iterable[str]) -> "Vocabulary":
        """A vocabulary with further INCI names, and a memory of its own."""
        return Vocabulary(*self._given, inventory)

    def _add(self, name: str, inci: str, method: Method) -> None:
        shape = key(name)
        if not shape:
            return
        own = method is Method.EXACT
        self.exact.setdefault(" ".join(name.upper().split()), Link(inci, method, EXACT if own else SYNONYM))
        self.keys.setdefault(shape, Link(inci, Method.KEY if own else method, KEY if own else SYNONYM))
        parts = words(name)
        self.words.update(key(word) for part in parts for word in re.split(r"[-/(),]", part))
        self.starts.update(key(" ".join(parts[:count])) for count in range(1, len(parts)))
        self.heads.update(key(name[: comma.start()]) for comma in re.finditer(",", name))

    def find(self, name: str) -> Link | None:
        """What the name stands for: letter by letter, by its key, or as a synonym; None if it isn't known."""
        return self.exact.get(name.upper()) or self.keys.get(key(name))

    def __contains__(self, name: str) -> bool:
        """Whether the name is known, spelled right."""
        return self.find(name) is not None

    def __len__(self) -> int:
        """How many names of different spelling there are."""
        return len(self.keys)


@cache
def shipped() -> Vocabulary:
    """The names of the shipped knowledge, read once.

    Raises:
        KnowledgeError: the tables have faults.
    """
    base = load().ingredients
    return Vocabulary(base.names, base.synonyms)
