"""What the style page shows: sample data in every state, all of it invented."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from pellucid.web.ui.icons import ICONS
from pellucid.web.ui.pictures import names

COLOURS = (
    "ground",
    "surface",
    "sunk",
    "line",
    "line-strong",
    "ink",
    "ink-soft",
    "main",
    "main-strong",
    "main-wash",
    "focus",
    "danger",
    "good-wash",
    "info-wash",
    "warn-wash",
    "urgent-wash",
    "wait-wash",
    "refer-wash",
    "skin-top",
    "skin",
    "skin-deep",
    "skin-fat",
    "oil",
    "plug",
    "red",
    "water",
)
LOOKS = [("round", _("Round")), ("oval", _("Oval")), ("teardrop", _("Teardrop")), ("inflamed", _("With a red rim"))]
STATUSES = ("allowed", "caution", "ask", "defer", "refer", "blocked")


class Sample(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("Name"), help_text=_("As we should call you."))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    day = forms.DateField(label=_("Preferred day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.ChoiceField(label=_("Where"), choices=[("a", _("Harbour")), ("b", _("Hill"))])
    look = forms.ChoiceField(label=_("How do your pores look?"), choices=LOOKS, widget=forms.RadioSelect)
    goals = forms.MultipleChoiceField(
        label=_("Which of these is true?"), choices=LOOKS[:2], widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label=_("Anything else"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    code = forms.CharField(
        label=_("The code we sent"), required=False, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )
    paper = forms.FileField(label=_("A file"), required=False)
    agreed = forms.BooleanField(label=_("I have read the terms."))


def shown() -> dict[str, Any]:
    """What the page's template needs."""
    resting = Sample(prefix="resting")
    for field in resting.fields.values():
        field.disabled = True
    return {
        "colours": COLOURS,
        "statuses": STATUSES,
        "icons": sorted(ICONS),
        "pictures": [name for name in names() if name not in {"face_map", "layer_order"}],
        "empty_form": Sample(prefix="new", initial={"look": "oval"}),
        "wrong_form": Sample({"wrong-email": "no-at-sign"}, prefix="wrong"),
        "resting_form": resting,
        "numbers": Paginator(range(240), 20).page(5),
        "zones": ["nose", "chin"],
    }
