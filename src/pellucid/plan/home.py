"""Care at home as the planner sees it: which products there are, how often, when not, and what must not meet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from pellucid.consult.evidence import Evidence, holds_today, open_today
from pellucid.consult.products import (
    MOST_NEW,
    Fits,
    basics,
    in_budget,
    in_use,
    least_fit,
    never,
    product_fit,
    ramp_for,
    ruled_out,
)
from pellucid.consult.routine import seen_first, skin_column
from pellucid.consult.screen import Screening
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.people import Exposure
from pellucid.model import spans
from pellucid.model.assessment import Assessment
from pellucid.model.levels import Level
from pellucid.model.plan import Happened, Preferences
from pellucid.model.profile import Profile
from pellucid.model.truth import YES
from pellucid.plan.aside import near, no_deep_clean, no_room
from pellucid.plan.bars import after_past_sessions, past_sessions
from pellucid.plan.problem import WEEK, Home, Item, Minutes, Rate, Rules, Shared
from pellucid.plan.rates import RESTING, cap_rate, product_rate, stages
from pellucid.plan.together import apart, closed_by_pairs
from pellucid.plan.visits import rules_of

DEEP_CLEAN = "home_deep_clean"
NEVER = Rate(0, WEEK)
"""While the skin rests, what needs a test but has no cap waits too."""

REVIEW_DAYS = 84
"""New products are counted over twelve weeks, as long as until a review."""

ROUTINES = ("morning", "evening", "deep_clean")

NO_ROOM: Mapping[str, frozenset[str]] = {
    "oil_cleanser": frozenset({"dc_steam"}),
    "salicylic_wash": frozenset({"dc_second_cleanse"}),
}
"""Layers in which a product would stand in another's place: the oil has taken makeup off by then, and a wash with an
acid does not go with the acid or mask that follows."""


@dataclass(frozen=True)
class Person:
    """One person with everything that care at home is asked of."""

    screening: Screening
    assessment: Assessment
    preferences: Preferences
    start: date
    length: int
    log: tuple[Happened, ...] = ()

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge that is used."""
        return self.screening.knowledge

    @property
    def evidence(self) -> Evidence:
        """What is known of the person."""
        return self.screening.evidence

    @property
    def profile(self) -> Profile:
        """The person's facts."""
        return self.screening.profile

    @cached_property
    def skin(self) -> str:
        """The column of caps that holds."""
        return skin_column(self.assessment)

    @cached_property
    def fits(self) -> Fits:
        """How well each product fits."""
        return {each.id: product_fit(each, self.assessment) for each in self.knowledge.of(home.Product).values()}

    @cached_property
    def days(self) -> Mapping[int, date]:
        """The plan's days by number."""
        return {number: self.start + timedelta(days=number) for number in range(self.length)}

    def numbers(self, runs: spans.Spans) -> list[int]:
        """The plan's days among runs of days."""
        return [number for number, day in self.days.items() if spans.contains(runs, day.toordinal())]

    def home_days(self, number: str) -> int:
        """A number of days of care at home."""
        return self.knowledge.get(home.HomeNumber, number).days

    @cached_property
    def rest(self) -> frozenset[int]:
        """Days on which the skin rests after irritation."""
        length = self.home_days("rest_after_irritation")
        first = [(each.on - self.start).days for each in self.log if each.what == "irritation"]
        return frozenset(day for begin in first for day in range(begin, begin + length) if 0 <= day < self.length)

    @cached_property
    def away(self) -> dict[int, str]:
        """Days away, with the requirement's name."""
        return {
            number: f"away.{stretch.since}"
            for stretch in self.preferences.away
            for number, day in self.days.items()
            if stretch.since <= day <= stretch.until
        }

    @cached_property
    def layers(self) -> dict[str, home.Layer]:
        """The layers that arise for this person, in order."""
        ordered = sorted(self.knowledge.of(home.Layer).values(), key=lambda each: (each.routine, each.order))
        return {layer.id: layer for layer in ordered if self._arises(layer)}

    def _arises(self, layer: home.Layer) -> bool:
        truth = self.evidence.truth(layer.ask_when) if layer.ask_when else YES
        return holds_today(truth, self.evidence) or open_today(truth, self.evidence)

    @cached_property
    def basics(self) -> tuple[home.Product, ...]:
        """What everyone uses, in the variant that suits this person best and that nothing rules out on any day."""
        open_throughout = [
            product
            for product in self.knowledge.of(home.Product).values()
            if product.basic and not self.numbers(_out(product, self.evidence))
        ]
        return tuple(basics(open_throughout, self.fits))


