"""Invented people for Hypothesis: intakes drawn from the questionnaire itself, and rules drawn from its names.

Every type of question is drawn, dated entries use names that the base knows (and a few that it doesn't), and dates lie
around ``TODAY``. What is drawn never contradicts itself, so each law may take it for a person who could exist.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from pellucid.consult.dated import RECORD_QUESTIONS, recognise
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema.people import Exposure, Question
from pellucid.knowledge.schema.rules import Age, Contraindication, Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.dates import age_on

TODAY = date(2026, 11, 20)
KNOWLEDGE = load()
QUESTIONS = KNOWLEDGE.of(Question)
TREATMENTS = tuple(KNOWLEDGE.of(Treatment))
SAFETY = tuple(path for path, question in QUESTIONS.items() if question.safety)
LISTS = tuple(RECORD_QUESTIONS.values())
UNHEARD = "zzz nobody knows this"
"""A name that is in no class."""

Answers = dict[str, Any]
"""Answers by path, such as ``{"now.skin": ["cold_sore"]}``; ``intake_of`` turns them into an intake."""

SCALE = int(os.environ.get("PELLUCID_EXAMPLES", "1"))
"""How many times as many cases to draw as usual."""


def examples(count: int) -> settings:
    """Settings for a law that is tried on so many drawn cases."""
    return settings(max_examples=count * SCALE)


def _clear() -> Answers:
    file = Path(__file__).parent / "spec" / "clear.toml"
    return flat(tomllib.loads(file.read_text("utf-8")))


def flat(intake: Mapping[str, Any]) -> Answers:
    """Answers by path."""
    paths = {}
    for section, node in intake.items():
        if isinstance(node, Mapping):
            paths.update({f"{section}.{name}": value for name, value in flat(node).items()})
        else:
            paths[section] = node
    return paths


def intake_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The intake, as nested as its file."""
    intake: dict[str, Any] = {}
    for path, value in answers.items():
        *folders, name = path.split(".")
        node = intake
        for folder in folders:
            node = node.setdefault(folder, {})
        node[name] = deepcopy(value)
    return intake


CLEAR: Mapping[str, Any] = MappingProxyType(_clear())
"""Someone of whom every safety question is answered and in whose way nothing stands."""


def days(earliest: int = -500, latest: int = 120) -> st.SearchStrategy[date]:
    """Days around today; half of them within the weeks that most waits are made of."""
    near = st.integers(max(earliest, -45), min(latest, 45))
    return st.one_of(near, st.integers(earliest, latest)).map(lambda number: TODAY + timedelta(days=number))


# --- dated entries ------------------------------------------------------------------------------------------


def _names(record: str) -> list[str]:
    found: dict[str, None] = {}
    for exposure in KNOWLEDGE.of(Exposure).values():
        if exposure.id.startswith(f"{record}."):
            found.update(dict.fromkeys((exposure.id.partition(".")[2], *exposure.names[:2])))
    return list(found)


NAMES = {record: _names(record) for record in RECORD_QUESTIONS}
FREE = frozenset({"medicine", "active", "procedure", "event"})
"""Kinds of entries whose names may be unheard of; the others are typing errors then."""


def names(record: str) -> st.SearchStrategy[str]:
    """How someone may write an exposure of this kind."""
    known = st.sampled_from(NAMES[record])
    return st.one_of(known, known, known, st.just(UNHEARD)) if record in FREE else known


@st.composite
def _stretch(draw: st.DrawFn, first: str, last: str, latest: int = 120) -> dict[str, Any]:
    """Both ends, one of them or none; in their order."""
    start, end = sorted((draw(days(latest=latest)), draw(days(latest=latest))))
    return draw(st.sampled_from([{}, {first: start}, {last: end}, {first: start, last: end}]))


@st.composite
def medicines(draw: st.DrawFn) -> dict[str, Any]:
    """A medicine: taken, stopped, planned, or with a pause that its prescriber agreed to."""
    entry: dict[str, Any] = {"name": draw(names("medicine")), **draw(_stretch("start", "stop"))}
    over = entry.get("stop", TODAY) <= TODAY and entry.get("start", TODAY) <= TODAY
    if over and draw(st.booleans()):
        entry["stopped"] = True
    if draw(st.integers(0, 3)) == 0:
        pause = max(draw(days()), entry.get("start", date.min))
        entry["pause_agreed_from"] = min(pause, entry.get("stop", date.max))
    entry.update(draw(_optional(route=st.sampled_from(["oral", "topical", "other"]), prescribed=st.booleans())))
    return entry


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def actives(draw: st.DrawFn) -> dict[str, Any]:
    """A cosmetic product: in use, or stopped on a day that is known or isn't."""
    entry: dict[str, Any] = {"name": draw(names("active")), **draw(_stretch("start", "last_use", latest=0))}
    if draw(st.booleans()):
        entry["stopped"] = True
    entry.update(draw(_optional(form=st.sampled_from(["leave_on", "rinse_off"]), times_per_week=st.integers(0, 14))))
    return entry


