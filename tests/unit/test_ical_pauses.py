"""What the plan puts aside around its visits, in the calendar file: every band that the report shows is named."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from ical.calendar_stream import IcsCalendarStream
from tests.calendar_file import KNOWLEDGE, PERSON, export, named
from tests.sample_plan import FACIAL, START, sample_plan, session

from pellucid.exchange.build_plan import build_plan
from pellucid.exchange.wording import day
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import CarePlan, Standing, Step

PEEL = START + timedelta(days=57)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def plan() -> CarePlan:
    """The sample plan with a serum on every morning but those after a visit, and a peel late in it."""
    whole = sample_plan(PERSON, KNOWLEDGE)
    peel = session("aha_peel-1", "aha_peel", PEEL, PERSON, KNOWLEDGE)
    serum = Step("am_serum", "vitamin_c_serum")
    days = tuple(replace(each, morning=(each.morning[0], serum, *each.morning[1:])) for each in whole.days)
    return replace(whole, sessions=(*whole.sessions, peel), days=days)


@each_language
def test_every_band_of_the_report_is_named_with_its_days(language: str) -> None:
    texts = KNOWLEDGE.texts(language)
    shown = build_plan(plan(), PERSON, knowledge=KNOWLEDGE, texts=texts)
    entries = {
        (side, visit.key): item
        for side in ("before", "after")
        for visit, item in zip(plan().sessions, named(export(plan(), language), side, language), strict=True)
    }
    assert {band.rule.partition(".")[0] for band in shown.bands} == {"window", "contraindication"}
    for band in shown.bands:
        item = entries[band.side, band.session]
        told = item["DESCRIPTION"].split("\n")
        (line,) = [each for each in told if band.text in each and (band.concerns or band.name) in each]
        heading = next(each for each in reversed(told[: told.index(line)]) if each.endswith((":", "：")))
        assert day(band.until, texts) in heading
        assert item.start <= band.since <= band.until < item.end


def test_a_serum_that_a_facial_keeps_away_is_named_with_the_reason() -> None:
    """No window is about vitamin C; the rule for care at home after a facial is, for three days."""
    told = named(export(plan()), "after")[0]["DESCRIPTION"].split("\n")
    reason = "Skin was exfoliated or pressed a short while ago; acids and scrubs would be too much."
    place = told.index(f"- Pause: Vitamin C serum: {reason}")
    assert "8 December 2026 to 10 December 2026:" in told[:place]


def test_a_window_and_a_rule_of_care_at_home_do_not_tell_the_same_days_twice() -> None:
    """After a peel the acid pauses for a week by its window, and then for another by the rule for care at home."""
    shown = build_plan(plan(), PERSON, knowledge=KNOWLEDGE, texts=KNOWLEDGE.texts("en"))
    peel = next(each for each in shown.sessions if each.key == "aha_peel-1")
    acid = [(line.since, line.until) for line in peel.aftercare if "Leave-on salicylic acid (BHA)" in line.name]
    assert acid == [(PEEL, PEEL + timedelta(days=7)), (PEEL + timedelta(days=8), PEEL + timedelta(days=13))]


def test_the_pause_rings_on_its_first_day() -> None:
    before = named(export(plan()), "before")[1]
    rings = {before.start + each["TRIGGER"].dt - timedelta(hours=9) for each in before.subcomponents}
    pause = plan().sessions[1].day - timedelta(days=3)
    assert pause in rings


def test_nothing_pauses_around_a_visit_that_did_not_happen() -> None:
    first, *others = plan().sessions
    missed = replace(plan(), sessions=(replace(first, standing=Standing.MISSED), *others))
    shown = build_plan(missed, PERSON, knowledge=KNOWLEDGE, texts=KNOWLEDGE.texts("en"))
    assert first.key not in {band.session for band in shown.bands}
    assert {band.session for band in shown.bands} == {f"{FACIAL}-2", "aha_peel-1"}


def test_a_second_parser_reads_the_same_days() -> None:
    text = export(plan())
    other = [
        each
        for each in IcsCalendarStream.calendar_from_ics(text).events
        if each.summary == "Skin plan: after the visit"
    ]
    assert [(each.dtstart, each.dtend) for each in other] == [(i.start, i.end) for i in named(text, "after")]
