"""A client's own pages: where one stands, and the result of a consultation."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.book_visit import VisitShown
from pellucid.web.portal.consult_page import Visit
from pellucid.web.portal.me import asker_of
from pellucid.web.portal.me_result import Result
from pellucid.web.records.actions.consultations import Asker
from pellucid.web.records.queries import appointments, choosing
from pellucid.web.records.queries import consultations as queries
from pellucid.web.sites import knowledge as sites

AT_ONCE = 3
"""Visits on the first page; the others are one click away."""


@allow(Permission.OWN_RECORD)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where one stands, and what comes next."""
    visit = Visit(asker_of(request))
    context = {
        "client": visit.asker.client,
        "coming": coming(visit.asker),
        "draft": visit.draft,
        "left": visit.standing.likely_left if visit.draft else 0,
        "given_in": queries.given_in(visit.asker.client),
        "wanted": f"treatment.{visit.asker.client.wanted}",
    }
    return render(request, "portal/me/home.html", context)


def coming(asker: Asker) -> list[VisitShown]:
    """What is kept and waits for the client's word, and the next visits."""
    held = choosing.kept(asker.client, now=asker.now)
    found = [*held, *appointments.coming(asker.client, now=asker.now)]
    return [VisitShown(each, now=asker.now) for each in found[: max(AT_ONCE, len(held))]]


def _result(request: HttpRequest, number: UUID) -> Result:
    """One of the client's own results, in the page's language.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    found = queries.result_of(asker_of(request).client, number)
    if found is None:
        raise Http404
    language = sites.KNOWLEDGE_LANGUAGE.get(get_language() or "en", "en")
    return Result(found, sites.current().texts(language))


@allow(Permission.OWN_RECORD)
@require_safe
def result(request: HttpRequest, number: UUID) -> HttpResponse:
    """What a consultation came to."""
    return render(request, "portal/me/result.html", {"result": _result(request, number)})


@allow(Permission.OWN_RECORD)
@require_safe
def result_pdf(request: HttpRequest, number: UUID) -> HttpResponse:
    """The same as a PDF to keep or to take along."""
    found = _result(request, number)
    response = HttpResponse(found.pdf(), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="pore-care-{found.report.today.isoformat()}.pdf"'
    return response
