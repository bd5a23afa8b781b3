"""Who of the staff is behind a request, what they may do, and whose record they look at."""

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from pellucid.web.accounts.models import Membership
from pellucid.web.accounts.permissions import Permission, permissions_of
from pellucid.web.records.models import Client, Consultation
from pellucid.web.records.queries.staff import clients_of, consultations_of


def member(request: HttpRequest) -> Membership:
    """The member of staff behind a request.

    Raises:
        PermissionDenied: there is none.
    """
    found = cast("Membership | None", getattr(request, "membership", None))
    if found is None:
        raise PermissionDenied
    return found


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the member of staff behind a request may do something beside what the view itself asks for."""
    return permission in permissions_of(member(request))


def client_of(request: HttpRequest, pk: UUID) -> Client:
    """The client of that id.

    Raises:
        Http404: there is none, or it is none whom this member of staff may see.
    """
    return get_object_or_404(clients_of(member(request)).select_related("location", "practitioner__user"), pk=pk)


def consultation_of(request: HttpRequest, pk: UUID) -> Consultation:
    """The consultation of that id, with its client.

    Raises:
        Http404: there is none that was given in, or it is of a client whom this member of staff may not see.
    """
    return get_object_or_404(consultations_of(member(request)), pk=pk)
