"""``plan.json``: a care plan with everything it was made from, for people to read, edit and have checked again.

What stands in the plan itself is in ``plan_entries``.
"""

import difflib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, JsonValue, ValidationError

from pellucid.consult.intake import Day as Date
from pellucid.consult.intake import plain_fault
from pellucid.exchange import plan_entries as entries
from pellucid.exchange.photo_model import ZoneOut, ZoneWord
from pellucid.exchange.plan_entries import WEEKDAYS, Entry, PlanEntry, Words, local_time
from pellucid.knowledge.text_file import read_text
from pellucid.model import plan as plans
from pellucid.model.decision import Instruction
from pellucid.model.errors import InputError, Problem
from pellucid.model.levels import Level, Status
from pellucid.model.plan import CarePlan, Day, Preferences, Session, Standing
from pellucid.model.routine import RampStage
from pellucid.model.slot import Slot

SCHEMA_VERSION = 1

LARGEST_FILE = 20_000_000
"""Bytes; a plan of twelve weeks takes about 100,000, and a clinic's calendar that comes with it may take far more."""


def _schema_version(value: object) -> object:
    if value != SCHEMA_VERSION or isinstance(value, bool):
        raise ValueError(f"must be {SCHEMA_VERSION}, the only version of this file that can be read here")
    return value


class PlanFile(Entry):
    """Everything that ``plan.json`` holds."""

    schema_version: Annotated[Literal[1], BeforeValidator(_schema_version)]
    product: Literal["Pellucid"]
    version: Words
    """The Pellucid that wrote it."""
    today: Date
    """The day for which it was planned."""
    language: Literal["en", "zh_hant"]
    knowledge: Words
    """Hash of the knowledge that it was made with."""
    intake: dict[str, JsonValue]
    """The answers as they were read; dates as text."""
    clinic_rules: dict[str, JsonValue] | None
    calendar: dict[str, JsonValue] | None
    """The clinic's rooms, people and hours, as in a clinic file."""
    photos: dict[ZoneWord, ZoneOut] | None = None
    """What photos showed beside the answers, by zone of the face, where some were taken into account."""
    plan: PlanEntry

    @property
    def text(self) -> str:
        """The whole file."""
        return self.model_dump_json(indent=2) + "\n"


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of the file, as published in docs/reference."""
    return PlanFile.model_json_schema()


# --- plan -> file ---------------------------------------------------------------------------------------------


def plan_to_file(  # noqa: PLR0913 - a file holds the plan and everything it came from
    plan: CarePlan,
    *,
    intake: Mapping[str, Any],
    today: date,
    language: str,
    clinic_rules: Mapping[str, Any] | None,
    calendar: Mapping[str, Any] | None,
    version: str,
    photos: Mapping[ZoneWord, ZoneOut] | None = None,
) -> PlanFile:
    """Lay out a plan with what it was made from: intake, rules and calendar as read from TOML or JSON, and photos."""
    return PlanFile.model_validate(
        {
            "schema_version": SCHEMA_VERSION,
            "product": "Pellucid",
            "version": version,
            "today": today,
            "language": language,
            "knowledge": plan.knowledge,
            "intake": _as_json(intake),
            "clinic_rules": _as_json(clinic_rules),
            "calendar": _as_json(calendar),
            "photos": photos,
            "plan": _laid_out(plan),
        }
    )


def _as_json(value: Any) -> Any:
    """TOML's dates and times become text; everything else is JSON already."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _as_json(each) for key, each in value.items()}
    return [_as_json(each) for each in value] if isinstance(value, list | tuple) else value


