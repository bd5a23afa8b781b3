"""How a result leaves: the report in both languages, what differs between two, the chain behind an id, and the page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.spec.cases import TODAY, Case

from pellucid.care import care
from pellucid.consult.intake import read_intake
from pellucid.exchange.build import build_report
from pellucid.exchange.compare import compare
from pellucid.exchange.explain import explain
from pellucid.exchange.html import render
from pellucid.exchange.model import Report
from pellucid.exchange.wording import Wording, day
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.expressions import atoms, parse
from pellucid.knowledge.load import load
from pellucid.knowledge.texts import LANGUAGES
from pellucid.model.care import Care
from pellucid.model.errors import UnknownIdError

EXAMPLES = Path(__file__).parents[2] / "examples" / "intakes"
NAMES = tuple(sorted(path.stem for path in EXAMPLES.glob("*.toml")))
CHINESE = re.compile("[\u4e00-\u9fff]")

each_example = pytest.mark.parametrize("name", NAMES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def worked_out(name: str) -> Care:
    return care(read_intake(EXAMPLES / f"{name}.toml"), today=TODAY, knowledge=load())


@cache
def report(name: str, language: str = "en") -> Report:
    return build_report(worked_out(name), language=language, knowledge=load())


@cache
def page(name: str, language: str = "en") -> str:
    return render(report(name, language), load().texts(language))


def of(facts: Mapping[str, Any], language: str = "en") -> Report:
    intake = Case(table="exchange", id="", about="", facts=facts).intake
    return build_report(care(intake, today=TODAY, knowledge=load()), language=language, knowledge=load())


def fields(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every field anywhere in a report, by its own name."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from fields(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from fields(item, name)


# --- the report ------------------------------------------------------------------------------------------


@each_language
@each_example
def test_a_report_survives_being_written_and_read(name: str, language: str) -> None:
    assert Report.model_validate_json(report(name, language).model_dump_json()) == report(name, language)


@each_language
@each_example
def test_no_text_is_missing(name: str, language: str) -> None:
    told = report(name, language).model_dump(mode="json")
    for field, value in fields(told):
        if isinstance(value, str):
            assert not re.search(r"\{\w*\}", value), (field, value)
            assert value.strip() or field in {"name", "about", "care", "next", "concerns", "note"}, field
    for line in (*told["screening"], *told["options"], *told["findings"], *told["referral"]):
        assert line.get("name") or line["text"]
    assert all(reason["name"] and reason["text"] for line in told["screening"] for reason in line["reasons"])


@each_example
def test_a_chinese_report_is_in_chinese(name: str) -> None:
    told = report(name, "zh_hant").model_dump(mode="json")
    words = {"text", "why", "how", "about", "care", "do", "resolution", "status_text", "intended_use", "result"}
    foreign = {
        str(value) for field, value in fields(told) if field in words and value and not CHINESE.search(str(value))
    }
    assert foreign == set()


@each_example
def test_every_source_named_is_listed_once(name: str) -> None:
    told = report(name).model_dump(mode="json")
    listed = [source["id"] for source in told.pop("sources")]
    named = {
        source for field, value in fields(told) if field == "sources" and isinstance(value, list) for source in value
    }
    assert set(listed) == named
    assert len(listed) == len(set(listed))


@each_example
def test_every_disagreement_has_both_positions(name: str) -> None:
    told = report(name)
    named = {value for field, value in fields(told.model_dump(mode="json")) if field == "disagreement" and value}
    assert {each.id for each in told.disagreements} == named
    for each in told.disagreements:
        assert len({position.text for position in each.positions}) >= 2
        assert all(position.sources for position in each.positions)
        assert each.resolution


def test_the_isotretinoin_disagreement_is_shown() -> None:
    told = report("isotretinoin_stopped_three_months_ago")
    assert any(
        each.id in {reason.disagreement for line in told.screening for reason in line.reasons}
        for each in told.disagreements
    )


def test_a_source_that_nobody_read_says_so() -> None:
    told = report("oily_t_zone_student").sources
    assert {source.verified for source in told if source.seen == "no"} <= {False}
    assert all(source.verified for source in told if source.seen != "no")


def test_the_reason_for_a_wait_ends_with_the_wait() -> None:
    steam = next(line for line in report("oily_t_zone_student").screening if line.treatment == "steam")
    assert steam.until == date(2026, 11, 23)  # three days without the salicylic cleanser
    assert {reason.until for reason in steam.reasons} == {steam.until}


def test_nobody_is_named() -> None:
    assert "Jane Roe" not in of({"consultation.client": "Jane Roe"}).model_dump_json()


# --- wording ---------------------------------------------------------------------------------------------


@pytest.fixture
def wording(knowledge: Knowledge) -> Wording:
    return Wording(knowledge, knowledge.texts("en"))


def test_answers_in_words(wording: Wording) -> None:
    answer = wording.condition("skin.cheek_feel.tight")
    assert answer.startswith("Feel of bare cheeks: Tight")
    assert wording.condition("not skin.cheek_feel.tight") == f"not: {answer}"
    assert wording.condition("lesions.papules + lesions.pustules >= 35").endswith("≥ 35")
    assert " + " in wording.condition("lesions.papules + lesions.pustules >= 35")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "now.skin.cold_sore and (now.skin.infection or now.skin.sunburn)",
            "now.skin.cold_sore and now.skin.infection or now.skin.sunburn",
        ),
        ("not (now.skin.infection or now.skin.sunburn)", "not now.skin.infection or now.skin.sunburn"),
    ],
)
def test_two_conditions_never_read_the_same(one: str, other: str, wording: Wording) -> None:
    assert wording.condition(one) != wording.condition(other)


@each_language
def test_every_condition_can_be_put_into_words(language: str, knowledge: Knowledge) -> None:
    wording = Wording(knowledge, knowledge.texts(language))
    for when in knowledge.conditions:
        told = wording.condition(when)
        assert told.strip()
        assert [name for name in atoms(parse(when)) if name in told] == []


def test_dates_in_words(knowledge: Knowledge) -> None:
    assert day(date(2026, 3, 18), knowledge.texts("en")) == "18 March 2026"
    assert day(date(2026, 3, 18), knowledge.texts("zh_hant")) == "2026年3月18日"


# --- compare and explain ---------------------------------------------------------------------------------


def test_the_same_answers_differ_in_nothing() -> None:
    assert compare(of({}), of({"wishes.budget": 10})) == ()


def test_every_kind_of_difference_is_found() -> None:
    changes = compare(report("oily_t_zone_student"), report("pregnant_wants_salicylic_peel"))
    assert {change.about for change in changes} == {"finding", "status", "earliest", "referral", "routine"}
    assert [change for change in changes if change.before == change.after] == []


def test_a_difference_has_both_sides() -> None:
    before, after = of({}), of({"health.pregnancy": "pregnant"})
    steam = next(change for change in compare(before, after) if change.ref == "Facial steam")
    back = next(change for change in compare(after, before) if change.ref == "Facial steam")
    assert (steam.about, steam.before, steam.after) == ("status", "allowed", "blocked")
    assert (back.before, back.after) == (steam.after, steam.before)


def _explained(name: str, example: str, language: str = "en") -> str:
    lines = explain(name, worked_out(example), report(example, language), knowledge=load(), language=language)
    return "\n".join("  " * indent + text for indent, text in lines)


def test_a_rule_from_the_answer_to_its_sources() -> None:
    told = _explained("contraindication.gx7b_isotretinoin_peel", "isotretinoin_stopped_three_months_ago")
    parts = ["[medicine.oral_retinoid]", "health.medicines = ", "Superficial AHA peel: defer -> 2027-02-20", "Sources"]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)
    assert "both positions" in told


def test_answers_that_nobody_gave_are_open() -> None:
    assert "not known" in _explained("contraindication.gx7b_isotretinoin_peel", "almost_nothing_answered")
    assert "health.medicines = ?" in _explained("contraindication.gx7b_isotretinoin_peel", "almost_nothing_answered")


@each_language
def test_every_record_can_be_explained(language: str, knowledge: Knowledge) -> None:
    assert all(_explained(ref, "oily_t_zone_student", language).startswith(ref) for ref in knowledge.by_ref)


def test_an_id_that_is_not_there() -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean 'treatment\.aha_peel'"):
        _explained("treatment.aha_pel", "nothing_wrong")


# --- the page --------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page is made of; a tag closed in the wrong order is kept as a fault."""

    VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if len(dict(attrs)) != len(attrs):
            self.faults.append(f"{tag}: an attribute twice")
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"{tag} closed at {self.getpos()}")

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@each_language
@each_example
def test_the_page_is_well_formed(name: str, language: str) -> None:
    found = Page(page(name, language))
    assert found.faults == []
    assert (found.tags["html"], found.tags["main"], found.tags["h1"]) == (1, 1, 1)
    assert [ref for ref, number in Counter(found.values("id")).items() if number > 1] == []
    inside = {link[1:] for link in found.values("href") if link.startswith("#")}
    assert inside <= set(found.values("id"))


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh_hant", "zh-Hant")])
@each_example
def test_the_page_says_its_language(name: str, language: str, tag: str) -> None:
    assert page(name, language).startswith(f'<!doctype html>\n<html lang="{tag}">')
    assert all(
        line in page(name, language) for line in report(name, language).summary if "&" not in line and "'" not in line
    )


