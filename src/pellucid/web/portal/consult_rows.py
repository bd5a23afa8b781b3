"""Forms for what is listed: medicines, products, treatments, hair removal, sun, events, days away. One row an entry."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pellucid.consult.dated import recognise
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question
from pellucid.model.dates import FIRST, LAST
from pellucid.web.portal.consult_words import ENTRY_LABELS, WORDS, as_written, exposure_words

MOST_ROWS: Final = 50
"""Rows of one list; far more than anybody's medicines."""

MOST_TIMES: Final = 50
"""Uses of a product in a week; as in ``consult.intake``."""

FEW: Final = frozenset({"hair_removal", "sun"})
"""Records whose kinds are so few that they are chosen, not written."""

YES_NO = (("", gettext_lazy("I don't know")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


class NumberField(forms.FloatField):
    """A number as people write it: with a comma, or in full-width digits."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> float | None:  # type: ignore[override] # as in the class it extends
        """Read it."""
        plain = unicodedata.normalize("NFKC", str(value or "")).strip().replace(",", ".")
        return super().to_python(plain)


def day_field(**options: Any) -> forms.DateField:
    """A day, with the browser's own calendar where there is one."""
    limits = {"min": FIRST.isoformat(), "max": LAST.isoformat()}
    widget = forms.DateInput(attrs={"type": "date", **limits}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], **options)


def _text(**options: Any) -> forms.Field:
    return forms.CharField(max_length=200, **options)


def _words(*values: str) -> Callable[..., forms.Field]:
    def made(**options: Any) -> forms.Field:
        return forms.ChoiceField(
            choices=[("", _("I don't know")), *((each, WORDS[each]) for each in values)], **options
        )

    return made


def _yes_no(**options: Any) -> forms.Field:
    return forms.ChoiceField(choices=YES_NO, **options)


def _check(**options: Any) -> forms.Field:
    return forms.BooleanField(**options)


def _times(**options: Any) -> forms.Field:
    return NumberField(
        min_value=0, max_value=MOST_TIMES, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options
    )


Maker = Callable[..., forms.Field]
DATED: Mapping[str, Maker] = {"kind": _text, "date": day_field, "area": _text}
STRETCH: Mapping[str, Maker] = {"from": day_field, "to": day_field}
FIELDS: Mapping[str, Mapping[str, Maker]] = {
    "medicine": {
        "name": _text,
        "route": _words("oral", "topical", "injected", "inhaled", "implant", "other"),
        "strength": _text,
        "start": day_field,
        "stop": day_field,
        "stopped": _check,
        "prescribed": _yes_no,
        "pause_agreed_from": day_field,
    },
    "active": {
        "name": _text,
        "form": _words("leave_on", "rinse_off"),
        "strength": _text,
        "times_per_week": _times,
        "start": day_field,
        "last_use": day_field,
        "stopped": _check,
    },
    "procedure": DATED,
    "hair_removal": DATED,
    "sun": {"kind": _text, **STRETCH},
    "event": {"kind": _text, "date": day_field, "name": _text},
    "away": {**STRETCH, "name": _text},
}
"""Kind of entry to its fields in the order in which they are asked."""

REQUIRED: Mapping[str, frozenset[str]] = {
    "event": frozenset({"kind", "date"}),
    "away": frozenset({"from", "to"}),
}
"""Fields without which an entry says nothing, where they are not just the first one."""


class RowForm(forms.Form):
    """One entry of a list."""

    def __init__(self, *args: Any, record: str, language: str, knowledge: Knowledge, **kwargs: Any) -> None:
        """Give it the fields of its kind of entry."""
        super().__init__(*args, **kwargs)
        self.record, self.language, self.knowledge = record, language, knowledge
        required = REQUIRED.get(record, frozenset({next(iter(FIELDS[record]))}))
        for name, maker in FIELDS[record].items():
            self.fields[name] = maker(required=name in required, label=self._label(name))
            self.fields[name].error_messages["required"] = _("Please fill this in, or remove the entry.")
        self._offer_words()

    def _label(self, name: str) -> Any:
        return (
            _("What it is for, if you like")
            if self.record in {"event", "away"} and name == "name"
            else ENTRY_LABELS[name]
        )

    def _offer_words(self) -> None:
        first = next(iter(self.fields))
        if self.record in FEW:
            words = exposure_words(self.record, self.language, self.knowledge)
            own = self.initial.get("kind")
            chosen = [(own, own)] if own and own not in dict(words) else []
            self.fields["kind"].widget = forms.Select(choices=[("", _("Choose")), *words, *chosen])
        elif self.record != "away":
            self.fields[first].widget.attrs |= {"list": f"words-{self.record}", "autocomplete": "off"}

    def clean_kind(self) -> str:
        """The kind in words that are recognised, where it has to be."""
        written = self._written("kind")
        if self.record in FEW and not recognise(self.record, written, self.knowledge):
            raise forms.ValidationError(_("Please choose one of the list."))
        return written

    def clean_name(self) -> str:
        """The name in words that are recognised, where there are such."""
        return self._written("name") if self.record in {"medicine", "active"} else self.cleaned_data["name"]

    def _written(self, name: str) -> str:
        return as_written(self.record, self.cleaned_data[name], self.language, self.knowledge)

    @property
    def number(self) -> int:
        """Its place in the page that was sent."""
        return int(str(self.prefix).removeprefix("row-"))

    @property
    def entry(self) -> dict[str, Any]:
        """The entry as an intake holds it; what was left empty is left out."""
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: _kept(name, value) for name, value in found.items() if value not in ("", None, False)}


