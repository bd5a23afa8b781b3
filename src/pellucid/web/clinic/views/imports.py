"""Bringing in a list of clients: looked at first, written only when somebody says so."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.imports import CELL_FAULTS, COLUMNS, FILE_FAULTS, ConfirmForm, ImportForm
from pellucid.web.clinic.people import member
from pellucid.web.records.actions.imports import MOST_BYTES, Row, Sheet, UnreadableError, check, decode, import_clients
from pellucid.web.sites import clock

KEPT_SECONDS = 3600
"""How long a list that was looked at waits to be confirmed; then the file is forgotten."""

SHOWN = 200
"""Lines of one kind on the page; the numbers above the table count them all."""


@allow(Permission.IMPORT_CLIENTS)
def import_list(request: HttpRequest) -> HttpResponse:
    """Read a file and show what would become of each line; nothing is written."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        location, language = form.cleaned_data["location"], form.cleaned_data["language"]
        try:
            text = decode(form.cleaned_data["file"].read(MOST_BYTES + 1))
            today = clock.day(clock.now(), location.zone)
            sheet = check(text, location=location, language=language, today=today)
        except UnreadableError as error:
            form.add_error("file", FILE_FAULTS[error.code])
        else:
            kept = secrets.token_urlsafe(24)
            cache.set(_key(request, kept), text, KEPT_SECONDS)
            confirm = ConfirmForm(initial={"kept": kept, "location": location, "language": language})
            return render(request, "clinic/import_look.html", _told(sheet) | {"confirm": confirm})
    return render(request, "clinic/import.html", {"form": form, "columns": COLUMNS.items()})


@require_POST
@allow(Permission.IMPORT_CLIENTS)
def import_confirm(request: HttpRequest) -> HttpResponse:
    """Bring in a list that was looked at; a second time brings in nothing more."""
    form = ConfirmForm(request.POST)
    text = cache.get(_key(request, form.cleaned_data["kept"])) if form.is_valid() else None
    if text is None:
        messages.warning(request, _("This list is not kept any more. Please choose the file again."))
        return redirect("clinic:import")
    location = form.cleaned_data["location"]
    sheet = import_clients(
        text=text,
        location=location,
        language=form.cleaned_data["language"],
        today=clock.day(clock.now(), location.zone),
        by=member(request),
        now=clock.now(),
    )
    new = len(sheet.of("new"))
    if new:
        words = ngettext("%(n)s client was brought in.", "%(n)s clients were brought in.", new) % {"n": new}
        messages.success(request, words)
    else:
        messages.info(request, _("Everybody in this list is a client already; nothing was added."))
    return redirect("clinic:clients")


def _key(request: HttpRequest, kept: str) -> str:
    return f"import.{member(request).pk}.{kept}"


def _told(sheet: Sheet) -> dict[str, Any]:
    return {
        "new": sheet.of("new"),
        "there": sheet.of("there"),
        "twice": sheet.of("twice"),
        "wrong": [(row, _faults(row)) for row in sheet.of("wrong")],
        "ignored": sheet.ignored,
        "shown": SHOWN,
    }


def _faults(row: Row) -> list[tuple[Any, str, Any]]:
    """Column, what stands there, and what is wrong with it."""
    return [(COLUMNS[column], row.given.get(column, ""), CELL_FAULTS[code]) for column, code in row.faults]
