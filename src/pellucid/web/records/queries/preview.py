"""What a change of the clinic's rules would do to its clients, before it is made."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT, KeyTransform

from pellucid.consult.screen import screen_all
from pellucid.knowledge.base import Knowledge
from pellucid.model.decision import Decision
from pellucid.web.records.models import Client, Consultation
from pellucid.web.records.queries.consultations import knowledge_for, standing_of

MOST = 300
"""Clients that are looked at, those with the newest consultations first: a page should not take longer."""

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One treatment of one client, as it is and as it would be."""

    client: Client
    treatment: str
    before: Decision
    after: Decision


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change."""

    looked: int
    """Clients whose newest consultation was worked out both ways."""
    left_out: int
    """Clients beyond those."""
    clients: int
    """Of those looked at, how many have a decision that changes."""
    changes: tuple[Change, ...]
    """Some of them."""


def preview(before: Knowledge, after: Knowledge, *, today: date) -> Preview:
    """Work every client's newest consultation out with both, for a day.

    A decision changes where its status or its earliest date does.
    """
    newest = _newest()
    changed: list[list[Change]] = []
    looked = list(newest[:MOST])
    for consultation in looked:
        found = list(_changes(consultation, before, after, today))
        if found:
            changed.append(found)
    examples = [change for found in changed for change in found][:EXAMPLES]
    return Preview(len(looked), max(0, newest.count() - len(looked)), len(changed), tuple(examples))


def readers(cap: str, skins: Collection[str]) -> int:
    """How many clients' newest routine has a cap, for one of these kinds of skin."""
    routine = KeyTransform("routine", KeyTransform("en", "reports"))
    found = _newest().annotate(skin=KT("reports__en__routine__skin"), limits=KeyTransform("limits", routine))
    rows = found.filter(skin__in=skins).values_list("limits", flat=True)
    return sum(any(limit["cap"] == cap for limit in limits or ()) for limits in rows)


def _newest() -> QuerySet[Consultation]:
    given_in = Consultation.objects.filter(client=OuterRef("client"), state__in=("submitted", "signed"))
    last = given_in.order_by("-submitted_at", "-pk").values("pk")[:1]
    found = Consultation.objects.filter(pk=Subquery(last), client__archived_at=None)
    return found.select_related("client__location").defer("reports").order_by("-submitted_at", "-pk")


def _changes(consultation: Consultation, before: Knowledge, after: Knowledge, today: date) -> Iterator[Change]:
    was, will = (_decisions(consultation, each, today) for each in (before, after))
    for old, new in zip(was, will, strict=True):
        if (old.status, old.until) != (new.status, new.until):
            yield Change(consultation.client, old.treatment, old, new)


def _decisions(consultation: Consultation, knowledge: Knowledge, today: date) -> tuple[Decision, ...]:
    own = knowledge_for(consultation.client, knowledge)
    standing = standing_of(consultation, consultation.client, today=today, knowledge=own)
    return screen_all(standing.profile, on=today, performer=standing.profile.performer, knowledge=own)
