"""Bringing in a list of clients."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.web.clinic.forms.fields import NamedChoice
from pellucid.web.sites.models import LANGUAGES, Location

FILE_FAULTS = {
    "large": _("The file is larger than 5 MB. Please split it."),
    "encoding": _("The file is not written in UTF-8. Save it again as “CSV UTF-8” and choose it once more."),
    "empty": _("The file is empty."),
    "lines": _("The file has more than 20,000 lines. Please split it."),
    "quotes": _("A quotation mark in the file is never closed, so its lines can't be told apart."),
    "columns": _("The first line must name the columns: at least “name”, and “email” or “phone”."),
    "column_twice": _("Two columns of the file mean the same. Please leave one of them out."),
}
"""Code of what is wrong with a file to its words."""

CELL_FAULTS = {
    "missing": _("missing"),
    "long": _("longer than 120 letters"),
    "no_contact": _("neither e-mail nor phone"),
    "bad_email": _("no e-mail address"),
    "bad_phone": _("no phone number; write it with its country code"),
    "bad_date": _("no date; write it as 1990-03-18"),
    "impossible_date": _("this can't be a date of birth"),
    "unknown_location": _("the clinic has no such location"),
    "unknown_language": _("no language that we speak here"),
}
"""Code of what is wrong with a cell to its words."""

COLUMNS = {
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "birth_date": _("Date of birth"),
    "language": _("Language"),
    "location": _("Location"),
}


class ImportForm(forms.Form):
    """A file, and what stands in where a line says nothing."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 with a line of headings: name, email, phone, birth_date, language, location."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    location = NamedChoice(Location.objects.none(), label=_("Location, where a line names none"))
    language = forms.ChoiceField(label=_("Language, where a line names none"), choices=LANGUAGES)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        """Offer the locations."""
        super().__init__(data, files)
        places = Location.objects.filter(active=True)
        self.fields["location"].queryset = places  # type: ignore[attr-defined] # a ModelChoiceField
        self.fields["location"].initial = places.first()


class ConfirmForm(forms.Form):
    """Which list that was looked at is to be brought in."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=64)
    location = NamedChoice(Location.objects.filter(active=True), widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=LANGUAGES, widget=forms.HiddenInput)
