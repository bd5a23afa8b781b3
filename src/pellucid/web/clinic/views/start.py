"""The staff's first page: what waits for whom."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.people import may, member
from pellucid.web.jobs.models import Job
from pellucid.web.outbox.models import Message
from pellucid.web.records.queries import staff

SHOWN = 10


@allow(Permission.SEE_CLIENTS)
def start(request: HttpRequest) -> HttpResponse:
    """Show what waits: consultations with red flags first, questions asked, and what has failed."""
    context: dict[str, Any] = {"name": member(request).user.name}
    if may(request, Permission.SEE_HEALTH):
        waiting = staff.to_review(member(request))
        context |= {"waiting": waiting[:SHOWN], "more": len(waiting) - SHOWN, "red": sum(each.red for each in waiting)}
    if may(request, Permission.ANSWER_ENQUIRIES):
        enquiries = staff.enquiries_open()
        context |= {"enquiries": enquiries[:SHOWN], "asked": enquiries.count()}
    if may(request, Permission.SEE_OPERATIONS):
        context["stuck"] = Message.objects.filter(state="stuck").count()
        context["failed"] = Job.objects.filter(state="given_up").count()
    return render(request, "clinic/start.html", context)
