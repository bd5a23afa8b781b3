"""What a product must not meet in someone's care at home: pairs, the shared budget of exfoliation, days of calm."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from pellucid.consult.products import EXFOLIATION, MOST_NEW, in_budget, never, ramp_for
from pellucid.knowledge.schema import home
from pellucid.labels.bottle import Bottle
from pellucid.labels.judge_medicine import prescribed
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person
from pellucid.model import spans
from pellucid.model.plan import Named, Part
from pellucid.model.verdict import Mention, Note, Text

AHEAD = 28
"""So many days ahead single evenings are named; further on the plan says it."""
MEDICINE = "medicine."
SENSITIVE_ONLY = "same_step_no"
"""What is said of pairs that only sting, and only on sensitive skin."""
STRICTNESS = ("never", "same_day_no", "split_morning_evening", "same_evening_no", "same_step_no")
"""What pairs say, the strictest first."""
CALM = (("event.important", "calm_before_event"), ("sun.exposure", "calm_before_sun"))
"""What nothing new begins shortly before, and the number of days."""


def clashes(bottle: Bottle, products: tuple[home.Product, ...], person: Person) -> Iterator[Note]:
    """Everything in someone's own care that this product clashes with; nothing where nobody in particular asks."""
    if bottle.off_face:
        return
    product = next(iter(products), None)
    yield from strictest(pairs(bottle, product, person))
    for each in {each.cap: each for each in reversed(products) if each.cap}.values():
        yield from budget(each, bottle, person)
    if product and product.patch_test and not any(person.own(f"active.{each}") for each in product.actives):
        yield from not_now(product, person)


def pairs(bottle: Bottle, product: home.Product | None, person: Person) -> Iterator[Note]:
    """Pairs of which one side is in the bottle and the other in the person's own care, or dated, or in the plan."""
    same = product.id if product else ""
    for pair in bottle.knowledge.of(home.Pair).values():
        if pair.verdict == "allowed" or (pair.verdict == "same_evening_no" and bottle.daily and bottle.mornings_only):
            continue
        for mine, other in dict.fromkeys(((pair.first, pair.second), (pair.second, pair.first))):
            if mine in bottle.counted:
                yield from _meets(pair, bottle, Sides(mine, other, same), person)


def strictest(notes: Iterable[Note]) -> Iterator[Note]:
    """Of pairs with the same thing on the other side, each ingredient under the strictest word only."""
    found = sorted(notes, key=_strictness)
    told: dict[tuple[str, object], set[Mention | None]] = {}
    for word, group in groupby(found, key=_strictness):
        same = list(group)
        for note in same:
            before = told.get(_other(note), set())
            about = tuple(each for each in note.about if each not in before)
            if about or not (note.about or None in before):
                what = tuple(dict.fromkeys(each.text for each in about))
                values = tuple((name, what if name == "what" and about else value) for name, value in note.values)
                yield replace(note, about=about, values=values)
        for note in same if word < len(STRICTNESS) else ():
            told.setdefault(_other(note), set()).update(note.about or (None,))


def _strictness(note: Note) -> int:
    word = dict(note.values).get("verdict")
    return STRICTNESS.index(word.id) if isinstance(word, Named) else len(STRICTNESS)


def _other(note: Note) -> tuple[str, object]:
    return note.code, dict(note.values).get("yours")


class Sides(NamedTuple):
    """One way round of a pair: what is in the bottle, what is elsewhere, and the home product that the bottle is."""

    mine: str
    other: str
    same: str


def _meets(pair: home.Pair, bottle: Bottle, sides: Sides, person: Person) -> Iterator[Note]:
    items = bottle.counted[sides.mine]
    own = tuple(dict.fromkeys(fact.name for fact in person.own(sides.other)))
    planned = [each for each in person.planned_as(sides.other) if each.id != sides.same]
    days = _days(sides.other, planned, person)
    if own:
        code = "pair_own"
    elif planned:
        code = "pair_plan"
    elif days:
        code = "pair_deep_clean"
    elif sides.other.startswith("signal.") and person.holds(sides.other):
        code = "pair_skin"
    else:
        yield from _dated(pair, bottle, sides, person)
        return
    theirs = prescribed(bottle, person)
    values: Values = {
        "yours": own or tuple(Named("product", each.id) for each in planned),
        "verdict": Named("verdict", pair.verdict),
    }
    if not items:
        values["what"] = bottle.instead_of_items(sides.mine)
    yield write(
        f"{code}_prescribed" if theirs else _mild(code, pair, person),
        pair,
        person.knowledge,
        items=items,
        more=_rule(pair, sides, theirs=theirs),
        values=values,
        days=days if pair.verdict in {"same_evening_no", "same_day_no"} else (),
        personal=True,
        disagreement=pair.disagreement,
    )


def _mild(code: str, pair: home.Pair, person: Person) -> str:
    """A pair that matters to sensitive skin only is told to others, and keeps nobody else from anything."""
    return f"{code}_told" if pair.verdict == SENSITIVE_ONLY and person.skin not in {None, "sensitive"} else code


def _rule(pair: home.Pair, sides: Sides, *, theirs: bool) -> tuple[Text, ...]:
    """The pair's own words; of a prescribed product only those that are about the medicine in it."""
    return () if theirs and not sides.mine.startswith(MEDICINE) else (Text(pair.ref, "rule"),)


