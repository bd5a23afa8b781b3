"""Looking for a time, booking, cancelling, and who waits for what."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.models import Membership
from pellucid.web.clinic.forms.fields import day_field
from pellucid.web.records.naming import service_name
from pellucid.web.records.queries.choosing import practitioners_at, services_at
from pellucid.web.sites.hours import WEEKDAYS
from pellucid.web.sites.models import Location

MOST_SERVICES = 6
"""In one visit."""
FURTHEST = timedelta(days=3 * 366)
"""How far ahead staff look for a time."""
LONGEST_WAIT = timedelta(days=366)
USUAL_WAIT = timedelta(days=30)
DAYS: Mapping[str, Promise] = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}


def services_field(location: Location) -> forms.MultipleChoiceField:
    """What is done at a location, to tick."""
    choices = [(each.treatment, service_name(each.treatment)) for each in services_at(location)]
    return forms.MultipleChoiceField(label=_("What is done"), choices=choices, widget=forms.CheckboxSelectMultiple)


def practitioner_field(members: Sequence[Membership]) -> forms.ChoiceField:
    """Who does it: anybody, or one of some."""
    choices = [("", _("Anybody")), *((str(each.pk), each.user.name) for each in members)]
    return forms.ChoiceField(label=_("Who does it"), choices=choices, required=False)


class _WithWhom(forms.Form):
    """Who does it at one location."""

    def __init__(self, data: Any = None, *, location: Location, **options: Any) -> None:
        """Offer who works there."""
        super().__init__(data, **options)
        self.members = practitioners_at(location)
        self.fields["with"] = practitioner_field(self.members)

    def clean_with(self) -> Membership | None:
        """Who; None for anybody."""
        chosen = self.cleaned_data["with"]
        return next((each for each in self.members if str(each.pk) == chosen), None)


class MoveLookForm(_WithWhom):
    """Who does it then, and from which day on."""

    field_order: tuple[str, ...] = ("with", "on")

    def __init__(self, data: Any = None, *, location: Location, today: date, **options: Any) -> None:
        """Begin with today."""
        super().__init__(data, location=location, **options)
        self.today = today
        self.fields["on"] = day_field(_("From the day"), initial=today)

    def clean_on(self) -> date:
        """A day that can still be booked; one that has gone by counts as today, and one too far off as the last."""
        on: date = self.cleaned_data["on"]
        return min(max(on, self.today), self.today + FURTHEST)


class _WhatIsDone(forms.Form):
    """Which services, of those that a location has."""

    def offer_services(self, location: Location) -> None:
        """Offer what is done there."""
        self.fields["service"] = services_field(location)
        self.order_fields(self.field_order)

    def clean_service(self) -> tuple[str, ...]:
        """As many as a visit can hold, in the order in which the clinic lists them."""
        chosen: list[str] = self.cleaned_data["service"]
        if len(chosen) > MOST_SERVICES:
            raise forms.ValidationError(_("Choose no more than six for one visit."))
        return tuple(chosen)


class LookForm(MoveLookForm, _WhatIsDone):
    """What is looked for, with whom, and from which day on."""

    field_order = ("service", "with", "on")

    def __init__(self, data: Any = None, *, location: Location, today: date, **options: Any) -> None:
        """Offer what is done at a location."""
        super().__init__(data, location=location, today=today, **options)
        self.offer_services(location)


class NoteForm(forms.Form):
    """What goes with a visit that is booked."""

    note = forms.CharField(
        label=_("Note for the team"),
        help_text=_("The front desk reads it too: nothing about health."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VersionForm(forms.Form):
    """Which version of a visit was on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(VersionForm):
    """Why a visit is cancelled."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("It stays on the record with your name; the client is not told it."),
        min_length=3,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WaitForm(_WithWhom, _WhatIsDone):
    """When somebody who waits could come."""

    field_order = ("service", "with", "since", "until", "weekdays", "earliest", "latest")

    since = day_field(_("From"))
    until = day_field(_("Until"), help_text=_("The last day that would do."))
    weekdays = forms.MultipleChoiceField(
        label=_("On these days"),
        help_text=_("Tick none if any day will do."),
        choices=[(name, DAYS[name]) for name in WEEKDAYS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    earliest = forms.TimeField(
        label=_("Not before"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    latest = forms.TimeField(
        label=_("Over by"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, data: Any = None, *, location: Location, today: date, **options: Any) -> None:
        """Begin with the next weeks."""
        super().__init__(data, location=location, initial={"since": today, "until": today + USUAL_WAIT}, **options)
        self.offer_services(location)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Ask for days and hours in their order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if until and until < max(since or self.today, self.today):
            self.add_error("until", _("Choose a day that is still to come, and not before the first."))
        elif until and until - self.today > LONGEST_WAIT:
            self.add_error("until", _("Choose a day within a year."))
        if minutes(cleaned.get("earliest"), 0) >= minutes(cleaned.get("latest"), 1440):
            self.add_error("latest", _("This is before the first hour that would do."))
        return cleaned


def minutes(at: time | None, otherwise: int) -> int:
    """A time in minutes after midnight."""
    return at.hour * 60 + at.minute if at else otherwise


class SearchForm(forms.Form):
    """Whom something is for."""

    search = forms.CharField(
        label=_("Name, e-mail or phone"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
