"""Finding a time: which services, then when; a time that is picked is kept for ten minutes."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.book_fit import against
from pellucid.web.portal.book_offered import Offered, offered_at
from pellucid.web.portal.book_openings import Openings
from pellucid.web.portal.book_picker import pick
from pellucid.web.portal.book_refusals import REFUSED, refusal, too_late
from pellucid.web.portal.book_wish import Wish, day_of, moment_of, place_of, wish_of
from pellucid.web.portal.book_words import clock_note, service_names
from pellucid.web.portal.me import asker_of, unless_archived
from pellucid.web.records.actions.appointments import hold_any
from pellucid.web.records.actions.booking import Booker
from pellucid.web.records.queries import choosing

if TYPE_CHECKING:
    from pellucid.web.records.actions.consultations import Asker


def booker_of(asker: "Asker") -> Booker:
    """The client, booking for themselves."""
    return Booker(asker.actor, None, asker.now)


@allow(Permission.OWN_RECORD)
@unless_archived
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """What can be booked where, with whom; what doesn't fit says why and until when."""
    asker = asker_of(request)
    places = choosing.locations()
    place = place_of(request.GET, asker.client, places)
    if place is None:
        return render(request, "portal/book/nowhere.html")
    offered = offered_at(place, asker.client, now=asker.now)
    if not offered.rows:
        return render(request, "portal/book/nowhere.html", {"place": place})
    context = {
        "places": places,
        "place": place,
        "offered": offered,
        "chosen": _chosen(request, offered),
        "refused": [each for each in offered.ruled_out if each.treatment in request.GET.getlist("service")],
        "with": request.GET.get("with", ""),
        "practitioners": choosing.practitioners_at(place),
    }
    return render(request, "portal/book/choose.html", context)


def _chosen(request: HttpRequest, offered: Offered) -> list[str]:
    """What was asked for; else the only thing that can be booked."""
    asked = request.GET.getlist("service")
    if asked or len(offered.open) != 1:
        return asked
    return [offered.open[0].treatment]


@allow(Permission.OWN_RECORD)
@unless_archived
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """Days with their free times."""
    asker = asker_of(request)
    wish = wish_of(request.GET, asker.client)
    if wish is None:
        messages.warning(request, _("Please choose at least one thing to book."))
        return redirect(f"{reverse('portal:book')}?{urlencode({'at': request.GET.get('at', '')})}")
    openings = _openings(wish, asker)
    picker = pick(openings, day_of(request.GET), lambda on: times_address(wish, on))
    context = {
        "picker": picker,
        "against": against(picker.day.against) if picker.day.against else None,
        "back": f"{reverse('portal:book')}?{wish.query}",
        "anybody": times_address(replace(wish, practitioner=None)) if wish.practitioner else "",
        "wait": f"{reverse('portal:waitlist_join')}?{wish.query}",
        **about_wish(wish, asker.client.location.zone),
    }
    return render(request, "portal/book/times.html", context)


def _openings(wish: Wish, asker: "Asker") -> Openings:
    """What is free; what is kept for the client themself they can have."""
    held = choosing.open_hold(asker.client, now=asker.now)
    return Openings(wish, asker.client, now=asker.now, instead_of=held)


def about_wish(wish: Wish, usual: str) -> dict[str, Any]:
    """What pages say of a wish, to somebody who is used to one clock."""
    return {
        "wish": wish,
        "services": service_names(wish.treatments),
        "clock": clock_note(wish.location.name, wish.location.zone, usual),
    }


def times_address(wish: Wish, on: date | None = None) -> str:
    """Where the free times for a wish are."""
    day = f"&{urlencode({'on': on.isoformat()})}" if on else ""
    return f"{reverse('portal:book_times')}?{wish.query}{day}"


@allow(Permission.OWN_RECORD)
@unless_archived
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Keep a time for ten minutes; sending it twice keeps it once."""
    asker = asker_of(request)
    wish, starts = wish_of(request.POST, asker.client), moment_of(request.POST)
    if wish is None or starts is None:
        return redirect("portal:book")
    time = _openings(wish, asker).at(starts)
    if time is None:
        messages.warning(request, too_late())
        return redirect(times_address(wish, day_of(request.POST)))
    try:
        held = hold_any(client=asker.client, visits=time.visits, booker=booker_of(asker))
    except REFUSED as error:
        messages.warning(request, refusal(error, wish.location.zone))
        return redirect(times_address(wish, time.local.date()))
    return redirect("portal:appointment", held.pk)
