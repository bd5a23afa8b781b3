"""Links that sign one in as anybody of the demo. They exist in a demo alone; ``pellucid.E007`` keeps demos private."""

from collections.abc import Iterator

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from pellucid.web.accounts.models import Membership, User
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.records.models import Client

SIGNER = signing.Signer(salt="demo")
SHOWN = 5
"""So many clients get a link on the console; the staff's pages name the others."""


def link(user: User) -> str:
    """Where one is signed in as somebody, at each click anew."""
    return f"{settings.ORIGIN}/account/demo/{SIGNER.sign(str(user.pk))}/"


@allow(Permission.PUBLIC)
def follow(request: HttpRequest, signed: str) -> HttpResponse:
    """Sign in as the person of a link, as if with the second factor too; outside a demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    try:
        pk = SIGNER.unsign(signed)
    except signing.BadSignature as fault:
        raise Http404 from fault
    user = get_object_or_404(User, pk=pk, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="demo")
    works_here = Membership.objects.filter(user=user, active=True).exists()
    return redirect("clinic:start" if works_here else "portal:me")


def people() -> Iterator[tuple[str, User]]:
    """Who gets a link on the console: what they are, and who."""
    for member in Membership.objects.filter(active=True).select_related("user").order_by("pk"):
        level = f" L{member.level}" if member.level is not None else ""
        yield f"{member.role.replace('_', ' ')}{level}", member.user
    for client in (
        Client.objects.exclude(user=None).select_related("user").order_by("registered_at", "name", "pk")[:SHOWN]
    ):
        if client.user:
            yield "client", client.user
