"""Who works when: weeks, time off, closed days, extra hours, and calendars kept elsewhere."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pellucid.booking.minutes import DAY, moment_of
from pellucid.booking.wall_clock import first_minute
from pellucid.web.accounts.models import Membership
from pellucid.web.clinic.forms.fields import COMMAS, base_field, day_field, reason_field
from pellucid.web.records.models import Schedule
from pellucid.web.sites.hours import WEEKDAYS, read
from pellucid.web.sites.models import Location

SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*[-\N{EN DASH}\N{EM DASH}~\N{FULLWIDTH TILDE}\u81f3]\s*(\d{1,2}):(\d\d)")
LONGEST_OFF = timedelta(days=2 * 366)
LARGEST_FILE = 2_000_000
"""Bytes of a calendar that is handed in."""
DAYS: Mapping[str, Promise] = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}

SHORT: Mapping[str, Promise] = {
    "mon": _("Mon"),
    "tue": _("Tue"),
    "wed": _("Wed"),
    "thu": _("Thu"),
    "fri": _("Fri"),
    "sat": _("Sat"),
    "sun": _("Sun"),
}
"""The days of the week, as the heads of columns."""


class SpansField(forms.CharField):
    """Stretches of a day as people write them: ``9:00-13:00, 14:00-18:00``; cleaned to a list of spans."""

    def clean(self, value: Any) -> Any:
        """The spans in their order.

        Raises:
            ValidationError: one can't be read, or two overlap.
        """
        typed: str = super().clean(value)
        spans = sorted((_span(each) for each in COMMAS.split(typed) if each.strip()), key=read)
        if any(read(later)[0] < read(earlier)[1] for earlier, later in pairwise(spans)):
            raise forms.ValidationError(_("Two of these stretches overlap."))
        return spans

    def prepare_value(self, value: Any) -> Any:
        """Spans as one types them."""
        return ", ".join(value) if isinstance(value, list) else value


def _span(typed: str) -> str:
    found = SPAN.fullmatch(typed.strip())
    try:
        span = "{:02}:{:02}-{:02}:{:02}".format(*map(int, found.groups())) if found else ""
        read(span)
    except ValueError:
        raise forms.ValidationError(_("Please write hours such as 09:00-13:00, 14:00-18:00.")) from None
    return span


class SureForm(forms.Form):
    """Its change may leave booked visits outside the hours; sent again with ``sure`` it is made all the same."""

    sure = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    """Which visits were shown: those that are left out, as the page told them."""


class ScheduleForm(SureForm):
    """The week of one person at one location."""

    reason = reason_field()
    base = base_field()

    def __init__(self, data: Any = None, *, schedule: Schedule | None, base: str) -> None:
        """Begin with the week as it is."""
        held = {"hours": schedule.hours, "breaks": schedule.breaks} if schedule else {}
        initial = {f"{part}_{day}": list(week.get(day, ())) for part, week in held.items() for day in WEEKDAYS}
        super().__init__(data, initial={**initial, "base": base})
        for day in WEEKDAYS:
            name = DAYS[day]
            self.fields[f"hours_{day}"] = SpansField(label=_("%(day)s: hours") % {"day": name}, required=False)
            self.fields[f"breaks_{day}"] = SpansField(label=_("%(day)s: breaks") % {"day": name}, required=False)

    def rows(self) -> Iterator[tuple[Promise, tuple[BoundField, BoundField]]]:
        """A line for each day of the week: its hours and its breaks."""
        for day in WEEKDAYS:
            yield DAYS[day], (self[f"hours_{day}"], self[f"breaks_{day}"])

    def week(self, part: str) -> dict[str, list[str]]:
        """What was typed as ``hours`` or ``breaks``, without days that were left empty."""
        return {day: self.cleaned_data[f"{part}_{day}"] for day in WEEKDAYS if self.cleaned_data[f"{part}_{day}"]}


class StretchForm(SureForm):
    """From one day to another, whole days or from and to an hour."""

    first = day_field(_("First day"))
    last = day_field(_("Last day"), help_text=_("This day is included."))
    since = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    until = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave both empty for whole days."),
    )
    name = forms.CharField(label=pgettext_lazy("a reason", "What for"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        """Ask for an end after the beginning, and for no more than two years."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if not first or not last or {"since", "until"} & self.errors.keys():
            return cleaned
        if (first, cleaned.get("since") or time()) >= (last, cleaned.get("until") or time.max):
            self.add_error("last", _("It has to end after it begins."))
        elif last - first > LONGEST_OFF:
            self.add_error("last", _("Two years are the longest."))
        return cleaned

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """When it begins and ends, by a place's clock, in UTC."""
        chosen, clock = self.cleaned_data, ZoneInfo(zone)
        until = _minutes(chosen["until"]) if chosen["until"] else DAY
        since = _minutes(chosen["since"]) if chosen["since"] else 0
        return (
            moment_of(first_minute(chosen["first"], since, clock)),
            moment_of(first_minute(chosen["last"], until, clock)),
        )


