"""The checker of care plans, given a calendar, given nonsense, and put into words."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sample_plan import FACIAL, START, slot
from tests.strategies import KNOWLEDGE, examples
from tests.unit.plan_broken_home import MUTATIONS
from tests.unit.plan_mutations import (
    ACID,
    CLAY,
    FIRST,
    RETINOID,
    SECOND,
    at,
    codes,
    found,
    irritated,
    oily,
    opening,
    phrases,
    valid_plan,
    whole,
    wishes,
    wrong,
)
from tests.unit.plan_people import PEOPLE, REACTS

from pellucid.booking.calendar import Booking, Calendar, Location, Practitioner, Resource, Service, Stretch
from pellucid.consult.assess import assess
from pellucid.knowledge.base import Knowledge
from pellucid.model.levels import Level
from pellucid.model.plan import CarePlan, Named, Violation, detail
from pellucid.plan.check import check_plan, phrase_of

# --- the clinic's calendar -------------------------------------------------------------------------------


def clinic(*, opens: int = 9) -> Calendar:
    """A clinic in which one person works from Monday to Friday, with the second facial booked."""
    hours = ((Stretch(60 * opens, 60 * 14),),) * 5 + ((), ())
    booked = slot(FACIAL, at(SECOND))
    return Calendar(
        locations=(Location("harbour", "Europe/Madrid"),),
        practitioners=(Practitioner("ines", "harbour", Level.L1, hours),),
        rooms=(Resource("room_1", "harbour", "cabin"),),
        services=(Service(FACIAL, 60, Level.L1, "cabin", price=Decimal(60), currency="EUR"),),
        bookings=(Booking("ines", "room_1", booked.starts, booked.ends, treatment=FACIAL),),
    )


def test_a_proposed_slot_is_one_that_the_clinic_offers(knowledge: Knowledge) -> None:
    assert found(knowledge, calendar=clinic()) == []
    (closed,) = found(knowledge, calendar=clinic(opens=12))
    assert closed == Violation("slot", at(FIRST), f"{FACIAL}-1", "", detail("word", what=Named("refusal", "closed")))
    (dear,) = found(knowledge, opening(0, price=Decimal(61)), clinic())
    assert (dear.code, dear.detail) == ("slot", detail("word", what=Named("refusal", "wrong_price")))


# --- plans edited by hand --------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [date.min, date.max, date(1899, 12, 31), date(2101, 1, 1)])
def test_a_start_off_the_calendar_is_named(start: date, knowledge: Knowledge) -> None:
    wrong_start = Violation("start", start, "", "", detail("years", first=1900, last=2100))
    assert wrong_start in found(knowledge, whole(start=start))


@pytest.mark.parametrize(("weeks", "too_long"), [(156, False), (157, True)])
def test_a_plan_is_no_longer_than_screening_looks_ahead(weeks: int, too_long: bool, knowledge: Knowledge) -> None:
    assert ("weeks" in codes(found(knowledge, whole(weeks=weeks)))) is too_long


def test_an_appointment_that_cannot_be_read_is_named(knowledge: Knowledge) -> None:
    odd = replace(slot(FACIAL, at(SECOND)), zone="Europe/Atlantis")
    change = wishes(booked=(slot(FACIAL, at(SECOND)), odd))
    assert found(knowledge, change) == [Violation("slot_time", None, odd.id, "")]


def test_the_assessment_is_worked_out_where_none_is_given(knowledge: Knowledge) -> None:
    profile = oily(knowledge)
    plan = valid_plan(profile, knowledge)
    other = assess(oily(knowledge, **REACTS), knowledge=knowledge, today=START)
    own = assess(profile, knowledge=knowledge, today=START)
    assert check_plan(plan, profile, None, knowledge, assessment=own) == []
    assert "skin" in codes(check_plan(plan, profile, None, knowledge, assessment=other))


JUNK: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.sampled_from([0, -1, 1, 7, 200, 10**9]),
    float: st.sampled_from([0.0, -1.0, float("nan"), float("inf")]),
    str: st.sampled_from(
        ["", "moon_dust", CLAY, ACID, RETINOID, "aha_peel", "pm_active", "dc_mask", "Europe", "../x", "雲"]
    ),
    Decimal: st.sampled_from([Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal(-5), Decimal(10) ** 30]),
    datetime: st.sampled_from(
        [
            datetime.min.replace(tzinfo=UTC).replace(tzinfo=None),
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
        ]
    ),
    date: st.sampled_from([date.min, date.max, at(-1), at(0), at(40), at(83), at(84)]),
}
"""Values of the right type that make no sense."""


def junk(draw: st.DrawFn, value: Any) -> Any:
    """The value with something in it deleted, doubled, put elsewhere or replaced by something of its type."""
    if isinstance(value, Enum):
        return draw(st.sampled_from(list(type(value))))
    if is_dataclass(value) and not isinstance(value, type):
        name = draw(st.sampled_from([each.name for each in fields(value)]))
        return replace(value, **{name: junk(draw, getattr(value, name))})
    if hasattr(value, "_fields"):
        name = draw(st.sampled_from(value._fields))
        return value._replace(**{name: junk(draw, getattr(value, name))})
    if isinstance(value, tuple):
        return _shuffled(draw, list(value))
    kind = next((each for each in (bool, int, float, str, Decimal, datetime, date) if isinstance(value, each)), None)
    return draw(JUNK[kind]) if kind else value


def _shuffled(draw: st.DrawFn, items: list[Any]) -> tuple[Any, ...]:
    if not items:
        return ()
    here, there = (draw(st.integers(0, len(items) - 1)) for _ in range(2))
    match draw(st.sampled_from(["change", "change", "change", "delete", "double", "swap", "empty"])):
        case "change":
            items[here] = junk(draw, items[here])
        case "delete":
            del items[here]
        case "double":
            items.insert(there, items[here])
        case "swap":
            items[here], items[there] = items[there], items[here]
        case _:
            items.clear()
    return tuple(items)


@st.composite
def broken_plans(draw: st.DrawFn) -> CarePlan:
    """The valid plan with up to six things in it spoilt."""
    profile = oily(KNOWLEDGE)
    plan = irritated(60)(valid_plan(profile, KNOWLEDGE), profile, KNOWLEDGE)
    for _ in range(draw(st.integers(1, 6))):
        part = draw(
            st.sampled_from(["sessions", "days", "introductions", "preferences", "log", "start", "weeks", "skin"])
        )
        plan = replace(plan, **{part: junk(draw, getattr(plan, part))})
    return plan


@settings(examples(60), deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_no_plan_upsets_the_checker(data: st.DataObject) -> None:
    plan = data.draw(broken_plans())
    profile = oily(KNOWLEDGE)
    violations = check_plan(plan, profile, clinic(), KNOWLEDGE)
    assert len(set(violations)) == len(violations)
    assert {phrase_of(each) for each in violations} <= phrases("en").keys()


# --- in words --------------------------------------------------------------------------------------------


def test_each_kind_of_violation_has_its_sentence_and_is_planted_once(knowledge: Knowledge) -> None:
    planted = {wrong(each.wrong).code for each in (*MUTATIONS, *PEOPLE)} | {"slot", "start"}
    assert {f"violation.{code}" for code in planted} == phrases("en").keys() == phrases("zh_hant").keys()


@pytest.mark.parametrize("language", ["en", "zh_hant"])
def test_each_sentence_can_be_said(language: str, knowledge: Knowledge) -> None:
    texts = knowledge.texts(language)
    for name in phrases(language):
        said = texts.phrase(name, what="WHAT", day="DAY", detail="DETAIL", rule="RULE")
        assert "{" not in said
        assert "safe" not in said
