"""The sources of a printed plan: those of one strength together, in two columns of about the same height."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pellucid.knowledge.texts import Texts

PLACE = re.compile(r"(?P<title>.+) \((?P<place>[^()]*)\)")
"""A title with the place in it at the end, in brackets."""

SHARED = 3
"""From so many sources on that differ in their place alone, the title stands there once."""

LINE = 62
"""Letters of small print in one line of one column."""

Entry = dict[str, Any]
Group = dict[str, Any]


def source_columns(sources: Iterable[Mapping[str, Any]], texts: Texts) -> list[list[Group]]:
    """Groups of entries for the left and the right column; a group may go on in the right one under its own label."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for source in sources:
        label = " · ".join((source["strength_text"], texts.phrase(f"report.seen.{source['seen']}")))
        groups.setdefault(label, []).append(source)
    entries = [(label, entry) for label, members in groups.items() for entry in _entries(members)]
    half, columns = sum(lines_of(entry) for _, entry in entries) / 2, ([], [])  # type: ignore[var-annotated]
    filled = 0.0
    for label, entry in entries:
        column = columns[0 if filled + lines_of(entry) / 2 <= half else 1]
        if not column or column[-1]["label"] != label:
            column.append({"label": label, "entries": []})
        column[-1]["entries"].append(entry)
        filled += lines_of(entry)
    return [*columns]


def _entries(sources: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """One entry a source, but one for all that share a title."""
    by_title: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
    for source in sources:
        found = PLACE.fullmatch(source["title"])
        by_title.setdefault(found["title"] if found else source["title"], []).append(
            (source, found["place"] if found else "")
        )
    entries: list[Entry] = []
    for title, members in by_title.items():
        if len(members) >= SHARED:
            entries.append({"title": title, "sources": [one for one, _ in members], "places": [p for _, p in members]})
        else:
            entries += [{"title": one["title"], "sources": [one], "places": []} for one, _ in members]
    return entries


def lines_of(entry: Entry) -> float:
    """About how many lines an entry takes."""
    letters = len(entry["title"]) + sum(len(each["id"]) + 3 for each in entry["sources"])
    return 0.6 + (letters + sum(len(place) + 3 for place in entry["places"])) / LINE
