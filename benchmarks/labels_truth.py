"""How often a name on a label is linked to the wrong ingredient: against 300 labels that were annotated by hand.

``labels_annotated/`` holds for each the SHA-256 of its text and what stands in it: start, end and INCI name of every
entry; README.md there says how that was decided. The texts are not ours to publish: ``--data`` names a folder with
``labels/labels.jsonl`` (``raw``), ``labels/raw_clean_pairs.jsonl`` (``clean``) and ``cosing/inventory_*.csv``. What is
not found there is left out, and the figures say so.

A link is wrong if it names another ingredient than the one that is printed. Where what is printed leaves open which
ingredient is meant (a plant without its part, a trade name), every link is wrong but those listed as fair guesses, and
these count neither way. A link to what isn't an entry of a list at all (a word in the copy around it) is counted by
itself and, to be strict, with the wrong ones.
"""

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import Vocabulary, shipped

HERE = Path(__file__).parent / "labels_annotated"
AIM = 0.003
TEXTS = {"labels.jsonl": "raw", "raw_clean_pairs.jsonl": "clean"}


class Entry(NamedTuple):
    """One entry of a list, as it was annotated."""

    start: int
    end: int
    inci: str | None
    """None where it can't be said which ingredient is meant."""
    reason: str | None = None
    """Why it can't."""
    also: tuple[str, ...] = ()
    """Names that are as good as ``inci``, or, where that is None, fair guesses."""


class Annotated(NamedTuple):
    """A text and what stands in it."""

    text: str
    entries: tuple[Entry, ...]


class Link(NamedTuple):
    """What a reader says."""

    start: int
    end: int
    inci: str | None
    method: str = ""


class Case(NamedTuple):
    """One fault, to be looked at."""

    kind: str
    printed: str
    said: str | None
    truth: str | None
    method: str
    around: str


Read = Callable[[str], Sequence[Link]]


@dataclass(slots=True)
class Score:
    """Counts over labels.

    ``missed`` are named entries with no right link, ``guessed`` the fair guesses, ``twice`` right links to an entry
    that has one already (a name cut into itself and its translation), ``spans`` right links to another stretch.
    """

    labels: int = 0
    entries: int = 0
    named: int = 0
    links: int = 0
    right: int = 0
    wrong: int = 0
    outside: int = 0
    guessed: int = 0
    twice: int = 0
    missed: int = 0
    spans: int = 0
    cases: list[Case] = field(default_factory=list)

    @property
    def wrong_share(self) -> float:
        """The share of links that name another ingredient or stand outside every list."""
        return (self.wrong + self.outside) / max(1, self.links)

    @property
    def recall(self) -> float:
        """The share of named entries that are linked right."""
        return (self.named - self.missed) / max(1, self.named)


