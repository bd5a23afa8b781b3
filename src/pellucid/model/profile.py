"""Who a person is, as far as they have told: a frozen profile of dated facts, with "unknown" kept apart from "no"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from pellucid.model import spans
from pellucid.model.ids import AnswerPath, ClientRef
from pellucid.model.levels import Level
from pellucid.model.spans import Run
from pellucid.model.truth import UNKNOWN, Truth


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A medicine, active, procedure, hair removal, stretch of sun or event, as it was told and as it was understood."""

    record: str
    name: str
    """The words in the intake."""
    classes: tuple[str, ...]
    """Names that conditions use for it (``medicine.adapalene``); empty where it was not recognised."""
    days: Truth
    """On which days it was or will be so."""
    prescribed: bool = False
    ongoing: bool = False
    detail: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    where: str = ""
    """The path of its entry in the intake, such as ``health.medicines[0]``."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A clearance: who wrote what, for which rules or treatments, and for how long it counts."""

    kind: str
    author: str
    scope: tuple[str, ...]
    """Rule ids, treatment ids, or ``all``."""
    days: Run


@dataclass(frozen=True, slots=True)
class Profile:
    """Frozen facts of one person on one day.

    ``facts`` holds a truth over days for every name that an answer settles; a name that isn't there is unknown.
    ``numbers`` holds the lowest and highest value that the answers leave open.
    """

    today: date
    answered_on: date
    facts: Mapping[str, Truth]
    numbers: Mapping[str, tuple[float, float]]
    answers: Mapping[AnswerPath, Any]
    """The answers that count today, by path."""
    dated: tuple[DatedFact, ...] = ()
    born: tuple[int, int] | None = None
    """First and last possible day of birth, as day numbers."""
    papers: tuple[Paper, ...] = ()
    expired: tuple[AnswerPath, ...] = ()
    """Answers too old to count; they are unknown again."""
    fresh_until: Mapping[AnswerPath, date] = field(default_factory=lambda: MappingProxyType({}))
    """Last day on which a volatile answer still counts."""
    unrecognised: tuple[DatedFact, ...] = ()
    region: str | None = None
    performer: Level | None = None
    client: ClientRef | None = None
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Room for what is worked out of these facts, so that it is worked out once and goes when they go."""

    def truth(self, name: str) -> Truth:
        """What is known of a name over all days."""
        return self.facts.get(name, UNKNOWN)

    def says(self, name: str) -> bool | None:
        """Whether a name holds today: yes, no, or None for unknown."""
        truth = self.truth(name)
        today = self.today.toordinal()
        if spans.contains(truth.yes, today):
            return True
        return None if spans.contains(truth.unknown, today) else False

    def to_confirm(self, on: date) -> tuple[AnswerPath, ...]:
        """Volatile answers that will be too old on a later day, so that they are asked again before it."""
        return tuple(path for path, last in self.fresh_until.items() if last < on)
