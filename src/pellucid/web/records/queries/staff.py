"""What staff see of clients: whom, in which order, and what waits. Who may look at health data is the views' matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from pellucid.web.accounts.models import Membership, Role
from pellucid.web.records.models import Clearance, Client, Consent, Consultation, Enquiry, Override
from pellucid.web.sites.models import Location

URGENCIES = ("emergency", "same_day", "prompt", "routine", "consider")
"""Most urgent first."""

RED_FLAGS = frozenset({"emergency", "same_day"})

SHORTEST_NUMBER = 3
"""Digits that a search needs before it looks at phone numbers; fewer are in nearly every one."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of clients is narrowed to; None and empty mean all."""

    search: str = ""
    location: int | None = None
    practitioner: int | None = None
    waiting: bool = False
    archived: bool = False
    """Those who were archived, in place of those who weren't."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A consultation that somebody should look at."""

    consultation: Consultation
    urgency: str
    """The most urgent of its referrals; empty where there is none."""

    @property
    def red(self) -> bool:
        """Whether it can't wait until tomorrow."""
        return self.urgency in RED_FLAGS


def clients_of(member: Membership) -> QuerySet[Client]:
    """The clients whom one of the staff may see: of the own location and the own ones, or all."""
    if member.location_id is None:
        return Client.objects.all()
    return Client.objects.filter(Q(location=member.location_id) | Q(practitioner=member.pk))


def find_clients(member: Membership, filters: Filters) -> QuerySet[Client]:
    """Clients by name, each with ``waiting``: whether a consultation of theirs is to be reviewed."""
    given_in = Consultation.objects.filter(client=OuterRef("pk"), state="submitted")
    found = clients_of(member).filter(archived_at__isnull=not filters.archived).annotate(waiting=Exists(given_in))
    if filters.location is not None:
        found = found.filter(location=filters.location)
    if filters.practitioner is not None:
        found = found.filter(practitioner=filters.practitioner)
    if filters.waiting:
        found = found.filter(waiting=True)
    for word in filters.search.split():
        found = found.filter(_matches(word))
    return found.select_related("location", "practitioner__user").order_by("name", "pk")


def _matches(word: str) -> Q:
    digits = "".join(each for each in word if each.isdigit())
    found = Q(name__icontains=word) | Q(email__icontains=word)
    return found | Q(phone__contains=digits) if len(digits) >= SHORTEST_NUMBER else found


def to_review(member: Membership) -> list[Waiting]:
    """Consultations that wait for a signature: the most urgent first, then as they came in; one query."""
    rows = (
        Consultation.objects.filter(client__in=clients_of(member).filter(archived_at=None), state="submitted")
        .defer("answers", "answered_on", "skipped", "reports")
        .select_related("client__location", "client__practitioner__user")
        .annotate(referrals=KeyTransform("referral", KeyTransform("en", "reports")))
        .order_by("submitted_at", "pk")
    )
    waiting = [Waiting(each, most_urgent(each.referrals or ())) for each in rows]
    return sorted(waiting, key=lambda each: _rank(each.urgency))


def most_urgent(referrals: Iterable[Mapping[str, Any]]) -> str:
    """The most urgent of a report's referrals; empty where there is none."""
    return min((each["urgency"] for each in referrals), key=_rank, default="")


def _rank(urgency: str) -> int:
    return URGENCIES.index(urgency) if urgency in URGENCIES else len(URGENCIES)


def consultations_of(member: Membership) -> QuerySet[Consultation]:
    """Consultations that were given in, of the clients whom one of the staff may see; newest first."""
    found = Consultation.objects.filter(client__in=clients_of(member), submitted_at__isnull=False)
    return found.select_related("client__location").order_by("-submitted_at", "-pk")


def signed_of(client: Client) -> list[Consultation]:
    """A client's consultations that were given in, without their answers and reports, each with its signatures."""
    found = Consultation.objects.filter(client=client, submitted_at__isnull=False)
    light = found.defer("answers", "answered_on", "skipped", "reports")
    return list(light.prefetch_related("reviews__by__user").order_by("-submitted_at", "-pk"))


def before(consultation: Consultation) -> Consultation | None:
    """The consultation that the same client gave in before this one."""
    earlier = Consultation.objects.filter(client=consultation.client_id, submitted_at__lt=consultation.submitted_at)
    return earlier.defer("reports").order_by("-submitted_at", "-pk").first()


def papers_changed(consultation: Consultation) -> bool:
    """Whether a paper was entered or withdrawn since the consultation was last worked out."""
    since = consultation.changed_at
    changed = Q(recorded_at__gt=since) | Q(withdrawn_at__gt=since)
    return Clearance.objects.filter(changed, client=consultation.client_id).exists()


def practitioners(member: Membership, client: Client | None = None) -> QuerySet[Membership]:
    """Who may be named as a client's practitioner: those who treat, at the own location or at all, and who it is."""
    found = Membership.objects.filter(active=True, level__gt=0).exclude(role=Role.FRONT_DESK)
    if member.location_id is not None:
        found = found.filter(Q(location=member.location_id) | Q(location=None))
    if client is not None and client.practitioner_id is not None:
        found |= Membership.objects.filter(pk=client.practitioner_id)
    return found.select_related("user").order_by("user__name", "pk")


def places(member: Membership, client: Client | None = None) -> QuerySet[Location]:
    """Locations whose clients one of the staff may see, and the one where a client of theirs is already."""
    found = Location.objects.filter(active=True)
    if member.location_id is not None:
        found = found.filter(pk=member.location_id)
    return found | Location.objects.filter(pk=client.location_id) if client else found


def consents_of(client: Client) -> QuerySet[Consent]:
    """What a client agreed to, newest first."""
    return client.consents.select_related("document")


def clearances_of(client: Client) -> QuerySet[Clearance]:
    """Papers entered for a client, newest first."""
    return client.clearances.select_related("recorded_by__user").order_by("-recorded_at", "-pk")


def overrides_of(client: Client) -> QuerySet[Override]:
    """What was signed for a client in spite of a rule, newest first."""
    return client.overrides.select_related("by__user").order_by("-signed_at", "-pk")


def enquiries() -> QuerySet[Enquiry]:
    """Questions from visitors."""
    return Enquiry.objects.all()


def enquiries_open() -> QuerySet[Enquiry]:
    """Questions that nobody has answered, the oldest first."""
    return Enquiry.objects.filter(answered_at=None)


def enquiries_answered() -> QuerySet[Enquiry]:
    """Questions that were answered, the newest first."""
    return Enquiry.objects.exclude(answered_at=None).order_by("-answered_at", "id")
