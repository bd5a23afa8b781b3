"""Sets of days as sorted, disjoint, half-open runs of day numbers.

A day number is ``date.toordinal()``; ``PAST`` and ``FUTURE`` stand for "always before" and "from then on".
All functions are pure and keep the runs normalised: sorted, non-empty, non-touching.
"""

from collections.abc import Iterable
from datetime import date

PAST = 0
"""Before every real date: ``date.min.toordinal()`` is 1."""

FUTURE = 3_650_000
"""After every date that is used: it lies in the year 9994."""

Run = tuple[int, int]
Spans = tuple[Run, ...]

NEVER: Spans = ()
ALWAYS: Spans = ((PAST, FUTURE),)


def normalise(runs: Iterable[Run]) -> Spans:
    """Sort and merge runs that overlap or touch; empty runs vanish."""
    kept = sorted(run for run in runs if run[0] < run[1])
    if len(kept) < 2:  # noqa: PLR2004 - nothing to merge
        return tuple(kept)
    merged = [kept[0]]
    for start, end in kept[1:]:
        last_start, last_end = merged[-1]
        if start > last_end:
            merged.append((start, end))
        elif end > last_end:
            merged[-1] = (last_start, end)
    return tuple(merged)


def union(left: Spans, right: Spans) -> Spans:
    """Days in either."""
    if not left or right == ALWAYS:
        return right
    if not right or left == ALWAYS:
        return left
    return normalise((*left, *right))


def intersection(left: Spans, right: Spans) -> Spans:
    """Days in both."""
    if not left or not right:
        return NEVER
    if left == ALWAYS:
        return right
    if right == ALWAYS:
        return left
    return normalise((max(a_start, b_start), min(a_end, b_end)) for a_start, a_end in left for b_start, b_end in right)


def complement(spans: Spans) -> Spans:
    """Days in none of the runs."""
    edges = [PAST, *(edge for run in spans for edge in run), FUTURE]
    return tuple((edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i] < edges[i + 1])


def difference(left: Spans, right: Spans) -> Spans:
    """Days in the first and not in the second."""
    if not left or not right or right[-1][1] <= left[0][0] or left[-1][1] <= right[0][0]:
        return left
    return intersection(left, complement(right))


def dilate(spans: Spans, before: int, after: int) -> Spans:
    """Widen every run by whole days on each side; open ends stay open.

    ``before`` days ahead of each run and ``after`` days behind it, both >= 0.
    """
    if not spans or not (before or after):
        return spans
    widened = [
        (start if start == PAST else max(PAST, start - before), end if end == FUTURE else end + after)
        for start, end in spans
    ]
    return tuple(widened) if len(widened) == 1 else normalise(widened)


def clip(spans: Spans, start: int, end: int) -> Spans:
    """The part of the spans inside one run."""
    return intersection(spans, ((start, end),)) if start < end else NEVER


def contains(spans: Spans, day: int) -> bool:
    """Whether the day is in any run."""
    for start, end in spans:  # noqa: SIM110 - called thousands of times a person, and a generator costs double
        if start <= day < end:
            return True
    return False


def run_of(spans: Spans, day: int) -> Run | None:
    """The run that holds the day, if any."""
    return next((run for run in spans if run[0] <= day < run[1]), None)


def as_date(day: int) -> date | None:
    """The date of a day number; None for an open end."""
    return date.fromordinal(day) if PAST < day < FUTURE else None
