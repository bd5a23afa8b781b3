"""Several services in one visit: how they follow each other, who and what they take up, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.sample_clinic import (
    A_FACIAL,
    CLINIC,
    FACIAL,
    HARBOUR,
    INES,
    LASER,
    MADRID,
    MONDAY,
    ROOM_1,
    at,
    booking,
    daily,
    off,
    with_ines,
)

from pellucid.booking.availability import (
    offers,
    offers_visit,
    open_slots,
    open_starts,
    open_visits,
    resources,
    visits_at,
)
from pellucid.booking.calendar import Calendar, Location, Resource
from pellucid.booking.minutes import minute_of
from pellucid.model.levels import Level
from pellucid.model.slot import Visit

LED = "led"
A_LED = replace(A_FACIAL, treatment=LED, minutes=30)
BUFFERED = replace(A_FACIAL, buffer_before=5, buffer_after=10), replace(A_LED, buffer_before=15, buffer_after=20)
BOTH = replace(CLINIC, services=(A_FACIAL, A_LED))
TIDY = replace(CLINIC, services=BUFFERED)
ROOM_2 = Resource("room_2", "harbour", "treatment")
AN_HOUR = timedelta(hours=1)
TWO_ROOMS = replace(BOTH, rooms=(ROOM_1, ROOM_2))


def visits(calendar: Calendar, *treatments: str, day: date = MONDAY, **more: Any) -> tuple[Visit, ...]:
    return open_visits(calendar, treatments=treatments or (FACIAL, LED), **{"since": day, "until": day, **more})


def starts(calendar: Calendar, *treatments: str, **more: Any) -> list[str]:
    return [f"{visit.local:%H:%M}" for visit in visits(calendar, *treatments, **more)]


def times(visit: Visit) -> list[tuple[str, str, str]]:
    zone = visit.local.tzinfo
    return [(part.treatment, f"{part.local:%H:%M}", f"{part.ends.astimezone(zone):%H:%M}") for part in visit.parts]


def taken(calendar: Calendar, kind: Any, name: str, *runs: tuple[str, str]) -> Calendar:
    """The same with something taken up on Monday."""
    minutes = tuple((minute(since), minute(until)) for since, until in runs)
    return replace(calendar, busy={**calendar.busy, (kind, name): minutes})


def minute(clock: str) -> int:
    return minute_of(at(f"{MONDAY} {clock}"))


# --- how they follow each other -----------------------------------------------------------------------------


def test_one_service_follows_the_other_at_once_where_there_are_no_buffers() -> None:
    assert starts(BOTH) == ["09:00", "09:30", "10:00", "10:30"]
    assert times(visits(BOTH)[0]) == [(FACIAL, "09:00", "10:00"), (LED, "10:00", "10:30")]


def test_between_two_services_lie_the_buffers_of_both() -> None:
    first = visits(TIDY)[0]
    assert times(first) == [(FACIAL, "09:30", "10:30"), (LED, "10:55", "11:25")]
    assert starts(TIDY) == ["09:30"], "a later one would end, with its buffer, after twelve"


def test_the_order_is_the_one_asked_for_and_so_is_the_step() -> None:
    calendar = replace(BOTH, services=(A_FACIAL, replace(A_LED, step=15)))
    assert times(visits(calendar, LED, FACIAL)[0]) == [(LED, "09:00", "09:30"), (FACIAL, "09:30", "10:30")]
    assert starts(calendar, LED, FACIAL)[:2] == ["09:00", "09:15"]
    assert starts(calendar, FACIAL, LED)[:2] == ["09:00", "09:30"]


def test_a_visit_tells_what_all_its_parts_have_in_common() -> None:
    first = visits(BOTH)[0]
    assert (first.starts, first.ends) == (at("2026-11-23 09:00"), at("2026-11-23 10:30"))
    assert first.treatments == (FACIAL, LED)
    assert (first.practitioner, first.level, first.location, first.zone) == ("ines", Level.L1, "harbour", MADRID)
    assert first.day == MONDAY
    assert first.id == "pore_cleanup_facial+led@20261123T0800Z/ines"


def test_a_visit_of_one_service_is_its_slot() -> None:
    assert [visit.parts for visit in visits(BOTH, LED)] == [
        (slot,) for slot in open_slots(BOTH, treatments=[LED], since=MONDAY, until=MONDAY)
    ]


@pytest.mark.parametrize("treatments", [(FACIAL, LASER), (LASER,)])
def test_there_is_no_visit_where_one_of_the_services_is_not_done(treatments: tuple[str, ...]) -> None:
    assert visits(BOTH, *treatments) == ()
    assert open_starts(BOTH, treatments=treatments, since=MONDAY, until=MONDAY) == {}
    assert visits_at(BOTH, treatments=treatments, starts={"ines": [minute("09:00")]}) == ()


def test_nothing_asked_for_is_no_visit() -> None:
    assert open_visits(BOTH, treatments=(), since=MONDAY, until=MONDAY) == ()


def test_the_practitioner_is_of_the_level_of_every_service() -> None:
    calendar = replace(BOTH, services=(A_FACIAL, replace(A_LED, level=Level.L2)))
    assert visits(calendar, FACIAL)
    assert visits(calendar, FACIAL, LED) == ()


def test_the_location_does_every_service() -> None:
    calendar = replace(BOTH, services=(A_FACIAL, replace(A_LED, locations=("hill",))))
    assert visits(calendar, FACIAL)
    assert visits(calendar, FACIAL, LED) == ()


def test_a_visit_needs_its_practitioner_for_all_of_its_time() -> None:
    assert starts(with_pause("10:15", "10:20")) == ["10:30"]


def with_pause(since: str, until: str) -> Calendar:
    paused = with_ines(time_off=(off(f"{MONDAY} {since}", f"{MONDAY} {until}"),))
    return replace(paused, services=BOTH.services)


def test_a_visit_over_the_change_of_the_clock_lasts_as_long_as_any() -> None:
    """On 25 October the clocks in Madrid go from three back to two."""
    night = replace(BOTH, practitioners=(replace(INES, hours=daily("00:00-06:00")),))
    lengths = {visit.ends - visit.starts for visit in visits(night, day=date(2026, 10, 25))}
    assert lengths == {timedelta(minutes=90)}
    assert starts(night, day=date(2026, 10, 25)).count("02:30") == 2


# --- rooms and devices --------------------------------------------------------------------------------------


def rooms(calendar: Calendar, *treatments: str) -> dict[str, list[str]]:
    return {f"{visit.local:%H:%M}": [part.room for part in visit.parts] for visit in visits(calendar, *treatments)}


def test_the_client_stays_in_the_room_that_is_free_all_the_time() -> None:
    assert rooms(TWO_ROOMS)["09:00"] == ["room_1", "room_1"]
    late = taken(TWO_ROOMS, "room", "room_1", ("10:15", "10:30"))
    assert rooms(late)["09:00"] == ["room_2", "room_2"]


def test_the_client_changes_rooms_only_where_none_is_free_all_the_time() -> None:
    one = taken(TWO_ROOMS, "room", "room_1", ("10:15", "10:30"))
    both = taken(one, "room", "room_2", ("09:00", "09:45"))
    assert rooms(both)["09:00"] == ["room_1", "room_2"]
    assert rooms(both)["10:00"] == ["room_2", "room_2"]


def test_of_three_services_the_first_two_stay_together_where_three_cant() -> None:
    one = taken(TWO_ROOMS, "room", "room_1", ("09:30", "10:00"))
    both = taken(one, "room", "room_2", ("10:00", "10:30"))
    assert rooms(both, LED, LED, LED)["09:00"] == ["room_2", "room_2", "room_1"]


def test_a_room_of_the_wrong_kind_is_left_for_one_that_suits() -> None:
    lamp_room = Resource("lamp_room", "harbour", "lamp")
    calendar = replace(
        BOTH, rooms=(ROOM_1, lamp_room), services=(A_FACIAL, replace(A_LED, room_kind="lamp", device_kinds=("lamp",)))
    )
    assert visits(calendar) == (), "there is no lamp"
    equipped = replace(calendar, devices=(Resource("lamp_1", "harbour", "lamp"),))
    assert rooms(equipped)["09:00"] == ["room_1", "lamp_room"]
    assert [part.devices for part in visits(equipped)[0].parts] == [(), ("lamp_1",)]
    assert "09:00" not in rooms(taken(equipped, "device", "lamp_1", ("10:29", "10:31")))
    assert "09:00" in rooms(taken(equipped, "device", "lamp_1", ("09:00", "10:00")))


@pytest.mark.parametrize(
    ("lamps", "begins"), [(2, []), (3, ["11:00", "11:30"]), (4, ["09:00", "09:30", "10:00", "11:00", "11:30"])]
)
def test_as_many_devices_of_one_kind_are_free_as_are_needed(lamps: int, begins: list[str]) -> None:
    devices = tuple(Resource(f"lamp_{number}", "harbour", "lamp") for number in range(lamps))
    calendar = replace(CLINIC, devices=devices, services=(replace(A_LED, device_kinds=("lamp",) * 3),))
    one = taken(calendar, "device", "lamp_1", ("09:00", "11:00"))
    assert starts(taken(one, "device", "lamp_0", ("10:30", "11:00")), LED) == begins


# --- what is taken up besides bookings ----------------------------------------------------------------------


def test_what_is_busy_counts_in_any_order_and_overlapping() -> None:
    calendar = taken(BOTH, "practitioner", "ines", ("10:30", "11:00"), ("09:45", "10:45"), ("10:00", "10:00"))
    assert starts(calendar, LED) == ["09:00", "11:00", "11:30"]
    assert offers(calendar, open_slots(BOTH, treatments=[LED], since=MONDAY, until=MONDAY)[2]) == "busy_practitioner"


def test_a_time_within_another_leaves_that_as_long_as_it_is() -> None:
    calendar = taken(BOTH, "practitioner", "ines", ("09:00", "11:00"), ("09:30", "09:45"))
    assert starts(calendar, LED) == ["11:00", "11:30"]
    ten = next(visit for visit in visits(BOTH, LED) if visit.starts == at("2026-11-23 10:00"))
    assert offers_visit(calendar, ten) == "busy_practitioner"


def test_a_time_without_a_length_takes_up_nothing() -> None:
    calendar = taken(BOTH, "practitioner", "ines", ("09:15", "09:15"))
    assert visits(calendar, LED) == visits(BOTH, LED)


def test_times_that_touch_leave_nothing_between_them() -> None:
    calendar = taken(BOTH, "room", "room_1", ("09:00", "09:30"), ("09:30", "10:00"), ("10:30", "12:00"))
    assert starts(calendar, LED) == ["10:00"]


def test_somebody_with_hours_at_two_locations_is_at_one_of_them() -> None:
    hill = Location("hill", MADRID)
    here, there = (
        replace(INES, id=f"ines.{place}", location=place, person="ines", hours=daily("09:00-12:00"))
        for place in ("harbour", "hill")
    )
    calendar = replace(
        BOTH,
        locations=(HARBOUR, hill),
        practitioners=(here, there),
        rooms=(ROOM_1, Resource("hill_1", "hill", "treatment")),
    )
    assert len(visits(calendar, LED, practitioner="ines.hill")) == 6
    (row,) = [each for each in resources(visits(calendar, LED, location="harbour")[0], calendar) if each.id == "ines"]
    booked = replace(calendar, busy={(row.kind, row.id): ((row.since, row.until),)})
    assert len(visits(booked, LED, practitioner="ines.hill")) == 5
    assert len(visits(booked, LED, location="harbour")) == 5
    booked = replace(calendar, bookings=(booking(f"{MONDAY} 09:00", f"{MONDAY} 09:30", "ines.harbour"),))
    assert len(visits(booked, LED, practitioner="ines.hill")) == 5


# --- what a visit takes up ----------------------------------------------------------------------------------


def rows(visit: Visit, calendar: Calendar) -> list[tuple[str, str, str, str]]:
    def clock(minute: int) -> str:
        local = visit.local + timedelta(minutes=minute - minute_of(visit.starts))
        return f"{local:%H:%M}"

    return [(row.kind, row.id, clock(row.since), clock(row.until)) for row in resources(visit, calendar)]


def test_a_room_that_is_kept_is_taken_up_in_one_piece_with_all_buffers() -> None:
    assert rows(visits(TIDY)[0], TIDY) == [
        ("practitioner", "ines", "09:25", "11:45"),
        ("room", "room_1", "09:25", "11:45"),
    ]


def test_a_room_that_is_changed_is_taken_up_for_its_part_alone() -> None:
    calendar = taken(replace(TIDY, rooms=(ROOM_1, ROOM_2)), "room", "room_1", ("11:00", "11:10"))
    calendar = taken(calendar, "room", "room_2", ("09:00", "10:00"))
    assert rows(visits(calendar)[0], calendar) == [
        ("practitioner", "ines", "09:25", "11:45"),
        ("room", "room_1", "09:25", "10:40"),
        ("room", "room_2", "10:40", "11:45"),
    ]


def test_a_device_is_taken_up_where_it_is_used() -> None:
    services = (BUFFERED[0], replace(BUFFERED[1], device_kinds=("lamp",)))
    calendar = replace(TIDY, services=services, devices=(Resource("lamp_1", "harbour", "lamp"),))
    assert ("device", "lamp_1", "10:40", "11:45") in rows(visits(calendar)[0], calendar)


# --- is it really offered? ----------------------------------------------------------------------------------


def moved(visit: Visit, number: int, by: timedelta) -> Visit:
    """The visit with one of its parts at another time."""
    parts = list(visit.parts)
    parts[number] = replace(parts[number], starts=parts[number].starts + by, ends=parts[number].ends + by)
    return Visit(tuple(parts))


def test_a_visit_that_is_listed_is_offered() -> None:
    assert [offers_visit(TIDY, visit) for visit in visits(TIDY)] == [None]


@pytest.mark.parametrize("by", [timedelta(minutes=1), timedelta(minutes=-1), timedelta(days=1)])
def test_parts_that_dont_follow_each_other_as_they_should_are_refused(by: timedelta) -> None:
    assert offers_visit(BOTH, moved(visits(BOTH)[0], 1, by)) == "wrong_gap"


def test_parts_of_different_people_are_refused() -> None:
    first = visits(BOTH)[0]
    other = Visit((first.parts[0], replace(first.parts[1], practitioner="mateo")))
    assert offers_visit(BOTH, other) == "wrong_gap"


def test_a_service_that_is_done_elsewhere_is_refused() -> None:
    elsewhere = replace(BOTH, services=(A_FACIAL, replace(A_LED, locations=("hill",))))
    assert offers_visit(elsewhere, visits(BOTH)[0]) == "wrong_location"


def test_of_several_reasons_the_one_that_lasts_longest_is_told_whichever_part_it_is_of() -> None:
    first = visits(BOTH)[0]
    parts = replace(first.parts[0], room="room_9"), replace(first.parts[1], zone="UTC")
    assert offers_visit(BOTH, Visit(parts)) == "wrong_location"


@pytest.mark.parametrize(
    ("kind", "name", "run", "code"),
    [
        ("practitioner", "ines", ("10:29", "10:31"), "busy_practitioner"),
        ("room", "room_1", ("10:29", "10:31"), "busy_room"),
        ("room", "room_1", ("10:30", "10:31"), None),
        ("room", "room_2", ("09:00", "12:00"), None),
    ],
)
def test_a_visit_is_refused_where_something_is_in_the_way_of_any_part(
    kind: str, name: str, run: tuple[str, str], code: str | None
) -> None:
    assert offers_visit(taken(BOTH, kind, name, run), visits(BOTH)[0]) == code


def test_a_visit_that_ends_after_hours_is_refused() -> None:
    last = visits(BOTH)[-1]
    late = Visit(tuple(replace(part, starts=part.starts + AN_HOUR, ends=part.ends + AN_HOUR) for part in last.parts))
    assert offers_visit(BOTH, late) == "closed"


# --- starts alone -------------------------------------------------------------------------------------------


def test_starts_are_the_minutes_of_the_visits_by_practitioner() -> None:
    found = open_starts(BOTH, treatments=(FACIAL, LED), since=MONDAY, until=MONDAY)
    assert list(found) == ["ines"]
    assert list(found["ines"]) == [minute(clock) for clock in ("09:00", "09:30", "10:00", "10:30")]
    assert len(found["ines"]) == 4
    assert minute("09:30") in found["ines"]
    assert minute("09:15") not in found["ines"]


def test_nobody_without_a_start_is_listed() -> None:
    assert open_starts(BOTH, treatments=(FACIAL,), since=MONDAY, until=MONDAY, now=at("2026-11-23 11:01")) == {}
    assert open_starts(BOTH, treatments=(FACIAL,), since=MONDAY, until=MONDAY, practitioner="mateo") == {}


def test_visits_at_some_starts_are_listed_in_order() -> None:
    mateo = replace(INES, id="mateo")
    calendar = replace(TWO_ROOMS, practitioners=(mateo, INES))
    asked: dict[str, list[int]] = {"mateo": [minute("10:00")], "ines": [minute("10:00"), minute("09:00")]}
    found = visits_at(calendar, treatments=(LED,), starts=asked)
    assert [(f"{visit.local:%H:%M}", visit.practitioner) for visit in found] == [
        ("09:00", "ines"),
        ("10:00", "ines"),
        ("10:00", "mateo"),
    ]
