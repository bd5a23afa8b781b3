"""A clinic's own rules on top of the shipped knowledge: tighten freely, loosen only with a signed reason.

Nothing goes below the law or past a rule that allows no override, and whoever has no licence level can't override at
all. ``for_clinic`` makes a new knowledge value with its own hash; the shipped one stays as it is.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from pellucid.knowledge.base import Knowledge, Override, unknown
from pellucid.knowledge.check import reference_faults
from pellucid.knowledge.schema.base import Column, Days, Id, LevelName, Piece, Record, Ref
from pellucid.knowledge.schema.home import Cap, CapValue, SkinColumn
from pellucid.knowledge.schema.rules import Age, Cell, Contraindication, Rule, Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.errors import ClinicRulesError, Problem
from pellucid.model.levels import Level

R = TypeVar("R", bound=Record)

Text = Annotated[str, Field(min_length=3, max_length=500)]


class Signature(Piece):
    """Who answers for a change, and why."""

    by: Text
    level: LevelName
    reason: Text
    signed: date


class WindowChange(Piece):
    """Another number of days for one window in one column; looser needs a signature."""

    window: Id
    column: Column
    days: Days
    signature: Signature | None = None


class CapChange(Piece):
    """Another cap for one kind of skin; looser needs a signature."""

    cap: Id
    skin: SkinColumn
    most: Annotated[float, Field(ge=0)]
    signature: Signature | None = None


class OverrideEntry(Piece):
    """A decision to go ahead in spite of rules that allow it."""

    rules: Annotated[tuple[Ref, ...], Field(min_length=1)]
    treatments: tuple[Id, ...] = ()
    """Only for these; empty means wherever the rules apply."""
    client: str | None = None
    signature: Signature
    expires: date


Words = dict[Literal["en", "zh_hant"], dict[str, str]]
"""Language to the texts of a record; what is missing in one language is taken from another, or left empty."""


class OwnRule(Piece):
    """A rule that the clinic writes for its own treatment, with its words (name, reason, next)."""

    rule: Contraindication
    words: Words


class OwnTreatment(Piece):
    """A treatment or device that the clinic adds, with its words; never allowed until its rules are signed."""

    treatment: Treatment
    words: Words
    """At least a name in one language."""
    rules: tuple[OwnRule, ...] = ()
    signature: Signature | None = None


class ClinicRules(Piece):
    """Everything a clinic sets for itself."""

    windows: tuple[WindowChange, ...] = ()
    caps: tuple[CapChange, ...] = ()
    licensed: tuple[Id, ...] = ()
    """Treatments for which the clinic confirmed that its licence covers them in its region."""
    overrides: tuple[OverrideEntry, ...] = ()
    treatments: tuple[OwnTreatment, ...] = ()


def for_clinic(knowledge: Knowledge, rules: ClinicRules) -> Knowledge:
    """The knowledge as one clinic uses it.

    Raises:
        ClinicRulesError: an id is unknown, a change would loosen without a signature of at least physician level,
            or below the law or a rule that allows no override; all faults at once.
    """
    problems = [
        *_window_faults(knowledge, rules),
        *_cap_faults(knowledge, rules),
        *_other_faults(knowledge, rules),
        *reference_faults(_with_own(knowledge, rules), _own_records(rules)),
    ]
    if problems:
        raise ClinicRulesError(problems)
    extended = _with_own(knowledge, rules)
    windows = _with(knowledge.of(Window), _changed_windows(knowledge, rules))
    caps = _with(knowledge.of(Cap), _changed_caps(knowledge, rules))
    return Knowledge(
        records=MappingProxyType({**extended.records, "window": windows, "cap": caps}),
        digest=hashlib.sha256((knowledge.digest + rules.model_dump_json()).encode()).hexdigest(),
        folder=knowledge.folder,
        own_words={**knowledge.own_words, **_own_words(rules)},
        overrides=(*knowledge.overrides, *(_override(each) for each in rules.overrides)),
        licensed=knowledge.licensed | set(rules.licensed),
        unreviewed=knowledge.unreviewed
        | {each.treatment.id for each in rules.treatments if not (each.rules and _signed(each.signature, Level.L3))},
    )


def _own_records(rules: ClinicRules) -> list[Record]:
    own: list[Record] = [each.treatment for each in rules.treatments]
    return [*own, *(each.rule for added in rules.treatments for each in added.rules)]


def _with_own(knowledge: Knowledge, rules: ClinicRules) -> Knowledge:
    """The knowledge with the clinic's own treatments and their rules, and nothing else changed."""
    treatments = {each.treatment.id: each.treatment for each in rules.treatments}
    added = {each.rule.id: each.rule for own in rules.treatments for each in own.rules}
    records = {
        **knowledge.records,
        "treatment": _with(knowledge.of(Treatment), treatments),
        "contraindication": _with(knowledge.of(Contraindication), added),
    }
    return Knowledge(MappingProxyType(records), knowledge.digest, knowledge.folder)


def _own_words(rules: ClinicRules) -> dict[str, Mapping[str, Mapping[str, str]]]:
    words: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for own in rules.treatments:
        words[own.treatment.ref] = {str(language): texts for language, texts in own.words.items()}
        words.update((each.rule.ref, {str(lang): texts for lang, texts in each.words.items()}) for each in own.rules)
    return words


def _with(shipped: Mapping[str, R], changed: Mapping[str, R]) -> Mapping[str, R]:
    return MappingProxyType({**shipped, **changed})


def _signed(signature: Signature | None, least: Level) -> bool:
    return signature is not None and Level[signature.level] >= least


