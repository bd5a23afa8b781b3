"""The printed plan: what stands on it in both languages, its tags and fonts, and what people type that is awkward."""

import io
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pypdfium2  # type: ignore[import-untyped] # ships no types
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped] # ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.sample_plan import FACIAL, START, home_day, sample_plan, sample_profile, session

from pellucid.exchange.build_plan import build_plan
from pellucid.exchange.pdf import TEMPLATE, plan_pdf
from pellucid.exchange.pdf_sources import PLACE
from pellucid.exchange.plan_model import EveningWord, PlanOut, StripeWord
from pellucid.exchange.printable import FONTS, WHITE_SQUARE, breakable, drawable, printable, shortened
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import CarePlan, Standing

ROOT = Path(__file__).parents[2]
KNOWLEDGE = load()
PROFILE = sample_profile(KNOWLEDGE)
PLAN = sample_plan(PROFILE, KNOWLEDGE)
TODAY = date(2026, 11, 25)

A4 = (595.3, 841.9)
MARGIN = 17 / 25.4 * 72
"""Left and right, in points."""

NAMES = (
    "Dr. Maria-Magdalena Wolfeschlegelsteinhausenbergerdorff de la Vega y Santillana-Montemayor, IV",
    "鳳凰山莊國際醫學美容暨皮膚健康管理中心（九龍灣旗艦店）" * 4,
    "W" * 90,
)
OURS = {"PellucidSans", "PellucidSansTC"}
INJECTIONS = ('#read("/etc/passwd")', "]", "\\", "$x$ *b* `c` <l> @r // /* ```", "#{ panic() }")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def out(plan: CarePlan = PLAN, language: str = "en") -> PlanOut:
    return build_plan(plan, PROFILE, knowledge=KNOWLEDGE, texts=KNOWLEDGE.texts(language))


def made(plan: PlanOut, language: str = "en", title: str = "") -> bytes:
    return plan_pdf(plan, texts=KNOWLEDGE.texts(language), today=TODAY, title=title)


@cache
def sample(language: str) -> bytes:
    return made(out(language=language), language)


def text(pdf: bytes) -> str:
    """All of its text, without the blanks and breaks that only lay it out."""
    return packed("".join(pages(pdf)))


def pages(pdf: bytes) -> list[str]:
    """The text of each page; PDFium writes U+FFFE for a hyphen at the end of a line."""
    return [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in pypdfium2.PdfDocument(pdf)]


def packed(value: str) -> str:
    return re.sub(r"[\s\u200b]", "", value)


def with_names(plan: CarePlan, name: str) -> CarePlan:
    """The plan with a name that somebody typed, wherever there is one."""
    visits = tuple(
        replace(each, slot=replace(each.slot, practitioner=name, room=name, location=name)) for each in plan.sessions
    )
    away = tuple(each._replace(name=name) for each in plan.preferences.away)
    short = (away[0]._replace(since=away[0].until),)
    wishes = replace(plan.preferences, away=(*away, *short))
    return replace(plan, sessions=visits, set_aside=(name,), keep=(name,), preferences=wishes)


def longer(weeks: int) -> CarePlan:
    """The plan over more weeks, with a visit every four of them."""
    days = tuple(home_day(START + timedelta(days=n), deep_clean=n % 7 == 6) for n in range(7 * weeks))
    on = [START + timedelta(days=n) for n in range(15, 7 * weeks, 28)]
    visits = tuple(session(f"{FACIAL}-{n}", FACIAL, day, PROFILE, KNOWLEDGE) for n, day in enumerate(on, start=1))
    return replace(PLAN, weeks=weeks, days=days, sessions=visits)


def boxes(pdf: bytes) -> Iterator[tuple[float, float, float, float]]:
    """The box of every run of text on every page: left, bottom, right, top, in points."""
    for page in pypdfium2.PdfDocument(pdf):
        run = page.get_textpage()
        yield from (run.get_rect(number) for number in range(run.count_rects()))


# --- what stands on it -------------------------------------------------------------------------------------


