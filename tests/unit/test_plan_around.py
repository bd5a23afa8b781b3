"""What a plan tells of the days around visits and around what the person has done: each pause, and no other."""

from datetime import date, timedelta

import pytest
from tests.sample_plan import FACIAL, slot
from tests.unit.plan_situations import BHA, OILY, OILY_AND_LINED, Answers, at, days, plan_for, someone, used

from pellucid.consult.evidence import evidence_of
from pellucid.consult.prepare import aftercare
from pellucid.exchange.build_plan import build_plan
from pellucid.exchange.ical import to_ical
from pellucid.exchange.plan_model import PlanOut
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import TOPICS
from pellucid.knowledge.schema.home import Product
from pellucid.knowledge.schema.treatments import Aftercare, Precare, Treatment
from pellucid.knowledge.texts import LANGUAGES, leaves
from pellucid.model.levels import Level
from pellucid.model.plan import CarePlan
from pellucid.model.slot import Slot
from pellucid.model.spans import contains
from pellucid.plan.bars import pauses
from pellucid.plan.home import names_of
from pellucid.plan.visits import Supposed

RETINOID = "retinoid_cosmetic"
WAXED: Answers = {**OILY_AND_LINED, "history.hair_removal": [{"kind": "wax", "date": at(60)}]}

BESIDE = days(53, 63)
"""Seven days before waxing to three days after."""


def shown(knowledge: Knowledge, answers: Answers, *slots: Slot, language: str = "en") -> tuple[CarePlan, PlanOut]:
    plan = plan_for(knowledge, answers, booked=slots)
    profile = someone(knowledge, answers).profile
    return plan, build_plan(plan, profile, knowledge=knowledge, texts=knowledge.texts(language))


def in_days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


@pytest.mark.parametrize("answers", [{**OILY, **BHA}, OILY_AND_LINED, WAXED])
def test_nobody_is_told_to_leave_out_what_the_day_uses(answers: Answers, knowledge: Knowledge) -> None:
    plan, out = shown(knowledge, answers, slot(FACIAL, at(30)), slot("aha_peel", at(50)))
    on = {day.on: {knowledge.texts("en").get(f"product.{name}", "name") for name in day.used} for day in plan.days}
    stripes = [each for each in out.stripes if each.kind == "products" and ": " in each.label]
    assert stripes
    for stripe in stripes:
        told = set(stripe.label.partition(": ")[2].split(", "))
        assert [(day, told & on[day]) for day in in_days(stripe.since, stripe.until) if told & on[day]] == []


def test_the_pause_around_waxing_is_told_with_its_days(knowledge: Knowledge) -> None:
    plan, out = shown(knowledge, WAXED)
    assert used(plan, RETINOID)
    assert not used(plan, RETINOID) & BESIDE
    (stripe,) = [each for each in out.stripes if each.kind == "products"]
    assert {(day - plan.start).days for day in in_days(stripe.since, stripe.until)} == BESIDE
    assert stripe.text == (
        "Leave out: Retinol (cosmetic), 15 to 25 January 2027: Waxing, sugaring or epilator (22 January 2027)"
    )
    (told,) = [each for each in out.dates if each.on == at(60)]
    assert told.text == "Waxing, sugaring or epilator: leave out Retinol (cosmetic), 15 to 25 January 2027"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pause_around_waxing_stands_in_the_calendar_file(language: str, knowledge: Knowledge) -> None:
    plan, texts = plan_for(knowledge, WAXED), knowledge.texts(language)
    profile = someone(knowledge, WAXED).profile
    written = to_ical(plan, client="client", profile=profile, today=plan.start, texts=texts, knowledge=knowledge)
    entries = [each for each in written.replace("\r\n ", "").split("BEGIN:VEVENT") if texts.phrase("ics.pause") in each]
    (entry,) = entries
    assert f"DTSTART;VALUE=DATE:{at(53):%Y%m%d}" in entry
    assert f"DTEND;VALUE=DATE:{at(64):%Y%m%d}" in entry
    assert texts.get(f"product.{RETINOID}", "name") in entry


def test_the_pause_of_a_product_that_is_in_use_is_told_though_the_plan_uses_it_only_later(knowledge: Knowledge) -> None:
    in_use = {"products.actives": [{"name": "retinol", "form": "leave_on", "times_per_week": 2}]}
    waxed = {**OILY_AND_LINED, **in_use, "history.hair_removal": [{"kind": "wax", "date": at(5)}]}
    plan, out = shown(knowledge, waxed)
    assert min(used(plan, RETINOID)) > 8
    (stripe,) = [each for each in out.stripes if each.kind == "products"]
    assert (stripe.since, stripe.until) == (at(0), at(8))


