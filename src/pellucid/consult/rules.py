"""Every record that decides, compiled to one shape: a condition, what it does on its days, and what it does after.

Contraindications, ages, windows and intervals become ``CompiledRule``; ``rulings`` works each out once for a person
as runs of days, whatever the treatment, performer or date asked about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from pellucid.consult.evidence import Condition, Evidence, condition, mentioned, open_questions, questions_behind
from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Wait
from pellucid.knowledge.schema.people import Exposure
from pellucid.knowledge.schema.rules import Age, Cell, Contraindication, Region, Rule, Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.dates import add_months
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.spans import ALWAYS, FUTURE, NEVER, PAST, Run, Spans, as_date
from pellucid.model.truth import NO, UNKNOWN, YES, Truth

Steps = tuple[Status, Status, Status, Status, Status]
"""The status at each performer level, L0 to L4."""


ALL_TIME: Run = (PAST, FUTURE)

LOOK_BACK_DAYS = 366
"""Screening answers for days from a year before the profile's day on; what ended earlier is left out."""

DAYS_A_MONTH = 31
"""A month at its longest."""

MEDICINES = AnswerPath("health.medicines")
"""Where a prescriber's agreement to a pause is entered."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule, ready to be worked out for a person."""

    ref: str
    when: str
    condition: Condition
    treatments: frozenset[str]
    effect: Steps
    sources: tuple[str, ...]
    before_days: int = 0
    then: Status = Status.ALLOWED
    then_days: int = 0
    then_months: int = 0
    lifted_by: tuple[str, ...] = ()
    override: Level | None = Level.L3
    disagreement: str | None = None
    regions: frozenset[str] = frozenset()
    in_force: Run = ALL_TIME
    asks: tuple[AnswerPath, ...] = ()
    """The questions whose other answer would settle it, for a rule that asks."""


class Ruling(NamedTuple):
    """What a rule means for one person, on which days."""

    rule: CompiledRule
    during: Spans
    """Days on which the effect holds."""
    after: Spans
    """Days on which only the wait behind it holds."""
    unknown: Spans
    """Days on which nobody knows."""
    asks: tuple[AnswerPath, ...]


def compiled(knowledge: Knowledge) -> tuple[CompiledRule, ...]:
    """All rules of a knowledge base, compiled once."""
    rules: tuple[CompiledRule, ...] | None = knowledge.memo.get("rules")
    if rules is None:
        made = [*_contraindications(knowledge), *_windows(knowledge)]
        rules = knowledge.memo["rules"] = tuple(sorted(made, key=lambda rule: (rule.ref, sorted(rule.treatments))))
    return rules


def targets(applies: tuple[str, ...], excepting: tuple[str, ...], knowledge: Knowledge) -> frozenset[str]:
    """The treatments that a rule names, by id, by family or all of them."""
    return frozenset(
        treatment.id
        for treatment in knowledge.of(Treatment).values()
        if _named(treatment, applies) and not _named(treatment, excepting)
    )


def _named(treatment: Treatment, names: tuple[str, ...]) -> bool:
    return "all" in names or treatment.id in names or any(family in names for family in treatment.families)


def _contraindications(knowledge: Knowledge) -> Iterator[CompiledRule]:
    rules: tuple[Rule, ...] = (*knowledge.of(Contraindication).values(), *knowledge.of(Age).values())
    for rule in rules:
        then = rule.then
        yield CompiledRule(
            ref=rule.ref,
            when=rule.when,
            condition=condition(rule.when, knowledge),
            treatments=targets(rule.applies, rule.excepting, knowledge),
            effect=_by_level(rule),
            sources=rule.source,
            before_days=_nights(rule.before_days),
            then=Status[then.effect.upper()] if then else Status.ALLOWED,
            then_days=_nights(then.days or 0) if then else 0,
            then_months=(then.months or 0) if then else 0,
            lifted_by=rule.lifted_by,
            override=None if rule.override == "none" else Level[rule.override],
            disagreement=rule.disagreement,
            regions=_regions(rule.regions, knowledge),
            in_force=_run(rule.starts, rule.ends),
            asks=_asks(rule.when, knowledge),
        )


def _asks(when: str, knowledge: Knowledge) -> tuple[AnswerPath, ...]:
    return tuple(dict.fromkeys(path for _, paths in questions_behind(when, knowledge) for path in paths))


def _nights(days: int) -> int:
    """Days to block beside the day itself: a wait of 7 days after the 1st ends on the 8th, which is free."""
    return max(0, days - 1)


def _by_level(rule: Rule) -> Steps:
    status = Status[rule.effect.upper()]
    milder: dict[str, str] = {str(level): str(word) for level, word in rule.by_level.items()}
    steps = []
    for level in Level:
        word = milder.get(level.name)
        status = Status[word.upper()] if word else status
        steps.append(status)
    return steps[0], steps[1], steps[2], steps[3], steps[4]