def care_at_home(person: Person, *, named: bool) -> Home:
    """Lay out what the planner is told of care at home; ``named`` gives each closed day its rules by name."""
    products = person.knowledge.of(home.Product).values()
    chosen = [product for product in products if not (product.basic or left_out(product, person))]
    items = tuple(_beside_sessions(_item(product, person, named=named), person) for product in chosen)
    return Home(
        items=items,
        shared=tuple(_shared(chosen, person)),
        apart=apart(items, person.knowledge),
        deep_closed=_deep_closed(person, items, named=named),
        deep_rate=cap_rate(person.knowledge.get(home.Cap, "deep_clean"), person.skin),
        test_days=person.home_days("use_test"),
        unstartable=_unstartable(person),
        rest=person.rest,
        most_new=MOST_NEW,
        new_window=REVIEW_DAYS,
        one_way=tuple(number for number, each in enumerate(chosen) if in_budget(each, person.knowledge)),
        minutes=_minutes(person),
    )


def left_out(product: home.Product, person: Person) -> Rules:
    """What leaves a product out of the plan on every day; nothing where the plan may place it.

    It fits, or a choice of it is pinned; the skin's cap is not nought; nothing is new where all stays simple. Of the
    basics there is one variant, which the plan doesn't place: it is there every day.
    """
    if product.basic:
        return tuple(basic.ref for basic in person.basics if set(basic.layers) & set(product.layers))
    found = [f"cap.{product.cap}"] if never(product, person.skin, person.knowledge) else []
    pinned = any(pin.product == product.id for pin in person.preferences.pins)
    if person.fits[product.id][0] < least_fit(person.knowledge) and not pinned:
        found.append("scoring.product")
    if not in_use(product, person.evidence):
        found += seen_first(person.assessment)
    return tuple(found)


def _item(product: home.Product, person: Person, *, named: bool) -> Item:
    knowledge = person.knowledge
    new = product.patch_test and not in_use(product, person.evidence)
    ramp = ramp_for(product, person.skin, knowledge) if new else None
    allowed = product_rate(product, person.skin, _told(product, person), new=new, knowledge=knowledge)
    cap = knowledge.get(home.Cap, product.cap) if product.cap else None
    names = names_of(product, knowledge)
    closed = _closed(product, person, named=named)
    for day, rules in closed_by_pairs(product, names, person.days, person.evidence).items():
        closed[day] = (*closed.get(day, ()), *rules)
    layers = {part: _layers(product, part, person) for part in ROUTINES}
    if not _fits_in(layers, product, person):
        closed = {day: (*closed.get(day, ()), "minutes.day") for day in person.days}
    gap = ramp.gap_days if ramp else person.home_days("between_new_actives")
    return Item(
        product=product.id,
        fit=person.fits[product.id][0],
        names=names,
        **layers,
        closed=closed,
        daily=not product.patch_test and product.cap is None,
        rate=allowed,
        resting=cap_rate(cap, RESTING) if cap else NEVER,
        new=new,
        elected=new or (in_budget(product, knowledge) and not in_use(product, person.evidence)),
        ramp=ramp.id if ramp else None,
        stages=stages(ramp, allowed),
        gap=gap if new else 0,
        minutes=product.minutes or 0,
    )


def _beside_sessions(item: Item, person: Person) -> Item:
    """The item with the days closed on which its layers stand aside because of what was done, or will be, elsewhere."""
    closed = dict(item.closed)
    for treatment, on in past_sessions(person.evidence):
        for offset, rules in no_room(item.halves, near(treatment, person.knowledge), daily=item.daily).items():
            number = on + offset - person.start.toordinal()
            if number in person.days:
                closed[number] = (*closed.get(number, ()), *rules)
    return replace(item, closed=closed)


def _fits_in(layers: Mapping[str, tuple[str, ...]], product: home.Product, person: Person) -> bool:
    """Whether a day of the basics and this product alone takes no longer than the person has."""
    minutes = _minutes(person)
    if minutes is None:
        return True
    of = minutes.of_layer
    basics = {"evening": minutes.evening, "deep_clean": minutes.deep_clean}
    ways = []
    for night, filled in basics.items():
        added = [name for part in ("morning", night) for name in layers[part] if name not in minutes.morning | filled]
        if added and (night == "evening" or layers[night]):
            base = sum(of[name] for name in (*minutes.morning, *filled))
            ways.append(base + sum(max(of[name], product.minutes or 0) for name in added))
    return not ways or min(ways) <= minutes.limit


def _told(product: home.Product, person: Person) -> float | None:
    """How often a week the person says to use it."""
    names = {f"active.{active}" for active in product.actives}
    told = [
        fact.detail.get("times_per_week")
        for fact in person.profile.dated
        if fact.record == "active" and fact.ongoing and names & set(fact.classes)
    ]
    return max((float(each) for each in told if each), default=None)


