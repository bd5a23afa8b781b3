"""Papers that lift a rule, such as a prescriber's letter: entered by a practitioner, withdrawn, never deleted."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from pellucid.web.accounts.models import Membership
from pellucid.web.audit.record import record
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Clearance, Client


@transaction.atomic
def add_clearance(
    *,
    client: Client,
    kind: str,
    scope: Sequence[str],
    given_on: date,
    until: date,
    author: str,
    note: str,
    by: Membership,
    now: datetime,
) -> Clearance:
    """Enter a paper; the same paper sent twice is entered once.

    Args:
        client: whose it is.
        kind: ``physician_letter``, ``prescriber_letter``, ``test_spot`` or ``guardian_consent``.
        scope: rules (``contraindication.gx13_gold``) or treatments that it is about, or ``all``.
        given_on: the day on the paper.
        until: the last day on which it counts.
        author: who wrote it.
        note: anything else about it.
        by: who enters it.
        now: when.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    told = {"kind": kind, "scope": list(scope), "given_on": given_on, "until": until, "by": author}
    same = Clearance.objects.filter(client=client, withdrawn_at=None, **told).first()
    if same is not None:
        return same
    made = Clearance.objects.create(client=client, note=note, recorded_by=by, recorded_at=now, **told)
    record(
        actor=by.user.ref,
        action="clearance.added",
        subject=f"clearance.{made.pk}",
        client=str(client.pk),
        now=now,
        kind=kind,
        scope=list(scope),
        until=until.isoformat(),
    )
    look_again(client.pk, because=f"clearance.{made.pk}", now=now)
    return made


@transaction.atomic
def withdraw_clearance(*, clearance: Clearance, reason: str, by: Membership, now: datetime) -> None:
    """Let a paper count no more; nothing happens where it was withdrawn already."""
    found = Clearance.objects.select_for_update().get(pk=clearance.pk)
    if found.withdrawn_at is not None:
        return
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    record(
        actor=by.user.ref,
        action="clearance.withdrawn",
        subject=f"clearance.{found.pk}",
        client=str(found.client_id),
        reason=reason,
        now=now,
    )
    look_again(found.client_id, because=f"clearance.{found.pk}.withdrawn", now=now)
