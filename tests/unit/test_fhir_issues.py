"""What screening says in a FHIR bundle: every reason, its severity, and what lifted it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.fhir_bundles import (
    EVERYTHING,
    GUARDIAN,
    Json,
    each_file,
    of,
    parsed,
    raw,
    resources,
    visits,
    worked_out,
    written,
)
from tests.sample_plan import FACIAL, sample_plan
from tests.spec.cases import TODAY

from pellucid.care import care
from pellucid.consult.screen import screen
from pellucid.exchange.fhir import to_bundle
from pellucid.knowledge.base import Knowledge, Override
from pellucid.knowledge.load import load
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level
from pellucid.model.plan import Standing

SEVERITY = {"blocked": "high", "refer": "high", "defer": "moderate", "ask": "moderate", "caution": "low"}


def of_today(bundle: Json) -> list[Json]:
    return [each for each in resources(bundle, "DetectedIssue") if "reference" not in each["implicated"][0]]


def rule_of(issue: Json) -> str:
    code: str = issue["code"]["coding"][0]["code"]
    return code


@each_file
def test_every_reason_against_a_treatment_is_an_issue_of_its_severity(file: str) -> None:
    found = worked_out(file)
    asked = set(found.profile.answers.get(AnswerPath("wishes.treatments"), ())) | {FACIAL, "aha_peel"}
    concerned = asked | {option.treatment for option in found.options}
    wanted = Counter(
        (decision.treatment, reason.rule, SEVERITY[reason.status.word], reason.sources)
        for decision in found.screening
        if decision.treatment in concerned
        for reason in decision.reasons
    )
    issues = of_today(parsed(written(file)))
    assert wanted == Counter(
        (each["identifier"]["value"], rule_of(issue), issue["severity"], sources_of(issue))
        for issue in issues
        for each in issue["implicated"]
    )
    assert {each["status"] for each in issues} <= {"preliminary"}


def sources_of(issue: Json) -> tuple[str, ...]:
    codes = [code["coding"][0] for each in issue["evidence"] for code in each["code"]]
    assert codes[0]["code"] == rule_of(issue)
    return tuple(code["code"] for code in codes if code["system"] == "urn:pellucid:code:source")


@each_file
def test_every_reason_against_a_visit_is_an_issue_of_that_visit(file: str) -> None:
    bundle = parsed(written(file))
    visits = {f"urn:uuid:{each['id']}": each for each in resources(bundle, "Appointment")}
    found = Counter(
        (visits[issue["implicated"][0]["reference"]]["start"][:10], rule_of(issue), issue["severity"])
        for issue in resources(bundle, "DetectedIssue")
        if "reference" in issue["implicated"][0]
    )
    profile = worked_out(file).profile
    wanted = Counter(
        (str(each.day), reason.rule, SEVERITY[reason.status.word])
        for each in sample_plan(profile, load()).sessions
        for reason in screen(profile, FACIAL, on=each.day, performer=each.slot.level, knowledge=load()).reasons
    )
    assert found == wanted


@pytest.mark.parametrize("standing", [Standing.DONE, Standing.MISSED])
def test_nothing_stands_against_a_visit_that_is_over(standing: Standing) -> None:
    facts = {"health.conditions": ["rosacea"]}
    ahead = of(facts, sessions=visits())
    over = of(facts, sessions=(replace(visits()[0], standing=standing),))
    assert len(resources(ahead, "DetectedIssue")) > len(of_today(ahead))
    assert len(resources(over, "DetectedIssue")) == len(of_today(over))


def test_what_is_not_known_does_not_read_as_if_it_held() -> None:
    file = "almost_nothing_answered.toml"
    hangs = {
        (decision.treatment, reason.rule, reason.status.word): bool(reason.asks)
        for decision in worked_out(file).screening
        for reason in decision.reasons
    }
    issues = of_today(parsed(written(file)))
    assert set(hangs.values()) == {True, False}
    for issue in issues:
        status = issue["evidence"][1]["code"][0]["coding"][0]["code"]
        unknown = {hangs[each["identifier"]["value"], rule_of(issue), status] for each in issue["implicated"]}
        assert unknown == {issue["code"]["text"].startswith("Not known yet: ")}
        assert unknown == {"An answer would settle it" in issue["detail"]}


def test_an_issue_says_until_when_it_holds() -> None:
    issues = of_today(parsed(written("isotretinoin_stopped_three_months_ago.toml")))
    (issue,) = [each for each in issues if rule_of(each) == "contraindication.gx7b_isotretinoin_peel"]
    assert "From 20 February 2027 on" in issue["detail"]
    assert "mitigation" not in issue


def test_a_paper_that_lifted_a_reason_is_named_with_its_author_and_day() -> None:
    facts = {**EVERYTHING, "health.conditions": ["rosacea", "cold_sore_history", "diabetes_controlled"]}
    paper = {**EVERYTHING["papers.clearances"][0], "scope": ["all"]}
    over = {**paper, "author": "Dr Then", "issued": date(2025, 1, 1), "expires": date(2025, 2, 1)}
    other = {**paper, "author": "Dr Elsewhere", "scope": ["window.wax_before"]}
    bundle = of({**facts, "papers.clearances": [over, other, paper]})
    lifted = [issue["mitigation"] for issue in resources(bundle, "DetectedIssue") if "mitigation" in issue]
    assert lifted
    for mitigation in lifted:
        (each,) = mitigation
        assert each["author"] == {"display": "Dr Example"}
        assert each["date"] == "2026-10-01"
        assert each["action"]["coding"][0]["code"] == "clearance.physician_letter"


def test_a_parent_who_consented_is_not_named() -> None:
    lifted = [each for each in resources(of(GUARDIAN), "DetectedIssue") if "mitigation" in each]
    assert lifted
    for issue in lifted:
        assert issue["severity"] == "low"
        assert [each.keys() for each in issue["mitigation"]] == [{"action", "date"}]


def test_a_signed_override_is_named_with_who_and_when() -> None:
    rule, day = "contraindication.gx7b_isotretinoin_peel", TODAY.toordinal()
    knowledge = load()
    signed = Override((rule,), ("aha_peel",), "Dr Example", Level.L3, "seen", (day - 2, day + 90), client=None)
    others = (
        replace(signed, by="Dr Later", days=(day + 1, day + 90)),
        replace(signed, by="Dr Other Client", client="nobody"),
        replace(signed, by="Dr Other Treatment", treatments=("led",)),
    )
    clinic = Knowledge(knowledge.records, "clinic", knowledge.folder, overrides=(signed, *others))
    facts = raw("isotretinoin_stopped_three_months_ago.toml")
    found = care(facts, today=TODAY, knowledge=clinic)
    plan = sample_plan(found.profile, clinic)
    bundle = parsed(to_bundle(found, plan, knowledge=clinic, texts=clinic.texts("en"), today=TODAY))
    (issue,) = [each for each in of_today(bundle) if rule_of(each) == rule and "mitigation" in each]
    (mitigation,) = issue["mitigation"]
    assert mitigation["author"] == {"display": "Dr Example"}
    assert mitigation["date"] == str(TODAY - timedelta(days=2))
    assert mitigation["action"]["coding"][0]["code"] == "override.L3"
    assert "seen" not in json.dumps(mitigation)
    assert issue["severity"] == "low"
