"""Booking a visit for a client, and moving one: the same search for a time, and the same words where there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from pellucid.model.slot import Visit
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.booking import LookForm, MoveLookForm, NoteForm, SearchForm, VersionForm
from pellucid.web.clinic.naming import service_names, services_of
from pellucid.web.clinic.openings import Day, Search, Target, Wanted, wall_moment
from pellucid.web.clinic.people import may, member
from pellucid.web.clinic.places import YEARS, booker, day_asked, place_of, places_of, shown_at, time_asked, visit_of
from pellucid.web.clinic.refusals import BOOKING_ERRORS, error_words, fit_words, refusal_words
from pellucid.web.records.actions import appointments as actions
from pellucid.web.records.models import Appointment, Client
from pellucid.web.records.queries import desk, staff
from pellucid.web.records.queries.roster import member_of
from pellucid.web.sites import clock
from pellucid.web.sites.models import Location

SHOWN = timedelta(days=6)
"""How many days are shown after the first."""
SENT = "%Y-%m-%dT%H:%MZ"
"""How a moment is sent: UTC, whole minutes."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found where somebody points."""

    target: Target
    visit: Visit | None
    against: list[str]
    """Why it can't be there, in words; empty where it can."""
    notes: list[str]
    """What to know where it can."""
    who: str = ""


def look_at(wanted: Wanted, target: Target, request: HttpRequest) -> Looked:
    """Whether a visit can stand where somebody points, and if not, why."""
    on = clock.day(target.starts, wanted.location.zone)
    now = clock.now()
    search = Search(wanted, on, on, now=now)
    if target.starts < now:
        return Looked(target, None, [_("This time has gone by. Choose a later one.")], [])
    visit = search.at(target)
    if visit is None:
        return Looked(target, None, [refusal_words(search.against(target))], [])
    fit = search.fit(visit)
    words = fit_words(fit, health=may(request, Permission.SEE_HEALTH))
    beside = _beside(wanted, visit)
    against = [*beside, *([] if fit.bookable else words)]
    return Looked(target, visit, against, words if fit.bookable else [], search.name_of(visit))


def _beside(wanted: Wanted, visit: Visit) -> list[str]:
    """Another visit of the client at the same time."""
    own = wanted.moving.pk if wanted.moving else None
    other = desk.standing_beside(wanted.client, starts=visit.starts, ends=visit.ends, but=own)
    if other is None:
        return []
    told = {"who": other.practitioner.user.name, "place": other.location.name}
    return [_("The client has another visit at this time, with %(who)s at %(place)s.") % told]


def target_sent(request: HttpRequest) -> Target | None:
    """The time that was chosen, as a form sends it: ``2026-11-24T02:30Z/7``; None where none was."""
    moment, _slash, who = request.POST.get("start", "").partition("/")
    try:
        starts = datetime.strptime(moment, SENT).replace(tzinfo=UTC)
    except ValueError:
        return None
    known = who.isdecimal() and starts.year in YEARS
    return Target(starts, int(who), _key(request.POST.get("key", ""))) if known else None


def _key(given: str) -> str:
    """A room or device that an address names; empty where it names none."""
    kind, _dot, number = given.partition(".")
    return given if kind in {"room", "device"} and number.isdecimal() else ""


def sent(visit: Visit) -> str:
    """A time as a form sends it."""
    return f"{visit.starts:{SENT}}/{member_of(visit.practitioner)}"


def choices(days: Iterable[Day], search: Search, *, health: bool) -> list[dict[str, Any]]:
    """Days with their times as the page offers them."""
    return [
        {
            "on": each.on,
            "starts": [
                {"sent": sent(start.visits[0]), "start": start, "who": search.name_of(start.visits[0])}
                for start in each.starts
            ],
            "against": fit_words(each.against, health=health) if each.against else [],
        }
        for each in days
    ]


