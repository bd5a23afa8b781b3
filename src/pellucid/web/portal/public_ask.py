"""Asking the clinic a question."""

from typing import TYPE_CHECKING

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.public_forms import AskForm
from pellucid.web.portal.public_page import Page, show
from pellucid.web.records.actions import enquiries
from pellucid.web.sites import clock, queries

if TYPE_CHECKING:
    from pellucid.web.sites.models import Clinic

AT_MOST = 10
WITHIN_SECONDS = 3600
"""So many questions from one network address, until it has been quiet for so long."""


@allow(Permission.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A form with a question; nothing typed is lost where something is wrong."""
    clinic = queries.clinic()
    form = AskForm(request.POST if request.method == "POST" else None, region=clinic.region)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        return HttpResponseRedirect(reverse("portal:asked"))
    return _form_page(request, form, clinic)


def _form_page(request: HttpRequest, form: AskForm, clinic: "Clinic") -> HttpResponse:
    said = _("Ask us anything about pore care or the clinic, without registering.")
    response = show(request, "ask", Page(_("Ask us"), said), form=form, days=clinic.answers_within)
    if form.errors:
        response.status_code = 422
    return response


def _kept(request: HttpRequest, form: AskForm) -> bool:
    """Whether the question was kept; what a program wrote is thanked for and thrown away."""
    if form.trapped:
        return True
    given = form.cleaned_data
    if _too_many(request):
        form.add_error(None, _slower())
        return False
    try:
        enquiries.ask(
            key=given["key"],
            name=given["name"],
            contact=given["contact"],
            text=given["text"],
            language=get_language() or "en",
            now=clock.now(),
        )
    except enquiries.TooManyEnquiriesError:
        form.add_error(None, _slower())
        return False
    return True


def _slower() -> str:
    return _("That was a lot of questions in a short while. Please try again in an hour, or call us.")


def _too_many(request: HttpRequest) -> bool:
    """Whether this network address asked too often; if not, this one is counted. The address itself is not kept."""
    key = f"asked-{salted_hmac('pellucid.asked', get_ip(request), algorithm='sha256').hexdigest()}"
    asked = cache.get(key, 0)
    if asked >= AT_MOST:
        return True
    cache.set(key, asked + 1, WITHIN_SECONDS)
    return False


@allow(Permission.PUBLIC)
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Thanks, and when an answer comes."""
    page = Page(_("Thank you"), _("Your question has reached us."), indexed=False)
    return show(request, "asked", page, days=queries.clinic().answers_within)
