"""Visits and care at home in a FHIR bundle: as firm as in the plan, at the right time, on exactly the right days."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fhir_bundles import FILES, Json, of, only, resources, told_of, visits, worked_out
from tests.sample_plan import START, sample_plan

from pellucid.exchange.build_plan_clashes import clashes_out
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.fhir_plan import _timing
from pellucid.knowledge.load import load
from pellucid.model.plan import Happened, Part, Standing

# --- appointments -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "status", "taking_part"),
    [
        (Standing.PROPOSED, "proposed", "needs-action"),
        (Standing.BOOKED, "booked", "accepted"),
        (Standing.DONE, "fulfilled", "accepted"),
        (Standing.MISSED, "noshow", "accepted"),
    ],
)
def test_a_visit_stands_as_firm_as_in_the_plan(standing: Standing, status: str, taking_part: str) -> None:
    visit = replace(visits()[0], standing=standing)
    bundle = of(sessions=(visit,))
    appointment = only(bundle, "Appointment")
    assert appointment["status"] == status
    assert {each["status"] for each in appointment["participant"]} == {taking_part}
    assert ("requestedPeriod" in appointment) == (standing is Standing.PROPOSED)
    assert only(bundle, "CarePlan")["status"] == ("draft" if standing is Standing.PROPOSED else "active")
    assert appointment["comment"].startswith(load().texts("en").phrase(f"plan.standing.{standing}"))


def test_times_follow_the_clinics_clock_across_summer_time() -> None:
    planned = visits(date(2027, 3, 26), date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 31))
    night = planned[1].slot
    across = replace(
        night, starts=datetime(2027, 3, 28, 0, 30, tzinfo=UTC), ends=datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    )
    planned = (planned[0], replace(planned[1], slot=across), *planned[2:])
    found = resources(of(sessions=planned), "Appointment")
    assert [(each["start"], each["end"]) for each in found] == [
        ("2027-03-26T10:00:00+01:00", "2027-03-26T11:00:00+01:00"),
        ("2027-03-28T01:30:00+01:00", "2027-03-28T03:30:00+02:00"),
        ("2027-03-28T11:00:00+02:00", "2027-03-28T12:00:00+02:00"),
        ("2027-10-31T10:00:00+01:00", "2027-10-31T11:00:00+01:00"),
    ]
    for each, visit in zip(found, planned, strict=True):
        assert datetime.fromisoformat(each["start"]) == visit.slot.starts
        assert datetime.fromisoformat(each["end"]) == visit.slot.ends
        assert each["minutesDuration"] == 60


def test_who_and_where_are_named_as_the_clinic_does() -> None:
    visit = visits()[0]
    bundle = of(sessions=(replace(visit, slot=replace(visit.slot, devices=("led_2",), location="")),))
    patient, *others = (each["actor"] for each in only(bundle, "Appointment")["participant"])
    assert patient["type"] == "Patient"
    assert [(each["type"], each["identifier"]["value"]) for each in others] == [
        ("PractitionerRole", "ines"),
        ("Location", "room_1"),
        ("Device", "led_2"),
    ]


# --- the plan ---------------------------------------------------------------------------------------------


def test_a_plan_points_to_its_visits_in_order_and_to_the_answers() -> None:
    bundle = of()
    plan = only(bundle, "CarePlan")
    appointments = {f"urn:uuid:{each['id']}": each["start"] for each in resources(bundle, "Appointment")}
    starts = [appointments[each["reference"]["reference"]] for each in plan["activity"] if "reference" in each]
    assert starts == sorted(appointments.values())
    assert len(starts) == 2
    assert plan["supportingInfo"][0]["type"] == "QuestionnaireResponse"
    assert (plan["status"], plan["intent"]) == ("draft", "plan")
    assert plan["period"] == {"start": "2026-11-23", "end": "2027-02-14"}
    assert load().digest in plan["instantiatesUri"][0]


@pytest.mark.parametrize("changes", [{"log": (Happened(START, "missed"),)}, {"days": "first is done"}])
def test_a_plan_that_is_being_followed_is_active(changes: Mapping[str, Any]) -> None:
    plan = sample_plan(worked_out(FILES[0]).profile, load())
    done = (replace(plan.days[0], standing=Standing.DONE), *plan.days[1:])
    bundle = of(**{**changes, **({"days": done} if "days" in changes else {})})
    assert only(bundle, "CarePlan")["status"] == "active"
    states = {each["code"]["text"]: each["status"] for each in details(bundle)}
    began = "in-progress" if "days" in changes else "not-started"
    assert states["Gentle cleanser"] == began
    assert states["Clay mask"] == "not-started"


def test_what_is_over_is_completed() -> None:
    plan = sample_plan(worked_out(FILES[0]).profile, load())
    over = START + timedelta(days=21)
    days = tuple(replace(day, standing=Standing.DONE) if day.on <= over else day for day in plan.days)
    *_, test, review = (each for each in details(of(days=days)) if "when" not in str(each))
    assert (test["status"], test["scheduledPeriod"]["end"]) == ("completed", str(over))
    assert (review["status"], days_of(review["scheduledTiming"])) == ("not-started", list(plan.reviews))


def details(bundle: Json) -> list[Json]:
    return [each["detail"] for each in only(bundle, "CarePlan")["activity"] if "detail" in each]


def days_of(timing: Json) -> list[date]:
    """The days that a timing gives, worked out by itself."""
    if "event" in timing:
        return [date.fromisoformat(each) for each in timing["event"]]
    repeat = timing["repeat"]
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (1, 1, "d")
    first, last = (date.fromisoformat(repeat["boundsPeriod"][side]) for side in ("start", "end"))
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in every if names[day.weekday()] in repeat.get("dayOfWeek", names)]


def test_care_at_home_falls_on_exactly_the_planned_days() -> None:
    plan = sample_plan(worked_out(FILES[0]).profile, load())
    found = Counter(
        (each["code"]["coding"][0]["code"], each["description"].split(":")[0], day)
        for each in details(of())
        if "scheduledTiming" in each and each["code"]["coding"][0]["system"] == "urn:pellucid:code:product"
        for day in days_of(each["scheduledTiming"])
    )
    wanted = {
        (step.product, part, day.on)
        for day in plan.days
        for part, steps in (("Morning", day.morning), ("Evening", day.evening))
        for step in steps
        if step.product
    }
    assert found == Counter(wanted)
    (ritual,) = [each for each in details(of()) if each["code"]["coding"][0]["code"] == "home_deep_clean"]
    assert days_of(ritual["scheduledTiming"]) == [day.on for day in plan.days if day.deep_clean]


@given(st.sets(st.dates(START, START + timedelta(days=40)), min_size=1), st.sampled_from(Part))
def test_a_timing_gives_exactly_its_days(days: set[date], part: Part) -> None:
    assert days_of(json.loads(_timing(sorted(days), part).model_dump_json())) == sorted(days)


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(8, 60))
def test_the_same_weekdays_of_every_week_are_a_rule(weekdays: set[int], length: int) -> None:
    every = [START + timedelta(days=number) for number in range(length)]
    days = [day for day in every if day.weekday() in weekdays]
    timing = json.loads(_timing(days, Part.EVENING).model_dump_json())
    assert ("repeat" in timing) == (days[-1] - days[0] >= timedelta(days=7))
    assert timing.get("repeat", {}).get("when", ["EVE"]) == ["EVE"]


def test_something_new_is_tried_on_a_small_spot_first() -> None:
    (test,) = [each for each in details(of()) if "scheduledPeriod" in each]
    assert test["code"]["coding"][0]["code"] == "bha_leave_on"
    assert test["scheduledPeriod"] == {"start": "2026-12-08", "end": "2026-12-14"}


def test_an_empty_plan_has_no_activity() -> None:
    plan = only(of(sessions=(), days=(), introductions=(), reviews=()), "CarePlan")
    assert "activity" not in plan


def test_notes_say_what_was_dropped_in_the_words_of_the_report() -> None:
    found, texts = told_of({}), load().texts("en")
    plan = sample_plan(found.profile, load())
    (clash,) = clashes_out(PlanWords(plan, found.profile, load(), texts))
    assert "Superficial AHA peel" in clash.text
    assert [each["text"] for each in only(of(keep=("doxycycline",)), "CarePlan")["note"]] == [
        texts.phrase("notice.intended_use"),
        clash.text,
        "Left out while this plan runs: glycolic toner.",
        texts.phrase("routine.keep", list="doxycycline"),
    ]
