"""What the audit trail is narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pellucid.web.clinic.forms.fields import day_field
from pellucid.web.clinic.trail import words
from pellucid.web.records.queries.history import Narrowed


class AuditForm(forms.Form):
    """Kind, person, thing and days; a wrong value narrows nothing."""

    action = forms.ChoiceField(label=_("What was done"), required=False)
    actor = forms.CharField(label=_("By whom (id)"), required=False, max_length=64)
    subject = forms.CharField(label=_("With what (id)"), required=False, max_length=64)
    since = day_field(_("From"), required=False)
    until = day_field(_("To"), required=False)

    def __init__(self, data: Any, *, kinds: Sequence[str]) -> None:
        """Offer every kind of event there has been."""
        super().__init__(data)
        named = sorted((words(each), each) for each in kinds)
        self.fields["action"].choices = [("", _("Everything")), *((each, name) for name, each in named)]  # type: ignore[attr-defined] # a ChoiceField

    def narrowed(self) -> Narrowed:
        """What was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return Narrowed(
            action=chosen.get("action", ""),
            actor=chosen.get("actor", "").strip(),
            subject=chosen.get("subject", "").strip(),
            since=chosen.get("since"),
            until=chosen.get("until"),
        )
