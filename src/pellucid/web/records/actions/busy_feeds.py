"""Calendars that people keep elsewhere: only the times at which they are busy are taken over, never what for.

An address is read again and again (``records.background``); a file once. What was taken over stays until it can be
read again, so that a calendar that is away for an hour gives nobody's evening free.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from pellucid.exchange.busy_ical import BusyFileError, read_busy
from pellucid.model.errors import PellucidError
from pellucid.model.spans import Spans
from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.jobs.job import job
from pellucid.web.records.actions.rosters import subject_of
from pellucid.web.records.elsewhere import ElsewhereError, fetch
from pellucid.web.records.models import BusyFeed, BusySpan
from pellucid.web.records.queries.working_hours import zone_of
from pellucid.web.sites.clock import day
from pellucid.web.sites.queries import clinic_zone

AHEAD = timedelta(days=400)
"""So far ahead repeated events are laid out; longer than anybody can book."""
MOST = 5
"""Calendars of one person."""
UNREADABLE = "file"
"""A fault of what is in a calendar; all others are those of ``records.elsewhere``."""


class TooManyFeedsError(PellucidError):
    """Somebody has as many calendars as there may be."""


@transaction.atomic
def add_feed(*, membership: Membership, name: str, url: str, by: str, now: datetime) -> BusyFeed:
    """Take over somebody's times from an address, at once and from then on; the same address twice is kept once.

    Args:
        membership: whose calendar it is.
        name: what they call it.
        url: an https address; a secret, which is neither logged nor recorded.
        by: who, as the audit trail names them.
        now: when.

    Raises:
        TooManyFeedsError: they have ``MOST`` already.
    """
    kept, is_new = _kept(membership, {"url": url}, {"name": name}, by, now)
    if is_new:
        read_feed.put(key=f"busy_feed.{kept.pk}.added", now=now, feed=str(kept.pk))
    return kept


@transaction.atomic
def add_file(*, membership: Membership, name: str, text: bytes, by: str, now: datetime) -> BusyFeed:
    """Take over somebody's times from a file; it takes the place of an earlier one of the same name.

    Args:
        membership: whose calendar it is.
        name: what they call it.
        text: the file.
        by: who, as the audit trail names them.
        now: when.

    Raises:
        BusyFileError: it can't be read; nothing is kept.
        TooManyFeedsError: they have ``MOST`` already.
    """
    spans = _spans(membership, text, now)
    kept, _is_new = _kept(membership, {"name": name, "url": ""}, {}, by, now)
    _take_over(kept, spans, now)
    return kept


def _kept(
    membership: Membership, wanted: Mapping[str, str], more: Mapping[str, str], by: str, now: datetime
) -> tuple[BusyFeed, bool]:
    """The calendar of somebody that is as wanted, and whether it is new."""
    Membership.objects.select_for_update().get(pk=membership.pk)
    own = BusyFeed.objects.filter(membership=membership)
    standing = own.filter(**wanted).first()
    if standing:
        return standing, False
    if own.count() >= MOST:
        raise TooManyFeedsError(f"nobody can have more than {MOST} calendars")
    made = BusyFeed.objects.create(membership=membership, **wanted, **more)
    record(actor=by, action="busy_feed.added", subject=subject_of(membership), now=now, feed=str(made.pk))
    return made, True


@transaction.atomic
def remove_feed(*, pk: UUID, by: str, now: datetime) -> None:
    """Let somebody's calendar go with all that was taken over; nothing happens where that was done already."""
    found = BusyFeed.objects.select_for_update().select_related("membership").filter(pk=pk).first()
    if found:
        found.delete()
        record(actor=by, action="busy_feed.removed", subject=subject_of(found.membership), now=now, feed=str(pk))


@job(atomic=False, retries=0)
def read_feed(*, now: datetime, feed: str) -> str:
    """Read one calendar from its address; the fault, or nothing.

    It is asked without holding a transaction. A fault is kept for people to see and is none of the job's: the next
    round tries again.
    """
    found = BusyFeed.objects.select_related("membership__location").filter(pk=feed).exclude(url="").first()
    if found is None:
        return ""
    try:
        spans = _spans(found.membership, fetch(found.url), now)
    except ElsewhereError as error:
        return _failed(found, error.code, now)
    except BusyFileError:
        return _failed(found, UNREADABLE, now)
    with transaction.atomic():
        if BusyFeed.objects.select_for_update().filter(pk=feed).exists():
            _take_over(found, spans, now)
    return ""


def _failed(feed: BusyFeed, fault: str, now: datetime) -> str:
    BusyFeed.objects.filter(pk=feed.pk).update(fault=fault, tried_at=now)
    return fault


def _spans(membership: Membership, text: bytes, now: datetime) -> Spans:
    """When a calendar says that somebody is busy, from yesterday on; floating times are by the clock they live by."""
    zone = zone_of(membership, otherwise=clinic_zone())
    today = day(now, zone)
    return read_busy(text, since=today - timedelta(days=1), until=today + AHEAD, zone=zone)


def _take_over(feed: BusyFeed, spans: Spans, now: datetime) -> None:
    """Keep these times in place of those before; rows are written only where something differs."""
    if tuple(feed.spans.values_list("since", "until")) != spans:
        feed.spans.all().delete()
        BusySpan.objects.bulk_create((BusySpan(feed=feed, since=since, until=until) for since, until in spans), 500)
    BusyFeed.objects.filter(pk=feed.pk).update(fault="", tried_at=now, read_at=now)


@job()
def read_feeds(*, now: datetime) -> int:
    """Have every calendar that has an address read, each as a job of its own, so that none holds up the others."""
    feeds = BusyFeed.objects.exclude(url="").filter(membership__active=True).values_list("pk", flat=True)
    for pk in feeds:
        read_feed.put(key=f"busy_feed.{pk}.{now:%Y%m%dT%H%M}", now=now, feed=str(pk))
    return len(feeds)
