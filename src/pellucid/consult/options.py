"""Which treatments to look at, ranked by how well they fit this person: pore type, cause, goals, evidence.

Price and commission can't enter: neither the knowledge nor these functions hold one.
"""

from collections.abc import Mapping
from datetime import date

from pellucid.consult.prepare import aftercare, preparation
from pellucid.consult.screen import Screening, first_open, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Scoring
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.assessment import Assessment
from pellucid.model.decision import Decision, Option
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.profile import Profile

EVIDENCE_BONUS: Mapping[str, float] = {"A": 1.0, "B": 0.8, "C": 0.5, "D": 0.2, "S": 0.1, "N": 0.0}
"""What the strength of the evidence adds to a treatment that fits; a house rule."""

Because = tuple[tuple[str, float, tuple[str, ...]], ...]


def rank(  # noqa: PLR0913 - what an option depends on
    profile: Profile,
    assessment: Assessment,
    screening: Screening,
    *,
    today: date,
    performer: Level | None,
    knowledge: Knowledge,
) -> tuple[Option, ...]:
    """Options for this person, best fit first; treatments that don't fit at all are left out.

    Blocked ones stay away; those that must wait or be cleared are listed with what stands in the way. A treatment the
    person asked for is always listed, so that they learn why not.
    """
    asked_for = profile.answers.get(AnswerPath("wishes.treatments"), ())
    options = []
    for treatment in knowledge.of(Treatment).values():
        decision = screening.decide(treatment.id, on=today, performer=usual_performer(treatment, performer))
        fit, because = fit_of(treatment, assessment)
        if treatment.id in asked_for or _offered(treatment, decision, fit, profile, knowledge):
            options.append(_option(treatment, decision, screening, fit, because))
    return tuple(sorted(options, key=_best_first))


def _offered(treatment: Treatment, decision: Decision, fit: float, profile: Profile, knowledge: Knowledge) -> bool:
    """Whether to bring up a treatment that nobody asked for: it fits, and no block and no age stand against it."""
    if not treatment.offered or fit < knowledge.get(Scoring, "product").least_points:
        return False
    if profile.says("wishes.home_only") and treatment.setting != "home":
        return False
    too_young = any(reason.rule.startswith("age.") and reason.status >= Status.DEFER for reason in decision.reasons)
    return decision.status is not Status.BLOCKED and not too_young


def _best_first(option: Option) -> tuple[int, float, Status, str]:
    """By fit; what someone else would have to decide or do comes after, and what is ruled out last."""
    later = {Status.REFER: 1, Status.BLOCKED: 2}.get(option.decision.status, 0)
    return later, -option.fit, option.decision.status, option.treatment


def _option(treatment: Treatment, decision: Decision, screening: Screening, fit: float, because: Because) -> Option:
    earliest = first_open(screening.closed(treatment.id, decision.performer), decision.on)
    settled = None if earliest else screening.once_settled(treatment.id, decision.performer, decision.on)
    on = earliest or settled
    profile, knowledge = screening.profile, screening.knowledge
    return Option(
        treatment=treatment.id,
        fit=fit,
        because=because,
        decision=decision,
        earliest=earliest,
        once_settled=settled,
        preparation=preparation(profile, treatment.id, on=on, knowledge=knowledge) if on else (),
        aftercare=aftercare(profile, treatment.id, on=on, knowledge=knowledge) if on else (),
    )


def fit_of(treatment: Treatment, assessment: Assessment) -> tuple[float, Because]:
    """How well a treatment fits the findings and goals, and what speaks for and against.

    The sum over matching ``suits_what`` of its weight times how much the finding counts; where that is positive,
    the strength of the evidence is added.
    """
    because = [
        (suit.what, round(suit.weight * assessment.fits[suit.what], 3), suit.source)
        for suit in treatment.suits_what
        if suit.what in assessment.fits
    ]
    fit = sum(weight for _, weight, _ in because)
    if fit > 0:
        fit += EVIDENCE_BONUS[treatment.benefit.strength]
    because.sort(key=lambda reason: (-abs(reason[1]), reason[0]))
    return round(fit, 3), tuple(because)
