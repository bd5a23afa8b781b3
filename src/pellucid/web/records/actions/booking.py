"""What every action on visits takes and raises: who books, and why it can't be had. Nothing is written here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pellucid.model.errors import PellucidError
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import SYSTEM
from pellucid.web.records.models import Appointment
from pellucid.web.sites.models import Clinic, Location
from pellucid.web.sites.queries import clinic

if TYPE_CHECKING:
    from pellucid.booking.availability import Refusal
    from pellucid.web.records.queries.fitting import Fit


@dataclass(frozen=True, slots=True)
class Booker:
    """Who books, moves or cancels a visit, and when."""

    actor: str
    """As the audit trail names them."""
    membership: Membership | None
    """None where it is the client, or the clock."""
    now: datetime

    @classmethod
    def by_clock(cls, now: datetime) -> "Booker":
        """What happens by itself: a hold that runs out, a slot offered to somebody who waits."""
        return cls(SYSTEM, None, now)


class TakenError(PellucidError):
    """Somebody else was quicker; nothing was written."""

    def __init__(self, resources: Collection[str]) -> None:
        """Keep what is taken: names of resources as ``Reservation`` has them; empty where too many came at once."""
        self.resources = tuple(sorted(resources))
        super().__init__("this time has just been taken")


class NotOfferedError(PellucidError):
    """The clinic doesn't offer this: nobody works then, or it is done otherwise here."""

    def __init__(self, refusal: "Refusal") -> None:
        """Keep what stands against it."""
        self.refusal = refusal
        super().__init__(f"the clinic doesn't offer this time: {refusal}")


class UnfitError(PellucidError):
    """Screening doesn't let this be booked."""

    def __init__(self, fit: "Fit") -> None:
        """Keep why, and until when."""
        self.fit = fit
        super().__init__("what is known doesn't let this be booked")


class ChangedError(PellucidError):
    """The visit is not as it was on the page any more."""

    def __init__(self, appointment: Appointment) -> None:
        """Keep it as it stands."""
        self.appointment = appointment
        super().__init__("this visit has changed meanwhile")


class HoldOverError(PellucidError):
    """The time was kept for a while, and that is over."""

    def __init__(self, appointment: Appointment) -> None:
        """Keep what was held."""
        self.appointment = appointment
        super().__init__("this time was not kept any longer")


Rule = Literal["cancel", "notice", "ahead", "past", "begun", "not_begun"]
"""``cancel``: too late to move or cancel without asking. ``notice``, ``ahead``: too soon or too far off for clients to
book. ``past``: it would have begun already. ``begun``: it has, so nobody moves or cancels it. ``not_begun``: it has
not, so it can't be over."""


class PolicyError(PellucidError):
    """The clinic's own terms don't allow it; whom to call is kept with it."""

    def __init__(self, rule: Rule, until: datetime, location: Location) -> None:
        """Keep which term, and its moment: it holds until then, or for ``notice`` and ``not_begun`` from then on."""
        told: Clinic = clinic()
        self.rule = rule
        self.until = until
        self.phone = location.phone or told.phone
        self.email = told.email
        super().__init__(f"the clinic's terms don't allow this: {rule}")


class LevelError(PellucidError):
    """Who wants to sign hasn't the licence level that a visit needs."""

    def __init__(self, needed: Level) -> None:
        """Keep which it is."""
        self.needed = needed
        super().__init__(f"signing this visit needs {needed.name}")


class NotWaitingError(PellucidError):
    """They don't wait any more, or have been offered something else."""


class SeriesError(PellucidError):
    """One of several visits can't be booked, so none was."""

    def __init__(self, number: int, why: PellucidError) -> None:
        """Keep which, counted from 0, and what stands against it."""
        self.number = number
        self.why = why
        super().__init__(f"visit {number + 1}: {why}")
