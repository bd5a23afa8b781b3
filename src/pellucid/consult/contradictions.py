"""Answers that can't all be true; found together, so that a person mends them in one go."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from pellucid.consult.dated import recognise
from pellucid.consult.intake import ActiveEntry, AwayEntry, ClearanceEntry, DatedEntry, MedicineEntry, SunEntry
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.dates import age_on
from pellucid.model.errors import Problem

Answers = Mapping[str, Any]

YOUNGEST_PREGNANT, OLDEST_PREGNANT = 10, 60
OLDEST = 120


def contradictions(answers: Answers, knowledge: Knowledge, today: date) -> list[Problem]:
    """Every contradiction in answers whose shape is right."""
    problems: list[Problem] = []
    for finder in (_person, _consultation, _medicines, _actives, _dated, _stretches, _looks, _papers):
        problems += finder(answers, today)
    for checker in (_unsure, _scopes, _kinds):
        problems += checker(answers, knowledge)
    return sorted(problems)


def _age(answers: Answers, today: date) -> int | None:
    born = answers.get("person.birth_date")
    age: int | None = age_on(born, today) if born else answers.get("person.age")
    return age


def _person(answers: Answers, today: date) -> Iterator[Problem]:
    born, age = answers.get("person.birth_date"), answers.get("person.age")
    if born and born > today:
        yield Problem("person.birth_date", "lies in the future")
    elif born and age_on(born, today) > OLDEST:
        yield Problem("person.birth_date", f"makes an age above {OLDEST}")
    elif born and age is not None and not _same_age(born, age, answers.get("consultation.date") or today):
        yield Problem("person.age", "does not fit person.birth_date")
    years = _age(answers, today)
    pregnant = answers.get("health.pregnancy") in {"pregnant", "planning"}
    if pregnant and years is not None and not YOUNGEST_PREGNANT <= years <= OLDEST_PREGNANT:
        yield Problem("health.pregnancy", "does not fit the age")


def _same_age(born: date, age: int, asked: date) -> bool:
    return age_on(born, asked) == age


def _consultation(answers: Answers, today: date) -> Iterator[Problem]:
    asked = answers.get("consultation.date")
    if asked and asked > today:
        yield Problem("consultation.date", f"is later than today, {today.isoformat()}")


def _entries(answers: Answers, path: str) -> Iterator[tuple[str, Any]]:
    for number, entry in enumerate(answers.get(path, ())):
        yield f"{path}[{number}]", entry


def _medicines(answers: Answers, today: date) -> Iterator[Problem]:
    for where, entry in _entries(answers, "health.medicines"):
        yield from _medicine(where, entry, today)


def _medicine(where: str, entry: MedicineEntry, today: date) -> Iterator[Problem]:
    if entry.start and entry.stop and entry.stop < entry.start:
        yield Problem(f"{where}.stop", "lies before start")
    if entry.stopped and entry.stop and entry.stop > today:
        yield Problem(f"{where}.stopped", "is true, but stop lies in the future")
    if entry.pause_agreed_from and entry.stop and entry.pause_agreed_from > entry.stop:
        yield Problem(f"{where}.pause_agreed_from", "lies after stop")
    if entry.pause_agreed_from and entry.start and entry.pause_agreed_from < entry.start:
        yield Problem(f"{where}.pause_agreed_from", "lies before start")
    if entry.stopped and entry.start and entry.start > today:
        yield Problem(f"{where}.stopped", "is true, but start lies in the future")


def _actives(answers: Answers, today: date) -> Iterator[Problem]:
    for where, entry in _entries(answers, "products.actives"):
        yield from _active(where, entry, today)


def _active(where: str, entry: ActiveEntry, today: date) -> Iterator[Problem]:
    if entry.last_use and entry.last_use > today:
        yield Problem(f"{where}.last_use", "lies in the future")
    if entry.start and entry.last_use and entry.last_use < entry.start:
        yield Problem(f"{where}.last_use", "lies before start")
    if entry.start and entry.stopped and entry.start > today:
        yield Problem(f"{where}.stopped", "is true, but start lies in the future")


def _dated(answers: Answers, today: date) -> Iterator[Problem]:
    born = answers.get("person.birth_date")
    for path in ("history.procedures", "history.hair_removal"):
        for where, entry in _entries(answers, path):
            if isinstance(entry, DatedEntry) and entry.date and born and entry.date < born <= today:
                yield Problem(f"{where}.date", "lies before person.birth_date")


def _stretches(answers: Answers, _today: date) -> Iterator[Problem]:
    for path in ("history.sun", "wishes.away"):
        for where, entry in _entries(answers, path):
            if isinstance(entry, SunEntry | AwayEntry) and entry.start and entry.end and entry.end < entry.start:
                yield Problem(f"{where}.to", "lies before from")


EXCLUSIVE = ("none_visible", "cannot_tell", "none")


def _looks(answers: Answers, _today: date) -> Iterator[Problem]:
    for path, value in answers.items():
        if isinstance(value, list) and len(value) > 1 and all(isinstance(item, str) for item in value):
            alone = [item for item in value if item in EXCLUSIVE]
            if alone and path.startswith("pores."):
                yield Problem(path, f"{alone[0]!r} can't stand beside other answers")
    if {"diabetes_controlled", "diabetes_poorly_controlled"} <= set(answers.get("health.conditions", ())):
        yield Problem("health.conditions", "diabetes can't be both well and poorly controlled")


def _papers(answers: Answers, today: date) -> Iterator[Problem]:
    for where, entry in _entries(answers, "papers.clearances"):
        if isinstance(entry, ClearanceEntry) and entry.expires <= entry.issued:
            yield Problem(f"{where}.expires", "must lie after issued")
        if isinstance(entry, ClearanceEntry) and entry.issued > today:
            yield Problem(f"{where}.issued", "lies in the future")


def _unsure(answers: Answers, knowledge: Knowledge) -> Iterator[Problem]:
    names = Names(knowledge)
    for number, name in enumerate(answers.get("unsure", ())):
        question, _, option = name.rpartition(".")
        given = answers.get(question)
        if name not in names.atoms and name not in knowledge.of(Question):
            yield Problem(f"unsure[{number}]", f"{name!r} is no question, option or class of medicines or products")
        elif name in answers or option == given or (isinstance(given, list) and option in given):
            yield Problem(f"unsure[{number}]", f"{name!r} is answered as well")


def _kinds(answers: Answers, knowledge: Knowledge) -> Iterator[Problem]:
    """Kinds of hair removal and sun are few, so one that is not known is a typing error."""
    for record, path in (("hair_removal", "history.hair_removal"), ("sun", "history.sun")):
        known = [name.partition(".")[2] for name in knowledge.of(Exposure) if name.startswith(f"{record}.")]
        for where, entry in _entries(answers, path):
            if not recognise(record, entry.kind, knowledge):
                yield Problem(f"{where}.kind", f"is not known here; write one of {', '.join(known)}")


def _scopes(answers: Answers, knowledge: Knowledge) -> Iterator[Problem]:
    known: Callable[[str], bool] = lambda name: (  # noqa: E731 - read where it is used, two lines below
        name == "all" or name in knowledge.of(Treatment) or name in knowledge.by_ref
    )
    for where, entry in _entries(answers, "papers.clearances"):
        for name in entry.scope:
            if not known(name):
                yield Problem(f"{where}.scope", f"{name!r} is no treatment and no rule")
