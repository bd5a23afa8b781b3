"""The whole path in one readable function: intake -> profile -> assessment -> screening -> options and routine."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pellucid.consult.assess import assess
from pellucid.consult.options import rank
from pellucid.consult.profile import make_profile
from pellucid.consult.questions import open_questions
from pellucid.consult.routine import make_routine
from pellucid.consult.screen import Screening, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.care import Care, StillOpen
from pellucid.model.measurement import Measurement
from pellucid.model.profile import Profile

HOME_DEEP_CLEAN = "home_deep_clean"


def care(
    intake: Mapping[str, Any], *, measurement: Measurement | None = None, today: date, knowledge: Knowledge
) -> Care:
    """Work out everything for one intake on one day.

    Args:
        intake: answers as read from a TOML or JSON file; see docs/reference/intake.md.
        measurement: numbers from calibrated photos or instruments, if any.
        today: the day on which this is asked; nothing reads the clock.
        knowledge: the knowledge base, with a clinic's rules if any.

    Raises:
        InputError: the intake is of the wrong shape or contradicts itself; every fault with its path.
    """
    profile = make_profile(intake, knowledge=knowledge, today=today)
    assessment = assess(profile, measurement, knowledge=knowledge, today=today)
    screening = Screening(profile, knowledge)
    decisions = tuple(
        screening.decide(treatment.id, on=today, performer=usual_performer(treatment, profile.performer))
        for treatment in knowledge.of(Treatment).values()
    )
    options = rank(profile, assessment, screening, today=today, performer=profile.performer, knowledge=knowledge)
    at_home = next((each for each in decisions if each.treatment == HOME_DEEP_CLEAN), None)
    deep_clean = at_home is not None and at_home.status.bookable
    routine = make_routine(screening, assessment, today=today, deep_clean=deep_clean)
    return Care(
        today=today,
        profile=profile,
        assessment=assessment,
        screening=decisions,
        options=options,
        routine=routine,
        unknown=_still_open(profile, knowledge),
        knowledge=knowledge.digest,
    )


def _still_open(profile: Profile, knowledge: Knowledge) -> tuple[StillOpen, ...]:
    questions = open_questions(profile, performer=profile.performer, knowledge=knowledge)
    return tuple(
        StillOpen(each.path, each.treatments, each.findings, each.safety, each.path in profile.expired)
        for each in questions
    )
