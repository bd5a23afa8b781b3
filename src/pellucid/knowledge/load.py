"""Reads ``data/*.toml`` into a ``Knowledge``: every fault of shape is reported at once, with file and key."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import TOPICS
from pellucid.knowledge.schema.base import Record
from pellucid.model.errors import KnowledgeError, Problem


@lru_cache(maxsize=1)
def load() -> Knowledge:
    """The knowledge that ships with Pellucid; read once a process."""
    return load_from(files("pellucid.knowledge") / "data")


def load_from(folder: Traversable) -> Knowledge:
    """Read a folder of knowledge files.

    Raises:
        KnowledgeError: a file is missing or unreadable, a key unknown, an id double, a number impossible or a
            value without source; all faults at once.
    """
    problems: list[Problem] = []
    records: dict[str, Mapping[str, Record]] = {}
    digest = hashlib.sha256()
    for topic, kinds in TOPICS.items():
        content, raw = _read(folder / f"{topic}.toml", problems)
        digest.update(topic.encode() + b"\0" + raw + b"\0")
        strange = content.keys() - {record.kind for record in kinds}
        problems += [Problem(f"{topic}.toml: {key}", "unknown table") for key in strange]
        for record in kinds:
            records[record.kind] = MappingProxyType(_records(topic, record, content.get(record.kind, []), problems))
    if problems:
        raise KnowledgeError(problems)
    return Knowledge(MappingProxyType(records), digest.hexdigest(), folder)


def _read(file: Traversable, problems: list[Problem]) -> tuple[dict[str, Any], bytes]:
    try:
        raw = file.read_bytes()
        return tomllib.loads(raw.decode("utf-8")), raw
    except FileNotFoundError:
        problems.append(Problem(file.name, "missing"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(Problem(file.name, str(error)))
    return {}, b""


def _records(topic: str, record: type[Record], entries: object, problems: list[Problem]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    if not isinstance(entries, list):
        problems.append(Problem(f"{topic}.toml: {record.kind}", f"write [[{record.kind}]] tables"))
        return found
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id", f"#{number}") if isinstance(entry, dict) else f"#{number}"
        try:
            made = record.model_validate(entry)
        except ValidationError as error:
            problems.extend(_problems(f"{topic}.toml: {record.kind}.{name}", error))
            continue
        if made.id in found:
            problems.append(Problem(f"{topic}.toml: {record.kind}.{name}", "this id is used twice"))
        found[made.id] = made
    return found


def _problems(where: str, error: ValidationError) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        path = ".".join(str(part) for part in fault["loc"])
        yield Problem(f"{where}.{path}" if path else where, fault["msg"])
