"""The one known name that a misspelled one can be a slip of, or none.

symspellpy finds the names within three letters (deletes, inserts, swaps, changes), RapidFuzz ranks those of one
distance. Nothing is corrected that could have been meant: a digit never is, nor a name of which every word is a right
one, of a known name or of another; and where another ingredient's name is as near or one letter further, no choice is
made.
"""

import re

from rapidfuzz.distance import OSA, Levenshtein
from symspellpy import SymSpell, Verbosity  # type: ignore[import-untyped]

from pellucid.labels.lexicon import shipped_lexicon
from pellucid.labels.vocabulary import Link, Vocabulary, key
from pellucid.model.label import Method

SURE = {1: 0.95, 2: 0.9, 3: 0.8}
"""How sure a correction of so many letters is."""
SHORTEST = {1: 5, 2: 8, 3: 11}
"""How many letters and digits a name needs for so many corrections."""
WHOLE = {3: 6}
"""So many corrections in one word of no more letters make another word of it: Seyal is not Senegal."""
ALIKE = 2
"""Names so many letters apart are easily mistaken for each other, such as Retinal and Retinol."""
LONGEST = 300
"""Longer texts are no single misspelled name."""
PREFIX = 7
"""How much of each name symspellpy indexes: 0.2 s for 2,500 names and 2.5 s for the EU inventory."""

_SIZE = re.compile(r"[0-9]{1,3}[a-z]")
"""Such as 20M, which is a thousand times the size of 20."""
_DIGITS = re.compile("[0-9]+")
_WORD = re.compile(r"[^\s\-/(),]+")


class Speller:
    """An index over the keys of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build the index, which takes a while; see ``PREFIX``."""
        self._vocabulary = vocabulary
        self._lexicon = shipped_lexicon()
        self._index = SymSpell(max_dictionary_edit_distance=max(SURE), prefix_length=PREFIX)
        for shape in vocabulary.keys:
            self._index.create_dictionary_entry(shape, 1)

    def correct(self, name: str) -> Link | None:
        """The link of the one name that this can be a slip of."""
        shape = key(name)
        if shape in self._vocabulary.keys:
            return self._vocabulary.keys[shape]
        words = [word for part in _WORD.findall(name) if (word := key(part))]
        if not SHORTEST[1] <= len(shape) <= LONGEST or self._is_right(words, 1):
            return None
        if any(_SIZE.fullmatch(word) and word not in self._vocabulary.words for word in words):
            return None
        allowed = max(distance for distance, letters in SHORTEST.items() if len(shape) >= letters)
        for reach in range(1, allowed + 1):
            near = self.near(shape, reach)
            if near:
                return self._only(shape, words, near)
        return None

    def _is_right(self, words: list[str], edits: int) -> bool:
        """Whether every word is one, so that another name is meant.

        A word of English doesn't count where one letter would make a name of it: "Frit Extract" is a slip.
        """
        known, lexicon = self._vocabulary.words, self._lexicon
        return all(
            (word in known and word not in lexicon.slips) or word in lexicon or (edits > 1 and lexicon.is_english(word))
            for word in words
        )

    def near(self, shape: str, reach: int) -> dict[str, int]:
        """Names with the same digits that are long enough, by their distance."""
        digits = _DIGITS.findall(shape)
        found = self._index.lookup(shape, Verbosity.ALL, max_edit_distance=reach)
        enough = [one for one in found if len(one.term) >= SHORTEST.get(one.distance, 0)]
        return {one.term: one.distance for one in enough if _DIGITS.findall(one.term) == digits}

    def _only(self, shape: str, words: list[str], near: dict[str, int]) -> Link | None:
        """The nearest, unless another ingredient is as near, or one letter further and easily mistaken for it."""
        keys = self._vocabulary.keys
        best = min(near, key=lambda term: (near[term], term))
        distance, inci = near[best], keys[best].inci
        if self._is_right(words, distance) or _is_another_word(shape, best, words, distance):
            return None
        wider = self.near(shape, min(distance + 1, max(SURE)))
        for term, further in wider.items():
            alike = further <= distance or OSA.distance(term, best, score_cutoff=ALIKE) <= ALIKE
            if alike and keys[term].inci != inci:
                return None
        return Link(inci, Method.MISSPELLING, SURE[distance])


def _is_another_word(shape: str, best: str, words: list[str], edits: int) -> bool:
    """Whether all corrections fall into one word that is too short for so many."""
    if edits not in WHOLE:
        return False
    places = [edit.src_pos for edit in Levenshtein.editops(shape, best)]
    end = 0
    for word in words:
        start, end = end, end + len(word)
        if start <= min(places) and max(places) < end + (word is words[-1]):
            return len(word) <= WHOLE[edits]
    return False
