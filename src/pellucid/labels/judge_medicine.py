"""Medicines on a list. Nobody is told to stop one that was prescribed: that is the prescriber's to say."""

from collections.abc import Iterator

from pellucid.knowledge.schema.labels import LabelMedicine
from pellucid.labels.bottle import Bottle
from pellucid.labels.notes import Values, write
from pellucid.labels.person import Person
from pellucid.model.profile import DatedFact
from pellucid.model.verdict import Note


def medicines(bottle: Bottle, person: Person) -> Iterator[Note]:
    """One note for each medicine, told otherwise where the person uses it."""
    for record, items in bottle.medicines:
        yours = tuple(dict.fromkeys(fact.name for fact in _own(record, person)))
        if yours:
            yield write("medicine_yours", record, bottle.knowledge, items=items, values={"yours": yours}, personal=True)
        else:
            code = "medicine" if record.prescription else "medicine_free"
            yield write(code, record, bottle.knowledge, items=items)
    yield from _unlisted(bottle, person)


def _unlisted(bottle: Bottle, person: Person) -> Iterator[Note]:
    """A medicine that only the words beside the list name, or none although only inactive ingredients are listed."""
    for record, word in bottle.outside:
        yours = tuple(dict.fromkeys(fact.name for fact in _own(record, person)))
        values: Values = {"what": (word,), "n": 1}
        if yours:
            yield write("medicine_yours", record, bottle.knowledge, values={**values, "yours": yours}, personal=True)
        else:
            yield write("medicine" if record.prescription else "medicine_free", record, bottle.knowledge, values=values)
    if bottle.active_missing and not (bottle.outside or bottle.medicines):
        yield write("medicine_unlisted", None, bottle.knowledge)


def prescribed(bottle: Bottle, person: Person) -> bool:
    """Whether only a prescriber can tell to leave it out: usually prescribed, given to them, or nobody can see."""
    records = [record for record, _ in (*bottle.medicines, *bottle.outside)]
    return bottle.active_missing or any(record.prescription or _own(record, person) for record in records)


def _own(record: LabelMedicine, person: Person) -> list[DatedFact]:
    names = (*record.exposures, *record.prescribed_as)
    return [fact for name in names for fact in person.own(name) if fact.prescribed]
