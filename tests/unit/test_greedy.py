"""What benchmarks compare with: a plan made without a solver, and the points that any plan gets."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pytest
from benchmarks.asked import WEEKS, examples, standard
from benchmarks.greedy import dropped, greedy, score
from benchmarks.plan import made, reducible_of
from benchmarks.profiles import EXAMPLES
from ortools.sat.python import cp_model
from tests.property.plan_cases import random_case

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.model.plan import CarePlan, Requirement
from pellucid.plan.check import check_plan
from pellucid.plan.encode import Encoder, IntVar
from pellucid.plan.encode_home import encode_home
from pellucid.plan.encode_visits import encode_visits
from pellucid.plan.make import plan_of
from pellucid.plan.pose import Asked, pose
from pellucid.plan.problem import Problem
from pellucid.plan.solve import SOLVED, Solution, settings, solve

SEEDS = (4, 7, 20, 31, 36, 60)
"""Drawn cases: a limit of minutes, appointments and pins are among them."""


class Solved(NamedTuple):
    """A problem with the solver's plan and the greedy one."""

    asked: Asked
    problem: Problem
    ours: Solution
    greedy: Solution

    @property
    def greedy_plan(self) -> CarePlan:
        return plan_of(self.asked, self.problem, self.greedy)


NAMES = (*(file.stem for file in sorted(EXAMPLES.glob("*.toml"))), "standard", *map(str, SEEDS))
"""The example intakes, the standard person, and drawn cases by their seed."""


@cache
def solved(name: str) -> Solved:
    asked = asked_by(name)
    problem = pose(asked)
    return Solved(asked, problem, solve(problem), greedy(problem))


def asked_by(name: str) -> Asked:
    if not name.isdecimal():
        return example_people()[name]
    case = random_case(int(name), base())
    return Asked(case.profile, case.assessment, case.slots, case.preferences, base(), case.start, case.weeks)


@cache
def example_people() -> dict[str, Asked]:
    return dict(examples(base(), WEEKS)) | {"standard": standard(base(), WEEKS)}


@cache
def base() -> Knowledge:
    return load()


every_person = pytest.mark.parametrize("name", NAMES)


@every_person
def test_the_points_of_the_solvers_plan_are_its_objective(name: str) -> None:
    each = solved(name)
    assert each.ours.proven
    assert score(each.problem, each.ours) == each.ours.objective
    assert set(dropped(each.problem, each.ours)) == set(each.ours.dropped)


@every_person
def test_the_greedy_plan_keeps_every_rule(name: str) -> None:
    each = solved(name)
    asked = each.asked
    assert check_plan(each.greedy_plan, asked.profile, None, asked.knowledge, assessment=asked.assessment) == []


@every_person
def test_the_solver_could_have_made_the_greedy_plan(name: str) -> None:
    each = solved(name)
    encoder = Encoder(each.problem)
    visits = encode_visits(encoder)
    home = encode_home(encoder, visits, None)
    first = frozenset(each.greedy.first.items())
    assert first <= home.first.keys()
    assert each.greedy.used <= home.used.keys()
    pairs = (
        (visits.taken, each.greedy.taken),
        (home.used, each.greedy.used),
        (home.deep, each.greedy.deep),
        (home.evenings, each.greedy.evenings),
        (home.first, first),
        (home.daily, each.greedy.daily),
    )
    for variables, chosen in pairs:
        _settle(encoder, variables, chosen)
    solver = cp_model.CpSolver()
    settings(solver, 2.0)
    assert solver.solve(encoder.model) in SOLVED


def _settle(encoder: Encoder, variables: Mapping[Any, IntVar], chosen: frozenset[Any]) -> None:
    for key, variable in variables.items():
        encoder.model.add(variable == int(key in chosen))


def test_the_greedy_plan_holds_something_of_everything() -> None:
    plan = solved("standard").greedy_plan
    assert len(plan.sessions) == 4
    assert len(plan.introductions) == 2
    assert any(day.deep_clean for day in plan.days)
    used = frozenset().union(*(day.used for day in plan.days))
    assert {"hyaluronic_serum", "vitamin_c_serum", "salicylic_wash", "clay_mask"} <= used


def test_a_use_less_costs_points() -> None:
    each = solved("standard")
    number = [item.product for item in each.problem.home.items].index("vitamin_c_serum")
    last = max(use for use in each.ours.used if use[0] == number)
    worse = replace(each.ours, used=each.ours.used - {last})
    assert score(each.problem, worse) == each.ours.objective - each.problem.weights["use"] * round(
        each.problem.home.items[number].fit
    )


def test_twelve_products_fit_the_standard_person_who_gets_four_of_sixty_slots() -> None:
    each = solved("standard")
    assert len(each.problem.home.items) == 12
    assert len(each.asked.slots) == 60
    assert len({slot.treatment for slot in each.asked.slots}) == 4
    assert len(each.ours.taken) == 4


def test_a_cause_with_a_requirement_too_many_is_found() -> None:
    asked = solved("fifteen_year_old").asked
    plan = made(asked).plan
    assert plan.clashes
    assert list(reducible_of(plan, asked)) == []
    clash = plan.clashes[0]
    padded = clash._replace(members=(*clash.members, Requirement("budget", "all")))
    assert len(list(reducible_of(replace(plan, clashes=(padded,)), asked))) == 1
