"""Sending what waits in the outbox.

A message is claimed before it is sent and marked afterwards, each in a transaction of its own. A process killed
between the two sends it again when the claim has run out: at least once, never not at all. A mail keeps its
Message-ID, by which many mail programs show it once.

A run can be slow, so the clock is read again at each step: a claim that began at an earlier hour would run out too
soon, and another worker would send the same message.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from pellucid.web.jobs.job import wait, where
from pellucid.web.outbox import carriers
from pellucid.web.outbox.models import Message

CLAIM = timedelta(minutes=5)
"""How long one attempt can take at most; carriers give up long before."""
PATIENCE = timedelta(days=4)
"""How long a message is tried before it waits for somebody, stuck."""
CARRIERS: Mapping[str, Callable[[Message], None]] = {"email": carriers.mail, "text": carriers.text}
SECRET = ("code", "invitation", "guardian")
"""Kinds whose words let somebody in: a code, or a link that works once. They are not kept."""
EMPTIED = {"subject": "", "body": "", "html": ""}
logger = logging.getLogger(__name__)


def deliver_due(clock: Callable[[], datetime]) -> int:
    """Send all that is due; how many were sent. Where a carrier can't be reached, its other messages wait too.

    Args:
        clock: says what time it is, whenever it is called.
    """
    _too_late(clock())
    sent = 0
    for channel in CARRIERS:
        while (message := _claim(channel, clock())) is not None:
            try:
                CARRIERS[channel](message)
            except carriers.Refused as fault:
                _failed(message, str(fault), clock(), for_good=fault.for_good)
            except carriers.Unreachable as fault:
                _failed(message, str(fault), clock())
                break
            except Exception as fault:  # noqa: BLE001 - whatever happens, the message stays and the others are sent
                _failed(message, where(fault), clock())
            else:
                _sent(message, clock())
                sent += 1
    return sent


def _due(now: datetime) -> QuerySet[Message]:
    """What may be sent; after a clock was put back also what had been put off by the hour it showed before."""
    put_back = Q(state="waiting", tried_at__gt=now)
    return Message.objects.filter(Q(state__in=("waiting", "sending"), next_at__lte=now) | put_back)


def _claim(channel: str, now: datetime) -> Message | None:
    """The message to send next, marked as being sent by nobody else."""
    useful = Q(useless_after=None) | Q(useless_after__gte=now)
    for message in _due(now).filter(useful, channel=channel).order_by("next_at", "created_at")[:20]:
        mine = _due(now).filter(pk=message.pk, attempts=message.attempts)
        if mine.update(state="sending", next_at=now + CLAIM, tried_at=now, attempts=F("attempts") + 1):
            message.attempts += 1
            return message
    return None


def _claimed(message: Message) -> QuerySet[Message]:
    """The message, unless another attempt has begun since."""
    return Message.objects.filter(pk=message.pk, state="sending", attempts=message.attempts)


def _sent(message: Message, now: datetime) -> None:
    emptied = EMPTIED if message.kind in SECRET else {}
    _claimed(message).update(state="sent", sent_at=now, fault="", **emptied)


def _failed(message: Message, fault: str, now: datetime, *, for_good: bool = False) -> None:
    stuck = for_good or now - message.created_at > PATIENCE
    logger.warning("message %s was not sent, attempt %d: %s", message.pk, message.attempts, fault)
    _claimed(message).update(state="stuck" if stuck else "waiting", fault=fault, next_at=now + wait(message.attempts))


def _too_late(now: datetime) -> None:
    """What is of no use any more is not sent, and nothing secret of it is kept."""
    late = _due(now).filter(useless_after__lt=now)
    late.filter(kind__in=SECRET).update(state="too_late", **EMPTIED)
    late.update(state="too_late")
