"""What staff do with messages and jobs that failed: try again now, or set a message aside with a reason."""

from datetime import datetime

from django.db import transaction

from pellucid.web.audit.record import record
from pellucid.web.jobs.job import try_again
from pellucid.web.jobs.models import Job
from pellucid.web.outbox.background import deliver
from pellucid.web.outbox.deliver import EMPTIED, SECRET
from pellucid.web.outbox.models import Message

WAITS = ("waiting", "stuck")


@transaction.atomic
def send_now(*, message: Message, by: str, now: datetime) -> bool:
    """Have a message that waits or is stuck tried again at once.

    Args:
        message: which.
        by: who, as the audit trail names them.
        now: when.

    Returns:
        Whether it was waiting at all.
    """
    waits = Message.objects.filter(pk=message.pk, state__in=WAITS)
    if not waits.update(state="waiting", next_at=now):
        return False
    deliver.put(key=f"outbox.{message.pk}.{now:%Y%m%dT%H%M%S%f}", now=now)
    record(actor=by, action="message.tried_again", subject=f"message.{message.pk}", now=now, kind=message.kind)
    return True


@transaction.atomic
def set_aside(*, message: Message, reason: str, by: str, now: datetime) -> bool:
    """Keep a message for a while without sending it; nothing secret of it is kept.

    Args:
        message: which.
        reason: why.
        by: who, as the audit trail names them.
        now: when.

    Returns:
        Whether it was waiting at all.
    """
    emptied = EMPTIED if message.kind in SECRET else {}
    waits = Message.objects.filter(pk=message.pk, state__in=WAITS)
    if not waits.update(state="set_aside", useless_after=now, **emptied):
        return False
    record(
        actor=by,
        action="message.set_aside",
        subject=f"message.{message.pk}",
        reason=reason,
        now=now,
        kind=message.kind,
    )
    return True


@transaction.atomic
def begin_again(*, job: Job, by: str, now: datetime) -> bool:
    """Begin anew with a job that was given up; whether it had been."""
    found = Job.objects.select_for_update().get(pk=job.pk)
    if found.state != "given_up":
        return False
    try_again(found, now=now)
    record(actor=by, action="job.begun_again", subject=f"job.{found.pk}", now=now)
    return True
