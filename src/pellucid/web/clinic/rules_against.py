"""The rules that stand against a client today: which a paper would lift, and which may be overridden by whom."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.rules import Rule, Window
from pellucid.model.care import Care
from pellucid.model.decision import Reason
from pellucid.model.levels import Level, Status


@dataclass(slots=True)
class Against:
    """One rule, and what it stands in the way of."""

    rule: str
    status: Status
    treatments: list[str] = field(default_factory=list)


def against(care: Care) -> list[Against]:
    """Every rule that keeps a treatment from being booked today and that nothing has lifted, worst first."""
    found: dict[str, Against] = {}
    for decision in care.screening:
        for reason in decision.reasons:
            if reason.status > Status.CAUTION and reason.lifted is None:
                each = found.setdefault(reason.rule, Against(reason.rule, reason.status))
                each.status = max(each.status, reason.status)
                each.treatments.append(decision.treatment)
    return sorted(found.values(), key=lambda each: (-each.status, each.rule))


def overridable(care: Care, *, level: Level, knowledge: Knowledge) -> list[Against]:
    """Those that somebody of a level may override: never one set by law, or one that allows none."""
    return [each for each in against(care) if _least(each.rule, knowledge) <= level]


def _least(rule: str, knowledge: Knowledge) -> float:
    """The lowest level that may override a rule; beyond every level where none may."""
    record = knowledge.by_ref.get(rule)
    if not isinstance(record, Rule | Window) or record.override == "none" or record.authority == "law":
        return float("inf")
    return max(Level.L1, Level[record.override])


def liftable(care: Care) -> dict[str, set[str]]:
    """Rules that a paper would lift, each with the kinds of paper that do."""
    found: dict[str, set[str]] = {}
    for reason in _reasons(care):
        if reason.lifted_by and reason.lifted is None:
            found.setdefault(reason.rule, set()).update(reason.lifted_by)
    return found


def _reasons(care: Care) -> Iterator[Reason]:
    for decision in care.screening:
        yield from decision.reasons
