"""The form with which a visitor asks a question."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.addresses import read_email, read_phone

LONGEST = 4000


class AskForm(forms.Form):
    """A question, and where the answer goes."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        help_text=_("Only to answer you."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        help_text=_("Please leave out names of medicines and health details; we ask for those in the consultation."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    """People don't see this; programs that fill in every field do."""
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    """Makes a form that is sent twice one question."""

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        """Remember whose country's phone numbers are local."""
        super().__init__(*args, **kwargs)
        self._region = region

    def clean_contact(self) -> str:
        """An address or a number that an answer can reach."""
        typed = str(self.cleaned_data["contact"])
        found = read_email(typed) if "@" in typed or "\uff20" in typed else read_phone(typed, self._region)
        if found is None:
            raise forms.ValidationError(
                _("Please write an e-mail address, or a phone number with its country code such as +886 912 345 678.")
            )
        return found

    @property
    def trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.cleaned_data.get("website"))
