"""Who works when: weeks, time off, closed days and extra hours. Each change tells which booked visits it leaves out."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pellucid.web.accounts.models import Membership
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.audit.changes import ChangedSinceError, fingerprint
from pellucid.web.clinic.busy_words import FAULTS
from pellucid.web.clinic.forms.fields import put_in
from pellucid.web.clinic.forms.roster import DAYS, SHORT, ClosureForm, ExtraForm, ScheduleForm, SureForm, TimeOffForm
from pellucid.web.clinic.people import may, member
from pellucid.web.clinic.trail import Line, lines
from pellucid.web.records.actions import rosters
from pellucid.web.records.models import Appointment, ExtraHours, Schedule, TimeOff
from pellucid.web.records.queries import working_hours as reads
from pellucid.web.records.queries.history import of_subject
from pellucid.web.sites import clock
from pellucid.web.sites.models import Location
from pellucid.web.sites.queries import clinic_zone

SHOWN = 20
"""Events of the history on a page."""


@allow(Permission.BOOK)
def roster(request: HttpRequest) -> HttpResponse:
    """Show everybody's week, who is off, and when locations are closed or open for longer."""
    places, people = reads.places_of(member(request)), list(reads.seen_by(member(request)))
    weeks, now = reads.weeks(people, places), clock.now()
    tables = [
        {
            "place": place,
            "rows": [(each, _week(weeks.get((each.pk, place.pk)))) for each in people if _is_at(each, place, weeks)],
        }
        for place in places
    ]
    context = {
        "tables": tables,
        "days": [{"name": name, "short": SHORT[day]} for day, name in DAYS.items()],
        "off": [(each, _zone(each.membership, places, weeks)) for each in reads.time_off(people, now=now)],
        "closures": reads.closures(places, now=now),
        "extra": reads.extra_hours(places, now=now),
        "may_edit": may(request, Permission.EDIT_ROSTER),
    }
    return render(request, "clinic/roster.html", context)


def _is_at(person: Membership, place: Location, weeks: Mapping[tuple[int, int], Schedule]) -> bool:
    """Whether somebody works at a place, or could."""
    return person.location_id in {None, place.pk} or (person.pk, place.pk) in weeks


def _zone(person: Membership, places: Sequence[Location], weeks: Mapping[tuple[int, int], Schedule]) -> str:
    """The clock by which somebody's time off is shown beside that of others: of the place where they are."""
    there = (place for place in places if place.pk == person.location_id or (person.pk, place.pk) in weeks)
    return next((place.zone for place in (*there, *places)), clinic_zone())


def _week(schedule: Schedule | None) -> list[tuple[Any, list[str], list[str]]]:
    """A week day by day: its name, hours and breaks."""
    hours, breaks = (schedule.hours, schedule.breaks) if schedule else ({}, {})
    return [(name, hours.get(day, []), breaks.get(day, [])) for day, name in DAYS.items()]


def history(subject: str) -> list[Line]:
    """Who changed something last, and what."""
    return lines(of_subject(subject)[:SHOWN])


def person_of(request: HttpRequest, number: int) -> Membership:
    """Somebody who treats and whom this member of staff sees.

    Raises:
        Http404: there is no such person.
    """
    return get_object_or_404(reads.seen_by(member(request)), pk=number)


def may_change(request: HttpRequest, person: Membership) -> bool:
    """Whether the member of staff behind a request may change when somebody is free: the owner, and they themselves."""
    return may(request, Permission.EDIT_ROSTER) or member(request).pk == person.pk


def changing(request: HttpRequest, number: int) -> Membership:
    """The person whose free time is to be changed.

    Raises:
        Http404: there is no such person.
        PermissionDenied: it is somebody else's matter.
    """
    person = person_of(request, number)
    if not may_change(request, person):
        raise PermissionDenied
    return person


def back_to(person: Membership) -> str:
    """The address of somebody's page."""
    return reverse("clinic:roster_member", args=[person.pk])


@allow(Permission.BOOK)
def roster_member(request: HttpRequest, number: int) -> HttpResponse:
    """Show somebody's week at each location, their time off, and the calendars that they keep elsewhere."""
    person, places, now = person_of(request, number), reads.places_of(member(request)), clock.now()
    weeks, own = reads.weeks([person], places), may_change(request, person)
    context = {
        "person": person,
        "weeks": [(place, _week(week) if (week := weeks.get((person.pk, place.pk))) else []) for place in places],
        "off": reads.time_off([person], now=now),
        "zone": reads.zone_of(person, otherwise=clinic_zone()),
        "feeds": [(each, FAULTS.get(each.fault, "")) for each in reads.feeds_of(person)] if own else [],
        "clashing": reads.busy_elsewhere(person, now=now),
        "own": own,
        "may_edit": may(request, Permission.EDIT_ROSTER),
        "events": history(rosters.subject_of(person)) if own else [],
    }
    return render(request, "clinic/roster_member.html", context)


