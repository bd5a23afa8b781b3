"""Solving in stages: the sessions, then what new products begin, then the days; or all at once, to compare.

One worker, a fixed seed and a limit in deterministic time, so that the same problem gives the same answer every time,
with the same version of the solver on the same kind of machine.
"""

from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from pellucid.model.plan import Standing
from pellucid.plan.encode import Encoder
from pellucid.plan.encode_home import encode_home
from pellucid.plan.encode_visits import Visits, encode_visits
from pellucid.plan.home_vars import AtHome
from pellucid.plan.introduce import encode_introductions
from pellucid.plan.problem import Problem
from pellucid.plan.starts import begun

VISITS_LIMIT = 2.0
"""Deterministic time for the sessions; about seconds on a middling machine."""

NEW_LIMIT = 2.0

HOME_LIMIT = 4.0

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
    bound: int
    proven: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    solver: cp_model.CpSolver
    objective: int
    bound: int
    proven: bool


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
    """The best sessions; the best first uses given these; the best days given both."""
    visiting = Encoder(problem)
    visits = encode_visits(visiting)
    visited = _surely(visiting, VISITS_LIMIT)
    taken = frozenset(number for number, var in visits.taken.items() if visited.solver.boolean_value(var))
    booked = (n for n, each in enumerate(problem.openings) if each.standing is Standing.BOOKED and not each.against)
    standing = taken | frozenset(booked)
    best, idle = _at_home(problem, standing, frozenset())
    without: frozenset[int] = frozenset()
    while idle:  # what was to begin and then found no day leaves its place to something else
        without |= idle
        other, idle = _at_home(problem, standing, without)
        best = max((best, other), key=lambda each: each.objective)
    room = problem.weights["pin"] * sum(visited.solver.boolean_value(var) for var in visits.kept)
    gained = visited.objective - room + best.objective
    return replace(
        best,
        taken=taken,
        dropped=(*_true(visited.solver, visits.dropped), *best.dropped),
        objective=gained,
        bound=gained + visited.bound - visited.objective + best.bound - best.objective,
        proven=visited.proven and best.proven,
    )


def _at_home(problem: Problem, taken: frozenset[int], without: frozenset[int]) -> tuple[Solution, frozenset[int]]:
    """What begins and then the days, given the sessions; and what was to begin and is used on no day after all."""
    beginning = Encoder(problem)
    firsts = encode_introductions(beginning, taken, without)
    began = _surely(beginning, NEW_LIMIT)
    begins = {number: day for (number, day), var in firsts.items() if began.solver.boolean_value(var)}
    living = Encoder(problem)
    at_home = encode_home(living, Visits(), taken, begins)
    lived = _surely(living, HOME_LIMIT)
    figures = lived.objective, lived.bound, began.proven and lived.proven
    solution = _solution(lived.solver, at_home, taken, _true(lived.solver, at_home.dropped), figures)
    used = {item for item, day in solution.used if day >= problem.today}
    ahead = {number for number in begins if begun(problem, number) is None}
    return solution, frozenset(ahead - used - without)


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
    return _solution(answer.solver, at_home, taken, dropped, (answer.objective, answer.bound, answer.proven))


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


def _solution(
    solver: cp_model.CpSolver,
    at_home: AtHome,
    taken: frozenset[int],
    dropped: tuple[str, ...],
    figures: tuple[int, int, bool],
) -> Solution:
    holds = solver.boolean_value
    objective, bound, proven = figures
    return Solution(
        taken=taken,
        used=frozenset(key for key, var in at_home.used.items() if holds(var)),
        deep=frozenset(key for key, var in at_home.deep.items() if holds(var)),
        evenings=frozenset(day for day, var in at_home.evenings.items() if holds(var)),
        first={item: day for (item, day), var in at_home.first.items() if holds(var)},
        daily=frozenset(item for item, var in at_home.daily.items() if holds(var)),
        dropped=dropped,
        objective=objective,
        bound=bound,
        proven=proven,
    )
