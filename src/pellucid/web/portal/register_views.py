"""Registering: a short form, a code, done. And the page on which a guardian agrees."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseGone
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pellucid.web.accounts.forms import CodeField
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.accounts.views import sign_in
from pellucid.web.portal.register_form import AN_OFFER, RegistrationForm, code_error
from pellucid.web.records.actions import guardians, registration
from pellucid.web.records.queries.registration import Choices, choices
from pellucid.web.sites import clock
from pellucid.web.sites.queries import clinic_zone, document

KEPT = "registration"
"""Where a session remembers the registration that waits for its code: its number (None for a trapped program) and
the address."""


class CodeForm(forms.Form):
    """The code that was sent."""

    code = CodeField()


@allow(Permission.PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form."""
    record = getattr(request, "client_record", None)
    if record is not None and record.archived_at is None:
        messages.info(request, _("You are registered already. This is your page."))
        return redirect("portal:me")
    now = clock.now()
    offered = choices(clock.day(now, clinic_zone()), get_language() or "en")
    if not offered.complete:
        return render(request, "portal/register_closed.html", status=503)
    if request.method != "POST":
        form = RegistrationForm(choices=offered, now=now, initial=_asked_for(request, offered))
        return render(request, "portal/register.html", {"form": form})
    form = RegistrationForm(request.POST, choices=offered, now=now)
    if not form.is_valid():
        return render(request, "portal/register.html", {"form": form})
    return _registered(request, form, now)


def _registered(request: HttpRequest, form: RegistrationForm, now: datetime) -> HttpResponse:
    wish = form.wish()
    number = None
    if not form.cleaned_data["website"]:
        try:
            token = form.cleaned_data["token"]
            made = registration.register(wish=wish, token=token, visitor=_visitor(request), now=now)
        except registration.TooManyError as fault:
            return _too_many(request, fault, now, form)
        number = str(made.pk)
    request.session[KEPT] = {"number": number, "address": wish.address}
    return redirect("portal:register_code")


@allow(Permission.PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; with the right one somebody is registered and signed in."""
    kept = request.session.get(KEPT)
    if kept is None:
        return redirect("portal:me" if request.user.is_authenticated or request.method == "POST" else "portal:register")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _confirmed(request, kept, form.cleaned_data["code"])
        except registration.CodeError as fault:
            form.add_error("code", code_error("wrong" if kept["number"] is None else fault.why))
    page = {"form": form, "address": kept["address"], "is_phone": kept["address"].startswith("+")}
    return render(request, "portal/register_code.html", page)


def _confirmed(request: HttpRequest, kept: dict[str, Any], typed: str) -> HttpResponse:
    if kept["number"] is None:
        raise registration.CodeError("wrong")
    user = registration.confirm(number=UUID(kept["number"]), code=typed, now=clock.now())
    address = kept["address"]
    named = {"phone": address} if kept["address"].startswith("+") else {"email": address}
    response = sign_in(request, user, after=reverse("portal:me"), **named)
    if request.user.is_authenticated:
        request.session.pop(KEPT, None)
        messages.success(request, _next_words(user))
    return response


def _next_words(user: Any) -> str:
    client = user.client
    if client.guardian_contact and client.guardian_consent_at is None:
        words = _(
            "You are registered. We have written to {guardian}, who has to agree before your first visit. Meanwhile "
            "you can answer the questions about your skin."
        )
        return words.format(guardian=client.guardian_name)
    return _("You are registered. Next come a few questions about your skin; then we get in touch about your visit.")


@allow(Permission.PUBLIC)
@never_cache
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Send another code."""
    kept = request.session.get(KEPT)
    if kept is None:
        return redirect("portal:register")
    now = clock.now()
    try:
        if kept["number"] is not None:
            registration.send_again(number=UUID(kept["number"]), now=now)
    except registration.TooManyError as fault:
        return _too_many(request, fault, now)
    except registration.CodeError:
        return redirect("portal:register")
    messages.info(request, _("A new code is on its way. Codes sent before don't work any more."))
    return redirect("portal:register_code")


@allow(Permission.PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """Show a guardian what they are asked; agreeing is a press of a button."""
    now = clock.now()
    terms = document("terms", get_language() or "en")
    try:
        client = guardians.client_of(token, now=now)
    except guardians.LinkError:
        return HttpResponseGone(render(request, "portal/register_guardian_over.html").content)
    sentence = _("I am a parent or guardian of {child} and agree that they come to {clinic} for advice and care.")
    form = GuardianForm(request.POST if request.method == "POST" else None)
    form.fields["agree"].label = sentence.format(child=client.name, clinic=client.location.clinic.name)
    if request.method == "POST" and terms is not None and form.is_valid():
        words = str(form.fields["agree"].label)
        client = guardians.agree(token=token, document=terms, sentence=words, now=now)
    page = {"client": client, "form": form, "agreed": client.guardian_consent_at is not None}
    return render(request, "portal/register_guardian.html", page)


class GuardianForm(forms.Form):
    """One box."""

    agree = forms.BooleanField()


def _too_many(
    request: HttpRequest, fault: registration.TooManyError, now: datetime, form: RegistrationForm | None = None
) -> HttpResponse:
    """Tell when to try again; what was typed stays in the page."""
    seconds = max(60, int((fault.until - now).total_seconds()))
    page = {"minutes": -(-seconds // 60), "form": form}
    answer = render(request, "portal/register_too_many.html", page, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _visitor(request: HttpRequest) -> str:
    """Where a request comes from, so that it can be counted and not read."""
    return salted_hmac("pellucid.visitor", get_ip(request), algorithm="sha256").hexdigest()


def _asked_for(request: HttpRequest, offered: Choices) -> dict[str, str]:
    """What a link from a treatment's or an offer's page has chosen already."""
    treatment, slug = request.GET.get("treatment", ""), request.GET.get("offer", "")
    if any(each.treatment == treatment for each in offered.services):
        return {"wanted": treatment}
    offer = next((each for each in offered.offers if each.slug == slug), None)
    return {"wanted": f"{AN_OFFER}{offer.pk}"} if offer else {}