def _kept(name: str, value: Any) -> Any:
    if name == "prescribed":
        return value == "yes"
    return value.isoformat() if isinstance(value, date) else value


def shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A stored entry as a row shows it."""
    told = {True: "yes", False: "no"}
    return {name: told[value] if name == "prescribed" else value for name, value in entry.items()}


class Rows:
    """The rows of one list: as stored, or as they were sent, with one more or one less where that was asked for."""

    def __init__(
        self,
        question: Question,
        *,
        language: str,
        knowledge: Knowledge,
        stored: Iterable[Mapping[str, Any]] = (),
        sent: QueryDict | None = None,
    ) -> None:
        """Take the rows from what was sent, else from what is stored; a list without any shows one empty row."""
        self.record = question.record or ""
        self._options: dict[str, Any] = {"record": self.record, "language": language, "knowledge": knowledge}
        self.sent = sent
        self.forms = self._sent(sent) if sent is not None else self._unsent(map(shown, stored))
        if not self.forms:
            self.forms = [self._row(0, {})]
        self.suggestions = [] if self.record in FEW | {"away"} else exposure_words(self.record, language, knowledge)

    def _row(self, number: int, initial: Mapping[str, Any]) -> RowForm:
        return RowForm(initial=dict(initial), prefix=f"row-{number}", **self._options)

    def _unsent(self, initial: Iterable[Mapping[str, Any]]) -> list[RowForm]:
        return [self._row(number, each) for number, each in enumerate(initial)]

    def _sent(self, sent: QueryDict) -> list[RowForm]:
        """The rows that were sent; those without a word are left out."""
        count = min(int(sent.get("rows", "0")) if sent.get("rows", "0").isdecimal() else 0, MOST_ROWS)
        found = [RowForm(sent, prefix=f"row-{number}", **self._options) for number in range(count)]
        return [form for form in found if form.has_changed()]

    def changed(self, do: str) -> "Rows":
        """With one more empty row (``add``), or without one (``remove-2``); nothing is checked yet."""
        kept = [form for form in self.forms if form.is_bound and do != f"remove-{form.number}"]
        self.sent = None
        self.forms = self._unsent(map(self._values, kept))
        if (do == "add" and len(self.forms) < MOST_ROWS) or not self.forms:
            self.forms.append(self._row(len(self.forms), {}))
        return self

    def _values(self, form: RowForm) -> dict[str, Any]:
        return {name: form[name].data for name in form.fields if form[name].data not in (None, "", False)}

    @property
    def count(self) -> int:
        """How many rows the page that is shown has to be read for."""
        return max(form.number for form in self.forms) + 1

    @property
    def sent_any(self) -> bool:
        """Whether any entry was sent."""
        return any(form.is_bound for form in self.forms)

    @property
    def errors(self) -> bool:
        """Whether any row has something wrong in it."""
        return any([not form.is_valid() for form in self.forms if form.is_bound])  # noqa: C419 - each gets its messages

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries as an intake holds them."""
        return [form.entry for form in self.forms if form.is_bound]

    def add_problem(self, number: int, field: str, message: str) -> None:
        """Put a message at a field of a row."""
        form = self.forms[number]
        form.add_error(field if field in form.fields else None, message)
