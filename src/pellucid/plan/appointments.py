"""Appointments stand until people move them: what one of them rules out holds whether or not the plan keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pellucid.model.plan import Standing
from pellucid.plan.problem import Home, Opening, Problem, Rules

QUIET = ("precare.nothing_harsh",)

Closed = Mapping[int, Rules]


def as_they_stand(problem: Problem, *, named: bool) -> Problem:
    """The problem with care at home and every other visit laid out around the appointments.

    That holds for those that a rule stands against, too. Where it is ``named`` why something can't be had, an
    appointment that may be kept stays a requirement of its own, so that it can be told.
    """
    booked = [number for number, each in enumerate(problem.openings) if each.standing is Standing.BOOKED]
    ruled_out = [number for number in booked if problem.openings[number].against]
    stay = ruled_out if named else booked
    if not stay:
        return problem
    return replace(problem, openings=_beside(problem, stay), home=_around(problem, stay, ruled_out))


def _beside(problem: Problem, stay: list[int]) -> tuple[Opening, ...]:
    """The openings, with what stands against any that clashes with an appointment."""
    against: dict[int, Rules] = {}
    for conflict in problem.conflicts:
        for number, other in ((conflict.first, conflict.second), (conflict.second, conflict.first)):
            if other in stay and problem.openings[number].standing is Standing.PROPOSED:
                against[number] = (*against.get(number, ()), *conflict.rules)
    return tuple(
        replace(each, against=tuple(dict.fromkeys((*each.against, *against.get(number, ())))))
        for number, each in enumerate(problem.openings)
    )


def _around(problem: Problem, stay: list[int], ruled_out: list[int]) -> Home:
    """Care at home, with the days closed that the appointments rule out."""
    home = problem.home
    items = tuple(
        replace(item, closed=_with(item.closed, (problem.bars.get(each, {}).get(number, {}) for each in stay)))
        for number, item in enumerate(home.items)
    )
    hushed = (dict.fromkeys(problem.hush.get(each, ()), QUIET) for each in ruled_out)
    return replace(
        home,
        items=items,
        deep_closed=_with(home.deep_closed, (problem.deep_bars.get(each, {}) for each in stay)),
        unstartable=_with(home.unstartable, hushed),
    )


def _with(closed: Closed, more: Iterable[Closed]) -> Closed:
    found = dict(closed)
    for days in more:
        for day, rules in days.items():
            found[day] = tuple(dict.fromkeys((*found.get(day, ()), *rules)))
    return found
