"""From a person, the clinic's slots and the knowledge to the problem that the solver is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from statistics import median

from pellucid.consult.options import fit_of, rank
from pellucid.consult.rules import targets
from pellucid.consult.screen import Screening, usual_performer
from pellucid.consult.suppose import suppose, with_visits
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.planning import PlanGoal
from pellucid.knowledge.schema.treatments import Precare, Treatment
from pellucid.model import spans
from pellucid.model.assessment import Assessment
from pellucid.model.plan import Happened, Preferences, Session, Standing
from pellucid.model.profile import Profile
from pellucid.model.slot import Slot
from pellucid.plan.appointments import as_they_stand
from pellucid.plan.aside import near, no_deep_clean, no_room
from pellucid.plan.bars import pauses
from pellucid.plan.home import DEEP_CLEAN, Person, care_at_home
from pellucid.plan.home_wishes import with_wishes
from pellucid.plan.problem import WEEK, Former, Home, Item, Opening, Problem, Rules
from pellucid.plan.rest import no_more_in_rest
from pellucid.plan.visits import Supposed, closes_at_home, conflicts, fewest, rules_of, series

MOST_TREATMENTS = 3
"""So many kinds of treatment are looked at besides those asked for: the ones that fit best."""

MOST_TIMES = 5.0
"""A price counts at most so many times the middle one, so that none outweighs a wish."""

HOME_ONLY = "home_only.all"
"""The requirement of someone who wants care at home and no visits; appointments that stand are kept all the same."""

NOWHERE = "?"
"""Practitioner and room of a time that the clinic does not offer."""


@dataclass(frozen=True)
class Asked:
    """One call of the planner: everything that the problem is made of."""

    profile: Profile
    assessment: Assessment
    slots: tuple[Slot, ...]
    preferences: Preferences
    knowledge: Knowledge
    start: date
    weeks: int
    log: tuple[Happened, ...] = ()
    done: tuple[Slot, ...] = ()
    """Sessions of this plan that are over."""
    proposed: Mapping[str, str] = field(default_factory=dict)
    """Slot to the session that the former plan had in it, for those that lay ahead."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The same for all of them but those that were missed, in the order of time."""
    missed: tuple[Session, ...] = ()
    """Sessions of the former plan that did not happen."""

    @property
    def length(self) -> int:
        """Days of the plan."""
        return self.weeks * WEEK

    @cached_property
    def supposed(self) -> Supposed:
        """Screening with sessions supposed; those that are over stand among the facts, with the pauses after them."""
        done = [(slot.treatment, slot.day) for slot in self.done]
        return Supposed(with_visits(self.profile, done, knowledge=self.knowledge), self.knowledge)

    @cached_property
    def person(self) -> Person:
        """The person as care at home sees them."""
        screening = self.supposed.base
        return Person(screening, self.assessment, self.preferences, self.start, self.length, self.log)

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """The soft goals."""
        return {goal.id: goal.weight for goal in self.knowledge.of(PlanGoal).values()}

    @cached_property
    def middle_price(self) -> Decimal:
        """The middle one of the prices that are looked at, so that cost means the same in every currency."""
        prices = [slot.price for slot in self.slots if slot.price]
        return Decimal(median(prices)) if prices else Decimal(1)

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """Clinic treatments that were asked for and that the person has not had in this plan yet."""
        had = {slot.treatment for slot in self.done}
        wanted = dict.fromkeys(self.preferences.wanted)
        return tuple(name for name in wanted if name not in had and self._in_clinic(name))

    def _in_clinic(self, name: str) -> bool:
        record = self.knowledge.of(Treatment).get(name)
        return record is not None and record.offered and record.setting != "home"

    @cached_property
    def looked_at(self) -> tuple[str, ...]:
        """Treatments that may get a session: those asked for, and the few that fit best."""
        if self.preferences.home_only:
            return ()
        ranked = rank(
            self.profile,
            self.assessment,
            self.supposed.base,
            today=self.profile.today,
            performer=None,
            knowledge=self.knowledge,
        )
        fitting = [each.treatment for each in ranked if each.fit > 0 and self._in_clinic(each.treatment)]
        offered = {slot.treatment for slot in self.slots}
        best = [name for name in fitting if name in offered and name not in self.wanted]
        begun = [name for name in dict.fromkeys(slot.treatment for slot in self.done) if name in offered]
        return tuple(dict.fromkeys((*self.wanted, *begun, *best[:MOST_TREATMENTS])))


