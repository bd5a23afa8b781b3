"""What lifts a rule for one client: a paper, or a signed override; and taking either back."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.knowledge.texts import Texts
from pellucid.web.clinic.forms.fields import day_field
from pellucid.web.clinic.rules_against import Against

PAPERS = ("prescriber_letter", "physician_letter", "test_spot", "guardian_consent")
LONGEST_PAPER = timedelta(days=2 * 366)
LONGEST_OVERRIDE = timedelta(days=366)
USUAL_PAPER = timedelta(days=182)
USUAL_OVERRIDE = timedelta(days=90)
EVERYTHING = "all"


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=500, min_length=3, widget=forms.Textarea(attrs={"rows": 2}))


class ClearanceForm(forms.Form):
    """A paper that somebody has brought."""

    kind = forms.ChoiceField(label=_("What it is"))
    author = forms.CharField(label=_("Who wrote it"), max_length=120)
    given_on = day_field(_("Date on it"))
    until = day_field(_("Counts until"), help_text=_("The last day on which it counts."))
    scope = forms.MultipleChoiceField(
        label=_("What it is about"),
        help_text=_("Only what you tick is lifted, and only where the rule says that such a paper is enough."),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        data: Any = None,
        *,
        liftable: Mapping[str, Iterable[str]],
        knowledge: Knowledge,
        texts: Texts,
        today: date,
    ) -> None:
        """Offer the rules that a paper would lift now, then all treatments."""
        super().__init__(data, initial={"given_on": today, "until": today + USUAL_PAPER})
        self.today = today
        self.fields["kind"].choices = [(each, texts.phrase(f"clearance.{each}")) for each in PAPERS]  # type: ignore[attr-defined] # a ChoiceField
        rules = [(rule, _lifted_by(rule, kinds, texts)) for rule, kinds in sorted(liftable.items())]
        names = sorted((texts.get(each.ref, "name"), each.id) for each in knowledge.of(Treatment).values())
        self.fields["scope"].choices = [  # type: ignore[attr-defined] # a MultipleChoiceField
            *([(_("Rules that stand in the way now"), rules)] if rules else []),
            (_("Treatments"), [(name, words) for words, name in names]),
            (_("Everything"), [(EVERYTHING, _("Every rule that such a paper can lift"))]),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for days in their order, and an end."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given, until = cleaned.get("given_on"), cleaned.get("until")
        if given and given > self.today:
            self.add_error("given_on", _("This day has not come yet."))
        if given and until and until < given:
            self.add_error("until", _("This lies before the date on the paper."))
        elif given and until and until - given > LONGEST_PAPER:
            self.add_error("until", _("Please choose a day within two years; ask for a new paper after that."))
        return cleaned


def _lifted_by(rule: str, kinds: Iterable[str], texts: Texts) -> str:
    papers = texts.phrase("words.list").join(texts.phrase(f"clearance.{each}") for each in sorted(kinds))
    return f"{texts.get(rule, 'name')} ({papers})"


class OverrideForm(forms.Form):
    """Going ahead in spite of rules."""

    rules = forms.MultipleChoiceField(label=_("Which rules"), widget=forms.CheckboxSelectMultiple)
    treatments = forms.MultipleChoiceField(
        label=_("Only for these treatments"),
        help_text=_("Tick none to let it count wherever the rules apply."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    expires = day_field(_("Until"), help_text=_("From this day on the rules hold again."))
    reason = forms.CharField(
        label=_("Your reason"),
        help_text=_("It stays on the record with your name and level."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sign = forms.BooleanField(
        label=_("I take responsibility for this and sign it"),
        error_messages={"required": _("An override counts only when it is signed.")},
    )

    def __init__(self, data: Any = None, *, rules: Iterable[Against], texts: Texts, today: date) -> None:
        """Offer the rules that stand in the way and that this practitioner may override."""
        super().__init__(data, initial={"expires": today + USUAL_OVERRIDE})
        self.today = today
        offered = list(rules)
        self.fields["rules"].choices = [  # type: ignore[attr-defined] # a MultipleChoiceField
            (each.rule, f"{texts.get(each.rule, 'name')}: {texts.phrase(f'status.{each.status.word}.short')}")
            for each in offered
        ]
        names = {name: texts.get(f"treatment.{name}", "name") for each in offered for name in each.treatments}
        self.fields["treatments"].choices = sorted(names.items(), key=lambda pair: pair[1])  # type: ignore[attr-defined] # as above

    def clean_expires(self) -> date:
        """A day that lies ahead, and not too far."""
        expires: date = self.cleaned_data["expires"]
        if expires <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        if expires - self.today > LONGEST_OVERRIDE:
            raise forms.ValidationError(_("Choose a day within a year; look again after that."))
        return expires
