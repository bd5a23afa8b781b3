"""The whole path in one readable function: intake -> profile -> assessment -> screening -> options, plan, routine."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pellucid.booking.availability import booked_for, open_slots
from pellucid.booking.calendar import Calendar
from pellucid.consult.assess import assess
from pellucid.consult.options import rank
from pellucid.consult.profile import make_profile
from pellucid.consult.questions import open_questions
from pellucid.consult.routine import make_routine
from pellucid.consult.screen import Screening, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.assessment import Assessment
from pellucid.model.care import Care, StillOpen
from pellucid.model.decision import Option
from pellucid.model.errors import UnsoundPlanError
from pellucid.model.measurement import Measurement
from pellucid.model.plan import CarePlan
from pellucid.model.profile import Profile
from pellucid.model.routine import RampUp, Routine

HOME_DEEP_CLEAN = "home_deep_clean"


WEEKS = 12
"""How long a plan is where nothing else is asked: until the first review."""


def care(
    intake: Mapping[str, Any],
    *,
    measurement: Measurement | None = None,
    today: date,
    knowledge: Knowledge,
    calendar: Calendar | None = None,
) -> Care:
    """Work out everything for one intake on one day.

    Args:
        intake: answers as read from a TOML or JSON file; see docs/reference/intake.md.
        measurement: numbers from calibrated photos or instruments, if any.
        today: the day on which this is asked; nothing reads the clock.
        knowledge: the knowledge base, with a clinic's rules if any.
        calendar: when the clinic has time; without one there is no dated plan, only options and a routine.

    Raises:
        InputError: the intake is of the wrong shape or contradicts itself; every fault with its path.
    """
    profile = make_profile(intake, knowledge=knowledge, today=today)
    assessment = assess(profile, measurement, knowledge=knowledge, today=today)
    screening = Screening(profile, knowledge)
    decisions = tuple(
        screening.decide(treatment.id, on=today, performer=usual_performer(treatment, profile.performer))
        for treatment in knowledge.of(Treatment).values()
    )
    options = rank(profile, assessment, screening, today=today, performer=profile.performer, knowledge=knowledge)
    plan = _planned(profile, assessment, options, knowledge, calendar) if calendar else None
    at_home = next((each for each in decisions if each.treatment == HOME_DEEP_CLEAN), None)
    deep_clean = at_home is not None and at_home.status.bookable
    return Care(
        today=today,
        profile=profile,
        assessment=assessment,
        screening=decisions,
        options=options,
        routine=_routine(screening, assessment, plan, today=today, deep_clean=deep_clean),
        unknown=_still_open(profile, knowledge),
        knowledge=knowledge.digest,
        plan=plan,
    )


def _planned(
    profile: Profile, assessment: Assessment, options: tuple[Option, ...], knowledge: Knowledge, calendar: Calendar
) -> CarePlan:
    """The dated plan, on the clinic's open slots from tomorrow on, once the checker has found nothing in it."""
    from pellucid.plan.check import check_plan  # noqa: PLC0415 - as make_plan
    from pellucid.plan.make import make_plan  # noqa: PLC0415 - the solver takes half a second to load
    from pellucid.plan.wishes import preferences_of  # noqa: PLC0415 - as make_plan

    booked = booked_for(calendar, profile.client) if profile.client else ()
    treatments = [each.treatment for each in options]
    since, until = profile.today + timedelta(days=1), profile.today + timedelta(weeks=WEEKS)
    plan = make_plan(
        profile,
        assessment,
        slots=open_slots(calendar, treatments=treatments, since=since, until=until),
        preferences=preferences_of(profile, booked=booked),
        knowledge=knowledge,
        start=profile.today,
        weeks=WEEKS,
    )
    clashes = check_plan(plan, profile, calendar, knowledge, assessment=assessment)
    if clashes:
        raise UnsoundPlanError(", ".join(f"{each.code} {each.what} {each.on}" for each in clashes))
    return replace(plan, names=tuple(_names(calendar)))


def _routine(
    screening: Screening, assessment: Assessment, plan: CarePlan | None, *, today: date, deep_clean: bool
) -> Routine:
    """The routine at home; where there is a plan, the plan's products, its deep-clean evenings and its days."""
    if plan is None:
        return make_routine(screening, assessment, today=today, deep_clean=deep_clean)
    only = frozenset(product for day in plan.days for product in day.used)
    deep_clean = any(day.deep_clean for day in plan.days)
    routine = make_routine(screening, assessment, today=today, deep_clean=deep_clean, only=only)
    return replace(routine, ramps=tuple(_as_planned(routine, plan)))


def _as_planned(routine: Routine, plan: CarePlan) -> Iterator[RampUp]:
    """How new products are brought in, on the plan's days."""
    told = {each.product: each for each in routine.ramps}
    for each in plan.introductions:
        sources = told[each.product].sources if each.product in told else ()
        yield RampUp(each.product, each.ramp, each.tested_from, each.stages, sources)


def _names(calendar: Calendar) -> Iterator[tuple[str, str]]:
    """What the clinic calls its people, rooms, places and devices, for those that have a name."""
    yield from ((f"practitioner.{each.id}", each.name) for each in calendar.practitioners if each.name)
    yield from ((f"room.{each.id}", each.name) for each in calendar.rooms if each.name)
    yield from ((f"location.{each.id}", each.name) for each in calendar.locations if each.name)
    yield from ((f"device.{each.id}", each.name) for each in calendar.devices if each.name)


def _still_open(profile: Profile, knowledge: Knowledge) -> tuple[StillOpen, ...]:
    questions = open_questions(profile, performer=profile.performer, knowledge=knowledge)
    return tuple(
        StillOpen(each.path, each.treatments, each.findings, each.safety, each.path in profile.expired)
        for each in questions
    )
