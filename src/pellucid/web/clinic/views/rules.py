"""The clinic's own windows and caps: changed with a look at what that does first."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pellucid.knowledge.clinic import ClinicRules, for_clinic
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.home import Cap
from pellucid.knowledge.schema.rules import Window
from pellucid.model.errors import ClinicRulesError
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.fields import put_in
from pellucid.web.clinic.forms.rules import RuleForm, cap_form, column_words, window_form
from pellucid.web.clinic.people import member
from pellucid.web.clinic.rule_changes import signature, with_cap, with_window, wrong_fields
from pellucid.web.clinic.trail import lines
from pellucid.web.records.actions.rescreen import screen_all
from pellucid.web.records.queries.history import of_action
from pellucid.web.records.queries.preview import preview, readers
from pellucid.web.sites import clock, knowledge
from pellucid.web.sites.actions import RulesChangedError, newest_rules, set_rules
from pellucid.web.sites.queries import clinic_zone

SHOWN = 20

Changed = Callable[[RuleForm], ClinicRules]


@allow(Permission.EDIT_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """List windows and caps as they hold here, those that the clinic changed marked."""
    current, shipped = knowledge.current(), load()
    texts = knowledge.texts(get_language() or "en")
    context = {
        "columns": [column_words(each, texts) for each in _columns(shipped)],
        "windows": [_window_row(each, current.get(Window, each.id), shipped) for each in shipped.of(Window).values()],
        "skins": list(next(iter(shipped.of(Cap).values())).by_skin),
        "caps": [_cap_row(each, current.get(Cap, each.id)) for each in shipped.of(Cap).values()],
        "events": lines(of_action("rules.changed")[:SHOWN]),
    }
    return render(request, "clinic/rules.html", context)


def _columns(shipped: Any) -> list[str]:
    return list(dict.fromkeys(column for each in shipped.of(Window).values() for column in each.columns))


def _window_row(window: Window, current: Window, shipped: Any) -> dict[str, Any]:
    cells = []
    for column in _columns(shipped):
        default = {str(name): cell.whole_days for name, cell in window.columns.items()}.get(column)
        here = {str(name): cell.whole_days for name, cell in current.columns.items()}.get(column)
        cells.append({"here": here, "default": default, "own": here != default})
    return {"id": window.id, "ref": window.ref, "cells": cells}


def _cap_row(cap: Cap, current: Cap) -> dict[str, Any]:
    cells = [
        {"here": current.by_skin[skin].default, "default": value.default, "own": current.by_skin[skin] != value}
        for skin, value in cap.by_skin.items()
    ]
    return {"id": cap.id, "ref": cap.ref, "unit": cap.unit, "cells": cells}


@allow(Permission.EDIT_RULES)
def window(request: HttpRequest, name: str) -> HttpResponse:
    """Change the days of a window."""
    record = load().of(Window).get(name)
    if record is None:
        raise Http404
    base, standing = newest_rules()
    texts = knowledge.texts(get_language() or "en")
    current = knowledge.current().get(Window, name)
    form = window_form(request.POST or None, window=record, current=current, base=base, texts=texts)

    def changed(sent: RuleForm) -> ClinicRules:
        return with_window(standing, record, sent.asked(), _signature(request, sent))

    return _changed(request, record, form, changed)


@allow(Permission.EDIT_RULES)
def cap(request: HttpRequest, name: str) -> HttpResponse:
    """Change how often at most."""
    record = load().of(Cap).get(name)
    if record is None:
        raise Http404
    base, standing = newest_rules()
    texts = knowledge.texts(get_language() or "en")
    current = knowledge.current().get(Cap, name)
    form = cap_form(request.POST or None, cap=record, current=current, base=base, texts=texts)

    def changed(sent: RuleForm) -> ClinicRules:
        return with_cap(standing, record, sent.asked(), _signature(request, sent))

    return _changed(request, record, form, changed)


def _signature(request: HttpRequest, form: RuleForm) -> Any:
    return signature(member(request), form.cleaned_data["reason"], clock.day(clock.now(), clinic_zone()))


def _changed(request: HttpRequest, record: Window | Cap, form: RuleForm, changed: Changed) -> HttpResponse:
    """Show the form; when it is sent, what it would do; when that was looked at, do it."""
    context: dict[str, Any] = {"form": form, "record": record, "is_cap": isinstance(record, Cap)}
    if request.method == "POST" and form.is_valid():
        asked = changed(form)
        try:
            after = for_clinic(load(), asked)
        except ClinicRulesError as error:
            _refuse(form, record, error, asked)
        else:
            if request.POST.get("do") == "save" and _saved(request, form, asked):
                return redirect("clinic:rules")
            today = clock.day(clock.now(), clinic_zone())
            context["preview"] = preview(knowledge.current(), after, today=today)
            context["readers"] = readers(record.id, _differing(record, form)) if isinstance(record, Cap) else None
    return render(request, "clinic/rule.html", context)


def _differing(record: Cap, form: RuleForm) -> list[str]:
    current = knowledge.current().get(Cap, record.id)
    return [skin for skin, value in current.by_skin.items() if form.asked()[skin] != value.default]


def _refuse(form: RuleForm, record: Window | Cap, error: ClinicRulesError, asked: ClinicRules) -> None:
    told = False
    for column in wrong_fields(error, asked):
        if column in form.fields:
            form.refuse(column, record)
            told = True
    if not told:
        form.add_error(None, _("Another of the clinic's rules does not hold any more; look through the list first."))


def _saved(request: HttpRequest, form: RuleForm, asked: ClinicRules) -> bool:
    try:
        version, new = set_rules(
            rules=asked,
            base=form.cleaned_data["base"],
            reason=form.cleaned_data["reason"],
            by=member(request).user.ref,
            now=clock.now(),
        )
    except RulesChangedError:
        form.add_error(
            None, _("Somebody else changed the clinic's rules in the meantime. Look at the numbers again, then save.")
        )
        put_in(form, "base", newest_rules()[0] or "")
        return False
    if version is not None and new:
        screen_all.put(key=f"rescreen.rules.{version.pk}", now=version.at)
        messages.success(request, _("Saved. From now on screening counts these numbers."))
    else:
        messages.info(request, _("The rules were like this already; nothing was changed."))
    return True