def pose(asked: Asked, former: Former | None = None, *, named: bool = False) -> Problem:
    """State the problem.

    Args:
        asked: what the planner was called with.
        former: the plan before, where this one replaces it.
        named: whether every bar names its rules, and times that the clinic does not offer are looked at too; slower,
            and only needed to tell why something can't be had.
    """
    openings = openings_of(asked, former, named=named)
    at_home = with_wishes(care_at_home(asked.person, named=named), asked.person, named=named)
    at_home = no_more_in_rest(at_home, former)
    basics = {product.id for product in asked.person.basics}
    with_home = not named or bool(asked.preferences.pins or at_home.wished) or former is not None
    problem = Problem(
        start=asked.start.toordinal(),
        length=asked.length,
        weights=asked.weights,
        openings=openings,
        conflicts=conflicts(openings, asked.supposed, named=named),
        most=_most(asked, openings),
        wanted=asked.wanted,
        home=at_home,
        bars=_bars(asked, openings, at_home, named=named) if with_home else {},
        deep_bars=_deep_bars(asked, openings, named=named) if with_home else {},
        hush=_hush(asked, openings),
        pins=tuple(pin for pin in asked.preferences.pins if pin.product not in basics),
        budget=_budget(asked),
        away=asked.person.away,
        former=former,
    )
    return as_they_stand(problem, named=named)


def openings_of(asked: Asked, former: Former | None = None, *, named: bool = False) -> tuple[Opening, ...]:
    """The slots that a session may take; where ``named``, also those that something rules out, and what it is."""
    found = _openings(asked, _slots(asked, former, named=named), named=named)
    best: dict[object, Opening] = {}
    for opening in found:
        if opening.standing is Standing.BOOKED or opening.was:
            best[opening.slot.id] = opening
            continue
        # Of openings on one day that differ in nothing the plan sees, one is enough.
        key = opening.treatment, opening.day, opening.against, opening.virtual
        if key not in best or opening.value > best[key].value:
            best[key] = opening
    return tuple(sorted(best.values(), key=lambda each: (each.day, each.slot.starts, each.slot.id)))


def _slots(asked: Asked, former: Former | None, *, named: bool) -> Iterator[tuple[Slot, Standing, bool]]:
    """Every slot that a session may take, how firm it is, and whether the clinic does not offer it."""
    first = asked.start + timedelta(days=former.today if former else 0)
    last = asked.start + timedelta(days=asked.length)
    missed = {each.slot.id for each in asked.missed}
    for slot in asked.preferences.booked:
        if first <= slot.day < last and slot.treatment in asked.knowledge.of(Treatment) and slot.id not in missed:
            yield slot, Standing.BOOKED, False
    booked = {slot.id for slot in asked.preferences.booked} | missed
    looked_at = set(asked.wanted if named else asked.looked_at)
    free = [
        slot
        for slot in asked.slots
        if slot.treatment in looked_at and first <= slot.day < last and slot.id not in booked
    ]
    for slot in fewest(free, keep=asked.proposed):
        yield slot, Standing.PROPOSED, False
    for slot in _elsewhere(asked, first) if named else ():
        yield slot, Standing.PROPOSED, True


def _openings(asked: Asked, slots: Iterable[tuple[Slot, Standing, bool]], *, named: bool) -> Iterator[Opening]:
    decide = asked.supposed.base.decide
    decided = [(each, decide(each[0].treatment, on=each[0].day, performer=each[0].level)) for each in slots]
    fewest_cautions: dict[tuple[str, int], int] = {}
    for (slot, _, _), decision in decided:
        count, key = len(decision.reasons), (slot.treatment, slot.level)
        fewest_cautions[key] = min(count, fewest_cautions.get(key, count))
    for (slot, standing, virtual), decision in decided:
        against = (*rules_of(decision), *not_yet(slot, standing, asked))
        if against and not named and standing is Standing.PROPOSED:
            continue
        day = (slot.day - asked.start).days
        more = len(decision.reasons) - fewest_cautions[slot.treatment, slot.level]
        yield Opening(
            slot=slot,
            day=day,
            # Where two levels will do, the lower one: a physician's time is for what needs a physician.
            value=_value(slot, day, asked) - asked.weights["caution"] * more - slot.level,
            cents=_cents(slot, asked.preferences),
            standing=standing,
            against=against,
            virtual=virtual,
            was=asked.proposed.get(slot.id),
        )


