"""Questions that visitors ask: kept, told to the clinic, answered, and forgotten once they are no longer needed."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from pellucid.model.errors import PellucidError
from pellucid.web.accounts import post
from pellucid.web.accounts.models import User
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.outbox.models import Message
from pellucid.web.records.models import Enquiry
from pellucid.web.sites.models import Clinic
from pellucid.web.sites.queries import clinic

AT_MOST = 3
WITHIN = timedelta(hours=1)
"""So many questions from one address or number in so long."""
KEPT = timedelta(days=180)
"""How long an answered question is kept."""


class TooManyEnquiriesError(PellucidError):
    """The same address asked many times within a short while."""


@transaction.atomic
def ask(*, key: UUID, name: str, contact: str, text: str, language: str, now: datetime) -> Enquiry:
    """Keep a question and tell the clinic; the same form sent twice is one question.

    Args:
        key: of the form that was filled in.
        name: how the visitor wants to be called.
        contact: an e-mail address or a phone number.
        text: the question.
        language: of the page, ``en`` or ``zh-hant``.
        now: when.

    Raises:
        TooManyEnquiriesError: this contact has asked several times just now.
    """
    standing = Enquiry.objects.filter(pk=key).first()
    if standing is not None:
        return standing
    Clinic.objects.select_for_update().first()
    if Enquiry.objects.filter(contact=contact, asked_at__gt=now - WITHIN).count() >= AT_MOST:
        raise TooManyEnquiriesError
    given = {"name": name, "contact": contact, "text": text, "language": language, "asked_at": now}
    made, is_new = Enquiry.objects.get_or_create(pk=key, defaults=given)
    if not is_new:  # the same form, sent twice at the same moment
        return made
    record(actor=SYSTEM, action="enquiry.asked", subject=f"enquiry.{made.pk}", now=now)
    reached = clinic()
    if reached.email:
        post.send(
            "enquiry",
            to=reached.email,
            language=reached.language,
            now=now,
            key=_key(made.pk),
            enquiry=made,
        )
    return made


def _key(enquiry: UUID) -> str:
    """Of the mail that tells a question."""
    return f"enquiry.{enquiry}"


@transaction.atomic
def mark_answered(*, enquiry: Enquiry, by: User, now: datetime) -> None:
    """Note that a question was answered; the first who does so is kept."""
    waiting = Enquiry.objects.filter(pk=enquiry.pk, answered_at=None)
    if waiting.update(answered_at=now, answered_by=by.ref):
        record(actor=by.ref, action="enquiry.answered", subject=f"enquiry.{enquiry.pk}", now=now)


@transaction.atomic
def forget_answered(*, now: datetime) -> int:
    """Delete questions answered long ago, as the privacy text says, and the mails that told them; how many."""
    old = list(Enquiry.objects.filter(answered_at__lt=now - KEPT).values_list("pk", flat=True))
    count = len(old)
    if count:
        Message.objects.filter(key__in=[_key(each) for each in old]).delete()
        Enquiry.objects.filter(pk__in=old).delete()
        record(actor=SYSTEM, action="enquiry.forgotten", subject="enquiry", now=now, count=count)
    return count
