"""The solver finds what trying everything finds: on small problems put together by hand and drawn from seeds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.property import brute_force as naive
from tests.property import brute_force_home as naive_home
from tests.property.small_problems import RULE, home, item, opening, problem, random_problem
from tests.sample_plan import START

from pellucid.model.plan import Pin, Standing
from pellucid.plan.encode import Encoder
from pellucid.plan.introduce import encode_introductions
from pellucid.plan.problem import Apart, Conflict, Former, Minutes, Problem, Rate, Shared, Stage
from pellucid.plan.solve import (
    NEW_LIMIT,
    Solution,
    _at_home,
    _surely,
    _visits,
    _with_care_at_home,
    in_stages,
    solve,
    solve_at_once,
)
from pellucid.plan.starts import lost_at_home

CHUNKS = tuple(range(first, first + 16) for first in range(0, 160, 16))

LONG = 20.0
"""Deterministic time, far more than any of these problems takes."""


def starts(
    small: Problem, taken: frozenset[int], without: frozenset[int] = frozenset()
) -> tuple[int, Mapping[int, int]]:
    """What the second stage finds, and the day on which each elected item is to begin."""
    encoder = Encoder(small)
    firsts = encode_introductions(encoder, taken, without)
    answer = _surely(encoder, NEW_LIMIT)
    begins = {number: day for (number, day), var in firsts.items() if answer.solver.boolean_value(var)}
    return answer.objective, begins


def at_once(small: Problem) -> Solution:
    """The best of all, found with no stages before."""
    found = solve_at_once(small, LONG)
    assert found is not None
    return found


def at_home(small: Problem, found: Solution) -> naive_home.AtHome:
    """A solution's days ahead, as the plain reading has them."""
    ahead = range(small.today, small.length)
    return naive_home.AtHome(
        first=found.first,
        used={
            number: frozenset(day for day in ahead if (number, day) in found.used)
            for number in range(len(small.home.items))
        },
        evenings=frozenset(found.evenings) & frozenset(ahead),
        daily=found.daily,
    )


def differences(seed: int) -> Iterator[str]:
    """Where the stages find something else than trying everything does."""
    small = random_problem(seed)
    totals = []
    for costs in ({}, lost_at_home(small)):
        visits = _visits(small, costs)
        alone = naive.alone_points(small, visits.taken, costs=bool(costs))
        if alone is None or alone != naive.best_visits(small, costs=bool(costs)):
            yield f"{seed}: sessions worth {alone}, the best are worth {naive.best_visits(small, costs=bool(costs))}"
        points = naive.visit_points(small, visits.taken)
        best = naive_home.best_home(small, naive.standing(small, visits.taken), None)
        found = _with_care_at_home(small, visits)
        totals.append((points or 0) + (best or 0))
        if not found.proven or found.objective != totals[-1]:
            yield f"{seed}: {points} and {best}, told as {found.objective}, proven: {found.proven}"
        yield from _differences_in_stages(seed, naive.standing(small, visits.taken))
    if in_stages(small).objective != max(totals):
        yield f"{seed}: of {totals} not the better is taken"


def _differences_in_stages(seed: int, standing: naive.Days) -> Iterator[str]:
    small = random_problem(seed)
    idle, without = frozenset({-1}), frozenset[int]()
    while idle:
        days, idle = _at_home(small, standing, without)
        yield from _differences_at_home(seed, replace(days, taken=standing), without)
        without |= idle


def _differences_at_home(seed: int, found: Solution, without: frozenset[int]) -> Iterator[str]:
    small, around = random_problem(seed), found.taken
    points, begins = starts(small, around, without)
    if points != naive.best_starts(small, around, without):
        yield f"{seed}: beginnings worth {points}, the best are {naive.best_starts(small, around, without)}"
    days = naive_home.home_points(small, around, begins, at_home(small, found))
    best = naive_home.best_home(small, around, begins)
    if not days == best == found.objective:
        yield f"{seed}: days worth {days}, told as {found.objective}, the best are worth {best}"


@pytest.mark.parametrize("seeds", CHUNKS, ids=str)
def test_each_stage_finds_the_best_given_the_one_before(seeds: range) -> None:
    assert [line for seed in seeds for line in differences(seed)] == []


@pytest.mark.parametrize("seeds", CHUNKS, ids=str)
def test_all_at_once_finds_the_best_of_all(seeds: range) -> None:
    wrong = []
    for seed in seeds:
        small = random_problem(seed)
        found = at_once(small)
        best = naive_home.best_at_once(small)
        visits = naive.visit_points(small, found.taken)
        days = naive_home.home_points(small, found.taken, None, at_home(small, found))
        if visits is None or days is None or not found.proven or not visits + days == found.objective == best:
            wrong.append(f"{seed}: {visits} + {days}, told as {found.objective}; the best is {best}")
    assert wrong == []


