"""When somebody could come: the form with which they wait for a visit, and how an entry is told."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pellucid.web.portal.book_words import service_names
from pellucid.web.sites.hours import MIDNIGHT, WEEKDAYS

if TYPE_CHECKING:
    from pellucid.web.records.models import WaitlistEntry
    from pellucid.web.sites.models import Clinic

USUAL = timedelta(days=27)
"""How long somebody waits who changes nothing in the form."""


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class WaitForm(forms.Form):
    """From when to when somebody could come."""

    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("Until"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Only on these days"),
        choices=[(each, WEEKDAY_NAMES[number]) for number, each in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    earliest = _time(gettext_lazy("Not before"))
    latest = _time(gettext_lazy("Over by"))

    def __init__(self, sent: Any, *, today: date, clinic: "Clinic") -> None:
        """Begin with the next four weeks on any day."""
        super().__init__(sent, initial={"since": today, "until": today + USUAL})
        self._today = today
        self._last = today + timedelta(days=clinic.days_ahead)

    def clean(self) -> dict[str, Any]:
        """The days and hours have to leave something."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if until and until < max(since or self._today, self._today):
            self.add_error("until", _("Please give a day that is not over and not before the first."))
        if until and until > self._last:
            self.add_error("until", _("So far ahead nothing can be booked yet. Please give an earlier day."))
        earliest, latest = cleaned.get("earliest"), cleaned.get("latest")
        if earliest and latest and latest <= earliest:
            self.add_error("latest", _("Please give a time after the first."))
        return cleaned

    @property
    def wanted(self) -> dict[str, Any]:
        """What was asked for, as ``waitlist.join`` takes it."""
        given = self.cleaned_data
        return {
            "since": given["since"],
            "until": given["until"],
            "weekdays": given["weekdays"],
            "earliest": _minutes(given["earliest"]) or 0,
            "latest": _minutes(given["latest"]) or MIDNIGHT,
        }


def _minutes(clock: time | None) -> int:
    return clock.hour * 60 + clock.minute if clock else 0


class EntryShown:
    """An entry as its client reads it."""

    def __init__(self, entry: "WaitlistEntry") -> None:
        """Take an entry with its location and practitioner at hand."""
        self.entry = entry
        self.pk, self.since, self.until = entry.pk, entry.since, entry.until
        self.location = entry.location.name
        self.practitioner = entry.practitioner.user.name if entry.practitioner else ""
        self.services = service_names(entry.treatments)

    @property
    def weekdays(self) -> list[Any]:
        """The only days that would do, in words; none for any."""
        return [WEEKDAY_NAMES[WEEKDAYS.index(each)] for each in self.entry.weekdays]

    @property
    def earliest(self) -> str:
        """No start before, by the location's clock; empty for any."""
        return _clock(self.entry.earliest) if self.entry.earliest else ""

    @property
    def latest(self) -> str:
        """Over by; empty for any."""
        return _clock(self.entry.latest) if self.entry.latest < MIDNIGHT else ""


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
