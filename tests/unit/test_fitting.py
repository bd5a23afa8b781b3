"""Which of a clinic's slots fit someone: exactly those on whose day screening lets the treatment be."""

from dataclasses import replace

import pytest
from tests.property.plan_cases import random_case
from tests.sample_plan import FACIAL, START, slot
from tests.unit.plan_situations import ISOTRETINOIN, OILY, PEEL, at, someone

from pellucid.consult.screen import screen
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.errors import UnknownIdError
from pellucid.model.levels import Level
from pellucid.plan.fitting import fitting_slots


@pytest.mark.parametrize("seed", range(12))
def test_a_slot_fits_exactly_when_screening_says_so(seed: int, knowledge: Knowledge) -> None:
    case = random_case(seed, knowledge)
    slots = [
        replace(slot(treatment, at(10 * day)), level=level)
        for treatment in knowledge.of(Treatment)
        for day in range(-1, 9, 2)
        for level in (Level.L1, Level.L4)
    ]
    for treatment in knowledge.of(Treatment):
        expected = [
            each
            for each in slots
            if each.treatment == treatment
            and screen(case.profile, treatment, on=each.day, performer=each.level, knowledge=knowledge).status.bookable
        ]
        found = fitting_slots(case.profile, treatment, slots, knowledge=knowledge)
        assert sorted(found) == sorted(expected), treatment


def test_every_day_before_the_wait_is_over_is_left_out(knowledge: Knowledge) -> None:
    facial = {"history.procedures": [{"kind": FACIAL, "date": at(-10)}]}
    slots = [slot(FACIAL, at(day)) for day in range(40)]
    found = fitting_slots(someone(knowledge, {**OILY, **facial}).profile, FACIAL, slots, knowledge=knowledge)
    first = (found[0].day - START).days
    assert first >= 28 - 10
    assert [each.day for each in found] == [at(day) for day in range(first, 40)]


def test_they_come_in_the_order_of_their_times_and_only_for_that_treatment(knowledge: Knowledge) -> None:
    later, sooner, peel = slot(FACIAL, at(3), hour=15), slot(FACIAL, at(3), hour=8), slot(PEEL, at(3))
    found = fitting_slots(someone(knowledge, OILY).profile, FACIAL, iter((later, peel, sooner)), knowledge=knowledge)
    assert found == (sooner, later)


def test_nothing_fits_where_everything_is_ruled_out(knowledge: Knowledge) -> None:
    person = someone(knowledge, {**OILY, **ISOTRETINOIN})
    assert fitting_slots(person.profile, PEEL, [slot(PEEL, at(3))], knowledge=knowledge) == ()


def test_no_slots_no_fit(knowledge: Knowledge) -> None:
    assert fitting_slots(someone(knowledge, OILY).profile, FACIAL, (), knowledge=knowledge) == ()


def test_a_treatment_that_does_not_exist(knowledge: Knowledge) -> None:
    profile = someone(knowledge, OILY).profile
    with pytest.raises(UnknownIdError):
        fitting_slots(profile, "facail", [slot("facail", at(3))], knowledge=knowledge)
