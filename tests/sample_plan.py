"""A small care plan laid out by hand, for tests of what is made from one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.spec.cases import Case

from pellucid.consult.prepare import aftercare, preparation
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.plan import (
    Away,
    CarePlan,
    Clash,
    Day,
    Introduction,
    Preferences,
    Requirement,
    Session,
    Standing,
    Step,
)
from pellucid.model.profile import Profile
from pellucid.model.routine import RampStage
from pellucid.model.slot import Slot

START = date(2026, 11, 23)
"""A Monday; the clinic's summer time has ended, and starts again on 28 March 2027."""

ZONE = "Europe/Madrid"
FACIAL = "pore_cleanup_facial"

VISITS = (START + timedelta(days=15), START + timedelta(days=43))
"""The days of the sample plan's facials."""


def sample_profile(knowledge: Knowledge, **answers: Any) -> Profile:
    """Someone about whom everything was answered and nothing stands out, but for the answers given."""
    case = Case("plan", "sample", "a plan", {"wishes.treatments": [FACIAL, "aha_peel"], **answers})
    return make_profile(case.intake, knowledge=knowledge, today=START)


def slot(treatment: str, day: date, hour: int = 9, price: str = "60") -> Slot:
    """An opening at that hour, UTC."""
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Slot(
        starts=starts,
        ends=starts + timedelta(hours=1),
        treatment=treatment,
        practitioner="ines",
        room="room_1",
        level=Level.L1,
        zone=ZONE,
        location="harbour",
        price=Decimal(price),
        currency="EUR",
    )


def session(key: str, treatment: str, day: date, profile: Profile, knowledge: Knowledge) -> Session:
    """A proposed visit on a day, with what comes before and after it."""
    return Session(
        key=key,
        slot=slot(treatment, day),
        standing=Standing.PROPOSED,
        status=Status.CAUTION,
        preparation=preparation(profile, treatment, on=day, knowledge=knowledge),
        aftercare=aftercare(profile, treatment, on=day, knowledge=knowledge),
        confirm=(AnswerPath("now.skin"),),
    )


def home_day(
    on: date,
    *,
    deep_clean: bool = False,
    extra: tuple[Step, ...] = (),
    tests: tuple[str, ...] = (),
    visit: bool = False,
) -> Day:
    """The basics of one day, and what else is put on in the evening; before a visit no moisturiser."""
    morning = (
        Step("am_cleanse", "gentle_cleanser"),
        *(() if visit else (Step("am_moisturiser", "light_moisturiser"),)),
        Step("am_sunscreen", "sunscreen"),
    )
    routine = (
        Step("pm_remove_makeup", "oil_cleanser"),
        Step("pm_cleanse", "gentle_cleanser"),
        *extra,
        Step("pm_moisturiser", "light_moisturiser"),
    )
    ritual = (
        Step("dc_cleanse", "gentle_cleanser"),
        Step("dc_mask", "clay_mask"),
        Step("dc_rinse", ""),
        Step("dc_moisturiser", "light_moisturiser"),
    )
    return Day(on, morning, ritual if deep_clean else routine, deep_clean=deep_clean, tests=tests)


def sample_plan(profile: Profile, knowledge: Knowledge) -> CarePlan:
    """Twelve weeks with two facials, a clay mask on Sundays, one acid brought in, and one wish that had to go."""
    sessions = tuple(
        session(f"{FACIAL}-{number}", FACIAL, day, profile, knowledge) for number, day in enumerate(VISITS, start=1)
    )
    first = START + timedelta(days=22)
    dropped = Requirement("want", "aha_peel")
    event = Requirement("rule", "contraindication.gx32a_event_peel", ("D-PEEL", "house"), START, START)
    return CarePlan(
        start=START,
        weeks=12,
        skin="oily",
        sessions=sessions,
        days=tuple(_day(START + timedelta(days=number), first) for number in range(84)),
        introductions=(
            Introduction(
                "bha_leave_on",
                first - timedelta(days=7),
                first,
                "exfoliating_acid",
                (RampStage(first, 1), RampStage(first + timedelta(weeks=2), 2)),
            ),
        ),
        preferences=Preferences(
            wanted=(FACIAL, "aha_peel"),
            budget=Decimal(200),
            currency="EUR",
            away=(Away(date(2026, 12, 24), date(2026, 12, 27), "family"),),
        ),
        knowledge=knowledge.digest,
        objective=100,
        bound=100,
        proven=True,
        clashes=(Clash(dropped, (dropped, Requirement("slots", "aha_peel"), event)),),
        set_aside=("glycolic toner",),
        keep=(),
        reviews=(START + timedelta(days=84),),
    )


def _day(on: date, first: date) -> Day:
    weekday = on.weekday()
    acid = on >= first and weekday == first.weekday()
    return home_day(
        on,
        deep_clean=weekday == 6,
        extra=(Step("pm_active", "bha_leave_on"),) if acid and weekday != 6 else (),
        visit=on in VISITS,
        tests=("bha_leave_on",) if first - timedelta(days=7) <= on < first else (),
    )
