"""Calendars that people keep elsewhere: connecting one, and letting it go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pellucid.exchange.busy_ical import BusyFileError
from pellucid.web.accounts.models import Membership
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.roster import BusyFeedForm
from pellucid.web.clinic.views.roster import asked, back_to, by_now, changing
from pellucid.web.records.actions import busy_feeds
from pellucid.web.records.models import BusyFeed


@allow(Permission.BOOK)
def busy_feed_add(request: HttpRequest, number: int) -> HttpResponse:
    """Connect a calendar: one's own, or as the owner anybody's."""
    person = changing(request, number)
    form = BusyFeedForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _added(request, person, form):
        return redirect(back_to(person))
    title = _("Connect a calendar: %(name)s") % {"name": person.user.name}
    return asked(request, form, title, back_to(person), multipart=True, lead=_lead())


def _lead() -> str:
    return _("Only the times at which that calendar says busy are taken over, never what for.")


def _added(request: HttpRequest, person: Membership, form: BusyFeedForm) -> bool:
    chosen, told = form.cleaned_data, {"membership": person, "name": form.cleaned_data["name"], **by_now(request)}
    try:
        if chosen["url"]:
            busy_feeds.add_feed(**told, url=chosen["url"])
            messages.success(request, _("Connected. It is being read; look again in a minute."))
        else:
            busy_feeds.add_file(**told, text=chosen["file"].read())
            messages.success(request, _("Saved."))
    except BusyFileError:
        form.add_error("file", _("This can't be read as a calendar. Please export it once more as an .ics file."))
    except busy_feeds.TooManyFeedsError:
        form.add_error(None, _("There are five calendars already. Remove one first."))
    return form.is_valid()


@require_POST
@allow(Permission.BOOK)
def busy_feed_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a calendar go."""
    found = BusyFeed.objects.filter(pk=pk).first()
    if found is None:  # a second click
        return redirect("clinic:roster")
    person = changing(request, found.membership_id)
    busy_feeds.remove_feed(pk=pk, **by_now(request))
    messages.success(request, _("Removed. Its times are free again."))
    return redirect(back_to(person))
