"""How fast labels are read, and whether anything that is given is too much for the reader."""

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from benchmarks.labels_data import Data, show
from benchmarks.labels_fuzz import huge, mutated
from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import shipped
from pellucid.model.label import Ingredient

PEER_LABELS = 10
MUTANTS = 10_000
UNSEEN = 300
ROUNDS = 3


def speed(data: Data) -> None:
    """Print how many labels a second are read that were not seen before, beside two other ways."""
    texts = sorted({*data.clean, *data.labels})
    random.Random(0).shuffle(texts)  # noqa: S311 - drawn labels
    unseen, seen = texts[:UNSEEN], texts[UNSEEN:]
    for misspelling, aim in ((False, 4000), (True, 2000)):
        rates = [_rate(seen, unseen, misspelling=misspelling) for _ in range(ROUNDS)]
        split = statistics.median(_timed(_split_and_look_up, unseen) for _ in range(ROUNDS))
        ratio = _timed(_best_ratio_each, unseen[:PEER_LABELS])
        figure = f"speed: labels not seen before, misspelling {'on' if misspelling else 'off'}"
        show(f"{figure}, beside split at commas and exact match", "labels/s", statistics.median(rates), split, aim)
        show(f"{figure}, beside RapidFuzz extractOne a token", "labels/s", statistics.median(rates), ratio, aim)


def _rate(seen: Sequence[str], unseen: Sequence[str], *, misspelling: bool) -> float:
    vocabulary = shipped().widened(())
    for text in seen:
        read_label(text, vocabulary=vocabulary, misspelling=misspelling)
    return _timed(lambda text: read_label(text, vocabulary=vocabulary, misspelling=misspelling), unseen)


def _timed(read: Callable[[str], object], texts: Sequence[str]) -> float:
    begun = time.process_time()
    for text in texts:
        read(text)
    return len(texts) / (time.process_time() - begun)


def _split_and_look_up(text: str) -> list[str | None]:
    exact = shipped().exact
    links = (exact.get(piece.strip().upper()) for piece in text.split(","))
    return [link.inci if link else None for link in links]


def _best_ratio_each(text: str) -> list[object]:
    choices = list(shipped().exact)
    return [process.extractOne(piece.strip().upper(), choices, scorer=fuzz.ratio) for piece in text.split(",")]


def fuzzed(data: Data | None) -> None:
    """Print how many mutated labels raise, and how long huge texts take."""
    drawn = random.Random(0)  # noqa: S311 - drawn mutations
    texts = data.clean if data else [", ".join(drawn.sample(sorted(shipped().exact), 30)) for _ in range(300)]
    raised = broken = 0
    slowest = 0.0
    for _ in range(MUTANTS):
        text = mutated(drawn.choice(texts), drawn)
        begun = time.process_time()
        try:
            found = read_label(text).ingredients
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is counted
            raised += 1
            print(repr(error), repr(text), file=sys.stderr)
            continue
        slowest = max(slowest, time.process_time() - begun)
        broken += not _sound(text, found)
    show("fuzz: mutated labels that raise", "labels", raised, aim=0, labels=MUTANTS, slowest=slowest)
    show("fuzz: mutated labels with wrong places", "labels", broken, aim=0)
    for name, text in huge(texts, drawn):
        begun = time.process_time()
        found = read_label(text).ingredients
        show(f"fuzz: 1 MB of {name}", "s", time.process_time() - begun, aim=2.0, ingredients=len(found))


def _sound(text: str, found: Sequence[Ingredient]) -> bool:
    edges = [edge for one in found for edge in (one.start, one.end)]
    return edges == sorted(edges) and all(one.text == text[one.start : one.end] for one in found)
