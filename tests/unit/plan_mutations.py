"""A care plan that keeps every rule, and one small change for each way to break one."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from tests.sample_plan import FACIAL, START, home_day, sample_profile, session, slot

from pellucid.booking.calendar import Calendar
from pellucid.exchange.violations import ViolationWords
from pellucid.knowledge.base import Knowledge
from pellucid.model.levels import Status
from pellucid.model.plan import (
    Away,
    CarePlan,
    Day,
    Happened,
    Introduction,
    Pin,
    Preferences,
    Session,
    Standing,
    Step,
    Violation,
)
from pellucid.model.profile import Profile
from pellucid.model.routine import RampStage
from pellucid.plan.check import check_plan

OILY: Mapping[str, Any] = {
    "skin.t_zone_shine": "clear",
    "skin.cheek_shine": "clear",
    "skin.cheek_feel": "oily",
    "pores.nose.look": ["round"],
    "lesions.open_comedones": 15,
}
"""Someone with oily skin whom nothing stands in the way of."""

FIRST, SECOND = 15, 43
"""The days of the two facials; the second one is booked."""

DEEP_CLEANS = frozenset({13, 20, 27, 41, 48, 55, 62, 69, 76, 83})
"""Sundays with a clay mask; on day 34 the person is away."""

ACIDS = frozenset({23, 30, 37, 51, 58, 65, 72, 79})
"""Wednesdays with an acid, from its first use on and not close to a facial."""

RESTS_FROM = 36
"""The day of an irritation, where there is one."""

CLAY, ACID, RETINOID = "clay_mask", "bha_leave_on", "retinoid_cosmetic"


def at(day: int) -> date:
    """A day of the plan, counted from nought."""
    return START + timedelta(days=day)


def oily(knowledge: Knowledge, **answers: Any) -> Profile:
    """The person of the plan, with other answers where given."""
    return sample_profile(knowledge, **{**OILY, **answers})


def stages(first: int, *steps: tuple[int, float]) -> tuple[RampStage, ...]:
    """Stages of a ramp-up: weeks after the first use, and times a week."""
    return tuple(RampStage(at(first + 7 * weeks), times) for weeks, times in steps)


def ramp_of_acid(first: int) -> tuple[RampStage, ...]:
    """Once a week for two weeks, then twice."""
    return stages(first, (0, 1), (2, 2))


def valid_plan(profile: Profile, knowledge: Knowledge) -> CarePlan:
    """Two facials, a clay mask on Sundays and an acid on Wednesdays, both of them new: nothing is wrong with it."""
    facials = [session(f"{FACIAL}-{number}", FACIAL, at(day), profile, knowledge) for number, day in visits()]
    return CarePlan(
        start=START,
        weeks=12,
        skin="oily",
        sessions=(facials[0], replace(facials[1], standing=Standing.BOOKED)),
        days=tuple(_day(number) for number in range(84)),
        introductions=(
            Introduction(CLAY, at(0), at(7), None, ()),
            Introduction(ACID, at(15), at(22), "exfoliating_acid", ramp_of_acid(22)),
        ),
        preferences=Preferences(
            budget=Decimal(200),
            currency="EUR",
            minutes_per_day=20,
            away=(Away(at(31), at(34), "family"),),
            booked=(slot(FACIAL, at(SECOND)),),
            pins=(Pin(CLAY, at(20)),),
        ),
        knowledge=knowledge.digest,
        objective=1,
        bound=1,
        proven=True,
    )


def visits() -> tuple[tuple[int, int], ...]:
    """Number and day of each facial."""
    return (1, FIRST), (2, SECOND)


def _day(number: int) -> Day:
    tests = [name for name, first in ((CLAY, 0), (ACID, 15)) if first <= number < first + 7]
    acid = (Step("pm_active", ACID),) if number in ACIDS else ()
    visit = number in {FIRST, SECOND}
    return home_day(at(number), deep_clean=number in DEEP_CLEANS, extra=acid, tests=tuple(tests), visit=visit)


# --- ways to change a plan --------------------------------------------------------------------------------

Change = Callable[[CarePlan, Profile, Knowledge], CarePlan]


def day(number: int, **fields: Any) -> Change:
    """Other values on one day."""

    def change(plan: CarePlan, _profile: Profile, _knowledge: Knowledge) -> CarePlan:
        days = list(plan.days)
        days[number] = replace(days[number], **fields)
        return replace(plan, days=tuple(days))

    return change


def put(number: int, layer: str, product: str, place: int = -1, *, part: str = "evening") -> Change:
    """One more step, before the one that stands at a place of that half of the day."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        steps = list(getattr(plan.days[number], part))
        steps.insert(place, Step(layer, product))
        return day(number, **{part: tuple(steps)})(plan, profile, knowledge)

    return change


def acid(*numbers: int) -> Change:
    """The acid on more evenings."""
    return both(*(put(number, "pm_active", ACID) for number in numbers))


def take(number: int, layer: str, *, part: str = "evening") -> Change:
    """One layer less."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        steps = tuple(step for step in getattr(plan.days[number], part) if step.layer != layer)
        return day(number, **{part: steps})(plan, profile, knowledge)

    return change


def evening(number: int, *, deep_clean: bool) -> Change:
    """A deep-clean evening, or a plain one."""
    return day(number, evening=home_day(at(number), deep_clean=deep_clean).evening, deep_clean=deep_clean)


def visit(number: int, **fields: Any) -> Change:
    """Other values of one session."""

    def change(plan: CarePlan, _profile: Profile, _knowledge: Knowledge) -> CarePlan:
        sessions = list(plan.sessions)
        sessions[number] = replace(sessions[number], **fields)
        return replace(plan, sessions=tuple(sessions))

    return change


def opening(number: int, **fields: Any) -> Change:
    """Other values of one session's slot; its lines stay."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        changed = replace(plan.sessions[number].slot, **fields)
        return visit(number, slot=changed)(plan, profile, knowledge)

    return change