@allow(Permission.BOOK)
def appointment_new(request: HttpRequest) -> HttpResponse:
    """Choose a client, what is done and a time; and book it."""
    places = places_of(request)
    place = place_of(request, places)
    client = client_asked(request)
    if client is None:
        return whom(request, place, _("Book a visit"))
    today = clock.day(clock.now(), place.zone)
    given = request.POST if request.method == "POST" else request.GET
    form = LookForm(given if "service" in given else None, location=place, today=today, initial=_begin(request, today))
    note = NoteForm(request.POST or None)
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid() and note.is_valid():
        booked, wrong = _booked(request, Wanted(client, form.cleaned_data["service"], place), note)
        if booked:
            return redirect("clinic:appointment", pk=booked.pk)
    to = request.GET.get("to", "")
    context = {"client": client, "places": places, "form": form, "note": note, "wrong": wrong, "to": to}
    return shown_at(place, request, "clinic/appointment_new.html", context | _times(request, form, client, place))


def _begin(request: HttpRequest, today: date) -> dict[str, Any]:
    """What the form begins with, where one comes from a place in the calendar."""
    return {"on": max(day_asked(request.GET, "on", today), today), "with": request.GET.get("with", "")}


def client_asked(request: HttpRequest) -> Client | None:
    """Whom it is for, as the address says.

    Raises:
        Http404: it is none whom this member of staff may see.
    """
    given = request.GET.get("client") or request.POST.get("client")
    if not given:
        return None
    try:
        found = staff.clients_of(member(request)).filter(pk=given, archived_at=None).first()
    except ValidationError:
        found = None
    if found is None:
        raise Http404
    return found


def whom(request: HttpRequest, place: Location, title: str) -> HttpResponse:
    """Look for the client first."""
    form = SearchForm(request.GET)
    search = form.cleaned_data["search"] if form.is_valid() else ""
    found = staff.find_clients(member(request), staff.Filters(search=search))[: desk.MOST_FOUND] if search else []
    kept = {name: request.GET[name] for name in ("at", "on", "with", "to") if request.GET.get(name)}
    context = {"title": title, "form": form, "found": found, "search": search, "kept": kept, "query": urlencode(kept)}
    return shown_at(place, request, "clinic/appointment_whom.html", context)


def _times(request: HttpRequest, form: LookForm, client: Client, place: Location) -> dict[str, Any]:
    """The times that are free, where it is known for what; and the one that somebody pointed at."""
    if not form.is_valid():
        return {}
    chosen = form.cleaned_data
    wanted = Wanted(client, chosen["service"], place)
    found = _days(request, wanted, chosen["on"], chosen["with"].pk if chosen["with"] else None)
    pointed = time_asked(request.GET, "to")
    if pointed and chosen["with"]:
        target = Target(wall_moment(*pointed, place.zone), chosen["with"].pk)
        looked = look_at(wanted, target, request)
        found |= {"looked": looked, "pointed": sent(looked.visit) if looked.visit else ""}
    return {**found, "services": service_names(chosen["service"]), "with": chosen["with"]}


def _days(request: HttpRequest, wanted: Wanted, since: date, who: int | None) -> dict[str, Any]:
    search = Search(wanted, since, since + SHOWN, now=clock.now())
    days = choices(search.days(who), search, health=may(request, Permission.SEE_HEALTH))
    return {
        "days": days,
        "any": any(each["starts"] for each in days),
        "later": (since + SHOWN + timedelta(days=1)).isoformat(),
        "since": since,
    }


def _booked(request: HttpRequest, wanted: Wanted, note: NoteForm) -> tuple[Appointment | None, list[str]]:
    """Book what was chosen, once however often the form is sent; or why it can't be had."""
    target = target_sent(request)
    if target is None:
        return None, [_("Please choose a time.")]
    same = desk.booked_at(wanted.client, wanted.treatments, starts=target.starts, member=target.member)
    if same is not None:
        return same, []
    looked = look_at(wanted, target, request)
    if looked.visit is None or looked.against:
        return None, looked.against
    try:
        booked = actions.book(
            client=wanted.client, visit=looked.visit, booker=booker(request), note=note.cleaned_data["note"]
        )
    except BOOKING_ERRORS as error:
        return None, refused(request, error, wanted.location)
    messages.success(request, _said(booked))
    return booked, []


