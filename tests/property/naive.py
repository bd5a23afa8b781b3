"""Screening a second time, in the plainest way: one treatment, one level, one day, straight from the records.

There are no runs of days here and nothing is compiled. Every rule is asked of every day it could reach, in loops, with
True, False and None for "nobody knows". That is slow and easy to check by eye; where it differs from ``screen``, one of
the two is wrong. Of the person it reads the answers and the dated facts (``naive_person.py``), and nothing that
screening works out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from tests.property.naive_person import Known, Person, any_of

from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Wait
from pellucid.knowledge.schema.people import Exposure
from pellucid.knowledge.schema.rules import Age, Contraindication, Region, Rule, Scope, Then, Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.dates import add_months
from pellucid.model.levels import Level, Status


@dataclass(frozen=True)
class Plan:
    """One rule as it meets one treatment at one level."""

    ref: str
    when: str
    effect: Status
    then: Status
    ahead: int
    """On how many days from the session's on the condition must not come to hold; at least its own day."""
    free_again: Callable[[date], date]
    """The first free day after a last day on which it held."""
    override: str
    lifted_by: tuple[str, ...] = ()
    optional_part: bool = False
    region_unknown: bool = False


def screen_naively(person: Person, treatment: str, level: Level, day: date) -> dict[str, Status]:
    """Every rule that stands against a treatment on a day, with the worst it comes to."""
    record = person.knowledge.of(Treatment)[treatment]
    found = dict(_performer(person, record, level))
    for plan in (*_rules(person, record, level, day), *_windows(person, record)):
        for status in _judge(plan, person, treatment, day):
            found[plan.ref] = max(status, found.get(plan.ref, status))
    return {ref: status for ref, status in found.items() if status is not Status.ALLOWED}


def _judge(plan: Plan, person: Person, treatment: str, day: date) -> Iterator[Status]:
    during = any_of(person.holds(plan.when, day + timedelta(days=n)) for n in range(max(1, plan.ahead)))
    after = any_of(_ended(plan, person, day))
    if plan.region_unknown:
        during, after = (None if each else each for each in (during, after))
    waits = {plan.effect, plan.then} & {Status.DEFER, Status.BLOCKED}
    statuses = []
    if during:
        statuses.append((plan.effect, plan.effect in waits))
    if after:
        statuses.append((plan.then, plan.then in waits))
    if during is None or after is None:
        statuses.append((Status.ASK if max(plan.effect, plan.then) >= Status.ASK else Status.CAUTION, bool(waits)))
    for status, is_wait in statuses:
        mild = plan.optional_part or _overridden(plan, person, treatment, day)
        mild = mild or (not is_wait and _papers(plan, person, treatment, day))
        yield min(status, Status.CAUTION) if mild else status


def _ended(plan: Plan, person: Person, day: date) -> Iterator[Known]:
    """What held on earlier days and has ended since; a stretch that still goes on hasn't."""
    goes_on = person.holds(plan.when, day) is True
    for earlier in _days_back(day, plan.free_again):
        held = person.holds(plan.when, earlier)
        goes_on = goes_on and held is True
        yield False if goes_on else held


def _days_back(day: date, free_again: Callable[[date], date]) -> Iterator[date]:
    """Every earlier day from which a wait still reaches this one."""
    for back in count(1):
        earlier = day - timedelta(days=back)
        if free_again(earlier) <= day:
            return
        yield earlier


def _papers(plan: Plan, person: Person, treatment: str, day: date) -> bool:
    scopes = {"all", treatment, plan.ref}
    return any(
        paper.kind in plan.lifted_by and scopes & set(paper.scope) and paper.issued <= day < paper.expires
        for paper in person.answers.get("papers.clearances", ())
    )


def _overridden(plan: Plan, person: Person, treatment: str, day: date) -> bool:
    return plan.override != "none" and any(
        plan.ref in each.rules
        and (not each.treatments or treatment in each.treatments)
        and each.level >= Level[plan.override]
        and each.client in {None, person.profile.client}
        and each.days[0] <= day.toordinal() < each.days[1]
        for each in person.knowledge.overrides
    )


# --- contraindications and ages -----------------------------------------------------------------------------


def _rules(person: Person, treatment: Treatment, level: Level, day: date) -> Iterator[Plan]:
    knowledge = person.knowledge
    rules: list[Rule] = [*knowledge.of(Contraindication).values(), *knowledge.of(Age).values()]
    for rule in rules:
        needed = [treatment.id, *(part.treatment for part in treatment.parts if not part.optional)]
        optional = [part.treatment for part in treatment.parts if part.optional]
        region = _region_counts(rule.regions, person)
        out_of_force = (rule.starts and day < rule.starts) or (rule.ends and day > rule.ends)
        if out_of_force or region is False:
            continue
        if any(_names(rule, name, knowledge) for name in needed):
            yield _plan(rule, level, optional_part=False, region_unknown=region is None)
        elif any(_names(rule, name, knowledge) for name in optional):
            yield _plan(rule, level, optional_part=True, region_unknown=region is None)


def _names(rule: Rule | Scope, treatment: str, knowledge: Knowledge) -> bool:
    own = {"all", treatment, *knowledge.of(Treatment)[treatment].families}
    excepting = rule.excepting if isinstance(rule, Rule) else ()
    return bool(own & set(rule.applies)) and not own & set(excepting)


