"""Misspelled names: how many are recognised, how many wrongly, and whether real names are left alone."""

import random
import string
import sys
import time
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from benchmarks.labels_data import Data, show
from pellucid.labels.link import Linker
from pellucid.labels.misspell import Speller
from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import Vocabulary, key, shipped
from pellucid.model.label import Method

LONG = 8
"""Letters."""
NEAR = 2
"""Edits between names that are near neighbours."""
AIMS = {1: (0.995, 0.001), 2: (0.97, 0.003), 3: (0.92, 0.005)}
"""By edits: recall, and wrong links."""
PEER_SAMPLE = 200
PEER_CUTOFF = 80.0


def edited(name: str, edits: int, drawn: random.Random) -> str:
    """The name with so many letters wrong; digits stay."""
    text = list(name)
    for _ in range(edits):
        place = drawn.choice([at for at, one in enumerate(text) if one.isalpha()])
        other = drawn.choice([one for one in string.ascii_uppercase if one != text[place]])
        kind = drawn.choice(("out", "in", "change", "swap"))
        if kind == "out":
            del text[place]
        elif kind == "in":
            text.insert(place, other)
        elif kind == "swap" and place + 1 < len(text) and text[place + 1].isalpha() and text[place + 1] != text[place]:
            text[place : place + 2] = reversed(text[place : place + 2])
        else:
            text[place] = other
    return "".join(text)


def figures(data: Data | None) -> None:
    """Measure and print; what needs real labels or the inventory is left out without them."""
    vocabulary = shipped()
    begun = time.perf_counter()
    speller = Speller(vocabulary)
    show("misspelling: index of the shipped names", "s", time.perf_counter() - begun, names=len(vocabulary))
    groups = _groups(vocabulary, speller)
    linker = Linker(vocabulary)
    for group, names in groups.items():
        itself = sum(_linked(linker, name) == name for name in names) / len(names)
        show(f"misspelling: {group}, none: linked to themselves", "part", itself, aim=1.0, names=len(names))
        for edits, aims in AIMS.items():
            _edits(group, names, edits, linker, aims if group == "long" else (None, None))
    if data is None:
        print("misspelling: real names, separators: left out, for they need --data", file=sys.stderr)
        return
    _real_names(data, linker)
    _unseparated(data)


def _groups(vocabulary: Vocabulary, speller: Speller) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {"long": [], "near neighbours": [], "short": []}
    for name, link in vocabulary.exact.items():
        letters = sum(map(str.isalpha, name))
        if link.method is not Method.EXACT or letters < 3 or not name.isascii():  # noqa: PLR2004 - three edits
            continue
        near = {vocabulary.keys[term].inci for term in speller.near(key(name), NEAR)}
        groups["short" if letters < LONG else "near neighbours" if len(near) > 1 else "long"].append(name)
    return groups


def _linked(linker: Linker, name: str) -> str | None:
    return (linker.known(name) or linker.guess(name)).inci


def _edits(
    group: str, names: list[str], edits: int, linker: Linker, aims: tuple[float, float] | tuple[None, None]
) -> None:
    drawn = random.Random(edits)  # noqa: S311 - drawn edits
    cases = [(name, edited(name, edits, drawn)) for name in names]
    begun = time.perf_counter()
    found = [(name, _linked(linker, printed)) for name, printed in cases]
    spent = (time.perf_counter() - begun) / len(cases)
    peer, peer_wrong = _by_ratio(drawn.sample(cases, min(PEER_SAMPLE, len(cases))), linker.vocabulary)
    recall = sum(inci == name for name, inci in found) / len(found)
    wrong = sum(inci not in {name, None} for name, inci in found) / len(found)
    show(f"misspelling: {group}, {edits} edits: recall", "part", recall, peer, aims[0])
    show(f"misspelling: {group}, {edits} edits: wrong", "part", wrong, peer_wrong, aims[1], ms=spent * 1000)


def _by_ratio(cases: Sequence[tuple[str, str]], vocabulary: Vocabulary) -> tuple[float, float]:
    """What RapidFuzz's best ratio finds."""
    choices = list(vocabulary.exact)
    right = wrong = 0
    for name, printed in cases:
        best = process.extractOne(printed, choices, scorer=fuzz.ratio, score_cutoff=PEER_CUTOFF)
        inci = vocabulary.exact[best[0]].inci if best else None
        right += inci == name
        wrong += inci not in {name, None}
    return right / len(cases), wrong / len(cases)


def _real_names(data: Data, linker: Linker) -> None:
    """Names of the inventory that aren't shipped: each is another ingredient's, so none may be put right."""
    others = [name for name in data.inventory if linker.known(name) is None]
    choices = list(linker.vocabulary.exact)
    drawn = random.Random(0).sample(others, min(PEER_SAMPLE, len(others)))  # noqa: S311 - drawn names
    peer = sum(
        process.extractOne(name.upper(), choices, scorer=fuzz.ratio, score_cutoff=PEER_CUTOFF) is not None
        for name in drawn
    )
    changed = sum(linker.guess(name).inci is not None for name in others)
    show(
        "misspelling: real names that aren't shipped, taken for others",
        "part",
        changed / len(others),
        peer / len(drawn),
        0.003,
        names=len(others),
    )


def _unseparated(data: Data) -> None:
    """The names that are recognised in a list, printed with nothing but spaces between them."""
    count: Counter[str] = Counter()
    for text in data.clean:
        found = [one for one in read_label(text).ingredients if one.inci and one.method is not Method.MISSPELLING]
        told = Counter(one.inci for one in found if one.inci)
        again = read_label("Ingredients: " + " ".join(one.text for one in found)).ingredients
        read = Counter(one.inci for one in again if one.inci)
        count.update(told=told.total(), read=read.total(), right=(told & read).total())
    show("misspelling: separators removed: recall", "part", count["right"] / count["told"], aim=0.99)
    show("misspelling: separators removed: precision", "part", count["right"] / count["read"], aim=0.97)