@pytest.mark.parametrize("seeds", CHUNKS, ids=str)
def test_a_plan_in_stages_comes_to_what_it_is_told_to_and_never_to_more_than_all_at_once(seeds: range) -> None:
    for seed in seeds:
        small = random_problem(seed)
        found = in_stages(small)
        visits = naive.visit_points(small, found.taken)
        days = naive_home.home_points(small, found.taken, None, at_home(small, found))
        assert visits is not None, seed
        assert days is not None, seed
        assert visits + days == found.objective <= at_once(small).objective, seed


@pytest.mark.parametrize("seeds", CHUNKS, ids=str)
def test_no_more_is_dropped_than_in_stages_or_all_at_once(seeds: range) -> None:
    """What was asked for weighs more than any use or day, however it is found."""
    weight = {"want": 1, "pin": 2, "booked": 5}
    for seed in seeds:
        small = random_problem(seed)
        lost = [
            sum(weight[name.partition(".")[0]] for name in found.dropped)
            for found in (solve(small), in_stages(small), at_once(small))
        ]
        assert lost[0] <= min(lost), seed


# --- what trying everything finds is what one would expect ---------------------------------------------------


def used_on(found: Solution, number: int = 0) -> list[int]:
    return sorted(day for each, day in found.used if each == number)


def both_ways(small: Problem) -> Solution:
    """The solution, after a look at whether trying everything agrees."""
    found = in_stages(small)
    standing = naive.standing(small, found.taken)
    visits = naive.visit_points(small, found.taken)
    assert visits is not None
    assert found.objective == visits + (naive_home.best_home(small, standing, None) or 0)
    return found


def test_once_in_seven_days_is_the_same_day_of_each_week() -> None:
    found = both_ways(problem(10, home(item(rate=Rate(1, 7)))))
    first, second = used_on(found)
    assert second - first == 7


def test_twice_in_seven_days_is_no_two_evenings_in_a_row() -> None:
    days = used_on(both_ways(problem(11, home(item(rate=Rate(2, 7))))))
    assert len(days) == 4
    assert all(later - day >= 3 for day, later in pairwise(days))


def test_something_new_waits_for_its_test_and_follows_its_ramp() -> None:
    ramp = (Stage(0, Rate(1, 3)), Stage(4, Rate(1, 2)), Stage(6, Rate(1, 1)))
    new = item(new=True, ramp="some", stages=ramp, gap=14)
    assert used_on(both_ways(problem(10, home(new)))) == [2, 5, 7, 8, 9]


def test_of_two_new_things_the_second_waits_for_the_gap_of_the_first() -> None:
    one = item("one", new=True, gap=5, fit=9)
    other = item("other", new=True, gap=3, evening=("pm_serum",))
    small = problem(10, home(one, other))
    assert both_ways(small).first == at_once(small).first == {0: 2, 1: 7}


def test_of_two_new_things_for_every_evening_in_one_place_only_one_begins() -> None:
    one, other = item("one", new=True, gap=2, fit=9), item("other", new=True, gap=2)
    assert both_ways(problem(10, home(one, other))).first == {0: 2}


def test_at_most_so_many_new_things_in_the_window() -> None:
    one, other = item("one", new=True, gap=1), item("other", new=True, gap=1, evening=("pm_serum",))
    assert len(both_ways(problem(8, home(one, other, most_new=1))).first) == 1


def test_two_that_share_a_budget_are_used_as_often_as_it_lets_both() -> None:
    one, other = item("one"), item("other", evening=("pm_serum",))
    care = home(one, other, shared=(Shared("budget", Rate(2, 7), Rate(0, 7), (0, 1)),))
    assert len(both_ways(problem(7, care)).used) == 2


def test_the_budget_of_one_that_shares_it_alone_holds_too() -> None:
    care = home(item(), shared=(Shared("budget", Rate(2, 7), Rate(0, 7), (0,)),))
    assert len(both_ways(problem(7, care)).used) == 2


def test_what_must_not_meet_takes_turns() -> None:
    one, other = item("one"), item("other", evening=("pm_serum",))
    found = both_ways(problem(4, home(one, other, apart=(Apart("pair.some", 0, 1, "evening"),))))
    assert not set(used_on(found, 0)) & set(used_on(found, 1))


def test_a_deep_clean_evening_needs_a_mask_and_has_no_place_for_an_active() -> None:
    active, steam = item("active"), item("steam", evening=(), deep_clean=("dc_steam",))
    assert both_ways(problem(5, home(active, steam))).evenings == frozenset()
    mask = item("mask", evening=(), deep_clean=("dc_mask",), rate=Rate(1, 7), fit=9)
    found = both_ways(problem(5, home(active, steam, mask)))
    assert len(found.evenings) == 1
    assert not {day for number, day in found.used if number == 0} & found.evenings


