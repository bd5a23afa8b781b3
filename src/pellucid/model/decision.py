"""What screening decides: a status with every reason for it, each with its rule, days and sources."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status


class Reason(NamedTuple):
    """Why a treatment is not simply allowed on a day. A tuple, because thousands are made a second."""

    rule: str
    """The knowledge record: ``contraindication.gx13_gold``, ``window.wax_before``."""
    status: Status
    since: date | None
    """First day of the stretch on which it holds; None where it has no known start."""
    until: date | None
    """First day on which it no longer holds; None where no end is known."""
    sources: tuple[str, ...]
    asks: tuple[AnswerPath, ...] = ()
    """Answers that would settle it; not empty only where something is unknown."""
    part: str | None = None
    """The optional part of the treatment to leave out because of it."""
    disagreement: str | None = None
    lifted_by: tuple[str, ...] = ()
    """Kinds of clearance that would lift it."""
    lifted: str | None = None
    """The clearance or override that did lift it: ``clearance.physician_letter``, ``override.<level>``."""
    days: int | None = None
    """The wait in days behind it, where it is one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one treatment, performer and day; the worst reason wins and all are kept."""

    treatment: str
    on: date
    performer: Level
    status: Status
    until: date | None
    """First later day on which it could be booked; None where that is today or no such day is known."""
    reasons: tuple[Reason, ...]
    """Worst first; of equal ones, the one that lasts longest first."""
    knowledge: str
    """Hash of the knowledge that decided."""

    @property
    def asks(self) -> tuple[AnswerPath, ...]:
        """Every answer that would settle something, once, in a stable order."""
        return tuple(sorted({path for reason in self.reasons for path in reason.asks}))


class Instruction(NamedTuple):
    """Something to do, pause or avoid around a session, with its dates."""

    rule: str
    action: str
    """``pause``, ``ask_prescriber``, ``avoid``, ``do``."""
    since: date
    until: date
    """Last day on which it holds."""
    sources: tuple[str, ...]
    concerns: str = ""
    """What of the person's own it is about, in their words; empty where it is general."""
    applies: bool | None = None
    """Whether the person uses or plans it: yes, no, or None for not known."""
    range: tuple[int, int] | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A treatment offered to this person, with how well it fits and when at the earliest."""

    treatment: str
    fit: float
    because: tuple[tuple[str, float, tuple[str, ...]], ...]
    """(finding or goal, weight, sources) of what speaks for and against."""
    decision: Decision
    earliest: date | None
    once_settled: date | None
    """Where no earliest date is known: the first day on which only questions and referrals stand in the way."""
    preparation: tuple[Instruction, ...]
    aftercare: tuple[Instruction, ...]
