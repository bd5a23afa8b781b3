"""What this part does by the clock: clearing away what nobody needs any more."""

from datetime import datetime, time, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from pellucid.web.jobs.job import job
from pellucid.web.jobs.models import Job
from pellucid.web.jobs.schedule import daily

KEPT = timedelta(days=30)


@job()
def clear_away(*, now: datetime) -> None:
    """Delete jobs that have been done for a month, with their attempts, and sessions that have run out.

    Jobs that were given up stay: somebody has to look at them.
    """
    Job.objects.filter(state="done", ended_at__lt=now - KEPT).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()


daily(time(3, 30), "clear_away", clear_away)
