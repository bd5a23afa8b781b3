"""Writing an event; call it inside the transaction of what it tells of."""

from datetime import datetime
from typing import Any

from pellucid.web.audit.models import Event

SYSTEM = "system"


def record(
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    client: str = "",
    reason: str = "",
    **detail: Any,
) -> Event:
    """Add an event.

    Args:
        actor: ``user.<id>`` (``User.ref``), ``client.<id>`` or ``SYSTEM``.
        action: ``consultation.signed``.
        subject: ``consultation.<id>``.
        now: when.
        client: id of the client concerned.
        reason: in the actor's words, where one is asked for.
        detail: what changed; ids and settings, no names, answers or photos.
    """
    return Event.objects.create(
        at=now, actor=actor, action=action, subject=subject, client=client, reason=reason, detail=detail
    )
