"""A care plan: sessions in open slots, what is used on every morning and evening, and what could not be had and why.

Days are the clinic's calendar days; every stretch given by two dates includes both.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pellucid.model.decision import Instruction
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Status
from pellucid.model.routine import RampStage
from pellucid.model.slot import Slot


class Part(StrEnum):
    """Half a day of care at home."""

    MORNING = "morning"
    EVENING = "evening"


class Standing(StrEnum):
    """How firm a session or a day is. What is booked stays where it is; what is done can't be changed any more."""

    PROPOSED = "proposed"
    BOOKED = "booked"
    DONE = "done"
    MISSED = "missed"


class Away(NamedTuple):
    """Days on which the person can't come: no session, no deep-clean evening and nothing new on them."""

    since: date
    until: date
    name: str = ""


class Pin(NamedTuple):
    """A choice that stays: this product on this day."""

    product: str
    on: date


MISSED = "missed"
MISSED_SESSION = "missed_session"
IRRITATION = "irritation"
HAPPENED = (MISSED, MISSED_SESSION, IRRITATION)
"""What an entry of a plan's log can tell."""


class Happened(NamedTuple):
    """What really happened on a day that is over, or what the skin said."""

    on: date
    what: str
    """``missed``: nothing but the basics was done at home. ``missed_session``: the visit of that day did not happen.
    ``irritation``: stinging, burning, peeling or new redness."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the person wants and can give; the planner drops a wish before it breaks a rule."""

    wanted: tuple[str, ...] = ()
    """Treatments that were asked for."""
    home_only: bool = False
    budget: Decimal | None = None
    """For all sessions of the plan; counts only in the slots' own currency."""
    currency: str | None = None
    minutes_per_day: int | None = None
    """For care at home on one day, morning and evening together. The basics stay even where they take longer."""
    weekdays: frozenset[int] = frozenset()
    """Preferred days for sessions, Monday is 0; empty where any day will do."""
    away: tuple[Away, ...] = ()
    booked: tuple[Slot, ...] = ()
    """Appointments that stand."""
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One visit."""

    key: str
    """Which one it is, whatever its date and revision, such as ``aha_peel-2``; one that was missed keeps it too."""
    slot: Slot
    standing: Standing
    status: Status
    """What screening says of it: allowed, or caution."""
    preparation: tuple[Instruction, ...] = ()
    aftercare: tuple[Instruction, ...] = ()
    confirm: tuple[AnswerPath, ...] = ()
    """Answers that will be too old by then and are asked again before it."""
    changed: int = 0
    """The revision of the plan in which it last changed."""

    @property
    def day(self) -> date:
        """The day of the visit by the clinic's clock."""
        return self.slot.day


class Step(NamedTuple):
    """One product in one layer; ``product`` is empty for a layer that is only something to do, such as rinsing."""

    layer: str
    product: str


@dataclass(frozen=True, slots=True)
class Day:
    """Care at home on one day, in the order in which it is put on."""

    on: date
    morning: tuple[Step, ...]
    evening: tuple[Step, ...]
    deep_clean: bool = False
    """Whether the evening is a deep-clean evening."""
    tests: tuple[str, ...] = ()
    """Products that are being tried on a small spot."""
    standing: Standing = Standing.PROPOSED
    changed: int = 0
    """The revision of the plan in which it last changed."""

    @property
    def used(self) -> frozenset[str]:
        """Every product put on the face on this day."""
        return frozenset(step.product for step in (*self.morning, *self.evening) if step.product)


@dataclass(frozen=True, slots=True)
class Introduction:
    """A product that is new to the person: tried on a small spot, then used, ever more often."""

    product: str
    tested_from: date
    """First day of the test; it ends the day before the first use."""
    first_use: date
    ramp: str | None
    stages: tuple[RampStage, ...]


UNDECIDED = "undecided"
"""Kind of what stands in a clash for an answer that there was no time to find."""


