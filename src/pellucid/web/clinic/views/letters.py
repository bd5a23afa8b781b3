"""Referral letters: a draft to be changed, and the PDF."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language

from pellucid.web.accounts.models import Membership
from pellucid.web.accounts.permissions import Permission, allow
from pellucid.web.clinic.forms.letters import DraftForm, LetterForm
from pellucid.web.clinic.letter import Letter, draft, letter_pdf, title
from pellucid.web.clinic.people import consultation_of, member
from pellucid.web.clinic.views.reviews import answers_of
from pellucid.web.records.actions.letters import note_letter
from pellucid.web.records.models import Consultation
from pellucid.web.sites import clock, knowledge
from pellucid.web.sites.queries import clinic


@allow(Permission.SIGN_CONSULTATIONS)
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft to change, and make the PDF of what was sent."""
    found = consultation_of(request, pk)
    form = LetterForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        return _made(request, found, form)
    choice = DraftForm(request.GET)
    to, language = choice.chosen(get_language() or "en")
    if form is None:
        choice = DraftForm(initial={"to": to, "language": language})
        form = LetterForm(initial=_draft(found, to, language))
    context = {"consultation": found, "client": found.client, "health": True, "choice": choice, "form": form}
    return render(request, "clinic/letter.html", context)


def _draft(found: Consultation, to: str, language: str) -> dict[str, str]:
    texts = knowledge.texts(language)
    report = found.reports[texts.language]
    with translation.override(language):
        text = draft(
            to=to,
            who=found.client.name,
            born=found.client.birth_date,
            report=report,
            told=answers_of(found, texts),
            texts=texts,
        )
        return {"title": title(to), "text": text, "language": language, "to": to}


def _made(request: HttpRequest, found: Consultation, form: LetterForm) -> HttpResponse:
    chosen = form.cleaned_data
    texts, here = knowledge.texts(chosen["language"]), clinic()
    place = found.client.location
    now = clock.now()
    paper = Letter(
        clinic=here.name,
        reach=[line for line in (*place.address.splitlines(), place.phone or here.phone, here.email) if line],
        to=chosen["address"].splitlines(),
        title=chosen["title"],
        text=chosen["text"],
        signed=_signed(member(request), chosen["language"]),
        on=clock.day(now, place.zone),
    )
    pdf = letter_pdf(paper, texts)
    note_letter(consultation=found, to=chosen["to"], language=chosen["language"], pdf=pdf, by=member(request), now=now)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="letter.pdf"', "Cache-Control": "no-store"},
    )


def _signed(by: Membership, language: str) -> list[str]:
    words = by.title.get(language, "")
    return [line for line in (by.user.name, words) if line]
