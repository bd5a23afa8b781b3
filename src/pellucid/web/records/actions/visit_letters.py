"""Letters about a visit, put into the outbox in the transaction of what they tell of, so that both happen or neither.

A letter tells time, place and a link: nothing of what is done there or why, since mails and texts can be read on their
way. Its key holds the visit, what happened and the version that it became, so that no second one is put. What still
waits to be sent about a visit is set aside once it says something that is no longer so. Reminders are in ``reminders``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from pellucid.exchange.visit_ical import Method
from pellucid.web.accounts import post
from pellucid.web.audit.record import SYSTEM
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.models import Appointment
from pellucid.web.records.queries.ages import is_under_age
from pellucid.web.records.queries.told import invite_of, told
from pellucid.web.sites.clock import day
from pellucid.web.sites.quiet import after_quiet

What = Literal["confirmed", "moved", "cancelled", "signed", "unsigned", "offered", "lapsed_offer"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of letter."""

    kind: str
    """As the outbox calls it, and its template."""
    method: Method | None = None
    """What the calendar that goes with it asks for."""
    ends_reminders: bool = False
    """Whether what was to be sent about the visit by the clock is no longer so."""
    can_wait: bool = False
    """Whether it waits until the quiet hours are over; what answers somebody does not."""
    to_guardian: bool = False
    """Whether the guardian of somebody under age is told too."""


LETTERS: Mapping[What, Letter] = {
    "confirmed": Letter("visit_confirmed", "REQUEST", to_guardian=True),
    "moved": Letter("visit_moved", "REQUEST", ends_reminders=True, to_guardian=True),
    "cancelled": Letter("visit_cancelled", "CANCEL", ends_reminders=True, to_guardian=True),
    "signed": Letter("visit_signed", "REQUEST", can_wait=True, to_guardian=True),
    "unsigned": Letter("visit_confirmed", "REQUEST", can_wait=True, to_guardian=True),
    "offered": Letter("visit_offered", can_wait=True),
    "lapsed_offer": Letter("visit_offer_lapsed", can_wait=True),
}
KINDS = frozenset(letter.kind for letter in LETTERS.values())


def letters_of(appointment: Appointment, what: What, *, booker: Booker) -> None:
    """Tell whoever a visit is for what happened to it; call it inside the transaction in which it happens.

    Args:
        appointment: as it has become, its version counted up already.
        what: happened.
        booker: who did it, and when.
    """
    letter, now = LETTERS[what], booker.now
    key = f"{_prefix(appointment)}{what}.{appointment.version}"
    _set_aside(appointment, now=now, kinds=None if letter.ends_reminders else KINDS, but=key)
    facts: dict[str, Any] = {"by_client": booker.membership is None and booker.actor != SYSTEM}
    facts["method"] = letter.method
    if what == "offered":
        facts |= {"until": appointment.held_until, "offer": appointment.offer.pk}
    tell(appointment, letter.kind, key=key, now=now, can_wait=letter.can_wait, **facts)
    if letter.to_guardian:
        _tell_guardian(appointment, letter, key=f"{key}.guardian", now=now)


def tell(
    appointment: Appointment, kind: str, *, key: str, now: datetime, can_wait: bool = True, **facts: Any
) -> Message | None:
    """Put one letter about a visit into the outbox, to the client.

    Args:
        appointment: which visit.
        kind: of letter, as its template is called.
        key: what makes it this letter.
        now: when.
        can_wait: whether it waits until the quiet hours are over; where it would come too late then it is sent at once.
        facts: what its template needs besides the visit. ``until`` is when it is of no use any more, where that is
            sooner than the visit; ``method`` what the calendar that goes with it asks for, where one does.

    Returns:
        The message, the earlier one where it was put before; None where there is no way to reach the client.
    """
    to = appointment.client.email or appointment.client.phone
    return _send(appointment, kind, to=to, key=key, now=now, can_wait=can_wait, **facts) if to else None


def _set_aside(appointment: Appointment, *, now: datetime, kinds: Collection[str] | None, but: str) -> None:
    """Send nothing that still waits to be sent about a visit, of some kinds or of all, but for a letter put just now.

    What is being sent at this moment is not tried again if that fails. A key is free again afterwards: where the visit
    is moved back, its reminder is a message of its own.
    """
    unsent = Message.objects.filter(key__startswith=_prefix(appointment), state__in=("waiting", "stuck", "sending"))
    unsent = unsent.exclude(key__startswith=but)
    for message in unsent if kinds is None else unsent.filter(kind__in=kinds):
        mine = Message.objects.filter(pk=message.pk)
        waits = mine.filter(state__in=("waiting", "stuck"))
        if not waits.update(state="set_aside", useless_after=now, key=f"{message.key}.{message.pk}"):
            mine.filter(state="sending").update(useless_after=now)


def key_of(appointment: Appointment, what: str) -> str:
    """The key of a message that is sent once for a visit at its time, such as its reminder."""
    return f"{_prefix(appointment)}{what}.{appointment.starts:%Y%m%dT%H%MZ}"


def _prefix(appointment: Appointment) -> str:
    """How the keys of all messages about a visit begin."""
    return f"visit.{appointment.pk}."


def _tell_guardian(appointment: Appointment, letter: Letter, *, key: str, now: datetime) -> None:
    """Tell the guardian of somebody under age too; without a link, since the pages are the client's own."""
    client = appointment.client
    if not client.guardian_contact or not client.birth_date:
        return
    if is_under_age(client.birth_date, day(now, appointment.location.zone)):
        facts: dict[str, Any] = {"about": letter.kind, "child": client.name, "method": letter.method}
        to = client.guardian_contact
        _send(appointment, "visit_guardian", to=to, key=key, now=now, can_wait=letter.can_wait, **facts)


def _send(
    appointment: Appointment,
    kind: str,
    *,
    to: str,
    key: str,
    now: datetime,
    can_wait: bool,
    method: Method | None = None,
    **facts: Any,
) -> Message:
    location, client = appointment.location, appointment.client
    ends = facts.get("until") or appointment.starts
    awake = after_quiet(now, clinic=location.clinic, zone=location.zone) if can_wait else now
    is_theirs = to in (client.email, client.phone)
    with timezone.override(location.zone):
        return post.send(
            kind,
            to=to,
            language=client.language,
            now=now,
            key=key,
            not_before=awake if awake < ends else now,
            useless_after=ends,
            invite=invite_of(appointment, method=method, to=to, is_theirs=is_theirs) if method else "",
            visit=told(appointment),
            **facts,
        )
