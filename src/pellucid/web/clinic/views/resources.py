"""Rooms, devices, and within which limits clients book."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.audit.changes import ChangedSinceError, fingerprint
from pellucid.web.clinic.forms.resources import BookingTermsForm, ResourceForm
from pellucid.web.clinic.people import member
from pellucid.web.clinic.views.roster import asked, by_now, history, save, stale
from pellucid.web.records.actions import rosters
from pellucid.web.records.naming import service_name
from pellucid.web.records.queries.working_hours import places_of
from pellucid.web.sites.models import Device, Location, Room, Service
from pellucid.web.sites.queries import clinic
from pellucid.web.sites.resources import NameTakenError, booking_facts, resource_facts, save_booking_terms

if TYPE_CHECKING:
    from pellucid.web.records.models import Appointment

ORDER = ("position", "pk")


@allow(Permission.EDIT_ROSTER)
def resources(request: HttpRequest) -> HttpResponse:
    """List rooms and devices by location, and what services ask for that isn't there."""
    places = places_of(member(request))
    rooms, devices = list(Room.objects.order_by("-active", *ORDER)), list(Device.objects.order_by("-active", *ORDER))
    lacking = list(lacks(Service.objects.filter(active=True), rooms, devices))
    tables = [
        {
            "place": place,
            "kinds": [
                (kind, words, [each for each in found if each.location_id == place.pk])
                for kind, words, found in (("room", _("Rooms"), rooms), ("device", _("Devices"), devices))
            ],
            "lacks": [lack for lack in lacking if lack.place == place],
        }
        for place in places
    ]
    return render(request, "clinic/resources.html", {"tables": tables})


@dataclass(frozen=True, slots=True)
class Lack:
    """A kind of room or device that a service asks for at a place that has none in use: nobody can book it there."""

    place: Location
    service: str
    kind: str


def lacks(services: QuerySet[Service], rooms: Iterable[Room], devices: Iterable[Device]) -> Iterator[Lack]:
    """What some services ask for and don't find."""
    there = {(each.location_id, type(each), each.kind) for each in (*rooms, *devices) if each.active}
    for service in services.prefetch_related("locations"):
        wanted = [(Room, service.room_kind), *((Device, kind) for kind in service.device_kinds)]
        for place in service.locations.all():
            for what, kind in wanted:
                if place.active and (place.pk, what, kind) not in there:
                    yield Lack(place, service_name(service.treatment), kind)


@allow(Permission.EDIT_ROSTER)
def room(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Add or change a room."""
    standing = get_object_or_404(Room.objects.select_related("location"), pk=number) if number else Room()
    return _resource(request, standing, _("Change the room") if number else _("New room"))


@allow(Permission.EDIT_ROSTER)
def device(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Add or change a device."""
    standing = get_object_or_404(Device.objects.select_related("location"), pk=number) if number else Device()
    return _resource(request, standing, _("Change the device") if number else _("New device"))


def _resource(request: HttpRequest, standing: Room | Device, title: str) -> HttpResponse:
    base, back = fingerprint(resource_facts(standing)), reverse("clinic:resources")
    form = ResourceForm(request.POST or None, resource=standing, base=base)
    left: list[Appointment] | None = []

    def change() -> object:
        told = {"base": form.cleaned_data["base"], "reason": form.cleaned_data["reason"], **by_now(request)}
        return rosters.set_resource(resource=standing, terms=form.terms(), **told)

    if request.method == "POST" and form.is_valid():
        try:
            left = save(request, form, change)
        except ChangedSinceError:
            stale(form, base)
        except NameTakenError:
            form.add_error("name", _("Another one at this place has this name."))
    if left is None:
        return redirect(back)
    noun = type(standing).__name__.lower()
    return asked(request, form, title, back, left=left, events=history(f"{noun}.{standing.pk}"))


@allow(Permission.EDIT_ROSTER)
def booking_settings(request: HttpRequest) -> HttpResponse:
    """Set within which limits clients book, and when no reminder is sent."""
    standing = clinic()
    base, back = fingerprint(booking_facts(standing)), reverse("clinic:roster")
    form = BookingTermsForm(request.POST or None, clinic=standing, base=base)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            save_booking_terms(terms=form.terms(), base=chosen["base"], reason=chosen["reason"], **by_now(request))
        except ChangedSinceError:
            stale(form, base)
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    return asked(request, form, _("Booking limits"), back, events=history(f"clinic.{standing.pk}"))
