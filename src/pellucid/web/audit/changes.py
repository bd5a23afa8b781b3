"""Recording what a change makes different, and telling two who change the same thing at once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pellucid.model.errors import PellucidError
from pellucid.web.audit.record import record

Facts = Mapping[str, Any]


class ChangedSinceError(PellucidError):
    """Somebody else changed this since the page was opened."""


def fingerprint(facts: Facts) -> str:
    """SHA-256 of what can be set of a thing, by which a page knows whether somebody changed it since."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def record_change(
    *,
    noun: str,
    subject: str,
    before: Facts,
    after: Facts,
    base: str,
    by: str,
    now: datetime,
    reason: str = "",
    **detail: Any,
) -> bool:
    """Record what differs, as it was and as it is; call it inside the transaction of the change.

    Args:
        noun: what kind of thing it is; the event is ``<noun>.added`` or ``<noun>.changed``.
        subject: which thing, as the audit trail names it.
        before: what was set; empty for a thing that is new.
        after: what is set now.
        base: ``fingerprint`` of what the page was made from.
        by: who, as the audit trail names them.
        now: when.
        reason: why.
        detail: of which part of the thing.

    Returns:
        Whether anything differs: the same sent twice is recorded once.

    Raises:
        ChangedSinceError: something differs, and it was not made from what stood before.
    """
    changed = [key for key in after if before.get(key) != after[key]] if before else list(after)
    if not changed:
        return False
    if base != fingerprint(before):
        raise ChangedSinceError(f"this {noun} has changed since the page was opened")
    record(
        actor=by,
        action=f"{noun}.changed" if before else f"{noun}.added",
        subject=subject,
        reason=reason,
        now=now,
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed},
        **detail,
    )
    return True
