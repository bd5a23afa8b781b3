"""The calendar: a day or a week of people, rooms or devices, and what others change in it meanwhile."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.people import may, member
from pellucid.web.clinic.places import day_asked, place_of, places_of, shown_at
from pellucid.web.clinic.sheet import Asked, Sheet
from pellucid.web.records.queries.appointments import changes_token
from pellucid.web.sites import clock

if TYPE_CHECKING:
    from pellucid.web.records.queries.desk import Kind
    from pellucid.web.sites.models import Location

KINDS: dict[str, Promise] = {"practitioner": _("People"), "room": _("Rooms"), "device": _("Devices")}
VIEWS: dict[str, Promise] = {"day": pgettext_lazy("calendar", "Day"), "week": pgettext_lazy("calendar", "Week")}
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


class Look:
    """What somebody looks at, as the address says; what it says wrongly is as if it said nothing."""

    def __init__(self, request: HttpRequest) -> None:
        """Read the address."""
        given = request.GET
        self.now = clock.now()
        self.places = places_of(request)
        self.place: Location = place_of(request, self.places)
        self.today = clock.day(self.now, self.place.zone)
        self.on = day_asked(given, "on", self.today)
        self.view = given["view"] if given.get("view") in VIEWS else "day"
        self.by = cast("Kind", given["by"] if given.get("by") in KINDS else "practitioner")
        self.who = given.get("who", "") if given.get("who", "").isdecimal() else ""
        self._own = str(member(request).pk)
        self.token = changes_token(self.place, *self.days)
        """What changes when anything on these days does; read before anything else is, so that nothing is missed."""

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day; a week begins on Monday."""
        if self.view == "day":
            return self.on, self.on
        monday = self.on - self.on.weekday() * DAY
        return monday, monday + WEEK - DAY

    def query(self, **changed: str) -> str:
        """The address of the same, but for what is changed."""
        found = {"view": self.view, "by": self.by, "on": self.on.isoformat(), "at": self.place.slug, "who": self.who}
        return urlencode({name: value for name, value in {**found, **changed}.items() if value})

    def sheet(self) -> Sheet:
        """The columns; of a week, those of whom the address names, else one's own, else of the first there is."""
        since, until = self.days
        who = self.who or (self._own if self.by == "practitioner" else "")
        key = f"{self.by}.{who}" if self.view == "week" and who else ""
        asked = Asked(self.place, since, until, self.by, key, one=self.view == "week")
        return Sheet(asked, now=self.now)


@allow(Permission.BOOK)
def calendar(request: HttpRequest) -> HttpResponse:
    """Show it, with the ways to other days, views and places."""
    look = Look(request)
    step = DAY if look.view == "day" else WEEK
    sheet = look.sheet()
    shown = {
        **_part(look, sheet, request),
        "places": look.places,
        "kinds": [(words, look.query(by=kind, who=""), kind == look.by) for kind, words in KINDS.items()],
        "views": [(words, look.query(view=view), view == look.view) for view, words in VIEWS.items()],
        "before": look.query(on=(look.on - step).isoformat()),
        "after": look.query(on=(look.on + step).isoformat()),
        "today": look.query(on=look.today.isoformat()),
    }
    return shown_at(look.place, request, "clinic/calendar.html", shown)


@allow(Permission.BOOK)
def calendar_part(request: HttpRequest) -> HttpResponse:
    """The columns alone where something has changed since; nothing (204) where nothing has."""
    look = Look(request)
    if request.GET.get("token") == look.token:
        return HttpResponse(status=204)
    return shown_at(
        look.place, request, "clinic/parts/sheet.html", {**_part(look, look.sheet(), request), "news": True}
    )


def _part(look: Look, sheet: Sheet, request: HttpRequest) -> dict[str, Any]:
    since, until = look.days
    return {
        "look": look,
        "since": since,
        "until": until,
        "sheet": sheet,
        "again": f"{reverse('clinic:calendar_part')}?{look.query(who=sheet.who)}&{urlencode({'token': look.token})}",
        "health": may(request, Permission.SEE_HEALTH),
        "here": look.query(who=sheet.who),
    }
