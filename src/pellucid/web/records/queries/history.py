"""The audit trail as staff read it: events with the names of who did them, looked up in one query a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the audit page is narrowed to; None and empty mean all."""

    action: str = ""
    actor: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


def of_client(client: UUID) -> QuerySet[Event]:
    """What was done with one client's record, newest first."""
    return Event.objects.filter(client=str(client))


def of_subject(subject: str) -> QuerySet[Event]:
    """What was done with one thing, such as ``service.<id>``, newest first."""
    return Event.objects.filter(subject=subject)


def of_action(action: str) -> QuerySet[Event]:
    """Every event of one kind, newest first."""
    return Event.objects.filter(action=action)


def found(asked: Narrowed) -> QuerySet[Event]:
    """Every event that fits, newest first."""
    events = Event.objects.all()
    if asked.action:
        events = events.filter(action__startswith=asked.action)
    if asked.actor:
        events = events.filter(actor=asked.actor)
    if asked.subject:
        events = events.filter(subject=asked.subject) | events.filter(client=asked.subject)
    if asked.since:
        events = events.filter(at__date__gte=asked.since)
    if asked.until:
        events = events.filter(at__date__lte=asked.until)
    return events


def kinds() -> list[str]:
    """Every kind of event there has been."""
    return list(Event.objects.order_by("action").values_list("action", flat=True).distinct())


def names(events: Iterable[Event]) -> dict[str, str]:
    """Who did these events: the actor as an event names it, to a name; one query."""
    actors = {event.actor for event in events if event.actor.startswith("user.")}
    people = User.objects.filter(pk__in=[_uuid(actor) for actor in actors if _uuid(actor)])
    return {person.ref: person.name for person in people.only("name")}


def _uuid(actor: str) -> UUID | None:
    try:
        return UUID(actor.partition(".")[2])
    except ValueError:
        return None
