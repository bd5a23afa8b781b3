"""A care plan in words: its visits, days, stripes, routines, costs and changes, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sample_plan import FACIAL, START, sample_plan, sample_profile, session

from pellucid.exchange.build_plan import build_plan
from pellucid.exchange.build_plan_routines import letters
from pellucid.exchange.build_plan_stripes import segments_out
from pellucid.exchange.plan_model import PlanOut, StripeOut
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import CarePlan, Change, Happened, Standing
from pellucid.model.profile import Profile

CHINESE = re.compile("[\u4e00-\u9fff]")
WEDDING = {"kind": "wedding", "date": date(2027, 1, 16), "name": "Ana marries"}

each_language = pytest.mark.parametrize("language", LANGUAGES)


def told(knowledge: Knowledge, language: str = "en", answers: dict[str, Any] | None = None, **changes: Any) -> PlanOut:
    """The sample plan in words, with some of its fields changed."""
    profile = sample_profile(knowledge, **(answers or {}))
    return words_of(replace(sample_plan(profile, knowledge), **changes), profile, knowledge, language)


def words_of(plan: CarePlan, profile: Profile, knowledge: Knowledge, language: str = "en") -> PlanOut:
    return build_plan(plan, profile, knowledge=knowledge, texts=knowledge.texts(language))


def strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every string anywhere, with the name of its field."""
    match value:
        case dict():
            for key, item in value.items():
                yield from strings(item, key)
        case list():
            for item in value:
                yield from strings(item, name)
        case str():
            yield name, value


# --- the whole ----------------------------------------------------------------------------------------------


@each_language
def test_a_plan_in_words_survives_being_written_and_read(language: str, knowledge: Knowledge) -> None:
    out = told(knowledge, language)
    assert PlanOut.model_validate_json(out.model_dump_json()) == out


@each_language
def test_the_same_plan_gives_the_same_words(language: str, knowledge: Knowledge) -> None:
    assert told(knowledge, language).model_dump_json() == told(knowledge, language).model_dump_json()


@each_language
def test_no_parameter_is_left_open(language: str, knowledge: Knowledge) -> None:
    for field, text in strings(told(knowledge, language).model_dump(mode="json")):
        assert not re.search(r"\{\w*\}", text), (field, text)


def test_a_chinese_plan_is_in_chinese(knowledge: Knowledge) -> None:
    told_in = {"text", "title", "status_text", "standing_text", "evening_text", "when", "date_text", "why", "how"}
    foreign = {
        text
        for field, text in strings(told(knowledge, "zh_hant").model_dump(mode="json", exclude={"sources"}))
        if field in told_in and text and not CHINESE.search(text)
    }
    assert foreign == set()


def test_the_plan_says_what_it_comes_to(knowledge: Knowledge) -> None:
    out = told(knowledge)
    assert (out.title, out.text) == ("Your 12 weeks", "23 November 2026 to 14 February 2027")
    assert out.summary == [
        "2 visits; the next is on 8 December 2026, 10:00.",
        "Deep-clean evenings: 12.",
        "New, brought in step by step: Leave-on salicylic acid (BHA).",
        "Wishes that found no place: 1. Below you can read why, and what would make room.",
    ]


def test_a_plan_of_one_week_is_called_so(knowledge: Knowledge) -> None:
    days = sample_plan(sample_profile(knowledge), knowledge).days[:7]
    assert told(knowledge, weeks=1, days=days, sessions=(), introductions=()).title == "Your week"


def test_a_plan_without_visits_says_so(knowledge: Knowledge) -> None:
    out = told(knowledge, sessions=(), clashes=(), introductions=())
    assert out.summary[0] == "No visits: your care at home is the plan."
    assert (out.bands, out.costs, out.patch_test) == ([], [], [])


def test_every_source_named_is_listed_once(knowledge: Knowledge) -> None:
    out = told(knowledge).model_dump(mode="json")
    listed = [source["id"] for source in out.pop("sources")]
    named = {text for field, text in strings(out) if field == "sources"}
    assert named == set(listed)
    assert len(listed) == len(set(listed))


# --- visits and days ----------------------------------------------------------------------------------------


def test_a_visit_is_told_by_the_clinics_clock(knowledge: Knowledge) -> None:
    """Madrid is an hour ahead of UTC in December and two in April."""
    profile = sample_profile(knowledge)
    late = session(f"{FACIAL}-1", FACIAL, date(2027, 4, 6), profile, knowledge)
    plan = replace(sample_plan(profile, knowledge), sessions=(late,))
    summer, winter = words_of(plan, profile, knowledge).sessions[0], told(knowledge).sessions[0]
    assert (summer.time_text, winter.time_text) == ("11:00 to 12:00", "10:00 to 11:00")
    assert summer.starts.isoformat() == "2027-04-06T11:00:00+02:00"


