"""Calendar arithmetic on dates; no clock is read here."""

import calendar
from datetime import date

FIRST = date(1900, 1, 1)
LAST = date(2100, 12, 31)
"""Dates outside these are taken for typing errors."""


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the last day of a shorter month.

    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def birthday(born: date, age: int) -> date:
    """The day on which someone turns an age; born on 29 February, that is 1 March in a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Completed years of life on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
