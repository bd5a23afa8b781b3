"""Tags and filters for every template; the settings make them builtins, so that none needs to load them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from pellucid.web.ui import language, markup
from pellucid.web.ui.icons import svg
from pellucid.web.ui.money import money as money_words
from pellucid.web.ui.pictures import details

if TYPE_CHECKING:
    from django.core.paginator import Paginator

register = template.Library()

DAY = {"en": "l j F Y", "zh-hant": "Y年n月j日（l）"}  # noqa: RUF001 - Chinese brackets
MOMENT = {"en": "j M Y, H:i", "zh-hant": "Y年n月j日 H:i"}
"""How each language writes a day with its weekday, and a moment, as Django's ``date`` filter reads it."""
CONFIDENCE = ("low", "medium", "high")
"""How sure one can be, from least to most."""


@register.simple_tag
def phrase(name: str, /, **parameters: object) -> str:
    """A sentence of the knowledge texts, in the page's language; what is put into it is escaped once, not twice."""
    said = language.texts().phrase(name)
    return format_html(escape(said), **parameters) if parameters else said


@register.simple_tag
def words(ref: str, field: str = "name", /, **parameters: object) -> str:
    """A record's text, such as the ``name`` of ``treatment.aha_peel``, in the page's language."""
    return language.texts().get(str(ref), field, **parameters)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A small drawing beside words; ``label`` says what it means where it stands alone."""
    return svg(name, label)


@register.filter
def breakable(address: str) -> SafeString:
    """An address that breaks after its "@" where there is little room, not in the midst of a word."""
    name, sign, rest = str(address).partition("@")
    return format_html("{}@<wbr>{}", name, rest) if sign else format_html("{}", name)


@register.simple_tag(takes_context=True)
def picture(context: Context, name: str, **options: Any) -> SafeString:
    """A described drawing of our own (``ui/pictures``); its ids are its own even where it is drawn twice."""
    request = context.get("request")
    drawn = vars(request).setdefault("pictures_drawn", Counter()) if request else Counter()
    drawn[name] += 1
    ids = options.pop("id", None) or f"{name}-{drawn[name]}"
    given = {"id": ids, "picked": (), **options}
    return render_to_string(f"ui/pictures/{name}.html", {**details(name, given["picked"]), **given})


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form's field with its label, help and errors."""
    return bound.as_field_group()


@register.simple_tag(takes_context=True)
def url_in(context: Context, code: str) -> str:
    """This page's address in another language."""
    request = context.get("request")
    return language.path_in(code, request.get_full_path() if request else "/")


@register.simple_tag
def badge(status: str) -> SafeString:
    """A decision as a badge, in the words of the knowledge texts; ``allowed`` to ``blocked``."""
    said = language.texts().phrase(f"status.{status}.short")
    return format_html('<span class="badge badge--{}">{}</span>', status, said)


@register.inclusion_tag("ui/parts/meter.html")
def meter(confidence: str) -> dict[str, Any]:
    """How sure one is, ``low``, ``medium`` or ``high``, as marks of three and in words."""
    level = CONFIDENCE.index(str(confidence))
    said = language.texts().phrase(f"confidence.{confidence}")
    return {"marks": [number <= level for number in range(len(CONFIDENCE))], "words": said}


@register.simple_tag
def paragraphs(text: str) -> SafeString:
    """A document's simple markup as HTML: paragraphs, ``## `` headings, ``- `` lists."""
    return markup.html(text)


@register.filter
def money(amount: Decimal | float | str | None, currency: str) -> str:
    """An amount with its currency, empty where there is none."""
    return money_words(amount, currency)


@register.filter
def day_words(day: date | datetime | None) -> str:
    """A day as people say it, with its weekday; of a moment the day where the active time zone is."""
    return _written(day, DAY)


@register.filter
def moment_words(moment: datetime | None) -> str:
    """A day in short and its time, where the active time zone is."""
    return _written(moment, MOMENT)


def _written(when: date | datetime | None, forms: Mapping[str, str]) -> str:
    if not when:
        return ""
    local = timezone.localtime(when) if isinstance(when, datetime) and timezone.is_aware(when) else when
    return date_format(local, forms.get(language.language(), forms["en"]), use_l10n=False)


@register.filter
def in_language(by_language: Mapping[str, str] | None) -> str:
    """What was written in several languages, in the page's."""
    return language.in_language(by_language)


@register.filter
def page_numbers(paginator: "Paginator[Any]", number: int) -> list[int]:
    """The numbers of pages to show around one; 0 stands for those left out."""
    shown = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [each if isinstance(each, int) else 0 for each in shown]