def _laid_out(value: Any) -> Any:
    match value:
        case Level() | Status() | Standing():
            return value.name if isinstance(value, Level) else value.name.lower()
        case CarePlan():
            return {name: each for name, each in _fields(value).items() if name != "knowledge"}
        case Session():
            own = _fields(value)
            return {**own.pop("slot"), **own}
        case Slot():
            return {**_fields(value), "local": local_time(value.starts, value.zone)}
        case Day():
            own = _fields(value)
            return {"date": own.pop("on"), "weekday": WEEKDAYS[value.on.weekday()], **own}
        case Preferences():
            return {**_fields(value), "weekdays": tuple(WEEKDAYS[each] for each in sorted(value.weekdays))}
        case tuple() if not hasattr(value, "_fields"):
            return tuple(_laid_out(each) for each in value)
        case _:
            return _fields(value) if is_dataclass(value) or isinstance(value, tuple) else value


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass or named tuple, each laid out."""
    names = [field.name for field in fields(value)] if is_dataclass(value) else value._fields
    return {name: _laid_out(getattr(value, name)) for name in names}


# --- file -> plan ---------------------------------------------------------------------------------------------

VALUES: Mapping[type[Entry], Any] = {
    entries.InstructionEntry: Instruction,
    entries.StepEntry: plans.Step,
    entries.StageEntry: RampStage,
    entries.IntroductionEntry: plans.Introduction,
    entries.AwayEntry: plans.Away,
    entries.PinEntry: plans.Pin,
    entries.RequirementEntry: plans.Requirement,
    entries.ClashEntry: plans.Clash,
    entries.HappenedEntry: plans.Happened,
    entries.ChangeEntry: plans.Change,
}
"""Entries whose fields are those of the value that they hold."""


def plan_of(file: PlanFile) -> CarePlan:
    """The plan that a file holds; exactly the one it was written from, unless someone edited it."""
    return CarePlan(knowledge=file.knowledge, **_values(file.plan))


def _values(entry: Entry) -> dict[str, Any]:
    return {name: _value(getattr(entry, name)) for name in type(entry).model_fields}


def _value(entry: Any) -> Any:
    match entry:
        case tuple():
            return tuple(_value(each) for each in entry)
        case entries.SessionEntry():
            own = _values(entry)
            slot = _slot({name: own.pop(name) for name in entries.SlotEntry.model_fields})
            status = Status[own.pop("status").upper()]
            return Session(slot=slot, status=status, standing=Standing(own.pop("standing")), **own)
        case entries.SlotEntry():
            return _slot(_values(entry))
        case entries.DayEntry():
            own = _values(entry)
            del own["weekday"]
            return Day(on=own.pop("date"), standing=Standing(own.pop("standing")), **own)
        case entries.PreferencesEntry():
            weekdays = frozenset(WEEKDAYS.index(each) for each in entry.weekdays)
            return Preferences(**{**_values(entry), "weekdays": weekdays})
        case _:
            return VALUES[type(entry)](**_values(entry)) if type(entry) in VALUES else entry


def _slot(own: dict[str, Any]) -> Slot:
    del own["local"]
    return Slot(level=Level[own.pop("level")], **own)


# --- reading --------------------------------------------------------------------------------------------------


def read_plan(path: Path) -> PlanFile:
    """Read a plan file and check its shape.

    Raises:
        InputError: it is missing, too large, not JSON, or fields are unknown, missing or not what they should be; every
            such fault at once, with the field's path. What the answers and the calendar in it say is looked at later.
    """
    text = read_text(path, largest=LARGEST_FILE, too_large="a plan is shorter", kind="JSON")
    problems = _faults_of_json(text, path)
    try:
        file = PlanFile.model_validate_json(text)
    except ValidationError as error:
        raise InputError([*problems, *(_problem(fault, path) for fault in error.errors(include_url=False))]) from error
    if problems:
        raise InputError(problems)
    return file


class _Twice(NamedTuple):
    """The last value of a key that stands in one group more than once; JSON would silently take it."""

    value: Any


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = _Twice(value) if key in found else value
    return found


def _faults_of_json(text: str, path: Path) -> list[Problem]:
    """What a parser that is only after the values would let pass."""
    try:
        content = json.loads(text, object_pairs_hook=_marked)
        found = list(_twice_or_endless(content, ""))
    except json.JSONDecodeError as error:
        raise InputError([Problem(str(path), f"is not JSON: {error}")]) from error
    except (RecursionError, ValueError) as error:
        raise InputError([Problem(str(path), "is nested too deeply, or holds a number too long to read")]) from error
    if not isinstance(content, dict):
        raise InputError([Problem(str(path), "must hold named fields, not a list or a single value")])
    return found


def _twice_or_endless(node: Any, where: str) -> Iterator[Problem]:
    """Faults that lie in the JSON itself, with their path."""
    if isinstance(node, _Twice):
        yield Problem(where, "stands there twice; keep one of them")
        node = node.value
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _twice_or_endless(value, f"{where}.{key}" if where else key)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _twice_or_endless(value, f"{where}[{number}]")
    elif isinstance(node, float) and not math.isfinite(node):
        yield Problem(where, "must be a finite number")


MESSAGES = {
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "dict_type": "must be a group of named fields",
    "model_type": "must be a group of named fields",
    "json_invalid": "is not JSON: {error}",
}
"""Kind of fault to plain words, where an intake says it otherwise."""


def _problem(fault: Any, path: Path) -> Problem:
    where = ""
    for part in fault["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(fault["loc"][-1]), _field_names(), n=1)
        return Problem(where, "is no field here" + (f"; did you mean {near[0]}?" if near else ""))
    message = MESSAGES.get(fault["type"])
    return Problem(where or str(path), message.format(**fault.get("ctx", {})) if message else plain_fault(fault))


def _field_names() -> list[str]:
    schema = plan_schema()
    return sorted({name for part in (schema, *schema["$defs"].values()) for name in part.get("properties", ())})