@each_language
def test_visits_with_their_dated_lines_are_on_it(language: str) -> None:
    shown, said = out(language=language), text(sample(language))
    assert len(shown.sessions) == 2
    for visit in shown.sessions:
        for part in (visit.name, visit.date_text, visit.time_text, visit.place_text, visit.standing_text):
            assert packed(part) in said
        for line in (*visit.preparation, *visit.aftercare):
            assert packed(line.when) in said
            assert packed(line.text) in said


@each_language
def test_the_grid_has_every_week_day_and_mark(language: str) -> None:
    shown, said = out(language=language), text(sample(language))
    for week in shown.weeks:
        assert packed(week.title) in said
        assert all(packed(day.short_text) in said for day in week.days)
    labels = [segment.label for week in shown.weeks for segment in week.segments]
    labels += [stripe.label for stripe in shown.stripes]
    assert all(said.count(packed(label)) >= number for label, number in Counter(labels).items())
    assert "1·10:00" in said
    words = KNOWLEDGE.texts(language)
    for mark in ("deep_clean", "test", "first_use"):
        assert packed(words.phrase(f"pdf.mark.{mark}")) in said


def title_of(title: str) -> tuple[str, ...]:
    """What stands there of a source: its title and, for one of many with that title, the place in it."""
    found = PLACE.fullmatch(title)
    return (found["title"], found["place"]) if found else (title,)


def test_headings_stand_with_what_follows_and_no_row_of_days_is_torn() -> None:
    """No page ends with a heading, and every row of a visit's lines is on one page."""
    words = KNOWLEDGE.texts("en")
    headings = [
        words.phrase(f"heading.{name}") for name in ("before_session", "after_session", "new_product", "sources")
    ]
    for page in pages(sample("en")):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        body = [line for line in lines if not line.startswith(("Information for you", "Page "))]
        assert body[-1] not in headings
    said = [packed(page) for page in pages(sample("en"))]
    for visit in out().sessions:
        for line in (*visit.preparation, *visit.aftercare):
            assert any(packed(line.text) in page for page in said)


@each_language
def test_the_rest_is_on_it_too(language: str) -> None:
    shown, said = out(language=language), text(sample(language))
    parts = [*shown.summary, shown.text, shown.skin_text, shown.quality.text, *shown.set_aside]
    parts += [each.text for each in shown.stripes] + [each.text for each in shown.dates]
    parts += [each.text for each in shown.patch_test] + [each.text for each in shown.costs]
    parts += [words for each in shown.introductions for words in (each.name, each.how, each.test_text, each.first_text)]
    parts += [words for each in shown.clashes for words in (each.title, each.text, *(why.text for why in each.members))]
    parts += [step.layer_name for each in shown.routines for step in each.steps]
    parts += [part for each in shown.sources for part in title_of(each.title)]
    parts += [each.id + ("" if each.verified else "°") for each in shown.sources]
    parts += [KNOWLEDGE.texts(language).phrase("notice.intended_use")]
    assert [part for part in parts if packed(part) not in said] == []


def test_a_visit_that_is_over_keeps_only_the_after_care_that_is_not() -> None:
    done = replace(PLAN.sessions[0], standing=Standing.DONE)
    shown = out(replace(PLAN, sessions=(done,)))
    visit = shown.sessions[0]
    later = text(plan_pdf(shown, texts=KNOWLEDGE.texts("en"), today=visit.on + timedelta(days=5)))
    over = [line for line in visit.aftercare if line.until < visit.on + timedelta(days=5)]
    assert over
    assert [line.text for line in over if packed(line.text) in later] == []
    assert [line.text for line in visit.preparation if packed(line.text) in later] == []
    assert packed(visit.aftercare[-1].text) in later


def test_a_plan_without_visits_or_anything_new_has_no_parts_for_them() -> None:
    said = text(made(out(replace(PLAN, sessions=(), introductions=(), clashes=()))))
    words = KNOWLEDGE.texts("en")
    for phrase in ("plan.heading.visits", "heading.new_product", "heading.patch_test", "plan.heading.clashes"):
        assert packed(words.phrase(phrase)) not in said
    assert "Week12" in said


