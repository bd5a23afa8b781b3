"""The demo's clients: made-up people with the answers of ``examples/intakes``, as they would have given them here."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import translation

from pellucid.knowledge.base import Knowledge
from pellucid.web.accounts.models import Membership, User
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.outbox.models import Message
from pellucid.web.portal.consent_words import sentence
from pellucid.web.records.actions import consultations, reviews
from pellucid.web.records.actions.consents import give
from pellucid.web.records.models import Client, Consultation
from pellucid.web.records.questionnaire import Given, asked_of, flat
from pellucid.web.sites import knowledge as sites
from pellucid.web.sites.clock import day
from pellucid.web.sites.models import Location
from pellucid.web.sites.queries import document

INTAKES = Path(__file__).parents[5] / "examples" / "intakes"
GIVEN_ON = date(2026, 11, 20)
"""The day on which all examples were answered; other days are moved with it."""
AGREED = ("terms", "privacy")
NOTES = {
    "en": "Thank you. We have read your answers and agree with what follows from them.",
    "zh-hant": "謝謝你。我們看過了你的回答，也同意下面的結果。",
}


def make_client(told: Mapping[str, Any], location: Location, now: datetime) -> None:
    """One client with their consultation, in the state that ``told`` names; one who is there already stays as is."""
    then = now - timedelta(days=told["days_ago"])
    intake = tomllib.loads((INTAKES / f"{told['intake']}.toml").read_text("utf-8"))
    with transaction.atomic():
        client = _client(told, location, intake, then)
    if not client.consultations.exists():
        with transaction.atomic():
            consultation = _consult(client, told["state"], intake, then)
            _as_if_sent(consultation)


def _client(told: Mapping[str, Any], location: Location, intake: Mapping[str, Any], then: datetime) -> Client:
    email = f"{told['name'].partition(' ')[0].lower()}@example.org"
    found = Client.objects.filter(email=email).first()
    if found is not None:
        return found
    user = User.objects.create_user(email=email, name=told["name"], language=told.get("language", "en"))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    client = Client.objects.create(
        user=user,
        name=user.name,
        email=email,
        language=user.language,
        birth_date=intake.get("person", {}).get("birth_date"),
        location=location,
        practitioner=Membership.objects.filter(role="practitioner", location=location).first(),
        wanted=told["wanted"],
        guardian_name=told.get("guardian", ""),
        guardian_contact="erik@example.org" if "guardian" in told else "",
        guardian_consent_at=then if "guardian" in told else None,
        registered_at=then,
    )
    record(actor=SYSTEM, action="client.registered", subject=f"client.{client.pk}", client=str(client.pk), now=then)
    _agree(client, user.ref, then)
    return client


def _agree(client: Client, actor: str, then: datetime) -> None:
    """Agree to terms and privacy, as everybody does who registers."""
    wordings = {kind: found for kind in AGREED if (found := document(kind, client.language)) is not None}
    with translation.override(client.language):
        words = sentence("agree", wordings)
    for kind, wording in wordings.items():
        give(client=client, kind=kind, document=wording, sentence=words, actor=actor, now=then)


def _consult(client: Client, state: str, intake: Mapping[str, Any], then: datetime) -> Consultation:
    """Answer, hand in and sign as the people themselves would."""
    asker = consultations.Asker(client, client.user.ref if client.user else SYSTEM, then)
    draft = consultations.begin(asker=asker)
    knowledge = sites.current()
    given = _given(intake, day(then, client.location.zone), knowledge)
    draft = consultations.answer(asker=asker, draft=draft.pk, version=draft.version, given=given)
    if state == "draft":
        return draft
    submitted = consultations.submit(asker=asker, draft=draft.pk, version=draft.version)
    if state == "signed":
        _sign(submitted, then + timedelta(hours=3))
    return submitted


def _as_if_sent(consultation: Consultation) -> None:
    """The mails of days that never were are not printed when the server starts."""
    waiting = Message.objects.filter(state="waiting", key__endswith=str(consultation.pk))
    waiting.update(state="sent", sent_at=F("created_at"))


def _sign(consultation: Consultation, then: datetime) -> None:
    client = consultation.client
    signer = client.practitioner or Membership.objects.filter(role="practitioner", location=None).first()
    if signer is not None:
        note = NOTES[client.language]
        version = consultation.version
        reviews.sign(consultation=consultation, version=version, adjustments=[], note=note, by=signer, now=then)


def _given(intake: Mapping[str, Any], today: date, knowledge: Knowledge) -> dict[str, Given]:
    """The answers of an intake file, as they are given screen by screen; what the clinic itself knows is left out."""
    unsure = intake.get("unsure", [])
    answers = flat(intake, knowledge)
    paths = dict.fromkeys([*answers, *(name for name in unsure if asked_of(name, knowledge))])
    return {
        path: Given(_moved(path, answers.get(path), today - GIVEN_ON), _unsure_of(path, unsure, knowledge))
        for path in paths
        if asked_of(path, knowledge)
    }


def _unsure_of(path: str, unsure: list[str], knowledge: Knowledge) -> tuple[str, ...]:
    question = asked_of(path, knowledge)
    names = {path, *(f"{path}.{option}" for option in question.options)} if question else {path}
    return tuple(name for name in unsure if name in names)


def _moved(path: str, value: Any, by: timedelta) -> Any:
    """An answer as JSON holds it, with its days moved; birthdays stay where they are."""
    if isinstance(value, Mapping):
        return {key: _moved(path, each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [_moved(path, each, by) for each in value]
    if isinstance(value, date):
        return (value if path == "person.birth_date" else value + by).isoformat()
    return value
