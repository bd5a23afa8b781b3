"""Every example intake keeps its answer: a short digest of each is kept in a text file, and its story must hold.

``python tests/golden/test_examples.py --write`` writes the digests anew. Read every changed line before keeping it.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from pellucid.care import care
from pellucid.consult.intake import read_intake
from pellucid.exchange.build import build_report
from pellucid.exchange.model import Report
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.model.assessment import Finding
from pellucid.model.care import Care
from pellucid.model.decision import Decision, Option
from pellucid.model.levels import Status
from pellucid.model.routine import Layer, Routine

HERE = Path(__file__).parent
INTAKES = HERE.parents[1] / "examples" / "intakes"
TODAY = date(2026, 11, 20)
NAMES = tuple(sorted(path.stem for path in INTAKES.glob("*.toml")))

MOST_CAUSES, MOST_OPTIONS, MOST_QUESTIONS = 5, 5, 10


@dataclass(frozen=True)
class Answer:
    """What one example comes to."""

    care: Care
    report: Report

    def decision(self, treatment: str) -> Decision:
        return next(each for each in self.care.screening if each.treatment == treatment)

    def status(self, treatment: str) -> str:
        return self.decision(treatment).status.word

    def rules(self, treatment: str) -> set[str]:
        return {reason.rule for reason in self.decision(treatment).reasons}

    def option(self, treatment: str) -> Option | None:
        return next((each for each in self.care.options if each.treatment == treatment), None)

    @property
    def placed(self) -> set[str]:
        return {product for layers in _parts(self.care.routine).values() for product in _products(layers)}

    @property
    def referrals(self) -> dict[str, str]:
        return {each.rule: each.urgency for each in self.care.assessment.referrals}

    @property
    def lookalikes(self) -> set[str]:
        return {each.id for each in self.care.assessment.lookalikes}


@cache
def answer(file: str) -> Answer:
    knowledge = load()
    worked_out = care(read_intake(INTAKES / file), today=TODAY, knowledge=knowledge)
    return Answer(worked_out, _report(worked_out, knowledge))


def _report(worked_out: Care, knowledge: Knowledge, language: str | None = None) -> Report:
    own = str(worked_out.profile.answers.get("consultation.language", "en"))  # type: ignore[call-overload]
    return build_report(worked_out, language=language or own, knowledge=knowledge)


def told(name: str) -> Answer:
    return answer(f"{name}.toml")


# --- the digest ------------------------------------------------------------------------------------------


def digest(of: Answer) -> str:
    """Everything a professional would check first, one fact a line."""
    blocks = (_head, _findings, _referrals, _screening, _options, _routine, _left_out, _unknown)
    return "\n\n".join("\n".join(block(of)) for block in blocks) + "\n"


def _head(of: Answer) -> Iterator[str]:
    person = of.care.profile
    level = person.performer.name if person.performer else "not said"
    yield f"asked on {of.care.today}, in {of.report.language}; region {person.region or 'not said'}, performer {level}"
    yield from of.report.summary


def _findings(of: Answer) -> Iterator[str]:
    found = of.care.assessment
    yield f"skin type     {_named(found.skin_type)}"
    yield f"modifiers     {_list(map(_named, found.modifiers))}"
    yield f"pore types    {_list(map(_named, found.pore_types))}"
    yield f"concerns      {_list(each.id for each in found.concerns)}"
    yield f"top causes    {_list(each.id for each in found.causes[:MOST_CAUSES])}"
    yield f"severity      {found.severity.id}"
    yield f"look-alikes   {_list(map(_named, found.lookalikes))}"


def _named(finding: Finding) -> str:
    sure = next(word for least, word in ((0.67, "high"), (0.34, "medium"), (0, "low")) if finding.confidence >= least)
    return f"{finding.id} ({sure}{', second' if finding.secondary else ''})"


def _referrals(of: Answer) -> Iterator[str]:
    yield "referrals"
    for each in of.care.assessment.referrals:
        yield f"  {each.urgency:<9} {each.to:<13} {each.rule}"


def _screening(of: Answer) -> Iterator[str]:
    yield "screening today: status, until, worst rule"
    for each in of.care.screening:
        worst = each.reasons[0].rule if each.reasons else "-"
        more = f" (+{len(each.reasons) - 1})" if len(each.reasons) > 1 else ""
        yield f"  {each.treatment:<26} {each.status.word:<8} {_day(each.until)}  {worst}{more}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "-".ljust(10)


def _options(of: Answer) -> Iterator[str]:
    yield f"options ({len(of.care.options)}): status, earliest"
    for number, each in enumerate(of.care.options[:MOST_OPTIONS], start=1):
        yield f"  {number} {each.treatment:<24} {each.decision.status.word:<8} {each.earliest or 'no date known'}"
        for line in each.preparation:
            if line.applies and line.concerns:
                yield f"      {line.action} {line.concerns}: {line.since} to {line.until} ({line.rule})"


def _parts(routine: Routine) -> dict[str, tuple[Layer, ...]]:
    return {"morning": routine.morning, "evening": routine.evening, "deep clean": routine.deep_clean}


def _products(layers: Iterable[Layer]) -> list[str]:
    return [each.product for layer in layers for each in layer.products]


def _routine(of: Answer) -> Iterator[str]:
    yield f"routine, by the column {of.care.routine.skin}"
    for part, layers in _parts(of.care.routine).items():
        for layer in layers:
            new = [f"{each.product}{' (new)' if each.new else ''}" for each in layer.products]
            yield f"  {part:<10} {layer.layer:<18} {_list(new)}"
    for ramp in of.care.routine.ramps:
        first = ramp.stages[0].since if ramp.stages else "after the test"
        yield f"  brought in: {ramp.product}, patch test {ramp.patch_test_from}, first use {first}"
    for caution in (*of.care.routine.pairs, *of.care.routine.pregnancy):
        yield f"  {caution.verdict}: {caution.rule} ({_list(caution.concerns)})"


def _left_out(of: Answer) -> Iterator[str]:
    yield "left out of the routine"
    for each in of.care.routine.left_out:
        yield f"  {each.product:<20} {'not known' if each.unknown else 'because'}: {_list(each.because)}"


def _unknown(of: Answer) -> Iterator[str]:
    yield f"still open ({len(of.care.unknown)})"
    for number, each in enumerate(of.care.unknown[:MOST_QUESTIONS], start=1):
        yield f"  {number:>2} {each.path}{' (safety)' if each.safety else ''}"


def _list(items: Iterable[str]) -> str:
    return ", ".join(items) or "none"


# --- the digests hold ------------------------------------------------------------------------------------


def _kept(name: str) -> Path:
    return HERE / f"{name}.txt"


@pytest.mark.parametrize("name", NAMES)
def test_digest(name: str) -> None:
    kept = _kept(name)
    assert kept.exists(), f"no digest of {name}: run this file with --write"
    assert digest(told(name)) == kept.read_text("utf-8")


def test_no_digest_without_an_example() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == set(NAMES)


def test_the_same_answers_as_json() -> None:
    assert digest(answer("oily_t_zone_student.json")) == digest(told("oily_t_zone_student"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_unrecognised(name: str) -> None:
    assert told(name).report.unrecognised == []


@pytest.mark.parametrize("name", NAMES)
def test_the_other_language_says_the_same(name: str, knowledge: Knowledge) -> None:
    own = told(name)
    other = "en" if own.report.language == "zh_hant" else "zh_hant"
    report = _report(own.care, knowledge, other)
    assert [each.status for each in report.screening] == [each.status for each in own.report.screening]
    assert report.summary != own.report.summary


@pytest.mark.parametrize("name", NAMES)
def test_an_option_is_never_dated_while_it_is_ruled_out(name: str) -> None:
    for each in told(name).care.options:
        assert (each.earliest == TODAY) == each.decision.status.bookable
        if each.decision.status is Status.BLOCKED and each.earliest is not None:
            assert each.decision.until == each.earliest


# --- each story holds ------------------------------------------------------------------------------------


def test_oily_t_zone_student() -> None:
    of = told("oily_t_zone_student")
    assert of.care.assessment.skin_type.id == "combination"
    assert of.care.assessment.pore_types[0].id == "oily"
    facial = of.decision("pore_cleanup_facial")
    assert facial.status is Status.DEFER
    assert facial.until == date(2026, 11, 23)  # three days without the salicylic cleanser
    assert of.care.options[0].treatment in {"pore_cleanup_facial", "oil_control", "home_deep_clean"}
    assert "sebaceous_filaments" in of.lookalikes
    assert of.status("salicylic_peel") == "refer"  # an esthetician's licence is not enough
    assert not any(question.safety for question in of.care.unknown)


def test_dehydrated_oily_oval_cheeks() -> None:
    of = told("dehydrated_oily_oval_cheeks")
    found = of.care.assessment
    assert found.skin_type.id == "oily"
    assert "dehydrated" in {each.id for each in found.modifiers}
    assert found.pore_types[0].id == "dehydrated"
    assert {"alcohol_stripping", "harsh_care"} <= {each.id for each in found.causes}
    assert of.report.language == "zh_hant"
    assert "rich_moisturiser" not in of.placed


def test_teardrop_58_pacemaker() -> None:
    of = told("teardrop_58_pacemaker")
    assert of.care.assessment.pore_types[0].id == "aging"
    for treatment in ("radiofrequency", "rf_microneedling", "high_frequency", "fruit_vegetable_infusion"):
        assert of.status(treatment) == "blocked"
        assert of.decision(treatment).until is None
    assert "contraindication.gx10a_active_implant" in of.rules("radiofrequency")
    assert "contraindication.gx10a_active_implant" in of.rules("high_frequency")
    assert of.status("microneedling_infusion") == "blocked"  # a blood thinner, never to be stopped for it
    prepared = [line.concerns for option in of.care.options for line in option.preparation]
    assert not {"apixaban", "bisoprolol"} & set(prepared)


def test_rosacea_like_redness() -> None:
    of = told("rosacea_like_redness")
    assert "rosacea" in of.lookalikes
    assert of.referrals["lookalike.rosacea"] == "routine"
    assert "redness_prone" in {each.id for each in of.care.assessment.modifiers}
    assert of.status("steam") == "blocked"
    assert not of.decision("microdermabrasion").status.bookable
    assert not {"scrub", "home_steam", "retinoid_cosmetic", "bha_leave_on"} & of.placed


def test_isotretinoin_stopped_three_months_ago() -> None:
    of = told("isotretinoin_stopped_three_months_ago")
    stopped_on, six_months_later = date(2026, 8, 20), date(2027, 2, 20)
    assert (six_months_later - stopped_on).days == 184
    for treatment, rule in (
        ("aha_peel", "gx7b_isotretinoin_peel"),
        ("microneedling_infusion", "gx7f_isotretinoin_microneedling"),
        ("carbon_laser", "gx7d_isotretinoin_nonablative"),
    ):
        reason = next(each for each in of.decision(treatment).reasons if each.rule == f"contraindication.{rule}")
        assert reason.status is Status.DEFER
        assert reason.until == six_months_later
        assert reason.disagreement
    peel = of.decision("aha_peel")
    assert peel.status is Status.DEFER
    assert peel.until == six_months_later
    option = of.option("aha_peel")
    assert option is not None
    assert option.earliest == six_months_later


def test_pregnant_wants_salicylic_peel() -> None:
    of = told("pregnant_wants_salicylic_peel")
    assert of.status("salicylic_peel") == "blocked"
    assert of.decision("salicylic_peel").until is None
    assert "contraindication.gx8c_pregnancy_salicylate" in of.rules("salicylic_peel")
    assert of.status("aha_peel") == "refer"
    for treatment in ("carbon_laser", "radiofrequency", "high_frequency", "microneedling_infusion"):
        assert of.status(treatment) == "blocked"
    assert of.decision("pore_cleanup_facial").status.bookable
    assert not {"retinoid_cosmetic", "bha_leave_on", "home_steam"} & of.placed
    assert of.referrals["referral.pregnancy_needs_treatment"] == "routine"


def test_phototype_v_wants_laser() -> None:
    of = told("phototype_v_wants_laser")
    assert "pigment_prone" in {each.id for each in of.care.assessment.modifiers}
    laser = of.decision("carbon_laser")
    assert not laser.status.bookable
    option = of.option("carbon_laser")
    assert option is not None
    assert option.earliest is None or option.earliest > date(2026, 12, 28)
    assert "window.rx_retinoid_before" in of.rules("carbon_laser")
    asked = [line for line in option.preparation if line.concerns == "adapalene gel"]
    assert {line.action for line in asked} == {"ask_prescriber"}
    assert "retinoid_cosmetic" not in of.placed


def test_itchy_forehead_after_antibiotics() -> None:
    of = told("itchy_forehead_after_antibiotics")
    assert "malassezia_folliculitis" in of.lookalikes
    assert of.referrals["lookalike.malassezia_folliculitis"] == "prompt"
    for treatment in ("extraction", "pore_cleanup_facial"):
        assert not of.decision(treatment).status.bookable
        assert "contraindication.extraction_malassezia_pattern" in of.rules(treatment)
    assert "rich_moisturiser" not in of.placed


def test_fifteen_year_old() -> None:
    of = told("fifteen_year_old")
    sixteen, eighteen = date(2027, 3, 14), date(2029, 3, 14)
    assert of.decision("steam").reasons[0].rule in {"age.steam_age", "contraindication.steam_pustules"}
    assert {reason.until for reason in of.decision("steam").reasons if reason.rule == "age.steam_age"} == {sixteen}
    peel = of.decision("salicylic_peel")
    assert {reason.until for reason in peel.reasons if reason.rule == "age.strong_peel_age"} == {eighteen}
    assert not peel.status.bookable
    assert "age.guardian_consent" not in of.rules("pore_cleanup_facial")
    assert of.decision("pore_cleanup_facial").status.bookable
    assert not {"retinoid_cosmetic", "aha_leave_on", "home_steam"} & of.placed


def test_wedding_in_ten_days() -> None:
    of = told("wedding_in_ten_days")
    peel = of.decision("aha_peel")
    assert peel.status is Status.DEFER
    assert peel.until is not None
    assert peel.until > date(2026, 11, 30)
    assert "contraindication.gx32a_event_peel" in of.rules("aha_peel")
    assert of.decision("microneedling_infusion").status >= Status.DEFER


def test_fearful_first_timer_small_budget() -> None:
    of = told("fearful_first_timer_small_budget")
    at_home = [each for each in of.care.options if each.treatment != "pore_cleanup_facial"]
    assert at_home
    assert all(each.decision.status.bookable for each in at_home)
    assert of.status("purifying_mask") == "ask"
    assert "health.allergies" in of.decision("purifying_mask").asks
    assert not {"salicylic_wash", "bha_leave_on"} & of.placed
    assert {each.product for each in of.care.routine.left_out if each.unknown} == {
        "salicylic_wash",
        "bha_leave_on",
        "clay_mask",
    }


def test_nothing_wrong() -> None:
    of = told("nothing_wrong")
    found = of.care.assessment
    assert found.skin_type.id == "normal"
    said = (*found.modifiers, *found.pore_types, *found.concerns, *found.causes, *found.lookalikes)
    assert said == ()
    assert not found.referrals
    assert not of.care.options
    assert of.report.summary == [load().texts("en").phrase("summary.nothing")]
    assert not any(ramp for ramp in of.care.routine.ramps)
    assert not of.care.routine.deep_clean


def test_almost_nothing_answered() -> None:
    of = told("almost_nothing_answered")
    needing_answers = {each.treatment for each in of.care.screening if each.status is Status.ASK}
    assert {"extraction", "steam", "pore_cleanup_facial"} <= needing_answers
    assert not any(each.decision.status is Status.ALLOWED for each in of.care.options)
    first = of.care.unknown[0]
    assert first.safety
    assert len(of.care.unknown) > MOST_QUESTIONS
    assert not any(each.product == "retinoid_cosmetic" for each in of.care.routine.ramps)


if __name__ == "__main__" and "--write" in sys.argv:
    for each_name in NAMES:
        _kept(each_name).write_text(digest(told(each_name)), "utf-8")
