"""The bands of days around the visits of a plan in which something is left out, asked about or avoided."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from pellucid.consult.evidence import evidence_of
from pellucid.exchange import plan_model as out
from pellucid.exchange import when
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge import expressions
from pellucid.knowledge.schema.home import Product
from pellucid.knowledge.schema.rules import Window
from pellucid.model.decision import Instruction
from pellucid.model.plan import Session
from pellucid.plan.bars import pauses
from pellucid.plan.home import names_of

KINDS: dict[str, out.StripeWord] = {
    "hair_removal": "hair",
    "sun": "sun",
    "procedure": "procedures",
    "active": "products",
    "medicine": "prescriber",
}
"""What a window matches first, to what it is about in the grid."""

OWN_KIND: dict[str, out.StripeWord] = {
    "hair_removal.shave": "gentle",
    "hair_removal.laser_hair_removal": "procedures",
}
"""Where what it matches is of another kind in everyday life: a shave the day before, a laser."""


def bands_out(visits: Iterable[Session], words: PlanWords) -> list[out.BandOut]:
    """Every window around every visit: what the person was told of, and the pauses of the plan's own products."""
    found = [band for session in visits for band in _bands(session, words)]
    return [band for band in found if band.until >= words.plan.start and band.since <= words.plan.until]


def _bands(session: Session, words: PlanWords) -> Iterator[out.BandOut]:
    for line in (*session.preparation, *session.aftercare):
        if line.rule.startswith("window."):
            yield _band(line, "", session, words)
    for line in pauses_of(session, words):
        yield _band(line, ".plan", session, words)


def pauses_of(session: Session, words: PlanWords) -> list[Instruction]:
    """The windows that keep products of the plan away from a visit, with the products' names as what they concern.

    A product that is begun only after the visit has nothing to pause.
    """
    evidence = evidence_of(words.profile, words.knowledge)
    found: dict[str, dict[str, list[date]]] = {}
    for product, begun in words.first_uses.items():
        names = names_of(words.knowledge.get(Product, product), words.knowledge)
        for offset, rules in pauses(names, session.slot.treatment, evidence).items():
            for rule in rules:
                found.setdefault(rule, {}).setdefault(product, []).append(session.day + timedelta(days=offset))
        for paused in found.values():
            if product in paused and max(paused[product]) < begun:
                del paused[product]
    return [_pause(rule, products, words) for rule, products in sorted(found.items()) if products]


def _pause(rule: str, products: dict[str, list[date]], words: PlanWords) -> Instruction:
    days = [day for each in products.values() for day in each]
    return Instruction(
        rule=rule,
        action="pause",
        since=min(days),
        until=max(days),
        sources=words.knowledge.by_ref[rule].source,
        concerns=words.join(map(words.product, sorted(products))),
        applies=True,
    )


def side_of(line: Instruction, words: PlanWords) -> str:
    """Whether a window's line is about the days before a visit or after it."""
    return _window(line, words).side


def _window(line: Instruction, words: PlanWords) -> Window:
    return words.knowledge.get(Window, line.rule.partition(".")[2])


def _band(line: Instruction, suffix: str, session: Session, words: PlanWords) -> out.BandOut:
    window = _window(line, words)
    days = when.before if window.side == "before" else when.after
    return out.BandOut(
        id=f"{session.key}.{window.id}{suffix}",
        rule=line.rule,
        kind=kind_of(window),
        side=window.side,
        action=line.action,  # type: ignore[arg-type]
        name=words.texts.get(line.rule, "name"),
        text=words.texts.get(line.rule, "do"),
        since=line.since,
        until=line.until,
        when=words.said(days(line.since, line.until, session.day)),
        session=session.key,
        session_name=words.treatment(session.slot.treatment),
        concerns=line.concerns,
        applies=line.applies,
        sources=words.sources(line.sources),
    )


def kind_of(window: Window) -> out.StripeWord:
    """What a window is about in the grid."""
    if window.match is None:
        return "gentle"
    names = list(expressions.atoms(expressions.parse(window.match)))
    kinds = [OWN_KIND.get(name) or KINDS.get(name.partition(".")[0]) for name in names]
    return next((kind for kind in kinds if kind), "gentle")
