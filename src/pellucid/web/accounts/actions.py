"""What changes who may sign in and as what. Each change leaves an event."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from pellucid.model.errors import PellucidError
from pellucid.web.accounts import post
from pellucid.web.accounts.models import Invitation, Membership, Role, User
from pellucid.web.audit.record import record
from pellucid.web.sites.models import Location

INVITATION_LASTS = timedelta(days=7)


class StaffError(PellucidError):
    """A change to the staff that can't be made; the message says why."""


class LastOwnerError(StaffError):
    """Nobody would be left who manages the staff."""


class InvitationError(StaffError):
    """The invitation was used, called back or has run out, or there is none."""


@dataclass(frozen=True, slots=True)
class Position:
    """What one of the staff is.

    Raises:
        StaffError: a practitioner without a licence level, or a level at the front desk.
    """

    role: Role
    level: int | None = None
    location: Location | None = None
    active: bool = True
    shown: bool = True
    title: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that role and level go together."""
        if self.role == Role.PRACTITIONER and self.level is None:
            raise StaffError("a practitioner needs a licence level")
        if self.role == Role.FRONT_DESK and self.level is not None:
            raise StaffError("the front desk has no licence level")


@transaction.atomic
def invite(*, name: str, email: str, position: Position, by: User, now: datetime) -> Invitation:
    """Send somebody a link to join the staff; an earlier invitation to the same address is called back.

    Raises:
        StaffError: they belong to the staff already.
    """
    email = email.strip().lower()
    if Membership.objects.filter(user__email=email, active=True).exists():
        raise StaffError("this address belongs to one of the staff already")
    for earlier in Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None):
        revoke_invitation(invitation=earlier, by=by, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        role=position.role,
        level=position.level,
        location=position.location,
        token_hash=hash_of(token),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    record(
        actor=by.ref,
        action="invitation.sent",
        subject=f"invitation.{invitation.pk}",
        now=now,
        role=position.role,
        level=position.level,
        location=position.location.pk if position.location else None,
    )
    with translation.override(by.language):
        path = reverse("account_invitation", args=[token])
    post.send(
        "invitation",
        to=email,
        language=by.language,
        now=now,
        key=f"invitation.{invitation.pk}",
        useless_after=invitation.expires_at,
        invitation=invitation,
        path=path,
        days=INVITATION_LASTS.days,
    )
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Call an invitation back; again is harmless, and one that was accepted stays."""
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=now)
    if changed:
        record(actor=by.ref, action="invitation.revoked", subject=f"invitation.{invitation.pk}", now=now)


def find_invitation(token: str, *, now: datetime) -> Invitation:
    """The invitation of a link; it holds only while whoever sent it may still invite people.

    Raises:
        InvitationError: there is none that still holds.
    """
    inviter = {"invited_by__membership__role": Role.OWNER, "invited_by__membership__active": True}
    open_ones = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now, **inviter)
    found = open_ones.filter(token_hash=hash_of(token)).select_related("invited_by", "location").first()
    if found is None:
        raise InvitationError("this invitation doesn't hold any more")
    return found


@transaction.atomic
def accept_invitation(*, token: str, now: datetime) -> Membership:
    """Make whoever has the link one of the staff; having it shows that the address is theirs.

    Raises:
        InvitationError: there is none that still holds.
        StaffError: they belong to the staff already.
    """
    invitation = find_invitation(token, now=now)
    still_open = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    claimed = still_open.update(accepted_at=now)
    if not claimed:
        raise InvitationError("this invitation was used already, or called back")
    user = User.objects.select_for_update().filter(email=invitation.email).first()
    if user is None:
        language = invitation.invited_by.language
        user = User.objects.create_user(email=invitation.email, name=invitation.name, language=language)
    if Membership.objects.filter(user=user, active=True).exists():
        raise StaffError("this address belongs to one of the staff already")
    facts = {"role": invitation.role, "level": invitation.level, "location": invitation.location, "active": True}
    membership, _ = Membership.objects.update_or_create(user=user, defaults=facts)
    record(actor=user.ref, action="invitation.accepted", subject=f"invitation.{invitation.pk}", now=now)
    record(
        actor=user.ref, action="membership.begun", subject=f"membership.{membership.pk}", now=now, **_facts(membership)
    )
    return membership


@transaction.atomic
def change_membership(
    *, membership: Membership, position: Position, by: User, now: datetime, reason: str = ""
) -> Membership:
    """Change what one of the staff is; who rests is signed out everywhere.

    Raises:
        LastOwnerError: they are the last owner and would not be one any more.
    """
    owners = Membership.objects.select_for_update().filter(role=Role.OWNER, active=True)
    remaining = {owner.pk for owner in owners} - {membership.pk}
    if not remaining and not (position.role == Role.OWNER and position.active):
        raise LastOwnerError("the last owner stays owner: make somebody else an owner first")
    standing = Membership.objects.select_for_update().select_related("user").get(pk=membership.pk)
    before = _facts(standing)
    standing.role, standing.level, standing.location = position.role, position.level, position.location
    standing.active, standing.shown = position.active, position.shown
    standing.title, standing.about = dict(position.title), dict(position.about)
    standing.save()
    after = _facts(standing)
    if before["active"] and not after["active"]:
        forget_sessions(standing.user)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(
        actor=by.ref,
        action="membership.changed",
        subject=f"membership.{standing.pk}",
        now=now,
        reason=reason,
        changed=changed,
    )
    return standing


@transaction.atomic
def sign_out_everywhere(*, user: User, now: datetime) -> None:
    """End every session of somebody, this one too."""
    forget_sessions(user)
    record(actor=user.ref, action="user.signed_out_everywhere", subject=user.ref, now=now)


def forget_sessions(user: User) -> None:
    """Make every session invalid: a session holds a hash over the unusable password, which is drawn anew here."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def hash_of(token: str) -> str:
    """How a token is kept; it is random and long enough that it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _facts(membership: Membership) -> dict[str, Any]:
    """What the audit trail shows of a membership."""
    return {
        "role": str(membership.role),
        "level": membership.level,
        "location": membership.location_id,
        "active": membership.active,
        "shown": membership.shown,
    }
