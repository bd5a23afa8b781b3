"""The board of a day at a location: who comes, and what is still missing for each visit. No health data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Q

from pellucid.consult.prepare import days_before
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.accounts.models import Membership
from pellucid.web.outbox.models import Message
from pellucid.web.records.models import Appointment, Consent, Consultation
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.queries.ages import is_under_age
from pellucid.web.records.queries.appointments import on_day
from pellucid.web.records.queries.misfit import HOURS, TO_ANSWER
from pellucid.web.sites import knowledge as sites
from pellucid.web.sites.models import Location

Missing = Literal[
    "terms", "privacy", "guardian", "questionnaire", "answers", "fit", "hours", "preparation", "signature"
]
"""``terms``, ``privacy``: what the client has to agree to. ``guardian``: their guardian hasn't agreed.
``questionnaire``: nothing was ever handed in. ``answers``: something has to be answered again. ``fit``: what is known
now speaks against it. ``hours``: nobody works then any more. ``preparation``: no letter has told them how to prepare.
``signature``: it waits for a practitioner's."""

NEEDED: tuple[Missing, ...] = ("terms", "privacy")
"""Consents without which nobody is treated."""

TELLING = ("visit_confirmed", "visit_moved", "visit_preparation", "visit_reminder")
"""Letters that say how to prepare, or lead to it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One visit of a day."""

    appointment: Appointment
    missing: tuple[Missing, ...]


def board(member: Membership, location: Location, day: date, now: datetime) -> list[Row]:
    """The visits of a day that a member of staff may see, in the order of time; seven queries, however many.

    Args:
        member: whose board.
        location: where.
        day: by its clock.
        now: holds that have run out by then are left out; what is over lacks nothing any more.
    """
    visits = [each for each in on_day(member, location, day) if each.held_until is None or each.held_until > now]
    told = _Told(visits)
    return [Row(each, tuple(told.missing(each, day)) if each.state in STANDING else ()) for each in visits]


class _Told:
    """What the clients of some visits agreed to, handed in and were written; four queries."""

    def __init__(self, visits: Sequence[Appointment]) -> None:
        clients = {each.client_id for each in visits}
        agreed = Consent.objects.filter(client__in=clients, kind__in=NEEDED, withdrawn_at=None)
        self._agreed = set(agreed.values_list("client_id", "kind"))
        answered = Consultation.objects.filter(client__in=clients, submitted_at__isnull=False)
        self._answered = set(answered.order_by().values_list("client_id", flat=True))
        self._written = _written(visits)
        self._knowledge = sites.current()

    def missing(self, visit: Appointment, day: date) -> Iterator[Missing]:
        client = visit.client
        for kind in NEEDED:
            if (client.pk, kind) not in self._agreed:
                yield kind
        if client.birth_date and is_under_age(client.birth_date, day) and client.guardian_consent_at is None:
            yield "guardian"
        if client.pk not in self._answered:
            yield "questionnaire"
        yield from _unfit(visit.misfit)
        if str(visit.pk) not in self._written and _is_prepared_for(visit, self._knowledge):
            yield "preparation"
        if visit.state == State.TENTATIVE:
            yield "signature"


def _unfit(misfit: Sequence[str]) -> Iterator[Missing]:
    against = {*misfit} - {HOURS}
    if against & TO_ANSWER:
        yield "answers"
    if against - TO_ANSWER:
        yield "fit"
    if HOURS in misfit:
        yield "hours"


def _is_prepared_for(visit: Appointment, knowledge: Knowledge) -> bool:
    """Whether anything of the visit has a preparation that begins before its day."""
    known = (each.treatment for each in visit.parts.all() if each.treatment in knowledge.of(Treatment))
    return any(max(days_before(each, knowledge=knowledge), default=0) > 0 for each in known)


def _written(visits: Sequence[Appointment]) -> set[str]:
    """The visits about which a letter went out; one query, and none where there are no visits."""
    about = Q(pk=None)
    for each in visits:
        about |= Q(key__startswith=f"visit.{each.pk}.")
    sent = Message.objects.filter(about, kind__in=TELLING, state="sent") if visits else Message.objects.none()
    return {key.split(".")[1] for key in sent.order_by().values_list("key", flat=True)}
