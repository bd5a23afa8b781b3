"""Names that follow each other with nothing between them: the cut that leaves fewest letters unknown.

Among such cuts the one of fewest names, so that the longest known names win. Linear: a name is tried only as long as
its words so far begin a known one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pellucid.labels.marks import HOLE
from pellucid.labels.vocabulary import JOINT, Link, Vocabulary, key

_WORD = re.compile(r"[^\s" + HOLE + "]+")
ENOUGH = 0.6
"""The share of letters that must be known where some are not."""
LANGUAGES = 8
"""No word is a name in more languages."""
SEVERAL = 3
"""The number of names that must be known where some letters are not."""
_TAILS = frozenset({"water", "aqua", "alcohol", "extract", "oil"})
"""Words that a plant's name, unknown with them, may end in."""


class Run(NamedTuple):
    """One name, or words that are unknown."""

    start: int
    end: int
    link: Link | None


class _Word(NamedTuple):
    shape: str
    start: int
    end: int
    link: Link | None
    """What it is where it is a name in several languages, such as Water/Aqua/Eau."""


class _Best(NamedTuple):
    unknown: int
    names: int
    until: int
    link: Link | None


def segment(outer: str, vocabulary: Vocabulary) -> tuple[Run, ...]:
    """Cut a text, in which remarks are blanked, into names; nothing if it isn't made of names."""
    words = list(_words(outer, vocabulary))
    if len(words) < 2:  # noqa: PLR2004 - there is nothing to cut
        return ()
    best = _cut(words, vocabulary)
    runs = _together(_runs(words, best), outer)
    return runs if _convincing(runs, best, words) else ()


def _words(outer: str, vocabulary: Vocabulary) -> Iterator[_Word]:
    """Words that hold a letter or digit; what each is, is looked up once."""
    known: dict[str, tuple[str, Link | None]] = {}
    for found in _WORD.finditer(outer):
        text = found[0]
        if text not in known:
            known[text] = key(text), _in_languages(text, vocabulary)
        shape, link = known[text]
        if shape:
            yield _Word(shape, found.start(), found.end(), link)


def _in_languages(text: str, vocabulary: Vocabulary) -> Link | None:
    names = text.split("/", LANGUAGES + 1) if "/" in text else []
    if not 1 < len(names) <= LANGUAGES:
        return None
    links = [vocabulary.find(name) for name in names]
    return links[0] if len({link and link.inci for link in links}) == 1 else None


def _cut(words: list[_Word], vocabulary: Vocabulary) -> list[_Best]:
    keys, starts = vocabulary.keys, vocabulary.starts
    best = [_Best(0, 0, len(words), None)] * (len(words) + 1)
    for first in range(len(words) - 1, -1, -1):
        after = best[first + 1]
        chosen = _Best(after.unknown + len(words[first].shape), after.names, first + 1, None)
        shape = ""
        for last in range(first, len(words)):
            shape = _joined(shape, words[last].shape)
            if len(shape) > vocabulary.longest:
                break
            link = keys.get(shape) or (words[first].link if last == first else None)
            if link:
                rest = best[last + 1]
                if (rest.unknown, rest.names + 1) <= (chosen.unknown, chosen.names):
                    chosen = _Best(rest.unknown, rest.names + 1, last + 1, link)
            if shape not in starts:
                break
        best[first] = chosen
    return best


def _joined(shape: str, more: str) -> str:
    return shape + JOINT + more if shape and shape[-1].isdigit() and more[0].isdigit() else shape + more


def _runs(words: list[_Word], best: list[_Best]) -> tuple[Run, ...]:
    runs: list[Run] = []
    first = 0
    while first < len(words):
        chosen = best[first]
        start, end = words[first].start, words[chosen.until - 1].end
        if chosen.link is None and runs and runs[-1].link is None:
            start = runs.pop().start
        runs.append(Run(start, end, chosen.link))
        first = chosen.until
    return tuple(runs)


def _together(runs: tuple[Run, ...], outer: str) -> tuple[Run, ...]:
    """The same with names for one ingredient, which have nothing but a slash between them, as one."""
    if "/" not in outer:
        return runs
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else run
        same = last is not run and last.link and run.link and last.link.inci == run.link.inci
        if same and outer[last.end : run.start].strip() == "/":
            made[-1] = last._replace(end=run.end)
        else:
            made.append(run)
    return tuple(made)


def _convincing(runs: tuple[Run, ...], best: list[_Best], words: list[_Word]) -> bool:
    known = [run for run in runs if run.link]
    unknown = best[0].unknown
    if not unknown:
        return len(known) > 2 or words[-1].shape not in _TAILS or runs[-1].start < words[-1].start  # noqa: PLR2004 - as above
    return len(known) >= SEVERAL and unknown <= (1 - ENOUGH) * sum(len(word.shape) for word in words)
