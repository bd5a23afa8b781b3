"""Fields and small pieces that several forms of the staff pages use."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.models import Membership
from pellucid.web.sites.models import LANGUAGES

PARTS = {code: code.replace("-", "_") for code, _name in LANGUAGES}
"""Language to how it ends a field's name."""
COMMAS = re.compile(r"[,;\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC COMMA}\N{FULLWIDTH SEMICOLON}]")
"""What people write between several things in one field."""


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # of any model; Django has no such parameter
    """A choice of people or places by the name that people use; their own text is for logs and has none."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return obj.user.name if isinstance(obj, Membership) else str(obj)


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A field for a day, with the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def reason_field() -> forms.CharField:
    """Why a change is made; it stays on the record."""
    return forms.CharField(
        label=_("Why"),
        help_text=_("It stays on the record with your name."),
        min_length=3,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def base_field() -> forms.CharField:
    """What the page was made from, so that two who change the same thing at once are told."""
    return forms.CharField(widget=forms.HiddenInput, max_length=64)


def by_language(cleaned: Mapping[str, Any], name: str) -> dict[str, str]:
    """What was typed in each language, without what was left empty."""
    return {code: cleaned[f"{name}_{part}"] for code, part in PARTS.items() if cleaned.get(f"{name}_{part}")}


def put_in(form: forms.Form, name: str, value: object) -> None:
    """Let a form that was sent show another value in one field, and all others as they were typed."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data[name] = str(value)
    form.data = data
