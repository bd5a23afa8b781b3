"""Services, offers and wordings: what the clinic shows to everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.audit.changes import ChangedSinceError
from pellucid.web.clinic.forms.fields import put_in
from pellucid.web.clinic.forms.offering import DocumentForm, OfferForm, ServiceForm
from pellucid.web.clinic.people import member
from pellucid.web.clinic.trail import lines
from pellucid.web.records.naming import service_name
from pellucid.web.records.queries.history import of_subject
from pellucid.web.sites import clock, knowledge
from pellucid.web.sites.actions import publish_next, save_offer, save_service, standing_of
from pellucid.web.sites.models import CONSULTATION, Document, Offer, Service
from pellucid.web.sites.queries import clinic, clinic_zone, document

SHOWN = 20
"""Events of a thing's history on its page."""


@allow(Permission.EDIT_OFFERING)
def services(request: HttpRequest) -> HttpResponse:
    """List every treatment with its terms here, those that are offered first."""
    kept = {each.treatment: each for each in Service.objects.prefetch_related("locations")}
    names = sorted(treatment_names().items(), key=lambda pair: (not _active(kept.get(pair[0])), pair[1]))
    rows = [{"treatment": name, "name": words, "service": kept.get(name)} for name, words in names]
    return render(request, "clinic/services.html", {"rows": rows, "currency": clinic().currency})


def _active(service: Service | None) -> bool:
    return service is not None and service.active


def treatment_names() -> dict[str, str]:
    """Everything that can be a service, by id, in the page's language: the talk, and what the knowledge knows."""
    current = knowledge.current()
    texts = current.texts(knowledge.KNOWLEDGE_LANGUAGE.get(get_language() or "en", "en"))
    named = {each.id: texts.get(each.ref, "name") for each in current.of(Treatment).values()}
    return {CONSULTATION: service_name(CONSULTATION), **named}


@allow(Permission.EDIT_OFFERING)
def service(request: HttpRequest, treatment: str) -> HttpResponse:
    """Change what a treatment costs and where it is given."""
    names = treatment_names()
    if treatment not in names:
        raise Http404
    standing = Service.objects.filter(treatment=treatment).first() or Service(treatment=treatment)
    form = ServiceForm(request.POST or None, service=standing)
    if request.method == "POST" and form.is_valid():
        try:
            save_service(treatment=treatment, terms=form.terms(), **_change(request, form))
        except ChangedSinceError:
            _compare(form, standing)
        else:
            messages.success(request, _("Saved."))
            return redirect("clinic:services")
    return edited(request, form, title=names[treatment], back="clinic:services", subject=f"service.{standing.pk}")


@allow(Permission.EDIT_OFFERING)
def offers(request: HttpRequest) -> HttpResponse:
    """List the offers: running, to come and over."""
    context = {"offers": Offer.objects.select_related("service").order_by("-ends", "-pk"), "day": _today()}
    return render(request, "clinic/offers.html", context)


def _today() -> object:
    return clock.day(clock.now(), clinic_zone())


@allow(Permission.EDIT_OFFERING)
def offer(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Make or change an offer."""
    standing = get_object_or_404(Offer, slug=slug) if slug else None
    form = OfferForm(request.POST or None, offer=standing, names=treatment_names())
    if request.method == "POST" and form.is_valid():
        try:
            save_offer(slug=slug or form.cleaned_data["slug"], terms=form.terms(), **_change(request, form))
        except ChangedSinceError:
            _compare(form, standing or Offer())
        else:
            messages.success(request, _("Saved."))
            return redirect("clinic:offers")
    title = _("Change the offer") if standing else _("New offer")
    return edited(request, form, title=title, back="clinic:offers", subject=f"offer.{standing.pk}" if standing else "")


def _change(request: HttpRequest, form: ServiceForm | OfferForm) -> dict[str, Any]:
    """Who changes something, when, why, and from what."""
    chosen = form.cleaned_data
    return {"base": chosen["base"], "reason": chosen["reason"], "by": member(request).user.ref, "now": clock.now()}


def _compare(form: ServiceForm | OfferForm, standing: Service | Offer) -> None:
    """Say that somebody was quicker; what was typed stays, and sent once more it counts."""
    words = _("Somebody else changed this while you were writing. Look below at what they changed, then send again.")
    form.add_error(None, words)
    put_in(form, "base", standing_of(standing))


@allow(Permission.EDIT_OFFERING)
def documents(request: HttpRequest) -> HttpResponse:
    """List the wordings with their newest version."""
    newest = {kind: document(kind, get_language() or "en") for kind, _word in Document.KINDS}
    return render(request, "clinic/documents.html", {"newest": newest.items()})


@allow(Permission.EDIT_OFFERING)
def document_next(request: HttpRequest, kind: str) -> HttpResponse:
    """Publish the next version of a wording."""
    if kind not in dict(Document.KINDS):
        raise Http404
    standing = {each.language: each for each in Document.objects.filter(kind=kind).order_by("version")}
    form = DocumentForm(request.POST or None, standing=standing)
    if request.method == "POST" and form.is_valid():
        told = publish_next(
            kind=kind,
            wordings=form.wordings(),
            base=form.cleaned_data["version"],
            by=member(request).user.ref,
            now=clock.now(),
        )
        if told is None:
            form.add_error(
                None, _("Somebody else published a version while you were writing. Compare, then send again.")
            )
            put_in(form, "version", max((each.version for each in standing.values()), default=0))
        else:
            messages.success(request, _("Published as version %(n)s.") % {"n": told})
            return redirect("clinic:documents")
    return edited(request, form, title=_("Next version"), back="clinic:documents", subject=f"document.{kind}")


def edited(request: HttpRequest, form: object, *, title: str, back: str, subject: str) -> HttpResponse:
    """A form with the history of what it changes."""
    context = {"form": form, "title": title, "back": back, "events": lines(of_subject(subject)[:SHOWN])}
    return render(request, "clinic/edit.html", context)
