"""One visit as its client's pages show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pellucid.web.portal.book_words import clock_note, on_the_wall, service_names
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.queries.misfit import TO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pellucid.web.records.models import Appointment

BADGES: dict[str, tuple[str, Promise]] = {
    State.HELD: ("ask", _("Kept for you")),
    State.TENTATIVE: ("caution", _("Waits for a practitioner's yes")),
    State.BOOKED: ("allowed", _("Booked")),
    State.DONE: ("", _("Done")),
    State.NO_SHOW: ("", _("Missed")),
    State.CANCELLED: ("", _("Cancelled")),
    State.LAPSED: ("", _("Not booked")),
}
"""State to its badge and words."""


class VisitShown:
    """A visit with all that its pages say of it."""

    def __init__(self, appointment: "Appointment", *, now: datetime) -> None:
        """Take a visit with its parts, location and practitioner at hand."""
        self.appointment, self._now = appointment, now
        self.pk, self.state, self.version = appointment.pk, appointment.state, appointment.version
        self.location = appointment.location
        self.zone = self.location.zone

    @property
    def treatments(self) -> list[str]:
        """Ids of its services."""
        return [each.treatment for each in self.appointment.parts.all()]

    @cached_property
    def services(self) -> list[str]:
        """Names of its services."""
        return service_names(self.treatments)

    @property
    def starts(self) -> datetime:
        """By the location's clock, as the next three."""
        return on_the_wall(self.appointment.starts, self.zone)

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return on_the_wall(self.appointment.ends, self.zone)

    @property
    def kept_until(self) -> datetime | None:
        """Until when it is held."""
        held = self.appointment.held_until
        return on_the_wall(held, self.zone) if held else None

    @property
    def free_until(self) -> datetime:
        """Until when its client can move or cancel it."""
        return on_the_wall(self._free_until, self.zone)

    @property
    def _free_until(self) -> datetime:
        return self.appointment.starts - timedelta(hours=self.location.clinic.cancel_hours)

    @property
    def clock(self) -> str:
        """Whose clock these are, where it isn't that of the client's own location."""
        return clock_note(self.location.name, self.zone, self.appointment.client.location.zone)

    @property
    def practitioner(self) -> str:
        """Who does it."""
        return self.appointment.practitioner.user.name

    @cached_property
    def price(self) -> Decimal | None:
        """What it costs altogether; None where a part has no price of its own."""
        prices = [each.price for each in self.appointment.parts.all()]
        return sum(map(Decimal, prices), Decimal()) if all(each is not None for each in prices) else None  # type: ignore[arg-type] # none is None

    @property
    def currency(self) -> str:
        """Of the price."""
        return next((each.currency for each in self.appointment.parts.all() if each.currency), "")

    @property
    def badge(self) -> tuple[str, Promise]:
        """Kind of badge and its words."""
        return BADGES[State.LAPSED if self.run_out else self.state]

    @property
    def held(self) -> bool:
        """Whether it is kept and still can be confirmed."""
        return self.state == State.HELD and not self.run_out

    @property
    def run_out(self) -> bool:
        """Whether it was kept and nobody confirmed it in time."""
        held = self.appointment.held_until
        return self.state == State.LAPSED or (held is not None and held <= self._now)

    @property
    def standing(self) -> bool:
        """Whether it is booked, with or without a practitioner's yes."""
        return self.state in STANDING

    @property
    def ahead(self) -> bool:
        """Whether it is booked and still to come."""
        return self.standing and self.appointment.starts > self._now

    @property
    def may_change(self) -> bool:
        """Whether the client can still move or cancel it without asking."""
        return self.ahead and self.in_time

    @property
    def in_time(self) -> bool:
        """Whether there is still time to move or cancel it without asking."""
        return self._now <= self._free_until

    @property
    def unfit(self) -> bool:
        """Whether it was found not to fit any more."""
        return self.standing and bool(self.appointment.misfit)

    @property
    def asks(self) -> bool:
        """Whether its client can settle what stands against it by answering anew."""
        return self.unfit and not TO_ANSWER.isdisjoint(self.appointment.misfit)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A client's visits."""

    coming: list[VisitShown]
    """The next one first."""
    past: list[VisitShown]
    """The last one first; cancelled ones too."""


def sort(appointments: "Iterable[Appointment]", *, now: datetime) -> Sorted:
    """Those to come, and those that are over; what was held and never booked is neither."""
    shown = [VisitShown(each, now=now) for each in appointments]
    kept = [each for each in shown if not each.run_out]
    ahead = [each for each in kept if each.held or (each.standing and each.appointment.ends > now)]
    over = [each for each in kept if each not in ahead]
    return Sorted(sorted(ahead, key=_start), sorted(over, key=_start, reverse=True))


def _start(visit: VisitShown) -> datetime:
    return visit.appointment.starts
