"""``replan``: after a missed day, irritation, a moved session or a new medicine, as little as possible changes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from operator import itemgetter

from pellucid.consult.suppose import following, with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Layer, Product
from pellucid.model.assessment import Assessment
from pellucid.model.errors import UnsoundPlanError
from pellucid.model.plan import (
    IRRITATION,
    MISSED,
    MISSED_SESSION,
    CarePlan,
    Change,
    Day,
    Happened,
    Introduction,
    Part,
    Preferences,
    Session,
    Standing,
    Step,
)
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.plan.aside import near
from pellucid.plan.bars import past_sessions
from pellucid.plan.check import check_plan
from pellucid.plan.home import care_at_home
from pellucid.plan.log import with_entries
from pellucid.plan.make import outside, plan_of
from pellucid.plan.pose import Asked, not_yet, pose
from pellucid.plan.problem import Former, Problem, Rules
from pellucid.plan.session_keys import former_keys
from pellucid.plan.solve import solve
from pellucid.plan.visits import rules_of

USE_TEST = "home_number.use_test"


def replan(  # noqa: PLR0913 - as make_plan
    plan: CarePlan,
    *,
    profile: Profile,
    assessment: Assessment,
    slots: tuple[Slot, ...],
    knowledge: Knowledge,
    log: tuple[Happened, ...] = (),
    preferences: Preferences | None = None,
) -> CarePlan:
    """The next revision of a plan, on the profile's day.

    Days that are over stay as they were, booked sessions and pinned choices stay where they can, and everything that
    moves costs, so that only what has to change does. A session that was missed stays in the plan as missed; each
    keeps its key.

    Args:
        plan: the plan so far.
        profile: the facts as they are now; its day is the first one that can still change.
        assessment: as for ``make_plan``.
        slots: the clinic's open slots now.
        knowledge: the knowledge base as it is now.
        log: what has happened since: ``missed``, ``missed_session``, ``irritation``, each with its day.
        preferences: the wishes and bookings as they are now; the plan's own where left out.

    Returns:
        The whole plan again, with ``changes`` saying what is different, from when, and because of what. Of a plan
        that is over only the log and what was missed can still change.

    Raises:
        InputError: entries of the log that can't be right; nothing is laid out then.
        UnsoundPlanError: the checker found a broken rule in what was laid out; it is not given out then.
    """
    entries = with_entries(plan, log, profile.today)
    if profile.today > plan.until:
        return _over(plan, entries, knowledge)
    wishes = preferences or plan.preferences
    asked = _asked(Asked(profile, assessment, slots, wishes, knowledge, plan.start, plan.weeks, entries), plan)
    former = _former(plan, asked)
    problem = pose(asked, former)
    past = tuple(_past(plan, entries, asked.missed, profile.today, knowledge))
    made = plan_of(asked, problem, solve(problem), former, past=past)
    revised = _as_revision(plan, made, _Why(plan, asked, former))
    clashes = check_plan(revised, profile, None, knowledge, assessment=assessment)
    if clashes:
        raise UnsoundPlanError(", ".join(f"{each.code} {each.what} {each.on}" for each in clashes))
    return revised


def _asked(asked: Asked, plan: CarePlan) -> Asked:
    """What the planner is asked, with the plan so far told: what was used, who came, and which session is which."""
    today, knowledge = asked.profile.today, asked.knowledge
    profile = following(asked.profile, plan.start, _used(plan, asked.log, today, knowledge), knowledge=knowledge)
    elsewhere = outside(asked.preferences, plan.start, plan.weeks)
    missed = tuple(_missed(plan, asked.log))
    keys = {each.key for each in missed}
    others = [each for each in plan.sessions if each.key not in keys]
    ahead = [each for each in others if each.day >= today]
    return replace(
        asked,
        profile=with_visits(profile, elsewhere, knowledge=knowledge),
        done=tuple(each.slot for each in others if each.day < today),
        missed=missed,
        keys=former_keys(others),
        proposed={each.slot.id: each.key for each in ahead},
    )


def _missed(plan: CarePlan, log: tuple[Happened, ...]) -> Iterator[Session]:
    """The sessions that did not happen, each as it was told, but with nothing to prepare or to look after."""
    days = {each.on for each in log if each.what == MISSED_SESSION and each not in plan.log}
    for each in plan.sessions:
        if each.standing is Standing.MISSED:
            yield each
        elif each.day in days:
            changed = plan.revision + 1
            yield replace(each, standing=Standing.MISSED, preparation=(), aftercare=(), confirm=(), changed=changed)


def _over(plan: CarePlan, log: tuple[Happened, ...], knowledge: Knowledge) -> CarePlan:
    """A plan of which every day is over."""
    missed = {each.key: each for each in _missed(plan, log)}
    sessions = tuple(missed.get(each.key) or replace(each, standing=Standing.DONE) for each in plan.sessions)
    days = tuple(_past(plan, log, tuple(missed.values()), date.max, knowledge))
    return replace(plan, days=days, sessions=sessions, log=log, revision=plan.revision + 1, changes=())


def _used(plan: CarePlan, log: tuple[Happened, ...], today: date, knowledge: Knowledge) -> Iterator[tuple[str, date]]:
    """What was used on the days that are over, as conditions name it."""
    missed = {each.on for each in log if each.what == MISSED}
    for day in plan.days:
        if day.on < today and day.on not in missed:
            for product in sorted(day.used):
                yield from ((f"active.{active}", day.on) for active in knowledge.get(Product, product).actives)


def _former(plan: CarePlan, asked: Asked) -> Former:
    """What the plan held, with what did not happen taken out."""
    today = (asked.profile.today - plan.start).days
    missed = {each.on for each in asked.log if each.what == MISSED}
    products = [item.product for item in care_at_home(asked.person, named=False).items]
    used = {
        (number, place): day.on not in missed
        for place, day in enumerate(plan.days)
        for number, product in enumerate(products)
        if product in day.used
    }
    deep = {place: day.deep_clean and day.on not in missed for place, day in enumerate(plan.days)}
    first_use = {}
    for each in plan.introductions:
        if each.product in products:
            number = products.index(each.product)
            mine = {place: was for (item, place), was in sorted(used.items()) if item == number and place < today}
            begun = _begun(each, mine, plan.start, today, asked)
            if begun is not None:
                first_use[number] = begun
    ahead = Counter(each.slot.treatment for each in plan.sessions if each.slot.id in asked.proposed)
    return Former(today=max(0, today), used=used, deep=deep, first_use=first_use, sessions=ahead)


def _begun(each: Introduction, uses: Mapping[int, bool], start: date, today: int, asked: Asked) -> int | None:
    """The day of a product's first use, real or planned; None where it has to be tried and brought in again.

    That is so where its test was broken off, where uses were missed until it was not used for as long as two new
    products lie apart, and where the skin was irritated while it was tried or brought in step by step: its first step
    comes again. A first use that was missed after a whole test can still come, from today on. A break that the plan
    itself has, as around visits, is none.
    """
    planned, test = (each.first_use - start).days, (each.tested_from - start).days
    missed = {(entry.on - start).days for entry in asked.log if entry.what == MISSED}
    sore = [(entry.on - start).days for entry in asked.log if entry.what == IRRITATION]
    if any(day >= test and (each.ramp or day <= planned) for day in sore):
        return None
    done = [place for place, was in uses.items() if was]
    last = done[-1] if done else planned
    skipped = not done or any(place > last and not was for place, was in uses.items())
    if skipped and today - last > asked.person.home_days("between_new_actives"):
        return None
    if done:
        return done[0]
    return max(planned, today) if not missed & set(range(test, planned)) else None


def _past(
    plan: CarePlan, log: tuple[Happened, ...], not_held: tuple[Session, ...], today: date, knowledge: Knowledge
) -> Iterator[Day]:
    """The days that are over, as they were; on a missed one nothing but the basics was done.

    After a visit that was not held nobody had anything from the clinic to go on.
    """
    missed = {each.on for each in log if each.what == MISSED}
    missed |= {day.on for day in plan.days if day.standing is Standing.MISSED}
    basics = {product.id for product in knowledge.of(Product).values() if product.basic}
    keys = {each.key for each in not_held}
    stray = {each for session in not_held for each in _shown(session, knowledge)}
    stray -= {each for session in plan.sessions if session.key not in keys for each in _shown(session, knowledge)}
    for day in plan.days:
        if day.on >= today:
            return
        if day.on not in missed:
            morning, evening = (
                tuple(step for step in half if (day.on, step) not in stray) for half in (day.morning, day.evening)
            )
            yield replace(day, morning=morning, evening=evening, standing=Standing.DONE)
            continue
        morning, evening = (
            tuple(step for step in half if step.product in basics) for half in (day.morning, day.evening)
        )
        yield replace(day, morning=morning, evening=evening, deep_clean=False, tests=(), standing=Standing.MISSED)


def _shown(session: Session, knowledge: Knowledge) -> Iterator[tuple[date, Step]]:
    """What stands on the days beside a visit in place of care at home, such as what the clinic gave."""
    for (offset, _), keeps in near(session.slot.treatment, knowledge).items():
        for keep in keeps:
            if keep.shows:
                yield session.day + timedelta(days=offset), Step(keep.shows, "")


def _as_revision(plan: CarePlan, made: CarePlan, why: "_Why") -> CarePlan:
    """Number what changed, and say what is different and because of what."""
    revision = plan.revision + 1
    old_sessions = {each.key: each for each in plan.sessions}
    old_days = {day.on: day for day in plan.days}
    sessions = tuple(_kept_session(old_sessions.get(each.key), each, revision) for each in made.sessions)
    days = tuple(replace(day, changed=_since(old_days.get(day.on), day, revision)) for day in made.days)
    changes = (*_moved_sessions(plan, made, why), *_moved_uses(plan, made, why))
    return replace(made, sessions=sessions, days=days, revision=revision, changes=tuple(sorted(changes)))


def _kept_session(old: Session | None, new: Session, revision: int) -> Session:
    """What is over stays as it was told; a session that stays where it was has not changed."""
    if new.standing is Standing.MISSED:
        return new
    if old is None or old.slot != new.slot:
        return replace(new, changed=revision)
    if new.standing is Standing.DONE:
        return replace(old, standing=Standing.DONE)
    return replace(new, changed=old.changed if old.status is new.status else revision)


def _since(old: Day | None, new: Day, revision: int) -> int:
    """The revision in which something last changed; that it is over now is no change of what was planned."""
    same = old is not None and replace(new, changed=old.changed, standing=old.standing) == old
    return old.changed if old is not None and same else revision


def _moved_sessions(plan: CarePlan, made: CarePlan, why: "_Why") -> Iterator[Change]:
    old = {each.key: each for each in plan.sessions}
    new = {each.key: each for each in made.sessions}
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        was, now = (each.slot if each and each.standing is not Standing.MISSED else None for each in (before, after))
        anchor = was or now
        if anchor is None or (was and now and was.id == now.id):
            continue
        told = [slot.starts.isoformat() if slot else "" for slot in (was, now)]
        yield Change(anchor.day, f"session.{key}", told[0], told[1], why.session(before))


def _moved_uses(plan: CarePlan, made: CarePlan, why: "_Why") -> Iterator[Change]:
    old = {day.on: day.used for day in plan.days}
    for day in made.days:
        if day.on < why.asked.profile.today:
            continue
        was = old.get(day.on, frozenset())
        for product in sorted(was ^ day.used):
            before, after = ("used", "") if product in was else ("", "used")
            yield Change(day.on, f"product.{product}", before, after, why.use(product, day.on, made))


class _Why:
    """What stands behind a change: the rule that closes the old place now, or what happened."""

    def __init__(self, plan: CarePlan, asked: Asked, former: Former) -> None:
        self.plan = plan
        self.asked = asked
        self.former = former

    @cached_property
    def problem(self) -> Problem:
        """The problem with every bar's rules by name."""
        return pose(self.asked, self.former, named=True)

    @cached_property
    def triggers(self) -> str:
        """What has happened since the plan before, where no single rule tells it."""
        fresh = [each for each in self.asked.log if each not in self.plan.log]
        return f"log.{fresh[-1].what}" if fresh else "plan_goal.changed_use"

    def session(self, before: Session | None) -> str:
        """Why a session is no longer where it was."""
        if before is None:
            return self.triggers
        if any(each.on == before.day and each.what == MISSED_SESSION for each in self.asked.log):
            return f"log.{MISSED_SESSION}"
        decide = self.asked.supposed.base.decide
        against = (
            *rules_of(decide(before.slot.treatment, on=before.day, performer=before.slot.level)),
            *not_yet(before.slot, before.standing, self.asked),
        )
        offered = {slot.id for slot in (*self.asked.slots, *self.asked.preferences.booked)}
        if against:
            return against[0]
        return f"slots.{before.slot.treatment}" if before.slot.id not in offered else self.triggers

    def use(self, product: str, on: date, made: CarePlan) -> str:
        """Why a product is no longer (or newly) used on a day."""
        items = {item.product: number for number, item in enumerate(self.problem.home.items)}
        day = (on - self.plan.start).days
        if day in self.problem.home.rest:
            return "home_number.rest_after_irritation"
        number = items.get(product)
        if number is None:
            return self._aside(product, on, made) or self.triggers
        closed: Rules = self.problem.home.items[number].closed.get(day, ())
        taken = {each.slot.id for each in made.sessions}
        for place, opening in enumerate(self.problem.openings):
            if opening.slot.id in taken:
                closed = (*closed, *self.problem.bars.get(place, {}).get(number, {}).get(day, ()))
        if closed:
            return closed[0]
        return USE_TEST if self._to_be_tried_again(product, number, on, made) else self.triggers

    def _aside(self, product: str, on: date, made: CarePlan) -> str | None:
        """The line beside a visit, of this plan or the one before, that leaves out something of every day."""
        knowledge = self.asked.knowledge
        record = knowledge.of(Product).get(product)
        layers = [knowledge.get(Layer, name) for name in record.layers] if record else []
        visits = {(each.slot.treatment, each.day) for plan in (made, self.plan) for each in plan.sessions}
        visits |= {(name, date.fromordinal(day)) for name, day in past_sessions(self.asked.person.evidence)}
        for treatment, day in sorted(visits, key=itemgetter(1)):
            halves = near(treatment, knowledge)
            for layer in layers:
                part = Part.MORNING if layer.routine == "morning" else Part.EVENING
                for keep in halves.get(((on - day).days, part), ()):
                    if layer.id not in keep.stays:
                        return keep.rule
        return None

    def _to_be_tried_again(self, product: str, number: int, on: date, made: CarePlan) -> bool:
        """Whether something new that was tried before is out because its test, or its first step, has to come again."""
        tried = any(each.product == product and each.first_use <= on for each in self.plan.introductions)
        begun = any(each.product == product and each.first_use <= on for each in made.introductions)
        return tried and not begun and number not in self.former.first_use
