"""What is done to the records by the clock."""

from datetime import datetime, timedelta

from pellucid.web.jobs.job import job
from pellucid.web.jobs.schedule import every
from pellucid.web.records.actions import enquiries
from pellucid.web.records.models import Registration

KEPT = timedelta(days=1)
"""Long enough to count by, and for somebody who looks for the code in the evening to be told what happened."""


@job()
def forget_unconfirmed(*, now: datetime) -> int:
    """Delete registrations a day after they were made: what was typed and never confirmed is nobody's business.

    Confirmed ones hold nothing any more but that they were. Returns how many.
    """
    deleted, _ = Registration.objects.filter(made_at__lt=now - KEPT).delete()
    return deleted


every(timedelta(hours=1), "forget_unconfirmed", forget_unconfirmed)


@job()
def forget_enquiries(*, now: datetime) -> int:
    """Delete questions that were answered long ago, as the privacy text says. Returns how many."""
    return enquiries.forget_answered(now=now)


every(timedelta(hours=24), "forget_enquiries", forget_enquiries)
