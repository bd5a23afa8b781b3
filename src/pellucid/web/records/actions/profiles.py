"""Changing what staff know of a client: name, how to reach them, where they go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from pellucid.model.errors import PellucidError
from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.records.actions.consents import end
from pellucid.web.records.actions.guardians import ask_guardian
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Client

CHANGEABLE = (
    "name",
    "email",
    "phone",
    "birth_date",
    "language",
    "location",
    "practitioner",
    "guardian_name",
    "guardian_contact",
)


class ClientChangedError(PellucidError):
    """Somebody else changed the client since the page was opened."""


@transaction.atomic
def change_client(*, client: Client, version: int, fields: Mapping[str, Any], by: Membership, now: datetime) -> Client:
    """Change a client's profile; nothing happens where nothing differs, so sending it twice is harmless.

    What somebody signs in with stays as it is until they confirm another address themselves. Where the guardian is
    reached elsewhere, it may be somebody else: they are asked anew, and until they agree nobody has.

    Args:
        client: whose.
        version: the one that was on the page.
        fields: some of ``CHANGEABLE``.
        by: who changes it.
        now: when.

    Raises:
        ClientChangedError: it was changed since, to something else.
    """
    found = Client.objects.select_for_update().get(pk=client.pk)
    changed = [name for name in CHANGEABLE if name in fields and getattr(found, name) != fields[name]]
    if not changed:
        return found
    if found.version != version:
        raise ClientChangedError("this client was changed since the page was opened")
    for name in changed:
        setattr(found, name, fields[name])
    found.version += 1
    new_guardian = "guardian_contact" in changed
    if new_guardian:
        found.guardian_consent_at = None
    found.save(update_fields=[*changed, "guardian_consent_at", "version"])
    record(
        actor=by.user.ref,
        action="client.changed",
        subject=f"client.{found.pk}",
        client=str(found.pk),
        now=now,
        fields=changed,
    )
    if new_guardian:
        _ask_anew(found, by=by, now=now)
    return found


def _ask_anew(client: Client, *, by: Membership, now: datetime) -> None:
    """End what the guardian before agreed to, and write to the one there is now."""
    end(client=client, kind="guardian", actor=by.user.ref, now=now)
    look_again(client.pk, because=f"client.{client.pk}.{client.version}", now=now)
    if client.guardian_contact:
        ask_guardian(client=client, now=now)