def names_of(product: home.Product, knowledge: Knowledge) -> frozenset[str]:
    """What a product is in the words of conditions: itself, its actives, and the groups of these."""
    exposures = knowledge.of(Exposure)
    actives = [f"active.{active}" for active in product.actives]
    groups = [f"active.{group}" for name in actives if name in exposures for group in exposures[name].groups]
    return frozenset((f"product.{product.id}", *actives, *groups))


def _layers(product: home.Product, part: str, person: Person) -> tuple[str, ...]:
    barred = NO_ROOM.get(product.id, frozenset())
    return tuple(
        name
        for name in product.layers
        if name in person.layers and person.layers[name].routine == part and name not in barred
    )


def _out(product: home.Product, evidence: Evidence) -> spans.Spans:
    truth = ruled_out(product, evidence)
    return spans.union(truth.yes, truth.unknown)


def _closed(product: home.Product, person: Person, *, named: bool) -> dict[int, Rules]:
    """The plan's days on which the product can't be used, whatever else the plan holds."""
    found: dict[int, Rules] = dict.fromkeys(person.numbers(_out(product, person.evidence)), (f"product.{product.id}",))
    if product.screened_as:
        for day, rules in screened(product.screened_as, person, named=named).items():
            found[day] = (*found.get(day, ()), *rules)
    names = names_of(product, person.knowledge)
    for day, rules in after_past_sessions(names, person.days, person.evidence).items():
        found[day] = (*found.get(day, ()), *rules)
    return found


def screened(treatment: str, person: Person, *, named: bool) -> dict[int, Rules]:
    """The plan's days on which screening keeps a treatment at home away; with its rules where ``named``."""
    closed = person.numbers(person.screening.closed(treatment, Level.L0))
    if not named:
        return dict.fromkeys(closed, ("screening",))
    decide = person.screening.decide
    return {day: rules_of(decide(treatment, on=person.days[day], performer=Level.L0)) for day in closed}


def _deep_closed(person: Person, items: Iterable[Item], *, named: bool) -> dict[int, Rules]:
    first = person.start.toordinal()
    simple = seen_first(person.assessment)
    nothing = not any(item.deep_clean and not item.daily for item in items)
    found = screened(DEEP_CLEAN, person, named=named)
    reasons: Iterable[Mapping[int, Rules]] = (
        closed_by_pairs(None, frozenset({"layer.dc_mask"}), person.days, person.evidence),
        dict.fromkeys(person.rest, ("home_number.rest_after_irritation",)),
        {day: (name,) for day, name in person.away.items()},
        *(
            {on + offset - first: rules for offset, rules in no_deep_clean(treatment, person.knowledge).items()}
            for treatment, on in past_sessions(person.evidence)
        ),
        dict.fromkeys(person.days, simple) if simple else {},
        # Where each is named, what would do on such an evening says itself why it has no place.
        dict.fromkeys(person.days, (f"treatment.{DEEP_CLEAN}",)) if nothing and not named else {},
    )
    for closed in reasons:
        for day, rules in closed.items():
            found[day] = (*found.get(day, ()), *rules)
    return found


def _shared(chosen: list[home.Product], person: Person) -> Iterator[Shared]:
    caps = person.knowledge.of(home.Cap)
    for cap in caps.values():
        members = [
            number
            for number, product in enumerate(chosen)
            if product.cap and cap.id in {product.cap, caps[product.cap].shares}
        ]
        if members and not cap.leads:
            yield Shared(cap.id, cap_rate(cap, person.skin), cap_rate(cap, RESTING), tuple(members))


def _unstartable(person: Person) -> dict[int, Rules]:
    """Days on which nothing new is tried or begun."""
    found: dict[int, Rules] = {}
    for name, number in (("event.important", "calm_before_event"), ("sun.exposure", "calm_before_sun")):
        told = [fact.days for fact in person.profile.dated if name in fact.classes]
        days = spans.normalise(run for each in told for run in (*each.yes, *each.unknown))
        for day in person.numbers(spans.dilate(days, person.home_days(number), 0)):
            found[day] = (*found.get(day, ()), f"home_number.{number}")
    for day in person.rest:
        found[day] = (*found.get(day, ()), "home_number.rest_after_irritation")
    for day, name in person.away.items():
        found[day] = (*found.get(day, ()), name)
    return found


def _minutes(person: Person) -> Minutes | None:
    if person.preferences.minutes_per_day is None:
        return None
    filled = {part: frozenset(_basic_layers(part, person)) for part in ROUTINES}
    return Minutes(
        limit=person.preferences.minutes_per_day,
        of_layer={layer.id: layer.minutes for layer in person.layers.values()},
        **filled,
    )


def _basic_layers(part: str, person: Person) -> Iterator[str]:
    """The layers that are there on every such half of a day: those of the basics, and what is only something to do."""
    held = {name for product in person.basics for name in product.layers}
    for layer in person.layers.values():
        if layer.routine == part and (layer.id in held or not (layer.optional or layer.id == "dc_mask")):
            yield layer.id
