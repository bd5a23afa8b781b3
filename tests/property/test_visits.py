"""Visits of several services against a plain scan of every minute, and what they take up."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.property.clinics import MINUTE, TREATMENTS, Case, cases, crowded
from tests.property.naive_clinic import busy_minutes, minutes_between, naive_visits
from tests.strategies import examples

from pellucid.booking.availability import offers_visit, open_slots, open_starts, open_visits, resources, visits_at
from pellucid.booking.calendar import Calendar
from pellucid.booking.minutes import moment_of
from pellucid.model.slot import Visit


class Asked(NamedTuple):
    """A clinic, and what is to be done in one visit."""

    case: Case
    treatments: tuple[str, ...]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """One to three services in any order; one may come twice."""
    case = draw(st.one_of(cases(), crowded()))
    return Asked(case, tuple(draw(st.lists(st.sampled_from(TREATMENTS[:2]), min_size=1, max_size=3))))


def opened(asked: Asked, calendar: Calendar | None = None, **more: str) -> tuple[Visit, ...]:
    case = asked.case
    return open_visits(
        calendar or case.calendar,
        treatments=asked.treatments,
        since=case.since,
        until=case.until,
        now=case.now,
        practitioner=more.get("practitioner"),
        location=more.get("location"),
    )


def some(visits: Sequence[Visit]) -> Sequence[Visit]:
    """About ten of them, all over the days."""
    return visits[:: max(1, len(visits) // 10)]


def with_taken(calendar: Calendar, visit: Visit) -> Calendar:
    """The calendar once the visit is booked, as a database would say it."""
    busy = dict(calendar.busy)
    for kind, name, since, until in resources(visit, calendar):
        busy[kind, name] = (*busy.get((kind, name), ()), (since, until))
    return replace(calendar, busy=busy)


@given(asked())
@examples(120)
def test_open_visits_are_those_of_the_plain_scan(asked: Asked) -> None:
    services = [asked.case.calendar.service[each] for each in asked.treatments]
    assert list(opened(asked)) == naive_visits(asked.case, services)


@given(cases(), st.sampled_from(TREATMENTS[:2]))
@examples(60)
def test_visits_of_one_service_are_its_slots(case: Case, treatment: str) -> None:
    slots = open_slots(case.calendar, treatments=[treatment], since=case.since, until=case.until, now=case.now)
    assert [visit.parts for visit in opened(Asked(case, (treatment,)))] == [(slot,) for slot in slots]


@given(asked())
@examples(60)
def test_one_practitioner_or_place_alone_has_the_same_visits_as_among_all(asked: Asked) -> None:
    every = opened(asked)
    assert opened(asked, practitioner="ines") == tuple(each for each in every if each.practitioner == "ines")
    assert opened(asked, location="hill") == tuple(each for each in every if each.location == "hill")


@given(asked(), st.data())
@examples(60)
def test_some_starts_have_the_same_visits_as_all(asked: Asked, data: st.DataObject) -> None:
    case, treatments = asked
    starts = open_starts(case.calendar, treatments=treatments, since=case.since, until=case.until, now=case.now)
    kept = {name: [each for each in found if data.draw(st.booleans())] for name, found in starts.items()}
    wanted = {(moment_of(minute), name) for name, minutes in kept.items() for minute in minutes}
    listed = tuple(each for each in opened(asked) if (each.starts, each.practitioner) in wanted)
    assert visits_at(case.calendar, treatments=treatments, starts=kept) == listed
    assert all(minute in starts[name] for name, minutes in kept.items() for minute in minutes)
    assert sum(map(len, starts.values())) == len(opened(asked))


@given(asked())
@examples(60)
def test_what_a_visit_takes_up_was_free_and_lies_in_one_piece(asked: Asked) -> None:
    calendar = asked.case.calendar
    busy = busy_minutes(calendar)
    for visit in some(opened(asked)):
        rows = resources(visit, calendar)
        assert list(rows) == sorted(rows)
        minutes = [(row.kind, row.id, minute) for row in rows for minute in range(row.since, row.until)]
        assert len(set(minutes)) == len(minutes)
        assert not any(minute in busy.get((kind, name), ()) for kind, name, minute in minutes)
        assert set(minutes) == taken_by(visit, calendar)
        ends = {(row.kind, row.id, row.until) for row in rows}
        assert not any((row.kind, row.id, row.since) in ends for row in rows), "stretches that adjoin are one"


def taken_by(visit: Visit, calendar: Calendar) -> set[tuple[str, str, object]]:
    """Every minute of each part with its buffers, by who and what it takes up."""
    person = calendar.practitioner[visit.practitioner]
    found: set[tuple[str, str, object]] = set()
    for part in visit.parts:
        service = calendar.service[part.treatment]
        block = minutes_between(part.starts - service.buffer_before * MINUTE, part.ends + service.buffer_after * MINUTE)
        claims = [("practitioner", person.person or person.id), ("room", part.room)]
        claims += [("device", device) for device in part.devices]
        found |= {(kind, name, minute) for kind, name in claims for minute in block}
    return found


@given(asked())
@examples(60)
def test_a_visit_is_offered_until_it_is_booked(asked: Asked) -> None:
    calendar = asked.case.calendar
    visits = opened(asked)
    assert len({visit.id for visit in visits}) == len(visits)
    for visit in some(visits):
        assert offers_visit(calendar, visit) is None
    for visit in visits[len(visits) // 2 :][:1]:
        taken = with_taken(calendar, visit)
        assert offers_visit(taken, visit) == "busy_practitioner"
        later = opened(asked, taken)
        assert {(each.starts, each.practitioner) for each in later} < {
            (each.starts, each.practitioner) for each in visits
        }
        for other in some(later):
            gone = taken_by(visit, calendar)
            assert not gone & taken_by(other, calendar)


@given(asked(), st.data())
@examples(60)
def test_a_visit_that_moves_is_offered_only_where_the_scan_finds_room(asked: Asked, data: st.DataObject) -> None:
    any_minute = tuple(replace(service, step=1) for service in asked.case.calendar.services)
    case = asked.case._replace(until=asked.case.since, now=None)
    exact = case._replace(calendar=replace(case.calendar, services=any_minute))
    services = [exact.calendar.service[each] for each in asked.treatments]
    visits = naive_visits(exact, services)
    found = {(visit.starts, visit.practitioner) for visit in visits}
    for visit in some(visits):
        by = data.draw(st.integers(-200, 200)) * MINUTE
        parts = tuple(replace(part, starts=part.starts + by, ends=part.ends + by) for part in visit.parts)
        moved = Visit(parts)
        if moved.day == case.since:
            refusal = offers_visit(case.calendar, moved)
            if (moved.starts, moved.practitioner) in found:
                assert refusal in {None, "busy_room", "busy_device"}  # others may be free then
            else:
                assert refusal is not None
