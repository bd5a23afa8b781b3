"""The one place of the web application that reads the clock; views hand on what they get from here."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """Now, in UTC."""
    return timezone.now()


def day(moment: datetime, zone: str) -> date:
    """The calendar day at a place."""
    return moment.astimezone(ZoneInfo(zone)).date()
