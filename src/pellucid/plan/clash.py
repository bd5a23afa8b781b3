"""Why something can't be had: the smallest set of requirements that clash, found by the solver itself.

Every requirement has a switch. With the objective gone, the solver says which switches can't all be on; then each is
tried without, and what is not needed for the clash goes. Where the solver can't tell in time, that is said.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ortools.sat.python import cp_model

from pellucid.knowledge.base import Knowledge
from pellucid.model.plan import UNDECIDED, Clash, Requirement, Standing
from pellucid.plan.encode import Encoder
from pellucid.plan.encode_home import encode_home
from pellucid.plan.encode_visits import Visits, encode_visits
from pellucid.plan.home_vars import AtHome
from pellucid.plan.pose import Asked, pose
from pellucid.plan.problem import Former, HomeWish, Problem, Rules
from pellucid.plan.solve import SOLVED, settings

LIMIT = 5.0
"""Deterministic time for one question to the solver."""

WISHES = ("want", "booked", "pin")
"""What a plan can do without; everything else stays."""

LIMITS = ("home_only", "budget", "minutes", "away", "slots")
"""What the person or the clinic sets."""

STANDS = "stands"
"""Kind of an appointment that the plan can't keep beside others, and that takes its place all the same."""

NOT_TRIED = Requirement(UNDECIDED, "fewer")
"""Perhaps not every member of the clash is needed for it."""

NOT_FOUND = Requirement(UNDECIDED, "cause")
"""Whether these can all be kept could not be told."""

NO_WAY_FOUND = Requirement(UNDECIDED, "way")
"""These can all be kept, and the plan that does it was not found."""


class UndecidedError(Exception):
    """The solver could not tell within its limit."""


class Smallest(NamedTuple):
    """A clash of which no member can be left out, as far as could be told."""

    members: tuple[str, ...]
    """Empty where all can be kept."""
    sure: bool
    """Whether the solver could tell for each member that it is needed."""


