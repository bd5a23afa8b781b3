"""From a printed name to the ingredient it stands for: letter by letter, by key, as a synonym, misspelled, unknown."""

from pellucid.labels.misspell import Speller
from pellucid.labels.vocabulary import UNKNOWN, Link, Vocabulary, key

_COLOUR_DIGITS = 5
"""A colour index number."""


class Linker:
    """Links names with one vocabulary; the index for misspellings is built when it is first needed."""

    def __init__(self, vocabulary: Vocabulary, *, misspelling: bool = True) -> None:
        """Take the vocabulary, and whether misspelled names are recognised."""
        self.vocabulary = vocabulary
        self.misspelling = misspelling

    def known(self, name: str) -> Link | None:
        """The link of a name that is spelled right."""
        vocabulary = self.vocabulary
        found = vocabulary.exact.get(name.upper())
        if found:
            return found
        shape = key(name)
        found = vocabulary.keys.get(shape)
        if found:
            return found
        if shape[-_COLOUR_DIGITS:].isdigit() and shape[:-_COLOUR_DIGITS] in {"", "cino", "colourindex", "colorindex"}:
            return vocabulary.keys.get("ci" + shape[-_COLOUR_DIGITS:])
        return None

    def guess(self, name: str) -> Link:
        """The link of a name that may be misspelled."""
        return (self.misspelling and self._speller().correct(name)) or UNKNOWN

    def _speller(self) -> Speller:
        memo = self.vocabulary.memo
        if Speller not in memo:
            memo[Speller] = Speller(self.vocabulary)
        return memo[Speller]  # type: ignore[no-any-return]
