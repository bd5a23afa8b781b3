"""What holds for every care plan, whoever it is for: tried on people, clinics and wishes drawn from seeds."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain, combinations
from pathlib import Path

import pytest
from tests.property.plan_cases import PlanCase, planned, random_case

from pellucid.consult.assess import assess
from pellucid.consult.profile import profile_of
from pellucid.consult.screen import Screening
from pellucid.consult.suppose import with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Product
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level
from pellucid.model.plan import UNDECIDED, CarePlan, Clash, Happened, Pin, Standing
from pellucid.model.profile import Profile
from pellucid.plan.check import check_plan
from pellucid.plan.clash import Requirements
from pellucid.plan.home import DEEP_CLEAN
from pellucid.plan.make import outside
from pellucid.plan.pose import Asked, pose
from pellucid.plan.problem import Home, Problem, Rate
from pellucid.plan.replan import replan
from pellucid.plan.solve import solve

SEEDS = 150
CHUNKS = tuple(range(first, first + 10) for first in range(0, SEEDS, 10))

FEW = tuple(range(first, first + 4) for first in range(0, 12, 4))
"""For laws that take a plan or two more."""

WHY_EVERY = 5
"""Looking at every clash between visits from all sides takes long: every fifth case is enough of them."""

HALF = 0.5
STILL_OPEN = 0.8
"""Share of the slots that nobody else has taken by then."""

MANY = 6
"""Wishes of which every choice is tried."""


@dataclass(frozen=True)
class Tried:
    """A case and its plan."""

    case: PlanCase
    plan: CarePlan
    knowledge: Knowledge

    @cached_property
    def visits(self) -> Requirements:
        """What has to be kept between sessions."""
        wishes = replace(self.case.preferences, pins=())
        return Requirements(pose(asked(replace(self.case, preferences=wishes), self.knowledge), named=True))

    @cached_property
    def days(self) -> Requirements:
        """What has to be kept at home as well."""
        return Requirements(pose(asked(self.case, self.knowledge), named=True))

    @property
    def dropped(self) -> list[str]:
        """The wishes that the plan says it does without."""
        return [clash.dropped.ref for clash in self.plan.clashes]


def asked(case: PlanCase, knowledge: Knowledge) -> Asked:
    """What the planner asks itself, appointments before and after the plan's days included."""
    beyond = outside(case.preferences, case.start, case.weeks)
    profile = with_visits(case.profile, beyond, knowledge=knowledge)
    return Asked(profile, case.assessment, case.slots, case.preferences, knowledge, case.start, case.weeks)


# --- laws of one plan ---------------------------------------------------------------------------------------


def keeps_every_rule(tried: Tried) -> Iterator[str]:
    case = tried.case
    for violation in check_plan(tried.plan, case.profile, None, tried.knowledge, assessment=case.assessment):
        yield f"{violation.code} {violation.on} {violation.what} {violation.rule} {violation.detail}"


def comes_to_no_more_than_its_bound(tried: Tried) -> Iterator[str]:
    plan = tried.plan
    if plan.bound is None:
        assert not plan.proven
    elif plan.objective > plan.bound or (plan.proven and plan.objective != plan.bound):
        yield f"objective {plan.objective}, bound {plan.bound}, proven: {plan.proven}"


def tells_of_each_wish_that_was_dropped(tried: Tried) -> Iterator[str]:
    missing = sorted(_unmet(tried))
    if sorted(tried.dropped) != missing:
        yield f"dropped {tried.dropped}, but not there is {missing}"
    for clash in tried.plan.clashes:
        others = {member.ref for member in clash.members} - {clash.dropped.ref}
        if clash.dropped not in clash.members:
            yield f"{clash.dropped.ref} is not among {sorted(others)}"
        # An appointment that is dropped beside another one has not been cancelled: it still takes its place.
        if any(name in tried.dropped and not name.startswith("booked.") for name in others):
            yield f"{clash.dropped.ref} is said to clash with what the plan doesn't hold either: {sorted(others)}"


