"""Consultations that wait for a signature, and signing one."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pellucid.knowledge.texts import Texts
from pellucid.model.errors import InputError
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.answers import Told, told
from pellucid.web.clinic.forms.fields import put_in
from pellucid.web.clinic.forms.reviews import AdjustmentSet, AgainForm, SignForm
from pellucid.web.clinic.people import consultation_of, may, member
from pellucid.web.records.actions.reviews import (
    ChangedMeanwhileError,
    SignedAlreadyError,
    basis,
    fingerprint,
    sign,
    statuses,
    work_out_again,
)
from pellucid.web.records.models import Consultation
from pellucid.web.records.queries import staff
from pellucid.web.records.queries.consultations import knowledge_for, standing_of
from pellucid.web.sites import clock, knowledge
from pellucid.web.sites.queries import services

A_PAGE = 25


@allow(Permission.SEE_HEALTH)
def reviews(request: HttpRequest) -> HttpResponse:
    """List what waits for a signature, the most urgent first."""
    page = Paginator(staff.to_review(member(request)), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "clinic/reviews.html", {"page": page})


@allow(Permission.SEE_HEALTH)
def consultation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a consultation: red flags, findings, and each answer beside what follows from it."""
    found = consultation_of(request, pk)
    texts = knowledge.texts(get_language() or "en")
    initial = {"version": found.version, "stood": basis(found.client)}
    forms = {
        "form": SignForm(initial=initial),
        "adjustments": AdjustmentSet(form_kwargs={"screened": statuses(found.reports), "texts": texts}),
    }
    return _shown(request, found, forms)


@require_POST
@allow(Permission.SIGN_CONSULTATIONS)
def sign_consultation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign a consultation as it was on the page."""
    found = consultation_of(request, pk)
    texts = knowledge.texts(get_language() or "en")
    form = SignForm(request.POST)
    adjustments = AdjustmentSet(request.POST, form_kwargs={"screened": statuses(found.reports), "texts": texts})
    if not (form.is_valid() & adjustments.is_valid()):
        return _shown(request, found, {"form": form, "adjustments": adjustments})
    try:
        sign(
            consultation=found,
            version=form.cleaned_data["version"],
            adjustments=adjustments.chosen(),
            note=form.cleaned_data["note"],
            by=member(request),
            now=clock.now(),
            stood=form.cleaned_data["stood"],
        )
    except SignedAlreadyError as error:
        _tell_who(request, error)
        return redirect("clinic:consultation", pk=pk)
    except ChangedMeanwhileError:
        return _stale(request, found, {"form": form, "adjustments": adjustments})
    messages.success(request, _("Signed. The client gets a message that the result was looked at."))
    return redirect("clinic:consultation", pk=pk)


def _tell_who(request: HttpRequest, error: SignedAlreadyError) -> None:
    if error.review.by_id == member(request).pk:
        messages.info(request, _("You have signed this already; it counts once."))
        return
    who = error.review.by.user.name
    messages.warning(
        request, _("%(who)s was quicker and has signed this consultation. Your signature was not added.") % {"who": who}
    )


def _stale(request: HttpRequest, found: Consultation, forms: dict[str, Any]) -> HttpResponse:
    """Show the consultation as it is now, with what was typed still there."""
    found = consultation_of(request, found.pk)
    if found.state == "submitted":
        put_in(forms["form"], "version", found.version)
        put_in(forms["form"], "stood", basis(found.client))
    forms["form"].add_error(
        None,
        _("This consultation, or what it stands on, was changed while you were looking at it. Please look once more."),
    )
    return _shown(request, found, forms)


@require_POST
@allow(Permission.SIGN_CONSULTATIONS)
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Work a consultation out again, for today."""
    found = consultation_of(request, pk)
    form = AgainForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        work_out_again(consultation=found, version=version, by=member(request), now=clock.now())
    except SignedAlreadyError as error:
        _tell_who(request, error)
    except ChangedMeanwhileError:
        messages.warning(request, _("It was changed in the meantime; this is how it stands now."))
    except InputError:
        messages.warning(
            request,
            _("On today's date some answers contradict each other, so it can't be worked out. Ask the client."),
        )
    else:
        messages.success(request, _("Worked out again, for today. Please look at what has changed."))
    return redirect("clinic:consultation", pk=pk)


def _shown(request: HttpRequest, found: Consultation, forms: dict[str, Any]) -> HttpResponse:
    texts = knowledge.texts(get_language() or "en")
    report = found.reports.get(texts.language) or {}
    today = clock.day(clock.now(), found.client.location.zone)
    earlier = staff.before(found)
    answers = answers_of(found, texts, earlier)
    waits = found.state == "submitted"
    context = {
        "consultation": found,
        "client": found.client,
        "health": True,
        "report": report,
        "red": [each for each in report.get("referral", ()) if each["urgency"] in staff.RED_FLAGS],
        "other": [each for each in report.get("referral", ()) if each["urgency"] not in staff.RED_FLAGS],
        "telling": [each for each in answers if each.follows or each.before is not None],
        "plain": [each for each in answers if not each.follows and each.before is None],
        **offered_first(report.get("screening", ())),
        "earlier": earlier,
        "changed": [each for each in answers if each.before is not None],
        "reviews": list(found.reviews.select_related("by__user")),
        "fingerprint": fingerprint(found.reports),
        "knowledge_changed": waits and found.knowledge != knowledge_for(found.client).digest,
        "papers_changed": waits and staff.papers_changed(found),
        "day_changed": waits and found.day != today,
        "may_sign": waits and may(request, Permission.SIGN_CONSULTATIONS),
        "again": AgainForm(initial={"version": found.version}),
        **forms,
    }
    return render(request, "clinic/consultation.html", context)


def offered_first(screening: Iterable[Any]) -> dict[str, list[Any]]:
    """Screening of what the clinic offers, and of the rest; all of it where the clinic has no services yet."""
    found, sold = list(screening), services()
    here = [each for each in found if not sold or _treatment(each) in sold]
    return {"offered": here, "elsewhere": [each for each in found if each not in here]}


def _treatment(decision: Any) -> str:
    """Of a decision as it is stored, or as it was just worked out."""
    return str(decision["treatment"] if isinstance(decision, Mapping) else decision.treatment)


def answers_of(found: Consultation, texts: Texts, earlier: Consultation | None = None) -> list[Told]:
    """A consultation's answers in words, as they counted on the day that it was worked out for."""
    on = found.day or clock.day(clock.now(), found.client.location.zone)
    return told(
        standing_of(found, found.client, today=on, knowledge=knowledge_for(found.client)),
        answered_on=found.answered_on,
        before=earlier.answers if earlier else None,
        report=found.reports.get(texts.language) or {},
        texts=texts,
    )