def annotated(texts: Iterable[str]) -> list[Annotated]:
    """The annotated ones among the texts, in the order of the annotations."""
    known = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    rows = [json.loads(line) for line in (HERE / "annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Annotated(known[row["sha256"]], tuple(_entry(*entry) for entry in row["entries"]))
        for row in rows
        if row["sha256"] in known
    ]


def _entry(
    start: int, end: int, inci: str | None, reason: str | None = None, also: Sequence[str] = ()
) -> Entry:  # as the annotations have it: what is empty at the end is left out
    return Entry(start, end, inci, reason, tuple(also))


def score(read: Read, labels: Iterable[Annotated]) -> Score:
    """Compare what a reader says of every label with the truth."""
    same = {name: group[0] for group in json.loads((HERE / "same_names.json").read_text()) for name in group}
    total = Score()
    for label in labels:
        _score(total, label, read(label.text), same)
    return total


def _score(total: Score, label: Annotated, links: Sequence[Link], same: dict[str, str]) -> None:
    found: set[Entry] = set()
    for link in links:
        if link.inci is None:
            continue
        total.links += 1
        near = [entry for entry in label.entries if entry.start < link.end and link.start < entry.end]
        fits = [entry for entry in near if same.get(link.inci, link.inci) in _names(entry, same)]
        new = [entry for entry in fits if entry not in found]
        if not fits:
            _fault(total, label.text, link, near)
        elif fits[0].inci is None:
            total.guessed += 1
        else:
            total.right += 1
            total.twice += not new
            total.spans += all(_core(label.text, *link[:2]) != _core(label.text, *entry[:2]) for entry in fits)
            found.update(fits)
    missed = [entry for entry in label.entries if entry.inci and entry not in found]
    total.labels += 1
    total.entries += len(label.entries)
    total.named += sum(entry.inci is not None for entry in label.entries)
    total.missed += len(missed)
    total.cases += [_case("missed", label.text, Link(*entry[:2], None), entry.inci) for entry in missed]


def _names(entry: Entry, same: dict[str, str]) -> set[str]:
    return {same.get(name, name) for name in (entry.inci, *entry.also) if name}


def _fault(total: Score, text: str, link: Link, near: Sequence[Entry]) -> None:
    kind = "wrong" if near else "outside"
    total.wrong += kind == "wrong"
    total.outside += kind == "outside"
    truth = " | ".join(entry.inci or f"({entry.reason})" for entry in near)
    total.cases.append(_case(kind, text, link, truth))


def _case(kind: str, text: str, link: Link, truth: str | None) -> Case:
    around = text[max(0, link.start - 25) : link.end + 25]
    return Case(kind, text[link.start : link.end], link.inci, truth, link.method, around)


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without signs at its ends and without a remark in brackets behind it."""
    piece = text[start:end].rstrip(" .,;:*†‡^°")
    if piece.endswith((")", "]")):
        opening = max(piece.rfind("("), piece.rfind("["))
        piece = piece[:opening] if opening > 0 else piece
    piece = piece.rstrip(" .,;:*†‡^°-/")
    lead = len(piece) - len(piece.lstrip(" .,;:*†‡^°-/([&"))
    return start + lead, start + len(piece)


def ours(vocabulary: Vocabulary, *, misspelling: bool = True) -> Read:
    """Our own reader with a vocabulary."""

    def read(text: str) -> list[Link]:
        label = read_label(text, vocabulary=vocabulary, misspelling=misspelling)
        return [Link(one.start, one.end, one.inci, one.method.value) for one in label.ingredients]

    return read


def peer(names: Iterable[str]) -> Read:
    """The plain way: cut at every comma, and take what is a name letter by letter."""
    known = {" ".join(name.upper().split()) for name in names}

    def read(text: str) -> list[Link]:
        links, start = [], 0
        for piece in text.split(","):
            name = " ".join(piece.upper().split()).rstrip(".")
            links.append(Link(start, start + len(piece), name if name in known else None, "exact"))
            start += len(piece) + 1
        return links

    return read


def figures(folder: Path) -> Iterator[dict[str, Any]]:
    """Every figure; only the reason where the folder lacks the texts."""
    labels = annotated(_texts(folder / "labels"))
    if not labels:
        yield {"figure": "wrong links", "skipped": "the texts that were annotated are not in the folder named"}
        return
    base = shipped()
    yield from _lines("shipped base", score(ours(base), labels), score(peer(base.exact), labels))
    inventory = _inventory(folder / "cosing")
    if not inventory:
        yield {"figure": "wrong links, with the inventory", "skipped": "the inventory is not in the folder named"}
        return
    wide = base.widened(inventory)
    yield from _lines("with the inventory", score(ours(wide), labels), score(peer(wide.exact), labels))


def _lines(which: str, own: Score, plain: Score) -> Iterator[dict[str, Any]]:
    counted = {name: getattr(own, name) for name in ("labels", "entries", "links", "wrong", "outside", "guessed")}
    shares = {"ours": round(own.wrong_share, 5), "peer": round(plain.wrong_share, 5), "aim": AIM}
    yield {"figure": f"wrong links, {which}", "unit": "share", **shares, **counted}
    shares = {"ours": round(own.recall, 5), "peer": round(plain.recall, 5)}
    counted = {name: getattr(own, name) for name in ("named", "missed", "twice", "spans")}
    yield {"figure": f"named entries linked right, {which}", "unit": "share", **shares, **counted}


def _texts(folder: Path) -> Iterator[str]:
    for name, side in TEXTS.items():
        if (folder / name).is_file():
            for line in (folder / name).read_text(encoding="utf-8").splitlines():
                yield json.loads(line)[side]


def _inventory(folder: Path) -> list[str]:
    names: list[str] = []
    for file in sorted(folder.glob("inventory_*.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            names += [" ".join(row["inci_name"].upper().split()) for row in csv.DictReader(rows)]
    return names


def main() -> None:
    """Measure and print; with ``--cases`` print every fault instead, found with all names that there are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the texts and the EU inventory")
    parser.add_argument("--cases", action="store_true", help="print the faults")
    told = parser.parse_args()
    if told.data is None:
        print("wrong links: left out, for they need --data", file=sys.stderr)
    elif told.cases:
        vocabulary = shipped().widened(_inventory(told.data / "cosing"))
        for case in score(ours(vocabulary), annotated(_texts(told.data / "labels"))).cases:
            print(json.dumps(case._asdict(), ensure_ascii=False))
    else:
        for line in figures(told.data):
            print(json.dumps(line))


if __name__ == "__main__":
    main()
