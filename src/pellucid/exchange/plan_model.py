"""The shape of a care plan in words: what the page, the paper and ``report.json`` show of one.

Ids and dates are for machines; every ``text``, ``name``, ``label``, ``when`` or ``title`` is in the report's language.
Every stretch given by two dates includes both.
"""

from datetime import date, datetime
from typing import Literal

from pellucid.exchange.parts import InstructionOut, LineOut, Part, QuestionOut, SourceOut, StageOut, StatusWord

StandingWord = Literal["proposed", "booked", "done", "missed"]
EveningWord = Literal["routine", "active", "deep_clean", "quiet", "rest"]
"""An active evening has a product that not every evening can have; a quiet one has none because of a visit close by."""

StripeWord = Literal["products", "prescriber", "hair", "sun", "procedures", "gentle", "away", "rest"]
"""What a stripe of days is about: products to pause, a medicine to ask about, hair removal, sun, other treatments, \
heat and whatever else strains the skin; days away; days of rest after irritation."""

MemberWord = Literal["want", "booked", "pin", "budget", "minutes", "away", "slots", "home_only", "undecided", "rule"]


class DatedLineOut(InstructionOut):
    """A line of preparation or after-care, with its days in words."""

    when: str
    """``from 5 December 2026 until the session``."""


class VisitReasonOut(Part):
    """Why a visit asks for care."""

    rule: str
    name: str
    text: str
    left_out: str
    """The part of the treatment that is left out because of it; empty where all of it is done."""
    sources: list[str]


class PlanSessionOut(Part):
    """One visit."""

    key: str
    number: int
    """Its place among all visits of the plan, from 1; the mark in the grid."""
    treatment: str
    name: str
    on: date
    starts: datetime
    """With the clinic's own offset."""
    ends: datetime
    zone: str
    date_text: str
    """``Tuesday, 8 December 2026``."""
    time_text: str
    """``10:00 to 11:00``, by the clinic's clock."""
    start_text: str
    """``10:00``."""
    zone_text: str
    practitioner: str
    room: str
    location: str
    place_text: str
    """Who, where, in one line; empty where nothing is known."""
    price_text: str | None
    standing: StandingWord
    standing_text: str
    status: StatusWord
    status_text: str
    reasons: list[VisitReasonOut]
    """Why it is possible with care only; empty where nothing asks for it, or it is over."""
    preparation: list[DatedLineOut]
    aftercare: list[DatedLineOut]
    confirm: list[QuestionOut]
    """Questions that are asked again before it, because the answers will be too old by then."""
    changed: bool
    """Whether this revision of the plan changed it."""


class StepOut(Part):
    """One step of a morning or an evening; ``product`` is None for a step that is only something to do."""

    layer: str
    layer_name: str
    product: str | None
    product_name: str | None
    text: str
    """The product's name, or the layer's where there is no product."""


class PlanRoutineOut(Part):
    """One way a morning or an evening goes; the days of the grid refer to it by its label."""

    id: str
    """``morning-1``, ``evening-2``."""
    part: Literal["morning", "evening"]
    label: str
    """A letter: A is the first one that the plan uses, mornings and evenings counted apart."""
    name: str
    """``Evening B``."""
    text: str
    """What sets it apart: its products beyond the basics, or that it is the basics alone."""
    deep_clean: bool
    steps: list[StepOut]
    since: date
    """First day on which it is used."""
    until: date
    """Last day on which it is used."""
    days: int
    """On how many days."""


class PlanDayOut(Part):
    """One day of the grid."""

    on: date
    weekday: int
    """Monday is 0."""
    weekday_text: str
    date_text: str
    """Day and month: ``8 December``."""
    short_text: str
    """As short as it goes: ``8 Dec``."""
    sessions: list[str]
    """Keys of the visits on this day."""
    morning: str | None
    """Id of the routine; None where nothing is planned."""
    evening: str | None
    morning_steps: list[str]
    """The names of the steps."""
    evening_steps: list[str]
    evening_kind: EveningWord
    evening_text: str
    """The kind in words, and what the active is."""
    tests: list[str]
    """Names of products that are being tried on a small spot."""
    first_uses: list[str]
    """Names of products that are used for the first time."""
    bands: list[str]
    """Ids of the bands that cover the day."""
    away: str | None
    """Why the person is away: in their words, or in ours where they gave none; None where they aren't."""
    events: list[str]
    """What the person told us lies on this day, in their words."""
    rest: bool
    """Whether it is a day of rest after irritation."""
    irritation: bool
    """Whether irritation was reported on this day."""
    review: bool
    standing: StandingWord
    standing_text: str
    changed: bool


