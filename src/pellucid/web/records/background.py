"""What is done to the records by the clock."""

from datetime import date, datetime, timedelta

from pellucid.web.jobs.job import job
from pellucid.web.jobs.schedule import every
from pellucid.web.records.actions import busy_feeds, enquiries, offering, reminders, rescreen
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


@job(atomic=False)
def remind(*, now: datetime) -> int:
    """Put reminders that are due into the outbox, and have each location looked at on its mornings. Returns how many.

    Each letter is put in a transaction of its own: a booking need not wait for all of them.
    """
    for location, on in reminders.mornings(now=now):
        prepare.put(key=f"prepare.{location}.{on}", now=now, location=location, on=on.isoformat())
    return reminders.remind_due(now=now)


@job(atomic=False)
def prepare(*, location: int, on: str, now: datetime) -> int:
    """Tell those for whom preparing for a visit begins on a day. Returns how many."""
    return reminders.prepare_due(location=location, on=date.fromisoformat(on), now=now)


every(timedelta(minutes=5), "remind", remind)


@job(atomic=False)
def lapse(*, now: datetime) -> int:
    """End holds that nobody confirmed and offers that nobody answered in time, each in a transaction of its own.

    Returns how many.
    """
    return offering.lapse_holds(now=now) + offering.lapse_offers(now=now)


every(timedelta(minutes=1), "lapse", lapse)


every(timedelta(minutes=15), "read_busy_feeds", busy_feeds.read_feeds)


every(timedelta(minutes=15), "screen_visits", rescreen.screen_due)


every(timedelta(hours=1), "check_hours", rescreen.hours_again)
