"""What a session rules out at home on the days around it: the pauses that the client is told, both ends included."""

from collections.abc import Iterator, Mapping
from datetime import date

from pellucid.consult.evidence import Evidence
from pellucid.consult.prepare import wait_around
from pellucid.knowledge import expressions
from pellucid.knowledge.expressions import AllOf, AnyOf, Atom, Expression, Not
from pellucid.knowledge.schema.rules import Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.plan.problem import Rules


def pauses(names: frozenset[str], treatment: str, evidence: Evidence) -> dict[int, Rules]:
    """Days beside a session (negative: before it) on which something of these names is not used, and the windows."""
    record = evidence.knowledge.get(Treatment, treatment)
    found: dict[int, Rules] = {}
    for window in evidence.knowledge.of(Window).values():
        if window.type != "use" or window.match is None or not means(expressions.parse(window.match), names):
            continue
        wait = wait_around(window, record, evidence)
        if wait is None:
            continue
        reach = range(-wait.whole_days, 1) if window.side == "before" else range(wait.whole_days + 1)
        for offset in reach:
            found[offset] = (*found.get(offset, ()), window.ref)
    return found


def means(expression: Expression, names: frozenset[str]) -> bool:
    """Whether a condition about products is about one of these names."""
    match expression:
        case Atom(path=path):
            return path in names
        case AnyOf(parts=parts):
            return any(means(part, names) for part in parts)
        case AllOf(parts=parts):
            return all(means(part, names) for part in parts)
        case Not(part=part):
            return not means(part, names)
    return False


def after_past_sessions(names: frozenset[str], days: Mapping[int, date], evidence: Evidence) -> dict[int, Rules]:
    """The plan's days on which a product still pauses (or already does) because of what the person had or will have."""
    found: dict[int, Rules] = {}
    numbers = {day: number for number, day in days.items()}
    for treatment, day in past_sessions(evidence):
        for offset, rules in pauses(names, treatment, evidence).items():
            number = numbers.get(date.fromordinal(day + offset))
            if number is not None:
                found[number] = (*found.get(number, ()), *rules)
    return found


def past_sessions(evidence: Evidence) -> Iterator[tuple[str, int]]:
    """Treatments that the profile gives one known day for, whether they are over or still to come."""
    treatments = evidence.knowledge.of(Treatment)
    for fact in evidence.profile.dated:
        days = fact.days.yes
        if fact.record != "procedure" or len(days) != 1 or days[0][1] - days[0][0] != 1 or not fact.classes:
            continue
        name = fact.classes[0].partition(".")[2]
        if name in treatments and days[0][0] > spans.PAST:
            yield name, days[0][0]