def test_visits_are_numbered_in_the_order_of_time(knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    peel = session("aha_peel-1", "aha_peel", date(2027, 2, 2), profile, knowledge)
    out = words_of(replace(plan, sessions=(peel, *plan.sessions[::-1])), profile, knowledge)
    assert [(each.number, each.on) for each in out.sessions] == [
        (1, date(2026, 12, 8)),
        (2, date(2027, 1, 5)),
        (3, date(2027, 2, 2)),
    ]


def test_every_day_refers_to_routines_that_hold_its_steps(knowledge: Knowledge) -> None:
    out = told(knowledge)
    routines = {each.id: [step.text for step in each.steps] for each in out.routines}
    days = [day for week in out.weeks for day in week.days]
    assert [day.on for day in days] == [START + timedelta(days=number) for number in range(84)]
    for day in days:
        assert day.morning is not None
        assert day.evening is not None
        assert (routines[day.morning], routines[day.evening]) == (day.morning_steps, day.evening_steps)
    assert [each.name for each in out.routines] == [
        "Morning A",
        "Morning B",
        "Evening A",
        "Evening B",
        "Evening C",
    ]
    assert [each.text for each in out.routines] == [
        "The basics",
        "Only Gentle cleanser, Broad-spectrum sunscreen",
        "The basics",
        "Deep clean: Clay mask",
        "Leave-on salicylic acid (BHA)",
    ]
    assert sum(each.days for each in out.routines if each.part == "evening") == 84


def test_letters_go_on_after_z() -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 53)] == ["A", "Z", "AA", "AZ", "BA"]


def test_kinds_of_evening(knowledge: Knowledge) -> None:
    """The second facial keeps the acid away from it; after irritation the skin rests."""
    out = told(knowledge, log=(Happened(date(2027, 2, 1), "irritation"),))
    kinds = {day.on: day.evening_kind for week in out.weeks for day in week.days}
    assert kinds[date(2026, 12, 13)] == "deep_clean"
    assert kinds[date(2026, 12, 15)] == "active"
    assert kinds[date(2027, 1, 4)] == "quiet"
    assert kinds[date(2027, 1, 20)] == "routine"
    assert kinds[date(2027, 2, 1)] == "rest"


def test_today_is_in_one_week(knowledge: Knowledge) -> None:
    assert [week.number for week in told(knowledge).weeks if week.current] == [1]


def test_what_the_person_told_of_a_day_is_on_it(knowledge: Knowledge) -> None:
    out = told(knowledge, answers={"history.events": [WEDDING]})
    days = {day.on: day for week in out.weeks for day in week.days}
    assert days[date(2027, 1, 16)].events == ["Ana marries"]
    assert [day.on.day for day in days.values() if day.away] == [24, 25, 26, 27]
    assert ("event", "Ana marries") in [(each.kind, each.text) for each in out.dates]


# --- bands and stripes --------------------------------------------------------------------------------------


def test_a_products_pause_is_told_only_once_it_is_in_use(knowledge: Knowledge) -> None:
    """The acid begins a week after the first facial, so nothing pauses around that one."""
    out = told(knowledge)
    paused = [(stripe.since, stripe.until) for stripe in out.stripes if stripe.kind == "products"]
    assert paused == [(date(2027, 1, 2), date(2027, 1, 8))]
    first, second = ([line.name for line in each.preparation if line.action == "pause"] for each in out.sessions)
    assert (first, second) == ([], ["Leave-on salicylic acid (BHA)"])


def test_days_name_the_bands_that_cover_them(knowledge: Knowledge) -> None:
    out = told(knowledge)
    for day in (day for week in out.weeks for day in week.days):
        assert day.bands == [band.id for band in out.bands if band.since <= day.on <= band.until]
    ids = [band.id for band in out.bands]
    assert len(ids) == len(set(ids))


def test_a_stripe_holds_exactly_the_days_of_its_bands(knowledge: Knowledge) -> None:
    out = told(knowledge)
    bands = {band.id: band for band in out.bands}
    for stripe in out.stripes:
        days = {
            band.since + timedelta(days=number)
            for band in (bands[name] for name in stripe.bands)
            for number in range((band.until - band.since).days + 1)
        }
        if stripe.bands:
            assert (min(days), max(days), len(days)) == (
                stripe.since,
                stripe.until,
                (stripe.until - stripe.since).days + 1,
            )


