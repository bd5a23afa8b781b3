"""Going ahead in spite of a rule that allows it: signed for one client, for a time, and withdrawn, never deleted."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.clinic import ClinicRules, for_clinic
from pellucid.model.errors import ClinicRulesError, Problem
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership, Role
from pellucid.web.audit.record import record
from pellucid.web.records.actions.rescreen import look_again
from pellucid.web.records.models import Client, Override
from pellucid.web.records.queries.consultations import entry_of


@transaction.atomic
def sign_override(
    *,
    client: Client,
    rules: Sequence[str],
    treatments: Sequence[str],
    expires: date,
    reason: str,
    by: Membership,
    knowledge: Knowledge,
    now: datetime,
) -> Override:
    """Sign that rules do not hold for one client until a day; the same one sent twice is signed once.

    Args:
        client: for whom.
        rules: as ``kind.id``; each must allow an override at the level of who signs.
        treatments: only for these; empty means wherever the rules apply.
        expires: the first day on which they hold again.
        reason: in the practitioner's words.
        by: who signs; their level is kept with it.
        knowledge: the clinic's.
        now: when.

    Raises:
        ClinicRulesError: a rule is unknown, set by law, allows no override or asks for a higher level; the day lies
            before the signature; or whoever signs has no licence level.
    """
    if by.role == Role.FRONT_DESK or not by.level:
        raise ClinicRulesError([Problem("signature.level", "only a practitioner with a licence level can override")])
    Client.objects.select_for_update().get(pk=client.pk)
    told = {"rules": sorted(rules), "treatments": sorted(treatments), "expires": expires, "by": by}
    same = Override.objects.filter(client=client, withdrawn_at=None, **told).first()
    if same is not None:
        return same
    made = Override(client=client, level=by.level, reason=reason, signed_at=now, **told)
    for_clinic(knowledge, ClinicRules(overrides=(entry_of(made),)))
    made.save()
    _record(made, "override.signed", by=by, now=now, reason=reason)
    look_again(client.pk, because=f"override.{made.pk}", now=now)
    return made


@transaction.atomic
def withdraw_override(*, override: Override, reason: str, by: Membership, now: datetime) -> None:
    """Let the rules hold again; nothing happens where it was withdrawn already."""
    found = Override.objects.select_for_update().get(pk=override.pk)
    if found.withdrawn_at is not None:
        return
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    _record(found, "override.withdrawn", by=by, now=now, reason=reason)
    look_again(found.client_id, because=f"override.{found.pk}.withdrawn", now=now)


def _record(override: Override, action: str, *, by: Membership, now: datetime, reason: str) -> None:
    record(
        actor=by.user.ref,
        action=action,
        subject=f"override.{override.pk}",
        client=str(override.client_id),
        reason=reason,
        now=now,
        rules=override.rules,
        treatments=override.treatments,
        level=Level(override.level).name,
        expires=override.expires.isoformat(),
    )
