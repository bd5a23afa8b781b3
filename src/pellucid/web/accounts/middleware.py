"""Access: who somebody is, and whether a view's permission is theirs. A view that names none is refused."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from pellucid.web.accounts.backend import has_second_factor
from pellucid.web.accounts.models import Membership, User
from pellucid.web.accounts.permissions import EVERY_USER, OF_CLIENTS, Permission, permissions_of

logger = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD"})
NOT_KEPT = _(
    "You were signed out meanwhile, so what you sent just now was not saved. Please sign in and give it once more; "
    "all that was saved before is still there."
)


class DefaultDenyMiddleware:
    """Sets ``request.membership`` and ``request.client_record``, and lets a view run only where its permission allows.

    Both are None where there is none: a membership that rests is none. Somebody whose record was archived can still
    read it.
    A visitor is led to sign in, one of the staff without second factor to set one up; everybody else is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next one."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out who it is; times are shown by their location's clock, and their pages are kept in no cache."""
        identify(request)
        with timezone.override(zone_of(request)):
            response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        arguments: Sequence[Any],  # Django hands it over
        named: Mapping[str, Any],
    ) -> HttpResponseBase | None:
        """Refuse, lead elsewhere, or None to let the view run."""
        needed = getattr(view, "permission", None)
        if needed is None:
            logger.error("no permission named by view %s.%s", view.__module__, getattr(view, "__name__", "?"))
            raise PermissionDenied
        if needed == Permission.PUBLIC:
            return None
        if not request.user.is_authenticated:
            if request.method not in SAFE:
                messages.warning(request, NOT_KEPT)
            return lead(request, "account_login")
        if needed not in permissions(request):
            raise PermissionDenied
        if needed not in OF_CLIENTS and not has_second_factor(request.user):
            return lead(request, "account_second_factor")
        return None


def identify(request: HttpRequest) -> None:
    """Set ``request.membership`` and ``request.client_record``; no query where ``accounts.backend`` is used."""
    user = request.user
    membership = _related(user, "membership") if user.is_authenticated else None
    client = _related(user, "client") if user.is_authenticated else None
    request.membership = membership if membership is not None and membership.active else None  # type: ignore[attr-defined] # ours
    request.client_record = client  # type: ignore[attr-defined] # ours


def zone_of(request: HttpRequest) -> str | None:
    """The clock by which whoever asks is shown times; None for the server's."""
    record = request.membership or request.client_record  # type: ignore[attr-defined] # set above
    location = record.location if record is not None else None
    return location.zone if location is not None else None


def permissions(request: HttpRequest) -> frozenset[Permission]:
    """What whoever asks may do."""
    if not request.user.is_authenticated:
        return frozenset({Permission.PUBLIC})
    membership: Membership | None = request.membership  # type: ignore[attr-defined] # set above
    of_staff = permissions_of(membership) if membership is not None else EVERY_USER
    of_client = OF_CLIENTS if request.client_record is not None else EVERY_USER  # type: ignore[attr-defined] # set above
    return of_staff | of_client


def lead(request: HttpRequest, name: str) -> HttpResponse:
    """To another page, and afterwards back here, or where a form was sent to the page that it stood on.

    A part of a page asked for by htmx can't show another page inside itself: the whole page goes there.
    """
    partial = bool(getattr(request, "htmx", False))
    if partial:
        after = request.htmx.current_url_abs_path  # type: ignore[attr-defined] # htmx
    else:
        after = request.get_full_path() if request.method in SAFE else _page_of_form(request)
    address = reverse(name) + (f"?{urlencode({'next': after})}" if after else "")
    return HttpResponse(headers={"HX-Redirect": address}) if partial else redirect(address)


def _page_of_form(request: HttpRequest) -> str:
    """Where a form that was sent stood, as the browser tells; empty where it doesn't, or it was somewhere else."""
    told = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(told)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _related(user: User, name: str) -> Any:
    try:
        return getattr(user, name)
    except ObjectDoesNotExist:
        return None
