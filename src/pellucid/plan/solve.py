"""Solving in stages: the sessions, then what new products begin, then the days; or all at once, to compare.

One worker, a fixed seed and a limit in deterministic time, so that the same problem gives the same answer every time,
with the same version of the solver on the same kind of machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from pellucid.model.plan import Standing
from pellucid.plan.encode import Encoder
from pellucid.plan.encode_home import encode_home
from pellucid.plan.encode_visits import Visits, encode_visits
from pellucid.plan.home_vars import AtHome
from pellucid.plan.introduce import encode_introductions
from pellucid.plan.problem import WEEK, Problem
from pellucid.plan.starts import begun, lost_at_home

VISITS_LIMIT = 2.0
"""Deterministic time for the sessions; about seconds on a middling machine."""

NEW_LIMIT = 2.0

HOME_LIMIT = 4.0

WHOLE_HOME_LIMIT = 1.5
"""Deterministic time for all care at home in one model, which begins with what its stages found."""

WHOLE_HOME_DAYS = 26 * WEEK
"""In a longer plan, care at home stays as its stages found it: one model for all of it takes too long."""

AT_ONCE_LIMIT = 15.0
"""Deterministic time for everything in one model, which is only asked where a pinned choice would be lost."""

SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found."""

    taken: frozenset[int]
    """Openings that get a session."""
    used: frozenset[tuple[int, int]]
    """(item, day)."""
    deep: frozenset[tuple[int, int]]
    """(item, day), on a deep-clean evening."""
    evenings: frozenset[int]
    """Days whose evening is a deep-clean evening."""
    first: dict[int, int]
    """New item to the day of its first use."""
    daily: frozenset[int]
    dropped: tuple[str, ...]
    """Requirements that the plan does without."""
    objective: int
    bound: int | None
    """No other care at home with as good sessions comes to more; None where that is not known."""
    proven: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    solver: cp_model.CpSolver
    objective: int
    bound: int
    proven: bool

    @property
    def open(self) -> int:
        """How much better another could be at most."""
        return self.bound - self.objective


def solve(problem: Problem) -> Solution:
    """In stages; where something is lost beside pinned choices, all at once, if that keeps more."""
    staged = in_stages(problem)
    if not ((problem.pins or problem.home.wished) and staged.dropped):
        return staged
    at_once = solve_at_once(problem, AT_ONCE_LIMIT)
    return at_once if at_once and _weight(problem, at_once) < _weight(problem, staged) else staged


def _weight(problem: Problem, solution: Solution) -> int:
    """What the dropped wishes, appointments and choices weigh together."""
    goals = {"want": "wish"}
    kinds = [name.partition(".")[0] for name in solution.dropped]
    return sum(problem.weights[goals.get(kind, kind)] for kind in kinds)


def in_stages(problem: Problem) -> Solution:
    """The best sessions, and the best care at home given these.

    Sessions are found twice: by themselves, and with what they roughly cost care at home. The better plan stays.
    """
    by_themselves = _visits(problem, {})
    with_costs = _visits(problem, lost_at_home(problem))
    found = [_with_care_at_home(problem, by_themselves)]
    if with_costs.taken != by_themselves.taken:
        found.append(_with_care_at_home(problem, with_costs))
    return max(found, key=lambda each: each.objective)


@dataclass(frozen=True, slots=True)
class _Visits:
    """Sessions, and what they are worth without care at home."""

    taken: frozenset[int]
    dropped: tuple[str, ...]
    objective: int
    bound: int
    proven: bool


def _visits(problem: Problem, costs: Mapping[str, int]) -> _Visits:
    """The best sessions; ``costs`` of care at home count for the choice, but not for what it is worth."""
    encoder = Encoder(problem)
    visits = encode_visits(encoder, costs=costs)
    answer = _surely(encoder, VISITS_LIMIT)
    taken = frozenset(number for number, var in visits.taken.items() if answer.solver.boolean_value(var))
    spared = sum(costs.get(problem.openings[number].treatment, 0) for number in taken)
    room = problem.weights["pin"] * sum(answer.solver.boolean_value(var) for var in visits.kept)
    worth = answer.objective + spared - room
    return _Visits(taken, _true(answer.solver, visits.dropped), worth, worth + answer.open, answer.proven)


def _with_care_at_home(problem: Problem, visits: _Visits) -> Solution:
    """The best care at home given the sessions: found in stages, and from there in one model."""
    booked = (n for n, each in enumerate(problem.openings) if each.standing is Standing.BOOKED and not each.against)
    standing = visits.taken | frozenset(booked)
    best, idle = _at_home(problem, standing, frozenset())
    without: frozenset[int] = frozenset()
    while idle:  # what was to begin and then found no day leaves its place to something else
        without |= idle
        other, idle = _at_home(problem, standing, without)
        best = max((best, other), key=lambda each: each.objective)
    whole = _home(problem, standing, None, WHOLE_HOME_LIMIT, best) if problem.length <= WHOLE_HOME_DAYS else None
    bound = None if whole is None else whole.bound
    best = whole if whole is not None and whole.objective >= best.objective else best
    return replace(
        best,
        taken=visits.taken,
        dropped=(*visits.dropped, *best.dropped),
        objective=visits.objective + best.objective,
        bound=None if bound is None else visits.bound + bound,
        proven=visits.proven and bound == best.objective,
    )