def not_yet(slot: Slot, standing: Standing, asked: Asked) -> Rules:
    """What keeps a session from a day whatever screening says: the skin rests, or there is no time to prepare for it.

    A preparation that has to be over some days before, such as a test spot, needs those days; whoever was told of it
    by the plan before has had them.
    """
    day = (slot.day - asked.start).days
    found = ["home_number.rest_after_irritation"] if day in asked.person.rest else []
    if standing is Standing.PROPOSED:
        left = (slot.day - asked.profile.today).days
        found += [
            line.ref
            for line in asked.knowledge.of(Precare).values()
            if slot.id not in asked.proposed
            and line.to_days > max(1, left)
            and slot.treatment in targets(line.applies, line.excepting, asked.knowledge)
        ]
        found += [HOME_ONLY] if asked.preferences.home_only else []
    return tuple(found)


def _elsewhere(asked: Asked, first: date) -> Iterator[Slot]:
    """One time on each day for each treatment that was asked for, whether or not the clinic offers it."""
    for name in asked.wanted:
        level = usual_performer(asked.knowledge.get(Treatment, name), None)
        priced = [(slot.price, slot.currency) for slot in asked.slots if slot.treatment == name and slot.price]
        price, currency = min(priced, key=lambda each: each[0], default=(None, None))
        for number in range((first - asked.start).days, asked.length):
            noon = datetime.combine(asked.start + timedelta(days=number), time(12), UTC)
            yield Slot(
                noon, noon + timedelta(hours=1), name, NOWHERE, NOWHERE, level, "UTC", price=price, currency=currency
            )


def _value(slot: Slot, day: int, asked: Asked) -> int:
    """What a session brings: its fit, the sooner the more, less its price and an unwelcome day of the week."""
    weights = asked.weights
    fit = max(0.0, fit_of(asked.knowledge.get(Treatment, slot.treatment), asked.assessment)[0])
    full = weights["treatment_value"] * fit / series(slot.treatment, asked.knowledge)
    value = full * (1 - weights["sooner"] / 100 * day / max(1, asked.length - 1))
    value -= weights["cost"] * min(MOST_TIMES, float((slot.price or 0) / asked.middle_price))
    if asked.preferences.weekdays and slot.day.weekday() not in asked.preferences.weekdays:
        value -= weights["other_weekday"]
    return round(value)


def _cents(slot: Slot, preferences: Preferences) -> int:
    """Its price in hundredths; nought where it has none, or another currency than the budget."""
    same = preferences.currency is None or slot.currency is None or preferences.currency == slot.currency
    return int((slot.price * 100).to_integral_value(ROUND_CEILING)) if slot.price is not None and same else 0


def _budget(asked: Asked) -> int | None:
    budget = asked.preferences.budget
    if budget is None:
        return None
    settled = {slot.id: slot for slot in (*asked.done, *asked.preferences.booked)}  # an appointment is paid for first
    spent = sum(_cents(slot, asked.preferences) for slot in settled.values())
    return max(0, int((budget * 100).to_integral_value(ROUND_FLOOR)) - int(spent))


def _most(asked: Asked, openings: Iterable[Opening]) -> dict[str, int]:
    """How many sessions of each treatment may still be placed."""
    names = dict.fromkeys(opening.treatment for opening in openings)
    had = [slot.treatment for slot in asked.done]
    return {name: max(0, series(name, asked.knowledge) - had.count(name)) for name in names}


def _bars(
    asked: Asked, openings: tuple[Opening, ...], at_home: Home, *, named: bool
) -> dict[int, dict[int, dict[int, Rules]]]:
    """Opening to item to the days on which a session there rules the item out."""
    found: dict[int, dict[int, dict[int, Rules]]] = {}
    around = _Around(asked, named=named)
    for number, opening in enumerate(openings):
        for place, item in enumerate(at_home.items):
            days = around.days(opening, item)
            if days:
                found.setdefault(number, {})[place] = days
    return found


