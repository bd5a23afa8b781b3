"""What a client agreed to, in which words and when; photos and offers can be allowed and stopped here."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.portal.consent_words import sentence, to_read
from pellucid.web.records.actions.consents import FREE_KINDS, give, withdraw
from pellucid.web.records.queries.consents import held, past
from pellucid.web.sites.clock import now
from pellucid.web.sites.queries import document

if TYPE_CHECKING:
    from pellucid.web.accounts.models import User


@allow(Permission.OWN_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """Show them; a button gives or withdraws one."""
    client = request.client_record  # type: ignore[attr-defined] # set by the middleware
    if request.method == "POST":
        return _change(request)
    holding = held(client)
    language = get_language() or "en"
    wordings = {kind: found for kind in FREE_KINDS if (found := document(kind, language)) is not None}
    free = [
        {
            "kind": kind,
            "consent": holding.get(kind),
            "wording": each,
            "sentence": sentence(kind, wordings),
            "to_read": to_read(kind, wordings),
        }
        for kind, each in wordings.items()
    ]
    firm = [holding[kind] for kind in ("terms", "privacy", "guardian") if kind in holding]
    return render(request, "portal/me/consents.html", {"free": free, "firm": firm, "past": past(client)})


def _change(request: HttpRequest) -> HttpResponse:
    client = request.client_record  # type: ignore[attr-defined] # set by the middleware
    kind, wish = request.POST.get("kind", ""), request.POST.get("wish", "")
    wording = document(kind, get_language() or "en") if kind in FREE_KINDS else None
    if wording is None or wish not in {"give", "withdraw"}:
        return HttpResponseBadRequest()
    actor = cast("User", request.user).ref
    if wish == "give":
        if request.POST.get("document") != str(wording.pk):
            messages.warning(request, _("The wording was changed just now. Please look at it again."))
            return redirect("portal:consents")
        give(
            client=client, kind=kind, document=wording, sentence=sentence(kind, {kind: wording}), actor=actor, now=now()
        )
        messages.success(request, _("Thank you. You can change your mind here at any time."))
    else:
        withdraw(client=client, kind=kind, actor=actor, now=now())
        messages.success(request, _("Withdrawn. From now on we don't do that any more."))
    return redirect("portal:consents")
