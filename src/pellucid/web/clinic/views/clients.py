"""Finding clients, and one client's profile, health and history."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pellucid.exchange.build import build_report
from pellucid.exchange.model import Report
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.clients import ClientForm, FilterForm
from pellucid.web.clinic.forms.lifting import ReasonForm
from pellucid.web.clinic.naming import STATES, services_of
from pellucid.web.clinic.people import client_of, may, member
from pellucid.web.clinic.trail import lines
from pellucid.web.clinic.views.reviews import offered_first
from pellucid.web.records.actions.archive import archive_client, restore_client
from pellucid.web.records.actions.profiles import ClientChangedError, change_client
from pellucid.web.records.models import Client
from pellucid.web.records.queries import appointments, staff
from pellucid.web.records.queries.history import of_client
from pellucid.web.records.queries.today import Today, newest, worked_out
from pellucid.web.sites import clock, knowledge

A_PAGE = 25


@allow(Permission.SEE_CLIENTS)
def clients(request: HttpRequest) -> HttpResponse:
    """List the clients whom this member of staff may see."""
    health = may(request, Permission.SEE_HEALTH)
    form = FilterForm(request.GET, member=member(request), health=health)
    page = Paginator(staff.find_clients(member(request), form.filters()), A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "kept": kept.urlencode(),
        "filtered": bool(kept),
        "health": health,
        "may_import": may(request, Permission.IMPORT_CLIENTS),
    }
    return render(request, "clinic/clients.html", context)


@allow(Permission.SEE_CLIENTS)
def client(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a client's profile, consents and appointments: no health data."""
    found = client_of(request, pk)
    context = {
        "consents": staff.consents_of(found),
        "wanted": _wanted(found),
        "visits": [(each, services_of(each), STATES[each.state]) for each in appointments.of_client(found)],
        "may_book": may(request, Permission.BOOK) and found.archived_at is None,
    }
    return render(request, "clinic/client.html", _frame(request, found) | context)


def _wanted(found: Client) -> str:
    """What a client registered for, in words."""
    if found.wanted in knowledge.current().of(Treatment):
        return knowledge.texts(get_language() or "en").get(f"treatment.{found.wanted}", "name")
    return {"help": _("help with choosing"), "trial": _("the free trial")}.get(found.wanted, "")


@allow(Permission.EDIT_CLIENTS)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a client's profile."""
    found = client_of(request, pk)
    form = ClientForm(request.POST or None, client=found, member=member(request))
    if request.method == "POST" and form.is_valid() and _changed(request, form, found):
        messages.success(request, _("Saved."))
        return redirect("clinic:client", pk=pk)
    return render(request, "clinic/client_edit.html", _frame(request, found) | {"form": form})


def _changed(request: HttpRequest, form: ClientForm, found: Client) -> bool:
    fields = dict(form.cleaned_data)
    version = fields.pop("version")
    try:
        change_client(client=found, version=version, fields=fields, by=member(request), now=clock.now())
    except ClientChangedError:
        form.add_error(
            None,
            _(
                "Somebody else changed this client while you were typing. Nothing of yours was saved and nothing is "
                "lost: compare it with the client's page, then save again."
            ),
        )
        return False
    return True


@allow(Permission.EDIT_CLIENTS)
def archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a client out of the lists, with a reason."""
    found = client_of(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        archive_client(client=found, reason=form.cleaned_data["reason"], by=member(request), now=clock.now())
        messages.success(request, _("Archived. You find them among the archived ones."))
        return redirect("clinic:client", pk=pk)
    said = _(
        "Archived clients are in no list unless you ask for them. Nothing is deleted: they can still read their own "
        "record, and you can bring them back at any time."
    )
    page = {"form": form, "title": _("Archive this client"), "said": said}
    return render(request, "clinic/client_archive.html", _frame(request, found) | page)


@allow(Permission.EDIT_CLIENTS)
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a client back into the lists, with a reason."""
    found = client_of(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        restore_client(client=found, reason=form.cleaned_data["reason"], by=member(request), now=clock.now())
        messages.success(request, _("They are back in the lists."))
        return redirect("clinic:client", pk=pk)
    page = {"form": form, "title": _("Bring this client back"), "said": ""}
    return render(request, "clinic/client_archive.html", _frame(request, found) | page)


@allow(Permission.SEE_HEALTH)
def health(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a client's consultations, what screening says today, papers and overrides."""
    found = client_of(request, pk)
    today = today_of(found)
    report = report_of(today)
    context = {
        "consultations": staff.signed_of(found),
        "today": today,
        "report": report,
        **offered_first(report.screening if report else ()),
        "clearances": staff.clearances_of(found),
        "overrides": staff.overrides_of(found),
        "day": clock.day(clock.now(), found.location.zone),
        "may_sign": may(request, Permission.SIGN_CONSULTATIONS),
        "may_override": may(request, Permission.OVERRIDE),
    }
    return render(request, "clinic/client_health.html", _frame(request, found) | context)


@allow(Permission.SEE_HEALTH)
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who did what with a client's record."""
    found = client_of(request, pk)
    page = Paginator(of_client(found.pk), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "events": lines(page.object_list)}
    return render(request, "clinic/client_history.html", _frame(request, found) | context)


def today_of(found: Client) -> Today | None:
    """What follows from a client's newest consultation today; None where there is none."""
    consultation = newest(found)
    if consultation is None:
        return None
    return worked_out(consultation, found, today=clock.day(clock.now(), found.location.zone))


def report_of(today: Today | None) -> Report | None:
    """It in the words of the page's language; None where it can't be worked out."""
    if today is None or today.care is None:
        return None
    language = knowledge.KNOWLEDGE_LANGUAGE.get(get_language() or "en", "en")
    return build_report(today.care, language=language, knowledge=today.standing.knowledge)


def _frame(request: HttpRequest, found: Client) -> dict[str, object]:
    """What every page about one client shows."""
    return {
        "client": found,
        "health": may(request, Permission.SEE_HEALTH),
        "may_edit": may(request, Permission.EDIT_CLIENTS),
    }
