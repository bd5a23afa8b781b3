"""Who may perform, and what lifts a rule: licence levels by region, clearances (papers) and signed overrides."""

from collections.abc import Iterator

from pellucid.consult.rules import CompiledRule, targets
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.rules import Region, Scope
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.decision import Reason
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.profile import Profile
from pellucid.model.spans import Run

NO_RULES = "house.no_rules_yet"
LEVEL = "house.licence_level"
LICENCE = "house.licence_unconfirmed"
HOUSE = ("house",)

PAPERS_LIFT = frozenset({Status.CAUTION, Status.ASK, Status.REFER})


def performer_reasons(
    treatment: Treatment, performer: Level, region: str | None, knowledge: Knowledge
) -> tuple[Reason, ...]:
    """What stands against this performer: too low a level, a region whose rules nobody has confirmed, no rules."""
    memo: dict[tuple[str, Level, str | None], tuple[Reason, ...]] = knowledge.memo.setdefault("performers", {})
    key = (treatment.id, performer, region)
    found = memo.get(key)
    if found is None:
        found = memo[key] = tuple(_performer_reasons(treatment, performer, region, knowledge))
    return found


def _performer_reasons(
    treatment: Treatment, performer: Level, region: str | None, knowledge: Knowledge
) -> Iterator[Reason]:
    if treatment.id in knowledge.unreviewed:
        yield Reason(NO_RULES, Status.BLOCKED, None, None, HOUSE)
    if performer < Level[treatment.level.level]:
        yield Reason(LEVEL, Status.REFER, None, None, treatment.level.source)
    yield from _scopes(treatment, performer, region, knowledge)
    if treatment.licence_varies and performer in {Level.L1, Level.L2}:
        yield from _unconfirmed(treatment, region, knowledge)


def _scopes(treatment: Treatment, performer: Level, region: str | None, knowledge: Knowledge) -> Iterator[Reason]:
    for scope in knowledge.of(Scope).values():
        concerned = scope.in_force and treatment.id in _targets(scope, knowledge)
        if concerned and performer < Level[scope.min_level] and _within(region, scope.region, knowledge):
            yield Reason(scope.ref, Status.REFER, None, None, scope.source)


def _targets(scope: Scope, knowledge: Knowledge) -> frozenset[str]:
    memo: dict[str, frozenset[str]] = knowledge.memo.setdefault("scope_targets", {})
    if scope.id not in memo:
        memo[scope.id] = targets(scope.applies, (), knowledge)
    return memo[scope.id]


def _within(region: str | None, wider: str, knowledge: Knowledge) -> bool:
    while region is not None and region != wider:
        region = knowledge.of(Region)[region].within
    return region is not None


def _unconfirmed(treatment: Treatment, region: str | None, knowledge: Knowledge) -> Iterator[Reason]:
    if treatment.id in knowledge.licensed:
        return
    if region is None:
        asks = (AnswerPath("consultation.region"),)
        yield Reason(LICENCE, Status.ASK, None, None, ("house",), asks)
    elif not knowledge.get(Region, region).scope_known:
        yield Reason(LICENCE, Status.CAUTION, None, None, ("house",))


def may_be_pardoned(rule: CompiledRule, profile: Profile, knowledge: Knowledge) -> bool:
    """Whether any paper or override could lift the rule at all."""
    return bool((profile.papers and rule.lifted_by) or (knowledge.overrides and rule.override is not None))


def pardons(
    rule: CompiledRule, status: Status, treatment: str, profile: Profile, knowledge: Knowledge
) -> tuple[tuple[Run, str], ...]:
    """The runs of days on which a paper or a signed override lifts a rule to caution, each with its name.

    A paper can settle a question or a referral, never a wait or a block; an override can, where the rule allows one.
    """
    found = []
    if rule.lifted_by and status in PAPERS_LIFT:
        found += [
            (paper.days, f"clearance.{paper.kind}")
            for paper in profile.papers
            if paper.kind in rule.lifted_by and _covers(paper.scope, rule.ref, treatment)
        ]
    if rule.override is not None and knowledge.overrides:
        found += [
            (override.days, f"override.{override.level.name}")
            for override in knowledge.overrides
            if override.level >= rule.override
            and rule.ref in override.rules
            and (not override.treatments or treatment in override.treatments)
            and override.client in {None, profile.client}
        ]
    return tuple(found)


def _covers(scope: tuple[str, ...], rule: str, treatment: str) -> bool:
    return "all" in scope or treatment in scope or rule in scope or rule.partition(".")[2] in scope
