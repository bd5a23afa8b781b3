"""The bands of days around the visits of a plan in which something is left out, asked about or avoided."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from pellucid.exchange import plan_model as out
from pellucid.exchange import when
from pellucid.exchange.build_plan_pairs import dated_pauses
from pellucid.exchange.build_plan_pauses import in_the_evening, paused_around
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge import expressions
from pellucid.knowledge.schema.rules import Window
from pellucid.model.decision import Instruction
from pellucid.model.plan import Session, Standing

Side = Literal["before", "after"]

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
    if session.standing is Standing.MISSED:
        return
    for line in (*session.preparation, *session.aftercare):
        if line.rule.startswith("window."):
            window = words.knowledge.get(Window, line.rule.partition(".")[2])
            yield _band(line, window.id, window.side, session, words)
    for number, paused in enumerate(paused_around(session, words), start=1):
        name = paused.line.rule.partition(".")[2]
        yield _band(
            paused.line, f"{name}.plan" if paused.is_window else f"{name}.home-{number}", paused.side, session, words
        )


def quiet_days(words: PlanWords) -> frozenset[date]:
    """The days near a visit, or something else done on a day, on which what an evening may have is left out."""
    found: set[date] = set()
    for session in words.plan.sessions:
        if session.standing is Standing.MISSED:
            continue
        told = [line for line in (*session.preparation, *session.aftercare) if kind_of(line, words) == "products"]
        own = [
            each.line
            for each in paused_around(session, words)
            if any(in_the_evening(product, words.knowledge) for product in each.products)
        ]
        for line in (*told, *own):
            found.update(_days(line.since, line.until))
    for pause in dated_pauses(words):
        if any(in_the_evening(product, words.knowledge) for product in pause.products):
            found.update(_days(pause.since, pause.until))
    return frozenset(found)


def _days(since: date, until: date) -> Iterator[date]:
    return (since + timedelta(days=number) for number in range((until - since).days + 1))


def _band(line: Instruction, name: str, side: Side, session: Session, words: PlanWords) -> out.BandOut:
    days = when.before if side == "before" else when.after
    told = words.builder.instruction(line)
    return out.BandOut(
        id=f"{session.key}.{name}",
        rule=line.rule,
        kind=kind_of(line, words) or "products",
        side=side,
        action=line.action,  # type: ignore[arg-type]
        name=words.record(line.rule),
        text=told.text,
        since=line.since,
        until=line.until,
        when=words.said(days(line.since, line.until, session.day)),
        session=session.key,
        session_name=words.treatment(session.slot.treatment),
        concerns=line.concerns,
        applies=line.applies,
        sources=told.sources,
    )


def kind_of(line: Instruction, words: PlanWords) -> out.StripeWord | None:
    """What a window's line is about in the grid; None for any other line."""
    if not line.rule.startswith("window."):
        return None
    window = words.knowledge.get(Window, line.rule.partition(".")[2])
    if window.match is None:
        return "gentle"
    names = list(expressions.atoms(expressions.parse(window.match)))
    kinds = [OWN_KIND.get(name) or KINDS.get(name.partition(".")[0]) for name in names]
    return next((kind for kind in kinds if kind), "gentle")