def test_a_day_is_no_longer_than_there_are_minutes() -> None:
    minutes = Minutes(3, {"pm_cleanse": 1, "pm_active": 0.5}, frozenset(), frozenset({"pm_cleanse"}), frozenset())
    assert used_on(both_ways(problem(3, home(item(), minutes=minutes)))) == [0, 1, 2]
    assert used_on(both_ways(problem(3, home(item(minutes=13), minutes=minutes)))) == []


def test_a_session_that_is_worth_no_visit_is_not_proposed_unless_it_was_asked_for() -> None:
    assert both_ways(problem(3, home(), opening(1, value=90))).taken == frozenset()
    assert both_ways(problem(3, home(), opening(1, value=90), wanted=("facial",))).taken == {0}


def test_of_two_in_each_others_way_the_better_is_taken() -> None:
    small = problem(9, home(), opening(1), opening(3, value=700), conflicts=(Conflict(0, 1, RULE),))
    assert both_ways(small).taken == {1}


def test_an_appointment_outweighs_what_was_asked_for() -> None:
    booked = opening(1, treatment="peel", standing=Standing.BOOKED)
    small = problem(9, home(), booked, opening(2), conflicts=(Conflict(0, 1, RULE),), wanted=("facial",))
    found = both_ways(small)
    assert found.taken == {0}
    assert found.dropped == ("want.facial",)


def test_a_session_closes_the_days_that_it_bars() -> None:
    small = problem(4, home(item()), opening(1), bars={0: {0: {0: RULE, 1: RULE, 2: RULE}}})
    found = both_ways(small)
    assert found.taken == {0}
    assert used_on(found) == [3]


def test_what_was_planned_stays_where_it_was() -> None:
    used = {(0, day): True for day in (1, 4)}
    former = Former(today=2, used=used, deep={}, first_use={})
    assert used_on(both_ways(problem(6, home(item(rate=Rate(1, 3))), former=former))) == [1, 4]


# --- what must not be ---------------------------------------------------------------------------------------


def test_a_product_for_every_day_takes_minutes_only_in_the_half_of_the_day_that_there_is() -> None:
    """A toner stands in the morning, and in the deep-clean evening that this day does not have."""
    toner = item("toner", daily=True, morning=("am_toner",), evening=(), deep_clean=("dc_toner",))
    length = {"am_toner": 1, "dc_toner": 1, "pm_active": 1, "dc_mask": 9}
    mask = item("mask", deep_clean=("dc_mask",), rate=Rate(1, 7))
    care = home(toner, mask, minutes=Minutes(2, length, frozenset(), frozenset(), frozenset()))
    found = solve(problem(3, care))
    assert found.daily == {0}
    assert len(used_on(found, 1)) == 1


def test_a_product_for_every_day_can_not_be_pinned_to_a_day_that_is_closed_to_it() -> None:
    toner = item("toner", daily=True, evening=("pm_serum",), closed={1: RULE})
    found = solve(problem(3, home(toner), pins=(Pin("toner", START.fromordinal(START.toordinal() + 1)),)))
    assert found.dropped == ("pin.toner@2026-11-24",)


def test_a_choice_after_the_last_day_changes_nothing() -> None:
    one = item("one", new=True, gap=9, fit=9)
    other = item("other", new=True, gap=9, evening=("pm_serum",))
    late = Pin("other", START.fromordinal(START.toordinal() + 30))
    assert solve(problem(8, home(one, other), pins=(late,))) == solve(problem(8, home(one, other)))


def over(**first_use: int) -> Former:
    """Days that are over, on which each of these items was used for the first time."""
    begun = {int(name[1:]): day for name, day in first_use.items()}
    return Former(today=4, used=dict.fromkeys(begun.items(), True), deep={}, first_use=begun)


def test_what_is_over_stays_even_where_the_person_now_has_another_way_to_exfoliate() -> None:
    begun = item("acid", new=True, gap=14, rate=Rate(1, 7))
    own = item("own", rate=Rate(1, 7))
    found = solve(problem(8, home(begun, own, one_way=(0, 1)), former=over(_0=1)))
    assert (0, 1) in found.used


def test_what_is_over_stays_even_where_the_person_now_has_a_rival_of_it() -> None:
    begun, own = item("serum", new=True, gap=14), item("own")
    found = solve(problem(8, home(begun, own), former=over(_0=1)))
    assert (0, 1) in found.used


def test_what_is_over_stays_even_where_two_new_things_began_too_close_together() -> None:
    one, other = item("one", new=True, gap=14), item("other", new=True, gap=14, evening=("pm_serum",))
    found = solve(problem(8, home(one, other), former=over(_0=1, _1=2)))
    assert {(0, 1), (1, 2)} <= found.used
