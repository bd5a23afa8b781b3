"""What to watch out for: a client's own allergies, what the ingredients do, fragrance allergens."""

from collections.abc import Iterator

from pellucid.knowledge import expressions
from pellucid.knowledge.schema.ingredients import AllergenRule, IngredientNote
from pellucid.knowledge.schema.labels import ByAmount
from pellucid.knowledge.schema.people import Question
from pellucid.labels.bottle import Bottle, Item
from pellucid.labels.judge_medicine import prescribed
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, Text

ALLERGIES = "health.allergies."
PRESCRIBED = "_prescribed"
"""The end of the codes that send people to their prescriber."""
FRAGRANCE_ALLERGY = "health.allergies.fragrance"


def watch_outs(bottle: Bottle, person: Person) -> Iterator[Note]:
    """What the ingredients call for, for everyone and for this person."""
    open_allergies: list[tuple[IngredientNote, tuple[Item, ...]]] = []
    for record in bottle.knowledge.of(IngredientNote).values():
        items = _enough(record, bottle) if record.tone == "watch_out" and bottle.may_be(record.use) else ()
        if not items or (bottle.sure and bottle.kind and record.id in bottle.kind.untold):
            continue
        about_you = _about_you(record, person)
        if record.for_everyone or (about_you and not _is_allergy(record)):
            yield from _watch(record, items, bottle, person)
        elif about_you:
            code = "allergy_prescribed" if prescribed(bottle, person) else "allergy_own"
            yield _note(code, record, items, person, personal=True)
        elif about_you is None and person.profile is not None and _is_allergy(record):
            open_allergies.append((record, items))
    if open_allergies:
        yield _allergies_unknown(open_allergies, bottle, person)
    yield from _not_looked_for(bottle, person)


def _not_looked_for(bottle: Bottle, person: Person) -> Iterator[Note]:
    """Allergies that were told and that no rule finds in a list, or not all of what they may mean."""
    if person.profile is None:
        return
    question = bottle.knowledge.get(Question, ALLERGIES.removesuffix("."))
    told = [name for name in (f"{ALLERGIES}{option}" for option in question.options) if person.holds(name)]
    found = {record.when for record in bottle.knowledge.of(IngredientNote).values() if not record.partly}
    missing = tuple(Named("name", name) for name in told if name not in found)
    if missing:
        yield write("allergy_unseen", None, bottle.knowledge, values={"allergies": missing}, personal=True)


def _watch(record: IngredientNote, items: tuple[Item, ...], bottle: Bottle, person: Person) -> Iterator[Note]:
    """A word of care; what is in a medicine is the prescriber's choice, and what begins it is theirs to say."""
    personal = not record.for_everyone
    if prescribed(bottle, person):
        beside = tuple(item for item in items if item not in bottle.prescription)
        if beside:
            yield _note("watch_prescribed", record, beside, person, personal=personal)
    elif personal:
        yield _note("watch_you", record, items, person, personal=True)
    else:
        yield _note("watch_low" if _little(record, items, person) else "watch", record, items, person)


def _little(record: IngredientNote, items: tuple[Item, ...], person: Person) -> bool:
    """Whether there is probably too little to matter: an amount counts, none is printed, and all stand low."""
    needing = {role for each in person.knowledge.of(ByAmount).values() for role in each.roles}
    return not needing.isdisjoint(record.roles) and all(
        item.mention.low and item.mention.percent is None for item in items
    )


def _enough(record: IngredientNote, bottle: Bottle) -> tuple[Item, ...]:
    return tuple(item for item in bottle.under(record) if not (record.above_one_percent and item.mention.low))


def _about_you(record: IngredientNote, person: Person) -> bool | None:
    """Whether one of the findings or the condition that it is told for holds; None where nobody knows."""
    if person.profile is None:
        return None
    if person.findings.intersection(record.what):
        return True
    return person.holds(record.when) if record.when else False


def _is_allergy(record: IngredientNote) -> bool:
    names = list(expressions.atoms(expressions.parse(record.when))) if record.when else []
    return bool(names) and all(name.startswith(ALLERGIES) for name in names)


def _note(
    code: str, record: IngredientNote, items: tuple[Item, ...], person: Person, *, personal: bool = False
) -> Note:
    more = () if code.endswith(PRESCRIBED) else (Text(record.ref, "say"),)
    return write(code, record, person.knowledge, items=items, more=more, strength=record.strength, personal=personal)


def _allergies_unknown(found: list[tuple[IngredientNote, tuple[Item, ...]]], bottle: Bottle, person: Person) -> Note:
    """One question for all of them."""
    items = {item.mention.index: item for _, each in found for item in each}
    whens = [record.when for record, _ in found if record.when]
    return write(
        "allergy_open_prescribed" if prescribed(bottle, person) else "allergy_open",
        found[0][0],
        person.knowledge,
        items=[items[index] for index in sorted(items)],
        values={"allergies": tuple(Named("name", when) for when in whens)},
        sources=tuple(dict.fromkeys(source for record, _ in found for source in record.source)),
        verified=all(record.verified for record, _ in found),
        personal=True,
        unknown=True,
        asks=tuple(dict.fromkeys(path for when in whens for path in person.open(when))),
    )


def allergens(bottle: Bottle, person: Person) -> Iterator[Note]:
    """Fragrance allergens that the EU wants named, one note for each date from which it does."""
    known = bottle.knowledge.ingredients.allergens
    groups: dict[tuple[object, ...], list[Item]] = {}
    for item in bottle.items:
        entry = known.of(item.inci) if item.inci else None
        if entry:
            key = (entry.recent, entry.new_from, entry.all_from, entry.stage(person.today))
            groups.setdefault(key, []).append(item)
    rule = next(iter(bottle.knowledge.of(AllergenRule).values()), None)
    for (recent, new_from, all_from, stage), items in groups.items():
        values: Values = {}
        if rule:
            values = {"leave_on": rule.leave_on, "rinse_off": rule.rinse_off}
            values |= {"new_from": new_from, "all_from": all_from} if recent else {}  # type: ignore[dict-item]
        more = (Text(rule.ref, str(stage)),) if rule else ()
        code = "allergens_recent" if recent else "allergens"
        yield write(code, rule, bottle.knowledge, items=items, more=more, values=values)
        if person.profile and person.holds(FRAGRANCE_ALLERGY):
            code = "allergy_prescribed" if prescribed(bottle, person) else "allergy_fragrance"
            yield write(code, rule, bottle.knowledge, items=items, personal=True)