def _unmet(tried: Tried) -> Iterator[str]:
    """The wishes for the plan's days that it does not fulfil."""
    case, plan = tried.case, tried.plan
    days = {day.on: day for day in plan.days}
    slots = [session.slot for session in plan.sessions]
    for name in asked(case, tried.knowledge).wanted:
        if name not in {slot.treatment for slot in slots}:
            yield f"want.{name}"
    yield from (f"want.{name}" for name in _not_done_at_home(tried))
    for slot in case.preferences.booked:
        if slot.day in days and slot not in slots:
            yield f"booked.{slot.id}"
    for pin in case.preferences.pins:
        if pin.on in days and pin.product not in days[pin.on].used:
            yield f"pin.{pin.product}@{pin.on}"


def _not_done_at_home(tried: Tried) -> Iterator[str]:
    """Treatments at home that were asked for and that no day holds; what needs no product only has to be allowed."""
    records, products = tried.knowledge.of(Treatment), tried.knowledge.of(Product).values()
    decide = Screening(tried.case.profile, tried.knowledge).decide
    for name in dict.fromkeys(tried.case.preferences.wanted):
        if records[name].setting != "home" or not records[name].offered:
            continue
        doing = {product.id for product in products if product.screened_as == name}
        done = (
            day.deep_clean
            if name == DEEP_CLEAN
            else bool(day.used & doing) or (not doing and decide(name, on=day.on, performer=Level.L0).status.bookable)
            for day in tried.plan.days
        )
        if not any(done):
            yield name


def tells_no_more_than_what_clashes(tried: Tried) -> Iterator[str]:
    """Together impossible, and possible as soon as any one of them goes."""
    for clash in tried.plan.clashes:
        if any(member.kind == UNDECIDED for member in clash.members):
            yield f"{clash.dropped.ref}: there was no time to tell why"
        elif any(member.kind == "pin" for member in clash.members):
            yield from _not_smallest(clash, tried.days)
        elif tried.case.seed % WHY_EVERY == 0:
            yield from _not_smallest(clash, tried.visits)


def _not_smallest(clash: Clash, requirements: Requirements) -> Iterator[str]:
    members = [member.ref for member in clash.members]
    if requirements.clash(members) is None:
        yield f"{clash.dropped.ref}: {members} can all be kept"
    for member in members:
        without = [each for each in members if each != member]
        if requirements.clash(without) is not None:
            yield f"{clash.dropped.ref}: {without} are impossible without {member}"


def drops_no_more_than_it_must(tried: Tried) -> Iterator[str]:
    """No lighter set of wishes for sessions would do: an appointment weighs more than any five wishes."""
    wishes = [name for name in tried.visits.names if name.startswith(("want.", "booked."))] if _few(tried) else []
    dropped = [name for name in tried.dropped if name in wishes]
    rest = [name for name in tried.visits.names if name not in wishes] if dropped else []
    sets = chain.from_iterable(combinations(wishes, count) for count in range(len(wishes))) if dropped else ()
    for fewer in sets:
        lighter = _weight(fewer) < _weight(dropped)
        if lighter and tried.visits.clash([*rest, *(name for name in wishes if name not in fewer)]) is None:
            yield f"dropped {dropped}, but {list(fewer)} would do"


def _few(tried: Tried) -> bool:
    wishes = tried.case.preferences
    few = len(wishes.wanted) + len(wishes.booked) <= MANY and not wishes.pins
    return few and tried.case.seed % WHY_EVERY == 0


def _weight(names: tuple[str, ...] | list[str]) -> int:
    return sum(5 if name.startswith("booked.") else 1 for name in names)


LAWS: tuple[Callable[[Tried], Iterator[str]], ...] = (
    keeps_every_rule,
    comes_to_no_more_than_its_bound,
    tells_of_each_wish_that_was_dropped,
    tells_no_more_than_what_clashes,
    drops_no_more_than_it_must,
)


