"""The waitlist: who waits for what, in turn; putting somebody on it, offering a time, and taking somebody off."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pellucid.model.errors import InputError
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.booking import DAYS, WaitForm, minutes
from pellucid.web.clinic.naming import service_names
from pellucid.web.clinic.openings import Day, Search, Start, Wanted
from pellucid.web.clinic.people import may, member
from pellucid.web.clinic.places import booker, day_asked, place_of, places_of, shown_at
from pellucid.web.clinic.refusals import BOOKING_ERRORS
from pellucid.web.clinic.views.booking import SHOWN, choices, client_asked, look_at, refused, target_sent, whom
from pellucid.web.records.actions import waitlist as actions
from pellucid.web.records.actions.offering import wanted as is_wanted
from pellucid.web.records.models import Client, WaitlistEntry
from pellucid.web.records.queries import desk
from pellucid.web.sites import clock
from pellucid.web.sites.hours import MIDNIGHT


@allow(Permission.BOOK)
def waitlist(request: HttpRequest) -> HttpResponse:
    """List who waits at a location."""
    places = places_of(request)
    place = place_of(request, places)
    rows = [_told(each) for each in desk.waiting(place)]
    return shown_at(place, request, "clinic/waitlist.html", {"places": places, "rows": rows})


def _told(entry: WaitlistEntry) -> dict[str, Any]:
    """Somebody's waiting in words."""
    return {
        "entry": entry,
        "services": service_names(entry.treatments),
        "days": [DAYS[each] for each in entry.weekdays],
        "earliest": _clock(entry.earliest) if entry.earliest else "",
        "latest": _clock(entry.latest) if entry.latest < MIDNIGHT else "",
        "offer": next(iter(entry.open_offers), None) if hasattr(entry, "open_offers") else None,
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@allow(Permission.BOOK)
def waitlist_add(request: HttpRequest) -> HttpResponse:
    """Put a client on the waitlist."""
    place = place_of(request, places_of(request))
    client = client_asked(request)
    if client is None:
        return whom(request, place, _("Put somebody on the waitlist"))
    form = WaitForm(request.POST or None, location=place, today=clock.day(clock.now(), place.zone))
    if request.method == "POST" and form.is_valid() and _joined(request, form, client):
        messages.success(
            request, _("They are on the waitlist. When a time that fits becomes free, they get a message.")
        )
        return redirect(f"{reverse('clinic:waitlist')}?{urlencode({'at': place.slug})}")
    return shown_at(place, request, "clinic/waitlist_add.html", {"client": client, "form": form})


def _joined(request: HttpRequest, form: WaitForm, client: Client) -> bool:
    chosen = form.cleaned_data
    place = place_of(request, places_of(request))
    try:
        actions.join(
            client=client,
            location=place,
            treatments=chosen["service"],
            since=chosen["since"],
            until=chosen["until"],
            practitioner=chosen["with"],
            weekdays=chosen["weekdays"],
            earliest=minutes(chosen["earliest"], 0),
            latest=minutes(chosen["latest"], MIDNIGHT),
            booker=booker(request),
        )
    except InputError:
        form.add_error(None, _("They wait for as many visits as one can. Take them off for one of these first."))
        return False
    except BOOKING_ERRORS as error:
        for words in refused(request, error, place):
            form.add_error(None, words)
        return False
    return True


@allow(Permission.BOOK)
def waitlist_offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose a time that is free and that somebody who waits would take, and hold it for them."""
    entry = _entry(request, pk)
    wanted = Wanted(entry.client, tuple(entry.treatments), entry.location)
    wrong: list[str] = []
    if request.method == "POST":
        wrong = _offered(request, entry, wanted)
        if not wrong:
            messages.success(request, _("Offered: the time is held for them, and they get a message."))
            return redirect(f"{reverse('clinic:waitlist')}?{urlencode({'at': entry.location.slug})}")
    today = clock.day(clock.now(), entry.location.zone)
    since = max(day_asked(request.GET, "on", today), today, entry.since)
    until = min(since + SHOWN, entry.until)
    context = {
        "told": _told(entry),
        "services": service_names(entry.treatments),
        "client": entry.client,
        "wrong": wrong,
        "free": _days(request, entry, wanted, since, until),
        "later": min(since + SHOWN, entry.until).isoformat() if until < entry.until else "",
    }
    return shown_at(entry.location, request, "clinic/waitlist_offer.html", context)


def _days(request: HttpRequest, entry: WaitlistEntry, wanted: Wanted, since: date, until: date) -> list[dict[str, Any]]:
    """Days with the times that they asked for, and nothing where they asked for no day that is to come."""
    if until < since:
        return []
    search = Search(wanted, since, until, now=clock.now())
    asked = [Day(each.on, _asked(entry, each), each.against) for each in search.days(entry.practitioner_id)]
    return choices(asked, search, health=may(request, Permission.SEE_HEALTH))


def _asked(entry: WaitlistEntry, day: Day) -> tuple[Start, ...]:
    return tuple(each for each in day.starts if is_wanted(entry, each.visits[0]))


def _offered(request: HttpRequest, entry: WaitlistEntry, wanted: Wanted) -> list[str]:
    """Offer what was chosen; or why it can't be."""
    target = target_sent(request)
    if target is None:
        return [_("Please choose a time.")]
    looked = look_at(wanted, target, request)
    if looked.visit is None or looked.against:
        return looked.against
    try:
        actions.offer(entry=entry, visit=looked.visit, booker=booker(request))
    except BOOKING_ERRORS as error:
        return refused(request, error, entry.location)
    return []


@require_POST
@allow(Permission.BOOK)
def waitlist_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take somebody off the waitlist."""
    entry = _entry(request, pk)
    actions.leave(entry=entry, booker=booker(request))
    messages.success(request, _("They are off the waitlist."))
    return redirect(f"{reverse('clinic:waitlist')}?{urlencode({'at': entry.location.slug})}")


def _entry(request: HttpRequest, pk: UUID) -> WaitlistEntry:
    """The entry of that id.

    Raises:
        Http404: there is none, or none that this member of staff may see.
    """
    found = desk.entry_of(member(request), pk)
    if found is None:
        raise Http404
    return found
