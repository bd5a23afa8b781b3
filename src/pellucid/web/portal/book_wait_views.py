"""Waiting for a time: what one waits for, joining, leaving, and answering an offer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pellucid.model.errors import InputError
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.book_refusals import REFUSED, refusal
from pellucid.web.portal.book_views import about_wish, booker_of, times_address
from pellucid.web.portal.book_visit import VisitShown
from pellucid.web.portal.book_visit_views import about_visit, say_booked
from pellucid.web.portal.book_wait import EntryShown, WaitForm
from pellucid.web.portal.book_wish import wish_of
from pellucid.web.portal.me import asker_of, unless_archived
from pellucid.web.records.actions import waitlist as actions
from pellucid.web.records.queries import waiting as queries
from pellucid.web.sites.clock import day


@allow(Permission.OWN_RECORD)
@require_safe
def waitlist(request: HttpRequest) -> HttpResponse:
    """What one waits for, and what is offered."""
    asker = asker_of(request)
    offers = [(each, VisitShown(each.appointment, now=asker.now)) for each in queries.open_offers(asker.client)]
    context = {
        "entries": [EntryShown(each) for each in queries.entries_of(asker.client)],
        "offers": [(offer, visit) for offer, visit in offers if visit.held],
    }
    return render(request, "portal/book/waitlist.html", context)


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def waitlist_join(request: HttpRequest) -> HttpResponse:
    """Say when one could come; the same sent twice waits once."""
    asker = asker_of(request)
    wish = wish_of(request.POST if request.method == "POST" else request.GET, asker.client)
    if wish is None:
        return redirect("portal:book")
    form = WaitForm(request.POST or None, today=day(asker.now, wish.location.zone), clinic=wish.location.clinic)
    if request.method == "POST" and form.is_valid():
        try:
            actions.join(
                client=asker.client,
                location=wish.location,
                treatments=wish.treatments,
                practitioner=wish.practitioner,
                booker=booker_of(asker),
                **form.wanted,
            )
        except InputError:
            form.add_error(
                None, _("You wait for as many visits as one can. Please stop waiting for one of them first.")
            )
        else:
            messages.success(request, _("You are on the list. We write to you when a time becomes free."))
            return redirect("portal:waitlist")
    context = {"form": form, "back": times_address(wish), **about_wish(wish, asker.client.location.zone)}
    return render(request, "portal/book/wait.html", context)


@allow(Permission.OWN_RECORD)
@require_POST
def waitlist_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Wait no longer; sending it twice is harmless."""
    asker = asker_of(request)
    found = queries.entry_of(asker.client, pk)
    if found is None:
        raise Http404
    actions.leave(entry=found, booker=booker_of(asker))
    messages.success(request, _("You don't wait for this any more."))
    return redirect("portal:waitlist")


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A time that became free and is kept: take it, or let it go to the next."""
    asker = asker_of(request)
    found = queries.offer_of(asker.client, pk)
    if found is None:
        raise Http404
    visit = VisitShown(found.appointment, now=asker.now)
    if request.method != "POST":
        if visit.standing:
            return redirect("portal:appointment", visit.pk)
        again = {"waits": found.entry.state == "waiting"}
        return render(request, "portal/book/offer.html", {"offer": found, **again, **about_visit(visit)})
    if request.POST.get("do") != "accept":
        actions.decline(offer=found, booker=booker_of(asker))
        messages.success(request, _("Thank you for telling us. You stay on the list."))
        return redirect("portal:waitlist")
    try:
        booked = actions.accept(offer=found, booker=booker_of(asker))
    except REFUSED as error:
        messages.warning(request, refusal(error, visit.zone))
        return redirect("portal:offer", pk)
    say_booked(request, booked)
    return redirect("portal:appointment", booked.pk)
