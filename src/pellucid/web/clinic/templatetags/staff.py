"""What the staff pages' templates need beside the common tags."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from pellucid.web.ui.templatetags.ui import day_words, moment_words

register = template.Library()


@register.filter
def iso_day(written: str | date | None) -> date | None:
    """A day as a stored report writes it; one that is a day already stays."""
    return date.fromisoformat(written) if isinstance(written, str) and written else written or None


@register.simple_tag
def stretch(starts: datetime, ends: datetime, zone: str) -> str:
    """From one moment to another by a place's clock; of whole days only the days, the last one included."""
    with timezone.override(ZoneInfo(zone)):
        first, last = timezone.localtime(starts), timezone.localtime(ends)
        if (first.time(), last.time()) != (time(), time()):
            return f"{moment_words(starts)} \N{EN DASH} {moment_words(ends)}"
        days = (first.date(), last.date() - timedelta(days=1))
        return " \N{EN DASH} ".join(map(day_words, dict.fromkeys(days)))
