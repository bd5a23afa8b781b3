"""Measuring against labels annotated by hand: what counts as right, wrong, missed and outside."""

import hashlib
import itertools
import json
from pathlib import Path

import pytest
from benchmarks.labels_truth import (
    HERE,
    Annotated,
    Entry,
    Link,
    Score,
    annotated,
    figures,
    peer,
    score,
)

TEXT = "Water (Aqua), Retinol, Rose Oil, Mel. Free from Triclosan"
TRUTH = Annotated(
    TEXT,
    (
        Entry(0, 12, "WATER"),
        Entry(14, 21, "RETINOL"),
        Entry(23, 31, None, "part_not_named", ("ROSA CANINA FLOWER OIL",)),
        Entry(33, 36, "HONEY"),
    ),
)


def counted(*links: tuple[str, str | None]) -> Score:
    """The score of a reader that links these stretches of the text."""
    placed = [Link(TEXT.index(printed), TEXT.index(printed) + len(printed), inci) for printed, inci in links]
    return score(lambda _: placed, [TRUTH])


def test_all_right() -> None:
    total = counted(("Water", "WATER"), ("Retinol", "RETINOL"), ("Mel", "HONEY"))
    assert (total.right, total.wrong, total.outside, total.missed, total.spans) == (3, 0, 0, 0, 0)
    assert (total.wrong_share, total.recall) == (0, 1)


def test_another_name_of_the_same_ingredient_is_right() -> None:
    assert counted(("Mel", "MEL")).right == 1
    assert counted(("Water (Aqua)", "AQUA")).right == 1


def test_a_link_to_another_ingredient_is_wrong_and_the_entry_missed() -> None:
    total = counted(("Retinol", "RETINAL"))
    assert (total.right, total.wrong, total.missed) == (0, 1, 3)
    assert [case.kind for case in total.cases] == ["wrong", "missed", "missed", "missed"]
    assert total.cases[0][1:4] == ("Retinol", "RETINAL", "RETINOL")


def test_what_cant_be_named_takes_only_fair_guesses() -> None:
    assert counted(("Rose Oil", "ROSA CANINA FLOWER OIL")).guessed == 1
    assert counted(("Rose Oil", "ROSA CENTIFOLIA FLOWER OIL")).wrong == 1


def test_a_link_outside_every_entry_counts_with_the_wrong_ones() -> None:
    total = counted(("Retinol", "RETINOL"), ("Triclosan", "TRICLOSAN"))
    assert (total.right, total.wrong, total.outside) == (1, 0, 1)
    assert total.wrong_share == 0.5


def test_an_unknown_entry_is_no_link() -> None:
    total = counted(("Retinol", None))
    assert (total.links, total.missed) == (0, 3)


def test_a_name_cut_into_itself_and_its_translation_is_one_entry_twice() -> None:
    total = counted(("Water", "WATER"), ("Aqua", "WATER"))
    assert (total.right, total.twice, total.missed) == (2, 1, 2)


def test_another_stretch_is_counted() -> None:
    assert counted(("Retinol, Rose", "RETINOL")).spans == 1


def test_the_peer_takes_what_is_a_name_letter_by_letter() -> None:
    links = peer({"RETINOL", "GLYCERIN"})("Water, retinol, Glycerin.")
    assert [link.inci for link in links] == [None, "RETINOL", "GLYCERIN"]


def test_the_texts_are_known_by_their_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = {"sha256": hashlib.sha256(b"Mel").hexdigest(), "entries": [[0, 3, "HONEY"]]}
    (tmp_path / "annotations.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    monkeypatch.setattr("benchmarks.labels_truth.HERE", tmp_path)
    assert annotated(["Mel", "Mel "]) == [Annotated("Mel", (Entry(0, 3, "HONEY"),))]


def test_nothing_is_measured_where_the_texts_are_not(tmp_path: Path) -> None:
    (line,) = figures(tmp_path)
    assert "not in the folder" in line["skipped"]


def test_the_annotations_are_sound() -> None:
    rows = [json.loads(line) for line in (HERE / "annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({row["sha256"] for row in rows}) == 300
    for row in rows:
        entries = [Entry(*entry) for entry in row["entries"]]
        assert all(left.end <= right.start for left, right in itertools.pairwise(entries))
        assert all(entry.start < entry.end and (entry.inci or entry.reason) for entry in entries)