@pytest.mark.parametrize("seeds", CHUNKS, ids=str)
def test_every_plan_keeps_the_laws(seeds: range, knowledge: Knowledge) -> None:
    broken = []
    for seed in seeds:
        case = random_case(seed, knowledge, with_pins=True)
        tried = Tried(case, planned(case, knowledge), knowledge)
        broken += [f"{seed}: {law.__name__}: {line}" for law in LAWS for line in law(tried)]
    assert broken == []


# --- laws of two plans --------------------------------------------------------------------------------------

QUICK = (13, 14, 19, 62, 80, 85, 118, 140)
"""Cases of every length with sessions and products in their plans, and nothing that takes long to tell."""


@pytest.mark.parametrize("seed", QUICK)
def test_the_same_case_gives_the_same_plan(seed: int, knowledge: Knowledge) -> None:
    assert planned(random_case(seed, knowledge), knowledge) == planned(random_case(seed, knowledge), knowledge)


SCRIPT = """
from tests.property.test_plan_laws import print_of
print(print_of(range(3)))
"""


def print_of(seeds: range) -> str:
    """One fingerprint of every character of some plans."""
    from pellucid.knowledge.load import load  # noqa: PLC0415 - for a process of its own

    knowledge = load()
    plans = [repr(planned(random_case(seed, knowledge), knowledge)) for seed in seeds]
    return hashlib.sha256("\n".join(plans).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_gives_the_same_plan(hash_seed: str) -> None:
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.strip() == print_of(range(3))


@pytest.mark.parametrize("seed", QUICK)
def test_nothing_hangs_on_the_order_of_the_slots(seed: int, knowledge: Knowledge) -> None:
    case = random_case(seed, knowledge)
    backwards = replace(case, slots=case.slots[::-1])
    assert planned(backwards, knowledge) == planned(case, knowledge)


@pytest.mark.parametrize("seeds", FEW, ids=str)
def test_more_openings_never_give_worse_sessions(seeds: range, knowledge: Knowledge) -> None:
    for seed in seeds:
        problem = pose(asked(random_case(seed, knowledge), knowledge))
        fewer = _without_some(problem, random.Random(seed))  # noqa: S311 - cases to try, not secrets
        assert solve(_sessions_alone(fewer)).objective <= solve(_sessions_alone(problem)).objective, seed


def _without_some(problem: Problem, choose: random.Random) -> Problem:
    """The problem with some openings less; appointments stay."""
    proposed = [opening.standing is Standing.PROPOSED for opening in problem.openings]
    kept = [number for number, free in enumerate(proposed) if not free or choose.random() < HALF]
    place = {number: new for new, number in enumerate(kept)}
    conflicts = tuple(
        each._replace(first=place[each.first], second=place[each.second])
        for each in problem.conflicts
        if each.first in place and each.second in place
    )
    return replace(problem, openings=tuple(problem.openings[number] for number in kept), conflicts=conflicts)


def _sessions_alone(problem: Problem) -> Problem:
    """The problem with nothing to do at home."""
    closed = dict.fromkeys(range(problem.length), ("nothing.at_home",))
    nothing = Home((), (), (), closed, Rate(1, 7), 7, {}, frozenset(), 2, 84)
    return replace(problem, home=nothing, bars={}, deep_bars={}, pins=())


@pytest.mark.parametrize("seeds", FEW, ids=str)
def test_an_appointment_that_nothing_rules_out_is_always_there(seeds: range, knowledge: Knowledge) -> None:
    for seed in seeds:
        case = random_case(seed, knowledge)
        decide = Screening(case.profile, knowledge).decide
        free = [
            slot
            for slot in case.slots
            if case.start <= slot.day <= case.until
            and decide(slot.treatment, on=slot.day, performer=slot.level).status.bookable
        ]
        if free:
            booked = random.Random(seed).choice(free)  # noqa: S311 - cases to try, not secrets
            wishes = replace(case.preferences, booked=(booked,), budget=None, pins=())
            plan = planned(replace(case, preferences=wishes), knowledge)
            there = [session.standing for session in plan.sessions if session.slot == booked]
            assert there == [Standing.BOOKED], seed


@pytest.mark.parametrize("seeds", FEW, ids=str)
def test_a_choice_that_the_plan_holds_anyway_is_kept_when_it_is_pinned(seeds: range, knowledge: Knowledge) -> None:
    for seed in seeds:
        case = random_case(seed, knowledge)
        case = replace(case, preferences=replace(case.preferences, pins=()))
        plan = planned(case, knowledge)
        basics = frozenset.intersection(*(day.used for day in plan.days))
        uses = [Pin(product, day.on) for day in plan.days for product in sorted(day.used - basics)]
        if uses:
            pin = random.Random(seed).choice(uses)  # noqa: S311 - cases to try, not secrets
            wishes = replace(case.preferences, pins=(pin,))
            pinned = planned(replace(case, preferences=wishes), knowledge)
            assert pin.product in pinned.days[(pin.on - case.start).days].used, (seed, pin)


@pytest.mark.parametrize("seeds", FEW, ids=str)
def test_with_no_money_there_is_no_session_that_costs_any(seeds: range, knowledge: Knowledge) -> None:
    for seed in seeds:
        case = random_case(seed, knowledge)
        wishes = replace(case.preferences, budget=Decimal(0), currency="EUR", pins=())
        plan = planned(replace(case, preferences=wishes), knowledge)
        proposed = [each for each in plan.sessions if each.standing is Standing.PROPOSED]
        assert not any(each.slot.price for each in proposed), seed


# --- laws of a plan that is laid out again ------------------------------------------------------------------


def _some_time_later(case: PlanCase, plan: CarePlan, knowledge: Knowledge) -> tuple[CarePlan, Profile]:
    """The next revision on a day in the plan, with fewer slots and with whatever may have happened since."""
    choose = random.Random(case.seed)  # noqa: S311 - cases to try, not secrets
    today = choose.choice(plan.days).on
    over = [day.on for day in plan.days if day.on < today]
    visited = [session.day for session in plan.sessions if session.day < today]
    told = (("missed", over), ("irritation", over), ("missed_session", visited))
    log = tuple(Happened(choose.choice(days), what) for what, days in told if days and choose.random() < HALF)
    answers = {str(path): value for path, value in case.profile.answers.items()}
    profile = profile_of(answers, knowledge=knowledge, today=today)
    assessment = assess(profile, None, knowledge=knowledge, today=today)
    slots = tuple(slot for slot in case.slots if choose.random() < STILL_OPEN)
    again = replan(plan, profile=profile, assessment=assessment, slots=slots, knowledge=knowledge, log=log)
    return again, profile


@pytest.mark.parametrize("seeds", CHUNKS[:2], ids=str)
def test_a_plan_laid_out_again_keeps_every_rule_and_what_is_over(seeds: range, knowledge: Knowledge) -> None:
    broken = []
    for seed in seeds:
        case = random_case(seed, knowledge, with_pins=True)
        plan = planned(case, knowledge)
        again, profile = _some_time_later(case, plan, knowledge)
        broken += [f"{seed}: no word of {each.dropped.ref}" for each in again.clashes if not each.members[1:]]
        broken += [f"{seed}: {violation}" for violation in check_plan(again, profile, None, knowledge)]
        keys = {session.slot.id: session.key for session in again.sessions}
        for session in plan.sessions:
            if keys.get(session.slot.id, session.key) != session.key:
                broken.append(f"{seed}: {session.key} is called {keys[session.slot.id]} now")
        missed = {entry.on for entry in again.log if entry.what == "missed"}
        for before, after in zip(plan.days, again.days, strict=True):
            if after.on < profile.today and after.on not in missed and before.used != after.used:
                broken.append(f"{seed}: {after.on} is over and changed")
    assert broken == []
