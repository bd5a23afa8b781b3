"""What a plan puts aside around its visits: its own products, by the windows and by the rules of care at home."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from pellucid.consult.evidence import evidence_of
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Layer, Product
from pellucid.knowledge.schema.rules import Window
from pellucid.model import spans
from pellucid.model.decision import Instruction
from pellucid.model.levels import Level
from pellucid.model.plan import Session, Standing
from pellucid.plan.bars import pauses
from pellucid.plan.home import names_of

DAY = timedelta(days=1)

Stretch = tuple[date, date]


class Paused(NamedTuple):
    """Products of the plan that a rule keeps away from a visit for some days."""

    line: Instruction
    """With the products' names as what it concerns."""
    products: tuple[str, ...]
    side: Literal["before", "after"]

    @property
    def is_window(self) -> bool:
        """Whether a window asks for it; else it is a rule of care at home."""
        return self.line.rule.startswith("window.")


def paused_around(session: Session, words: PlanWords) -> list[Paused]:
    """Every pause of the plan's own products around a visit; none around one that did not happen."""
    if session.standing is Standing.MISSED:
        return []
    return [*pauses_of(session, words), *closings_of(session, words)]


def pauses_of(session: Session, words: PlanWords) -> list[Paused]:
    """The windows that keep products of the plan away from a visit.

    A product that is begun only after the visit has nothing to pause.
    """
    found: dict[str, dict[str, list[date]]] = {}
    for product, begun in words.first_uses.items():
        by_rule: dict[str, list[date]] = {}
        for offset, rules in _windows(product, session, words).items():
            for rule in rules:
                by_rule.setdefault(rule, []).append(session.day + offset * DAY)
        for rule, days in by_rule.items():
            if max(days) >= begun:
                found.setdefault(rule, {})[product] = days
    return [_window_line(rule, products, words) for rule, products in sorted(found.items())]


def _windows(product: str, session: Session, words: PlanWords) -> dict[int, tuple[str, ...]]:
    names = names_of(words.knowledge.get(Product, product), words.knowledge)
    return pauses(names, session.slot.treatment, evidence_of(words.profile, words.knowledge))


def _window_line(rule: str, products: dict[str, list[date]], words: PlanWords) -> Paused:
    days = [day for each in products.values() for day in each]
    line = _line(rule, (min(days), max(days)), sorted(products), words)
    return Paused(line, tuple(sorted(products)), words.knowledge.get(Window, rule.partition(".")[2]).side)


def closings_of(session: Session, words: PlanWords) -> list[Paused]:
    """The rules of care at home that a visit sets off, on the days that no window tells of already."""
    found: dict[tuple[str, Stretch], list[str]] = {}
    for product, begun in sorted(words.first_uses.items()):
        for rule, stretch in _closed(product, session, words):
            if stretch[1] >= begun:
                found.setdefault((rule, stretch), []).append(product)
    return [
        Paused(
            _line(rule, stretch, products, words, _own(products, words)),
            tuple(products),
            "before" if stretch[1] < session.day else "after",
        )
        for (rule, stretch), products in sorted(found.items())
    ]


def _closed(product: str, session: Session, words: PlanWords) -> Iterator[tuple[str, Stretch]]:
    """The stretches on which a visit alone closes a product, each with every rule behind it."""
    treatment = words.knowledge.get(Product, product).screened_as
    if treatment is None:
        return
    visit = session.slot.treatment, session.day
    told = spans.normalise(
        ((session.day + offset * DAY).toordinal(), (session.day + offset * DAY).toordinal() + 1)
        for offset in _windows(product, session, words)
    )
    newly = words.supposed.newly_closed(visit, treatment, Level.L0)
    day = session.day.toordinal()
    for start, end in spans.difference(newly, told):
        cut = (start, day, end) if start < day < end else (start, end)
        for first, after in pairwise(cut):
            since, until = date.fromordinal(first), date.fromordinal(min(after - 1, date.max.toordinal()))
            for rule in words.supposed.because(visit, treatment, since, Level.L0):
                yield rule, (since, until)


def _own(products: list[str], words: PlanWords) -> tuple[str, ...]:
    """What the person uses already of the same kind as products of the plan, by their own names."""
    own: dict[str, None] = {}
    for name in products:
        product = words.knowledge.get(Product, name)
        own.update(dict.fromkeys(words.own(names_of(product, words.knowledge), rinse_off=product.rinse_off)))
    return tuple(own)


def _line(rule: str, days: Stretch, products: list[str], words: PlanWords, own: tuple[str, ...] = ()) -> Instruction:
    record = words.knowledge.by_ref.get(rule)
    return Instruction(
        rule=rule,
        action="pause",
        since=days[0],
        until=days[1],
        sources=record.source if record else (),
        concerns=words.join((*own, *map(words.product, products))),
        applies=True,
    )


def in_the_evening(product: str, knowledge: Knowledge) -> bool:
    """Whether a product has a place in an evening."""
    layers = knowledge.of(Layer)
    return any(layers[name].routine != "morning" for name in knowledge.get(Product, product).layers)