def _at_home(problem: Problem, taken: frozenset[int], without: frozenset[int]) -> tuple[Solution, frozenset[int]]:
    """What begins and then the days, given the sessions; and what was to begin and is used on no day after all."""
    beginning = Encoder(problem)
    firsts = encode_introductions(beginning, taken, without)
    began = _surely(beginning, NEW_LIMIT)
    begins = {number: day for (number, day), var in firsts.items() if began.solver.boolean_value(var)}
    found = _home(problem, taken, begins, HOME_LIMIT)
    if found is None:
        raise AssertionError("the solver found no days at home")
    used = {item for item, day in found.used if day >= problem.today}
    ahead = {number for number in begins if begun(problem, number) is None}
    return replace(found, proven=found.proven and began.proven), frozenset(ahead - used - without)


def _home(
    problem: Problem,
    taken: frozenset[int],
    begins: Mapping[int, int] | None,
    limit: float,
    near: Solution | None = None,
) -> Solution | None:
    """The best days given sessions and, where they are settled, beginnings; None where none are found in time."""
    encoder = Encoder(problem)
    at_home = encode_home(encoder, Visits(), taken, begins)
    if near is not None:
        _begin_with(encoder, at_home, near)
    answer = _run(encoder, limit)
    return None if answer is None else _solution(answer, at_home, taken, _true(answer.solver, at_home.dropped))


def _begin_with(encoder: Encoder, at_home: AtHome, near: Solution) -> None:
    """Tell the solver of days that it can begin with; what is over is settled anyway."""
    hint, today = encoder.model.add_hint, encoder.problem.today
    firsts = frozenset(near.first.items())
    for found, at in ((near.used, at_home.used), (near.deep, at_home.deep), (firsts, at_home.first)):
        for (number, day), var in at.items():
            if day >= today:
                hint(var, (number, day) in found)
    for day, var in at_home.evenings.items():
        if day >= today:
            hint(var, day in near.evenings)
    for number, var in at_home.daily.items():
        hint(var, number in near.daily)
    for name, var in at_home.dropped.items():
        hint(var, name in near.dropped)


def solve_at_once(problem: Problem, limit: float) -> Solution | None:
    """Sessions and care at home in one model: what staging is measured against.

    ``limit`` is in deterministic time; None where nothing is found within it.
    """
    encoder = Encoder(problem)
    visits = encode_visits(encoder, alone=False)
    at_home = encode_home(encoder, visits, None)
    answer = _run(encoder, limit)
    if answer is None:
        return None
    taken = frozenset(number for number, var in visits.taken.items() if answer.solver.boolean_value(var))
    dropped = (*_true(answer.solver, visits.dropped), *_true(answer.solver, at_home.dropped))
    return _solution(answer, at_home, taken, dropped)


def settings(solver: cp_model.CpSolver, limit: float) -> None:
    """What makes the solver give the same answer every time."""
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = limit


def _surely(encoder: Encoder, limit: float) -> _Answer:
    """What a stage finds: wishes can be dropped and nothing at home is forced, so that there always is something."""
    answer = _run(encoder, limit)
    if answer is None:
        raise AssertionError(f"the solver found no plan in a deterministic time of {limit}")
    return answer


def _run(encoder: Encoder, limit: float) -> _Answer | None:
    encoder.finish()
    solver = cp_model.CpSolver()
    settings(solver, limit)
    status = solver.solve(encoder.model)
    if status == cp_model.UNKNOWN:
        return None
    if status not in SOLVED:
        raise AssertionError(f"the solver has no plan: {solver.status_name(status)}")
    goals = bool(encoder.goals)
    objective = round(solver.objective_value) if goals else 0
    bound = round(solver.best_objective_bound) if goals else 0
    return _Answer(solver, objective, max(objective, bound), status == cp_model.OPTIMAL)


def _true(solver: cp_model.CpSolver, dropped: dict[str, cp_model.IntVar]) -> tuple[str, ...]:
    return tuple(name for name, var in dropped.items() if solver.boolean_value(var))


def _solution(answer: _Answer, at_home: AtHome, taken: frozenset[int], dropped: tuple[str, ...]) -> Solution:
    holds = answer.solver.boolean_value
    return Solution(
        taken=taken,
        used=frozenset(key for key, var in at_home.used.items() if holds(var)),
        deep=frozenset(key for key, var in at_home.deep.items() if holds(var)),
        evenings=frozenset(day for day, var in at_home.evenings.items() if holds(var)),
        first={item: day for (item, day), var in at_home.first.items() if holds(var)},
        daily=frozenset(item for item, var in at_home.daily.items() if holds(var)),
        dropped=dropped,
        objective=answer.objective,
        bound=answer.bound,
        proven=answer.proven,
    )
