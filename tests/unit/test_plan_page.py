"""The calendar of the HTML report: a table that can be read and heard, on any width, without a script."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.sample_plan import FACIAL, START, home_day, sample_plan, sample_profile
from tests.unit.test_exchange import Page

import pellucid
from pellucid.care import care
from pellucid.exchange.build import build_report
from pellucid.exchange.build_plan import build_plan, with_plan
from pellucid.exchange.html import render
from pellucid.exchange.html_plan import PlanView
from pellucid.exchange.model import Report
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.plan import CarePlan, Clash, Happened, Requirement, Standing

PACKAGE = Path(pellucid.__file__).parent
CSS = (PACKAGE / "exchange" / "templates" / "plan.css.jinja").read_text("utf-8")
PHRASES = re.compile(r"""["'](?:plan|calendar)\.((?:[a-z_]+\.)*)["']\s*~|_phrase\(\s*f["']((?:[a-z_]+\.)*)\{""")
"""The first part of a phrase about plans or days whose rest is only known when it is used."""

each_language = pytest.mark.parametrize("language", LANGUAGES)


def report(language: str = "en", weeks: int = 12, name: str = "family", **changes: Any) -> Report:
    """A report with the sample plan, stretched to so many weeks, with some of its fields changed."""
    knowledge = load()
    profile = sample_profile(knowledge, **{"history.events": [{"kind": name, "date": date(2027, 1, 16)}]})
    plan = replace(_stretched(sample_plan(profile, knowledge), weeks), **changes)
    texts = knowledge.texts(language)
    plain = build_report(_care(knowledge), language=language, knowledge=knowledge)
    return with_plan(plain, build_plan(plan, profile, knowledge=knowledge, texts=texts))


@cache
def _care(knowledge: Knowledge) -> Any:
    return care({"consultation": {"date": START}}, today=START, knowledge=knowledge)


def _stretched(plan: CarePlan, weeks: int) -> CarePlan:
    more = tuple(home_day(START + timedelta(days=number)) for number in range(len(plan.days), 7 * weeks))
    return replace(plan, weeks=weeks, days=(*plan.days, *more))


@cache
def page(language: str = "en", weeks: int = 12) -> str:
    return render(report(language, weeks), load().texts(language))


def table_rows(html: str) -> list[str]:
    """The rows of the calendar, one a week."""
    body = html[html.index('<table role="table" class="calendar"') :]
    return re.findall(r"<tr role=\"row\".*?</tr>", body[body.index("<tbody") : body.index("</table>")], re.DOTALL)


def text_of(html: str) -> str:
    """What is read of a piece of a page, aloud or silently: all but what is hidden from listeners."""
    heard = re.sub(r"<(\w+)[^>]*aria-hidden=\"true\".*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", heard)).split())


# --- the page as a whole ------------------------------------------------------------------------------------


@each_language
@pytest.mark.parametrize("weeks", [4, 12, 26, 52])
def test_the_page_is_well_formed(weeks: int, language: str) -> None:
    found = Page(page(language, weeks))
    ids = found.values("id")
    assert found.faults == []
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in found.values("href") if link.startswith("#")} <= set(ids)


def test_the_page_needs_nothing_from_elsewhere() -> None:
    found = Page(page())
    assert not {"script", "img", "link", "iframe"} & set(found.tags)
    assert not re.search(r"url\(|@import", page())


def test_a_report_without_a_plan_has_no_calendar() -> None:
    plain = render(build_report(_care(load()), language="en", knowledge=load()), load().texts("en"))
    assert 'class="calendar"' not in plain
    assert ".stripe" not in plain
    assert 'href="#plan"' in page()


def test_every_source_of_the_plan_is_in_the_list_of_the_report() -> None:
    out = report()
    assert out.plan is not None
    assert {source.id for source in out.plan.sources} <= {source.id for source in out.sources}
    assert [source.id for source in out.sources] == sorted({source.id for source in out.sources})


def test_what_people_typed_is_only_text() -> None:
    html = render(report(name="<script>alert(1)</script>"), load().texts("en"))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


# --- the table ----------------------------------------------------------------------------------------------


def test_a_row_is_a_week_with_its_heading_and_seven_days() -> None:
    rows = table_rows(page())
    assert len(rows) == 12
    for row in rows:
        assert row.count('role="rowheader"') == 1
        assert row.count('role="cell"') == 7
    assert page().count('role="columnheader" scope="col">Mon<') == 1


def test_each_day_is_read_with_its_whole_date() -> None:
    dates = re.findall(r'<time datetime="([\d-]+)"><span class="hide">([^<]+)<', "".join(table_rows(page())))
    assert [day for day, _ in dates] == [str(START + timedelta(days=number)) for number in range(84)]
    assert dates[0][1] == "Mon, 23 November"


def test_a_week_is_understood_without_seeing_it() -> None:
    """The stripes are drawn and hidden from listeners, so the week's heading tells them; marks carry their words."""
    heard = text_of(table_rows(page())[6])
    assert "Leave out: Leave-on salicylic acid (BHA), 2 to 8 January 2027" in heard
    assert "No waxing, 29 December 2026 to 12 January 2027" in heard
    assert "10:00 Pore clean-up facial" in heard
    assert "Quiet evening" in heard
    assert "Deep-clean evening" in heard
    assert "Morning A" in heard


def test_only_today_is_the_current_date() -> None:
    assert page().count('aria-current="date"') == 1
    assert text_of(table_rows(page())[0]).count("today") == 1


def test_nothing_is_told_by_colour_alone() -> None:
    """Each kind of stripe has its label in it, and the legend names every sign that there is."""
    html = render(
        report(log=(Happened(date(2027, 2, 1), "irritation"),), reviews=(date(2027, 2, 10),)), load().texts("en")
    )
    stripes = re.findall(r'<td aria-hidden="true" class="stripe (\w+)[^>]*>([^<]*)<', html)
    assert {kind for kind, _ in stripes} == {"away", "rest", "products", "hair", "sun", "gentle"}
    assert all(label.strip() for _, label in stripes)
    legend = html[html.index('class="legend"') :].split("</section>")[0]
    for kind, _ in stripes:
        assert f'class="stripe begins ends {kind}"' in legend
    for sign in set(re.findall(r'class="sign (sign-\w+)"', "".join(table_rows(html)))):
        assert sign in legend


def test_done_and_missed_days_say_so() -> None:
    knowledge = load()
    plan = sample_plan(sample_profile(knowledge), knowledge)
    over = (replace(plan.days[0], standing=Standing.DONE), replace(plan.days[1], standing=Standing.MISSED))
    html = render(report(days=(*over, *plan.days[2:])), knowledge.texts("en"))
    first = re.findall(r"<td role=\"cell\".*?</td>", table_rows(html)[0], re.DOTALL)
    assert "done" in text_of(first[0])
    assert "only the basics" in text_of(first[1])


@pytest.mark.parametrize(("weeks", "blocks"), [(12, 1), (16, 1), (26, 2), (52, 4)])
def test_a_long_plan_is_cut_into_quarters_of_which_one_is_open(weeks: int, blocks: int) -> None:
    out = report(weeks=weeks).plan
    assert out is not None
    found = PlanView(out).blocks
    assert len(found) == blocks
    assert [week.number for block in found for week in block.weeks] == list(range(1, weeks + 1))
    assert [block.open for block in found] == [True] + [False] * (blocks - 1)


def test_the_quarter_with_today_is_open() -> None:
    out = report(weeks=52).plan
    assert out is not None
    later = [week.model_copy(update={"current": week.number == 30}) for week in out.weeks]
    found = PlanView(out.model_copy(update={"weeks": later})).blocks
    assert [block.open for block in found] == [False, False, True, False]


def test_the_calendar_fits_every_width() -> None:
    """Columns may shrink to nothing, and what has no room is hidden from sight only, not from listeners."""
    assert "repeat(7, minmax(0, 1fr))" in CSS
    narrow = CSS[CSS.index("@media screen and (max-width") : CSS.index("@media print")]
    assert "clip-path" in narrow
    assert "display: none" not in narrow.replace(".date .with-month { display: none; }", "")


# --- visits and wishes --------------------------------------------------------------------------------------


def test_a_visit_leads_to_what_to_do_around_it() -> None:
    html = page()
    assert '<a class="visit proposed" href="#visit-1">' in html
    card = html[html.index('id="visit-2"') :].split("</article>")[0]
    heard = text_of(card)
    assert "Tuesday, 5 January 2027, 10:00 to 11:00" in heard
    assert "from 2 January 2027 until the session" in heard
    assert "60 EUR" in heard


def test_what_could_not_be_had_names_what_would_make_room() -> None:
    told = text_of(page()[page().index('id="clashes"') :].split("</section>\n</div>")[0])
    assert "“Superficial AHA peel” does not fit into this plan" in told
    assert "What would make room: another day or time at the clinic" in told
    assert "a safety rule cannot" in told


def test_what_the_sentence_has_said_already_gets_no_heading_of_its_own() -> None:
    """One wish against another needs no rule to explain it: nothing would stand below the heading."""
    members = (Requirement("want", FACIAL), Requirement("home_only", "all"))
    html = render(report(clashes=(Clash(members[0], members),)), load().texts("en"))
    told = text_of(html[html.index('id="clashes"') :].split("</section>\n</div>")[0])
    assert "you asked for care at home only" in told
    assert "What would make room: visits to the clinic" in told
    assert "What stands against it" not in told
    assert "What stands against it" in text_of(page())


# --- the words ----------------------------------------------------------------------------------------------


def test_no_phrase_about_plans_stands_there_unused(knowledge: Knowledge) -> None:
    source = "\n".join(file.read_text("utf-8") for kind in ("*.py", "*.jinja") for file in PACKAGE.rglob(kind))
    beginnings = tuple({first or second for first, second in PHRASES.findall(source)} - {""})
    texts = knowledge.texts("en").topic("interface")["phrase"]
    ours = {name for name in texts if name.startswith(("plan.", "calendar."))}
    used = {name for name in ours if f'"{name}"' in source or name.partition(".")[2].startswith(beginnings)}
    assert len(ours) > 150
    assert ours - used == set()
