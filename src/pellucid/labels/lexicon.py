"""Whether a printed word is a word: one of English, or one made of the parts that names of ingredients are made of.

What is a word was meant, and stands for another ingredient than the known one it looks like; what is none is a slip.
"""

import re
from functools import cache
from importlib.resources import files

from pellucid.knowledge.load import load
from pellucid.knowledge.name_parts import NameParts, read_name_parts

_ENDING = re.compile(
    r"(?:yl|[aio]te|ates|ide|ides|amine|idine|[aeyo]ne|[ao]l|ose|ase|ium|ic|eth|cone|er|ers|in|paraben|coco)$"
)
"""What a part ends in that ends a word; without its last letter it is a slip: chalcon."""
SHORTEST = 4
"""Letters. Shorter words of English are as often slips of each other."""
_ENGLISH = "frequency_dictionary_en_82_765.txt"
"""Comes with symspellpy: SCOWL's words of English."""


class Lexicon:
    """Words of English, and whatever is made of parts."""

    def __init__(self, parts: NameParts, english: frozenset[str]) -> None:
        """Take both in small letters."""
        self._parts = parts
        self._english = english
        self.slips = parts.slips
        self._longest = max(map(len, parts.anywhere | parts.starts | parts.ends), default=0)

    def __contains__(self, word: str) -> bool:
        """Whether this is a word of names; in small letters, without anything else."""
        return word in self._parts.words or (len(word) >= SHORTEST and self._is_made_of_parts(word))

    def is_english(self, word: str) -> bool:
        """Whether this is a word of English; in small letters."""
        return len(word) >= SHORTEST and word in self._english

    def _is_made_of_parts(self, word: str) -> bool:
        """Whether parts cover the word, each place reached from one before it; linear for words of bounded parts."""
        parts = self._parts
        reached = {0}
        for start in range(len(word)):
            if start not in reached:
                continue
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                part = word[start:end]
                if part in parts.anywhere or (not start and part in parts.starts):
                    reached.add(end)
                    if end == len(word) and _ENDING.search(part):
                        return True
                elif end == len(word) and start and part in parts.ends:
                    return True
        return False


@cache
def shipped_lexicon() -> Lexicon:
    """The words of English and the shipped parts, read once."""
    lines = (files("symspellpy") / _ENGLISH).read_text(encoding="utf-8-sig").splitlines()
    return Lexicon(read_name_parts(load().folder), frozenset(line.partition(" ")[0] for line in lines))  # type: ignore[arg-type] # a folder can be hashed, its protocol can't say
