"""``make_plan``: an optimal care plan that keeps every rule, or the nearest to it and what stands in the way."""

from datetime import date, timedelta

from pellucid.consult.suppose import with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.model.assessment import Assessment
from pellucid.model.errors import InputError
from pellucid.model.errors import Problem as Fault
from pellucid.model.plan import CarePlan, Day, Preferences
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.plan.clash import clashes
from pellucid.plan.layout import Layout
from pellucid.plan.pose import Asked, pose
from pellucid.plan.problem import Former, Problem
from pellucid.plan.solve import Solution, solve

LONGEST = 52
"""Weeks."""

REVIEW = "review"


def make_plan(  # noqa: PLR0913 - the signature that every face of the product calls
    profile: Profile,
    assessment: Assessment,
    *,
    slots: tuple[Slot, ...],
    preferences: Preferences,
    knowledge: Knowledge,
    start: date,
    weeks: int = 12,
) -> CarePlan:
    """Lay out sessions and care at home.

    Args:
        profile: frozen facts; what they leave out is unknown, and rules out what it could rule out.
        assessment: what was found, for what fits.
        slots: the clinic's open slots, in any order; those outside the plan's days don't matter.
        preferences: what the person wants and can give, and appointments that stand.
        knowledge: the knowledge base, with a clinic's rules if any.
        start: the plan's first day, not before the profile's day.
        weeks: 1 to 52.

    Returns:
        A plan that keeps every hard rule. Wishes that can't be had are dropped, the fewest that will do, and each is
        told with the requirements that clash (``CarePlan.clashes``).

    Raises:
        InputError: the start lies before the profile's day, or the weeks outside their limits.
    """
    faults = []
    if start < profile.today:
        faults.append(Fault("start", f"{start} lies before {profile.today}, the day on which this is asked"))
    if not 1 <= weeks <= LONGEST:
        faults.append(Fault("weeks", f"must be 1 to {LONGEST}, not {weeks}"))
    if faults:
        raise InputError(faults)
    profile = with_visits(profile, outside(preferences, start, weeks), knowledge=knowledge)
    asked = Asked(profile, assessment, slots, preferences, knowledge, start, weeks)
    problem = pose(asked)
    return plan_of(asked, problem, solve(problem))


def outside(preferences: Preferences, start: date, weeks: int) -> list[tuple[str, date]]:
    """Appointments before and after the plan's days: they rule things out all the same."""
    last = start + timedelta(weeks=weeks)
    return [(slot.treatment, slot.day) for slot in preferences.booked if not start <= slot.day < last]


def plan_of(
    asked: Asked, problem: Problem, solution: Solution, former: Former | None = None, past: tuple[Day, ...] = ()
) -> CarePlan:
    """The plan of a solved problem; ``past`` are the days that are over, where it replaces another."""
    layout = Layout(asked, problem, solution)
    review = asked.person.home_days(REVIEW)
    return CarePlan(
        start=asked.start,
        weeks=asked.weeks,
        skin=asked.person.skin,
        sessions=layout.sessions(),
        days=(*past, *layout.days()[len(past) :]),
        introductions=layout.introductions(),
        preferences=asked.preferences,
        knowledge=asked.knowledge.digest,
        objective=solution.objective,
        bound=solution.bound,
        proven=solution.proven,
        clashes=clashes(asked, solution.dropped, former),
        set_aside=layout.set_aside(),
        keep=layout.keep(),
        reviews=tuple(asked.start + timedelta(days=day) for day in range(review, asked.length + 1, review)),
        log=asked.log,
    )
