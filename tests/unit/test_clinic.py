"""A clinic's own rules: tighten freely, loosen with a signed reason, never below the law or a no-override rule."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from tests.spec.cases import TODAY, clear

from pellucid.consult.profile import make_profile
from pellucid.consult.screen import screen
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.clinic import ClinicRules, for_clinic
from pellucid.knowledge.schema.home import Cap
from pellucid.knowledge.schema.rules import Window
from pellucid.model.decision import Decision, Reason
from pellucid.model.errors import ClinicRulesError
from pellucid.model.levels import Level, Status

SIGNED: dict[str, Any] = {"by": "Dr Example", "level": "L3", "reason": "seen and discussed", "signed": "2026-11-01"}
ISOTRETINOIN = [{"name": "isotretinoin", "route": "oral", "start": date(2026, 6, 1)}]
PEEL_RULE = "contraindication.gx7b_isotretinoin_peel"
OVERRIDE: dict[str, Any] = {"rules": [PEEL_RULE], "signature": SIGNED, "expires": "2026-12-01"}


def clinic(knowledge: Knowledge, **rules: Any) -> Knowledge:
    return for_clinic(knowledge, ClinicRules.model_validate(rules))


def faults(knowledge: Knowledge, **rules: Any) -> dict[str, str]:
    with pytest.raises(ClinicRulesError) as caught:
        clinic(knowledge, **rules)
    return {problem.where: problem.message for problem in caught.value.problems}


def decide(
    knowledge: Knowledge, treatment: str, *, on: date = TODAY, performer: Level = Level.L3, **answers: dict[str, Any]
) -> Decision:
    intake = clear()
    for section, changed in answers.items():
        intake[section] = {**intake.get(section, {}), **changed}
    profile = make_profile(intake, knowledge=knowledge, today=TODAY)
    return screen(profile, treatment, on=on, performer=performer, knowledge=knowledge)


def reason(decision: Decision, rule: str) -> Reason:
    return next(each for each in decision.reasons if each.rule == rule)


def waxed(*, days_ago: int) -> dict[str, Any]:
    return {"hair_removal": [{"kind": "waxing", "date": date.fromordinal(TODAY.toordinal() - days_ago)}]}


def window(name: str, column: str, days: int, **signature: Any) -> dict[str, Any]:
    return {"windows": [{"window": name, "column": column, "days": days, **signature}]}


def test_a_window_can_be_made_longer_without_asking_anyone(knowledge: Knowledge) -> None:
    stricter = clinic(knowledge, **window("wax_before", "extraction", 10))
    assert decide(knowledge, "extraction", history=waxed(days_ago=9)).status is Status.ALLOWED
    decision = decide(stricter, "extraction", history=waxed(days_ago=9))
    assert decision.status is Status.DEFER
    assert decision.until == date(2026, 11, 21)
    assert "house" in reason(decision, "window.wax_before").sources


@pytest.mark.parametrize(("phototype", "days", "until"), [("iii", 9, 10), ("v", 13, 14)])
def test_a_longer_window_keeps_the_still_longer_one_for_deeper_skin(
    phototype: str, days: int, until: int, knowledge: Knowledge
) -> None:
    stricter = clinic(knowledge, **window("rx_retinoid_before", "aha_peel", 10))
    stop = date.fromordinal(TODAY.toordinal() - days)
    decision = decide(
        stricter,
        "aha_peel",
        person={"phototype": phototype},
        health={"medicines": [{"name": "tretinoin", "stop": stop}]},
    )
    assert decision.until == date.fromordinal(stop.toordinal() + until)


@pytest.mark.parametrize("signature", [{}, {"signature": {**SIGNED, "level": "L2"}}])
def test_a_window_is_not_made_shorter_without_a_physicians_signature(
    signature: dict[str, Any], knowledge: Knowledge
) -> None:
    found = faults(knowledge, **window("wax_before", "extraction", 5, **signature))
    assert list(found) == ["windows[0].days"]
    assert "L3 or above" in found["windows[0].days"]


def test_a_signed_reason_makes_a_window_shorter(knowledge: Knowledge) -> None:
    looser = clinic(knowledge, **window("wax_before", "extraction", 5, signature=SIGNED))
    assert decide(looser, "extraction", history=waxed(days_ago=5)).status is Status.ALLOWED
    assert decide(looser, "extraction", history=waxed(days_ago=4)).status is Status.DEFER
    assert decide(looser, "aha_peel", history=waxed(days_ago=5)).status is Status.DEFER


def test_nobody_shortens_what_allows_no_override(knowledge: Knowledge) -> None:
    signature = {"signature": {**SIGNED, "level": "L4"}}
    found = faults(knowledge, **window("aha_sun_after", "aha_peel", 6, **signature))
    assert found == {"windows[0].days": "allows no override and can't be loosened"}


def test_nobody_shortens_what_the_law_sets(knowledge: Knowledge) -> None:
    by_law = knowledge.get(Window, "wax_before").model_copy(update={"authority": "law"})
    lawful = replace(knowledge, records={**knowledge.records, "window": {**knowledge.of(Window), by_law.id: by_law}})
    signature = {"signature": {**SIGNED, "level": "L4"}}
    found = faults(lawful, **window("wax_before", "extraction", 6, **signature))
    assert found == {"windows[0].days": "is set by law and can't be loosened"}


def test_a_cap_can_be_lowered_and_is_raised_only_with_a_signature(knowledge: Knowledge) -> None:
    lower = clinic(knowledge, caps=[{"cap": "retinoid", "skin": "oily", "most": 1}])
    assert lower.get(Cap, "retinoid").for_skin("oily").default == 1
    assert lower.get(Cap, "retinoid").for_skin("dry") == knowledge.get(Cap, "retinoid").for_skin("dry")
    higher = {"cap": "retinoid", "skin": "oily", "most": 5}
    assert list(faults(knowledge, caps=[higher])) == ["caps[0].most"]
    assert clinic(knowledge, caps=[{**higher, "signature": SIGNED}]).get(Cap, "retinoid").for_skin("oily").default == 5


def test_every_fault_is_reported_at_once(knowledge: Knowledge) -> None:
    found = faults(
        knowledge,
        windows=[
            {"window": "wax_befor", "column": "extraction", "days": 9},
            {"window": "aha_sun_after", "column": "extraction", "days": 9},
            {"window": "wax_before", "column": "extraction", "days": 1},
        ],
        caps=[{"cap": "scrubb", "skin": "oily", "most": 1}, {"cap": "scrub", "skin": "oily", "most": 6}],
        licensed=["haircut"],
        overrides=[{**OVERRIDE, "rules": ["contraindication.gx13_gold", "window.wax_befor"], "expires": "2026-11-01"}],
    )
    assert list(found) == [
        "caps[0].cap",
        "caps[1].most",
        "licensed[0]",
        "overrides[0].expires",
        "overrides[0].rules",
        "windows[0].window",
        "windows[1].column",
        "windows[2].days",
    ]
    assert "did you mean 'wax_before'?" in found["windows[0].window"]


def test_an_override_turns_a_block_into_a_caution_and_is_recorded(knowledge: Knowledge) -> None:
    before = decide(knowledge, "aha_peel", health={"medicines": ISOTRETINOIN})
    assert before.status is Status.BLOCKED
    own = clinic(knowledge, overrides=[OVERRIDE])
    after = decide(own, "aha_peel", health={"medicines": ISOTRETINOIN})
    assert after.status is Status.CAUTION
    assert reason(after, PEEL_RULE).lifted == "override.L3"
    assert reason(after, PEEL_RULE).disagreement == reason(before, PEEL_RULE).disagreement
    assert own.overrides[0].reason == SIGNED["reason"]


def test_an_override_holds_from_its_signature_until_it_expires(knowledge: Knowledge) -> None:
    own = clinic(knowledge, overrides=[OVERRIDE])
    for on, status in ((date(2026, 11, 30), Status.CAUTION), (date(2026, 12, 1), Status.BLOCKED)):
        assert decide(own, "aha_peel", on=on, health={"medicines": ISOTRETINOIN}).status is status


def test_an_override_lifts_only_the_rule_it_names(knowledge: Knowledge) -> None:
    own = clinic(knowledge, overrides=[OVERRIDE])
    pregnant = {"medicines": ISOTRETINOIN, "pregnancy": "pregnant"}
    assert decide(own, "aha_peel", health=pregnant).status is Status.REFER
    assert decide(own, "carbon_laser", health={"medicines": ISOTRETINOIN}).status is Status.BLOCKED


@pytest.mark.parametrize(
    ("limit", "treatment", "client", "status"),
    [
        ({"treatments": ["salicylic_peel"]}, "aha_peel", None, Status.BLOCKED),
        ({"treatments": ["salicylic_peel"]}, "salicylic_peel", None, Status.CAUTION),
        ({"client": "c-17"}, "aha_peel", "c-17", Status.CAUTION),
        ({"client": "c-17"}, "aha_peel", "c-18", Status.BLOCKED),
        ({"client": "c-17"}, "aha_peel", None, Status.BLOCKED),
    ],
)
def test_an_override_can_be_for_one_treatment_or_one_client(
    limit: dict[str, Any], treatment: str, client: str | None, status: Status, knowledge: Knowledge
) -> None:
    own = clinic(knowledge, overrides=[{**OVERRIDE, **limit}])
    consultation = {"client": client} if client else {}
    decision = decide(own, treatment, consultation=consultation, health={"medicines": ISOTRETINOIN})
    assert decision.status is status


@pytest.mark.parametrize(
    ("changed", "where", "message"),
    [
        ({"rules": ["contraindication.gx1_active_infection"]}, "rules", "allows no override"),
        ({"rules": ["contraindication.gx7e_isotretinoin_ablative"]}, "signature.level", "needs L4 or above"),
        ({"signature": {**SIGNED, "level": "L2"}}, "signature.level", "needs L3 or above"),
        ({"signature": {**SIGNED, "level": "L0"}}, "signature.level", "needs L3 or above"),
        ({"rules": ["contraindication.gx7b_isotretinoin"]}, "rules", "did you mean"),
        ({"rules": ["treatment.aha_peel"]}, "rules", "no rule"),
        ({"expires": "2026-10-31"}, "expires", "must lie after it was signed"),
        ({"treatments": ["aha_pel"]}, "treatments", "did you mean 'aha_peel'?"),
    ],
)
def test_an_override_that_may_not_be(changed: dict[str, Any], where: str, message: str, knowledge: Knowledge) -> None:
    found = faults(knowledge, overrides=[{**OVERRIDE, **changed}])
    assert list(found) == [f"overrides[0].{where}"]
    assert message in found[f"overrides[0].{where}"]


@pytest.mark.parametrize("missing", ["by", "level", "reason", "signed"])
def test_a_signature_needs_a_name_a_level_a_reason_and_a_day(missing: str) -> None:
    signature = {key: value for key, value in SIGNED.items() if key != missing}
    with pytest.raises(ValidationError, match=missing):
        ClinicRules.model_validate({"overrides": [{**OVERRIDE, "signature": signature}]})


def test_a_confirmed_licence_needs_no_further_note(knowledge: Knowledge) -> None:
    own = clinic(knowledge, licensed=["pore_cleanup_facial"])
    assert decide(knowledge, "pore_cleanup_facial", performer=Level.L1).status is Status.CAUTION
    assert decide(own, "pore_cleanup_facial", performer=Level.L1).status is Status.ALLOWED
    assert decide(own, "aha_peel", performer=Level.L1).status is Status.CAUTION


LAMP: dict[str, Any] = {
    "id": "own_lamp",
    "families": ["light"],
    "setting": "clinic",
    "level": {"level": "L1", "source": ["house"]},
    "benefit": {"strength": "N", "source": ["house"]},
    "source": ["house"],
}
RULE: dict[str, Any] = {
    "id": "own_lamp_melasma",
    "when": "health.conditions.melasma",
    "applies": ["own_lamp"],
    "effect": "refer",
    "source": ["house"],
}


WORDS = {"en": {"name": "Blue lamp"}}


def lamp(*rules: dict[str, Any], **added: Any) -> dict[str, Any]:
    """An own treatment with its rules."""
    own = [{"rule": rule, "words": {"en": {"name": "Melasma and the lamp"}}} for rule in rules]
    return {"treatment": LAMP, "words": WORDS, "rules": own, **added}


@pytest.mark.parametrize(
    ("own", "status"),
    [
        (lamp(), Status.BLOCKED),
        (lamp(RULE), Status.BLOCKED),
        (lamp(signature=SIGNED), Status.BLOCKED),
        (lamp(RULE, signature={**SIGNED, "level": "L2"}), Status.BLOCKED),
        (lamp(RULE, signature=SIGNED), Status.ALLOWED),
    ],
)
def test_an_own_treatment_is_blocked_until_its_rules_are_signed(
    own: dict[str, Any], status: Status, knowledge: Knowledge
) -> None:
    decision = decide(clinic(knowledge, treatments=[own]), "own_lamp")
    assert decision.status is status
    assert (status is Status.BLOCKED) == any(each.rule == "house.no_rules_yet" for each in decision.reasons)


def test_an_own_treatment_keeps_its_own_rules_and_those_of_its_family(knowledge: Knowledge) -> None:
    own = clinic(knowledge, treatments=[lamp(RULE, signature=SIGNED)])
    assert decide(own, "own_lamp", health={"conditions": ["melasma"]}).status is Status.REFER
    seizures = decide(own, "own_lamp", health={"conditions": ["light_triggered_seizures"]})
    assert seizures.status is Status.BLOCKED


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "gx13_gold"},
        {"when": "health.conditions.melasmaa"},
        {"when": "health.conditions.melasma =="},
        {"applies": ["own_lampp"]},
        {"source": ["nowhere"]},
        {"disagreement": "nothing"},
    ],
)
def test_an_own_rule_neither_replaces_a_shipped_one_nor_names_what_is_not_there(
    changed: dict[str, Any], knowledge: Knowledge
) -> None:
    assert faults(knowledge, treatments=[lamp({**RULE, **changed}, signature=SIGNED)])


@pytest.mark.parametrize(
    "changed",
    [{"families": ["lamps"]}, {"source": ["nowhere"]}, {"instead": ["haircut"]}, {"parts": [{"treatment": "haircut"}]}],
)
def test_an_own_treatment_names_nothing_that_is_not_there(changed: dict[str, Any], knowledge: Knowledge) -> None:
    assert faults(knowledge, treatments=[lamp(RULE, treatment={**LAMP, **changed}, signature=SIGNED)])


@pytest.mark.parametrize("names", [["aha_peel"], ["own_lamp", "own_lamp"]])
def test_an_own_treatment_has_an_id_of_its_own(names: list[str], knowledge: Knowledge) -> None:
    assert faults(knowledge, treatments=[lamp(treatment={**LAMP, "id": name}) for name in names])


def test_two_own_rules_have_two_ids(knowledge: Knowledge) -> None:
    assert faults(knowledge, treatments=[lamp(RULE, {**RULE, "effect": "caution"}, signature=SIGNED)])


def test_decisions_carry_the_hash_of_the_clinics_rules(knowledge: Knowledge) -> None:
    stricter = window("wax_before", "extraction", 10)
    own = clinic(knowledge, **stricter)
    assert own.digest != knowledge.digest
    assert own.digest == clinic(knowledge, **stricter).digest
    assert own.digest != clinic(knowledge, **window("wax_before", "extraction", 11)).digest
    assert decide(own, "extraction").knowledge == own.digest


def test_the_shipped_knowledge_stays_as_it_was(knowledge: Knowledge) -> None:
    before = knowledge.get(Window, "wax_before"), knowledge.digest, knowledge.overrides
    clinic(knowledge, **window("wax_before", "extraction", 10), overrides=[OVERRIDE])
    assert (knowledge.get(Window, "wax_before"), knowledge.digest, knowledge.overrides) == before