def test_every_kind_of_stripe_and_evening_can_be_drawn() -> None:
    shown = out()
    first, week, segment = shown.stripes[0], shown.weeks[0], shown.weeks[1].segments[0]
    kinds, evenings = get_args(StripeWord), get_args(EveningWord)
    stripes = [first.model_copy(update={"kind": kind}) for kind in kinds]
    segments = [segment.model_copy(update={"kind": kind, "lane": lane}) for lane, kind in enumerate(kinds)]
    days = [day.model_copy(update={"evening_kind": kind}) for day, kind in zip(week.days, evenings * 2, strict=False)]
    weeks = [week.model_copy(update={"days": days, "segments": segments}), *shown.weeks[1:]]
    said = text(made(shown.model_copy(update={"stripes": stripes, "weeks": weeks})))
    words = KNOWLEDGE.texts("en")
    for kind in (*kinds, *(each for each in evenings if each != "routine")):
        assert packed(words.phrase(f"plan.legend.{kind}")) in said


@pytest.mark.parametrize("weeks", [26, 52])
def test_long_plans_keep_their_weeks_whole_under_a_repeated_head(weeks: int) -> None:
    grid = [page for page in pages(made(out(longer(weeks)))) if re.search(r"Week \d", page)]
    assert len(grid) > 1
    assert all("Mon" in page for page in grid)
    assert {int(each) for page in grid for each in re.findall(r"Week (\d+)", page)} == set(range(1, weeks + 1))


# --- tags, properties, bytes -------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh_hant", "zh-TW")])
def test_it_is_tagged_and_says_its_language_and_title(language: str, tag: str) -> None:
    reader = PdfReader(io.BytesIO(sample(language)))
    root: Any = reader.root_object
    assert root["/Lang"] == tag
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == out(language=language).title
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == TODAY


def test_every_page_is_a4() -> None:
    for page in PdfReader(io.BytesIO(sample("en"))).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.1)


def test_a_title_of_its_own_leaves_the_plans_name_below() -> None:
    pdf = made(out(), title="Care plan of Kiri Vale")
    metadata = PdfReader(io.BytesIO(pdf)).metadata
    assert metadata is not None
    assert metadata.title == "Care plan of Kiri Vale"
    assert "CareplanofKiriValeYour12weeks:" in text(pdf)


PRINT_DIGESTS = """
from tests.unit.test_pdf import LANGUAGES, sample, sha256
print(*(sha256(sample(language)).hexdigest() for language in LANGUAGES))
"""


def test_two_processes_make_the_same_bytes() -> None:
    surroundings = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PRINT_DIGESTS]
    other = subprocess.run(command, cwd=ROOT, env=surroundings, check=True, capture_output=True, text=True)
    assert other.stdout.split() == [sha256(sample(language)).hexdigest() for language in LANGUAGES]


# --- what people type --------------------------------------------------------------------------------------


@each_language
@pytest.mark.parametrize("typed", INJECTIONS)
def test_markup_in_a_name_is_text(typed: str, language: str) -> None:
    pdf = made(out(with_names(PLAN, typed), language), language, title=typed)
    said = text(pdf)
    assert said.count(packed(typed)) >= 3
    assert "root:" not in said


@each_language
@pytest.mark.parametrize("name", NAMES)
def test_long_names_stay_inside_the_margins(name: str, language: str) -> None:
    pdf = made(out(with_names(PLAN, name), language), language, title=name)
    assert packed(printable(name)) in text(pdf)
    for left, bottom, right, top in boxes(pdf):
        assert MARGIN - 2 < left < right < A4[0] - MARGIN + 2
        assert 0 < bottom < top < A4[1]


def test_long_names_stay_inside_their_column() -> None:
    pdf = made(out(with_names(PLAN, NAMES[2])))
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    runs = {page.get_text_bounded(*box): box for box in map(page.get_rect, range(page.count_rects()))}
    names = [box for words, box in runs.items() if words.startswith("WWW")]
    (status,) = (box for words, box in runs.items() if words.strip() == "Status")
    assert names
    assert all(right < status[0] for _, _, right, _ in names if right < A4[0] - MARGIN - 60)


