"""Which visits are near, when they were booked, and from which days on somebody prepares for one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Max

from pellucid.consult.prepare import days_before, preparation
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.profile import Profile
from pellucid.web.audit.models import Event
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.queries.consultations import knowledge_for, standing_of
from pellucid.web.records.queries.today import newest
from pellucid.web.sites.clock import day

Ahead = Mapping[str, frozenset[int]]

OWN = frozenset({"pause", "ask_prescriber"})
"""What an instruction asks for that is about something of the person's own."""


def near(*, now: datetime, within: timedelta, location: int | None = None) -> list[Appointment]:
    """Visits that are to take place, the next first; three queries.

    Args:
        now: when.
        within: how far ahead to look.
        location: key of the only location to look at.
    """
    found = Appointment.objects.filter(state__in=STANDING, starts__gt=now, starts__lte=now + within)
    if location is not None:
        found = found.filter(location=location)
    return list(found.select_related("client", "location__clinic").prefetch_related("parts").order_by("starts", "id"))


def booked_at(appointments: Iterable[Appointment]) -> dict[str, datetime]:
    """When the present time of each visit was settled, by its id; one query. What isn't known yet is left out."""
    subjects = {f"appointment.{each.pk}": str(each.pk) for each in appointments}
    settled = Event.objects.filter(subject__in=subjects, action__in=("appointment.confirmed", "appointment.moved"))
    newest = settled.order_by().values_list("subject").annotate(Max("at"))
    return {subjects[subject]: at for subject, at in newest}


def days_ahead(knowledge: Knowledge) -> Ahead:
    """How many days before a visit something of preparing for each treatment can begin, for somebody."""
    return {name: days_before(name, knowledge=knowledge) for name in knowledge.of(Treatment)}


def may_begin(appointments: Iterable[Appointment], on: date, ahead: Ahead) -> list[Appointment]:
    """The visits for which something could begin on a day: the others need no closer look."""
    found = ((each, (day_of(each) - on).days) for each in appointments)
    return [each for each, days in found if any(days in ahead[name] for name in _treatments(each, ahead))]


def preparation_begins(appointment: Appointment, *, profile: Profile, knowledge: Knowledge) -> Collection[date]:
    """Days before a visit worth a letter: the first of its preparation, and each on which the person's own begins.

    Their own is what they told they use or were prescribed. The rest of the lines goes with the first day: a letter for
    each would be one every few days, and be read no more.
    """
    on = day_of(appointment)
    lines = [
        line
        for treatment in _treatments(appointment, knowledge.of(Treatment))
        for line in preparation(profile, treatment, on=on, knowledge=knowledge)
        if line.since < on
    ]
    own = {line.since for line in lines if line.applies and line.action in OWN}
    return own | {min(line.since for line in lines)} if lines else own


def profile_for(client: Client) -> tuple[Profile, Knowledge] | None:
    """What was known on the day of the client's newest consultation, and the knowledge that holds for them.

    Known on a later day, what has begun already would seem to begin on that day. None where no answers were handed in:
    then their page tells nothing of preparing either.
    """
    given = newest(client)
    if given is None or given.day is None:
        return None
    standing = standing_of(given, client, today=given.day, knowledge=knowledge_for(client))
    return standing.profile, standing.knowledge


def day_of(appointment: Appointment) -> date:
    """The day of a visit at its location."""
    return day(appointment.starts, appointment.location.zone)


def _treatments(appointment: Appointment, known: Collection[str]) -> list[str]:
    """What is done, but for the talk and for what the knowledge no longer has."""
    return [part.treatment for part in appointment.parts.all() if part.treatment in known]