def moved(number: int, to: int) -> Change:
    """One session on another day, with the lines of that day, whose morning is left bare."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        old = plan.sessions[number]
        new = session(old.key, old.slot.treatment, at(to), profile, knowledge)
        changed = visit(number, slot=new.slot, preparation=new.preparation, aftercare=new.aftercare)
        return both(changed, bare(to))(plan, profile, knowledge)

    return change


def bare(number: int) -> Change:
    """No moisturiser on the morning of a day, as before a visit; nothing where the plan has no such day."""
    return lambda plan, profile, knowledge: (
        take(number, "am_moisturiser", part="morning")(plan, profile, knowledge)
        if 0 <= number < len(plan.days)
        else plan
    )


def more(key: str, treatment: str, on: int, *, hour: int = 9, status: Status = Status.CAUTION) -> Change:
    """One more session, after a bare morning."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        new = session(key, treatment, at(on), profile, knowledge)
        added = replace(new, slot=slot(treatment, at(on), hour, price="10"), status=status)
        return bare(on)(replace(plan, sessions=(*plan.sessions, added)), profile, knowledge)

    return change


def wishes(**fields: Any) -> Change:
    """Other preferences."""
    return lambda plan, _profile, _knowledge: replace(plan, preferences=replace(plan.preferences, **fields))


def introduction(number: int, **fields: Any) -> Change:
    """Other values of one introduction."""

    def change(plan: CarePlan, _profile: Profile, _knowledge: Knowledge) -> CarePlan:
        found = list(plan.introductions)
        found[number] = replace(found[number], **fields)
        return replace(plan, introductions=tuple(found))

    return change


def added(new: Introduction) -> Change:
    """One more introduction; the days stay as they are."""
    return lambda plan, _profile, _knowledge: replace(plan, introductions=(*plan.introductions, new))


def brought_in(product: str, first: int, ramp: str | None = None, told: tuple[RampStage, ...] = ()) -> Change:
    """One more introduction, with the days of its test."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        new = Introduction(product, at(first - 7), at(first), ramp, told)
        changed = added(new)(plan, profile, knowledge)
        for number in range(max(first - 7, 0), first):
            tests = (*changed.days[number].tests, product)
            changed = day(number, tests=tests)(changed, profile, knowledge)
        return changed

    return change


def whole(**fields: Any) -> Change:
    """Other values of the plan itself."""
    return lambda plan, _profile, _knowledge: replace(plan, **fields)


AS_IS: Change = whole()


def days(pick: Callable[[tuple[Day, ...]], tuple[Day, ...]]) -> Change:
    """Other days, or the same in another order."""
    return lambda plan, _profile, _knowledge: replace(plan, days=pick(plan.days))


def sessions(pick: Callable[[tuple[Session, ...]], tuple[Session, ...]]) -> Change:
    """Other sessions."""
    return lambda plan, _profile, _knowledge: replace(plan, sessions=pick(plan.sessions))


def irritated(number: int = RESTS_FROM) -> Change:
    """Stinging or burning on a day."""
    return whole(log=(Happened(at(number), "irritation"),))


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> CarePlan:
        for each in changes:
            plan = each(plan, profile, knowledge)
        return plan

    return change


class Wrong(NamedTuple):
    """How the checker must name a fault."""

    code: str
    on: date | None
    what: str
    rule: str


def wrong(words: str) -> Wrong:
    """A fault from words: code, day of the plan, what it is about and the record behind it; ``-`` where there is none.

    >>> wrong("window 40 bha_leave_on window.strong_active_before").on == at(40)
    True
    """
    code, on, what, rule = [*words.split(), "-", "-", "-"][:4]
    blank = {"-": ""}
    return Wrong(code, None if on == "-" else at(int(on)), blank.get(what, what), blank.get(rule, rule))


class Mutation(NamedTuple):
    """A change that breaks a rule."""

    name: str
    change: Change
    wrong: str
    """What the checker must name: words as ``wrong`` reads them."""
    besides: str = ""
    """Codes of all else that is wrong then."""


def found(
    knowledge: Knowledge, change: Change = AS_IS, calendar: Calendar | None = None, **answers: Any
) -> list[Violation]:
    """What the checker says of the plan after a change, for a person with other answers where given."""
    profile = oily(knowledge, **answers)
    plan = change(valid_plan(profile, knowledge), profile, knowledge)
    return check_plan(plan, profile, calendar, knowledge)


def named(violations: Iterable[Violation], words: str) -> list[Violation]:
    """Those of one kind, day and thing."""
    return [each for each in violations if each[:4] == wrong(words)]


def said(violation: Violation, knowledge: Knowledge) -> str:
    """Its detail in English."""
    return ViolationWords(valid_plan(oily(knowledge), knowledge), knowledge, knowledge.texts("en")).detail(
        violation.detail
    )


def codes(violations: Iterable[Violation]) -> set[str]:
    """The kinds of violations that there are."""
    return {each.code for each in violations}


@cache
def phrases(language: str) -> dict[str, str]:
    """The sentences about violations."""
    file = files("pellucid") / "knowledge" / "data" / "text" / language / "interface.toml"
    read = tomllib.loads(file.read_text("utf-8"))["phrase"]
    return {name: each["text"] for name, each in read.items() if name.startswith("violation.")}
