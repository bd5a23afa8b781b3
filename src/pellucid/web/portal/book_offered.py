"""What a client can book at one location: each service with whether it fits them, and if not, why and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pellucid.web.portal.book_fit import SCREENING, Against, against
from pellucid.web.records.naming import service_name
from pellucid.web.records.queries.calendar import level_of
from pellucid.web.records.queries.choosing import services_at
from pellucid.web.records.queries.fitting import Fit, Fitting
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import CONSULTATION
from pellucid.web.ui.language import texts

if TYPE_CHECKING:
    from pellucid.web.records.models import Client
    from pellucid.web.sites.models import Location, Service


@dataclass(frozen=True, slots=True)
class Row:
    """One service."""

    service: "Service"
    name: str
    short: str
    fit: Fit
    against: Against | None
    open: bool
    """Whether a time for it can be looked for: it fits at once, or from a day on that clients can book."""

    @property
    def treatment(self) -> str:
        """Its id."""
        return self.service.treatment

    @property
    def price(self) -> Decimal | None:
        """What it costs, where the clinic says."""
        return self.service.price

    @property
    def needs_answers(self) -> bool:
        """Whether answering the questions is what is missing."""
        return self.fit.why in SCREENING


@dataclass(frozen=True)
class Offered:
    """All of them."""

    rows: tuple[Row, ...]

    @cached_property
    def open(self) -> list[Row]:
        """Those for which a time can be looked for."""
        return [each for each in self.rows if each.open]

    @cached_property
    def after_answers(self) -> list[Row]:
        """Those that wait for an answer."""
        return [each for each in self.rows if not each.open and each.needs_answers]

    @cached_property
    def ruled_out(self) -> list[Row]:
        """Those that something else stands against, with no day known on which it ends."""
        return [each for each in self.rows if not each.open and not each.needs_answers]

    @property
    def may_plan(self) -> bool:
        """Whether there is anything to plan besides the consultation."""
        return any(each.treatment != CONSULTATION for each in self.open)

    @cached_property
    def to_answer(self) -> Against | None:
        """What asks for the questions first, where something does: then all but the consultation waits for it."""
        return next((each.against for each in self.rows if each.needs_answers), None)


def offered_at(location: "Location", client: "Client", *, now: datetime) -> Offered:
    """Every service of a location, as it fits a client on the first day that can be booked."""
    terms = location.clinic
    on = day(now + timedelta(hours=terms.notice_hours), location.zone)
    last = day(now, location.zone) + timedelta(days=terms.days_ahead)
    fitting = Fitting(client, now=now)
    rows = []
    for service in services_at(location):
        fit = fitting.of((service.treatment,), on=on, performer=level_of(service))
        open_ = fit.bookable or (fit.until is not None and fit.until <= last)
        rows.append(Row(service, service_name(service.treatment), _short(service), fit, against(fit), open_))
    return Offered(tuple(rows))


def _short(service: "Service") -> str:
    """What it is in a sentence."""
    if service.treatment == CONSULTATION:
        return _("Talk it through with a practitioner, who looks at your skin with you.")
    return texts().get(f"treatment.{service.treatment}", "short")