def _loosening(where: str, signature: Signature | None, override: str, authority: str) -> Iterator[Problem]:
    """What stands against loosening something."""
    if authority == "law":
        yield Problem(where, "is set by law and can't be loosened")
    elif override == "none":
        yield Problem(where, "allows no override and can't be loosened")
    elif not _signed(signature, max(Level.L3, Level[override])):
        yield Problem(where, f"is looser than the default: that needs a signed reason of level {override} or above")


def _window_faults(knowledge: Knowledge, rules: ClinicRules) -> Iterator[Problem]:
    windows = knowledge.of(Window)
    for number, change in enumerate(rules.windows):
        where = f"windows[{number}]"
        window = windows.get(change.window)
        if window is None:
            yield Problem(f"{where}.window", unknown("window", change.window, windows))
        elif change.column not in window.columns:
            yield Problem(f"{where}.column", f"{change.window} has no {change.column}")
        elif change.days < window.columns[change.column].whole_days:
            yield from _loosening(f"{where}.days", change.signature, window.override, window.authority)


def _cap_faults(knowledge: Knowledge, rules: ClinicRules) -> Iterator[Problem]:
    caps = knowledge.of(Cap)
    for number, change in enumerate(rules.caps):
        where = f"caps[{number}]"
        cap = caps.get(change.cap)
        if cap is None:
            yield Problem(f"{where}.cap", unknown("cap", change.cap, caps))
        elif change.most > cap.by_skin[change.skin].default:
            yield from _loosening(f"{where}.most", change.signature, "L3", "house")


def _other_faults(knowledge: Knowledge, rules: ClinicRules) -> Iterator[Problem]:
    treatments = knowledge.of(Treatment)
    own = {each.treatment.id for each in rules.treatments}
    for number, name in enumerate(rules.licensed):
        if name not in treatments and name not in own:
            yield Problem(f"licensed[{number}]", unknown("treatment", name, treatments))
    seen: list[str] = []
    for number, added in enumerate(rules.treatments):
        where = f"treatments[{number}]"
        for ref in (added.treatment.ref, *(each.rule.ref for each in added.rules)):
            if ref in seen:
                yield Problem(where, f"{ref} is defined twice")
            seen.append(ref)
        if added.treatment.id in treatments:
            yield Problem(where, f"{added.treatment.id!r} is already in the knowledge base")
        if not any("name" in texts for texts in added.words.values()):
            yield Problem(f"{where}.words", "needs a name in one language at least")
        yield from _own_rule_faults(where, added, knowledge)
    for number, override in enumerate(rules.overrides):
        yield from _override_faults(f"overrides[{number}]", override, rules, knowledge)


def _own_rule_faults(where: str, added: OwnTreatment, knowledge: Knowledge) -> Iterator[Problem]:
    for number, own in enumerate(added.rules):
        if own.rule.id in knowledge.of(Contraindication):
            yield Problem(f"{where}.rules[{number}].rule.id", f"{own.rule.id!r} is already in the knowledge base")
        if not any("name" in texts for texts in own.words.values()):
            yield Problem(f"{where}.rules[{number}].words", "needs a name in one language at least")


def _override_faults(
    where: str, override: OverrideEntry, rules: ClinicRules, knowledge: Knowledge
) -> Iterator[Problem]:
    if override.expires <= override.signature.signed:
        yield Problem(f"{where}.expires", "must lie after it was signed")
    own = {each.treatment.id for each in rules.treatments}
    for name in override.treatments:
        if name not in knowledge.of(Treatment) and name not in own:
            yield Problem(f"{where}.treatments", unknown("treatment", name, knowledge.of(Treatment)))
    for name in override.rules:
        rule = knowledge.by_ref.get(name)
        if not isinstance(rule, Rule | Window):
            yield Problem(f"{where}.rules", unknown("rule", name, _overridable(knowledge)))
        elif rule.override == "none" or rule.authority == "law":
            yield Problem(f"{where}.rules", f"{name} allows no override")
        elif Level[override.signature.level] < Level[rule.override]:
            yield Problem(f"{where}.signature.level", f"{name} needs {rule.override} or above")


def _overridable(knowledge: Knowledge) -> list[str]:
    rules: list[Record] = [*knowledge.of(Contraindication).values(), *knowledge.of(Age).values()]
    return [rule.ref for rule in (*rules, *knowledge.of(Window).values())]


def _changed_windows(knowledge: Knowledge, rules: ClinicRules) -> dict[str, Window]:
    changed: dict[str, Window] = {}
    for change in rules.windows:
        window = changed.get(change.window, knowledge.get(Window, change.window))
        old = window.columns[change.column]
        extra = tuple(each for each in old.extra if each.whole_days > change.days)
        source = tuple(dict.fromkeys((*old.source, "house")))
        cell = Cell(days=change.days, range=old.range, source=source, extra=extra)
        changed[window.id] = window.model_copy(update={"columns": {**window.columns, change.column: cell}})
    return changed


def _changed_caps(knowledge: Knowledge, rules: ClinicRules) -> dict[str, Cap]:
    changed: dict[str, Cap] = {}
    for change in rules.caps:
        cap = changed.get(change.cap, knowledge.get(Cap, change.cap))
        value = CapValue(default=change.most)
        changed[cap.id] = cap.model_copy(update={"by_skin": {**cap.by_skin, change.skin: value}})
    return changed


def _override(entry: OverrideEntry) -> Override:
    return Override(
        rules=entry.rules,
        treatments=entry.treatments,
        by=entry.signature.by,
        level=Level[entry.signature.level],
        reason=entry.signature.reason,
        days=(entry.signature.signed.toordinal(), entry.expires.toordinal()),
        client=entry.client,
    )
