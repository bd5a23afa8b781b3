"""One visit: what it is, and moving, cancelling, signing it or saying whether the client came."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.booking import CancelForm, VersionForm
from pellucid.web.clinic.naming import STATES, services_of
from pellucid.web.clinic.people import may, member
from pellucid.web.clinic.places import booker, shown_at, visit_of
from pellucid.web.clinic.refusals import BOOKING_ERRORS, error_words, misfit_words
from pellucid.web.clinic.trail import lines
from pellucid.web.records.actions import appointments as actions
from pellucid.web.records.models import Appointment, Part
from pellucid.web.records.models.appointment import STANDING, State
from pellucid.web.records.naming import service_name
from pellucid.web.records.queries import desk
from pellucid.web.records.queries.history import of_subject
from pellucid.web.sites import clock


@allow(Permission.BOOK)
def appointment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a visit, with what can be done about it now."""
    return _shown(request, visit_of(request, pk))


def _shown(request: HttpRequest, visit: Appointment) -> HttpResponse:
    health = may(request, Permission.SEE_HEALTH)
    parts = list(visit.parts.all())
    named = desk.devices_named({device for part in parts for device in part.devices})
    begun = visit.starts <= clock.now()
    context = {
        "visit": visit,
        "client": visit.client,
        "state": STATES[visit.state],
        "services": services_of(visit),
        "parts": [_told(part, named) for part in parts],
        "misfits": misfit_words(visit.misfit, health=health),
        "health": health,
        "reason": visit.reason if health or not _by_client(visit) else "",
        "events": lines(of_subject(f"appointment.{visit.pk}")) if health else [],
        "version": VersionForm(initial={"version": visit.version}),
        "may_change": visit.state in STANDING and not begun,
        "may_come": begun and visit.state in {*STANDING, State.NO_SHOW},
        "may_miss": begun and visit.state in {*STANDING, State.DONE},
        "may_sign": visit.state == State.TENTATIVE and may(request, Permission.SIGN_CONSULTATIONS),
    }
    return shown_at(visit.location, request, "clinic/appointment.html", context)


def _by_client(visit: Appointment) -> bool:
    """Whether the client ended it themself: what they wrote about it may tell of their health."""
    user = visit.client.user
    return user is not None and visit.ended_by == user.ref


def _told(part: Part, devices: dict[int, str]) -> dict[str, Any]:
    """One service of a visit in words."""
    with_it = [devices[each] for each in part.devices if each in devices]
    return {"name": service_name(part.treatment), "part": part, "devices": with_it}


@allow(Permission.BOOK)
def appointment_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, and cancel a visit."""
    visit = visit_of(request, pk)
    form = CancelForm(request.POST or None, initial={"version": visit.version})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data

        def cancel() -> Appointment:
            return actions.cancel(
                appointment=visit, version=chosen["version"], reason=chosen["reason"], booker=booker(request)
            )

        if _did(request, visit, cancel, _("Cancelled. The client gets a message, and whoever waits is asked.")):
            return redirect("clinic:appointment", pk=pk)
    return _asked(request, visit, form)


def _asked(request: HttpRequest, visit: Appointment, form: forms.Form) -> HttpResponse:
    context = {"visit": visit, "client": visit.client, "services": services_of(visit), "form": form}
    return shown_at(visit.location, request, "clinic/appointment_cancel.html", context)


@require_POST
@allow(Permission.BOOK)
def appointment_missed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down that the client did not come."""
    return _ended(request, pk, actions.no_show, _("Written down: they did not come."))


@require_POST
@allow(Permission.BOOK)
def appointment_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down that the client came."""
    return _ended(request, pk, actions.done, _("Written down: they came."))


def _ended(request: HttpRequest, pk: UUID, action: Callable[..., Appointment], said: str) -> HttpResponse:
    visit = visit_of(request, pk)

    def end() -> Appointment:
        return action(appointment=visit, version=_version(request), booker=booker(request))

    _did(request, visit, end, said)
    if request.POST.get("back") == "board":
        day = clock.day(visit.starts, visit.location.zone)
        return redirect(f"{reverse('clinic:board')}?at={visit.location.slug}&on={day.isoformat()}")
    return redirect("clinic:appointment", pk=pk)


@require_POST
@allow(Permission.SIGN_CONSULTATIONS)
def appointment_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign a visit that is tentative."""
    visit = visit_of(request, pk)

    def sign() -> Appointment:
        return actions.sign(appointment=visit, version=_version(request), by=member(request), now=clock.now())

    _did(request, visit, sign, _("Signed: the visit is booked. The client gets a message."))
    return redirect("clinic:appointment", pk=pk)


def _version(request: HttpRequest) -> int:
    """Which version was on the page; 0, which none ever has, where the form didn't say."""
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0


def _did(request: HttpRequest, visit: Appointment, action: Callable[[], Appointment], said: str) -> bool:
    """Do it and say so, or say why it was refused."""
    try:
        action()
    except BOOKING_ERRORS as error:
        zone = ZoneInfo(visit.location.zone)
        for words in error_words(error, health=may(request, Permission.SEE_HEALTH), zone=zone):
            messages.warning(request, words)
        return False
    messages.success(request, said)
    return True
