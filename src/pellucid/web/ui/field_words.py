"""What a field says that can't be read or is left empty: what to do next, in place of Django's own words.

A field that can say it better names its own ``error_messages``; what is said by a form itself stands with the form.
"""

from collections.abc import Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAY = _("Please give a day, such as 2026-12-31.")
NUMBER = _("Please write a number, such as 2.5.")
AGAIN = _("Please choose the file once more: it did not arrive.")
REOPEN = _("Please open this page again, and then send it once more.")
ONE_OFFERED = _("Please choose one of those that are offered.")
SEVERAL = {"required": _("Please choose at least one."), "invalid_choice": ONE_OFFERED}

WORDS: Mapping[type[forms.Field], Mapping[str, Promise]] = {
    forms.Field: {
        "required": _("Please fill this in."),
        "max_length": _("Please write no more than %(limit_value)s characters; these are %(show_value)s."),
        "min_length": _("Please write at least %(limit_value)s characters."),
        "max_value": _("Please give %(limit_value)s or less."),
        "min_value": _("Please give %(limit_value)s or more."),
    },
    forms.CharField: {
        "null_characters_not_allowed": _("Please write this once more: it holds a character that can't be kept.")
    },
    forms.BooleanField: {"required": _("Please tick this box to go on.")},
    forms.ChoiceField: {"required": _("Please choose one."), "invalid_choice": ONE_OFFERED},
    forms.ModelChoiceField: {"invalid_choice": ONE_OFFERED},
    forms.MultipleChoiceField: {**SEVERAL, "invalid_list": ONE_OFFERED},
    forms.ModelMultipleChoiceField: {**SEVERAL, "invalid_list": ONE_OFFERED, "invalid_pk_value": ONE_OFFERED},
    forms.IntegerField: {"invalid": _("Please write a whole number, such as 60.")},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {
        "invalid": NUMBER,
        "max_digits": _("Please write no more than %(max)s digits."),
        "max_whole_digits": _("Please write no more than %(max)s digits before the point."),
        "max_decimal_places": _("Please write no more than %(max)s digits after the point."),
    },
    forms.DateField: {"invalid": DAY},
    forms.TimeField: {"invalid": _("Please give a time, such as 14:30.")},
    forms.EmailField: {"invalid": _("Please write an e-mail address, such as name@clinic.example.")},
    forms.SlugField: {"invalid": _("Please use only letters, digits and hyphens.")},
    forms.URLField: {"invalid": _("Please write a web address, such as https://clinic.example.")},
    forms.UUIDField: {"invalid": REOPEN},
    forms.JSONField: {"invalid": REOPEN},
    forms.FileField: {
        "required": _("Please choose a file."),
        "invalid": AGAIN,
        "missing": AGAIN,
        "empty": _("This file is empty. Please choose another."),
    },
}
"""Kind of field to code of what is wrong to what is said; a field also says what those it is made from say."""


def speak() -> None:
    """Let every field say these, whichever form it is in: Django gathers a field's words from its classes."""
    for kind, words in WORDS.items():
        own = vars(kind).get("default_error_messages", {})
        kind.default_error_messages = {**own, **words}  # type: ignore[dict-item] # the stubs name lazy texts otherwise
