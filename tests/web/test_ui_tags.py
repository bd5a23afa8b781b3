"""The tags and filters that every template has."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.html import format_html


def drawn(template: str, **context: Any) -> str:
    request = context.pop("request", None)
    return str(engines["django"].from_string(template).render(context, request))


@pytest.mark.parametrize(("language", "said"), [("en", "Please read this first"), ("zh-hant", "請先讀這一段")])
def test_a_phrase_comes_in_the_page_s_language(language: str, said: str) -> None:
    with translation.override(language):
        assert drawn('{% phrase "heading.urgent" %}') == said


def test_a_phrase_takes_parameters_and_escapes_what_people_typed() -> None:
    assert drawn('{% phrase "notice.as_of" date=day %}', day="<b>") == "As of &lt;b&gt;"


def test_a_phrase_escapes_what_is_put_into_it_only_once() -> None:
    made = format_html("{}", "a doctor's letter")
    assert drawn('{% phrase "notice.as_of" date=day %}', day=made) == "As of a doctor&#x27;s letter"


@pytest.mark.parametrize(("language", "said"), [("en", "Oily pores"), ("zh-hant", "油脂型毛孔")])
def test_words_of_a_record_come_in_the_page_s_language(language: str, said: str) -> None:
    with translation.override(language):
        assert drawn('{% words ref "name" %}', ref="pore_type.oily") == said
        assert drawn("{% words ref as found %}[{{ found }}]", ref="pore_type.oily") == f"[{said}]"


def test_a_badge_says_its_status_in_words() -> None:
    assert drawn('{% badge "defer" %}') == '<span class="badge badge--defer">Not yet</span>'


@pytest.mark.parametrize(("confidence", "marks"), [("low", 1), ("medium", 2), ("high", 3)])
def test_a_meter_fills_as_many_marks_as_one_is_sure(confidence: str, marks: int) -> None:
    html = drawn("{% meter confidence %}", confidence=confidence)
    assert html.count('class="on"') == marks
    assert html.count("<i") == 3
    assert "sure" in html


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "search" %}')
    assert 'role="img" aria-label="Find &amp; see"' in drawn('{% icon "search" label %}', label="Find & see")


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (Decimal(3500), "TWD", "NT$3,500"),
        (Decimal("89.50"), "EUR", "€89.50"),
        ("12", "CHF", "CHF 12"),
        (None, "EUR", ""),
        ("", "EUR", ""),
    ],
)
def test_money_has_its_sign_and_no_empty_decimals(amount: Decimal | str | None, currency: str, said: str) -> None:
    assert drawn("{{ amount|money:currency }}", amount=amount, currency=currency) == said


@pytest.mark.parametrize(("language", "said"), [("en", "Monday 4 May 2026"), ("zh-hant", "2026年5月4日（星期一）")])
def test_a_day_is_said_with_its_weekday(language: str, said: str) -> None:
    with translation.override(language):
        assert drawn("{{ day|day_words }}", day=date(2026, 5, 4)) == said
        assert not drawn("{{ day|day_words }}", day=None)


def test_a_moment_is_said_where_the_page_is() -> None:
    with timezone.override("Asia/Taipei"):
        moment = datetime(2026, 5, 3, 20, 30, tzinfo=UTC)
        assert drawn("{{ moment|moment_words }}", moment=moment) == "4 May 2026, 04:30"
        assert drawn("{{ moment|day_words }}", moment=moment) == "Monday 4 May 2026"


@pytest.mark.parametrize(
    ("address", "said"),
    [("emma.<b>@example.org", "emma.&lt;b&gt;@<wbr>example.org"), ("+886912345678", "+886912345678")],
)
def test_an_address_breaks_after_its_sign_and_is_escaped(address: str, said: str) -> None:
    assert drawn("{{ address|breakable }}", address=address) == said


@pytest.mark.parametrize(
    ("by_language", "said"),
    [
        ({"en": "Trial", "zh-hant": "體驗"}, "體驗"),
        ({"en": "Trial"}, "Trial"),
        ({"fr": "Essai"}, "Essai"),
        ({}, ""),
        (None, ""),
    ],
)
def test_what_was_written_in_several_languages_falls_back(by_language: dict[str, str] | None, said: str) -> None:
    with translation.override("zh-hant"):
        assert drawn("{{ text|in_language }}", text=by_language) == said


@pytest.mark.parametrize(
    ("path", "code", "other"),
    [
        ("/styleguide/?q=a", "zh-hant", "/zh-hant/styleguide/?q=a"),
        ("/zh-hant/styleguide/", "en", "/styleguide/"),
        ("/zh-hant/nothing-here/", "en", "/nothing-here/"),
        ("/nothing-here/", "zh-hant", "/zh-hant/nothing-here/"),
        ("/nothing-here/", "en", "/nothing-here/"),
    ],
)
def test_the_same_page_in_another_language(path: str, code: str, other: str) -> None:
    with translation.override("zh-hant" if path.startswith("/zh-hant/") else "en"):
        request = RequestFactory().get(path)
        assert drawn("{% url_in code as found %}{{ found|safe }}", request=request, code=code) == other


def test_simple_markup_makes_headings_lists_and_paragraphs() -> None:
    text = "First line\nsecond line\n\n## Heading\n- one\n- two\nafter <script>"
    assert drawn("{% paragraphs text %}", text=text).replace("\n", "") == (
        "<p>First line<br>second line</p><h2>Heading</h2><ul><li>one</li><li>two</li></ul><p>after &lt;script&gt;</p>"
    )


class Colour(forms.Form):
    name = forms.CharField(help_text="As we call <you>")
    look = forms.ChoiceField(choices=[("a", "Round"), ("b", "Oval")], widget=forms.RadioSelect, required=False)
    agreed = forms.BooleanField()
    later = forms.BooleanField(required=False)


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = drawn("{% field form.name %}", form=Colour({}))
    assert '<label class="field__label" for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">As we call &lt;you&gt;' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_has_a_legend_and_says_that_it_is_optional() -> None:
    html = str(Colour()["look"].as_field_group())
    assert "<fieldset" in html
    assert '<legend class="field__label">Look <span class="field__optional">optional</span></legend>' in html
    assert html.count('class="choice"') == 2


def test_a_box_to_tick_is_never_called_optional() -> None:
    html = str(Colour()["later"].as_field_group())
    assert "Later" in html
    assert "optional" not in html


def test_what_was_typed_stays_after_an_error() -> None:
    html = Colour({"name": "Mira", "look": "b"}).as_div()
    assert 'value="Mira"' in html
    assert html.count(" checked") == 1


def test_a_form_s_own_errors_stand_before_its_fields() -> None:
    form = Colour({"name": "Mira"})
    form.add_error(None, "These two don't go together.")
    html = form.as_div()
    assert html.index("These two don&#x27;t go together.") < html.index("id_name")
