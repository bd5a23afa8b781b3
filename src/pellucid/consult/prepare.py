"""What to pause, avoid and do before and after a session on a given day, each line with its dates and source.

A prescribed medicine is never paused by us: the line says to ask the prescriber.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pellucid.consult.evidence import Evidence, evidence_of
from pellucid.consult.rules import targets
from pellucid.knowledge import expressions
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Wait
from pellucid.knowledge.schema.rules import Window
from pellucid.knowledge.schema.treatments import Aftercare, Precare, Treatment
from pellucid.model import spans
from pellucid.model.decision import Instruction
from pellucid.model.profile import DatedFact, Profile

ACTIONS = {
    "use": "pause",
    "prescribed": "ask_prescriber",
    "done": "avoid",
    "advice": "avoid",
    "interval": "avoid",
}


def preparation(profile: Profile, treatment: str, *, on: date, knowledge: Knowledge) -> tuple[Instruction, ...]:
    """What to do before a session on a day: first what starts first.

    Lines that are surely not about this person (a product they told they don't use) are left out; where nobody knows,
    the line stays and ``applies`` is None.
    """
    return _around(profile, treatment, on, knowledge, "before")


def aftercare(profile: Profile, treatment: str, *, on: date, knowledge: Knowledge) -> tuple[Instruction, ...]:
    """What to do and avoid after a session on a day: first what ends first."""
    return _around(profile, treatment, on, knowledge, "after")


def days_before(treatment: str, *, knowledge: Knowledge) -> frozenset[int]:
    """How many days before a session something of its preparation can begin, whoever it is for; 0 is its own day."""
    record = knowledge.get(Treatment, treatment)
    windows = [each for each in knowledge.of(Window).values() if each.side == "before" and each.type != "interval"]
    cells = [window.columns[column] for window in windows for column in record.columns if column in window.columns]
    waits = {wait.whole_days for cell in cells for wait in (cell, *cell.extra)}
    return frozenset(waits | {line.from_days for line in _told_before(record, knowledge)})


def _around(profile: Profile, treatment: str, on: date, knowledge: Knowledge, side: str) -> tuple[Instruction, ...]:
    record = knowledge.get(Treatment, treatment)
    evidence = evidence_of(profile, knowledge)
    lines = list(_windows(record, on, evidence, side))
    lines += _precare(record, on, knowledge) if side == "before" else _aftercare(record, on, knowledge)
    if side == "before":
        lines = [line._replace(since=max(line.since, profile.today)) for line in lines if line.until >= profile.today]
        return tuple(sorted(lines, key=lambda line: (line.since, line.rule)))
    return tuple(sorted(lines, key=lambda line: (line.until, line.rule)))


def wait_around(window: Window, treatment: Treatment, evidence: Evidence) -> Wait | None:
    """How long a window lasts beside a session; where several columns or waits hold, the longest. None where none does.

    A longer wait for some people counts where it may be about this person.
    """
    found: list[Wait] = []
    for column in treatment.columns:
        cell = window.columns.get(column)
        if cell:
            found.append(cell)
            found += [extra for extra in cell.extra if _maybe(extra.when, evidence)]
    return max(found, key=lambda each: each.whole_days, default=None)


def _windows(treatment: Treatment, on: date, evidence: Evidence, side: str) -> Iterator[Instruction]:
    for window in evidence.knowledge.of(Window).values():
        wait = wait_around(window, treatment, evidence)
        if window.side != side or window.type == "interval" or wait is None:
            continue
        applies, concerns = _about(window, on, wait, evidence)
        if applies is False and window.type in {"use", "prescribed"}:
            continue
        days = timedelta(days=wait.whole_days)
        yield Instruction(
            rule=window.ref,
            action=ACTIONS[window.type],
            since=on - days if side == "before" else on,
            until=on if side == "before" else on + days,
            sources=wait.source,
            concerns=concerns,
            applies=applies,
            range=wait.range,
            hours=wait.hours,
        )


def _maybe(when: str, evidence: Evidence) -> bool:
    truth = evidence.truth(when)
    return bool(truth.yes or truth.unknown)


def _about(window: Window, on: date, wait: Wait, evidence: Evidence) -> tuple[bool | None, str]:
    """Whether the person uses, does or plans what the window is about, and their own words for it."""
    if window.match is None:
        return None, ""
    names = set(expressions.atoms(expressions.parse(window.match)))
    own = [fact for fact in evidence.profile.dated if names & set(fact.classes) and _near(fact, window, on, wait)]
    if own:
        return True, ", ".join(dict.fromkeys(fact.name for fact in own))
    return (None if evidence.truth(window.match).unknown else False), ""


def _near(fact: DatedFact, window: Window, on: date, wait: Wait) -> bool:
    """Whether the fact is still going on, or falls into the window's stretch before or after the session."""
    day, days = on.toordinal(), wait.whole_days
    stretch = (day - days, day + 1) if window.side == "before" else (day, day + days + 1)
    in_stretch = spans.intersection(spans.union(fact.days.yes, fact.days.unknown), (stretch,))
    return fact.ongoing or bool(in_stretch)


def _precare(treatment: Treatment, on: date, knowledge: Knowledge) -> list[Instruction]:
    return [
        Instruction(
            line.ref,
            "do",
            on - timedelta(days=line.from_days),
            on - timedelta(days=line.to_days),
            line.source,
        )
        for line in _told_before(treatment, knowledge)
    ]


def _told_before(treatment: Treatment, knowledge: Knowledge) -> list[Precare]:
    lines = knowledge.of(Precare).values()
    return [line for line in lines if treatment.id in targets(line.applies, line.excepting, knowledge)]


def _aftercare(treatment: Treatment, on: date, knowledge: Knowledge) -> list[Instruction]:
    return [
        Instruction(
            line.ref,
            "do",
            on + timedelta(days=line.from_hours // 24),
            on + timedelta(days=-(-line.to_hours // 24)),
            line.source,
            hours=line.to_hours,
        )
        for line in knowledge.of(Aftercare).values()
        if treatment.id in targets(line.applies, line.excepting, knowledge)
    ]
