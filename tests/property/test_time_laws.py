"""Days: the answer for a day, the days that can be booked, the first of them; and what asking again later changes."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.judged import HORIZON, screening_of
from tests.strategies import (
    KNOWLEDGE,
    LISTS,
    TODAY,
    TREATMENTS,
    Answers,
    consistent,
    days,
    drawn_answers,
    examples,
    names,
)

from pellucid.consult.screen import Screening, earliest_date, permitted_spans, screen
from pellucid.model.decision import Decision
from pellucid.model.levels import Level, Status

TREATMENT, LEVEL = st.sampled_from(TREATMENTS), st.sampled_from(Level)


def each_day(screening: Screening, treatment: str, level: Level) -> dict[date, Decision]:
    """The decision on each day of the horizon."""
    return {day: screening.decide(treatment, on=day, performer=level) for day in HORIZON}


@given(drawn_answers(), TREATMENT, LEVEL)
@examples(60)
def test_the_worst_reason_wins(answers: Answers, treatment: str, level: Level) -> None:
    for decision in each_day(screening_of(answers), treatment, level).values():
        statuses = [reason.status for reason in decision.reasons]
        assert decision.status is max(statuses, default=Status.ALLOWED)
        assert statuses == sorted(statuses, reverse=True)
        assert decision.status.bookable is (decision.status in {Status.ALLOWED, Status.CAUTION})
        held = [reason for reason in decision.reasons if reason.since is None or reason.since <= decision.on]
        assert [each for each in held if each.until is None or decision.on < each.until] == list(decision.reasons)


@given(drawn_answers(), TREATMENT, LEVEL, st.sampled_from(HORIZON))
@examples(60)
def test_permitted_days_are_those_on_which_screening_permits(
    answers: Answers, treatment: str, level: Level, some_day: date
) -> None:
    screening = screening_of(answers)
    profile, after = screening.profile, HORIZON[-1] + timedelta(days=1)
    decided = each_day(screening, treatment, level)
    free = permitted_spans(profile, treatment, (HORIZON[0], after), performer=level, knowledge=KNOWLEDGE)
    assert all(HORIZON[0] <= start < end <= after for start, end in free)
    assert all(end < start for (_, end), (start, _) in pairwise(free))
    permitted = [day for day in HORIZON if any(start <= day < end for start, end in free)]
    assert permitted == [day for day, decision in decided.items() if decision.status.bookable]
    assert screen(profile, treatment, on=some_day, performer=level, knowledge=KNOWLEDGE) == decided[some_day]


@given(drawn_answers(), TREATMENT, LEVEL)
@examples(60)
def test_the_earliest_date_is_the_first_permitted_day(answers: Answers, treatment: str, level: Level) -> None:
    screening = screening_of(answers)
    decided = each_day(screening, treatment, level)
    free = [day for day, decision in decided.items() if decision.status.bookable]
    for day in HORIZON:
        first = next((other for other in free if other >= day), None)
        found = earliest_date_on(screening, treatment, level, day) if day == HORIZON[0] else None
        if day == HORIZON[0]:
            assert found == first or (first is None and (found is None or found > HORIZON[-1]))
        if decided[day].status.bookable:
            assert decided[day].until is None
        elif first is not None:
            assert decided[day].until == first


def earliest_date_on(screening: Screening, treatment: str, level: Level, day: date) -> date | None:
    """The earliest date, which must be one on which screening permits."""
    found = earliest_date(screening.profile, treatment, after=day, performer=level, knowledge=KNOWLEDGE)
    assert found is None or screening.decide(treatment, on=found, performer=level).status.bookable
    return found


# --- asking again later -------------------------------------------------------------------------------------


def _over(record: str, first: str, last: str, **more: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Entries that began and ended on days that are known and past."""
    word = "name" if record in {"medicine", "active"} else "kind"
    two_days = st.lists(days(latest=0), min_size=2, max_size=2).map(sorted)
    entry = st.tuples(names(record), two_days).map(
        lambda drawn: {word: drawn[0], first: drawn[1][0], last: drawn[1][1], **more}
    )
    return st.lists(entry, max_size=2)


PAST = st.fixed_dictionaries(
    {},
    optional={
        "health.medicines": _over("medicine", "start", "stop"),
        "products.actives": _over("active", "start", "last_use", stopped=True),
        "history.procedures": _over("procedure", "date", "date"),
        "history.hair_removal": _over("hair_removal", "date", "date"),
        "history.sun": _over("sun", "from", "to"),
        "history.events": _over("event", "date", "date"),
    },
)
WITHOUT = {*LISTS, "papers.clearances", "person.birth_date"}


@st.composite
def over_and_done(draw: st.DrawFn) -> Answers:
    """Someone asked today whose dated facts have all ended; no paper that could run out."""
    answers = {path: value for path, value in draw(drawn_answers()).items() if path not in WITHOUT}
    return consistent({**answers, **draw(PAST), "consultation.date": TODAY})


LATER = st.integers(0, 400).map(lambda number: TODAY + timedelta(days=number))


@given(over_and_done(), LATER, st.lists(TREATMENT, min_size=1, max_size=4, unique=True), LEVEL, st.integers(0, 200))
@examples(250)
def test_asking_again_later_makes_no_deferral_longer(
    answers: Answers, later: date, treatments: list[str], level: Level, ahead: int
) -> None:
    first, again = screening_of(answers), screening_of(answers, today=later)
    on = later + timedelta(days=ahead)
    for treatment in treatments:
        before = first.decide(treatment, on=on, performer=level)
        after = again.decide(treatment, on=on, performer=level)
        waits = {(each.rule, each.until) for each in before.reasons if each.status is Status.DEFER}
        assert {(each.rule, each.until) for each in after.reasons if each.status is Status.DEFER} <= waits
        if again.profile.expired == first.profile.expired:
            assert (after.status, after.until) == (before.status, before.until)
        worse = [each for each in after.reasons if each.status > before.status]
        assert all(set(each.asks) & set(again.profile.expired) for each in worse)


@given(over_and_done(), LATER, TREATMENT, LEVEL)
@examples(150)
def test_a_date_once_named_still_holds_when_it_comes_nearer(
    answers: Answers, later: date, treatment: str, level: Level
) -> None:
    first, again = screening_of(answers), screening_of(answers, today=later)
    told = earliest_date(first.profile, treatment, after=TODAY, performer=level, knowledge=KNOWLEDGE)
    named = earliest_date(again.profile, treatment, after=later, performer=level, knowledge=KNOWLEDGE)
    if told is not None and again.profile.expired == first.profile.expired:
        assert named == max(told, later)
