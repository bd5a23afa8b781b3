"""The demo's visits of the last and the next two weeks, and who waits for one: made as the people would have made them.

Each goes through the same actions as on the pages, dated as if it had been done then. Where nothing fits, because of
the weekday on which the demo is made, a visit is left out.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from pellucid.model.slot import Visit
from pellucid.web.accounts.models import Membership, Role
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions import appointments, waitlist
from pellucid.web.records.actions.booking import Booker, NotOfferedError, TakenError, UnfitError
from pellucid.web.records.actions.reminders import mornings, prepare_due, remind_due
from pellucid.web.records.models import Appointment, Client, WaitlistEntry
from pellucid.web.records.queries.calendar import visits_for
from pellucid.web.sites.clock import day
from pellucid.web.sites.hours import MIDNIGHT
from pellucid.web.sites.models import Location

Table = Mapping[str, Any]
DAYS_TRIED = 7
SOON = timedelta(minutes=5)


def is_made(told: Table) -> bool:
    """Whether all of it is there: who waits comes last."""
    return WaitlistEntry.objects.count() >= len(told["waiting"])


def make_visits(told: Table, places: Mapping[str, Location], now: datetime) -> None:
    """Make all of it, unless it is there."""
    if is_made(told):
        return
    for each in told["visits"]:
        _visit(each, places[each["at"]], now)
    _remind(now)
    for each in told["waiting"]:
        _wait(each, places[each["at"]], now)


def _client(told: Table) -> Client:
    return Client.objects.select_related("user", "location").get(name=f"{told['who']} Example")


def _visit(told: Table, place: Location, now: datetime) -> None:
    """Book one visit, and let become of it what became of it."""
    client = _client(told)
    for visit in _free(told, place, now):
        then = min(visit.starts - timedelta(days=told["booked"], hours=1), now)
        booker = _desk(then) if told.get("desk") else _themselves(client, then)
        try:
            made = appointments.book(client=client, visit=visit, booker=booker)
        except (UnfitError, NotOfferedError, TakenError):
            continue
        _became(told.get("became", ""), made, now)
        _as_if_sent(made)
        return


def _free(told: Table, place: Location, now: datetime) -> Iterator[Visit]:
    """The first free visit from an hour on, of each day in turn."""
    since = day(now, place.zone) + timedelta(days=told["first"])
    until = since + timedelta(days=DAYS_TRIED)
    asked = now if told["first"] >= 0 else now - timedelta(days=60)
    found = visits_for(treatments=told["what"], since=since, until=until, location=place, now=asked)
    seen = set()
    for visit in found:
        if visit.local.hour >= told["hour"] and visit.day not in seen and (visit.ends < now or told["first"] >= 0):
            seen.add(visit.day)
            yield visit


def _desk(then: datetime) -> Booker:
    member = Membership.objects.select_related("user").filter(role=Role.FRONT_DESK)[0]
    return Booker(member.user.ref, member, then)


def _themselves(client: Client, then: datetime) -> Booker:
    return Booker(client.user.ref if client.user else "", None, then)


def _became(what: str, made: Appointment, now: datetime) -> None:
    over = _desk(made.ends + SOON)
    if what == "done":
        appointments.done(appointment=made, version=made.version, booker=over)
    elif what == "no_show":
        appointments.no_show(appointment=made, version=made.version, booker=over)
    elif what == "cancelled":
        then = _desk(min(made.starts - timedelta(days=1), now))
        appointments.cancel(appointment=made, version=made.version, reason="Has a cold", booker=then)
    elif what == "signed":
        signer = Membership.objects.filter(role=Role.PRACTITIONER).order_by("-level")[0]
        appointments.sign(appointment=made, version=made.version, by=signer, now=now)
    elif what == "moved":
        _move(made, now)


def _move(made: Appointment, now: datetime) -> None:
    """To the day after, or the first one then that is free."""
    on = day(made.starts, made.location.zone) + timedelta(days=1)
    treatments = [part.treatment for part in made.parts.all()]
    later = visits_for(
        treatments=treatments,
        since=on,
        until=on + timedelta(days=DAYS_TRIED),
        location=made.location,
        now=now,
        but=made,
    )
    if later:
        appointments.reschedule(appointment=made, version=made.version, visit=later[0], booker=_desk(now))


def _as_if_sent(made: Appointment) -> None:
    """The mails of days that never were are not printed when the server starts."""
    _waiting(made).update(state="sent", sent_at=F("created_at"))


def _remind(now: datetime) -> None:
    """What the clock would have sent before the server was started: printed now, it would bury the links to sign in."""
    remind_due(now=now)
    for location, on in mornings(now=now):
        prepare_due(location=location, on=on, now=now)
    put = Message.objects.filter(state="waiting", kind__in=("visit_reminder", "visit_preparation"))
    put.update(state="sent", sent_at=F("created_at"))


def _waiting(made: Appointment) -> QuerySet[Message]:
    return Message.objects.filter(state="waiting", key__contains=str(made.pk))


def _wait(told: Table, place: Location, now: datetime) -> None:
    today, client = day(now, place.zone), _client(told)
    waitlist.join(
        client=client,
        location=place,
        treatments=told["what"],
        since=today + timedelta(days=1),
        until=today + timedelta(days=told["days"]),
        weekdays=told.get("weekdays", ()),
        earliest=_minutes(told.get("earliest", "00:00")),
        latest=_minutes(told["latest"]) if "latest" in told else MIDNIGHT,
        booker=_themselves(client, now),
    )


def _minutes(shown: str) -> int:
    hour, minute = shown.split(":")
    return int(hour) * 60 + int(minute)
