"""What the staff pages' templates need beside the common tags."""

from datetime import date

from django import template

register = template.Library()


@register.filter
def iso_day(written: str | date | None) -> date | None:
    """A day as a stored report writes it; one that is a day already stays."""
    return date.fromisoformat(written) if isinstance(written, str) and written else written or None