class StripeOut(Part):
    """Days that belong together, as one stripe across the grid: bands about the same kind of thing, merged."""

    id: str
    """``hair-1``."""
    kind: StripeWord
    label: str
    """A few words: ``no hair removal``."""
    text: str
    """The same with its days."""
    since: date
    until: date
    sessions: list[str]
    """Keys of the visits behind it."""
    bands: list[str]


class SegmentOut(Part):
    """The part of a stripe that lies in one week. Two segments in one lane never share a day."""

    stripe: str
    kind: StripeWord
    label: str
    lane: int
    """From 0, counted down from the top of the week."""
    first: int
    """Its first column, 0 to 6."""
    last: int
    """Its last column, 0 to 6."""
    begins: bool
    """Whether the stripe begins here, and doesn't run on from the week before."""
    ends: bool


class PlanWeekOut(Part):
    """Seven days, counted from the start of the plan."""

    number: int
    title: str
    """``Week 3``."""
    text: str
    """``7 to 13 December 2026``."""
    since: date
    until: date
    current: bool
    """Whether today lies in it."""
    days: list[PlanDayOut]
    segments: list[SegmentOut]


class BandOut(Part):
    """One window around one visit: what is paused, asked about or avoided, and from when to when."""

    id: str
    rule: str
    kind: StripeWord
    side: Literal["before", "after"]
    action: Literal["pause", "ask_prescriber", "avoid", "do"]
    name: str
    text: str
    since: date
    until: date
    when: str
    session: str
    session_name: str
    concerns: str
    applies: bool | None
    sources: list[str]


class IntroductionOut(Part):
    """How a product that is new to the person is brought in."""

    product: str
    name: str
    why: str
    how: str
    text: str
    """What to watch while the dose goes up."""
    tested_from: date
    tested_until: date
    test_text: str
    """``7 to 13 December 2026``."""
    first_use: date
    first_text: str
    stages: list[StageOut]
    sources: list[str]


class MemberOut(Part):
    """One of the things that can't all be kept."""

    kind: MemberWord
    ref: str
    what: str
    text: str
    """What it asks for: ``It needs at least 14 days between it and wedding (18 March 2027)``."""
    why: str
    """For a rule: its name and reason; empty for anything else."""
    next: str
    """For a rule: what to do; empty where there is nothing."""
    room: str
    """What would make room, without ever giving up a safety rule; empty where nothing would."""
    since: date | None
    until: date | None
    when: str
    """The days in words on which a rule stands in the way; empty where they aren't known."""
    sources: list[str]


class ClashOut(Part):
    """A wish that the plan does without, and everything that stands against it."""

    kind: MemberWord
    what: str
    title: str
    """The wish: ``AHA peel``."""
    text: str
    """Why not, in one sentence."""
    members: list[MemberOut]
    """What stands against the wish, without the wish itself."""
    sources: list[str]


class QualityOut(Part):
    """How good the plan is among all plans that keep the rules."""

    proven: bool
    within_percent: float | None
    """No plan can be better by more than so many per cent; None where nothing is known."""
    text: str


class CostOut(Part):
    """What the visits cost in one currency."""

    currency: str
    text: str
    """The sum in words."""
    visits: int
    budget_text: str | None


class ChangeOut(Part):
    """What this revision does otherwise than the one before, and why."""

    on: date
    about: str
    text: str
    because: str
    """Why, in words; empty where it isn't known."""
    rule: str
    sources: list[str]


class PlanDateOut(Part):
    """A day to know: a review, an important event, something that was logged."""

    on: date
    kind: Literal["review", "event", "irritation", "missed"]
    text: str


class PlanOut(Part):
    """A care plan in words."""

    start: date
    until: date
    weeks_count: int
    today: date
    revision: int
    title: str
    """``Your 12 weeks``."""
    text: str
    """From when to when."""
    skin: str
    skin_text: str
    summary: list[str]
    """What the plan comes to, in a few sentences."""
    sessions: list[PlanSessionOut]
    weeks: list[PlanWeekOut]
    routines: list[PlanRoutineOut]
    bands: list[BandOut]
    stripes: list[StripeOut]
    introductions: list[IntroductionOut]
    patch_test: list[LineOut]
    """How to try a product on a small spot; empty where nothing is new."""
    clashes: list[ClashOut]
    set_aside: list[str]
    """What the person uses, in their words, and leaves out while the plan runs."""
    keep: list[str]
    """What a prescriber gave: it goes on as they said."""
    dates: list[PlanDateOut]
    """Reviews, events and what was logged, in order."""
    costs: list[CostOut]
    quality: QualityOut
    changes: list[ChangeOut]
    knowledge: str
    sources: list[SourceOut]
    """Every source that the plan leans on, once."""