@each_example
def test_the_page_needs_nothing_from_elsewhere(name: str) -> None:
    text, found = page(name), Page(page(name))
    assert not {"script", "link", "iframe", "object", "embed", "base", "form", "img"} & found.tags.keys()
    assert not [attribute for _, attribute, _ in found.attributes if attribute.startswith("on") or attribute == "src"]
    listed = {source.url for source in report(name).sources}
    outside = {link for tag, attribute, link in found.attributes if attribute == "href" and not link.startswith("#")}
    assert outside <= listed
    assert set(re.findall(r"https?://[^\s\"'<>]+", text)) <= outside
    assert "@import" not in text
    assert set(re.findall(r"url\((.{0,5})", text)) <= {"data:", '"data', "'data"}


TYPED = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{0} {name}"


def test_what_people_typed_is_only_text() -> None:
    typed = of(
        {
            "consultation.client": TYPED,
            "health.medicines": [{"name": TYPED, "strength": TYPED}],
            "products.actives": [{"name": TYPED}],
            "history.procedures": [{"kind": TYPED, "area": TYPED}],
            "history.events": [{"kind": "wedding", "date": date(2026, 11, 28), "name": TYPED}],
            "wishes.goals": ["blackheads"],
            "wishes.treatments": ["aha_peel", "extraction"],
            "wishes.currency": TYPED,
        }
    )
    for language in LANGUAGES:
        text = render(typed.model_copy(update={"language": language}), load().texts(language))
        assert Page(text).faults == []
        assert not {"script", "img"} & Page(text).tags.keys()
        assert "onerror" not in {attribute for _, attribute, _ in Page(text).attributes}
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text  # the medicine that nobody recognised is named
        assert "{0} {name}" in text


def test_own_words_are_escaped_wherever_a_line_names_them() -> None:
    own = report("oily_t_zone_student")
    lines = [line.model_copy(update={"concerns": TYPED}) for line in own.options[1].preparation]
    options = [own.options[0], own.options[1].model_copy(update={"preparation": lines})]
    text = render(own.model_copy(update={"options": options}), load().texts("en"))
    assert "<script" not in text
    assert "<img" not in text


def test_nothing_wrong_is_short() -> None:
    calm, busy = page("nothing_wrong"), page("oily_t_zone_student")
    assert len(calm) < 60_000
    assert len(calm) * 4 < len(busy)
    assert report("nothing_wrong").summary[0] in calm
    assert 'id="options"' not in calm
    assert 'id="options"' in busy


def test_what_can_not_wait_comes_first() -> None:
    urgent = of({"now.warning_signs": ["face_swelling_or_breathing"]})
    text = render(urgent, load().texts("en"))
    places = [text.index(f'id="{part}"') for part in ("urgent", "summary", "findings", "sources")]
    assert all(one < other for one, other in pairwise(places))
    assert 'id="urgent"' not in page("oily_t_zone_student")