def _regions(names: tuple[str, ...], knowledge: Knowledge) -> frozenset[str]:
    """The regions named and every region within them."""
    found = set(names)
    regions = knowledge.of(Region)
    while True:
        inside = {region.id for region in regions.values() if region.within in found} - found
        if not inside:
            return frozenset(found)
        found |= inside


def _run(starts: date | None, ends: date | None) -> Run:
    return starts.toordinal() if starts else PAST, ends.toordinal() + 1 if ends else FUTURE


def _windows(knowledge: Knowledge) -> Iterator[CompiledRule]:
    for window in knowledge.of(Window).values():
        if window.match in {"same", "other"}:
            yield from _intervals(window, knowledge)
        elif window.match is not None and (window.side == "before" or window.type == "done"):
            for column, cell in window.columns.items():
                treatments = _in_column(column, knowledge)
                yield from _cell(window, cell, window.match, treatments, knowledge)
            if window.side == "before" and window.type == "done":
                yield from _planned(window, knowledge)


def _in_column(column: str, knowledge: Knowledge) -> frozenset[str]:
    return frozenset(each.id for each in knowledge.of(Treatment).values() if column in each.columns)


def _cell(
    window: Window, cell: Cell, match: str, treatments: frozenset[str], knowledge: Knowledge
) -> Iterator[CompiledRule]:
    yield _window_rule(window, cell, match, treatments, knowledge)
    for extra in cell.extra:
        narrowed = f"({match}) and ({extra.when})"
        yield _window_rule(window, extra, narrowed, treatments, knowledge)


def _window_rule(
    window: Window, wait: Wait, when: str, treatments: frozenset[str], knowledge: Knowledge
) -> CompiledRule:
    """A wait after what the window matches, or a clear stretch ahead of it."""
    before = window.side == "before"
    effect = Status.ASK if window.type == "prescribed" else Status.DEFER
    nights = _nights(wait.whole_days)
    return CompiledRule(
        ref=window.ref,
        when=when,
        condition=condition(when, knowledge),
        treatments=treatments,
        effect=(effect,) * 5,
        sources=wait.source,
        then=Status.DEFER,
        then_days=nights if before else 0,
        before_days=0 if before else nights,
        override=None if window.override == "none" else Level[window.override],
        disagreement=window.disagreement,
        asks=(MEDICINES,) if window.type == "prescribed" else (),
    )


def _intervals(window: Window, knowledge: Knowledge) -> Iterator[CompiledRule]:
    """Time between two treatments: the column of the earlier one says how long.

    An earlier one that was done holds the next back; a planned one must not come too soon after this one.
    """
    columns = {each.id: _longest(window, each) for each in knowledge.of(Treatment).values()}
    waits = {name: cell for name, cell in columns.items() if cell is not None}
    done = set(_procedures(knowledge))
    for name, cell in waits.items():
        own = f"procedure.{name}"
        same = _same(name, knowledge)
        others = frozenset(waits.keys() & same if window.match == "same" else waits.keys() - same)
        if own in done and others:
            behind = _window_rule(window, cell, own, others, knowledge)
            yield replace(behind, then_days=behind.before_days, before_days=0)
        planned = done if window.match == "same" else knowledge.of(Exposure).keys()  # a filler ahead counts as another
        ahead = {f"procedure.{other}" for other in others} & planned
        if ahead:
            yield _window_rule(window, cell, " or ".join(sorted(ahead)), frozenset({name}), knowledge)


def _same(name: str, knowledge: Knowledge) -> set[str]:
    """A treatment, the parts it can't do without, and the treatments that can't do without it."""
    treatments = knowledge.of(Treatment).values()
    needed = {(each.id, part.treatment) for each in treatments for part in each.parts if not part.optional}
    return (
        {name} | {part for whole, part in needed if whole == name} | {whole for whole, part in needed if part == name}
    )


def _planned(window: Window, knowledge: Knowledge) -> Iterator[CompiledRule]:
    """A planned procedure needs its own clear stretch: what may not come shortly before it is held back from it."""
    earlier = {
        name for name in expressions.atoms(expressions.parse(window.match or "")) if name.startswith("procedure.")
    }
    exposures = knowledge.of(Exposure)
    for planned in knowledge.of(Treatment).values():
        cell, own = _longest(window, planned), f"procedure.{planned.id}"
        held = frozenset(
            each.id
            for each in knowledge.of(Treatment).values()
            if each.id != planned.id and _classes(f"procedure.{each.id}", exposures) & earlier
        )
        if cell and own in exposures and held:
            rule = _window_rule(window, cell, own, held, knowledge)
            yield replace(rule, before_days=rule.then_days, then_days=0)


def _classes(exposure: str, exposures: Mapping[str, Exposure]) -> set[str]:
    record = exposures.get(exposure)
    return {exposure, *(f"procedure.{group}" for group in record.groups)} if record else set()