def _days(other: str, planned: Iterable[home.Product], person: Person) -> tuple[date, ...]:
    """The next days on which the plan has the other side, for evenings on which this product must not be used."""
    last = person.today + timedelta(days=AHEAD)
    if other == "layer.dc_mask":
        return tuple(day for day in person.deep_cleans if day <= last)
    halves = (half for product in planned for half in person.planned[product.id])
    return tuple(sorted({day for day, part in halves if part is Part.EVENING and day <= last}))


def _dated(pair: home.Pair, bottle: Bottle, sides: Sides, person: Person) -> Iterator[Note]:
    """Something done on a day, such as waxing, with the days before and after it."""
    if not (pair.before or pair.after) or person.profile is None:
        return
    items = bottle.counted[sides.mine]
    theirs = prescribed(bottle, person)
    what: Values = {} if items else {"what": bottle.instead_of_items(sides.mine)}
    before, after = pair.margins
    for fact in person.profile.dated:
        for first, end in fact.days.yes if sides.other in fact.classes else ():
            if first > spans.PAST and end < spans.FUTURE and end - 1 + after >= person.today.toordinal():
                yield write(
                    "pair_dated_prescribed" if theirs else "pair_dated_swap" if bottle.daily else "pair_dated",
                    pair,
                    person.knowledge,
                    items=items,
                    more=_rule(pair, sides, theirs=theirs),
                    values={"yours": fact.name, "day": date.fromordinal(first), **what},
                    since=date.fromordinal(first - before),
                    until=date.fromordinal(end - 1 + after),
                    personal=True,
                    disagreement=pair.disagreement,
                )


def budget(product: home.Product, bottle: Bottle, person: Person) -> Iterator[Note]:
    """How often at most on this skin, and what draws on the same budget already."""
    if person.skin is None or product.cap is None:
        return
    cap = bottle.knowledge.get(home.Cap, product.cap)
    often = Named("how_often", f"{cap.id}.{person.skin}")
    values: Values = {"skin": Named("column", person.skin), "often": often}
    out = never(product, person.skin, bottle.knowledge)
    code = "budget_none" if out else "budget"
    yield write(code, cap, bottle.knowledge, values=values, more=(Text(cap.ref, "note"),), personal=True)
    if not out and in_budget(product, bottle.knowledge):
        yield from _shared(bottle, person)


def _shared(bottle: Bottle, person: Person) -> Iterator[Note]:
    cap = bottle.knowledge.get(home.Cap, EXFOLIATION)
    products = bottle.knowledge.of(home.Product)
    planned = [each for each in person.planned if each in products and in_budget(products[each], bottle.knowledge)]
    facts = (*person.own("active.exfoliating_acid"), *person.own("active.scrub"))
    own = tuple(dict.fromkeys(fact.name for fact in facts if fact.detail.get("form") != "rinse_off"))
    yours: tuple[str | Named, ...] = (*own, *(Named("product", each) for each in planned))
    if yours:
        yield write("budget_shared", cap, bottle.knowledge, values={"yours": yours}, personal=True)


def not_now(product: home.Product, person: Person) -> Iterator[Note]:
    """Stretches of days, that have not ended yet, in which nothing new begins."""
    knowledge = person.knowledge
    for name, number in CALM:
        record = knowledge.get(home.HomeNumber, number)
        for fact in person.profile.dated if person.profile else ():
            if name in fact.classes:
                runs = spans.dilate(spans.union(fact.days.yes, fact.days.unknown), record.days, 0)
                yield from _stretches("new_calm", record, runs, fact.name, person)
    if person.plan:
        yield from _rests(person)
        yield from _introductions(product, person)


def _rests(person: Person) -> Iterator[Note]:
    record = person.knowledge.get(home.HomeNumber, "rest_after_irritation")
    log = person.plan.log if person.plan else ()
    first = [each.on.toordinal() for each in log if each.what == "irritation"]
    yield from _stretches("new_rest", record, spans.normalise((day, day + record.days) for day in first), "", person)


def _introductions(product: home.Product, person: Person) -> Iterator[Note]:
    """What the plan brings in leaves no room beside it, and so much is enough."""
    knowledge = person.knowledge
    begun = person.plan.introductions if person.plan else ()
    if len({each.product for each in begun} - {product.id}) >= MOST_NEW:
        yield write("new_enough", None, knowledge, values={"most": MOST_NEW}, personal=True)
        return
    for each in begun:
        other = knowledge.of(home.Product).get(each.product)
        if other is None or each.product == product.id:
            continue
        (record, gap), (_, own) = _gap(other, person), _gap(product, person)
        first = each.tested_from.toordinal()
        runs = ((max(first - own + 1, person.today.toordinal()), first + gap),)
        yield from _stretches("new_beside", record, runs, Named("product", other.id), person)


def _gap(product: home.Product, person: Person) -> tuple[home.HomeNumber | home.Ramp, int]:
    """How many days a new product has to itself, and the rule that says so."""
    ramp = ramp_for(product, person.skin, person.knowledge) if person.skin else None
    number = person.knowledge.get(home.HomeNumber, "between_new_actives")
    return (ramp, ramp.gap_days) if ramp else (number, number.days)


def _stretches(
    code: str, record: home.HomeNumber | home.Ramp, runs: Iterable[spans.Run], yours: str | Named, person: Person
) -> Iterator[Note]:
    for first, end in runs:
        if end > person.today.toordinal() and first > spans.PAST and end < spans.FUTURE:
            yield write(
                code,
                record,
                person.knowledge,
                values={"yours": yours},
                since=date.fromordinal(first),
                until=date.fromordinal(end - 1),
                personal=True,
            )
