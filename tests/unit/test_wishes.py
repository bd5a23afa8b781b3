"""What the planner takes from the wishes of an intake, and that these wishes decide nothing else."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pellucid.consult.profile import make_profile
from pellucid.consult.questions import open_questions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.model.levels import Level
from pellucid.model.plan import Away, Pin, Preferences
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.plan.wishes import WEEKDAYS, preferences_of

TODAY = date(2026, 11, 20)


def someone(knowledge: Knowledge, **wishes: Any) -> Profile:
    return make_profile({"wishes": wishes} if wishes else {}, knowledge=knowledge, today=TODAY)


def preferences(knowledge: Knowledge, **wishes: Any) -> Preferences:
    return preferences_of(someone(knowledge, **wishes))


def test_someone_who_told_no_wish_has_none(knowledge: Knowledge) -> None:
    assert preferences(knowledge) == Preferences()


def test_every_wish_arrives(knowledge: Knowledge) -> None:
    told = preferences(
        knowledge,
        goals=["blackheads"],
        treatments=["aha_peel", "pore_cleanup_facial"],
        home_only=True,
        budget=350,
        currency="EUR",
        minutes_per_day=12,
        preferred_days=["saturday", "tuesday"],
        away=[{"from": "2026-12-21", "to": "2026-12-27", "name": "family"}],
    )
    assert told == Preferences(
        wanted=("aha_peel", "pore_cleanup_facial"),
        home_only=True,
        budget=Decimal(350),
        currency="EUR",
        minutes_per_day=12,
        weekdays=frozenset({1, 5}),
        away=(Away(date(2026, 12, 21), date(2026, 12, 27), "family"),),
    )


def test_a_treatment_named_twice_is_one_wish(knowledge: Knowledge) -> None:
    assert preferences(knowledge, treatments=["steam", "aha_peel", "steam"]).wanted == ("steam", "aha_peel")


@pytest.mark.parametrize(
    ("told", "amount"),
    [(0, "0"), (1500, "1500"), (1500.0, "1500"), (99.9, "99.9"), (0.1, "0.1"), (1_000_000, "1000000")],
)
def test_a_budget_is_the_amount_that_was_written(told: float, amount: str, knowledge: Knowledge) -> None:
    assert str(preferences(knowledge, budget=told).budget) == amount


@pytest.mark.parametrize(
    ("told", "currency"), [("eur", "EUR"), ("Hkd", "HKD"), (" usd ", "USD"), ("hk$", "HK$"), ("  ", None)]
)
def test_a_currency_is_written_in_capitals(told: str, currency: str | None, knowledge: Knowledge) -> None:
    assert preferences(knowledge, currency=told).currency == currency


@pytest.mark.parametrize("minutes", [0, 15])
def test_no_minutes_a_day_is_not_the_same_as_nothing_said(minutes: int, knowledge: Knowledge) -> None:
    assert preferences(knowledge, minutes_per_day=minutes).minutes_per_day == minutes


def test_every_weekday_is_its_own_number(knowledge: Knowledge) -> None:
    monday = date(2026, 11, 23)
    names = knowledge.get(Question, "wishes.preferred_days").options
    assert names == WEEKDAYS
    for number, name in enumerate(names):
        day = monday + timedelta(days=number)
        assert f"{day:%A}".lower() == name
        assert preferences(knowledge, preferred_days=[name]).weekdays == {day.weekday()}


def test_times_away_stand_in_the_order_of_their_days(knowledge: Knowledge) -> None:
    away = [{"from": "2027-01-08", "to": "2027-01-08"}, {"from": "2026-12-21", "to": "2026-12-27"}]
    assert preferences(knowledge, away=away).away == (
        Away(date(2026, 12, 21), date(2026, 12, 27)),
        Away(date(2027, 1, 8), date(2027, 1, 8)),
    )


def test_appointments_and_pins_are_passed_on(knowledge: Knowledge) -> None:
    starts = datetime(2026, 12, 1, 9, tzinfo=UTC)
    slot = Slot(starts, starts + timedelta(hours=1), "steam", "ines", "room_1", Level.L1, "Europe/Madrid")
    pin = Pin("clay_mask", date(2026, 12, 6))
    told = preferences_of(someone(knowledge), booked=(slot,), pins=(pin,))
    assert (told.booked, told.pins) == ((slot,), (pin,))


def test_when_someone_can_come_is_no_fact_about_their_skin(knowledge: Knowledge) -> None:
    away = [{"from": "2026-12-21", "to": "2026-12-27", "name": "beach holiday"}]
    told = someone(knowledge, preferred_days=["monday"], away=away)
    nothing = someone(knowledge)
    assert told.dated == ()
    assert told.unrecognised == ()
    assert open_questions(told, knowledge=knowledge) == open_questions(nothing, knowledge=knowledge)