def _on_a_day(record: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": names(record)}, optional={"date": days()})


@st.composite
def _sun(draw: st.DrawFn) -> dict[str, Any]:
    return {"kind": draw(names("sun")), **draw(_stretch("from", "to"))}


def _events() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": names("event"), "date": days()}, optional={"name": words()})


RULE_REFS = tuple(record.ref for kind in (Contraindication, Age, Window) for record in KNOWLEDGE.of(kind).values())
PAPERS = ("physician_letter", "prescriber_letter", "test_spot", "guardian_consent")


@st.composite
def clearances(draw: st.DrawFn) -> dict[str, Any]:
    """A paper about everything, some treatments or some rules."""
    names = st.one_of(st.just("all"), st.sampled_from(TREATMENTS), st.sampled_from(RULE_REFS))
    issued = draw(days(latest=0))
    return {
        "kind": draw(st.sampled_from(PAPERS)),
        "author": "Dr. Invented",
        "scope": draw(st.lists(names, min_size=1, max_size=3, unique=True)),
        "issued": issued,
        "expires": issued + timedelta(days=draw(st.integers(1, 700))),
    }


@st.composite
def _away(draw: st.DrawFn) -> dict[str, Any]:
    start, end = sorted((draw(days()), draw(days())))
    return {"from": start, "to": end, **draw(_optional(name=words()))}


ENTRIES: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "medicine": medicines(),
    "active": actives(),
    "procedure": _on_a_day("procedure"),
    "hair_removal": _on_a_day("hair_removal"),
    "sun": _sun(),
    "event": st.deferred(_events),
    "clearance": clearances(),
    "away": _away(),
}


# --- answers ------------------------------------------------------------------------------------------------


BIRTHS = st.dates(date(1930, 1, 1), date(2025, 6, 30))


def words() -> st.SearchStrategy[str]:
    """Free text, with whatever could upset a page, a template or a file."""
    return st.text("aZ 9_.-<>&\"'{}%\\\n\t\0é酸🙂", min_size=1, max_size=20)


def answer(path: str) -> st.SearchStrategy[Any]:
    """Any answer that a question allows."""
    question = QUESTIONS[path]
    low, high = question.minimum or 0, question.maximum or 0
    match question.type:
        case "yes_no":
            return st.booleans()
        case "choice":
            return st.sampled_from(question.options)
        case "multi":
            return st.lists(st.sampled_from(question.options), max_size=4, unique=True)
        case "whole":
            return st.one_of(st.integers(int(low), min(int(high), int(low) + 40)), st.integers(int(low), int(high)))
        case "number":
            return st.floats(low, high)
        case "day":
            return days(earliest=-90, latest=0) if path == "consultation.date" else BIRTHS
        case "text":
            return words()
        case "records":
            return st.lists(ENTRIES[question.record or ""], max_size=3)


UNSURE = sorted(name for name in {*QUESTIONS, *Names(KNOWLEDGE).atoms} if not name.startswith("signal."))

OFTEN = (*QUESTIONS, *SAFETY, *LISTS * 6, *("papers.clearances", "consultation.date") * 8)
"""Questions on which rules hang are drawn more often than the others."""


@st.composite
def drawn_answers(draw: st.DrawFn) -> Answers:
    """Answers of one person: from nothing told, or from all clear, with a few answers changed or taken out."""
    answers: Answers = dict(draw(st.sampled_from([CLEAR, {}])))
    for path in draw(st.lists(st.sampled_from(list(CLEAR)), max_size=2, unique=True)):
        answers.pop(path, None)
    least = draw(st.sampled_from([0, 8]))
    for path in draw(st.lists(st.sampled_from(OFTEN), min_size=least, max_size=least + 8, unique=True)):
        answers[path] = draw(answer(path))
    answers["unsure"] = draw(st.lists(st.sampled_from(UNSURE), max_size=2, unique=True))
    return consistent(answers)


def intakes() -> st.SearchStrategy[dict[str, Any]]:
    """A whole intake that doesn't contradict itself."""
    return drawn_answers().map(intake_of)


def consistent(answers: Mapping[str, Any]) -> Answers:
    """The same answers without what can't be true together."""
    kept = dict(answers)
    _person(kept)
    for path, value in kept.items():
        if path.startswith("pores.") and isinstance(value, list):
            alone = [look for look in value if look in {"none_visible", "cannot_tell", "none"}]
            kept[path] = alone[:1] or value
    if "diabetes_poorly_controlled" in kept.get("health.conditions", ()):
        kept["health.conditions"] = [each for each in kept["health.conditions"] if each != "diabetes_controlled"]
    if "unsure" in kept:
        kept["unsure"] = [name for name in kept["unsure"] if not answered(name, kept)]
    return kept


