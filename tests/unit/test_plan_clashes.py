"""What could not be had, and why, in plain words: a wish, every rule and limit against it, and what would make room."""

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.sample_plan import FACIAL, START, sample_plan, sample_profile, slot
from tests.unit.test_plan_words import told, words_of

from pellucid.exchange.plan_model import ClashOut
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.rules import Contraindication, Window
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import Clash, Requirement

WEDDING = {"kind": "wedding", "date": date(2027, 3, 18)}
ADAPALENE = {"name": "adapalene", "prescribed": True, "start": date(2026, 6, 1)}

each_language = pytest.mark.parametrize("language", LANGUAGES)

PEEL = Requirement("want", "aha_peel")
EVENT = Requirement("rule", "contraindication.gx32a_event_peel", ("house",), date(2027, 3, 5), date(2027, 3, 18))
RETINOID = Requirement("rule", "window.rx_retinoid_before", ("C-GRIMES",), START, date(2027, 3, 4))
SLOTS = Requirement("slots", "aha_peel")


def why_not(dropped: Requirement, *members: Requirement, knowledge: Knowledge, language: str = "en") -> ClashOut:
    """A clash in words, for someone with a wedding ahead and a prescribed retinoid."""
    answers = {"history.events": [WEDDING], "health.medicines": [ADAPALENE]}
    clash = Clash(dropped, (dropped, *members))
    return told(knowledge, language, answers, clashes=(clash,)).clashes[0]


def test_why_not_in_one_kind_sentence(knowledge: Knowledge) -> None:
    clash = why_not(PEEL, SLOTS, EVENT, RETINOID, knowledge=knowledge)
    assert clash.text == (
        "“Superficial AHA peel” does not fit into this plan: it needs at least 14 days between it and “wedding” "
        "(18 March 2027); it needs at least 7 days without “adapalene” before it, and only your prescriber can agree "
        "to that; none of the clinic's open times fits."
    )
    assert [member.room for member in clash.members] == [
        "a visit further away from that day, before or after it",
        "your prescriber's word that a pause is all right; until then, carry on as before",
        "another day or time at the clinic",
    ]
    assert clash.members[0].when == "In the way: 5 to 18 March 2027"


@pytest.mark.parametrize(
    ("member", "part"),
    [
        (Requirement("budget", "budget"), "your budget is 200 EUR"),
        (Requirement("away", "2026-12-24"), "you are away (24 to 27 December 2026)"),
        (Requirement("want", FACIAL), "you also asked for “Pore clean-up facial”"),
        (Requirement("pin", "bha_leave_on@2026-12-20"), "you chose “Leave-on salicylic acid (BHA)” for 20 December"),
        (Requirement("rule", "plan.one_a_day"), "there is one visit a day at most"),
        (Requirement("rule", f"treatment.{FACIAL}"), "need at least 28 days between them"),
        (Requirement("rule", "cap.exfoliation"), "the limit for “All exfoliation together” on your skin is"),
        (Requirement("rule", "pair.acid_scrub"), "Acid and scrub (not on the same day)"),
        (Requirement("rule", "house.licence_level"), "“Needs a higher licence” stands in the way"),
        (Requirement("rule", "referral.many_nodules"), "nothing new begins before a professional has seen your skin"),
        (Requirement("rule", "scoring.product"), "a plan only uses products that suit your skin"),
        (Requirement("rule", "layer.pm_remove_makeup"), "your days don't have the step"),
        (Requirement("home_only", "all"), "you asked for care at home only"),
        (Requirement("undecided", "cause"), "what exactly stands in the way could not be found out in the time"),
        (Requirement("undecided", "fewer"), "perhaps not all of this stands in the way"),
        (
            Requirement("undecided", "way"),
            "no room for it was found in the time there is for planning, though there may be",
        ),
    ],
)
def test_each_kind_of_member_has_its_words(member: Requirement, part: str, knowledge: Knowledge) -> None:
    clash = why_not(PEEL, member, knowledge=knowledge)
    assert part in clash.text
    assert clash.members[0].room


def test_an_answer_that_was_given_is_not_asked_for_again(knowledge: Knowledge) -> None:
    """A deeper skin tone, once told, needs a test spot; while it isn't known, the answer itself would help."""
    laser = Requirement("want", "carbon_laser")
    tone = Requirement("rule", "contraindication.laser_deeper_tone", (), START, START)
    room = {
        phototype: told(knowledge, answers={"person.phototype": phototype}, clashes=(Clash(laser, (laser, tone)),))
        .clashes[0]
        .members[0]
        .room
        for phototype in ("v", "?")
    }
    assert room["v"] == "a test spot without reaction"
    assert room["?"].startswith("your answer about: ")


def test_an_appointment_that_has_to_go_is_not_called_cancelled(knowledge: Knowledge) -> None:
    taken = slot(FACIAL, date(2026, 12, 25))
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    booked = Requirement("booked", taken.id)
    clash = Clash(booked, (booked, Requirement("away", "2026-12-24")))
    plan = replace(plan, preferences=replace(plan.preferences, booked=(taken,)), clashes=(clash,))
    out = words_of(plan, profile, knowledge).clashes[0]
    assert out.title == "Pore clean-up facial, 25 December 2026, 10:00"
    assert out.text.endswith("Please talk to your clinic; nothing has been cancelled.")


@each_language
def test_every_rule_of_the_knowledge_can_be_told(language: str, knowledge: Knowledge) -> None:
    """Whatever rule the planner names, it comes out as a sentence, and its room never touches a medicine or a rule."""
    refs = [each.ref for kind in (Contraindication, Window) for each in knowledge.of(kind).values()]
    kinds = ("age", "scope", "cap", "pair", "ramp", "product", "treatment", "home_number", "layer")
    refs += [ref for ref in knowledge.by_ref if ref.partition(".")[0] in kinds]
    members = tuple(Requirement("rule", ref) for ref in (*refs, "house.no_rules_yet", "house.licence_unconfirmed"))
    told_rules = why_not(PEEL, *members, knowledge=knowledge, language=language).members
    assert len(told_rules) == len(members)
    for member in told_rules:
        assert member.text
        assert not re.search(r"\{\w*\}|\bstop\b|without the rule|停藥", f"{member.text} {member.room}"), member.ref


def test_a_prescribed_medicine_is_only_ever_asked_about(knowledge: Knowledge) -> None:
    prescribed = [each.ref for each in knowledge.of(Window).values() if each.type == "prescribed"]
    members = [Requirement("rule", ref) for ref in prescribed]
    for member in why_not(PEEL, *members, knowledge=knowledge).members:
        assert "only your prescriber can agree" in member.text
        assert "prescriber's word" in member.room
