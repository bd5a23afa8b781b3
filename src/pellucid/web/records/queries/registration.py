"""What the registration form offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pellucid.web.records.models import Registration
from pellucid.web.sites.models import CONSULTATION, Clinic, Document, Location, Offer, Service
from pellucid.web.sites.queries import clinic, document, locations, offers_running

KINDS = ("terms", "privacy", "photos", "marketing")


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, and the wordings that are agreed to."""

    clinic: Clinic
    locations: Sequence[Location]
    services: Sequence[Service]
    offers: Sequence[Offer]
    documents: dict[str, Document]

    @property
    def complete(self) -> bool:
        """Whether the clinic is set up far enough that people can register."""
        return bool(self.locations) and all(kind in self.documents for kind in KINDS)


def choices(today: date, language: str) -> Choices:
    """What can be chosen on a day; a handful of queries however much there is."""
    services = Service.objects.filter(active=True).exclude(treatment=CONSULTATION).prefetch_related("locations")
    wordings = {kind: found for kind in KINDS if (found := document(kind, language)) is not None}
    return Choices(clinic(), locations(), list(services), offers_running(today), wordings)


def waiting(number: str) -> Registration | None:
    """A registration that has not been confirmed."""
    return Registration.objects.filter(pk=UUID(number), confirmed_at=None).first()
