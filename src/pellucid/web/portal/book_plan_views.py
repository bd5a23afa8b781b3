"""All visits of a plan at once: proposed on free times, looked at, and booked all or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pellucid.care import WEEKS
from pellucid.model.errors import InputError, UnsoundPlanError
from pellucid.model.plan import CarePlan, Standing
from pellucid.model.slot import Visit
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.book_offered import offered_at
from pellucid.web.portal.book_refusals import refusal, too_late
from pellucid.web.portal.book_views import booker_of
from pellucid.web.portal.book_wish import moment_in, place_of, sent
from pellucid.web.portal.book_words import clock_note, on_the_wall
from pellucid.web.portal.me import asker_of, unless_archived
from pellucid.web.records.actions.booking import SeriesError
from pellucid.web.records.actions.consultations import ArchivedError
from pellucid.web.records.actions.series import book_series
from pellucid.web.records.models.appointment import STANDING
from pellucid.web.records.naming import service_name
from pellucid.web.records.queries import appointments as queries
from pellucid.web.records.queries import choosing, planning
from pellucid.web.records.queries.calendar import visits_for
from pellucid.web.records.queries.today import newest
from pellucid.web.sites.clock import day

if TYPE_CHECKING:
    from pellucid.model.plan import Session
    from pellucid.web.records.actions.consultations import Asker
    from pellucid.web.records.models import Series
    from pellucid.web.sites.models import Location

MOST = 40
"""Visits in one plan."""
LONGEST = timedelta(weeks=WEEKS + 1)
"""How far ahead a plan reaches at most."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One visit that the plan proposes, or that stands already."""

    name: str
    starts: datetime
    """By the location's clock, as ``ends``."""
    ends: datetime
    practitioner: str
    booked: bool
    sent: str
    """As the form sends it back; empty where it stands already."""


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Explain, propose, book."""
    asker = asker_of(request)
    places = choosing.locations()
    place = place_of(request.POST or request.GET, asker.client, places)
    if place is None:
        return render(request, "portal/book/nowhere.html")
    if newest(asker.client) is None:
        messages.info(request, _("The questions come first: the plan follows from your answers."))
        return redirect("portal:consultation")
    if request.method == "POST" and request.POST.get("do") == "book":
        return _book(request, asker, place)
    if request.method == "POST":
        return _propose(request, asker, place)
    return render(request, "portal/book/plan.html", {"places": places, "place": place})


def _propose(request: HttpRequest, asker: "Asker", place: "Location") -> HttpResponse:
    """Work the plan out, and show its visits."""
    try:
        plan = planning.plan_for(asker.client, location=place, now=asker.now)
    except InputError:
        messages.warning(request, _("Some of your answers don't fit together any more. Please look at them first."))
        return redirect("portal:consultation")
    except UnsoundPlanError:
        messages.error(request, _("We could not lay out a plan that keeps every rule. Please book visit by visit."))
        return redirect("portal:book")
    visits = list(_shown(plan)) if plan else []
    new = [each for each in visits if not each.booked]
    context = {
        "place": place,
        "visits": visits,
        "new": new,
        "to_answer": None if new else offered_at(place, asker.client, now=asker.now).to_answer,
        "clock": clock_note(place.name, place.zone, asker.client.location.zone),
    }
    return render(request, "portal/book/proposed.html", context)


def _shown(plan: CarePlan) -> Iterator[Proposed]:
    for each in sorted(plan.sessions, key=lambda each: each.slot.starts):
        if each.standing in {Standing.PROPOSED, Standing.BOOKED}:
            yield _proposed(each, plan)


def _proposed(session: "Session", plan: CarePlan) -> Proposed:
    slot = session.slot
    booked = session.standing is Standing.BOOKED
    return Proposed(
        name=service_name(slot.treatment),
        starts=on_the_wall(slot.starts, slot.zone),
        ends=on_the_wall(slot.ends, slot.zone),
        practitioner=plan.name("practitioner", slot.practitioner),
        booked=booked,
        sent="" if booked else f"{slot.treatment} {sent(slot.starts)} {slot.practitioner}",
    )


def _book(request: HttpRequest, asker: "Asker", place: "Location") -> HttpResponse:
    """Book everything that was proposed; sending it twice books it once."""
    asked = request.POST.getlist("visit")[:MOST]
    if not asked:
        return redirect("portal:book_series")
    if _all_stand(asked, asker):
        return redirect("portal:appointments")
    visits = [_visit(each, place, now=asker.now) for each in asked]
    if any(each is None for each in visits):
        again = _("Nothing was booked. Please plan once more.")
        messages.warning(request, f"{too_late()} {again}")
        return redirect("portal:book_series")
    try:
        series = book_series(client=asker.client, visits=[each for each in visits if each], booker=booker_of(asker))
    except ArchivedError as error:
        messages.warning(request, refusal(error, place.zone))
        return redirect("portal:me")
    except SeriesError as error:
        failed = asked[error.number].partition(" ")[0]
        said = _("None was booked, because of one of them (%(name)s).") % {"name": service_name(failed)}
        messages.warning(request, f"{said} {refusal(error.why, place.zone)}")
        return redirect("portal:book_series")
    messages.success(request, _said(series))
    return redirect("portal:appointments")


def _said(series: "Series") -> str:
    """What became of it."""
    if all(each.state == "booked" for each in series.appointments.all()):
        return _("All visits are booked.")
    kept = _("All these times are kept for you.")
    waits = _("What needs a practitioner's yes waits for it; its time is kept meanwhile, and we write to you.")
    return f"{kept} {waits}"


def _all_stand(asked: Sequence[str], asker: "Asker") -> bool:
    """Whether the client has all of these booked already: then the form was sent twice."""
    standing = {
        f"{part.treatment} {sent(part.starts)}"
        for each in queries.coming(asker.client, now=asker.now)
        for part in each.parts.all()
        if each.state in STANDING
    }
    return all(each.rpartition(" ")[0] in standing for each in asked)


def _visit(asked: str, place: "Location", *, now: datetime) -> Visit | None:
    """The visit that a form names, as the clinic offers it now; None where it doesn't any more."""
    treatment, start, practitioner = (*asked.split(" "), "", "")[:3]
    starts = moment_in(start)
    if starts is None or not now <= starts <= now + LONGEST:
        return None
    on = day(starts, place.zone)
    found = visits_for(treatments=(treatment,), since=on, until=on, location=place, now=now)
    return next((each for each in found if (each.starts, each.practitioner) == (starts, practitioner)), None)
