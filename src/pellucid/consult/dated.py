"""Dated facts: what people write of medicines, products, procedures, hair removal, sun and events.

A name is recognised exactly (after lower-casing) or not at all: a medicine that nobody recognised is a question for
a practitioner, never taken for a harmless one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pellucid.consult.intake import ActiveEntry, DatedEntry, EventEntry, MedicineEntry, SunEntry
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.names import UNRECOGNISED
from pellucid.knowledge.schema.people import Exposure
from pellucid.model.profile import DatedFact
from pellucid.model.spans import FUTURE, NEVER, PAST
from pellucid.model.truth import Truth, truth

Index = Mapping[str, tuple[Exposure, ...]]

RECORD_QUESTIONS = {
    "medicine": "health.medicines",
    "active": "products.actives",
    "procedure": "history.procedures",
    "hair_removal": "history.hair_removal",
    "sun": "history.sun",
    "event": "history.events",
}
"""Kind of dated fact to the question that lists them."""

NON_PRESCRIPTION = {
    "medicine.adapalene": "active.adapalene_otc",
    "medicine.benzoyl_peroxide": "active.benzoyl_peroxide",
}
"""A medicine that is a cosmetic active where it is sold without prescription: its user can pause it."""


MAY_PAUSE = frozenset({"medicine.retinoid_topical", "medicine.benzoyl_peroxide"})
"""Medicines on the skin for which windows ask about a pause; for any other, an agreed pause changes no rule."""


def normalise(name: str) -> str:
    """How a written name is compared: lower case, one space, no full stop at the end."""
    return " ".join(name.lower().replace("_", " ").split()).rstrip(".")


def names_of(record: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Every name that a condition can use for one kind of dated fact."""
    names: dict[str, None] = {}
    for exposure in _exposures(record, knowledge):
        names.update(dict.fromkeys(_classes(exposure)))
    if f"{record}.unrecognised" in UNRECOGNISED:
        names[f"{record}.unrecognised"] = None
    return tuple(names)


def related(name: str, knowledge: Knowledge) -> tuple[str, ...]:
    """A name with the groups it belongs to, or a group with its members; the name alone where it is no class."""
    record = name.partition(".")[0]
    same = [_classes(each) for each in _exposures(record, knowledge) if name in _classes(each)]
    return tuple(dict.fromkeys((name, *(each for classes in same for each in classes))))


def _exposures(record: str, knowledge: Knowledge) -> list[Exposure]:
    return [each for each in knowledge.of(Exposure).values() if each.id.startswith(f"{record}.")]


def _classes(exposure: Exposure) -> tuple[str, ...]:
    record = exposure.id.partition(".")[0]
    return (exposure.id, *(f"{record}.{group}" for group in exposure.groups))


