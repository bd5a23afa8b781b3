"""Pregnancy, planning one and breastfeeding, by the rules of care at home; unknown is never taken for no."""

from collections.abc import Iterator, Mapping

from pellucid.consult.cautions import PREGNANCY, STRICTEST
from pellucid.knowledge.schema.home import PregnancyRule
from pellucid.knowledge.schema.ingredients import IngredientPregnancy
from pellucid.labels.bottle import Bottle, Item, with_groups
from pellucid.labels.judge_medicine import prescribed
from pellucid.labels.notes import write
from pellucid.labels.person import Person
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, Text

FINE = "fine"
MEDICINE = "medicine."
NOT_ASKED = "health.pregnancy.not_applicable"


def pregnancy(bottle: Bottle, person: Person) -> Iterator[Note]:
    """One note for each rule that something on the list falls under.

    For someone it holds for, as that stage says; where nobody knows, or nobody in particular asks, as the strictest
    stage says.
    """
    stages = {stage: person.holds(name) for stage, name in PREGNANCY.items()}
    settled = person.holds(NOT_ASKED) or all(each is False for each in stages.values())
    if person.profile is not None and settled and not any(stages.values()):
        return
    for rule, items in _rules(bottle).items():
        yield from _told(bottle.knowledge.get(PregnancyRule, rule), items, stages, bottle, person)
    if bottle.outside or bottle.active_missing:
        yield _unlisted(stages, bottle, person)


def _unlisted(stages: Mapping[str, bool | None], bottle: Bottle, person: Person) -> Note:
    """A medicine that the list doesn't hold; with the words of its rule, where the text names which one it is."""
    names = {
        name
        for record, _ in bottle.outside
        for each in record.exposures
        for name in with_groups(each, bottle.knowledge)
    }
    rules = [rule for rule in bottle.knowledge.of(PregnancyRule).values() if names.intersection(rule.matches)]
    of_medicines = [rule for rule in rules if any(name.startswith(MEDICINE) for name in rule.matches)]
    known = any(stages.values())
    is_open = person.profile is not None and not known
    when = " or ".join(PREGNANCY[stage] for stage, holds in stages.items() if holds is None)
    return write(
        "pregnancy_unlisted",
        next(iter(rules), None),
        bottle.knowledge,
        more=tuple(Text(rule.ref, "note") for rule in of_medicines),
        personal=person.profile is not None,
        unknown=is_open,
        asks=person.open(when) if is_open else (),
    )


def _rules(bottle: Bottle) -> dict[str, tuple[Item, ...]]:
    """Rules with what falls under them: by ingredient, and by what the product counts as, however little is in it."""
    found: dict[str, dict[Item, None]] = {}
    for rule in bottle.knowledge.of(PregnancyRule).values():
        for name in rule.matches:
            if bottle.present.get(name):
                found.setdefault(rule.id, {}).update(dict.fromkeys(bottle.present[name]))
    covered = {item for items in found.values() for item in items if item in bottle.prescription}
    for record in bottle.knowledge.of(IngredientPregnancy).values():
        items = [item for item in bottle.under(record) if item not in covered]
        if items:
            found.setdefault(record.rule, {}).update(dict.fromkeys(items))
    return {rule: tuple(sorted(items, key=lambda item: item.mention.index)) for rule, items in found.items()}


def _told(
    rule: PregnancyRule, items: tuple[Item, ...], stages: Mapping[str, bool | None], bottle: Bottle, person: Person
) -> Iterator[Note]:
    known = [stage for stage, holds in stages.items() if holds]
    which = known or [stage for stage, holds in stages.items() if holds is None]
    word = min((_word(rule, stage, items, bottle) for stage in which), key=STRICTEST.index)
    if word == FINE and not known:
        return
    theirs = prescribed(bottle, person)
    if word != FINE and theirs:
        word = "prescriber"
    advised = not theirs or bottle.prescription.issuperset(items)
    who = "anyone" if person.profile is None else "known" if known else "open"
    when = " or ".join(PREGNANCY[stage] for stage in which)
    yield write(
        f"pregnancy_{who}_{word}",
        rule,
        bottle.knowledge,
        items=items,
        values={"stages": tuple(Named("name", PREGNANCY[stage]) for stage in which)} if person.profile else {},
        more=(Text(rule.ref, "note"),) if advised else (),
        personal=person.profile is not None,
        unknown=who == "open",
        asks=person.open(when) if who == "open" else (),
        disagreement=rule.disagreement,
    )


def _word(rule: PregnancyRule, stage: str, items: tuple[Item, ...], bottle: Bottle) -> str:
    """What the rule says for a stage; where it says to limit, what is rinsed off and what stays on can differ."""
    word = str(getattr(rule, stage))
    if word != "limit":
        return word
    own = {word, *(each for item in items for each in _by_product(rule.id, item, bottle))}
    return min(own, key=STRICTEST.index)


def _by_product(rule: str, item: Item, bottle: Bottle) -> Iterator[str]:
    for record in bottle.knowledge.of(IngredientPregnancy).values():
        if record.rule == rule and item.under(record):
            word = record.rinse_off if bottle.product.rinse_off else record.leave_on
            if word == "limit" and record.limit_for and not bottle.scopes.intersection(record.limit_for):
                word = "avoid"
            over = record.up_to is not None and (item.mention.percent or 0) > record.up_to
            yield "avoid" if word == "limit" and over else word
