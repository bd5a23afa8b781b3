"""Sending what waits, as soon as something is put in and every minute; and forgetting what was sent."""

from datetime import datetime, time, timedelta

from pellucid.web.jobs.job import job
from pellucid.web.jobs.schedule import daily, every
from pellucid.web.outbox.deliver import deliver_due
from pellucid.web.outbox.forget import forget_old
from pellucid.web.sites import clock


@job(retries=0, atomic=False)
def deliver(*, now: datetime) -> None:
    """Send what is due. It is not tried again as a job: the outbox knows itself what to send again and when.

    A run takes as long as the mail server does, so it goes by the clock and not by when it began.
    """
    deliver_due(clock.now)


every(timedelta(minutes=1), "outbox", deliver)


@job()
def forget(*, now: datetime) -> int:
    """Delete the messages that nobody needs any more. Returns how many."""
    return forget_old(now=now)


daily(time(3, 40), "outbox_forget", forget)
