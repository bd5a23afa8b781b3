"""What holds at home: how often, how something new is brought in, what goes together, and pregnancy."""

from collections.abc import Iterator

from docs.reference_pages.markdown import codes, page, table

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Cap, Pair, PregnancyRule, Ramp
from pellucid.knowledge.texts import Texts

SKINS = ("sensitive", "dry", "normal", "combination", "oily")

Rows = Iterator[tuple[object, ...]]


def home_care(knowledge: Knowledge, texts: Texts) -> str:
    """Caps, ramps, pairs and pregnancy."""
    return page(
        "Care at home",
        "## How often",
        table(("what", "per", *SKINS, "sources"), _caps(knowledge, texts)),
        "## Bringing in something new",
        table(("what", "skin", "steps", "days to the next", "sources"), _ramps(knowledge, texts)),
        "## What goes together",
        table(("pair", "verdict", "rule", "sources"), _pairs(knowledge, texts)),
        "## Pregnancy, planning, breastfeeding",
        table(("what", "pregnant", "planning", "breastfeeding", "sources"), _pregnancy(knowledge, texts)),
    )


def _caps(knowledge: Knowledge, texts: Texts) -> Rows:
    for cap in knowledge.of(Cap).values():
        often = (_cap_cell(cap, skin) for skin in SKINS)
        yield texts.get(cap.ref, "name"), cap.unit.replace("_", " "), *often, codes(cap.source)


def _cap_cell(cap: Cap, skin: str) -> str:
    value = {str(name): each for name, each in cap.by_skin.items()}[skin]
    return f"{value.default:g}" + (f" [{value.range[0]:g}-{value.range[1]:g}]" if value.range else "")


def _ramps(knowledge: Knowledge, texts: Texts) -> Rows:
    for ramp in knowledge.of(Ramp).values():
        steps = "; ".join(f"{step.weeks} wk at {step.per_week:g} a week" for step in ramp.steps)
        yield texts.get(ramp.ref, "name"), ", ".join(ramp.for_skin), steps, ramp.gap_days, codes(ramp.source)


def _pairs(knowledge: Knowledge, texts: Texts) -> Rows:
    for pair in knowledge.of(Pair).values():
        waits = ((pair.before, "before"), (pair.after, "after"))
        beside = (f"{wait.whole_days} days {side}" for wait, side in waits if wait)
        verdict = ", ".join((pair.verdict.replace("_", " "), *beside))
        yield texts.get(pair.ref, "name"), verdict, texts.get(pair.ref, "rule"), codes(pair.source)


def _pregnancy(knowledge: Knowledge, texts: Texts) -> Rows:
    for rule in knowledge.of(PregnancyRule).values():
        yield texts.get(rule.ref, "name"), rule.pregnant, rule.planning, rule.breastfeeding, codes(rule.source)
