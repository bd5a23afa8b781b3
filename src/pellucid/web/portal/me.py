"""What every page of a client begins with: who asks, and when."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from pellucid.web.records.actions.consultations import Asker
from pellucid.web.sites import clock

CONFLICT = 409
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def unless_archived(view: View[P]) -> View[P]:
    """Let a page run for a client who comes to the clinic; one who was archived is told kindly how to come back."""

    @wraps(view)
    def asked(request: HttpRequest, /, *arguments: P.args, **named: P.kwargs) -> HttpResponse:
        client = getattr(request, "client_record", None)
        if client is None or client.archived_at is None:
            return view(request, *arguments, **named)
        return render(request, "portal/me/archived.html", status=CONFLICT if request.method == "POST" else None)

    return asked


def asker_of(request: HttpRequest) -> Asker:
    """Whoever is signed in, as the one who acts on their own record.

    Raises:
        Http404: they have none.
    """
    client = getattr(request, "client_record", None)
    if client is None:
        raise Http404
    return Asker(client, request.user.ref, clock.now())  # type: ignore[union-attr] # only users have a record


def sent_id(request: HttpRequest, name: str) -> UUID | None:
    """An id that a form sent; None where it is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def sent_number(request: HttpRequest, name: str) -> int:
    """A number that a form sent; 0 where it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0  # noqa: PLR2004 - what an integer holds
