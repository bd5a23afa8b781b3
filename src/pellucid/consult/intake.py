"""Reading an intake file and checking its shape against the questionnaire: every fault at once, with its path.

What the answers mean together (contradictions) is in ``consult.contradictions``; what they become is in
``consult.profile``.
"""

import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    create_model,
)

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.knowledge.text_file import read_text
from pellucid.model.dates import FIRST, LAST
from pellucid.model.errors import InputError, Problem

LARGEST_FILE = 1_000_000
"""Bytes; an intake of a person who takes fifty medicines is under 20,000."""

MOST_ENTRIES = 200
"""Entries in one list of an intake."""


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise ValueError("is no date; write it as 2026-03-18") from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("is no date; write it as 2026-03-18")  # noqa: TRY004 - pydantic wants ValueError
    if not FIRST <= value <= LAST:
        raise ValueError(f"lies outside {FIRST.year} to {LAST.year}")
    return value


def _option(value: object) -> object:
    return value.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(value, str) else value


def _several(value: object) -> object:
    values = [value] if isinstance(value, str) else value
    return [_option(item) for item in values] if isinstance(values, list) else values


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic wants ValueError
    return value


def _whole(value: object) -> object:
    if isinstance(value, bool | str) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("must be a whole number")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[StrictStr, Field(min_length=1, max_length=200)]


class Entry(BaseModel):
    """One entry of a list in the intake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class MedicineEntry(Entry):
    """A medicine: being taken unless it has a stop date or ``stopped = true``."""

    name: Words
    route: (
        Annotated[Literal["oral", "topical", "injected", "inhaled", "implant", "other"], BeforeValidator(_option)]
        | None
    ) = None
    strength: Words | None = None
    start: Day | None = None
    stop: Day | None = None
    stopped: StrictBool = False
    """Stopped, but the day isn't known."""
    prescribed: StrictBool | None = None
    pause_agreed_from: Day | None = None
    """The prescriber agreed to a pause from this day on."""


class ActiveEntry(Entry):
    """A cosmetic product with an active ingredient: in use unless ``stopped = true``."""

    name: Words
    strength: Words | None = None
    form: Annotated[Literal["leave_on", "rinse_off"], BeforeValidator(_option)] | None = None
    start: Day | None = None
    last_use: Day | None = None
    stopped: StrictBool = False
    times_per_week: Annotated[float, BeforeValidator(_number), Field(ge=0, le=50)] | None = None


class DatedEntry(Entry):
    """Something done, or planned, on a day; without a date it counts as "some day until now"."""

    kind: Words
    date: Day | None = None
    area: Words | None = None


class SunEntry(Entry):
    """A stretch of strong sun, sunbed or self-tanner, past or planned."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    kind: Words
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")


class EventEntry(Entry):
    """A day that matters, such as a wedding."""

    kind: Words
    date: Day
    name: Words | None = None


class ClearanceEntry(Entry):
    """A paper: who wrote it, what it is about (rules, treatments or ``all``), and until when it counts."""

    kind: Annotated[
        Literal["physician_letter", "prescriber_letter", "test_spot", "guardian_consent"],
        BeforeValidator(_option),
    ]
    author: Words
    scope: Annotated[list[Words], Field(min_length=1, max_length=50)]
    issued: Day
    expires: Day


class AwayEntry(Entry):
    """Days on which the person can't come, first and last included."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    name: Words | None = None


ENTRIES: Mapping[str, type[Entry]] = {
    "medicine": MedicineEntry,
    "active": ActiveEntry,
    "procedure": DatedEntry,
    "hair_removal": DatedEntry,
    "sun": SunEntry,
    "event": EventEntry,
    "clearance": ClearanceEntry,
    "away": AwayEntry,
}


def read_intake(path: Path) -> dict[str, Any]:
    """Read a TOML or JSON intake file, without looking at what it says.

    Raises:
        InputError: the file is missing, too large, or not TOML or JSON.
    """
    text = read_text(path, largest=LARGEST_FILE, too_large="an intake is a short file", kind="TOML or JSON")
    return parse_intake(text, str(path), is_json=path.suffix.lower() == ".json" or text.lstrip().startswith("{"))


def parse_intake(text: str, where: str, *, is_json: bool) -> dict[str, Any]:
    """Parse the text of an intake.

    Raises:
        InputError: it is not TOML or JSON; the message gives line and column.
    """
    try:
        content = json.loads(text, object_pairs_hook=_once) if is_json else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        kind = "JSON" if is_json else "TOML"
        raise InputError([Problem(where, f"is not {kind}: {error}")]) from error
    except (RecursionError, ValueError) as error:
        raise InputError([Problem(where, "is nested too deeply, or holds a number too long to read")]) from error
    if not isinstance(content, dict):
        raise InputError([Problem(where, "must hold named answers, not a list or a single value")])
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and silently takes the last one; an answer given twice must not pass."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError([Problem(key, "is answered twice")])
        found[key] = value
    return found


