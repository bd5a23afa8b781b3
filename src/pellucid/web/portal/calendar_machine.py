"""A client's visits as their phone's calendar reads them, by a private address; ``records.actions.feeds`` makes it."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.records.queries.feeds import subscriber, visits_of
from pellucid.web.records.queries.told import feed_of
from pellucid.web.sites import clock

KEPT = "private, max-age=900"
"""A phone that asks more often is answered by its own copy; nobody between keeps one."""


@allow(Permission.PUBLIC)
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of an address; whoever has the address may read it, until it is taken back.

    It costs the same few queries however often it is asked for, and is sent again only where it has changed.
    """
    client = subscriber(token)
    if client is None:
        raise Http404
    body = feed_of(client, visits_of(client, now=clock.now())).encode()
    etag = f'"{sha256(body).hexdigest()}"'
    said = {"ETag": etag, "Cache-Control": KEPT, "Content-Disposition": 'inline; filename="visits.ics"'}
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=said)
    return get_conditional_response(request, etag=etag, response=response) or response
