"""The whole answer for one intake: what the report, the command line and the web application show."""

from dataclasses import dataclass
from datetime import date

from pellucid.model.assessment import Assessment
from pellucid.model.decision import Decision, Option
from pellucid.model.ids import AnswerPath
from pellucid.model.plan import CarePlan
from pellucid.model.profile import Profile
from pellucid.model.routine import Routine


@dataclass(frozen=True, slots=True)
class StillOpen:
    """A question not answered (or answered too long ago), and what hangs on it."""

    path: AnswerPath
    treatments: tuple[str, ...]
    findings: tuple[str, ...]
    safety: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class Care:
    """Everything one call of ``care`` works out."""

    today: date
    profile: Profile
    assessment: Assessment
    screening: tuple[Decision, ...]
    options: tuple[Option, ...]
    routine: Routine
    unknown: tuple[StillOpen, ...]
    knowledge: str
    """Hash of the knowledge that was used."""
    plan: CarePlan | None = None
    """The dated plan, where the clinic's calendar was given."""
