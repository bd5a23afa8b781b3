"""A referral letter: to whom, in which language, and its words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.web.sites.models import LANGUAGES

TO = [
    ("physician", _("a physician")),
    ("dermatologist", _("a dermatologist")),
    ("prescriber", _("the prescriber of a medicine")),
]
LONGEST = 8000


class DraftForm(forms.Form):
    """For whom a draft is to be written; a wrong choice is the first."""

    to = forms.ChoiceField(label=_("To"), choices=TO)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def chosen(self, default_language: str) -> tuple[str, str]:
        """Whom and which language."""
        self.is_valid()
        chosen: dict[str, Any] = self.cleaned_data
        return chosen.get("to", TO[0][0]), chosen.get("language", default_language)


class LetterForm(forms.Form):
    """The letter's words."""

    address = forms.CharField(
        label=_("Name and address"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    title = forms.CharField(label=_("Subject"), max_length=150)
    text = forms.CharField(
        label=_("Letter"),
        help_text=_("Lines that begin with ## are headings, with - a list. Tell what was seen; name no illness."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 24}),
    )
    language = forms.ChoiceField(choices=LANGUAGES, widget=forms.HiddenInput)
    to = forms.ChoiceField(choices=TO, widget=forms.HiddenInput)