def _said(booked: Appointment) -> str:
    if booked.state == "tentative":
        return _("Booked, and tentative until a practitioner has signed it. The client gets a message.")
    return _("Booked. The client gets a message.")


def refused(request: HttpRequest, error: Exception, place: Location) -> list[str]:
    """What an action refused, in words for who asked for it."""
    return error_words(error, health=may(request, Permission.SEE_HEALTH), zone=ZoneInfo(place.zone))


@allow(Permission.BOOK)
def appointment_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a visit to another time, person or room.

    With ``to`` and ``column`` in the address it tells whether the visit can stand there, before anything is changed; a
    request by script gets that answer alone.
    """
    visit = visit_of(request, pk)
    wanted = Wanted(visit.client, tuple(part.treatment for part in visit.parts.all()), visit.location, visit)
    wrong: list[str] = []
    if request.method == "POST":
        moved, wrong = _moved(request, wanted, visit)
        if moved:
            return redirect(_back(request, moved))
    looked = _pointed(request, wanted, visit)
    context: dict[str, Any] = {
        "visit": visit,
        "client": visit.client,
        "looked": looked,
        "wrong": wrong,
        "services": services_of(visit),
        "version": VersionForm(initial={"version": visit.version}),
    }
    if looked and request.headers.get("X-Part"):
        return shown_at(visit.location, request, "clinic/parts/drop.html", context | _to_send(looked, request))
    return shown_at(
        visit.location, request, "clinic/appointment_move.html", context | _other_times(request, wanted, visit)
    )


def _pointed(request: HttpRequest, wanted: Wanted, visit: Appointment) -> Looked | None:
    """What is where somebody points with the visit in hand."""
    pointed = time_asked(request.GET, "to")
    if pointed is None:
        return None
    kind, _dot, number = request.GET.get("column", "").partition(".")
    who = int(number) if kind == "practitioner" and number.isdecimal() else visit.practitioner_id
    key = _key(request.GET.get("column", ""))
    return look_at(wanted, Target(wall_moment(*pointed, visit.location.zone), who, key), request)


def _to_send(looked: Looked, request: HttpRequest) -> dict[str, Any]:
    """What the form of a drop sends."""
    return {
        "start": sent(looked.visit) if looked.visit else "",
        "key": looked.target.key,
        "back": request.GET.get("back", ""),
    }


def _other_times(request: HttpRequest, wanted: Wanted, visit: Appointment) -> dict[str, Any]:
    """Times to choose from, around the one that it has."""
    zone = visit.location.zone
    today = clock.day(clock.now(), zone)
    begin = {"on": max(today, clock.day(visit.starts, zone)), "with": str(visit.practitioner_id)}
    given = request.GET if "on" in request.GET else begin
    form = MoveLookForm(given, location=visit.location, today=today)
    if not form.is_valid():
        return {"form": form}
    who = form.cleaned_data["with"]
    return {"form": form, **_days(request, wanted, form.cleaned_data["on"], who.pk if who else None)}


def _moved(request: HttpRequest, wanted: Wanted, visit: Appointment) -> tuple[Appointment | None, list[str]]:
    """Move it to what was chosen, once however often the form is sent; or why it can't be there."""
    target, version = target_sent(request), VersionForm(request.POST)
    if target is None or not version.is_valid():
        return None, [_("Please choose a time.")]
    looked = look_at(wanted, target, request)
    if looked.visit is None or looked.against:
        return None, looked.against
    try:
        moved = actions.reschedule(
            appointment=visit,
            version=version.cleaned_data["version"],
            visit=looked.visit,
            booker=booker(request),
            exactly=bool(target.key),
        )
    except BOOKING_ERRORS as error:
        return None, refused(request, error, visit.location)
    messages.success(request, _("Moved. The client gets a message with the new time."))
    return moved, []


def _back(request: HttpRequest, moved: Appointment) -> str:
    """To the calendar that it was moved on, else to its page."""
    back = request.POST.get("back", "")
    if back:
        return f"{reverse('clinic:calendar')}?{back}#visit-{moved.pk}-0"
    return reverse("clinic:appointment", args=[moved.pk])
