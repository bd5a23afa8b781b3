"""The parts of a care plan in ``plan.json``, in the order in which people read them.

Only what no plan could be made of is refused here; whether a plan keeps the rules is for its checker.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from pellucid.consult.intake import Day as Date
from pellucid.knowledge.schema.base import LevelName
from pellucid.knowledge.schema.home import SkinColumn

LONGEST = 104
"""Weeks."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

AMOUNT = r"[0-9]+(\.[0-9]+)?"


def _instant(value: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise ValueError("is no time; write it as 2026-03-18T09:30:00Z")  # noqa: TRY004 - pydantic wants ValueError
    if value.tzinfo is None:
        raise ValueError("names no time zone; write it in UTC with a Z at the end, as 2026-03-18T09:30:00Z")
    return value.astimezone(UTC)


def _zone(value: object) -> object:
    if isinstance(value, str):
        try:
            ZoneInfo(value)
        except (ValueError, LookupError, OSError):
            raise ValueError("is no time zone; write it as Europe/Madrid") from None
    return value


def _amount(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(AMOUNT, value):
        raise ValueError('is no amount; write a number in quotes, such as "60.00"')
    return Decimal(value)


Words = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Zone = Annotated[str, BeforeValidator(_zone)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(lambda amount: f"{amount:f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{AMOUNT}$"}),
]


def local_time(starts: datetime, zone: str) -> str:
    """A time by a zone's clock, to the minute."""
    return f"{starts.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


class Entry(BaseModel):
    """A part of the file; numbers, texts and yes or no are never taken for one another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class SlotEntry(Entry):
    """One treatment at one time, with who and what it takes."""

    treatment: Words
    starts: Instant
    """UTC."""
    ends: Instant
    zone: Zone
    local: str | None = None
    """When it starts by the clinic's clock, for reading; checked where it stands there."""
    practitioner: str
    room: str
    location: str
    devices: tuple[Words, ...]
    level: LevelName
    price: Amount | None
    currency: Words | None

    @field_validator("ends")
    @classmethod
    def _after_start(cls, ends: datetime, info: ValidationInfo) -> datetime:
        if "starts" in info.data and ends <= info.data["starts"]:
            raise ValueError("must be after starts")
        return ends

    @field_validator("local")
    @classmethod
    def _same_time(cls, local: str | None, info: ValidationInfo) -> str | None:
        if local is not None and {"starts", "zone"} <= set(info.data):
            expected = local_time(info.data["starts"], info.data["zone"])
            if local != expected:
                raise ValueError(f"does not fit starts, which is {expected} there; change both, or leave local out")
        return local


class StretchEntry(Entry):
    """Days from one to another, both included."""

    since: Date
    until: Date

    @field_validator("until")
    @classmethod
    def _not_before(cls, until: date, info: ValidationInfo) -> date:
        if "since" in info.data and until < info.data["since"]:
            raise ValueError("must not be before since")
        return until


class InstructionEntry(StretchEntry):
    """Something to do, pause or avoid around a visit."""

    rule: Words
    action: Literal["pause", "ask_prescriber", "avoid", "do"]
    sources: tuple[Words, ...]
    concerns: str
    applies: bool | None
    range: tuple[Count, Count] | None
    hours: Count | None


class SessionEntry(SlotEntry):
    """One visit: its slot, how firm it is, and what comes before and after."""

    key: Words
    standing: Literal["proposed", "booked", "done", "missed"]
    status: Literal["allowed", "caution", "ask", "defer", "refer", "blocked"]
    confirm: tuple[Words, ...]
    changed: Count
    preparation: tuple[InstructionEntry, ...]
    aftercare: tuple[InstructionEntry, ...]


class StepEntry(Entry):
    """One product in one layer; the product is empty for something that is only done."""

    layer: Words
    product: str


class DayEntry(Entry):
    """Care at home on one day."""

    date: Date
    weekday: Weekday | None = None
    """For reading; checked where it stands there."""
    morning: tuple[StepEntry, ...]
    evening: tuple[StepEntry, ...]
    deep_clean: bool
    tests: tuple[Words, ...]
    standing: Literal["proposed", "booked", "done", "missed"]
    changed: Count

    @field_validator("weekday")
    @classmethod
    def _same_day(cls, weekday: str | None, info: ValidationInfo) -> str | None:
        if weekday is not None and "date" in info.data:
            expected = WEEKDAYS[info.data["date"].weekday()]
            if weekday != expected:
                raise ValueError(f"does not fit the date, which is a {expected}; change both, or leave weekday out")
        return weekday


class StageEntry(Entry):
    """From a day on, so many times a week."""

    since: Date
    per_week: Annotated[float, Field(ge=0)]


class IntroductionEntry(Entry):
    """How a product that is new to the person is brought in."""

    product: Words
    tested_from: Date
    first_use: Date
    ramp: Words | None
    stages: tuple[StageEntry, ...]


class AwayEntry(StretchEntry):
    """Days on which the person can't come."""

    name: str


class PinEntry(Entry):
    """A product that stays on a day."""

    product: Words
    on: Date


class PreferencesEntry(Entry):
    """What the person wants and can give."""

    wanted: tuple[Words, ...]
    home_only: bool
    budget: Amount | None
    currency: Words | None
    minutes_per_day: Count | None
    weekdays: tuple[Weekday, ...]
    away: tuple[AwayEntry, ...]
    booked: tuple[SlotEntry, ...]
    pins: tuple[PinEntry, ...]


class RequirementEntry(Entry):
    """Something that the plan has to keep."""

    kind: Words
    what: str
    sources: tuple[Words, ...]
    since: Date | None
    until: Date | None


class ClashEntry(Entry):
    """Requirements that can't all be kept, and the one that the plan does without."""

    dropped: RequirementEntry
    members: tuple[RequirementEntry, ...]


class HappenedEntry(Entry):
    """What really happened on a day."""

    on: Date
    what: Literal["missed", "missed_session", "irritation"]


class ChangeEntry(Entry):
    """What this revision does otherwise than the one before."""

    on: Date
    about: Words
    before: str
    after: str
    because: str


class PlanEntry(Entry):
    """The plan itself."""

    start: Date
    weeks: Annotated[int, Field(ge=1, le=LONGEST)]
    skin: SkinColumn
    revision: Count
    objective: int
    bound: int | None
    proven: bool
    sessions: tuple[SessionEntry, ...]
    introductions: tuple[IntroductionEntry, ...]
    reviews: tuple[Date, ...]
    set_aside: tuple[Words, ...]
    keep: tuple[Words, ...]
    names: tuple[tuple[Words, Words], ...] = ()
    preferences: PreferencesEntry
    clashes: tuple[ClashEntry, ...]
    log: tuple[HappenedEntry, ...]
    changes: tuple[ChangeEntry, ...]
    days: tuple[DayEntry, ...]
