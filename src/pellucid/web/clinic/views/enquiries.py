"""Questions that visitors asked on the public page."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.people import member
from pellucid.web.records.actions.enquiries import mark_answered
from pellucid.web.records.queries import staff
from pellucid.web.sites import clock

A_PAGE = 20


@allow(Permission.ANSWER_ENQUIRIES)
def enquiries(request: HttpRequest) -> HttpResponse:
    """List what was asked: what waits, the oldest first; or what was answered, the newest first."""
    answered = request.GET.get("answered") == "1"
    found = staff.enquiries_answered() if answered else staff.enquiries_open()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "answered": answered, "kept": "answered=1" if answered else ""}
    return render(request, "clinic/enquiries.html", context)


@require_POST
@allow(Permission.ANSWER_ENQUIRIES)
def enquiry_answered(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark a question as answered."""
    found = get_object_or_404(staff.enquiries(), pk=pk)
    mark_answered(enquiry=found, by=member(request).user, now=clock.now())
    messages.success(request, _("Marked as answered."))
    return redirect("clinic:enquiries")
