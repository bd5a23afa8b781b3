"""What allauth does that the audit trail keeps: staff signing in, and second factors coming and going.

Who has just set one up has just shown it: they are not asked for it again before they see their recovery codes. Their
other sessions end with the first one, because nobody showed a second factor there.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest

from pellucid.web.accounts.actions import forget_sessions
from pellucid.web.accounts.backend import SECOND_FACTORS
from pellucid.web.accounts.models import Membership, User
from pellucid.web.audit.record import record
from pellucid.web.sites.clock import now


@receiver(user_logged_in)
def _signed_in(user: User, **_: Any) -> None:
    if Membership.objects.filter(user=user, active=True).exists():
        record(actor=user.ref, action="user.signed_in", subject=user.ref, now=now())


@receiver(authenticator_added)
def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in SECOND_FACTORS:
        factors = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
        if not factors.exclude(pk=authenticator.pk).exists():
            forget_sessions(user)
            update_session_auth_hash(request, user)
        record_authentication(request, user, "mfa", type=str(authenticator.type), reauthenticated=True)
    _changed(user, authenticator, "second_factor.added")


@receiver(authenticator_removed)
def _removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _changed(user, authenticator, "second_factor.removed")


@receiver(authenticator_reset)
def _reset(user: User, authenticator: Authenticator, **_: Any) -> None:
    _changed(user, authenticator, "second_factor.renewed")


def _changed(user: User, authenticator: Authenticator, action: str) -> None:
    record(actor=user.ref, action=action, subject=user.ref, now=now(), type=str(authenticator.type))
