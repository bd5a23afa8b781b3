"""A guardian's consent for somebody under age: asked for by a message with a link, given by a press of a button."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from pellucid.model.errors import PellucidError
from pellucid.web.accounts import post
from pellucid.web.audit.record import record
from pellucid.web.records.actions.consents import give
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Client
from pellucid.web.sites.models import Document

OF_AGE = 18
LINK_LASTS = timedelta(days=60)
SALT = "pellucid.guardian"


class LinkError(PellucidError):
    """The link doesn't hold: it is older than it may be, was changed, or the clinic has another guardian now."""


def ask_guardian(*, client: Client, now: datetime) -> None:
    """Send the guardian a link; call it inside the transaction of what it belongs to. Once for each contact."""
    token = signing.dumps([str(client.pk), client.guardian_contact, int(now.timestamp())], salt=SALT, compress=True)
    with translation.override(client.language):
        path = reverse("portal:guardian", args=[token])
    post.send(
        "guardian",
        to=client.guardian_contact,
        language=client.language,
        now=now,
        key=f"guardian.{client.pk}.{client.version}",
        useless_after=now + LINK_LASTS,
        guardian=client.guardian_name,
        child=client.name,
        path=path,
    )


def client_of(token: str, *, now: datetime) -> Client:
    """Whom a guardian's link is about.

    Raises:
        LinkError: the link doesn't hold.
    """
    try:
        number, contact, at = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as fault:
        raise LinkError("this link doesn't hold") from fault
    if now.timestamp() - at > LINK_LASTS.total_seconds():
        raise LinkError("this link is too old")
    found = Client.objects.filter(pk=number, guardian_contact=contact, archived_at=None).first()
    if found is None:
        raise LinkError("this link doesn't hold any more")
    return found


@transaction.atomic
def agree(*, token: str, document: Document, sentence: str, now: datetime) -> Client:
    """Keep that the guardian agrees; again is harmless.

    Raises:
        LinkError: the link doesn't hold.
    """
    client = Client.objects.select_for_update().get(pk=client_of(token, now=now).pk)
    if client.guardian_consent_at is not None:
        return client
    actor = f"guardian.{client.pk}"
    give(client=client, kind="guardian", document=document, sentence=sentence, actor=actor, now=now, by="guardian")
    client.guardian_consent_at = now
    client.version += 1
    client.save(update_fields=["guardian_consent_at", "version"])
    subject = f"client.{client.pk}"
    record(actor=actor, action="client.guardian_agreed", subject=subject, client=str(client.pk), now=now)
    look_again(client.pk, because=f"guardian.{client.pk}.{client.version}", now=now)
    return client
