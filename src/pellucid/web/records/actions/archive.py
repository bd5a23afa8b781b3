"""Archiving a client who doesn't come any more, and bringing them back. Nothing of the record is deleted."""

from datetime import datetime

from django.db import transaction

from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Client


@transaction.atomic
def archive_client(*, client: Client, reason: str, by: Membership, now: datetime) -> None:
    """Take a client out of the lists; nothing happens where that was done already.

    They can still sign in and read their own record. New consultations are refused until somebody brings them back,
    or until they register again.

    Args:
        client: whom.
        reason: why.
        by: who does it.
        now: when.
    """
    _set(client, now, reason=reason, by=by, now=now)


@transaction.atomic
def restore_client(*, client: Client, reason: str, by: Membership, now: datetime) -> None:
    """Put a client back into the lists; nothing happens where they are there.

    Args:
        client: whom.
        reason: why.
        by: who does it.
        now: when.
    """
    _set(client, None, reason=reason, by=by, now=now)


def _set(client: Client, archived_at: datetime | None, *, reason: str, by: Membership, now: datetime) -> None:
    found = Client.objects.select_for_update().get(pk=client.pk)
    if (found.archived_at is None) == (archived_at is None):
        return
    found.archived_at = archived_at
    found.version += 1
    found.save(update_fields=["archived_at", "version"])
    record(
        actor=by.user.ref,
        action="client.archived" if archived_at else "client.restored",
        subject=f"client.{found.pk}",
        client=str(found.pk),
        reason=reason,
        now=now,
    )
    look_again(found.pk, because=f"client.{found.pk}.{found.version}", now=now)