def test_where_nothing_pauses_around_waxing_nothing_is_told(knowledge: Knowledge) -> None:
    waxed = {**OILY, "history.hair_removal": [{"kind": "wax", "date": at(60)}]}
    _, out = shown(knowledge, waxed)
    assert [each for each in out.stripes if each.kind == "products"] == []
    assert at(60) not in {each.on for each in out.dates}


EXFOLIANTS = ("salicylic_wash", "aha_leave_on", "bha_leave_on", "scrub")
VISIT = 30


def closed_after(treatment: str, knowledge: Knowledge) -> int | None:
    """The last day, counted from a visit, on which a plan keeps some exfoliant away; None where it never does."""
    profile = someone(knowledge, OILY).profile
    supposed, evidence = Supposed(profile, knowledge), evidence_of(profile, knowledge)
    found: set[int] = set()
    for product in (knowledge.get(Product, name) for name in EXFOLIANTS):
        found |= {offset for offset in pauses(names_of(product, knowledge), treatment, evidence) if offset >= 0}
        newly = supposed.newly_closed((treatment, at(VISIT)), product.screened_as or "", Level.L0)
        found |= {day for day in range(60) if contains(newly, (at(VISIT + day)).toordinal())}
    return max(found, default=None)


def test_the_day_from_which_exfoliation_can_come_back_is_the_plans_own(knowledge: Knowledge) -> None:
    """What a visit's list says and what the days do are the same; what pauses nothing has nothing to come back."""
    profile = someone(knowledge, OILY).profile
    told, done = {}, {}
    for treatment in knowledge.of(Treatment).values():
        families = {"medical", "home", "needle", "injection", "ablative"} & {treatment.setting, *treatment.families}
        if families or treatment.setting == "medical":
            continue
        lines = aftercare(profile, treatment.id, on=at(VISIT), knowledge=knowledge)
        since = [(line.since - at(VISIT)).days for line in lines if line.rule.startswith("aftercare.exfoliate_again")]
        last = closed_after(treatment.id, knowledge)
        told[treatment.id] = since
        done[treatment.id] = [] if last is None else [last + 1]
    assert told == done
    assert {4, 14} == {day for days in told.values() for day in days}


TWICE = {"en": ("twice a day", "Cleanse twice"), "zh_hant": ("早晚各一次",)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_beside_a_visit_asks_to_wash_more_often_than_the_routine(language: str, knowledge: Knowledge) -> None:
    """How often a face is washed is capped by its skin; in the morning some faces are only rinsed."""
    texts = knowledge.texts(language)
    lines = [
        each for each in (*knowledge.of(Precare).values(), *knowledge.of(Aftercare).values()) if "do" in each.texts
    ]
    assert [line.ref for line in lines if any(word in texts.get(line.ref, "do") for word in TWICE[language])] == []
    assert {"en": "as your routine says", "zh_hant": "依您的保養安排"}[language] in texts.get(
        "precare.arrive_bare", "do"
    ).replace("\n", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sunscreen_every_morning_leaves_room_for_what_another_list_says(language: str, knowledge: Knowledge) -> None:
    """The day after needling has no sunscreen, whatever an earlier visit's list asks for."""
    line = knowledge.texts(language).get("aftercare.sunscreen_and_shade", "do")
    assert {"en": "another list of yours", "zh_hant": "另一份清單"}[language] in line


def test_a_deep_clean_evening_and_the_plan_have_one_name_each(knowledge: Knowledge) -> None:
    """Texts about labels are left aside: they are about products, not about the plan."""
    texts = knowledge.texts("zh_hant")
    told = [text for topic in (*TOPICS, "interface") if topic != "labels" for _, text in leaves(texts.topic(topic))]
    other = ("深層清潔之夜", "深層清潔的晚上", "照護計畫", "護理計畫", "保養計畫")
    assert [text for text in told if any(word in str(text) for word in other)] == []


def test_the_pause_around_waxing_names_what_the_person_uses_already(knowledge: Knowledge) -> None:
    in_use = {"products.actives": [{"name": "retinol", "form": "leave_on", "times_per_week": 3}]}
    _, out = shown(knowledge, {**WAXED, **in_use})
    assert any("leave out retinol, Retinol (cosmetic), 15 to 25 January 2027" in each.text for each in out.dates)


def test_what_a_peel_closes_at_home_names_the_person_s_own_acid_for_as_long(knowledge: Knowledge) -> None:
    in_use = {"products.actives": [{"name": "glycolic toner", "form": "leave_on", "times_per_week": 1}]}
    _, out = shown(knowledge, {**OILY, **in_use}, slot("aha_peel", at(30)))
    told = [each.label for each in out.stripes if "Leave-on fruit acid (AHA)" in each.label]
    assert told
    assert all("glycolic toner" in label for label in told)