def _minutes(shown: time) -> int:
    return shown.hour * 60 + shown.minute


class TimeOffForm(StretchForm):
    """Somebody is free."""

    def __init__(self, data: Any = None, *, place: str) -> None:
        """``place`` names whose clock counts."""
        super().__init__(data)
        self.fields["since"].help_text = _("By the clock of %(place)s.") % {"place": place}
        self.fields["name"].help_text = _("Only they and the owner see it.")


class ClosureForm(StretchForm):
    """A location is closed."""

    location = forms.ModelChoiceField(Location.objects.filter(active=True), label=_("Where"), empty_label=None)

    field_order = ("location", "first", "last", "since", "until", "name", "sure")


class ExtraForm(forms.Form):
    """Hours on one day, on top of the weekly ones."""

    location = forms.ModelChoiceField(Location.objects.filter(active=True), label=_("Where"), empty_label=None)
    on = day_field(_("Day"))
    hours = SpansField(label=_("Hours"), help_text=_("Such as 10:00-14:00. Breaks don't cut into them."))
    members = forms.ModelMultipleChoiceField(
        Membership.objects.none(),
        label=_("Who works then"),
        help_text=_("Nobody ticked is everybody with hours at this place."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(label=pgettext_lazy("a reason", "What for"), required=False, max_length=120)

    def __init__(self, data: Any = None, *, members: Any) -> None:
        """Offer those who treat."""
        super().__init__(data)
        chosen: Any = self.fields["members"]
        chosen.queryset = members
        chosen.label_from_instance = lambda each: each.user.name


class BusyFeedForm(forms.Form):
    """A calendar that somebody keeps elsewhere: its address, or a file of it."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=120, help_text=_("Such as: my own calendar")
    )
    url = forms.CharField(
        label=_("Its secret address"),
        required=False,
        max_length=1000,
        help_text=_("It begins with https:// or webcal:// and is read every 15 minutes. It is kept secret."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("An .ics file, read once."),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_url(self) -> str:
        """An address that can be read from, with https in front.

        Raises:
            ValidationError: it is none.
        """
        typed = str(self.cleaned_data["url"]).strip()
        if not typed:
            return ""
        address = re.sub(r"^webcals?://", "https://", typed, flags=re.IGNORECASE)
        if not _is_address(address):
            raise forms.ValidationError(_("Please give an address that begins with https:// or webcal://."))
        return address

    def clean_file(self) -> Any:
        """A file that isn't too large."""
        given = self.cleaned_data["file"]
        if given and given.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is larger than 2 MB. Please export fewer months."))
        return given

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("url")) == bool(cleaned.get("file")):
            raise forms.ValidationError(_now("Please give either an address or a file."))
        return cleaned


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme.lower() == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:  # a port that is no number
        return False
