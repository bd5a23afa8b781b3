"""What this part does by the clock: clearing away what nobody needs any more."""

from datetime import datetime, time, timedelta

from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection
from django_tasks_db.models import DBTaskResult

from pellucid.web.jobs.job import job
from pellucid.web.jobs.models import Job
from pellucid.web.jobs.schedule import daily, every

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


@job()
def clear_cache(*, now: datetime) -> None:
    """Delete what has run out in caches that are tables of the database.

    Django does so only where somebody asks for the same again, or once the table is full. A list of clients that was
    looked at and never brought in would lie there till then.
    """
    for cache in caches.all():
        if isinstance(cache, BaseDatabaseCache):
            _clear_table(cache.cache_model_class._meta.db_table, now)


def _clear_table(name: str, now: datetime) -> None:
    quoted = connection.ops.quote_name
    statement = f"DELETE FROM {quoted(name)} WHERE {quoted('expires')} < %s"  # noqa: S608 - the name is the settings'
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(now)])


every(timedelta(hours=1), "clear_cache", clear_cache)
