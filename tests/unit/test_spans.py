"""Runs of days: half-open, sorted, not touching, with open ends."""

from datetime import date

import pytest

from pellucid.model import spans
from pellucid.model.spans import ALWAYS, FUTURE, NEVER, PAST, Run, Spans


@pytest.mark.parametrize(
    ("runs", "normal"),
    [
        ([], NEVER),
        ([(5, 5)], NEVER),
        ([(7, 5)], NEVER),
        ([(8, 9), (1, 2)], ((1, 2), (8, 9))),
        ([(1, 4), (4, 6)], ((1, 6),)),
        ([(1, 4), (2, 3)], ((1, 4),)),
        ([(1, 4), (3, 6), (8, 9)], ((1, 6), (8, 9))),
        ([(1, 4), (5, 6)], ((1, 4), (5, 6))),
        ([(PAST, 3), (2, FUTURE)], ALWAYS),
    ],
)
def test_runs_are_sorted_and_merged_where_they_overlap_or_touch(runs: list[Run], normal: Spans) -> None:
    assert spans.normalise(runs) == normal


@pytest.mark.parametrize(
    ("left", "right", "either", "both", "only_left"),
    [
        (NEVER, NEVER, NEVER, NEVER, NEVER),
        (ALWAYS, NEVER, ALWAYS, NEVER, ALWAYS),
        (NEVER, ALWAYS, ALWAYS, NEVER, NEVER),
        (ALWAYS, ALWAYS, ALWAYS, ALWAYS, NEVER),
        (((1, 5),), ((3, 8),), ((1, 8),), ((3, 5),), ((1, 3),)),
        (((1, 5),), ((5, 8),), ((1, 8),), NEVER, ((1, 5),)),
        (((1, 9),), ((3, 5),), ((1, 9),), ((3, 5),), ((1, 3), (5, 9))),
        (((1, 3), (6, 9)), ((2, 7),), ((1, 9),), ((2, 3), (6, 7)), ((1, 2), (7, 9))),
        (((4, 6),), ALWAYS, ALWAYS, ((4, 6),), NEVER),
        (ALWAYS, ((4, 6),), ALWAYS, ((4, 6),), ((PAST, 4), (6, FUTURE))),
    ],
)
def test_union_intersection_and_difference(
    left: Spans, right: Spans, either: Spans, both: Spans, only_left: Spans
) -> None:
    assert spans.union(left, right) == either
    assert spans.union(right, left) == either
    assert spans.intersection(left, right) == both
    assert spans.intersection(right, left) == both
    assert spans.difference(left, right) == only_left


@pytest.mark.parametrize(
    ("days", "others"),
    [
        (NEVER, ALWAYS),
        (ALWAYS, NEVER),
        (((3, 5),), ((PAST, 3), (5, FUTURE))),
        (((PAST, 5),), ((5, FUTURE),)),
        (((5, FUTURE),), ((PAST, 5),)),
        (((1, 2), (5, 6)), ((PAST, 1), (2, 5), (6, FUTURE))),
    ],
)
def test_complement_is_its_own_opposite(days: Spans, others: Spans) -> None:
    assert spans.complement(days) == others
    assert spans.complement(others) == days


@pytest.mark.parametrize(
    ("days", "before", "after", "wider"),
    [
        (NEVER, 3, 3, NEVER),
        (((10, 11),), 0, 0, ((10, 11),)),
        (((10, 11),), 0, 6, ((10, 17),)),
        (((10, 11),), 6, 0, ((4, 11),)),
        (((10, 11), (14, 15)), 0, 3, ((10, 18),)),
        (((10, 11), (14, 15)), 2, 1, ((8, 16),)),
        (((PAST, 11),), 5, 2, ((PAST, 13),)),
        (((10, FUTURE),), 2, 5, ((8, FUTURE),)),
        (((2, 3),), 9, 0, ((PAST, 3),)),
    ],
)
def test_widening_merges_what_meets_and_leaves_open_ends_open(
    days: Spans, before: int, after: int, wider: Spans
) -> None:
    assert spans.dilate(days, before, after) == wider


def test_clipping_keeps_the_part_inside() -> None:
    assert spans.clip(((1, 5), (8, 12)), 3, 10) == ((3, 5), (8, 10))
    assert spans.clip(ALWAYS, 3, 10) == ((3, 10),)
    assert spans.clip(ALWAYS, 10, 10) == NEVER
    assert spans.clip(ALWAYS, 10, 3) == NEVER


@pytest.mark.parametrize(("day", "inside"), [(4, False), (5, True), (6, True), (7, False), (9, True), (10, False)])
def test_a_run_holds_its_first_day_and_not_its_end(day: int, *, inside: bool) -> None:
    days: Spans = ((5, 7), (9, 10))
    assert spans.contains(days, day) is inside
    assert (spans.run_of(days, day) is not None) is inside


def test_the_run_of_a_day_is_the_one_that_holds_it() -> None:
    assert spans.run_of(((5, 7), (9, 12)), 10) == (9, 12)


def test_day_numbers_are_dates_and_open_ends_are_none() -> None:
    day = date(2026, 11, 20)
    assert spans.as_date(day.toordinal()) == day
    assert spans.as_date(PAST) is None
    assert spans.as_date(FUTURE) is None


def test_every_date_that_an_answer_may_hold_lies_between_the_open_ends() -> None:
    assert date.min.toordinal() > PAST
    assert date(2100, 12, 31).toordinal() < FUTURE
