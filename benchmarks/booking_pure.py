"""How long open times take without a database: one JSON line a figure, ours beside a plain scan in the same run.

The clinic has 88 people and as many rooms, and is open so that each person has 2,160 starts in thirty days, every
quarter of an hour, for a treatment of an hour; over these days the clocks go back. Appointments of half an hour lie all
over the month. What is taken up is given as a database gives it, and every run begins with a calendar of which nothing
is worked out. The plain scan asks of every start whether anything of that person overlaps, and of one room after the
other. Both must find the same. Times are the processor's.

- ``starts``: when everybody could begin, in a month that is empty or holds 600, 6,000 or 60,000 appointments.
- ``minutes``: the same with each start as a number of its own; ``several``: for two treatments in one visit.
- ``a day``: the visits of one day, with everybody and room by room, as a page shows them.
- ``a month``: all visits of the month listed, which no page does.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from pellucid.booking.availability import open_starts, open_visits
from pellucid.booking.calendar import Calendar, Claim, Location, Practitioner, Resource, Service, Stretch
from pellucid.booking.minutes import DAY, midnight
from pellucid.model.levels import Level
from pellucid.model.spans import Run, Spans

PEOPLE = 88
DAYS = 30
SINCE = date(2026, 10, 10)
UNTIL = SINCE + timedelta(days=DAYS - 1)
ZONE = "Europe/Madrid"
CHANGE, SUMMER, WINTER = date(2026, 10, 25), 120, 60
"""From this day on the clock is an hour ahead of UTC, before it two; it changes before anybody is there."""
HOURS = Stretch(5 * 60 + 15, DAY)
STEP, MINUTES, TAKEN = 15, 60, 30
APPOINTMENTS = (0, 600, 6_000, 60_000)
RUNS = 40
AIM = 25.0
"""Milliseconds."""


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=RUNS, help="how often each is measured")
    asked.add_argument("--appointments", nargs="+", type=int, default=APPOINTMENTS, help="how many the month holds")
    told = asked.parse_args()
    for appointments in told.appointments:
        _measure(clinic(appointments), appointments, told.runs)


def _measure(calendar: Calendar, appointments: int, runs: int) -> None:
    about = {"people": PEOPLE, "appointments": appointments, "runs": runs}
    begun = time.process_time()
    scanned = plain_scan(calendar)
    peer = (time.process_time() - begun) * 1e3
    found = _starts(calendar, "facial")
    assert {name: list(starts) for name, starts in found.items()} == scanned, "both find the same"
    count = sum(map(len, scanned.values()))
    _show("starts", _times(calendar, lambda fresh: _starts(fresh, "facial"), runs), peer, AIM, open=count, **about)
    _show("minutes", _times(calendar, lambda fresh: [*map(list, _starts(fresh, "facial").values())], runs), **about)
    _show("several", _times(calendar, lambda fresh: _starts(fresh, "facial", "led"), runs), **about)
    day = SINCE + timedelta(days=7)
    _show("a day", _times(calendar, lambda fresh: _visits(fresh, day, day), runs), **about)
    _show("a month", _times(calendar, lambda fresh: _visits(fresh, SINCE, UNTIL), 3), **about | {"runs": 3})


def _starts(calendar: Calendar, *treatments: str) -> Mapping[str, Sequence[int] | Any]:
    return open_starts(calendar, treatments=treatments, since=SINCE, until=UNTIL)


def _visits(calendar: Calendar, since: date, until: date) -> object:
    return open_visits(calendar, treatments=("facial",), since=since, until=until)


def _times(calendar: Calendar, ask: Callable[[Calendar], object], runs: int) -> list[float]:
    """Milliseconds of each run, on a calendar of which nothing is worked out yet."""
    found = []
    for _ in range(runs):
        fresh = replace(calendar)
        begun = time.process_time()
        ask(fresh)
        found.append((time.process_time() - begun) * 1e3)
    return sorted(found)


def _show(figure: str, spent: list[float], peer: float | None = None, aim: float | None = None, **more: int) -> None:
    ours = statistics.median(spent)
    line: dict[str, Any] = {"figure": f"booking, {figure}", "unit": "ms", "ours": round(ours, 2)}
    line["p95"] = round(spent[int(0.95 * (len(spent) - 1))], 2)
    line |= {} if peer is None else {"peer": round(peer, 1), "ratio": round(ours / peer, 5)}
    line |= {} if aim is None else {"aim": aim}
    print(json.dumps(line | more), flush=True)


# --- the clinic -------------------------------------------------------------------------------------------------


def clinic(appointments: int) -> Calendar:
    """Everybody has a room and the same share of the appointments, which don't overlap."""
    drawn = random.Random(0)  # noqa: S311 - made up
    facial = Service("facial", MINUTES, Level.L1, "treatment", step=STEP)
    names = [str(number) for number in range(PEOPLE)]
    busy: dict[Claim, Spans] = {}
    for number, name in enumerate(names):
        share = appointments // PEOPLE + (number < appointments % PEOPLE)
        busy["practitioner", name] = busy["room", name] = tuple(_runs(share, drawn))
    return Calendar(
        locations=(Location("harbour", ZONE),),
        practitioners=tuple(Practitioner(name, "harbour", Level.L1, ((HOURS,),) * 7) for name in names),
        rooms=tuple(Resource(name, "harbour", "treatment") for name in names),
        services=(facial, replace(facial, treatment="led", minutes=30, buffer_before=5, buffer_after=10)),
        busy=busy,
    )


def _runs(count: int, drawn: random.Random) -> list[Run]:
    a_day = (HOURS.closes - HOURS.opens) // TAKEN
    places = sorted(drawn.sample(range(DAYS * a_day), count))
    begins = [_opens(place // a_day) + place % a_day * TAKEN for place in places]
    return [(start, start + TAKEN) for start in begins]


def _opens(number: int) -> int:
    """The minute at which a day begins to be open."""
    day = SINCE + timedelta(days=number)
    return midnight(day) + HOURS.opens - (SUMMER if day < CHANGE else WINTER)


# --- the plain scan ---------------------------------------------------------------------------------------------


def plain_scan(calendar: Calendar) -> dict[str, list[int]]:
    """Every start of everybody, one after the other."""
    rooms = [calendar.busy["room", each.id] for each in calendar.rooms]
    last = HOURS.closes - HOURS.opens - MINUTES
    every = [_opens(number) + after for number in range(DAYS) for after in range(0, last + 1, STEP)]
    found = {}
    for person in calendar.practitioners:
        mine = calendar.busy["practitioner", person.id]
        found[person.id] = [
            start for start in every if _is_free(mine, start) and any(_is_free(r, start) for r in rooms)
        ]
    return {name: starts for name, starts in found.items() if starts}


def _is_free(taken: Spans, start: int) -> bool:
    end = start + MINUTES
    return not any(since < end and start < until for since, until in taken)


if __name__ == "__main__":
    main()