class Requirement(NamedTuple):
    """Something that the plan has to keep.

    ``kind`` is one of ``want`` (a treatment asked for), ``booked``, ``pin``, ``budget``, ``minutes``, ``away``,
    ``slots`` (the clinic's open slots), ``home_only`` (no visits) and ``rule`` (a knowledge record, which is never
    dropped). In a clash, ``undecided`` stands for what could not be told in time: the whole ``cause``, whether
    ``fewer`` members would do, or a ``way`` to have the wish after all.
    """

    kind: str
    what: str
    """The treatment, the product, the stretch of days or the record that it is about."""
    sources: tuple[str, ...] = ()
    since: date | None = None
    """For a rule: the first day, among those that were looked at, on which it stands in the way."""
    until: date | None = None
    """For a rule: the last one."""

    @property
    def ref(self) -> str:
        """One name for it: ``want.aha_peel``, ``window.wax_before``."""
        return self.what if self.kind == "rule" else f"{self.kind}.{self.what}"


class Clash(NamedTuple):
    """Requirements that can't all be kept: together impossible, and possible as soon as any one of them goes."""

    dropped: Requirement
    """The one that the plan does without."""
    members: tuple[Requirement, ...]


class Named(NamedTuple):
    """Something that has a name in each language."""

    kind: str
    """``product``, ``layer``, ``treatment``, ``session``, ``status``: whatever the id is one of."""
    id: str


Value = str | int | float | Decimal | date | Named | tuple[str | Named, ...]


class Detail(NamedTuple):
    """What exactly is wrong, in no language yet: the phrase ``detail.<phrase>`` and what goes into it."""

    phrase: str = ""
    values: tuple[tuple[str, Value], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.phrase)


def detail(phrase: str, **values: Value) -> Detail:
    """What exactly is wrong, with its numbers and names."""
    return Detail(phrase, tuple(values.items()))


class Violation(NamedTuple):
    """One place where a plan breaks a rule."""

    code: str
    """What kind of clash it is: the phrase ``violation.<code>`` says it in words."""
    on: date | None
    what: str
    """The session (``aha_peel-2``), product or layer that it is about; empty where it is the whole day or plan."""
    rule: str
    """The knowledge record behind it, such as ``cap.exfoliation``; empty where the shape of a plan itself is broken."""
    detail: Detail = Detail()
    """The numbers: how many there are and how many there may be."""


class Change(NamedTuple):
    """What a new revision of a plan does otherwise than the one before."""

    on: date
    about: str
    """``session.aha_peel-2``, or ``product.retinoid_cosmetic``."""
    before: str
    """What it was: a slot's start, ``used``, or empty where it is new."""
    after: str
    because: str
    """The rule, the entry of the log or the requirement behind it."""


@dataclass(frozen=True, slots=True)
class CarePlan:
    """Everything that one call of ``make_plan`` lays out."""

    start: date
    weeks: int
    skin: str
    """The column of caps that holds: sensitive, dry, normal, combination or oily."""
    sessions: tuple[Session, ...]
    days: tuple[Day, ...]
    introductions: tuple[Introduction, ...]
    preferences: Preferences
    knowledge: str
    """Hash of the knowledge that it was made with."""
    objective: int
    """What the soft goals come to; see docs/adr."""
    bound: int | None
    """What it could come to at most, stage by stage as it was found; equal to the objective where each is proven.

    None where that is not known.
    """
    proven: bool
    clashes: tuple[Clash, ...] = ()
    set_aside: tuple[str, ...] = ()
    """What the person uses, in their words, and leaves out while the plan runs."""
    keep: tuple[str, ...] = ()
    """What a prescriber gave: it goes on as they said."""
    reviews: tuple[date, ...] = ()
    log: tuple[Happened, ...] = ()
    revision: int = 0
    changes: tuple[Change, ...] = ()
    """What this revision does otherwise than the one before."""
    names: tuple[tuple[str, str], ...] = ()
    """What the clinic calls its people, rooms, places and devices: ``practitioner.ines``, and the words for it."""

    def name(self, kind: str, of: str) -> str:
        """What the clinic calls a practitioner, room, location or device; its id in plain words if it has no name."""
        return dict(self.names).get(f"{kind}.{of}") or of.replace("_", " ")

    @property
    def until(self) -> date:
        """The last day of the plan."""
        return self.start + timedelta(weeks=self.weeks) - timedelta(days=1)
