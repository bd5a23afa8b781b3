"""Sending what waits: as soon as something is put in, and every minute."""

from datetime import datetime, timedelta

from pellucid.web.jobs.job import job
from pellucid.web.jobs.schedule import every
from pellucid.web.outbox.deliver import deliver_due


@job(retries=0, atomic=False)
def deliver(*, now: datetime) -> None:
    """Send what is due. It is not tried again as a job: the outbox knows itself what to send again and when."""
    deliver_due(now)


every(timedelta(minutes=1), "outbox", deliver)