QUIET_BEFORE = "nothing_harsh"
"""The line that tells a client, before a visit, to try nothing new."""


def _hush(asked: Asked, openings: tuple[Opening, ...]) -> dict[int, frozenset[int]]:
    line = asked.knowledge.get(Precare, QUIET_BEFORE)
    told = targets(line.applies, line.excepting, asked.knowledge)
    return {
        number: frozenset(range(opening.day - line.from_days, opening.day - line.to_days + 1))
        for number, opening in enumerate(openings)
        if opening.treatment in told
    }


class _Around:
    """What a session rules out at home, worked out once for each treatment and product."""

    def __init__(self, asked: Asked, *, named: bool) -> None:
        self.asked = asked
        self.named = named
        self._offsets: dict[tuple[str, str], dict[int, Rules]] = {}
        self._closes: dict[tuple[str, int, str], dict[int, Rules]] = {}

    def days(self, opening: Opening, item: Item) -> dict[int, Rules]:
        """The days on which a session there rules an item out, with the rules."""
        found = {
            opening.day + offset: rules
            for offset, rules in self._pauses(opening, item).items()
            if 0 <= opening.day + offset < self.asked.length
        }
        for day, rules in self._closed(opening, item).items():
            found[day] = (*found.get(day, ()), *rules)
        return found

    def _pauses(self, opening: Opening, item: Item) -> dict[int, Rules]:
        key = opening.treatment, item.product
        if key not in self._offsets:
            found = pauses(item.names, opening.treatment, self.asked.person.evidence)
            for offset, rules in self._waits(opening, item).items():
                found[offset] = found.get(offset, rules)
            aside = no_room(item.halves, near(opening.treatment, self.asked.knowledge), daily=item.daily)
            for offset, rules in aside.items():
                found[offset] = (*found.get(offset, ()), *rules)
            self._offsets[key] = found
        return self._offsets[key]

    def _waits(self, opening: Opening, item: Item) -> dict[int, Rules]:
        """Days before a session on which using the product would close the session's day: screening's own word."""
        used = self.asked.start + timedelta(days=self.asked.length // 2)
        exposures = [(name, used) for name in sorted(item.names) if name.startswith("active.")]
        profile = suppose(self.asked.profile, exposures, knowledge=self.asked.knowledge)
        screening = Screening(profile, self.asked.knowledge)
        treatment, level = opening.treatment, opening.slot.level
        base = self.asked.supposed.base.closed(treatment, level)
        newly = spans.difference(screening.closed(treatment, level), base)
        waits = [wait for wait in range(self.asked.length) if spans.contains(newly, used.toordinal() + wait)]
        return {
            -wait: rules_of(screening.decide(treatment, on=used + timedelta(days=wait), performer=level))
            for wait in waits
        }

    def _closed(self, opening: Opening, item: Item) -> dict[int, Rules]:
        treatment = self.asked.knowledge.get(home.Product, item.product).screened_as
        return self.home_days(opening, treatment) if treatment else {}

    def deep_clean(self, opening: Opening) -> dict[int, Rules]:
        """The days whose evenings a session keeps from being deep-clean evenings."""
        found = dict(self.home_days(opening, DEEP_CLEAN))
        for offset, rules in no_deep_clean(opening.treatment, self.asked.knowledge).items():
            if 0 <= opening.day + offset < self.asked.length:
                found[opening.day + offset] = (*found.get(opening.day + offset, ()), *rules)
        return found

    def home_days(self, opening: Opening, treatment: str) -> dict[int, Rules]:
        """The days that a session closes for a treatment at home."""
        key = opening.treatment, opening.day, treatment
        if key not in self._closes:
            self._closes[key] = closes_at_home(
                opening, treatment, self.asked.person.days, self.asked.supposed, named=self.named
            )
        return self._closes[key]


def _deep_bars(asked: Asked, openings: tuple[Opening, ...], *, named: bool) -> dict[int, dict[int, Rules]]:
    around = _Around(asked, named=named)
    found = {number: around.deep_clean(opening) for number, opening in enumerate(openings)}
    return {number: days for number, days in found.items() if days}
