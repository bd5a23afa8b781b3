"""One's own account, and joining the staff. Signing in itself is allauth's, under our addresses (``urls.py``)."""

from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pellucid.web.accounts.actions import (
    InvitationError,
    StaffError,
    accept_invitation,
    find_invitation,
)
from pellucid.web.accounts.actions import sign_out_everywhere as end_sessions
from pellucid.web.accounts.backend import has_second_factor
from pellucid.web.accounts.models import User
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.sites.clock import now


@allow(Permission.SIGNED_IN)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """How one signs in, and how to sign out."""
    return render(request, "account/account.html", {"second_factor": has_second_factor(_user(request))})


@allow(Permission.SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ask, then end every session."""
    if request.method != "POST":
        return render(request, "account/sign_out_everywhere.html")
    end_sessions(user=_user(request), now=now())
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("portal:home")


@allow(Permission.SIGNED_IN)
@never_cache
@require_safe
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Why staff need a second factor, and the two ways to have one; onwards once there is one."""
    after = get_next_redirect_url(request)
    if has_second_factor(_user(request)):
        return redirect(after or "clinic:start")
    return render(request, "account/second_factor_needed.html", {"after": after})


@allow(Permission.SIGNED_IN)
@never_cache
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Allauth's page, but for the last second factor of staff: that one stays."""
    passkey = Authenticator.objects.filter(pk=pk, user=_user(request), type=Authenticator.Type.WEBAUTHN).first()
    if passkey is not None and not get_adapter().can_delete_authenticator(passkey):
        messages.warning(request, _("Staff always keep a second factor. Add another one first."))
        return redirect("mfa_list_webauthn")
    return cast("HttpResponse", remove_webauthn(request, pk=pk))


@allow(Permission.PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation; joining is a press of a button, so that mail scanners that follow links accept nothing."""
    try:
        found = find_invitation(token, now=now())
        stranger = request.user.is_authenticated and request.user.email != found.email
        if request.method != "POST" or stranger:
            page = {"invitation": found, "stranger": stranger}
            return render(request, "account/invitation.html", page)
        member = accept_invitation(token=token, now=now())
    except InvitationError:
        return render(request, "account/invitation_over.html", status=410)
    except StaffError:
        messages.info(request, _("You belong to the staff already. Please sign in."))
        return redirect("account_login")
    if request.user.is_authenticated:
        return redirect("account_second_factor")
    return sign_in(request, member.user, after=reverse("account_second_factor"), email=found.email)


def sign_in(request: HttpRequest, user: User, *, after: str, **address: str) -> HttpResponse:
    """Sign somebody in who showed that an address is theirs; a second factor is asked for where there is one.

    Args:
        request: theirs.
        user: who.
        after: where to then.
        address: ``email`` or ``phone``, whichever it was.
    """
    record_authentication(request, user, method="code", **address)
    login: Any = Login(user=user, redirect_url=after, email=address.get("email"))
    return cast("HttpResponse", perform_login(request, login))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