@allow(Permission.EDIT_ROSTER)
def schedule(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Change somebody's week at a location."""
    person, place = person_of(request, number), get_object_or_404(Location, slug=slug, active=True)
    standing = reads.schedule(person, place)
    base = fingerprint(rosters.schedule_facts(standing))
    form = ScheduleForm(request.POST or None, schedule=standing, base=base)
    title = _("%(name)s at %(place)s") % {"name": person.user.name, "place": place.name}

    def change() -> object:
        chosen = form.cleaned_data
        told = {"hours": form.week("hours"), "breaks": form.week("breaks"), "base": chosen["base"]}
        return rosters.set_schedule(
            membership=person, location=place, **told, reason=chosen["reason"], **by_now(request)
        )

    if request.method == "POST" and form.is_valid():
        try:
            left = save(request, form, change)
        except ChangedSinceError:
            stale(form, base)
            left = []
        if left is None:
            return redirect(back_to(person))
        return asked(request, form, title, back_to(person), left=left, template="clinic/roster_week.html", place=place)
    return asked(request, form, title, back_to(person), template="clinic/roster_week.html", place=place)


def stale(form: Any, base: str) -> None:
    """Say that somebody was quicker; what was typed stays, and sent once more it counts."""
    words = _("Somebody else changed this while you were writing. Look at what they changed, then send again.")
    form.add_error(None, words)
    put_in(form, "base", base)


def by_now(request: HttpRequest) -> dict[str, Any]:
    """Who changes something, and when."""
    return {"by": member(request).user.ref, "now": clock.now()}


def save(request: HttpRequest, form: SureForm, change: Callable[[], object]) -> list[Appointment] | None:
    """Make a change, unless it leaves out visits that have not been shown yet; these visits, or None where it is made.

    Raises:
        ChangedSinceError: somebody else changed the same thing since.
    """
    left = rosters.left_out(change, now=clock.now())
    shown = fingerprint({"visits": [str(each.pk) for each in left]})
    if left and form.cleaned_data["sure"] != shown:
        put_in(form, "sure", shown)
        return left
    change()
    tell(request, left)
    return None


def tell(request: HttpRequest, left: Sequence[Appointment]) -> None:
    """Say that a change is made, and how many visits it left out."""
    messages.success(request, _("Saved."))
    if left:
        told = ngettext(
            "%(n)s booked visit no longer fits: move or cancel it.",
            "%(n)s booked visits no longer fit: move or cancel them.",
            len(left),
        )
        messages.warning(request, told % {"n": len(left)})


def asked(
    request: HttpRequest,
    form: object,
    title: str,
    back: str,
    *,
    left: Sequence[Appointment] = (),
    template: str = "clinic/roster_form.html",
    **more: Any,
) -> HttpResponse:
    """A form of the roster, with the visits that its change would leave out."""
    return render(request, template, {"form": form, "title": title, "back": back, "left": left, **more})


@allow(Permission.BOOK)
def time_off_add(request: HttpRequest, number: int) -> HttpResponse:
    """Keep somebody free: one's own time, or as the owner anybody's."""
    person = changing(request, number)
    zone = reads.zone_of(person, otherwise=clinic_zone())
    form = TimeOffForm(request.POST or None, place=zone.rpartition("/")[2].replace("_", " "))
    title, back = _("Time off: %(name)s") % {"name": person.user.name}, back_to(person)
    if request.method != "POST" or not form.is_valid():
        return asked(request, form, title, back)
    starts, ends = form.moments(zone)
    told = {"membership": person, "starts": starts, "ends": ends, "name": form.cleaned_data["name"]}
    left = save(request, form, partial(rosters.add_time_off, **told, **by_now(request)))
    return redirect(back) if left is None else asked(request, form, title, back, left=left)


@require_POST
@allow(Permission.BOOK)
def time_off_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take time off back."""
    found = TimeOff.objects.filter(pk=number).first()
    if found is None:  # a second click
        return redirect("clinic:roster")
    person = changing(request, found.membership_id)
    rosters.remove_time_off(number=number, **by_now(request))
    messages.success(request, _("Removed."))
    return redirect(back_to(person))


@allow(Permission.EDIT_ROSTER)
def closure_add(request: HttpRequest) -> HttpResponse:
    """Close a location."""
    form, back = ClosureForm(request.POST or None), reverse("clinic:roster")
    title = _("Close a location")
    if request.method != "POST" or not form.is_valid():
        return asked(request, form, title, back)
    place = form.cleaned_data["location"]
    starts, ends = form.moments(place.zone)
    told = {"location": place, "starts": starts, "ends": ends, "name": form.cleaned_data["name"]}
    left = save(request, form, partial(rosters.add_closure, **told, **by_now(request)))
    return redirect(back) if left is None else asked(request, form, title, back, left=left)


@require_POST
@allow(Permission.EDIT_ROSTER)
def closure_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Open a location again."""
    rosters.remove_closure(number=number, **by_now(request))
    messages.success(request, _("Removed."))
    return redirect("clinic:roster")


@allow(Permission.EDIT_ROSTER)
def extra_add(request: HttpRequest) -> HttpResponse:
    """Open a location for some hours more on one day."""
    form, back = ExtraForm(request.POST or None, members=reads.practitioners()), reverse("clinic:roster")
    if request.method != "POST" or not form.is_valid():
        return asked(request, form, _("Extra hours"), back)
    rosters.add_extra(**{**form.cleaned_data, "members": list(form.cleaned_data["members"])}, **by_now(request))
    messages.success(request, _("Saved."))
    return redirect(back)


@allow(Permission.EDIT_ROSTER)
def extra_remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take extra hours back, after showing what is booked in them."""
    found, back = ExtraHours.objects.filter(pk=number).first(), reverse("clinic:roster")
    if found is None:  # a second click
        return redirect(back)
    form = SureForm(request.POST or None)
    change = partial(rosters.remove_extra, number=number, **by_now(request))
    left: list[Appointment] | None = rosters.left_out(change, now=clock.now())
    if request.method == "POST" and form.is_valid():
        left = save(request, form, change)
    if left is None:
        return redirect(back)
    return asked(request, form, _("Remove these extra hours"), back, left=left, extra=found)
