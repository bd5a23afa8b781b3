"""Booked and planned sessions: from when a product must stop, and until when, with the windows that say so."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pellucid.consult.prepare import wait_around
from pellucid.knowledge import expressions
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.rules import Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.labels.bottle import Bottle, Item
from pellucid.labels.judge_medicine import prescribed
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person
from pellucid.model.plan import Named, Part, Standing
from pellucid.model.verdict import Note, Text
from pellucid.plan.aside import near, no_room
from pellucid.plan.bars import means, past_sessions

PRODUCTS = ("use", "prescribed")
"""Types of window that are about what is put on the skin at home."""


About = list[tuple[Window, tuple[Item, ...]]]
"""Windows with the ingredients for which they are about a product."""


class Visit(NamedTuple):
    """A session on a day."""

    treatment: str
    day: date


def sessions(bottle: Bottle, places: tuple[str, ...], person: Person) -> Iterator[Note]:
    """One note for each session and window of a product that the bottle counts as, while it has not ended."""
    if bottle.off_face:
        return
    for visit in _visits(person):
        for note in (*_windows(visit, bottle, person), *_aside(visit, places, person)):
            if note.until is not None and note.until >= person.today:
                yield note


def _visits(person: Person) -> tuple[Visit, ...]:
    """The plan's sessions but those that did not happen, and treatments that the person has told a day of."""
    held = person.plan.sessions if person.plan else ()
    booked = person.plan.preferences.booked if person.plan else ()
    found = [Visit(each.slot.treatment, each.day) for each in held if each.standing is not Standing.MISSED]
    found += [Visit(slot.treatment, slot.day) for slot in booked]
    if person.profile:
        found += [Visit(treatment, date.fromordinal(day)) for treatment, day in past_sessions(person.evidence)]
    known = person.knowledge.of(Treatment)
    visits = {visit for visit in found if visit.treatment in known}
    return tuple(sorted(visits, key=lambda each: (each.day, each.treatment)))


def _windows(visit: Visit, bottle: Bottle, person: Person) -> Iterator[Note]:
    treatment = person.knowledge.get(Treatment, visit.treatment)
    records = [each for each in person.knowledge.of(Window).values() if each.type in PRODUCTS]
    about = [(each, items) for each in records if (items := _about(each, bottle)) is not None]
    theirs = prescribed(bottle, person)
    code = "session_prescribed" if theirs else "session_swap" if bottle.daily else "session_pause"
    yield from _around(code, visit, treatment, about, bottle, person)
    own = bottle.kind.windows if bottle.kind and not theirs else ()
    advice: About = [(person.knowledge.get(Window, name), ()) for name in own]
    yield from _around("session_kind", visit, treatment, advice, bottle, person)


def _about(window: Window, bottle: Bottle) -> tuple[Item, ...] | None:
    """The ingredients for which a window is about this product; None where it is not."""
    expression = expressions.parse(window.match or "")
    if not means(expression, frozenset(bottle.counted)):
        return None
    names = [name for name in expressions.atoms(expression) if name in bottle.counted]
    items = {item.mention.index: item for name in names for item in bottle.counted[name]}
    return tuple(items[index] for index in sorted(items))


def _around(  # noqa: PLR0913, PLR0917 - the visit, what is around it, and whom it is told
    code: str, visit: Visit, treatment: Treatment, about: About, bottle: Bottle, person: Person
) -> Iterator[Note]:
    """One note from the longest wait before to the longest after; sides without a window end on the day itself."""
    waits = [(window, items, wait_around(window, treatment, person.evidence)) for window, items in about]
    found = [(window, items, wait) for window, items, wait in waits if wait is not None]
    if not found:
        return
    before = max((wait.whole_days for window, _, wait in found if window.side == "before"), default=0)
    after = max((wait.whole_days for window, _, wait in found if window.side == "after"), default=0)
    items = {item: None for _, items, _ in found for item in items}
    if code == "session_pause" and not items:
        code = "session_kind"
    values: Values = {"treatment": Named("treatment", visit.treatment), "day": visit.day}
    if not items:
        values["what"] = tuple(word for _, word in bottle.outside) or bottle.instead_of_items("")
    yield write(
        code,
        found[0][0],
        person.knowledge,
        items=items,
        values=values,
        more=tuple(Text(window.ref, "reason") for window, _, _ in found[:1]),
        sources=tuple(dict.fromkeys(source for _, _, wait in found for source in wait.source)),
        verified=all(wait.verified for _, _, wait in found),
        since=visit.day - timedelta(days=before),
        until=visit.day + timedelta(days=after),
        personal=True,
        disagreement=next((window.disagreement for window, _, _ in found if window.disagreement), None),
    )


def _aside(visit: Visit, places: tuple[str, ...], person: Person) -> Iterator[Note]:
    """Days near a session on which the product's layers stand aside, as its pre-care and after-care say."""
    known = person.knowledge.of(home.Layer)
    by_part = {
        Part.MORNING: tuple(each for each in places if known[each].routine == "morning"),
        Part.EVENING: tuple(each for each in places if known[each].routine == "evening"),
    }
    barred = no_room(by_part, near(visit.treatment, person.knowledge), daily=False) if any(by_part.values()) else {}
    if not barred:
        return
    rules = list(dict.fromkeys(rule for each in barred.values() for rule in each))
    record = person.knowledge.by_ref[rules[0]]
    first, last = min(0, *barred), max(0, *barred)
    whole = len(barred) == last - first + 1
    yield write(
        "session_aside_day" if barred.keys() == {0} else "session_aside" if whole else "session_aside_days",
        record,
        person.knowledge,
        values={"treatment": Named("treatment", visit.treatment), "day": visit.day},
        days=() if whole else tuple(visit.day + timedelta(days=each) for each in sorted(barred)),
        more=tuple(Text(rule, "do") for rule in rules),
        since=visit.day + timedelta(days=first),
        until=visit.day + timedelta(days=last),
        sources=tuple(dict.fromkeys(source for rule in rules for source in person.knowledge.by_ref[rule].source)),
        personal=True,
    )
