"""A client's own visits: all of them, one of them, and what can be done with it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.book_before import before, is_tentative
from pellucid.web.portal.book_fit import against
from pellucid.web.portal.book_openings import Openings
from pellucid.web.portal.book_picker import pick
from pellucid.web.portal.book_refusals import REFUSED, refusal, too_late, whom_to_call
from pellucid.web.portal.book_views import about_wish, booker_of, times_address
from pellucid.web.portal.book_visit import VisitShown, sort
from pellucid.web.portal.book_wish import Wish, day_of, moment_of
from pellucid.web.portal.me import asker_of, sent_number, unless_archived
from pellucid.web.records.actions import appointments as actions
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.models.appointment import State
from pellucid.web.records.queries import appointments as queries
from pellucid.web.records.queries.told import invite_of
from pellucid.web.records.queries.waiting import open_offer_of

if TYPE_CHECKING:
    from pellucid.web.records.models import Appointment


def _own(request: HttpRequest, pk: UUID) -> "tuple[Appointment, Booker]":
    """One of the client's visits, and the client as who acts on it.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    asker = asker_of(request)
    found = queries.own(asker.client, pk)
    if found is None:
        raise Http404
    return found, booker_of(asker)


def _wish(appointment: "Appointment") -> Wish:
    """The same again."""
    return Wish(tuple(each.treatment for each in appointment.parts.all()), appointment.location)


@allow(Permission.OWN_RECORD)
@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """All of them, those to come first."""
    asker = asker_of(request)
    visits = sort(queries.of_client(asker.client), now=asker.now)
    return render(request, "portal/book/visits.html", {"visits": visits})


@allow(Permission.OWN_RECORD)
@require_safe
def appointment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them."""
    found, booker = _own(request, pk)
    visit = VisitShown(found, now=booker.now)
    offer = open_offer_of(found) if visit.held else None
    if offer is not None:
        return redirect("portal:offer", offer.pk)
    context = {
        **about_visit(visit),
        "tentative": visit.held and is_tentative(found, now=booker.now),
        "lines": before(found, now=booker.now) if visit.ahead else [],
        "other_times": times_address(_wish(found)),
    }
    return render(request, "portal/book/visit.html", context)


def about_visit(visit: VisitShown) -> dict[str, Any]:
    """What pages say of a visit."""
    clinic = visit.location.clinic
    return {"visit": visit, "call": whom_to_call(visit.location.phone or clinic.phone, clinic.email)}


@allow(Permission.OWN_RECORD)
@unless_archived
@require_POST
def appointment_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Book what is kept; sending it twice books it once."""
    found, booker = _own(request, pk)
    try:
        booked = actions.confirm(appointment=found, version=sent_number(request, "version"), booker=booker)
    except REFUSED as error:
        messages.warning(request, refusal(error, found.location.zone))
        return redirect("portal:appointment", pk)
    say_booked(request, booked)
    return redirect("portal:appointment", pk)


def say_booked(request: HttpRequest, booked: "Appointment") -> None:
    """Say that a visit is booked, or what it still waits for."""
    if booked.state == State.TENTATIVE:
        messages.success(request, _("Your time is kept. We write to you as soon as a practitioner has said yes."))
    else:
        messages.success(request, _("Booked. We look forward to seeing you."))


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To another time: pick one, look at both, and move."""
    found, booker = _own(request, pk)
    visit = VisitShown(found, now=booker.now)
    if not visit.may_change:
        return redirect("portal:appointment", pk)
    openings = Openings(_wish(found), found.client, now=booker.now, instead_of=found)
    if request.method == "POST":
        return _moved(request, found, booker, openings)
    starts = moment_of(request.GET)
    if starts is not None:
        return _ask_to_move(request, visit, openings, starts)
    address = reverse("portal:appointment_move", args=[pk])
    on = None if "first" in request.GET else day_of(request.GET) or visit.starts.date()
    picker = pick(openings, on, lambda on: f"{address}?on={on.isoformat()}" if on else f"{address}?first=1")
    context = {
        **about_wish(openings.wish, found.client.location.zone),
        **about_visit(visit),
        "picker": picker,
        "against": against(picker.day.against) if picker.day.against else None,
        "moving": found,
    }
    return render(request, "portal/book/move.html", context)


def _ask_to_move(request: HttpRequest, visit: VisitShown, openings: Openings, starts: datetime) -> HttpResponse:
    """Both times beside each other."""
    time = openings.at(starts)
    if time is None:
        messages.warning(request, too_late())
        return redirect("portal:appointment_move", visit.pk)
    return render(request, "portal/book/move_to.html", {**about_visit(visit), "time": time})


def _moved(request: HttpRequest, found: "Appointment", booker: Booker, openings: Openings) -> HttpResponse:
    """Move it; sending it twice moves it once."""
    starts = moment_of(request.POST)
    if starts == found.starts:
        return redirect("portal:appointment", found.pk)
    time = openings.at(starts) if starts else None
    if time is None:
        messages.warning(request, too_late())
        return redirect("portal:appointment_move", found.pk)
    try:
        version = sent_number(request, "version")
        actions.reschedule(appointment=found, version=version, visit=time.visits[0], booker=booker)
    except REFUSED as error:
        messages.warning(request, refusal(error, found.location.zone))
        return redirect("portal:appointment_move", found.pk)
    messages.success(request, _("Moved. We have written to you."))
    return redirect("portal:appointment", found.pk)


@allow(Permission.OWN_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancel it, after asking once; sending it twice cancels it once."""
    found, booker = _own(request, pk)
    visit = VisitShown(found, now=booker.now)
    if request.method != "POST":
        if not visit.may_change:
            return redirect("portal:appointment", pk)
        return render(request, "portal/book/cancel.html", about_visit(visit))
    try:
        reason, version = request.POST.get("reason", "")[:500], sent_number(request, "version")
        actions.cancel(appointment=found, version=version, reason=reason, booker=booker)
    except REFUSED as error:
        messages.warning(request, refusal(error, found.location.zone))
        return redirect("portal:appointment", pk)
    messages.success(request, _("Cancelled. The time is free for somebody else now."))
    return redirect("portal:appointments")


@allow(Permission.OWN_RECORD)
@require_safe
def appointment_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file with which a calendar takes it over."""
    found, booker = _own(request, pk)
    visit = VisitShown(found, now=booker.now)
    if not visit.standing:
        raise Http404
    response = HttpResponse(invite_of(found, method="PUBLISH"), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="visit-{visit.starts:%Y-%m-%d}.ics"'
    return response
