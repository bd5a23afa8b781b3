"""``check_plan``: whether a care plan keeps every rule, read day by day from the plan as it stands.

It is written from the rules alone and shares nothing with the planner, so that each shows the other's mistakes. A plan
may have been edited by hand: whatever is in it, every clash is named and nothing is raised.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from pellucid.consult.assess import assess
from pellucid.consult.routine import skin_column
from pellucid.consult.suppose import following, with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Product
from pellucid.model.assessment import Assessment
from pellucid.model.dates import FIRST, LAST
from pellucid.model.plan import HAPPENED, CarePlan, Named, Violation, detail
from pellucid.model.profile import Profile
from pellucid.plan import check_aside, check_days, check_new, check_pairs, check_sessions, check_uses
from pellucid.plan.check_view import MOST_WEEKS, View, day_of

if TYPE_CHECKING:
    from pellucid.booking.calendar import Calendar

Rule = Callable[[View], Iterator[Violation]]


def check_plan(
    plan: CarePlan,
    profile: Profile,
    calendar: "Calendar | None",
    knowledge: Knowledge,
    *,
    assessment: Assessment | None = None,
) -> list[Violation]:
    """Name every place where a plan breaks a rule.

    Args:
        plan: from the planner, or edited by hand; what it names may not exist.
        profile: the person; its day is the day of planning. What is done or missed up to then isn't judged itself.
        calendar: the clinic's; where there is none, nobody asks whether a proposed slot is really offered.
        knowledge: the rules to judge by.
        assessment: the person's; worked out from the profile where left out.

    Returns:
        One violation a clash, by day (what is about no day first), each once; empty where the plan keeps every rule.
    """
    found = assessment or assess(profile, None, knowledge=knowledge, today=profile.today)
    view = View(plan, _followed(plan, profile, knowledge), knowledge, skin_column(found))
    violations = {violation for rule in RULES for violation in rule(view)}
    violations.update(check_sessions.times(view, calendar))
    return sorted(violations, key=_by_day)


def _followed(plan: CarePlan, profile: Profile, knowledge: Knowledge) -> Profile:
    """The person as someone who has done what the plan says for the days that are over."""
    products = knowledge.of(Product)
    used = [
        (f"active.{active}", day.on)
        for day in plan.days
        if day.on < profile.today
        for name in sorted(day.used & products.keys())
        for active in products[name].actives
    ]
    planned = {each.slot.id for each in plan.sessions}
    elsewhere = [
        (slot.treatment, slot.day)
        for slot in plan.preferences.booked
        if day_of(slot) and not 0 <= (slot.day - plan.start).days < 7 * plan.weeks and slot.id not in planned
    ]
    followed = following(profile, plan.start, used, knowledge=knowledge)
    return with_visits(followed, elsewhere, knowledge=knowledge)


def _by_day(violation: Violation) -> tuple[date, tuple[str, ...]]:
    code, on, *rest = violation
    return on or date.min, (code, *map(str, rest))


def phrase_of(violation: Violation) -> str:
    """The id of the phrase that says it in words, with parameters ``what``, ``day``, ``detail`` and ``rule``."""
    return f"violation.{violation.code}"


def _whole(view: View) -> Iterator[Violation]:
    """What holds for the plan as a whole."""
    plan = view.plan
    if not FIRST <= plan.start <= LAST:
        yield Violation("start", plan.start, "", "", detail("years", first=FIRST.year, last=LAST.year))
    if not 0 < plan.weeks <= MOST_WEEKS:
        yield Violation("weeks", None, "", "", detail("weeks", n=plan.weeks, most=MOST_WEEKS))
    if plan.knowledge != view.knowledge.digest:
        versions = detail("versions", then=plan.knowledge[:12], now=view.knowledge.digest[:12])
        yield Violation("knowledge", None, "", "", versions)
    if plan.skin != view.right_skin:
        told, right = Named("column", plan.skin), Named("column", view.right_skin)
        yield Violation("skin", None, plan.skin, "", detail("should_be", told=told, right=right))
    for entry in plan.log:
        if entry.what not in HAPPENED:
            yield Violation("log", entry.on, entry.what, "", detail("list", list=tuple(sorted(HAPPENED))))


RULES: tuple[Rule, ...] = (
    _whole,
    check_sessions.readable,
    check_sessions.one_a_day,
    check_sessions.screened,
    check_sessions.beside_appointments,
    check_sessions.intervals,
    check_sessions.counts,
    check_sessions.budget,
    check_sessions.lines,
    check_sessions.booked,
    check_sessions.pins,
    check_days.laid_out,
    check_days.standing,
    check_aside.sunscreen,
    check_aside.aside,
    check_days.layers,
    check_days.one_of,
    check_days.deep_clean,
    check_days.minutes,
    check_uses.permitted,
    check_uses.set_aside,
    check_uses.windows,
    check_uses.caps,
    check_uses.washes,
    check_uses.ramps,
    check_new.introduced,
    check_new.tests,
    check_new.introductions,
    check_new.one_at_a_time,
    check_pairs.pairs,
)
