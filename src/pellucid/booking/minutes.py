"""Time as whole minutes, counted from 1970-01-01 00:00 UTC, and runs of them: sorted, disjoint, half-open.

Integers make every comparison exact; what a clock on the wall shows is in ``booking.wall_clock``.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter, le, lt

from pellucid.model.spans import Run, Spans

DAY = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

START, END = itemgetter(0), itemgetter(1)


def minute_of(moment: datetime) -> int:
    """The minute in which an aware moment lies."""
    return (moment - EPOCH) // MINUTE


def minute_from(moment: datetime) -> int:
    """The first minute that begins at an aware moment or later."""
    return -((EPOCH - moment) // MINUTE)


def moment_of(minute: int) -> datetime:
    """The UTC moment at which a minute begins."""
    return EPOCH + minute * MINUTE


def midnight(day: date) -> int:
    """Minutes from 1970-01-01 00:00 to a day's 00:00 on one and the same clock."""
    return (day - EPOCH.date()).days * DAY


def in_order(runs: Spans) -> bool:
    """Whether runs are sorted and disjoint already, as a database gives them; they may touch, but none is empty."""
    return all(map(lt, map(START, runs), map(END, runs))) and all(map(le, map(END, runs), map(START, runs[1:])))


def without(runs: Spans, taken: Spans) -> Spans:
    """What is left of the runs; one pass over each."""
    if not runs or not taken:
        return runs
    left: list[Run] = []
    position, count = bisect_right(taken, runs[0][0], key=END), len(taken)
    for start, end in runs:
        since = start
        while position < count:
            taken_from, taken_to = taken[position]
            if taken_from >= end:
                break
            if since < taken_from:
                left.append((since, taken_from))
            since = max(since, taken_to)  # it may lie before the run altogether
            if taken_to > end:  # it may reach into the next run
                break
            position += 1
        if since < end:
            left.append((since, end))
    return tuple(left)


def starts_in(runs: Spans, block: Run) -> Spans:
    """The minutes at which something can start that takes up ``block``, counted from there, inside one of the runs."""
    before, after = block
    return tuple((start - before, end - after + 1) for start, end in runs if end - start >= after - before)


def covered(runs: Spans, since: int, until: int) -> bool:
    """Whether one run holds all of ``[since, until)``."""
    position = bisect_right(runs, since, key=START) - 1
    return position >= 0 and runs[position][1] >= until


def untouched(runs: Spans, since: int, until: int) -> bool:
    """Whether no run overlaps ``[since, until)``."""
    position = bisect_right(runs, since, key=END)
    return position == len(runs) or runs[position][0] >= until
