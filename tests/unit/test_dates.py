"""Calendar months, birthdays, completed years."""

from datetime import date

import pytest

from pellucid.model.dates import FIRST, LAST, add_months, age_on, birthday


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 5, 20), 6, date(2026, 11, 20)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 11, 20), -12 * 30, date(1996, 11, 20)),
    ],
)
def test_months_are_calendar_months_and_end_with_a_shorter_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(2008, 11, 20), 18, date(2026, 11, 20)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2008, 2, 29), 20, date(2028, 2, 29)),
        (date(2008, 11, 20), 0, date(2008, 11, 20)),
    ],
)
def test_birthdays(born: date, age: int, day: date) -> None:
    assert birthday(born, age) == day


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 20), date(2026, 11, 19), 17),
        (date(2008, 11, 20), date(2026, 11, 20), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 20), date(2026, 11, 20), 0),
    ],
)
def test_years_are_completed_on_the_birthday(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize("age", [16, 18, 22])
@pytest.mark.parametrize("born", [date(2000, 1, 1), date(2000, 2, 29), date(2001, 12, 31)])
def test_a_birthday_is_the_first_day_of_that_age(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, date.fromordinal(day.toordinal() - 1)) == age - 1


def test_dates_of_a_lifetime_are_no_typing_errors() -> None:
    for day in (date(1906, 1, 1), date(2060, 1, 1)):
        assert FIRST <= day <= LAST
