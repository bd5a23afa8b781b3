"""How often the ingredient list inside a page's text is found whole: one JSON line a figure.

The pairs are rows of ``raw`` (a page's text: marketing copy, the list, often a remark behind it) and ``clean`` (the
list in it, cut out by somebody else's rules). A row counts as found if two lists of tokens are identical:

* the tokens of ``raw``: the text of every ingredient that ``read_label`` gives, several parts joined in order, each as
  its ``key`` (letters and digits, small, without accents and punctuation);
* the tokens of ``clean``, got in the same way.

So what ``clean`` has kept of the copy is cut off on both sides; what it has lost counts as a miss, although the list
that was found is the right one. ``labels_find_misses.csv`` gives the reason for each row where ``clean`` lacks part of
the list, as seen by eye. A stricter figure takes the whole of ``clean`` as one list, so that a remark left in it counts
as a miss as well. Rules were made on rows of even number; those of odd number were looked at afterwards. The peer takes
everything from the first "water" or "aqua" on.
"""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from pellucid.labels.link import Linker
from pellucid.labels.normalise import normalise
from pellucid.labels.read import read_label
from pellucid.labels.tokenise import Tokeniser
from pellucid.labels.vocabulary import Vocabulary, key, shipped

AIM = 0.95
MISSES = Path(__file__).with_name("labels_find_misses.csv")
_WATER = re.compile(r"\b(?:water|aqua)\b.*", re.IGNORECASE | re.DOTALL)

Tokens = Callable[[str], list[str]]
Row = dict[str, Any]


def figures(rows: Sequence[Row], vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    """Every figure, for rows of ``raw`` and ``clean``."""
    listed = _listed(vocabulary)

    def read(text: str) -> list[str]:
        return [key(one.text) for one in read_label(text, vocabulary=vocabulary).ingredients]

    def peer(text: str) -> list[str]:
        found = _WATER.search(text)
        return listed(found[0] if found else text)

    for name, part in _halves(rows):
        pairs = [rows[number] for number in part]
        yield _line(f"list found in prose, identical tokens, {name}", pairs, (read, peer), read)
    every = list(rows)
    yield _line("list found in prose, clean taken whole, all rows", every, (read, peer), listed)
    faulty = {int(row["row"]) for row in _misses() if row["whose"] == "clean"}
    sound = [row for number, row in enumerate(rows) if number not in faulty]
    yield _line("list found in prose, identical tokens, rows where clean lacks nothing", sound, (read, peer), read)


def misses(rows: Sequence[Row], vocabulary: Vocabulary) -> list[int]:
    """The numbers of the rows that are missed."""
    tokens = [
        [
            [key(one.text) for one in read_label(row[side], vocabulary=vocabulary).ingredients]
            for side in ("raw", "clean")
        ]
        for row in rows
    ]
    return [number for number, (ours, wanted) in enumerate(tokens) if ours != wanted]


def pairs_of(file: Path) -> list[Row]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _listed(vocabulary: Vocabulary) -> Tokens:
    tokeniser = Tokeniser(Linker(vocabulary))
    return lambda text: [key(one.text) for one in tokeniser.tokens(normalise(text).text)]


def _halves(rows: Sequence[Row]) -> tuple[tuple[str, range], ...]:
    count = len(rows)
    return ("even rows", range(0, count, 2)), ("odd rows", range(1, count, 2)), ("all rows", range(count))


def _line(figure: str, rows: Sequence[Row], ways: tuple[Tokens, Tokens], wanted: Tokens) -> dict[str, Any]:
    ours, peer = (sum(way(row["raw"]) == wanted(row["clean"]) for row in rows) / max(1, len(rows)) for way in ways)
    return {
        "figure": figure,
        "unit": "share",
        "rows": len(rows),
        "ours": round(ours, 4),
        "peer": round(peer, 4),
        "aim": AIM,
    }


def _misses() -> list[dict[str, str]]:
    with MISSES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Say which rows of a file are missed, and why; the figures are a section of ``labels``."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and the file
        print("labels_find: left out, for it needs a file of pairs", file=sys.stderr)
        return
    why = {int(row["row"]): f"{row['whose']}: {row['reason']}" for row in _misses()}
    for number in misses(pairs_of(Path(sys.argv[1])), shipped()):
        print(json.dumps({"row": number, "why": why.get(number, "not looked at yet")}))


if __name__ == "__main__":
    main()
