"""The days of a line before or after a session in words: which phrase says it, and the dates that it names."""

from collections.abc import Mapping
from datetime import date

Said = tuple[str, Mapping[str, date]]
"""A phrase and its dates."""


def before(since: date, until: date, session: date) -> Said:
    """The days of a line before a session; both ends included."""
    if since == session:
        return "report.when.session_day", {}
    if until == session:
        return "report.when.until_session", {"date": since}
    return between(since, until)


def after(since: date, until: date, session: date) -> Said:
    """The days of a line after a session; both ends included."""
    if until == session:
        return "report.when.session_day", {}
    if since == session:
        return "date.until", {"date": until}
    return between(since, until)


def between(since: date, until: date) -> Said:
    """A stretch of days by its first and last day."""
    return "date.between", {"start": since, "end": until}
