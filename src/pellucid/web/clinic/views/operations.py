"""What runs by itself: jobs and messages, those that need somebody first; and the whole audit trail."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.lifting import ReasonForm
from pellucid.web.clinic.forms.operations import AuditForm
from pellucid.web.clinic.people import member
from pellucid.web.clinic.trail import lines
from pellucid.web.jobs.models import Job
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.operations import begin_again, send_now, set_aside
from pellucid.web.records.queries import history
from pellucid.web.sites import clock

A_PAGE = 25
TO_MEND = ("stuck", "waiting", "sending")
KINDS: Mapping[str, Promise] = {
    "code": gettext_lazy("Code to sign in"),
    "registration_code": gettext_lazy("Code to register"),
    "registered_already": gettext_lazy("Registered already"),
    "no_account": gettext_lazy("Not registered yet"),
    "welcome": gettext_lazy("Welcome"),
    "invitation": gettext_lazy("Invitation to the staff"),
    "guardian": gettext_lazy("A guardian is asked to agree"),
    "consultation_submitted": gettext_lazy("To the clinic: a consultation to sign"),
    "result_reviewed": gettext_lazy("The consultation was looked at"),
    "visit_confirmed": gettext_lazy("A visit is booked"),
    "visit_moved": gettext_lazy("A visit was moved"),
    "visit_cancelled": gettext_lazy("A visit is cancelled"),
    "visit_signed": gettext_lazy("A visit was signed"),
    "visit_offered": gettext_lazy("A time is offered from the waitlist"),
    "visit_offer_lapsed": gettext_lazy("An offer from the waitlist ran out"),
    "visit_reminder": gettext_lazy("Reminder of a visit"),
    "visit_preparation": gettext_lazy("Preparing for a visit begins"),
    "visit_ask_again": gettext_lazy("Asked to answer again before a visit"),
    "visit_guardian": gettext_lazy("A guardian is told of a visit"),
    "account": gettext_lazy("About signing in"),
}
"""Kinds of messages in words."""
JOBS: Mapping[str, Promise] = {
    "pellucid.web.outbox.background.deliver": gettext_lazy("Send messages"),
    "pellucid.web.outbox.background.forget": gettext_lazy("Delete old messages"),
    "pellucid.web.records.background.forget_unconfirmed": gettext_lazy("Delete registrations nobody confirmed"),
    "pellucid.web.records.background.forget_enquiries": gettext_lazy("Delete questions answered long ago"),
    "pellucid.web.records.background.remind": gettext_lazy("Remind of visits"),
    "pellucid.web.records.background.prepare": gettext_lazy("Tell who is to prepare for a visit"),
    "pellucid.web.records.background.lapse": gettext_lazy("End what was held or offered and nobody took"),
    "pellucid.web.records.actions.rescreen.screen_client": gettext_lazy("Look at a client's visits again"),
    "pellucid.web.records.actions.rescreen.screen_all": gettext_lazy("Look at all visits again"),
    "pellucid.web.records.actions.rescreen.screen_due": gettext_lazy(
        "Look again at visits for which something changed"
    ),
    "pellucid.web.records.actions.rescreen.hours_again": gettext_lazy("Compare visits with the working hours"),
    "pellucid.web.records.actions.offering.offer_freed": gettext_lazy("Offer a time that became free"),
    "pellucid.web.records.actions.busy_feeds.read_feeds": gettext_lazy("Look for calendars kept elsewhere"),
    "pellucid.web.records.actions.busy_feeds.read_feed": gettext_lazy("Read a calendar kept elsewhere"),
    "pellucid.web.jobs.background.clear_away": gettext_lazy("Clear away finished jobs and old sessions"),
    "pellucid.web.jobs.background.clear_cache": gettext_lazy("Clear away what was kept for a short time"),
}
"""Jobs in words, by what they run."""


@allow(Permission.SEE_OPERATIONS)
def operations(request: HttpRequest) -> HttpResponse:
    """List messages and jobs that wait or failed, and how many are done."""
    waiting = Message.objects.filter(state__in=TO_MEND).defer("body", "html").order_by("-attempts", "created_at", "id")
    jobs = Job.objects.exclude(state="done").order_by("-attempts", "made_at", "id")
    messages_page = Paginator(waiting, A_PAGE).get_page(request.GET.get("messages"))
    jobs_page = Paginator(jobs, A_PAGE).get_page(request.GET.get("jobs"))
    context: dict[str, Any] = {
        "messages_page": messages_page,
        "waiting": [(each, KINDS.get(each.kind, each.kind)) for each in messages_page.object_list],
        "jobs_page": jobs_page,
        "jobs": [(each, JOBS.get(each.task, each.key)) for each in jobs_page.object_list],
        "sent": Message.objects.filter(state="sent").count(),
        "done": Job.objects.filter(state="done").count(),
        "now": clock.now(),
    }
    return render(request, "clinic/operations.html", context)


@require_POST
@allow(Permission.SEE_OPERATIONS)
def message_now(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try to send a message at once."""
    found = get_object_or_404(Message, pk=pk)
    if send_now(message=found, by=member(request).user.ref, now=clock.now()):
        messages.success(request, _("It is tried again now."))
    else:
        messages.info(request, _("This message does not wait any more."))
    return redirect("clinic:operations")


@allow(Permission.SEE_OPERATIONS)
def message_aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set a message aside: it is not sent, and deleted when others are, after 30 days."""
    found = get_object_or_404(Message, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if set_aside(message=found, reason=reason, by=member(request).user.ref, now=clock.now()):
            messages.success(request, _("Set aside. It is not sent, and is deleted after 30 days."))
        else:
            messages.info(request, _("This message does not wait any more."))
        return redirect("clinic:operations")
    context = {"form": form, "title": _("Set this message aside"), "back": "clinic:operations", "events": []}
    return render(request, "clinic/edit.html", context)


@require_POST
@allow(Permission.SEE_OPERATIONS)
def job_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin anew with a job that was given up."""
    found = get_object_or_404(Job, pk=pk)
    if begin_again(job=found, by=member(request).user.ref, now=clock.now()):
        messages.success(request, _("It is tried again now."))
    else:
        messages.info(request, _("This job does not wait for anybody."))
    return redirect("clinic:operations")


@allow(Permission.SEE_OPERATIONS)
def audit(request: HttpRequest) -> HttpResponse:
    """Show who did what, narrowed to what was asked for."""
    form = AuditForm(request.GET, kinds=history.kinds())
    page = Paginator(history.found(form.narrowed()), A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {"form": form, "page": page, "events": lines(page.object_list), "kept": kept.urlencode()}
    return render(request, "clinic/audit.html", context)
