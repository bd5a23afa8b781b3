"""The shape of a clinic's file: what each table may hold, and what is wrong with one in plain words.

What the tables mean together, and what they become, is in ``booking.clinic_file``.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from pellucid.booking.calendar import Stretch
from pellucid.booking.minutes import DAY
from pellucid.knowledge.schema.base import Id
from pellucid.model.errors import Problem
from pellucid.model.levels import Level

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Days outside these are taken for typing errors."""

LONGEST = 12 * 60
"""Minutes of one appointment, and of one buffer."""

DAY_TEXT = re.compile(r"\d{4}-\d\d-\d\d")
TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")
STRETCH_TEXT = re.compile(r"(\d\d):(\d\d) ?[-\N{EN DASH}] ?(\d\d):(\d\d)")
PRICE_TEXT = re.compile(r"-?\d{1,7}(\.\d{1,3})?")
CURRENCY_TEXT = re.compile(r"[A-Z]{3}")


def _when(value: object) -> date:
    """A day, or a day with its time."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if DAY_TEXT.fullmatch(value) else _time(value)
        except ValueError:
            raise ValueError('is no day or time; write 2026-12-24 or "2026-12-24 14:00"') from None
    if not isinstance(value, date):
        raise ValueError('is no day or time; write 2026-12-24 or "2026-12-24 14:00"')  # noqa: TRY004 - for pydantic
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"lies outside {FIRST_YEAR} to {LAST_YEAR}")
    if isinstance(value, datetime) and (value.second or value.microsecond):
        raise ValueError("must be on the whole minute")
    return value


def _time(text: str) -> datetime:
    if not TIME_TEXT.fullmatch(text):
        raise ValueError
    return datetime.fromisoformat(text)


def _day(value: object) -> date:
    try:
        found = _when(value)
    except ValueError as error:
        raise ValueError(str(error).replace("day or time", "day").replace(' or "2026-12-24 14:00"', "")) from None
    if isinstance(found, datetime):
        raise ValueError("is no day; write 2026-12-24")  # noqa: TRY004 - for pydantic
    return found


def _moment(value: object) -> datetime:
    found = _when(value)
    if not isinstance(found, datetime):
        raise ValueError('has no time; write "2026-12-24 14:00"')  # noqa: TRY004 - for pydantic
    return found


def _stretch(value: object) -> Stretch:
    found = STRETCH_TEXT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('is no stretch of time; write "09:00-14:00"')
    hour, minute, last_hour, last_minute = map(int, found.groups())
    stretch = Stretch(hour * 60 + minute, last_hour * 60 + last_minute)
    if max(minute, last_minute) > 59 or max(stretch) > DAY:  # noqa: PLR2004 - minutes of an hour
        raise ValueError("goes beyond 24:00")
    if stretch.opens >= stretch.closes:
        raise ValueError("ends before it starts; past midnight, go on under the next day from 00:00")
    return stretch


def _apart(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    if any(later.opens < earlier.closes for earlier, later in pairwise(sorted(stretches))):
        raise ValueError("has stretches that overlap")
    return stretches


def _level(value: object) -> Level:
    if isinstance(value, str) and value.upper() in Level.__members__:
        return Level[value.upper()]
    raise ValueError(f"is not one of {', '.join(Level.__members__)}")


def _price(value: object) -> Decimal:
    text = str(value) if isinstance(value, int | float | Decimal | str) and not isinstance(value, bool) else ""
    if not PRICE_TEXT.fullmatch(text):
        raise ValueError("is no price; write 45 or 45.50")
    if text.startswith("-"):
        raise ValueError("must not be negative")
    return Decimal(text)


def _currency(value: object) -> str:
    if isinstance(value, str) and CURRENCY_TEXT.fullmatch(value):
        return value
    raise ValueError('is no currency; write its three letters, such as "EUR"')


def _step(value: int) -> int:
    if DAY % value:
        raise ValueError("must divide a day evenly, such as 5, 10, 15, 20, 30 or 60")
    return value


Day = Annotated[date, PlainValidator(_day)]
When = Annotated[date, PlainValidator(_when)]
Moment = Annotated[datetime, PlainValidator(_moment)]
Hours = Annotated[tuple[Annotated[Stretch, PlainValidator(_stretch)], ...], AfterValidator(_apart)]
LevelWord = Annotated[Level, PlainValidator(_level)]
Name = Annotated[StrictStr, Field(max_length=200)]
Text = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Buffer = Annotated[StrictInt, Field(ge=0, le=LONGEST)]


class Shape(BaseModel):
    """One table: frozen, and a key nobody knows is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WeekShape(Shape):
    """Stretches of time by weekday."""

    mon: Hours = ()
    tue: Hours = ()
    wed: Hours = ()
    thu: Hours = ()
    fri: Hours = ()
    sat: Hours = ()
    sun: Hours = ()


DAYS = tuple(WeekShape.model_fields)
"""Weekdays as the file names them, Monday first."""


class OffShape(Shape):
    """One day, days from and to (both included), or times from and to."""

    on: Day | None = None
    since: When | None = Field(None, alias="from")
    until: When | None = Field(None, alias="to")
    name: Name = ""

    @model_validator(mode="after")
    def _one_way(self) -> "OffShape":
        if (self.on is None) == (self.since is None) or (self.since is None) != (self.until is None):
            raise ValueError("needs either on = a day, or both from = and to =")
        return self


class ExtraShape(Shape):
    """Hours on one day, on top of the weekly ones."""

    on: Day
    hours: Annotated[Hours, Field(min_length=1)]
    practitioners: tuple[Id, ...] = ()
    name: Name = ""


class LocationShape(Shape):
    """``[[locations]]``."""

    id: Id
    zone: Text
    name: Name = ""
    closed: tuple[OffShape, ...] = ()
    extra: tuple[ExtraShape, ...] = ()


