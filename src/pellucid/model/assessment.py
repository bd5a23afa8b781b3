"""What assessment finds, each finding with the answers and rules behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from pellucid.model.ids import AnswerPath


class Point(NamedTuple):
    """One piece of evidence for a finding: the condition that held, what it weighs, and where that comes from."""

    rule: str
    """Where the weight stands: ``skin_type.oily.points[2]``."""
    when: str
    weight: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the answers point to; never a diagnosis."""

    kind: str
    """``skin_type``, ``modifier``, ``pore_type``, ``concern``, ``cause``, ``severity``, ``lookalike``."""
    id: str
    """The record's id, or ``cannot_tell``."""
    points: float
    confidence: float
    """From 0 to 1: how far the answers decide it; see ``consult.score``."""
    because: tuple[Point, ...]
    would_change: AnswerPath | None = None
    """The single answer that would change it most."""
    secondary: bool = False

    @property
    def ref(self) -> str:
        """The knowledge record behind it."""
        return f"{self.kind}.{self.id}"


@dataclass(frozen=True, slots=True)
class Referred:
    """A reason for a professional to look, and how soon."""

    rule: str
    """The knowledge record behind it: ``referral.nodules``, ``lookalike.rosacea``."""
    urgency: str
    to: str
    sources: tuple[str, ...]
    because: tuple[str, ...]
    """Names that hold, such as ``lesions.nodules``."""


Bearing = Literal["supports", "contradicts", "adds"]


@dataclass(frozen=True, slots=True)
class Observation:
    """What photos show of something that people are asked about, beside the person's own answer."""

    name: str
    """What conditions call it: ``pores.cheeks.look.oval``."""
    zone: str
    """Where the photo was taken that tells most: ``cheeks``."""
    answered: bool | None
    """What the person said; None where they didn't."""
    measured: bool
    figure: float
    """A share of the pores, from 0 to 1; for ``none_visible`` the pores of 0.25 mm and more in a cm²."""
    pores: int | None
    """Of how many pores the share is; None where that isn't known."""

    @property
    def bearing(self) -> Bearing:
        """How the photo stands to the answer."""
        if self.answered is None:
            return "adds"
        return "supports" if self.answered is self.measured else "contradicts"


@dataclass(frozen=True, slots=True)
class Assessment:
    """All findings of one consultation."""

    skin_type: Finding
    modifiers: tuple[Finding, ...]
    pore_types: tuple[Finding, ...]
    """Primary first; one ``cannot_tell`` finding where nothing stands out; empty where no pores were described."""
    concerns: tuple[Finding, ...]
    causes: tuple[Finding, ...]
    """Most likely first."""
    severity: Finding
    lookalikes: tuple[Finding, ...]
    referrals: tuple[Referred, ...]
    """Most urgent first."""
    grade: int | None = None
    """Sum of the optional area grading, 0 to 44; None where it was not answered in full."""
    fits: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Finding or goal (``pore_type.oily``, ``goal.blackheads``) to how much it counts when options are ranked."""
    observed: tuple[Observation, ...] = ()
    """What photos show beside the answers; contradictions first."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order in which a person reads them."""
        return (
            self.skin_type,
            *self.modifiers,
            *self.pore_types,
            *self.concerns,
            *self.causes,
            self.severity,
            *self.lookalikes,
        )
