"""The log of a care plan: what has happened since, and whether it can have happened as it is told."""

from collections.abc import Iterable, Iterator
from datetime import date

from pellucid.model.errors import InputError
from pellucid.model.errors import Problem as Fault
from pellucid.model.plan import HAPPENED, MISSED, MISSED_SESSION, CarePlan, Happened


def with_entries(plan: CarePlan, entries: Iterable[Happened], today: date) -> tuple[Happened, ...]:
    """The plan's log with new entries, each once.

    Raises:
        InputError: entries that can't be right, all at once, each with its place and field: ``log[0].on``.
    """
    entries = tuple(entries)
    faults = [fault for number, each in enumerate(entries) for fault in _faults(f"log[{number}]", each, plan, today)]
    if faults:
        raise InputError(faults)
    return tuple(dict.fromkeys((*plan.log, *entries)))


def _faults(where: str, entry: Happened, plan: CarePlan, today: date) -> Iterator[Fault]:
    if entry.what not in HAPPENED:
        yield Fault(f"{where}.what", f"{entry.what!r} is not one of {', '.join(HAPPENED)}")
    if type(entry.on) is not date:  # a time of day can't be compared with a day
        yield Fault(f"{where}.on", "needs the day on which it happened, as a date")
        return
    wrong = _wrong_day(entry, plan, today)
    if wrong:
        yield Fault(f"{where}.on", wrong)


def _wrong_day(entry: Happened, plan: CarePlan, today: date) -> str | None:
    """What is wrong with the day of an entry, if anything."""
    if entry.on < plan.start:
        return f"{entry.on} lies before the plan, which begins on {plan.start}"
    if entry.on > today:
        return f"{entry.on} is still to come: today is {today}"
    if entry.on > plan.until:
        return f"{entry.on} lies after the plan, which ended on {plan.until}"
    if entry.what == MISSED and entry.on == today:
        return f"{entry.on} is today, and not over yet"
    visits = (*(each.slot for each in plan.sessions), *plan.preferences.booked)
    if entry.what == MISSED_SESSION and entry.on not in {slot.day for slot in visits}:
        return f"the plan has no visit on {entry.on}"
    return None