def test_what_no_font_has_becomes_a_white_square_and_is_explained() -> None:
    told = packed(KNOWLEDGE.texts("en").phrase("pdf.square"))
    said = text(made(out(with_names(PLAN, "Ana 😀 محمد"))))
    assert packed(f"Ana {WHITE_SQUARE} {WHITE_SQUARE * 4}") in said
    assert told in said
    assert told not in text(sample("en"))


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Erdős Ľudmila Ștefan Nguyễn Παπά Жданова", "Erdős Ľudmila Ștefan Nguyễn Παπά Жданова"),
        ("臺灣 香港 鰂魚涌 𨋢 资生堂 花王 ロート", "臺灣 香港 鰂魚涌 𨋢 资生堂 花王 ロート"),
        ("e\u0301", "é"),
        ("a\tb\nc\x00d", "a b c d"),
        ("\u202eabc\u200d\ufe0f", "abc"),
        ("ﬁne 𝐁𝐨𝐥𝐝", "fine Bold"),
        ("\ud800", WHITE_SQUARE),
        ("👩\u200d🔬", WHITE_SQUARE * 2),
    ],
)
def test_printable(typed: str, drawn: str) -> None:
    assert printable(typed) == drawn


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_printable_text_is_drawable_and_stays_as_it_is(typed: str) -> None:
    drawn = printable(typed)
    assert all(ord(char) in drawable() for char in drawn)
    assert printable(drawn) == drawn


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec=None, exclude_categories=()), min_size=1, max_size=200))
def test_nothing_that_can_be_typed_makes_it_fail(typed: str) -> None:
    assert made(out(with_names(longer(1), typed)), title=typed).startswith(b"%PDF")


def test_only_words_that_are_too_long_may_break() -> None:
    assert breakable("non-comedogenic moisturiser 不易致粉刺的潔面產品，防曬", 18).count("\u200b") == 0
    assert breakable("a " + "x" * 25, 12).split("\u200b") == ["a xxxxxx", "x" * 6, "x" * 6, "x" * 6, "x"]


def test_shortened_counts_a_han_character_twice() -> None:
    assert shortened("不做蜜蠟除毛", 12) == "不做蜜蠟除毛"
    assert shortened("不做蜜蠟除毛", 11) == "不做蜜蠟除…"
    assert shortened("No waxing", 5) == "No w…"


# --- fonts and words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_the_fonts_have_every_character_of_our_texts(style: str) -> None:
    have = {code for path in FONTS.glob(f"*-{style}.?tf") for code in TTFont(path).getBestCmap()}
    folder = ROOT / "src" / "pellucid" / "knowledge" / "data" / "text"
    ours = {char for path in folder.rglob("*.toml") for char in path.read_text("utf-8") if char != "\n"}
    assert {char for char in ours if ord(char) not in have} == set()


def test_the_fonts_maps_are_read_as_fonttools_reads_them() -> None:
    regular = [TTFont(path).getBestCmap() for path in FONTS.glob("*-Regular.?tf")]
    assert len(regular) == 2
    assert drawable() == {code for codes in regular for code in codes}


def test_the_fonts_carry_names_of_our_own_and_their_licence() -> None:
    files = sorted(FONTS.glob("*.?tf"))
    assert [path.stem.partition("-")[0] for path in files] == ["PellucidSans"] * 2 + ["PellucidSansTC"] * 2
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    for path in files:
        names = TTFont(path)["name"]
        for number in (1, 4, 6):
            assert names.getDebugName(number).startswith("Pellucid")
        assert "SIL Open Font License" in names.getDebugName(13)
        assert names.getDebugName(0) in licence


def test_only_the_bundled_fonts_are_in_it() -> None:
    for language in LANGUAGES:
        pages: Any = PdfReader(io.BytesIO(sample(language))).pages
        fonts = [each.get_object() for page in pages for each in page["/Resources"]["/Font"].values()]
        assert {font["/BaseFont"].partition("+")[2].partition("-")[0] for font in fonts} <= OURS


def test_every_phrase_of_the_paper_is_said_by_its_template() -> None:
    said = "".join(path.read_text("utf-8") for path in TEMPLATE.parent.glob("*.typ"))
    own = [name for name in KNOWLEDGE.texts("en").topic("interface")["phrase"] if name.startswith("pdf.")]
    assert own
    assert [name for name in own if f'"{name}"' not in said] == []
