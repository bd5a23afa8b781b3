"""Which location, day and visit a page of the calendar is about, and who acts on it."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from pellucid.web.clinic.people import member
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.models import Appointment
from pellucid.web.records.queries import desk, staff
from pellucid.web.sites import clock
from pellucid.web.sites.models import Location


def places_of(request: HttpRequest) -> list[Location]:
    """Locations whose calendar this member of staff may see, by name."""
    return list(staff.places(member(request)).select_related("clinic"))


def place_of(request: HttpRequest, places: list[Location]) -> Location:
    """The location that was asked for, or else the first.

    Raises:
        Http404: there is none, or not the one that was asked for.
    """
    asked = request.GET.get("at") or request.POST.get("at")
    found = next((each for each in places if asked in {None, "", each.slug}), None)
    if found is None:
        raise Http404
    return found


YEARS = range(2000, 2200)
"""Days outside these are nobody's."""


def day_asked(given: QueryDict, name: str, otherwise: date) -> date:
    """A day that an address names; another one where it names none."""
    try:
        found = date.fromisoformat(given.get(name, ""))
    except ValueError:
        return otherwise
    return found if found.year in YEARS else otherwise


def time_asked(given: QueryDict, name: str) -> tuple[date, time] | None:
    """A day and a time by a place's clock as an address names them, ``2026-11-24T10:30``; None where it names none."""
    try:
        found = datetime.strptime(given.get(name, ""), "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - what a clock on the wall shows
    except ValueError:
        return None
    return (found.date(), found.time()) if found.year in YEARS else None


def visit_of(request: HttpRequest, pk: UUID) -> Appointment:
    """The visit of that id.

    Raises:
        Http404: there is none, or it is none that this member of staff may see.
    """
    found = desk.visit_of(member(request), pk)
    if found is None:
        raise Http404
    return found


def booker(request: HttpRequest) -> Booker:
    """Who acts, now."""
    who = member(request)
    return Booker(who.user.ref, who, clock.now())


def shown_at(place: Location, request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A page on which every time is by the clock of a location, wherever who reads it is."""
    with timezone.override(ZoneInfo(place.zone)):
        return render(request, template, {"place": place, **context})
