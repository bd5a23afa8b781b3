"""How good and how fast a care plan is: one JSON line a figure, ours beside its peers, in one run.

Peers are a greedy planner (``benchmarks/greedy.py``), the whole plan as one model with no stages, and one model for all
care at home with the sessions that ours has. They are given the very ``Problem`` that ours solved, and every plan gets
its points in the same way (``greedy.score``). One model stops at a limit in deterministic time and counts with what it
has reached. Points leave out what is lost by the wishes that nobody can grant.

- ``examples``: every example intake, with sixty open slots for the four treatments that are looked at first.
- ``standard``: one invented person for whom exactly twelve home products fit, half of them in use already, and who has
  money for four sessions among sixty open slots for the four treatments that she asks for. It is a real problem, from
  an intake and the knowledge as they are; nothing is widened.
- ``growth``: the standard person over 4, 12, 26 and 52 weeks, with as many slots a week and as much money.
- ``random``: drawn cases, in two processes. ``check_plan`` judges every plan, every set of requirements that clash must
  be possible as soon as any one of them goes, and no greedy plan should be better. A case that fails is printed.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.property.plan_cases import random_case

from benchmarks.asked import WEEKS, examples, standard
from benchmarks.greedy import dropped, goal_of, greedy, score
from pellucid.consult.suppose import with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.model.plan import CarePlan, Standing
from pellucid.plan.check import check_plan
from pellucid.plan.clash import Requirements
from pellucid.plan.make import make_plan, outside
from pellucid.plan.pose import Asked, pose
from pellucid.plan.problem import Problem
from pellucid.plan.solve import Solution, solve_at_once

FIGURES = ("examples", "standard", "growth", "random")
LONG = (4, 12, 26, 52)
LIMIT = 20.0
"""Deterministic time for the one model."""
CASES = 2000
PROCESSES = 2


def main() -> None:
    """Measure and print."""
    told = _arguments()
    knowledge = load()
    made(standard(knowledge, 1))  # the first call of the solver is slower
    for figure in told.only:
        if figure == "examples":
            for weeks in told.weeks or (WEEKS,):
                _examples(knowledge, weeks, told.limit)
        elif figure == "random":
            _random(told.cases)
        else:
            for weeks in told.weeks or (LONG if figure == "growth" else (WEEKS,)):
                _case(f"{figure}, {weeks} weeks", standard(knowledge, weeks), told.limit)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=FIGURES, default=FIGURES, help="figures to measure")
    parser.add_argument("--weeks", nargs="+", type=int, help="lengths of the plans, instead of the usual ones")
    parser.add_argument("--cases", type=int, default=CASES, help="how many random cases, by seed from 0")
    parser.add_argument("--limit", type=float, default=LIMIT, help="deterministic time for the one model")
    return parser.parse_args()


# --- one case ---------------------------------------------------------------------------------------------------


class Call(NamedTuple):
    """One call of a function of the planner."""

    name: str
    begun: float
    ended: float
    result: Any


@contextmanager
def watched(*names: str) -> Iterator[list[Call]]:
    """Note each call of these functions, by full name, with its time and what came out."""
    calls: list[Call] = []
    with ExitStack() as stack:
        for name in names:
            module, _, function = name.rpartition(".")
            stack.enter_context(mock.patch(name, _noting(name, getattr(import_module(module), function), calls)))
        yield calls


def _noting(name: str, function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    def noting(*given: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        result = function(*given, **named)
        calls.append(Call(name, begun, time.perf_counter(), result))
        return result

    return noting


@dataclass(frozen=True)
class Made:
    """One plan, and how long each part of it took."""

    plan: CarePlan
    problem: Problem
    solution: Solution
    seconds: Mapping[str, float]
    """``all`` of it; ``pose``; ``solve``, with its parts ``visits`` and ``home``; the ``rest``: telling of it."""


POSE, SOLVE = "pellucid.plan.make.pose", "pellucid.plan.make.solve"
STAGES = {"pellucid.plan.solve._visits": "visits", "pellucid.plan.solve._with_care_at_home": "home"}


def made(asked: Asked) -> Made:
    """Call ``make_plan`` and look on."""
    with watched(POSE, SOLVE, *STAGES) as calls:
        begun = time.perf_counter()
        plan = make_plan(
            asked.profile,
            asked.assessment,
            slots=asked.slots,
            preferences=asked.preferences,
            knowledge=asked.knowledge,
            start=asked.start,
            weeks=asked.weeks,
        )
        whole = time.perf_counter() - begun
    posed, *stages, solved = calls
    parts = {"all": whole, "pose": posed.ended - posed.begun, "solve": solved.ended - solved.begun}
    for stage in stages:
        parts[STAGES[stage.name]] = parts.get(STAGES[stage.name], 0) + stage.ended - stage.begun
    parts["rest"] = whole - parts["pose"] - parts["solve"]
    return Made(plan, posed.result, solved.result, parts)


class Peer(NamedTuple):
    """What another planner made of the same problem."""

    solution: Solution | None
    """None where it found nothing within its limit."""
    seconds: float


@dataclass(frozen=True)
class Beside:
    """Ours beside its peers, for one problem."""

    ours: Made
    peers: Mapping[str, Peer]

    def points(self, solution: Solution) -> int:
        """What a plan comes to, but for the wishes that nobody grants."""
        problem = self.ours.problem
        found = [self.ours.solution, *(peer.solution for peer in self.peers.values() if peer.solution)]
        never = set.intersection(*(set(dropped(problem, each)) for each in found))
        return score(problem, solution) + sum(problem.weights[goal_of(name)] for name in never)

    def gap(self, solution: Solution) -> float | None:
        """How far it may be from the best of its kind, as a part of its points; None where that is not known."""
        if solution.bound is None:
            return None
        return (solution.bound - solution.objective) / max(1, self.points(solution))


def _same_sessions(made: Made, limit: float) -> Solution:
    """The best care at home with the sessions that ours has: they stand, and everything else is ruled out."""
    taken = made.solution.taken
    openings = tuple(
        replace(each, standing=Standing.BOOKED) if number in taken else replace(each, against=("settled",))
        for number, each in enumerate(made.problem.openings)
    )
    solution = solve_at_once(replace(made.problem, openings=openings), limit)
    assert solution is not None, "the limit was too short even for that"
    assert solution.taken == taken
    return solution


PEERS: Mapping[str, Callable[[Made, float], Solution | None]] = {
    "greedy": lambda made, _: greedy(made.problem),
    "one model": lambda made, limit: solve_at_once(made.problem, limit),
    "one model, same sessions": _same_sessions,
}


def beside(asked: Asked, limit: float) -> Beside:
    """Plan one case with every planner."""
    ours = made(asked)
    return Beside(ours, {name: _peer(plan, ours, limit) for name, plan in PEERS.items()})


def _peer(plan: Callable[[Made, float], Solution | None], ours: Made, limit: float) -> Peer:
    begun = time.perf_counter()
    try:
        solution = plan(ours, limit)
    except AssertionError:
        solution = None
    return Peer(solution, time.perf_counter() - begun)


# --- figures ----------------------------------------------------------------------------------------------------


def _case(name: str, asked: Asked, limit: float) -> Beside:
    """Measure one case and print it."""
    found = beside(asked, limit)
    ours = found.ours
    about = {
        "slots": len(asked.slots),
        "openings": len(ours.problem.openings),
        "products": len(ours.problem.home.items),
        "sessions": len(ours.plan.sessions),
        "dropped": len(ours.plan.clashes),
        "objective": ours.plan.objective,
        "proven": ours.plan.proven,
    }
    points = found.points(ours.solution)
    _print(f"{name}: plan", "points", points, gap=found.gap(ours.solution), **about)
    for peer, (solution, seconds) in found.peers.items():
        _print_peer(f"{name}: points, beside {peer}", found, solution)
        _print(f"{name}: solving, beside {peer}", "s", ours.seconds["solve"], seconds)
    parts = {part: spent for part, spent in ours.seconds.items() if part != "all"}
    _print(f"{name}: time", "s", ours.seconds["all"], **parts)
    return found


def _print_peer(figure: str, found: Beside, peer: Solution | None) -> None:
    points = found.points(found.ours.solution)
    if peer is None:
        _print(f"{figure}, which found nothing", "points", points)
        return
    reached = found.points(peer)
    gap = found.gap(peer) if peer.bound != peer.objective or peer.proven else None
    more = {"peer_gap": gap, "peer_sessions": len(peer.taken), "peer_dropped": len(peer.dropped)}
    _print(figure, "points", points, reached, ahead=points - reached, **more)


def _examples(knowledge: Knowledge, weeks: int, limit: float) -> None:
    found = [_case(name, asked, limit) for name, asked in examples(knowledge, weeks)]
    about, plans = f"examples, {weeks} weeks", len(found)
    for part in found[0].ours.seconds:
        spent = [each.ours.seconds[part] for each in found]
        _print(f"{about}: time of {part}, median", "s", statistics.median(spent), worst=max(spent))
    spent = [each.ours.seconds["solve"] for each in found]
    for name in PEERS:
        peers = [each.peers[name] for each in found]
        seconds = [peer.seconds for peer in peers]
        _print(f"{about}: solving, median, beside {name}", "s", statistics.median(spent), statistics.median(seconds))
        _print(f"{about}: solving, worst, beside {name}", "s", max(spent), max(seconds))
        both = [(each, peer.solution) for each, peer in zip(found, peers, strict=True) if peer.solution]
        ours = sum(each.points(each.ours.solution) for each, _ in both)
        _print(f"{about}: points in all, beside {name}", "points", ours, sum(each.points(plan) for each, plan in both))
        proven = sum(plan.proven for _, plan in both)
        _print(f"{about}: proven, beside {name}", "plans", sum(each.ours.plan.proven for each in found), proven)
    gaps = [each.gap(each.ours.solution) for each in found]
    _print(f"{about}: largest gap", "part", max(gap for gap in gaps if gap is not None), plans=plans)


# --- random cases -----------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """What became of one random case."""

    seed: int
    crash: str
    seconds: float = 0.0
    violations: tuple[str, ...] = ()
    reducible: tuple[str, ...] = ()
    """What can't be had, where what is named as the cause could all be kept, or isn't all needed."""
    behind: int = 0
    """By how many points the greedy plan is better."""


def _random(cases: int) -> None:
    found = []
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        for judged in pool.imap_unordered(judge, range(cases), chunksize=5):
            found.append(judged)
            if judged.crash or judged.violations or judged.reducible or judged.behind:
                print(json.dumps({"figure": "random: a case that fails"} | judged._asdict()), flush=True)
    planned = [each for each in found if not each.crash]
    seconds = [each.seconds for each in planned]
    _print("random: cases", "cases", len(found))
    _print("random: crashes", "crashes", len(found) - len(planned), aim=0)
    _print("random: violations", "violations", sum(len(each.violations) for each in found), aim=0)
    _print("random: clashes that are not irreducible", "clashes", sum(len(each.reducible) for each in found), aim=0)
    _print("random: plans that the greedy one beats", "plans", sum(each.behind > 0 for each in found), aim=0)
    _print("random: time of make_plan, median", "s", statistics.median(seconds), worst=max(seconds))


def judge(seed: int) -> Judged:
    """Plan one random case, and look for anything that is wrong with the plan."""
    knowledge = _knowledge()
    try:
        case = random_case(seed, knowledge)
        beyond = outside(case.preferences, case.start, case.weeks)
        profile = with_visits(case.profile, beyond, knowledge=knowledge)
        asked = Asked(profile, case.assessment, case.slots, case.preferences, knowledge, case.start, case.weeks)
        ours = made(asked)
        found = check_plan(ours.plan, case.profile, None, knowledge, assessment=case.assessment)
        return Judged(
            seed,
            crash="",
            seconds=ours.seconds["all"],
            violations=tuple(f"{each.code} {each.on} {each.what}" for each in found),
            reducible=tuple(reducible_of(ours.plan, asked)),
            behind=max(0, greedy(ours.problem).objective - ours.plan.objective),
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is counted
        return Judged(seed, f"{type(error).__name__}: {error}")


def reducible_of(plan: CarePlan, asked: Asked) -> Iterator[str]:
    """What can't be had and is told with a cause that isn't one, or is more than one."""
    if not plan.clashes:
        return
    requirements = Requirements(pose(asked, named=True))
    for clash in plan.clashes:
        names = [each.ref for each in clash.members]
        fewer = ([each for each in names if each != name] for name in names)
        if requirements.clash(names) is None or any(requirements.clash(each) is not None for each in fewer):
            yield f"{clash.dropped.ref}: {', '.join(names)}"


@cache
def _knowledge() -> Knowledge:
    return load()


def _print(
    figure: str, unit: str, ours: float, peer: float | None = None, aim: float | None = None, **more: float | None
) -> None:
    line = {"figure": figure, "unit": unit, "ours": round(ours, 4)}
    if peer is not None:
        line |= {"peer": round(peer, 4)}
        line |= {"ratio": round(ours / peer, 3)} if ours > 0 and peer > 0 else {}
    line |= {"aim": aim} if aim is not None else {}
    print(json.dumps(line | {name: round(value, 4) for name, value in more.items() if value is not None}), flush=True)


if __name__ == "__main__":
    main()