def test_the_rest_after_irritation_is_one_stripe(knowledge: Knowledge) -> None:
    out = told(knowledge, log=(Happened(date(2027, 1, 20), "irritation"),))
    rest = [(stripe.since, stripe.until) for stripe in out.stripes if stripe.kind == "rest"]
    assert rest == [(date(2027, 1, 20), date(2027, 2, 2))]


def _stripe(number: int, first: int, length: int) -> StripeOut:
    since = START + timedelta(days=first)
    until = since + timedelta(days=length)
    return StripeOut(id=f"sun-{number}", kind="sun", label="", text="", since=since, until=until, sessions=[], bands=[])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), max_size=8))
def test_segments_cover_each_day_of_a_stripe_once_and_never_overlap(stretches: list[tuple[int, int]]) -> None:
    stripes = [_stripe(number, *stretch) for number, stretch in enumerate(stretches)]
    shown: list[tuple[str, date]] = []
    for week in range(8):
        monday = START + timedelta(weeks=week)
        taken: set[tuple[int, int]] = set()
        for each in segments_out(stripes, monday):
            places = {(each.lane, column) for column in range(each.first, each.last + 1)}
            assert not places & taken
            taken |= places
            shown += [(each.stripe, monday + timedelta(days=column)) for _, column in places]
    days = [(each.id, each.since + timedelta(days=n)) for each in stripes for n in range(51) if n <= _last(each)]
    assert sorted(shown) == sorted(days)


def _last(stripe: StripeOut) -> int:
    return (stripe.until - stripe.since).days


# --- cost, quality, changes ---------------------------------------------------------------------------------


def test_costs_are_told_by_currency(knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    first, second = plan.sessions
    mixed = (
        replace(first, slot=replace(first.slot, price=Decimal("59.90"))),
        replace(second, slot=replace(second.slot, currency="TWD", price=Decimal(1500))),
        replace(second, key=f"{FACIAL}-3", standing=Standing.DONE),
    )
    out = words_of(replace(plan, sessions=mixed), profile, knowledge)
    assert [(each.text, each.budget_text) for each in out.costs] == [
        ("Visits with a price: 1, together 59.90 EUR", "Your budget: 200 EUR"),
        ("Visits with a price: 1, together 1500 TWD", None),
    ]


@pytest.mark.parametrize(
    ("objective", "bound", "proven", "within"),
    [
        (100, 100, True, 0),
        (970, 1000, False, 3.0),
        (9999, 10000, False, 0.1),
        (-5, 10, False, None),
        (100, None, False, None),
    ],
)
def test_how_good_a_plan_is_is_never_overstated(
    objective: int, bound: int | None, proven: bool, within: float | None, knowledge: Knowledge
) -> None:
    quality = told(knowledge, objective=objective, bound=bound, proven=proven).quality
    assert (quality.proven, quality.within_percent) == (proven, within)
    assert ("proven" in quality.text) is proven


def test_the_same_change_on_many_days_is_told_once(knowledge: Knowledge) -> None:
    rest = "home_number.rest_after_irritation"
    days = [START + timedelta(days=number) for number in range(30, 36)]
    changes = [Change(day, "product.bha_leave_on", "used", "", rest) for day in days]
    moved = Change(
        days[0], f"session.{FACIAL}-2", "2027-01-05T09:00:00+00:00", "2027-01-12T09:00:00+00:00", "log.missed_session"
    )
    out = told(knowledge, changes=(moved, *changes), revision=1)
    assert [each.text for each in out.changes] == [
        "Left out: Leave-on salicylic acid (BHA), on 6 days, 23 to 28 December 2026",
        "Pore clean-up facial moves from 5 January 2027, 10:00 to 12 January 2027, 10:00",
    ]
    assert out.changes[1].because == "a visit that did not happen"


def test_only_what_this_revision_changed_is_marked(knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    days = (replace(plan.days[0], changed=1), replace(plan.days[1], changed=2), *plan.days[2:])
    first, second = plan.sessions
    visits = (replace(first, changed=1), replace(second, changed=2))
    out = words_of(replace(plan, days=days, sessions=visits, revision=2), profile, knowledge)
    assert [day.on for week in out.weeks for day in week.days if day.changed] == [START + timedelta(days=1)]
    assert [visit.changed for visit in out.sessions] == [False, True]