def classes_of(exposure: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The names that conditions use for one exposure record, by its id; none where there is no such record."""
    record = knowledge.of(Exposure).get(exposure)
    return _classes(record) if record else ()


def _index(record: str, knowledge: Knowledge) -> Index:
    memo: dict[str, Index] = knowledge.memo.setdefault("dated_index", {})
    if record not in memo:
        index: dict[str, tuple[Exposure, ...]] = {}
        for exposure in _exposures(record, knowledge):
            for name in {normalise(exposure.id.partition(".")[2]), *map(normalise, exposure.names)}:
                index[name] = (*index.get(name, ()), exposure)
        memo[record] = index
    return memo[record]


def recognise(record: str, name: str, knowledge: Knowledge, route: str | None = None) -> tuple[Exposure, ...]:
    """The classes that a written name can mean; several where the route would tell them apart; none if unknown."""
    found = _index(record, knowledge).get(normalise(name), ())
    return tuple(each for each in found if route is None or not each.routes or route in each.routes)


def dated_facts(answers: Mapping[str, Any], *, knowledge: Knowledge, today: date) -> Iterator[DatedFact]:
    """Every dated fact of the answers, recognised or not; a medicine listed as a product too counts as the medicine."""
    now = today.toordinal()
    prescribed: set[str] = set()
    for number, entry in enumerate(answers.get("health.medicines", ())):
        fact = _medicine(entry, knowledge, now, f"health.medicines[{number}]")
        prescribed.update(other for name, other in NON_PRESCRIPTION.items() if fact.ongoing and name in fact.classes)
        yield fact
    for number, entry in enumerate(answers.get("products.actives", ())):
        fact = _active(entry, knowledge, now, f"products.actives[{number}]")
        if not prescribed & set(fact.classes):
            yield fact
    for record, path in (("procedure", "history.procedures"), ("hair_removal", "history.hair_removal")):
        for number, entry in enumerate(answers.get(path, ())):
            yield _day(record, entry, knowledge, now, f"{path}[{number}]")
    for number, entry in enumerate(answers.get("history.sun", ())):
        yield _stretch(entry, knowledge, now, f"history.sun[{number}]")
    for number, entry in enumerate(answers.get("history.events", ())):
        yield _event(entry, knowledge, f"history.events[{number}]")


def _medicine(entry: MedicineEntry, knowledge: Knowledge, now: int, where: str) -> DatedFact:
    found = recognise("medicine", entry.name, knowledge, entry.route)
    prescribed = entry.prescribed if entry.prescribed is not None else any(each.prescribed for each in found)
    classes = tuple(dict.fromkeys(name for each in found for name in _classes(each)))
    start = entry.start.toordinal() if entry.start else PAST
    paused = entry.pause_agreed_from if MAY_PAUSE & set(classes) else None
    ends = [day.toordinal() for day in (entry.stop, paused) if day]
    stop = min(ends) + (1 if entry.stop and min(ends) == entry.stop.toordinal() else 0) if ends else FUTURE
    if not found or any(each.lasting for each in found):
        days = truth(((start, FUTURE),))  # how long something unrecognised has to be out of the body, nobody knows
    elif entry.stopped and entry.stop is None:
        days = truth(NEVER, ((start, now + 1),))
    elif not prescribed and found and all(each.id in NON_PRESCRIPTION for each in found):
        others = [knowledge.get(Exposure, NON_PRESCRIPTION[each.id]) for each in found]
        classes = tuple(dict.fromkeys(name for each in others for name in _classes(each)))
        days = _between(start, min(stop, now + 1))
    else:
        days = _between(start, stop)
    ongoing = bool(days.yes) and days.yes[-1][1] > now
    return DatedFact("medicine", entry.name, classes, days, prescribed, ongoing, entry.model_dump(), where)


def _between(start: int, end: int) -> Truth:
    return truth(((start, end),) if start < end else NEVER)


def _active(entry: ActiveEntry, knowledge: Knowledge, now: int, where: str) -> DatedFact:
    """In use counts up to today, since its user can pause it from then on; stopped on an unknown day is unknown."""
    found = recognise("active", entry.name, knowledge)
    classes = tuple(dict.fromkeys(name for each in found for name in _classes(each)))
    start = entry.start.toordinal() if entry.start else PAST
    last = entry.last_use.toordinal() if entry.last_use else None
    if entry.stopped and last is None:
        days = truth(NEVER, ((start, now + 1),)) if start <= now else truth(NEVER)
    else:
        end = last if entry.stopped and last is not None else now
        days = _between(start, end + 1)
    return DatedFact(
        "active", entry.name, classes, days, ongoing=not entry.stopped, detail=entry.model_dump(), where=where
    )


def _day(record: str, entry: DatedEntry, knowledge: Knowledge, now: int, where: str) -> DatedFact:
    found = recognise(record, entry.kind, knowledge)
    classes = tuple(dict.fromkeys(name for each in found for name in _classes(each)))
    day = entry.date.toordinal() if entry.date else None
    days = truth(((day, FUTURE if _lasting(found) else day + 1),)) if day else truth(NEVER, ((PAST, now + 1),))
    return DatedFact(record, entry.kind, classes, days, detail=entry.model_dump(), where=where)


def _lasting(found: tuple[Exposure, ...]) -> bool:
    return any(each.lasting for each in found)


def _stretch(entry: SunEntry, knowledge: Knowledge, now: int, where: str) -> DatedFact:
    found = recognise("sun", entry.kind, knowledge)
    classes = tuple(dict.fromkeys(name for each in found for name in _classes(each)))
    start = entry.start.toordinal() if entry.start else None
    end = entry.end.toordinal() if entry.end else None
    if start is None and end is None:
        days = truth(NEVER, ((PAST, now + 1),))
    elif end is None and start is not None and start > now:
        days = truth(((start, start + 1),), ((start + 1, FUTURE),))  # planned, and nobody said for how long
    elif end is None:
        days = truth(((start or PAST, now + 1),))
    else:
        days = truth(((start if start is not None else PAST, end + 1),))
    return DatedFact("sun", entry.kind, classes, days, detail=entry.model_dump(by_alias=True), where=where)


def _event(entry: EventEntry, knowledge: Knowledge, where: str) -> DatedFact:
    """An event of a kind nobody knows still matters: it counts as important."""
    found = recognise("event", entry.kind, knowledge)
    classes = tuple(dict.fromkeys(name for each in found for name in _classes(each))) or ("event.important",)
    day = entry.date.toordinal()
    name = entry.name or entry.kind
    return DatedFact("event", name, classes, Truth(((day, day + 1),), NEVER), detail=entry.model_dump(), where=where)


def own_cosmetic(fact: DatedFact, knowledge: Knowledge) -> bool:
    """A cosmetic product in use; what may be a medicine, or what nobody recognised, is not for a plan to pause."""
    if fact.record != "active" or not fact.ongoing or not fact.classes:
        return False
    return all(each.id in NON_PRESCRIPTION for each in recognise("medicine", fact.name, knowledge))
