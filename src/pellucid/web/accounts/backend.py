"""Who is signed in, with what every page needs to know of them, in one query."""

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from pellucid.web.accounts.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes alone don't."""


class Backend(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """Allauth's, but a user comes with membership, client record and whether a second factor is set up."""

    def get_user(self, user_id: str) -> User | None:
        """The active user of a session, or None; one query."""
        found = people_with_roles().filter(pk=user_id).first()
        return found if found is not None and found.is_active else None


def people_with_roles() -> "QuerySet[User]":
    """Users with membership, its location, client record and ``has_second_factor``."""
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=SECOND_FACTORS)
    return User.objects.select_related("membership__location", "client__location").annotate(
        has_second_factor=Exists(factor)
    )


def has_second_factor(user: User) -> bool:
    """Whether a second factor is set up; asks the database only where ``Backend`` didn't."""
    known = getattr(user, "has_second_factor", None)
    if known is not None:
        return bool(known)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists())
