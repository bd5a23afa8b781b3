"""Finding words in everything that visitors can read, in both languages, without a search server.

Latin words are matched whole or by their beginning; Chinese, which has no spaces, by pairs of neighbouring characters.
A title counts more than what stands below it.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from rapidfuzz import fuzz, process

WORD = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
WHOLE, PREFIX = 1.0, 0.6
"""How much a match of a whole word counts, and one of its beginning."""
TITLE, ALSO, TEXT = 12.0, 1.5, 1.0
"""How much a word counts in a title of one word, in the other language, and in the text."""
LEAST_ALIKE = 70.0
"""From which likeness (0 to 100) on a word is offered instead of one that is nowhere."""
SHORTEST_GUESS = 4
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found."""

    group: str
    """Which heading it stands under."""
    title: str
    text: str
    url: str
    also: str = ""
    """Its title and words in the other language, and words that people use for it."""
    note: str = ""
    """What is to be thought of it, where its title is only a claim."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought."""

    entries: Sequence[Entry]
    instead: str = ""
    """Other words that would find something, where these find little."""


@dataclass(slots=True)
class Index:
    """Entries, and which words stand in which of them."""

    entries: list[Entry]
    weights: dict[str, dict[int, float]] = field(default_factory=dict)
    """Word to the entries that hold it, with how much it counts there."""

    def __post_init__(self) -> None:
        """Take the words apart; a word that stands in few entries says more."""
        counted: dict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self.entries):
            for word, weight in _weights(entry).items():
                counted[word][number] = weight
        total = len(self.entries)
        for word, places in counted.items():
            rare = log(1 + total / len(places))
            self.weights[word] = {number: weight * rare for number, weight in places.items()}

    def search(self, query: str) -> Found:
        """Entries that hold every word of a query, the best first; where there are none, those that hold some."""
        asked = words(query[:LONGEST_QUERY])
        if not asked:
            return Found(())
        scores = [self._scores(word) for word in asked]
        entries = self._ranked(scores, least=len(scores)) or self._ranked(scores, least=1)
        missing = [word for word, score in zip(asked, scores, strict=True) if not score]
        return Found(entries, self._instead(asked, missing) if missing else "")

    def _scores(self, word: str) -> Mapping[int, float]:
        """Entries that hold a word or one that begins with it."""
        found: dict[int, float] = defaultdict(float)
        for known, places in self._known(word):
            share = WHOLE if known == word else PREFIX * len(word) / len(known)
            for number, weight in places.items():
                found[number] = max(found[number], weight * share)
        return found

    def _known(self, word: str) -> Iterator[tuple[str, Mapping[int, float]]]:
        for known, places in self.weights.items():
            if known.startswith(word):
                yield known, places

    def _ranked(self, scores: Sequence[Mapping[int, float]], least: int) -> list[Entry]:
        hits = Counter(number for score in scores for number in score)
        total = {number: sum(score.get(number, 0.0) for score in scores) for number in hits if hits[number] >= least}
        return [self.entries[number] for number in sorted(total, key=lambda each: (-hits[each], -total[each], each))]

    def _instead(self, asked: Sequence[str], missing: Sequence[str]) -> str:
        """The query with words that are nowhere replaced by the nearest known ones; empty where none is near."""
        known = [word for word in self.weights if len(word) >= SHORTEST_GUESS or not word.isascii()]
        near: dict[str, str] = {}
        for word in missing:
            if word.isascii() and len(word) >= SHORTEST_GUESS:
                guess = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
                near.update({word: guess[0]} if guess else {})
        return " ".join(near.get(word, word) for word in asked if word in near or word not in missing) if near else ""


def words(text: str) -> list[str]:
    """The words of a text as they are compared: small letters, no plural s, Chinese in pairs."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(sign))
    found: list[str] = []
    for run in WORD.findall(unicodedata.normalize("NFKC", plain)):
        found += [_singular(run)] if run.isascii() else _pairs(run)
    return found


def _singular(word: str) -> str:
    """A rough singular: both sides of a comparison are treated alike."""
    shortest = 4
    if len(word) < shortest or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] if len(run) > 1 else [run]


def _weights(entry: Entry) -> dict[str, float]:
    """How much each word counts in an entry: in the title most, and more in a short one."""
    weights: dict[str, float] = defaultdict(float)
    title = words(entry.title)
    for part, most in ((title, TITLE / sqrt(max(len(title), 1))), (words(entry.also), ALSO), (words(entry.text), TEXT)):
        for word, count in Counter(part).items():
            weights[word] += most * (1 + log(count))
    return weights


def groups(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by group, in the order of their best ones."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.group, []).append(entry)
    return found