def _plan(rule: Rule, level: Level, *, optional_part: bool, region_unknown: bool) -> Plan:
    effect = Status[rule.effect.upper()]
    then = Status[rule.then.effect.upper()] if rule.then else Status.ALLOWED
    for name, word in sorted(rule.by_level.items()):
        if level >= Level[name]:
            effect = Status[word.upper()]
            then = min(then, effect)
    return Plan(
        ref=rule.ref,
        when=rule.when,
        effect=effect,
        then=then,
        ahead=rule.before_days,
        free_again=_free_again(rule.then),
        override=rule.override,
        lifted_by=rule.lifted_by,
        optional_part=optional_part,
        region_unknown=region_unknown,
    )


def _free_again(then: Then | None) -> Callable[[date], date]:
    """A wait of 7 days after the 1st ends on the 8th; of a month, on the same day of the next."""
    if then and then.months:
        months = then.months
        return lambda last: add_months(last, months)
    days = (then.days or 0) if then else 0
    return lambda last: last + timedelta(days=days)


def _region_counts(regions: tuple[str, ...], person: Person) -> Known:
    if not regions:
        return True
    region = person.profile.region
    return None if region is None else any(_is_within(region, wider, person.knowledge) for wider in regions)


def _is_within(region: str | None, wider: str, knowledge: Knowledge) -> bool:
    while region is not None and region != wider:
        region = knowledge.of(Region)[region].within
    return region == wider


# --- windows and intervals ----------------------------------------------------------------------------------


def _windows(person: Person, treatment: Treatment) -> Iterator[Plan]:
    for window in person.knowledge.of(Window).values():
        if window.type == "interval":
            yield from _interval(window, person.knowledge, treatment)
        elif window.match and (window.side == "before" or window.type == "done"):
            for cell in (window.columns[column] for column in treatment.columns if column in window.columns):
                yield _wait(window, window.match, cell)
                for extra in cell.extra:
                    yield _wait(window, f"({window.match}) and ({extra.when})", extra)
            yield from _ahead(window, person.knowledge, treatment)


def _wait(window: Window, when: str, wait: Wait, *, before: bool | None = None) -> Plan:
    before = window.side == "before" if before is None else before
    days = wait.whole_days
    return Plan(
        ref=window.ref,
        when=when,
        effect=Status.ASK if window.type == "prescribed" else Status.DEFER,
        then=Status.DEFER,
        ahead=0 if before else days,
        free_again=(lambda last: last + timedelta(days=days)) if before else (lambda last: last),
        override=window.override,
    )


def _interval(window: Window, knowledge: Knowledge, treatment: Treatment) -> Iterator[Plan]:
    """Two treatments, one of them done or planned: the column of the earlier one says how far apart."""
    own = _longest(window, treatment)
    for other in knowledge.of(Treatment).values():
        theirs, did = _longest(window, other), f"procedure.{other.id}"
        classes, is_same = _classes_of(other, knowledge), _is_same(treatment, other)
        is_one_of_ours = did in classes and "procedure.clinic_treatment" in classes
        if not (own and theirs and is_same == (window.match == "same")):
            continue
        if is_one_of_ours:
            yield _wait(window, did, theirs, before=True)
        if is_one_of_ours or (not is_same and did in knowledge.of(Exposure)):
            yield _wait(window, did, own, before=False)


def _is_same(one: Treatment, other: Treatment) -> bool:
    """Whether they are one treatment, or one can't do without the other."""
    needs = [(whole.id, part.treatment) for whole in (one, other) for part in whole.parts if not part.optional]
    return one.id == other.id or (one.id, other.id) in needs or (other.id, one.id) in needs


def _ahead(window: Window, knowledge: Knowledge, treatment: Treatment) -> Iterator[Plan]:
    """A planned procedure has the same window before it, and this treatment may be what must not fall into it."""
    if window.side != "before" or window.type != "done" or not window.match:
        return
    matched = set(expressions.atoms(expressions.parse(window.match)))
    for planned in knowledge.of(Treatment).values():
        wait = _longest(window, planned)
        own = f"procedure.{planned.id}"
        is_other = planned.id != treatment.id and own in knowledge.of(Exposure)
        if wait and is_other and matched & _classes_of(treatment, knowledge):
            yield _wait(window, own, wait, before=False)


def _classes_of(treatment: Treatment, knowledge: Knowledge) -> set[str]:
    """What conditions call it once it is done."""
    exposure = knowledge.of(Exposure).get(f"procedure.{treatment.id}")
    return {exposure.id, *(f"procedure.{group}" for group in exposure.groups)} if exposure else set()


def _longest(window: Window, treatment: Treatment) -> Wait | None:
    cells = [window.columns[column] for column in treatment.columns if column in window.columns]
    return max(cells, key=lambda cell: cell.whole_days, default=None)


# --- who performs -------------------------------------------------------------------------------------------


def _performer(person: Person, treatment: Treatment, level: Level) -> Iterator[tuple[str, Status]]:
    knowledge, region = person.knowledge, person.profile.region
    if treatment.id in knowledge.unreviewed:
        yield "house.no_rules_yet", Status.BLOCKED
    if level < Level[treatment.level.level]:
        yield "house.licence_level", Status.REFER
    for scope in knowledge.of(Scope).values():
        asked_for = scope.in_force and level < Level[scope.min_level] and _names(scope, treatment.id, knowledge)
        if asked_for and _is_within(region, scope.region, knowledge):
            yield scope.ref, Status.REFER
    varies = treatment.licence_varies and treatment.id not in knowledge.licensed
    if varies and level in {Level.L1, Level.L2}:
        known = region is not None and knowledge.of(Region)[region].scope_known
        status = Status.ASK if region is None else Status.ALLOWED if known else Status.CAUTION
        yield "house.licence_unconfirmed", status
