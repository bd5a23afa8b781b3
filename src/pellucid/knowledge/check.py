"""Everything that must hold between records and texts: ``check(knowledge)`` finds all faults, not the first.

Shape (types, unknown keys, double ids) is already checked on loading; here: does every id exist, does every
condition name real answers, does every record have its words in every language.
"""

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pellucid.knowledge import expressions, name_parts
from pellucid.knowledge.base import Knowledge, unknown
from pellucid.knowledge.check_tables import table_faults
from pellucid.knowledge.ingredients import NAMES_FILE, SYNONYMS_FILE
from pellucid.knowledge.names import Names
from pellucid.knowledge.schema import TOPIC_OF, TOPICS
from pellucid.knowledge.schema.base import Record, values
from pellucid.knowledge.schema.people import Category
from pellucid.knowledge.schema.rules import Rule, Signal
from pellucid.knowledge.texts import LANGUAGES, PHRASE_FILES, Texts, leaves
from pellucid.model.errors import KnowledgeError, Problem
from pellucid.model.levels import Status

NO_TOPIC = (NAMES_FILE, SYNONYMS_FILE, "allergens.csv", "comedogenicity.csv", name_parts.FILE)
"""Data files that are read by themselves."""

Finder = Callable[[Names, str], str | None]
"""Says what is wrong with a value, or None."""


def check(knowledge: Knowledge) -> list[Problem]:
    """Every fault between records and in the texts, in a stable order."""
    names = Names(knowledge)
    problems = [problem for record in knowledge.by_ref.values() for problem in _references(names, record)]
    problems += [problem for record in knowledge.by_ref.values() for problem in _laws(record)]
    problems += _circles(knowledge)
    problems += _ingredients(knowledge)
    problems += _unread(knowledge)
    unreadable = [problem for language in LANGUAGES for problem in _unreadable(knowledge.texts(language))]
    if not unreadable:
        for language in LANGUAGES:
            problems += _texts(knowledge, knowledge.texts(language))
        problems += _same_parameters(knowledge)
    return sorted({*problems, *unreadable})


def reference_faults(knowledge: Knowledge, records: Iterable[Record]) -> Iterator[Problem]:
    """What is wrong with the names that some records of a knowledge base use."""
    names = Names(knowledge)
    for record in records:
        yield from _references(names, record)
        yield from _laws(record)


def _ingredients(knowledge: Knowledge) -> Iterator[Problem]:
    """Faults of the tables of ingredients, and roles and exposures that they name and nothing else knows."""
    try:
        names = knowledge.ingredients.names.values()
    except KnowledgeError as error:
        yield from error.problems
        return
    finder = Names(knowledge)
    for facts in names:
        where = f"{NAMES_FILE}: line {facts.line}"
        for role in facts.roles:
            fault = _one_of("ingredient_role")(finder, role)
            yield from [Problem(f"{where}, roles", fault)] if fault else []
        fault = _one_of("exposure")(finder, facts.active) if facts.active else None
        yield from [Problem(f"{where}, active", fault)] if fault else []
    yield from table_faults(knowledge, knowledge.ingredients)


def _unread(knowledge: Knowledge) -> Iterator[Problem]:
    """Data files that nothing reads: of no known topic, or misspelt, so that what stands in them holds nowhere."""
    texts = {f"{topic}.toml" for topic in (*TOPICS, *PHRASE_FILES)}
    folders = {
        "": {*(f"{topic}.toml" for topic in TOPICS), *NO_TOPIC},
        **{f"text/{each}/": texts for each in LANGUAGES},
    }
    for folder, known in folders.items():
        names = {file.name for file in knowledge.folder.joinpath(*folder.split("/")).iterdir() if file.is_file()}
        strays = sorted(name for name in names - known if name.endswith((".toml", ".csv")))
        yield from (Problem(f"{folder}{name}", "nothing reads this file: no topic has its name") for name in strays)


def _circles(knowledge: Knowledge) -> Iterator[Problem]:
    """Signals that lead back to themselves."""
    signals = knowledge.of(Signal)
    leads = {name: set(_signals_in(signal.when)) & signals.keys() for name, signal in signals.items()}
    for name in signals:
        seen: set[str] = set()
        waiting = set(leads[name])
        while waiting:
            other = waiting.pop()
            if other not in seen:
                seen.add(other)
                waiting |= leads[other]
        if name in seen:
            yield Problem(_where(signals[name], ".when"), "leads back to itself")


def _signals_in(when: str) -> list[str]:
    try:
        return [atom[7:] for atom in expressions.atoms(expressions.parse(when)) if atom.startswith("signal.")]
    except expressions.ExpressionError:
        return []


def _unreadable(texts: Texts) -> Iterator[Problem]:
    for topic in (*TOPICS, *PHRASE_FILES):
        try:
            texts.topic(topic)
        except (ValueError, OSError) as error:
            yield Problem(f"text/{texts.language}/{topic}.toml", str(error))


def require_sound(knowledge: Knowledge) -> Knowledge:
    """The same knowledge, if nothing is wrong with it.

    Raises:
        KnowledgeError: something is; all faults at once.
    """
    problems = check(knowledge)
    if problems:
        raise KnowledgeError(problems)
    return knowledge


def _where(record: Record, path: str = "") -> str:
    return f"{TOPIC_OF[record.kind]}.toml: {record.ref}{path}"


def _one_of(kind: str) -> Finder:
    def find(names: Names, value: str) -> str | None:
        known = names.knowledge.records[kind]
        return None if value in known else unknown(kind, value, known)

    return find


