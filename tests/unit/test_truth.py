"""Three-valued truth over days: unknown never becomes "no"."""

from collections.abc import Callable

import pytest

from pellucid.model.spans import ALWAYS, FUTURE, NEVER, PAST
from pellucid.model.truth import NO, UNKNOWN, YES, Truth, both, either, negate, truth

LETTERS = {"y": YES, "n": NO, "?": UNKNOWN}


@pytest.mark.parametrize("row", ["yyy", "yny", "y?y", "nyy", "nnn", "n??", "?yy", "?n?", "???"])
def test_or(row: str) -> None:
    left, right, result = (LETTERS[letter] for letter in row)
    assert either(left, right) is result


@pytest.mark.parametrize("row", ["yyy", "ynn", "y??", "nyn", "nnn", "n?n", "?y?", "?nn", "???"])
def test_and(row: str) -> None:
    left, right, result = (LETTERS[letter] for letter in row)
    assert both(left, right) is result


@pytest.mark.parametrize("row", ["yn", "ny", "??"])
def test_not(row: str) -> None:
    value, result = (LETTERS[letter] for letter in row)
    assert negate(value) is result


MIXED = Truth(yes=((10, 20),), unknown=((30, 40),))
"""Yes from 10 to 19, unknown from 30 to 39, no on all other days."""


def test_or_is_worked_out_day_by_day() -> None:
    other = Truth(yes=((15, 35),), unknown=((5, 12),))
    assert either(MIXED, other) == Truth(yes=((10, 35),), unknown=((5, 10), (35, 40)))


def test_and_is_worked_out_day_by_day() -> None:
    other = Truth(yes=((15, 35),), unknown=((5, 12),))
    assert both(MIXED, other) == Truth(yes=((15, 20),), unknown=((10, 12), (30, 35)))


def test_not_leaves_unknown_days_unknown() -> None:
    assert negate(MIXED) == Truth(yes=((PAST, 10), (20, 30), (40, FUTURE)), unknown=((30, 40),))
    assert negate(negate(MIXED)) == MIXED


@pytest.mark.parametrize("join", [either, both])
@pytest.mark.parametrize("constant", [YES, NO, UNKNOWN])
def test_the_order_of_the_parts_does_not_matter(join: Callable[[Truth, Truth], Truth], constant: Truth) -> None:
    assert join(MIXED, constant) == join(constant, MIXED)


@pytest.mark.parametrize("other", [YES, NO, UNKNOWN, Truth(((15, 35),), ((5, 12),))])
def test_not_of_or_is_and_of_nots(other: Truth) -> None:
    assert negate(either(MIXED, other)) == both(negate(MIXED), negate(other))


def test_known_days_win_over_unknown_ones() -> None:
    assert truth(((10, 20),), ((15, 25),)) == Truth(((10, 20),), ((20, 25),))


def test_constants_are_used_where_they_fit() -> None:
    assert truth(NEVER) is NO
    assert truth(ALWAYS) is YES
    assert truth(ALWAYS, ALWAYS) is YES
    assert truth(NEVER, ALWAYS) is UNKNOWN


def test_what_surely_still_counts_is_no_longer_unknown() -> None:
    assert Truth(((10, 11),), ((13, 20),)).dilated(0, 5) == Truth(((10, 16),), ((16, 25),))


@pytest.mark.parametrize("constant", [YES, NO, UNKNOWN])
def test_widening_changes_nothing_that_always_or_never_holds(constant: Truth) -> None:
    assert constant.dilated(7, 7) is constant
