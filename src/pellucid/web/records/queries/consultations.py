"""Reads of a client's own consultations."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.clinic import OverrideEntry, Signature
from pellucid.knowledge.schema.base import LevelName
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.records.models import Clearance, Client, Consultation, Override
from pellucid.web.records.questionnaire import Standing
from pellucid.web.sites import knowledge as sites
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import Clinic

LEVELS: Mapping[int, LevelName] = {0: "L0", 1: "L1", 2: "L2", 3: "L3", 4: "L4"}

GIVEN_IN = ("submitted", "signed", "replaced")

KEPT = timedelta(days=365)
"""How long an answer that never grows old by itself is taken over into the next consultation."""


def draft_of(client: Client) -> Consultation | None:
    """What the client is answering, if anything; without reports, which a draft has none of."""
    return Consultation.objects.filter(client=client, state="draft").first()


def given_in(client: Client) -> list[Consultation]:
    """What the client handed in, newest first, without answers and reports."""
    found = Consultation.objects.filter(client=client, state__in=GIVEN_IN).defer("reports", "answers", "answered_on")
    return list(found.order_by("-submitted_at").prefetch_related("reviews"))


def result_of(client: Client, number: UUID) -> Consultation | None:
    """One of the client's own consultations that was handed in, with who signed it."""
    found = Consultation.objects.filter(client=client, pk=number, state__in=GIVEN_IN)
    return found.select_related("client__location").prefetch_related("reviews__by__user").first()


def own_consultation(client: Client, number: UUID) -> Consultation | None:
    """One of the client's consultations, whatever became of it."""
    return Consultation.objects.filter(client=client, pk=number).defer("reports").first()


def region() -> str:
    """Whose law holds at the clinic."""
    return Clinic.objects.values_list("region", flat=True).order_by("pk").first() or "elsewhere"


def standing_of(draft: Consultation | None, client: Client, *, today: date, knowledge: Knowledge) -> Standing:
    """Where a draft stands on the clinic's day; without one, where a new one would begin."""
    return Standing(
        draft.answers if draft else {},
        answered_on=draft.answered_on if draft else {},
        skipped=draft.skipped if draft else (),
        ours=ours(client, today=today, knowledge=knowledge),
        today=today,
        knowledge=knowledge,
    )


def ours(client: Client, *, today: date, knowledge: Knowledge) -> dict[str, Any]:
    """What the clinic adds to a client's answers, by path."""
    found: dict[str, Any] = {
        "consultation.date": today.isoformat(),
        "consultation.client": str(client.pk),
        "consultation.language": sites.KNOWLEDGE_LANGUAGE[client.language],
        "consultation.region": region(),
    }
    if client.guardian_contact or client.guardian_consent_at:
        found["person.guardian_consent"] = client.guardian_consent_at is not None
    papers = list(clearances(client, today=today, knowledge=knowledge))
    return {**found, "papers.clearances": papers} if papers else found


def clearances(client: Client, *, today: date, knowledge: Knowledge) -> Iterator[dict[str, Any]]:
    """The client's papers as an intake names them; of what they are about, only what the knowledge still has.

    Here ``until`` is the last day on which a paper counts; in an intake ``expires`` is the first on which it doesn't.
    """
    standing = Clearance.objects.filter(client=client, withdrawn_at=None, given_on__lte=today)
    for each in standing.filter(until__gte=F("given_on")).order_by("pk"):
        known = (name == "all" or name in knowledge.of(Treatment) or name in knowledge.by_ref for name in each.scope)
        scope = [name for name, kept in zip(each.scope, known, strict=True) if kept]
        if scope:
            yield {
                "kind": each.kind,
                "author": each.by,
                "scope": scope,
                "issued": each.given_on.isoformat(),
                "expires": (each.until + timedelta(days=1)).isoformat(),
            }


def knowledge_for(client: Client, current: Knowledge | None = None) -> Knowledge:
    """The clinic's knowledge, or another one, with the overrides that were signed for this client."""
    found = Override.objects.filter(client=client, withdrawn_at=None).select_related("client__location").order_by("pk")
    return sites.with_overrides(current or sites.current(), tuple(map(entry_of, found)))


def entry_of(override: Override) -> OverrideEntry:
    """A stored override as the knowledge takes it; it was signed on the day that it was at the client's location."""
    return OverrideEntry(
        rules=tuple(override.rules),
        treatments=tuple(override.treatments),
        client=str(override.client_id),
        signature=Signature(
            by=f"membership.{override.by_id}",
            level=LEVELS[override.level],
            reason=override.reason,
            signed=day(override.signed_at, override.client.location.zone),
        ),
        expires=override.expires,
    )


def taken_over(client: Client, *, today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers of earlier consultations that are not too old to be taken over: nested answers, and their days."""
    last = Consultation.objects.filter(client=client, state__in=GIVEN_IN).order_by("-submitted_at").first()
    if last is None:
        return {}, {}
    since = (today - KEPT).isoformat()
    days = {path: day for path, day in last.answered_on.items() if day >= since}
    return last.answers, days
