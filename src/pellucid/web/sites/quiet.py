"""Quiet hours: by a place's own clock, when messages that nobody waits for are kept until morning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pellucid.web.sites.models import Clinic


def after_quiet(moment: datetime, *, clinic: Clinic, zone: str) -> datetime:
    """The moment itself, or the end of the quiet hours where it lies in them; a clinic with none has both ends alike.

    Args:
        moment: when something is to be sent.
        clinic: whose quiet hours count.
        zone: of the place by whose clock they are, as an IANA name.
    """
    local = moment.astimezone(ZoneInfo(zone))
    if not is_within(local.time(), clinic.quiet_from, clinic.quiet_until):
        return moment
    is_evening = clinic.quiet_from > clinic.quiet_until <= local.time()
    day = local.date() + timedelta(days=1 if is_evening else 0)
    ends = datetime.combine(day, clinic.quiet_until, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return max(moment, ends)  # an hour that the clock shows twice ends the first time


def is_within(shown: time, since: time, until: time) -> bool:
    """Whether a time lies in a stretch of the day, which may run past midnight; the end doesn't belong to it."""
    return since <= shown < until if since <= until else shown >= since or shown < until
