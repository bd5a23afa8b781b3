"""The board of a day: who comes, and what is missing; and visits that no longer fit."""

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.booking import VersionForm
from pellucid.web.clinic.naming import STATES, services_of
from pellucid.web.clinic.people import may, member
from pellucid.web.clinic.places import day_asked, place_of, places_of, shown_at
from pellucid.web.clinic.refusals import misfit_words
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.queries import appointments
from pellucid.web.records.queries import board as boards
from pellucid.web.sites import clock

MISSING: Mapping[str, tuple[Promise, str]] = {
    "terms": (_("Terms not agreed to"), "ask"),
    "privacy": (_("Privacy not agreed to"), "ask"),
    "guardian": (_("Guardian has not agreed"), "blocked"),
    "questionnaire": (_("No questionnaire"), "ask"),
    "answers": (_("Answers to renew"), "ask"),
    "fit": (_("No longer fits"), "blocked"),
    "hours": (_("Outside the hours"), "blocked"),
    "preparation": (_("Not told how to prepare"), "caution"),
    "signature": (_("To sign"), "caution"),
}
"""What can be missing, in words, and the badge that it gets."""


@allow(Permission.BOOK)
def board(request: HttpRequest) -> HttpResponse:
    """Show the visits of a day; to a script that asks whether anything has changed, nothing (204) where it hasn't."""
    places = places_of(request)
    place = place_of(request, places)
    now = clock.now()
    today = clock.day(now, place.zone)
    on = day_asked(request.GET, "on", today)
    token = appointments.changes_token(place, on, on)
    if request.headers.get("HX-Request") and request.GET.get("token") == token:
        return HttpResponse(status=204)
    rows = boards.board(member(request), place, on, now)
    signing = may(request, Permission.SIGN_CONSULTATIONS)
    context = {
        "places": places,
        "on": on,
        "today": today,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "token": token,
        "rows": [_told(row) | {"begun": row.appointment.starts <= now} for row in rows],
        "lacking": sum(bool(row.missing) for row in rows),
        "unfit": len(appointments.misfits(member(request), now=now)),
        "to_sign": appointments.to_sign(member(request), now=now) if signing else [],
    }
    return shown_at(place, request, "clinic/board.html", context)


def _told(row: boards.Row) -> dict[str, object]:
    """A visit of the board in words."""
    visit = row.appointment
    return {
        "visit": visit,
        "state": STATES[visit.state],
        "services": services_of(visit),
        "rooms": list(dict.fromkeys(part.room.name for part in visit.parts.all())),
        "missing": [MISSING[each] for each in row.missing],
        "stands": visit.state in STANDING,
        "version": VersionForm(initial={"version": visit.version}, auto_id=False),
    }


@allow(Permission.BOOK)
def misfits(request: HttpRequest) -> HttpResponse:
    """List visits to come that no longer fit, with why for who may see it."""
    health = may(request, Permission.SEE_HEALTH)
    found = appointments.misfits(member(request), now=clock.now())
    rows = [
        {"visit": each, "services": services_of(each), "why": misfit_words(each.misfit, health=health)}
        for each in found
    ]
    return render(request, "clinic/appointments_unfit.html", {"rows": rows, "health": health})
