"""Papers and overrides of one client: entering, signing and taking back."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pellucid.model.care import Care
from pellucid.model.errors import ClinicRulesError
from pellucid.model.levels import Level, Status
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.lifting import ClearanceForm, OverrideForm, ReasonForm
from pellucid.web.clinic.people import client_of, member
from pellucid.web.clinic.rules_against import Against, against, liftable, overridable
from pellucid.web.clinic.views.clients import today_of
from pellucid.web.records.actions.clearances import add_clearance, withdraw_clearance
from pellucid.web.records.actions.overrides import sign_override, withdraw_override
from pellucid.web.records.models import Client
from pellucid.web.records.queries import staff
from pellucid.web.sites import clock, knowledge


@allow(Permission.SIGN_CONSULTATIONS)
def clearance_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter a paper."""
    found = client_of(request, pk)
    form = ClearanceForm(
        request.POST or None,
        liftable=_liftable(request, found),
        knowledge=knowledge.current(),
        texts=knowledge.texts(get_language() or "en"),
        today=clock.day(clock.now(), found.location.zone),
    )
    if request.method == "POST" and form.is_valid():
        add_clearance(client=found, **form.cleaned_data, by=member(request), now=clock.now())
        messages.success(request, _("The paper is on file. Screening below counts it."))
        return redirect("clinic:health", pk=pk)
    title = _("Add a clearance")
    return _asked(request, found, form, title)


def _liftable(request: HttpRequest, found: Client) -> dict[str, set[str]]:
    """Rules that a paper would lift; when a form is sent, also those that one has lifted: it may be a second click."""
    today = today_of(found)
    rules = liftable(today.care) if today and today.care else {}
    if request.method == "POST" and today:
        for paper in staff.clearances_of(found).filter(withdrawn_at=None):
            for rule in set(paper.scope) & set(today.standing.knowledge.by_ref):
                rules.setdefault(rule, set()).add(paper.kind)
    return rules


@allow(Permission.SIGN_CONSULTATIONS)
def clearance_withdraw(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Take a paper back."""
    found = client_of(request, pk)
    clearance = get_object_or_404(staff.clearances_of(found), pk=number)
    return _withdrawn(request, found, _("Withdraw this clearance"), partial(withdraw_clearance, clearance=clearance))


@allow(Permission.OVERRIDE)
def override_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign an override."""
    found = client_of(request, pk)
    rules = _overridable(request, found)
    form = OverrideForm(
        request.POST or None,
        rules=rules,
        texts=knowledge.texts(get_language() or "en"),
        today=clock.day(clock.now(), found.location.zone),
    )
    if request.method == "POST" and form.is_valid() and _signed(request, found, form):
        messages.success(request, _("Signed. The rules stay visible as a caution, with your name."))
        return redirect("clinic:health", pk=pk)
    return _asked(request, found, form, _("Sign an override"), nothing=not rules)


def _overridable(request: HttpRequest, found: Client) -> list[Against]:
    today = today_of(found)
    if today is None or today.care is None:
        return []
    level = Level(member(request).level or 0)
    return [
        *overridable(today.care, level=level, knowledge=today.standing.knowledge),
        *(_signed_before(request, found, today.care) if request.method == "POST" else ()),
    ]


def _signed_before(request: HttpRequest, found: Client, care: Care) -> Iterator[Against]:
    """Rules that this practitioner has overridden already: a form that is sent may be a second click."""
    standing = {each.rule for each in against(care)}
    for override in staff.overrides_of(found).filter(withdrawn_at=None, by=member(request)):
        for rule in set(override.rules) - standing:
            yield Against(rule, Status.CAUTION, list(override.treatments))


def _signed(request: HttpRequest, found: Client, form: OverrideForm) -> bool:
    chosen = form.cleaned_data
    try:
        sign_override(
            client=found,
            rules=chosen["rules"],
            treatments=chosen["treatments"],
            expires=chosen["expires"],
            reason=chosen["reason"],
            by=member(request),
            knowledge=knowledge.current(),
            now=clock.now(),
        )
    except ClinicRulesError as error:
        for problem in error.problems:
            form.add_error(None, str(problem))
        return False
    return True


@allow(Permission.OVERRIDE)
def override_withdraw(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Take an override back."""
    found = client_of(request, pk)
    override = get_object_or_404(staff.overrides_of(found), pk=number)
    return _withdrawn(request, found, _("Withdraw this override"), partial(withdraw_override, override=override))


def _withdrawn(request: HttpRequest, found: Client, title: str, withdraw: Callable[..., object]) -> HttpResponse:
    """Ask for the reason, and take back what lifts a rule."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw(reason=form.cleaned_data["reason"], by=member(request), now=clock.now())
        messages.success(request, _("Withdrawn. The rules hold again."))
        return redirect("clinic:health", pk=found.pk)
    return _asked(request, found, form, title)


def _asked(request: HttpRequest, found: Client, form: object, title: str, *, nothing: bool = False) -> HttpResponse:
    context = {"client": found, "health": True, "form": form, "title": title, "nothing": nothing}
    return render(request, "clinic/client_form.html", context)
