"""Holding treatments back further than screening does, a note, and the signature."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.knowledge.texts import Texts
from pellucid.model.levels import Status
from pellucid.web.records.actions.reviews import Adjustment

LONGEST_NOTE = 4000
LONGEST_REASON = 500


class AdjustmentForm(forms.Form):
    """One treatment that is held back."""

    treatment = forms.ChoiceField(label=_("Treatment"))
    status = forms.ChoiceField(label=_("What holds instead"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        help_text=_("The client reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, screened: Mapping[str, Status], texts: Texts, **kwargs: Any) -> None:
        """Offer the treatments that can be held back at all."""
        super().__init__(*args, **kwargs)
        self.screened = screened
        open_ones = [name for name, status in screened.items() if status < Status.BLOCKED]
        named = sorted((texts.get(f"treatment.{each}", "name"), each) for each in open_ones)
        self.fields["treatment"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", _("Choose a treatment")),
            *((each, f"{name}: {texts.phrase(f'status.{screened[each].word}.short')}") for name, each in named),
        ]
        self.fields["status"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            ("", _("Choose")),
            *(
                (each.word, texts.phrase(f"status.{each.word}.short"))
                for each in (Status.CAUTION, Status.DEFER, Status.REFER, Status.BLOCKED)
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for something stricter than screening."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        treatment, word = cleaned.get("treatment"), cleaned.get("status")
        if treatment and word and Status[word.upper()] <= self.screened[treatment]:
            self.add_error(
                "status",
                _("Screening is at least as strict already. To allow more, sign an override on the client's page."),
            )
        return cleaned


class Adjustments(forms.BaseFormSet[AdjustmentForm]):
    """All that are held back; each treatment once."""

    def clean(self) -> None:
        """Ask for each treatment once."""
        seen: set[str] = set()
        for form in self.forms:
            treatment = form.cleaned_data.get("treatment") if form.is_valid() else None
            if treatment in seen:
                form.add_error("treatment", _("This treatment is in the list already."))
            seen |= {treatment} if treatment else set()

    def chosen(self) -> Sequence[Adjustment]:
        """What was filled in."""
        filled = [form.cleaned_data for form in self.forms if form.has_changed()]
        return [Adjustment(each["treatment"], Status[each["status"].upper()], each["reason"]) for each in filled]


AdjustmentSet: type[Adjustments] = forms.formset_factory(  # type: ignore[assignment] # it derives from the formset given
    AdjustmentForm, formset=Adjustments, extra=2, max_num=26, absolute_max=26
)


class SignForm(forms.Form):
    """The note to the client, and which version was on the page."""

    note = forms.CharField(
        label=_("Note to the client"),
        help_text=_("They read it above their result. Leave it empty if there is nothing to add."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.BooleanField(
        label=_("I have looked at the answers, the red flags and what follows from them"),
        error_messages={"required": _("Please confirm that you have looked at them.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    stood = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class AgainForm(forms.Form):
    """Which version is to be worked out again."""

    version = forms.IntegerField(widget=forms.HiddenInput)