def _longest(window: Window, treatment: Treatment) -> Cell | None:
    cells = [window.columns[column] for column in treatment.columns if column in window.columns]
    return max(cells, key=lambda cell: cell.whole_days, default=None)


def _procedures(knowledge: Knowledge) -> Iterator[str]:
    for exposure in knowledge.of(Exposure).values():
        if exposure.id.startswith("procedure.") and "clinic_treatment" in exposure.groups:
            yield exposure.id


class Group(NamedTuple):
    """Rules that share a condition, so that it is worked out once."""

    condition: Condition
    rules: tuple[CompiledRule, ...]


def rulings(evidence: Evidence, about: frozenset[str] | None = None) -> list[Ruling]:
    """What every rule means for one person; rules that can't touch them, or ended long ago, are left out.

    With ``about``, only rules whose condition names one of these, in a signal or by itself.
    """
    found = []
    region = evidence.profile.region
    since = evidence.profile.today.toordinal() - LOOK_BACK_DAYS
    for group in _possible(evidence, about):
        truth = evidence.worth(group.condition)
        if truth is NO:
            continue
        last = max(days[-1][1] for days in (truth.yes, truth.unknown) if days)
        for rule in group.rules:
            if last + rule.then_days + DAYS_A_MONTH * rule.then_months <= since:
                continue
            if not rule.regions or region in rule.regions:
                found.append(_ruling(rule, truth, evidence))
            elif region is None:
                found.append(_region_unknown(_ruling(rule, truth, evidence)))
    return found


def _possible(evidence: Evidence, about: frozenset[str] | None) -> Iterator[Group]:
    """Groups whose condition can hold at all, in a stable order."""
    groups, by_name = _groups(evidence.knowledge)
    names = evidence.possible & by_name.keys()
    numbers = {number for name in names for number in by_name[name]}
    if about is not None:
        numbers &= _about(about, evidence.knowledge)
    return (groups[number] for number in sorted(numbers))


def _about(names: frozenset[str], knowledge: Knowledge) -> frozenset[int]:
    """The numbers of the groups whose condition hangs on one of these names."""
    memo: dict[frozenset[str], frozenset[int]] = knowledge.memo.setdefault("groups_about", {})
    found = memo.get(names)
    if found is None:
        groups, _ = _groups(knowledge)
        touched = (n for n, group in enumerate(groups) if names & mentioned(group.rules[0].when, knowledge))
        found = memo[names] = frozenset(touched)
    return found


def _groups(knowledge: Knowledge) -> tuple[list[Group], dict[str, list[int]]]:
    """All groups, and for each name or comparison the numbers of the groups that need it."""
    found: tuple[list[Group], dict[str, list[int]]] | None = knowledge.memo.get("rule_groups")
    if found is None:
        rules: dict[str, list[CompiledRule]] = {}
        for rule in compiled(knowledge):
            rules.setdefault(rule.when, []).append(rule)
        groups = [Group(same[0].condition, tuple(same)) for same in rules.values()]
        by_name: dict[str, list[int]] = {}
        for number, group in enumerate(groups):
            for name in group.condition.names:
                by_name.setdefault(name, []).append(number)
        found = knowledge.memo["rule_groups"] = groups, by_name
    return found


def _ruling(rule: CompiledRule, truth: Truth, evidence: Evidence) -> Ruling:
    if rule.in_force == ALL_TIME and truth is YES:
        return Ruling(rule, ALWAYS, NEVER, NEVER, ())
    if rule.in_force == ALL_TIME and truth is UNKNOWN:
        return Ruling(rule, NEVER, NEVER, ALWAYS, open_questions(rule.when, evidence))
    lead = rule.before_days
    during = spans.dilate(truth.yes, lead, 0)
    reach = spans.union(during, _tail(truth.yes, rule))
    possible = spans.union(spans.dilate(truth.unknown, lead, 0), _tail(truth.unknown, rule))
    if rule.in_force != ALL_TIME:
        during, reach, possible = (spans.clip(each, *rule.in_force) for each in (during, reach, possible))
    unknown = spans.difference(possible, reach)
    asks = open_questions(rule.when, evidence) if unknown else ()
    return Ruling(rule, during, spans.difference(reach, during), unknown, asks)


def _tail(runs: Spans, rule: CompiledRule) -> Spans:
    """Each run with the wait behind it."""
    if rule.then_months:
        return spans.normalise((start, _months_on(end, rule.then_months)) for start, end in runs)
    return spans.dilate(runs, 0, rule.then_days) if rule.then_days else runs


def _months_on(end: int, months: int) -> int:
    """Calendar months are counted from the last day on which it held."""
    last = as_date(end - 1) if end < FUTURE else None
    return end if last is None else add_months(last, months).toordinal()


def _region_unknown(ruling: Ruling) -> Ruling:
    everywhere = spans.union(spans.union(ruling.during, ruling.after), ruling.unknown)
    return Ruling(ruling.rule, NEVER, NEVER, everywhere, (*ruling.asks, AnswerPath("consultation.region")))
