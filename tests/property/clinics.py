"""Small clinics, open at odd hours, around days on which clocks change: cases for the laws of what is open when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from hypothesis import strategies as st

from pellucid.booking.calendar import (
    NO_HOURS,
    Booking,
    Calendar,
    Claim,
    Extra,
    Location,
    Off,
    Practitioner,
    Resource,
    Service,
    Stretch,
)
from pellucid.booking.minutes import minute_of
from pellucid.model.levels import Level
from pellucid.model.spans import Spans

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

CHANGES = {
    "Europe/Madrid": (date(2026, 10, 25), date(2027, 3, 28)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2027, 4, 4)),
    "America/Santiago": (date(2027, 4, 3), date(2026, 9, 6)),  # at midnight
    "Pacific/Chatham": (date(2026, 9, 27), date(2027, 4, 4)),  # three quarters of an hour off, at 02:45 and 03:45
    "Asia/Kolkata": (date(2026, 11, 23),),  # half an hour off, never changes
    "UTC": (date(2026, 11, 23),),
}
"""Time zones with the days around which cases are drawn."""

TREATMENTS = ("pore_cleanup_facial", "led", "carbon_laser")
KINDS = ("treatment", "laser")
DEVICE_KINDS = ("lamp", "pen")
A_KIND = st.sampled_from(("treatment", "treatment", "treatment", "laser"))
A_DEVICE_KIND = st.sampled_from(("lamp", "lamp", "pen"))


class Case(NamedTuple):
    """A calendar and what is asked of it."""

    calendar: Calendar
    since: date
    until: date
    now: datetime | None


def _stretches() -> st.SearchStrategy[tuple[Stretch, ...]]:
    """Up to two stretches of a day that don't overlap; all night long as well."""
    edges = st.lists(st.integers(0, 96), min_size=4, max_size=4, unique=True).map(sorted)
    two = edges.map(lambda edge: (Stretch(edge[0] * 15, edge[1] * 15), Stretch(edge[2] * 15, edge[3] * 15)))
    return st.one_of(st.just((Stretch(0, 1440),)), two, two, two.map(lambda both: both[:1]), st.just(()))


WEEKS = st.tuples(*[_stretches()] * 7)


@st.composite
def _offs(draw: st.DrawFn, day: date) -> tuple[Off, ...]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = []
    for _ in range(draw(st.integers(0, 2))):
        starts = midnight + draw(st.integers(-200, 300)) * 10 * MINUTE
        found.append(Off(starts, starts + draw(st.integers(1, 100)) * 10 * MINUTE, "away"))
    return tuple(found)


@st.composite
def _services(draw: st.DrawFn, treatment: str) -> Service:
    return Service(
        treatment=treatment,
        minutes=draw(st.sampled_from((20, 45, 90))),
        level=draw(st.sampled_from((Level.L0, Level.L1, Level.L2))),
        room_kind=draw(A_KIND),
        device_kinds=draw(st.sampled_from(((), (), (), ("lamp",), ("pen", "lamp"), ("lamp", "lamp")))),
        buffer_before=draw(st.sampled_from((0, 0, 5, 25))),
        buffer_after=draw(st.sampled_from((0, 0, 10))),
        price=Decimal(draw(st.integers(0, 20_000))) / 100,
        currency="EUR",
        step=draw(st.sampled_from((15, 20, 48, 60))),
        locations=draw(st.sampled_from(((), (), (), ("harbour",), ("harbour", "hill")))),
    )


@st.composite
def _bookings(draw: st.DrawFn, calendar: Calendar, day: date) -> Booking:
    """Anybody, anything at the same location, at any minute around the day."""
    practitioner = draw(st.sampled_from(calendar.practitioners))
    rooms = [each.id for each in calendar.rooms if each.location == practitioner.location]
    devices = [each.id for each in calendar.devices if each.location == practitioner.location]
    starts = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(-900, 2700)) * MINUTE
    return Booking(
        practitioner=practitioner.id,
        room=draw(st.sampled_from(rooms)),
        starts=starts,
        ends=starts + draw(st.integers(1, 480)) * MINUTE,
        devices=tuple(draw(st.lists(st.sampled_from(devices), unique=True))) if devices else (),
        buffer_before=draw(st.sampled_from((0, 10))),
        buffer_after=draw(st.sampled_from((0, 15))),
        client=draw(st.sampled_from(("example-1", "example-2"))),
        treatment=draw(st.sampled_from(TREATMENTS)),
    )


@st.composite
def _extras(draw: st.DrawFn, day: date, place: str, people: tuple[Practitioner, ...]) -> tuple[Extra, ...]:
    if draw(st.booleans()):
        return ()
    who = [person.id for person in people if person.location == place and draw(st.booleans())]
    hours = draw(_stretches()) or (Stretch(0, 120),)
    return (Extra(day + draw(st.integers(-1, 1)) * DAY, hours, tuple(who), "evening"),)


