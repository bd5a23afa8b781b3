"""The shape of ``report.json``: published as a JSON Schema, and what the HTML report is rendered from.

Ids and dates are for machines; every ``text``, ``name`` or ``label`` is in the report's language.
"""

from datetime import date
from typing import Literal

from pellucid.exchange.parts import InstructionOut, LineOut, Part, QuestionOut, SourceOut, StageOut, StatusWord
from pellucid.exchange.plan_model import PlanOut

__all__ = [
    "SCHEMA_VERSION",
    "InstructionOut",
    "LineOut",
    "Part",
    "QuestionOut",
    "Report",
    "SourceOut",
    "StageOut",
    "StatusWord",
]
"""The small parts live in their own module, because a care plan is put together from them too."""

SCHEMA_VERSION = 1

BearingWord = Literal["supports", "contradicts", "adds"]
UrgencyWord = Literal["emergency", "same_day", "prompt", "routine", "consider"]


class PointOut(Part):
    """One answer that counted for a finding."""

    rule: str
    text: str
    weight: float
    sources: list[str]


class FindingOut(Part):
    """Something the answers point to; never a diagnosis."""

    ref: str
    kind: str
    id: str
    name: str
    about: str
    care: str
    points: float
    confidence: float
    confidence_text: str
    secondary: bool
    because: list[PointOut]
    would_change: QuestionOut | None
    would_change_answered: bool
    """Whether that question was answered, so that only another answer would change it."""


class ObservedOut(Part):
    """What photos show of something that was asked, beside the answer to it."""

    name: str
    """What conditions call it, such as ``pores.cheeks.look.oval``."""
    text: str
    zone: str
    answered: bool | None
    measured: bool
    figure: float
    """A share of the pores; for ``none_visible`` the pores of 0.25 mm and more in a cm²."""
    pores: int | None
    """Of how many pores the share is."""
    bearing: BearingWord
    said: str
    shown: str
    bearing_text: str


class PositionOut(Part):
    """One side of a disagreement."""

    text: str
    sources: list[str]


class DisagreementOut(Part):
    """Where sources contradict each other, and what is done about it."""

    id: str
    name: str
    positions: list[PositionOut]
    resolution: str
    sources: list[str]


class ReasonOut(Part):
    """Why a treatment has its status."""

    rule: str
    status: StatusWord
    name: str
    text: str
    next: str
    since: date | None
    until: date | None
    sources: list[str]
    verified: bool
    asks: list[str]
    """Paths of the answers that would settle it."""
    leave_out: str | None
    """The optional part of the treatment that is left out because of it."""
    disagreement: str | None
    lifted_by: list[str]
    lifted: str | None


class ScreeningOut(Part):
    """The decision for one treatment today."""

    treatment: str
    name: str
    status: StatusWord
    status_text: str
    until: date | None
    on: date
    performer: str
    performer_text: str
    reasons: list[ReasonOut]
    confirm: list[str]
    """Paths of answers that will be too old by ``until`` and are asked again before it."""


class FitOut(Part):
    """What speaks for or against a treatment or product."""

    what: str
    text: str
    weight: float
    sources: list[str]


class OptionOut(Part):
    """A treatment to look at."""

    treatment: str
    name: str
    short: str
    how: str
    feels: str
    evidence: str
    evidence_strength: str
    result: str
    fit: float
    because: list[FitOut]
    status: StatusWord
    status_text: str
    earliest: date | None
    once_settled: date | None
    """Where no earliest date is known: the first day on which only questions and referrals stand in the way."""
    performer_text: str
    minutes: tuple[float, float] | None
    sessions: tuple[float, float] | None
    interval_days: tuple[float, float] | None
    downtime_hours: tuple[float, float] | None
    reasons: list[ReasonOut]
    preparation: list[InstructionOut]
    aftercare: list[InstructionOut]


class PlacedOut(Part):
    """A kind of product in a layer."""

    product: str
    name: str
    why: str
    how: str
    new: bool
    because: list[FitOut]
    sources: list[str]


class LayerOut(Part):
    """One step of a routine."""

    layer: str
    name: str
    how: str
    products: list[PlacedOut]
    sources: list[str]


class LimitOut(Part):
    """How often at most."""

    cap: str
    name: str
    note: str
    unit: str
    start: float
    most: float
    text: str
    shares: str | None
    sources: list[str]


class RampOut(Part):
    """How a new product is brought in."""

    product: str
    name: str
    patch_test_from: date
    stages: list[StageOut]
    text: str
    sources: list[str]


class LeftOutOut(Part):
    """A product that would fit and has no place now."""

    product: str
    name: str
    because: list[str]
    unknown: bool


class CautionOut(Part):
    """Something of the person's own that needs care."""

    rule: str
    verdict: str
    name: str
    text: str
    sources: list[str]
    disagreement: str | None


class RoutineOut(Part):
    """Care at home."""

    skin: str
    skin_text: str
    simple: bool
    """Whether nothing new is brought in until a professional has looked."""
    morning: list[LayerOut]
    evening: list[LayerOut]
    deep_clean: list[LayerOut]
    keep: list[str]
    """What a prescriber gave for the face: it goes on as they said."""
    limits: list[LimitOut]
    ramps: list[RampOut]
    left_out: list[LeftOutOut]
    pairs: list[CautionOut]
    pregnancy: list[CautionOut]
    sun: list[LineOut]
    patch_test: list[LineOut]
    habits: list[LineOut]


class ReferralOut(Part):
    """When a professional should look."""

    rule: str
    urgency: UrgencyWord
    urgency_text: str
    to: str
    text: str
    do: str
    because: list[str]
    sources: list[str]


class UnknownOut(Part):
    """What is not known, and what asking would settle."""

    question: QuestionOut
    safety: bool
    expired: bool
    treatments: list[str]
    """Names of treatments whose status it could change."""
    findings: list[str]


class UnrecognisedOut(Part):
    """Something in the intake that the base doesn't know."""

    where: str
    name: str
    record: str


class Report(Part):
    """Everything one consultation comes to."""

    schema_version: int
    product: str
    version: str
    language: str
    today: date
    answered_on: date
    knowledge: str
    intended_use: str
    summary: list[str]
    """What stands out, in a few sentences."""
    findings: list[FindingOut]
    observed: list[ObservedOut]
    """What photos show beside the answers; empty where there was no measurement."""
    grade: int | None
    screening: list[ScreeningOut]
    options: list[OptionOut]
    routine: RoutineOut
    referral: list[ReferralOut]
    unknown: list[UnknownOut]
    unrecognised: list[UnrecognisedOut]
    disagreements: list[DisagreementOut]
    sources: list[SourceOut]
    plan: PlanOut | None = None
