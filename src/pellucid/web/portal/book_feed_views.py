"""A client's visits in their own calendar: a private address, made, shown once, and taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.me import asker_of
from pellucid.web.records.actions.feeds import make_feed, revoke_feed


@allow(Permission.OWN_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Whether there is an address; a button makes a new one or takes it back."""
    asker = asker_of(request)
    if request.method != "POST":
        return _show(request, has=bool(asker.client.calendar_token_hash))
    match request.POST.get("do"):
        case "make":
            address = make_feed(client=asker.client, actor=asker.actor, now=asker.now)
            return _show(request, has=True, address=address)
        case "revoke":
            revoke_feed(client=asker.client, actor=asker.actor, now=asker.now)
            messages.success(request, _("Taken back. The address shows nothing any more."))
            return redirect("portal:calendar_feed")
        case _:
            return HttpResponseBadRequest()


def _show(request: HttpRequest, *, has: bool, address: str = "") -> HttpResponse:
    """The address stands on one page only; no cache keeps it, as none of a client's pages."""
    webcal = address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1)
    return render(request, "portal/book/feed.html", {"has": has, "address": address, "webcal": webcal})