class PractitionerShape(Shape):
    """``[[practitioners]]``."""

    id: Id
    level: LevelWord
    hours: WeekShape
    location: Id | None = None
    breaks: WeekShape = WeekShape()
    time_off: tuple[OffShape, ...] = ()
    name: Name = ""


class ResourceShape(Shape):
    """``[[rooms]]`` and ``[[devices]]``."""

    id: Id
    kind: Id
    location: Id | None = None
    name: Name = ""


class ServiceShape(Shape):
    """``[[services]]``."""

    treatment: Id
    minutes: Annotated[StrictInt, Field(ge=1, le=LONGEST)]
    room_kind: Id
    device_kinds: tuple[Id, ...] = ()
    level: LevelWord | None = None
    buffer_before: Buffer = 0
    buffer_after: Buffer = 0
    price: Annotated[Decimal, PlainValidator(_price)] | None = None
    currency: Annotated[str, PlainValidator(_currency)] | None = None
    step: Annotated[StrictInt, Field(ge=1, le=DAY), AfterValidator(_step)] = 15

    @model_validator(mode="after")
    def _whole_price(self) -> "ServiceShape":
        if (self.price is None) != (self.currency is None):
            raise ValueError("price and currency belong together; give both or neither")
        return self


class BookingShape(Shape):
    """``[[bookings]]``."""

    practitioner: Id
    room: Id
    starts: Moment
    ends: Moment | None = None
    fold: Literal[0, 1] | None = None
    devices: tuple[Id, ...] = ()
    buffer_before: Buffer | None = None
    buffer_after: Buffer | None = None
    client: Text | None = None
    treatment: Id | None = None


S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Table(Generic[S]):
    """The entries of one list of tables, each with its place in the file; entries with a fault are left out."""

    entries: tuple[tuple[str, S], ...] = ()
    ids: tuple[str, ...] = ()
    """Of all entries, those with a fault too, so that one fault doesn't bring forth others."""
    whole: bool = False
    """Whether no entry had a fault."""
    named: bool = False
    """Whether every entry has an id that could be read, so that one that isn't here is nowhere."""


@dataclass(frozen=True)
class Tables:
    """A whole file."""

    locations: Table[LocationShape]
    practitioners: Table[PractitionerShape]
    rooms: Table[ResourceShape]
    devices: Table[ResourceShape]
    services: Table[ServiceShape]
    bookings: Table[BookingShape]


@dataclass
class Reading:
    """Turns the tables of a file into shapes and collects the faults."""

    content: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    half_read: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    """Place, table and values of every entry with a fault in its shape."""

    def tables(self) -> Tables:
        """Every table of the file."""
        known = Tables.__dataclass_fields__
        for key in self.content:
            if key not in known:
                self.problems.append(Problem(key, f"is no table of a calendar{_near(key, known)}"))
        return Tables(
            self._table("locations", LocationShape),
            self._table("practitioners", PractitionerShape),
            self._table("rooms", ResourceShape),
            self._table("devices", ResourceShape, needed=False),
            self._table("services", ServiceShape, key="treatment"),
            self._table("bookings", BookingShape, key=None, needed=False),
        )

    def _table(self, name: str, shape: type[S], *, key: str | None = "id", needed: bool = True) -> Table[S]:
        if needed and name not in self.content:
            self.problems.append(Problem(name, f"is missing; write [[{name}]] tables"))
        content = self.content.get(name, [])
        if not isinstance(content, list | tuple):
            self.problems.append(Problem(name, f"must be a list; write [[{name}]] tables"))
            return Table()
        entries: list[tuple[str, S]] = []
        for number, entry in enumerate(content):
            where = f"{name}[{number}]"
            try:
                entries.append((where, shape.model_validate(entry)))
            except ValidationError as error:
                self.problems.extend(_problems(where, error))
                self.half_read += [(where, name, entry)] if isinstance(entry, Mapping) else []
        ids = self._ids(name, key, content) if key else ()
        named = name in self.content and len(ids) == len(content)
        return Table(tuple(entries), ids, whole=len(entries) == len(content), named=named or not (needed or content))

    def _ids(self, name: str, key: str, content: list[Any] | tuple[Any, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for number, entry in enumerate(content):
            value = entry.get(key) if isinstance(entry, Mapping) else None
            if isinstance(value, str):
                if value in found:
                    self.problems.append(Problem(f"{name}[{number}].{key}", f"{value!r} stands here twice"))
                found.append(value)
        return tuple(found)


PLAIN = {
    "missing": "is missing",
    "model_type": "must be a group of named values",
    "tuple_type": "must be a list in square brackets, such as []",
    "string_type": "must be text in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "string_pattern_mismatch": "must be small letters a to z, digits and _, and start with a letter",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "needs at least one entry",
    "literal_error": "must be {expected}",
    "value_error": "{error}",
}
"""Kind of fault to plain words; what was written is not repeated."""


def _problems(where: str, error: ValidationError) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        path = where
        for part in fault["loc"]:
            path += f"[{part}]" if isinstance(part, int) else f".{part}"
        if fault["type"] == "extra_forbidden":
            yield Problem(path, f"is no field here{_near(str(fault['loc'][-1]), FIELDS)}")
        else:
            message = PLAIN.get(fault["type"], fault["msg"])
            yield Problem(path, message.format(**fault.get("ctx", {})))


FIELDS = frozenset(
    info.alias or name
    for shape in (
        WeekShape,
        OffShape,
        ExtraShape,
        LocationShape,
        PractitionerShape,
        ResourceShape,
        ServiceShape,
        BookingShape,
    )
    for name, info in shape.model_fields.items()
)


def _near(name: str, known: Mapping[str, Any] | frozenset[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
