"""Giving and withdrawing consent. A consent is never changed: a newer one ends it, and both stay."""

import hashlib
from datetime import datetime

from django.db import transaction

from pellucid.web.audit.record import record
from pellucid.web.records.models import Client, Consent
from pellucid.web.sites.models import Document

FREE_KINDS = ("photos", "marketing")
"""What a client may give and withdraw at will; without terms and privacy they are no client."""


@transaction.atomic
def give(
    *,
    client: Client,
    kind: str,
    document: Document,
    sentence: str,
    actor: str,
    now: datetime,
    sha256: str = "",
    by: str = "self",
) -> Consent:
    """Keep that somebody agreed; one that holds for the same wording stands and stays.

    Args:
        client: about whom.
        kind: ``terms``, ``privacy``, ``photos``, ``marketing`` or ``guardian``.
        document: the wording.
        sentence: what stood beside the box.
        actor: who agreed, as the audit trail names them.
        now: when the box was ticked.
        sha256: of the text as it was shown, where that was earlier than now.
        by: ``self`` or ``guardian``.
    """
    holding = _holding(client, kind)
    if holding is not None and holding.document_id == document.pk:
        return holding
    if holding is not None:
        holding.withdrawn_at = now
        holding.save(update_fields=["withdrawn_at"])
    made = Consent.objects.create(
        client=client,
        kind=kind,
        document=document,
        wording_sha256=sha256 or hash_of(document),
        sentence=sentence,
        by=by,
        given_at=now,
    )
    _record("consent.given", made, actor, now)
    return made


@transaction.atomic
def withdraw(*, client: Client, kind: str, actor: str, now: datetime) -> None:
    """End a consent; where none holds, nothing happens.

    Raises:
        ValueError: this kind can't be withdrawn by itself.
    """
    if kind not in FREE_KINDS:
        raise ValueError(f"{kind} can't be withdrawn by itself")
    end(client=client, kind=kind, actor=actor, now=now)


@transaction.atomic
def end(*, client: Client, kind: str, actor: str, now: datetime) -> None:
    """End a consent of any kind, as part of what makes it void; where none holds, nothing happens."""
    holding = _holding(client, kind)
    if holding is None:
        return
    holding.withdrawn_at = now
    holding.save(update_fields=["withdrawn_at"])
    _record("consent.withdrawn", holding, actor, now)


def _holding(client: Client, kind: str) -> Consent | None:
    """The consent of a kind that holds. The client is locked: where none holds yet, of two at once one gives it."""
    Client.objects.select_for_update().get(pk=client.pk)
    return Consent.objects.filter(client=client, kind=kind, withdrawn_at=None).first()


def hash_of(document: Document) -> str:
    """SHA-256 over title and text, as they are shown."""
    return hashlib.sha256(f"{document.title}\n\n{document.text}".encode()).hexdigest()


def _record(action: str, consent: Consent, actor: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        subject=f"consent.{consent.pk}",
        client=str(consent.client_id),
        now=now,
        kind=consent.kind,
        document=str(consent.document),
        by=consent.by,
    )
