"""Every row of the spec tables holds."""

import pytest
from tests.spec.cases import Case, cases

from pellucid.consult.assess import assess
from pellucid.consult.profile import make_profile
from pellucid.consult.screen import screen, usual_performer
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.levels import Level
from pellucid.model.profile import Profile

ALL = list(cases())


def profile_of(case: Case, knowledge: Knowledge) -> Profile:
    return make_profile(case.intake, knowledge=knowledge, today=case.today)


def level_of(case: Case, knowledge: Knowledge) -> Level:
    named = Level[case.performer] if case.performer else None
    return usual_performer(knowledge.get(Treatment, case.treatment or ""), named)


@pytest.mark.parametrize("case", [each for each in ALL if each.treatment], ids=lambda case: f"{case.table}-{case.id}")
def test_screening(case: Case, knowledge: Knowledge) -> None:
    decision = screen(
        profile_of(case, knowledge),
        case.treatment or "",
        on=case.on or case.today,
        performer=level_of(case, knowledge),
        knowledge=knowledge,
    )
    found = {reason.rule for reason in decision.reasons}
    assert decision.status.word == case.status, decision.reasons
    assert set(case.rules) <= found
    assert not set(case.without) & found
    if case.until is not None:
        assert decision.until == (None if case.until == "none" else case.until), decision.reasons


@pytest.mark.parametrize(
    "case",
    [each for each in ALL if each.findings or each.not_findings or each.referral],
    ids=lambda case: f"{case.table}-{case.id}",
)
def test_assessment(case: Case, knowledge: Knowledge) -> None:
    found = assess(profile_of(case, knowledge), knowledge=knowledge, today=case.today)
    refs = {finding.ref for finding in found.findings}
    assert set(case.findings) <= refs, refs
    assert not set(case.not_findings) & refs, refs
    if case.referral:
        assert (found.referrals[0].urgency if found.referrals else "none") == case.referral, found.referrals


def test_there_are_enough_and_each_says_something() -> None:
    assert len(ALL) >= 80
    assert len({(case.table, case.id) for case in ALL}) == len(ALL)
    for case in ALL:
        assert case.status or case.findings or case.not_findings or case.referral, case.id
