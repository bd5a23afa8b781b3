"""Rooms, devices, and within which limits clients book."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pellucid.web.clinic.forms.fields import base_field, reason_field
from pellucid.web.clinic.forms.roster import SureForm
from pellucid.web.sites.models import Clinic, Device, Location, Room
from pellucid.web.sites.resources import BookingTerms, ResourceTerms

LONGEST_AHEAD = 365
"""Days; busy calendars are laid out a little further."""


TERMS = [each.name for each in fields(BookingTerms)]


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """A field for a time of day, with the browser's own clock."""
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


class ResourceForm(SureForm):
    """A room or a device."""

    location = forms.ModelChoiceField(Location.objects.filter(active=True), label=_("Where"), empty_label=None)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    kind = forms.SlugField(
        label=_("Kind"),
        max_length=40,
        allow_unicode=True,
        help_text=_("A word of your own, such as treatment or laser. Services ask for it."),
    )
    position = forms.IntegerField(
        label=_("Order"),
        min_value=0,
        max_value=999,
        initial=0,
        help_text=_("Of several that are free, the one with the lowest number is taken."),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    reason = reason_field()
    base = base_field()

    def __init__(self, data: Any = None, *, resource: Room | Device, base: str) -> None:
        """Begin with what it is; where it stands can be said of a new one only."""
        plain = ("name", "kind", "position", "active")
        standing = {name: getattr(resource, name) for name in plain} if resource.pk else {}
        super().__init__(data, initial={**standing, "base": base})
        self.resource = resource
        if resource.pk:
            del self.fields["location"]

    def terms(self) -> ResourceTerms:
        """What was typed."""
        chosen = self.cleaned_data
        return ResourceTerms(
            location=self.resource.location if self.resource.pk else chosen["location"],
            name=chosen["name"],
            kind=chosen["kind"],
            position=chosen["position"],
            active=chosen["active"],
        )


class BookingTermsForm(forms.Form):
    """Within which limits clients book by themselves, and when no reminder is sent."""

    notice_hours = forms.IntegerField(
        label=_("Soonest, in hours"),
        min_value=0,
        max_value=14 * 24,
        help_text=_("Clients book no later than this before a visit. Staff can at any time."),
    )
    days_ahead = forms.IntegerField(
        label=_("Furthest, in days"), min_value=1, max_value=LONGEST_AHEAD, help_text=_("Clients book so far ahead.")
    )
    cancel_hours = forms.IntegerField(
        label=_("Move and cancel, in hours"),
        min_value=0,
        max_value=14 * 24,
        help_text=_("Up to so long before a visit clients move or cancel it themselves. Later they are asked to call."),
    )
    quiet_from = time_field(
        _("Quiet from"), help_text=_("By each location's clock. Reminders that fall into these hours wait.")
    )
    quiet_until = time_field(_("Quiet until"), help_text=_("The same time twice: no quiet hours."))
    reason = reason_field()
    base = base_field()

    def __init__(self, data: Any = None, *, clinic: Clinic, base: str) -> None:
        """Begin with the limits as they are."""
        super().__init__(data, initial={**{name: getattr(clinic, name) for name in TERMS}, "base": base})

    def terms(self) -> BookingTerms:
        """What was typed."""
        return BookingTerms(**{name: self.cleaned_data[name] for name in TERMS})