class Requirements:
    """Every requirement of one problem with its switch."""

    def __init__(self, problem: Problem) -> None:
        """Build the model; care at home comes in where something is asked of it."""
        self.encoder = Encoder(problem, explains=True)
        visits = encode_visits(self.encoder)
        at_home = encode_home(self.encoder, visits, None) if problem.pins or problem.home.wished else AtHome()
        for number, opening in enumerate(problem.openings):
            if opening.standing is Standing.BOOKED and not opening.against:
                self._stands(number, visits, at_home)

    def _stands(self, number: int, visits: Visits, at_home: AtHome) -> None:
        """An appointment that the plan can't keep beside others still takes its place: nothing has been cancelled."""
        encoder, problem = self.encoder, self.encoder.problem
        stands = encoder.var(f"stands {number}")
        encoder.require(stands == 1, f"{STANDS}.{problem.openings[number].slot.id}")
        for conflict in problem.conflicts:
            other = conflict.second if conflict.first == number else conflict.first
            if number in {conflict.first, conflict.second} and problem.openings[other].standing is Standing.PROPOSED:
                encoder.forbid((visits.taken[other], stands), conflict.rules)
        for item, days in problem.bars.get(number, {}).items():
            for day, rules in days.items():
                if (item, day) in at_home.used:
                    encoder.forbid((at_home.used[item, day], stands), rules)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every requirement, in order; that an appointment stands even where it is dropped is none."""
        return tuple(sorted(name for name in self.encoder.switches if not name.startswith(f"{STANDS}.")))

    def clash(self, names: Iterable[str]) -> tuple[str, ...] | None:
        """Some of these that can't all be kept; None where they can.

        Raises:
            UndecidedError: the solver could not tell within its limit.
        """
        model, switches = self.encoder.model, self.encoder.switches
        model.clear_assumptions()
        chosen = [name for name in names if name in switches]
        model.add_assumptions([switches[name] for name in chosen])
        solver, status = _answer(model)
        if status in SOLVED:
            return None
        if status != cp_model.INFEASIBLE:
            raise UndecidedError(solver.status_name(status))
        found = set(solver.sufficient_assumptions_for_infeasibility())
        core = tuple(name for name in chosen if switches[name].index in found)
        return core or tuple(chosen)

    def smallest(self, names: Iterable[str]) -> Smallest:
        """A clash of which no member can be left out.

        Raises:
            UndecidedError: the solver could not tell within its limit whether there is a clash at all.
        """
        core, sure = self.clash(names), True
        for name in sorted(core or (), key=_last_resort):
            if core is None or name not in core:
                continue
            try:
                core = self.clash(each for each in core if each != name) or core
            except UndecidedError:
                sure = False
        return Smallest(core or (), sure)


def _answer(model: cp_model.CpModel) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    """Whether a model can be kept: as it stands, which mostly takes no time; where that is too hard, made simpler."""
    solver, status = _solved(model, presolve=False)
    return (solver, status) if status != cp_model.UNKNOWN else _solved(model, presolve=True)


def _solved(model: cp_model.CpModel, *, presolve: bool) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    solver = cp_model.CpSolver()
    settings(solver, LIMIT)
    if not presolve:
        solver.parameters.cp_model_presolve = False
        solver.parameters.linearization_level = 0
    return solver, solver.solve(model)


def _last_resort(name: str) -> tuple[int, str]:
    """What is tried without first: other wishes, then the limits that person and clinic set, then rules."""
    kind = name.partition(".")[0]
    return (0 if kind in WISHES else 1 if kind in LIMITS else 2), name


def clashes(asked: Asked, dropped: tuple[str, ...], former: Former | None = None) -> tuple[Clash, ...]:
    """For each wish that the plan does without, the requirements that rule it out."""
    if not dropped:
        return ()
    problem = pose(asked, former, named=True)
    plain = {name: _plain(name, problem) for name in dropped}
    requirements = Requirements(problem) if not all(plain.values()) else None
    found = []
    for name, rule in plain.items():
        told = [_requirement(name, name, problem, asked.knowledge)]
        if rule:
            told.append(_requirement(rule, name, problem, asked.knowledge))
        elif requirements is not None:
            kept = [each for each in requirements.names if each == name or each not in dropped]
            kept += [
                each.replace("booked", STANDS, 1) for each in dropped if each.startswith("booked.") and each != name
            ]
            told = [told[0], *_against(name, kept, requirements, asked.knowledge)]
        found.append(Clash(told[0], tuple(told)))
    return tuple(found)


def _against(name: str, kept: list[str], requirements: Requirements, knowledge: Knowledge) -> Iterator[Requirement]:
    """What stands against a wish beside all that the plan keeps, or that it could not be told in time."""
    try:
        members, sure = requirements.smallest(kept)
    except UndecidedError:
        yield NOT_FOUND
        return
    problem = requirements.encoder.problem
    yield from (_requirement(each, name, problem, knowledge) for each in members if each != name)
    if not members:
        yield NO_WAY_FOUND
    elif not sure:
        yield NOT_TRIED


def _plain(name: str, problem: Problem) -> str | None:
    """A rule that stands against a wish by itself, on every day that it could be had: it needs no solver."""
    against = _each_way(name, problem)
    return next((rule for rule in against[0] if all(rule in rules for rules in against)), None) if against else None


def _each_way(name: str, problem: Problem) -> list[Rules]:
    """What stands against each way to have a wish, whatever else the plan holds; nothing where that is not known."""
    kind, _, what = name.partition(".")
    if kind == "pin":
        product, _, on = what.partition("@")
        day = date.fromisoformat(on).toordinal() - problem.start
        closed = [item.closed.get(day, ()) for item in problem.home.items if item.product == product]
        return [(*problem.home.left_out.get(product, ()), *(rule for rules in closed for rule in rules))]
    wish = _at_home(name, problem)
    if wish:
        return [wish.closed.get(day, ()) for day in range(problem.today, problem.length)]
    return [
        opening.against
        for opening in problem.openings
        if (kind == "want" and opening.treatment == what) or (kind == "booked" and opening.slot.id == what)
    ]


def _at_home(name: str, problem: Problem) -> HomeWish | None:
    return next((wish for wish in problem.home.wished if name == f"want.{wish.treatment}"), None)


def _requirement(name: str, wish: str, problem: Problem, knowledge: Knowledge) -> Requirement:
    kind, _, what = name.partition(".")
    if kind in (*WISHES, *LIMITS, STANDS):
        return Requirement("booked" if kind == STANDS else kind, what)
    days = _days_against(name, wish, problem)
    since, until = (date.fromordinal(problem.start + day) for day in (min(days), max(days))) if days else (None, None)
    return Requirement("rule", name, _sources(name, knowledge), since, until)


def _days_against(rule: str, wish: str, problem: Problem) -> list[int]:
    """The days on which a rule stands against a wish; none where it holds throughout, so that no day needs naming."""
    at_home = _at_home(wish, problem)
    if at_home:
        closed = [at_home.closed, *(problem.home.items[number].closed for number in at_home.items)]
        ahead = range(problem.today, problem.length)
        days = [day for day in ahead if any(rule in each.get(day, ()) for each in closed)]
        return days if len(days) < len(ahead) else []
    treatment = wish.partition(".")[2].partition("@")[0]
    mine = [opening for opening in problem.openings if opening.treatment == treatment]
    if all(rule in opening.against for opening in mine):
        return []
    return [opening.day for opening in mine if rule in opening.against and not opening.virtual]


def _sources(rule: str, knowledge: Knowledge) -> tuple[str, ...]:
    record = knowledge.by_ref.get(rule)
    return record.source if record else ("house",)
