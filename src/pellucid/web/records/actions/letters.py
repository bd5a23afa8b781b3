"""Noting that a letter about a client was made; its words are kept nowhere but on the paper."""

import hashlib
from datetime import datetime

from django.db import transaction

from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.records.models import Consultation


@transaction.atomic
def note_letter(
    *, consultation: Consultation, to: str, language: str, pdf: bytes, by: Membership, now: datetime
) -> None:
    """Leave an event with the hash of the paper, by which it can be told from another one.

    Args:
        consultation: that the letter stands on.
        to: ``physician``, ``dermatologist`` or ``prescriber``.
        language: of the letter.
        pdf: the paper.
        by: who made it.
        now: when.
    """
    record(
        actor=by.user.ref,
        action="letter.made",
        subject=f"consultation.{consultation.pk}",
        client=str(consultation.client_id),
        now=now,
        to=to,
        language=language,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
