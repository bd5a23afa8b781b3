"""How well and how fast ingredient lists are read: one JSON line a figure, ours beside its peers, in one run.

Real labels are no part of the project. ``--data`` names a folder with ``labels/labels.jsonl`` (``raw``: a list),
``labels/raw_clean_pairs.jsonl`` (``raw``: a page, ``clean``: the list in it) and ``cosing/inventory_*.csv`` (the EU
inventory, column ``inci_name``); figures that need them are left out without it.

- ``find``: the list inside a page's text, see ``labels_find``.
- ``link``: entries of the clean lists that are recognised, by the shipped names alone and with the inventory. An entry
  is what stands between two commas outside brackets that don't stand between digits; some "clean" lists hold marketing
  copy, and what has a word such as "the" or "helps" in it is no entry. Its right name is the inventory's
  whose letters and digits it has, with or without its remarks in brackets, under the name that the shipped synonyms
  make of that. Where the inventory has none (trade names, slips, translations), any name counts for the recall, and
  none for what is right or wrong.
- ``wrong``: wrong links on 300 labels annotated by hand, see ``labels_truth``.
- ``misspelling``: drawn edits (a letter left out, put in, changed, or swapped with the next) in letters of every
  shipped name. Names of fewer than 8 letters, and names with another ingredient's within two letters, are apart. Then
  lists of recognised names with nothing but spaces between them, and names of the inventory that aren't shipped: each
  is another ingredient's, so none may be put right.
- ``speed``: labels never seen, after all others; the index for misspellings is built before; in processor time.
- ``allergens``: every name of every entry of the EU's list of fragrance allergens, printed in a list, is its entry's.
- ``fuzz``: mutated lists, and texts of 1,000,000 characters.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import labels_edits, labels_find, labels_speed, labels_truth
from benchmarks.labels_data import Data, show
from pellucid.knowledge.load import load
from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import Vocabulary, key, shipped

SECTIONS = ("find", "link", "wrong", "misspelling", "speed", "allergens", "fuzz")
ON_DATA = frozenset({"find", "link", "wrong", "speed"})


def main() -> None:
    """Measure and print."""
    told = _arguments()
    data = Data(told.data) if told.data else None
    for section in told.only:
        if data is None and section in ON_DATA:
            print(f"{section}: left out, for it needs --data", file=sys.stderr)
        elif data and section in ON_DATA:
            _on_data(section, data, told.data)
        elif section == "misspelling":
            labels_edits.figures(data)
        elif section == "allergens":
            _allergens()
        else:
            labels_speed.fuzzed(data)


def _on_data(section: str, data: Data, folder: Path) -> None:
    if section == "link":
        _link(data)
    elif section == "speed":
        labels_speed.speed(data)
    else:
        lines = labels_find.figures(data.pairs, shipped()) if section == "find" else labels_truth.figures(folder)
        for line in lines:
            print(json.dumps(line), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, help="sections to measure")
    parser.add_argument("--data", type=Path, help="folder with real labels and the EU inventory")
    return parser.parse_args()


# --- link -------------------------------------------------------------------------------------------------------

_BETWEEN = re.compile(r",(?![0-9])|(?<![0-9]),")
_PROSE = re.compile(r"\b(?:the|is|are|to|with|your|that|this|helps?|skin|when|supports?|contains)\b", re.IGNORECASE)
_REMARK = re.compile(r"[(\[][^()\[\]]{0,200}[)\]]")


class Entry(NamedTuple):
    """A stretch of a list between two commas."""

    start: int
    end: int


def entries(text: str) -> Iterator[Entry]:
    """The entries of a list, cut without any knowledge of names."""
    blank = _REMARK.sub(lambda found: "_" * len(found[0]), text)
    cuts = [-1, *(comma.start() for comma in _BETWEEN.finditer(blank)), len(text)]
    for last, cut in pairwise(cuts):
        if key(text[last + 1 : cut]) and not _PROSE.search(text, last + 1, cut):
            yield Entry(last + 1, cut)


class Truth:
    """The right name of an entry, where the inventory has it."""

    def __init__(self, inventory: Sequence[str]) -> None:
        """Keep names by their letters and digits."""
        self._names = {key(name): name.upper() for name in inventory}
        self._shipped = shipped()

    def of(self, printed: str) -> str | None:
        """What it should be linked to; None if the inventory doesn't say."""
        for text in (printed, _REMARK.sub(" ", printed)):
            name = self._names.get(key(text))
            if name:
                link = self._shipped.find(name)
                return link.inci if link else name
        return None


def _link(data: Data) -> None:
    truth = Truth(data.inventory)
    for lists, texts in (("clean lists", data.clean), ("labels", data.labels)):
        for names, vocabulary, aim in (
            ("shipped names", shipped(), 0.95),
            ("with the inventory", shipped().widened(data.inventory), 0.99),
        ):
            _link_one(f"link: {lists}, {names}", texts, vocabulary, truth, aim)


def _link_one(figure: str, texts: Sequence[str], vocabulary: Vocabulary, truth: Truth, aim: float) -> None:
    count: Counter[str] = Counter()
    for text in texts:
        found = read_label(text, vocabulary=vocabulary).ingredients
        for start, end in entries(text):
            here = {one.inci for one in found if one.start < end and start < one.end}
            right = truth.of(text[start:end])
            count["entries"] += 1
            count["linked"] += bool(here - {None}) if right is None else right in here
            count["told"] += right is not None
            count["wrong"] += right is not None and bool(here - {None}) and right not in here
            count["peer"] += text[start:end].strip(" .*").upper() in vocabulary.exact
    every = count["entries"]
    show(f"{figure}: recall", "part", count["linked"] / every, count["peer"] / every, aim, entries=every)
    show(f"{figure}: wrong", "part", count["wrong"] / count["told"], aim=0.003, told=count["told"])


# --- allergens --------------------------------------------------------------------------------------------------


def _allergens() -> None:
    """Each entry with all its names, each name printed in a list."""
    allergens = load().ingredients.allergens
    exact = shipped().exact
    whole = peers = names = right = 0
    for entry in allergens.entries.values():
        read = [_is_read_as(name, entry.entry) for name in entry.names]
        plain = [name.upper() in exact for name in entry.names]
        whole, names, right = whole + all(read), names + len(read), right + sum(read)
        peers += all(plain)
    every = len(allergens.entries)
    show("allergens: entries recognised in every listed form", "entries", whole, peers, every, names=names, right=right)


def _is_read_as(name: str, entry: str) -> bool:
    """Whether a name between two others comes out as one ingredient that belongs to the entry."""
    allergens = load().ingredients.allergens
    label = read_label(f"Ingredients: Water, Glycerin, {name}, Phenoxyethanol")
    found = [allergens.of(one.inci) for one in label.ingredients if one.inci]
    return [one.entry for one in found if one] == [entry] and not label.unknown


if __name__ == "__main__":
    main()