def intake_model(knowledge: Knowledge) -> type[BaseModel]:
    """The shape of an intake, built from the questionnaire; its JSON Schema is published."""
    model: type[BaseModel] | None = knowledge.memo.get("intake_model")
    if model is None:
        tree: dict[str, Any] = {}
        for question in knowledge.of(Question).values():
            *folders, name = question.id.split(".")
            node = tree
            for folder in folders:
                node = node.setdefault(folder, {})
            node[name] = (_type_of(question) | None, None)
        tree["unsure"] = (Annotated[list[Words], Field(max_length=MOST_ENTRIES)] | None, None)
        model = _model("Intake", tree)
        knowledge.memo["intake_model"] = model
    return model


def _model(name: str, tree: Mapping[str, Any]) -> type[BaseModel]:
    fields: dict[str, Any] = {
        key: (_model(f"{name}_{key}", node) | None, None) if isinstance(node, dict) else node
        for key, node in tree.items()
    }
    return create_model(name, __config__=ConfigDict(extra="forbid", frozen=True), **fields)


def _type_of(question: Question) -> Any:
    bounds = Field(ge=question.minimum, le=question.maximum)
    match question.type:
        case "yes_no":
            return StrictBool
        case "choice":
            return Annotated[_one_of(question.options), BeforeValidator(_option)]
        case "multi":
            several = list[_one_of(question.options)]  # type: ignore[misc, valid-type]
            return Annotated[several, BeforeValidator(_several), Field(max_length=MOST_ENTRIES)]
        case "whole":
            return Annotated[int, BeforeValidator(_whole), bounds]
        case "number":
            return Annotated[float, BeforeValidator(_number), bounds, Field(allow_inf_nan=False)]
        case "day":
            return Day
        case "text":
            return Words
        case "records":
            entry = ENTRIES[question.record or ""]
            return Annotated[list[entry], Field(max_length=MOST_ENTRIES)]  # type: ignore[valid-type]


def _one_of(options: tuple[str, ...]) -> Any:
    return Literal.__getitem__(options)


def answers_of(raw: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """Check the shape of an intake and flatten it to answers by path; unanswered questions are left out.

    Raises:
        InputError: unknown fields, wrong types, unknown options, impossible dates or numbers; all at once.
    """
    model = intake_model(knowledge)
    try:
        checked = model.model_validate(raw)
    except ValidationError as error:
        raise InputError(_problems(error, knowledge)) from error
    return dict(_flat(checked, ""))


def _flat(model: BaseModel, prefix: str) -> Iterator[tuple[str, Any]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel) and not isinstance(value, Entry):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", value


def _problems(error: ValidationError, knowledge: Knowledge) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        where = ""
        for part in fault["loc"]:
            where += f"[{part}]" if isinstance(part, int) else f".{part}" if where else str(part)
        yield Problem(where, _plain(fault, where, knowledge))


MESSAGES = {
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "list_type": "must be a list, such as [] for none",
    "tuple_type": "must be a list, such as [] for none",
    "model_type": "must be a group of named answers",
    "missing": "is missing",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a number",
    "too_long": "has more than {max_length} entries",
    "too_short": "needs at least one entry",
    "value_error": "{error}",
}
"""Kind of fault to plain words."""


def _plain(fault: Any, where: str, knowledge: Knowledge) -> str:
    if fault["type"] == "extra_forbidden":
        return f"is no field of an intake{_nearest(where, knowledge)}"
    return plain_fault(fault)


def plain_fault(fault: Any) -> str:
    """A fault of shape in plain words; what was written is not repeated."""
    if fault["type"] == "extra_forbidden":
        return "is no field here"
    if fault["type"] == "literal_error":
        options = str(fault["ctx"]["expected"]).replace("'", "")
        return f"is not one of {options}"
    message = MESSAGES.get(fault["type"])
    return message.format(**fault.get("ctx", {})) if message else str(fault["msg"])


def _nearest(where: str, knowledge: Knowledge) -> str:
    *_, name = where.split(".")
    paths = {path.rsplit(".", 1)[-1]: path for path in knowledge.of(Question)}
    near = difflib.get_close_matches(where, knowledge.of(Question), n=1) or [
        paths[match] for match in difflib.get_close_matches(name, paths, n=1)
    ]
    return f"; did you mean {near[0]}?" if near else ""
