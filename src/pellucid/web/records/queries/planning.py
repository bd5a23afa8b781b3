"""A client's care plan on the times that the clinic really has free, around the visits that stand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pellucid.booking.calendar import Booking, Calendar, Claim
from pellucid.booking.minutes import DAY, minute_from, minute_of
from pellucid.care import WEEKS, care
from pellucid.model.plan import CarePlan
from pellucid.model.spans import Spans
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.queries.calendar import calendar_for
from pellucid.web.records.queries.consultations import knowledge_for, standing_of
from pellucid.web.records.queries.roster import member_of
from pellucid.web.records.queries.today import newest
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import CONSULTATION, Location


def plan_for(client: Client, *, location: Location, now: datetime) -> CarePlan | None:
    """The plan for the next weeks at one location; None where there are no answers to plan with.

    Raises:
        InputError: the answers contradict each other.
        UnsoundPlanError: the checker found something in what the planner laid out.
    """
    consultation = newest(client)
    if consultation is None:
        return None
    today = day(now, location.zone)
    knowledge = knowledge_for(client)
    standing = standing_of(consultation, client, today=today, knowledge=knowledge)
    until = today + timedelta(weeks=WEEKS)
    calendar = calendar_for(since=today, until=until, location=location, now=now)
    services = tuple(each for each in calendar.services if each.treatment != CONSULTATION)
    busy = _beyond_terms(calendar, location, now)
    calendar = replace(calendar, services=services, bookings=tuple(_own(client, calendar)), busy=busy)
    return care(standing.intake, today=today, knowledge=knowledge, calendar=calendar).plan


def _beyond_terms(calendar: Calendar, location: Location, now: datetime) -> dict[Claim, Spans]:
    """What is taken up, with everybody taken up also before and after what clients may book themselves."""
    terms = location.clinic
    soonest = minute_from(now + timedelta(hours=terms.notice_hours))
    latest = minute_of(now + timedelta(days=terms.days_ahead + 1))
    beyond = ((0, soonest), (latest, latest + WEEKS * 7 * DAY))
    people: set[Claim] = {("practitioner", each.who) for each in calendar.practitioners}
    return {**calendar.busy, **{each: (*calendar.busy.get(each, ()), *beyond) for each in people}}


def _own(client: Client, calendar: Calendar) -> Iterator[Booking]:
    """What the client has booked of treatments, as far as the calendar knows who does it."""
    named = {member_of(each.id): each.id for each in calendar.practitioners}
    visits = Appointment.objects.filter(client=client, state__in=STANDING).prefetch_related("parts")
    for visit in visits:
        if visit.practitioner_id in named:
            for part in visit.parts.all():
                if part.treatment == CONSULTATION:
                    continue
                yield Booking(
                    practitioner=named[visit.practitioner_id],
                    room=str(part.room_id),
                    starts=part.starts,
                    ends=part.ends,
                    devices=tuple(map(str, part.devices)),
                    buffer_before=part.buffer_before,
                    buffer_after=part.buffer_after,
                    client=str(client.pk),
                    treatment=part.treatment,
                )