@st.composite
def _people(draw: st.DrawFn, name: str, places: list[str], day: date) -> Practitioner:
    return Practitioner(
        id=name,
        location=draw(st.sampled_from(places)),
        level=draw(st.sampled_from((Level.L1, Level.L2))),
        hours=draw(WEEKS),
        breaks=draw(WEEKS) if draw(st.booleans()) else ((),) * 7,
        time_off=draw(_offs(day)) if draw(st.booleans()) else (),
        person=draw(st.sampled_from(("", "", "", "", "example-both"))),
    )


@st.composite
def _busy(draw: st.DrawFn, day: date) -> dict[Claim, Spans]:
    """What is taken up besides bookings, in no order, some of it twice and some of it nobody's."""
    first = minute_of(datetime(day.year, day.month, day.day, tzinfo=UTC))
    begins = st.integers(-900, 2700).map(lambda minute: first + minute)
    run = st.tuples(begins, st.integers(1, 300)).map(lambda told: (told[0], sum(told)))
    claims: list[Claim] = [("practitioner", "ines"), ("practitioner", "example-both"), ("device", "harbour_0")]
    claims += [("room", f"{place}_{number}") for place in ("harbour", "hill") for number in range(2)]
    runs = st.lists(run, min_size=1, max_size=3).map(tuple)
    return draw(st.dictionaries(st.sampled_from(claims), runs, max_size=3))


@st.composite
def _resources(draw: st.DrawFn, places: list[str], kind: st.SearchStrategy[str], *, least: int) -> tuple[Resource, ...]:
    """Up to three rooms or devices in each place."""
    return tuple(
        Resource(f"{place}_{number}", place, draw(kind))
        for place in places
        for number in range(draw(st.integers(least, 3)))
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A small clinic of one or two places, open at odd hours around a day on which its clock may change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    day = draw(st.sampled_from(CHANGES[zone])) + draw(st.sampled_from((0, 0, 0, -1, 1))) * DAY
    places = ["harbour", "hill"][: draw(st.sampled_from((1, 1, 2)))]
    people = tuple(draw(_people(name, places, day)) for name in ("ines", "mateo"))
    calendar = Calendar(
        locations=tuple(
            Location(name, zone, "", draw(_offs(day)) if draw(st.booleans()) else (), draw(_extras(day, name, people)))
            for name in places
        ),
        practitioners=people,
        rooms=draw(_resources(places, A_KIND, least=1)),
        devices=draw(_resources(places, A_DEVICE_KIND, least=0)),
        services=tuple(draw(_services(treatment)) for treatment in TREATMENTS[:2]),
        busy=draw(_busy(day)),
    )
    if {person.location for person in people} <= {room.location for room in calendar.rooms}:
        calendar = replace(calendar, bookings=tuple(draw(st.lists(_bookings(calendar, day), max_size=8))))
    until = day + draw(st.integers(0, 1)) * DAY
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(st.integers(0, 86_400)) * timedelta(seconds=1)
    return Case(calendar, day, until, now if draw(st.integers(0, 3)) == 3 else None)


@st.composite
def crowded(draw: st.DrawFn) -> Case:
    """One of these where somebody is always there and rooms and lamps are few, all alike and often taken."""
    case = draw(cases())
    calendar = case.calendar
    first = minute_of(datetime(case.since.year, case.since.month, case.since.day, tzinfo=UTC))
    claims: list[Claim] = [("room", each.id) for each in calendar.rooms]
    claims += [("device", each.id) for each in calendar.devices]
    edges = st.lists(st.integers(-90, 290), min_size=2, max_size=16, unique=True).map(sorted)
    taken = edges.map(lambda edge: tuple((first + 10 * a, first + 10 * b) for a, b in pairwise(edge)))
    busy = {claim: draw(taken)[:: draw(st.sampled_from((1, 2, 2)))] for claim in claims}
    always = ((Stretch(0, 1440),),) * 7
    kinds = st.sampled_from(((), ("lamp",), ("lamp", "lamp")))
    changed = replace(
        calendar,
        locations=tuple(replace(each, closed=(), extra=()) for each in calendar.locations),
        practitioners=tuple(
            replace(each, hours=always, breaks=NO_HOURS, time_off=(), level=Level.L2) for each in calendar.practitioners
        ),
        rooms=tuple(replace(each, kind="treatment") for each in calendar.rooms),
        devices=tuple(replace(each, kind="lamp") for each in calendar.devices),
        services=tuple(
            replace(each, room_kind="treatment", device_kinds=draw(kinds), minutes=draw(st.sampled_from((20, 45))))
            for each in calendar.services
        ),
        bookings=(),
        busy=busy,
    )
    return case._replace(calendar=changed, now=None)
