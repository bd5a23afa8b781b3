"""Real labels to measure with, and how a figure is printed."""

import csv
import json
from pathlib import Path


class Data:
    """Real labels."""

    def __init__(self, folder: Path) -> None:
        """Read them."""
        self.pairs = _lines(folder / "labels" / "raw_clean_pairs.jsonl")
        self.clean = [pair["clean"] for pair in self.pairs]
        self.labels = [label["raw"] for label in _lines(folder / "labels" / "labels.jsonl")]
        with next((folder / "cosing").glob("inventory_*.csv")).open(encoding="utf-8", newline="") as file:
            self.inventory = [row["inci_name"] for row in csv.DictReader(file)]


def _lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def show(
    figure: str, unit: str, ours: float, peer: float | None = None, aim: float | None = None, **more: float | None
) -> None:
    """Print one figure as a line of JSON."""
    line = {"figure": figure, "unit": unit, "ours": round(ours, 5)}
    if peer is not None:
        line |= {"peer": round(peer, 5)}
        line |= {"ratio": round(ours / peer, 3)} if ours > 0 and peer > 0 else {}
    line |= {"aim": aim} if aim is not None else {}
    print(json.dumps(line | {name: round(value, 5) for name, value in more.items() if value is not None}), flush=True)
