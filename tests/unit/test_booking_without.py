"""Runs of minutes less others, beside the same done with sets."""

from hypothesis import given
from hypothesis import strategies as st

from pellucid.booking.minutes import without
from pellucid.model.spans import Spans, normalise

RUNS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), max_size=6).map(
    lambda drawn: normalise((start, start + length) for start, length in drawn)
)


def minutes(runs: Spans) -> set[int]:
    return {minute for start, end in runs for minute in range(start, end)}


@given(runs=RUNS, taken=RUNS)
def test_what_is_left_is_what_is_not_taken(runs: Spans, taken: Spans) -> None:
    assert minutes(without(runs, taken)) == minutes(runs) - minutes(taken)


def test_what_lies_before_a_run_gives_it_nothing() -> None:
    assert without(((0, 10), (100, 110)), ((20, 30),)) == ((0, 10), (100, 110))