UNBALANCED = "(braces that don't close)"

REFERENCES: Mapping[str, Finder] = {
    "source": Names.source_fault,
    "resolution": Names.source_fault,
    "claimed_by": Names.source_fault,
    "when": Names.condition_fault,
    "match": Names.match_fault,
    "ask_when": Names.condition_fault,
    "not_when": Names.condition_fault,
    "skip_when": Names.condition_fault,
    "applies": Names.target_fault,
    "excepting": Names.target_fault,
    "families": _one_of("family"),
    "disagreement": _one_of("disagreement"),
    "carried_by": Names.ref_fault,
    "see": Names.ref_fault,
    "what": Names.fit_fault,
    "first": Names.pair_fault,
    "second": Names.pair_fault,
    "matches": Names.pair_fault,
    "treatment": _one_of("treatment"),
    "part": _one_of("treatment"),
    "instead": _one_of("treatment"),
    "stop": _one_of("stop_sign"),
    "regions": _one_of("region"),
    "region": _one_of("region"),
    "within": _one_of("region"),
    "pair": _one_of("window"),
    "layers": _one_of("layer"),
    "stays": _one_of("layer"),
    "shows": _one_of("layer"),
    "cap": _one_of("cap"),
    "shares": _one_of("cap"),
    "ramps": _one_of("ramp"),
    "actives": Names.active_fault,
    "roles": _one_of("ingredient_role"),
    "suggests": _one_of("product_kind"),
    "stands_for": _one_of("product"),
    "windows": _one_of("window"),
    "exposures": _one_of("exposure"),
    "under": _one_of("verdict_section"),
    "rule": _one_of("pregnancy_rule"),
    "scopes": _one_of("product_scope"),
    "limit_for": _one_of("product_scope"),
    "wording": _one_of("limit_wording"),
}
"""A field's name to what its values must be; fields of any record and any piece of one."""


def _references(names: Names, record: Record) -> Iterator[Problem]:
    for path, field, value in values(record):
        finder = REFERENCES.get(field)
        fault = finder(names, value) if finder else None
        if fault and value != "self":
            yield Problem(_where(record, path), fault)


def _laws(record: Record) -> Iterator[Problem]:
    match record:
        case Category():
            for number, point in enumerate(record.points):
                yield from _one_question(record, number, point.when)
        case Rule():
            worst = Status[record.effect.upper()]
            for level, word in sorted(record.by_level.items()):
                if Status[word.upper()] > worst:
                    yield Problem(_where(record, f".by_level.{level}"), "a higher level must never permit less")
                worst = min(worst, Status[word.upper()])


def _one_question(record: Record, number: int, when: str) -> Iterator[Problem]:
    try:
        expression = expressions.parse(when)
    except expressions.ExpressionError:
        return
    questions = {Names.question_of(name) for name in expressions.atoms(expression)}
    questions |= set(expressions.numbers(expression))
    if len(questions) > 1:
        yield Problem(_where(record, f".points[{number}].when"), "looks at more than one question")


def _texts(knowledge: Knowledge, texts: Texts) -> Iterator[Problem]:
    for topic, kinds in TOPICS.items():
        file = f"text/{texts.language}/{topic}.toml"
        present = dict(leaves(texts.topic(topic)))
        wanted: set[str] = set()
        allowed: set[str] = set()
        for record in (record for kind in kinds for record in knowledge.records[kind.kind].values()):
            wanted.update(f"{record.ref}.{field}" for field in record.texts)
            for group, keys in record.nested_texts().items():
                wanted.update(f"{record.ref}.{group}.{key}" for key in keys)
            allowed.update(f"{record.ref}.{field}" for field in record.optional_texts)
        yield from (Problem(f"{file}: {key}", "missing") for key in wanted - present.keys())
        yield from (Problem(f"{file}: {key}", "belongs to no record") for key in present.keys() - wanted - allowed)
        yield from (Problem(f"{file}: {key}", "empty") for key, text in present.items() if not str(text).strip())


def _same_parameters(knowledge: Knowledge) -> Iterator[Problem]:
    first, *others = (knowledge.texts(language) for language in LANGUAGES)
    for topic in (*TOPICS, *PHRASE_FILES):
        known = dict(leaves(first.topic(topic)))
        for texts in others:
            file = f"text/{texts.language}/{topic}.toml"
            there = dict(leaves(texts.topic(topic)))
            if topic in PHRASE_FILES:
                yield from (Problem(f"{file}: {key}", "missing") for key in known.keys() - there.keys())
                yield from (Problem(f"{file}: {key}", "not in English") for key in there.keys() - known.keys())
            for key in known.keys() & there.keys():
                if UNBALANCED in {*_parameters(known[key]), *_parameters(there[key])}:
                    yield Problem(f"{file}: {key}", "braces that don't close, here or in the English text")
                elif _parameters(known[key]) != _parameters(there[key]):
                    yield Problem(f"{file}: {key}", "other parameters in braces than the English text")


def _parameters(text: Any) -> set[str | None]:
    try:
        return {field for _, field, _, _ in string.Formatter().parse(str(text)) if field is not None}
    except ValueError:
        return {UNBALANCED}


def main() -> int:
    """Print every fault of the shipped knowledge; 1 if there is any."""
    from pellucid.knowledge.load import load  # noqa: PLC0415

    try:
        problems = check(load())
    except KnowledgeError as error:
        problems = list(error.problems)
    print("\n".join(str(problem) for problem in problems) or "knowledge: sound")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
