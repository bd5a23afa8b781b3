"""Windows and caps with the clinic's own numbers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pellucid.knowledge.schema.home import Cap
from pellucid.knowledge.schema.rules import Window
from pellucid.knowledge.texts import Texts
from pellucid.web.clinic.forms.fields import reason_field

MOST_DAYS = 3660
MOST_OFTEN = 50


class RuleForm(forms.Form):
    """One number for each column of a window, or each kind of skin of a cap."""

    reason = reason_field()
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)

    columns: tuple[str, ...] = ()

    def asked(self) -> Mapping[str, float]:
        """The number in each column."""
        return {column: self.cleaned_data[column] for column in self.columns}

    def refuse(self, column: str, record: Window | Cap) -> None:
        """Say at its field why a number can't stand."""
        shipped = shipped_number(record, column)
        if isinstance(record, Window) and record.authority == "law":
            words = _("This is set by law: %(n)s days or more.")
        elif isinstance(record, Window) and record.override == "none":
            words = _("This one allows no exception: %(n)s days or more.")
        elif isinstance(record, Window):
            words = _("Fewer than %(n)s days is looser than the default: only a physician (L3 or above) can sign that.")
        else:
            words = _("More than %(n)s is looser than the default: only a physician (L3 or above) can sign that.")
        self.add_error(column, words % {"n": shipped})


def window_form(data: Any, *, window: Window, current: Window, base: int | None, texts: Texts) -> RuleForm:
    """A form for the days of a window; ``window`` is the shipped one, ``current`` as it holds here."""
    form = RuleForm(data, initial={"base": base})
    for column, cell in window.columns.items():
        form.fields[column] = forms.IntegerField(
            label=column_words(column, texts),
            help_text=_window_help(cell.whole_days, cell.range),
            initial=current.columns[column].whole_days,
            min_value=0,
            max_value=MOST_DAYS,
        )
    return _ordered(form, tuple(window.columns))


def _window_help(shipped: int, seen: tuple[int, int] | None) -> str:
    if seen is None:
        return _("Default: %(n)s days.") % {"n": shipped}
    return _("Default: %(n)s days; sources say %(low)s to %(high)s.") % {"n": shipped, "low": seen[0], "high": seen[1]}


def cap_form(data: Any, *, cap: Cap, current: Cap, base: int | None, texts: Texts) -> RuleForm:
    """A form for how often at most; ``cap`` is the shipped one, ``current`` as it holds here."""
    form = RuleForm(data, initial={"base": base})
    for skin, value in cap.by_skin.items():
        form.fields[skin] = forms.FloatField(
            label=texts.phrase(f"skin_column.{skin}"),
            help_text=_("Default: %(n)s.") % {"n": f"{value.default:g}"},
            initial=current.by_skin[skin].default,
            min_value=0,
            max_value=MOST_OFTEN,
        )
    return _ordered(form, tuple(cap.by_skin))


def _ordered(form: RuleForm, columns: tuple[str, ...]) -> RuleForm:
    form.columns = columns
    form.order_fields([*columns, "reason", "base"])
    return form


def shipped_number(record: Window | Cap, column: str) -> str:
    """The default in a column, as people write it."""
    if isinstance(record, Window):
        return str({str(name): cell.whole_days for name, cell in record.columns.items()}[column])
    return f"{ {str(name): value.default for name, value in record.by_skin.items()}[column]:g}"


COLUMNS = {"microneedling": gettext_lazy("Microneedling")}
"""Columns that are no treatment of the knowledge base."""


def column_words(column: str, texts: Texts) -> str:
    """What a column of windows is about."""
    return str(COLUMNS[column]) if column in COLUMNS else texts.get(f"treatment.{column}", "name")
