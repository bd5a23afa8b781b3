"""``judge``: what a label means, for everyone and for one person. No score, and nothing is called safe."""

from collections.abc import Iterator
from datetime import date

from pellucid.knowledge.base import Knowledge
from pellucid.labels.bottle import Bottle, Item, counting_roles, mentions
from pellucid.labels.judge_clashes import clashes
from pellucid.labels.judge_clogging import clogging
from pellucid.labels.judge_fit import benefits, fit
from pellucid.labels.judge_limits import limits
from pellucid.labels.judge_medicine import medicines, prescribed
from pellucid.labels.judge_place import layers, place, stands_for
from pellucid.labels.judge_pregnancy import pregnancy
from pellucid.labels.judge_sessions import sessions
from pellucid.labels.judge_watch import allergens, watch_outs
from pellucid.labels.kind import guess_kind
from pellucid.labels.line import find_lines, placed
from pellucid.labels.notes import Values, in_order, write
from pellucid.labels.person import Person, person_of
from pellucid.model.assessment import Assessment
from pellucid.model.label import Label, LabelState
from pellucid.model.plan import CarePlan, Named
from pellucid.model.profile import Profile
from pellucid.model.verdict import Note, Verdict

NOT_NOW = frozenset({"fit_ruled_out", "budget_none"})
"""Notes that say that a product is not for somebody now."""
BEGINNING = frozenset({"fit_for", "budget", "place_test", "place_ramp"})
"""Notes that would have them begin it all the same."""
STATES = {LabelState.NO_LIST: "no_list", LabelState.UNREADABLE: "unreadable"}


def judge(  # noqa: PLR0913 - what is asked for, by name
    label: Label,
    *,
    profile: Profile | None = None,
    plan: CarePlan | None = None,
    knowledge: Knowledge,
    today: date,
    kind: str | None = None,
    assessment: Assessment | None = None,
) -> Verdict:
    """Say what a label means.

    Args:
        label: as ``read_label`` read it.
        profile: who asks; without one no note speaks of a person.
        plan: their care plan, for sessions and the routine; unknown facts then count as they may be.
        knowledge: what is known of ingredients, products and skin.
        today: the day on which this is asked; nothing reads the clock.
        kind: the ``product_kind``, where it is known; else it is inferred, and the verdict says how surely.
        assessment: what was found for this person; made from the profile where it is not given.

    Returns:
        The verdict; its notes stand in the order of the ``verdict_section`` records, safety first. Where
        there is no list, or none that can be read, nothing but a medicine on it is told.

    Raises:
        UnknownIdError: ``kind`` is no kind of product.
    """
    bottle = open_bottle(label, knowledge, kind)
    person = person_of(profile, assessment, plan, today=today, knowledge=knowledge)
    readable = label.state is LabelState.READ
    ours = readable and not prescribed(bottle, person)
    products = stands_for(bottle) if ours else ()
    product = next(iter(products), None)
    places = layers(bottle, product) if ours and bottle.sure else ()
    notes = [*_reading(bottle, person)]
    if readable:
        notes += _of_the_list(bottle)
        notes += (*watch_outs(bottle, person), *allergens(bottle, person), *limits(bottle, person))
        notes += (*pregnancy(bottle, person), *medicines(bottle, person), *clogging(bottle))
        notes += (*benefits(bottle, person), *fit(bottle, products, person))
        notes += place(bottle, product, person) if ours else ()
        notes += (*clashes(bottle, products, person), *sessions(bottle, places, person))
    else:
        notes += medicines(bottle, person)  # what is surely a medicine is told even where the rest can't be read
    return Verdict(
        state=label.state,
        today=today,
        product=bottle.product,
        lines=bottle.lines,
        notes=in_order(_agreeing(notes), knowledge),
        unknown=mentions(_unknown(bottle)),
        layers=places,
        stands_for=product.ref if product else None,
        names=knowledge.ingredients.digest,
        knowledge=knowledge.digest,
    )


def _agreeing(notes: list[Note]) -> list[Note]:
    """The notes without those on how to begin, where another says not to."""
    if NOT_NOW.isdisjoint(note.code for note in notes):
        return notes
    return [note for note in notes if note.code not in BEGINNING]


def open_bottle(label: Label, knowledge: Knowledge, kind: str | None = None) -> Bottle:
    """A label with what is known of each ingredient, its place and the kind of product."""
    found = placed(label, knowledge)
    lines = find_lines(found, knowledge)
    items = []
    for each in found:
        mention = each.mention(lines.get(each.part))
        roles = counting_roles(each.facts, low=mention.low, knowledge=knowledge)
        items.append(Item(mention, each.facts, roles, each.product))
    return Bottle(label, tuple(items), tuple(lines.values()), guess_kind(label, found, knowledge, kind), knowledge)


def _unknown(bottle: Bottle) -> tuple[Item, ...]:
    """What is judged by nothing: no known name, or a name of which nothing else is known."""
    known = {item for _, items in bottle.medicines for item in items}
    return tuple(item for item in bottle.items if item.facts is None and item not in known)


def _reading(bottle: Bottle, person: Person) -> Iterator[Note]:
    """Whether the text can answer at all, and what limits the answer."""
    knowledge = person.knowledge
    if bottle.label.state in STATES:
        yield write(STATES[bottle.label.state], None, knowledge)
        return
    unknown = _unknown(bottle)
    if unknown:
        yield write("unknown_names", None, knowledge, items=unknown)
    if bottle.active_missing:
        yield write("active_missing", None, knowledge)
    for record, word in bottle.outside:
        yield write("medicine_outside", record, knowledge, values={"what": (word,), "n": 1})
    if bottle.products > 1:
        yield write("several_products", None, knowledge, values={"products": bottle.products})
    elif bottle.product.rinse_off is None:
        yield write("rinse_unknown", None, knowledge)


def _of_the_list(bottle: Bottle) -> Iterator[Note]:
    """Where it passes about 1 %, or that it doesn't show; each place is told once, with the product of several."""
    of = "_of" if bottle.products > 1 else ""
    told = {(line.product, line.position, line.rule, line.marker.text): line for line in reversed(bottle.lines)}
    for line in reversed(told.values()):
        record = bottle.knowledge.by_ref[line.rule]
        marker = (bottle.items[line.marker.index],)
        values: Values = {"position": line.position, "marker": Named(record.kind, record.id)}
        values |= {"product": line.product + 1} if of else {}
        yield write(f"line_{line.basis}{of}", record, bottle.knowledge, items=marker, values=values)
    if not bottle.lines:
        yield write("line_none", None, bottle.knowledge)
