"""``assess``: from a profile and, where there is one, a measurement to findings that say why and how sure.

Every weight, threshold and condition is data; nothing here knows a skin type by name. Never a diagnosis.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pellucid.consult import score
from pellucid.consult.evidence import Evidence, evidence_of, holds_today, names_that_hold, open_questions, open_today
from pellucid.consult.grade import area_grade
from pellucid.consult.measured import observe, with_measurement
from pellucid.consult.score import Tally, tally
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import (
    Category,
    Cause,
    Concern,
    LookAlike,
    Modifier,
    PoreType,
    Referral,
    Scoring,
    Severity,
    SkinType,
)
from pellucid.model.assessment import Assessment, Finding, Referred
from pellucid.model.measurement import Measurement
from pellucid.model.profile import Profile

CANNOT_TELL = "cannot_tell"

URGENCIES = ("emergency", "same_day", "prompt", "routine", "consider")
"""Most urgent first."""


def assess(
    profile: Profile, measurement: Measurement | None = None, *, knowledge: Knowledge, today: date
) -> Assessment:
    """Work out what the answers, and a measurement if there is one, point to.

    Args:
        profile: frozen facts; what they leave out counts neither for nor against, and lowers confidence.
        measurement: numbers from calibrated photos or instruments, beside the answers; see ``consult.measured``.
        knowledge: weights, thresholds and conditions.
        today: the day for which dated facts are read.
    """
    seen = replace(profile, today=today) if profile.today != today else profile
    observed = observe(seen, measurement) if measurement else ()
    evidence = evidence_of(with_measurement(seen, measurement, observed) if measurement else seen, knowledge)
    skin_type = _skin_type(evidence)
    modifiers = tuple(_over_threshold("modifier", knowledge.of(Modifier).values(), evidence))
    pore_types = _pore_types(evidence)
    concerns = tuple(_concerns(evidence))
    causes = tuple(sorted(_over_threshold("cause", knowledge.of(Cause).values(), evidence), key=_most_points_first))
    lookalikes = tuple(_over_threshold("lookalike", knowledge.of(LookAlike).values(), evidence))
    return Assessment(
        skin_type=skin_type,
        modifiers=modifiers,
        pore_types=pore_types,
        concerns=concerns,
        causes=causes,
        severity=_severity(evidence),
        lookalikes=lookalikes,
        referrals=_referrals(evidence, lookalikes),
        grade=area_grade(profile.answers),
        fits=_fits(evidence, (skin_type, *modifiers, *pore_types, *concerns, *causes)),
        observed=observed,
    )


def _most_points_first(found: Finding) -> tuple[float, str]:
    return -found.points, found.id


def _ranked(categories: Iterable[Category], evidence: Evidence) -> list[Tally]:
    tallies = [tally(category, evidence) for category in categories]
    return sorted(tallies, key=lambda counted: (-counted.points, counted.category))


def _skin_type(evidence: Evidence) -> Finding:
    rules = evidence.knowledge.get(Scoring, "skin_type")
    first, second, *_ = _ranked(evidence.knowledge.of(SkinType).values(), evidence)
    if first.points < rules.least_points or first.points - second.points < rules.least_lead:
        return _cannot_tell("skin_type", first, second)
    return score.finding("skin_type", first, score.lead_confidence(first, second), [second])


def _cannot_tell(kind: str, first: Tally, second: Tally) -> Finding:
    told = score.finding(kind, first, 0.0, [second])
    return replace(told, id=CANNOT_TELL, points=0.0, because=())


def _pore_types(evidence: Evidence) -> tuple[Finding, ...]:
    """Primary and perhaps secondary type; nothing where no visible pores were described."""
    rules = evidence.knowledge.get(Scoring, "pore_type")
    ranked = _ranked(evidence.knowledge.of(PoreType).values(), evidence)
    first, second = ranked[0], ranked[1]
    if first.points < rules.least_points:
        none_seen = not first.unknown and first.points <= 0
        return () if none_seen or _says_none_visible(evidence) else (_cannot_tell("pore_type", first, second),)
    primary = score.finding("pore_type", first, score.lead_confidence(first, second), [second])
    if second.points >= max(rules.least_points, rules.secondary_share * first.points):
        return primary, score.finding("pore_type", second, score.lead_confidence(second, None), secondary=True)
    return (
        (primary,) if first.points - second.points >= rules.least_lead else (_cannot_tell("pore_type", first, second),)
    )


def _says_none_visible(evidence: Evidence) -> bool:
    looks = [value for path, value in evidence.profile.answers.items() if path.endswith(".look")]
    return bool(looks) and all(value == ["none_visible"] for value in looks)


def _over_threshold(
    kind: str, categories: Iterable[Modifier | Cause | LookAlike], evidence: Evidence
) -> Iterator[Finding]:
    for category in categories:
        counted = tally(category, evidence)
        if counted.points >= category.threshold:
            yield score.finding(kind, counted, score.threshold_confidence(counted, category.threshold))


def _concerns(evidence: Evidence) -> Iterator[Finding]:
    for concern in evidence.knowledge.of(Concern).values():
        if holds_today(evidence.rule(concern.when), evidence):
            yield Finding("concern", concern.id, 1.0, 1.0, ())


def _severity(evidence: Evidence) -> Finding:
    """The worst band that holds; "cannot tell" where a worse one is still open."""
    for band in sorted(evidence.knowledge.of(Severity).values(), key=lambda each: -each.order):
        truth = evidence.rule(band.when)
        if holds_today(truth, evidence):
            return Finding("severity", band.id, float(band.order), 1.0, ())
        if open_today(truth, evidence):
            asks = open_questions(band.when, evidence)
            return Finding("severity", CANNOT_TELL, 0.0, 0.0, (), asks[0] if asks else None)
    return Finding("severity", CANNOT_TELL, 0.0, 0.0, ())


def _referrals(evidence: Evidence, lookalikes: Iterable[Finding]) -> tuple[Referred, ...]:
    found = [
        Referred(rule.ref, rule.urgency, rule.to, rule.source, names_that_hold(rule.when, evidence))
        for rule in evidence.knowledge.of(Referral).values()
        if holds_today(evidence.rule(rule.when), evidence)
    ]
    for likely in lookalikes:
        record = evidence.knowledge.get(LookAlike, likely.id)
        if record.urgency:
            because = tuple(point.when for point in likely.because)
            found.append(Referred(record.ref, record.urgency, record.to, record.source, because))
    return tuple(sorted(found, key=lambda each: (URGENCIES.index(each.urgency), each.rule)))


def _fits(evidence: Evidence, findings: Iterable[Finding]) -> dict[str, float]:
    """What options are ranked by: findings by kind, confidence and rank, and the person's own goals."""
    scoring = evidence.knowledge.of(Scoring)
    fits = {}
    for found in findings:
        if found.id != CANNOT_TELL and found.kind in scoring:
            share = 0.5 if found.secondary else 1.0
            fits[found.ref] = round(scoring[found.kind].fit * share * (0.5 + 0.5 * found.confidence), 3)
    goals = evidence.profile.answers.get("wishes.goals", ())  # type: ignore[call-overload]
    fits.update({f"goal.{goal}": scoring["goal"].fit for goal in goals})
    return fits
