"""The consultation, one screen at a time. Everything is on the server after each answer."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pellucid.model.errors import InputError
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.consult_forms import Screen
from pellucid.web.portal.consult_page import Visit, about_screen, both_answers, sent_again
from pellucid.web.portal.me import CONFLICT, asker_of, sent_id, sent_number, unless_archived
from pellucid.web.records.actions import consultations as actions
from pellucid.web.records.actions.consultations import ChangedError, GoneError
from pellucid.web.records.queries import consultations as queries
from pellucid.web.records.questionnaire import screen_of

PASSED = frozenset({"unsure", "skip", "none"})


@allow(Permission.OWN_RECORD)
@unless_archived
@require_safe
def consultation(request: HttpRequest) -> HttpResponse:
    """Where a consultation begins, or goes on where it was left."""
    visit = Visit(asker_of(request))
    if visit.draft is None:
        return render(request, "portal/me/begin.html", {"questions": visit.first_count})
    return redirect(visit.place())


@allow(Permission.OWN_RECORD)
@unless_archived
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Start one, and show what is known already."""
    visit = Visit(asker_of(request))
    draft = actions.begin(asker=visit.asker)
    name = screen_of(request.POST.get("question", ""))
    if visit.asked(name):
        return redirect(f"{reverse('portal:consultation_question', args=[name])}?back=check")
    return redirect("portal:consultation_known" if draft.carried and not draft.trail else "portal:consultation")


@allow(Permission.OWN_RECORD)
@unless_archived
@require_safe
def known(request: HttpRequest) -> HttpResponse:
    """What was taken over from earlier, to be looked through."""
    visit = Visit(asker_of(request))
    if visit.draft is None:
        return redirect("portal:consultation")
    groups = visit.groups(visit.draft.carried)
    return render(request, "portal/me/known.html", {"groups": groups, "draft": visit.draft})


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, name: str) -> HttpResponse:
    """One screen: shown, or answered."""
    visit = Visit(asker_of(request))
    asked = visit.asked(name)
    if not asked:
        raise Http404
    if request.method == "POST":
        return _answered(request, visit, visit.screen(name, asked, sent=request.POST))
    if visit.draft is None:
        return redirect("portal:consultation")
    if visit.untold:
        return redirect("portal:consultation_attention")
    return _show(request, visit, visit.screen(name, asked))


def _show(request: HttpRequest, visit: Visit, screen: Screen) -> HttpResponse:
    back = "check" if "check" in (request.GET.get("back"), request.POST.get("back")) else ""
    return render(request, "portal/me/question.html", {**about_screen(visit, screen), "back_to": back})


def _answered(request: HttpRequest, visit: Visit, screen: Screen) -> HttpResponse:
    """Store what was sent, and go on; or say why not."""
    do = request.POST.get("do", "answer")
    if screen.rows is not None and (do == "add" or do.startswith("remove-")):
        screen.rows.changed(do)
        return _show(request, visit, screen) if visit.draft else _gone(request, visit, screen)
    if do not in PASSED and not screen.valid():
        return _show(request, visit, screen) if visit.draft else _gone(request, visit, screen)
    given = screen.passed_over(do) if do in PASSED else screen.given
    draft = sent_id(request, "draft")
    if draft is None:
        return _gone(request, visit, screen)
    try:
        visit.draft = actions.answer(
            asker=visit.asker, draft=draft, version=sent_number(request, "version"), given=given
        )
    except InputError as error:
        screen.add_problems(error)
        return _show(request, visit, screen)
    except ChangedError as error:
        visit.draft = error.draft
        context = {"screen": screen, "sides": both_answers(visit, screen, given), "again": sent_again(request)}
        return render(request, "portal/me/changed.html", {**context, "draft": visit.draft}, status=CONFLICT)
    except GoneError:
        return _gone(request, visit, screen)
    if request.POST.get("back") == "check" and not visit.untold:
        return redirect("portal:consultation_check")
    return redirect(visit.place(after=screen.name))


def _gone(request: HttpRequest, visit: Visit, screen: Screen) -> HttpResponse:
    """The draft that an answer belonged to is no more: say so, and show what was not stored."""
    number = sent_id(request, "draft")
    context: dict[str, Any] = {
        "screen": screen,
        "was": queries.own_consultation(visit.asker.client, number) if number else None,
        "sent": visit.in_words(screen) if screen.valid() else [],
        "draft": visit.draft,
    }
    return render(request, "portal/me/gone.html", context, status=CONFLICT)


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def attention(request: HttpRequest) -> HttpResponse:
    """What can't wait for the end: shown once, before anything else is asked."""
    visit = Visit(asker_of(request))
    if visit.draft is None:
        return redirect("portal:consultation")
    if request.method == "POST":
        rules = [each.rule for each in visit.standing.urgent if each.rule in request.POST.getlist("rule")]
        with suppress(GoneError):  # handed in elsewhere meanwhile; the result says it as well
            actions.tell(asker=visit.asker, draft=visit.draft.pk, rules=rules)
        return redirect("portal:consultation")
    if not visit.standing.urgent:
        return redirect("portal:consultation")
    return render(request, "portal/me/attention.html", {"urgent": visit.urgent_words, "draft": visit.draft})


@allow(Permission.OWN_RECORD)
@unless_archived
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Every answer to look through before it is handed in."""
    visit = Visit(asker_of(request))
    if visit.draft is None:
        return redirect("portal:consultation")
    if visit.untold:
        return redirect("portal:consultation_attention")
    context = {
        "groups": visit.groups(visit.touched),
        "more": visit.groups(visit.optional),
        "stale": visit.groups(visit.standing.stale),
        "left": visit.standing.likely_left,
        "wrong": bool(visit.standing.problems),
        "draft": visit.draft,
    }
    return render(request, "portal/me/check.html", context)


@allow(Permission.OWN_RECORD)
@unless_archived
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Hand it in; sending it twice is the same as once."""
    draft = sent_id(request, "draft")
    if draft is None:
        return redirect("portal:consultation")
    try:
        done = actions.submit(asker=asker_of(request), draft=draft, version=sent_number(request, "version"))
    except ChangedError:
        messages.warning(
            request, _("Your answers were changed elsewhere since you opened this page. Please look again.")
        )
        return redirect("portal:consultation_check")
    except InputError:
        messages.error(request, _("Some answers don't fit together. They are marked below."))
        return redirect("portal:consultation_check")
    except GoneError:
        messages.info(request, _("This consultation was given up. Nothing was handed in."))
        return redirect("portal:me")
    return redirect(reverse("portal:result", args=[done.pk]))


@allow(Permission.OWN_RECORD)
@unless_archived
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest) -> HttpResponse:
    """Give it up, after asking once."""
    visit = Visit(asker_of(request))
    if request.method == "POST":
        draft = sent_id(request, "draft")
        if draft is not None:
            actions.discard(asker=visit.asker, draft=draft)
            messages.info(request, _("Your answers were deleted."))
        return redirect("portal:me")
    if visit.draft is None:
        return redirect("portal:me")
    return render(request, "portal/me/discard.html", {"draft": visit.draft})