def _person(answers: Answers) -> None:
    born = answers.get("person.birth_date")
    if born:
        if "person.age" in answers:
            answers["person.age"] = age_on(born, answers.get("consultation.date", TODAY))
        for path in ("history.procedures", "history.hair_removal"):
            if path in answers:
                answers[path] = [entry for entry in answers[path] if entry.get("date", TODAY) >= born]
    age = age_on(born, TODAY) if born else answers.get("person.age", 30)
    if not 10 <= age <= 60 and answers.get("health.pregnancy") in {"pregnant", "planning"}:
        del answers["health.pregnancy"]


def answered(name: str, answers: Mapping[str, Any]) -> bool:
    """Whether a question, option or class has an answer of its own, so that nobody can be unsure about it."""
    question, _, option = name.rpartition(".")
    given = answers.get(question)
    told = name in answers or given == option or (isinstance(given, list) and option in given)
    return told or name in told_classes(answers)


def told_classes(answers: Mapping[str, Any]) -> set[str]:
    """The classes of every dated entry."""
    found = set()
    for record, path in RECORD_QUESTIONS.items():
        for entry in answers.get(path, ()):
            known = recognise(record, entry.get("name", entry.get("kind")), KNOWLEDGE, entry.get("route"))
            found |= {name for each in known for name in (each.id, *(f"{record}.{group}" for group in each.groups))}
            found |= set() if known else {f"{record}.unrecognised"}
    return found


# --- rules --------------------------------------------------------------------------------------------------

STATUS_WORDS = ("caution", "ask", "defer", "refer", "blocked")
OPTIONS = sorted(name for name in Names(KNOWLEDGE).atoms if not name.startswith("signal."))
TARGETS = (*TREATMENTS, *KNOWLEDGE.records["family"])


def told(answers: Mapping[str, Any]) -> list[str]:
    """Names that a person's own answers speak of."""
    options = {f"{path}.{option}" for path, given in answers.items() for option in _chosen(given)}
    return sorted((told_classes(answers) | options | set(answers.get("unsure", ()))) & set(OPTIONS))


def _chosen(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def conditions(answers: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """A condition, mostly about what this person told: a name, several joined, or a comparison; never ``not``."""
    alone = [
        st.sampled_from(OPTIONS),
        st.sampled_from(["phototype >= 4", "person.age < 21", "lesions.papules + lesions.pustules >= 5"]),
    ]
    about_them = st.one_of(st.sampled_from(told(answers)), *alone) if told(answers) else st.one_of(alone)
    joined = st.lists(about_them, min_size=2, max_size=3)
    return st.one_of(about_them, about_them, joined.map(" or ".join), joined.map(" and ".join))


def _waits() -> st.SearchStrategy[dict[str, Any] | None]:
    effect = st.sampled_from(STATUS_WORDS)
    in_days = st.fixed_dictionaries({"effect": effect, "days": st.integers(0, 60)})
    in_months = st.fixed_dictionaries({"effect": effect, "months": st.integers(1, 7)})
    return st.one_of(st.none(), in_days, in_months)


def _by_level(effect: str) -> st.SearchStrategy[dict[str, str]]:
    """A milder effect from a level on."""
    milder = STATUS_WORDS[: STATUS_WORDS.index(effect) + 1]
    return st.dictionaries(st.sampled_from(["L2", "L4"]), st.sampled_from(milder), max_size=1)


@st.composite
def rules(draw: st.DrawFn, answers: Mapping[str, Any]) -> Contraindication:
    """A rule that a clinic could add, mostly one that has to do with this person."""
    effect = draw(st.sampled_from(STATUS_WORDS))
    fields = draw(
        st.fixed_dictionaries(
            {
                "when": conditions(answers),
                "applies": st.one_of(st.just(["all"]), st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3)),
                "excepting": st.lists(st.sampled_from(TREATMENTS), max_size=1),
                "then": _waits(),
                "before_days": st.integers(0, 30),
                "by_level": _by_level(effect),
                "override": st.sampled_from(["none", "L1", "L3", "L4"]),
                "lifted_by": st.lists(st.sampled_from(PAPERS), max_size=2, unique=True),
                "regions": st.lists(st.sampled_from(["us", "uk", "elsewhere"]), max_size=1),
                "starts": st.one_of(st.none(), st.none(), days()),
                "ends": st.one_of(st.none(), st.none(), days()),
            }
        )
    )
    return Contraindication.model_validate({"id": "drawn", "effect": effect, "source": ("house",), **fields})


def with_rules(knowledge: Knowledge, added: Iterable[Contraindication]) -> Knowledge:
    """The knowledge and a few more rules."""
    rules = {**knowledge.of(Contraindication), **{rule.id: rule for rule in added}}
    records = {**knowledge.records, "contraindication": rules}
    return Knowledge(MappingProxyType(records), f"{knowledge.digest} and more", knowledge.folder)
