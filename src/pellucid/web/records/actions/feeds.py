"""A client's private calendar address: made, shown once, and taken back. What it shows is in ``queries.feeds``."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from pellucid.web.accounts.actions import hash_of
from pellucid.web.audit.record import record
from pellucid.web.records.models import Client


@transaction.atomic
def make_feed(*, client: Client, actor: str, now: datetime) -> str:
    """Give a client an address that a calendar can read, and take an earlier one back.

    Only a hash of what makes it private is kept, so the address can be shown this once and never again.

    Args:
        client: whose visits it shows.
        actor: who asks for it, as the audit trail names them.
        now: when.

    Returns:
        The whole address, beginning with ``https://``.
    """
    token = secrets.token_urlsafe(32)
    _keep(client, hash_of(token))
    _record("made", client, actor, now)
    return settings.ORIGIN + reverse("calendar", args=[token])


@transaction.atomic
def revoke_feed(*, client: Client, actor: str, now: datetime) -> None:
    """Take a client's calendar address back: from now on it shows nothing; again is harmless."""
    if _keep(client, ""):
        _record("revoked", client, actor, now)


def _keep(client: Client, token_hash: str) -> int:
    """Keep the hash; how many records that changed."""
    other = Client.objects.filter(pk=client.pk).exclude(calendar_token_hash=token_hash)
    client.calendar_token_hash = token_hash
    return other.update(calendar_token_hash=token_hash)


def _record(what: str, client: Client, actor: str, now: datetime) -> None:
    subject = f"client.{client.pk}"
    record(actor=actor, action=f"calendar.{what}", subject=subject, client=str(client.pk), now=now)
