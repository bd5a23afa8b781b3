"""What a plan puts aside around something that the person has done on a day, such as waxing: the pairs with days."""

from datetime import date
from typing import NamedTuple

from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge.schema.home import Pair, Product
from pellucid.model.profile import DatedFact
from pellucid.model.spans import Run
from pellucid.plan.home import names_of
from pellucid.plan.together import OF_THE_ROUTINE


class DatedPause(NamedTuple):
    """Products of the plan that are left out on the days around something, both ends included."""

    pair: str
    """The record that says so."""
    products: tuple[str, ...]
    own: tuple[str, ...]
    """The person's own names for what they use of the same kind."""
    since: date
    until: date
    what: str
    """What is done, as conditions name it."""
    on: date | None
    """Its day; None where nobody told which."""


def dated_pauses(words: PlanWords) -> list[DatedPause]:
    """Every pause of the plan's own products around something done on a day, by day, cut to the plan."""
    found: dict[DatedPause, None] = {}
    for pair in words.knowledge.of(Pair).values():
        if pair.margins == (0, 0):
            continue
        for side, own in ((pair.first, pair.second), (pair.second, pair.first)):
            products = _products(side, words)
            if not products or own.startswith(OF_THE_ROUTINE):
                continue
            for fact in words.profile.dated:
                for run in (*fact.days.yes, *fact.days.unknown) if own in fact.classes else ():
                    pause = _pause(pair, side, products, fact, run, words)
                    found.update(dict.fromkeys([pause] if pause else []))
    return sorted(found, key=lambda each: (each.since, each.until, each.pair, each.what))


def pause_text(pause: DatedPause, words: PlanWords) -> str:
    """``Waxing: leave out Retinol, 3 to 13 December 2026``."""
    return words.say("plan.date.pause", what=_what(pause, words), list=_names(pause, words), days=_days(pause, words))


def pause_label(pause: DatedPause, words: PlanWords) -> tuple[str, str]:
    """A few words for the grid, and the same with the days and what they are for."""
    label = words.say("plan.stripe.named", label=words.say("plan.stripe.products"), list=_names(pause, words))
    days = words.say("plan.stripe.days", label=label, days=_days(pause, words))
    what = (
        words.say("detail.visit", name=_what(pause, words), day=words.day(pause.on))
        if pause.on
        else _what(pause, words)
    )
    return label, words.say("plan.stripe.named", label=days, list=what)


def _products(side: str, words: PlanWords) -> tuple[str, ...]:
    used = words.first_uses
    return tuple(name for name in sorted(used) if side in names_of(words.knowledge.get(Product, name), words.knowledge))


def _pause(  # noqa: PLR0913, PLR0917 - what is paused, and around what
    pair: Pair, side: str, products: tuple[str, ...], fact: DatedFact, run: Run, words: PlanWords
) -> DatedPause | None:
    """The days around one run of days; what is begun only afterwards has nothing to pause."""
    before, after = pair.margins
    since = max(run[0] - before, words.plan.start.toordinal())
    until = min(run[1] - 1 + after, words.plan.until.toordinal())
    first = {each.product: each.first_use.toordinal() for each in words.plan.introductions}
    begun = tuple(name for name in products if first.get(name, since) <= until)
    if since > until or not begun:
        return None
    told = run in fact.days.yes and run[1] - run[0] == 1
    on = date.fromordinal(run[0]) if told else None
    own = words.own((side,))
    return DatedPause(pair.ref, begun, own, date.fromordinal(since), date.fromordinal(until), fact.classes[0], on)


def _what(pause: DatedPause, words: PlanWords) -> str:
    return words.builder.wording.name(pause.what)


def _names(pause: DatedPause, words: PlanWords) -> str:
    return words.join((*pause.own, *map(words.product, pause.products)))


def _days(pause: DatedPause, words: PlanWords) -> str:
    return words.stretch(pause.since, pause.until)
